"""A portfolio of dismantling methods on one graph; the least area under the curve wins.

Area under the curve (AUC): with f_i = (largest piece after the i-th removal) / n, Simpson's rule with
dx = 1 over f_1 … f_t, where t is the first removal with f_t < 0.1 (Artime et al. 2024); lower is better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.dismantle.separator import by_separator
from chokepoint.model.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.choke.chain import Floats, Ints

FALLEN = 0.1
MOST_NODES = 2**31 - 2
KEY_STEPS = 64.0
BETWEENNESS_WORK = 4e9
SEPARATOR_WORK = 4e9
INFLUENCE_WORK = 2e8


@dataclass(frozen=True, slots=True, kw_only=True)
class DismantleResult:
    """An order of removal.

    Attributes:
        order: int32, nodes to remove, first to last; ends where the largest piece first falls below
            a tenth of the nodes.
        auc: area under the curve of the largest piece, see the head of this file.
        method: which method of the portfolio won; `+r` means put back and ordered anew.
        nodes: n.
        edges: edges that counted, parallels merged and self-loops dropped.
        tried: AUC by method, for all that ran.
    """

    order: Ints
    auc: float
    method: str
    nodes: int
    edges: int
    tried: dict[str, float]


def dismantle(n: int, u: Any, v: Any, *, cost: Any = None) -> DismantleResult:
    """The best removal order of the portfolio: degree, CoreHD, influence, betweenness, separators.

    Args:
        n: number of nodes, named 0 … n - 1.
        u: integers (m,), one end of each edge; direction, parallels and self-loops do not count.
        v: integers (m,), the other end.
        cost: float64 (n,) > 0, price of removing a node; the least area over the cost spent then
            wins. AUC itself counts removals.

    Raises:
        BadInputError: an end is no node, lengths differ, or a cost is not finite and positive.
    """
    tails, heads = _edges(n, u, v)
    price = _costs(n, cost)
    if not tails.size:
        return _without_edges(n)
    from chokepoint.choke.kernels import pieces  # noqa: PLC0415 - numba loads when it computes

    start, near = pieces.csr(n, tails, heads)
    tried: dict[str, float] = {}
    best, best_score, best_name = np.empty(0, dtype=np.int32), np.inf, ""
    for name, order in _candidates(start, near, price):
        f = pieces.largest_after(start, near, order) / n
        tried[name], length = removal_auc(f)
        score = tried[name] if cost is None else _priced_area(f[:length], price[order[:length]])
        if score < best_score:
            best, best_score, best_name = order[:length], score, name
    return DismantleResult(
        order=best, auc=tried[best_name], method=best_name, nodes=n, edges=int(tails.size), tried=tried
    )


def _priced_area(f: Floats, price: Floats) -> float:
    """Area under the largest piece over the cost spent: each removal pays for what still held before it."""
    return float(price @ np.concatenate([[1.0], f[:-1]]))


def removal_auc(f: Floats) -> tuple[float, int]:
    """AUC of a curve and the number of removals that it covers.

    A single value has no area. A curve that never falls below a tenth is taken whole.
    """
    from scipy.integrate import simpson  # noqa: PLC0415 - scipy loads when it computes

    below = np.flatnonzero(f < FALLEN)
    length = int(below[0]) + 1 if below.size else int(f.size)
    area = float(simpson(f[:length], dx=1)) if length > 1 else 0.0
    return area, length


def _candidates(start: Ints, near: Ints, price: Floats) -> Iterator[tuple[str, Ints]]:
    """Every method's order as it comes and put back greedily (`+r`), cut off where the network has fallen."""
    from chokepoint.choke.kernels import pieces  # noqa: PLC0415 - numba loads when it computes

    n = start.size - 1
    for name, order in _methods(start, near, price):
        whole = _finished(start, near, order)
        yield name, whole
        curve = pieces.largest_after(start, near, whole)
        _, length = removal_auc(curve / n)
        again = pieces.reinsert(start, near, whole[:length].copy(), price)
        yield f"{name}+r", again
        if name == "separator":
            yield f"{name}+rr", pieces.reinsert(start, near, again, price)


def _methods(start: Ints, near: Ints, price: Floats) -> Iterator[tuple[str, Ints]]:
    from chokepoint.choke.kernels import between, decimate  # noqa: PLC0415 - numba loads when it computes

    n, m = start.size - 1, near.size // 2
    scale = _scale(price, int(np.diff(start).max()))
    target = _target(n)
    yield "degree", decimate.by_degree(start, near, scale, core_only=False)
    yield "corehd", decimate.by_degree(start, near, scale, core_only=True)
    square = float((np.diff(start).astype(np.float64) ** 2).sum())
    if square <= INFLUENCE_WORK:
        yield "influence", decimate.by_influence(start, near, scale, max(n // 5000, 1))
    if 40.0 * m * 400 <= SEPARATOR_WORK:
        yield "separator", by_separator(start, near, target, sweeps=400)
    removals = max(n // 10, 1)
    sample = int(BETWEENNESS_WORK / (6.0 * m * removals))
    if sample >= 8:
        yield "betweenness", between.by_betweenness(start, near, scale, min(sample, n), 1, target)


def _finished(start: Ints, near: Ints, order: Ints) -> Ints:
    """The order with what is still large after it split by tree breaking."""
    from chokepoint.choke.kernels import decimate  # noqa: PLC0415 - numba loads when it computes

    present = np.ones(start.size - 1, dtype=np.bool_)
    present[order] = False
    rest = decimate.break_trees(start, near, present, _target(start.size - 1))
    return np.concatenate([order, rest]).astype(np.int32)


def _target(n: int) -> int:
    """The largest piece, in nodes, that counts as fallen."""
    return max(int(np.ceil(FALLEN * n)) - 1, 0)


def _scale(price: Floats, most: int) -> Floats:
    """Keys proportional to 1 / cost; exactly 1 where all costs are equal."""
    relative = np.median(price) / price
    if np.all(relative == 1.0):
        return np.ones(price.size)
    return np.asarray(np.minimum(relative * KEY_STEPS, 2.0**22 / max(most, 1)))


def _edges(n: int, u: Any, v: Any) -> tuple[Ints, Ints]:
    tails, heads = np.asarray(u).astype(np.int64).ravel(), np.asarray(v).astype(np.int64).ravel()
    if not 0 <= n <= MOST_NODES:
        raise BadInputError(f"{n} nodes", mend=f"give 0 to {MOST_NODES}")
    if tails.size != heads.size:
        raise BadInputError(
            f"{tails.size} first ends and {heads.size} second ends", mend="give as many of each"
        )
    if tails.size and (min(tails.min(), heads.min()) < 0 or max(tails.max(), heads.max()) >= n):
        raise BadInputError("an edge names a node outside 0 … n - 1", mend="number the nodes from 0")
    low, high = np.minimum(tails, heads), np.maximum(tails, heads)
    key = np.unique((low * n + high)[low != high])
    return (key // max(n, 1)).astype(np.int32), (key % max(n, 1)).astype(np.int32)


def _costs(n: int, cost: Any) -> Floats:
    price = np.ones(n) if cost is None else np.asarray(cost, dtype=np.float64).ravel()
    if price.size != n:
        raise BadInputError(f"{price.size} costs for {n} nodes", mend="give one cost a node")
    if not np.all(np.isfinite(price) & (price > 0)):
        raise BadInputError("a cost is not a finite number above 0", mend="give positive costs")
    return price


def _without_edges(n: int) -> DismantleResult:
    """Single nodes: below eleven of them one removal after the other changes nothing but the count."""
    pieces_fall = n > 1 / FALLEN
    order = np.arange(1 if pieces_fall else n, dtype=np.int32)
    curve = np.where(np.arange(1, order.size + 1) < n, 1.0, 0.0) / max(n, 1)
    return DismantleResult(
        order=order, auc=removal_auc(curve)[0], method="no edges", nodes=n, edges=0, tried={}
    )
