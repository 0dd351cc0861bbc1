"""What of the evidence leaves in a package: nothing that names who may not be named to its recipients.

A record that says what they may not read stays behind: in its place goes its id alone, which commits to it
(HMAC under a salt that stays behind too), with the proof that its contributor signed it. A capture that
speaks of somebody who may not be named, or that holds what is not for every recipient, leaves as an
excerpt: the text at the places of the package's claims, redacted, beside the hash of the original. That
hash lets the original be checked when it is shown; like every hash, it also lets whoever guesses all the
bytes see that they guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chokepoint.model.errors import ChokepointError, LedgerError, NotFoundError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.package.manifest import (
    CAPTURES,
    CONTRIBUTOR,
    MARKED,
    VOTES,
    CaptureEntry,
    ClaimEntry,
    RecordBody,
    RecordEntry,
    decode,
    encode,
    marking_form,
    record_entry,
)
from chokepoint.package.place import Region, holds
from chokepoint.package.votes import cast_of, votes_behind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chokepoint.package.parts import PackageCapture, PackageClaim, PackageRecord
    from chokepoint.package.privacy import Discretion

QUOTE = 400
SUFFIX = ".excerpt.json"
QUOTED = "quote"
OUTSIDE = frozenset({QUOTED, VOTES, MARKED})
"""Fields of an entry that its record does not hold, or not as they are today."""
EXCERPTED = "only what stands at the places of these claims is here; ask for the original on a legal basis"


class Excerpt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An excerpt of a capture as it stands on the wire: the text at each place, redacted.

    Attributes:
        sha256: of the original.
        places: text by place.
    """

    sha256: str
    places: dict[str, str]

    def at(self, place: str) -> str:
        """The text at a place, as `Region.at` gives it of an original.

        Raises:
            NotFoundError: the excerpt has no such place.
        """
        if place not in self.places:
            raise NotFoundError(Said("the excerpt holds nothing of {place}", place=place[:80]))
        return self.places[place]


class Sent(NamedTuple):
    """The evidence as it leaves: the manifest's entries, and the lines and files that go with them."""

    claims: tuple[ClaimEntry, ...]
    captures: tuple[CaptureEntry, ...]
    records: tuple[RecordEntry, ...]
    files: dict[str, bytes]


def evidence(
    claims: Iterable[PackageClaim],
    records: Mapping[str, PackageRecord],
    captures: Mapping[str, PackageCapture],
    discreet: Discretion,
) -> Sent:
    """The evidence of claims, minimised for one edition.

    Args:
        claims: that were chosen; their captures are at hand, and the records of those who name a contributor.
        records: by id.
        captures: by SHA-256.
        discreet: who may be named.
    """
    claims = list(claims)
    regions = {name: Region(captures[name].data) for name in sorted({claim.capture for claim in claims})}
    texts = [_text(regions[claim.capture], claim.place) for claim in claims]
    entries = tuple(
        _as_recorded(_claim(claim, text, discreet, number), claim, records)
        for number, (claim, text) in enumerate(zip(claims, texts, strict=True), 1)
    )
    closed = {entry.record for entry in entries if set(entry.withheld) - OUTSIDE}
    closed |= votes_behind(claims, records, discreet.told)
    going = {claim.record for claim in claims}.union(*(entry.cast for entry in entries)) - {""}
    going -= {claim.record for claim in claims if not claim.contributor}
    lines = tuple(_record(records[name], closed) for name in sorted(going))
    listed, files = [], {}
    for name in regions:
        capture = captures[name]
        mine = [(entry, text) for entry, text in zip(entries, texts, strict=True) if entry.capture == name]
        file = "" if capture.withheld else CAPTURES + name
        if file and _goes_whole(capture, [entry for entry, _ in mine], discreet):
            files[file] = capture.data
        elif file:
            file += SUFFIX
            places = {entry.place: discreet.told(text) for entry, text in mine}
            files[file] = encode(Excerpt(sha256=name, places=places))
        listed.append(_capture(capture, discreet, file))
    return Sent(entries, tuple(listed), lines, files)


def _goes_whole(capture: PackageCapture, entries: Iterable[ClaimEntry], discreet: Discretion) -> bool:
    if capture.reserved or not all(map(discreet.may_name, capture.people)):
        return False
    return all(set(entry.withheld) <= {VOTES, MARKED} for entry in entries)


def _record(record: PackageRecord, closed: set[str]) -> RecordEntry:
    """A line of the records file; of a record that stays behind, its id and its proof."""
    entry = record_entry(record)
    if record.id not in closed:
        return entry
    atlas = decode(record.body, RecordBody, "a record body").atlas
    return msgspec.structs.replace(entry, salt="", body="", key="", atlas=atlas)


def _capture(capture: PackageCapture, discreet: Discretion, file: str) -> CaptureEntry:
    return CaptureEntry(
        sha256=capture.sha256,
        size=len(capture.data),
        path=discreet.told(capture.path),
        media_type=capture.media_type,
        file=file,
        container=capture.container,
        member=discreet.told(capture.member),
        withheld=EXCERPTED if file.endswith(SUFFIX) else capture.withheld,
    )


def _claim(claim: PackageClaim, text: str, discreet: Discretion, number: int) -> ClaimEntry:
    thing = claim.object if isinstance(claim.object, str) else (claim.object.kind, claim.object.value)
    entry = ClaimEntry(
        record=claim.record,
        subject=(claim.subject.kind, claim.subject.value),
        property=claim.property,
        object=thing,
        place=claim.place,
        capture=claim.capture,
        origin=claim.origin,
        grading=claim.grading,
        observed=claim.observed,
        nature=claim.nature.value,
        marking=marking_form(claim.marking),
        contributor=claim.contributor,
        belief=f"{claim.belief:.4f}",
        verdict=claim.verdict,
        simulated=claim.watermarked,
        votes=tuple(vote[:4] for vote in claim.votes),
        raw=claim.raw,
        quote=text,
        holds=_found(claim, text),
    )
    told = _told(claim, discreet, text)
    withheld = [name for name, value in told.items() if value != getattr(entry, name)]
    if "place" in withheld:
        told["place"] = f"withheld place {number}"
    if discreet.told(claim.graded) != claim.graded:
        withheld.append("grading")
    if not claim.contributor:
        withheld.append(CONTRIBUTOR)
    told["quote"] = str(told["quote"])[:QUOTE]
    return msgspec.structs.replace(entry, **told, withheld=tuple(withheld))


def _as_recorded(entry: ClaimEntry, claim: PackageClaim, records: Mapping[str, PackageRecord]) -> ClaimEntry:
    """The entry that names the records of its votes, and says so where its marking was changed since."""
    entry = msgspec.structs.replace(entry, cast=cast_of(claim, records))
    if not claim.contributor:
        return entry
    if entry.marking == decode(records[claim.record].body, RecordBody, "a record body").marking:
        return entry
    return msgspec.structs.replace(entry, withheld=(*entry.withheld, MARKED))


def _told(claim: PackageClaim, discreet: Discretion, text: str) -> dict[str, object]:
    """The fields of an entry that could name somebody, as the edition may tell them."""
    shown = discreet.shown(claim)
    return {
        "subject": _end(claim.subject, discreet),
        "object": _end(shown.object, discreet) if isinstance(shown.object, Entity) else shown.object,
        "place": shown.place,
        "origin": shown.origin,
        "raw": shown.raw,
        QUOTED: discreet.told(text),
        VOTES: tuple(vote[:4] for vote in shown.votes),
    }


def _end(entity: Entity, discreet: Discretion) -> tuple[str, str]:
    return entity.kind, discreet.label(entity, entity.value)


def _text(region: Region, place: str) -> str:
    """What stands at a place; nothing where it cannot be read, which verification then says."""
    try:
        return region.at(place)
    except ChokepointError:
        return ""


def _found(claim: PackageClaim, text: str) -> tuple[str, ...]:
    """Which of a claim's two ends stand in a text."""
    ends = (("subject", claim.subject, claim.raw), ("object", claim.object, ""))
    return tuple(name for name, end, raw in ends if text and holds(text, end, raw))


def read_excerpt(data: bytes, capture: str) -> Excerpt:
    """An excerpt of a capture.

    Raises:
        LedgerError: it is none, or of another capture.
    """
    found = decode(data, Excerpt, "an excerpt of a capture")
    if found.sha256 != capture:
        raise LedgerError("the excerpt is of another capture")
    return found
