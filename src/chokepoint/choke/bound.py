"""A certified lower bound on what any plan within the limits leaves, for networks of any size.

Lagrangian decomposition: every (world, stage) has its own copy of the plan, bought at prices p. For
all p >= 0, no plan x leaves less than

    sum over rows r of weight_r · mincut_r(min(u, u(1 - a_m) + p_rm)) - sum over m of P_m x_m,

P_m = sum over r of weight_r p_rm; its least over the plans is D(p), whose maximum is the bound of the
linear relaxation. Prices start in proportion to cost and effect, with the factor found by bisection (a
parametric minimum cut, exact for one row), and then move by subgradients (Held, Wolfe and Crowder 1974) with
Polyak's step, longer where there is more to take, in the direction of averaged plans and purchases (the
volume algorithm of Barahona and Anbil 2000); on large networks a group of worlds at a time, each with the
plan that the others before it have changed (Nedic and Bertsekas 2001). What a step certifies is D at the
part of each price that the flows make use of: they fit with no more, so that the level stays and P falls.
Stages whose rows pay little are looked at in few steps; their share of D is kept. Suppliers are priced apart
for each dependant (`offers`); latent substitutes are left out, which only lowers D.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.asked import Asked, Floor
from chokepoint.choke.ceiling import Ceiling, awake, hopes
from chokepoint.choke.harm import thinned
from chokepoint.choke.offers import offers_of

if TYPE_CHECKING:
    from chokepoint.choke.asked import Prices
    from chokepoint.choke.chain import Flags, Floats, Ints
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits
    from chokepoint.choke.offers import Offers

    Sums = tuple[Floats, Floats, Floats]

AVERAGING = 0.2
"""Weight of the newest plan among those of the steps before."""
DEFLECTED = 0.8
"""Part of the averaged plan in the direction of a step: without it, plans swing from one end to the other."""
BOUGHT = 0.3
"""Weight of the newest purchases among those of the steps before; these and the newest lead by halves."""
BOLD = 0.6
"""Part of Polyak's length that a step goes."""
NARROW = 1.08
CLOSE = 1e-4
HUGE = 400_000
"""Rows times nodes of networks where a look at all rows is dear."""
GROUPS, IN_TURN = 4, 0.07
"""Groups of worlds that take steps in turn on these, and the weight of the newest plan there."""
FEW_WORLDS = 1
"""Worlds on which large networks seek a price, in at most `FEW_GUESSES` evaluations."""
FEW_GUESSES = 5


@dataclass(slots=True)
class Dual:
    """The dual function of one damage model, and what was met so far.

    Attributes:
        harm: the damage model.
        limits: candidates and limits.
        offers: what the rows may buy.
        full: float64 (R, n), the most that any plan leaves of each node.
        bound: the largest certificate met; no plan leaves less.
        best: what was found at the largest D(p) met.
        last: what was found by the newest step.
        often: float32 (R, Q), averaged purchases of the steps.
        leaning: float64 (C,), averaged plans of the relaxation, a preference for rounding.
        floors: each certificate met, with its value.
        steps: subgradient steps that were made.
        graphs: residual graph by world, each built once.
    """

    harm: Harm
    limits: Limits
    offers: Offers
    full: Floats
    bound: float = -np.inf
    best: Asked | None = None
    last: Asked | None = None
    often: Prices = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    leaning: Floats = field(default_factory=lambda: np.zeros(0))
    floors: list[tuple[float, Floor]] = field(default_factory=list)
    steps: int = 0
    graphs: dict[int, Any] = field(default_factory=dict)

    def ask(self, prices: Prices, known: Asked | None = None, due: Flags | None = None) -> Asked:
        """D(p) and what leads further; the best that was met is remembered.

        Args:
            prices: float (R, Q), p.
            known: what was found at prices that differ in no row that is not due.
            due: bool (G, K), groups of worlds and their stages to look at; without it all.
        """
        harm, limits, offers = self.harm, self.limits, self.offers
        prices = np.asarray(prices, np.float32)
        if known is None or due is None:
            due = np.ones((self.groups, harm.network.at_day.size), np.bool_)
        bought = np.zeros(prices.shape, np.bool_) if known is None else known.bought.copy()
        sums, gain, spent = self._summed(prices, due, bought)
        if known is not None:
            sums[~due], gain[~due], spent[~due] = known.sums[~due], known.gain[~due], known.spent[~due]
        level, paid, width = sums.sum(axis=(0, 1)).tolist()
        worth = self._by_candidate(_weighted(harm.row_weight, prices))
        used = self._by_candidate(spent.sum(axis=(0, 1)))
        plan, income = limits.best_fractional(worth)
        cuts = np.zeros(limits.candidates.size)
        cuts[offers.column[: offers.own]] = gain.sum(axis=(0, 1))
        found = Asked(
            prices=prices, value=level - income, sure=level - limits.best_fractional(used)[1], bought=bought,
            plan=plan, slope=paid - float(worth @ plan), ceiling=Ceiling(level=width, gain=cuts), sums=sums,
            gain=gain, spent=spent,
        )  # fmt: skip
        self._note(found, Floor(level=level, worth=used))
        return found

    def _note(self, found: Asked, floor: Floor) -> None:
        self.floors.append((found.sure, floor))
        self.bound = max(self.bound, found.sure)
        if self.best is None or found.value > self.best.value:
            self.best = found
        blend = 1.0 if not self.leaning.size else AVERAGING if self.groups == 1 else IN_TURN
        self.leaning = found.plan * blend + (self.leaning * (1 - blend) if self.leaning.size else 0.0)

    def _summed(self, prices: Prices, due: Flags, bought: Flags) -> Sums:
        """Sums, gains and used prices of what is due, by group and stage, in the order of the worlds."""
        total = self._nothing(self.groups, self.harm.network.at_day.size)
        for found in self.harm.in_parts(lambda part: self._rows(part, prices, due, bought[part])):
            for group, amounts in found.items():
                for sums, one in zip(total, amounts, strict=True):
                    sums[group] += one
        return total

    def _nothing(self, *shape: int) -> Sums:
        sizes = (3, self.offers.own, self.offers.column.size)
        sums, gain, spent = (np.zeros((*shape, size)) for size in sizes)
        return sums, gain, spent

    def _rows(self, part: slice, prices: Prices, due: Flags, bought: Flags) -> dict[int, Sums]:
        """What is due in some worlds, by group; `bought` is written."""
        from chokepoint.choke.kernels import priced  # noqa: PLC0415 - numba loads when it computes

        harm, offers, stages = self.harm, self.offers, self.harm.network.at_day.size
        found: dict[int, Sums] = {}
        for world in range(part.start // stages, part.stop // stages):
            group = self.group(world)
            if not due[group].any():
                continue
            rows = slice(world * stages, (world + 1) * stages)
            mine = slice(rows.start - part.start, rows.stop - part.start)
            if group not in found:
                found[group] = self._nothing(stages)
            priced.priced(
                self._graph(world), np.array(offers.ground[rows]), np.array(self.full[rows]), offers.packed,
                harm.strength[rows], prices[rows], harm.row_weight[rows], harm.slack, due[group],
                (bought[mine], *found[group]),
            )  # fmt: skip
        return found

    def _graph(self, world: int) -> Any:
        from chokepoint.choke.kernels import residual  # noqa: PLC0415 - numba loads when it computes

        if world not in self.graphs:
            harm = self.harm
            self.graphs[world] = residual.world_graph(harm.role, *harm.ends, harm.alive[world])
        return self.graphs[world]

    def parametric(self, most: int) -> None:
        """Find the best common price of a unit of cost, in at most `most` evaluations.

        On large networks the price is sought on few worlds, each price of which is a fair guess for all: a
        price found on other worlds certifies a little less, never too much.
        """
        if self.harm.slack == 0 or self.harm.worlds.count <= FEW_WORLDS:
            self.bisect(1.0, most, factor=4.0)
            return
        sample = dual_of(thinned(self.harm, FEW_WORLDS), self.limits)
        self.ask(self._common(sample.bisect(1.0, min(most, FEW_GUESSES), factor=4.0)))

    def elsewhere(self, factor: float) -> Dual:
        """The dual function for a budget that many times as large, asked once at the newest prices, moved.

        Prices of a smaller budget are higher, by about the fourth root.
        """
        room = self.limits.room.copy()
        room[0] *= factor
        other = Dual(
            harm=self.harm, limits=replace(self.limits, room=room), offers=self.offers, full=self.full,
            graphs=self.graphs,
        )  # fmt: skip
        newest = self.last or self.best
        if newest is not None:
            other.ask(newest.prices * np.float32(factor**-0.25))
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
        none, all_rows = np.zeros((rows, many), np.float32), np.ones(rows, np.bool_)
        one = np.broadcast_to(np.float32(1), (rows, many))
        slope = ((one, one), np.zeros(many), all_rows)
        prices: Prices = priced.move(
            1.0, self.offers.packed, price * self._share(), self.harm.strength, none, slope
        )
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
        """Subgradient steps from the newest prices, at first from the best.

        Args:
            reachable: flow left by a known plan; steers the step length only.
            steps: at most.
            enough: a bound that is good enough to stop at.
        """
        from chokepoint.choke.kernels import priced  # noqa: PLC0415 - numba loads when it computes

        found = self.last or self.best
        if found is None:
            return
        scale, packed, harm = self._measure(), self.offers.packed, self.harm
        every = _every(found.sums[:, :, 1].sum(axis=0))
        for _ in range(steps * self.groups):
            due = self._due(every)
            slope = self._slope(found, due)
            norm = priced.steepness(harm.row_weight, packed, scale, harm.strength, found.prices, slope)
            if norm <= 0 or reachable - self.bound <= CLOSE * abs(reachable) or self.bound >= enough:
                break
            length = BOLD / self.groups * max(reachable - found.value, 0.0) / norm
            here = priced.move(length, packed, scale, harm.strength, found.prices, slope)
            found = self.ask(here, found, due)
            self.last, self.steps = found, self.steps + 1

    def _due(self, every: Ints) -> Flags:
        """Bool (G, K): one group of worlds, and of its stages those whose turn it is."""
        due = np.zeros((self.groups, every.size), np.bool_)
        due[self.steps % self.groups] = self.steps // self.groups % every == 0
        return due

    def group(self, world: Any) -> Any:
        """Which group of worlds a world is looked at with."""
        return world % self.groups

    @property
    def groups(self) -> int:
        """Into how many groups the worlds are parted; more than one on huge networks."""
        huge = self.harm.row_weight.size * self.harm.core.size > HUGE
        return min(GROUPS, self.harm.worlds.count) if huge else 1

    def _slope(self, found: Asked, due: Flags) -> tuple[tuple[Flags, Prices], Floats, Flags]:
        """Where to go, as `priced.move` takes it, for the stages that are due."""
        from chokepoint.choke.kernels import priced  # noqa: PLC0415 - numba loads when it computes

        harm = self.harm
        rows = due[self.group(harm.row_world), harm.row_stage]
        if not self.often.size:
            self.often = found.bought.astype(np.float32)
        else:
            priced.remember(self.often, found.bought, rows, BOUGHT)
        plan = found.plan * (1 - DEFLECTED) + self.leaning * DEFLECTED
        return (found.bought, self.often), plan[self.offers.column], rows

    def _measure(self) -> Floats:
        """float64 (Q,): how far prices move: by the root of common price times all there is to take."""
        return np.asarray(np.sqrt(self._share()))


def dual_of(harm: Harm, limits: Limits) -> Dual:
    """The dual function, nothing asked yet."""
    return Dual(harm=harm, limits=limits, offers=offers_of(harm, limits), full=awake(harm))


def _every(paid: Floats) -> Ints:
    """int64 (K,): in how many steps a stage is due once, by what its rows paid.

    By the root of how much less that was than in the stage that paid most.
    """
    ratio = paid.max(initial=0.0) / np.maximum(paid, 1e-300)
    return np.asarray(np.floor(np.sqrt(np.minimum(ratio, 1e12)))).astype(np.int64).clip(1)


def _weighted(weight: Floats, prices: Prices) -> Floats:
    """float64 (Q,): weight @ prices, row by row to spare memory."""
    total = np.zeros(prices.shape[1])
    for share, row in zip(weight, prices, strict=True):
        total += share * row
    return total
