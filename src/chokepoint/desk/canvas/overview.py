"""The whole map, or a part of it, as bubbles: what is too large to be drawn node by node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.canvas.parts import Piece, part, shown
from chokepoint.desk.watch.access import saw
from chokepoint.graph.community import Group, opened, ties
from chokepoint.model.errors import NotFoundError
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.analyse import View
    from chokepoint.desk.atlas import Atlas

DEEPEST = 24
NAMED = frozenset(name for name, kind in vocabulary().kinds.items() if kind.family == "actor")
EXAMPLES = 400
"""Nodes of a bubble, the busiest, among which its name is looked for."""


class Bubble(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the map shown as one.

    Attributes:
        way: where it is: group, group in that, and so on.
        label: its busiest actor, or else its busiest node, for people.
        icon: of the kind that is commonest in it. phase: its place in the crime script.
        count: nodes in it.
        kinds: how many of the commonest kinds, by label, the most first.
        scattered: whether it is no community but nodes that have little to do with each other.
    """

    way: tuple[int, ...]
    label: str
    icon: str
    count: int
    kinds: dict[str, int]
    phase: str = ""
    scattered: bool = False


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """How many lines run between two bubbles, by their places."""

    a: int
    b: int
    count: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the map: as bubbles while it is large, node by node when it is small.

    Attributes:
        way: which part; empty for the whole map.
        total: nodes in it.
        bubbles: the largest first.
        ties: between them.
        piece: the nodes themselves where they are few.
    """

    way: tuple[int, ...]
    total: int
    bubbles: tuple[Bubble, ...] = ()
    ties: tuple[Tie, ...] = ()
    piece: Piece | None = None


def overview(atlas: Atlas, way: Sequence[int] = ()) -> Overview:
    """A part of the viewer's map.

    Raises:
        NotFoundError: there is no such part.
    """
    view = load_snapshot(atlas)
    way = tuple(way)
    found = opened(view.snapshot, way) if len(way) <= DEEPEST else None
    if found is None:
        raise NotFoundError(
            "no such part of the map", place=".".join(map(str, way[:DEEPEST])), mend="begin at the whole map"
        )
    members, groups = found
    total = len(members)
    if not groups:
        saw(atlas, "map", _place(way), view.entities(members.tolist()).values())
        return Overview(way=way, total=total, piece=part(view, members.tolist()))
    busiest = [_busiest(view, group) for group in groups]
    saw(atlas, "map", _place(way), view.entities(busiest).values())
    return Overview(
        way=way, total=total,
        bubbles=tuple(
            _bubble(view, group, node, (*way, number))
            for number, (group, node) in enumerate(zip(groups, busiest, strict=True))
        ),
        ties=tuple(Tie(a=a, b=b, count=count) for a, b, count in ties(view.snapshot, groups)),
    )  # fmt: skip


def _place(way: Sequence[int]) -> str:
    return f"the part {'.'.join(map(str, way))} of the map" if way else "the whole map"


def _busiest(view: View, group: Group) -> int:
    """The node that a bubble is named after."""
    snapshot = view.snapshot
    order = np.lexsort((group.members, -snapshot.degree[group.members]))[:EXAMPLES]
    busiest = group.members[order]
    actors = [number for number, name in enumerate(snapshot.kind_names) if name in NAMED]
    named = busiest[np.isin(snapshot.kind[busiest], actors)]
    return int(named[0]) if len(named) else int(busiest[0])


def _bubble(view: View, group: Group, node: int, way: tuple[int, ...]) -> Bubble:
    snapshot, words = view.snapshot, vocabulary().kinds
    counts = np.bincount(snapshot.kind[group.members], minlength=len(snapshot.kind_names))
    order = [int(one) for one in np.argsort(-counts, kind="stable")[:4] if counts[one]]
    names = [snapshot.kind_names[one] for one in order]
    labels = [words[name].label if name in words else name for name in names]
    return Bubble(
        way=way, label=shown(view.entities([node])[node]), count=len(group.members),
        icon=words[names[0]].icon if names[0] in words else "circle-help",
        phase=words[names[0]].phase if names[0] in words else "",
        kinds=dict(zip(labels, (int(counts[one]) for one in order), strict=True)), scattered=group.kind >= 0,
    )  # fmt: skip
