"""The world map: countries shaded by how many entities are placed in them, in the Natural Earth projection.

Shapes: Natural Earth 1:110m through world-atlas 2.0.2 (TopoJSON); see `data/countries-110m.LICENSE`.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from importlib import resources
from itertools import pairwise
from math import log, radians
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.model.words import plural
from chokepoint.package.drawing.countries import NUMERIC_TO_ALPHA
from chokepoint.package.drawing.svg import Size, figure, number, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.package.findings import CountryCount

SIZE = Size(1000, 440)
_EQUATOR = 268.0
_ANTARCTICA = "010"
_STEPS = 5

Ring = list[tuple[float, float]]


class Shape(NamedTuple):
    """A country in map units: alpha-2 code or empty, English name, SVG path, where a figure fits."""

    country: str
    name: str
    path: str
    x: float
    y: float


def map_svg(counts: Sequence[CountryCount]) -> str:
    """The map with its figures; empty where there is nothing to place."""
    by_country: Counter[str] = Counter()
    for row in counts:
        if row.country and row.entities > 0:
            by_country[row.country.upper()] += row.entities
    if not by_country:
        return ""
    most = max(by_country.values())
    land, figures = [], []
    for shape in world():
        count = by_country[shape.country]
        level = shade(count, most)
        title = f"{shape.name}: {plural(count, 'entity', 'entities')}" if count else shape.name
        land.append(f'<path class="c{level}" d="{shape.path}"><title>{text(title)}</title></path>')
        if count:
            figures.append(f'<text x="{number(shape.x)}" y="{number(shape.y + 4)}">{count:,}</text>')
    title = f"World map: {plural(len(by_country), 'country', 'countries')} with entities of this finding"
    return figure(SIZE, name="map", title=title, body="".join(land) + "".join(figures))


def shade(count: int, most: int) -> int:
    """The step 0–5 on which a count is drawn: by orders of magnitude, 0 only for none.

    >>> [shade(n, 1000) for n in (0, 1, 30, 1000)]
    [0, 1, 2, 5]
    """
    if count <= 0:
        return 0
    if most <= 1:
        return _STEPS
    return 1 + int((_STEPS - 1) * log(count) / log(most) + 1e-9)


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Natural Earth projection, in radians of arc on the sphere (Patterson, Šavrič, Jenny 2011)."""
    lam, phi = radians(longitude), radians(latitude)
    p2 = phi * phi
    p4 = p2 * p2
    x = lam * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
    y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
    return x, y


@cache
def world() -> tuple[Shape, ...]:
    """All countries but Antarctica, projected into the map; read once."""
    source = resources.files("chokepoint.package").joinpath("data/countries-110m.json").read_text("utf-8")
    topology = json.loads(source)
    arcs = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    return tuple(
        _shape(geometry, arcs)
        for geometry in topology["objects"]["countries"]["geometries"]
        if geometry.get("id") != _ANTARCTICA
    )


def _arc(steps: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """An arc's longitudes and latitudes."""
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in steps:
        x, y = x + dx, y + dy
        points.append((x * sx + tx, y * sy + ty))
    return points


def _to_map(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = project(longitude, latitude)
    scale = SIZE.width / 5.5
    return SIZE.width / 2 + x * scale, _EQUATOR - y * scale


def _shape(geometry: dict[str, Any], arcs: list[Ring]) -> Shape:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = [
        [_to_map(*point) for point in part]
        for polygon in polygons
        for ring in polygon
        for part in within_map(_join(ring, arcs))
    ]
    x, y = _centre(max(rings, key=lambda ring: abs(_area(ring))))
    path = "".join(map(_path, rings))
    return Shape(NUMERIC_TO_ALPHA.get(geometry.get("id", ""), ""), geometry["properties"]["name"], path, x, y)


def within_map(ring: Ring) -> list[Ring]:
    """The parts of a ring between 180° West and East: one that crosses the date line is cut there."""
    turned = [ring[0]]
    for longitude, latitude in ring[1:]:
        last = turned[-1][0]
        turned.append((longitude - 360 * round((longitude - last) / 360), latitude))
    low, high = min(point[0] for point in turned), max(point[0] for point in turned)
    if low >= -180.001 and high <= 180.001:
        return [turned]
    shifted = ([(x + turn, y) for x, y in turned] for turn in (-360.0, 0.0, 360.0))
    cut = (_half(_half(part, -180.0, 1), 180.0, -1) for part in shifted)
    return [part for part in cut if len(part) > 3]


def _half(ring: Ring, edge: float, side: int) -> Ring:
    """The ring east (side 1) or west (side -1) of a meridian (Sutherland-Hodgman)."""
    kept: Ring = []
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        inside, next_inside = (x1 - edge) * side >= 0, (x2 - edge) * side >= 0
        if inside:
            kept.append((x1, y1))
        if inside != next_inside:
            kept.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
    return [*kept, kept[0]] if kept else []


def _join(indices: Iterable[int], arcs: list[Ring]) -> Ring:
    """The ring of several arcs; a complemented index runs its arc backwards (TopoJSON 2.1.4)."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _path(ring: Ring) -> str:
    """A closed path in tenths of a unit, relative, without repeated points; empty where one point is left."""
    steps = []
    last: tuple[int, int] | None = None
    for x, y in ring:
        here = (round(x * 10), round(y * 10))
        if last is None:
            steps.append(f"M{_tenth(here[0])} {_tenth(here[1])}l")
        elif here != last:
            steps.append(f"{_tenth(here[0] - last[0])} {_tenth(here[1] - last[1])} ")
        last = here
    return "".join(steps).strip() + "z" if len(steps) > 1 else ""


def _tenth(value: int) -> str:
    return number(value / 10)


def _area(ring: Ring) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def _centre(ring: Ring) -> tuple[float, float]:
    """The centre of gravity of a polygon."""
    area = _area(ring) or 1.0
    x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x / (6 * area), y / (6 * area)
