"""What goes into the ledger and what comes out: payloads, rows, and columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chokepoint.model.claim import Claim, Interval, Nature, Provenance, parse_day
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.source import CREDIBILITY, RELIABILITY, Grading
from chokepoint.store.canonical import encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from chokepoint.model.marking import Marking

CLAIM = "claim/1"
CAPTURE = "capture/1"
VOTE = "vote/2"
GATHERING = "gathering/1"
VIEW = "view/1"
OPERATION = "operation/1"
ACTION = "action/1"
OUTCOME = "outcome/1"
GUESS = "replacement/1"
RELEASE = "release/1"
"""A named person releases somebody's name for their organisation's packages, or takes that back."""
RATING = "rating/1"
"""How an item of evidence goes with a hypothesis, in the words of one organisation."""
RECALL = "recall/1"
"""A contributor withdraws claims of its own."""
CALIBRATION = "calibration/3"
"""Measured reliability of organisations, from openly marked claims."""
POLICY = "policy/2"
"""The founder says when statements are accepted: a name, and the tree of `chokepoint.vet.tree`."""
IDENTITY = "identity/1"
CIRCLE = "circle/1"
REMARKING = "remarking/1"
NUL = "text holds the character NUL, which no data base keeps as text"
NUL_MEND = "take it out of the file; the rest of it was taken"
EPOCH_ORDINAL = 719_163
UNKNOWN_DAY = -(2**31)


class ClaimPayload(msgspec.Struct, frozen=True, omit_defaults=True):
    """A claim as it is signed; fields in canonical order."""

    capture: str
    grading: tuple[str, str, str]
    object: tuple[str, str] | str
    origin: str
    place: str
    property: str
    subject: tuple[str, str]
    nature: str = "fact"
    observed: tuple[str, str, str] | None = None
    raw: str = ""


class _Canonical(msgspec.Struct, frozen=True, omit_defaults=True):
    capture: str
    grading: tuple[str, str, str]
    nature: str | msgspec.UnsetType
    object: Entity | str
    observed: Interval | msgspec.UnsetType
    origin: str
    place: str
    property: str
    raw: str | msgspec.UnsetType
    subject: Entity


class ClaimRow(NamedTuple):
    """A claim ready to be appended: its canonical payload and what the projection needs."""

    payload: bytes
    fingerprint: int
    subject: Entity
    property: str
    object: Entity | None
    provenance: Provenance
    start: int | None
    end: int | None
    assessment: bool


class RecordRow(NamedTuple):
    """Any other record ready to be appended."""

    kind: str
    payload: bytes
    marking: Marking


class StoredClaim(NamedTuple):
    """A claim as read back, with its ledger position, record id and contributor."""

    seq: int
    id: str
    contributor: str
    recorded_at: str
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What an append did.

    Attributes:
        seqs: positions of the new records, in order.
        fresh: for claims, whether each given row was new.
    """

    seqs: tuple[int, ...]
    fresh: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkColumns:
    """All visible link claims in ledger order; one array element a claim."""

    seq: NDArray[np.int64]
    subject: NDArray[np.int64]
    property: NDArray[np.int32]
    object: NDArray[np.int64]
    origin: NDArray[np.int32]
    reliability: NDArray[np.int8]
    credibility: NDArray[np.int8]
    owner: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    assessment: NDArray[np.bool_]


def day_number(iso: str) -> int | None:
    """Days since 1970-01-01 of an ISO date; None for an empty one."""
    return parse_day(iso).toordinal() - EPOCH_ORDINAL if iso else None


def fingerprint_key(secret: bytes, organisation: str, kind: str) -> bytes:
    """Key of fingerprints for one organisation and record kind, from the atlas's secret."""
    return blake2b(f"{organisation}\x1f{kind}".encode(), key=secret, digest_size=32).digest()


def claim_row(claim: Claim, key: bytes) -> ClaimRow:
    """A claim's canonical payload, fingerprint and projection.

    Args:
        claim: the sentence.
        key: secret of (atlas, organisation, record kind), so that a fingerprint tells nobody else
            whether a sentence is known.

    Raises:
        NotValidError: a text that has no canonical bytes.
    """
    source, grading, observed = claim.provenance, claim.provenance.grading, claim.observed
    payload = encode(
        _Canonical(
            source.capture,
            (grading.reliability, grading.credibility, grading.original),
            msgspec.UNSET if claim.nature is Nature.FACT else claim.nature.value,
            claim.object,
            observed if observed is not None else msgspec.UNSET,
            source.origin,
            claim.place,
            claim.property,
            claim.raw or msgspec.UNSET,
            claim.subject,
        )
    )
    return ClaimRow(
        payload,
        int.from_bytes(blake2b(payload, digest_size=8, key=key).digest(), "big", signed=True),
        claim.subject,
        claim.property,
        None if isinstance(claim.object, str) else claim.object,
        source,
        day_number(observed.start) if observed else None,
        day_number(observed.end) if observed else None,
        claim.nature is Nature.ASSESSMENT,
    )


def refuse_nul(row: ClaimRow) -> None:
    """Refuse a claim that no data base could keep in its tables.

    Raises:
        NotValidError: NUL in the name of a thing or of its origin.
    """
    if "\0" in "".join((*row.subject, row.provenance.origin, *(row.object or ()))):
        raise NotValidError(NUL, mend=NUL_MEND)


_payloads = msgspec.json.Decoder(ClaimPayload)


def read_claim(payload: bytes | msgspec.Raw, marking: Marking) -> Claim:
    """The claim of a payload."""
    said = _payloads.decode(payload)
    return Claim(
        Entity(*said.subject),
        said.property,
        said.object if isinstance(said.object, str) else Entity(*said.object),
        said.place,
        _provenance(said.capture, said.origin, said.grading, marking),
        Interval(*said.observed) if said.observed else None,
        _NATURES[said.nature],
        said.raw,
    )


def ends_of(payload: bytes | msgspec.Raw) -> tuple[Entity, ...]:
    """Subject and, where it is a thing, object of a claim's payload."""
    said = _payloads.decode(payload)
    return tuple(Entity(*end) for end in (said.subject, said.object) if not isinstance(end, str))


_NATURES = {nature.value: nature for nature in Nature}


@lru_cache(maxsize=4096)
def _provenance(capture: str, origin: str, grading: tuple[str, str, str], marking: Marking) -> Provenance:
    """Most claims of a capture share it, so that a hub's ten thousand claims have a handful."""
    return Provenance(capture=capture, origin=origin, grading=Grading(*grading), marking=marking)


def grade_codes(grading: Grading) -> tuple[int, int]:
    """The two axes as small integers: 0–5 for A–F and 1–6."""
    return RELIABILITY.index(grading.reliability), CREDIBILITY.index(grading.credibility) + 1
