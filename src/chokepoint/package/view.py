"""What the report's templates are given: every text as a reader may see it, nothing left to decide there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.model.words import explain_grading
from chokepoint.package.drawing.curve import NARROW, curve_svg
from chokepoint.package.findings import Chain, CountryCount, Finding, FindingKind, Picture, Summary
from chokepoint.package.harmless import harmless
from chokepoint.values.registry import show

if TYPE_CHECKING:
    from chokepoint.model.claim import Interval
    from chokepoint.package.findings import Event, Hop, Node, PlanRow, Route
    from chokepoint.package.parts import PackageClaim
    from chokepoint.package.privacy import Discretion
    from chokepoint.package.report import Report

MOST_ROWS = 400


class Target(NamedTuple):
    """One recommended action as the page shows it."""

    number: int
    target: str
    kind: str
    mode: str
    row: PlanRow


class Step(NamedTuple):
    """One hop of a route as the page shows it."""

    start: str
    start_kind: str
    link: str
    end: str
    end_kind: str
    hop: Hop
    when: str


class RouteView(NamedTuple):
    """A route with its hops as the page shows them."""

    route: Route
    steps: tuple[Step, ...]


class Evidence(NamedTuple):
    """One claim as a row of the evidence table."""

    subject: str
    kind: str
    link: str
    object: str
    when: str
    source: str
    grade: str
    claim: PackageClaim


class Phase(NamedTuple):
    """One phase of the crime script with the entities placed in it: label, kind, flags."""

    name: str
    entities: tuple[tuple[str, str, tuple[str, ...]], ...]


class Voter(NamedTuple):
    """One organisation's votes on the claims of the package."""

    organisation: str
    confirmed: int
    disputed: int
    unsure: int
    simulated: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The context of `report.html`.

    Attributes:
        title: of the package.
        created: moment of publication, to the minute.
        as_of: date of the answer.
        organisation: publisher.
        atlas: id of the atlas.
        marking: TLP label, and PAP where it restricts.
        level: class of the TLP label for its colour.
        audience: recipients in one line, or empty.
        simulated: whether the watermark is shown.
        unvetted: what says that it is not vetted yet, or empty.
        finding: as given.
        structural: whether the map holds no value chain.
        targets: recommended actions.
        routes: paths.
        picture: with labels as readers may see them.
        phases: the chain, in the order of the crime script.
        evidence: rows of the table.
        more: how many claims are only in the manifest.
        voters: who voted.
        countries: names and counts, largest first.
        summary: of the run, or None.
        curve_wide, curve_tall: the damage curve as SVG, or empty.
        chain: the value chain with its names, or None.
    """

    title: str
    created: str
    as_of: str
    organisation: str
    atlas: str
    marking: str
    level: str
    audience: str
    simulated: bool
    unvetted: str
    finding: Finding
    structural: bool
    targets: tuple[Target, ...]
    routes: tuple[RouteView, ...]
    picture: Picture
    phases: tuple[Phase, ...]
    evidence: tuple[Evidence, ...]
    more: int
    voters: tuple[Voter, ...]
    countries: tuple[tuple[str, int], ...]
    summary: Summary | None
    curve_wide: str
    curve_tall: str
    chain: Chain | None


def make_page(report: Report) -> Page:
    """The page of a report."""
    namer = Namer(report.discretion)
    finding, curve = report.finding, report.finding.curve
    pap = report.marking.pap
    return Page(
        title=report.title,
        created=report.created.replace("T", " ")[:16] + " UTC",
        as_of=finding.as_of,
        organisation=report.organisation,
        atlas=report.atlas,
        marking=report.marking.tlp.label + (f" · PAP:{pap.name}" if pap else ""),
        level=report.marking.tlp.name.lower().replace("_", "-"),
        audience=", ".join(sorted(report.marking.audience)),
        simulated=report.simulated,
        unvetted=report.provisional.label if report.provisional else "",
        finding=finding,
        structural=finding.kind is FindingKind.STRUCTURAL,
        targets=tuple(
            Target(number, namer.name(row.target), namer.kind(row.target), row.mode, row)
            for number, row in enumerate(finding.plan, 1)
        ),
        routes=tuple(namer.route(route) for route in finding.routes),
        picture=namer.picture(report.picture),
        phases=_phases(namer.picture(report.picture).nodes),
        evidence=tuple(_evidence(claim, namer, report) for claim in report.claims[:MOST_ROWS]),
        more=max(0, len(report.claims) - MOST_ROWS),
        voters=_voters(report),
        countries=_countries(report.picture.countries),
        summary=report.summary,
        curve_wide=curve_svg(curve) if curve else "",
        curve_tall=curve_svg(curve, NARROW) if curve else "",
        chain=namer.chain(finding.chain) if finding.chain else None,
    )


class Namer:
    """How entities are written in one edition: defanged, and named only where they may be."""

    def __init__(self, discretion: Discretion) -> None:
        self._discretion = discretion

    def name(self, entity: Entity) -> str:
        """The entity's name for readers."""
        return self._discretion.label(entity, show(entity))

    def words(self, claim: PackageClaim) -> str:
        """The text of an attribute for readers."""
        return self._discretion.words(claim)

    def kind(self, entity: Entity) -> str:
        """What kind of thing it is, in words."""
        return vocabulary().kind(entity.kind).label

    def route(self, route: Route) -> RouteView:
        """A route with every hop in words."""
        return RouteView(route, tuple(self._step(hop) for hop in route.hops))

    def _step(self, hop: Hop) -> Step:
        said, told = vocabulary().property(hop.property), self._discretion.told
        hop = replace(hop, origin=told(hop.origin), source=told(hop.source), place=told(hop.place))
        return Step(
            self.name(hop.start),
            self.kind(hop.start),
            (said.reverse or said.label) if hop.backward else said.label,
            self.name(hop.end),
            self.kind(hop.end),
            hop,
            when(hop.observed),
        )

    def picture(self, picture: Picture) -> Picture:
        """The picture with each node, and each end of an event, under the name that readers may see.

        A node's id is `kind:value` where it comes from an entity; others keep their label.
        """
        return replace(
            picture,
            nodes=tuple(self._node(node) for node in picture.nodes),
            events=tuple(self._event(event) for event in picture.events),
        )

    def chain(self, chain: Chain) -> Chain:
        """The chain with each stop under the name that readers may see."""
        stops = (
            stop._replace(name=harmless(" at ".join(map(self.name, stop.parts))) or "victims")
            for stop in chain.stops
        )
        return replace(chain, stops=tuple(stops))

    def _node(self, node: Node) -> Node:
        entity = _entity(node.id)
        if entity is None or entity.kind != node.kind or self._discretion.may_name(entity):
            return node._replace(label=harmless(node.label))
        return node._replace(label=harmless(self.name(entity)))

    def _event(self, event: Event) -> Event:
        subject, thing = (_entity(end) for end in event.ends)
        if subject is None or thing is None:
            return event._replace(label=harmless(event.label))
        lane = harmless(self.name(thing))
        return event._replace(label=f"{harmless(self.name(subject))} {event.label} {lane}", lane=lane)


def _entity(node: str) -> Entity | None:
    """The entity whose `kind:value` a node bears as its id."""
    kind, mark, value = node.partition(":")
    return Entity(kind, value) if mark and kind in vocabulary().kinds else None


def when(observed: Interval | None) -> str:
    """An interval for readers: `2017-08-02`, `2017-08 to 2018-01`, `since …`, or empty.

    Ends are half-open inside; people are told the last day.
    """
    if observed is None:
        return ""
    start, end = observed.days
    if start and end:
        return start if start == end else f"{start} to {end}"
    return f"since {start}" if start else f"until {end}" if end else ""


def _evidence(claim: PackageClaim, namer: Namer, report: Report) -> Evidence:
    capture = report.captures.get(claim.capture)
    thing = claim.object
    return Evidence(
        namer.name(claim.subject),
        namer.kind(claim.subject),
        vocabulary().property(claim.property).label,
        namer.words(claim) if isinstance(thing, str) else namer.name(thing),
        when(claim.observed),
        report.discretion.told(capture.path) if capture else claim.capture[:12],
        explain_grading(claim.grading),
        claim,
    )


def _phases(nodes: tuple[Node, ...]) -> tuple[Phase, ...]:
    kinds = vocabulary().kinds
    rows = []
    for name in vocabulary().phases:
        here = [
            (node.label, kinds[node.kind].label if node.kind in kinds else node.kind, node.flags)
            for node in nodes
            if (node.phase or (kinds[node.kind].phase if node.kind in kinds else "")) == name
        ]
        if here:
            rows.append(Phase(name, tuple(sorted(here, key=lambda row: ("target" not in row[2], row[0])))))
    return tuple(rows)


def _voters(report: Report) -> tuple[Voter, ...]:
    rows = []
    votes = [vote for claim in report.claims for vote in claim.votes]
    for organisation in sorted({vote.organisation for vote in votes}):
        own = [vote for vote in votes if vote.organisation == organisation]
        words = [vote.vote for vote in own]
        reasons = tuple(dict.fromkeys(vote.reason for vote in own))[:3]
        rows.append(
            Voter(
                organisation,
                words.count("confirm"),
                words.count("dispute"),
                words.count("unsure"),
                any(vote.simulated for vote in own),
                reasons,
            )
        )
    return tuple(rows)


def _countries(counts: tuple[CountryCount, ...]) -> tuple[tuple[str, int], ...]:
    rows = [(show(Entity("country", row.country.lower())), row.entities) for row in counts]
    return tuple(sorted(rows, key=lambda row: (-row[1], row[0])))
