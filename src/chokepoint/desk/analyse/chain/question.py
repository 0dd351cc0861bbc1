"""What is asked of a chain, and what the map says on the day asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chokepoint.choke.weave import Terms
    from chokepoint.desk.analyse.barred import Barred
    from chokepoint.desk.analyse.chain.levers import Levers
    from chokepoint.graph.columns import Bools, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the map says on the day asked for; masks over the statements, bool (S,).

    Attributes:
        as_of: the day.
        floor: days since 1970-01-01; older evidence is no evidence of life.
        seen: int32 (S,), last day on which each statement was seen.
        usable: accepted statements that had been made by that day.
        barred: what is no target.
    """

    as_of: date
    floor: int
    seen: Ints
    usable: Bools
    barred: Barred


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the chain.

    Attributes:
        terms: limits, stages and sampling.
        levers: who can do what.
        times: days to replacement by kind, median and spread.
        begin: first day on which a request may go out.
        top: most single effects and alternatives that are told.
    """

    terms: Terms
    levers: Levers
    times: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    begin: date
    top: int = 10
