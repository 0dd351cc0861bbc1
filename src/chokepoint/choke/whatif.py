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
    from chokepoint.choke.harm import Harm

CELLS = 40_000_000
"""Rows times nodes that asking may evaluate; the rest is bounded by what each carries."""


def without_each(network: ChokeNetwork) -> tuple[dict[str, float], dict[str, float]]:
    """Flow left without each node that is neither victim nor latent, by id: exactly, and at least that.

    Others step in for what vanished, as after a hit. The second holds those for which there was no time:
    a node stops at most what it carries, and what its dependants do.
    """
    asked = np.flatnonzero((network.role != VICTIM) & ~network.latent).astype(np.int32)
    harm = prepare(replace(network, modes=_removals(asked)), network.worlds, CHOOSING)
    before, least = harm.value(()), dict[str, float]()
    stops = _stops_at_most(harm)
    supplies = harm.ties.dependants  # asked about first: their bounds are the loosest
    order = sorted(range(asked.size), key=lambda at: (int(asked[at]) not in supplies, -stops[asked[at]]))
    room = max(CELLS // max(harm.row_weight.size * harm.core.size, 1), 1)
    exact = {network.ids[asked[at]]: harm.value((at,)) for at in order[:room]}
    for at in order[room:]:
        least[network.ids[asked[at]]] = max(before - float(stops[asked[at]]), 0.0)
    return exact, least


def _stops_at_most(harm: Harm) -> Floats:
    """float64 (N,): what each node carries, and what those carry that it supplies; 0 off the chain."""
    _, _, through = harm.cut(harm.capacities(()))
    stops = np.zeros(harm.network.size)
    stops[harm.core] = carried = harm.row_weight @ through
    for supplier, dependants in harm.ties.dependants.items():
        spots = harm.place[sorted({supplier, *dependants})]
        stops[supplier] = carried[spots[spots >= 0]].sum()
    return stops


def _removals(nodes: Ints) -> Modes:
    count = nodes.size
    return Modes(
        node=nodes, name=("takedown",) * count, cost=np.zeros(count), success=np.ones(count),
        collateral=np.zeros(count), replacement_days=np.full(count, np.inf), jurisdiction=("",) * count,
        lead_days=np.zeros(count),
    )  # fmt: skip
