"""The feeds that were read last: a program that asks page by page does not wait for all of it each time."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from chokepoint.desk.feed import feed, mark

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.feed import Piece

KEPT = 4
"""Feeds kept in memory."""


class Shelf:
    """Feeds by viewer and by what makes them what they are; one is made at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[object, ...], tuple[Piece, ...]] = OrderedDict()

    def of(self, atlas: Atlas) -> tuple[Piece, ...]:
        """The feed of an atlas as its viewer sees it now."""
        with self._lock:
            key = mark(atlas)
            if key not in self._kept:
                self._kept[key] = feed(atlas)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]
