"""The report: one static page without scripts or requests, for people who decide."""

from __future__ import annotations

import base64
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from chokepoint.model.words import explain_grading, likelihood, percent, plural
from chokepoint.package.drawing.chain import SLIM, chain_svg
from chokepoint.package.drawing.network import TALL, legend, network_rows, network_svg
from chokepoint.package.drawing.timeline import NARROW, timeline_svg
from chokepoint.package.drawing.world import map_svg
from chokepoint.package.harmless import harmless
from chokepoint.package.view import Page, make_page

if TYPE_CHECKING:
    from chokepoint.package.report import Report

TEMPLATES = ("report.html", "answer.html", "pictures.html", "evidence.html", "summary.html", "limits.html")


def render(report: Report) -> str:
    """The page as HTML; the same report gives the same bytes."""
    page = make_page(report)
    style = _text("report.css") + sheets(page)
    return (
        _environment()
        .get_template("report.html")
        .render(page=page, style=Markup(style), policy=content_policy(style), **_drawings(page))  # noqa: S704 - our own file
    )


def sheets(page: Page) -> str:
    """The style of its paper: the label in head and foot of each sheet (TLP 2.0), and what it must warn of.

    In ink, as printers leave out what lies behind letters.
    """
    warned = (
        "SIMULATED VOTES: DO NOT ACT" if page.simulated else "UNVETTED: DO NOT ACT" if page.unvetted else ""
    )
    label = "".join(
        letter for letter in page.marking if letter.isascii() and (letter.isalnum() or letter in ":+ -")
    )
    ink = "font:bold 12pt monospace;color:#000"
    corners = "".join(f'@{at}-right{{content:"{label}";{ink}}}' for at in ("top", "bottom"))
    return f'@media print{{@page{{{corners}@top-left{{content:"{warned}";{ink}}}}}}}\n'


def content_policy(style: str) -> str:
    """A content security policy that allows this one style sheet and nothing else.

    >>> content_policy("")[:40]
    "default-src 'none'; style-src 'sha256-47"
    """
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _drawings(page: Page) -> dict[str, object]:
    """The pictures as markup; every text in them was escaped where they were drawn."""
    nodes, edges = page.picture.nodes, page.picture.edges
    drawn = {
        "network_wide": network_svg(nodes, edges),
        "network_tall": network_svg(nodes, edges, TALL),
        "timeline_wide": timeline_svg(page.picture.events, as_of=page.as_of),
        "timeline_tall": timeline_svg(page.picture.events, NARROW, page.as_of),
        "world": map_svg(page.picture.countries),
        "curve_wide": page.curve_wide,
        "curve_tall": page.curve_tall,
        "chain_wide": chain_svg(page.chain) if page.chain else "",
        "chain_tall": chain_svg(page.chain, SLIM) if page.chain else "",
    }
    marked: dict[str, object] = {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - see above
    marked["legend"] = [(Markup(sample), meaning) for sample, meaning in legend(nodes, edges)]  # noqa: S704 - see above
    marked["network_rows"] = network_rows(nodes, edges)
    return marked


def _text(name: str) -> str:
    return resources.files("chokepoint.package").joinpath(f"templates/{name}").read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({name: _text(name) for name in TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clean": harmless,
        "likelihood": likelihood,
        "percent": percent,
        "grading": explain_grading,
        "plural": plural,
    }
    return environment
