"""A value chain before and after a plan: one bar a thing, its length the flow, the filled part what is left.

Phases stand side by side on wide drawings and one below the other on slim ones. Of each phase the things
with most flow are drawn and the others as one; the table beside the drawing names all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.said import Said
from chokepoint.package.drawing.svg import Size, clip, figure, number, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chokepoint.package.findings import Chain, Stop

WIDE = Size(1040, 430)
SLIM = Size(380, 640)
COLUMNS = ("victim", "lure", "contact", "actor", "payment", "laundering", "account", "cash-out")
BELOW = {"enabler": "victim"}
"""Phases that carry no flow, and in whose column they stand."""
LEAST = 16.0
GAP = 34.0


class Bar(NamedTuple):
    """A bar at its place: left, top, width and height without the plan, the label, the flows."""

    left: float
    top: float
    width: float
    height: float
    name: str
    before: float
    after: float
    struck: bool

    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return self.left + self.width / 2, self.top + self.height / 2


def chain_svg(chain: Chain, size: Size = WIDE, tell: Callable[[str], str] = str) -> str:
    """The drawing of a chain, its words said by `tell`; empty where it has no stop."""
    if not chain.stops:
        return ""
    columns = grouped(chain.stops, most=3 if _is_slim(size) else 5)
    bars, names, place = _bars(columns, size)
    captions = [f'<text class="phase-name" {spot}>{text(tell(name))}</text>' for name, spot in names]
    ends = {(place[way.start], place[way.end], way.need) for way in chain.ways}
    ways = sorted(end for end in ends if end[0] != end[1])
    body = [_way(bars[start], bars[end], need=need, slim=_is_slim(size)) for start, end, need in ways]
    body += [_bar(bar, size, tell) for bar in bars]
    total, left = chain.stops[0].before, chain.stops[0].after
    title = Said(
        "Value chain of {things} things: {total:.3g} {unit} flow without the plan, {left:.3g} with it; the "
        "table below says the same",
        things=len(chain.stops),
        total=total,
        unit=chain.unit,
        left=left,
    )
    return figure(size, name="flow", title=tell(title), body="".join([*body, *captions]))


def grouped(stops: Sequence[Stop], *, most: int) -> list[tuple[str, list[tuple[Stop, list[int]]]]]:
    """Columns in order with what is drawn in each and the positions of the stops behind it.

    The things of a column with most flow, at most `most` of them, one standing for all the others.
    """
    found = []
    for column in COLUMNS:
        here = [at for at, stop in enumerate(stops) if BELOW.get(stop.column, stop.column) == column]
        here.sort(key=lambda at: (stops[at].column != column, -_most(stops[at]), at))
        kept, rest = (here, []) if len(here) <= most else (here[: most - 1], here[most - 1 :])
        drawn = [(stops[at], [at]) for at in kept]
        if rest:
            drawn.append((_all_of([stops[at] for at in rest]), rest))
        if drawn:
            found.append((column, drawn))
    return found


def _all_of(stops: Sequence[Stop]) -> Stop:
    return stops[0]._replace(
        name=Said("{count} more", count=len(stops)),
        before=sum(stop.before for stop in stops),
        after=sum(stop.after for stop in stops),
        struck=any(stop.struck for stop in stops),
    )


def _is_slim(size: Size) -> bool:
    return size.width < 600


def _bars(
    columns: Sequence[tuple[str, list[tuple[Stop, list[int]]]]], size: Size
) -> tuple[list[Bar], list[tuple[str, str]], dict[int, int]]:
    """Bars, the phases with the spots of their names, and the bar of each stop."""
    slim = _is_slim(size)
    along, across = (size.height, size.width) if slim else (size.width, size.height)
    step = (along - 24) / len(columns)
    room = across - 72 - GAP * max(len(drawn) for _, drawn in columns)
    fullest = max(sum(_most(stop) for stop, _ in drawn) for _, drawn in columns)
    bars, captions, place = [], [], dict[int, int]()
    for number_, (column, drawn) in enumerate(columns):
        at, offset = 12 + number_ * step, 36.0 if not slim else 12.0
        spot = f'x="{number(12 if slim else at)}" y="{number(at + 10 if slim else 16)}"'
        captions.append((column, spot))
        for stop, behind in drawn:
            length = max(room * _most(stop) / max(fullest, 1e-9), LEAST if not slim else 56.0)
            shape = (offset, at + 18, length, 18.0) if slim else (at, offset, 18.0, length)
            bars.append(Bar(*shape, stop.name, stop.before, stop.after, stop.struck))
            place |= dict.fromkeys(behind, len(bars) - 1)
            offset += length + (14.0 if slim else GAP)
    return _within(bars, size), captions, place


def _within(bars: list[Bar], size: Size) -> list[Bar]:
    """The bars with lengths shrunk where least lengths have pushed one over the edge."""
    slim = _is_slim(size)
    edge = max(bar.left + bar.width if slim else bar.top + bar.height for bar in bars)
    shrink = min(1.0, (size.width - 12 if slim else size.height - 36) / edge)
    if slim:
        return [bar._replace(left=bar.left * shrink, width=bar.width * shrink) for bar in bars]
    return [bar._replace(top=bar.top * shrink, height=bar.height * shrink) for bar in bars]


def _bar(bar: Bar, size: Size, tell: Callable[[str], str]) -> str:
    slim = _is_slim(size)
    most = max(bar.before, bar.after)
    left, top = number(bar.left), number(bar.top)
    before, after = (
        _rectangle(bar, flow / most if most > 0 else empty, slim=slim)
        for flow, empty in ((bar.before, 1.0), (bar.after, 0.0))
    )
    x, y = (bar.left, bar.top + 31) if slim else (bar.left, bar.top + bar.height + 13)
    room = max(bar.width + 8, 40.0) if slim else 116.0
    change = Said("{before:.3g} → {after:.3g}", before=bar.before, after=bar.after)
    flows = tell(change) if most > 0 else ""
    second = _figure(x, y + 13, _lines(flows) if slim else [flows])
    name = tell(bar.name) if isinstance(bar.name, Said) else bar.name
    shown = clip(name, room, 11.0)
    return (
        f'<g class="stop{" struck" if bar.struck else ""}"><title>{text(name)}: {flows}</title>'
        f'<rect class="stop-before" x="{left}" y="{top}" {before}/>'
        f'<rect class="stop-after" x="{left}" y="{top}" {after}/>'
        f'<text x="{number(x)}" y="{number(y)}">{text(shown)}</text>{second}</g>'
    )


def _lines(flows: str) -> list[str]:
    """Before and after below each other: side by side they are wider than the bars of a slim drawing."""
    before, arrow, after = flows.partition("→")
    return [before.strip(), f"{arrow} {after.strip()}"] if arrow else [flows]


def _figure(x: float, y: float, lines: Sequence[str]) -> str:
    return "".join(
        f'<text class="figure" x="{number(x)}" y="{number(y + 13 * at)}">{line}</text>'
        for at, line in enumerate(lines)
    )


def _most(stop: Stop) -> float:
    return max(stop.before, stop.after)


def _rectangle(bar: Bar, share: float, *, slim: bool) -> str:
    """Width and height of a part of a bar."""
    width, height = (bar.width * share, bar.height) if slim else (bar.width, bar.height * share)
    return f'width="{number(width)}" height="{number(height)}"'


def _way(start: Bar, end: Bar, *, need: bool, slim: bool) -> str:
    (x1, y1), (x2, y2) = start.centre(), end.centre()
    if slim:
        y1, y2 = start.top + start.height, end.top
        bend = f"C{number(x1)},{number((y1 + y2) / 2)} {number(x2)},{number((y1 + y2) / 2)}"
    else:
        x1, x2 = start.left + start.width, end.left
        bend = f"C{number((x1 + x2) / 2)},{number(y1)} {number((x1 + x2) / 2)},{number(y2)}"
    path = f"M{number(x1)},{number(y1)} {bend} {number(x2)},{number(y2)}"
    return f'<path class="way{" need" if need else ""}" d="{path}"/>'
