"""A part of the viewer's map as the canvas is handed it: nodes, lines, and what to write beside them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from chokepoint.desk.personal.veil import HOME, home
from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.community import ends, usable
from chokepoint.graph.hop import SAME_AS
from chokepoint.graph.traits import BARRED, HUB, SPLIT
from chokepoint.model.vocabulary import vocabulary
from chokepoint.model.words import likelihood
from chokepoint.store import lookup
from chokepoint.values.registry import show
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chokepoint.desk.analyse import View
    from chokepoint.graph.columns import Bools, Longs
    from chokepoint.graph.snapshot import Snapshot
    from chokepoint.model.identity import Entity
    from chokepoint.model.marking import Tlp

MOST_NODES = 10_000
MOST_LINES = 40_000
LONGEST_LABEL = 300
COUNTRY = "country"
PLACED = "located-in"


class Spot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A node.

    Attributes:
        id: `kind:value`, of a minimised person the pseudonym, which leads back.
        kind: of the vocabulary.
        label: for people: defanged, nothing hidden, at most 300 characters.
        name: of the kind, for people.
        icon: lucide name.
        phase: place in the crime script, or empty.
        cluster: id of what it is the same as, itself included, or empty where it stands alone.
        flags: `hub`, `shared`, `lives`.
        degree: drawn links in the whole of the viewer's map.
        country: alpha-2 code, or empty.
        origin: the publisher of most of its lines here.
        tlp: the mildest label under which a line here shows it; empty without lines.
    """

    id: str
    kind: str
    label: str
    name: str
    icon: str
    phase: str = ""
    cluster: str = ""
    flags: tuple[str, ...] = ()
    degree: int = 0
    country: str = ""
    origin: str = ""
    tlp: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement, or an identity judgement (`same-as`).

    Attributes:
        a, b: places of subject and object among the nodes.
        property: of the vocabulary.
        label: of the property, for people.
        belief: that it is true.
        word: the same in ICD 203 words.
        verdict: of the statement.
        assessment: whether it is a conclusion and no claim states it as a fact.
        first, last: days since 1970-01-01, half-open; None where unknown.
        origins: how many root publishers.
        tlp: the strictest label among its claims.
        simulated: whether simulated votes decided.
        loose: whether it joins nothing: a mere mention, or one end is shared.
    """

    a: int
    b: int
    property: str
    label: str
    belief: float
    word: str
    verdict: str
    assessment: bool = False
    first: int | None = None
    last: int | None = None
    origins: int = 0
    tlp: str = ""
    simulated: bool = False
    loose: bool = False


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the map.

    Attributes:
        nodes: in the order asked for.
        lines: all between them that the map draws, or the most believed of too many.
        left_out: lines beyond the limit.
    """

    nodes: tuple[Spot, ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: int = 0


def part(view: View, nodes: Sequence[int]) -> Piece:
    """The nodes with these indices, at most `MOST_NODES`, and the lines between them."""
    chosen = np.array(list(dict.fromkeys(nodes))[:MOST_NODES], np.int64)
    place = np.full(view.snapshot.size, -1, np.int64)
    place[chosen] = np.arange(len(chosen))
    edges, left_out = _edges(view.snapshot, place)
    marks = _labels(view, edges)
    lines = tuple(_line(view.snapshot, edge, place, marks.get(edge)) for edge in edges)
    return Piece(nodes=_spots(view, chosen, (edges, marks)), lines=lines, left_out=left_out)


def _edges(snapshot: Snapshot, place: Longs) -> tuple[list[int], int]:
    """Drawn edges with both ends placed, ascending, and how many more there are."""
    both = ends(snapshot)
    inside = np.flatnonzero((place[both.left] >= 0) & (place[both.right] >= 0) & usable(snapshot))
    belief = np.concatenate([snapshot.belief, snapshot.bond_belief])[inside]
    kept = inside[np.argsort(-belief, kind="stable")[:MOST_LINES]]
    return sorted(kept.tolist()), len(inside) - len(kept)


def _labels(view: View, edges: Sequence[int]) -> dict[int, list[Tlp]]:
    """The labels on the claims of each statement, strictest last."""
    snapshot = view.snapshot
    said = [edge for edge in edges if edge < len(snapshot.subject)]
    of = {edge: snapshot.claim_seq[snapshot.claims(edge)].tolist() for edge in said}
    reader = view.atlas.reader
    with reader.connect() as connection:
        marking = lookup.labels_of(reader, connection, (seq for seqs in of.values() for seq in seqs))
    found = {edge: sorted({marking[seq].tlp for seq in seqs if seq in marking}) for edge, seqs in of.items()}
    return {edge: labels for edge, labels in found.items() if labels}


def _line(snapshot: Snapshot, edge: int, place: Longs, labels: list[Tlp] | None) -> Line:
    said = len(snapshot.subject)
    if edge >= said:
        bond = edge - said
        belief = round(float(snapshot.bond_belief[bond]), 4)
        return Line(
            a=int(place[snapshot.bond_left[bond]]), b=int(place[snapshot.bond_right[bond]]),
            property=SAME_AS, label="is the same as", belief=belief, word=likelihood(belief),
            verdict="proposed", assessment=True,
        )  # fmt: skip
    name = snapshot.property_names[snapshot.relation[edge]]
    belief = round(float(snapshot.belief[edge]), 4)
    subject, thing = int(snapshot.subject[edge]), int(snapshot.object[edge])
    barred = int(snapshot.flags[subject] | snapshot.flags[thing]) & BARRED
    return Line(
        a=int(place[subject]), b=int(place[thing]), property=name, label=property_label(name), belief=belief,
        word=likelihood(belief), verdict=VERDICTS[int(snapshot.verdict[edge])].value,
        assessment=bool(snapshot.assessment[edge]), first=_day(int(snapshot.first[edge])),
        last=_day(int(snapshot.last[edge])), origins=int(snapshot.origins[edge]),
        tlp=labels[-1].label if labels else "", simulated=bool(snapshot.simulated[edge]),
        loose=bool(barred) or not bool(snapshot.joining[snapshot.relation[edge]]),
    )  # fmt: skip


def property_label(name: str, *, reverse: bool = False) -> str:
    """How people say a property, from the subject or from the object."""
    if name == SAME_AS:
        return "is the same as"
    known = vocabulary().properties.get(name)
    if known is None:
        return name
    return known.reverse if reverse and known.reverse else known.label


def _day(day: int) -> int | None:
    return None if day == UNKNOWN else day


def _spots(view: View, chosen: Longs, drawn: tuple[list[int], dict[int, list[Tlp]]]) -> tuple[Spot, ...]:
    snapshot = view.snapshot
    heads = snapshot.cluster[chosen].tolist()
    several = {head for head, count in Counter(heads).items() if count > 1}
    entities = _names(view, {*chosen.tolist(), *several}, drawn[0])
    degree, country = drawn_degree(snapshot, chosen), _countries(view, chosen)
    mildest, origin = _mildest(snapshot, drawn[1]), _publishers(snapshot, drawn[0])
    return tuple(
        _spot(
            entities[node], cluster=str(entities[head]) if head in several else "",
            flags=_flags(int(snapshot.flags[node])), degree=int(degree[at]), country=country.get(node, ""),
            origin=origin.get(node, ""), tlp=mildest[node].label if node in mildest else "",
        )
        for at, (node, head) in enumerate(zip(chosen.tolist(), heads, strict=True))
    )  # fmt: skip


def _names(view: View, nodes: Collection[int], edges: Sequence[int]) -> dict[int, Entity]:
    """Nodes as the viewer may see them; where somebody minimised lives is not told beside them."""
    snapshot, entities = view.snapshot, view.entities(nodes)
    shown = view.shown(nodes)
    for edge in edges:
        if edge < len(snapshot.subject):
            one, other = int(snapshot.subject[edge]), int(snapshot.object[edge])
            for who, where in ((one, other), (other, one)):
                if shown[who] != entities[who] and entities[where].kind == HOME.kind:
                    shown[where] = home(view.atlas, entities[where])
    return shown


def _spot(entity: Entity, **rest: object) -> Spot:
    kind = vocabulary().kinds.get(entity.kind)
    return Spot(
        id=str(entity), kind=entity.kind, label=shown(entity), name=kind.label if kind else entity.kind,
        icon=kind.icon if kind else "circle-help", phase=kind.phase if kind else "", **rest,  # type: ignore[arg-type]
    )  # fmt: skip


def shown(entity: Entity) -> str:
    """The entity for people, cut to what a canvas can hold."""
    text = show(entity)
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


def drawn_degree(snapshot: Snapshot, nodes: Longs) -> Longs:
    """How many links of each node the map draws, int64 (n,)."""
    start, stop = snapshot.pointer[nodes], snapshot.pointer[nodes + 1]
    count = stop - start
    first = np.cumsum(count) - count
    at = np.arange(int(count.sum())) - np.repeat(first - start, count)
    drawn = usable(snapshot)[snapshot.edge[at]]
    return np.bincount(np.repeat(np.arange(len(nodes)), count)[drawn], minlength=len(nodes))


def _flags(bits: int) -> tuple[str, ...]:
    words = (("hub", HUB), ("shared", BARRED & ~HUB), ("lives", SPLIT))
    return tuple(word for word, mask in words if bits & mask)


def _countries(view: View, chosen: Longs) -> dict[int, str]:
    """The country of each node: its own code, or where the most believed statement places it."""
    snapshot = view.snapshot
    inside = np.zeros(snapshot.size, np.bool_)
    inside[chosen] = True
    rows = np.flatnonzero(_said_by(snapshot, PLACED) & inside[snapshot.subject])
    rows = rows[np.argsort(snapshot.belief[rows], kind="stable")]
    where = dict(zip(snapshot.subject[rows].tolist(), snapshot.object[rows].tolist(), strict=True))
    kinds = [number for number, name in enumerate(snapshot.kind_names) if name == COUNTRY]
    where |= {node: node for node in chosen[np.isin(snapshot.kind[chosen], kinds)].tolist()}
    entities = view.entities(set(where.values()))
    return {
        node: entities[place].value.upper()
        for node, place in where.items()
        if entities[place].kind == COUNTRY
    }


def _said_by(snapshot: Snapshot, name: str) -> Bools:
    numbers = [number for number, one in enumerate(snapshot.property_names) if one == name]
    return np.isin(snapshot.relation, numbers) & usable(snapshot)[: len(snapshot.subject)]


def _mildest(snapshot: Snapshot, labels: dict[int, list[Tlp]]) -> dict[int, Tlp]:
    found: dict[int, Tlp] = {}
    for edge, marks in labels.items():
        for node in (int(snapshot.subject[edge]), int(snapshot.object[edge])):
            found[node] = min(found.get(node, marks[0]), marks[0])
    return found


def _publishers(snapshot: Snapshot, edges: Sequence[int]) -> dict[int, str]:
    """For each node the root publisher of most claims on its lines, the first in the alphabet of equals."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for edge in edges:
        if edge >= len(snapshot.subject):
            continue
        names = [snapshot.origin_names[one] for one in snapshot.claim_origin[snapshot.claims(edge)].tolist()]
        for node in (int(snapshot.subject[edge]), int(snapshot.object[edge])):
            counts[node].update(names)
    return {node: min(held, key=lambda name: (-held[name], name)) for node, held in counts.items()}
