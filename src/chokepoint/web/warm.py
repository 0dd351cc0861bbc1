"""What visitors would wait for, made while nobody waits: maps and pages, after a start; maps, after a change.

A map is made anew when the day changes, since what has expired counts no more; so it is made then too.
Nothing is looked at: a map is made as its viewer would have it made, and shown to nobody.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import threading
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.analyse.shelf import KEPT
from chokepoint.desk.analyse.view import is_made
from chokepoint.desk.colleagues import as_all
from chokepoint.desk.hand.plain import PUBLIC
from chokepoint.desk.looking.freetext import read_texts
from chokepoint.model.marking import Tlp, Viewer
from chokepoint.web.boards import Question
from chokepoint.web.guard.sessions import REST as SIGNED_IN
from chokepoint.web.kept import HALF, SHARE
from chokepoint.web.pages.choke import Asked
from chokepoint.web.show.languages import offered
from chokepoint.web.show.templates import environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.web.office import Office

REST = 2.0
"""Seconds between two looks at whether maps have changed."""
LONGEST = 10.0
"""Seconds at most: where making them takes long, one rests the longer, and people have the processors."""
BREATH = 0.001
LOOK, PATIENCE = 0.5, 60.0
"""Seconds between two looks at whether another process has made a first map, and for which one looks."""
RECENT = 64
"""Of those who were here last, for whom maps are made: many have the same."""
HERE = 15 * 60.0
"""Seconds since they asked for something, for whom maps are made again and again as things come in."""
ANSWERED = 4
"""For so many of them what their maps come to is reckoned too, in each process: a second of a core each."""

HANDING = 2
"""For so many of them what may be handed on is made too: the map of a first export, which is another one."""
YOUNG = 10_000
"""New objects among which garbage is looked for at once."""
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""What `mallopt` calls how large a piece is taken from the system by itself, and how many heaps there are."""
LARGE, ARENAS = 128 * 1024, 2

log = logging.getLogger("chokepoint.web")


class Warmth:
    """The warming of one process."""

    def __init__(self, office: Office, *, late: float = REST / 2, answers: bool = True) -> None:
        """The warming of a desk.

        Args:
            office: of the desk.
            late: seconds for which a map will do: long, where another process makes them.
            answers: whether pages are made too, and what is reckoned of maps.
        """
        self._office, self._late, self._answering = office, late, answers
        self._answered = time.monotonic()
        self._room = KEPT if answers and late <= REST else KEPT - HANDING
        self._over, self._warm = threading.Event(), threading.Event()

    @property
    def warm(self) -> bool:
        """Whether all that a first visitor would wait for has been made once, or cannot be made."""
        return self._warm.is_set()

    def begin(self) -> None:
        """Begin, and come back at once."""
        threading.Thread(target=self.run, name="warmth", daemon=True).start()

    def close(self) -> None:
        """End after the map that is being made."""
        self._over.set()

    def run(self) -> None:
        """Make it all, and again what has changed, until it is closed."""
        self.make()
        settle()
        self.follow()

    def follow(self) -> None:
        """Make anew what has changed, now and then, until it is closed."""
        failed = False
        rest = REST
        while not self._over.wait(rest):
            began = time.monotonic()
            try:
                self._again()
                failed = False
            except Exception:
                if not failed:  # it is told once, and not every other second
                    log.exception("maps could not be made anew")
                failed = True
            rest = rest_after(time.monotonic() - began)
            give_back()

    def _again(self) -> None:
        """Make the maps of whoever is here, and before their answers are too late, these."""
        people = self._people(HERE)
        self._maps(people)
        due = self._office.late / HALF
        if self._answering and due and time.monotonic() - self._answered >= due:
            self._answered = time.monotonic()
            for viewer in people[:ANSWERED]:
                self._answers(viewer)

    def _maps(self, viewers: list[Viewer]) -> None:
        """Make their maps, and where nobody is answered meanwhile what the first may hand on to everybody."""
        asked = [self._office.opened_by(viewer) for viewer in viewers]
        if not self._answering:
            asked += [one.shared_with([PUBLIC], Tlp.CLEAR) for one in asked[:HANDING]]
        for one in asked:
            self._map(one)

    def _map(self, asked: Atlas) -> None:
        """Make a map if it has changed or has never been made; what another process made lately will do.

        Whoever makes maps themselves reads the texts too in which one searches.
        """
        if not self._over.is_set():
            load_snapshot(replace(asked, late=self._late))
        if self._late <= REST:
            read_texts(asked, over=self._over.is_set)

    def make(self) -> None:
        """Make it all; what fails is told to the operator, and made when somebody asks for it."""
        try:
            if self._answering:
                self._pages()
            if self._late > REST:
                self._wait()
            self._maps(self._viewers())
            for viewer in self._people()[: ANSWERED * self._answering]:
                self._answers(viewer, first=True)
        except Exception:
            log.exception("the desk could not be warmed")
        finally:
            self._warm.set()

    def _wait(self) -> None:
        """Give the process that makes maps the time for it: all who make them at once make the first late."""
        missing = [self._office.opened_by(viewer) for viewer in self._viewers()]
        until = time.monotonic() + PATIENCE
        while missing and time.monotonic() < until and not self._over.wait(LOOK):
            missing = [one for one in missing if not is_made(replace(one, late=self._late))]

    def _answers(self, viewer: Viewer, *, first: bool = False) -> None:
        """Make what is reckoned from a map, or see that it is made behind its readers before it is too late.

        Libraries that reckon are loaded by that too. Scores, for which few ask, are made at first alone.
        """
        office, question = self._office, Asked()
        asked = replace(office.opened_by(viewer), late=office.late)
        options = question.options(question.budget)
        board = Question(atlas=asked, options=options, late=office.late)
        reckoning: list[Callable[[], object]] = [
            partial(office.waiting.of, asked),
            partial(office.orders.of, asked),
            partial(office.summaries.of, asked),
            partial(office.boards.of, board),
            partial(office.scores.of, asked),
        ]
        for reckon in reckoning if first else reckoning[:-1]:
            if not self._over.is_set():
                reckon()

    def _pages(self) -> None:
        """Compile the pages one by one: compiling holds up all threads of a process."""
        for language in offered():
            pages = environment(language)
            for name in pages.list_templates(extensions=["html"]):
                if self._over.wait(BREATH):
                    return
                pages.get_template(name)

    def _viewers(self) -> list[Viewer]:
        """Whoever was here last, then the organisations of this desk."""
        reader = self._office.atlas.reader
        with reader.connect() as connection:
            members = reader.organisations(connection).values()
        whole = [Viewer(organisation=name) for name in members if self._office.serves(name)]
        return list(dict.fromkeys([*self._people(), *whole]))[: self._room]

    def _people(self, within: float = SIGNED_IN) -> list[Viewer]:
        """Whoever was here within so many seconds, the last first: one of all who have the same map."""
        office = self._office
        found = (as_all(office.opened_by(one)).viewer for one in office.sessions.newest(RECENT, within))
        return list(dict.fromkeys(found))[: self._room]


def settle() -> None:
    """Look no more for garbage among what lives as long as the process, nor at every seventh hundred object.

    Going through words, pages and libraries once more took a tenth of a second in which nobody was answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def give_back() -> None:
    """Give memory in which maps were made back to the system, where the C library can: glibc would keep it.

    Large arrays of many threads leave its heaps full of holes: after an hour, three times of what is in use.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def keep_nothing() -> None:
    """Let every large array go back to the system with its last reader, where the C library can.

    glibc learns from what is freed to keep ever larger pieces, for each thread apart, and a busy desk gives
    them back seldom.
    """
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell:
        tell(M_MMAP_THRESHOLD, LARGE)
        tell(M_ARENA_MAX, ARENAS)


def rest_after(seconds: float) -> float:
    """For how many seconds to leave maps as they are, after so many of looking at them."""
    return min(max(REST, SHARE * seconds), LONGEST)
