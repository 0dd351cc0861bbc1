"""`review list`: what waits for the viewer's word, that first of which a vote changes most.

The order is made from the evidence, the value chain and the shape of the viewer's map alone. Others' votes on
open claims have no part in it, so that nothing can be told from it about them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.choke.passing import passing
from chokepoint.choke.script import read_script
from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.handing.dissemination import bound
from chokepoint.desk.member import everybody
from chokepoint.desk.personal.cover import shown, spoken_of
from chokepoint.desk.personal.words import cover_of
from chokepoint.desk.vetting.draw import drawn_at
from chokepoint.desk.vetting.rules import calibration, ties_now
from chokepoint.desk.vetting.standing import standings, veiled
from chokepoint.desk.watch.access import saw
from chokepoint.model.judgement import Verdict
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store import ids
from chokepoint.store.judged import mates
from chokepoint.vet.belief import telling
from chokepoint.vet.policy import VERDICTS
from chokepoint.vet.queue import Voices, place, sampled, value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.vetting.standing import Standing
    from chokepoint.graph.snapshot import Snapshot
    from chokepoint.store.base import StoredClaim

    Floats = NDArray[np.float64]

OPEN_VERDICTS = (Verdict.PROPOSED, Verdict.DISPUTED, Verdict.EXPIRED)
WAITING = frozenset({*OPEN_VERDICTS, Verdict.ACCEPTED})
OPEN = [VERDICTS.index(one) for one in OPEN_VERDICTS]
ACCEPTED = VERDICTS.index(Verdict.ACCEPTED)
AUDIT = 0.05
"""Worth of a vote on a sampled accepted statement, beside that of a decisive one: it measures the voters."""
DECISIVE = 20.0
"""Weight of all that passes from victims to cash-outs, beside that of the best-connected ends."""
PACKAGED = 0.2
"""Share of it that a claim in a package stands for: whoever relies on it must be told when it falls."""
KEY = 20_260_203
PART = 20_000
"""Statements for which places in the orders of members are drawn at first."""
SPARE = 60
"""Claims beyond those wanted that are looked at where some may have been decided since the order was made."""
AGAIN = 5.0
"""Seconds for which the map may be late where one that is later leaves too few. At 0, whoever has nothing
to vote on had it made anew whenever they look."""
KEPT = 4
"""Maps of which is remembered what rests on each statement."""
_kept: dict[tuple[str, int, int], tuple[Floats, Floats]] = {}
_mutex = Lock()


def queue(
    atlas: Atlas, *, limit: int = 40, order: Callable[[Atlas], Sequence[int]] | None = None
) -> list[StoredClaim]:
    """Claims of other members on which the viewer's organisation has not voted, most worth a vote first.

    One claim speaks for its statement. Statements that the organisation contributed to or has voted on, and
    decided ones apart from a sample of the accepted, are left out, as they stand now even if the map is late.

    Args:
        atlas: as the viewer; as late as the order may be.
        limit: claims at most.
        order: gives what `order_of` does, `limit + SPARE` positions where there are so many.
    """
    late, reader = atlas.late > AGAIN, atlas.reader
    chosen = order(atlas) if order else order_of(atlas, most=limit + (SPARE if late else 0))
    with reader.connect() as connection:
        found = {one.seq: one for one in reader.claims(connection, mates(reader, connection, chosen))}
        standing = standings(reader, connection, list(found.values()))
        open_ = [seq for seq in chosen if seq in found and _waits(standing[seq])]
        if late and (not open_ or len(open_) < min(limit, len(chosen) - SPARE)):
            again = replace(atlas, late=AGAIN)  # more may lie behind what is left
            return queue(again, limit=limit, order=order)
        shown_first = open_[:limit]
        saw(atlas, "review", "", [found[seq].claim.subject for seq in shown_first])
        waits = [veiled(found[seq], standing[seq]) for seq in shown_first]
    texts = [one.claim.object for one in waits if isinstance(one.claim.object, str)]
    cover = cover_of(atlas, spoken_of(waits), texts)
    return [shown(one, cover) for one in waits]


def order_of(atlas: Atlas, *, most: int) -> tuple[int, ...]:
    """Ledger positions of the claims that are most worth the viewer's vote, by their map. Logs nothing."""
    return tuple(_chosen(atlas, load_snapshot(atlas).snapshot, most))


def _waits(standing: Standing) -> bool:
    """Whether a statement is still to be voted on, or one of the accepted that were sampled."""
    return not standing.spoken and standing.verdict in WAITING


def _chosen(atlas: Atlas, snapshot: Snapshot, limit: int) -> list[int]:
    """Ledger positions of the claims that are most worth the viewer's vote, in order.

    A place in a statement's order of members costs more to draw than all else together. So it is drawn for
    those alone that are worth most at the first place, and for more until no other can be among the best.
    """
    rows = np.flatnonzero(~np.asarray(snapshot.spoken))
    first = np.asarray(snapshot.claim_seq)[np.asarray(snapshot.claim_pointer)[rows]]
    weighed = _weighed(atlas, snapshot, rows)
    part, size = PART, len(rows)
    while True:
        near = np.arange(size)
        if part < size:
            near = np.argpartition(weighed.most, size - part)[size - part :]
        rest = weighed.most[near].min(initial=np.inf)
        near = np.union1d(near, np.flatnonzero(weighed.drawn))
        worth = weighed.worth(near)
        order = np.lexsort((first[near], -worth))[:limit]
        order = order[worth[order] > 0]
        if part >= size or len(order) == limit == 0 or (len(order) == limit and worth[order[-1]] > rest):
            return [int(seq) for seq in first[near][order]]
        part *= 4


class _Weighed(NamedTuple):
    """R statements that wait: all that their worth hangs on.

    Attributes:
        most: float64 (R,), worth of a vote at the first place; 0 for what is decided and not sampled.
        drawn: bool (R,), at which the viewer was drawn to look. open: bool (R,).
        belief, weight: float64 (R,). names: uint64 (R,), by which lots are drawn.
        member: number of the viewer. voices: of all members.
    """

    most: Floats
    drawn: NDArray[np.bool_]
    open: NDArray[np.bool_]
    belief: Floats
    weight: Floats
    names: NDArray[np.uint64]
    member: int
    voices: Voices

    def worth(self, at: NDArray[np.int64]) -> Floats:
        """Worth of the viewer's vote on some of them, at its own place in the order of each."""
        slot = place(self.names[at], KEY, self.member, voices=self.voices)
        worth = np.where(self.open[at], value(self.belief[at], slot, self.weight[at]), self.most[at])
        return np.where(self.drawn[at], np.maximum(worth, worth.max(initial=0.0) / 2), worth)


def _weighed(atlas: Atlas, snapshot: Snapshot, rows: NDArray[np.int64]) -> _Weighed:
    known = everybody(atlas)
    member = known.get(atlas.viewer.organisation)
    sector = member.sector.value if member and member.sector else ""
    weight = _weight(atlas, snapshot)[rows] * _expertise(snapshot, rows, sector)
    verdict = np.asarray(snapshot.verdict)[rows]
    names = rows.astype(np.uint64)  # ledger positions would tell of hidden records
    audit = (verdict == ACCEPTED) & sampled(names, KEY)
    is_open = np.isin(verdict, OPEN)
    belief = np.asarray(snapshot.belief, np.float64)[rows]
    at_best = value(belief, np.zeros(len(rows), np.int64), weight)
    return _Weighed(
        most=np.where(is_open, at_best, np.where(audit, AUDIT * weight, 0.0)),
        drawn=_drawn(atlas, snapshot)[rows],
        open=is_open,
        belief=belief,
        weight=weight,
        names=names,
        member=list(known).index(member.name) if member else 0,
        voices=_voices(atlas, list(known)),
    )


def _voices(atlas: Atlas, members: list[str]) -> Voices:
    """Who is one with whom, and whose confirmations tell nothing, by what profiles and records say."""
    reader = atlas.reader
    with reader.connect() as connection:
        numbers = {name: number for number, name in reader.organisations(connection).items()}
        published = calibration(reader, connection)
        family = ties_now(reader, connection, {}).family
    at = np.array([numbers[name] for name in members], np.int64)
    mute = [not telling(published.of(name)) for name in members]
    return Voices(family[at], np.array(mute, np.bool_))


def _drawn(atlas: Atlas, snapshot: Snapshot) -> NDArray[np.bool_]:
    """Statements at which the viewer was drawn to look, (S,)."""
    reader = atlas.reader
    with reader.connect() as connection:
        return _holding(snapshot, drawn_at(reader, connection))


def _holding(snapshot: Snapshot, seqs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Statements of which one of these claims is evidence, (S,)."""
    pointer = np.asarray(snapshot.claim_pointer)
    found = np.zeros(len(pointer) - 1, np.bool_)
    inside = np.flatnonzero(np.isin(np.asarray(snapshot.claim_seq), seqs))
    found[np.searchsorted(pointer, inside, side="right") - 1] = True
    return found


def _weight(atlas: Atlas, snapshot: Snapshot) -> Floats:
    """What rests on each statement of the viewer's map, (S,): what would be done otherwise without it.

    First what passes through it from victims to cash-outs, on the map as it would be were all that is open
    true, and whether a package that the viewer sent or got holds it; more where a lever can be pulled. Then,
    far behind, what hangs on the lesser of its ends: paths run through what joins two well-connected things.
    """
    rests, more = _rests_on(snapshot)
    return np.where(_packaged(atlas, snapshot), rests + more, rests)


def _rests_on(snapshot: Snapshot) -> tuple[Floats, Floats]:
    """What rests on each statement by the map alone, and what more if a package holds it, (S,) each.

    Kept while the map is the same, as far as it lies on the shelf: its folder is named by what it is of.
    """
    base = snapshot.verdict.base
    try:
        file = Path(str(base.filename)) if isinstance(base, np.memmap) else None
        name = (str(file), file.stat().st_ino, file.stat().st_mtime_ns) if file else None
    except OSError:  # cleared away just now
        name = None
    if name is None:
        return _computed(snapshot)
    with _mutex:
        found = _kept.pop(name, None)
    found = found or _computed(snapshot)
    with _mutex:
        _kept[name] = found
        for old in list(_kept)[:-KEPT]:
            del _kept[old]
    return found


def _computed(snapshot: Snapshot) -> tuple[Floats, Floats]:
    ends = [np.asarray(end) for end in (snapshot.subject, snapshot.object)]
    degree = np.diff(np.asarray(snapshot.pointer)).astype(np.float64)
    lesser = np.minimum(degree[ends[0]], degree[ends[1]])
    kinds = vocabulary().kinds
    lever = np.array([name in kinds and bool(kinds[name].levers) for name in snapshot.kind_names], np.bool_)
    struck = np.any([lever[np.asarray(snapshot.kind)[end]] for end in ends], axis=0)
    open_ = np.isin(np.asarray(snapshot.verdict), [*OPEN, ACCEPTED])
    hangs = lesser / max(float(lesser.max(initial=0.0)), 1.0)
    times = np.where(struck, 2.0, 1.0)
    decisive = passing(read_script(snapshot, open_), len(open_))
    return (hangs + DECISIVE * decisive) * times, DECISIVE * PACKAGED * times


def _packaged(atlas: Atlas, snapshot: Snapshot) -> NDArray[np.bool_]:
    """Statements of which a package that the viewer's organisation sent or got holds a claim, (S,)."""
    reader = atlas.reader
    with reader.connect() as connection:
        names = bound(reader, connection)
        held = sorted(ids.positions(connection, sorted(map(bytes.fromhex, names))).values()) if names else []
    return _holding(snapshot, np.array(held, np.int64))


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
