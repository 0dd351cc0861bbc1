"""A chain's plan for a report or package: rows, curve, picture, names left to what readers may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.choke.holders import preserve_first
from chokepoint.choke.weave import VICTIMS
from chokepoint.model.said import AFTER, AND, OR, Said, linked
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.findings import Chain, Curve, Line, PlanRow, Stop, Way

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chokepoint.desk.analyse.chain.answer import ChainAnswer
    from chokepoint.desk.analyse.view import View
    from chokepoint.model.identity import Entity

ON_ACCOUNT = {
    "takedown": ("takedown of its account", "takedown of the account it would move to"),
    "seizure": ("seizure of its account", "seizure of the account it would move to"),
    "freeze": ("freeze of its account", "freeze of the account it would move to"),
    "arrest": ("arrest of who holds its account", "arrest of who would hold the account it would move to"),
    "sanction": ("sanction against its account", "sanction against the account it would move to"),
    "notification": ("notification about its account", "notification about the account it would move to"),
    "cooperation": ("cooperation on its account", "cooperation on the account it would move to"),
}
"""By mode, a strike on a thing that moves money: on its account, or where that goes next."""

NOTHING, BLIND = "nothing on the chain", "a plan cannot see what flows through this phase"
BESIDE = ("Unexplained", "things that take payments and stand beside the chain")
OTHERWISE = (
    "Worlds that had no part in the choice",
    "If all is replaced twice as fast",
    "If all is replaced half as fast",
    "If less is back at once and some stays away for long",
)


def chain_parts(
    view: View, answer: ChainAnswer | None, *, about: Collection[int], withheld: Collection[Entity] = ()
) -> tuple[dict[str, Any], list[int]]:
    """As `finding_parts`, with the statements that the chain rests on; nothing where it may not be told.

    Args:
        view: the map.
        answer: the plan, or None.
        about: nodes that must be touched.
        withheld: entities of which nothing may be said.
    """
    nodes = {node for part in answer.part_of.values() for node in part} if answer else set[int]()
    if answer is None or nodes.isdisjoint(view.snapshot.cluster[sorted(about)].tolist()):
        return {}, []
    entities = view.entities(nodes)
    if set(entities.values()) & set(withheld):
        return {}, []
    return finding_parts(answer, entities), answer.rows.tolist()


def finding_parts(answer: ChainAnswer, entities: Mapping[int, Entity]) -> dict[str, Any]:
    """What a finding says of the chain: plan, curve, chain, coverage, sensitivity, the flow in a sentence.

    Args:
        answer: the plan.
        entities: by node, all of the chain's.
    """
    document = answer.document
    before, after = document["flow_before"], document["flow_after"]
    less = f" ({1 - after / before:.0%} less)" if before > 0 else ""
    flows = (
        f"Flow from victims to cash-outs over the horizon: {before:.4g} {answer.unit} without the plan, "
        f"{after:.4g} with it{less}. No plan within the limits leaves less than {document['bound']:.4g}: "
        f"certified gap {document['gap']:.1%}, on the sampled worlds of this map."
    )
    return {
        "plan": tuple(_row(step, answer, entities) for step in answer.steps),
        "curve": _curve(answer),
        "chain": chain_of_answer(answer, entities),
        "coverage": _coverage(answer),
        "sensitivity": _sensitivity(answer),
        "explanation": (
            flows,
            answer.capacities,
        ),
    }


def _row(step: dict[str, Any], answer: ChainAnswer, entities: Mapping[int, Entity]) -> PlanRow:
    """One step; it names nobody but the target and the holders of the lever."""
    part = answer.part_of[step["id"]]
    heirs = [
        Said("after {count:g} day", "after {count:g} days", count=heir["after_days"])
        for heir in step["taken_over_by"]
    ]
    back = step["half_back_after_days"]
    kept = Said(
        "First ask for preservation of {what}; send the request on {day}.",
        what=Said(preserve_first(step["kind"])),
        day=step["start"],
    )
    worth = Said(
        "Without this step the plan leaves {flow:.3g} {unit} more.",
        flow=step["loss_if_left_out"],
        unit=Said(answer.unit),
    )
    return PlanRow(
        target=entities[part[0]],
        mode=_mode(step, answer),
        by=linked(OR, step["by"]),
        why=linked(AFTER, (worth, kept)),
        takes_over=Said("others like it, {when}", when=linked(AND, heirs)) if heirs else "",
        last_seen=step["last_seen"].isoformat() if step["last_seen"] else "",
        lead_days=step["lead_days"],
        down_days=0.0 if back is None else round(float(back), 1),
        cost=step["cost"],
        success=step["success"],
    )


def _mode(step: dict[str, Any], answer: ChainAnswer) -> str:
    name, mode = step["id"], str(step["mode"])
    return mode if len(answer.part_of[name]) < 2 else ON_ACCOUNT[mode][name in answer.latent]


def _curve(answer: ChainAnswer) -> Curve:
    points = answer.curve
    return Curve(
        days=tuple(point.day for point in points),
        before=tuple(point.before for point in points),
        after=tuple(point.after for point in points),
        low=tuple(point.low for point in points),
        high=tuple(point.high for point in points),
        unit=Said("flow to cash-outs in {unit}", unit=Said(answer.unit)),
    )


def chain_of_answer(answer: ChainAnswer, entities: Mapping[int, Entity]) -> Chain:
    """The chain as it is drawn; what is only in reserve is left out where nothing comes to flow there."""
    struck = {step["id"] for step in answer.steps}
    names = [name for name in answer.carried if name == VICTIMS or name in answer.part_of]
    shown = [name for name in names if name not in answer.latent or answer.carried[name][1] > 0]
    shown.sort(key=lambda name: (name != VICTIMS, -answer.carried[name][0]))
    at = {name: place for place, name in enumerate(shown)}
    stops = tuple(
        Stop(
            parts=tuple(entities[node] for node in answer.part_of.get(name, ())),
            column=_column(answer, name), before=answer.carried[name][0], after=answer.carried[name][1],
            struck=name in struck,
        )
        for name in shown
    )  # fmt: skip
    ways = [
        Way(at[e["from"]], at[e["to"]]) for e in answer.tree["edges"] if e["from"] in at and e["to"] in at
    ]
    needs = [
        Way(at[supplier], at[row["node"]], need=True)
        for row in answer.tree["dependencies"]
        for supplier in row["needs_any"]
        if supplier in at and row["node"] in at
    ]
    return Chain(stops=stops, ways=(*ways, *needs), unit=Said(answer.unit))


def _column(answer: ChainAnswer, name: str) -> str:
    node = next(one for one in answer.tree["nodes"] if one["id"] == name)
    if name == VICTIMS:
        return "victim"
    if node["role"] == "cash-out":
        return "cash-out"
    return "account" if len(answer.part_of[name]) > 1 else vocabulary().kind(node["kind"]).phase or "actor"


def _coverage(answer: ChainAnswer) -> tuple[Line, ...]:
    loose = answer.loose
    phases = tuple(
        Line(
            phase,
            Said("{count:,} on the chain", count=count) if count else NOTHING,
            "" if count else BLIND,
        )
        for phase, count in loose.phases.items()
    )
    unexplained = Said(
        "{ends:,} without a known cash-out, {starts:,} without known victims",
        ends=loose.ends,
        starts=loose.starts,
    )
    return (*phases, Line(BESIDE[0], unexplained, BESIDE[1]))


def _sensitivity(answer: ChainAnswer) -> tuple[Line, ...]:
    document = answer.document
    (low, high), planned = document["band"], document["flow_after"]
    fast, slow = (document["sensitivity"][f"replacement_days_x{factor}"] for factor in ("0.5", "2"))
    uneven = document["sensitivity"]["replacement_days_lognormal"]
    unseen = Said("{flow:.4g}", flow=document["flow_after_heldout"])
    band = Said("in 90 % of them {low:.4g} to {high:.4g}", low=low, high=high)
    return (
        Line(OTHERWISE[0], unseen, band),
        Line(OTHERWISE[1], _instead(fast, planned)),
        Line(OTHERWISE[2], _instead(slow, planned)),
        Line(OTHERWISE[3], _instead(uneven, planned)),
    )


def _instead(flow: float, planned: float) -> Said:
    return Said("{flow:.4g} instead of {planned:.4g}", flow=flow, planned=planned)
