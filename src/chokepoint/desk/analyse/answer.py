"""The answer of `choke` in words and as JSON: the plan, the leads, and why there is or is no plan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from chokepoint.choke.holders import MEASURE, preserve_first
from chokepoint.model.said import AFTER, BESIDE, Said, linked
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.registry import show

if TYPE_CHECKING:
    from chokepoint.choke.holders import Concentration
    from chokepoint.desk.analyse.chain.answer import ChainAnswer
    from chokepoint.desk.analyse.hub import Hub
    from chokepoint.store.reserving import Reserved

EPOCH = date(1970, 1, 1)

VOTE = (
    "What to do first: members other than those who reported them vote on the claims behind a lead "
    "(`chokepoint review list` has them); a lead that is accepted comes back as a step with its day, its "
    "holder and what to preserve first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChokeAnswer:
    """Where to strike, or why there is no answer.

    Attributes:
        as_of: the day for which it holds.
        since: evidence before this day is no evidence of life.
        plan: levers on vetted, live identifiers within the budget, strongest first.
        leads: levers that unvetted claims point at; nothing may be done on them before vetting.
        conflicts: what cases have reserved, for coordinators of the coalition only.
        chain: the plan against the value chain, where the map holds one; `plan` is empty then.
        coverage: nodes by phase of the crime script, and how many of them are alive.
        left_out: identifiers that are no targets, by reason.
        accepted: accepted accusing statements in all.
        begin: first day on which a request may go out.
        hub: the best connected accused identifier and why it is or is not struck.
        reserved: reserved targets, for coordinators only.
    """

    as_of: date
    since: date
    plan: tuple[Concentration, ...]
    leads: tuple[Concentration, ...]
    coverage: dict[str, tuple[int, int]]
    left_out: dict[str, int]
    accepted: int
    begin: date | None = None
    hub: Hub | None = None
    reserved: tuple[str, ...] = ()
    chain: ChainAnswer | None = None
    conflicts: tuple[Reserved, ...] = ()

    @property
    def effect_day(self) -> date:
        """The day on which all requests of the plan take effect: the slowest one decides."""
        lead = max((lever.lead_days for lever in self.plan), default=0.0)
        return (self.begin or self.as_of) + timedelta(days=math.ceil(lead))

    def start_of(self, lever: Concentration) -> date:
        """When the request has to go out to take effect with the others."""
        return self.effect_day - timedelta(days=math.ceil(lever.lead_days))

    @property
    def structural_only(self) -> bool:
        """Whether the claims hold no value chain from victim to cash-out."""
        return self.chain is None

    def reasons(self) -> tuple[str, ...]:
        """Why there is or is no plan, in plain sentences."""
        if self.chain is not None:
            return self.chain.lines()
        lines = list[str]()
        if not self.accepted:
            lines.append(
                Said(
                    "Nothing is accepted yet that ties a domain, an address or an account to an actor: "
                    "members have to vote before anything can be struck."
                )
            )
        elif not self.plan:
            lines.append(
                Said(
                    "No vetted target is alive: of {accepted:,} accepted statements none was seen since "
                    "{day} with a lever that a named holder can pull.",
                    accepted=self.accepted,
                    day=self.since,
                )
            )
        for step, lever in enumerate(self.plan, 1):
            told = linked(AFTER, (in_words(lever), self._when(lever)))
            lines.append(Said("{step}. {what}", step=step, what=told))
        if (self.plan or self.leads) and self.hub:
            lines.append(
                Said(
                    "Why not the biggest hub, {name} ({links:,} links): {reason}.",
                    name=self.hub.name,
                    links=self.hub.links,
                    reason=Said(self.hub.reason),
                )
            )
        return tuple(lines)

    def _when(self, lever: Concentration) -> str:
        return Said(
            "First ask for preservation of {what}. Send the request on {start}, to take effect with the "
            "others on {effect}.",
            what=Said(preserve_first(lever.kind)),
            start=self.start_of(lever),
            effect=self.effect_day,
        )

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
        held = [f"Reserved by other cases: {', '.join(self.reserved)}."] if self.reserved else []
        held += [
            f"{one.organisation} has reserved {show(one.entity)} for {one.case}." for one in self.conflicts
        ]
        left = ", ".join(f"{count:,} {reason}" for reason, count in self.left_out.items())
        now = [VOTE] if self.leads and self.structural_only and not self.plan else []
        return (
            head,
            *self.explanation(),
            *now,
            *self._known(),
            *held,
            *([f"No targets: {left}."] if left else []),
        )

    def _known(self) -> tuple[str, ...]:
        """How much of the crime script the map covers."""
        told = [
            f"{phase} {known:,} ({alive:,} alive)" for phase, (known, alive) in self.coverage.items() if known
        ]
        blank = [phase for phase, (known, _) in self.coverage.items() if not known]
        lines = [f"The map knows: {', '.join(told)}."] if told else []
        return (*lines, *([f"It knows nothing of: {', '.join(blank)}."] if told and blank else []))

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        return {
            "as_of": self.as_of.isoformat(),
            "alive_since": self.since.isoformat(),
            "structural_only": self.structural_only,
            "accepted": self.accepted,
            **(self.chain.to_json() if self.chain else {"measure": MEASURE, "plan": self._steps()}),
            "biggest_hub": {"name": self.hub.name, "links": self.hub.links, "reason": self.hub.reason}
            if self.hub
            else None,
            **({"reserved": list(self.reserved)} if self.reserved else {}),
            **({"conflicts": [_conflict(one) for one in self.conflicts]} if self.conflicts else {}),
            "leads": [_json(lever) for lever in self.leads],
            "chains": self.chain.loose.phases["cash-out"] if self.chain else 0,
            "coverage": {
                phase: {"known": known, "alive": alive} for phase, (known, alive) in self.coverage.items()
            },
            "left_out": self.left_out,
            "explanation": list(self.explanation()),
        }

    def _steps(self) -> list[dict[str, Any]]:
        return [
            {
                "step": step,
                **_json(lever),
                "start": self.start_of(lever).isoformat(),
                "effect": self.effect_day.isoformat(),
                "preserve_first": preserve_first(lever.kind),
            }
            for step, lever in enumerate(self.plan, 1)
        ]


def in_words(lever: Concentration) -> str:
    """One lever as a sentence that says who should do what, what breaks and what comes back."""
    back = [Said("{share:.0%} by day {day}", share=share, day=day) for day, share in lever.regrown[:2]]
    reach = Said(
        "{holder} can {how}: {count:,} of {total:,} live {things} of {actor} ({share:.0%}, last seen {day}).",
        holder=lever.holder.name,
        how=Said(lever.holder.how),
        count=lever.count,
        total=lever.total,
        things=Said(kinds(lever.kind)),
        actor=lever.actor,
        share=lever.share,
        day=EPOCH + timedelta(days=lever.last_seen),
    )
    lasting = Said(
        "Expected to regrow {back}; lasting effect over {days} days {lasting:.1%} ({faster:.1%} if replaced "
        "twice as fast, {slower:.1%} if half as fast).",
        back=linked(BESIDE, back),
        days=lever.regrown[-1][0],
        lasting=lever.lasting,
        faster=lever.if_faster,
        slower=lever.if_slower,
    )
    return linked(AFTER, (reach, lasting))


def kinds(kind: str) -> str:
    """Several of a kind in words."""
    label = vocabulary().kind(kind).label.lower()
    return f"{label}es" if label.endswith("s") else f"{label}s"


def _conflict(one: Reserved) -> dict[str, str]:
    return {"case": one.case, "organisation": one.organisation, "target": str(one.entity)}


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
        "jurisdictions": list(lever.holder.jurisdictions),
        "lead_days": lever.lead_days,
        "sensitivity": {
            "replacement_days_x0.5": round(lever.if_faster, 4),
            "replacement_days_x2": round(lever.if_slower, 4),
        },
        "last_seen": (EPOCH + timedelta(days=lever.last_seen)).isoformat(),
        "regrown": [{"day": day, "share": round(share, 4)} for day, share in lever.regrown],
    }
