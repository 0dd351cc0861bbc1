"""Groups of nodes for a map that is too large to be drawn node by node.

A part of the map falls into communities; a community opens into smaller ones, down to single nodes. Nothing
is kept: the same part of the same snapshot always falls into the same groups, so that a group is named by
the way to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from chokepoint.graph.columns import distinct
from chokepoint.graph.components import label
from chokepoint.graph.frontier import PROPOSED_OR_ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from chokepoint.graph.columns import Bools, Ints, Longs
    from chokepoint.graph.snapshot import Snapshot

Weights: TypeAlias = "NDArray[np.float64]"
Found: TypeAlias = list[tuple["Longs", int]]

ROUNDS = 6
MERGES = 12
LEAST = 6
MOST_GROUPS = 60
"""Groups that a part falls into at most, those of scattered rest included."""
FEW = 600
"""Nodes that are shown one by one."""
LUMP = 0.9
"""Share of the nodes of a part that no group of it should hold."""
LEAST_KEPT = 6
"""Nodes of a community that is worth a group of its own in a part that is shown as groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some nodes shown as one.

    Attributes:
        members: node indices, int64, ascending.
        kind: number of a kind where the group is scattered nodes of that kind, or a slice of one that
            nothing divides; -1 for a community.
    """

    members: Longs
    kind: int = -1


class Part(NamedTuple):
    """Some nodes, and the groups that they are shown as: none where they are shown one by one."""

    members: Longs
    groups: list[Group]


class Pairs(NamedTuple):
    """Edges between nodes below some number: both ends, int64 (E,)."""

    left: Longs
    right: Longs


def usable(snapshot: Snapshot) -> Bools:
    """For each edge whether a map draws it: a bond, or a statement that is proposed or accepted."""
    bonds = np.ones(len(snapshot.bond_left), np.bool_)
    return np.concatenate([np.isin(snapshot.verdict, PROPOSED_OR_ACCEPTED), bonds])


def ends(snapshot: Snapshot) -> Pairs:
    """Both ends of every edge, statements first."""
    return Pairs(
        np.concatenate([snapshot.subject, snapshot.bond_left]).astype(np.int64),
        np.concatenate([snapshot.object, snapshot.bond_right]).astype(np.int64),
    )


def within(snapshot: Snapshot, members: Longs) -> Pairs:
    """The drawn edges that have both ends among some nodes, numbered by their places there."""
    place = np.full(snapshot.size, -1, np.int64)
    place[members] = np.arange(len(members))
    both, drawn = ends(snapshot), usable(snapshot)
    left, right = place[both.left[drawn]], place[both.right[drawn]]
    inside = (left >= 0) & (right >= 0) & (left != right)
    return Pairs(left[inside], right[inside])


def communities(pairs: Pairs, size: int, *, rounds: int = ROUNDS) -> Ints:
    """For each of `size` nodes the smallest node of its community, int32 (size,).

    Label propagation (Raghavan, Albert & Kumara 2007) in which an edge counts 1 / sqrt(d_u d_v), so that a
    hub does not swallow all around it, and half of the nodes change in a round, so that no two swap for
    ever. A node without edges is a community of its own.
    """
    state = np.arange(size, dtype=np.int64)
    if not len(pairs.left):
        return state.astype(np.int32)
    degree = np.bincount(np.concatenate([pairs.left, pairs.right]), minlength=size)
    weight = 1.0 / np.sqrt(degree[pairs.left].astype(np.float64) * degree[pairs.right])
    tail, head = np.concatenate([pairs.left, pairs.right]), np.concatenate([pairs.right, pairs.left])
    both = np.concatenate([weight, weight])
    for turn in range(rounds):
        moving = ((tail * 0x9E3779B1 >> 7) + turn) % 2 == 0
        best, node = _strongest(tail[moving], state[head[moving]], both[moving], size)
        state[node] = best
    return label(np.arange(size), state, size)


def _strongest(tail: Longs, said: Longs, weight: Weights, size: int) -> tuple[Longs, Longs]:
    """For each node that has edges the label that weighs most around it (the smallest of equals)."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - only a map too large to be drawn needs it

    table = coo_matrix((weight, (tail, said)), shape=(size, size)).tocsr()
    table.sum_duplicates()
    node = np.flatnonzero(np.diff(table.indptr))
    if not len(node):
        return node, node
    start = table.indptr[node]
    total = np.round(table.data, 9)
    most = np.repeat(np.maximum.reduceat(total, start), np.diff(table.indptr)[node])
    best = np.flatnonzero(total == most)
    return table.indices[best[np.searchsorted(best, start)]].astype(np.int64), node


def split(snapshot: Snapshot, members: Longs | None = None, *, most: int = MOST_GROUPS) -> list[Group]:
    """The groups that some nodes fall into, the largest first: at least two, at most `most`.

    Communities of communities while there are too many; of what is still scattered then, the small ones go
    together by the kind of node that is commonest in each. A community that holds nearly all is opened at
    once, since whoever opened it would see the same again. What nothing divides is divided by kind, and nodes
    of one kind by their degree.

    Args:
        snapshot: of the viewer.
        members: node indices, ascending; all when not given.
        most: groups at most, from 2.
    """
    nodes = np.arange(snapshot.size) if members is None else members
    if len(nodes) < 2:
        return [Group(members=nodes)] if len(nodes) else []
    found = _few(communities_of(within(snapshot, nodes), len(nodes), most), _kinds(snapshot, nodes), most)
    if _lump(found, len(nodes)) and most > len(found):
        found = _without_lump(snapshot, nodes, found, most)
    groups = [Group(members=nodes[rows], kind=kind) for rows, kind in found]
    return sorted(groups, key=lambda group: (-len(group.members), int(group.members[0])))


def _kinds(snapshot: Snapshot, nodes: Longs) -> Longs:
    return snapshot.kind[nodes].astype(np.int64)


def _lump(found: Found, size: int) -> bool:
    """Whether one group is all, or nearly all of what is too much to be shown one by one."""
    largest = max(len(rows) for rows, _ in found)
    return len(found) == 1 or largest > max(FEW, LUMP * size)


def _without_lump(snapshot: Snapshot, nodes: Longs, found: Found, most: int) -> Found:
    """The groups with the largest one divided: by communities of its own, by kind or by degree."""
    lump = max(range(len(found)), key=lambda at: len(found[at][0]))
    rows, (beside, left) = found[lump][0], (found[:lump] + found[lump + 1 :], most - len(found) + 1)
    inside, kind = nodes[rows], _kinds(snapshot, nodes[rows])
    apart = [(np.arange(len(rows)), -1)]
    if beside:  # it was found among others, and falls into smaller ones without them
        apart = _few(communities_of(within(snapshot, inside), len(rows), left), kind, left)
    if _lump(apart, len(rows)):
        apart = _by_kind(kind, left)
    if _lump(apart, len(rows)):
        apart = _by_degree(snapshot, inside, left)
    return beside + [(rows[part], number) for part, number in apart]


def communities_of(pairs: Pairs, size: int, most: int) -> Longs:
    """Communities, each by its smallest node, put together while more than `most` have neighbours.

    The last step is not taken where it would leave fewer than `LEAST` with neighbours: all in one lump.
    """
    state = communities(pairs, size).astype(np.int64)
    for _ in range(MERGES):
        apart = state[pairs.left] != state[pairs.right]
        if _touching(state, pairs, apart) <= most:
            break
        names, place = np.unique(state, return_inverse=True)
        between = Pairs(place[pairs.left[apart]], place[pairs.right[apart]])
        merged = names[communities(between, len(names))][place]
        if _touching(merged, pairs, merged[pairs.left] != merged[pairs.right]) < LEAST:
            break
        state = merged
    return state


def _touching(state: Longs, pairs: Pairs, apart: Bools) -> int:
    """How many communities have an edge to another."""
    return len(distinct(state[np.concatenate([pairs.left[apart], pairs.right[apart]])]))


def _few(state: Longs, kind: Longs, most: int) -> Found:
    """Rows by community; those beyond the `most` largest, and single nodes, together by kind."""
    names, place, count = np.unique(state, return_inverse=True, return_counts=True)
    if len(names) <= most:
        return [(np.flatnonzero(place == number), -1) for number in range(len(names))]
    kinds = len(distinct(kind))
    kept = max(most - min(kinds, most // 2), 1)
    order = np.lexsort((names, -count))[:kept]
    order = order[count[order] >= (2 if len(kind) <= FEW else max(LEAST_KEPT, len(kind) // 2_000))]
    rank = np.full(len(names), -1, np.int64)
    rank[order] = np.arange(len(order))
    of_row = rank[place]
    found: Found = [(np.flatnonzero(of_row == number), -1) for number in range(len(order))]
    rest = np.flatnonzero(of_row < 0)
    commonest = _commonest(place[rest], kind[rest])
    slots = distinct(commonest)[: most - len(found)]
    commonest[~np.isin(commonest, slots)] = slots[-1]
    return found + [(rest[commonest == one], int(one)) for one in slots]


def _commonest(place: Longs, kind: Longs) -> Longs:
    """For each row the commonest kind among those of its community (the smallest of equals)."""
    pair, count = np.unique(np.stack([place, kind]), axis=1, return_counts=True)
    order = np.lexsort((pair[1], -count, pair[0]))
    owner = pair[0][order]
    first = np.concatenate([[True], owner[1:] != owner[:-1]])
    table = dict(zip(owner[first].tolist(), pair[1][order][first].tolist(), strict=True))
    return np.array([table[one] for one in place.tolist()], np.int64)


def _by_kind(kind: Longs, most: int) -> Found:
    names = distinct(kind)[:most]
    own = np.where(np.isin(kind, names), kind, names[-1])
    return [(np.flatnonzero(own == one), int(one)) for one in names]


def _by_degree(snapshot: Snapshot, nodes: Longs, most: int) -> Found:
    """Slices of equal size, the busiest nodes first, none smaller than what is shown one by one."""
    order = np.lexsort((nodes, -snapshot.degree[nodes]))
    slices = min(most, max(2, -(-len(nodes) // FEW)))
    kind = int(snapshot.kind[nodes[0]])
    return [(np.sort(part), kind) for part in np.array_split(order, slices) if len(part)]


def part(snapshot: Snapshot, members: Longs, *, few: int = FEW) -> Part:
    """Some nodes and the groups they fall into; none where they are few enough to be shown one by one."""
    return Part(members, split(snapshot, members) if len(members) > few else [])


def opened(snapshot: Snapshot, way: Sequence[int]) -> Part | None:
    """The part at the end of a way; None for no such way.

    Args:
        snapshot: of the viewer.
        way: which group, then which of its groups, and so on; empty for the whole map.
    """
    found = part(snapshot, np.arange(snapshot.size))
    for step in way:
        if not 0 <= step < len(found.groups):
            return None
        found = part(snapshot, found.groups[step].members)
    return found


def ties(snapshot: Snapshot, groups: Sequence[Group]) -> list[tuple[int, int, int]]:
    """How many drawn edges run between each two groups: (a, b, count) by group number, a < b."""
    of_node = np.full(snapshot.size, -1, np.int64)
    for number, group in enumerate(groups):
        of_node[group.members] = number
    both, drawn = ends(snapshot), usable(snapshot)
    left, right = of_node[both.left[drawn]], of_node[both.right[drawn]]
    apart = (left >= 0) & (right >= 0) & (left != right)
    low, high = np.minimum(left, right)[apart], np.maximum(left, right)[apart]
    pair, count = np.unique(low * len(groups) + high, return_counts=True)
    return [(int(p) // len(groups), int(p) % len(groups), int(n)) for p, n in zip(pair, count, strict=True)]
