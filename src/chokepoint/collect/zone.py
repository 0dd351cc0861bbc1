"""Zone files of the DNS (RFC 1035): which name has which addresses, name servers, mail hosts and aliases.

A record accuses nobody: whoever's mail host or name server a name has may be anybody's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.decoding import beginning, decode, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import raw_of, take

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.claim import Provenance

_record = re.compile(
    r"(?P<owner>[^\s;$(]\S*)?[ \t]+(?:(?:\d+[smhdwSMHDW]?|IN|CH|HS)[ \t]+){0,2}"
    r"(?P<type>A|AAAA|NS|MX|CNAME|SOA|TXT|PTR|SRV|CAA|DS|DNSKEY|RRSIG|NSEC3?|TLSA|HINFO|NAPTR|SPF|DNAME)"
    r"[ \t]+(?P<data>[^;]*)",
    re.IGNORECASE,
).match
_policy = re.compile(r"(?im)[ \t]CNAME[ \t]+(?:\.|\*\.|rpz-\S+)[ \t]*(?:;|$)").search
_directive = re.compile(r"\$(ORIGIN|TTL|INCLUDE|GENERATE)\b[ \t]*(\S*)", re.IGNORECASE).match
_named = {
    "A": ("ipv4-addr", "resolves-to"),
    "AAAA": ("ipv6-addr", "resolves-to"),
    "NS": ("domain-name", "name-server"),
    "MX": ("domain-name", "mentioned-with"),
    "CNAME": ("domain-name", "resolves-to"),
    "DNAME": ("domain-name", "resolves-to"),
}
_SHARE = 0.8
OTHER = "record of a zone that names nothing"


class Name(NamedTuple):
    """What relative names end in, and the last name that a record had."""

    origin: str
    owner: str


class Zone:
    """Collector of zone files."""

    name = "dns-zone"

    def recognises(self, document: Document) -> bool:
        """A start of authority or an origin, and few lines that are none; a response policy is a list."""
        if document.head[:1] in (b"<", b"{", b"[") or not is_text(document):
            return False
        text = beginning(document)
        lines = [line for line in _joined(text) if line[1].strip() and not line[1].lstrip().startswith(";")]
        known = [one for one in (_record(line) for _, line in lines) if one]
        starts = any(one["type"].upper() == "SOA" for one in known)
        given = starts or any(_directive(line) for _, line in lines)
        told = sum(bool(_record(line) or _directive(line)) for _, line in lines)
        return given and bool(known) and told >= _SHARE * len(lines) and not _policy(text)

    def read(self, document: Document) -> Iterator[Item]:
        """Each record of a type that names something."""
        return with_derived(_told(document))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; a record in brackets as one, its further lines after it as empty ones."""
    opened, first, parts = 0, 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.partition(";")[0] if opened or "(" in line else line
        first = first if opened else number
        opened = max(0, opened + bare.count("(") - bare.count(")"))
        parts.append(bare)
        if not opened:
            yield first, " ".join(parts)
            yield from ((number, "") for _ in parts[1:])
            parts = []
    if parts:
        yield first, " ".join(parts)


def _told(document: Document) -> Iterator[Item]:
    text, defects = decode(document)
    yield from defects
    source, at = provenance(document), Name("", "")
    left: dict[str, int] = {}
    for number, line in _joined(text):
        if found := _directive(line):
            if found[1].upper() == "ORIGIN":
                at = Name(found[2].rstrip("."), at.owner)
            left[OTHER] = left.get(OTHER, 0) + 1
        elif record := _record(line):
            owner = _whole(record["owner"], at.origin) if record["owner"] else at.owner
            at = Name(at.origin or (owner if record["type"].upper() == "SOA" else ""), owner)
            yield from _of_record(record, at, (source, f"line {number}"))
        else:
            rule = "comment" if line.strip() else "blank line"
            left[rule] = left.get(rule, 0) + 1
    yield from (Skipped(rule, count) for rule, count in left.items())


def _whole(name: str, origin: str) -> str:
    """A name as it is in the whole of the DNS.

    >>> _whole("www", "evil.com"), _whole("@", "evil.com"), _whole("a.net.", "evil.com")
    ('www.evil.com', 'evil.com', 'a.net')
    """
    if name.endswith("."):
        return name.rstrip(".")
    return origin if name == "@" else f"{name}.{origin}".rstrip(".")


def _of_record(record: re.Match[str], at: Name, of: tuple[Provenance, str]) -> Iterator[Item]:
    source, where = of
    kind, link = _named.get(record["type"].upper(), ("", ""))
    data = record["data"].split()
    if not kind or not data:
        yield Skipped(OTHER)
        return
    written = data[-1] if kind.endswith("addr") else _whole(data[-1], at.origin)
    owner = at.owner.removeprefix("*.")
    name, thing = take("domain-name", owner, where), take(kind, written, where)
    if not written:
        yield Skipped(OTHER)
    elif isinstance(name, Rejected) or isinstance(thing, Rejected):
        yield from (one for one in (name, thing) if isinstance(one, Rejected))
    elif name != thing:
        say = Sentences(source, where)
        yield say.say(name, link, thing, raw_of(name, record["owner"] or ""))
        if record["type"].upper() == "MX":
            yield say.say(name, "attribute", f"mail host: {written}")
    else:
        yield Skipped(OTHER)
