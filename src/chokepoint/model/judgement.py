"""Votes, and the verdicts that a policy makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Vote(Enum):
    """One organisation's word on a statement."""

    CONFIRM = "confirm"
    DISPUTE = "dispute"
    UNSURE = "unsure"


class Sameness(Enum):
    """One organisation's word on whether two entities are one."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class Verdict(Enum):
    """What the policy makes of the votes on a statement."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    RECALLED = "recalled"


class Answer(Enum):
    """An answer to whether a statement is about crime, or may be disclosed; unsaid where nobody looked."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    UNSAID = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An organisation's answers to three questions that are apart, with its reason.

    An address can be true and its publication defamatory; a shop can be on a criminal's server and
    have no part in the crime.

    Attributes:
        organisation: who votes.
        vote: is it true?
        reason: why, in words that a court may read.
        crime: is it about crime?
        disclose: may it be disclosed?
        until: the day from which the vote holds no more and is to be cast anew, ISO 8601, or empty.
        simulated: cast by a demonstration rule, not by a human; never counts as vetting outside
            the demonstration, and whatever rests on it is watermarked.
    """

    organisation: str
    vote: Vote
    reason: str
    crime: Answer = Answer.UNSAID
    disclose: Answer = Answer.UNSAID
    until: str = ""
    simulated: bool = False
