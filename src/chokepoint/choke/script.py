"""The crime script at work, read from a snapshot: which things pass money or victims on, and what they need.

What a property and a kind do in it is data: `chain` of the properties and `phase` of the kinds in
`model/vocabulary.toml`. Clusters are one node, named by the canonical one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.reach import reached
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from chokepoint.choke.chain import Flags, Ints
    from chokepoint.graph.snapshot import Snapshot

FEEDING = ("lure", "contact")
FED = ("payment", "laundering", "cash-out")
ENABLING = ("enabler",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Ordered pairs of nodes, each from one statement; int32 (P,) each.

    Attributes:
        tail, head: canonical nodes of the snapshot.
        row: the statement.
    """

    tail: Ints
    head: Ints
    row: Ints

    def only(self, kept: Flags | Ints) -> Pairs:
        """Those of a mask or of positions."""
        return Pairs(tail=self.tail[kept], head=self.head[kept], row=self.row[kept])

    def and_(self, other: Pairs) -> Pairs:
        """Both, these first."""
        ends = ((self.tail, other.tail), (self.head, other.head), (self.row, other.row))
        tail, head, row = (np.concatenate(pair) for pair in ends)
        return Pairs(tail=tail, head=head, row=row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The part of a map that carries something from victims to cash-outs.

    Attributes:
        flow: what passes something on, on some way from an entry to a cash-out.
        needs: who (tail) needs one of several (head) to work; one capability a (tail, property, kind).
        nodes: int32, all in `flow`, ascending.
        entries: those at which victims come in.
        cash_outs: those with which value leaves.
        loose_ends: things that take payments of victims of which no further way is known.
        loose_starts: things that pass value to a cash-out and of which no victims are known.
        rows: statements that were looked at.
    """

    flow: Pairs
    needs: Pairs
    nodes: Ints
    entries: Ints
    cash_outs: Ints
    loose_ends: Ints
    loose_starts: Ints
    rows: Ints


def read_script(snapshot: Snapshot, usable: Flags, laundering: Collection[int] = ()) -> Script:
    """The script of a map.

    Args:
        snapshot: the map.
        usable: bool (S,), statements that count.
        laundering: canonical nodes that hold value only to pass it on, whatever their kind.
    """
    flow, needs, contact = _pairs(snapshot, usable)
    size = snapshot.size
    fed, feeding = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    fed[flow.head], feeding[flow.tail] = True, True
    entries = feeding & (_of_phase(snapshot, FEEDING[:1]) | (~fed & ~_of_phase(snapshot, FED)))
    ends = _among(snapshot.kind_names, vocabulary().chain.cash_out)[snapshot.kind] & fed
    ends[np.asarray(sorted(laundering), np.int64)] = False
    ahead = reached(flow.tail, flow.head, entries)
    behind = reached(flow.head, flow.tail, ends)
    on_way = ahead & behind
    paid = _of_phase(snapshot, FED) & (fed | feeding)
    looked = np.zeros(len(usable), np.bool_)  # a million rows sort ten times as slowly as they are marked
    looked[flow.row] = looked[needs.row] = True
    kept = flow.only(on_way[flow.tail] & on_way[flow.head])
    dead_end = contact.only(on_way[contact.tail] & ~on_way[contact.head])
    return Script(
        flow=kept,
        needs=needs.only(on_way[needs.tail]).and_(dead_end),
        nodes=np.flatnonzero(on_way).astype(np.int32),
        entries=np.flatnonzero(entries & on_way).astype(np.int32),
        cash_outs=np.flatnonzero(ends & on_way).astype(np.int32),
        loose_ends=np.flatnonzero(paid & ahead & ~behind).astype(np.int32),
        loose_starts=np.flatnonzero(paid & behind & ~ahead & ~ends).astype(np.int32),
        rows=np.flatnonzero(looked).astype(np.int32),
    )


def _pairs(snapshot: Snapshot, usable: Flags) -> tuple[Pairs, Pairs, Pairs]:
    """What flows, what is needed, and of the former the contacts."""
    part = _part(snapshot, usable)
    held = part("holder")
    holds = _among(snapshot.kind_names, vocabulary().chain.cash_out)[snapshot.kind[held.head]]
    member = part("member")
    concrete = [name for name, kind in vocabulary().kinds.items() if kind.family == "identifier"]
    member = member.only(~_among(snapshot.kind_names, concrete)[snapshot.kind[member.head]])
    feeds, is_fed, enables = (
        member.only(_of_phase(snapshot, phases)[member.tail]) for phases in (FEEDING, FED, ENABLING)
    )
    flow = part("flow").and_(held.only(holds)).and_(feeds).and_(_turned(is_fed))
    contact = flow.only(_among(snapshot.property_names, ["contact"])[snapshot.relation[flow.row]])
    return flow, part("need").and_(_turned(enables)), contact


def _part(snapshot: Snapshot, usable: Flags) -> Callable[[str], Pairs]:
    words = vocabulary().properties
    known = _among(snapshot.kind_names, vocabulary().kinds)[snapshot.kind]

    def part(name: str) -> Pairs:
        mine = [word for word, prop in words.items() if prop.chain == name]
        wanted = _among(snapshot.property_names, mine)[snapshot.relation]
        row = np.flatnonzero(usable & wanted).astype(np.int32)
        tail, head = snapshot.cluster[snapshot.subject[row]], snapshot.cluster[snapshot.object[row]]
        found = Pairs(tail=tail, head=head, row=row)
        return found.only((tail != head) & known[tail] & known[head])

    return part


def _turned(pairs: Pairs) -> Pairs:
    return Pairs(tail=pairs.head, head=pairs.tail, row=pairs.row)


def _of_phase(snapshot: Snapshot, phases: Collection[str]) -> Flags:
    """Bool (N,): nodes whose kind stands in one of the phases."""
    names = [name for name, kind in vocabulary().kinds.items() if kind.phase in phases]
    mask: Flags = _among(snapshot.kind_names, names)[snapshot.kind]
    return mask


def _among(names: tuple[str, ...], wanted: Collection[str]) -> Flags:
    """Whether each name is wanted, by its number: looked up there, a million rows take a millisecond."""
    return np.array([name in wanted for name in names], np.bool_)
