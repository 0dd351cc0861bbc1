"""What was reckoned last for somebody's map: who asks again does not wait again while nothing has changed.

Where votes and claims have come since, whoever asks may be given what was reckoned a moment ago, while the
same is reckoned anew behind them; not at once after each record, or a desk at which people work would do
nothing else. Where anything may have been taken away, they wait.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from chokepoint.desk.mark import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.desk.atlas import Atlas
    from chokepoint.web.boards import Question

MOST = 8
"""Answers kept in memory where nothing else is said: they may be large."""
LATELY = -1
"""Ends the state under which something is kept that may lack what that state has."""
SHARE = 10
"""What took a second to make is not made anew behind its readers in the ten that follow, """
HALF = 2
"""nor left as it is for more than half of the time for which it may be late."""
FRESH = 5.0
"""Seconds for which what is made behind readers may lack what comes while people write on and on."""
T = TypeVar("T")
S = TypeVar("S", "Atlas", "Question")

log = logging.getLogger("chokepoint.web")

_BEHIND = Lock()
"""One answer at a time is made behind its readers: many at once took a gigabyte, and the processors."""


@dataclass(slots=True, kw_only=True)
class _Turn:
    """Who makes one answer, and how many make it or wait for it."""

    lock: Lock = field(default_factory=Lock)
    waiting: int = 0


class _Held(NamedTuple):
    """What was kept last for some eyes, when it was last all that there was to know, and what it took."""

    mark: Mark
    at: float
    took: float


class Kept(Generic[S, T]):
    """Answers by what makes them what they are, the viewer among it.

    Whoever asks for one that is being made waits for it and nobody else does.
    """

    def __init__(
        self,
        make: Callable[[S], T],
        mark: Callable[[S], Mark],
        most: int = MOST,
        *,
        lately: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keeps what `make` gives for as long as `mark` gives the same, for so many at most.

        Args:
            make: the answer, as late as what it is asked says.
            mark: see `Mark`.
            most: answers that are kept.
            lately: whether who may be late, and finds nothing, is given one of a map that is late itself: by
                half of what they allow, so that the answer may be kept for the other half.
            clock: tells seconds.
            sleep: waits for so many.
        """
        self._make: Callable[[S], T] = make
        self._mark: Callable[[S], Mark] = mark
        self._lately = lately
        self._most, self._clock, self._sleep = most, clock, sleep
        self._lock = Lock()
        self._kept: OrderedDict[Mark, T] = OrderedDict()
        self._held: dict[tuple[object, ...], _Held] = {}
        self._behind: set[tuple[object, ...]] = set()
        self._turns: dict[Mark, _Turn] = {}

    def of(self, asked: S) -> T:
        """The answer for an atlas as its viewer sees it now, or saw it as lately as is asked for."""
        key = self._mark(asked)
        with self._lock:
            known = self._known(key, asked.late)
            answers = [] if known is None else [self._kept[known]]
        if answers and known != key:
            self._make_behind(asked, key)
        late = asked.late * self._lately
        return answers[0] if answers else self._answer(asked, key, late / HALF, older=late)

    def at_hand(self, asked: S) -> T | None:
        """The same, if it need not be made."""
        with self._lock:
            known = self._known(self._mark(asked), asked.late)
            return None if known is None else self._kept[known]

    def _known(self, key: Mark, late: float) -> Mark | None:
        """Under which mark there is an answer that will do; one that fits exactly is noted to do so now."""
        if key in self._kept:
            self._hold(key)
            self._kept.move_to_end(key)
            return key
        held = self._held.get(key.sight)
        fresh = held is not None and held.mark in self._kept and self._clock() - held.at < late
        return held.mark if held and fresh else None

    def _hold(self, key: Mark, took: float | None = None, late: float = 0.0) -> None:
        """Note that this is all that there is to know now, or was so many seconds ago."""
        if took is None:
            took = self._held[key.sight].took if key.sight in self._held else 0.0
        self._held[key.sight] = _Held(key, self._clock() - late, took)

    def _answer(self, asked: S, key: Mark, late: float, *, older: float = 0.0) -> T:
        """Make it of a map that may be so late, unless one so old was made while this waited for its turn."""
        with self._turn(key):
            with self._lock:
                known = self._known(key, older)
                if known:
                    return self._kept[known]
            began = self._clock()
            made = self._make(replace(asked, late=late))
            noted = Mark(key.sight, (*key.state, LATELY)) if late else key  # it is no answer for that state
            with self._lock:
                self._let_go(key)
                self._kept[noted] = made
                self._hold(noted, self._clock() - began, late)
                while len(self._kept) > self._most:
                    self._held.pop(self._kept.popitem(last=False)[0].sight, None)
            return made

    def _let_go(self, key: Mark) -> None:
        """Forget what was known to the same eyes before this state: what came, comes for everybody."""
        held = self._held.get(key.sight)
        if held is not None and held.mark.state[: len(key.state)] < key.state:
            self._kept.pop(held.mark, None)

    def _make_behind(self, asked: S, key: Mark) -> None:
        """Reckon it anew while nobody waits, once for all who ask meanwhile."""
        with self._lock:
            if key.sight in self._behind:
                return
            self._behind.add(key.sight)
            rest = self._rest(key.sight, asked.late)
        threading.Thread(target=self._behind_them, args=(asked, key, rest), name="kept", daemon=True).start()

    def _rest(self, sight: tuple[object, ...], late: float) -> float:
        """Seconds for which what is kept is left as it is."""
        held = self._held.get(sight)
        return min(SHARE * held.took, late / HALF) - (self._clock() - held.at) if held else 0.0

    def _behind_them(self, asked: S, then: Mark, rest: float) -> None:
        """Make it after a rest; of a map that was made a moment ago, where things come without an end."""
        try:
            self._sleep(max(0.0, rest))
            with _BEHIND:
                now = self._mark(asked)
                writing = self._lately and now.state != then.state
                self._answer(asked, now, min(FRESH, asked.late / HALF) * writing)
        except Exception:
            log.exception("what was kept could not be made anew")
        finally:
            with self._lock:
                self._behind.discard(then.sight)

    @contextmanager
    def _turn(self, key: Mark) -> Iterator[None]:
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
