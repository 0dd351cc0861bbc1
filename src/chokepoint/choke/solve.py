"""From damage model and limits to a plan with a certified bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.bound import ascend
from chokepoint.choke.exact import model_size, solve_exact
from chokepoint.choke.search import Search

if TYPE_CHECKING:
    from chokepoint.choke.chain import Floats
    from chokepoint.choke.harm import Harm, Plan
    from chokepoint.choke.limits import Limits
    from chokepoint.choke.search import Chosen

SMALL = 1_500
"""Columns up to which the program is always solved to the end."""
MEDIUM = 60_000
"""Columns up to which branch and bound is tried when search leaves a gap."""
LARGE = 250_000
"""Columns up to which the linear relaxation is solved as a whole."""
PATIENCE = 3000
PATIENT_CELLS = 60_000_000
"""Evaluations of local search, and rows times nodes that they may add up to; at least a hundred."""
BRANCHED = 20_000_000
"""Columns times nodes of branch and bound that a larger program may cost."""
GOOD_GAP = 0.005
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
    """

    plan: Plan
    before: float
    after: float
    bound: float
    method: str

    @property
    def gap(self) -> float:
        """(after - bound) / (before - bound): the part of the possible damage that may be missed.

        From 0 to 1; what lies within the solver's tolerance is 0.
        """
        possible = self.before - self.bound
        missed = max(self.after - self.bound, 0.0)
        tiny = 2 * SOLVER_TOLERANCE * max(self.before, 1e-300)
        return 0.0 if missed <= tiny else min(missed / max(possible, missed), 1.0)


def solve(harm: Harm, limits: Limits, *, start: Plan = (), patience: int = PATIENCE) -> Solution:
    """The best plan found, with its bound.

    Args:
        harm: the damage model on the selection worlds.
        limits: what plans may cost.
        start: a plan known from before (another budget); the answer is never worse than what of it
            still fits, so that a sweep over growing budgets never loses ground.
        patience: evaluations for local search; fewer on large networks.
    """
    before = harm.value(())
    if not limits.candidates.size or before <= 0:
        return Solution(plan=(), before=before, after=before, bound=before, method="nothing to choose")
    cells = harm.row_weight.size * harm.core.size
    search = Search(harm=harm, limits=limits, patience=min(patience, max(PATIENT_CELLS // cells, 100)))
    known = np.isin(limits.candidates, start).astype(np.float64)
    if model_size(harm, limits) > LARGE:
        return _by_prices(search, before, known)
    relaxed = solve_exact(harm, limits, whole=False)
    bound = _sure(relaxed.bound, before)
    search.enough = bound + GOOD_GAP * (before - bound)
    starts = [known] if relaxed.chosen is None else [relaxed.chosen, known]
    found = search.best(starts)
    return _finish(search, found, before, bound)


def _by_prices(search: Search, before: float, known: Floats) -> Solution:
    """For networks beyond the solver: Lagrangian bound, rounding of its averaged plans."""
    cheap = search.hopes(frozenset()) / np.maximum(search.limits.use[0], 1e-9)
    reach = search.value(search.fill(frozenset(), cheap))
    ascent = ascend(search.harm, search.limits, reach)
    bound = _sure(ascent.bound, before)
    search.enough = bound + GOOD_GAP * (before - bound)
    found = search.best([ascent.leaning, cheap, known])
    return _solution(search, found, before, bound, method="Lagrangian bound, rounding and swaps")


def _finish(search: Search, found: Chosen, before: float, bound: float) -> Solution:
    """Branch and bound where it is affordable and still needed."""
    solution = _solution(search, found, before, bound, method="linear relaxation, rounding and swaps")
    size = model_size(search.harm, search.limits)
    wanted = 0.0 if size <= SMALL else GOOD_GAP * 2
    if solution.gap <= wanted or size > MEDIUM:
        return solution
    nodes = 20_000 if size <= SMALL else max(BRANCHED // size, 100)
    close = max(wanted / 2 * (before - bound) / max(solution.after, before * 1e-9), SOLVER_TOLERANCE)
    exact = solve_exact(search.harm, search.limits, node_limit=nodes, near=close)
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
