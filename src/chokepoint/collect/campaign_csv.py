"""Infoblox campaign lists: `type,indicator,classification,detected_date`, the campaign in the file's name.

Source: https://github.com/infobloxopen/threat-intelligence (README, "Indicators").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.decoding import beginning, decode
from chokepoint.collect.derive import with_derived
from chokepoint.collect.naming import telling_part, told, without_counter
from chokepoint.collect.origins import provenance
from chokepoint.collect.rows import Row, rows, separator_of
from chokepoint.collect.shapes import beyond
from chokepoint.collect.taking import named, span
from chokepoint.model.claim import on_day
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.values import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.claim import Interval

LEGITIMATE = frozenset({"legitimate", "benign", "whitelist", "allowlist", "good", "clean"})
KINDS = {
    "domain": "domain-name",
    "hostname": "domain-name",
    "fqdn": "domain-name",
    "url": "url",
    "email": "email-addr",
    "asn": "autonomous-system",
}
_HEADER = {"type", "indicator"}
_MORE = {"classification", "detected_date"}
_SEARCHED = 20
_MEND = "Mend: compare it with the source"


class Columns(NamedTuple):
    """Where each column stands; −1 for those that are absent."""

    type: int
    indicator: int
    classification: int
    date: int
    others: tuple[tuple[int, str], ...]
    width: int


def _columns(cells: list[str]) -> Columns | None:
    names = [cell.lower().strip("\ufeff \"'") for cell in cells]
    if not set(names) >= _HEADER or not set(names) & _MORE:
        return None
    known = ("type", "indicator", "classification", "detected_date")
    kind, indicator, label, date = (names.index(name) if name in names else -1 for name in known)
    at = {kind, indicator, label, date}
    others = tuple((place, cell) for place, cell in enumerate(cells) if cell and place not in at)
    return Columns(kind, indicator, label, date, others, len(cells))


class CampaignCsv:
    """Collector of Infoblox campaign lists."""

    name = "infoblox-csv"

    def recognises(self, document: Document) -> bool:
        """Whether a header row with `type`, `indicator` and class or date is among the first lines."""
        head = document.head[:4096].lower()
        if b"indicator" not in head.replace(b"\x00", b""):
            return False
        text = beginning(document)
        return any(_columns(row.cells) for row in _first(text))

    def read(self, document: Document) -> Iterator[Item]:
        """Each row indicates the campaign, with class and day; legitimate rows are said to be so."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        text, broken = decode(document)
        yield from broken
        reader = _Reader(document)
        for row in rows(text, separator_of(text) or ","):
            if isinstance(row, Rejected):
                yield row
            else:
                yield from reader.row(row)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _first(text: str) -> list[Row]:
    short = "\n".join(text.split("\n")[:_SEARCHED])
    return [row for row in rows(short, separator_of(short) or ",") if isinstance(row, Row)]


class _Reader:
    """Reads rows under the last header row seen."""

    def __init__(self, document: Document) -> None:
        self._columns: Columns | None = None
        self._provenance = provenance(document)
        name = without_counter(telling_part(document)) or f"list {document.sha256[:12]}"
        self.campaign = named("campaign", name) or Entity("campaign", f"list {document.sha256[:12]}")
        legitimate = "legitimate" in told(document.name).lower()
        self._list = Entity("known-list", self.campaign.value) if legitimate else self.campaign

    def row(self, row: Row) -> Iterator[Item]:
        cells = row.cells
        if not any(cells):
            yield Skipped("blank line")
            return
        columns = _columns(cells)
        if columns:
            self._columns = columns
            yield Skipped("header row")
        elif self._columns is None:
            yield Skipped("line before the header row")
        elif len(cells) <= max(self._columns.type, self._columns.indicator):
            yield Rejected(
                f"line {row.line}", f"{len(cells)} cells where the header has more. Mend: complete the row"
            )
        else:
            yield from beyond(row, self._columns.width)
            yield from self._claims(row, self._columns)

    def _claims(self, row: Row, columns: Columns) -> Iterator[Item]:
        kind, written = row.cells[columns.type].lower(), row.cells[columns.indicator]
        label = _cell(row.cells, columns.classification)
        date = _cell(row.cells, columns.date)
        observed = _day(date)
        say = Sentences(self._provenance, f"line {row.line}", observed)
        if date and observed is None:
            yield Rejected(
                say.place,
                f"detected_date {date[:40]!r} is no date; the row is taken without it. Mend: YYYY-MM-DD",
            )
        entity = _entity(kind, written)
        if isinstance(entity, str):
            yield from self._unknown(say, kind, written, entity)
            return
        legitimate = label.lower() in LEGITIMATE
        raw = written if written != entity.value else ""
        if legitimate:
            yield say.say(entity, "legitimate", self._list, raw)
        else:
            yield say.say(entity, "indicates", self._named_by(label), raw)
        if label and not legitimate:
            yield say.say(entity, "category", label)
        for place, header in columns.others:
            if value := _cell(row.cells, place):
                yield say.say(entity, "attribute", f"{header}: {value}")

    def _named_by(self, label: str) -> Entity:
        """The campaign; a classification that the file's name starts with (`vextrio`) is its shorter name."""
        short = named("campaign", label) if label else None
        return short if short and self.campaign.value.startswith(short.value + " ") else self.campaign

    def _unknown(self, say: Sentences, kind: str, written: str, reason: str) -> Iterator[Item]:
        if not written or kind in KINDS or kind in {"ip", "sha256", "sha1", "md5", ""}:
            yield Rejected(say.place, reason)
        else:
            yield say.say(self.campaign, "attribute", f"{kind}: {written}")


def _cell(cells: list[str], place: int) -> str:
    return cells[place] if 0 <= place < len(cells) else ""


def _day(text: str) -> Interval | None:
    if len(text) == 10:
        try:
            return on_day(text)
        except NotValidError:
            return None
    return span(text, text) if text else None


def _entity(kind: str, written: str) -> Entity | str:
    try:
        if kind in KINDS:
            return registry.parse(KINDS[kind], written)
    except NotValidError as error:
        reason = f"{error.reason}. Mend: {error.mend}" if error.mend else f"{error.reason}. {_MEND}"
        return registry.detect(written) or (reason if written else f"no {kind} is written. {_MEND}")
    return registry.detect(written) or f"{written[:80]!r} is no {kind or 'identifier'} that we know. {_MEND}"
