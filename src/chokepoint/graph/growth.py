"""A snapshot from an earlier one and the claims that came since: only what they touch is reckoned anew.

`grown` gives what `build` gives of all claims together. What may be touched besides by what is no claim
(judgements of identity, lives of identifiers, rules) is no business of it: where that has changed, build.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chokepoint.graph.adjacency import Adjacency, with_edges
from chokepoint.graph.bonds import LEAST_SAME, bind
from chokepoint.graph.columns import distinct, within
from chokepoint.graph.components import joined, label
from chokepoint.graph.statements import hull, publishers
from chokepoint.graph.traits import BARRED, carrying, of_degree, of_kind

if TYPE_CHECKING:
    from chokepoint.graph.bonds import Bonds
    from chokepoint.graph.columns import Bools, Ints, LinkRows, Longs, Masks, SameRows, Shorts
    from chokepoint.graph.snapshot import Snapshot, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What came to a map of N nodes: F claims, and M nodes of which nothing was said before.

    Attributes:
        links: the claims, behind all that the map has in the ledger; their ends are node indices, N and
            more for new ones in the order in which they come up, their names and origins those of the map
            with further origins behind.
        eid: int64 (M,), entity numbers of the new nodes. kind: int16 (M,), into the map's `kind_names`.
        flags: uint32 (M,), bits of the map's `categories`.
        marked: node indices, and `mark`, a bit of the `categories`, which the claims say of them.
        same: all judgements of identity, by node indices; numbers of N + M and more are no nodes.
    """

    links: LinkRows
    eid: Longs
    kind: Shorts
    flags: Masks
    marked: Longs
    mark: int
    same: SameRows


_STANDING = ("belief", "verdict", "simulated", "spoken")


class Grown(NamedTuple):
    """A snapshot, and the statements of which it has further claims, ascending: their standing is due."""

    snapshot: Snapshot
    touched: Longs


def grown(base: Snapshot, fresh: Fresh, *, least_same: float = LEAST_SAME) -> Grown | None:
    """The snapshot of what a map has and what came; None where other bonds join it than before.

    Statements of which no claim came stand as they did; those `touched` have yet to be judged.
    """
    eid = np.concatenate([base.eid, fresh.eid])
    bonds = bind(fresh.same, np.arange(len(eid)), least=least_same)
    if not _as_before(base, bonds):
        return None
    cluster = base.cluster if np.array_equal(bonds.cluster, base.cluster) else bonds.cluster
    if not len(fresh.links.seq):
        return Grown(replace(base, cluster=cluster), np.zeros(0, np.int64))
    place = _placed(base, fresh.links, len(eid))
    said = _said(base, fresh.links, place)
    kind = np.concatenate([base.kind, fresh.kind])
    whole = replace(
        base, eid=eid, by_eid=_by_eid(base, fresh.eid), kind=kind, cluster=cluster,
        origin_names=fresh.links.origin_names, **said,
    )  # fmt: skip
    return Grown(replace(whole, **_edges(base, whole, fresh, place)), place.touched)


def judged(snapshot: Snapshot, statements: Longs, standing: Standing) -> Snapshot:
    """The snapshot with the standing of some of its statements, in their order."""
    if not len(statements):
        return snapshot
    fields: dict[str, Any] = {}
    for name in _STANDING:
        array = getattr(snapshot, name).copy()
        array[statements] = getattr(standing, name)
        fields[name] = array
    return replace(snapshot, **fields)


def statements_at(snapshot: Snapshot, subject: Longs, thing: Longs, relation: Shorts) -> Longs:
    """The numbers of the statements with these ends and properties, ascending and distinct.

    None has a statement that the snapshot lacks.
    """
    names = len(snapshot.property_names)
    wanted = distinct(_keys((subject, thing, relation), snapshot.size, names))
    known = _known(snapshot, snapshot.size)
    at = np.searchsorted(known, wanted)
    at = at[at < len(known)]
    found: Longs = at[known[at] == wanted[: len(at)]]
    return found


class _Place(NamedTuple):
    """Where F claims go.

    Attributes:
        order: int64 (F,), the claims by statement, in ledger order within each.
        claims: int64 (T,), how many came for each touched statement.
        at: int64 (T,), before which of the earlier statements each touched one stands, or which it is.
        new: bool (T,), whether it was no statement before.
        moved: int64 (S,), the number that each earlier statement has now.
        touched: int64 (T,), the numbers of those that have further claims, ascending.
    """

    order: Longs
    claims: Longs
    at: Longs
    new: Bools
    moved: Longs
    touched: Longs


def _keys(said: tuple[Any, Any, Any], size: int, names: int) -> Longs:
    """Of subjects, objects and properties, in the order of statements, for nodes below `size`."""
    subject, thing, relation = said
    key: Longs = (subject.astype(np.int64) * size + thing) * names + relation
    return key


def _known(base: Snapshot, size: int) -> Longs:
    """Of all statements of a map, ascending."""
    return _keys((base.subject, base.object, base.relation), size, len(base.property_names))


def _placed(base: Snapshot, links: LinkRows, size: int) -> _Place:
    known = _known(base, size)
    key = _keys((links.subject, links.object, links.property), size, len(base.property_names))
    order = np.argsort(key, kind="stable")
    wanted = distinct(key)
    at = np.searchsorted(known, wanted)
    new = np.ones(len(wanted), np.bool_)
    inside = at < len(known)
    new[inside] = known[at[inside]] != wanted[inside]
    before = np.bincount(at[new], minlength=len(known) + 1)[: len(known)]
    return _Place(
        order=order,
        claims=np.bincount(np.searchsorted(wanted, key), minlength=len(wanted)),
        at=at,
        new=new,
        moved=np.arange(len(known)) + np.cumsum(before),
        touched=at + np.cumsum(new) - new,
    )


def _said(base: Snapshot, links: LinkRows, place: _Place) -> dict[str, Any]:
    """The statements with their claims, all but how they stand."""
    first: tuple[Any, ...] = (links.subject, links.object, links.property)
    start = np.cumsum(place.claims) - place.claims
    where = place.at[place.new]
    fields: dict[str, Any] = {
        name: np.insert(getattr(base, name), where, values[place.order[start[place.new]]])
        for name, values in zip(("subject", "object", "relation"), first, strict=True)
    }
    later = np.repeat(base.claim_pointer[place.at + ~place.new], place.claims)
    for name, values in (
        ("seq", links.seq), ("origin", links.origin), ("start", links.start), ("end", links.end),
    ):  # fmt: skip
        fields[f"claim_{name}"] = np.insert(getattr(base, f"claim_{name}"), later, values[place.order])
    sizes = np.insert(np.diff(base.claim_pointer), where, 0)
    sizes[place.touched] += place.claims
    pointer = fields["claim_pointer"] = np.concatenate([[0], np.cumsum(sizes)])
    for name in (*_STANDING, "assessment", "first", "last", "origins", "subject_period", "object_period"):
        fields[name] = np.insert(getattr(base, name), where, 0)
    fields["assessment"][place.touched[place.new]] = True
    fields["assessment"][place.touched] &= np.logical_and.reduceat(links.assessment[place.order], start)
    rows = within(pointer[place.touched], pointer[place.touched + 1])
    size = sizes[place.touched]
    begin = np.cumsum(size) - size
    fields["first"][place.touched] = hull(fields["claim_start"][rows], begin, latest=False)
    fields["last"][place.touched] = hull(fields["claim_end"][rows], begin, latest=True)
    fields["origins"][place.touched] = publishers(
        np.repeat(np.arange(len(size)), size), fields["claim_origin"][rows], len(size)
    )
    return fields


def _edges(base: Snapshot, whole: Snapshot, fresh: Fresh, place: _Place) -> dict[str, Any]:
    """Adjacency, flags and components of the nodes with all statements."""
    size, count = whole.size, len(whole.subject)
    left = np.concatenate([whole.subject, base.bond_left])
    right = np.concatenate([whole.object, base.bond_right])
    moved = np.concatenate([place.moved, count + np.arange(len(base.bond_left))])
    known = Adjacency(base.pointer, base.neighbour, base.edge)
    edges = with_edges(known, left, right, moved=moved, size=size) if place.new.any() else known
    flags = _flags(base, whole, fresh, np.diff(edges.pointer))
    new = place.touched[place.new]
    ends = left[new], right[new]
    alone = np.arange(base.size, size, dtype=np.int32)
    strand = np.concatenate([base.strand, alone])
    if ((flags[: base.size] ^ base.flags) & BARRED).any():
        carries = carrying(flags, left, right, base.joining[whole.relation])
        strand = label(left[carries], right[carries], size)
    else:
        carries = carrying(flags, *ends, base.joining[whole.relation[new]])
        strand = joined(strand, ends[0][carries], ends[1][carries])
    component = joined(np.concatenate([base.component, alone]), *ends)
    return {"flags": flags, "component": component, "strand": strand, **edges._asdict()}


def _flags(base: Snapshot, whole: Snapshot, fresh: Fresh, degree: Longs) -> Masks:
    flags = np.concatenate([base.flags, fresh.flags])
    flags[base.size :] |= of_kind(fresh.kind, base.kind_names)
    flags[fresh.marked] |= np.uint32(fresh.mark)
    flags |= of_degree(whole.kind, base.kind_names, degree)
    return flags


def _by_eid(base: Snapshot, eid: Longs) -> Ints:
    """All nodes ascending by entity number."""
    order = np.argsort(eid, kind="stable")
    at = np.searchsorted(base.eid, eid[order], sorter=base.by_eid)
    return np.insert(base.by_eid, at, (base.size + order).astype(np.int32))


def _as_before(base: Snapshot, bonds: Bonds) -> bool:
    """Whether the same pairs are held to be one, for the same reasons."""
    return (
        np.array_equal(bonds.left, base.bond_left)
        and np.array_equal(bonds.right, base.bond_right)
        and np.array_equal(bonds.belief, base.bond_belief)
        and bonds.reason == base.bond_reason
    )
