"""How a canvas begins and grows: around a thing, by a property, between things that are on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.analyse.material import LISTING
from chokepoint.desk.canvas.parts import MOST_NODES, Piece, part, property_label
from chokepoint.desk.personal.veil import all_unveiled
from chokepoint.desk.resolve import resolve
from chokepoint.desk.watch.access import saw
from chokepoint.graph.community import ends, usable
from chokepoint.graph.hop import SAME_AS
from chokepoint.graph.neighbourhood import around
from chokepoint.model.errors import NotFoundError, TooLargeError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.store import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.analyse import View
    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.snapshot import Snapshot
    from chokepoint.store.reading import Reader

FIRST = 80
"""Nodes that a canvas begins with."""
SEVERAL = 8
"""Things of one name around which a canvas begins."""
MOST_LINES = 200
"""Things that a canvas begins with, where several are named."""
MOST_FRESH = 500
"""Nodes that one expansion brings."""


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """The neighbours of a node by one property in one direction.

    Attributes:
        property: of the vocabulary.
        label: for people, from the node's side.
        backward: whether the node is the object.
        count: distinct neighbours in the viewer's map.
        kinds: how many of each kind, the most first.
    """

    property: str
    label: str
    backward: bool
    count: int
    kinds: dict[str, int]


def begin(atlas: Atlas, text: str, *, most: int = FIRST) -> Piece:
    """The surroundings of what a text names, that itself first.

    Args:
        atlas: opened by the viewer.
        text: an entity as a person writes it, or several, a line each.
        most: nodes.

    Raises:
        NotFoundError: this viewer's map holds nothing of it; whether they know it all the same is said.
    """
    reader = atlas.reader
    lines = list(filter(None, map(str.strip, text.split("\n"))))[:MOST_LINES]
    named = all_unveiled(atlas, lines)
    with reader.connect() as connection:
        found = [one for line in named for one in resolve(reader, connection, line)[:SEVERAL]]
        eids = list(dict.fromkeys(one.eid for one in found))
        linked = atlas.late > 0.0 and _linked(reader, connection, eids)
    saw(atlas, "map", ", ".join(lines), [one.entity for one in found])
    view = load_snapshot(atlas)
    centres = view.snapshot.index(np.array(eids, np.int64)).tolist()
    if linked and not centres:  # what was said a moment ago is not on a map that is late
        view = load_snapshot(replace(atlas, late=0.0))
        centres = view.snapshot.index(np.array(eids, np.int64)).tolist()
    if found and not centres:
        raise NotFoundError(
            "nothing that is known of it links it with anything: it stands on no map",
            place=text[:80],
            mend="its own page says what is known of it",
        )
    if not centres:
        raise NotFoundError("nothing known", place=text[:80], mend="search finds how it is written")
    return part(view, around(view.snapshot, centres, cap=min(max(most, 2 * len(centres)), MOST_NODES)).nodes)


def _linked(reader: Reader, connection: Connection, eids: Sequence[int]) -> bool:
    """Whether one of the newest things that are said of these is a line on maps."""
    newest = [seq for eid in eids for seq in reader.about(connection, eid, limit=SEVERAL)]
    said = (one.claim for one in reader.claims(connection, newest))
    return any(isinstance(one.object, Entity) and one.property != LISTING for one in said)


def piece(atlas: Atlas, names: Sequence[str]) -> Piece:
    """These entities and the lines between them; what the viewer's map does not hold is left out.

    Raises:
        TooLargeError: more than a canvas holds.
    """
    view = load_snapshot(atlas)
    nodes = nodes_of(view, names)
    saw(atlas, "map", f"{len(nodes)} entities", view.entities(nodes).values())
    return part(view, nodes)


def nodes_of(view: View, names: Sequence[str]) -> list[int]:
    """Node indices of entities written `kind:value`, in that order; hidden and absent ones are left out.

    Raises:
        TooLargeError: more names than a canvas holds.
    """
    if len(names) > MOST_NODES:
        raise TooLargeError(
            Said(
                "a canvas holds at most {most_nodes:,} things, not {names:,}",
                most_nodes=MOST_NODES,
                names=len(names),
            ),
            mend="group or hide some things",
        )
    told = all_unveiled(view.atlas, names)
    wanted = [Entity(kind, value) for kind, _, value in (name.partition(":") for name in told)]
    reader = view.atlas.reader
    with reader.connect() as connection:
        numbers = lookup.known(reader, connection, wanted)
    eids = [numbers[entity] for entity in dict.fromkeys(wanted) if entity in numbers]
    found: list[int] = view.snapshot.index(np.array(eids, np.int64)).tolist()
    return found


def branches(atlas: Atlas, name: str) -> list[Branch]:
    """What an entity can be expanded by, the largest first.

    Raises:
        NotFoundError: this viewer's map does not hold it.
        RefusedError: a person without the right to look.
    """
    view = load_snapshot(atlas)
    node = _one(view, name)
    saw(atlas, "map", name, view.entities([node]).values(), aside=True)
    found: dict[tuple[str, bool], set[int]] = defaultdict(set)
    for relation, backward, other in _links(view.snapshot, node):
        found[relation, backward].add(other)
    kinds = view.snapshot.kind_names
    made = [
        Branch(
            property=relation, label=property_label(relation, reverse=backward), backward=backward,
            count=len(others), kinds=_counted(kinds[view.snapshot.kind[other]] for other in others),
        )
        for (relation, backward), others in found.items()
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.count, one.property, one.backward))


def _one(view: View, name: str) -> int:
    nodes = nodes_of(view, [name])
    if not nodes:
        raise NotFoundError("nothing known", place=name[:80], mend="search finds how it is written")
    return nodes[0]


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        counts[name] += 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _links(snapshot: Snapshot, node: int) -> list[tuple[str, bool, int]]:
    """Property, whether the node is its object, and the other end, of each drawn edge at a node."""
    row = slice(int(snapshot.pointer[node]), int(snapshot.pointer[node + 1]))
    edge, other = snapshot.edge[row], snapshot.neighbour[row]
    drawn = usable(snapshot)[edge]
    said = len(snapshot.subject)
    return [
        (SAME_AS, False, end)
        if one >= said
        else (
            snapshot.property_names[snapshot.relation[one]],
            int(snapshot.subject[one]) != node,
            end,
        )
        for one, end in zip(edge[drawn].tolist(), other[drawn].tolist(), strict=True)
    ]


def expand(
    atlas: Atlas, name: str, branch: tuple[str, bool], *, beside: Sequence[str] = (), most: int = 50
) -> Piece:
    """Further neighbours of an entity by one property, with their lines to all that is on the canvas.

    Those with fewest links come first: they say most about the entity.

    Args:
        atlas: opened by the viewer.
        name: the entity, `kind:value`.
        branch: property, and whether the entity is its object.
        beside: what is on the canvas already.
        most: new nodes, up to `MOST_FRESH`.

    Raises:
        NotFoundError: this viewer's map does not hold the entity.
        RefusedError: a person without the right to look.
        TooLargeError: the canvas is full.
    """
    view = load_snapshot(atlas)
    snapshot = view.snapshot
    node = _one(view, name)
    there = nodes_of(view, beside)
    others = {other for relation, backward, other in _links(snapshot, node) if (relation, backward) == branch}
    fresh = sorted(others - set(there) - {node}, key=lambda one: (int(snapshot.degree[one]), one))
    fresh = fresh[: max(0, min(most, MOST_FRESH))]
    saw(atlas, "map", f"{name} {branch[0]}", view.entities([node, *fresh]).values())
    if len(there) + len(fresh) >= MOST_NODES:
        raise TooLargeError(
            Said("the canvas holds at most {most_nodes:,} things", most_nodes=MOST_NODES),
            mend="hide some things first",
        )
    return part(view, [node, *there, *fresh])


def drawn_between(view: View, nodes: Sequence[int]) -> list[int]:
    """The statements, by number, that a canvas with these nodes draws."""
    inside = np.zeros(view.snapshot.size, np.bool_)
    inside[list(nodes)] = True
    both = ends(view.snapshot)
    rows = np.flatnonzero(inside[both.left] & inside[both.right] & usable(view.snapshot))
    return [int(row) for row in rows if row < len(view.snapshot.subject)]
