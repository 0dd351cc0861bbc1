"""The snapshot: immutable arrays of what one viewer may see, as of one ledger position."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from chokepoint.graph.adjacency import adjacency
from chokepoint.graph.bonds import LEAST_SAME, bind
from chokepoint.graph.columns import distinct
from chokepoint.graph.components import label
from chokepoint.graph.statements import Statements, group, places
from chokepoint.graph.traits import SPLIT, carrying, of_degree, of_kind
from chokepoint.model.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from chokepoint.graph.columns import (
        Bools,
        Bytes,
        Floats,
        Ints,
        LinkRows,
        Longs,
        Masks,
        Rows,
        Shorts,
        VoteRows,
    )


class Standing(Protocol):
    """Belief, verdict number and simulated mark of each statement."""

    @property
    def belief(self) -> Floats:
        """Probability that it is true, float32 (S,)."""

    @property
    def verdict(self) -> Bytes:
        """Index into the verdicts of the model, int8 (S,)."""

    @property
    def simulated(self) -> Bools:
        """Whether simulated votes decided, bool (S,)."""

    @property
    def spoken(self) -> Bools:
        """Whether the viewer's organisation voted or contributed, bool (S,)."""


class Judge(Protocol):
    """Gives statements their standing; `chokepoint.vet.standing` has the one in use."""

    def __call__(self, statement: Longs, claims: LinkRows, votes: VoteRows, *, count: int) -> Standing:
        """Standing of `count` statements, `statement` naming that of each claim (-1: of none)."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """N nodes, S statements with C claims, I identity bonds.

    Edges are numbered: below S a statement, from S on the bond `edge - S`. A node is named by its
    index, `eid[index]` being its entity number.

    Attributes:
        eid: int64 (N,), distinct. by_eid: int32 (N,), the nodes ascending by it.
        kind: int16 (N,), into `kind_names`.
        flags: uint32 (N,), bits of `categories`, then those of `graph.traits`.
        cluster: int32 (N,), index of the canonical node.
        component: int32 (N,), connected over all edges. strand: the same without barred nodes and
            without properties that join nothing.
        subject, object: int32 (S,). relation: int16 (S,), the property, into `property_names`.
        belief: float32 (S,). verdict: int8 (S,). simulated, assessment: bool (S,). spoken: bool (S,),
            whether the viewer's organisation voted or contributed.
        first, last: int32 (S,), days, half-open, `columns.UNKNOWN`. origins: int32 (S,), how many.
        subject_period, object_period: int8 (S,), life of that end that the statement speaks of, 0
            where the end has one life only or the life is not known.
        claim_pointer: int64 (S + 1,) into claim_seq int64, claim_origin, claim_start, claim_end int32 (C,).
        bond_left, bond_right: int32 (I,). bond_belief: float32 (I,). bond_reason: in words.
        pointer: int64 (N + 1,) into neighbour, edge int32 (2 (S + I),), ascending by neighbour.
        period_node: int32 (P,); period_number: int8; period_start, period_end: int32; period_reason.
        joining: for each property, whether it can carry identity or one operator. loose: whether it says no
            more than that a source names two things together.
        origin_names: of the root publishers by the numbers in claim_origin.
    """

    eid: Longs
    by_eid: Ints
    kind: Shorts
    flags: Masks
    cluster: Ints
    component: Ints
    strand: Ints
    subject: Ints
    object: Ints
    relation: Shorts
    belief: Floats
    verdict: Bytes
    simulated: Bools
    spoken: Bools
    assessment: Bools
    first: Ints
    last: Ints
    origins: Ints
    subject_period: Bytes
    object_period: Bytes
    claim_pointer: Longs
    claim_seq: Longs
    claim_origin: Ints
    claim_start: Ints
    claim_end: Ints
    bond_left: Ints
    bond_right: Ints
    bond_belief: Floats
    pointer: Longs
    neighbour: Ints
    edge: Ints
    period_node: Ints
    period_number: Bytes
    period_start: Ints
    period_end: Ints
    joining: Bools
    loose: Bools
    kind_names: tuple[str, ...]
    property_names: tuple[str, ...]
    origin_names: tuple[str, ...]
    categories: tuple[tuple[str, str], ...]
    bond_reason: tuple[str, ...]
    period_reason: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.eid)

    @cached_property
    def degree(self) -> Longs:
        """Edges at each node, int64 (N,)."""
        return np.diff(self.pointer)

    def index(self, eids: NDArray[Any]) -> Longs:
        """Node indices of those entity numbers that this viewer sees; the others are left out."""
        wanted = np.asarray(eids, np.int64)
        if not self.size:
            return np.zeros(0, np.int64)
        at = np.searchsorted(self.eid, wanted, sorter=self.by_eid)
        near = self.by_eid[np.minimum(at, self.size - 1)].astype(np.int64)
        found: Longs = near[self.eid[near] == wanted]
        return found

    def claims(self, statement: int) -> slice:
        """Where the claims of a statement lie in the claim arrays."""
        return slice(int(self.claim_pointer[statement]), int(self.claim_pointer[statement + 1]))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The snapshot as named arrays; texts as one UTF-8 JSON array `texts` of uint8."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        texts = {name: value for name, value in values.items() if isinstance(value, tuple)}
        arrays = {name: value for name, value in values.items() if name not in texts}
        return arrays | {"texts": np.frombuffer(json.dumps(texts).encode(), np.uint8)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Snapshot:
        """A snapshot from what `to_arrays` gave; the arrays may be memory-mapped.

        Raises:
            BadInputError: an array is missing, as in a cache of another version.
        """
        try:
            texts = json.loads(bytes(arrays["texts"]))
            values: dict[str, Any] = {f.name: arrays[f.name] for f in fields(cls) if f.name not in texts}
            values |= {name: tuple(map(_frozen, value)) for name, value in texts.items()}
            return cls(**values)
        except (KeyError, TypeError, ValueError) as cause:
            raise BadInputError("the cached snapshot has another form", mend="build it anew") from cause


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def build(
    rows: Rows,
    *,
    judge: Judge,
    joining: Mapping[str, bool],
    loose: AbstractSet[str] = frozenset(),
    eids: Longs | None = None,
    least_same: float = LEAST_SAME,
) -> Snapshot:
    """Build the snapshot.

    Args:
        rows: what the viewer may see.
        eids: entity numbers of the nodes, where `rows` numbers them otherwise.
        judge: gives statements belief and verdict.
        joining: for each property name whether it may carry identity; an absent one may.
        loose: names of properties that say no more than that a source names two things together.
        least_same: belief below which "same" does not join two entities.
    """
    statements = group(rows.links, rows.nodes)
    of_row = np.full(len(rows.links.seq), -1, np.int64)
    of_row[statements.order] = statements.of_claim
    standing = judge(of_row, rows.links, rows.votes, count=len(statements.subject))
    bonds = bind(rows.same, rows.nodes.eid, least=least_same)
    joins = np.array([joining.get(name, True) for name in rows.links.property_names], np.bool_)
    left = np.concatenate([statements.subject, bonds.left])
    right = np.concatenate([statements.object, bonds.right])
    edges = adjacency(left, right, len(rows.nodes.eid))
    flags = _flags(rows, np.diff(edges.pointer))
    carries = carrying(flags, left, right, joins[statements.property])
    eid = rows.nodes.eid if eids is None else eids
    return Snapshot(
        eid=eid, by_eid=np.argsort(eid, kind="stable").astype(np.int32), kind=rows.nodes.kind,
        flags=flags, component=label(left, right, len(eid)),
        strand=label(left[carries], right[carries], len(eid)),
        **_said(rows, statements), cluster=bonds.cluster, bond_left=bonds.left, bond_right=bonds.right,
        bond_belief=bonds.belief, bond_reason=bonds.reason, **edges._asdict(),
        **_periods(rows, statements), belief=standing.belief.astype(np.float32),
        verdict=standing.verdict, simulated=standing.simulated, spoken=standing.spoken, joining=joins,
        loose=np.array([name in loose for name in rows.links.property_names], np.bool_),
        kind_names=rows.nodes.kind_names, property_names=rows.links.property_names,
        origin_names=rows.links.origin_names,
        categories=rows.listing.categories if rows.listing else (),
    )  # fmt: skip


def _said(rows: Rows, said: Statements) -> dict[str, Any]:
    links = rows.links
    return {
        "subject": said.subject, "object": said.object, "relation": said.property,
        "assessment": said.assessment, "first": said.first, "last": said.last, "origins": said.origins,
        "claim_pointer": said.pointer, "claim_seq": links.seq[said.order],
        "claim_origin": links.origin[said.order], "claim_start": links.start[said.order],
        "claim_end": links.end[said.order],
    }  # fmt: skip


def _flags(rows: Rows, degree: Longs) -> Masks:
    flags = rows.listing.flags.copy() if rows.listing else np.zeros(len(rows.nodes.eid), np.uint32)
    flags |= of_kind(rows.nodes.kind, rows.nodes.kind_names)
    flags |= of_degree(rows.nodes.kind, rows.nodes.kind_names, degree)
    split = distinct(rows.periods.eid[rows.periods.number > 1])
    flags[np.isin(rows.nodes.eid, split)] |= np.uint32(SPLIT)
    return flags


def _periods(rows: Rows, said: Statements) -> dict[str, Any]:
    eid, periods = rows.nodes.eid, rows.periods
    node = places(eid, periods.eid)
    seen = node >= 0
    place = {
        "subject_period": _life(rows, said, said.subject),
        "object_period": _life(rows, said, said.object),
    }
    return place | {
        "period_node": node[seen].astype(np.int32),
        "period_number": periods.number[seen],
        "period_start": periods.start[seen],
        "period_end": periods.end[seen],
        "period_reason": tuple(r for r, kept in zip(periods.reason, seen, strict=True) if kept),
    }


def _life(rows: Rows, said: Statements, end: Ints) -> Bytes:
    """The life of one end of each statement: that of its first claim which names one."""
    life = np.zeros(len(said.subject), np.int8)
    periods = rows.periods
    if not len(periods.claim):
        return life
    seq = rows.links.seq[said.order]
    by_seq = np.argsort(seq)
    at = np.minimum(np.searchsorted(seq[by_seq], periods.claim), max(len(seq) - 1, 0))
    claim = by_seq[at]
    statement = said.of_claim[claim]
    named = (seq[claim] == periods.claim) & (rows.nodes.eid[end[statement]] == periods.eid[periods.row])
    life[statement[named][::-1]] = periods.number[periods.row[named]][::-1]
    return life
