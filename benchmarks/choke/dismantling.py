"""Plain dismantling on the reference networks: AUC beside the published and the portfolio's values.

    python benchmarks/choke/dismantling.py FOLDER [--nodes 14000] [--names a,b]

FOLDER holds `targets.csv` and `graphs/NAME.npz` (see its README). `mind`, `codes` and `best` are our AUC
over the published value, the best of the authors' codes, and the reference portfolio's best: below 1 is
better. CPU seconds are of our whole search; the reference's are of its best method alone, measured elsewhere.
"""

from __future__ import annotations

import argparse
import csv
import resource
import time
from pathlib import Path

import numpy as np

from chokepoint.choke.dismantle import dismantle
from chokepoint.choke.warm import warm_kernels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nodes", type=int, default=14_000)
    parser.add_argument("--names", default="")
    asked = parser.parse_args()
    with (asked.folder / "targets.csv").open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["nodes"]))
    wanted = set(asked.names.split(",")) - {""}
    warm_kernels()
    ratios = []
    print(f"{'network':34} {'nodes':>7} {'AUC':>10} {'mind':>6} {'codes':>6} {'best':>6}", end="")
    print(f" {'cpu s':>6} {'ref s':>6}  method")
    for row in rows:
        if row["name"] not in wanted and (wanted or int(row["nodes"]) > asked.nodes):
            continue
        graph = np.load(asked.folder / "graphs" / f"{row['name']}.npz")
        began = time.process_time()
        found = dismantle(int(graph["n"]), graph["u"], graph["v"])
        cpu = time.process_time() - began
        keys = ("published_auc_mind", "authors_code_best_auc", "portfolio_best_auc")
        beside = [found.auc / float(row[key]) if row[key] else float("nan") for key in keys]
        ratios.append(beside[2])
        print(
            f"{row['name']:34} {row['nodes']:>7} {found.auc:10.3f} {beside[0]:6.3f} {beside[1]:6.3f} "
            f"{beside[2]:6.3f} {cpu:6.1f} {float(row['portfolio_cpu_s']):6.1f}  {found.method}",
            flush=True,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    mean = float(np.exp(np.mean(np.log(ratios)))) if ratios else float("nan")
    print(f"geometric mean over the portfolio's best {mean:.3f}, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
