"""Names of people in scripts that write vowels as marks, or words without blanks, are kept out of words too."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from chokepoint.model.identity import Entity
from chokepoint.package.redact import WITHHELD, Redactor
from chokepoint.values.name_words import words_in

NAMES = {
    "thai": ("สุดา ใจดี", "คุณสุดาแจ้งว่าโอนเงินแล้ว", "ผู้เสียหายแจ้งว่าโอนเงินแล้ว"),
    "thai surname": ("สุดา วงศ์สวัสดิ์", "ร้านของวงศ์สวัสดิ์ปิดแล้ว", "ร้านค้าปิดแล้ว"),
    "lao": ("ສົມພອນ ວົງສາ", "ທ້າວສົມພອນແຈ້ງວ່າ", "ຕຳຫຼວດແຈ້ງວ່າ"),
    "khmer": ("សុខា ចាន់", "លោកសុខាបានប្រាប់", "ប៉ូលិសបានប្រាប់"),
    "burmese": ("အောင်ကျော် မောင်", "ကိုအောင်ကျော်ပြောသည်", "ရဲကပြောသည်"),
    "chinese": ("欧阳明华", "受害人欧阳明华先生说", "受害人先生说"),
    "japanese": ("山田花子", "被害者の山田花子さんは", "被害者の方は"),
    "korean": ("남궁민수", "피해자 남궁민수는 말했다", "피해자는 말했다"),
    "hindi": ("राहुल शर्मा", "कल राहुल ने कहा", "कल पुलिस ने कहा"),
    "bengali": ("রাহুল সেনগুপ্ত", "কাল রাহুল বলেছেন", "কাল পুলিশ বলেছে"),
    "tamil": ("முருகன் செல்வம்", "நேற்று முருகன் சொன்னார்", "நேற்று காவலர் சொன்னார்"),
    "arabic with vowels": ("مُحَمَّد حسين", "قال مُحَمَّد أمس", "قال الشرطي أمس"),
}


@pytest.mark.parametrize(("name", "naming", "harmless"), NAMES.values(), ids=NAMES.keys())
def test_words_that_hold_a_part_of_a_name_are_withheld_and_others_told(
    name: str, naming: str, harmless: str
) -> None:
    redactor = Redactor({Entity("person", name): "Person 1 (victim)"})
    told = redactor.told(naming)
    assert told == WITHHELD or not any(part in told for part in name.split())
    assert redactor.told(harmless) == harmless


@pytest.mark.parametrize("text", ["an annex to it", "joanna came", "the cannes film"])
def test_a_latin_name_inside_another_word_withholds_nothing(text: str) -> None:
    assert Redactor({Entity("person", "ann lane"): "Person 1"}).told(text) == text


def test_a_vowel_that_is_a_mark_ends_no_word() -> None:
    assert words_in("राहुल शर्मा, สุดา_ใจดี") == ["राहुल", "शर्मा", "สุดา", "ใจดี"]


@pytest.mark.parametrize("name", ["สมชาย ใจดี", "王小明", "Иван Петров", "José Müller"])
@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda name: json.dumps({"who": name}), id="JSON"),
        pytest.param(lambda name: "".join(f"&#{ord(one)};" for one in name), id="a page"),
        pytest.param(lambda name: f"https://forum.example/?q={quote(name)}", id="an address"),
    ],
)
def test_words_that_write_a_name_in_the_letters_of_a_format_are_withheld(name, written):
    said = Redactor({Entity("person", name): "Person abc"})
    assert said.told(f"seen at {written(name)} on Monday") == WITHHELD
    assert said.told(f"seen at {written('nobody')} on Monday") == f"seen at {written('nobody')} on Monday"


@pytest.mark.parametrize(
    "unseen", [pytest.param(one, id=f"U+{ord(one):04X}") for one in "\u00ad\u200b\u200d\u2060\ufeff\u202e"]
)
@pytest.mark.parametrize("name", ["Jane Roe", "สุดา ใจดี", "王小明", "José Müller"])
def test_a_name_is_found_through_characters_that_show_nothing(name, unseen):
    said = Redactor({Entity("person", name.casefold()): "Person abc"})
    parted = f"paid by {unseen.join(name)} on Monday"
    assert said.told(parted) == WITHHELD
    assert said.told(f"paid by no{unseen}body on Monday") == f"paid by no{unseen}body on Monday"
