"""`choke` on the viewer's map: levers on live, vetted identifiers; leads where nothing is vetted yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.holders import STAGES, Concentration, Live, concentrations, holder_of
from chokepoint.choke.weave import Terms
from chokepoint.desk.analyse.answer import EPOCH, ChokeAnswer
from chokepoint.desk.analyse.barred import barred_on
from chokepoint.desk.analyse.chain import Evidence, Question, chain_of
from chokepoint.desk.analyse.chain.levers import Levers
from chokepoint.desk.analyse.hub import Accused, biggest_hub
from chokepoint.desk.analyse.view import View, load_snapshot
from chokepoint.desk.mark import mark
from chokepoint.desk.member import present
from chokepoint.desk.personal.veil import all_unveiled, veil
from chokepoint.desk.watch.access import saw
from chokepoint.desk.work.outcome import times_for
from chokepoint.desk.work.reserve import deconflict, taken
from chokepoint.graph.columns import UNKNOWN, distinct
from chokepoint.model.judgement import Verdict
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store.still import once
from chokepoint.values.registry import show
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.columns import Bools, Ints
    from chokepoint.graph.snapshot import Snapshot

ALIVE_DAYS = 180
KEPT = 16
"""Answers that are kept for whoever asks the same again."""
ACCUSING = frozenset({"indicates", "attributed-to"})
ACTORS = frozenset({"campaign", "group", "malware"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChokeOptions:
    """What is asked.

    Attributes:
        budget: in units of one registrar takedown; bounds the plan.
        horizon: days over which damage counts.
        top: most levers and leads to give.
        as_of: the day for which the answer holds, evidence of later days being ignored; None for that of
            the newest evidence, at most today.
        without: identifiers and lever-holders that are no targets, as they are shown.
        caps: highest summed cost by jurisdiction (ISO 3166-1 alpha-2), as pairs.
        not_before: no request goes out before this day.
        reserved: what other cases have reserved, as it is shown; taken out without a word, as if it had
            been excluded, and named to coordinators only.
        coordinator: whether the asker deconflicts cases and may know what is reserved.
        collateral: limit on the summed collateral of a plan against a value chain, in registrar takedowns.
        modes_out: ways to act that are not wanted.
        times: median and spread of the days to replacement by kind, where they differ from what is known.
        seed: of the sampled worlds.
    """

    budget: float = 20.0
    horizon: float = 365.0
    top: int = 10
    as_of: date | None = None
    without: frozenset[str] = frozenset()
    caps: tuple[tuple[str, float], ...] = ()
    not_before: date | None = None
    reserved: frozenset[str] = frozenset()
    coordinator: bool = False
    collateral: float | None = None
    modes_out: frozenset[str] = frozenset()
    times: tuple[tuple[str, tuple[float, float]], ...] = ()
    seed: int = 0


def choke(atlas: Atlas, options: ChokeOptions | None = None) -> ChokeAnswer:
    """Choke points of the viewer's map.

    Accepted statements alone make a plan; proposed ones make leads. Parked, sinkholed, shared, hacked
    and disputed things are no targets, and neither is anything without a named lever-holder.
    """
    saw(atlas, "choke", "the whole map")
    return choke_view(load_snapshot(atlas), options or ChokeOptions())


def choke_view(view: View, options: ChokeOptions) -> ChokeAnswer:
    """As `choke`, on a snapshot that is at hand; whoever asks the same again is not made to wait again."""
    atlas = view.atlas
    if atlas.unfold or not view.name:  # whom one sees in full is logged each time
        return _choke_view(view, options)
    # what hidden cases have reserved is no part of the mark where the data base shows visible records alone
    eyes = (mark(atlas), atlas.beside, atlas.at_most)
    key = (eyes, view.name, options, taken(atlas), deconflict(atlas))
    return once(_choke_view, atlas.engine, key, make=partial(_choke_view, view, options), most=KEPT)


def _choke_view(view: View, options: ChokeOptions) -> ChokeAnswer:
    held = {str(entity) for entity in taken(view.atlas)}
    without = frozenset(all_unveiled(view.atlas, sorted(options.without)))
    options = replace(options, without=without, reserved=options.reserved | held)
    snapshot = view.snapshot
    today = date.fromisoformat(view.atlas.clock()[:10])
    as_of = options.as_of or newest(last_seen(snapshot, today), today)
    seen, said = last_seen(snapshot, as_of), _said_by(snapshot, as_of)
    since = as_of - timedelta(days=min(ALIVE_DAYS, (as_of - date.min).days))
    floor = (since - EPOCH).days
    accusing = _accusing(snapshot)
    barred = barred_on(snapshot, accusing)
    accepted = said & (snapshot.verdict == VERDICTS.index(Verdict.ACCEPTED))
    proposed = said & (snapshot.verdict == VERDICTS.index(Verdict.PROPOSED))
    alive = accusing & ~barred.any[snapshot.subject] & (seen >= floor)
    stages = tuple((day, weight) for day, weight in STAGES if day <= options.horizon) or STAGES[:1]
    times = times_for(view.atlas, dict(options.times))
    levers = partial(concentrations, since=floor, stages=stages, times=times)
    vetted, unvetted = _live(view, alive & accepted, seen), _live(view, alive & proposed, seen)
    leads = levers(_open(unvetted, options))
    begin = max(as_of, options.not_before or as_of)
    evidence = Evidence(as_of=as_of, floor=floor, seen=seen, usable=accepted, barred=barred)
    chain = chain_of(view, evidence, _question(view, options, stages, times=times, begin=begin))
    chosen = () if chain else _affordable(levers(_open(vetted, options)), options)
    accused = Accused(accusing, accepted, barred.any, seen >= floor)
    return ChokeAnswer(
        as_of=as_of,
        since=since,
        plan=chosen,
        leads=tuple(leads[: options.top]),
        begin=begin,
        hub=None if chain else biggest_hub(view, accused, chosen, _closed(options)),
        reserved=_held_back(view.atlas, [*vetted, *unvetted], options),
        conflicts=deconflict(view.atlas),
        chain=chain,
        coverage=_coverage(snapshot, said, seen >= floor),
        left_out=barred.reasons,
        accepted=int(np.count_nonzero(accusing & accepted)),
    )


def _question(
    view: View,
    options: ChokeOptions,
    stages: tuple[tuple[int, float], ...],
    *,
    times: Mapping[str, tuple[float, float]],
    begin: date,
) -> Question:
    caps = dict(options.caps)
    terms = Terms(
        budget=options.budget, collateral=options.collateral, caps=caps, stages=stages, seed=options.seed
    )
    levers = Levers(
        members=tuple(present(view.atlas).values()),
        closed=_closed(options),
        modes_out=options.modes_out,
        caps=caps,
    )
    return Question(terms=terms, levers=levers, times=times, begin=begin, top=options.top)


def last_seen(snapshot: Snapshot, as_of: date) -> Ints:
    """Last day up to `as_of` on which each statement was seen, UNKNOWN where no claim says, int32 (S,).

    Of a sighting that ends later only the beginning counts: the rest had not been seen yet.
    """
    day = (as_of - EPOCH).days
    start, end = snapshot.claim_start, snapshot.claim_end
    begun = np.where((start != UNKNOWN) & (start <= day), start, UNKNOWN)
    each = np.where((end != UNKNOWN) & (end - 1 <= day), end - 1, begun).astype(np.int32)
    return _each(np.maximum, each, snapshot)


def newest(seen: Ints, today: date) -> date:
    """The day of the newest evidence; today where nothing is dated."""
    known = seen[seen != UNKNOWN]
    return EPOCH + timedelta(days=int(known.max())) if len(known) else today


def _said_by(snapshot: Snapshot, as_of: date) -> Bools:
    """Statements for which some claim's evidence does not begin only after a day."""
    begun = (snapshot.claim_start == UNKNOWN) | (snapshot.claim_start <= (as_of - EPOCH).days)
    return _each(np.logical_or, begun, snapshot)


def _each(join: np.ufunc, of_claims: NDArray[Any], snapshot: Snapshot) -> NDArray[Any]:
    """What the claims of each statement come to, (S,); there is no statement without one."""
    if not len(of_claims):
        return of_claims
    found: NDArray[Any] = join.reduceat(of_claims, snapshot.claim_pointer[:-1])
    return found


def _among(names: tuple[str, ...], wanted: frozenset[str]) -> Bools:
    return np.array([name in wanted for name in names], np.bool_)


def _accusing(snapshot: Snapshot) -> Bools:
    """Statements that tie an identifier to an actor."""
    actors = _among(snapshot.kind_names, ACTORS)[snapshot.kind]
    relation = _among(snapshot.property_names, ACCUSING)[snapshot.relation]
    mask: Bools = relation & actors[snapshot.object]
    return mask


def _live(view: View, mask: Bools, seen: Ints) -> list[Live]:
    """The statements of a mask as live identifiers of clusters of actors."""
    snapshot = view.snapshot
    rows = np.flatnonzero(mask)
    actors = snapshot.cluster[snapshot.object[rows]]
    entities = view.entities(snapshot.subject[rows].tolist())
    names = {actor: show(one) for actor, one in view.shown(distinct(actors).tolist()).items()}
    columns = (snapshot.subject[rows], actors, seen[rows], snapshot.belief[rows], rows)
    return [
        Live(entities[subject], names[actor], day, belief, row)
        for subject, actor, day, belief, row in zip(*(one.tolist() for one in columns), strict=True)
    ]


def _closed(options: ChokeOptions) -> frozenset[str]:
    return frozenset(name.casefold() for name in options.without | options.reserved)


def _open(live: list[Live], options: ChokeOptions) -> list[Live]:
    """What may be a target under the options; excluded and reserved ones go the same way."""
    closed = _closed(options)
    if not closed:
        return live
    return [one for one in live if not closed & set(_names(one))]


def _names(one: Live) -> tuple[str, ...]:
    """What an exclusion can call it: the identifier, its holder."""
    holder = holder_of(one.entity)
    names = (show(one.entity), one.entity.value, str(one.entity), holder.name if holder else "")
    return tuple(name.casefold() for name in names if name)


def _held_back(atlas: Atlas, live: list[Live], options: ChokeOptions) -> tuple[str, ...]:
    """Reserved targets that the map holds, for coordinators only."""
    if not options.coordinator:
        return ()
    reserved = {name.casefold() for name in options.reserved}
    found = {one.entity for one in live if reserved & set(_names(one))}
    cover = veil(atlas, found)
    return tuple(sorted({show(cover.entity(one)) for one in found}))


def _affordable(levers: list[Concentration], options: ChokeOptions) -> tuple[Concentration, ...]:
    """The strongest levers that the budget pays for, in order."""
    chosen: list[Concentration] = []
    spent = 0.0
    room = dict(options.caps)
    for lever in levers:
        laws = [law for law in lever.holder.jurisdictions if law in room]
        if spent + lever.cost <= options.budget and all(lever.cost <= room[law] for law in laws):
            chosen.append(lever)
            spent += lever.cost
            room |= {law: room[law] - lever.cost for law in laws}
        if len(chosen) == options.top:
            break
    return tuple(chosen)


def _coverage(snapshot: Snapshot, said: Bools, fresh: Bools) -> dict[str, tuple[int, int]]:
    """Nodes of each phase of the crime script, of statements known and of those alive."""
    known, living = _touched(snapshot, said), _touched(snapshot, said & fresh)
    words = vocabulary()
    counts: dict[str, list[int]] = {phase: [0, 0] for phase in words.phases}
    for number, name in enumerate(snapshot.kind_names):
        phase = words.kinds[name].phase if name in words.kinds else ""
        if phase:
            of_kind = snapshot.kind == number
            counts[phase][0] += int(np.count_nonzero(of_kind & known))
            counts[phase][1] += int(np.count_nonzero(of_kind & living))
    return {phase: (all_of_it, alive) for phase, (all_of_it, alive) in counts.items()}


def _touched(snapshot: Snapshot, statements: Bools) -> Bools:
    touched = np.zeros(snapshot.size, np.bool_)
    touched[snapshot.subject[statements]] = True
    touched[snapshot.object[statements]] = True
    return touched
