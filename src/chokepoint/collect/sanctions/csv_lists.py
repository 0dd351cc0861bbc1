"""Entries of sanctions lists in CSV: OFAC's `sdn.csv`, the EU's and the UK's, of several rows a party.

Sources: https://ofac.treasury.gov/specially-designated-nationals-list-data-formats-data-schemas (12 columns
without headers, `-0-` for nothing, further facts in the remarks), https://webgate.ec.europa.eu/fsd/fsf,
https://www.gov.uk/government/publications/the-uk-sanctions-list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Rejected
from chokepoint.collect.dates import read_day
from chokepoint.collect.rows import rows, separator_of
from chokepoint.collect.sanctions.party import Mark, Name, Party, kind_of, mark, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chokepoint.collect.rows import Row

WIDTH = 12
_OF_VESSELS = (
    *((5, "Call sign"), (6, "Vessel type"), (7, "Tonnage")),
    *((8, "Gross registered tonnage"), (9, "Vessel flag"), (10, "Vessel owner")),
)
MOST_ABOVE = 3
_PLAIN = ("countries", "remarks", "programmes")
_numbers = re.compile(r"number(?!title)|\bimo\b|\bgroup id\b|unitednationid", re.IGNORECASE).search
_number = re.compile(r"\d{1,7}").fullmatch
_also = re.compile(r"(?:a\.k\.a\.|f\.k\.a\.|n\.k\.a\.|alt\. name) '(.{1,200})'").fullmatch
_labelled = re.compile(
    r"(DOB|POB|Vessel Registration Identification|nationality|citizen|Gender|Email Address|Website"
    r"|Phone Number|SWIFT/BIC|Passport|SSN"
    r"|Digital Currency Address - [A-Z0-9]{2,6}|[A-Z][\w./ ]{2,40}? (?:No\.|Number|ID|#)|NIT #) (.{1,300})"
).fullmatch
_linked = re.compile(r"Linked To: (.{2,200})").fullmatch
_primary = re.compile(r"primary(?: name)?", re.IGNORECASE).fullmatch
_weak = re.compile(r"\b(?:low|weak)\b", re.IGNORECASE).search


class Columns(NamedTuple):
    """Where a list keeps what: its authority, the numbers of the columns of each field, and the header."""

    authority: str
    at: Mapping[str, tuple[int, ...]]
    headers: tuple[str, ...]

    def others(self, row: Row) -> Iterator[tuple[str, str]]:
        """Header and cell of the columns that no field knows, where they hold something."""
        known = {at for places in self.at.values() for at in places}
        for at, (header, cell) in enumerate(zip(self.headers, row.cells, strict=False)):
            if cell and at not in known:
                yield header, cell

    def of(self, row: Row, field: str) -> list[str]:
        """The cells of a field that hold something."""
        cells = (row.cells[at] for at in self.at.get(field, ()) if at < len(row.cells))
        return [cell for cell in cells if cell]


def authority_of(text: str) -> str:
    """Whose list a text in CSV is (`ofac`, `eu`, `fcdo`, `uk`), by its first lines; else empty."""
    head = "\n".join(text.split("\n")[: MOST_ABOVE + 2])
    found = (row for row in rows(head, separator_of(text) or ",") if not isinstance(row, Rejected))
    return next(filter(None, (_of_row(row.cells) for row in found)), "")


def _of_row(cells: Sequence[str]) -> str:
    if len(cells) == WIDTH and _number(cells[0]) and cells[1] and "-0-" in cells[2:]:
        return "ofac"
    headers = {cell.casefold() for cell in cells}
    if {"entity_logicalid", "namealias_wholename"} <= headers:
        return "eu"
    if "name 6" not in headers or not headers & {"regime", "regime name"}:
        return ""
    return "fcdo" if "unique id" in headers else "uk"


def entries(text: str, authority: str) -> Iterator[Party | Rejected]:
    """The parties of a list, one after another."""
    found = rows(text, separator_of(text) or ",")
    yield from _ofac(found) if authority == "ofac" else _grouped(found, authority)


def _ofac(found: Iterator[Row | Rejected]) -> Iterator[Party | Rejected]:
    for row in found:
        if isinstance(row, Rejected):
            yield row
        elif len(row.cells) == WIDTH and _number(row.cells[0]):
            yield _of_sdn(row)
        elif any(cell.strip("\x1a") for cell in row.cells):
            yield Rejected(
                f"line {row.line}", f"{len(row.cells)} cells where sdn.csv has {WIDTH}. Mend: fetch it again"
            )


def _of_sdn(row: Row) -> Party:
    cells = ["" if cell == "-0-" else cell for cell in row.cells]
    last, _, given = cells[1].partition(", ")
    person = cells[2].casefold() == "individual"
    main = f"{given} {last}".strip() if person else cells[1]
    party = Party(
        uid=cells[0], place=f"line {row.line}", kind=kind_of(cells[2]), names=[Name(main)] if main else []
    )
    party.written = cells[1]
    party.programmes = [part.strip("[] ") for part in cells[3].split("] [") if part.strip("[] ")]
    party.marks = [Mark(sort, cells[at]) for at, sort in _OF_VESSELS if cells[at]]
    party.remarks = [cells[4]] if cells[4] else []
    for piece in cells[11].removesuffix(".").split("; "):
        _remark(piece.strip().removeprefix("alt. "), party)
    return party


def _remark(piece: str, party: Party) -> None:
    if also := _also(piece):
        # OFAC's CSV keeps weak aliases in the remarks, the others in a file of their own (alt.csv).
        party.names.append(Name(also[1], sure=False))
    elif linked := _linked(piece):
        party.linked.append(linked[1])
    elif found := _labelled(piece):
        party.marks.append(mark(found[1], found[2].strip()))
    elif piece and piece not in party.remarks:
        party.remarks.append(piece)


def _grouped(found: Iterator[Row | Rejected], authority: str) -> Iterator[Party | Rejected]:
    """Parties by the column that names them; rows of one need not stand together."""
    columns: Columns | None = None
    parties: dict[str, Party] = {}
    for row in found:
        if isinstance(row, Rejected):
            yield row
        elif columns is None:
            columns = _columns(row, authority) if _of_row(row.cells) else None
        elif any(row.cells):
            uid = next(iter(columns.of(row, "id")), "")
            place = f"line {row.line}"
            if not uid:
                yield Rejected(place, "a row without the number of its party. Mend: fetch it again")
                continue
            party = parties.setdefault(uid, Party(uid=uid, place=place))
            start = party.place.split()[1].partition("-")[0]
            party.place = place if place == party.place else f"lines {start}-{row.line}"
            _add(party, columns, row)
    yield from parties.values()


def _columns(row: Row, authority: str) -> Columns:
    headers = [cell.casefold() for cell in row.cells]
    wanted = table("columns")["uk" if authority == "fcdo" else authority]
    return Columns(
        authority,
        {
            field: tuple(headers.index(name) for name in names if name in headers)
            for field, names in wanted.items()
        },
        tuple(row.cells),
    )


def _add(party: Party, columns: Columns, row: Row) -> None:
    """What one row adds to its party."""
    party.kind = party.kind or next((kind_of(word) for word in columns.of(row, "kind")), "")
    _call(party, columns, row)
    party.published = party.published or next(map(_day, columns.of(row, "published")), "")
    party.listed = party.listed or next(map(_day, columns.of(row, "listed")), "")
    for field, into in zip(("country", "remark", "programme"), _PLAIN, strict=True):
        getattr(party, into).extend(columns.of(row, field))
    for field, sort in (("website", "Website"), ("email", "Email Address"), ("phone", "Phone Number")):
        party.marks += [Mark(sort, cell) for cell in columns.of(row, field)]
    party.names += [Name(cell) for cell in columns.of(row, "script")]
    street = ", ".join(columns.of(row, "street"))
    party.streets += [street] if street else []
    sorts, issuers = columns.of(row, "document-type"), columns.of(row, "issuer")
    for number in columns.of(row, "document"):
        party.marks.append(Mark(next(iter(sorts), "Document"), number, next(iter(issuers), "")))
    party.marks += [
        mark(header, cell)._replace(plain=not _numbers(header)) for header, cell in columns.others(row)
    ]


def _call(party: Party, columns: Columns, row: Row) -> None:
    """The name in a row; the primary one, of which others may be variations, is the party's main name."""
    parts = columns.of(row, "name")
    if not parts:
        return
    name = Name(" ".join(parts), not any(map(_weak, columns.of(row, "quality"))))
    primary = any(map(_primary, columns.of(row, "alias"))) and not party.primary
    if primary or not party.names:
        party.names.insert(0, name)
        party.primary, party.written = primary, parts[-1]
    else:
        party.names.append(name)


def _day(text: str) -> str:
    found = read_day(text, day_first=True)
    return found.isoformat() if found else ""
