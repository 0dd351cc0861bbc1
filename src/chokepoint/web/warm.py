"""What visitors would wait for, made while nobody waits: maps and pages, after a start; maps, after a change.

A map is made anew when the day changes, since what has expired counts no more; so it is made then too.
Nothing is looked at: a map is made as its viewer would have it made, and shown to nobody.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.analyse.shelf import KEPT
from chokepoint.model.marking import Viewer
from chokepoint.web.alone import alone
from chokepoint.web.show.languages import offered
from chokepoint.web.show.templates import environment

if TYPE_CHECKING:
    from chokepoint.web.office import Office

REST = 2.0
"""Seconds between two looks at whether maps have changed."""
LOCK = "warming.lock"

log = logging.getLogger("chokepoint.web")


class Warmth:
    """The warming of one process."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._over, self._warm = threading.Event(), threading.Event()

    @property
    def warm(self) -> bool:
        """Whether all that a first visitor would wait for has been made once, or cannot be made."""
        return self._warm.is_set()

    def begin(self) -> None:
        """Begin, and come back at once."""
        threading.Thread(target=self._run, name="warmth", daemon=True).start()

    def close(self) -> None:
        """End after the map that is being made."""
        self._over.set()

    def _run(self) -> None:
        self.make()
        failed = False
        while not self._over.wait(REST):
            try:
                self._maps()
                failed = False
            except Exception:
                if not failed:  # it is told once, and not every other second
                    log.exception("maps could not be made anew")
                failed = True

    def _maps(self) -> None:
        """Make the maps that have changed, or have never been made."""
        for viewer in self._viewers():
            with alone(self._office.atlas.cache / LOCK) as mine:  # two would make the same map
                if mine and not self._over.is_set():
                    load_snapshot(self._office.opened_by(viewer))

    def make(self) -> None:
        """Make it all; what fails is told to the operator, and made when somebody asks for it."""
        try:
            self._maps()
            for language in offered():
                pages = environment(language)
                for name in pages.list_templates(extensions=["html"]):
                    pages.get_template(name)
        except Exception:
            log.exception("the desk could not be warmed")
        finally:
            self._warm.set()

    def _viewers(self) -> list[Viewer]:
        """Whoever was here last, then the organisations of this desk, as many as the shelf holds."""
        reader = self._office.atlas.reader
        with reader.connect() as connection:
            members = reader.organisations(connection).values()
        whole = [Viewer(organisation=name) for name in members if self._office.serves(name)]
        return list(dict.fromkeys([*self._office.sessions.newest(KEPT), *whole]))[:KEPT]
