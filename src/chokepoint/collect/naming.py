"""What a file's or folder's name tells: the campaign, malware or group that its content is about."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from chokepoint.collect.taking import named
from chokepoint.values.names import generic
from chokepoint.values.tables import table

if TYPE_CHECKING:
    from chokepoint.collect.base import Document
    from chokepoint.model.identity import Entity

_extension = re.compile(
    r"\.(?:gz|bz2|xz|txtt?|text|csv|tsv|json|jsonl|ya?ml|xlsx?|ods|docx|odt|mtgx|md|adoc|asciidoc|html?|hta|pdf|xml|log|list|lst|dat|xt"
    r"|ioc|iocs|rst|conf|rules)$",
    re.IGNORECASE,
)
_date = re.compile(
    r"(?<!\d)(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?(?!\d)(?:[-_]thru[-_]\d{1,2})?"
)
_uuid = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_filler = re.compile(
    r"(?<![a-z0-9])(?:cta|iocs?|indicators?(?:[-_ ]of[-_ ]compromise)?|updated|final|latest|ta|feed|blocklist"
    r"|block[-_ ]?list|misp|event|stix2?|note|v\d+)(?![a-z0-9])",
    re.IGNORECASE,
)
_apt = re.compile(
    r"(?:apt|unc|ta|fin|uac|dev|storm|g)[-_ ]?[a-z]?[-_ ]?\d+|.*[-_ ](?:group|team|gang|apt)|apt[-_ ].+",
    re.IGNORECASE,
).fullmatch
_counter = re.compile(r"-\d{1,2}$|\s?\(\d{1,3}\)$")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(str(table("naming", "collect")[name]).split())


def stem(name: str) -> str:
    """A file's name without its extensions.

    >>> stem("ameli_cta_20221118_iocs.csv.gz")
    'ameli_cta_20221118_iocs'
    """
    bare = name
    while (cut := _extension.sub("", bare)) != bare and cut:
        bare = cut
    return bare


def told(name: str) -> str:
    """What a file or folder name tells, without extension, date and words like `iocs`; empty if nothing.

    >>> told("decoy_dog_cta_20230420_iocs.csv"), told("updated_iocs.csv"), told("2024-02-14-Danabot.json")
    ('decoy dog', '', 'Danabot')
    """
    bare = unicodedata.normalize("NFC", stem(name))
    bare = _uuid.sub(" ", bare)
    bare = _date.sub(" ", bare)
    bare = _filler.sub(" ", bare.replace("_", " "))
    bare = " ".join(bare.split()).strip(" -.,;#()[]")
    head, _, last = bare.rpartition(" ")
    if head and last.lower() in _words("plurals"):
        bare = head
    return "" if untelling(bare) else bare


def untelling(text: str) -> bool:
    """Whether a name is too common, short or numeric to stand for one campaign, malware or group."""
    entity = named("campaign", text) if text else None
    if entity is None:
        return True
    words = [word for word in entity.value.split() if not word.isdigit()]
    return not words or all(_common(word) for word in words) or generic(" ".join(words))


def _common(word: str) -> bool:
    return word in _words("untelling") or word.rstrip("0123456789") in _words("untelling")


def everyday(text: str) -> bool:
    """Whether a folder's name is one of those that people give to any folder (`downloads`, `case 12`)."""
    entity = named("campaign", text) if text else None
    words = [] if entity is None else [word for word in entity.value.split() if not word.isdigit()]
    return all(map(_common, words))


def telling_part(document: Document) -> str:
    """The name told by the file, or else by the nearest folder that tells one; empty if none does."""
    *folders, name = document.parts
    for part in (name, *reversed(folders[-2:])):
        found = told(part)
        if found:
            return found
    return ""


def subject(text: str, default: str = "campaign") -> Entity | None:
    """The entity that a telling name stands for: a group where written like one, else of the given kind.

    >>> subject("apt_28").kind, subject("decoy dog").kind
    ('group', 'campaign')
    """
    if not text:
        return None
    kind = "group" if _apt(text.strip()) else default
    return named(kind, text)


def without_counter(text: str) -> str:
    """A name without the figure that tells the parts of one list apart (`cobaltstrike-2`)."""
    return _counter.sub("", text) or text
