"""A browser, and a stage on which the modules of the canvas can be tried one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from canvas_stage import BLANK, ORIGIN, POLICY, file_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Browser:
    """The browser of all journeys: two of them in one process would be two loops of one library."""
    return browser


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
