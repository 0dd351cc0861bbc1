"""A desk that listens, and what tests ask of a page in a browser."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.web.app import build
from chokepoint.web.office import Office, open_office
from chokepoint.web.signin.link import Links
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SHOTS = Path(__file__).parents[3] / "shots"
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class Running:
    """A desk that listens on this machine, for as long as the tests of a session run."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://localhost:{self.port}"
        atlas = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation="")))
        self.office: Office = open_office(atlas, (self.base,))
        config = uvicorn.Config(build(self.office), host="127.0.0.1", port=self.port, log_level="error")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.01)

    def link(self, who: str = "bank") -> str:
        """An address that signs somebody in once."""
        organisation, _, user = who.partition("/")
        token = Links(self.office.register).make(Viewer(organisation=organisation, user=user))
        return f"{self.base}/enter/{token}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self.office.register.close()
        self.office.atlas.engine.dispose()
        self.office.atlas.vault.engine.dispose()


def shoot(page: Page, name: str) -> None:
    """Keep what a person sees, for people to look at."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def barriers(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA; nothing where it is not beside the tests."""
    if not AXE.is_file():
        pytest.skip("axe-core is not beside the tests: barriers were not looked for")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
