"""The timeline: one lane a kind of event, bars for periods, dots for days, labels packed without overlap."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.claim import parse_day
from chokepoint.model.errors import NotValidError
from chokepoint.package.drawing.svg import Size, clip, figure, number, text, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.package.findings import Event

WIDE = 1040.0
NARROW = 380.0
_ROW = 26.0
_FONT = 11.5


class _Bar(NamedTuple):
    event: Event
    left: float
    right: float
    row: int


def timeline_svg(events: Sequence[Event], width: float = WIDE, as_of: str = "") -> str:
    """The drawing of dated events, earliest first; the height follows from how many overlap.

    Events without a readable start are left out here (the page's table still lists them).

    Args:
        events: in any order.
        width: of the drawing.
        as_of: the date of the answer, drawn as a line, or empty.
    """
    dated = sorted(
        ((event, first, _last(event, first)) for event in events if (first := _day(event.start))),
        key=lambda row: (row[1], row[0].label, row[0]),
    )
    if not dated:
        return ""
    here = _day(as_of)
    days = [first for _, first, _ in dated] + [last for _, _, last in dated] + ([here] if here else [])
    scale = _Scale(min(days), max(days), width)
    body, top = [], 14.0
    for lane in dict.fromkeys(event.lane for event, _, _ in dated):
        bars = _pack([row for row in dated if row[0].lane == lane], scale, width)
        height = _ROW * (1 + max(bar.row for bar in bars))
        body.append(_lane(lane, bars, top, width))
        top += height + (34.0 if lane else 14.0)
    size = Size(width, top + 26)
    marks = scale.axis(top)
    if here:
        x = number(scale.at(here))
        marks += f'<line class="asof" x1="{x}" x2="{x}" y1="4" y2="{number(top)}"/>'
    title = f"Timeline of {len(dated)} events from {min(days)} to {max(days)}"
    return figure(size, name="timeline", title=title, body=marks + "".join(body))


class _Scale:
    """Days to pixels, with ticks at years, months or days as the span asks."""

    def __init__(self, first: date, last: date, width: float) -> None:
        self._first = first
        self._span = max((last - first).days, 30)
        self._room = width - 48.0

    def at(self, day: date) -> float:
        return 24.0 + self._room * (day - self._first).days / self._span

    def axis(self, bottom: float) -> str:
        ticks = []
        for day, label in self._ticks():
            x = number(self.at(day))
            ticks.append(
                f'<line class="tick" x1="{x}" x2="{x}" y1="4" y2="{number(bottom)}"/>'
                f'<text class="axis" x="{x}" y="{number(bottom + 16)}" text-anchor="middle">{label}</text>'
            )
        return "".join(ticks)

    def _ticks(self) -> list[tuple[date, str]]:
        last = min(self._first.toordinal() + self._span, date.max.toordinal())
        room = self._room / 54.0
        if self._span > 540:
            years = range(self._first.year + 1, date.fromordinal(last).year + 1)
            step = max(1, round(len(years) / room + 0.49))
            return [(date(year, 1, 1), str(year)) for year in years if year % step == 0]
        months = [
            date.fromordinal(day)
            for day in range(self._first.toordinal(), last + 1)
            if date.fromordinal(day).day == 1
        ]
        step = max(1, round(len(months) / room + 0.49))
        return [(month, f"{month:%b %Y}") for month in months[::step]]


def _day(iso: str) -> date | None:
    try:
        return parse_day(iso) if iso else None
    except NotValidError:
        return None


def _last(event: Event, first: date) -> date:
    end = _day(event.end)
    return max(first, date.fromordinal(end.toordinal() - 1)) if end and end > first else first


def _pack(rows: Sequence[tuple[Event, date, date]], scale: _Scale, width: float) -> list[_Bar]:
    """Bars in as few rows as greedy packing finds; a bar takes the room of its label too."""
    ends: list[float] = []
    bars = []
    for event, first, last in rows:
        left, right = scale.at(first), max(scale.at(last), scale.at(first) + 9)
        begin, end, _, _ = _extent(event, (left, right), width)
        row = next((index for index, taken in enumerate(ends) if begin > taken + 8), len(ends))
        ends[row : row + 1] = [end]
        bars.append(_Bar(event, left, right, row))
    return bars


def _extent(event: Event, bar: tuple[float, float], width: float) -> tuple[float, float, str, bool]:
    """The room of a bar with its label: left, right, the label as it fits, whether it stands before."""
    left, right = bar
    full = text_width(event.label, _FONT) + 10
    before = right + full > width and left > width - right
    room = (left if before else width - right) - 10
    shown = clip(event.label, min(room, width * 0.45), _FONT)
    taken = text_width(shown, _FONT) + 10
    return (left - taken, right, shown, True) if before else (left, right + taken, shown, False)


def _lane(name: str, bars: Sequence[_Bar], top: float, width: float) -> str:
    start = top + (22.0 if name else 6.0)
    drawn = [f'<text class="lane" x="24" y="{number(top + 8)}">{text(name)}</text>'] if name else []
    for bar in bars:
        y = start + bar.row * _ROW
        _, _, shown, before = _extent(bar.event, (bar.left, bar.right), width)
        x, anchor = (bar.left - 6, "end") if before else (bar.right + 6, "start")
        kind = f"bar k-{bar.event.kind}" if bar.event.kind.isalpha() else "bar"
        period = bar.event.start + (f" to {bar.event.end}" if bar.event.end else "")
        drawn.append(
            f"<g><title>{text(f'{period}: {bar.event.label}')}</title>"
            f'<rect class="{kind}" x="{number(bar.left)}" y="{number(y)}" '
            f'width="{number(bar.right - bar.left)}" height="9" rx="4.5"/>'
            f'<text x="{number(x)}" y="{number(y + 8.5)}" text-anchor="{anchor}">'
            f"{text(shown)}</text></g>"
        )
    return "".join(drawn)
