"""Dependencies and substitutes by node, so that no plan has to look through all of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chokepoint.choke.chain import ChokeNetwork, Dependency


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What else changes when a node is hit.

    Attributes:
        needs: dependencies by the node that has them.
        dependants: nodes by a supplier of theirs.
        called_by: latent nodes by the node whose loss calls them in.
        waiting: rows of the substitutes by their latent node.
        idle: nodes one of whose suppliers is latent, so that their need may be unmet from the start.
    """

    needs: dict[int, list[Dependency]]
    dependants: dict[int, list[int]]
    called_by: dict[int, list[int]]
    waiting: dict[int, list[int]]
    idle: frozenset[int]

    def tied(self, node: int) -> bool:
        """Whether a hit on the node does not change its capacity alone, or not always."""
        return any(node in tie for tie in (self.needs, self.dependants, self.called_by, self.waiting))


def ties_of(network: ChokeNetwork) -> Ties:
    """The ties of a network."""
    needs, dependants = defaultdict(list), defaultdict(list)
    called_by, waiting = defaultdict(list), defaultdict(list)
    latent = set(network.substitutes.node.tolist())
    for need in network.dependencies:
        needs[need.node].append(need)
        for supplier in need.needs_any:
            dependants[supplier].append(need.node)
    pairs = zip(network.substitutes.hit.tolist(), network.substitutes.node.tolist(), strict=True)
    for at, (hit, node) in enumerate(pairs):
        called_by[hit].append(node)
        waiting[node].append(at)
    idle = {need.node for need in network.dependencies if latent & set(need.needs_any)}
    return Ties(
        needs=dict(needs), dependants=dict(dependants), called_by=dict(called_by), waiting=dict(waiting),
        idle=frozenset(idle),
    )  # fmt: skip
