"""What a report says and draws, told from the snapshot: routes, pictures, standings."""

from __future__ import annotations

from datetime import timedelta
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.analyse.answer import EPOCH
from chokepoint.desk.vetting.rules import policy_now
from chokepoint.desk.vetting.standing import Standing
from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.community import usable
from chokepoint.graph.layout import Places, layered, packed
from chokepoint.graph.neighbourhood import around
from chokepoint.graph.traits import BARRED, SPLIT
from chokepoint.model.claim import Interval
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.findings import CountryCount, Edge, Event, Hop, Line, Node, Picture, Route
from chokepoint.package.privacy import Discretion, Minimised
from chokepoint.store import lookup
from chokepoint.values.names import squash
from chokepoint.values.registry import show
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.desk.analyse.view import View
    from chokepoint.graph.crossing import Crossing
    from chokepoint.graph.hop import Hop as Step
    from chokepoint.model.identity import Entity
    from chokepoint.model.marking import Marking
    from chokepoint.store.base import StoredClaim

DRAWN = 60
MOST_EVENTS = 40
ALIKE = 0.62


def iso(day: int) -> str:
    """A day number as ISO date, empty where unknown."""
    return "" if day == UNKNOWN else (EPOCH + timedelta(days=day)).isoformat()


def acceptance(view: View) -> Line:
    """By which of the atlas's rules the statements of a report are accepted."""
    reader = view.atlas.reader
    with reader.connect() as connection:
        name, rule = policy_now(reader, connection)
    return Line("Acceptance", f"{name}: {str(rule).removeprefix('(').removesuffix(')')}")


def telling(view: View, found: Iterable[Crossing]) -> list[Crossing]:
    """Crossings whose two ends do not merely bear nearly the same name."""
    kept = []
    for one in found:
        names = view.entities([one.left, one.right])
        left, right = (squash(names[node].value) for node in (one.left, one.right))
        near = SequenceMatcher(None, left, right).ratio() >= ALIKE or left in right or right in left
        if not near:
            kept.append(one)
    return kept


def routes(view: View, found: Sequence[Crossing], discreet: Discretion | None = None) -> tuple[Route, ...]:
    """Crossings as routes with the evidence of each step; titles and warnings name whom they may.

    Without a discretion they name no natural person, and give everybody the pseudonym of the viewer's pages.
    """
    discreet = discreet or Discretion(minimised=Minimised(key=view.atlas.pseudonym_key))
    return tuple(_route(view, one, discreet) for one in found)


def _route(view: View, one: Crossing, discreet: Discretion) -> Route:
    ends = view.entities([one.left, one.right])
    names = [discreet.label(ends[node], show(ends[node])) for node in (one.left, one.right)]
    nodes = {node for hop in one.hops for node in (hop.source, hop.target)}
    entities = view.entities(sorted(nodes))
    told = [
        f"{discreet.label(entities[w.node], show(entities[w.node]))}: {w.sentence}"
        for w in one.warnings
        if w.node in entities
    ]
    more = len(one.bridges) - 1
    title = f"{names[0]} and {names[1]}" + (f", by {more + 1} shared identifiers" if more else "")
    return Route(
        title=title,
        hops=tuple(_hop(view, hop, entities) for hop in one.hops),
        belief=one.belief,
        single_source=False,
        warnings=tuple(dict.fromkeys(told)),
    )


def _hop(view: View, hop: Step, entities: dict[int, Entity]) -> Hop:
    snapshot = view.snapshot
    start, end = entities[hop.source], entities[hop.target]
    if hop.statement < 0:
        return Hop(
            start=start, end=end, property="related-to", origin="identity judgement", source="ledger",
            place=hop.reason, belief=hop.belief, backward=not hop.forward,
        )  # fmt: skip
    best = _best(view, hop.statement)
    return Hop(
        start=start,
        end=end,
        property=hop.property,
        origin=", ".join(sorted(view.origin_names[number] for number in hop.origins)),
        source=_path(view, best),
        place=best.claim.place,
        belief=hop.belief,
        verdict=VERDICTS[int(snapshot.verdict[hop.statement])].value,
        record=best.id,
        backward=not hop.forward,
        observed=_observed(hop.first, hop.last),
        simulated=bool(snapshot.simulated[hop.statement]),
    )


def _observed(first: int, last: int) -> Interval | None:
    return None if first == last == UNKNOWN else Interval(iso(first), iso(last))


def _best(view: View, statement: int) -> StoredClaim:
    seqs = view.snapshot.claim_seq[view.snapshot.claims(statement)][:20].tolist()
    claims = view.claims_at(seqs).values()
    return min(claims, key=lambda stored: (stored.claim.provenance.grading.code, stored.seq))


def _path(view: View, stored: StoredClaim) -> str:
    reader = view.atlas.reader
    with reader.connect() as connection:
        return lookup.paths_of(reader, connection, [stored.seq]).get(stored.seq, "")


def standings(view: View, statements: Iterable[int]) -> dict[int, Standing]:
    """How the claims of statements stand, by ledger position."""
    snapshot = view.snapshot
    found: dict[int, Standing] = {}
    for statement in statements:
        standing = Standing(
            belief=float(snapshot.belief[statement]),
            verdict=VERDICTS[int(snapshot.verdict[statement])],
            simulated=bool(snapshot.simulated[statement]),
        )
        for seq in snapshot.claim_seq[snapshot.claims(statement)].tolist():
            found[seq] = standing
    return found


def between_nodes(view: View, crossing: Crossing) -> list[int]:
    """Statements that tie the two ends of a crossing to its bridges."""
    snapshot = view.snapshot
    bridges = list(crossing.bridges)
    ends = np.isin(snapshot.cluster, [crossing.left, crossing.right])
    forward = np.isin(snapshot.subject, bridges) & ends[snapshot.object]
    backward = np.isin(snapshot.object, bridges) & ends[snapshot.subject]
    return [int(row) for row in np.flatnonzero(forward | backward)]


def picture(view: View, centres: Sequence[int], *, targets: Iterable[int] = (), cap: int = DRAWN) -> Picture:
    """The surroundings of some nodes: drawing, timeline and countries."""
    snapshot = view.snapshot
    near = around(snapshot, centres, hops=2, cap=cap)
    entities = view.entities(list(near.nodes))
    at = {node: number for number, node in enumerate(near.nodes)}
    ends = [_ends(view, edge) for edge in near.edges]
    pairs = [(at[a], at[b]) for a, b in ends]
    place = _layout(view, near.nodes, pairs)
    wanted = set(targets)
    nodes = tuple(
        Node(
            id=str(entities[node]),
            label=show(entities[node]),
            kind=entities[node].kind,
            x=float(place[number, 0]),
            y=float(place[number, 1]),
            flags=_flags(view, node, target=node in wanted),
            cluster=_cluster(view, node, at),
            phase=_phase(entities[node].kind),
        )
        for number, node in enumerate(near.nodes)
    )
    edges = tuple(_edge(view, edge, pair, entities) for edge, pair in zip(near.edges, ends, strict=True))
    return Picture(nodes=nodes, edges=edges, events=_events(view, near.edges), countries=countries(view))


def drawn(view: View, centres: Sequence[int], *, cap: int = DRAWN) -> list[int]:
    """The statements that a picture of these nodes shows."""
    near = around(view.snapshot, centres, hops=2, cap=cap)
    return [edge for edge in near.edges if edge < len(view.snapshot.subject)]


def markings(view: View, statements: Iterable[int]) -> set[Marking]:
    """The markings on all claims of some statements."""
    snapshot = view.snapshot
    seqs = [seq for row in set(statements) for seq in snapshot.claim_seq[snapshot.claims(row)].tolist()]
    return {stored.claim.provenance.marking for stored in view.claims_at(seqs).values()}


def _ends(view: View, edge: int) -> tuple[int, int]:
    snapshot = view.snapshot
    said = len(snapshot.subject)
    if edge >= said:
        return int(snapshot.bond_left[edge - said]), int(snapshot.bond_right[edge - said])
    return int(snapshot.subject[edge]), int(snapshot.object[edge])


def _layout(view: View, nodes: Sequence[int], pairs: list[tuple[int, int]]) -> Places:
    kinds = [view.snapshot.kind_names[view.snapshot.kind[node]] for node in nodes]
    order = {phase: number for number, phase in enumerate(vocabulary().phases)}
    layers = [order.get(_phase(kind), len(order)) for kind in kinds]
    if len(set(layers)) >= 3 and len(nodes) <= DRAWN // 2:
        return layered(layers, pairs)
    return packed(len(nodes), pairs, seed=7)


def _phase(kind: str) -> str:
    known = vocabulary().kinds.get(kind)
    return known.phase if known else ""


def _flags(view: View, node: int, *, target: bool) -> tuple[str, ...]:
    bits = int(view.snapshot.flags[node])
    words = []
    if target:
        words.append("target")
    if bits & BARRED:
        words.append("shared")
    if bits & SPLIT:
        words.append("two lives")
    return tuple(words)


def _cluster(view: View, node: int, at: dict[int, int]) -> str:
    head = int(view.snapshot.cluster[node])
    alone = head == node and not any(
        int(view.snapshot.cluster[other]) == head for other in at if other != node
    )
    return "" if alone else str(head)


def _edge(view: View, edge: int, pair: tuple[int, int], entities: dict[int, Entity]) -> Edge:
    snapshot = view.snapshot
    start, end = (str(entities[node]) for node in pair)
    said = len(snapshot.subject)
    if edge >= said:
        return Edge(start, end, "same-as", float(snapshot.bond_belief[edge - said]), assessment=True)
    joins = bool(snapshot.joining[snapshot.relation[edge]])
    barred = bool(int(snapshot.flags[pair[0]]) & BARRED or int(snapshot.flags[pair[1]]) & BARRED)
    return Edge(
        start,
        end,
        snapshot.property_names[snapshot.relation[edge]],
        float(snapshot.belief[edge]),
        VERDICTS[int(snapshot.verdict[edge])].value,
        "" if joins and not barred else "shared or parked: joins nothing",
        bool(snapshot.assessment[edge]),
    )


def _events(view: View, edges: Sequence[int]) -> tuple[Event, ...]:
    """Dated statements among the edges, the newest first and at most so many."""
    snapshot = view.snapshot
    rows = [edge for edge in edges if edge < len(snapshot.subject) and int(snapshot.first[edge]) != UNKNOWN]
    rows = sorted(rows, key=lambda edge: -int(snapshot.first[edge]))[:MOST_EVENTS]
    entities = view.entities(sorted({node for edge in rows for node in _ends(view, edge)}))
    found = []
    for edge in rows:
        subject, thing = (entities[node] for node in _ends(view, edge))
        label = vocabulary().property(snapshot.property_names[snapshot.relation[edge]]).label
        days = (iso(int(snapshot.first[edge])), iso(int(snapshot.last[edge])))
        found.append(Event(*days, label, ends=(str(subject), str(thing))))
    return tuple(found)


def countries(view: View) -> tuple[CountryCount, ...]:
    """How many groups the sources place in each country, the most first."""
    snapshot = view.snapshot
    placed = [n for n, name in enumerate(snapshot.property_names) if name == "located-in"]
    actors = [n for n, name in enumerate(snapshot.kind_names) if name in {"group", "campaign"}]
    rows = np.isin(snapshot.relation, placed) & np.isin(snapshot.kind[snapshot.subject], actors)
    rows &= usable(snapshot)[: len(rows)]
    pairs = np.unique(np.stack([snapshot.cluster[snapshot.subject[rows]], snapshot.object[rows]]), axis=1)
    which, counts = np.unique(pairs[1], return_counts=True)
    entities = view.entities(which.tolist())
    found = [
        CountryCount(entities[int(node)].value.upper(), int(count))
        for node, count in zip(which, counts, strict=True)
        if entities[int(node)].kind == "country"
    ]
    return tuple(sorted(found, key=lambda one: (-one.entities, one.country)))
