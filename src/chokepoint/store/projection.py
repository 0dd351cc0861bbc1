"""Projections: what is written beside the ledger so that it can be asked questions quickly.

Everything here can be rebuilt by reading the ledger from the start.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from chokepoint.model.identity import Entity
from chokepoint.store import people
from chokepoint.store.base import CIRCLE, IDENTITY, REMARKING, grade_codes
from chokepoint.store.circles import Speaking, project_circle, project_remarking
from chokepoint.store.interning import Space
from chokepoint.store.judging import Ballot, project_recall
from chokepoint.store.versions import newest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from chokepoint.model.claim import Provenance
    from chokepoint.store.base import ClaimRow
    from chokepoint.store.batch import Batch, Written
    from chokepoint.store.interning import Interner

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
    numbers = batch.interner.numbers([row.subject for row in rows] + [row.object for row in rows])
    sources: dict[int, tuple[int, int]] = {}
    properties: dict[str, int] = {}
    out, markings = [], []
    for row, seq, subject, thing in zip(rows, count(first), numbers, numbers[len(rows) :], strict=False):
        _, fingerprint, _, name, _, source, start, end, assessment = row
        known = sources.get(id(source))
        if known is None:
            known = sources[id(source)] = _provenance(batch, source, captures)
        prop = properties.get(name)
        if prop is None:
            prop = properties[name] = batch.interner.name(Space.PROPERTY, name)
        number, marking = known
        out.append((seq, subject, prop, thing or None, number, start, end, assessment, fingerprint, marking))
        markings.append(marking)
    batch.connection.exec_driver_sql("INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", out)
    _show(batch.interner, np.array(numbers, np.int64).reshape(2, -1), np.array(markings, np.int64))


def _show(interner: Interner, ends: NDArray[np.int64], markings: NDArray[np.int64]) -> None:
    """Note for each marking of whom the claims under it speak: (2, claims) and (claims,)."""
    for marking in np.unique(markings).tolist():
        interner.show(marking, ends[:, markings == marking].ravel())


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
