"""Looking things up for people: finding entities, and what belongs to a handful of claims.

As in `chokepoint.store.reading`, every answer is made from what the viewer may see and from nothing else.
"""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from chokepoint.model.identity import Entity
from chokepoint.store.canonical import read_envelope
from chokepoint.store.ids import PREFIX
from chokepoint.store.projection import CHUNK, Space

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from sqlalchemy import Connection

    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

CANDIDATES = 20_000
_HEX = frozenset("0123456789abcdef")
_T = TypeVar("_T")
LAST = "\U0010ffff"


class CastVote(NamedTuple):
    """One organisation's vote on the claim at a position; 1 confirm, -1 dispute, 0 unsure."""

    claim: int
    organisation: str
    vote: int
    simulated: bool


class Sameness(NamedTuple):
    """One organisation's word on whether two entities are one, with what it said besides."""

    id: str
    left: Entity
    right: Entity
    sameness: str
    organisation: str
    recorded_at: str
    said: dict[str, Any]


class Listing(NamedTuple):
    """A claim seen from its subject: who says what of it."""

    subject: int
    property: str
    object: int
    origin: str
    contributor: str


def known(reader: Reader, connection: Connection, entities: Iterable[Entity]) -> dict[Entity, int]:
    """Numbers of those entities that a visible claim speaks of; hidden and absent ones are left out."""
    wanted = set(entities)
    kinds = reader.names(connection, Space.KIND)
    spoken = _spoken(reader.visible(connection))
    found: dict[Entity, int] = {}
    for part in _chunks(sorted({entity.value for entity in wanted})):
        marks = ",".join("?" * len(part))
        rows = connection.exec_driver_sql(
            f"SELECT e.eid, e.kind, e.value FROM entities e WHERE e.value IN ({marks}) AND {spoken}",
            tuple(part),
        )
        for eid, kind, value in rows:
            entity = Entity(kinds[kind], value)
            if entity in wanted:
                found[entity] = int(eid)
    return found


def starting(reader: Reader, connection: Connection, prefix: str, limit: int) -> list[int]:
    """Numbers of entities whose value begins with the text, in order of value."""
    rows = connection.exec_driver_sql(
        "SELECT e.eid FROM entities e WHERE e.value >= ? AND e.value < ?"
        f" AND {_spoken(reader.visible(connection))} ORDER BY e.value, e.kind LIMIT ?",
        (prefix, prefix + LAST, limit),
    )
    return [int(row[0]) for row in rows]


def holding(reader: Reader, connection: Connection, words: str, limit: int) -> list[int]:
    """Numbers of entities whose value holds the text, shortest first.

    Of more than 20,000 that hold it, those are ordered that the atlas has known longest.
    """
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    visible = reader.visible(connection)
    if len(words) >= 3 and escaped == words:
        spoken = _spoken(visible, "e.rowid")
        source = f"SELECT e.rowid AS eid, e.value FROM search e WHERE e.value LIKE ? AND {spoken}"
    else:
        spoken = _spoken(visible)
        source = f"SELECT e.eid, e.value FROM entities e WHERE e.value LIKE ? ESCAPE '\\' AND {spoken}"
    rows = connection.exec_driver_sql(
        f"SELECT eid FROM ({source} LIMIT ?) ORDER BY length(value), value, eid LIMIT ?",
        (f"%{escaped}%", CANDIDATES, limit),
    )
    return [int(row[0]) for row in rows]


def claim_counts(reader: Reader, connection: Connection, eids: Sequence[int]) -> dict[int, int]:
    """How many visible claims name each entity."""
    visible = _marks(reader.visible(connection))
    counts: dict[int, int] = {}
    for eid in eids:
        counts[eid] = int(
            connection.exec_driver_sql(
                "SELECT count(*) FROM claims c JOIN provenances p ON p.number = c.provenance"
                f" WHERE (c.subject = ? OR c.object = ?) AND p.marking IN ({visible})",
                (eid, eid),
            ).scalar_one()
        )
    return counts


def paths_of(reader: Reader, connection: Connection, seqs: Iterable[int]) -> dict[int, str]:
    """Path of the capture that each claim points into, as its contributor took it in, where visible."""
    visible = _marks(reader.visible(connection))
    found: dict[int, str] = {}
    for part in _chunks(sorted(set(seqs))):
        rows = connection.exec_driver_sql(
            "SELECT c.seq, k.path FROM claims c JOIN provenances p ON p.number = c.provenance"
            " JOIN captures k ON k.seq = p.capture"
            f" WHERE c.seq IN ({_marks(part)}) AND k.marking IN ({visible})"
        )
        found.update((int(seq), str(path)) for seq, path in rows)
    return found


def votes_on(reader: Reader, connection: Connection, seqs: Iterable[int]) -> list[CastVote]:
    """All visible votes on the claims at these positions, in ledger order."""
    visible = _marks(reader.visible(connection))
    found: list[tuple[int, CastVote]] = []
    for part in _chunks(sorted(set(seqs))):
        rows = connection.exec_driver_sql(
            "SELECT v.seq, v.claim, o.name, v.vote, v.simulated FROM votes v"
            " JOIN organisations o ON o.number = v.organisation"
            f" WHERE v.claim IN ({_marks(part)}) AND v.marking IN ({visible})"
        )
        found.extend(
            (int(seq), CastVote(int(claim), str(name), int(vote), bool(simulated)))
            for seq, claim, name, vote, simulated in rows
        )
    return [vote for _, vote in sorted(found)]


def sames_of(reader: Reader, connection: Connection, eid: int) -> list[Sameness]:
    """All visible identity judgements between an entity and others of this map, in ledger order."""
    visible = reader.visible(connection)
    rows = connection.exec_driver_sql(
        "SELECT r.id, r.body FROM sames s JOIN records r ON r.seq = s.seq"
        f" WHERE (s.left = ? OR s.right = ?) AND s.marking IN ({_marks(visible)})"
        f" AND {_spoken(visible, 's.left')} AND {_spoken(visible, 's.right')} ORDER BY s.seq",
        (eid, eid),
    )
    return [_sameness(name, body) for name, body in rows]


def sames(reader: Reader, connection: Connection, limit: int) -> list[Sameness]:
    """The newest visible identity judgements between entities of this map, newest first."""
    visible = reader.visible(connection)
    rows = connection.exec_driver_sql(
        "SELECT r.id, r.body FROM sames s JOIN records r ON r.seq = s.seq"
        f" WHERE s.marking IN ({_marks(visible)})"
        f" AND {_spoken(visible, 's.left')} AND {_spoken(visible, 's.right')} ORDER BY s.seq DESC LIMIT ?",
        (limit,),
    )
    return [_sameness(name, body) for name, body in rows]


def claim_ids(reader: Reader, connection: Connection, beginning: str) -> list[str]:
    """Ids of the visible claims whose id begins with these hexadecimal digits, at most two."""
    if len(beginning) > 64 or not _HEX.issuperset(beginning):
        return []
    low, high = (bytes.fromhex(beginning.ljust(64, digit)) for digit in "0f")
    rows = connection.exec_driver_sql(
        "SELECT r.id FROM records r JOIN claims c ON c.seq = r.seq"
        " JOIN provenances p ON p.number = c.provenance"
        " WHERE r.seq IN (SELECT seq FROM ids_sorted WHERE prefix BETWEEN ? AND ?"
        " UNION ALL SELECT seq FROM ids_fresh WHERE prefix BETWEEN ? AND ?) AND r.id BETWEEN ? AND ?"
        f" AND p.marking IN ({_marks(reader.visible(connection))}) LIMIT 2",
        (low[:PREFIX], high[:PREFIX], low[:PREFIX], high[:PREFIX], low, high),
    )
    return [row[0].hex() for row in rows]


def _sameness(name: bytes, body: bytes) -> Sameness:
    envelope = read_envelope(body)
    said = msgspec.json.decode(envelope.payload)
    return Sameness(
        name.hex(),
        Entity(*said.pop("left")),
        Entity(*said.pop("right")),
        str(said.pop("sameness")),
        envelope.organisation,
        envelope.recorded_at,
        said,
    )


def links_of(
    reader: Reader, connection: Connection, subjects: Iterable[int], names: Sequence[str]
) -> list[Listing]:
    """Visible link claims about these subjects with one of these properties, in ledger order."""
    properties = {
        number: name for number, name in reader.names(connection, Space.PROPERTY).items() if name in names
    }
    origins = reader.names(connection, Space.ORIGIN)
    visible = _marks(reader.visible(connection))
    found: list[tuple[int, Listing]] = []
    for part in _chunks(sorted(set(subjects))):
        rows = connection.exec_driver_sql(
            "SELECT c.seq, c.subject, c.property, c.object, p.origin, o.name FROM claims c"
            " JOIN provenances p ON p.number = c.provenance JOIN markings m ON m.number = p.marking"
            " JOIN organisations o ON o.number = m.owner"
            f" WHERE c.subject IN ({_marks(part)}) AND c.property IN ({_marks(list(properties))})"
            f" AND c.object IS NOT NULL AND p.marking IN ({visible})"
        )
        found.extend(
            (int(seq), Listing(int(subject), properties[number], int(thing), origins[origin], str(owner)))
            for seq, subject, number, thing, origin, owner in rows
        )
    return [listing for _, listing in sorted(found)]


def attributes_of(
    reader: Reader, connection: Connection, subjects: Iterable[int], name: str
) -> Iterator[tuple[int, StoredClaim]]:
    """Visible claims that give these subjects a text under one property, each with its subject's number."""
    numbers = [number for number, known in reader.names(connection, Space.PROPERTY).items() if known == name]
    found: dict[int, int] = {}
    for part in _chunks(sorted(set(subjects))):
        rows = connection.exec_driver_sql(
            f"SELECT seq, subject FROM claims WHERE subject IN ({_marks(part)})"
            f" AND property IN ({_marks(numbers)}) AND object IS NULL"
        )
        found.update((int(seq), int(subject)) for seq, subject in rows)
    for claim in reader.claims(connection, found):
        yield found[claim.seq], claim


def _spoken(visible: Sequence[int], eid: str = "e.eid") -> str:
    """SQL: a visible claim speaks of the entity whose number that column holds."""
    marks = _marks(visible)
    return (
        "(EXISTS (SELECT 1 FROM claims c JOIN provenances p ON p.number = c.provenance"
        f" WHERE c.subject = {eid} AND p.marking IN ({marks}))"
        " OR EXISTS (SELECT 1 FROM claims c JOIN provenances p ON p.number = c.provenance"
        f" WHERE c.object = {eid} AND p.marking IN ({marks})))"
    )


def _marks(numbers: Sequence[int]) -> str:
    return ",".join(str(int(number)) for number in numbers) or "NULL"


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
