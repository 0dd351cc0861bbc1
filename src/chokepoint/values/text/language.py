"""Which of seven languages a text is in, by script and commonest words; and whose phones it writes."""

from __future__ import annotations

import re
from collections import Counter

from chokepoint.values.text.words import fold, words

_SAMPLE = 20_000
_word = re.compile(r"[^\W\d_]+")
_thai = re.compile("[\u0e00-\u0e7f]")
_kana = re.compile("[\u3040-\u30ff]")
_LATIN = ("en", "de", "fr", "es", "tr")
_LETTERS = {"de": "äöüß", "fr": "èêçàùœ", "es": "ñáíóú¿¡", "tr": "ığşİ"}
_REGIONS = {"th": "TH", "ja": "JP", "de": "DE", "fr": "FR", "es": "ES", "tr": "TR"}
_PLACES = (
    (
        "GB",
        (
            "united kingdom",
            "britain",
            "british",
            "action fraud",
            "england",
            "scotland",
            " uk ",
            "london",
            ".co.uk",
            "£",
        ),
    ),
    ("US", ("united states", "u.s.", " fbi", "american", "ic3", "washington", "new york")),
    ("TH", ("thailand", "thai ", "bangkok", ".go.th", "baht")),
    ("AU", ("australia", "scamwatch")),
    ("DE", ("germany", "german ")),
    ("FR", ("france", "french ")),
    ("JP", ("japan", "tokyo")),
    ("TR", ("turkey", "türkiye", "istanbul")),
    ("ES", ("spain", "madrid")),
    ("IN", ("india", "mumbai", "delhi")),
    ("SG", ("singapore",)),
    ("AT", ("österreich", "wien ", ".gv.at")),
    ("CH", ("schweiz", "suisse", "zürich", "admin.ch")),
    ("MX", ("méxico", "mexico")),
)


def guess(text: str) -> str:
    """`th`, `ja`, `de`, `fr`, `es`, `tr` or `en`; `en` where nothing speaks for another."""
    sample = text[:_SAMPLE]
    letters = max(1, len(_word.findall(sample)))
    if len(_thai.findall(sample)) > letters // 4:
        return "th"
    if len(_kana.findall(sample)) > letters // 4:
        return "ja"
    counts = Counter(_word.findall(fold(sample)))
    scores = {name: float(sum(counts[word] for word in words("language", name))) for name in _LATIN}
    for name, letters_of in _LETTERS.items():
        scores[name] += sum(sample.count(letter) for letter in letters_of) / 3
    best = max(_LATIN, key=lambda name: scores[name])
    return best if scores[best] else "en"


def regions(text: str, language: str) -> tuple[str, ...]:
    """Countries (alpha-2) whose national phone numbers the text may hold, likeliest first."""
    low = fold(text[:_SAMPLE])
    named = [(sum(low.count(word) for word in places), region) for region, places in _PLACES]
    mentioned = [region for count, region in sorted(named, key=lambda pair: -pair[0]) if count]
    if language in _REGIONS:
        own = _REGIONS[language]
        same_language = {"DE": ("AT", "CH"), "ES": ("MX",), "FR": ("CH",)}.get(own, ())
        return tuple(dict.fromkeys([own, *(region for region in mentioned if region in same_language)]))
    return tuple(dict.fromkeys([*mentioned, "US", "GB"]))
