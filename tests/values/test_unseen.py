"""What hides is spelt out, and what a script or an emoji needs to be written is left as people write it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values.showing import show_name
from chokepoint.values.unseen import HIGHEST, visible

SIGNS = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters (Cf) that are drawn: signs around Arabic, Syriac and Kaithi numbers."""
IGNORED = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Default_Ignorable_Code_Point of Unicode (DerivedCoreProperties.txt)."""
NAMES = {
    "Arabic": "محمد عبد الله",
    "Arabic with vowels": "مُحَمَّدٌ",
    "Persian with a joiner": "می\u200cخواهم",
    "Hebrew with points": "שָׁלוֹם",
    "Thai": "สมศักดิ์ น้ำใจ",
    "Cyrillic": "Сергей Сорос",
    "Greek": "Νίκος Παπαδόπουλος",
    "Devanagari with a joiner": "क\u094d\u200dष",
    "Sinhala with a joiner": "ශ\u0dca\u200dරී ලංකා",
    "Vietnamese taken apart": unicodedata.normalize("NFD", "Nguyễn Văn Lộc"),
    "Japanese with a variant": "葛\U000e0100城",
    "Korean": "김철수",
    "Latin with accents": "Søren Müller-Łukasz",
    "a family": "👨\u200d👩\u200d👧",
    "a red heart": "❤\ufe0f",
    "a key cap": "1\ufe0f\u20e3",
}


class TestSpelt:
    def test_all_control_format_and_half_characters_are(self):
        unseen = [
            chr(code)
            for code in range(0x110000)
            if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and chr(code) not in SIGNS
        ]
        assert [f"{ord(one):X}" for one in unseen if visible(one) == one] == []

    @pytest.mark.parametrize(("first", "last"), IGNORED, ids=[f"U+{first:04X}" for first, _ in IGNORED])
    def test_whatever_unicode_ignores_by_default_is(self, first: int, last: int):
        told = [visible(f"a{chr(code)}b") for code in range(first, last + 1)]
        assert told == [f"a<U+{code:04X}>b" for code in range(first, last + 1)]

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            pytest.param("pay\u200cpal", "pay<U+200C>pal", id="a joiner between Latin letters"),
            pytest.param("\u200dа", "<U+200D>а", id="a joiner that joins nothing"),
            pytest.param("م\u200cx", "م<U+200C>x", id="a joiner after Arabic and before Latin"),
            pytest.param("a\ufe0f", "a<U+FE0F>", id="a variant of a letter that has none"),
            pytest.param("1\ufe0f", "1<U+FE0F>", id="a key cap without a cap"),
            pytest.param("a\U000e0100", "a<U+E0100>", id="a Chinese variant of a Latin letter"),
            pytest.param("👨\u200d", "👨<U+200D>", id="a family of one"),
            pytest.param("\u2800\u3164\U0001d159", "<U+2800><U+3164><U+1D159>", id="letters that are blank"),
            pytest.param("\ufdd0", "<U+FDD0>", id="no character"),
            pytest.param("e" + "\u0301" * 6, "e" + "\u0301" * 4 + "<U+0301><U+0301>", id="a pile of accents"),
            pytest.param("ก" + "\u0e49" * 5, "ก" + "\u0e49" * 4 + "<U+0E49>", id="a pile of Thai tones"),
        ],
    )
    def test_what_deceives_is(self, text: str, shown: str):
        assert visible(text) == shown


class TestLeft:
    @pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
    def test_a_name_in_its_script_is_not_marked(self, name: str):
        assert visible(name) == name
        assert show_name(name) == name

    @given(st.text(st.characters(categories=("L", "Nd", "P", "S", "Zs")), max_size=40))
    def test_letters_digits_and_signs_of_all_scripts_are(self, text: str):
        blank = "\u115f\u1160\u3164\uffa0\u2800"
        assert visible(text) == text or any(one in text for one in blank)

    @given(st.text(max_size=60))
    def test_spelling_twice_changes_nothing_more(self, text: str):
        assert visible(visible(text)) == visible(text)

    @given(st.text("a\u0300\u0301\u0e49\u064b", max_size=60))
    def test_no_letter_keeps_more_marks_than_a_script_needs(self, text: str):
        high = 0
        for one in visible(text):
            high = high + 1 if unicodedata.category(one) == "Mn" else 0
            assert high <= HIGHEST


class TestLookAlikes:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            pytest.param("p\u0430ypal", "p<U+0430>ypal", id="Cyrillic a"),
            pytest.param("g\u03bf\u03bfgle", "g<U+03BF><U+03BF>gle", id="Greek o"),
            pytest.param("\u13e2eb", "<U+13E2>eb", id="Cherokee"),
            pytest.param("\u0562ank", "<U+0562>ank", id="Armenian"),
            pytest.param(
                "ba\u0436k", "ba<U+0436>k", id="a Cyrillic letter that is like none, among Latin ones"
            ),
            pytest.param("Банк bank", "Банк bank", id="two words of two scripts"),
            pytest.param("Müller", "Müller", id="Latin letters with accents"),
            pytest.param("LINEไทย", "LINEไทย", id="Thai beside Latin passes for nothing"),
        ],
    )
    def test_letters_that_pass_for_latin_ones_are_spelt_in_a_latin_word(self, name: str, shown: str):
        assert show_name(name) == shown
