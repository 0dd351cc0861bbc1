"""Which identifiers belong to natural persons in the viewer's map, and everything personal that it names.

As in `chokepoint.store.lookup`, every answer is made from what the viewer may see and from nothing else.
"""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import text

from chokepoint.model.identity import Entity
from chokepoint.model.marking import CASE
from chokepoint.store.interning import Space
from chokepoint.store.predicates import chunks, marks, spoken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

    from chokepoint.store.reading import Reader

_kind_number = text("SELECT number FROM names WHERE space = :space AND name = :name")
_DRAWN = "FROM claims c JOIN provenances p ON p.number = c.provenance JOIN captures k ON k.seq = p.capture"


def beside(
    reader: Reader,
    connection: Connection,
    eids: Iterable[int],
    *,
    kinds: Collection[str],
    properties: Collection[str],
) -> dict[int, set[int]]:
    """Numbers of the entities of these kinds that visible claims link so with each of these entities."""
    found: dict[int, set[int]] = defaultdict(set)
    for eid, other, _ in _links(reader, connection, eids, (kinds, properties)):
        found[eid].add(other)
    return dict(found)


def linking(
    reader: Reader,
    connection: Connection,
    eids: Iterable[int],
    *,
    kinds: Collection[str],
    properties: Collection[str],
) -> list[int]:
    """Positions of the visible claims that link these entities so with any of these kinds, ascending."""
    return sorted({seq for _, _, seq in _links(reader, connection, eids, (kinds, properties))})


def _links(
    reader: Reader,
    connection: Connection,
    eids: Iterable[int],
    names: tuple[Collection[str], Collection[str]],
) -> Iterator[tuple[int, int, int]]:
    """An entity, what it is linked with, and the position of the claim; names of kinds and of properties."""
    wanted = marks(_numbers(reader, connection, names[0]))
    known = reader.names(connection, Space.PROPERTY)
    links = marks([number for number, name in known.items() if name in names[1]])
    visible = marks(reader.visible(connection))
    for part in chunks(sorted(set(eids))):
        for one, other in (("subject", "object"), ("object", "subject")):
            rows = connection.exec_driver_sql(
                f"SELECT c.{one}, c.{other}, c.seq FROM claims c"
                f" JOIN provenances p ON p.number = c.provenance"
                f" JOIN entities e ON e.eid = c.{other}"
                f" WHERE c.{one} IN ({marks(part)}) AND c.property IN ({links}) AND e.kind IN ({wanted})"
                f" AND p.marking IN ({visible})"
            )
            yield from ((int(eid), int(beside), int(seq)) for eid, beside, seq in rows)


def in_captures(
    reader: Reader, connection: Connection, captures: Iterable[str], kinds: Collection[str]
) -> dict[str, set[Entity]]:
    """By SHA-256 of a capture, the entities of these kinds that visible claims drawn from it speak of."""
    names = reader.names(connection, Space.KIND)
    wanted, visible = marks(_numbers(reader, connection, kinds)), marks(reader.visible(connection))
    found: dict[str, set[Entity]] = defaultdict(set)
    for part in chunks(sorted(set(captures))):
        for end in ("subject", "object"):
            rows = connection.exec_driver_sql(
                f"SELECT DISTINCT k.sha256, e.kind, e.value {_DRAWN} JOIN entities e ON e.eid = c.{end}"
                f" WHERE k.sha256 IN ({','.join('?' * len(part))}) AND e.kind IN ({wanted})"
                f" AND p.marking IN ({visible})",
                tuple(part),
            )
            for sha256, kind, value in rows:
                found[sha256].add(Entity(names[kind], str(value)))
    return dict(found)


def reserved(reader: Reader, common: Reader, connection: Connection, captures: Iterable[str]) -> set[str]:
    """SHA-256 of the captures from which claims are drawn that one reader may see and the other may not."""
    held = sorted(set(reader.visible(connection)) - set(common.visible(connection)))
    return {
        row[0]
        for part in chunks(sorted(set(captures)))
        for row in connection.exec_driver_sql(
            f"SELECT DISTINCT k.sha256 {_DRAWN} WHERE k.sha256 IN ({','.join('?' * len(part))})"
            f" AND p.marking IN ({marks(held)})",
            tuple(part),
        )
    }


def entered_after(
    connection: Connection, eid: int, kinds: Collection[str]
) -> tuple[int, list[tuple[int, str]]]:
    """The highest number of all, and number and value of every entity of these kinds between.

    For an index that tells nobody any; asked again from that number on, it reads nothing twice.

    Args:
        connection: of the whole atlas, not of a viewer.
        eid: the highest number that is known already.
        kinds: names of kinds.
    """
    wanted = [
        int(row[0])
        for name in sorted(kinds)
        for row in connection.execute(_kind_number, {"space": int(Space.KIND), "name": name})
    ]
    newest = connection.exec_driver_sql("SELECT coalesce(max(eid), 0) FROM entities").scalar_one()
    rows = connection.exec_driver_sql(
        "SELECT eid, value FROM entities"
        f" WHERE {'TRUE' if wanted else 'FALSE'}"  # else it would pass over all that came, hidden or not
        f" AND eid > {int(eid)} AND eid <= {int(newest)} AND kind IN ({marks(wanted)})"
    )
    return int(newest), [(int(number), str(value)) for number, value in rows]


def seen_among(reader: Reader, connection: Connection, eids: Iterable[int]) -> Iterator[Entity]:
    """Those of some entities of which visible claims speak."""
    names = reader.names(connection, Space.KIND)
    for part in chunks(sorted(set(eids))):
        rows = connection.exec_driver_sql(
            f"SELECT e.kind, e.value FROM entities e WHERE e.eid IN ({marks(part)})"
            f" AND {spoken('e.eid', reader.visible(connection))}"
        )
        yield from (Entity(names[kind], str(value)) for kind, value in rows)


def in_cases(reader: Reader, connection: Connection, cases: Iterable[str]) -> list[int]:
    """Positions of the visible claims that are need-to-know in any of these cases, ascending."""
    terms = tuple(sorted(CASE + name for name in cases))
    rows = connection.exec_driver_sql(
        "SELECT c.seq FROM claims c JOIN provenances p ON p.number = c.provenance"
        " WHERE p.marking IN (SELECT marking FROM marking_terms"
        f" WHERE term IN ({','.join('?' * len(terms))}))"
        f" AND p.marking IN ({marks(reader.visible(connection))})",
        terms,
    )
    return sorted(int(row[0]) for row in rows)


def of_kinds(reader: Reader, connection: Connection, kinds: Collection[str]) -> Iterator[Entity]:
    """The entities of these kinds that visible claims speak of."""
    names = reader.names(connection, Space.KIND)
    wanted = marks(_numbers(reader, connection, kinds))
    rows = connection.exec_driver_sql(
        f"SELECT e.kind, e.value FROM entities e WHERE e.kind IN ({wanted})"
        f" AND {spoken('e.eid', reader.visible(connection))}"
    )
    for kind, value in rows:
        yield Entity(names[kind], str(value))


def _numbers(reader: Reader, connection: Connection, kinds: Collection[str]) -> list[int]:
    return [number for number, name in reader.names(connection, Space.KIND).items() if name in kinds]
