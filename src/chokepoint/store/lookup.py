"""Looking things up for people: finding entities, and what belongs to a handful of claims.

As in `chokepoint.store.reading`, every answer is made from what the viewer may see and from nothing else.
"""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy import bindparam, text

from chokepoint.model.identity import Entity
from chokepoint.store.canonical import read_envelope
from chokepoint.store.ids import PREFIX
from chokepoint.store.interning import Space
from chokepoint.store.predicates import (
    any_case,
    body_text,
    chunks,
    is_sealed,
    marks,
    spoken,
)
from chokepoint.store.shown import holding as holding_in
from chokepoint.store.subjects import SEALED_KIND, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from sqlalchemy import Connection

    from chokepoint.model.marking import Marking
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

KIND = "(SELECT name FROM names WHERE number = e.kind)"
"""SQL: order of kinds by name, as their numbers tell who used one first."""
_HEX = frozenset("0123456789abcdef")
_other = re.compile(r"[^a-z0-9]+")
LAST = "\U0010ffff"


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
    numbers = {name: number for number, name in kinds.items()}
    asked = sorted((entity.value, numbers.get(entity.kind, 0)) for entity in wanted)
    seen = spoken("w.eid", reader.visible(connection))
    found: dict[Entity, int] = {}
    for part in chunks(asked):
        rows = connection.exec_driver_sql(
            # What is nowhere is looked for as what is hidden: neither takes longer.
            f"WITH asked(value, kind) AS (VALUES {', '.join(['(?, ?)'] * len(part))}),"
            " wanted AS (SELECT a.value, a.kind, coalesce((SELECT e.eid FROM entities e"
            " WHERE e.value = a.value AND e.kind = a.kind), 0) AS eid FROM asked a)"
            f" SELECT w.eid, w.kind, w.value FROM wanted w WHERE {seen}",
            tuple(chain.from_iterable(part)),
        )
        found.update((Entity(kinds[kind], value), int(eid)) for eid, kind, value in rows)
    return found


def starting(reader: Reader, connection: Connection, prefix: str, limit: int) -> list[int]:
    """Numbers of entities whose value begins with the text, in order of value and kind."""
    source, given = holding_in(connection, reader.visible(connection), prefix, begins=True)
    rows = connection.exec_driver_sql(
        f"SELECT e.eid FROM entities e WHERE e.eid IN ({source}) AND e.value >= ? AND e.value < ?"
        f" ORDER BY e.value, {KIND} LIMIT ?",
        (*given, prefix, prefix + LAST, limit),
    )
    return [int(row[0]) for row in rows]


def holding(
    reader: Reader, connection: Connection, words: str, limit: int, *, voted: bool = False
) -> list[int]:
    """Numbers of entities whose value holds the text, shortest first, then in order of value and kind.

    Args:
        reader: of the viewer.
        connection: of one reading.
        words: the text.
        limit: at most so many.
        voted: those alone that a claim names on which the viewer sees a vote.
    """
    visible = marks(reader.visible(connection))
    source, given = holding_in(connection, reader.visible(connection), words)
    only = "".join(
        f" {word} (SELECT c.{end} FROM votes v JOIN claims c ON c.seq = v.claim"
        f" WHERE v.marking IN ({visible}) AND c.marking IN ({visible}) AND c.{end} IS NOT NULL)"
        for word, end in (("AND (e.eid IN", "subject"), ("OR e.eid IN", "object"))
    )
    rows = connection.exec_driver_sql(
        f"SELECT e.eid FROM entities e WHERE e.eid IN ({source}){f'{only})' if voted else ''}"
        f" ORDER BY length(e.value), e.value, {KIND} LIMIT ?",
        (*given, limit),
    )
    return [int(row[0]) for row in rows]


def claim_counts(reader: Reader, connection: Connection, eids: Sequence[int]) -> dict[int, int]:
    """How many visible claims up to the reader's `until` name each entity."""
    visible = marks(reader.visible(connection))
    counts: dict[int, int] = {}
    for eid in eids:
        counts[eid] = int(
            connection.exec_driver_sql(
                "SELECT count(*) FROM claims c WHERE (c.subject = ? OR c.object = ?)"
                f" AND c.seq <= {reader.until} AND c.marking IN ({visible})",
                (eid, eid),
            ).scalar_one()
        )
    return counts


def paths_of(reader: Reader, connection: Connection, seqs: Iterable[int]) -> dict[int, str]:
    """Path of the capture that each claim points into, as its contributor took it in, where visible."""
    visible = marks(reader.visible(connection))
    found: dict[int, str] = {}
    for part in chunks(sorted(set(seqs))):
        rows = connection.exec_driver_sql(
            "SELECT c.seq, k.path FROM claims c JOIN provenances p ON p.number = c.provenance"
            " JOIN captures k ON k.seq = p.capture"
            f" WHERE c.seq IN ({marks(part)}) AND k.marking IN ({visible})"
        )
        found.update((int(seq), str(path)) for seq, path in rows)
    return found


def labels_of(reader: Reader, connection: Connection, seqs: Iterable[int]) -> dict[int, Marking]:
    """Today's marking of each visible claim at these positions."""
    markings = reader.markings(connection)
    found: dict[int, Marking] = {}
    for part in chunks(sorted(set(seqs))):
        rows = connection.exec_driver_sql(
            f"SELECT c.seq, c.marking FROM claims c WHERE c.seq IN ({marks(part)})"
        )
        found.update((int(seq), markings[number]) for seq, number in rows if number in markings)
    return found


def records_seen(reader: Reader, connection: Connection, seqs: Iterable[int]) -> set[int]:
    """Those of the positions at which a record stands that the viewer may see, claims and all others."""
    visible = marks(reader.visible(connection))
    found: set[int] = set()
    asked = sorted(set(seqs))
    for part in list(chunks(asked)) or [asked]:  # one question where nothing is: hidden reads as absent
        rows = connection.exec_driver_sql(
            f"SELECT c.seq FROM claims c WHERE c.seq IN ({marks(part)}) AND c.marking IN ({visible})"
            f" UNION ALL SELECT seq FROM others WHERE seq IN ({marks(part)}) AND marking IN ({visible})"
        )
        found.update(int(row[0]) for row in rows)
    return found


def newest_word(reader: Reader, connection: Connection, *, but: Sequence[str]) -> int:
    """Position of the newest visible record that is no claim nor of a kind left out; 0 for none."""
    return newest_words(reader, connection, but=but, apart=but)[0]


def newest_words(
    reader: Reader, connection: Connection, *, but: Sequence[str], apart: Sequence[str]
) -> tuple[int, int]:
    """The same without kinds that are told apart, and with them: asked once, of every kind there is."""
    visible = marks(reader.visible(connection))
    row = connection.execute(
        text(
            "SELECT coalesce(max(CASE WHEN n.name NOT IN :apart THEN p.seq END), 0), coalesce(max(p.seq), 0)"
            " FROM others p JOIN names n ON n.number = p.kind"
            f" WHERE n.space = :space AND n.name NOT IN :but AND p.marking IN ({visible})"
        ).bindparams(bindparam("but", expanding=True), bindparam("apart", expanding=True)),
        {"space": int(Space.RECORD), "but": list(but), "apart": list(apart)},
    )
    word, grown = row.one()
    return int(word), int(grown)


def captures_of(reader: Reader, connection: Connection, seqs: Iterable[int]) -> list[tuple[Marking, str]]:
    """Marking and record id of the visible captures that these claims point into, in ledger order."""
    markings = reader.markings(connection)
    found: dict[int, tuple[Marking, str]] = {}
    for part in chunks(sorted(set(seqs))):
        rows = connection.exec_driver_sql(
            "SELECT k.seq, k.marking, r.id FROM claims c JOIN provenances p ON p.number = c.provenance"
            " JOIN captures k ON k.seq = p.capture JOIN records r ON r.seq = k.seq"
            f" WHERE c.seq IN ({marks(part)}) AND k.marking IN ({marks(list(markings))})"
        )
        found.update((int(seq), (markings[marking], name.hex())) for seq, marking, name in rows)
    return [found[seq] for seq in sorted(found)]


def sames_of(reader: Reader, connection: Connection, eid: int) -> list[Sameness]:
    """All visible identity judgements between an entity and others of this map, in ledger order."""
    visible = reader.visible(connection)
    rows = connection.exec_driver_sql(
        "SELECT r.id, r.salt, r.body FROM sames s JOIN records r ON r.seq = s.seq"
        f" WHERE (s.left = ? OR s.right = ?) AND s.marking IN ({marks(visible)})"
        f" AND s.seq <= {int(reader.until)}"
        f" AND {spoken('s.left', visible)} AND {spoken('s.right', visible)} ORDER BY s.seq",
        (eid, eid),
    )
    return _samenesses(connection, rows.all())


def sames(reader: Reader, connection: Connection, limit: int) -> list[Sameness]:
    """The newest visible identity judgements between entities of this map, newest first."""
    visible = reader.visible(connection)
    rows = connection.exec_driver_sql(
        "SELECT r.id, r.salt, r.body FROM sames s JOIN records r ON r.seq = s.seq"
        f" WHERE s.marking IN ({marks(visible)})"
        f" AND {spoken('s.left', visible)} AND {spoken('s.right', visible)} ORDER BY s.seq DESC LIMIT ?",
        (limit,),
    )
    return _samenesses(connection, rows.all())


def claim_ids(reader: Reader, connection: Connection, beginning: str) -> list[str]:
    """Ids of the visible claims whose id begins with these hexadecimal digits, at most two."""
    if len(beginning) > 64 or not _HEX.issuperset(beginning):
        return []
    low, high = (bytes.fromhex(beginning.ljust(64, digit)) for digit in "0f")
    rows = connection.exec_driver_sql(
        "SELECT r.id FROM records r JOIN claims c ON c.seq = r.seq"
        " WHERE r.seq IN (SELECT seq FROM ids_sorted WHERE prefix BETWEEN ? AND ?"
        " UNION ALL SELECT seq FROM ids_fresh WHERE prefix BETWEEN ? AND ?) AND r.id BETWEEN ? AND ?"
        f" AND c.marking IN ({marks(reader.visible(connection))}) LIMIT 2",
        (low[:PREFIX], high[:PREFIX], low[:PREFIX], high[:PREFIX], low, high),
    )
    return [row[0].hex() for row in rows]


def bearing(reader: Reader, connection: Connection, words: str) -> list[StoredClaim]:
    """Visible claims in ledger order that give something an alias in which these words stand, in their order.

    Only Latin letters and digits are compared, in any case, and sealed claims not at all: whether it is the
    same name is for the reader.
    """
    numbers = [number for number, name in reader.names(connection, Space.PROPERTY).items() if name == "alias"]
    pattern = _other.sub("%", words.lower())
    rows = connection.exec_driver_sql(
        "SELECT c.seq FROM claims c JOIN records r ON r.seq = c.seq"
        f" WHERE c.property IN ({marks(numbers)}) AND c.object IS NULL"
        f" AND c.marking IN ({marks(reader.visible(connection))})"
        f" AND ({body_text(connection)} {any_case(connection)} ? OR {is_sealed(connection)})",
        (f"%{pattern}%", SEALED_KIND),
    )
    return list(reader.claims(connection, [int(row[0]) for row in rows]))


def _samenesses(connection: Connection, rows: Sequence[Any]) -> list[Sameness]:
    bodies = opened(connection, [(row.salt, row.body) for row in rows])
    return [_sameness(row.id, body) for row, body in zip(rows, bodies, strict=True) if body is not None]


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
    visible = marks(reader.visible(connection))
    found: list[tuple[int, Listing]] = []
    for part in chunks(sorted(set(subjects))):
        rows = connection.exec_driver_sql(
            "SELECT c.seq, c.subject, c.property, c.object, n.name, o.name FROM claims c"
            " JOIN provenances p ON p.number = c.provenance JOIN markings m ON m.number = c.marking"
            " JOIN organisations o ON o.number = m.owner"
            f" JOIN names n ON n.number = p.origin AND n.space = {int(Space.ORIGIN)}"
            f" WHERE c.subject IN ({marks(part)}) AND c.property IN ({marks(list(properties))})"
            f" AND c.object IS NOT NULL AND c.marking IN ({visible})"
        )
        found.extend(
            (int(seq), Listing(int(subject), properties[number], int(thing), str(origin), str(owner)))
            for seq, subject, number, thing, origin, owner in rows
        )
    return [listing for _, listing in sorted(found)]


def texts_of(
    reader: Reader, connection: Connection, subjects: Sequence[int] | None, *, limit: int
) -> list[int]:
    """Positions, in ledger order, of the visible claims that say a text of these subjects, or of any.

    Args:
        reader: of the viewer.
        connection: of one reading.
        subjects: numbers of entities; None for all.
        limit: the search stops one position past it.
    """
    visible = marks(reader.visible(connection))
    wanted = [""] if subjects is None else [f" AND c.subject IN ({marks(part)})" for part in _parts(subjects)]
    found: list[int] = []
    for part in wanted:
        rows = connection.exec_driver_sql(
            f"SELECT c.seq FROM claims c WHERE +c.object IS NULL AND c.marking IN ({visible}){part} LIMIT ?",
            (max(0, limit + 1 - len(found)),),
        )
        found += [int(row[0]) for row in rows]
    return sorted(found)


def _parts(subjects: Sequence[int]) -> Iterator[Sequence[int]]:
    return chunks(sorted(set(subjects)))
