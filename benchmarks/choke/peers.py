"""What general graph libraries can do with the same graphs, scored by us; for the benchmark only.

    python benchmarks/choke/peers.py FOLDER [--names a,b] [--random 1000000] [--python PEERS/bin/python]

networkit (MIT), scikit-network (BSD) and igraph (GPL) rank nodes; none of them dismantles. Each ranking is
read as an order of removal and scored like ours, which runs beside it: whole, and by the linear method
alone. `AUC` is over the number of nodes; CPU seconds include building the library's graph from arrays of
edges, RSS is above the interpreter with the edges and the library loaded. Each runs in a process of its own.

The libraries are in no requirement of Chokepoint. Install them elsewhere and name that interpreter:

    python -m venv /tmp/peers && /tmp/peers/bin/pip install networkit scikit-network igraph
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Edges = tuple[int, Any, Any]
SAMPLES = 100
"""Sources of sampled betweenness."""
MOST_EXACT = 2e8
"""Nodes times edges up to which exact betweenness is asked for."""
PATIENCE = 120
"""Seconds by the clock that one ranking may take."""
SMALL = "petster-hamster,opsahl-openflights,internet-topology"


def by_networkit(measure: str) -> Callable[[Edges], Any]:
    import networkit  # noqa: PLC0415 - one library a process

    networkit.setNumberOfThreads(1)

    def rank(edges: Edges) -> Any:
        n, u, v = edges
        graph = networkit.GraphFromCoo((u, v), n=n)
        graph.removeSelfLoops()
        found = {
            "degree": lambda: networkit.centrality.DegreeCentrality(graph),
            "core": lambda: networkit.centrality.CoreDecomposition(graph),
            "pagerank": lambda: networkit.centrality.PageRank(graph),
            "betweenness": lambda: networkit.centrality.EstimateBetweenness(graph, SAMPLES),
        }[measure]()
        return found.run().scores()

    return rank


def by_sknetwork(measure: str) -> Callable[[Edges], Any]:
    from scipy.sparse import coo_array, csr_matrix  # noqa: PLC0415 - one library a process
    from sknetwork.ranking import Betweenness, PageRank  # noqa: PLC0415 - the same
    from sknetwork.topology import get_core_decomposition  # noqa: PLC0415 - the same

    def rank(edges: Edges) -> Any:
        n, u, v = edges
        table = csr_matrix(coo_array((np.ones(u.size, np.int8), (u, v)), shape=(n, n)))
        table = csr_matrix(((table + table.T) > 0).astype(np.int8))
        return {
            "degree": lambda: np.diff(table.indptr),
            "core": lambda: get_core_decomposition(table),
            "pagerank": lambda: PageRank().fit_predict(table),
            "betweenness": lambda: Betweenness().fit_predict(table),
        }[measure]()

    return rank


def by_igraph(measure: str) -> Callable[[Edges], Any]:
    import igraph  # noqa: PLC0415 - one library a process

    def rank(edges: Edges) -> Any:
        n, u, v = edges
        graph = igraph.Graph(n=n, edges=np.column_stack([u, v]))
        graph.simplify()
        return {
            "degree": graph.degree,
            "core": graph.coreness,
            "pagerank": graph.pagerank,
            "betweenness": graph.betweenness,
        }[measure]()

    return rank


def by_us(measure: str) -> Callable[[Edges], Any]:
    from chokepoint.choke.dismantle import dismantle  # noqa: PLC0415 - only where it is ours

    ring = np.arange(30)
    for linear in (False, True):  # load what is compiled, as the libraries are loaded
        dismantle(30, ring, (ring + 1) % 30, linear=linear)
    return lambda edges: dismantle(*edges, linear=measure == "linear").order


LIBRARIES = {"networkit": by_networkit, "scikit-network": by_sknetwork, "igraph": by_igraph, "ours": by_us}
MODULES = {"networkit": "networkit", "scikit-network": "sknetwork", "igraph": "igraph"}
MEASURES = ("degree", "core", "pagerank", "betweenness")


def peak() -> float:
    """Megabytes that this process has held at most; getrusage would count its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def child(library: str, measure: str, graph: str, out: str) -> None:
    """Rank in this process and write the order; print what it cost as JSON."""
    arrays = np.load(graph)
    rank = LIBRARIES[library](measure)
    edges = (int(arrays["n"]), arrays["u"].astype(np.int32), arrays["v"].astype(np.int32))
    before = peak()
    began = time.process_time()
    found = np.asarray(rank(edges))
    spent = time.process_time() - began
    grown = peak() - before
    order = found if library == "ours" else np.argsort(-found.astype(np.float64), kind="stable")
    np.save(out, order.astype(np.int32))
    print(json.dumps({"cpu": spent, "mb": grown}))


def missing(python: str) -> list[str]:
    """Libraries that this interpreter cannot load."""
    return [
        name
        for name, module in MODULES.items()
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode
    ]


def score(n: int, u: Any, v: Any, order: Any) -> float:
    from chokepoint.choke.dismantle import removal_auc  # noqa: PLC0415 - the peers' interpreter has none
    from chokepoint.choke.kernels import pieces  # noqa: PLC0415 - the same
    from chokepoint.choke.kernels.csr import simple_csr  # noqa: PLC0415 - the same

    start, near = simple_csr(n, u.astype(np.int32), v.astype(np.int32))
    return removal_auc(pieces.largest_after(start, near, order) / n)[0] / n


def show(name: str, graph: Path, python: str, absent: list[str]) -> None:
    arrays = np.load(graph)
    n, u, v = int(arrays["n"]), arrays["u"], arrays["v"]
    jobs = [("ours", "whole" if u.size <= 1_000_000 else "linear"), ("ours", "linear")]
    jobs += [(library, measure) for library in MODULES for measure in MEASURES]
    for library, measure in dict.fromkeys(jobs):
        exact = measure == "betweenness" and library != "networkit"
        if library in absent or (exact and n * u.size > MOST_EXACT):
            why = "not installed" if library in absent else "exact only: too slow"
            print(f"{name:24} {library:15} {measure:12} {why}", flush=True)
            continue
        with tempfile.TemporaryDirectory() as folder:
            out = str(Path(folder) / "order.npy")
            who = sys.executable if library == "ours" else python
            command = [who, __file__, "--child", library, measure, str(graph), out]
            try:
                done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                print(f"{name:24} {library:15} {measure:12} not within {PATIENCE} s", flush=True)
                continue
            if done.returncode:
                why = done.stderr.strip().splitlines()[-1:]
                print(f"{name:24} {library:15} {measure:12} gives up: {''.join(why):.60}", flush=True)
                continue
            told = json.loads(done.stdout)
            auc = score(n, u, v, np.load(out))
        print(
            f"{name:24} {library:15} {measure:12} {auc:8.4f} {told['cpu']:8.2f} {told['mb']:7.0f}", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--names", default=SMALL)
    parser.add_argument("--random", type=int, default=0, help="a random graph of so many nodes too")
    parser.add_argument("--python", default=sys.executable)
    asked = parser.parse_args()
    absent = missing(asked.python)
    for name in absent:
        print(f"{name} is not installed for {asked.python}: see the head of this file", file=sys.stderr)
    print(f"{'network':24} {'library':15} {'order':12} {'AUC / n':>8} {'cpu s':>8} {'MB':>7}")
    for name in filter(None, asked.names.split(",")):
        show(name, asked.folder / "graphs" / f"{name}.npz", asked.python, absent)
    if asked.random:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "random.npz"
            u, v = np.random.default_rng(1).integers(0, asked.random, (2, 3 * asked.random), dtype=np.int32)
            np.savez(path, n=asked.random, u=u, v=v)
            show(f"random, {asked.random:,}", path, asked.python, absent)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
