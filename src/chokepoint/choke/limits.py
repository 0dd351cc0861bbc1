"""What a plan may cost (budget, collateral, caps, one mode a node) and which modes are worth a look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from chokepoint.choke.chain import Floats, Ints
    from chokepoint.choke.harm import Harm, Plan

    Longs = NDArray[np.int64]

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The linear limits use @ x <= room over the candidate modes, with at most one mode a node.

    Attributes:
        candidates: int32 (C,), mode numbers that can lower the flow and fit alone.
        node: int32 (C,), their nodes.
        use: float64 (L, C), non-negative; row 0 is the cost.
        room: float64 (L,), finite.
    """

    candidates: Ints
    node: Ints
    use: Floats
    room: Floats
    group: Longs = field(init=False, repr=False, compare=False)
    group_of: Longs = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Where each node's candidates begin (they lie side by side), and whose each is."""
        object.__setattr__(self, "use", np.ascontiguousarray(self.use, np.float64))
        object.__setattr__(self, "room", np.ascontiguousarray(self.room, np.float64))
        begins = np.flatnonzero(np.diff(self.node, prepend=-1))
        object.__setattr__(self, "group", begins)
        object.__setattr__(
            self, "group_of", np.searchsorted(begins, np.arange(self.node.size), side="right") - 1
        )

    def fits(self, chosen: Iterable[int]) -> bool:
        """Whether candidate positions `chosen` keep to every limit, up to rounding."""
        at = list(chosen)
        total = self.use[:, at].sum(axis=1)
        within = bool(np.all(total <= self.room * (1 + ROUNDING) + ROUNDING))
        return within and len({int(self.node[i]) for i in at}) == len(at)

    def filled(self, preference: Floats, start: Iterable[int] = ()) -> frozenset[int]:
        """The start and what else is preferred (float64 (C,), above 0) and fits, best first."""
        from chokepoint.choke.kernels.knapsack import fill  # noqa: PLC0415 - numba loads when it computes

        plan = np.zeros(self.node.size, np.bool_)
        plan[list(start)] = True
        wanted = np.flatnonzero(preference > 0)
        order = wanted[np.argsort(-preference[wanted], kind="stable")]
        fill(order, self.use, self.room * (1 + ROUNDING) + ROUNDING, self.group_of, plan)
        return frozenset(np.flatnonzero(plan).tolist())

    def modes(self, chosen: Iterable[int]) -> Plan:
        """Mode numbers of candidate positions, ascending."""
        return tuple(sorted(int(self.candidates[i]) for i in chosen))

    def best_fractional(self, worth: Floats) -> tuple[Floats, float]:
        """Max worth @ x over 0 <= x <= 1 within the limits: (x, value), value an upper bound.

        By Lagrange multipliers of all limits at once; any of them certify, so that stopping early
        costs tightness only. x is about a best fractional plan.
        """
        price, over, under = self._multipliers(worth)
        value = self.income(worth, price)
        if over is None:
            return under, value
        row = int(np.argmax(self.use @ over - self.room))
        high, low = float(self.use[row] @ over), float(self.use[row] @ under)
        mix = np.clip((self.room[row] - low) / max(high - low, 1e-300), 0.0, 1.0)
        return under + mix * (over - under), value

    def income(self, worth: Floats, price: Floats) -> float:
        """What no plan within the limits is worth more than, certified by prices >= 0 of the limits, (L,)."""
        left = worth - price @ self.use
        best = np.maximum.reduceat(left, self.group) if left.size else left
        return float(price @ self.room + np.maximum(best, 0.0).sum())

    def prices(self, worth: Floats) -> Floats:
        """float64 (L,): the prices of the limits at which `income` is about the least."""
        return self._multipliers(worth)[0]

    def best_filled(self, worth: Floats) -> frozenset[int]:
        """A plan worth about as much as any: the best of each node at the limits' prices, then what fits.

        Filling up by worth, or by worth for what is used, alone takes the wrong mode of many a node.
        """
        price, over, under = self._multipliers(worth)
        use = price @ self.use if (price > 0).any() else (1.0 / np.maximum(self.room, 1e-12)) @ self.use
        rate = worth / np.maximum(use, 1e-12)
        plans = [self.filled(rate), self.filled(worth)]
        for picked in (under, under if over is None else self._mixed(over, under)):
            chosen = np.flatnonzero(picked).tolist()
            if self.fits(chosen):
                plans.append(self.filled(rate, chosen))
        return min(plans, key=lambda plan: (-float(worth[sorted(plan)].sum()), sorted(plan)))

    def _mixed(self, over: Floats, under: Floats) -> Floats:
        """The plan just within the limits, at as many nodes as there is room for as in the one beyond."""
        row = int(np.argmax(self.use @ over - self.room))
        more = np.add.reduceat(self.use[row] * (over - under), self.group)
        turn = np.flatnonzero(more > 0)
        turn = turn[np.cumsum(more[turn]) <= self.room[row] - self._used(row, under)]
        return np.where(np.isin(self.group_of, turn), over, under)

    def scarcity(self, worth: Floats) -> Floats:
        """float64 (C,): what each candidate uses of all limits, weighted by their multipliers at `worth`."""
        price, _, _ = self._multipliers(worth)
        if not (price > 0).any():
            price = 1.0 / np.maximum(self.room, 1e-12)
        return np.asarray(price @ self.use)

    def _multipliers(self, worth: Floats) -> tuple[Floats, Floats | None, Floats]:
        """Prices of the limits, with a plan just over and one just within the last (`multipliers`)."""
        from chokepoint.choke.kernels.knapsack import multipliers  # noqa: PLC0415 - numba loads when it computes

        prices, binds, over, under = multipliers(worth, self.use, self.room, self.group)
        return prices, np.asarray(over, np.float64) if binds else None, np.asarray(under, np.float64)

    def _used(self, at: int, plan: Floats) -> float:
        """What a plan uses of a limit; a product of this size is not worth the threads of a library."""
        return float((self.use[at] * plan).sum())

    def best_whole(self, worth: Floats) -> tuple[Floats, float]:
        """An upper bound of max worth @ x over plans, from a mixed-integer solve, with its plan."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - loads when it computes

        if not worth.size or worth.max(initial=0.0) <= 0:
            return np.zeros(worth.size), 0.0
        scale = float(worth.max())
        answer = milp(
            -worth / scale, constraints=[LinearConstraint(a, -np.inf, b) for a, b in self.matrix()],
            bounds=Bounds(0, 1), integrality=np.ones(worth.size),
            options={"node_limit": 2000, "mip_rel_gap": 1e-6},
        )  # fmt: skip
        if answer.x is None or answer.mip_dual_bound is None:
            return self.best_fractional(worth)
        return np.round(answer.x), min(-answer.mip_dual_bound * scale, float(np.maximum(worth, 0).sum()))

    def matrix(self) -> list[tuple[Any, Floats]]:
        """The limits as (sparse matrix, right side) pairs, rows scaled to their room."""
        from scipy.sparse import csr_array  # noqa: PLC0415 - loads when it computes

        scale = np.where(self.room > 0, self.room, 1.0)
        parts = [(csr_array(self.use / scale[:, None]), self.room / scale)]
        nodes, where = np.unique(self.node, return_inverse=True)
        if nodes.size < self.node.size:
            table = csr_array((np.ones(where.size), (where, np.arange(where.size))))
            parts.append((table, np.ones(nodes.size)))
        return parts


def limits_of(harm: Harm, budget: float) -> Limits:
    """The limits of a network's plans, for a budget that may differ from its own.

    A mode is no candidate when it never succeeds, does not fit alone, sits where no flow depends on
    it, or is dominated by another mode of its node in every world, stage and limit.
    """
    network, modes = harm.network, harm.network.modes
    relevant = harm.place[modes.node] >= 0
    for need in network.dependencies:
        if harm.place[need.node] >= 0:
            relevant |= np.isin(modes.node, need.needs_any)
    use, room = [modes.cost], [budget]
    if np.isfinite(network.collateral_limit):
        use.append(modes.collateral)
        room.append(network.collateral_limit)
    for law, cap in sorted(network.caps.items()):
        use.append(np.where(np.array(modes.jurisdiction) == law, modes.cost, 0.0))
        room.append(cap)
    table, right = np.array(use), np.array(room)
    fits = np.all(table <= right[:, None] * (1 + ROUNDING) + ROUNDING, axis=0)
    useful = harm.strength.max(axis=0, initial=0.0) > ROUNDING
    kept = np.flatnonzero(relevant & fits & useful).astype(np.int32)
    kept = kept[_undominated(harm, kept, table)]
    return Limits(candidates=kept, node=modes.node[kept], use=table[:, kept], room=right)


def _undominated(harm: Harm, kept: Ints, use: Floats) -> list[int]:
    """Positions of modes that no other mode of the same node beats everywhere; the first of equals stays."""
    by_node: dict[int, list[int]] = {}
    for at, mode in enumerate(kept):
        by_node.setdefault(int(harm.network.modes.node[mode]), []).append(at)
    triggers = {int(v) for v in harm.network.substitutes.hit}

    def beaten(at: int, other: int) -> bool:
        a, b = kept[at], kept[other]
        stronger = bool(np.all(harm.strength[:, b] >= harm.strength[:, a]))
        return stronger and bool(np.all(use[:, b] <= use[:, a]))

    found = []
    for node, group in by_node.items():
        for at in group:
            rivals = (o for o in group if o != at and node not in triggers)
            if not any(beaten(at, o) and (o < at or not beaten(o, at)) for o in rivals):
                found.append(at)
    return found
