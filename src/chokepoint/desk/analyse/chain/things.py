"""The things of a chain in words: what each passes on, who can act on it, and whom it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.weave import Thing
from chokepoint.desk.analyse.barred import rows_of
from chokepoint.graph.traits import HUB, SHARED_KIND
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.registry import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.choke.script import Script
    from chokepoint.choke.weave import Action
    from chokepoint.desk.analyse.chain.question import Evidence, Question
    from chokepoint.desk.analyse.view import View
    from chokepoint.graph.columns import Bools
    from chokepoint.model.identity import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What claims say of the things of a chain beside their links.

    Attributes:
        amounts: by canonical node and unit.
        members: identifiers in each cluster.
        laundering: nodes that value only passes through.
        coerced: nodes that belong to a victim.
        heads: the entity of each canonical node.
        names: the same as the viewer may see them.
    """

    amounts: dict[int, dict[str, float]]
    members: dict[int, int]
    laundering: frozenset[int]
    coerced: frozenset[int]
    heads: dict[int, Entity]
    names: dict[int, Entity]

    @property
    def shown(self) -> dict[int, str]:
        """Names as people write them, with how many more identifiers the cluster has."""
        more = {node: count - 1 for node, count in self.members.items() if count > 1}
        return {
            node: show(entity) + (f" and {more[node]} more" if node in more else "")
            for node, entity in self.names.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """By node: what it passes on, and the last day (since 1970-01-01) on which it was seen."""

    capacity: Mapping[int, float]
    seen: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What holds of clusters: masks over the nodes, true at a canonical node where it is of any member."""

    shared: Bools
    honest: Bools
    victims: Bools


def things_of(
    view: View,
    script: Script,
    told: Told,
    *,
    evidence: Evidence,
    question: Question,
    measured: Measured,
) -> dict[int, Thing]:
    """Every node of the script in words.

    Only a concrete identifier that is alive, and neither shared nor called legitimate, can be acted on; of
    what belongs to a victim the owner is only told. A company that holds accounts is asked about each.
    """
    kept = _kept(view, evidence, told)
    holders = _holders(view, script, evidence, question)
    found = {}
    for node in measured.capacity:
        entity, alive = told.heads[node], measured.seen[node] >= evidence.floor
        kind = vocabulary().kind(entity.kind)
        concrete = kind.family == "identifier"
        is_target = concrete and alive and not (kept.shared[node] or kept.honest[node])
        gentle = bool(kept.victims[node])
        count = told.members[node]
        found[node] = Thing(
            id=str(told.names[node]), kind=entity.kind,
            capacity=measured.capacity[node] if concrete else None,
            days=question.times.get(entity.kind, kind.replace_days),
            actions=question.levers.on(entity, count=count, gentle=gentle) if is_target else (),
            holds=node in holders, asked=holders.get(node, ()),
            shared=bool(kept.shared[node]), victims=gentle,
            leaving=alive and not question.levers.is_closed(entity),
        )  # fmt: skip
    return found


def _kept(view: View, evidence: Evidence, told: Told) -> _Kept:
    snapshot, barred = view.snapshot, evidence.barred

    def of_clusters(mask: Bools) -> Bools:
        found = np.zeros(snapshot.size, np.bool_)
        found[snapshot.cluster[mask]] = True
        return found

    coerced = np.zeros(snapshot.size, np.bool_)
    coerced[sorted(told.coerced)] = True
    common = (snapshot.flags & (HUB | SHARED_KIND)) != 0
    return _Kept(
        shared=of_clusters(barred.listed | common),
        honest=of_clusters(barred.honest),
        victims=of_clusters(barred.hacked | coerced),
    )


def _holders(
    view: View, script: Script, evidence: Evidence, question: Question
) -> dict[int, tuple[Action, ...]]:
    """What the holder of accounts can be asked: of companies that end the chain, and of their wallets."""
    country = _countries(view, evidence)
    ends = script.cash_outs.tolist()
    entities = view.entities({*ends, *country.values()})
    companies = {
        node: question.levers.asked(entities[node], entities[country[node]].value if node in country else "")
        for node in ends
    }
    held = script.flow.only(rows_of(view.snapshot, {"controlled-by"})[script.flow.row])
    pairs = zip(held.tail.tolist(), held.head.tolist(), strict=True)
    wallets = {tail: companies[head] for tail, head in pairs if head in companies}
    return wallets | companies


def _countries(view: View, evidence: Evidence) -> dict[int, int]:
    """Where companies sit, as accepted statements have it: node of the country by canonical node."""
    snapshot = view.snapshot
    rows = np.flatnonzero(rows_of(snapshot, {"located-in"}) & evidence.usable)
    return dict(
        zip(snapshot.cluster[snapshot.subject[rows]].tolist(), snapshot.object[rows].tolist(), strict=True)
    )
