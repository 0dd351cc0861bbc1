"""A certified lower bound on what any plan within the limits leaves, for networks of any size.

Lagrangian decomposition: every (world, stage) has its own copy of the plan, bought at prices p. For
all p >= 0, no plan leaves less than

    D(p) = sum over rows r of weight_r · mincut_r(min(u, u(1 - a_m) + p_rm)) - max over x of sum P_m x_m,

P_m = sum over r of weight_r p_rm. Its maximum is the bound of the linear relaxation. Prices move by
subgradients with Polyak's step (Held, Wolfe and Crowder 1974); every step certifies what it reached.
Latent substitutes are left out and suppliers taken as fully hit for free: both only lower D.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chokepoint.choke.chain import Floats
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits

AVERAGING = 0.1
PATIENCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Ascent:
    """Where the prices led.

    Attributes:
        bound: the largest D(p) met; no plan leaves less.
        leaning: float64 (C,), averaged plans of the relaxation, a preference for rounding.
        prices: float64 (R, C), at the bound; a start for a changed budget.
    """

    bound: float
    leaning: Floats
    prices: Floats


def ascend(
    harm: Harm, limits: Limits, reachable: float, *, steps: int = 150, prices: Floats | None = None
) -> Ascent:
    """Raise the bound by subgradient steps.

    Args:
        harm: the damage model.
        limits: candidates and limits.
        reachable: flow left by a known plan; steers the step length only.
        steps: how many steps at most.
        prices: where to start, float64 (R, C); zero when not given.
    """
    ground = _floor_of(harm)
    here = np.zeros((harm.row_weight.size, limits.candidates.size)) if prices is None else prices.copy()
    best = Ascent(bound=0.0, leaning=np.zeros(limits.candidates.size), prices=here.copy())
    leaning, bold, stale = best.leaning, 1.0, 0
    for _ in range(steps):
        value, bought, plan = _dual(harm, limits, ground, here)
        leaning = leaning * (1 - AVERAGING) + plan * AVERAGING
        stale = 0 if value > best.bound else stale + 1
        if value > best.bound:
            best = Ascent(bound=value, leaning=leaning, prices=here.copy())
        if stale >= PATIENCE:
            bold, stale, here = bold / 2, 0, best.prices.copy()
        slope = np.where((here <= 0) & (bought < plan), 0.0, bought - plan)
        norm = float(harm.row_weight @ (slope**2).sum(axis=1))
        if norm <= 0 or reachable - best.bound <= 1e-4 * abs(reachable):
            break
        here = np.maximum(here + bold * max(reachable - value, 0.0) / norm * slope, 0.0)
    return Ascent(bound=best.bound, leaning=leaning, prices=best.prices)


def _dual(harm: Harm, limits: Limits, ground: Floats, prices: Floats) -> tuple[float, Floats, Floats]:
    """D(p), what each row bought bool-like (R, C), and the plan that the prices pay best (C,)."""
    place = harm.place[limits.node]
    inside = np.flatnonzero(place >= 0)
    spots = place[inside]
    unit = harm.network.capacity[limits.node[inside]]
    offer = unit * (1 - harm.strength[:, limits.candidates[inside]]) + prices[:, inside]
    capacity = ground.copy()
    for at in range(inside.size):
        np.minimum(capacity[:, spots[at]], offer[:, at], out=capacity[:, spots[at]])
    flow, cut, _ = harm.cut(capacity)
    bought = np.zeros(prices.shape)
    bought[:, inside] = cut[:, spots] & (offer <= capacity[:, spots]) & (offer < ground[:, spots])
    plan, income = limits.best_fractional(harm.row_weight @ prices)
    return float(harm.row_weight @ flow) - income, bought, plan


def _floor_of(harm: Harm) -> Floats:
    """float64 (R, n): capacities with every supplier hit as hard as it can be, latent nodes absent."""
    modes = harm.network.modes
    rows = np.repeat(harm.base[None, :], harm.row_weight.size, axis=0)
    left = np.ones((harm.row_weight.size, harm.network.size))
    for mode, node in enumerate(modes.node):
        np.minimum(left[:, node], 1 - harm.strength[:, mode], out=left[:, node])
    left[:, harm.network.latent] = 0.0
    for need in harm.network.dependencies:
        if harm.place[need.node] >= 0:
            supply = left[:, list(need.needs_any)].max(axis=1)
            rows[:, harm.place[need.node]] *= supply
    return rows
