"""What the desk hands to the graph: one viewer's visible rows as columns.

All arrays of one class have the same length; rows are in ledger order unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN = -(2**31)
T = TypeVar("T", bound=np.integer)

Bools = NDArray[np.bool_]
Bytes = NDArray[np.int8]
Shorts = NDArray[np.int16]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]
Masks = NDArray[np.uint32]


def distinct(numbers: NDArray[T]) -> NDArray[T]:
    """The different numbers in an array of one dimension, ascending.

    As `np.unique`, which looks whole numbers up in a table since numpy 2.3 and takes a hundred times as long
    as sorting them.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def within(start: Longs, end: Longs) -> Longs:
    """All numbers from each start up to its end, one range after the other.

    >>> within(np.array([7, 2]), np.array([9, 3])).tolist()
    [7, 8, 2]
    """
    length = end - start
    before = np.cumsum(length) - length
    numbers: Longs = np.arange(int(length.sum())) + np.repeat(start - before, length)
    return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRows:
    """Claims whose property is a link, ascending by ledger position.

    Attributes:
        seq: ledger position of the claim.
        subject, object: entity numbers.
        property: index into `property_names`.
        origin: number of the root publisher.
        reliability: 0 to 5 for Admiralty A to F.
        credibility: 1 to 6.
        owner: number of the contributing organisation.
        start, end: days since 1970-01-01, half-open, `UNKNOWN` where the source gives none.
        assessment: whether the claim is somebody's conclusion.
        property_names: names of the vocabulary.
        origin_names: of the root publishers, where they are to be told.
    """

    seq: Longs
    subject: Longs
    object: Longs
    property: Shorts
    origin: Ints
    reliability: Bytes
    credibility: Bytes
    owner: Ints
    start: Ints
    end: Ints
    assessment: Bools
    property_names: tuple[str, ...]
    origin_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRows:
    """Votes on claims; the newest of an organisation on a claim counts.

    Attributes:
        claim: ledger position of the claim voted on.
        organisation: number of the voter, in the space of `LinkRows.owner`.
        vote: 1 confirm, -1 dispute, 0 unsure.
        simulated: cast by a demonstration rule.
    """

    claim: Longs
    organisation: Ints
    vote: Bytes
    simulated: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRows:
    """Entities that visible claims speak of, ascending and distinct by number.

    Attributes:
        eid: entity number.
        kind: index into `kind_names`.
        value: normal form.
        kind_names: names of the vocabulary.
    """

    eid: Longs
    kind: Shorts
    value: list[str]
    kind_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SameRows:
    """Identity judgements; the newest of an organisation on a pair counts.

    Attributes:
        left, right: entity numbers, in either order.
        sameness: 1 same, -1 different, 0 unsure.
        organisation: who judged.
        belief: probability that the two are one, as the judge put it.
        reason: what the judgement rests on, in words.
    """

    left: Longs
    right: Longs
    sameness: Bytes
    organisation: Ints
    belief: Floats
    reason: list[str]


class _Period(Protocol):
    @property
    def eid(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def claims(self) -> tuple[int, ...]: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRows:
    """Lives of identifiers that changed hands, one row a life, and the claims of each.

    Attributes:
        eid: entity number of the identifier.
        number: 1 for the first life, 2 for the second, …
        start, end: days as in `LinkRows`.
        reason: why it is taken for a life of its own.
        claim: ledger positions of claims about any of the lives.
        row: for each of `claim`, the row of its life.
    """

    eid: Longs
    number: Bytes
    start: Ints
    end: Ints
    reason: list[str]
    claim: Longs
    row: Longs

    @classmethod
    def of(cls, periods: Iterable[_Period]) -> PeriodRows:
        """Columns of periods as `chokepoint.link.period` proposes them."""
        rows = list(periods)
        return cls(
            eid=np.array([p.eid for p in rows], np.int64),
            number=np.array([p.number for p in rows], np.int8),
            start=np.array([p.start for p in rows], np.int32),
            end=np.array([p.end for p in rows], np.int32),
            reason=[p.reason for p in rows],
            claim=np.array([seq for p in rows for seq in p.claims], np.int64),
            row=np.repeat(np.arange(len(rows)), [len(p.claims) for p in rows]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What known-good and shared-infrastructure lists say of the nodes.

    Attributes:
        flags: uint32 (N,) aligned with `NodeRows`; bit i set: the node is of category i.
        categories: for each bit, the warning code and the sentence that a path through the node
            carries; at most 24.
    """

    flags: Masks
    categories: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Everything a snapshot is made of, as one viewer sees it.

    Attributes:
        links, votes, nodes, same: the visible rows.
        listing: known-good and shared infrastructure; none when nothing was looked up.
        periods: lives of identifiers that changed hands; none when none was found.
    """

    links: LinkRows
    votes: VoteRows
    nodes: NodeRows
    same: SameRows
    listing: Listing | None = None
    periods: PeriodRows = field(default_factory=lambda: PeriodRows.of(()))
