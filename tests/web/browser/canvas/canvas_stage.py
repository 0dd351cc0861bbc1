"""The modules of the canvas in a real Chromium, answered from this process: there is no server and no socket."""

from __future__ import annotations

import mimetypes
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[4]
STATIC = ROOT / "src" / "chokepoint" / "web" / "static"
ORIGIN = "http://desk.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
BLANK = "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>stage</title></head><body></body></html>"


@cache
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


AXE = (ROOT / "tests" / "web" / "vendor" / "axe.min.js").read_text()
"""To be evaluated in a page; then `axe.run` is there."""


def open_map(chromium: Any, person: Any, path: str, *, empty: bool = False, **how: Any) -> tuple[Page, Any]:
    """A page of the desk as a person sees it, asked of the application in this process; and its context.

    What the browser complains of is kept in `page.problems`.
    """
    context = chromium.new_context(**({"viewport": {"width": 1440, "height": 900}} | how))
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda said: _complains(said) and page.problems.append(said.text))

    def answer(route: Any) -> None:
        asked = route.request
        path = asked.url.removeprefix(ORIGIN).partition("?")[0]
        if path.startswith("/static/"):
            kind, body = file_of(path)
            route.fulfill(content_type=kind, body=body)
            return
        headers = {
            name: value
            for name, value in asked.headers.items()
            if name not in {"host", "cookie", "accept-encoding"}
        }
        got = person.ask(
            asked.method, asked.url.removeprefix(ORIGIN), headers=headers, content=asked.post_data_buffer
        )
        told = {
            name: value
            for name, value in got.headers.items()
            if name not in {"content-encoding", "content-length"}
        }
        route.fulfill(status=got.status_code, headers=told, body=got.content)

    context.route("**/*", answer)
    page.goto(ORIGIN + path)
    until(page, "() => Boolean(window.map)")
    if not empty:
        until(page, "() => map.model.spots.size > 0 && map.atRest()")
    return page, context


RESET = """() => {
  const by = (part) => document.querySelector(`[data-part="${part}"]`);
  if (!by('table').hidden) map.toggleTable();
  if (map.lassoOn()) map.toggleLasso();
  for (const one of document.querySelectorAll('dialog[open]')) one.close();
  for (const one of document.querySelectorAll('.map details[open]')) one.removeAttribute('open');
  map.model.clear();
  Object.assign(map.model, {layout: 'force', grouping: '', leastBelief: 0});
  map.selection.clear();
  map.selection.focus = map.selection.hover = null;
  const told = JSON.parse(document.querySelector('[data-piece]').dataset.piece);
  map.model.merge(told);
  map.undo.past.length = map.undo.future.length = 0;
  map.selection.set([told.nodes[0].id]);
  map.layout.arrange();
}"""


def begin_anew(page: Page) -> None:
    """The map as it was when the page was opened, which takes seconds where this takes none."""
    page.problems.clear()
    page.evaluate(RESET)
    until(page, "() => map.model.spots.size > 0 && map.atRest()")


def _complains(said: Any) -> bool:
    """Of what is neither an answer that was no, nor only because the stage has no encrypted way."""
    beside = ("Cross-Origin-Opener-Policy", "Failed to load resource")
    return said.type == "error" and not said.text.startswith(beside) and beside[0] not in said.text


def until(page: Page, condition: str) -> None:
    """Wait for a condition; the desk's policy lets no page evaluate text, so that we ask again and again."""
    for _ in range(400):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    raise AssertionError(condition)


def state(page: Page) -> dict[str, Any]:
    """What is shown, what is selected, how near."""
    return page.evaluate(
        "() => ({shown: map.model.shown().spots.map((one) => one.id), chosen: [...map.selection.ids], k: map.view.transform.k})"
    )
