"""From the viewer's snapshot to a plan against its value chain; None where it holds none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.script import read_script
from chokepoint.choke.weave import weave
from chokepoint.desk.analyse.chain.amounts import capacities, read_amount
from chokepoint.desk.analyse.chain.answer import Loose
from chokepoint.desk.analyse.chain.solve import Ground, plan_against
from chokepoint.desk.analyse.chain.things import Measured, Told, things_of
from chokepoint.graph.columns import UNKNOWN, distinct
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store.base import EPOCH_ORDINAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chokepoint.choke.script import Script
    from chokepoint.desk.analyse.chain.answer import ChainAnswer
    from chokepoint.desk.analyse.chain.question import Evidence, Question
    from chokepoint.desk.analyse.view import View
    from chokepoint.graph.columns import Bools, Ints
    from chokepoint.graph.snapshot import Snapshot
    from chokepoint.model.identity import Entity

LASTING = "holder"
"""What a thing is said to hold lasts; all else that was last seen too long ago is over."""


def chain_of(view: View, evidence: Evidence, question: Question) -> ChainAnswer | None:
    """The best plan against the chain of the map, with what it rests on."""
    snapshot = view.snapshot
    script = read_script(snapshot, _in_force(snapshot, evidence))
    if not script.nodes.size:
        return None
    told = read_told(view, np.concatenate([script.nodes, script.needs.head, script.cash_outs]))
    if told.laundering:
        script = read_script(snapshot, _in_force(snapshot, evidence), told.laundering)
        if not script.nodes.size:
            return None
    nodes = distinct(np.concatenate([script.nodes, script.needs.head]))
    held = capacities(told.amounts, sightings(snapshot, script, nodes))
    seen = seen_last(snapshot, script, evidence.seen)
    things = things_of(
        view, script, told, evidence=evidence, question=question,
        measured=Measured(capacity=held.of, seen=seen),
    )  # fmt: skip
    rows = np.concatenate([script.flow.row, script.needs.row]).tolist()
    belief = {row: float(snapshot.belief[row]) for row in rows}
    woven = weave(script, things, belief, question.terms)
    days = {node: date.fromordinal(EPOCH_ORDINAL + day) for node, day in seen.items() if day != UNKNOWN}
    ground = Ground(
        held=held,
        last_seen=days,
        shown=told.shown,
        loose=_loose(snapshot, script, held.of),
        rows=distinct(rows),
    )
    return plan_against(woven, ground, begin=question.begin, top=question.top)


def _in_force(snapshot: Snapshot, evidence: Evidence) -> Bools:
    """Usable statements less those that were last seen too long ago, of what does not last."""
    lasting = [name for name, prop in vocabulary().properties.items() if prop.chain == LASTING]
    lasts = np.isin(snapshot.relation, [n for n, p in enumerate(snapshot.property_names) if p in lasting])
    over = (evidence.seen != UNKNOWN) & (evidence.seen < evidence.floor) & ~lasts
    return np.asarray(evidence.usable & ~over)


def read_told(view: View, nodes: Ints) -> Told:
    """Amounts, categories and names of the clusters of nodes, as the viewer may see them."""
    snapshot, words = view.snapshot, vocabulary().chain
    members = np.flatnonzero(np.isin(snapshot.cluster, nodes))
    head = {int(snapshot.eid[node]): int(snapshot.cluster[node]) for node in members.tolist()}
    entities = view.entities(members.tolist())
    by_entity = {entity: int(snapshot.cluster[node]) for node, entity in entities.items()}
    reader = view.atlas.reader
    amounts: dict[Entity, dict[str, float]] = {}
    categories: dict[int, list[str]] = {}
    with reader.connect() as connection:
        seqs = reader.said_of(connection, head, (*words.amounts, "category"))
        for one in reader.claims(connection, seqs):
            subject, text = one.claim.subject, str(one.claim.object)
            if one.claim.property == "category":
                categories.setdefault(by_entity[subject], []).append(text.casefold())
            elif found := read_amount(text, subject):
                best = amounts.setdefault(subject, {})
                best[found[1]] = max(best.get(found[1], 0.0), found[0])
    heads = {node: entity for node, entity in entities.items() if int(snapshot.cluster[node]) == node}
    return Told(
        amounts=_summed(amounts, by_entity), members=_grouped(by_entity.items()),
        laundering=_with_words(categories, words.laundering),
        coerced=_with_words(categories, words.coerced),
        heads=heads, names=view.shown(heads),
    )  # fmt: skip


def _summed(
    amounts: Mapping[Entity, Mapping[str, float]], node_of: Mapping[Entity, int]
) -> dict[int, dict[str, float]]:
    """What clusters received, by unit: of each identifier the largest claim, being a total."""
    found: dict[int, dict[str, float]] = {}
    for entity, by_unit in amounts.items():
        node = found.setdefault(node_of[entity], {})
        for unit, value in by_unit.items():
            node[unit] = node.get(unit, 0.0) + value
    return found


def _grouped(pairs: Iterable[tuple[object, int]]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for _, node in pairs:
        counts[node] = counts.get(node, 0) + 1
    return counts


def _with_words(categories: Mapping[int, list[str]], words: tuple[str, ...]) -> frozenset[int]:
    return frozenset(
        node for node, texts in categories.items() if any(word in text for text in texts for word in words)
    )


def sightings(snapshot: Snapshot, script: Script, nodes: Ints) -> dict[int, int]:
    """Distinct (source, day) pairs of the script's statements about each node."""
    rows = distinct(np.concatenate([script.flow.row, script.needs.row]))
    sizes = np.diff(snapshot.claim_pointer)[rows]
    statement = np.repeat(rows, sizes)
    claims = np.concatenate(
        [np.arange(*snapshot.claim_pointer[row : row + 2].tolist()) for row in rows.tolist()] or [np.zeros(0)]
    ).astype(np.int64)
    day, origin = snapshot.claim_start[claims], snapshot.claim_origin[claims]
    ends = (snapshot.cluster[snapshot.subject[statement]], snapshot.cluster[snapshot.object[statement]])
    table = np.unique(np.concatenate([np.stack([end, origin, day], axis=1) for end in ends]), axis=0)
    counts = np.bincount(table[:, 0], minlength=snapshot.size)
    return {node: int(counts[node]) for node in nodes.tolist()}


def seen_last(snapshot: Snapshot, script: Script, seen: Ints) -> dict[int, int]:
    """Last day on which a statement of the script about each node was seen; UNKNOWN where none is dated."""
    last = np.full(snapshot.size, UNKNOWN, np.int64)
    rows = script.rows
    for end in (snapshot.subject, snapshot.object):
        np.maximum.at(last, snapshot.cluster[end[rows]], seen[rows])
    return {
        node: int(last[node]) for node in distinct(np.concatenate([script.nodes, script.needs.head])).tolist()
    }


def _loose(snapshot: Snapshot, script: Script, of: Mapping[int, float]) -> Loose:
    """What the chain does not explain, and which phases it touches; that of victims goes without saying."""
    words, ends = vocabulary(), set(script.cash_outs.tolist())
    phases = dict.fromkeys((phase for phase in words.phases if phase != "victim"), 0)
    for node in of:
        phase = "cash-out" if node in ends else words.kinds[snapshot.kind_names[snapshot.kind[node]]].phase
        phases[phase] = phases.get(phase, 0) + 1
    phases.pop("", None)
    known = [node for node in script.nodes.tolist() if node in of]
    return Loose(
        explained=len(known), ends=script.loose_ends.size, starts=script.loose_starts.size, phases=phases
    )
