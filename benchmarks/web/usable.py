"""From the click to a page that one can use, in a real Chromium: milliseconds, and CPU of browser and desk.

    python benchmarks/web/usable.py ATLAS [--over 1000]

Usable is when the document is read, its styles and scripts are in, and where there is a canvas, things are drawn on
it. Every page is opened twice in one window, as by somebody who is at work: the
first time files may come over the wire, the second time they are in the browser's cache. CPU is that of all processes
of Chromium and of the desk, user and system: on a quiet machine a page is there no later than their sum says.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from load import _stat, _tree, desk, dossiers, things
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PAGES = (
    "/",
    "/check",
    "/search?q=lazarus",
    "/entity?of=lazarus group",
    "/path",
    "/map?of=lazarus group",
    "/map",
    "/review",
    "/choke",
    "/summary",
    "/collect",
    "/case",
    "/package",
    "/operation",
    "/impact",
    "/member",
    "/ledger",
    "/access",
    "/account",
)
DRAWN = "() => document.readyState == 'complete' && (!window.map || (map.view.times.length > 0 && map.model.spots.size > 0))"


def opened(page, base, way):
    """Milliseconds until a page is read, and until it can be used."""
    began = time.perf_counter()
    page.goto(base + way, wait_until="domcontentloaded")
    read = time.perf_counter() - began
    page.wait_for_function(DRAWN, polling=20, timeout=120_000)
    return 1000 * read, 1000 * (time.perf_counter() - began)


def main():
    """Start the desk and the browser, open every page twice, and print what it took."""
    given = argparse.ArgumentParser()
    given.add_argument("atlas", type=Path)
    given.add_argument("--over", type=float, default=1000)
    asked = given.parse_args()
    ways = [*PAGES, *dossiers(things(asked.atlas / "ledger.sqlite", 3, least=10))]
    with desk(asked.atlas, 1, 1) as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        window = browser.new_context(viewport={"width": 1440, "height": 900})
        name, _, value = server.cookies[0].partition("=")
        base = f"http://localhost:{server.port}"
        window.add_cookies([{"name": name, "value": value, "url": base}])
        page = window.new_page()
        mine = [pid for pid in _tree(os.getpid()) if pid not in _tree(server.process.pid)]
        print("page: read, usable, CPU of Chromium, CPU of the desk: milliseconds, first and again")
        for way in ways:
            told = []
            for _ in range(2):
                before = sum(map(_stat, mine[1:])), server.cpu()
                read, usable = opened(page, base, way)
                mine = [pid for pid in _tree(os.getpid()) if pid not in _tree(server.process.pid)]
                after = sum(map(_stat, mine[1:])), server.cpu()
                spent = [1000 * (one - two) for one, two in zip(after, before, strict=True)]
                told += [f"{read:7.0f} {usable:7.0f} {spent[0]:6.0f} {spent[1]:6.0f}"]
            print("   ".join(told), way[:70], flush=True)
        browser.close()


if __name__ == "__main__":
    main()
