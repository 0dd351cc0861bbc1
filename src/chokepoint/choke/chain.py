"""The typed value-chain network that a choke-point plan is made for.

Units: capacity in the caller's flow unit (money or victims a period) for the node's full working
order; cost, collateral and budget in the caller's planning units; times in days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NO_ROLE, VICTIM, CASH_OUT = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """The ways in which nodes can be acted on, one row a (node, mode) pair, M rows.

    Attributes:
        node: int32 (M,), the node acted on, ascending.
        name: takedown, seizure, freeze, arrest, sanction, notification or cooperation.
        cost: float64 (M,), >= 0.
        success: float64 (M,), probability that the action works.
        collateral: float64 (M,), >= 0.
        replacement_days: float64 (M,); share regrown at day t is 1 - exp(-t / replacement_days);
            0 comes back at once, infinity never.
        jurisdiction: whose law the action runs under, empty when not stated.
        lead_days: float64 (M,), days from decision to effect, for the order of work only.
    """

    node: Ints
    name: tuple[str, ...]
    cost: Floats
    success: Floats
    collateral: Floats
    replacement_days: Floats
    jurisdiction: tuple[str, ...]
    lead_days: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitutes:
    """Latent nodes that step in for one that was hit, one row a pair, S rows.

    A node named in `node` is latent: it carries nothing until one of its rows is triggered, that is,
    until `hit` was acted on with success and the stage lies at least `after_days` (days) later.

    Attributes:
        hit: int32 (S,), the node whose loss triggers the row.
        node: int32 (S,), the latent node.
        after_days: float64 (S,), switching time.
    """

    hit: Ints
    node: Ints
    after_days: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A capability that a node needs: at least one of several suppliers.

    The node's capacity is its own times min(own working share, best working share in `needs_any`):
    the scarcest input decides (Leontief). A supplier's share is its own; its dependencies do not
    pass through.

    Attributes:
        node: who needs it.
        needs_any: who can supply it, at least one.
    """

    node: int
    needs_any: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChokeNetwork:
    """A value chain from victims to cash-outs, what can be done to it, and the limits of a plan.

    N nodes, E merged edges without self-loops, K stages.

    Attributes:
        ids: the caller's names, unique.
        kinds: entity kinds, for explanations only.
        capacity: float64 (N,), finite, >= 0; an unlimited node is bounded by the sum of the others.
        role: int8 (N,), NO_ROLE, VICTIM or CASH_OUT.
        src, dst: int32 (E,), direction of the flow.
        belief: float64 (E,), probability that the edge is real.
        modes: the possible actions.
        at_day, weight: float64 (K,), when the damage is looked at and how much that counts.
        budget: limit on the summed cost.
        worlds: number of sampled worlds for choosing; scoring uses others.
        seed: of all sampling.
        collateral_limit: limit on the summed collateral, infinity when none.
        caps: limit on the summed cost by jurisdiction.
        substitutes: latent stand-ins.
        dependencies: needed capabilities.
        loose: whether a way from a victim to a cash-out passes no node of known capacity.
    """

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    capacity: Floats
    role: NDArray[np.int8]
    src: Ints
    dst: Ints
    belief: Floats
    modes: Modes
    at_day: Floats
    weight: Floats
    budget: float
    worlds: int
    seed: int
    collateral_limit: float
    caps: dict[str, float]
    substitutes: Substitutes
    dependencies: tuple[Dependency, ...]
    loose: bool = False

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.ids)

    @property
    def latent(self) -> Flags:
        """Bool (N,): nodes that carry nothing until a strike elsewhere calls them in."""
        flags = np.zeros(self.size, dtype=np.bool_)
        flags[self.substitutes.node] = True
        return flags
