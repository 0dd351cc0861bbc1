"""Asking the engine about a woven chain, and everything that is told beside the plan."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.harm import prepare
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.weave import VICTIMS
from chokepoint.choke.whatif import without_each
from chokepoint.choke.worlds import SCORING
from chokepoint.desk.analyse.chain.answer import ChainAnswer, Loose, Point, step_words
from chokepoint.model.said import AT, Said, linked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.choke.chain import ChokeNetwork
    from chokepoint.choke.weave import Woven
    from chokepoint.desk.analyse.chain.amounts import Capacities
    from chokepoint.graph.columns import Ints

CURVE_DAYS = (0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 135, 180, 270, 365)
CURVE_WORLDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a plan rests on.

    Attributes:
        held: capacities.
        last_seen: by node, where a statement is dated.
        shown: names of nodes as people write them.
        loose: what the chain does not explain.
        rows: statements that were looked at.
    """

    held: Capacities
    last_seen: Mapping[int, date]
    shown: Mapping[int, str]
    loose: Loose
    rows: Ints


def plan_against(woven: Woven, ground: Ground, *, begin: date, top: int) -> ChainAnswer:
    """Choose and explain.

    Args:
        woven: the chain.
        ground: what it rests on.
        begin: first day on which a request may go out.
        top: most alternatives that are told.
    """
    network = read_network(woven.tree)
    document = make_plan(network).document
    names = {name: linked(AT, (ground.shown[node] for node in part)) for name, part in woven.part_of.items()}
    names[VICTIMS] = Said("victims")
    return ChainAnswer(
        document=document, tree=woven.tree,
        steps=tuple(_step(step, woven, begin, ground.last_seen, names=names) for step in document["order"]),
        curve=curve_of(network, [(one["id"], one["mode"]) for one in document["plan"]]),
        what_if=_what_if(network, woven, names), unit=ground.held.unit, capacities=ground.held.in_words(),
        loose=ground.loose, names=names, part_of=woven.part_of, latent=woven.latent,
        carried=carried_by(network, [(one["id"], one["mode"]) for one in document["plan"]]),
        rows=ground.rows, top=top,
    )  # fmt: skip


def _step(
    step: dict[str, Any], woven: Woven, begin: date, last_seen: Mapping[int, date], *, names: dict[str, str]
) -> dict[str, Any]:
    """One step with names, holders, days and the reason."""
    action = woven.actions[step["id"], step["mode"]]
    start = begin + timedelta(days=math.floor(step["start_day"]))
    told = {
        **step, "name": names[step["id"]], "by": list(action.who), "start": start,
        "effect": start + timedelta(days=math.ceil(step["lead_days"])),
        "last_seen": last_seen.get(woven.part_of[step["id"]][0]), "in_reserve": step["id"] in woven.latent,
        "taken_over_by": [{**heir, "name": names[heir["id"]]} for heir in step["taken_over_by"]],
    }  # fmt: skip
    return {**told, "reason": step_words(told)}


def curve_of(network: ChokeNetwork, plan: list[tuple[str, str]]) -> tuple[Point, ...]:
    """Flow by day with and without a plan, on worlds that had no part in the choice."""
    horizon = float(network.at_day.max())
    days = np.array([day for day in CURVE_DAYS if day <= horizon])
    fine = replace(network, at_day=days, weight=np.ones(days.size))
    harm = prepare(fine, CURVE_WORLDS, SCORING)
    shape = (harm.worlds.count, days.size)
    before = harm.flows(()).reshape(shape)
    after = harm.flows(_modes(network, plan)).reshape(shape)
    low, high = np.quantile(after, [0.05, 0.95], axis=0)
    table = zip(days, before.mean(axis=0), after.mean(axis=0), low, high, strict=True)
    return tuple(
        Point(day=float(d), before=float(b), after=float(a), low=float(lo), high=float(hi))
        for d, b, a, lo, hi in table
    )


def carried_by(network: ChokeNetwork, plan: list[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Flow through each node without and with a plan, as the weighted mean over stages and scoring worlds."""
    harm = prepare(network, CURVE_WORLDS, SCORING)
    share = harm.row_weight / max(harm.row_weight.sum(), 1e-300)
    found = [share @ harm.cut(harm.capacities(modes))[2] for modes in ((), _modes(network, plan))]
    table = np.zeros((2, network.size))
    table[:, harm.core] = found
    return {name: (float(a), float(b)) for name, a, b in zip(network.ids, *table, strict=True)}


def _modes(network: ChokeNetwork, plan: list[tuple[str, str]]) -> list[int]:
    """Numbers of the modes of a plan."""
    nodes = (network.ids[node] for node in network.modes.node.tolist())
    number = {pair: at for at, pair in enumerate(zip(nodes, network.modes.name, strict=True))}
    return [number[one] for one in plan]


def _what_if(network: ChokeNetwork, woven: Woven, names: dict[str, str]) -> tuple[dict[str, Any], ...]:
    """Every thing by what would stop without it, targets and others alike.

    Why a thing is no target is not said: one that another case has reserved must look like any other.
    """
    exact, least = without_each(network)
    targets = {name for name, _ in woven.actions}
    rows = [
        {
            "id": name, "name": names[name], "flow_without": left, "exact": name in exact,
            "target": name in targets,
        }
        for name, left in [*exact.items(), *least.items()]
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row["flow_without"], row["id"])))
