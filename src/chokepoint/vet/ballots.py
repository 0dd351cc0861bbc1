"""From votes on claims to ballots: one word an organisation and statement, and which of them count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from chokepoint.vet.ties import independent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chokepoint.vet.ties import Ties

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]
Flags = NDArray[np.bool_]

UNSAID = 2
"""The answer to a question that a vote left open."""
SPAN = 2**31
"""Above every organisation number: packs (statement, organisation) into one integer."""


class ClaimColumns(Protocol):
    """What is needed of claims, one row a claim, ascending by ledger position `seq`."""

    @property
    def seq(self) -> Longs:
        """Ledger positions."""

    @property
    def origin(self) -> Ints:
        """Numbers of the root publishers."""

    @property
    def reliability(self) -> Bytes:
        """0 to 5 for A to F."""

    @property
    def credibility(self) -> Bytes:
        """1 to 6."""

    @property
    def owner(self) -> Ints:
        """Contributing organisations."""


class VoteColumns(Protocol):
    """What is needed of votes, one row a vote in ledger order."""

    @property
    def claim(self) -> Longs:
        """Ledger position of the claim voted on."""

    @property
    def organisation(self) -> Ints:
        """Who votes."""

    @property
    def vote(self) -> Bytes:
        """Is it true? 1 confirm, -1 dispute, 0 unsure, `UNSAID`."""

    @property
    def simulated(self) -> Flags:
        """Cast by a demonstration rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The newest vote of each organisation on each claim of a statement, V rows.

    Attributes:
        row: int64 (V,), the claim's row.
        statement: int64 (V,).
        organisation: int32 (V,).
        vote: int8 (V,).
        simulated: bool (V,).
        source: int64 (V,), the vote's row among all votes.
    """

    row: Longs
    statement: Longs
    organisation: Ints
    vote: Bytes
    simulated: Flags
    source: Longs

    def where(self, mask: Flags) -> Cast:
        """The rows that the mask holds."""
        return Cast(
            row=self.row[mask],
            statement=self.statement[mask],
            organisation=self.organisation[mask],
            vote=self.vote[mask],
            simulated=self.simulated[mask],
            source=self.source[mask],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One word an (organisation, statement), W rows, ascending by statement, then organisation.

    Attributes:
        statement: int64 (W,).
        organisation: int32 (W,).
        vote: int8 (W,), what it counts for: 0 for a confirmation by somebody who may not vet it.
        counted: bool (W,), false where a tied organisation's word of the same kind counts instead.
    """

    statement: Longs
    organisation: Ints
    vote: Bytes
    counted: Flags


def newest(statement: Longs, seq: Longs, votes: VoteColumns, said: Bytes) -> Cast:
    """The newest answer to one question of each organisation on each claim.

    A simulated one never replaces a real one.

    Args:
        statement: int64 (C,), of each claim, -1 for none.
        seq: int64 (C,), positions of the claims, ascending.
        votes: all of them, V rows; those on other claims are passed over.
        said: int8 (V,), the answers; `UNSAID` is none.
    """
    keep = np.flatnonzero(said != UNSAID)
    row = np.searchsorted(seq, votes.claim[keep])
    known = row < len(seq)
    known[known] = (seq[row[known]] == votes.claim[keep[known]]) & (statement[row[known]] >= 0)
    keep, row = keep[known], row[known]
    rank = np.lexsort((keep, ~votes.simulated[keep], votes.organisation[keep], row))
    keep, row = keep[rank], row[rank]
    pair = row * SPAN + votes.organisation[keep]
    last = np.ones(len(keep), np.bool_)
    last[:-1] = pair[1:] != pair[:-1]
    keep, row = keep[last], row[last]
    return Cast(
        row=row,
        statement=statement[row],
        organisation=votes.organisation[keep],
        vote=said[keep],
        simulated=votes.simulated[keep],
        source=keep,
    )


def words(
    cast: Cast,
    claims: ClaimColumns,
    of_claim: Longs,
    ties: Ties,
    *,
    ever: Longs | None = None,
    mute: Collection[int] = (),
) -> Words:
    """One word an organisation and statement: dispute before confirm before unsure.

    Confirmations by contributors, by those tied to them, and by owners of the origin count for nothing.

    Args:
        cast: the votes.
        claims: C rows.
        of_claim: the statement that each claim supports, int64 (C,), -1 for none.
        ties: between organisations.
        ever: the same with claims that were withdrawn since: they bar whoever said them, and theirs.
        mute: organisations whose confirmations count for nothing, whatever they are about.
    """
    statement, organisation = cast.statement, cast.organisation.astype(np.int64)
    weight = np.select([cast.vote < 0, cast.vote > 0], [0, 1], 2)
    order = np.lexsort((weight, organisation, statement))
    statement, organisation, vote = statement[order], organisation[order], cast.vote[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (statement[1:] != statement[:-1]) | (organisation[1:] != organisation[:-1])
    statement, organisation, vote = statement[first], organisation[first], vote[first]
    barred = barred_from(statement, organisation, claims, (of_claim, ties))
    if mute:
        barred |= np.isin(organisation, list(mute))
    if ever is not None:
        barred |= barred_from(statement, organisation, claims, (ever, ties))
    vote = np.where(barred & (vote > 0), 0, vote).astype(np.int8)
    counted = _counted(statement, organisation, vote, ties)
    if ties.close:
        intimate = _close(statement, organisation, claims, (of_claim, ties)) & counted & (vote > 0)
        at = np.flatnonzero(intimate)
        counted[at[1:][statement[at[1:]] == statement[at[:-1]]]] = False
    return Words(statement=statement, organisation=organisation.astype(np.int32), vote=vote, counted=counted)


def barred_from(
    statement: Longs, organisation: Longs, claims: ClaimColumns, context: tuple[Longs, Ties]
) -> Flags:
    """For each (statement, organisation) pair whether the organisation may not vet the statement.

    It contributed to it, or is of one family with a contributor or with the owner of an origin; or every
    claim of it comes from a feed that it relies on or from a member that relies on one with it.

    Args:
        statement: int64 (P,).
        organisation: int64 (P,).
        claims: C rows.
        context: the statement of each claim, int64 (C,), and the ties.
    """
    of_claim, ties = context
    barred = np.zeros(len(statement), np.bool_)
    if not len(statement):
        return barred
    pair, claim, size = _joined(statement, of_claim)
    voter, owner, origin = organisation[pair], claims.owner[claim], claims.origin[claim]
    barred[pair[ties.family[voter] == ties.family[owner]]] = True
    barred[pair[_hits(origin, ties.family[voter], ties.owners)]] = True
    through = _hits(origin, voter, ties.relying)
    if ties.feed.size:
        through |= ties.feed[voter, owner]
    elsewhere = np.zeros(len(statement), np.bool_)
    elsewhere[pair[~through]] = True
    return barred | ((size > 0) & ~elsewhere)


def _joined(statement: Longs, of_claim: Longs) -> tuple[Longs, Longs, Longs]:
    """Every statement asked about with each of its claims: rows of both, and how many claims each has."""
    rows = np.flatnonzero(np.isin(of_claim, statement))
    rows = rows[np.argsort(of_claim[rows], kind="stable")]
    start = np.searchsorted(of_claim[rows], statement, side="left")
    size = np.searchsorted(of_claim[rows], statement, side="right") - start
    pair = np.repeat(np.arange(len(statement)), size)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(size) - size, size)
    return pair, rows[np.repeat(start, size) + offset], size


def _close(statement: Longs, organisation: Longs, claims: ClaimColumns, context: tuple[Longs, Ties]) -> Flags:
    """Whether the organisation is close to a contributor of the statement, pair by pair."""
    of_claim, ties = context
    pair, claim, _ = _joined(statement, of_claim)
    known = np.array([one * SPAN + other for one, other in ties.close], np.int64)
    met = np.zeros(len(statement), np.bool_)
    met[pair[np.isin(organisation[pair] * SPAN + claims.owner[claim], known)]] = True
    return met


def _hits(origin: Ints, who: Longs, table: Mapping[int, frozenset[int]]) -> Flags:
    """Whether the table names `who` under the origin, row by row."""
    keys = np.array([number * SPAN + one for number, group in table.items() for one in group], np.int64)
    if not len(keys):
        return np.zeros(len(origin), np.bool_)
    return np.isin(origin.astype(np.int64) * SPAN + who, keys)


def _counted(statement: Longs, organisation: Longs, vote: Bytes, ties: Ties) -> Flags:
    """Of the voters on one side of a statement, the most of whom no two are tied."""
    counted = np.ones(len(statement), np.bool_)
    many = np.bincount(ties.family, minlength=1)
    entangled = many[ties.family] > 1
    if ties.feed.size:
        entangled |= ties.feed.any(axis=1)
    suspect = np.flatnonzero(entangled[organisation] & (vote != 0))
    side = statement[suspect] * 2 + (vote[suspect] > 0)
    order = np.argsort(side, kind="stable")
    suspect, side = suspect[order], side[order]
    known: dict[tuple[int, ...], frozenset[int]] = {}
    for group in np.split(suspect, np.flatnonzero(np.diff(side)) + 1):
        if len(group) < 2:
            continue
        voters = tuple(organisation[group].tolist())
        kept = known.get(voters)
        if kept is None:
            kept = known[voters] = independent(voters, ties)
        counted[group] = [one in kept for one in voters]
    return counted
