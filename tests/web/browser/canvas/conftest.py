"""A browser, and a stage on which the modules of the canvas can be tried one by one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from canvas_stage import BLANK, CHROMIUM, ORIGIN, POLICY, file_of
from playwright.sync_api import Page, Route, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser of Debian's package, for all tests of a file."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is wanted: apt-get install -y chromium")
        pytest.skip(f"{CHROMIUM} is not there: nothing was seen in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stage(chromium: Any) -> Iterator[Page]:
    """An empty page from which the modules can be imported, under the desk's own policy."""
    page = chromium.new_page()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        kind, body = ("text/html", BLANK.encode()) if path == "/" else file_of(path)
        route.fulfill(content_type=kind, body=body, headers={"content-security-policy": POLICY})

    page.route("**/*", answer)
    page.goto(ORIGIN + "/")
    yield page
    page.close()
