"""What was reckoned last for somebody's map: who asks again does not wait again while nothing has changed."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

MOST = 4
"""Answers kept in memory where nothing else is said: they may be large."""
T = TypeVar("T")


class Kept(Generic[T]):
    """Answers by what makes them what they are, the viewer among it; one is made at a time."""

    def __init__(
        self, make: Callable[[Atlas], T], mark: Callable[[Atlas], tuple[object, ...]], most: int = MOST
    ) -> None:
        """Keeps what `make` gives for as long as `mark` gives the same, for so many at most."""
        self._make, self._mark, self._most = make, mark, most
        self._lock = Lock()
        self._kept: OrderedDict[tuple[object, ...], T] = OrderedDict()

    def of(self, atlas: Atlas) -> T:
        """The answer for an atlas as its viewer sees it now."""
        with self._lock:
            key = self._mark(atlas)
            if key not in self._kept:
                self._kept[key] = self._make(atlas)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return self._kept[key]

    def at_hand(self, atlas: Atlas) -> T | None:
        """The same, if it need not be made."""
        return self._kept.get(self._mark(atlas))
