"""The interpreter's search for cycles, put off while rows are made by the ten thousand.

It looks every few hundred new objects and walks all young ones. Rows hold no cycles and are let go by the
end of an append: walking them took a third of its time.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def resting() -> Iterator[None]:
    """Without that search; where it was off before, it stays off afterwards."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
