"""Rows (world, stage) side by side on the cores of the machine; the answer does not depend on how many.

The kernels release the interpreter's lock, so threads do.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
WORTH_A_THREAD = 200_000
"""Rows times nodes from which a second thread pays."""
MOST_THREADS = 8


def side_by_side(work: Callable[[slice], T], rows: int, nodes: int, *, together: int) -> list[T]:
    """The results for consecutive parts of the rows, in order; at least one part.

    Args:
        work: called with a slice of rows, from several threads at once.
        rows: how many there are.
        nodes: size of a row.
        together: so many rows in a row go to one thread (the stages of a world).
    """
    groups = -(-rows // together)
    threads = min(os.cpu_count() or 1, MOST_THREADS, groups)
    if threads < 2 or rows * nodes < WORTH_A_THREAD:
        return [work(slice(0, rows))]
    each = max(groups // (4 * threads), 1) * together
    parts = [slice(at, min(at + each, rows)) for at in range(0, rows, each)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))
