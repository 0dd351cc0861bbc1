"""What a registry says of a domain, as WHOIS prints it (RFC 3912): registrar and help desks are no criminals.

Of the registrant, only what is no name of a person is taken, and never what a privacy service stands in for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.dates import read_day
from chokepoint.collect.decoding import beginning, decode, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import take
from chokepoint.model.claim import between, on_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chokepoint.model.identity import Entity

_field = re.compile(r"^\s*+([A-Za-z][A-Za-z0-9 /_.'()-]{1,60}?)\.*+:[ \t]*+(.*)$")
_domain = re.compile(
    r"^[ \t]*+(?:domain(?: name)?|domain_name)\.*+:[ \t]*+(\S{1,300}\.\S{1,64})[ \t\r]*+$",
    re.IGNORECASE | re.MULTILINE,
)
_others = re.compile(
    r"^[ \t]*+(?:registrar|registry expiry date|creation date|created|name ?servers?|nserver|domain status)\b"
    r"[^\n:]{0,30}:",
    re.IGNORECASE | re.MULTILINE,
)
_hidden = re.compile(
    r"redacted|privacy|proxy|whoisguard|protected|not disclosed|withheld|select request", re.IGNORECASE
).search
_asked = re.compile(
    r"[> ]*+(?:last update of (?:the )?whois database|record last updated on): *+(\S{8,40})", re.IGNORECASE
).match
"""How a record ends that says when it was true."""
_SERVERS = frozenset({"name server", "name servers", "nserver", "nameserver", "nameservers"})
_CREATED = frozenset({"creation date", "created", "created on", "registered on", "registration time"})
_CONTACTS = {"registrant email": "email-addr", "registrant phone": "phone-number"}
_KEPT = frozenset(
    {"registrar", "registrar iana id", "registry expiry date", "expiration date", "domain status", "dnssec"}
    | {"registrant country", "registrant organization", "registry domain id", "status"}
)


class Field(NamedTuple):
    """A line of the record: its number, its name in lower case, its value."""

    line: int
    name: str
    value: str


class Whois:
    """Collector of WHOIS records."""

    name = "whois"

    def recognises(self, document: Document) -> bool:
        """A line that names the domain, and two at least that only registries write."""
        if not is_text(document):
            return False
        text = beginning(document, 16_000)
        return bool(_domain.search(text)) and len(_others.findall(text)) > 1

    def read(self, document: Document) -> Iterator[Item]:
        """What each record says of its domain."""
        return with_derived(_told(document))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _told(document: Document) -> Iterator[Item]:
    text, broken = decode(document)
    yield from broken
    record: list[Field] = []
    asked: date | None = None
    blank = other = 0
    for number, line in enumerate(text.split("\n"), 1):
        if told := _asked(line[:200]):
            asked = _day(told[1])
        found = _field.match(line) if len(line) < 2000 else None
        if found is None or not found[2].strip():
            blank, other = blank + (not line.strip()), other + bool(line.strip())
            continue
        field = Field(number, found[1].strip().casefold(), found[2].strip())
        if _domain.match(line) and any(_domain.match(f"{one.name}: {one.value}") for one in record):
            yield from _record(document, record, asked)
            record, asked = [], None
        record.append(field)
    yield from _record(document, record, asked)
    if other:
        yield Skipped("text without an indicator", other)
    if blank:
        yield Skipped("blank line", blank)


def _record(document: Document, record: list[Field], asked: date | None) -> Iterator[Item]:
    """The claims of one record, as it was on the day when the registry was asked; none without its domain."""
    named = next((one for one in record if _domain.match(f"{one.name}: {one.value}")), None)
    if named is None:
        yield from [Skipped("text without an indicator", len(record))] if record else []
        return
    domain = take("domain-name", named.value, f"line {named.line}")
    if isinstance(domain, Rejected):
        yield domain
        return
    observed, beside = on_day(asked) if asked else None, 0
    for one in record:
        since = _day(one.value) if one.name in _CREATED else None
        say = Sentences(provenance(document), f"line {one.line}", between(since, None) if since else observed)
        items = list(_field_told(one, domain, say))
        beside += not items and one is not named
        yield from items
    if beside:
        yield Skipped("field of a registry or its help desk", beside)


def _day(value: str) -> date | None:
    """The day at the beginning of a value, be its month a word (`05-apr-2024`) or a number."""
    first = value.split(maxsplit=1)[0]
    return read_day(first.replace("-", " ") if _month(first) else first)


_month = re.compile(r"[A-Za-z]{3}").search


def _field_told(one: Field, domain: Entity, say: Sentences) -> Iterator[Item]:
    kind = "domain-name" if one.name in _SERVERS else _CONTACTS.get(one.name, "")
    if kind and not _hidden(one.value):
        found = take(kind, one.value.split()[0] if one.name in _SERVERS else one.value, say.place)
        if isinstance(found, Rejected):
            yield found
        else:
            yield say.say(domain, "name-server" if one.name in _SERVERS else "contact", found)
    elif one.name in _CREATED:
        yield say.say(domain, "attribute", f"registered: {one.value}")
    elif one.name in _KEPT and not _hidden(one.value):
        yield say.say(domain, "attribute", f"{one.name}: {one.value}")
