"""What would be left if one thing vanished for good, for every thing of a network, target or not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.chain import VICTIM, ChokeNetwork, Modes
from chokepoint.choke.harm import prepare
from chokepoint.choke.worlds import CHOOSING

if TYPE_CHECKING:
    from chokepoint.choke.chain import Floats, Ints

CELLS = 40_000_000
"""Rows times nodes that asking may evaluate; the rest is bounded by what each carries."""


def without_each(network: ChokeNetwork) -> tuple[dict[str, float], dict[str, float]]:
    """Flow left without each node that is neither victim nor latent, by id: exactly, and at least that.

    Others step in for what vanished, as after a hit. The second holds those for which there was no time:
    a node stops at most what it carries.
    """
    latent = network.latent
    asked = np.flatnonzero((network.role != VICTIM) & ~latent).astype(np.int32)
    harm = prepare(replace(network, modes=_removals(asked)), network.worlds, CHOOSING)
    before, least = harm.value(()), dict[str, float]()
    _, _, through = harm.cut(harm.capacities(()))
    carried = harm.row_weight @ through
    order = sorted(range(asked.size), key=lambda at: -_carries(harm.place, carried, int(asked[at])))
    room = max(CELLS // max(harm.row_weight.size * harm.core.size, 1), 1)
    exact = {network.ids[asked[at]]: harm.value((at,)) for at in order[:room]}
    for at in order[room:]:
        node = int(asked[at])
        least[network.ids[node]] = before - max(_carries(harm.place, carried, node), 0.0)
    return exact, least


def _carries(place: Ints, carried: Floats, node: int) -> float:
    """Flow through a node; suppliers, which carry none and may stop all, come first."""
    return float(carried[place[node]]) if place[node] >= 0 else np.inf


def _removals(nodes: Ints) -> Modes:
    count = nodes.size
    return Modes(
        node=nodes, name=("takedown",) * count, cost=np.zeros(count), success=np.ones(count),
        collateral=np.zeros(count), replacement_days=np.full(count, np.inf), jurisdiction=("",) * count,
        lead_days=np.zeros(count),
    )  # fmt: skip
