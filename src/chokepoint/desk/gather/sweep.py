"""Garbage looked for between batches instead of all the time.

The interpreter looks for cycles every few hundred new objects. Claims are made by the million and hold none:
walking them as they were made took a third of a long run, in the reading as in the appending process.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from chokepoint.store.resting import resting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OLD = 64
"""Batches after which what outlived earlier batches is walked too."""


@contextmanager
def unhurried() -> Iterator[Callable[[], None]]:
    """Look for cycles only when the yielded function is called: after a batch, with the batch let go.

    Young garbage (what was made since the last call) goes every time, so that the trees of broken or
    deep documents do not pile up; old garbage every 64th time.
    """
    calls = count(1)

    def sweep() -> None:
        gc.collect(1 if next(calls) % OLD else 2)

    with resting():
        yield sweep
