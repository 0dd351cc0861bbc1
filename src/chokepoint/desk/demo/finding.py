"""The demonstration's best finding, its figures and its report, all computed from the snapshot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from math import log1p
from typing import TYPE_CHECKING

import numpy as np

from chokepoint import __version__
from chokepoint.choke.holders import MEASURE, STAGES, kept, regrowth
from chokepoint.desk.analyse.answer import in_words, kinds
from chokepoint.desk.analyse.chain.telling import chain_parts
from chokepoint.desk.analyse.choke import ALIVE_DAYS
from chokepoint.desk.handing.publish import Content
from chokepoint.desk.looking.tell import acceptance, between_nodes, iso, markings, picture, routes
from chokepoint.graph.traits import SPLIT
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.words import percent, plural
from chokepoint.package.choose import Audience, strictest
from chokepoint.package.findings import (
    Curve,
    Finding,
    FindingKind,
    Lead,
    Line,
    PlanRow,
    SourceLine,
    Summary,
)
from chokepoint.package.privacy import Minimised
from chokepoint.values.registry import show
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.choke.holders import Concentration
    from chokepoint.desk.analyse.answer import ChokeAnswer
    from chokepoint.desk.analyse.view import View
    from chokepoint.desk.gather import FileReport, GatherReport
    from chokepoint.graph.crossing import Crossing

MEMBERS = ("Simulated bank", "Simulated exchange", "Simulated NGO")
SHOWN = 6
SAMPLES = 8
MOST_CLAIMS = 600
STRETCHES = (("half as long", 0.5), ("twice as long", 2.0), ("ten times as long", 10.0))
CURVE_DAYS = (1, 2, 3, 4, 5, 7, 10, 14, 21, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the analyses gave.

    Attributes:
        view: the snapshot.
        answer: of the choke engine.
        vetted: crossings over accepted statements alone, strongest first.
        all: crossings over everything not disputed.
    """

    view: View
    answer: ChokeAnswer
    vetted: tuple[Crossing, ...]
    all: tuple[Crossing, ...]


def lives(view: View) -> list[str]:
    """Identifiers that changed hands, in words: the surest attribution is the one not made."""
    snapshot = view.snapshot
    nodes = np.flatnonzero(snapshot.flags & SPLIT).tolist()
    entities = view.entities(nodes)
    return sorted(show(entities[node]) for node in nodes if entities[node].kind == "domain-name")


def statements_of(found: Found) -> list[int]:
    """The statements that the package carries: the plan's, else those of the vetted crossings."""
    rows = [handle for lever in found.answer.plan for handle in lever.handles]
    rows += found.answer.chain.rows.tolist() if found.answer.chain else []
    for crossing in found.vetted[:SHOWN]:
        rows.extend(between_nodes(found.view, crossing))
    return list(dict.fromkeys(rows))[:MOST_CLAIMS]


def statement_ends(view: View, found: Found) -> set[int]:
    """Nodes that the statements of the package speak of."""
    snapshot = view.snapshot
    return {int(end[row]) for row in statements_of(found) for end in (snapshot.subject, snapshot.object)}


def headline(found: Found) -> str:
    """The answer in one line."""
    answer = found.answer
    if answer.chain and answer.chain.steps:
        before, after = (answer.chain.document[name] for name in ("flow_before", "flow_after"))
        actions = plural(len(answer.chain.steps), "action")
        return f"{actions} on the value chain stop {1 - after / before:.0%} of its flow over a year"
    if answer.plan:
        best = answer.plan[0]
        return f"{best.holder.name} can reach {best.share:.0%} of the live {kinds(best.kind)} of {best.actor}"
    if answer.leads:
        best = answer.leads[0]
        return (
            f"No vetted target is alive. First lead to vet: {best.share:.0%} of the live "
            f"{kinds(best.kind)} of {best.actor} depend on {best.holder.name}"
        )
    if found.vetted:
        names = found.view.entities([found.vetted[0].left, found.vetted[0].right])
        ends = " and ".join(show(names[node]) for node in (found.vetted[0].left, found.vetted[0].right))
        return f"{ends} share identifiers that no single source ties together"
    return "No vetted target is alive, and no vetted link crosses sources"


def content(found: Found, summary: Summary, members: frozenset[str]) -> Content:
    """What the package says beside its claims."""
    view, answer = found.view, found.answer
    centres = [node for one in found.vetted[:3] for node in (one.left, one.right)]
    centres += [int(view.snapshot.subject[row]) for lever in answer.plan[:2] for row in lever.handles[:12]]
    told, ground = chain_parts(view, answer.chain, about=statement_ends(view, found))
    parts = told or {
        "plan": tuple(_plan_row(view, lever) for lever in answer.plan),
        "explanation": _why(answer),
        "coverage": _coverage(answer),
        "sensitivity": _sensitivity(answer),
        "curve": _curve(answer),
    }
    finding = Finding(
        title=headline(found),
        kind=FindingKind.CHOKE_POINT if told else FindingKind.STRUCTURAL,
        as_of=answer.as_of.isoformat(),
        position=f"all claims recorded by {view.atlas.clock()[:10]}",
        code_version=__version__,
        parameters=(
            Line(
                "Evidence of life",
                f"{ALIVE_DAYS} days",
                "older sightings are no evidence that a thing is alive",
            ),
            Line(
                "Measure", MEASURE, "share of live identifiers under one named lever-holder, after regrowth"
            ),
            acceptance(view),
        ),
        leads=tuple(_lead(lever) for lever in answer.leads),
        routes=routes(view, found.vetted[:SHOWN]),
        warnings=_warnings(found),
        marking=strictest([Marking(tlp=Tlp.GREEN), *markings(view, ground)]),
        **parts,
    )
    return Content(
        title=finding.title,
        finding=finding,
        picture=picture(view, centres),
        audience=_audience(view, members),
        summary=summary,
    )


def _audience(view: View, members: frozenset[str]) -> Audience:
    keyed = Minimised(key=view.atlas.pseudonym_key)
    return Audience(organisations=members, at_most=Tlp.GREEN, minimised=keyed)


def _why(answer: ChokeAnswer) -> tuple[str, ...]:
    """The reasons, with the first lead in words where there is no plan."""
    if answer.plan or not answer.leads:
        return answer.reasons()
    return (*answer.reasons(), f"The first lead, once vetted: {in_words(answer.leads[0])}")


def _lead(lever: Concentration) -> Lead:
    back = dict(lever.regrown)
    return Lead(
        whose=lever.actor,
        holder=lever.holder.name,
        reach=f"{lever.count:,} of {lever.total:,}",
        share=lever.share,
        last_seen=iso(lever.last_seen),
        week=1.0 - back.get(7, 0.0),
        year=lever.lasting,
    )


def _plan_row(view: View, lever: Concentration) -> PlanRow:
    row = int(view.snapshot.subject[lever.handles[0]])
    days = next((day for day, share in lever.regrown if share >= 0.5), lever.regrown[-1][0])
    return PlanRow(
        target=view.entities([row])[row],
        mode=lever.holder.mode,
        by=lever.holder.name,
        why=f"{lever.count:,} of {lever.total:,} live identifiers of {lever.actor} depend on it",
        takes_over=f"new registrations elsewhere: half are back by day {days}",
        last_seen=iso(lever.last_seen),
        down_days=float(days),
        cost=lever.cost,
    )


def _coverage(answer: ChokeAnswer) -> tuple[Line, ...]:
    return tuple(
        Line(
            phase,
            f"{known:,} known, {alive:,} alive" if known else "nothing known",
            "" if known else "a plan cannot see what flows through this phase",
        )
        for phase, (known, alive) in answer.coverage.items()
    )


def _sensitivity(answer: ChokeAnswer) -> tuple[Line, ...]:
    levers = answer.plan or answer.leads
    if not levers:
        return ()
    best = levers[0]
    at = dict(best.regrown)
    week, month = at.get(7, 0.0), at.get(30, 0.0)
    return (
        Line(
            "Replacement time",
            f"{1 - week:.0%} still gone after a week, {1 - month:.0%} after a month",
            "log-normal with median and spread of the vocabulary; published takedown studies give the median",
        ),
        *(_stretched(levers, words, stretch) for words, stretch in STRETCHES),
    )


def _stretched(levers: Sequence[Concentration], words: str, stretch: float) -> Line:
    """The first lever's effect, and which lever is first, if replacement took so many times as long."""
    stages = STAGES[: len(levers[0].regrown)]
    first = max(
        levers, key=lambda one: one.share * kept(one.kind, stages, stretch=stretch) * log1p(one.count)
    )
    lasting = levers[0].share * kept(levers[0].kind, stages, stretch=stretch)
    same = first is levers[0]
    return Line(
        f"If replacement took {words}",
        f"lasting effect {lasting:.1%} instead of {levers[0].lasting:.1%}",
        "the first lever stays first" if same else f"then {first.holder.name} on {first.actor} comes first",
    )


def _warnings(found: Found) -> tuple[str, ...]:
    answer = found.answer
    told = []
    if not answer.plan and answer.leads:
        told.append("The leads rest on claims that nobody has vetted. Vet them before anything is done.")
    if found.vetted or answer.plan:
        told.append("Votes in this demonstration are simulated by rule; the package cannot be dispatched.")
    else:
        told.append(
            "Nothing that crosses sources is accepted, so there is no package; this page tells the run."
        )
    return tuple(told)


def _curve(answer: ChokeAnswer) -> Curve | None:
    levers = answer.plan or answer.leads
    if not levers:
        return None
    best = levers[0]
    back = regrowth(best.kind, [(day, 1.0) for day in CURVE_DAYS])
    return Curve(
        days=(0.0, *(float(day) for day in CURVE_DAYS)),
        before=(1.0,) * (len(CURVE_DAYS) + 1),
        after=(1.0 - best.share, *(1.0 - best.share * (1.0 - share) for _, share in back)),
        unit=f"share of {best.actor}'s live {kinds(best.kind)} that work",
    )


def summarise(report: GatherReport, found: Found, disputes: tuple[Line, ...]) -> Summary:
    """The whole run in figures."""
    snapshot = found.view.snapshot
    kinds = Counter(
        {
            name: int(np.count_nonzero(snapshot.kind == number))
            for number, name in enumerate(snapshot.kind_names)
            if name
        }
    )
    verdicts = Counter(
        {verdict.value: int(np.count_nonzero(snapshot.verdict == n)) for n, verdict in enumerate(VERDICTS)}
    )
    accepted = snapshot.verdict == [v.value for v in VERDICTS].index("accepted")
    levers = found.answer.plan or found.answer.leads
    return Summary(
        sources=_sources(report),
        kinds=tuple((name, count) for name, count in kinds.most_common(12) if count),
        rejected=_rejected(report),
        skipped=tuple(report.total("skipped").most_common(12)),
        crossings=tuple(
            Line(route.title, percent(route.belief), "; ".join(sorted({hop.origin for hop in route.hops})))
            for route in routes(found.view, found.all[:SAMPLES])
        ),
        disputes=disputes,
        verdicts=tuple((name, count) for name, count in verdicts.most_common() if count),
        simulated=int(np.count_nonzero(snapshot.simulated & accepted)),
        choke_points=tuple(
            Line(f"{lever.actor}: {lever.holder.name}", f"{lever.share:.0%}", in_words(lever))
            for lever in levers[:SAMPLES]
        ),
    )


def _sources(report: GatherReport) -> tuple[SourceLine, ...]:
    """One line a source folder, the largest first."""

    def folder(file: FileReport) -> str:
        parts = file.path.replace("!", "/").split("/")
        return parts[0] if len(parts) > 1 else file.origin or file.path

    lines = []
    read = sorted((file for file in report.files if file.format), key=folder)
    for name, files in groupby(read, key=folder):
        held = list(files)
        lines.append(
            SourceLine(
                name,
                ", ".join(sorted({file.format for file in held})),
                sum(file.new + file.known for file in held),
                sum(sum(file.entities.values()) for file in held),
                sum(len(file.rejected) for file in held),
                sum(sum(file.skipped.values()) for file in held),
            )
        )
    return tuple(sorted(lines, key=lambda line: -line.claims))


def _rejected(report: GatherReport) -> tuple[Line, ...]:
    """Some parts that were refused, of as many sources as possible."""
    held = [(file.path, part) for file in report.files for part in file.rejected[:1]]
    step = max(1, len(held) // SAMPLES)
    return tuple(Line(f"{path}, {part.place}", part.reason) for path, part in held[::step][:SAMPLES])
