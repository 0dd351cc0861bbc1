"""Projections: what is written beside the ledger so that it can be asked questions quickly.

Everything here can be rebuilt by reading the ledger from the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chokepoint.model.identity import Entity
from chokepoint.store import people
from chokepoint.store.base import CIRCLE, IDENTITY, REMARKING, grade_codes
from chokepoint.store.circles import Speaking, project_circle, project_remarking
from chokepoint.store.interning import Space
from chokepoint.store.judging import Ballot, project_recall
from chokepoint.store.versions import newest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.model.claim import Provenance
    from chokepoint.store.base import ClaimRow
    from chokepoint.store.batch import Batch, Written

SAMENESS = {"same": 1, "different": -1, "unsure": 0}
MAPPED = frozenset(
    {"vote", "recall", "identity", "period", "organisation", "member", "calibration", "policy", "draw"}
)
"""Families of records that a map is made of; those of any other leave every snapshot as it is."""


def project_claims(batch: Batch, first: int, rows: Sequence[ClaimRow], captures: dict[str, int]) -> None:
    """Enter claims into the tables.

    Args:
        batch: that the claims were written to.
        first: position of the first of them.
        rows: the claims, in order.
        captures: captures' positions by SHA-256.
    """
    interner = batch.interner
    wanted = {row.subject for row in rows}
    wanted.update([row.object for row in rows if row.object is not None])
    eids = interner.entities(wanted)
    sources: dict[int, tuple[int, int]] = {}
    properties: dict[str, int] = {}
    out = []
    for seq, row in enumerate(rows, first):
        _, fingerprint, subject, name, thing, source, start, end, assessment = row
        known = sources.get(id(source))
        if known is None:
            known = sources[id(source)] = _provenance(batch, source, captures)
        prop = properties.get(name)
        if prop is None:
            prop = properties[name] = interner.name(Space.PROPERTY, name)
        about = None if thing is None else eids[thing]
        out.append((seq, eids[subject], prop, about, known[0], start, end, assessment, fingerprint, known[1]))
    batch.connection.exec_driver_sql("INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", out)
    markings = [marking for _, marking in sources.values()]
    for marking in sorted(set(markings)):
        if len(set(markings)) > 1:  # the whole batch seldom lies under several
            own = {number for number, (_, under) in sources.items() if under == marking}
            wanted = {
                end
                for row in rows
                if id(row.provenance) in own
                for end in (row.subject, row.object)
                if end is not None
            }
        interner.show(marking, map(eids.__getitem__, wanted))


def _provenance(batch: Batch, source: Provenance, captures: dict[str, int]) -> tuple[int, int]:
    """The numbers of a provenance and of its marking."""
    marking = batch.marking(source.marking)
    batch.sheet.touched[marking] = batch.next - 1
    number = batch.interner.provenance(
        captures[source.capture], marking, source.origin, grade_codes(source.grading)
    )
    return number, marking


def project_record(batch: Batch, record: Written) -> None:
    """Enter a record into its tables, votes when the sheet is; kinds without one live in the ledger alone."""
    family = record.kind.rpartition("/")[0]
    if family in MAPPED:
        batch.sheet.touched[record.marking] = record.seq
    if family == "vote":
        said = newest(record.kind, record.payload)
        batch.sheet.ballots.append(Ballot(record.seq, said, batch.owner, record.marking))
    else:
        _project(batch, record, family)


def _project(batch: Batch, record: Written, family: str) -> None:
    kind, payload, speaker = record.kind, record.payload, batch.speaker
    by = Speaking(record.seq, batch.owner, speaker.organisation, speaker.user)
    if kind == CIRCLE:
        project_circle(batch.connection, msgspec.json.decode(payload), by)
    elif kind in people.KINDS:
        people.project_people(batch.connection, kind, msgspec.json.decode(payload), by)
    elif kind == REMARKING:
        project_remarking(batch.connection, batch.interner, msgspec.json.decode(payload), by)
    elif family == "recall":
        project_recall(batch.connection, record.seq, newest(kind, payload), (batch.owner, record.marking))
    elif kind == IDENTITY:
        _project_same(batch, record)


def _project_same(batch: Batch, record: Written) -> None:
    said = msgspec.json.decode(record.payload)
    pair = [Entity(*said[side]) for side in ("left", "right")]
    eids = batch.interner.entities(pair)
    batch.connection.exec_driver_sql(
        "INSERT INTO sames VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.seq,
            eids[pair[0]],
            eids[pair[1]],
            batch.owner,
            SAMENESS[said["sameness"]],
            said.get("permille", 1000),
            said.get("reason", ""),
            record.marking,
        ),
    )
