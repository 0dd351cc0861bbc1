"""Compiling all kernels once, so that nobody waits for it later: `python -m chokepoint.choke.warm`."""

from __future__ import annotations

import os

import numpy as np

from chokepoint.choke.bound import dual_of
from chokepoint.choke.dismantle import dismantle
from chokepoint.choke.edges import read_costs, read_edges
from chokepoint.choke.harm import prepare
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.structural import structural_ranking
from chokepoint.choke.worlds import CHOOSING


def warm_kernels() -> None:
    """Run every kernel on a tiny input; numba writes the compiled code beside the sources or its cache."""
    from chokepoint.choke.kernels.csr import STRETCH, fill_by_stretch  # noqa: PLC0415 - numba loads here

    takedown = {"mode": "takedown", "cost": 1, "success": 0.5, "replacement_days": 10}
    roles = ("victim", None, "cash-out")
    nodes = [
        {"id": str(at), "capacity": 1, "role": role, "modes": [takedown]} for at, role in enumerate(roles)
    ]
    edges = [{"from": "0", "to": "1"}, {"from": "1", "to": "2"}]
    network = read_network({"nodes": nodes, "edges": edges, "stages": [{"at_day": 1}], "budget": 1})
    make_plan(network)
    harm = prepare(network, network.worlds, CHOOSING)
    dual = dual_of(harm, limits_of(harm, network.budget))
    dual.parametric(2)
    dual.climb(dual.bound + 1.0, 3)
    read_costs([b"a 1"], read_edges([b"a b"]).names)
    ring = np.arange(30)
    dismantle(30, ring, (ring + 1) % 30)
    start, near = np.array([0, 1, 3, 4], np.int32), np.array([1, 0, 2, 1], np.int32)
    structural_ranking(start, near, np.ones(3, np.bool_), cost=np.ones(3))
    fill_by_stretch(near[:1], near[1:2], np.zeros(4, np.int32), near[2:], STRETCH)


if __name__ == "__main__":
    os.nice(10)  # whoever reads meanwhile goes first
    warm_kernels()
