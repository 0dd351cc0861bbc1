"""The plan against a value chain, in words and as JSON: what, by whom, when, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chokepoint.choke.holders import preserve_first
from chokepoint.model.said import AFTER, BESIDE, OR, Said, linked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.graph.columns import Ints

MEASURE = "long-term damage to the flow from victims to cash-outs"
VERBS = {
    "takedown": "{who} can take down {name}.",
    "seizure": "{who} can seize {name}.",
    "freeze": "{who} can freeze {name}.",
    "notification": "{who} can be told of {name}.",
    "cooperation": "{who} can stop {name} and keep the records of who is behind it.",
    "": "{who} can refuse {name}, warned before it is opened.",
}
"""What whoever holds it can do to a thing, by way to act; last, to what is held in reserve."""
TOLD_OTHERWISE = frozenset({"plan", "order", "what_if", "biggest_hub"})
SINGLES = 3
HEIRS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """What the chain does not explain: things of its payment phases, counted.

    Attributes:
        explained: things of the chain that pass a known capacity on.
        ends: things that take victims' payments and lead to no known cash-out.
        starts: things that lead to a cash-out and that no known victim reaches.
        phases: things of the chain by phase of the crime script, every phase named; a company that ends the
            chain stands in the cash-out phase.
    """

    explained: int
    ends: int
    starts: int
    phases: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Flow on one day, without and with the plan; the band holds the middle 90 % of worlds."""

    day: float
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainAnswer:
    """A plan against the chain of one viewer's map.

    Attributes:
        document: the answer of `choke --network`, ids as in the woven network.
        tree: that network, to ask the engine again.
        steps: what is done, by whom and when, in order.
        curve: damage over time on worlds that had no part in the choice.
        what_if: every thing of the chain, by what would stop if it vanished for good.
        unit: of flow; capacities: where it comes from.
        loose: what the chain does not explain.
        names: of the ids, as people write them.
        part_of: nodes of the map behind each id.
        latent: ids in reserve.
        carried: flow through each id without and with the plan, averaged over the horizon; 0 for suppliers.
        rows: statements that the chain rests on.
        top: most single effects and alternatives that are told.
    """

    document: dict[str, Any]
    tree: dict[str, Any]
    steps: tuple[dict[str, Any], ...]
    curve: tuple[Point, ...]
    what_if: tuple[dict[str, Any], ...]
    unit: str
    capacities: str
    loose: Loose
    names: dict[str, str]
    part_of: dict[str, tuple[int, ...]]
    latent: frozenset[str]
    carried: dict[str, tuple[float, float]]
    rows: Ints
    top: int

    def lines(self) -> tuple[str, ...]:
        """The answer in plain sentences."""
        return tuple(_lines(self))

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        told = {name: value for name, value in self.document.items() if name not in TOLD_OTHERWISE}
        return {
            "measure": MEASURE,
            "unit": self.unit,
            "capacities": self.capacities,
            "plan": [
                {**step, "start": step["start"].isoformat(), "effect": step["effect"].isoformat(),
                 "last_seen": step["last_seen"].isoformat() if step["last_seen"] else None}
                for step in self.steps
            ],
            **told,
            "curve": [
                {"day": p.day, "flow_before": p.before, "flow_after": p.after, "band": [p.low, p.high]}
                for p in self.curve
            ],
            "what_if": list(self.what_if),
            "unexplained": {
                "explained": self.loose.explained, "lead_nowhere": self.loose.ends,
                "come_from_nowhere": self.loose.starts,
            },
            "phases": self.loose.phases,
            "explanation": list(self.lines()),
        }  # fmt: skip


def step_words(step: dict[str, Any]) -> str:
    """What one step is, who does it and what it is worth, in a sentence or two."""
    what = VERBS["" if step["in_reserve"] else step["mode"]]
    back = step["half_back_after_days"]
    regrows = Said("It is not expected back.")
    if back is not None:
        regrows = Said("Half of it is expected back {back:.3g} days later.", back=back)
    heirs = [
        Said("{name} after {days:g} days", name=heir["name"], days=heir["after_days"])
        for heir in step["taken_over_by"][:HEIRS]
    ]
    moves = [Said("What flowed there moves to {heirs}.", heirs=linked(BESIDE, heirs))] if heirs else []
    worth = Said("Without this step the plan leaves {flow:.4g} more.", flow=step["loss_if_left_out"])
    does = Said(what, who=linked(OR, step["by"]), name=step["name"])
    return linked(AFTER, (does, worth, regrows, *moves))


def _lines(answer: ChainAnswer) -> Iterator[str]:
    document = answer.document
    before, after, bound = document["flow_before"], document["flow_after"], document["bound"]
    if not answer.steps:
        yield Said(
            "The map holds a chain from victims to cash-outs, and no action within the limits does it any "
            "damage: nothing on it is alive, vetted and in the hands of a named holder."
        )
    for step in answer.steps:
        yield Said("{step}. {what}", step=step["step"], what=step["reason"])
        yield Said("   {what}", what=_when(step))
    yield _flow(before, after, answer.unit)
    yield Said(
        "No plan within the limits leaves less than {bound:.4g}: certified gap {gap:.1%}, on the sampled "
        "worlds of this map; it says nothing about what the map does not hold.",
        bound=bound,
        gap=document["gap"],
    )
    low, high = document["band"]
    yield (
        f"On worlds that had no part in the choice it leaves {document['flow_after_heldout']:.4g}, in 90 % "
        f"of them {low:.4g} to {high:.4g}."
    )
    yield from _doubts(answer)


def _when(step: dict[str, Any]) -> str:
    day = step["last_seen"]
    return Said(
        "First ask for preservation of {what}. Send the request on {start}, to take effect with the others "
        "on {effect}; {seen}.",
        what=Said(preserve_first(step["kind"])),
        start=step["start"],
        effect=step["effect"],
        seen=Said("last seen {day}", day=day) if day else Said("never dated"),
    )


def _flow(before: float, after: float, unit: str) -> str:
    """What flows before and after the plan."""
    told = {"before": before, "after": after, "unit": Said(unit)}
    if before <= 0:
        return Said(
            "Flow from victims to cash-outs over the horizon: {before:.4g} {unit} before, {after:.4g} after.",
            **told,
        )
    return Said(
        "Flow from victims to cash-outs over the horizon: {before:.4g} {unit} before, {after:.4g} after "
        "({less:.0%} less).",
        less=1 - after / before,
        **told,
    )


def _doubts(answer: ChainAnswer) -> Iterator[str]:
    document = answer.document
    if answer.steps:
        fast = document["sensitivity"]["replacement_days_x0.5"]
        slow = document["sensitivity"]["replacement_days_x2"]
        uneven = document["sensitivity"]["replacement_days_lognormal"]
        yield f"If all is replaced twice as fast it leaves {fast:.4g}, if half as fast {slow:.4g}."
        yield (
            "If less is back at once and some stays away for long (log-normal times, the same medians) it "
            f"leaves {uneven:.4g}."
        )
    for other in document["alternatives"][: answer.top]:
        plan = ", ".join(f"{one['mode']} of {answer.names[one['id']]}" for one in other["plan"]) or "nothing"
        yield (
            f"Without {answer.names[other['without']]} the best plan found leaves {other['flow_after']:.4g} "
            f"for {other['cost']:.3g}: {plan}."
        )
    yield from _singles(answer)
    yield f"Capacities: {answer.capacities}"
    loose = answer.loose
    held = ", ".join(f"{phase} {count:,}" for phase, count in loose.phases.items() if count)
    blank = ", ".join(phase for phase, count in loose.phases.items() if not count)
    yield f"On the chain: {held}" + (f"; nothing of {blank}." if blank else ".")
    yield (
        f"Unexplained: of {loose.ends:,} more things that take victims' payments no cash-out is known, and "
        f"of {loose.starts:,} that lead to one no victims; {loose.explained:,} things are on the chain."
    )


def _singles(answer: ChainAnswer) -> Iterator[str]:
    """The things whose loss would stop most, and whether they are struck."""
    planned = {step["id"] for step in answer.steps}
    before = answer.document["flow_before"]
    for row in answer.what_if[:SINGLES]:
        if before <= 0 or row["flow_without"] >= before:
            return
        struck = (
            "it is in the plan" if row["id"] in planned
            else "other actions do more for the cost" if row["target"] else "it is no target of this plan"
        )  # fmt: skip
        stops = 1 - row["flow_without"] / before
        yield f"If {row['name']} vanished for good, {stops:.0%} would stop; {struck}."
