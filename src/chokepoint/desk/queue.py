"""`review list`: what waits for the viewer's word, that first of which a vote changes most.

The order is made from the evidence and the shape of the viewer's map alone. Others' votes on open claims have
no part in it, so that nothing can be told from it about them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.member import everybody
from chokepoint.desk.standing import of_claims, veiled
from chokepoint.desk.watch.access import saw
from chokepoint.model.judgement import Verdict
from chokepoint.model.vocabulary import vocabulary
from chokepoint.vet.policy import VERDICTS
from chokepoint.vet.queue import place, sampled, value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.snapshot import Snapshot
    from chokepoint.store.base import StoredClaim

    Floats = NDArray[np.float64]

OPEN = [VERDICTS.index(one) for one in (Verdict.PROPOSED, Verdict.DISPUTED, Verdict.EXPIRED)]
ACCEPTED = VERDICTS.index(Verdict.ACCEPTED)
AUDIT = 0.05
"""Worth of a vote on a sampled accepted statement, beside that of a decisive one: it measures the voters."""
EVERY = 10**9
KEY = b"queue"


def queue(atlas: Atlas, *, limit: int = 40) -> list[StoredClaim]:
    """Claims of other members on which the viewer's organisation has not voted, most worth a vote first.

    One claim speaks for its statement. Statements that the organisation contributed to or has voted on, and
    decided ones apart from a sample of the accepted, are left out.
    """
    snapshot = load_snapshot(atlas).snapshot
    reader = atlas.reader
    with reader.connect() as connection:
        waiting = np.array(sorted(reader.unvoted(connection, limit=EVERY)), np.int64)
        rows, first = _waiting(snapshot, waiting)
        worth = _worth(atlas, snapshot, rows)
        order = np.lexsort((first, -worth))
        order = order[worth[order] > 0][:limit]
        chosen = first[order].tolist()
        found = {one.seq: one for one in reader.claims(connection, chosen)}
        standing = of_claims(reader, connection, list(found.values()))
        saw(atlas, "review", "", [found[seq].claim.subject for seq in chosen])
        return [veiled(found[seq], standing[seq]) for seq in chosen]


def _waiting(snapshot: Snapshot, waiting: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Statements all of whose claims wait for the viewer's word, and the oldest claim of each."""
    pointer, seqs = np.asarray(snapshot.claim_pointer), np.asarray(snapshot.claim_seq)
    if len(pointer) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    waits = np.isin(seqs, waiting)
    rows = np.flatnonzero(np.logical_and.reduceat(waits, pointer[:-1]))
    return rows, np.minimum.reduceat(seqs, pointer[:-1])[rows]


def _worth(atlas: Atlas, snapshot: Snapshot, rows: NDArray[np.int64]) -> Floats:
    """Worth of the viewer's vote on each statement; 0 for what is decided and not sampled."""
    known = everybody(atlas)
    member = known.get(atlas.viewer.organisation)
    names = [f"{row}".encode() for row in rows.tolist()]  # ledger positions would tell of hidden records
    slot = place(names, KEY, list(known).index(member.name) if member else 0, of=len(known))
    sector = member.sector.value if member and member.sector else ""
    weight = _weight(snapshot, rows) * _expertise(snapshot, rows, sector)
    verdict = np.asarray(snapshot.verdict)[rows]
    belief = np.asarray(snapshot.belief, np.float64)[rows]
    worth = value(belief, slot, weight)
    audit = (verdict == ACCEPTED) & sampled(names, KEY)
    return np.where(np.isin(verdict, OPEN), worth, np.where(audit, AUDIT * weight, 0.0))


def _weight(snapshot: Snapshot, rows: NDArray[np.int64]) -> Floats:
    """What rests on each statement: what hangs on the lesser of its ends, more where a lever can be pulled.

    Paths, findings and choke points run through statements that join two well-connected things.
    """
    degree = np.diff(np.asarray(snapshot.pointer)).astype(np.float64)
    ends = [np.asarray(end)[rows] for end in (snapshot.subject, snapshot.object)]
    lesser = np.minimum(degree[ends[0]], degree[ends[1]])
    kinds = vocabulary().kinds
    lever = np.array([name in kinds and bool(kinds[name].levers) for name in snapshot.kind_names], np.bool_)
    struck = np.any([lever[np.asarray(snapshot.kind)[end]] for end in ends], axis=0)
    return np.asarray(lesser * np.where(struck, 2.0, 1.0))


def _expertise(snapshot: Snapshot, rows: NDArray[np.int64], sector: str) -> Floats:
    """A little more for things on which members of this sector can act: they know them best."""
    kinds = vocabulary().kinds
    near = np.array(
        [
            name in kinds and any(lever.sector == sector for lever in kinds[name].levers)
            for name in snapshot.kind_names
        ],
        np.bool_,
    )
    kind = np.asarray(snapshot.kind)
    ends = [near[kind[np.asarray(end)[rows]]] for end in (snapshot.subject, snapshot.object)]
    return np.where(np.any(ends, axis=0), 1.1, 1.0)
