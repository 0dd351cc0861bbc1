"""Erasure: what a log that nothing is ever taken out of does when it must forget somebody.

Of an erased record the position and the id remain, so that the tree and every signature still hold;
its bytes and its salt are destroyed, and the keys of whom it was about with them.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, text

from chokepoint.model.errors import LedgerError
from chokepoint.proof.sealing import SEALED, read_sealed
from chokepoint.store import postgres, shown, turn
from chokepoint.store.base import CLAIM
from chokepoint.store.canonical import read_envelope
from chokepoint.store.erasures import ERASURE, HOLD
from chokepoint.store.interning import Space, entity_number
from chokepoint.store.predicates import CHUNK, any_case, body_text
from chokepoint.store.spelling import as_entity, in_records, surest
from chokepoint.store.subjects import opened
from chokepoint.values.short_names import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Engine

    from chokepoint.model.identity import Entity

SHORTEST = 5
KEPT = ("organisation/", "member/", ERASURE, HOLD)

_linked = text(
    "SELECT seq FROM claims WHERE subject = :eid OR object = :eid"
    ' UNION SELECT seq FROM sames WHERE "left" = :eid OR "right" = :eid'
)
_records = (
    "SELECT r.seq, r.salt, r.body FROM records r JOIN names n ON n.number = r.kind AND n.space = :space"
    " WHERE n.name {which} ORDER BY r.seq"
)
_orphans = text(
    "SELECT e.eid FROM entities e WHERE e.eid IN :eids"
    " AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.subject = e.eid OR c.object = e.eid)"
    ' AND NOT EXISTS (SELECT 1 FROM sames s WHERE s."left" = e.eid OR s."right" = e.eid)'
).bindparams(bindparam("eids", expanding=True))


@dataclass(slots=True, kw_only=True)
class Found:
    """What the ledger holds about an entity.

    Attributes:
        eid: its number, or None where only texts mention it.
        words: the spellings under which it stands in records and captures.
        records: ids of the records that mention it, by position.
        captures: SHA-256 of the captures in which its claims stand, and of the archives these came in.
        organisations: who recorded them.
        whole: a person's name of two to four Chinese, Japanese or Korean letters without blanks, else empty.
    """

    eid: int | None
    words: list[str] = field(default_factory=list)
    records: dict[int, bytes] = field(default_factory=dict)
    captures: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    whole: str = ""

    @property
    def sought(self) -> list[str]:
        """Those words that are looked for in texts: of five characters or more, or such a name as a whole."""
        whole = self.whole
        return [one for one in self.words if len(one) >= SHORTEST or (whole and joined(one) == whole)]


def find(connection: Connection, entity: Entity) -> Found:
    """Everything recorded about an entity, whoever may see it; the texts of all records are searched too.

    Values shorter than five characters stand in any text: they are looked for where a record names the
    entity, as `["kind","value"]` or `kind:value`. But a person's name of two to four Chinese, Japanese or
    Korean letters is looked for as others are, with the blanks of its value or without; never a part of it.
    """
    found = Found(eid=entity_number(connection, entity), words=[entity.value], whole=_whole(entity))
    if found.whole and found.whole != entity.value:
        found.words.append(found.whole)
    bodies = dict(_linked_bodies(connection, found.eid)) if found.eid is not None else {}
    for body in bodies.values():
        raw = _raw_of(entity, body)
        if raw and raw not in found.words:
            found.words.append(raw)
    for word in found.sought:
        bodies.update(_mentions(connection, surest(word), in_records(word)))
    if entity.value not in found.sought:
        bodies.update(_mentions(connection, surest(entity.value), as_entity(*entity)))
    for seq, body in bodies.items():
        _enter(connection, found, seq, body)
    return found


def holds_entity(connection: Connection, entity: Entity) -> bool:
    """Whether the projections name the entity, whoever may see it."""
    return entity_number(connection, entity) is not None


def bodies_of(connection: Connection, kind: str) -> Iterator[tuple[int, bytes, bytes]]:
    """Position, id and bytes of every record of a kind that nothing was erased of, whoever may see it."""
    rows = connection.execute(
        text(
            "SELECT r.seq, r.id, r.body FROM others o JOIN names n ON n.number = o.kind AND n.space = :space"
            " JOIN records r ON r.seq = o.seq WHERE n.name = :kind AND length(r.body) > 0 ORDER BY r.seq"
        ),
        {"space": int(Space.RECORD), "kind": kind},
    )
    for part in rows.partitions(CHUNK):
        yield from ((int(row.seq), bytes(row.id), bytes(row.body)) for row in part)


def _linked_bodies(connection: Connection, eid: int) -> Iterator[tuple[int, bytes]]:
    seqs = [int(row[0]) for row in connection.execute(_linked, {"eid": eid})]
    sql = text("SELECT seq, salt, body FROM records WHERE seq IN :seqs").bindparams(
        bindparam("seqs", expanding=True)
    )
    for part in _parts(seqs):
        yield from _open(connection, connection.execute(sql, {"seqs": part}).all())


def _open(connection: Connection, rows: Any) -> Iterator[tuple[int, bytes]]:
    bodies = opened(connection, [(row.salt, row.body) for row in rows])
    for row, body in zip(rows, bodies, strict=True):
        if body:
            yield int(row.seq), body


def _whole(entity: Entity) -> str:
    return joined(entity.value) if entity.kind == "person" else ""


def _mentions(connection: Connection, holding: str, written: str) -> Iterator[tuple[int, bytes]]:
    """Records in which a word stands as it may be written, sealed or not.

    The data base looks for the longest part of it whose case it knows how to ignore, which is ASCII.
    """
    pattern = holding.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    asked = {"space": int(Space.RECORD), "sealed": f"{SEALED}%", "word": f"%{pattern}%"}
    like = f"{body_text(connection)} {any_case(connection)} :word ESCAPE '\\'"
    alone = re.compile(written, re.IGNORECASE)
    for which in (f"NOT LIKE :sealed AND {like}", "LIKE :sealed"):
        rows = connection.execute(text(_records.format(which=which)), asked)
        for part in rows.partitions(CHUNK):
            for seq, body in _open(connection, part):
                if alone.search(body.decode()) and not read_envelope(body).kind.startswith(KEPT):
                    yield seq, body


def _raw_of(entity: Entity, body: bytes) -> str:
    envelope = read_envelope(body)
    if envelope.kind != CLAIM:
        return ""
    said = msgspec.json.decode(envelope.payload)
    return str(said.get("raw", "")) if tuple(said["subject"]) == tuple(entity) else ""


def _enter(connection: Connection, found: Found, seq: int, body: bytes) -> None:
    envelope = read_envelope(body)
    name = connection.execute(text("SELECT id FROM records WHERE seq = :seq"), {"seq": seq}).scalar_one()
    found.records[seq] = bytes(name)
    found.organisations.add(envelope.organisation)
    if envelope.kind == CLAIM:
        capture = str(msgspec.json.decode(envelope.payload)["capture"])
        if capture not in found.captures:
            found.captures.add(capture)
            found.captures.update(_containers(connection, capture))


def _containers(connection: Connection, capture: str) -> set[str]:
    """The archives in which a capture came."""
    rows = connection.execute(
        text("SELECT r.body FROM captures c JOIN records r ON r.seq = c.seq WHERE c.sha256 = :sha256"),
        {"sha256": capture},
    ).all()
    bodies = [read_envelope(row.body).payload for row in rows if row.body]
    return {str(said["container"]) for said in map(msgspec.json.decode, bodies) if said.get("container")}


def blank(connection: Connection, seqs: Iterable[int], eids: Iterable[int] = ()) -> None:
    """Destroy records' bytes, what the projections say of them, and entities that nothing names then.

    A publisher of whom nothing is said any more is forgotten too: it may bear somebody's name. An entity of
    whom a sealed record speaks that stays keeps its key, without which nobody could read that record.
    """
    connection.execute(_blanked)
    wanted = sorted(set(seqs))
    ends = set(eids)
    for part in _parts(wanted):
        given = {"seqs": part, "nothing": b""}
        ends.update(_ends(connection, part))
        for sql in _BLANKING:
            connection.execute(sql, given)
    for part in _parts(sorted(ends)):
        orphans = _unspoken(connection, [int(row[0]) for row in connection.execute(_orphans, {"eids": part})])
        for sql in _FORGETTING:
            if orphans:
                connection.execute(sql, {"eids": orphans})
    connection.execute(_unsaid)
    connection.execute(_unheard, {"space": int(Space.ORIGIN)})
    for part in _parts(sorted(ends)):
        connection.execute(_unshown, {"eids": part})
    shown.rebuild(connection)


def _unspoken(connection: Connection, eids: list[int]) -> list[int]:
    """Those of these entities under whose keys no record is sealed but claims and identity judgements."""
    rows = connection.execute(_keys_of, {"eids": eids}).all() if eids else []
    named = {bytes(key).hex(): int(eid) for eid, key in rows}
    spoken: set[int] = set()
    if named:
        asked = {"space": int(Space.RECORD), "sealed": f"{SEALED}%"}
        for part in connection.execute(_sealed, asked).partitions(CHUNK):
            keys = (key for (body,) in part for key in read_sealed(read_envelope(body).payload).keys)
            spoken.update(named[key] for key in keys if key in named)
    return [eid for eid in eids if eid not in spoken]


def _in(sql: str, name: str) -> Any:
    return text(sql).bindparams(bindparam(name, expanding=True))


_BLANKING = tuple(
    _in(sql, "seqs")
    for sql in (
        "DELETE FROM claims WHERE seq IN :seqs",
        "DELETE FROM sames WHERE seq IN :seqs",
        "DELETE FROM others WHERE seq IN :seqs",
        "DELETE FROM votes WHERE record IN :seqs",
        "DELETE FROM recalls WHERE record IN :seqs",
        "UPDATE captures SET path = '' WHERE seq IN :seqs",
        "UPDATE records SET salt = :nothing, body = :nothing WHERE seq IN :seqs",
    )
)
_FORGETTING = tuple(
    _in(sql, "eids")
    for sql in ("DELETE FROM subject_keys WHERE eid IN :eids", "DELETE FROM entities WHERE eid IN :eids")
)
_blanked = text(  # what an appender remembers of before may be gone
    "INSERT INTO facts (name, value) VALUES ('blanked', '1') ON CONFLICT (name)"
    " DO UPDATE SET value = CAST(CAST(facts.value AS INTEGER) + 1 AS VARCHAR)"
)
_keys_of = _in("SELECT eid, id FROM subject_keys WHERE eid IN :eids", "eids")
_sealed = text(
    "SELECT r.body FROM others o JOIN names n ON n.number = o.kind AND n.space = :space"
    " JOIN records r ON r.seq = o.seq WHERE n.name LIKE :sealed AND length(r.body) > 0"
)
_unsaid = text(
    "DELETE FROM provenances WHERE NOT EXISTS"
    " (SELECT 1 FROM claims c WHERE c.provenance = provenances.number)"
)
_unheard = text("DELETE FROM names WHERE space = :space AND number NOT IN (SELECT origin FROM provenances)")
_unshown = _in(
    "DELETE FROM shown WHERE marking IN (SELECT number FROM markings) AND eid IN :eids"
    " AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.subject = shown.eid AND c.marking = shown.marking)"
    " AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.object = shown.eid AND c.marking = shown.marking)",
    "eids",
)
_claim_ends = _in("SELECT subject, object FROM claims WHERE seq IN :seqs", "seqs")
_same_ends = _in('SELECT "left", "right" FROM sames WHERE seq IN :seqs', "seqs")


def _ends(connection: Connection, seqs: list[int]) -> set[int]:
    rows = [*connection.execute(_claim_ends, {"seqs": seqs}), *connection.execute(_same_ends, {"seqs": seqs})]
    return {int(end) for row in rows for end in row if end is not None}


def scrub(engine: Engine) -> None:
    """Leave no byte of what was deleted in the tables' files, their free pages or SQLite's write-ahead log.

    Nobody writes meanwhile: whoever wants to waits, and is told of success afterwards.
    PostgreSQL's own log and the copies that its keeper makes of its files are not within reach from here.

    Raises:
        LedgerError: another program reads the file, so that its log cannot be emptied yet.
    """
    if engine.dialect.name == "postgresql":
        postgres.rewrite(engine)
        return
    file = Path(str(engine.url.database))
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        connection.rollback()
        _rewrite(raw, file)


def _rewrite(raw: sqlite3.Connection, file: Path) -> None:
    if not turn.rewrite(raw, file.parent):
        raise LedgerError(
            "another program reads the atlas, so that its old pages are still there",
            place=str(file),
            mend="stop the other programs, then chokepoint erase --finish",
        )


def forget_accounts(file: Path) -> None:
    """Empty what the web desk remembers of files that were brought in: their accounts may quote anybody.

    Args:
        file: the desk's register; nothing is done where there is none, or none with accounts.

    Raises:
        LedgerError: another program reads the register, so that its log cannot be emptied yet.
    """
    if not file.is_file():
        return
    with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as register:
        register.execute("PRAGMA secure_delete=ON")
        if register.execute("SELECT 1 FROM sqlite_schema WHERE name = 'gatherings'").fetchone():
            register.execute("DELETE FROM gatherings WHERE state NOT IN ('waiting', 'reading')")
            _rewrite(register, file)


def _parts(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]
