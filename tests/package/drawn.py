"""Reading drawings back: elements by name, the room that texts take, every coordinate."""

from __future__ import annotations

import re
from itertools import combinations

from defusedxml.ElementTree import fromstring

from chokepoint.package.drawing.svg import Box, text_width

SVG = "{http://www.w3.org/2000/svg}"
COORDINATES = frozenset(
    {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "font-size", "dy", "rx"}
)


def parse(svg):
    return fromstring(svg.encode("utf-8", "surrogatepass"))


def all_of(svg, tag, name=None):
    """Every element of a tag, and of a class where one is given, in the order of drawing."""
    found = parse(svg).iter(SVG + tag)
    return [one for one in found if name is None or name in (one.get("class") or "").split()]


def numbers(svg):
    """Every coordinate and length in a drawing."""
    made = []
    for one in parse(svg).iter():
        made += [float(one.get(name)) for name in COORDINATES if one.get(name)]
        for name in ("points", "d", "viewBox"):
            made += [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", one.get(name) or "")]
        assert "nan" not in str(one.attrib).lower()
        assert "inf" not in str([one.get(name) for name in COORDINATES])
    return made


def frame(svg):
    """Width and height of a drawing's view box."""
    _, _, width, height = map(float, parse(svg).get("viewBox").split())
    return width, height


def room(label, font=None):
    """The box that a text takes, by its anchor and size."""
    size = font or float(label.get("font-size") or 11.5)
    x, y, width = float(label.get("x")), float(label.get("y")), text_width(label.text or "", size)
    left = x - width * {"start": 0.0, None: 0.0, "middle": 0.5, "end": 1.0}[label.get("text-anchor")]
    return Box(left, y - size * 0.8, left + width, y + size * 0.25)


def overlaps(boxes):
    """Pairs of boxes that share an area."""
    return [(one, other) for one, other in combinations(boxes, 2) if one.overlaps(other)]
