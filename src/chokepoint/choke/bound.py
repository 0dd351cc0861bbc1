"""A certified lower bound on what any plan within the limits leaves, for networks of any size.

Lagrangian decomposition: every (world, stage) has its own copy of the plan, bought at prices p. For
all p >= 0, no plan x leaves less than

    sum over rows r of weight_r · mincut_r(min(u, u(1 - a_m) + p_rm)) - sum over m of P_m x_m,

P_m = sum over r of weight_r p_rm; its least over the plans is D(p), whose maximum is the bound of the
linear relaxation. Prices start in proportion to cost and effect, with the factor found by bisection (a
parametric minimum cut, exact for one row), and then move by subgradients (Held, Wolfe and Crowder 1974) with
Polyak's step, longer where there is more to take, in the direction of averaged plans (the volume algorithm of
Barahona and Anbil 2000); every step certifies what it reached. Suppliers are priced apart for each
dependant (`offers`); latent substitutes are left out, which only lowers D.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.ceiling import Ceiling, awake, hopes
from chokepoint.choke.harm import thinned
from chokepoint.choke.offers import offers_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Flags, Floats
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits
    from chokepoint.choke.offers import Offers

    Prices = NDArray[Any]

AVERAGING = 0.2
"""Weight of the newest plan among those of the steps before."""
DEFLECTED = 0.8
"""Part of the averaged plan in the direction of a step: without it, plans swing from one end to the other."""
BOLD = 0.6
"""Part of Polyak's length that a first step goes."""
PATIENCE = 8
NARROW = 1.08
CLOSE = 1e-4
FEW_WORLDS = 2
"""Worlds on which large networks seek a price."""
NUDGE = 1.15
"""How much prices for another budget are moved where the first guess was off."""
SETTLING = 3
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What D(p) was found to be.

    Attributes:
        value: D(p).
        bought: bool (R, Q), what each row bought.
        plan: float64 (C,), what the prices pay best.
        slope: how D changes when all prices grow together.
        ceiling: what the cuts of the rows certify of any plan.
    """

    value: float
    bought: Flags
    plan: Floats
    slope: float
    ceiling: Ceiling


@dataclass(slots=True)
class Dual:
    """The dual function of one damage model, and what was met so far.

    Attributes:
        harm: the damage model.
        limits: candidates and limits.
        offers: what the rows may buy.
        full: float64 (R, n), the most that any plan leaves of each node.
        bound: the largest D(p) met; no plan leaves less.
        prices: float32 (R, Q), at the bound.
        best: what was found there.
        leaning: float64 (C,), averaged plans of the relaxation, a preference for rounding.
        floors: each certificate met, with its value.
        steps: subgradient steps that were made.
    """

    harm: Harm
    limits: Limits
    offers: Offers
    full: Floats
    bound: float = -np.inf
    prices: Prices = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    best: Asked | None = None
    leaning: Floats = field(default_factory=lambda: np.zeros(0))
    floors: list[tuple[float, Floor]] = field(default_factory=list)
    steps: int = 0

    def ask(self, prices: Prices) -> Asked:
        """D(p) and what leads further; the best that was met is remembered."""
        harm, limits, offers = self.harm, self.limits, self.offers
        prices = np.asarray(prices, np.float32)
        each = harm.in_parts(lambda part: self._rows(part, prices))
        level, paid, width = (float(sum(one[at] for one in each)) for at in (0, 1, 2))
        bought = np.concatenate([one[3] for one in each])
        gain = np.zeros(limits.candidates.size)
        gain[offers.column[: offers.own]] = sum(one[4] for one in each)
        worth = self._by_candidate(harm.row_weight @ prices)
        plan, income = limits.best_fractional(worth)
        found = Asked(
            value=level - income, bought=bought, plan=plan, slope=paid - float(worth @ plan),
            ceiling=Ceiling(level=width, gain=gain),
        )  # fmt: skip
        self.floors.append((found.value, Floor(level=level, worth=worth)))
        if found.value > self.bound:
            self.bound, self.prices, self.best = found.value, prices, found
        blend = AVERAGING if self.leaning.size else 1.0
        self.leaning = plan * blend + (self.leaning * (1 - blend) if self.leaning.size else 0.0)
        return found

    def _rows(self, part: slice, prices: Prices) -> tuple[float, float, float, Flags, Floats]:
        """Weighted flow, pay and width of the cuts of some worlds, what they bought, and their gains."""
        from chokepoint.choke.kernels import priced, residual  # noqa: PLC0415 - numba loads when it computes

        harm, offers, stages = self.harm, self.offers, self.harm.network.at_day.size
        own = slice(0, offers.own)
        sums, gain, bought = np.zeros(3), np.zeros(offers.own), []
        for world in range(part.start // stages, part.stop // stages):
            rows = slice(world * stages, (world + 1) * stages)
            graph = residual.world_graph(harm.role, *harm.ends, harm.alive[world])
            taken, weight = harm.strength[rows], harm.row_weight[rows]
            value, paid, some, width, cut = priced.priced(
                graph, np.array(offers.ground[rows]), np.array(self.full[rows]), offers.packed, taken,
                prices[rows], harm.slack,
            )  # fmt: skip
            sums += [weight @ value, weight @ paid, weight @ width]
            most = self.full[rows][:, offers.place[own]] * taken[:, offers.mode[own]]
            gain += weight @ (cut[:, offers.place[own]] * most)
            bought.append(some)
        return float(sums[0]), float(sums[1]), float(sums[2]), np.concatenate(bought), gain

    def parametric(self, most: int) -> None:
        """Find the best common price of a unit of cost, in at most `most` evaluations.

        On large networks the price is sought on few worlds, each price of which is a fair guess for all, and
        settled on all of them: a price found on other worlds certifies a little less, never too much.
        """
        if self.harm.slack == 0 or self.harm.worlds.count <= FEW_WORLDS:
            self.bisect(1.0, most, factor=4.0)
            return
        sample = dual_of(thinned(self.harm, FEW_WORLDS), self.limits)
        guess = sample.bisect(1.0, most, factor=4.0)
        self.bisect(guess, SETTLING, factor=NARROW)

    def elsewhere(self, factor: float) -> Dual:
        """The dual function for a budget that many times as large, begun at the best prices, moved.

        Prices of a smaller budget are higher, by about the fourth root; the slope there says which way to
        look once more.
        """
        room = self.limits.room.copy()
        room[0] *= factor
        limits = replace(self.limits, room=room)
        other = Dual(harm=self.harm, limits=limits, offers=self.offers, full=self.full)
        scale = factor**-0.25
        steeper = other.ask(self.prices * np.float32(scale)).slope > 0
        other.ask(self.prices * np.float32(scale * (NUDGE if steeper else 1 / NUDGE)))
        return other

    def bisect(self, price: float, most: int, *, factor: float) -> float:
        """The price at which D turns, from a first one outwards by `factor` and then inwards."""
        low, high = 0.0, np.inf
        for _ in range(most):
            if self.ask(self._common(price)).slope > 0:
                low = price
            else:
                high = price
            if high <= low * NARROW:
                break
            price = low * factor if high == np.inf else high / factor if low == 0.0 else (low * high) ** 0.5
        return price

    def _common(self, price: float) -> Prices:
        """float32 (R, Q): prices in proportion to cost and effect, none above all there is to take."""
        from chokepoint.choke.kernels import priced  # noqa: PLC0415 - numba loads when it computes

        rows, many = self.harm.row_weight.size, self.offers.column.size
        none = np.zeros((rows, many), np.float32)
        prices: Prices = priced.move(
            1.0, self.offers.packed, price * self._share(), self.harm.strength, none,
            np.ones((rows, many), np.bool_), np.zeros(many),
        )  # fmt: skip
        return prices

    def _by_candidate(self, amount: Floats) -> Floats:
        """float64 (C,): the sums of an amount over the offers, (Q,), of each candidate."""
        size = self.limits.candidates.size
        return np.bincount(self.offers.column, weights=amount, minlength=size).astype(np.float64)

    def _share(self) -> Floats:
        """float64 (Q,): what part of all that an offer could take costs as much as its candidate does."""
        harm, offers, limits = self.harm, self.offers, self.limits
        effect = (harm.row_weight @ harm.strength)[offers.mode] * offers.unit
        total = self._by_candidate(effect)
        use = limits.use[0] if limits.room.size == 1 else limits.scarcity(hopes(harm, limits))
        return np.asarray((use / np.maximum(total, 1e-300))[offers.column])

    def dearest(self) -> Floor:
        """The floor at prices so high that no row buys: before less the hit capacities, without a flow."""
        harm, offers = self.harm, self.offers
        effect = (harm.row_weight @ harm.strength)[offers.mode] * offers.unit
        worth = self._by_candidate(effect)
        flows = harm.run(offers.ground) if offers.starves else harm.flows(())
        return Floor(level=float(harm.row_weight @ flows), worth=worth)

    def climb(self, reachable: float, steps: int, *, enough: float = np.inf) -> None:
        """Subgradient steps from the best prices.

        Args:
            reachable: flow left by a known plan; steers the step length only.
            steps: at most.
            enough: a bound that is good enough to stop at.
        """
        from chokepoint.choke.kernels import priced  # noqa: PLC0415 - numba loads when it computes

        if self.best is None:
            return
        here, bold, stale, found = self.prices, BOLD, 0, self.best
        scale, packed, taken = self._measure(), self.offers.packed, self.harm.strength
        for _ in range(steps):
            plan = (found.plan * (1 - DEFLECTED) + self.leaning * DEFLECTED)[self.offers.column]
            norm = priced.steepness(
                self.harm.row_weight, packed, scale, taken, here, found.bought, plan
            )  # fmt: skip
            if norm <= 0 or reachable - self.bound <= CLOSE * abs(reachable) or self.bound >= enough:
                break
            length, known = bold * max(reachable - found.value, 0.0) / norm, self.bound
            here = priced.move(length, packed, scale, taken, here, found.bought, plan)
            found, self.steps = self.ask(here), self.steps + 1
            stale = 0 if found.value > known else stale + 1
            if stale >= PATIENCE:
                bold, stale, here, found = bold / 2, 0, self.prices, self.best

    def _measure(self) -> Floats:
        """float64 (Q,): how far prices move: by the root of common price times all there is to take."""
        return np.asarray(np.sqrt(self._share()))


def dual_of(harm: Harm, limits: Limits) -> Dual:
    """The dual function, nothing asked yet."""
    return Dual(harm=harm, limits=limits, offers=offers_of(harm, limits), full=awake(harm))
