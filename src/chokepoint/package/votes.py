"""Votes in a package: their signed records, what of them may travel, and what a reader proves by them.

A vote is one record that may name many claims. It goes whole only where all that it names and says is for
every recipient; else its id alone goes, which commits to it, with the proof that its organisation signed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chokepoint.model.errors import LedgerError
from chokepoint.model.said import Said
from chokepoint.package.manifest import MANIFEST, RecordBody, decode
from chokepoint.package.outcome import Failure, VoteProof
from chokepoint.package.record import body_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chokepoint.package.manifest import ClaimEntry, Manifest, RecordEntry
    from chokepoint.package.parts import PackageClaim, PackageRecord

KINDS = frozenset({"vote/1", "vote/2"})
SIGNED = "signed by the organisation that cast it"
NO_RECORD = "by the sender's word: its record is not here"
BEHIND = "what it says is the sender's word: its record stays behind, signed by the organisation that cast it"
NO_KEY = "signed with a key that you did not give"


class VoteBody(msgspec.Struct, frozen=True):
    """The payload of a vote, as far as it is told in a package."""

    claims: tuple[str, ...]
    reason: str
    vote: str
    simulated: bool = False


class _Told(NamedTuple):
    """A vote as the manifest states it, and the record that it names."""

    organisation: str
    vote: str
    reason: str
    simulated: bool
    record: str


def cast_of(claim: PackageClaim, records: Mapping[str, PackageRecord]) -> tuple[str, ...]:
    """Ids of the records of a claim's votes, empty for each that is not at hand; nothing where none is."""
    names = tuple(vote.record if vote.record in records else "" for vote in claim.votes)
    return names if any(names) else ()


def votes_behind(
    claims: Iterable[PackageClaim], records: Mapping[str, PackageRecord], told: Callable[[str], str]
) -> set[str]:
    """Ids of the votes' records that stay behind: what they say is not for every recipient.

    Args:
        claims: that go.
        records: by id.
        told: words as the recipients may read them.
    """
    reasons = {vote.record: vote.reason for claim in claims for vote in claim.votes if vote.record in records}
    return {name for name, reason in reasons.items() if _stays(records[name], reason, told)}


def _stays(record: PackageRecord, reason: str, told: Callable[[str], str]) -> bool:
    """Whether a vote is reserved or sealed, or its reason or its author's name is not for all."""
    words = (reason, decode(record.body, RecordBody, "a record body").author)
    return record.reserved or bool(record.key) or any(told(text) != text for text in words)


def prove_votes(
    manifest: Manifest, records: Mapping[str, RecordEntry], trusted: Mapping[str, str] | None
) -> tuple[tuple[VoteProof, ...], list[Failure]]:
    """Step 8: what became of each vote, and a failure for each that is not what its record says.

    Args:
        manifest: that states them.
        records: those that hold (steps 3 and 4), by id.
        trusted: keys by organisation, from elsewhere than the package; None where none was given.
    """
    proofs, failures = [], []
    for entry in manifest.claims:
        try:
            votes = _votes_of(entry)
        except LedgerError as error:
            failures.append(_failure(entry, error))
            continue
        for vote in votes:
            try:
                reason = _check(entry, vote, records, trusted)
            except LedgerError as error:
                failures.append(_failure(entry, error))
                reason = error.said[0]
            proofs.append(
                VoteProof(
                    claim=entry.record,
                    organisation=vote.organisation,
                    vote=vote.vote,
                    proved=reason is SIGNED,
                    reason=reason,
                )
            )
    return tuple(proofs), failures


def _failure(entry: ClaimEntry, error: LedgerError) -> Failure:
    return Failure(step=8, about=f"{MANIFEST}, {entry.record[:64]}", reason=error.said[0])


def _votes_of(entry: ClaimEntry) -> list[_Told]:
    names = entry.cast or ("",) * len(entry.votes)
    if len(names) != len(entry.votes):
        raise LedgerError("its votes and their records are not as many")
    if len(set(names) - {""}) < len([name for name in names if name]):
        raise LedgerError("one record is told as two votes on it")
    return [_Told(*vote, name) for vote, name in zip(entry.votes, names, strict=True)]


def _check(
    entry: ClaimEntry,
    vote: _Told,
    records: Mapping[str, RecordEntry],
    trusted: Mapping[str, str] | None,
) -> str:
    """What is known of one vote."""
    if not vote.record:
        return NO_RECORD
    record = records.get(vote.record)
    words = {"organisation": vote.organisation}
    if record is None:
        raise LedgerError(
            Said("the record of the vote of {organisation} is missing or does not hold (steps 3, 4)", **words)
        )
    if record.batch.organisation != vote.organisation:
        raise LedgerError(Said("the vote of {organisation} is not signed by it", **words))
    if record.body and not _says(record, entry.record, vote):
        raise LedgerError(Said("the vote of {organisation} is not what its record says", **words))
    if trusted is not None and vote.organisation not in trusted:
        return NO_KEY
    return SIGNED if record.body else BEHIND


def _says(record: RecordEntry, claim: str, vote: _Told) -> bool:
    """Whether a record is this vote on this claim."""
    body = body_of(record)
    if body.kind not in KINDS:
        return False
    said = decode(body.payload, VoteBody, "the payload of a vote")
    return claim in said.claims and (said.vote, said.reason, said.simulated) == vote[1:4]
