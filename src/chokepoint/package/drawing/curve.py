"""Expected flow over time, before and after a plan, with the band over worlds."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

from chokepoint.model.said import Said
from chokepoint.package.drawing.svg import Size, figure, number, text, text_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chokepoint.package.findings import Curve

WIDE = Size(1040, 300)
NARROW = Size(380, 260)
PLAIN = "{value:g}"


def curve_svg(
    curve: Curve, size: Size = WIDE, *, beside: Sequence[float] = (), tell: Callable[[str], str] = str
) -> str:
    """The drawing of a damage curve; empty where there are fewer than two days to draw.

    Args:
        curve: of the plan.
        size: of the drawing.
        beside: flow with another plan on the same days, to compare.
        tell: says what is written on it in the reader's language.
    """
    if len(curve.days) < 2:
        return ""
    high = max([*curve.before, *curve.after, *curve.high, *beside, 1e-9]) * 1.08
    first, last = curve.days[0], curve.days[-1]
    heights = {value: tell(Said(PLAIN, value=value)) for value in ticks(0, high, 6)}
    left = max(52.0, 12.0 + max(map(text_width, heights.values())))
    right, top, bottom = size.width - 16.0, 16.0, size.height - 42.0

    def point(day: float, value: float) -> str:
        x = left + (right - left) * (day - first) / max(last - first, 1e-9)
        return f"{number(x)},{number(bottom - (bottom - top) * value / high)}"

    def line(name: str, values: Sequence[float]) -> str:
        points = " ".join(point(day, value) for day, value in zip(curve.days, values, strict=True))
        return f'<polyline class="{name}" points="{points}"/>'

    scale = [(bottom - (bottom - top) * value / high, told) for value, told in heights.items()]
    body = [_axes(curve, (left, right, top, bottom), scale, tell)]
    if curve.low and curve.high:
        outline = [point(d, v) for d, v in zip(curve.days, curve.high, strict=True)]
        outline += [point(d, v) for d, v in reversed(list(zip(curve.days, curve.low, strict=True)))]
        body.append(f'<polygon class="band" points="{" ".join(outline)}"/>')
    body += [line("before", curve.before), line("after", curve.after)]
    body += [line("beside", beside)] if len(beside) == len(curve.days) else []
    title = Said(
        "{flow} over {days:g} days: {before:.3g} without a strike, {after:.3g} with it at the end",
        flow=curve.unit,
        days=round(last - first, 1),
        before=curve.before[-1],
        after=curve.after[-1],
    )
    return figure(size, name="curve", title=tell(title), body="".join(body))


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` round values between low and high, steps being 1, 2, 2.5 or 5 times a power of ten.

    >>> ticks(0, 1.08, 6)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    span = max(high - low, 1e-9)
    power = 10.0 ** floor(log10(span / most))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10, 20) if span / (factor * power) < most)
    first = ceil(low / step - 1e-9)
    return [round(k * step, 12) for k in range(first, floor(high / step + 1e-9) + 1)]


def _axes(
    curve: Curve,
    frame: tuple[float, float, float, float],
    heights: Sequence[tuple[float, str]],
    tell: Callable[[str], str],
) -> str:
    left, right, top, bottom = frame
    first, last = curve.days[0], curve.days[-1]
    parts = []
    for height, told in heights:
        y = number(height)
        parts.append(
            f'<line class="tick" x1="{number(left)}" x2="{number(right)}" y1="{y}" y2="{y}"/>'
            f'<text class="axis" x="{number(left - 8)}" y="{y}" dy="4" text-anchor="end">{told}</text>'
        )
    for day in ticks(first, last, 5 if right < 600 else 9):
        x = left + (right - left) * (day - first) / max(last - first, 1e-9)
        spot = f'x="{number(x)}" y="{number(bottom + 18)}"'
        parts.append(f'<text class="axis" {spot} text-anchor="middle">{tell(Said(PLAIN, value=day))}</text>')
    for below, caption in _captions(curve.unit, top, bottom, narrow=right < 600):
        parts.append(
            f'<text class="axis" x="{number(left)}" y="{number(below)}">{text(tell(caption))}</text>'
        )
    return "".join(parts)


def _captions(unit: str, top: float, bottom: float, *, narrow: bool) -> list[tuple[float, str]]:
    """What both axes say, each where its words have room: y, words."""
    if narrow:
        return [(bottom + 36, Said("Days after the strike")), (top - 4, Said("Height: {flow}", flow=unit))]
    return [(bottom + 36, Said("Days after the strike; height: {flow}", flow=unit))]
