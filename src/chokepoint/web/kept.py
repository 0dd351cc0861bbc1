"""What was reckoned last for somebody's map: who asks again does not wait again while nothing has changed."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.desk.atlas import Atlas

MOST = 4
"""Answers kept in memory where nothing else is said: they may be large."""
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class _Turn:
    """Who makes one answer, and how many make it or wait for it."""

    lock: Lock = field(default_factory=Lock)
    waiting: int = 0


class Kept(Generic[T]):
    """Answers by what makes them what they are, the viewer among it.

    Whoever asks for one that is being made waits for it and nobody else does.
    """

    def __init__(
        self, make: Callable[[Atlas], T], mark: Callable[[Atlas], tuple[object, ...]], most: int = MOST
    ) -> None:
        """Keeps what `make` gives for as long as `mark` gives the same, for so many at most."""
        self._make, self._mark, self._most = make, mark, most
        self._lock = Lock()
        self._kept: OrderedDict[tuple[object, ...], T] = OrderedDict()
        self._turns: dict[tuple[object, ...], _Turn] = {}

    def of(self, atlas: Atlas) -> T:
        """The answer for an atlas as its viewer sees it now."""
        key = self._mark(atlas)
        with self._turn(key):
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
            made = self._make(atlas)
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            return made

    def at_hand(self, atlas: Atlas) -> T | None:
        """The same, if it need not be made."""
        return self._kept.get(self._mark(atlas))

    @contextmanager
    def _turn(self, key: tuple[object, ...]) -> Iterator[None]:
        """Alone with one answer; there are as many locks as answers that somebody is waiting for."""
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.waiting += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.waiting -= 1
                if not turn.waiting:
                    del self._turns[key]
