"""The whole map, or a part of it, as bubbles: what is too large to be drawn node by node."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.canvas.parts import Piece, shown
from chokepoint.desk.canvas.parts import part as drawn
from chokepoint.desk.watch.access import saw
from chokepoint.graph.community import Group, Part, part, ties
from chokepoint.model.errors import NotFoundError
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.analyse import View
    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.columns import Longs
    from chokepoint.graph.snapshot import Snapshot

DEEPEST = 24
NAMED = frozenset(name for name, kind in vocabulary().kinds.items() if kind.family == "actor")
EXAMPLES = 400
"""Nodes of a bubble, the busiest, among which its name is looked for."""

KEPT = 24
"""Parts whose groups are remembered: a second look at the whole map takes no second reckoning."""
_kept: OrderedDict[tuple[object, ...], Part] = OrderedDict()
_guard = Lock()


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
    found = _opened(view, way) if len(way) <= DEEPEST else None
    if found is None:
        raise NotFoundError(
            "no such part of the map", place=".".join(map(str, way[:DEEPEST])), mend="begin at the whole map"
        )
    members, groups = found
    total = len(members)
    if not groups:
        saw(atlas, "map", _place(way), view.entities(members.tolist()).values())
        return Overview(way=way, total=total, piece=drawn(view, members.tolist()))
    busiest = [_busiest(view, group) for group in groups]
    saw(atlas, "map", _place(way), view.entities(busiest).values())
    names = view.shown(busiest)
    return Overview(
        way=way, total=total,
        bubbles=tuple(
            _bubble(view.snapshot, group, shown(names[node]), (*way, number))
            for number, (group, node) in enumerate(zip(groups, busiest, strict=True))
        ),
        ties=tuple(Tie(a=a, b=b, count=count) for a, b, count in ties(view.snapshot, groups)),
    )  # fmt: skip


def _opened(view: View, way: tuple[int, ...]) -> Part | None:
    """The part, remembered by what the map holds and for whom: nobody notices what others have looked at."""
    viewer, digest = view.atlas.viewer, _digest(view.snapshot)
    found = _remembered(
        (viewer.organisation, viewer.user, digest), view.snapshot, np.arange(view.snapshot.size)
    )
    for at, step in enumerate(way, 1):
        if not 0 <= step < len(found.groups):
            return None
        key = (viewer.organisation, viewer.user, digest, *way[:at])
        found = _remembered(key, view.snapshot, found.groups[step].members)
    return found


def _remembered(key: tuple[object, ...], snapshot: Snapshot, members: Longs) -> Part:
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = part(snapshot, members)
    with _guard:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _digest(snapshot: Snapshot) -> bytes:
    """Of all that groups rest on."""
    held = blake2b(digest_size=16)
    for column in (snapshot.kind, snapshot.subject, snapshot.object, snapshot.verdict,
                   snapshot.bond_left, snapshot.bond_right):  # fmt: skip
        held.update(np.ascontiguousarray(column).data)
        held.update(b"/")
    return held.digest()


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


def _bubble(snapshot: Snapshot, group: Group, label: str, way: tuple[int, ...]) -> Bubble:
    words = vocabulary().kinds
    counts = np.bincount(snapshot.kind[group.members], minlength=len(snapshot.kind_names))
    order = [int(one) for one in np.argsort(-counts, kind="stable")[:4] if counts[one]]
    names = [snapshot.kind_names[one] for one in order]
    labels = [words[name].label if name in words else name for name in names]
    return Bubble(
        way=way, label=label, count=len(group.members),
        icon=words[names[0]].icon if names[0] in words else "circle-help",
        phase=words[names[0]].phase if names[0] in words else "",
        kinds=dict(zip(labels, (int(counts[one]) for one in order), strict=True)), scattered=group.kind >= 0,
    )  # fmt: skip
