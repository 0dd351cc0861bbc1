"""What an analysis found, as a report shows it: the answer, its reasons, its limits and its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from chokepoint.model.claim import Interval
    from chokepoint.model.identity import Entity


class FindingKind(Enum):
    """What sort of answer a finding is."""

    CHOKE_POINT = "choke point"
    CROSSING = "crossing"
    STRUCTURAL = "structural"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One intervention of a plan, on one concrete target.

    Attributes:
        target: what is acted on.
        mode: takedown, seizure, freeze, sanction, notification, cooperation or referral.
        by: who can pull the lever, in words.
        why: what breaks, in one sentence.
        takes_over: what replaces it and when, in one sentence.
        last_seen: last evidence of life, ISO date, or empty when none is known.
        lead_days: from decision to effect.
        down_days: expected days until replaced.
        cost: in units of one registrar takedown.
        success: probability that the action takes effect.
    """

    target: Entity
    mode: str
    by: str
    why: str
    takes_over: str = ""
    last_seen: str = ""
    lead_days: float = 0.0
    down_days: float = 0.0
    cost: float = 1.0
    success: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One step of a path with its evidence.

    Attributes:
        start: where the step begins; end: where it leads.
        property: of the vocabulary, read from subject to object.
        backward: whether the step runs from the claim's object to its subject.
        origin: publisher.
        source: path of the capture.
        place: where in it.
        belief: 0–1.
        verdict: of the statement.
        record: id of the claim's record.
        observed: when.
        warning: why this step may not join, or empty.
        simulated: whether the verdict rests on simulated votes.
    """

    start: Entity
    end: Entity
    property: str
    origin: str
    source: str
    place: str
    belief: float
    verdict: str = "proposed"
    record: str = ""
    backward: bool = False
    observed: Interval | None = None
    warning: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A connecting path.

    Attributes:
        title: what it connects, in words.
        hops: in order.
        belief: joint, 0–1.
        single_source: whether one source alone already had all of it.
        warnings: about the whole.
    """

    title: str
    hops: tuple[Hop, ...]
    belief: float
    single_source: bool = False
    warnings: tuple[str, ...] = ()


class Line(NamedTuple):
    """A labelled figure or sentence of a report: label, value, and an explanation or empty."""

    label: str
    value: str
    note: str = ""


class Lead(NamedTuple):
    """A lever that unvetted claims point at; nothing may be done on it before vetting.

    `share` of the actor's live identifiers, `reach` in words, `week` and `year` the shares still gone
    after a week and on average over a year, `last_seen` an ISO date.
    """

    whose: str
    holder: str
    reach: str
    share: float
    last_seen: str
    week: float
    year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Expected flow over time before and after a plan, with its 5–95 % band.

    Attributes:
        days: from the strike, ascending.
        before: flow without a strike, one value a day given.
        after: flow with it.
        low: 5 % quantile over worlds of `after`.
        high: 95 % quantile.
        unit: what the flow counts.
    """

    days: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    unit: str = "relative flow"


class Stop(NamedTuple):
    """A thing of a value chain: an entity, or an account of the first of `parts` with the second.

    `column` is its phase in the crime script, `before` and `after` the flow through it without and with
    the plan on average over the horizon, `struck` whether the plan acts on it; `name` is what readers see.
    """

    parts: tuple[Entity, ...]
    column: str
    before: float
    after: float
    struck: bool = False
    name: str = ""


class Way(NamedTuple):
    """What passes something on to what, by position among the stops; `need` where it keeps it working."""

    start: int
    end: int
    need: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A value chain before and after a plan.

    Attributes:
        stops: things, victims first.
        ways: between them.
        unit: of flow.
    """

    stops: tuple[Stop, ...]
    ways: tuple[Way, ...]
    unit: str


COMMUNITY = Marking(tlp=Tlp.GREEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One analysis result, with all that is needed to repeat and to doubt it.

    Attributes:
        title: the answer as a headline.
        kind: what sort of answer.
        as_of: the date for which it holds, ISO.
        position: the ledger position as told to viewers.
        code_version: of the code that computed it.
        parameters: by name.
        plan: interventions, strongest first; empty where there is no live target with a lever.
        leads: levers that unvetted claims point at, strongest first.
        explanation: plain sentences: what, why, what next.
        routes: connecting paths that carry the answer.
        coverage: what the map covers and what it does not.
        sensitivity: how the answer changes with its assumptions.
        warnings: that a reader must not miss.
        curve: expected effect over time, or None.
        chain: the value chain before and after the plan, or None.
        marking: of the finding itself; a plan is never CLEAR (DESIGN §9).
    """

    title: str
    kind: FindingKind
    as_of: str
    position: str
    code_version: str
    parameters: tuple[Line, ...] = ()
    plan: tuple[PlanRow, ...] = ()
    leads: tuple[Lead, ...] = ()
    explanation: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    coverage: tuple[Line, ...] = ()
    sensitivity: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()
    curve: Curve | None = None
    chain: Chain | None = None
    marking: Marking = COMMUNITY


class Node(NamedTuple):
    """A node of the drawing.

    `x` and `y` are in any unit and are scaled to fit; `flags` are words such as `target`,
    `shared`, `parked`, `victim`; `cluster` groups nodes into one hull when it is not empty.
    """

    id: str
    label: str
    kind: str
    x: float
    y: float
    flags: tuple[str, ...] = ()
    cluster: str = ""
    phase: str = ""


class Edge(NamedTuple):
    """An edge of the drawing; `assessment` draws it dashed, a `warning` in the colour of joins-nothing."""

    start: str
    end: str
    property: str
    belief: float
    verdict: str = "proposed"
    warning: str = ""
    assessment: bool = False


class Event(NamedTuple):
    """Something dated: ISO start, ISO end (half-open, or empty), label, lane and kind of mark.

    `ends` are what a sentence ties, as ids of nodes: then the label is the tie in words, and the page names
    both by the rule of its edition.
    """

    start: str
    end: str
    label: str
    lane: str = ""
    kind: str = ""
    ends: tuple[str, str] = ("", "")


class CountryCount(NamedTuple):
    """How many entities of the finding are placed in a country (ISO 3166-1 alpha-2)."""

    country: str
    entities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What the drawings of a report are made from."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    events: tuple[Event, ...] = ()
    countries: tuple[CountryCount, ...] = ()


class SourceLine(NamedTuple):
    """What one source gave: path, format, claims, entities, rejected and skipped parts."""

    source: str
    format: str
    claims: int
    entities: int
    rejected: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A whole run in figures: what came in, what was refused, what crossed, what was decided.

    Attributes:
        sources: one line a source.
        kinds: entities by kind, largest first.
        rejected: (place, reason) samples with their count.
        skipped: parts left out by named rule.
        crossings: identifiers or paths that no single source had.
        disputes: statements on which members disagree.
        verdicts: number of statements by verdict.
        simulated: how many of the accepted statements rest on simulated votes.
        choke_points: (target, mode, gain) in words, strongest first.
    """

    sources: tuple[SourceLine, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    rejected: tuple[Line, ...] = ()
    skipped: tuple[tuple[str, int], ...] = ()
    crossings: tuple[Line, ...] = ()
    disputes: tuple[Line, ...] = ()
    verdicts: tuple[tuple[str, int], ...] = ()
    simulated: int = 0
    choke_points: tuple[Line, ...] = ()
