"""The plan against a value chain, in words and as JSON: what, by whom, when, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chokepoint.choke.holders import preserve_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.graph.columns import Ints

MEASURE = "long-term damage to the flow from victims to cash-outs"
VERBS = {
    "takedown": "take down {}",
    "seizure": "seize {}",
    "freeze": "freeze {}",
    "notification": "be told of {}",
    "cooperation": "stop {} and keep the records of who is behind it",
}
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
        told = {
            name: value for name, value in self.document.items() if name not in {"plan", "order", "what_if"}
        }
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
    who = " or ".join(step["by"])
    what = VERBS[step["mode"]].format(step["name"])
    if step["in_reserve"]:
        what = f"refuse {step['name']}, warned before it is opened"
    back = step["half_back_after_days"]
    regrows = (
        "It is not expected back." if back is None else f"Half of it is expected back {back:.3g} days later."
    )
    heirs = [
        f"{heir['name']} after {heir['after_days']:g} days" for heir in step["taken_over_by"][:HEIRS]
    ]  # fmt: skip
    moves = f" What flowed there moves to {', '.join(heirs)}." if heirs else ""
    worth = f"Without this step the plan leaves {step['loss_if_left_out']:.4g} more."
    return f"{who} can {what}. {worth} {regrows}{moves}"


def _lines(answer: ChainAnswer) -> Iterator[str]:
    document, unit = answer.document, answer.unit
    before, after, bound = document["flow_before"], document["flow_after"], document["bound"]
    if not answer.steps:
        yield (
            "The map holds a chain from victims to cash-outs, and no action within the limits does it any "
            "damage: nothing on it is alive, vetted and in the hands of a named holder."
        )
    for step in answer.steps:
        yield f"{step['step']}. {step['reason']}"
        yield f"   {_when(step)}"
    yield (
        f"Flow from victims to cash-outs over the horizon: {before:.4g} {unit} before, {after:.4g} after"
        + (f" ({1 - after / before:.0%} less)." if before > 0 else ".")
    )
    yield (
        f"No plan within the limits leaves less than {bound:.4g}: certified gap {document['gap']:.1%}, on "
        "the sampled worlds of this map; it says nothing about what the map does not hold."
    )
    low, high = document["band"]
    yield (
        f"On worlds that had no part in the choice it leaves {document['flow_after_heldout']:.4g}, in 90 % "
        f"of them {low:.4g} to {high:.4g}."
    )
    yield from _doubts(answer)


def _when(step: dict[str, Any]) -> str:
    seen = f"last seen {step['last_seen']}" if step["last_seen"] else "never dated"
    return (
        f"First ask for preservation of {preserve_first(step['kind'])}. Send the request on {step['start']}, "
        f"to take effect with the others on {step['effect']}; {seen}."
    )


def _doubts(answer: ChainAnswer) -> Iterator[str]:
    document = answer.document
    if answer.steps:
        fast = document["sensitivity"]["replacement_days_x0.5"]
        slow = document["sensitivity"]["replacement_days_x2"]
        yield f"If all is replaced twice as fast it leaves {fast:.4g}, if half as fast {slow:.4g}."
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
