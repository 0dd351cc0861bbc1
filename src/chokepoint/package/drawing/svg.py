"""Small pieces that all drawings share: numbers, text, boxes, measuring."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from chokepoint.values.unseen import visible

FONT = 12.0


class Size(NamedTuple):
    """Width and height of a drawing in its own units."""

    width: float
    height: float


class Box(NamedTuple):
    """An axis-parallel rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share an area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def inside(self, size: Size) -> bool:
        """Whether it lies within a drawing."""
        return self.left >= 0 and self.top >= 0 and self.right <= size.width and self.bottom <= size.height


def number(value: float) -> str:
    """A coordinate with one decimal at most, so that drawings are small and the same everywhere."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def text(value: str) -> str:
    """Text as it stands between tags: hidden characters spelt out, markup escaped."""
    return escape(visible(value))


def attribute(value: str) -> str:
    """Text as a quoted attribute value."""
    return quoteattr(visible(value))


def shorten(value: str, most: int) -> str:
    """Text as it is shown, cut in the middle, where long identifiers differ least.

    >>> shorten("19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds", 12)
    '19CbDo…N4Kds'
    """
    shown = visible(value)
    if len(shown) <= most:
        return shown
    head = (most - 1) // 2 + (most - 1) % 2
    return f"{shown[:head]}…{shown[len(shown) - (most - 1 - head) :]}"


def clip(value: str, room: float, font: float = FONT) -> str:
    """Prose as it is shown, cut at its end to a width, with an ellipsis.

    >>> clip("Two men indicted in the United States", 100)
    'Two men ind…'
    """
    shown = visible(value)
    ends = [units * font for units in accumulate(map(_units, shown))]
    if not ends or ends[-1] <= room:
        return shown
    return shown[: bisect_right(ends, room - font)].rstrip() + "…"


def text_width(value: str, font: float = FONT) -> float:
    """Width that a text as it is shown takes at most in a common sans-serif font, wide scripts counted so."""
    return sum(map(_units, visible(value))) * font


def _units(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if unicodedata.combining(char):
        return 0.0
    return 0.74 if char.isupper() or char in "mw@%—" else 0.57


def figure(size: Size, *, name: str, title: str, body: str) -> str:
    """An SVG element with a name for style, an accessible title, and a view box that scales."""
    label = f'role="img" aria-label={attribute(title)}'
    box = f"0 0 {number(size.width)} {number(size.height)}"
    return f'<svg class={attribute(name)} viewBox="{box}" {label} xmlns="http://www.w3.org/2000/svg">{body}</svg>'
