"""Labels that never overlap: placed greedily by rank, left out where no free place is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chokepoint.package.drawing.svg import Box, Size, text_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Wanted(NamedTuple):
    """A label wanted at an anchor: its text, the anchor, the radius of its symbol, and its font size."""

    key: str
    text: str
    x: float
    y: float
    radius: float
    font: float


class Placed(NamedTuple):
    """A label at its place: `anchor` is the SVG text-anchor, x and y its baseline point."""

    key: str
    text: str
    x: float
    y: float
    anchor: str
    font: float
    box: Box


def place_labels(wanted: Iterable[Wanted], size: Size, taken: Sequence[Box] = ()) -> list[Placed]:
    """Places for as many labels as fit, first come first served.

    Each is tried below, right, left, above and at the four corners of its symbol; a label that would
    touch a taken box, another label or the edge everywhere is left out.
    """
    blocked = list(taken)
    placed: list[Placed] = []
    for want in wanted:
        found = next(
            (
                option
                for option in _options(want)
                if option.box.inside(size) and not any(option.box.overlaps(box) for box in blocked)
            ),
            None,
        )
        if found:
            placed.append(found)
            blocked.append(found.box)
    return placed


def _options(want: Wanted) -> Iterable[Placed]:
    width, gap = text_width(want.text, want.font), want.radius + 4
    rise = want.font * 0.35
    spots = (
        ("middle", want.x, want.y + gap + want.font * 0.8),
        ("start", want.x + gap, want.y + rise),
        ("end", want.x - gap, want.y + rise),
        ("middle", want.x, want.y - gap),
        ("start", want.x + gap * 0.7, want.y + gap * 0.7 + rise),
        ("end", want.x - gap * 0.7, want.y + gap * 0.7 + rise),
        ("start", want.x + gap * 0.7, want.y - gap * 0.7 + rise),
        ("end", want.x - gap * 0.7, want.y - gap * 0.7 + rise),
    )
    for anchor, x, y in spots:
        left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        box = Box(left - 1, y - want.font * 0.85, left + width + 1, y + want.font * 0.3)
        yield Placed(want.key, want.text, x, y, anchor, want.font, box)
