"""Plans against large value chains: what they cost, how good they are, and asking again.

    python benchmarks/choke/scale.py [--nodes 10000,100000] [--kinds plain,kits] [--worlds 16] [--budget 0.1]

Chains of `value_chains.py` with up to 6 ways from each node (about 3.2 edges a node) and 4 stages. A run is
a process of its own: CPU seconds of all its threads and wall seconds of the whole answer (plan, bound,
held-out worlds, explanation) after a first small one has compiled the kernels, peak resident memory,
certified gap, share of the flow stopped. `again` is another question asked of the kept answer, the longest time
and the largest gap of each: other budgets (0.5 to 2 times as large), and targets barred (the plan's largest, and
every fiftieth of the plan).
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import subprocess
import sys
import time
from typing import Any

from value_chains import Recipe, value_chain

from chokepoint.choke.kept import ask_again
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import PlanAnswer, make_plan

KINDS = {"plain": {}, "kits": {"kits": 0.6}, "spares": {"spares": 0.5}, "hubs": {"concentration": 1.2}}
MOST_WAYS = 6
OTHER_BUDGETS = (0.5, 0.6, 0.85, 1.2, 1.7, 2.0)


def run(task: dict[str, Any]) -> dict[str, Any]:
    """One answer and two askings."""
    make_plan(read_network(value_chain(Recipe(nodes=60))))
    shape = {name: task[name] for name in ("nodes", "budget", "worlds")}
    network = read_network(value_chain(Recipe(**shape, most=MOST_WAYS, **KINDS[task["kind"]])))
    cpu, wall = time.process_time(), time.perf_counter()
    answer = make_plan(network, keep=True)
    found = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    document = answer.document
    budgets = [asked(answer, budget=network.budget * factor) for factor in OTHER_BUDGETS]
    struck = network.modes.node[list(answer.solution.plan)]
    largest = [int(struck[network.capacity[struck].argmax()])]
    barred = [asked(answer, without=[network.ids[at] for at in few]) for few in (largest, struck[::50])]
    return found | {
        "edges": int(network.src.size),
        "gap": document["gap"],
        "stopped": 1 - document["flow_after"] / document["flow_before"],
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "again": max(seconds for seconds, _ in [*budgets, *barred]),
        "budget_gap": max(gap for _, gap in budgets),
        "barred_gaps": [gap for _, gap in barred],
        "method": document["method"],
    }


def asked(answer: PlanAnswer, **question: Any) -> tuple[float, float]:
    """CPU seconds and gap of a question to the kept answer."""
    began = time.process_time()
    gap = float(ask_again(answer.solution.kept, **question)["gap"])
    return time.process_time() - began, gap


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", default="10000,100000")
    parser.add_argument("--kinds", default="plain,kits")
    parser.add_argument("--worlds", type=int, default=16)
    parser.add_argument("--budget", type=float, default=0.1)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(run(json.loads(given.one))))
        return
    print(
        f"{'network':16} {'edges':>8} {'gap':>6} {'stopped':>7} {'cpu s':>7} {'wall s':>7} {'MB':>6}", end=""
    )
    print(f" {'again s':>7} {'budget':>6} {'barred':>13}  method")
    for nodes, kind in itertools.product(map(int, given.nodes.split(",")), given.kinds.split(",")):
        task = {"nodes": nodes, "kind": kind, "worlds": given.worlds, "budget": given.budget}
        command = [sys.executable, __file__, "--one", json.dumps(task)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        one = json.loads(told.splitlines()[-1])
        print(
            f"{kind + ' ' + str(nodes):16} {one['edges']:8,} {one['gap']:6.3f} {one['stopped']:7.1%}"
            f" {one['cpu']:7.1f} {one['wall']:7.1f} {one['mb']:6.0f} {one['again']:7.2f}"
            f" {one['budget_gap']:6.3f} {one['barred_gaps'][0]:6.3f} {one['barred_gaps'][1]:6.3f}  {one['method']}",
            flush=True,
        )


if __name__ == "__main__":
    main()
