"""Does the 90 % band hold the flow of worlds that had no part in it?

    python benchmarks/choke/calibration.py [--instances 200] [--nodes 40] [--fresh 100] [--kind wild] [--seed 1]

Each instance is a wild chain (`wild_chains.py`) with doubt in it, or one of `value_chains.py`. Its plan is chosen on one set of
worlds, its band measured on a second, and judged on `fresh` worlds of a third that nothing has seen.
Networks without any doubt have one world and are left out: their band is a point and always right.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
from value_chains import Recipe, value_chain
from wild_chains import wild_chain

from chokepoint.choke.harm import prepare
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import scored
from chokepoint.choke.solve import solve
from chokepoint.choke.worlds import CHOOSING

FRESH = 77
ROUNDING = 1e-9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=200)
    parser.add_argument("--nodes", type=int, default=40)
    parser.add_argument("--fresh", type=int, default=100)
    parser.add_argument("--kind", choices=["wild", "value"], default="wild")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    held: list[float] = []
    seed = asked.seed - 1
    while len(held) < asked.instances:
        seed += 1
        shape = {"nodes": asked.nodes, "seed": seed, "budget": (0.05, 0.1, 0.2)[seed % 3], "worlds": 8}
        tree = wild_chain(**shape) if asked.kind == "wild" else value_chain(Recipe(**shape))
        network = read_network(tree)
        harm = prepare(network, network.worlds, CHOOSING)
        solution = solve(harm, limits_of(harm, network.budget))
        score = scored(network, solution.plan)
        if score["worlds_heldout"] == 1 or solution.before <= 0:
            continue
        unseen = prepare(replace(network, worlds=asked.fresh), asked.fresh, FRESH)
        left = unseen.by_world(unseen.flows(solution.plan))
        low, high = score["band"]
        slack = ROUNDING * max(high, 1.0)
        held.append(float(np.mean((left >= low - slack) & (left <= high + slack))))
    table = np.array(held)
    print(f"{table.size} {asked.kind} chains of {asked.nodes} nodes, {asked.fresh} unseen worlds each")
    print(f"held by the 90 % band: {table.mean():.1%} of all cases")
    print("of instances, 5th to 95th percentile:", *(f"{q:.1%}" for q in np.quantile(table, [0.05, 0.95])))


if __name__ == "__main__":
    main()
