"""A running desk and a real Chromium for the journeys of people; skipped loudly where there is none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from web_browser import CHROMIUM, PHONE, WIDE, Running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests talk to this machine; all others to nobody."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and CI must not go without: apt-get install -y chromium")
        pytest.skip(
            "Chromium is not installed: pages were seen by no browser. Mend: apt-get install -y chromium"
        )
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where there is a browser alone

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def running(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = Path(shutil.copytree(written, tmp_path_factory.mktemp("running") / "atlas"))
    desk = Running(folder)
    yield desk
    desk.stop()


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Page]:
    """A wide window, signed in as the bank; whatever goes wrong in it fails the test."""
    yield from _window(browser, running, WIDE)


@pytest.fixture
def phone(browser: Browser, running: Running) -> Iterator[Page]:
    """The same on a phone."""
    yield from _window(browser, running, PHONE)


def _window(browser: Browser, running: Running, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=size, base_url=running.base)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on(
        "request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(running.base) else None
    )
    page.goto(running.link())
    yield page
    context.close()
    assert wrong == []
