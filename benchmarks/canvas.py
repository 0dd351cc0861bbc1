"""CPU of a frame while the map is panned and zoomed, in headless Chromium without a GPU.

Things lie in communities as on a real map. Two figures a row: milliseconds of the drawing script
(`performance.now` around it), and CPU milliseconds (user and system) of all Chromium processes, rasterising
included, both a frame. The desk aggregates beyond 10,000 things, so that more are never drawn.

    .venv/bin/python benchmarks/canvas.py [--things 10000] [--frames 120]
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import os
import sys
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, Route, sync_playwright

STATIC = Path(__file__).resolve().parents[1] / "src" / "chokepoint" / "web" / "static"
ORIGIN = "http://desk.test"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<link rel="stylesheet" href="/static/css/tokens.css"><link rel="stylesheet" href="/static/css/map.css">
<link rel="stylesheet" href="/stage.css"><script type="module" src="/stage.js"></script></head>
<body><main><div class="map"><div class="field"><canvas></canvas></div></div></main></body></html>"""
SHEET = "body { margin: 0 } .map { display: block; height: 100vh } .map .field { height: 100%; }"
STAGE = """
import { Model } from "/static/canvas/model.js";
import { Selection } from "/static/canvas/select.js";
import { readColours } from "/static/canvas/theme.js";
import { View } from "/static/canvas/view.js";
import { Moves } from "/static/canvas/zoom.js";
const root = document.querySelector(".map");
readColours(root);
const model = new Model();
const view = new View(document.querySelector("canvas"), model, new Selection(model));
const moves = new Moves(view, () => true);
const told = await (await fetch("/map.json")).json();
model.merge(told);
told.nodes.forEach((one) => Object.assign(model.spots.get(one.id), { x: one.at[0], y: one.at[1] }));
model.changed(true);
moves.fit(undefined, false);
const frame = () => new Promise(requestAnimationFrame);
window.run = async (kind, frames) => {
  view.times.length = 0;
  for (let at = 0; at < frames; at++) {
    if (kind === "pan") moves.pan(at % 120 < 60 ? 14 : -14, at % 40 < 20 ? 4 : -4);
    else if (kind === "zoom") moves.by(at % 60 < 30 ? 1.02 : 1 / 1.02);
    else view.again();
    await frame();
  }
  return [...view.times];
};
window.near = (factor) => moves.by(factor);
window.ready = true;
"""


def made(things: int, seed: int = 7) -> dict[str, list[dict[str, object]]]:
    """A map of communities, each a busy middle with things around it and some ties to others."""
    dice = np.random.default_rng(seed)
    kinds = [("domain-name", "globe", "lure"), ("crypto-address", "wallet", "payment"), ("ipv4-addr", "server", "enabler"),
             ("group", "users", "actor")]  # fmt: skip
    nodes, lines, size = [], [], 40
    across = int((things / size) ** 0.5) + 1
    for at in range(things):
        kind, icon, phase = kinds[at % 3 if at % size else 3]
        group = at // size
        x, y = (group % across) * 420, (group // across) * 420
        far, turn = 150 * float(dice.random()) ** 0.6, float(dice.random()) * 6.28
        place = (
            [x, y]
            if not at % size
            else [x + far * (turn - 3.14), y + far * (float(dice.random()) * 2 - 1) * 2]
        )
        nodes.append({"id": f"{kind}:n{at}", "kind": kind, "label": f"name-{at}[.]example", "name": kind, "icon": icon,
                      "phase": phase, "at": place})  # fmt: skip
        others = [group * size] if at % size else []
        if float(dice.random()) < 0.37:
            others.append(int(dice.integers(things)))
        lines += [
            {"a": at, "b": other, "property": "uses", "label": "uses", "belief": float(dice.random()), "word": "likely",
             "verdict": "proposed", "assessment": float(dice.random()) < 0.3}
            for other in others if other != at
        ]  # fmt: skip
    return {"nodes": nodes, "lines": lines, "left_out": 0}


def serve(page: Page, told: dict[str, object]) -> None:
    """Answer the page's requests from this process: there is no server."""
    own = {
        "/": ("text/html", PAGE),
        "/stage.js": ("text/javascript", STAGE),
        "/stage.css": ("text/css", SHEET),
        "/map.json": ("application/json", json.dumps(told)),
    }

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if path in own:
            route.fulfill(content_type=own[path][0], body=own[path][1])
        else:
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(
                content_type=mimetypes.guess_type(file.name)[0] or "text/plain", body=file.read_bytes()
            )

    page.route("**/*", answer)


def cpu(pid: int) -> float:
    """Seconds of CPU of a process and all its descendants."""
    children: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
            spent[int(entry.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    todo, total = [pid], 0.0
    while todo:
        one = todo.pop()
        total += spent.get(one, 0.0)
        todo += children.get(one, [])
    return total


def main() -> int:
    given = argparse.ArgumentParser()
    given.add_argument("--things", type=int, default=10_000)
    given.add_argument("--frames", type=int, default=120)
    asked = given.parse_args()
    told = made(asked.things)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        serve(page, told)
        page.goto(ORIGIN + "/")
        while not page.evaluate("() => Boolean(window.ready)"):
            page.wait_for_timeout(50)
        print(
            f"{asked.things:,} things, {len(told['lines']):,} lines, 1440 x 900, Chromium {browser.version}"
        )
        print(f"{'':34}{'script ms':>12}{'p95':>8}{'all CPU ms':>13}")
        for name, kind, near in (
            ("all in sight, drawn in full", "full", 1), ("all in sight, panned", "pan", 1), ("all in sight, zoomed", "zoom", 1),
            ("a quarter in sight, panned", "pan", 2), ("close, panned", "pan", 5),
        ):  # fmt: skip
            if near > 1:
                page.evaluate("(factor) => window.near(factor)", near)
            page.wait_for_timeout(400)
            before = cpu(os.getpid()) - sum(os.times()[:2])
            times = sorted(
                page.evaluate("([kind, frames]) => window.run(kind, frames)", [kind, asked.frames])
            )
            spent = cpu(os.getpid()) - sum(os.times()[:2]) - before
            mean, p95 = sum(times) / len(times), times[int(len(times) * 0.95)]
            print(f"{name:34}{mean:12.1f}{p95:8.1f}{1000 * spent / asked.frames:13.1f}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
