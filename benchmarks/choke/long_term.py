"""Our plan against the textbook's mixed-integer program on random value chains.

    python benchmarks/choke/long_term.py [--nodes 120,300,600] [--kinds plain,wild] [--seeds 1] [--first 1]
        [--seconds 300] [--worlds 4]

Each run is a process of its own: CPU seconds (without imports and compilation) and peak resident memory.
`milp s` is the program of `tests/choke/choke_milp.py` (a minimum cut a world and stage, joined by the plan),
given to HiGHS as scipy does it: one thread, its own tolerance of 1e-4, at most `--seconds` of wall time (`+`
where that ended it; the time to write the program down is not counted). `ratio` = our damage / the best damage
that the bounds allow (its and ours), so 1.000 is optimal and nothing is flattered where the program ran out of
time. `cpu s` is our plan with its bound, `share` that of `milp s`, `all s` the whole answer with held-out
worlds, alternatives and reasons. `static` is the optimum for day 0, `degree` takes by degree per cost; both
are scored by the same long-term model. `wild` draws everything anew for each seed (`wild_chains.py`), the
other kinds vary one thing at a time (`value_chains.py`).
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import milp
from value_chains import Recipe, value_chain
from wild_chains import wild_chain

from chokepoint.choke.harm import prepare
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.solve import solve
from chokepoint.choke.worlds import CHOOSING

KINDS = {
    "plain": {},
    "hubs": {"concentration": 1.2},
    "tight": {"tight": 0.4},
    "spares": {"spares": 0.5},
    "kits": {"kits": 0.6},
}


def tree_of(task: dict[str, Any]) -> dict[str, Any]:
    """The document of a task; finite capacities and single edges, so that two readings are one."""
    shape = {name: task[name] for name in ("nodes", "seed", "budget", "worlds")}
    if task["kind"] != "wild":
        return value_chain(Recipe(**shape, **KINDS[task["kind"]]))
    tree = wild_chain(**shape)
    whole = sum(node["capacity"] or 0.0 for node in tree["nodes"])
    for node in tree["nodes"]:
        node["capacity"] = whole if node["capacity"] is None else node["capacity"]
    tree["edges"] = list({(edge["from"], edge["to"]): edge for edge in tree["edges"]}.values())
    return tree


def run(task: dict[str, Any], who: str, seconds: float) -> dict[str, Any]:
    """Ours and what is compared by its plan, or the program; flows on the selection worlds."""
    tree = tree_of(task)
    network = read_network(tree)
    harm = prepare(network, network.worlds, CHOOSING)
    limits = limits_of(harm, network.budget)
    if who == "milp":
        return by_program(tree, harm, seconds)
    found: dict[str, Any] = {"before": harm.value(())}
    began = time.process_time()
    solution = solve(harm, limits)
    found |= {"cpu": time.process_time() - began, "after": solution.after, "bound": solution.bound}
    found |= {"gap": solution.gap, "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    began = time.process_time()
    make_plan(network)
    found["all"] = time.process_time() - began
    return found | {name: baseline(network, harm, limits, name) for name in ("static", "degree")}


def by_program(tree: dict[str, Any], harm: Any, seconds: float) -> dict[str, Any]:
    """The textbook's program, given to its solver."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "choke"))
    from choke_milp import solved, written  # noqa: PLC0415 - only this run needs it

    program, whole = written(tree, harm.worlds)
    began = time.process_time()
    answer = solved(program, whole, seconds=seconds)
    return {
        "cpu": time.process_time() - began,
        "bound": answer.mip_dual_bound or 0.0,
        "proven": answer.status == 0,
    }


def baseline(network: Any, harm: Any, limits: Any, who: str) -> float:
    """What naive choices leave under the long-term model."""
    if who == "static":
        day0 = replace(network, at_day=np.zeros(1), weight=np.ones(1))
        frozen = prepare(day0, day0.worlds, CHOOSING)
        return float(harm.value(solve(frozen, limits_of(frozen, network.budget)).plan))
    degree = np.bincount(network.src, minlength=network.size) + np.bincount(
        network.dst, minlength=network.size
    )
    taken = limits.filled(degree[limits.node] / np.maximum(limits.use[0], 1e-9))
    return float(harm.value(limits.modes(taken)))


def apart(task: dict[str, Any], who: str, seconds: float) -> dict[str, Any]:
    """The same in a process of its own."""
    asked = json.dumps({"task": task, "who": who, "seconds": seconds})
    answer = subprocess.run(
        [sys.executable, __file__, "--one", asked], capture_output=True, text=True, check=True
    )
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", default="120,300,600")
    parser.add_argument("--budgets", default="0.05,0.1,0.2")
    parser.add_argument("--kinds", default=",".join([*KINDS, "wild"]))
    parser.add_argument("--seeds", type=int, default=1, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--worlds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one = json.loads(asked.one)
        for kind in ("plain", "kits"):
            make_plan(read_network(tree_of({**one["task"], "kind": kind, "nodes": 60, "budget": 0.05})))
        milp(np.ones(1))
        print(json.dumps(run(one["task"], one["who"], one["seconds"])))
        return
    compare(asked)


def compare(asked: argparse.Namespace) -> None:
    print(f"{'network':22} {'ratio':>6} {'gap':>6} {'static':>6} {'degree':>6}", end="")
    print(f" {'cpu s':>7} {'milp s':>8} {'share':>6} {'all s':>6} {'MB':>5}")
    ratios, gaps, shares, late = [], [], [], 0
    for nodes, kind, budget, seed in itertools.product(
        map(int, asked.nodes.split(",")),
        asked.kinds.split(","),
        list(map(float, asked.budgets.split(","))),
        range(asked.first, asked.first + asked.seeds),
    ):
        task = {"kind": kind, "nodes": nodes, "budget": budget, "seed": seed, "worlds": asked.worlds}
        won, ours, milp = one_line(task, asked.seconds)
        ratios.append(won[0])
        gaps.append(ours["gap"])
        shares.append(ours["cpu"] / max(milp["cpu"], 1e-9))
        late += not milp["proven"]
        name = f"{kind} {nodes} {budget:.0%} #{seed}"
        print(
            f"{name:22} {won[0]:6.3f} {ours['gap']:6.3f} {won[1]:6.3f} {won[2]:6.3f} {ours['cpu']:7.2f}"
            f" {milp['cpu']:7.2f}{' ' if milp['proven'] else '+'} {shares[-1]:6.3f} {ours['all']:6.2f}"
            f" {ours['rss']:5.0f}",
            flush=True,
        )
    print(f"mean ratio {np.mean(ratios):.4f}, worst {min(ratios):.4f}, largest gap {max(gaps):.4f}")
    print(
        f"share of the program's time: geometric mean {np.exp(np.mean(np.log(shares))):.3f}, worst"
        f" {max(shares):.3f}; {late} of {len(shares)} programs ended by the limit"
    )


def one_line(task: dict[str, Any], seconds: float) -> tuple[list[float], dict[str, Any], dict[str, Any]]:
    """Shares of the possible damage that ours, the static optimum and degree do; and both runs."""
    ours, milp = (apart(task, who, seconds) for who in ("ours", "milp"))
    most = ours["before"] - max(milp["bound"], ours["bound"])
    left = (ours["after"], ours["static"], ours["degree"])
    return [(ours["before"] - after) / most if most > 0 else 1.0 for after in left], ours, milp


if __name__ == "__main__":
    main()
