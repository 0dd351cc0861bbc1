"""Which of seven languages a text is in, by script and commonest words; and whose phones it writes."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from chokepoint.values.tables import table
from chokepoint.values.text.words import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_SAMPLE = 20_000
_word = re.compile(r"[^\W\d_]+")
_thai = re.compile("[\u0e00-\u0e7f]")
_kana = re.compile("[\u3040-\u30ff]")
_foreign = re.compile("[\u0370-\u08ff\u0900-\u0dff\u0e80-\u0fff\u1100-\u11ff\u3400-\u9fff\uac00-\ud7af]")
_LATIN = ("en", "de", "fr", "es", "tr")
_LETTERS = {"de": "äöüß", "fr": "èêçàùœ", "es": "ñáíóú¿¡", "tr": "ığşİ"}
_REGIONS = {"th": "TH", "ja": "JP", "de": "DE", "fr": "FR", "es": "ES", "tr": "TR"}
_OWN_LANGUAGE = 2
_MOST_REGIONS = 5
_ending = re.compile(
    r"\.(?:gov|go|gob|gouv|co|com|or|ac|org|net|nic|admin)\.(?P<under>[a-z]{2})(?![\w-]|\.\w)"
    r"|(?<=[a-z0-9])\.(?P<plain>[a-z]{2})(?![\w-]|\.\w)"
)
_ENDING_REGIONS = {"uk": "GB"}

_calling = re.compile(r"\+ ?([1-9][0-9 ]{1,3})(?=[0-9 ().-]{5})")


def guess(text: str) -> str:
    """`th`, `ja`, `de`, `fr`, `es`, `tr` or `en`; `en` where nothing speaks for another.

    A text of which a fifth is in a script of none of these, Cyrillic or Arabic, is none of them.
    """
    sample = text[:_SAMPLE]
    letters = max(1, len(_word.findall(sample)))
    if len(_thai.findall(sample)) > letters // 4:
        return "th"
    if len(_kana.findall(sample)) > letters // 4:
        return "ja"
    foreign = len(_foreign.findall(sample))
    if foreign and foreign * 5 > sum(map(str.isalpha, sample)):
        return "en"
    counts = Counter(_word.findall(fold(sample)))
    scores = {name: float(sum(counts[word] for word in words("language", name))) for name in _LATIN}
    for name, letters_of in _LETTERS.items():
        scores[name] += sum(sample.count(letter) for letter in letters_of) / 3
    best = max(_LATIN, key=lambda name: scores[name])
    return best if scores[best] else "en"


def regions(text: str, language: str) -> tuple[str, ...]:
    """Countries (alpha-2) whose national phone numbers the text may hold, likeliest first.

    Evidence are the language, names of places, endings of hosts, and calling codes that the text writes.
    """
    sample = fold(text[:_SAMPLE])
    score: Counter[str] = Counter()
    for region, places in table("text/words")["place"].items():
        score[region] += sum(sample.count(word) for word in places)
    for found in _ending.finditer(sample):
        label = found["under"] or found["plain"]
        if found["under"] or label not in words("ending", "anybodys"):
            score[_ENDING_REGIONS.get(label, label.upper())] += 2 if found["under"] else 1
    score.update(_called(sample))
    own = _REGIONS.get(language)
    if own:
        score[own] += _OWN_LANGUAGE
    ranked = [region for region, count in score.most_common(_MOST_REGIONS) if count > 0]
    return tuple(dict.fromkeys([*ranked, *([own] if own else ["US", "GB"])]))


def _called(sample: str) -> Iterator[str]:
    """The country of each calling code in the text."""
    codes = [found[1].replace(" ", "") for found in _calling.finditer(sample)]
    if codes:
        import phonenumbers  # noqa: PLC0415 - slow to load, and only phone numbers need it

        for digits in codes:
            lengths = (length for length in (1, 2, 3) if int(digits[:length]) in _code_table(phonenumbers))
            length = next(lengths, 0)
            if length:
                yield _code_table(phonenumbers)[int(digits[:length])][0]


def _code_table(library: ModuleType) -> dict[int, tuple[str, ...]]:
    table: dict[int, tuple[str, ...]] = library.COUNTRY_CODE_TO_REGION_CODE
    return table
