"""The text made whole with a way back, its headings and what they say, and the words that call things bad or official."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values.defang import refang
from chokepoint.values.text import scan
from chokepoint.values.text.cues import cues_of, is_own_voice
from chokepoint.values.text.sections import CONTEXT, INDICATOR, heading_role, headings
from chokepoint.values.text.view import View
from chokepoint.values.text.words import words

hostile = st.text(alphabet="ab.@[](){}:/\\ \n\t,;|\u200b\u0301ｅ．éหไ日。hxpt&#4;", max_size=80)


@given(hostile)
def test_the_whole_text_is_the_refanged_text_of_equal_cells(text):
    view = View(text)
    assert view.text.replace("\t", ",").replace(";", ",") == refang(text).replace("\t", ",").replace(";", ",")
    assert len(view.low) == len(view.text)


@given(hostile)
def test_every_character_leads_back_into_the_original_in_order(text):
    view = View(text)
    places = [view.origin(at) for at in range(len(view.text) + 1)]
    assert places == sorted(places)
    assert not places or (places[0] >= 0 and places[-1] <= len(text))


@given(hostile)
def test_lines_and_their_spans_cover_the_text_once(text):
    view = View(text)
    spans = [view.line_span(line) for line in range(len(view.lines))]
    assert "\n".join(view.text[start:end] for start, end in spans) == view.text
    for at in range(len(view.text)):
        first, last = view.line_span(view.line_of(at))
        assert first <= at <= last


@given(hostile, st.integers(0, 80), st.integers(0, 30))
def test_what_stands_before_and_after_stays_on_the_line_and_within_reach(text, offset, reach):
    view = View(text)
    at = min(offset, len(view.text))
    before, after = view.before(at, reach), view.after(at, reach)
    assert len(before) <= reach
    assert len(after) <= reach
    assert "\n" not in before + after
    assert view.low[:at].endswith(before)
    assert view.low[at:].startswith(after)


def test_what_introduces_the_first_thing_on_a_line_is_the_line_above():
    view = View("Telefon\n  0511 9873\nx 1234")
    assert view.introduction(10, 20) == "telefon "
    assert view.introduction(22, 20) == "x "
    assert view.introduction(0, 20) == ""


@pytest.mark.parametrize(
    ("text", "defanged"),
    [
        ("evil[.]com", True),
        ("evil.com", False),
        ("hxxp://evil.com", True),
        ("ev\u200bil.com", False),
        ("evil\\.com", False),
        ("a@b.com", False),
        ("bob[at]evil.com", True),
    ],
)
def test_what_its_writer_made_harmless_is_known_and_innocent_habits_are_not(text, defanged):
    view = View(text)
    assert view.any_defanged is defanged
    assert view.defanged(0, len(view.text)) is defanged


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("## Indicators of compromise", INDICATOR),
        ("## IOCs", None),
        ("# Phishing domains", INDICATOR),
        ("== Fake shops ==", INDICATOR),
        ("**Official contacts**", CONTEXT),
        ("## References", CONTEXT),
        ("## Gefälschte Seiten", INDICATOR),
        ("## Weitere Informationen", CONTEXT),
        ("## Sites frauduleux", INDICATOR),
        ("## Pour toute question", CONTEXT),
        ("## Sitios falsos", INDICATOR),
        ("## Fuentes", CONTEXT),
        ("## 偽サイト", INDICATOR),
        ("## お問い合わせ", CONTEXT),
        ("## เว็บปลอม", INDICATOR),
        ("## สอบถามเพิ่มเติม", CONTEXT),
        ("## Sahte siteler", INDICATOR),
        ("## İletişim", None),
        ("## Zusammenfassung", None),
    ],
)
def test_the_words_of_a_heading_say_what_stands_below(heading, role):
    text = heading.replace("İ", "i").lower()
    if role is None:
        assert heading_role(text) is None or heading_role(text).name in {INDICATOR, CONTEXT}
        return
    found = heading_role(text)
    assert found.name == role
    assert "stands under" in found.reason


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# One\ntext\n\n## Two\nmore", [0, 3]),
        ("One:\n- a\n- b\n\nplain text goes on and ends here.", [0]),
        ("**Bold**\ntext", [0]),
        ("text\n\nA short title\n\ntext goes on and on.", [2]),
        ("only prose that runs on and on and ends with a stop.", []),
        ("", []),
    ],
    ids=["markdown", "colon", "bold", "title", "prose", "empty"],
)
def test_lines_that_head_a_section_are_found(text, lines):
    assert [one.line for one in headings(View(text), [])] == lines


def test_a_heading_with_an_identifier_in_it_heads_nothing():
    text = "# evil.com\nother.com"
    starts = [one.start for one in scan(text)]
    assert headings(View(text), starts) == []


def test_a_colon_heads_its_paragraph_and_a_mark_all_below():
    unmarked, marked = (headings(View(text), [])[0] for text in ("Fake:\na\nb\n\nc", "# Fake\na\nb\n\nc"))
    assert (unmarked.until, unmarked.marked) == (3, False)
    assert (marked.until, marked.marked) == (5, True)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("## Phishing\n- evil.com\n- bad.com\n\n## Official\n- bank.com", [INDICATOR, INDICATOR, CONTEXT]),
        ("Fake sites:\nevil.com\n\nReal sites:\nbank.com", [INDICATOR, CONTEXT]),
        ("Malware.\n\n## References\n- https://blog-house.org/post", [CONTEXT]),
        ("## References\nevil[.]com", [INDICATOR]),
        ("## References\n" + "ab12cd34" * 8, [INDICATOR]),
    ],
    ids=["two", "colons", "references", "defanged-there", "digest-there"],
)
def test_a_section_says_what_its_items_are(text, roles):
    assert [one.role for one in scan(text)] == roles


def test_words_that_call_things_bad_or_official_stand_where_they_stand():
    view = View("The fake site and the official hotline")
    found = cues_of(view, [])
    assert [(cue.role, cue.words) for cue in found] == [
        (INDICATOR, "fake"),
        (CONTEXT, "official"),
        (CONTEXT, "hotline"),
    ]
    assert all(view.low[cue.start : cue.end] == cue.words for cue in found)


def test_a_word_inside_an_identifier_says_nothing():
    text = "fake-official.com"
    view = View(text)
    from chokepoint.values.text.candidate import Taken  # noqa: PLC0415 - the same
    from chokepoint.values.text.network import find  # noqa: PLC0415 - its candidates alone

    assert cues_of(view, list(find(view, Taken(len(text))))) == []


@pytest.mark.parametrize("mark", ['"{}"', "„{}“", "«{}»", "「{}」", "“{}”"])
def test_official_in_quotation_marks_is_a_sham_and_bad_words_stay_bad(mark):
    assert cues_of(View(f"the {mark.format('official')} page"), []) == []
    assert [cue.role for cue in cues_of(View(f"the {mark.format('fake')} page"), [])] == [INDICATOR]


NOTE = "All of your files are encrypted. Your network was breached. To recover your files contact us. Use Tor Browser."


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (NOTE, True),
        (
            NOTE
            + " According to researchers, the ransom note of the group names victims. Analysis of the campaign follows in this report.",
            False,
        ),
        ("Contact us for a quote.", False),
        ("", False),
        ("Vos fichiers sont chiffrés. encrypted. decrypt. tor browser", True),
    ],
    ids=["note", "report-of-one", "shop", "empty", "french"],
)
def test_a_ransom_note_is_told_from_a_report_of_one(text, own):
    assert is_own_voice(View(text)) is own


def test_whatever_a_ransom_note_names_is_the_criminals():
    found = scan(f"{NOTE} Write to support@evil-help.com or t.me/evil_help.")
    assert {one.role for one in found} == {INDICATOR}


@pytest.mark.parametrize(
    "name", ["bad", "official", "institution", "closing", "warner", "topic", "victim", "imitation"]
)
def test_a_list_of_words_is_in_lower_case_and_holds_none_twice(name):
    listed = words("cue", name)
    assert all(word == word.replace("İ", "i").lower() for word in listed)
    doubles = {word for word in listed if listed.count(word) > 1}
    assert len(doubles) <= len(listed) // 10
