"""The modules of the canvas in a real Chromium, answered from this process: there is no server and no socket."""

from __future__ import annotations

import mimetypes
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[4]
STATIC = ROOT / "src" / "chokepoint" / "web" / "static"
ORIGIN = "http://desk.test"
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
BLANK = "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>stage</title></head><body></body></html>"


def file_of(path: str) -> tuple[str, bytes]:
    """Media type and bytes of a file of the desk."""
    file = STATIC / path.removeprefix("/static/")
    return mimetypes.guess_type(file.name)[0] or "text/plain", file.read_bytes()


def run(page: Page, module: str, body: str, given: Any = None) -> Any:
    """What a function body gives that finds a module of the canvas as `m` and its argument as `x`."""
    return page.evaluate(
        f"async (x) => {{ const m = await import('/static/canvas/{module}.js'); {body} }}", given
    )


def spot(name: str, **rest: Any) -> dict[str, Any]:
    """A thing as the server hands it over."""
    return {
        "id": name,
        "kind": name.partition(":")[0],
        "label": name.partition(":")[2],
        "name": "Thing",
        "icon": "globe",
    } | rest


def line(a: int, b: int, **rest: Any) -> dict[str, Any]:
    """A line as the server hands it over."""
    return {
        "a": a,
        "b": b,
        "property": "uses",
        "label": "uses",
        "belief": 0.9,
        "word": "very likely",
        "verdict": "accepted",
    } | rest


def piece(count: int, *lines: dict[str, Any]) -> dict[str, Any]:
    """So many things with these lines."""
    return {"nodes": [spot(f"group:n{at}") for at in range(count)], "lines": list(lines), "left_out": 0}
