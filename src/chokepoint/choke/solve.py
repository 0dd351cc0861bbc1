"""From damage model and limits to a plan with a certified bound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.bound import HUGE, dual_of
from chokepoint.choke.ceiling import ROUNDS, alternate, best_on, weigh, without_idle
from chokepoint.choke.exact import model_size, program_of
from chokepoint.choke.kept import Kept, keep
from chokepoint.choke.search import Search

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.choke.asked import Floor
    from chokepoint.choke.bound import Dual
    from chokepoint.choke.ceiling import Ceiling, Found
    from chokepoint.choke.exact import Program
    from chokepoint.choke.harm import Harm, Plan
    from chokepoint.choke.limits import Limits
    from chokepoint.choke.search import Chosen

SMALL = 600
"""Columns up to which the program is always solved to the end."""
MODEST = 4_000
"""Columns up to which branch and bound is tried for any gap above `ACCEPTED_GAP`."""
MEDIUM = 60_000
"""Columns up to which branch and bound is tried when search leaves a gap."""
LARGE = 100_000
"""Columns up to which the linear relaxation is solved as a whole."""
PATIENCE = 3000
PATIENT_CELLS = 5_000_000
"""Evaluations of local search, and rows times nodes that they may add up to."""
COARSE = 16
"""Evaluations of the parametric cut."""
STEPS = 8
"""Subgradient steps a batch, each batch followed by rounding; two where a solver can take over."""
FIRST, FOLLOWING = 7, 3
"""Steps of the first batch and of each other one on huge networks, where a step saved is worth a rounding."""
STEPPED_CELLS = 200_000_000
LEAST_BATCHES, MOST_BATCHES = 5, 8
"""Rows times nodes that the steps of networks without a solver may add up to, in few to many batches."""
BRANCHED = 20_000_000
"""Columns times nodes of branch and bound that a larger program may cost."""
GOOD_GAP = 0.005
"""Where a search stops looking for better."""
ACCEPTED_GAP = 0.015
"""Where no dearer method than swaps is tried."""
QUICK_GAP = 0.03
"""The same on programs of at most `MODEST` columns, which a solver ends before cuts would have closed it."""
BRANCHING_GAP = 0.05
"""From where on branch and bound is tried on larger programs, where it costs many times as much."""
HUGE_GAP = 0.097
"""The same on huge networks (`HUGE`), where one evaluation takes seconds."""
BUDGETS = (0.5, 0.7, 1.4, 2.0)
"""Other budgets, as shares of what was asked, for which certificates are kept."""
NEARBY = (FOLLOWING, FOLLOWING)
"""Batches of steps for each of these."""
FLOORS, BEST = 4, 2
"""Certificates that are kept of each budget: so many floors, and ceilings of so many plans."""
DEAR = 20_000_000
"""Rows times nodes beyond which that takes too long."""
SOLVER_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A plan and what is known of the best.

    Attributes:
        plan: mode numbers, ascending.
        before: F without any action, on the selection worlds.
        after: F of the plan, on the selection worlds.
        bound: no plan within the limits leaves less on these worlds.
        method: what produced bound and plan, in words.
        kept: certificates for other budgets, when they were asked for.
        ceiling: of the minimum cuts of the plan, where they were looked at last.
    """

    plan: Plan
    before: float
    after: float
    bound: float
    method: str
    kept: Kept | None = None
    ceiling: Ceiling | None = None

    @property
    def gap(self) -> float:
        """(after - bound) / (before - bound): the part of the possible damage that may be missed.

        From 0 to 1; what lies within the solver's tolerance is 0.
        """
        possible = self.before - self.bound
        missed = max(self.after - self.bound, 0.0)
        tiny = 2 * SOLVER_TOLERANCE * max(self.before, 1e-300)
        return 0.0 if missed <= tiny else min(missed / max(possible, missed), 1.0)


def solve_and_keep(harm: Harm, limits: Limits, *, start: Plan = ()) -> Solution:
    """As `solve`, with the certificates that answer other budgets; by cuts for any size."""
    solution = solve(harm, limits, start=start, keeping=True)
    if not limits.candidates.size or solution.before <= 0:
        nothing = keep(harm.network, limits, solution.before, floors=(), ceilings=())
        return replace(solution, kept=nothing)
    if solution.kept is not None:
        return solution
    search = Search(harm=harm, limits=limits, patience=0)
    known = frozenset(np.flatnonzero(np.isin(limits.candidates, solution.plan)).tolist())
    return replace(solution, kept=_by_cuts(search, solution.before, known, keeping=True).kept)


def solve(
    harm: Harm, limits: Limits, *, start: Plan = (), patience: int = PATIENCE, keeping: bool = False
) -> Solution:
    """The best plan found, with its bound.

    From cheap to dear, until the gap is good enough: parametric cuts with knapsacks on them, subgradient
    steps, the linear relaxation with swaps, branch and bound.

    Args:
        harm: the damage model on the selection worlds.
        limits: what plans may cost.
        start: a plan known from before (another budget); the answer is never worse than what of it
            still fits, so that a sweep over growing budgets never loses ground.
        patience: evaluations for local search; fewer on large networks.
        keeping: leave certificates for other budgets where only cuts are used, which takes twice as long.
    """
    before = harm.value(())
    if not limits.candidates.size or before <= 0:
        return Solution(plan=(), before=before, after=before, bound=before, method="nothing to choose")
    search = Search(harm=harm, limits=limits, patience=min(patience, PATIENT_CELLS // _cells(harm)))
    size = model_size(harm, limits)
    known = limits.filled(np.isin(limits.candidates, start).astype(np.float64))
    if size <= SMALL:
        return _by_program(search, [known], before, 0.0)
    quick = _by_cuts(search, before, known, deep=size > LARGE, keeping=keeping and size > LARGE)
    if quick.gap <= _accepted(harm, limits) or size > LARGE:
        return quick
    at = np.isin(limits.candidates, quick.plan)
    return _by_program(search, [frozenset(np.flatnonzero(at).tolist()), known], before, quick.bound)


def _accepted(harm: Harm, limits: Limits) -> float:
    """The gap at which no dearer method is tried."""
    size = model_size(harm, limits)
    return 0.0 if size <= SMALL else QUICK_GAP if size <= MODEST else ACCEPTED_GAP


def _by_cuts(
    search: Search, before: float, known: Chosen, *, deep: bool = False, keeping: bool = False
) -> Solution:
    """Lagrangian bound and alternating cuts and knapsacks: no solver, and so for any size."""
    harm, limits = search.harm, search.limits
    dual = dual_of(harm, limits)
    dual.parametric(COARSE)
    enough = GOOD_GAP if deep or keeping else _accepted(harm, limits)
    batches = _batches(harm) if deep else (STEPS,) * 2
    found = _climbed(dual, before, known, batches=batches, enough=enough)
    best_found = without_idle(harm, limits, min(found, key=lambda one: (one.value, sorted(one.chosen))))
    search.seen[best_found.chosen] = best_found.value
    bound = _sure(dual.bound, before)
    chosen = best_found.chosen
    if deep and search.patience > 0:
        search.enough = bound + GOOD_GAP * (before - bound)
        chosen = search.improve(chosen)
    method = "parametric cuts" + (", subgradients" if dual.steps else "") + " and knapsacks"
    kept = _kept(dual, before, found) if keeping else None
    solution = _solution(search, chosen, before, bound, method=method)
    known_cuts = best_found.ceiling if solution.plan == limits.modes(best_found.chosen) else None
    return replace(solution, kept=kept, ceiling=known_cuts)


def _kept(dual: Dual, before: float, found: list[Found]) -> Kept:
    """The certificates of a solve and, unless that takes minutes, of other budgets (`BUDGETS`)."""
    floors, plans = _dearest(dual), sorted(found, key=lambda one: -one.value)[-BEST:]
    floors.append(dual.dearest())
    for factor in BUDGETS if _cells(dual.harm) <= DEAR else ():
        other = dual.elsewhere(factor)
        met = _climbed(other, before, frozenset(), batches=NEARBY)
        floors += _dearest(other)
        plans += sorted(met, key=lambda one: -one.value)[-BEST:]
    ceilings = [one.ceiling for one in plans]
    return keep(dual.harm.network, dual.limits, before, floors=floors, ceilings=ceilings)


def _dearest(dual: Dual) -> list[Floor]:
    """The best certificates that were met, the best last."""
    return [floor for _, floor in sorted(dual.floors, key=_value)[-FLOORS:]]


def _climbed(
    dual: Dual, before: float, known: Chosen, *, batches: tuple[int, ...], enough: float = GOOD_GAP
) -> list[Found]:
    """Plans met while the prices are improved in batches of steps, until the gap is `enough`; at least one.

    On huge networks steps are led by what the cuts met so far promise, and each batch is rounded once: from
    the averaged plan, or to the promised one where that is good enough.
    """
    harm, limits = dual.harm, dual.limits
    if _cells(harm) > HUGE:
        return _climbed_huge(dual, before, known, batches)
    found: list[Found] = []

    def good(starts: Iterable[Chosen], rounds: int) -> bool:
        for start in starts:
            found.extend(alternate(harm, limits, start, rounds=rounds))
            if dual.bound >= _close(min(one.value for one in found), before, enough):
                return True
        return False

    if good((*_rounded(dual), known), ROUNDS):
        return found
    for steps in batches:
        dual.climb(min(one.value for one in found), steps)
        if good((*_rounded(dual), limits.filled(dual.leaning)), ROUNDS // 2):
            break
    return found


def _climbed_huge(dual: Dual, before: float, known: Chosen, batches: tuple[int, ...]) -> list[Found]:
    harm, limits = dual.harm, dual.limits
    found = [weigh(harm, limits, known)] if known else []
    for steps in batches:
        best = min((one.value for one in found), default=np.inf)
        if dual.bound >= _close(best, before, HUGE_GAP):
            break
        promised, plan = _promised(dual, before, found)
        close = _close(promised, before, HUGE_GAP)
        dual.climb(promised, steps, enough=close)
        kept = found and dual.bound >= close
        found.append(weigh(harm, limits, plan if kept else limits.filled(dual.leaning)))
    return found


def _close(best: float, before: float, gap: float) -> float:
    """The bound at which that gap is left beside the best plan."""
    return (best - gap * before) / (1 - gap)


def _promised(dual: Dual, before: float, found: list[Found]) -> tuple[float, Chosen]:
    """The least that a plan leaves by the cuts of the plans met, or at the best prices; and that plan."""
    ceilings = [one.ceiling for one in found] or ([] if dual.best is None else [dual.best.ceiling])
    plans = [best_on(dual.limits, one) for one in ceilings]
    each = [(one.after(plan), sorted(plan)) for one, plan in zip(ceilings, plans, strict=True)]
    value, chosen = min([*each, (before, [])])
    return value, frozenset(chosen)


def _value(met: tuple[float, Floor]) -> float:
    return met[0]


def _batches(harm: Harm) -> tuple[int, ...]:
    """Steps of each batch where no solver follows."""
    many = min(max(STEPPED_CELLS // (STEPS * _cells(harm)), LEAST_BATCHES), MOST_BATCHES)
    return (FIRST, *(FOLLOWING,) * (many - 1)) if _cells(harm) > HUGE else (STEPS,) * many


def _cells(harm: Harm) -> int:
    """Rows times nodes."""
    return max(harm.row_weight.size * harm.core.size, 1)


def _rounded(dual: Dual) -> list[Chosen]:
    """Plans of what the rows bought at the newest prices: the best on their cuts, and the most bought."""
    found = dual.last or dual.best
    if found is None:
        return [frozenset()]
    limits, offers = dual.limits, dual.offers
    amount = dual.harm.row_weight @ found.bought
    often = np.bincount(offers.column, weights=amount, minlength=limits.candidates.size)
    use = np.maximum(limits.scarcity(found.ceiling.gain), 1e-12)
    return [best_on(limits, found.ceiling), limits.filled(often / use)]


def _by_program(search: Search, starts: list[Chosen], before: float, known: float) -> Solution:
    """The linear relaxation, rounding and swaps; then branch and bound where it is still needed."""
    program = program_of(search.harm, search.limits)
    relaxed = program.solved(whole=False)
    bound = max(_sure(relaxed.bound, before), known)
    search.enough = bound + GOOD_GAP * (before - bound)
    if relaxed.chosen is not None:
        starts = [search.limits.filled(relaxed.chosen), *starts]
    return _finish(search, program, search.best(starts), bound)


def _finish(search: Search, program: Program, found: Chosen, bound: float) -> Solution:
    """Branch and bound where it is affordable and still needed."""
    before = search.value(frozenset())
    solution = _solution(search, found, before, bound, method="linear relaxation, rounding and swaps")
    size = model_size(search.harm, search.limits)
    wanted = _accepted(search.harm, search.limits)
    worth = wanted if size <= MODEST else BRANCHING_GAP
    if solution.gap <= worth or size > MEDIUM:
        return solution
    nodes = 20_000 if size <= SMALL else max(BRANCHED // size, 100)
    close = max(wanted / 2 * (before - bound) / max(solution.after, before * 1e-9), SOLVER_TOLERANCE)
    exact = program.solved(whole=True, node_limit=nodes, near=close)
    if exact.chosen is not None:
        plan = frozenset(int(i) for i in np.flatnonzero(exact.chosen > 0.5))
        if search.limits.fits(plan):
            found = min(found, search.pruned(plan), key=lambda p: (search.value(p), sorted(p)))
    ended = ", stopped early" if not exact.proven else ", solved closely" if wanted else ", solved to the end"
    method = "mixed-integer program" + ended
    return _solution(search, found, before, max(bound, _sure(exact.bound, before)), method=method)


def _solution(search: Search, found: Chosen, before: float, bound: float, *, method: str) -> Solution:
    found = search.pruned(found)
    after = search.value(found)
    return Solution(
        plan=search.limits.modes(found), before=before, after=after, bound=min(bound, after), method=method
    )


def _sure(bound: float, before: float) -> float:
    """The solver's bound less its tolerance, never below zero."""
    return max(min(bound, before) - SOLVER_TOLERANCE * before, 0.0)
