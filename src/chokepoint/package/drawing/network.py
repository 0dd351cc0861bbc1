"""The network drawing: symbols by family, edges by meaning, hulls by cluster, labels that never overlap."""

from __future__ import annotations

from collections import defaultdict
from math import cos, hypot, isfinite, pi, sin, sqrt
from typing import TYPE_CHECKING

from chokepoint.model.vocabulary import vocabulary
from chokepoint.model.words import likelihood, percent
from chokepoint.package.drawing.labels import Placed, Wanted, place_labels
from chokepoint.package.drawing.svg import Box, Size, figure, number, shorten, text
from chokepoint.package.drawing.symbols import FAMILIES, family, symbol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chokepoint.package.findings import Edge, Node

WIDE = Size(1040, 620)
TALL = Size(380, 600)

Points = dict[str, tuple[float, float]]


def network_svg(nodes: Sequence[Node], edges: Sequence[Edge], size: Size = WIDE) -> str:
    """The drawing of a network; positions are scaled to fit, labels of lesser rank give way.

    Targets and well-connected nodes are labelled first. Every node and edge has a tooltip, and the page
    carries a table that says the same (`network_rows`).
    """
    if not nodes:
        return ""
    points = fit([(node.id, node.x, node.y) for node in nodes], size)
    degree = _degrees(edges)
    base = (6.5 if size.width < 600 else 8.0) * min(1.0, max(0.6, sqrt(60 / len(nodes))))
    radius = {node.id: _radius(node, degree, base) for node in nodes}
    lowest_first = sorted(nodes, key=lambda node: "target" in node.flags)
    drawn = [edge for edge in edges if edge.start in points and edge.end in points]
    title = f"Network of {len(nodes)} entities and {len(drawn)} links; the table below says the same in words"
    body = "".join(
        (
            _arrowhead(size),
            _hulls(nodes, points, radius),
            "".join(_edge(edge, (points, radius), size) for edge in drawn),
            "".join(_node(node, points[node.id], radius[node.id]) for node in lowest_first),
            "".join(map(_label, _labels(nodes, (points, radius), degree, size))),
        )
    )
    return figure(size, name="network", title=title, body=body)


def fit(spots: Sequence[tuple[str, float, float]], size: Size) -> Points:
    """Points scaled and moved into a drawing, turned by a right angle when that uses its shape better.

    Nodes that all lie in one place are set on a circle; one whose place is no number is put in the middle.
    """
    if not all(isfinite(x) and isfinite(y) for _, x, y in spots):
        return fit(_finite(spots), size)
    xs, ys = [spot[1] for spot in spots], [spot[2] for spot in spots]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if width == height == 0.0:
        step = 2 * pi / max(len(spots), 1)
        spots = [(name, cos(k * step), sin(k * step)) for k, (name, _, _) in enumerate(spots)]
        return fit(spots, size) if len(spots) > 1 else {spots[0][0]: (size.width / 2, size.height / 2)}
    if (width > height) != (size.width > size.height) and width != height:
        return fit([(name, -y, x) for name, x, y in spots], size)
    across, down = min(64.0, size.width / 6), 44.0
    wide, high = size.width - 2 * across, size.height - 2 * down
    return {
        name: (
            across + wide * ((x - min(xs)) / width if width else 0.5),
            down + high * ((y - min(ys)) / height if height else 0.5),
        )
        for name, x, y in spots
    }


def _finite(spots: Sequence[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """The spots with the middle of all that have a place for those that have none."""
    placed = [(x, y) for _, x, y in spots if isfinite(x) and isfinite(y)] or [(0.0, 0.0)]
    middle = tuple((min(axis) + max(axis)) / 2 for axis in zip(*placed, strict=True))
    return [(name, *((x, y) if isfinite(x) and isfinite(y) else middle)) for name, x, y in spots]


def _degrees(edges: Sequence[Edge]) -> Mapping[str, int]:
    degree: defaultdict[str, int] = defaultdict(int)
    for edge in edges:
        degree[edge.start] += 1
        degree[edge.end] += 1
    return degree


def _radius(node: Node, degree: Mapping[str, int], base: float) -> float:
    grown = 1.1 * sqrt(degree.get(node.id, 0)) + (2.5 if "target" in node.flags else 0.0)
    return min(base + grown, base * 2)


def _arrowhead(size: Size) -> str:
    name = f"head-{int(size.width)}"
    return (
        f'<defs><marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'markerUnits="userSpaceOnUse" orient="auto">'
        '<path class="head" d="M0 0.8 7.5 4 0 7.2z"/></marker></defs>'
    )


def _edge(edge: Edge, places: tuple[Points, Mapping[str, float]], size: Size) -> str:
    points, radius = places
    (x1, y1), (x2, y2) = points[edge.start], points[edge.end]
    length = hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    start, stop = radius[edge.start] + 2, radius[edge.end] + 3
    kind = "edge" + (" guess" if edge.assessment else "") + (" warned" if edge.warning else "")
    line = (
        f'<line class="{kind}" x1="{number(x1 + ux * start)}" y1="{number(y1 + uy * start)}" '
        f'x2="{number(x2 - ux * stop)}" y2="{number(y2 - uy * stop)}" '
        f'stroke-width="{number(0.8 + 2.2 * edge.belief)}" marker-end="url(#head-{int(size.width)})"/>'
    )
    cross = ""
    if edge.warning:
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        cross = f'<path class="cross" d="M{number(x - 4)} {number(y - 4)}l8 8m0-8l-8 8"/>'
    return f"<g><title>{text(edge_sentence(edge))}</title>{line}{cross}</g>"


def edge_sentence(edge: Edge) -> str:
    """An edge in words: property, likelihood, verdict, and its warning."""
    known = vocabulary().properties.get(edge.property)
    label = known.label if known else edge.property
    said = f"{label}: {likelihood(edge.belief)} ({percent(edge.belief)}), {edge.verdict}"
    return f"{said}. Warning: {edge.warning}" if edge.warning else said


def _node(node: Node, point: tuple[float, float], radius: float) -> str:
    kind = family(node.kind)
    known = vocabulary().kinds.get(node.kind)
    title = f"{known.label if known else node.kind}: {node.label}"
    if node.flags:
        title += f" ({', '.join(node.flags)})"
    hollow = " hollow" if {"shared", "parked", "known-good"} & set(node.flags) else ""
    ring = ""
    if "target" in node.flags:
        ring = (
            f'<circle class="ring" cx="{number(point[0])}" cy="{number(point[1])}" r="{number(radius + 5)}"/>'
        )
    shape = symbol(kind, point, radius)
    return f'<g class="node f-{kind}{hollow}"><title>{text(title)}</title>{ring}{shape}</g>'


def _labels(
    nodes: Sequence[Node], places: tuple[Points, Mapping[str, float]], degree: Mapping[str, int], size: Size
) -> list[Placed]:
    points, radius = places
    narrow = size.width < 600
    ranked = sorted(nodes, key=lambda n: ("target" not in n.flags, -degree.get(n.id, 0), n.label))
    taken = [
        Box(x - radius[name], y - radius[name], x + radius[name], y + radius[name])
        for name, (x, y) in points.items()
    ]
    wanted = [
        Wanted(
            node.id,
            shorten(node.label, 18 if narrow else 26),
            *points[node.id],
            radius[node.id] + (5 if "target" in node.flags else 0),
            13.0 if "target" in node.flags else 11.5,
        )
        for node in ranked
    ]
    return place_labels(wanted, size, taken)


def _label(placed: Placed) -> str:
    strong = ' class="strong"' if placed.font > 12 else ""
    return (
        f'<text{strong} x="{number(placed.x)}" y="{number(placed.y)}" font-size="{number(placed.font)}" '
        f'text-anchor="{placed.anchor}">{text(placed.text)}</text>'
    )


def _hulls(nodes: Sequence[Node], points: Points, radius: Mapping[str, float]) -> str:
    members: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for node in nodes:
        if node.cluster:
            members[node.cluster].append(points[node.id])
    pad = 2 * (max(radius.values()) + 10)
    drawn = []
    for name, spots in sorted(members.items()):
        if len(spots) > 1:
            corners = " ".join(f"{number(x)},{number(y)}" for x, y in hull(spots))
            drawn.append(
                f"<g><title>{text(f'Cluster: {name}')}</title>"
                f'<polygon class="hull" points="{corners}" stroke-width="{number(pad)}"/></g>'
            )
    return "".join(drawn)


def hull(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The convex hull, counter-clockwise (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) <= 2:
        return ordered

    def half(run: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        chain: list[tuple[float, float]] = []
        for x, y in run:
            while len(chain) > 1:
                (ax, ay), (bx, by) = chain[-2], chain[-1]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                chain.pop()
            chain.append((x, y))
        return chain[:-1]

    return half(ordered) + half(ordered[::-1])


def legend(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[tuple[str, str]]:
    """What the drawing needs explained: an SVG sample and its meaning, only of what occurs in it."""
    size = Size(22, 18)
    present = {family(node.kind) for node in nodes}
    rows = [
        (_sample(size, f'<g class="node f-{name}">{symbol(name, (11, 9), 6.5)}</g>'), title)
        for name, (title, _) in FAMILIES.items()
        if name in present
    ]
    flags = {flag for node in nodes for flag in node.flags}
    if "target" in flags:
        rows.append((_sample(size, '<circle class="ring" cx="11" cy="9" r="7"/>'), "Where to strike"))
    if flags & {"shared", "parked", "known-good"}:
        circle = '<g class="node f-host hollow"><circle cx="11" cy="9" r="6"/></g>'
        rows.append((_sample(size, circle), "Shared, parked or known-good"))
    rows += [
        (
            _sample(size, f'<line class="{kind}" x1="1" y1="9" x2="21" y2="9" stroke-width="2"/>{more}'),
            meaning,
        )
        for kind, more, meaning, there in (
            ("edge", "", "Link; the thicker, the likelier", bool(edges)),
            ("edge guess", "", "Assessment, not observation", any(edge.assessment for edge in edges)),
            (
                "edge warned",
                '<path class="cross" d="M7 5l8 8m0-8l-8 8"/>',
                "Joins nothing: shared or out of time",
                any(edge.warning for edge in edges),
            ),
        )
        if there
    ]
    return rows


def _sample(size: Size, body: str) -> str:
    box = f"0 0 {number(size.width)} {number(size.height)}"
    return f'<svg class="network sample" viewBox="{box}" aria-hidden="true">{body}</svg>'


def network_rows(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[tuple[str, str, str, str]]:
    """The drawing in words: from, link, to, remark; nodes without a link stand alone."""
    labels = {node.id: node.label for node in nodes}
    linked = {end for edge in edges for end in (edge.start, edge.end)}
    rows = [
        (labels.get(edge.start, "?"), edge_sentence(edge), labels.get(edge.end, "?"), edge.warning)
        for edge in edges
    ]
    return rows + [(node.label, "stands alone", "", "") for node in nodes if node.id not in linked]
