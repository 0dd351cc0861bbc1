"""What verification tells of a package: which steps did not hold, and what became of each claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.model.errors import LedgerError
from chokepoint.package.manifest import VOTES

if TYPE_CHECKING:
    from chokepoint.package.parts import Provisional, Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A step that did not hold: its number, what it was about, and why."""

    step: int
    about: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimProof:
    """What became of one claim.

    Attributes:
        record: its record id.
        sentence: subject, property and object.
        proved: whether steps 3 to 7 hold.
        reason: why not, or what was proved.
        holds: which ends of the claim stand at its place (`subject`, `object`).
        withheld: what of it the recipients may not read, so that the sender's signature alone vouches for it.
    """

    record: str
    sentence: str
    proved: bool
    reason: str
    holds: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()

    @property
    def vouched(self) -> bool:
        """Whether it holds, and the sender's word alone stands for something that was withheld.

        Reasons of votes are not among that: see `VoteProof`.
        """
        return self.proved and bool(set(self.withheld) - {VOTES})


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteProof:
    """What became of one vote.

    Attributes:
        claim: record id of the claim.
        organisation: who cast it.
        vote: its word.
        proved: whether its record is here, says so, and is signed by that organisation.
        reason: why not, or what was proved.
    """

    claim: str
    organisation: str
    vote: str
    proved: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The outcome for a package.

    Attributes:
        title: of the package, or empty when the manifest cannot be trusted.
        organisation: who signed it.
        key: fingerprint of the key that signed it.
        keys: each organisation that speaks in it and the fingerprint of its key.
        trusted: whether every key was compared with a trusted one and is it; None when none was given.
        simulated: whether the package rests on simulated votes.
        provisional: who answers for what in it is not vetted yet, or None.
        selection: what was asked and left out, by the sender's word, or None.
        claims: one proof a claim.
        votes: one proof a vote, in the order of the claims.
        failures: all steps that did not hold.
    """

    title: str = ""
    organisation: str = ""
    key: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    trusted: bool | None = None
    simulated: bool = False
    provisional: Provisional | None = None
    selection: Selection | None = None
    claims: tuple[ClaimProof, ...] = ()
    votes: tuple[VoteProof, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether every step holds for everything that was sent, and no key contradicts a trusted one."""
        return not self.failures and bool(self.claims) and all(claim.proved for claim in self.claims)

    @property
    def vouched(self) -> int:
        """Of how many claims that hold the sender's word alone stands for what was withheld."""
        return sum(claim.vouched for claim in self.claims)

    def require(self) -> None:
        """Raise unless the package is proved.

        Raises:
            LedgerError: with the first reason.
        """
        if self.failures:
            first = self.failures[0]
            raise LedgerError(first.reason, place=f"step {first.step}, {first.about}")
        for claim in self.claims:
            if not claim.proved:
                raise LedgerError(claim.reason, place=f"claim {claim.record}")
        if not self.claims:
            raise LedgerError("the package holds no claim")
