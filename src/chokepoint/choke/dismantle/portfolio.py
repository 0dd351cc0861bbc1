"""A portfolio of dismantling methods on one graph; the least area under the curve wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.dismantle.effort import effort_for
from chokepoint.choke.dismantle.refine import refine
from chokepoint.choke.dismantle.score import FALLEN, removal_auc
from chokepoint.choke.dismantle.seeds import quick, thorough, without_needless
from chokepoint.choke.dismantle.work import Work
from chokepoint.model.errors import BadInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Floats, Ints

MOST_NODES = 2**31 - 2
MOST_THOROUGH = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DismantleResult:
    """An order of removal.

    Attributes:
        order: int32, nodes to remove, first to last; ends where the largest piece first falls below
            a tenth of the nodes.
        auc: area under the curve of the largest piece, see `score`.
        method: which method of the portfolio won; `+r` means put back and ordered anew, `annealed`
            refined from the best of the others, `+b` put back in reverse where nothing large arises.
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


def dismantle(n: int, u: Any, v: Any, *, cost: Any = None, linear: bool = False) -> DismantleResult:
    """The best removal order of the portfolio, refined; above two million edges the linear method alone.

    Args:
        n: number of nodes, named 0 … n - 1.
        u: integers (m,), one end of each edge; direction, parallels and self-loops do not count.
        v: integers (m,), the other end.
        cost: float64 (n,) > 0, price of removing a node; the least area over the cost spent then
            wins. AUC itself counts removals.
        linear: the linear method alone on smaller networks too.

    Raises:
        BadInputError: an end is no node, lengths differ, or a cost is not finite and positive.
    """
    tails, heads = _edges(n, u, v)
    price = _costs(n, cost)
    from chokepoint.choke.kernels.csr import simple_csr  # noqa: PLC0415 - numba loads when it computes

    start, near = simple_csr(n, tails, heads)
    if not near.size:
        return _without_edges(n)
    priced = cost is not None and bool(np.any(price != price[0]))
    work = Work(start=start, near=near, price=price, priced=priced)
    methods = quick(work)
    if linear or near.size > 2 * MOST_THOROUGH:
        work.judge("corehd+b", *without_needless(work, next(methods)[1]))
    else:
        work.offer_all(methods)
        effort = effort_for(work)
        work.offer_all(thorough(work, effort))
        refine(work, effort)
    best = work.best[0]
    return DismantleResult(
        order=best.nodes, auc=best.auc, method=best.method, nodes=n, edges=near.size // 2, tried=work.tried
    )


def _edges(n: int, u: Any, v: Any) -> tuple[Ints, Ints]:
    tails, heads = _whole(u), _whole(v)
    if not 0 <= n <= MOST_NODES:
        raise BadInputError(f"{n} nodes", mend=f"give 0 to {MOST_NODES}")
    if tails.size != heads.size:
        raise BadInputError(
            f"{tails.size} first ends and {heads.size} second ends", mend="give as many of each"
        )
    if tails.size and (min(tails.min(), heads.min()) < 0 or max(tails.max(), heads.max()) >= n):
        raise BadInputError("an edge names a node outside 0 … n - 1", mend="number the nodes from 0")
    return tails.astype(np.int32, copy=False), heads.astype(np.int32, copy=False)


def _whole(ends: Any) -> NDArray[Any]:
    """Node numbers as they came; fractions that are whole are taken for integers."""
    numbers = np.asarray(ends).ravel()
    if numbers.size and numbers.dtype.kind not in "iu":
        whole = numbers.dtype.kind == "f" and bool(np.all(numbers == np.rint(numbers)))
        if not whole or not np.isfinite(numbers).all():
            raise BadInputError("an end of an edge is no whole number", mend="number the nodes from 0")
    return numbers


def _costs(n: int, cost: Any) -> Floats:
    if cost is None:
        return np.ones(n)
    price = np.asarray(cost, dtype=np.float64).ravel()
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
