"""The simple portfolio that `targets.csv` names: what its whole run costs, and how good its best is.

Adaptive degree, CoreHD, collective influence, spectral and METIS separators, each as it comes and put back,
and adaptive betweenness: from all nodes where that is cheap, from `SOURCES` elsewhere. It is written on our
own kernels, reinsertion included, so its processor seconds are the least that such a portfolio can be held to:
with the lazy heap alone each reinsertion on com-dblp would cost 50 s more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from chokepoint.choke.dismantle.seeds import by_dissection
from chokepoint.choke.dismantle.work import Work
from chokepoint.choke.kernels import between, decimate, pieces
from chokepoint.choke.kernels.csr import simple_csr

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = 100
"""Power steps for one Fiedler vector."""
SOURCES = 64
EXACT_WORK = 6e9
"""Nodes times edges times removals up to which betweenness is counted from every node."""
SAMPLED_WORK = 4e9
"""Work that sampled betweenness may take: removals between two counts are chosen so that it suffices."""
MOST_INFLUENCE = 2e9
"""Sum of squared degrees above which collective influence is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simple:
    """What the portfolio found: AUC by method, and seconds of the processor by method."""

    tried: dict[str, float]
    seconds: dict[str, float]

    @property
    def best(self) -> float:
        return min(self.tried.values())

    @property
    def cpu(self) -> float:
        return sum(self.seconds.values())


def simple_portfolio(n: int, u: Any, v: Any) -> Simple:
    """Run all its methods once on one graph."""
    began = time.process_time()
    start, near = simple_csr(n, u.astype(np.int32), v.astype(np.int32))
    work = Work(start=start, near=near, price=np.ones(n), priced=False)
    seconds = {"reading": time.process_time() - began}
    began = time.process_time()
    for method, nodes in _orders(work):
        whole = work.finished(nodes)
        first = work.judge(method, whole)
        work.judge(f"{method}+r", work.regrown(np.zeros(n, np.bool_), first.nodes))
        seconds[method] = time.process_time() - began
        began = time.process_time()
    return Simple(tried=dict(work.tried), seconds=seconds)


def _orders(work: Work) -> Iterator[tuple[str, Any]]:
    start, near, n = work.start, work.near, work.n
    alike = np.ones(n)
    yield "degree", decimate.by_degree(start, near, alike, core_only=False)
    yield "corehd", decimate.by_degree(start, near, alike, core_only=True)
    if float((np.diff(start).astype(np.float64) ** 2).sum()) <= MOST_INFLUENCE:
        yield "influence", decimate.by_influence(start, near, alike, max(n // 1000, 1))
    yield "spectral", by_spectrum(work)
    yield "metis", by_dissection(work, 30, 1)
    counts = 0.1 * n * near.size
    if counts * n <= EXACT_WORK:
        yield "betweenness", between.by_betweenness(start, near, alike, n, 1, work.limit)
    batch = int(max(counts * SOURCES / SAMPLED_WORK, 1))
    yield "sampled", between.by_betweenness(start, near, alike, SOURCES, batch, work.limit)


def by_spectrum(work: Work) -> Any:
    """Separators of the largest piece by the sign of its Fiedler vector, until no piece is above the limit.

    The nodes that cover the edges cut are taken by degree (as GND does with weights, Ren et al. 2019).
    """
    here, taken = np.ones(work.n, np.bool_), []
    names = np.empty(work.n, np.int32)
    table = csr_array((np.ones(work.near.size, np.float32), work.near, work.start), shape=(work.n, work.n))
    while True:
        sizes = pieces.label(work.start, work.near, here, names)
        if not sizes.size or sizes.max() <= work.limit:
            return np.concatenate([*taken, np.empty(0, np.int32)]).astype(np.int32)
        for piece in np.flatnonzero(sizes > work.limit):
            members = np.flatnonzero(names == piece).astype(np.int32)
            cover = members[_cover(table[members][:, members].tocsr())]
            taken.append(cover)
            here[cover] = False


def _cover(table: Any) -> Any:
    """Nodes, by degree, that cover all edges between the two signs."""
    side = _fiedler(table) > 0
    rows = np.repeat(np.arange(side.size, dtype=np.int32), np.diff(table.indptr))
    cut = (side[rows] != side[table.indices]) & (rows < table.indices)
    if not cut.any():
        return np.array([np.argmax(np.diff(table.indptr))])
    start, near = simple_csr(side.size, rows[cut], table.indices[cut].astype(np.int32))
    return decimate.by_degree(start, near, np.ones(side.size), core_only=False)


def _fiedler(table: Any) -> Any:
    """The second vector of the lazy random walk, by power steps; its median is 0."""
    degree = np.diff(table.indptr).astype(np.float32)
    share = degree / degree.sum()
    vector = np.random.default_rng(1).standard_normal(degree.size).astype(np.float32)
    for _ in range(STEPS):
        vector -= share @ vector
        vector = (vector + (table @ vector) / degree) / 2
        vector /= np.abs(vector).max() or 1.0
    return vector - np.median(vector)
