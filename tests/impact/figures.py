"""Figures for the tests of this room, from short words."""

from __future__ import annotations

from chokepoint.impact.measures import Cell, Saying, Span, cells_of
from chokepoint.model.figure import read_figure


def said(operation: str, text: str, origin: str = "a paper") -> Saying:
    return Saying(
        operation=operation, figure=read_figure(text), origin=origin, record=f"{operation}/{text}/{origin}"
    )


def cells(*told: tuple[str, ...]) -> tuple[Cell, ...]:
    """Of `(operation, figure)` or `(operation, figure, origin)`."""
    return cells_of(said(*one) for one in told)


def span(start: str = "", end: str = "", countries: str | None = None, **more: object) -> Span:
    places = None if countries is None else frozenset(countries.split())
    return Span(start=start, end=end, countries=places, **more)
