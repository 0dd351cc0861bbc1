"""What a package is made of: claims as they were vetted, the records and captures that prove them."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.claim import Interval, Nature
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.model.moment import read_moment
from chokepoint.model.said import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.model.identity import Entity


class CastVote(NamedTuple):
    """One organisation's word on a claim: `confirm`, `dispute` or `unsure`, with its reason.

    `record` is the id of the ledger record that holds it, where that may travel, else empty.
    """

    organisation: str
    vote: str
    reason: str
    simulated: bool
    record: str = ""


class Provisional(NamedTuple):
    """Who answers for handing on what is not vetted (`ORG/USER`), why, and until when it may be used."""

    approver: str
    reason: str
    until: str

    @property
    def label(self) -> str:
        """What stands on every page.

        >>> Provisional("bank/ann", "children at risk", "2026-02-06T04:05:06.000Z").label
        'UNVETTED: approved by bank/ann until 2026-02-06 04:05 UTC, because children at risk'
        """
        moment = f"{self.until[:10]} {self.until[11:16]} UTC"
        return Said(
            "UNVETTED: approved by {approver} until {moment}, because {reason}",
            approver=self.approver,
            moment=moment,
            reason=self.reason,
        )

    def over(self, now: str) -> bool:
        """Whether its time is over at a moment in UTC."""
        return read_moment(now) >= read_moment(self.until)


UNPROVED = (
    "That nothing else was left out is the sender's word and cannot be proved; what not every recipient may"
    " see is not counted here, whether there is any or not."
)


class Selection(NamedTuple):
    """What was asked and what was left out of it, as the sender signs it; see `limits`.

    Everything is counted in the map that all recipients share, so that no number tells of what one of
    them may not see; what was left out is told as at least so many, a multiple of eleven, and 0 where it is
    fewer or too near to it.

    Attributes:
        about: what was asked for, as the package may name it.
        verdicts: which statements were wanted.
        included: claims that are in it.
        left_out: reason and number of claims for each reason.
    """

    about: str
    verdicts: tuple[str, ...]
    included: int
    left_out: tuple[tuple[str, int], ...]

    def limits(self) -> tuple[str, ...]:
        """The selection in sentences, with what nobody can prove.

        >>> Selection("evil.com", ("accepted",), 3, (("not accepted", 11),)).limits()[1]
        'Included: 3 claims. Left out: not accepted, at least 11.'
        """
        left = "; ".join(
            f"{reason}, {f'at least {count:,}' if count else 'fewer than 11 or too near to it'}"
            for reason, count in self.left_out
        )
        wanted = " and ".join(self.verdicts)
        return (
            f"Asked for: all {wanted} statements about {self.about} that every recipient may see.",
            f"Included: {self.included:,} claims. Left out: {left}.",
            UNPROVED,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageClaim:
    """A claim with everything that a reader outside the atlas needs to judge it.

    Attributes:
        record: id of the claim's ledger record, 64 hexadecimal figures.
        subject: the entity that the sentence is about.
        property: a name of the vocabulary.
        object: an entity for links, a text for attributes.
        place: where in the capture.
        capture: SHA-256 of the capture, hexadecimal.
        origin: the root publisher.
        grading: Admiralty code, `B2`.
        graded: the grading in the source's own words, or empty.
        observed: when, if the source says.
        nature: fact or assessment.
        marking: who may see it.
        contributor: the organisation that recorded it; empty where a reader is still to vote on it.
        belief: posterior probability of its statement, 0–1.
        verdict: of the statement, as `chokepoint.model.judgement.Verdict` names it.
        simulated: whether the verdict rests on a simulated vote.
        restrained: whether an organisation says that it must not be disclosed.
        votes: cast on the statement.
        raw: the subject as written, when that differs from the normal form.
        owner: the organisation that recorded it, where that is not told; it is written nowhere.
    """

    record: str
    subject: Entity
    property: str
    object: Entity | str
    place: str
    capture: str
    origin: str
    grading: str = "F6"
    observed: Interval | None = None
    nature: Nature = Nature.FACT
    marking: Marking = CLEAR
    contributor: str = ""
    belief: float = 0.5
    verdict: str = "proposed"
    simulated: bool = False
    restrained: bool = False
    votes: tuple[CastVote, ...] = ()
    raw: str = ""
    graded: str = ""
    owner: str = ""

    @builtins.property
    def watermarked(self) -> bool:
        """Whether a simulated vote stands anywhere behind it."""
        return self.simulated or any(vote.simulated for vote in self.votes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The signed batch of a record; where it lies in the log would tell of others' records, and stays out.

    Attributes:
        organisation: who signed it.
        size: number of records in it.
        root: RFC 9162 tree head over the ids of its records, hexadecimal.
        previous: root of the organisation's batch before; 64 zeros for its first.
        signature: Ed25519 over atlas, organisation, root and previous, hexadecimal.
        public_key: the organisation's key, hexadecimal.
    """

    organisation: str
    size: int
    root: str
    previous: str
    signature: str
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRecord:
    """A ledger record with its proof: id = HMAC-SHA-256(key = salt, message = body).

    Attributes:
        id: hexadecimal.
        salt: 32 bytes, hexadecimal.
        body: the canonical bytes as they stand in the ledger.
        batch: the signed batch that holds it.
        index: its leaf number within the batch, from 0.
        proof: sibling hashes from the leaf to the root, hexadecimal (RFC 9162 §2.1.3).
        key: opens the record's payload where it is sealed, hexadecimal, else empty.
        reserved: whether it says what is not for every recipient: its id and its proof go alone.
    """

    id: str
    salt: str
    body: bytes = field(repr=False)
    batch: Batch
    index: int
    proof: tuple[str, ...]
    key: str = field(repr=False, default="")
    reserved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCapture:
    """Evidentiary bytes that claims point into.

    Attributes:
        sha256: hexadecimal; the name of the bytes.
        media_type: as recognised by content.
        path: the name under which they were taken in.
        data: the bytes; empty when they may not leave.
        container: SHA-256 of the archive that they came in, or empty.
        member: name within the archive, or empty.
        withheld: why the bytes are not here (an excerpt licence, somebody else's data), or empty.
        people: natural persons, and identifiers that are data about one, of whom it is known to speak.
        reserved: whether it holds what is not for every recipient, or cannot be looked through for it.
    """

    sha256: str
    media_type: str
    path: str
    data: bytes = field(repr=False, default=b"")
    container: str = ""
    member: str = ""
    withheld: str = ""
    people: frozenset[Entity] = frozenset()
    reserved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Something that was left out, and the rule that left it out.

    Attributes:
        what: record id or count, never the value that the rule protects.
        rule: name of the rule.
        reason: in one sentence.
    """

    what: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package ready to be written: its manifest and its files by name.

    Attributes:
        manifest: as signed; see `chokepoint.package.build`.
        files: bytes by relative name, the manifest and its signature included.
        claims: what was taken in, in manifest order.
        refusals: what was left out and why.
    """

    manifest: Mapping[str, object]
    files: Mapping[str, bytes] = field(repr=False)
    claims: tuple[PackageClaim, ...]
    refusals: tuple[Refusal, ...] = ()
