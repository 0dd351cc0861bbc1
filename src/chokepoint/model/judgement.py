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


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An organisation's vote with its reason.

    Attributes:
        organisation: who votes.
        vote: the word.
        reason: why, in words that a court may read.
        simulated: cast by a demonstration rule, not by a human; never counts as vetting outside
            the demonstration, and whatever rests on it is watermarked.
    """

    organisation: str
    vote: Vote
    reason: str
    simulated: bool = False
