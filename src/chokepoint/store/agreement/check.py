"""Each record of the log once more, held against the rows that it made.

The log proves itself by hashes and signatures; the tables are made from it and bear none. So each record is
read once more and held against the rows that it made: the claim's ends, period, source and grades, whose vote
it was and for what, whose keys seal it. What is erased has no rows. A record that its originator marked anew
since may lie under another marking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.proof.sealing import SEALED, read_sealed
from chokepoint.store.agreement.claims import check_captures, check_claims, check_others, check_sames
from chokepoint.store.agreement.tables import MEND, Read, wrong
from chokepoint.store.agreement.votes import check_recalls, check_votes
from chokepoint.store.base import CLAIM, ends_of
from chokepoint.store.canonical import read_envelope
from chokepoint.store.subjects import keys_held, opened, personal_in, personal_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from chokepoint.store.agreement.tables import Tables, Told
    from chokepoint.store.canonical import Envelope


def check_agreement(connection: Connection, tables: Tables, told: Sequence[Told]) -> None:
    """Hold neighbouring records of the log against the tables.

    Raises:
        LedgerError: the first record of which they say something else.
    """
    sealed = [one for one in told if one.said is not None and one.said.kind.startswith(SEALED)]
    found = _unsealed(connection, sealed)
    read = {one.seq: Read(one, found.get(one.seq, one.said)) for one in told if one.said is not None}
    _check_keys(connection, tables, [read[one.seq] for one in sealed])
    span = told[0].seq, told[-1].seq + 1
    for check in (check_claims, check_others, check_captures, check_sames, check_votes, check_recalls):
        check(connection, tables, (span, read))


def _unsealed(connection: Connection, sealed: Sequence[Told]) -> dict[int, Envelope]:
    """What they say, by position."""
    try:
        bodies = opened(connection, [(one.salt, one.body) for one in sealed])
    except LedgerError as error:
        if len(sealed) == 1:
            raise LedgerError(error.reason, place=f"record {sealed[0].seq}", mend=MEND) from None
        for one in sealed:  # which of them it is
            _unsealed(connection, [one])
        raise
    found = {}
    for one, body in zip(sealed, bodies, strict=True):
        if body is None:
            raise LedgerError("it is sealed under a key that is gone", place=f"record {one.seq}", mend=MEND)
        found[one.seq] = read_envelope(body)
    return found


def _check_keys(connection: Connection, tables: Tables, sealed: Sequence[Read]) -> None:
    """Each sealed record lies under the keys of whom it is about: to erase one destroys what is theirs.

    Under no other's, but perhaps not under those of all: a kind may have become personal since.
    """
    named = {one.told.seq: read_sealed(read_envelope(one.told.body).payload).keys for one in sealed}
    held = keys_held(connection, {name for names in named.values() for name in names})
    for one in sealed:
        kind, payload = one.said.kind, one.said.payload
        ends = ends_of(payload) if kind == CLAIM else personal_in(kind, payload)
        about = {end for end in ends if end.kind in personal_kinds()}
        names = named[one.told.seq]
        whose = {Entity(*tables.entity(*held[name])) for name in names}
        if len(whose) < len(names) or not whose <= about:
            raise wrong(one.told.seq, "that another's key seals it")
