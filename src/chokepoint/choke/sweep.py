"""Rows (world, stage) side by side on the cores of the machine; the answer does not depend on how many.

The kernels release the interpreter's lock, so threads do.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
WORTH_A_THREAD = 200_000
"""Rows times nodes from which a second thread pays."""
MOST_THREADS = 8
MOST_PARTS = 64


def side_by_side(work: Callable[[slice], T], rows: int, nodes: int, *, together: int) -> Iterator[T]:
    """The results for consecutive parts of the rows, in order as they come; at least one part.

    The parts depend on the numbers alone, so that what is summed over them is the same on every machine.

    Args:
        work: called with a slice of rows, from several threads at once.
        rows: how many there are.
        nodes: size of a row.
        together: so many rows in a row go to one thread (the stages of a world).
    """
    groups = -(-rows // together)
    if groups < 2 or rows * nodes < WORTH_A_THREAD:
        yield work(slice(0, rows))
        return
    each = -(-groups // MOST_PARTS) * together
    parts = [slice(at, min(at + each, rows)) for at in range(0, rows, each)]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS, len(parts))) as pool:
        yield from pool.map(work, parts)
