"""Claims, captures, identity judgements and the list of all other records, held against the log."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from chokepoint.model.source import Grading
from chokepoint.store.agreement.tables import one_each, wrong
from chokepoint.store.base import CAPTURE, CLAIM, IDENTITY, ClaimPayload, day_number, grade_codes
from chokepoint.store.columns import rows_of
from chokepoint.store.projection import SAMENESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from chokepoint.store.agreement.tables import Part, Read, Tables

_claims = msgspec.json.Decoder(ClaimPayload)
_CLAIMS = (
    'SELECT c.seq, s.kind, s.value, c.property, o.kind, o.value, c.provenance, c.start, c."end",'
    " c.assessment, c.fingerprint, c.marking, c.object FROM claims c"
    " LEFT JOIN entities s ON s.eid = c.subject LEFT JOIN entities o ON o.eid = c.object"
    " WHERE c.seq >= ? AND c.seq < ?"
)
_OTHERS = "SELECT seq, kind, marking FROM others WHERE seq >= ? AND seq < ?"
_CAPTURES = "SELECT seq, sha256, path, owner, marking FROM captures WHERE seq >= ? AND seq < ?"
_SAMES = (
    "SELECT t.seq, l.kind, l.value, r.kind, r.value, t.organisation, t.sameness, t.permille, t.reason,"
    ' t.marking FROM sames t LEFT JOIN entities l ON l.eid = t."left"'
    ' LEFT JOIN entities r ON r.eid = t."right" WHERE t.seq >= ? AND t.seq < ?'
)


def check_claims(connection: Connection, tables: Tables, part: Part) -> None:
    """Each claim's ends, property, period, source, grades, fingerprint and marking."""
    for one, row in one_each(connection, _CLAIMS, part, CLAIM.__eq__):
        source, marking = tables.sources.get(row[6]), row[11]
        is_under = source is not None and source.marking == marking and tables.is_under(one, marking)
        if not is_under or _row_of(tables, row) != _row_said(one, tables.key(one.said.organisation)):
            raise wrong(row[0], "another thing")


def _row_of(tables: Tables, row: Sequence[Any]) -> tuple[Any, ...]:
    """A claim as the tables have it."""
    _, subject_kind, subject, name, kind, value, number, start, end, assessment, fingerprint, _, thing = row
    kinds = tables.kinds
    return (
        (kinds.get(subject_kind), subject),
        tables.properties.get(name),
        None if thing is None else (kinds.get(kind), value),
        tables.sources[number][:4],
        (start, end),
        assessment,
        fingerprint,
    )


def _row_said(one: Read, key: bytes) -> tuple[Any, ...]:
    """The same as the log has it."""
    payload = one.said.payload
    said = _claims.decode(payload)
    thing, observed = said.object, said.observed
    return (
        said.subject,
        said.property,
        None if isinstance(thing, str) else thing,
        (said.capture, one.told.owner, said.origin, _codes(said.grading)),
        (_day(observed[0]), _day(observed[1])) if observed else (None, None),
        said.nature != "fact",
        int.from_bytes(blake2b(payload, digest_size=8, key=key).digest(), "big", signed=True),
    )


_day = lru_cache(maxsize=4096)(day_number)


@lru_cache(maxsize=1024)
def _codes(grading: tuple[str, str, str]) -> tuple[int, int]:
    return grade_codes(Grading(*grading))


def check_others(connection: Connection, tables: Tables, part: Part) -> None:
    """Each other record's kind and marking."""
    for one, (seq, kind, marking) in one_each(connection, _OTHERS, part, CLAIM.__ne__):
        if kind != one.told.kind or not tables.is_under(one, marking):
            raise wrong(seq, "another kind or marking")


def check_captures(connection: Connection, tables: Tables, part: Part) -> None:
    """Each capture's hash, path and owner."""
    span, read = part
    due = {seq for seq, one in read.items() if one.said.kind == CAPTURE}
    for seq, sha256, path, owner, marking in list(rows_of(connection, _CAPTURES, span)):
        if seq not in read:  # erased: which capture it was stays, for the tombstone names it
            continue
        one = read[seq]
        said = msgspec.json.decode(one.said.payload) if one.said.kind == CAPTURE else {}
        right = (said.get("sha256"), said.get("path"), one.told.owner)
        if seq not in due or (sha256, path, owner) != right or not tables.is_under(one, marking):
            raise wrong(seq, "another capture")
        due.discard(seq)
    if due:
        raise wrong(min(due), "nothing of it")


def check_sames(connection: Connection, tables: Tables, part: Part) -> None:
    """Each identity judgement's ends, voice and word."""
    for one, row in one_each(connection, _SAMES, part, IDENTITY.__eq__):
        seq, *ends, organisation, sameness, permille, reason, marking = row
        said = msgspec.json.decode(one.said.payload)
        right = (
            tuple(said["left"]),
            tuple(said["right"]),
            one.told.owner,
            SAMENESS[said["sameness"]],
            said.get("permille", 1000),
            said.get("reason", ""),
        )
        found = (tables.entity(*ends[:2]), tables.entity(*ends[2:]), organisation, sameness, permille, reason)
        if found != right or not tables.is_under(one, marking):
            raise wrong(seq, "another judgement")
