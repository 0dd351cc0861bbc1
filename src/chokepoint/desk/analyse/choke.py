"""`choke` on the viewer's map: levers on live, vetted identifiers; leads where nothing is vetted yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.holders import MEASURE, STAGES, Concentration, Live, concentrations
from chokepoint.desk.analyse.view import View, load_snapshot
from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.traits import LISTED
from chokepoint.model.judgement import Verdict
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.registry import show
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.columns import Bools, Ints
    from chokepoint.graph.snapshot import Snapshot

EPOCH = date(1970, 1, 1)
ALIVE_DAYS = 180
ACCUSING = frozenset({"indicates", "attributed-to"})
ACTORS = frozenset({"campaign", "group", "malware"})
STANDING = {Verdict.ACCEPTED: "accepted", Verdict.PROPOSED: "proposed, not vetted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChokeOptions:
    """What is asked.

    Attributes:
        budget: in units of one registrar takedown; bounds the plan.
        horizon: days over which damage counts.
        top: most levers and leads to give.
        as_of: the day for which the answer holds; None for the newest evidence, at most today.
    """

    budget: float = 20.0
    horizon: float = 365.0
    top: int = 10
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChokeAnswer:
    """Where to strike, or why there is no answer.

    Attributes:
        as_of: the day for which it holds.
        since: evidence before this day is no evidence of life.
        plan: levers on vetted, live identifiers within the budget, strongest first.
        leads: levers that unvetted claims point at; nothing may be done on them before vetting.
        chains: accepted payment chains from a lure to a named cash-out.
        coverage: nodes by phase of the crime script, and how many of them are alive.
        left_out: identifiers that are no targets, by reason.
        accepted: accepted accusing statements in all.
    """

    as_of: date
    since: date
    plan: tuple[Concentration, ...]
    leads: tuple[Concentration, ...]
    chains: int
    coverage: dict[str, tuple[int, int]]
    left_out: dict[str, int]
    accepted: int

    @property
    def structural_only(self) -> bool:
        """Whether the claims hold no value chain from victim to cash-out."""
        return self.chains == 0

    def reasons(self) -> tuple[str, ...]:
        """Why there is or is no plan, in plain sentences."""
        lines = []
        if not self.accepted:
            lines.append("Nothing is accepted yet: members have to vote before anything can be struck.")
        elif not self.plan:
            lines.append(
                f"No vetted target is alive: of {self.accepted:,} accepted statements none was seen since "
                f"{self.since.isoformat()} with a lever that a named holder can pull."
            )
        lines.extend(in_words(lever) for lever in self.plan)
        return tuple(lines)

    def explanation(self) -> tuple[str, ...]:
        """The answer in plain sentences, leads and limits included."""
        lines = [*self.reasons()]
        if self.leads:
            lines.append("Leads that wait for vetting (do not act on them yet):")
            lines.extend(in_words(lever) for lever in self.leads)
        if self.structural_only:
            lines.append(
                "Structural only: the claims hold no payment chain from a lure to a named cash-out, so "
                f"nothing is said about money. Measure: {MEASURE}."
            )
        return tuple(lines)

    def lines(self) -> tuple[str, ...]:
        """What the command line shows."""
        head = f"As of {self.as_of.isoformat()}; alive means seen since {self.since.isoformat()}."
        left = ", ".join(f"{count:,} {reason}" for reason, count in self.left_out.items())
        return (head, *self.explanation(), *([f"No targets: {left}."] if left else []))

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        return {
            "as_of": self.as_of.isoformat(),
            "alive_since": self.since.isoformat(),
            "structural_only": self.structural_only,
            "measure": MEASURE,
            "accepted": self.accepted,
            "plan": [_json(lever) for lever in self.plan],
            "leads": [_json(lever) for lever in self.leads],
            "chains": self.chains,
            "coverage": {
                phase: {"known": known, "alive": alive} for phase, (known, alive) in self.coverage.items()
            },
            "left_out": self.left_out,
            "explanation": list(self.explanation()),
        }


def in_words(lever: Concentration) -> str:
    """One lever as a sentence that says who should do what, what breaks and what comes back."""
    back = ", ".join(f"{share:.0%} by day {day}" for day, share in lever.regrown[:2])
    seen = (EPOCH + timedelta(days=lever.last_seen)).isoformat()
    return (
        f"{lever.holder.name} can {lever.holder.how}: {lever.count:,} of {lever.total:,} live "
        f"{_plural(lever.kind)} of {lever.actor} ({lever.share:.0%}, last seen {seen}). "
        f"Expected to regrow {back}; lasting effect over a year {lever.lasting:.1%}."
    )


def _plural(kind: str) -> str:
    label = vocabulary().kind(kind).label.lower()
    return f"{label}es" if label.endswith("s") else f"{label}s"


def _json(lever: Concentration) -> dict[str, Any]:
    return {
        "actor": lever.actor,
        "holder": lever.holder.name,
        "mode": lever.holder.mode,
        "how": lever.holder.how,
        "kind": lever.kind,
        "count": lever.count,
        "total": lever.total,
        "share": round(lever.share, 4),
        "lasting": round(lever.lasting, 4),
        "cost": round(lever.cost, 2),
        "last_seen": (EPOCH + timedelta(days=lever.last_seen)).isoformat(),
        "regrown": [{"day": day, "share": round(share, 4)} for day, share in lever.regrown],
    }


def choke(atlas: Atlas, options: ChokeOptions | None = None) -> ChokeAnswer:
    """Choke points of the viewer's map.

    Accepted statements alone make a plan; proposed ones make leads. Parked, sinkholed, shared, hacked
    and disputed things are no targets, and neither is anything without a named lever-holder.
    """
    return choke_view(load_snapshot(atlas), options or ChokeOptions())


def choke_view(view: View, options: ChokeOptions) -> ChokeAnswer:
    """As `choke`, on a snapshot that is at hand."""
    snapshot = view.snapshot
    seen = last_seen(snapshot)
    as_of = options.as_of or newest(seen)
    since = as_of - timedelta(days=ALIVE_DAYS)
    accusing = _accusing(snapshot)
    barred, left_out = _barred(snapshot, accusing)
    accepted = snapshot.verdict == VERDICTS.index(Verdict.ACCEPTED)
    proposed = snapshot.verdict == VERDICTS.index(Verdict.PROPOSED)
    floor = (since - EPOCH).days
    alive = accusing & ~barred[snapshot.subject] & (seen >= floor)
    stages = tuple((day, weight) for day, weight in STAGES if day <= options.horizon) or STAGES[:1]
    plan = concentrations(_live(view, alive & accepted, seen), since=floor, stages=stages)
    leads = concentrations(_live(view, alive & proposed, seen), since=floor, stages=stages)
    return ChokeAnswer(
        as_of=as_of,
        since=since,
        plan=_affordable(plan, options),
        leads=tuple(leads[: options.top]),
        chains=_chains(snapshot, accepted),
        coverage=_coverage(snapshot, seen, floor),
        left_out=left_out,
        accepted=int(np.count_nonzero(accusing & accepted)),
    )


def last_seen(snapshot: Snapshot) -> Ints:
    """Last day on which each statement was seen, UNKNOWN where no claim says."""
    ended = snapshot.last != UNKNOWN
    return np.where(ended, snapshot.last - 1, snapshot.first).astype(np.int32)


def newest(seen: Ints) -> date:
    """The day of the newest evidence, at most today; today where nothing is dated."""
    today = date.today()  # noqa: DTZ011 - a day without a zone is meant
    known = seen[(seen != UNKNOWN) & (seen <= (today - EPOCH).days)]
    return EPOCH + timedelta(days=int(known.max())) if len(known) else today


def _numbers(names: tuple[str, ...], wanted: frozenset[str]) -> list[int]:
    return [number for number, name in enumerate(names) if name in wanted]


def _accusing(snapshot: Snapshot) -> Bools:
    """Statements that tie an identifier to an actor."""
    actors = np.isin(snapshot.kind, _numbers(snapshot.kind_names, ACTORS))
    relation = np.isin(snapshot.relation, _numbers(snapshot.property_names, ACCUSING))
    mask: Bools = relation & actors[snapshot.object]
    return mask


def _barred(snapshot: Snapshot, accusing: Bools) -> tuple[Bools, dict[str, int]]:
    """Nodes that are no targets whatever is said of them, and how many accused ones by reason."""
    listed = (snapshot.flags & LISTED) != 0
    hacked = np.zeros(snapshot.size, np.bool_)
    hacked[
        snapshot.subject[
            np.isin(snapshot.relation, _numbers(snapshot.property_names, frozenset({"compromised-by"})))
        ]
    ] = True
    honest = np.zeros(snapshot.size, np.bool_)
    honest[
        snapshot.subject[
            np.isin(snapshot.relation, _numbers(snapshot.property_names, frozenset({"legitimate"})))
        ]
    ] = True
    accused = np.zeros(snapshot.size, np.bool_)
    accused[snapshot.subject[accusing]] = True
    reasons = {
        "parked, sinkholed, shared or known good": int(np.count_nonzero(accused & listed)),
        "hacked and thus a victim's": int(np.count_nonzero(hacked)),
        "called legitimate by a source": int(np.count_nonzero(accused & honest)),
    }
    barred: Bools = listed | hacked | honest
    return barred, {reason: count for reason, count in reasons.items() if count}


def _live(view: View, mask: Bools, seen: Ints) -> list[Live]:
    """The statements of a mask as live identifiers of clusters of actors."""
    snapshot = view.snapshot
    rows = np.flatnonzero(mask)
    actors = snapshot.cluster[snapshot.object[rows]]
    entities = view.entities(np.unique(np.concatenate([snapshot.subject[rows], actors])))
    return [
        Live(
            entity=entities[subject],
            actor=show(entities[actor]),
            last_seen=int(seen[row]),
            belief=float(snapshot.belief[row]),
            handle=int(row),
        )
        for row, subject, actor in zip(
            rows.tolist(), snapshot.subject[rows].tolist(), actors.tolist(), strict=True
        )
    ]


def _affordable(levers: list[Concentration], options: ChokeOptions) -> tuple[Concentration, ...]:
    """The strongest levers that the budget pays for, in order."""
    chosen: list[Concentration] = []
    spent = 0.0
    for lever in levers:
        if spent + lever.cost <= options.budget and len(chosen) < options.top:
            chosen.append(lever)
            spent += lever.cost
    return tuple(chosen)


def _chains(snapshot: Snapshot, accepted: Bools) -> int:
    """Accepted payments from a lure to a wallet that a named organisation controls."""
    names = snapshot.property_names
    paid = accepted & np.isin(snapshot.relation, _numbers(names, frozenset({"requests-payment-to", "pays"})))
    held = accepted & np.isin(snapshot.relation, _numbers(names, frozenset({"controlled-by"})))
    return int(np.count_nonzero(np.isin(snapshot.object[paid], snapshot.subject[held])))


def _coverage(snapshot: Snapshot, seen: Ints, floor: int) -> dict[str, tuple[int, int]]:
    """Nodes of each phase of the crime script, known and alive."""
    alive = np.zeros(snapshot.size, np.bool_)
    fresh = seen >= floor
    alive[snapshot.subject[fresh]] = True
    alive[snapshot.object[fresh]] = True
    words = vocabulary()
    known: Counter[str] = Counter()
    living: Counter[str] = Counter()
    for number, name in enumerate(snapshot.kind_names):
        phase = words.kinds[name].phase if name in words.kinds else ""
        if phase:
            of_kind = snapshot.kind == number
            known[phase] += int(np.count_nonzero(of_kind))
            living[phase] += int(np.count_nonzero(of_kind & alive))
    return {phase: (known[phase], living[phase]) for phase in words.phases}
