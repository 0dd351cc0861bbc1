"""A certified lower bound on what any plan within the limits leaves, for networks of any size.

Lagrangian decomposition: every (world, stage) has its own copy of the plan, bought at prices p. For
all p >= 0, no plan x leaves less than

    sum over rows r of weight_r · mincut_r(min(u, u(1 - a_m) + p_rm)) - sum over m of P_m x_m,

P_m = sum over r of weight_r p_rm; its least over the plans is D(p), whose maximum is the bound of the
linear relaxation. Prices start in proportion to cost and effect, p_rm = q · cost_m · a_rm / sum over r
of weight_r a_rm, with q found by bisection (a parametric minimum cut, exact for one row), and then
move by subgradients with Polyak's step (Held, Wolfe and Crowder 1974); every step certifies what it
reached. Latent substitutes are left out and suppliers taken as fully hit for free: both only lower D.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.ceiling import hopes
from chokepoint.choke.worlds import Worlds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Flags, Floats
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits

    Prices = NDArray[Any]

AVERAGING = 0.1
PATIENCE = 8
NARROW = 1.08
CLOSE = 1e-4
THINNED = 1_000_000
"""Rows times nodes from which the price is sought on few worlds."""
FEW_WORLDS = 2
SETTLING = 5
"""Evaluations on all worlds after that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What no plan goes below, whatever its budget: level - worth @ x.

    Attributes:
        level: flow of the priced networks.
        worth: float64 (C,), the summed prices.
    """

    level: float
    worth: Floats


@dataclass(slots=True)
class Dual:
    """The dual function of one damage model, and what was met so far.

    Attributes:
        harm: the damage model.
        limits: candidates and limits.
        ground: float64 (R, n), the capacities that no hit but those of the plan changes.
        bound: the largest D(p) met; no plan leaves less.
        prices: float (R, C), at the bound.
        bought: bool (R, C), what the rows bought at the bound.
        leaning: float64 (C,), averaged plans of the relaxation, a preference for rounding.
        floors: each certificate met, with its value.
    """

    harm: Harm
    limits: Limits
    ground: Floats
    bound: float = -np.inf
    prices: Prices = field(default_factory=lambda: np.zeros((0, 0)))
    bought: Flags = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    leaning: Floats = field(default_factory=lambda: np.zeros(0))
    floors: list[tuple[float, Floor]] = field(default_factory=list)

    def ask(self, prices: Prices) -> tuple[float, Flags, Floats]:
        """D(p), what each row bought (R, C), and the plan that the prices pay best (C,)."""
        harm, limits = self.harm, self.limits
        place = harm.place[limits.node]
        inside = np.flatnonzero(place >= 0)
        spots = place[inside]
        unit = harm.network.capacity[limits.node[inside]]
        modes = limits.candidates[inside]

        def work(part: slice) -> tuple[Floats, Flags]:
            offer = unit * (1 - harm.strength[part, modes]) + prices[part, inside]
            capacity = self.ground[part].copy()
            for row in range(capacity.shape[0]):
                np.minimum.at(capacity[row], spots, offer[row])
            flow, cut, _ = harm.cut_rows(capacity, part)
            bought = np.zeros(offer.shape[:1] + place.shape, np.bool_)
            bought[:, inside] = (
                cut[:, spots] & (offer <= capacity[:, spots]) & (offer < self.ground[part, spots])
            )
            return flow, bought

        parts = harm.in_parts(work)
        flow = np.concatenate([one for one, _ in parts])
        bought = np.concatenate([one for _, one in parts])
        worth = np.asarray(harm.row_weight @ prices, dtype=np.float64)
        plan, income = limits.best_fractional(worth)
        level = float(harm.row_weight @ flow)
        self.floors.append((level - income, Floor(level=level, worth=worth)))
        if level - income > self.bound:
            self.bound, self.prices, self.bought = level - income, prices, bought
        blend = AVERAGING if self.leaning.size else 1.0
        self.leaning = plan * blend + (self.leaning * (1 - blend) if self.leaning.size else 0.0)
        return level - income, bought, plan

    def parametric(self, most: int) -> None:
        """Find the best common price of a unit of cost, in at most `most` evaluations.

        On large networks the price is sought on few worlds, each price of which is a fair guess for all, and
        settled on all of them: a price found on other worlds certifies a little less, never too much.
        """
        if self.harm.row_weight.size * self.harm.core.size < THINNED or self.harm.worlds.count <= FEW_WORLDS:
            self._bisect(self._each(), 1.0, most, factor=4.0)
            return
        rows = FEW_WORLDS * self.harm.network.at_day.size
        sample = Dual(harm=thinned(self.harm, FEW_WORLDS), limits=self.limits, ground=self.ground[:rows])
        guess = sample._bisect(sample._each(), 1.0, most, factor=4.0)
        each = self._each()
        self._aside(each, self._bisect(each, guess, SETTLING, factor=NARROW))

    def _aside(self, each: Prices, price: float) -> None:
        """Certificates at half and at twice a price, for other budgets."""
        for factor in (0.5, 2.0):
            self.ask(each * np.float32(price * factor))

    def _bisect(self, each: Prices, price: float, most: int, *, factor: float) -> float:
        """The price at which D turns, from a first one outwards by `factor` and then inwards."""
        low, high = 0.0, np.inf
        self.ask(np.zeros(each.shape, np.float32))
        for _ in range(1, most):
            prices = each * np.float32(price)
            _, bought, plan = self.ask(prices)
            if self._slope(prices, bought, plan) > 0:
                low = price
            else:
                high = price
            if high <= low * NARROW:
                break
            price = low * factor if high == np.inf else high / factor if low == 0.0 else (low * high) ** 0.5
        return price

    def _each(self) -> Prices:
        """float32 (R, C): prices in proportion to cost and effect."""
        harm, limits = self.harm, self.limits
        effect = harm.strength[:, limits.candidates]
        total = np.maximum(harm.row_weight @ effect, 1e-300)
        return np.asarray((limits.scarcity(hopes(harm, limits)) / total * effect).astype(np.float32))

    def _slope(self, prices: Prices, bought: Flags, plan: Floats) -> float:
        """How D changes when all prices grow together."""
        paid = np.where(bought, prices, 0).sum(axis=1)
        return float(self.harm.row_weight @ paid - (self.harm.row_weight @ prices) @ plan)

    def dearest(self) -> Floor:
        """The floor at prices so high that no row buys: before less the hit capacities, without a flow."""
        harm, limits = self.harm, self.limits
        inside = harm.place[limits.node] >= 0
        unit = np.where(inside, harm.network.capacity[limits.node], 0.0)
        worth = (harm.row_weight @ harm.strength[:, limits.candidates]) * unit
        return Floor(level=float(harm.row_weight @ harm.run(self.ground)), worth=np.asarray(worth))

    def climb(self, reachable: float, steps: int) -> None:
        """Subgradient steps from the best prices.

        Args:
            reachable: flow left by a known plan; steers the step length only.
            steps: at most.
        """
        here, bold, stale = self.prices, 1.0, 0
        value, bought, plan = self.ask(here)
        for _ in range(1, steps):
            slope = np.where((here <= 0) & (bought < plan), 0.0, bought - plan).astype(here.dtype)
            norm = float(self.harm.row_weight @ (slope**2).sum(axis=1, dtype=np.float64))
            if norm <= 0 or reachable - self.bound <= CLOSE * abs(reachable):
                break
            step = here.dtype.type(bold * max(reachable - value, 0.0) / norm)
            here, known = np.maximum(here + step * slope, 0), self.bound
            value, bought, plan = self.ask(here)
            stale = 0 if value > known else stale + 1
            if stale >= PATIENCE:
                bold, stale, here = bold / 2, 0, self.prices


def dual_of(harm: Harm, limits: Limits) -> Dual:
    """The dual function, nothing asked yet."""
    return Dual(harm=harm, limits=limits, ground=_floor_of(harm))


def _floor_of(harm: Harm) -> Floats:
    """float64 (R, n): capacities with every supplier hit as hard as it can be, latent nodes absent."""
    network, modes = harm.network, harm.network.modes
    rows = harm.row_weight.size
    if not network.dependencies:
        return np.broadcast_to(harm.base, (rows, harm.base.size))
    suppliers = sorted({s for need in network.dependencies for s in need.needs_any})
    spot = {node: at for at, node in enumerate(suppliers)}
    left = np.ones((rows, len(suppliers)))
    for mode in np.flatnonzero(np.isin(modes.node, suppliers)):
        at = spot[int(modes.node[mode])]
        np.minimum(left[:, at], 1 - harm.strength[:, mode], out=left[:, at])
    left[:, network.latent[suppliers]] = 0.0
    floor = np.repeat(harm.base[None, :], rows, axis=0)
    for need in network.dependencies:
        if harm.place[need.node] >= 0:
            supply = left[:, [spot[s] for s in need.needs_any]].max(axis=1)
            floor[:, harm.place[need.node]] *= supply
    return floor


def thinned(harm: Harm, worlds: int) -> Harm:
    """The damage model on the first worlds alone, each weighing more."""
    rows = worlds * harm.network.at_day.size
    kept = Worlds(alive=harm.worlds.alive[:worlds], success=harm.worlds.success[:worlds])
    return replace(
        harm, worlds=kept, alive=harm.alive[:worlds], row_world=harm.row_world[:rows],
        row_stage=harm.row_stage[:rows], strength=harm.strength[:rows],
        row_weight=harm.row_weight[:rows] * (harm.worlds.count / worlds),
    )  # fmt: skip
