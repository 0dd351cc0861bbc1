"""Plain dismantling on the reference networks: AUC beside the published and the portfolio's values.

    python benchmarks/choke/dismantling.py FOLDER [--nodes 14000] [--names a,b]
    python benchmarks/choke/dismantling.py FOLDER --reinsertion --names com-dblp,loc-brightkite
    python benchmarks/choke/dismantling.py --scale 1e5,1e6,1e7

FOLDER holds `targets.csv` and `graphs/NAME.npz` (see its README). `mind`, `codes` and `best` are our AUC
over the published value, the best of the authors' codes, and the reference portfolio's best; `simple` is over
the best of the portfolio that the README names, written anew (`simple.py`) and run whole beside ours: below 1
is better. CPU seconds are of both whole searches, in one process and one after the other: loading the
libraries and the compiled kernels counts for neither. What was measured
is kept (`kept.py`), so that a run that was broken off goes on; a change of code or data measures anew.

`--reinsertion` puts the removals of CoreHD back greedily twice: by the lazy heap that recounts each stale
key, and by ours; both are exact, so their orders must be one. `--scale` takes random graphs with three edges
a node apart by the linear method; the exponent is of CPU seconds from the smallest to the largest.
"""

from __future__ import annotations

import argparse
import csv
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np
from kept import SOURCES, code, digest, kept
from simple import simple_portfolio

from chokepoint.choke.dismantle import dismantle
from chokepoint.choke.dismantle.seeds import quick
from chokepoint.choke.dismantle.work import Work
from chokepoint.choke.kernels.csr import simple_csr
from chokepoint.choke.kernels.quotient import contract
from chokepoint.choke.kernels.regrow import _regrow_priced, regrow
from chokepoint.choke.warm import warm_kernels

REPEATED = 200_000
KERNELS = ("anneal", "between", "csr", "decimate", "fetch", "pieces", "quotient", "regrow", "structure")
OURS = digest(
    files=[*code("choke/dismantle"), *(SOURCES / "choke" / "kernels" / f"{name}.py" for name in KERNELS)],
    packages=("numba", "numpy", "pymetis", "scipy"),
)
SIMPLE = digest(OURS, files=[Path(__file__).with_name("simple.py")])
"""What can change the table of the reference networks, as it is when the run begins."""


def reinsertion(name: str, arrays: Any) -> None:
    """One row: exact reinsertion by the lazy heap and by ours."""
    n = int(arrays["n"])
    start, near = simple_csr(n, arrays["u"].astype(np.int32), arrays["v"].astype(np.int32))
    work = Work(start=start, near=near, price=np.ones(n), priced=False)
    nodes = np.sort(work.finished(next(quick(work))[1]))
    row = [f"{name:24} {nodes.size:9}"]
    orders = []
    for method in (_regrow_priced, regrow):
        began = time.process_time()
        order = nodes[method(contract(start, near, np.zeros(n, np.bool_), nodes), work.price[nodes])]
        row.append(f"{time.process_time() - began:8.2f} {work.judge('r', order).auc:12.3f}")
        orders.append(order)
    row.append(" the same order" if np.array_equal(*orders) else " ANOTHER ORDER")
    print(*row, flush=True)


def scale(sizes: list[int]) -> None:
    """A row a size, then the exponent of growth; medians of three runs, of nine where they take milliseconds."""
    spent = []
    for n in sizes:
        u, v = np.random.default_rng(1).integers(0, n, (2, 3 * n), dtype=np.int32)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        runs = []
        for _ in range(9 if n <= REPEATED else 3):
            began = time.process_time()
            found = dismantle(n, u, v, linear=True)
            runs.append(time.process_time() - began)
        spent.append(float(np.median(runs)))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
        print(
            f"{n:12,} nodes {3 * n:12,} edges {spent[-1]:8.3f} s (first {runs[0]:.3f}) {grown:6.0f} MB"
            f"  {spent[-1] / n * 1e9:5.0f} ns a node  AUC/n {found.auc / n:.4f}",
            flush=True,
        )
    if len(sizes) > 1:
        power = np.log(spent[-1] / spent[0]) / np.log(sizes[-1] / sizes[0])
        print(f"CPU seconds grow as the power {power:.2f} of the size")


def ours(path: Path) -> dict[str, Any]:
    """Our search on one network, and its processor seconds."""
    graph = np.load(path)
    began = time.process_time()
    found = dismantle(int(graph["n"]), graph["u"], graph["v"])
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"auc": found.auc, "cpu": spent, "mb": peak, "method": found.method, "tried": found.tried}


def theirs(path: Path) -> dict[str, Any]:
    """The same of the simple portfolio."""
    graph = np.load(path)
    found = simple_portfolio(int(graph["n"]), graph["u"], graph["v"])
    return {"auc": found.best, "cpu": found.cpu, "tried": found.tried, "seconds": found.seconds}


def networks(folder: Path, rows: list[dict[str, str]]) -> None:
    """A row a network, smallest first, then the means and what does not hold.

    Both searches have their processor to themselves in turn: all of ours first, then the simple ones.
    """
    paths = [folder / "graphs" / f"{row['name']}.npz" for row in rows]
    for path in paths:
        kept(path.stem, digest(OURS, files=[path]), lambda path=path: ours(path))
    head = f"{'network':34} {'nodes':>7} {'AUC':>10} {'mind':>6} {'codes':>6} {'best':>6} {'simple':>6}"
    print(f"{head} {'cpu s':>6} {'simple s':>8}  method")
    ratios, seconds, peak, above, dearer = [], [], 0.0, [], []
    for row, path in zip(rows, paths, strict=True):
        found = kept(path.stem, digest(OURS, files=[path]), lambda path=path: ours(path))
        simple = kept(f"{path.stem}-simple", digest(SIMPLE, files=[path]), lambda path=path: theirs(path))
        references = [
            row[key] for key in ("published_auc_mind", "authors_code_best_auc", "portfolio_best_auc")
        ]
        beside = [found["auc"] / float(auc) if auc else float("nan") for auc in (*references, simple["auc"])]
        ratios.append(beside)
        seconds.append((found["cpu"], simple["cpu"]))
        peak = max(peak, found["mb"])
        above += [row["name"]] * any(ratio > 1 for ratio in beside[:3])
        dearer += [row["name"]] * (found["cpu"] > simple["cpu"])
        print(
            f"{row['name']:34} {row['nodes']:>7} {found['auc']:10.3f} "
            + " ".join(f"{ratio:6.3f}" for ratio in beside)
            + f" {found['cpu']:6.1f} {simple['cpu']:8.1f}  {found['method']}",
            flush=True,
        )
    if rows:
        finite = np.ma.masked_invalid(np.log(ratios))
        means = np.ma.filled(np.exp(finite.mean(axis=0)), np.nan)
        print("geometric means:", " ".join(f"{mean:.3f}" for mean in means), f"peak {peak:.0f} MB")
        print("together {:.0f} s, the simple portfolio {:.0f} s".format(*np.sum(seconds, axis=0)))
        print(f"above one of the three: {', '.join(above) or 'none'}")
        print(f"dearer than the simple portfolio: {', '.join(dearer) or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data/networks"))
    parser.add_argument("--nodes", type=int, default=14_000)
    parser.add_argument("--names", default="")
    parser.add_argument("--reinsertion", action="store_true")
    parser.add_argument("--scale", default="")
    asked = parser.parse_args()
    if asked.scale:
        warm_kernels()
        scale([int(float(size)) for size in asked.scale.split(",")])
        return
    with (asked.folder / "targets.csv").open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["nodes"]))
    wanted = set(asked.names.split(",")) - {""}
    warm_kernels()
    ring = np.arange(30)
    simple_portfolio(30, ring, (ring + 1) % 30)
    if asked.reinsertion:
        print(f"{'network':24} {'put back':>9} {'lazy s':>8} {'AUC':>12} {'ours s':>8} {'AUC':>12}")
        for name in sorted(wanted) or ["com-dblp"]:
            reinsertion(name, np.load(asked.folder / "graphs" / f"{name}.npz"))
        return
    chosen = [
        row for row in rows if row["name"] in wanted or (not wanted and int(row["nodes"]) <= asked.nodes)
    ]
    networks(asked.folder, chosen)


if __name__ == "__main__":
    main()
