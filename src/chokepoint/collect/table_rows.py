"""The rows of one table by its mapping: what each is about, its links to other cells, all else as found."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.dates import read_day
from chokepoint.collect.list_syntax import EXCEPTION
from chokepoint.collect.mapping import (
    ACTORS,
    DATES,
    ENTITIES,
    IDENTIFIERS,
    PAYMENTS,
    Column,
    Mapping,
    entity_of,
    is_blank,
    link_between,
)
from chokepoint.collect.naming import subject, telling_part
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import account_or
from chokepoint.collect.table_cells import (
    MOST_IN_CELL,
    YES,
    Found,
    Verdicts,
    as_hacked,
    named_in,
    overfull,
    parts_of,
    payment,
    several_addresses,
)
from chokepoint.model.claim import Claim, Interval, between
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, parse_tlp
from chokepoint.model.said import Said, advised
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chokepoint.collect.rows import Row
    from chokepoint.collect.tables import Table
    from chokepoint.model.claim import Provenance

_crime = re.compile(
    r"malware|iocs?\b|indicator|phish|scam|fraud|ransom|c2\b|botnet|threat|apt\b|trojan|stealer|exploit|malicious|mule|แก๊ง|มิจฉาชีพ",
    re.IGNORECASE,
)
_NETWORK = frozenset({"domain-name", "url", "ipv4-addr", "ipv6-addr", "onion-service", "file"})
_READ_ELSEWHERE = frozenset({*ENTITIES, "victim", "teller", "bank", "currency", "marking"})
_SAID_BESIDE = frozenset(
    {"requests-payment-to", "indicates", "attributed-to", "account", "contact", "controlled-by"}
)
MOST_WORDS = 6
"""Words of what names a victim; more are a text about it."""
_TOLD_BY = "who reported it, which is no part of it"
_hacked = re.compile(r"(?:is[ _-]?)?(?:compromised|hacked|hijacked|defaced)").fullmatch


class TableReader:
    """Reads the rows of one table by its mapping."""

    def __init__(self, document: Document, table: Table, mapping: Mapping) -> None:
        self._table = table
        self._mapping = mapping
        self._source = provenance(document)
        self._sources: dict[str, Provenance] = {}
        self._headers = [header.casefold() for header in table.headers]
        self._theme = self._found_theme(document)
        self._verdicts = Verdicts(table.headers)
        listed = telling_part(document) or document.name
        self._good = subject(listed, "known-list") or Entity("known-list", document.sha256[:12])

    def _found_theme(self, document: Document) -> Entity | None:
        """What every row indicates where no column says so: the telling name of a file on crime."""
        kinds = {column.entity_kind for column in self._mapping.columns if column.role == "entity"}
        if kinds & {"malware", "campaign", "group"} or not kinds & _NETWORK:
            return None
        words = " ".join(
            [
                document.path,
                *self._table.headers,
                *(cell for row in self._table.sample[:20] for cell in row.cells),
            ]
        )
        return subject(telling_part(document)) if _crime.search(words[:20_000]) else None

    def items(self) -> Iterator[Item]:
        """All items of all rows."""
        blank = 0
        for row in self._table.rows():
            if isinstance(row, Rejected):
                yield row
            elif not any(row.cells):
                blank += 1
            elif self._is_header_again(row):
                yield Skipped("header row")
            else:
                yield from self._row(row)
        if blank:
            yield Skipped("blank line", blank)

    def _is_header_again(self, row: Row) -> bool:
        return bool(self._headers) and [cell.casefold() for cell in row.cells] == self._headers

    def _row(self, row: Row) -> Iterator[Item]:
        where = self._table.where(row.line)
        width = len(self._mapping.columns)
        if len(row.cells) != width and (len(row.cells) > width or self._table.headers):
            yield from self._ragged(row, where, width)
        try:
            source = self._marked(row)
        except NotValidError as error:
            why, mend = error.said
            yield Rejected(where, advised(Said("{why}: the row is not taken", why=why), mend))
            return
        found: list[Found] = []
        for column in self._mapping.columns:
            if column.index < len(row.cells) and column.role in ENTITIES:
                yield from self._cells(column, self._written(column, row), where, found)
        if not found:
            yield Rejected(
                where,
                "no cell of the row is anything that it could be about. Mend: compare it with the source",
            )
            return
        main = next((one for one in found if one.column.index == self._mapping.subject), found[0])
        if self._verdicts.clear(row.cells):
            say = Sentences(source, where, self._observed(row))
            good = [one for one in found if one.column.role == "entity" and one.entity.kind in IDENTIFIERS]
            yield from (say.say(one.entity, "legitimate", self._good, one.raw) for one in good)
            yield from [] if good else [Skipped(EXCEPTION)]
            return
        yield from self._said(row, main, found, source)

    def _victims(self, say: Sentences, row: Row, main: Found, found: list[Found]) -> Iterator[Item]:
        """Whom the actors of a row hit; a person who is hit is nobody's business here."""
        where = say.place
        hit: list[Found] = []
        for column in self._mapping.columns:
            cell = row.cells[column.index] if column.index < len(row.cells) else ""
            if column.role != "victim" or is_blank(cell):
                continue
            if not column.kind and len(cell.split()) > MOST_WORDS:
                yield Skipped("text about a victim")
            elif column.kind or any(entity_of(part, "") for part in (cell, *parts_of(cell)) if part):
                yield from self._cells(column, cell, where, hit)
            elif any(map(str.isalpha, cell)):
                yield Skipped("identifier of a victim, who may be a person")
            else:
                yield say.say(main.entity, "attribute", f"{column.header}: {cell}", main.raw)
        actors = [one for one in found if one.entity.kind in ACTORS]
        for victim in hit:
            if vocabulary().kind(victim.entity.kind).personal:
                yield Skipped("identifier of a victim, who may be a person")
                continue
            for actor in actors:
                yield say.say(actor.entity, "targets", victim.entity, actor.raw)
            if not actors:
                told = f"{victim.column.header}: {victim.written}"
                yield say.say(main.entity, "attribute", told, main.raw)

    def _marked(self, row: Row) -> Provenance:
        """The provenance of a row, as closed as the label in it says.

        Raises:
            NotValidError: a label that is none.
        """
        labels = [
            row.cells[column.index]
            for column in self._mapping.columns
            if column.role == "marking" and column.index < len(row.cells)
        ]
        for label in labels:
            if not is_blank(label) and label not in self._sources:
                marking = self._source.marking.join(Marking(tlp=parse_tlp(label)))
                self._sources[label] = replace(self._source, marking=marking)
        found = [self._sources[label] for label in labels if not is_blank(label)]
        return max(found, key=lambda source: source.marking.tlp, default=self._source)

    def _written(self, column: Column, row: Row) -> str:
        """The cell of a column; a national account number with the bank that its row names."""
        cell = row.cells[column.index]
        if column.entity_kind != "bank-account" or not column.kind.partition(":")[2] or is_blank(cell):
            return cell
        banks = (
            row.cells[one.index]
            for one in self._mapping.columns
            if one.role == "bank" and one.index < len(row.cells)
        )
        return f"{next(banks, '')}:{cell}"

    def _ragged(self, row: Row, where: str, width: int) -> Iterator[Item]:
        extra = [cell for cell in row.cells[width:] if cell]
        if extra:
            yield Rejected(
                where,
                advised(
                    Said(
                        "{cells} cells under {width} headers; left over: {rest!r}",
                        cells=len(row.cells),
                        width=width,
                        rest=" | ".join(extra)[:200],
                    ),
                    "quote cells that hold separators",
                ),
            )
        elif len(row.cells) < width:
            yield Skipped("row shorter than the header")

    def _cells(self, column: Column, cell: str, where: str, found: list[Found]) -> Iterator[Item]:
        if is_blank(cell):
            return
        if several := named_in(cell, column):
            found += [Found(column, entity, part) for part, entity in several]
            return
        whole = None if several_addresses(cell) else entity_of(cell, column.kind)
        if whole:
            found.append(Found(column, account_or(whole), cell))
            return
        written = [part for part in parts_of(cell) if part]
        parts = written[:MOST_IN_CELL]
        entities = [entity_of(part, column.kind) for part in parts]
        if len(parts) > 1 and column.entity_kind not in {"malware", "campaign", "group"} and all(entities):
            found += [
                Found(column, account_or(entity), part)
                for entity, part in zip(entities, parts, strict=True)
                if entity
            ]
            if len(written) > MOST_IN_CELL:
                yield overfull(where, column, len(written))
            return
        what = column.entity_kind or "indicator"
        yield Rejected(
            f"{where}, column {column.header[:80]!r}",
            advised(
                Said("{cell!r} is no {what} that we know", cell=cell[:80], what=what),
                "compare it with the source",
            ),
        )

    def _said(self, row: Row, main: Found, found: list[Found], source: Provenance) -> Iterator[Item]:
        entity = main.entity
        say = Sentences(source, self._table.where(row.line), self._observed(row))
        said: list[Item] = []
        if self._theme is not None:
            theirs = "compromised-by" if self._is_hacked(row) else "indicates"
            said.append(say.say(entity, theirs, self._theme, main.raw))
        paid = payment(found)
        said += [say.say(paid[0].entity, "pays", paid[1].entity, paid[0].raw)] if paid else []
        links = [
            self._link(say, main, other)
            for other in found
            if other.entity != entity and {main, other} != set(paid)
        ]
        said += map(as_hacked, links) if self._is_hacked(row) else links
        said += self._beside(say, found, entity)
        held = (one for one in found if one.entity.kind in PAYMENTS)
        said += self._texts(say, row, main, paid[1] if paid else next(held, main))
        said += self._victims(say, row, main, found)
        said += [Skipped(_TOLD_BY) for one in self._filled(row, "teller") if one]
        if not any(isinstance(one, Claim) for one in said):
            yield say.say(entity, "mentioned-in", self._table.place.strip(", ") or "table", main.raw)
        yield from said

    def _filled(self, row: Row, role: str) -> Iterator[str]:
        """The cells of a role that hold something."""
        for column in self._mapping.columns:
            cell = row.cells[column.index] if column.index < len(row.cells) else ""
            if column.role == role and not is_blank(cell):
                yield cell

    def _is_hacked(self, row: Row) -> bool:
        """Whether a column says that what the row is about belongs to somebody who was broken into."""
        return any(
            _hacked(header) and cell.casefold() in YES
            for header, cell in zip(self._headers, row.cells, strict=False)
        )

    def _link(self, say: Sentences, left: Found, right: Found) -> Item:
        if right.column.role == "name-server" and left.entity.kind == "domain-name":
            return say.say(left.entity, "name-server", right.entity, left.raw)
        name, reversed_ = link_between(left.entity, right.entity)
        if reversed_:
            return say.say(right.entity, name, left.entity, right.raw)
        return say.say(left.entity, name, right.entity, left.raw)

    def _beside(self, say: Sentences, found: list[Found], main: Entity) -> Iterator[Item]:
        """What the other cells say of each other: who asks for payment, who holds or answers what."""
        others = [one for one in found if one.entity != main]
        for left in others:
            for right in others:
                name, reversed_ = link_between(left.entity, right.entity)
                if not reversed_ and name in _SAID_BESIDE and left.entity != right.entity:
                    yield say.say(left.entity, name, right.entity, left.raw)

    def _texts(self, say: Sentences, row: Row, main: Found, wallet: Found) -> Iterator[Item]:
        """The cells that are no things: an amount is the wallet's, all else is of what the row is about."""
        currency = self._currency(row)
        for column in self._mapping.columns:
            cell = row.cells[column.index] if column.index < len(row.cells) else ""
            if is_blank(cell) or column.role in _READ_ELSEWHERE:
                continue
            if column.role in DATES:
                if read_day(cell, column.day_first) is None:
                    yield say.say(main.entity, "attribute", f"{column.header}: {cell}", main.raw)
            elif column.role == "amount":
                yield say.say(wallet.entity, "amount", f"{cell}{currency} ({column.header})", wallet.raw)
            elif column.role == "attribute":
                yield say.say(main.entity, "attribute", f"{column.header}: {cell}", main.raw)
            else:
                yield say.say(main.entity, column.role, cell, main.raw)

    def _currency(self, row: Row) -> str:
        """The code that stands beside the amounts of a row, with a blank before it."""
        found = (
            row.cells[one.index]
            for one in self._mapping.columns
            if one.role == "currency" and one.index < len(row.cells)
        )
        return next((f" {cell}" for cell in found if not is_blank(cell)), "")

    def _observed(self, row: Row) -> Interval | None:
        days: dict[str, date] = {}
        for column in self._mapping.columns:
            if column.role in DATES and column.index < len(row.cells) and column.role not in days:
                day = read_day(row.cells[column.index], column.day_first)
                if day:
                    days[column.role] = day
        first, last = days.get("first-seen"), days.get("last-seen")
        if first and last:
            return between(min(first, last), max(first, last))
        if first or last:
            return between(first, last)
        day = days.get("date")
        return between(day, day) if day else None
