"""What a file's or folder's name tells: the campaign, malware or group that its content is about."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from chokepoint.collect.taking import named
from chokepoint.values.names import generic, parse_name

if TYPE_CHECKING:
    from chokepoint.collect.base import Document
    from chokepoint.model.identity import Entity

_extension = re.compile(
    r"\.(?:gz|bz2|xz|txtt?|text|csv|tsv|json|jsonl|ya?ml|xlsx?|ods|md|adoc|asciidoc|html?|hta|pdf|xml|log|list|lst|dat|xt"
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
_apt = re.compile(r"(?:apt|unc|ta|fin|uac|dev|storm|g)[-_ ]?[a-z]?[-_ ]?\d+|.*[-_ ](?:group|team|gang|apt)|apt[-_ ].+", re.I).fullmatch
_counter = re.compile(r"[-_ (]+\d{1,3}\)?$")

_UNTELLING = frozenset(
    """readme index list lists data domain domains url urls ip ips ipv4 ipv6 hash hashes sha256 sha1 md5 file files sample
    samples table tables sheet sheet1 book1 export output input upload uploads download downloads report reports text txt
    csv json html md misc note notes ransom ransomnote ransomnotes new old tmp temp test tests example examples document
    documents archive indicators indicator iocs ioc network hosts host emails email addresses address wallets wallet panels
    panel compromised hacked website websites sites site incident incidents case cases evidence paste clipboard stdin
    content contents folder untitled copy part page pages message messages result results dump log logs src out corpus
    desktop home user tmp0 work shared unknown other various mixed all full complete daily weekly latest trails trail static
    malware malicious suspicious campaign campaigns threat threats intel feed feeds blocklist blacklist denylist
    quarterly weekly monthly bad good known entities entity claims sources source""".split()
)


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
    """What a file or folder name tells, without extension, date, counters and words like `iocs`; empty if nothing.

    >>> told("decoy_dog_cta_20230420_iocs.csv"), told("updated_iocs.csv"), told("2024-02-14-Danabot.json")
    ('decoy dog', '', 'Danabot')
    """
    bare = unicodedata.normalize("NFC", stem(name))
    bare = _uuid.sub(" ", bare)
    bare = _date.sub(" ", bare)
    bare = _filler.sub(" ", bare.replace("_", " "))
    bare = " ".join(bare.split()).strip(" -.,;#()[]")
    return "" if untelling(bare) else bare


def untelling(text: str) -> bool:
    """Whether a name is too common, short or numeric to stand for one campaign, malware or group."""
    entity = named("campaign", text) if text else None
    if entity is None:
        return True
    words = [word for word in entity.value.split() if not word.isdigit()]
    return not words or all(word in _UNTELLING for word in words) or generic(" ".join(words))


def everyday(text: str) -> bool:
    """Whether a folder's name is one of those that people give to any folder (`downloads`, `case 12`)."""
    entity = named("campaign", text) if text else None
    words = [] if entity is None else [word for word in entity.value.split() if not word.isdigit()]
    return all(word in _UNTELLING for word in words)


def telling_part(document: Document) -> str:
    """The name told by the file, or else by the nearest folder that tells one; empty if none does."""
    *folders, name = document.path.replace("!", "/").split("/")
    for part in (name, *reversed(folders[-2:])):
        found = told(part)
        if found:
            return found
    return ""


def subject(text: str, default: str = "campaign") -> Entity | None:
    """The entity that a telling name stands for: a group where it is written like one, else of the given kind.

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


def same_name(left: str, right: str) -> bool:
    """Whether two texts are one name in normal form."""
    return parse_name(left) == parse_name(right)
