"""Bank statements, ISO 20022 `camt.052` to `camt.054` and SWIFT MT940: who pays whom accuses nobody.

The statement's own account is its customer's, every other one that of somebody whom the customer paid or was
paid by: all of them are context. Names of the parties are people's more often than not, and are not taken.
Sources: https://www.iso20022.org/iso-20022-message-definitions (BankToCustomerStatement), SWIFT MT940.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.decoding import decode, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import account_or
from chokepoint.collect.taking import raw_of, take
from chokepoint.collect.tree import read_xml
from chokepoint.model.errors import BadInputError
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

DEEPEST = 40
LONGEST_FIELD = 10_000
OWN = "the statement's own account"
OTHER = "a party to the statement's payments"
NAMES = "name of a party to a payment"
FIELDS = "field of a bank statement"
_root = re.compile(rb"iso:20022:tech:xsd:camt\.05[234]\.|<(?:\w{1,20}:)?BkToCstmr\w{1,40}>").search
_tags = (
    re.compile(rb"^:20:", re.MULTILINE).search,
    re.compile(rb"^:25[P]?:", re.MULTILINE).search,
    re.compile(rb"^:6[012][FM]?:", re.MULTILINE).search,
)
_field = re.compile(r":(\d\d[A-Z]?):(.*)").match
_gap = re.compile(r"\?\d\d")
_holders = frozenset({"Stmt", "Rpt", "Ntfctn"})
_texts = frozenset({"Ustrd", "AddtlNtryInf", "AddtlTxInf", "AddtlRmtInf", "URLAdr", "EmailAdr", "PhneNb"})


class Statement:
    """Collector of bank statements."""

    name = "bank-statement"

    def recognises(self, document: Document) -> bool:
        """The message's name in XML, or the three fields that every MT940 has."""
        head = document.head
        if b"<" in head[:200]:
            return bool(_root(head))
        return is_text(document) and all(tag(head.replace(b"\r", b"\n")) for tag in _tags)

    def read(self, document: Document) -> Iterator[Item]:
        """Accounts, and whatever else the payments name, each as context with the reason."""
        return with_derived(_in_xml(document) if b"<" in document.head[:200] else _in_fields(document))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


class _Place:
    """The line on which a text stands that is sought in the order of the file."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1

    def of(self, written: str) -> str:
        found = self._text.find(written, self._at + 1)
        if found >= 0:
            self._line += self._text.count("\n", self._at, found)
            self._at = found
        return f"line {self._line}"


def _in_xml(document: Document) -> Iterator[Item]:
    text, defects = decode(document)
    yield from defects
    place, path, left = _Place(text), list[str](), {NAMES: 0, FIELDS: 0}
    broken: BadInputError | None = None
    try:
        for event, name, element in read_xml(document.data, deepest=DEEPEST, mend="fetch it again"):
            if event == "start":
                path.append(name)
                continue
            path.pop()
            value = (element.text or "").strip()
            items = list(_element(document, (*path, name), value, place))
            yield from items
            if value and not items:
                left[NAMES if name == "Nm" else FIELDS] += 1
            if name != "Nm":
                element.clear()
    except BadInputError as error:
        broken = error
    yield from (Skipped(rule, count) for rule, count in left.items() if count)
    if broken:
        raise broken


def _element(document: Document, path: tuple[str, ...], value: str, place: _Place) -> Iterator[Item]:
    """What one element holds: an account in its own field, or things in the words of a payment."""
    if path[-1] == "IBAN" and value:
        own = len(path) > 3 and path[-3] == "Acct" and path[-4] in _holders
        where = place.of(value)
        found = take("bank-account", value, where)
        yield (
            found
            if isinstance(found, Rejected)
            else _told(document, (found, value), OWN if own else OTHER, where)
        )
    elif path[-1] in _texts and value:
        yield from _scanned(document, value[:LONGEST_FIELD], OTHER, place.of(value))


def _in_fields(document: Document) -> Iterator[Item]:
    text, defects = decode(document)
    yield from defects
    tag, left = "", {FIELDS: 0, "blank line": 0}
    for number, line in enumerate(text.split("\n"), 1):
        found = _field(line)
        tag, value = (found[1], found[2]) if found else (tag, line)
        words = _gap.sub(" ", value[:LONGEST_FIELD]).replace("/", " ")
        own = tag.startswith("25")
        items = list(_scanned(document, words, OWN if own else OTHER, f"line {number}")) if tag else []
        yield from items
        if not items:
            left[FIELDS if line.strip() else "blank line"] += 1
    yield from (Skipped(rule, count) for rule, count in left.items() if count)


def _scanned(document: Document, text: str, why: str, where: str) -> Iterator[Item]:
    for one in scan(text):
        yield _told(document, (account_or(one.entity), one.raw), why, where)


def _told(document: Document, found: tuple[Entity, str], why: str, where: str) -> Item:
    entity, raw = found
    say = Sentences(provenance(document), where)
    return say.say(entity, "mentioned-in", f"{document.name} (context: {why})", raw_of(entity, raw))
