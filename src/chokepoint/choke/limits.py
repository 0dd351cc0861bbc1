"""What a plan may cost (budget, collateral, caps, one mode a node) and which modes are worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.choke.chain import Floats, Ints
    from chokepoint.choke.harm import Harm, Plan

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

    def fits(self, chosen: Iterable[int]) -> bool:
        """Whether candidate positions `chosen` keep to every limit, up to rounding."""
        at = list(chosen)
        total = self.use[:, at].sum(axis=1)
        within = bool(np.all(total <= self.room * (1 + ROUNDING) + ROUNDING))
        return within and len({int(self.node[i]) for i in at}) == len(at)

    def modes(self, chosen: Iterable[int]) -> Plan:
        """Mode numbers of candidate positions, ascending."""
        return tuple(sorted(int(self.candidates[i]) for i in chosen))

    def best_fractional(self, worth: Floats) -> tuple[Floats, float]:
        """Max worth @ x over 0 <= x <= 1 within the limits: (x, value), value an upper bound.

        The Lagrangian relaxation of all but the most binding limit; exact for a single limit.
        """
        return _fill(self, worth)

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


def _fill(limits: Limits, worth: Floats) -> tuple[Floats, float]:
    """Greedy by worth per cost on every single limit in turn; the least of the bounds holds."""
    best: tuple[Floats, float] | None = None
    for use, room in zip(limits.use, limits.room, strict=True):
        x = np.where((worth > 0) & (use <= 0), 1.0, 0.0)
        paid = np.flatnonzero((worth > 0) & (use > 0))
        order = paid[np.argsort(-worth[paid] / use[paid], kind="stable")]
        spent = np.cumsum(use[order])
        x[order[spent <= room]] = 1.0
        over = int(np.searchsorted(spent, room, side="right"))
        if over < order.size:
            before = float(spent[over - 1]) if over else 0.0
            x[order[over]] = max(room - before, 0.0) / use[order[over]]
        value = float(worth @ x)
        if best is None or value < best[1]:
            best = (x, value)
    return best if best is not None else (np.ones(worth.size), float(np.maximum(worth, 0).sum()))
