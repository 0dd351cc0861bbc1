"""Impact: what operations achieved, on a map and in tables, with sources and conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from litestar import Response

from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.aftermath import Around, around
from chokepoint.desk.work.impact import Impact
from chokepoint.desk.work.impact import impact as read_impact
from chokepoint.desk.work.operation import operations
from chokepoint.impact.measures import Cell, Least, Total, by_country
from chokepoint.package.drawing.world import Shape, shade, world
from chokepoint.web.route import FromPath, FromQuery, read
from chokepoint.web.show.languages import locale
from chokepoint.web.viewer import Here

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIRST = "arrests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """A country as it is drawn: its name, shape, the step of its shade (0–5), and what is known there."""

    name: str
    shape: Shape
    level: int
    least: Least | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactPage:
    """All that is known of all operations.

    Attributes:
        found: names, figures and what is held back.
        measures: that can be chosen for the map, as `measure` or `measure (unit)`.
        measure: the chosen one.
        lands: every country.
        places: those of which the measure says something, by name.
        totals: sums over whole operations, those of the most operations first.
        conflicts: cells on which sources differ.
        accepted: whether only accepted figures are shown.
    """

    found: Impact
    measures: tuple[str, ...]
    measure: str
    lands: tuple[Land, ...]
    places: tuple[tuple[str, Least], ...]
    totals: tuple[Total, ...]
    conflicts: tuple[Cell, ...]
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectPage:
    """What is known of one operation.

    Attributes:
        found: its figures.
        event: its event's name.
        cells: its figures in the order of places.
        led: the operation on the desk, where there is one.
        after: the map before and after, where something was done.
    """

    found: Impact
    event: str
    cells: tuple[Cell, ...]
    led: Operation | None
    after: Around | None


@read("/impact")
def impact(seat: Here, measure: FromQuery[str] = "", accepted: FromQuery[str] = "") -> Response[str]:
    """Sums, a map and the operations."""
    found = read_impact(seat.atlas, accepted=bool(accepted))
    local = sorted({named(cell) for cell in found.cells if len(cell.where) == 1})
    chosen = measure if measure in local else FIRST if FIRST in local else next(iter(local), "")
    least = by_country([cell for cell in found.cells if named(cell) == chosen], found.totals)
    names = locale(seat.front.language).territories
    page = ImpactPage(
        found=found,
        measures=tuple(local),
        measure=chosen,
        lands=_lands(least, names),
        places=tuple(sorted((names.get(code, code), one) for code, one in least.items())),
        totals=tuple(sorted((one for one in found.totals if not one.where), key=lambda one: -len(one.added))),
        conflicts=tuple(cell for cell in found.cells if cell.conflict),
        accepted=bool(accepted),
    )
    return seat.page("impact.html", page, label=seat.label)


def named(cell: Cell) -> str:
    """A measure with its unit, as it is chosen."""
    return f"{cell.measure} ({cell.unit})" if cell.unit else cell.measure


def _lands(least: dict[str, Least], names: Mapping[str, str]) -> tuple[Land, ...]:
    most = max((int(one.value) for one in least.values()), default=0)
    lands = []
    for shape in world():
        one = least.get(shape.country)
        name = names.get(shape.country, shape.name)
        level = shade(int(one.value), most) if one else 0
        lands.append(Land(name=name, shape=shape, level=level, least=one))
    return tuple(lands)


@read("/impact/{name:str}")
def effect(seat: Here, name: FromPath[str]) -> Response[str]:
    """One operation with every figure and its source."""
    found = read_impact(seat.atlas, name)
    [event] = found.names
    led = _led(operations(seat.atlas), event)
    page = EffectPage(
        found=found,
        event=event,
        cells=found.of(event),
        led=led,
        after=around(seat.atlas, led) if led else None,
    )
    return seat.page("effect.html", page, label=seat.label)


def _led(every: Sequence[Operation], event: str) -> Operation | None:
    return next((one for one in every if one.event.value == event), None)


ROUTES = (impact, effect)
