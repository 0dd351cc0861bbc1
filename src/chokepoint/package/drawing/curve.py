"""Expected flow over time, before and after a plan, with the band over worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.package.drawing.svg import Size, figure, number, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.package.findings import Curve

WIDE = Size(1040, 300)
NARROW = Size(380, 260)


def curve_svg(curve: Curve, size: Size = WIDE) -> str:
    """The drawing of a damage curve; empty where there are fewer than two days to draw."""
    if len(curve.days) < 2:
        return ""
    high = max([*curve.before, *curve.after, *curve.high, 1e-9]) * 1.08
    first, last = curve.days[0], curve.days[-1]
    left, right, top, bottom = 52.0, size.width - 16.0, 16.0, size.height - 40.0

    def point(day: float, value: float) -> str:
        x = left + (right - left) * (day - first) / max(last - first, 1e-9)
        return f"{number(x)},{number(bottom - (bottom - top) * value / high)}"

    def line(name: str, values: Sequence[float]) -> str:
        points = " ".join(point(day, value) for day, value in zip(curve.days, values, strict=True))
        return f'<polyline class="{name}" points="{points}"/>'

    body = [_axes(curve, (left, right, top, bottom), high)]
    if curve.low and curve.high:
        outline = [point(d, v) for d, v in zip(curve.days, curve.high, strict=True)]
        outline += [point(d, v) for d, v in reversed(list(zip(curve.days, curve.low, strict=True)))]
        body.append(f'<polygon class="band" points="{" ".join(outline)}"/>')
    body += [line("before", curve.before), line("after", curve.after)]
    title = (
        f"{curve.unit} over {number(last - first)} days: {curve.before[-1]:.3g} without a strike, "
        f"{curve.after[-1]:.3g} with it at the end"
    )
    return figure(size, name="curve", title=title, body="".join(body))


def _axes(curve: Curve, frame: tuple[float, float, float, float], high: float) -> str:
    left, right, top, bottom = frame
    first, last = curve.days[0], curve.days[-1]
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = bottom - (bottom - top) * share
        parts.append(
            f'<line class="tick" x1="{number(left)}" x2="{number(right)}" y1="{number(y)}" y2="{number(y)}"/>'
            f'<text class="axis" x="{number(left - 6)}" y="{number(y + 4)}" text-anchor="end">{high * share:.2g}</text>'
        )
        x = left + (right - left) * share
        anchor = "end" if share == 1.0 else "middle"
        parts.append(
            f'<text class="axis" x="{number(x)}" y="{number(bottom + 18)}" text-anchor="{anchor}">'
            f"day {number(first + (last - first) * share)}</text>"
        )
    parts.append(f'<text class="axis" x="{number(left)}" y="{number(bottom + 34)}">{text(curve.unit)}</text>')
    return "".join(parts)
