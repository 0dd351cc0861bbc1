"""The manifest of a package and its records file, as they stand on the wire (version 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from chokepoint.model.errors import LedgerError
from chokepoint.model.said import Said
from chokepoint.package.parts import Provisional, Selection  # noqa: TC001 - msgspec reads them when it runs

if TYPE_CHECKING:
    from chokepoint.model.marking import Marking
    from chokepoint.package.parts import PackageRecord

VERSION = 1
MANIFEST = "manifest.json"
ENVELOPE = "manifest.dsse.json"
RECORDS = "records.jsonl"
REPORT = "report.html"
BUNDLE = "stix.json"
CAPTURES = "captures/"
NAMES = frozenset({MANIFEST, ENVELOPE, RECORDS, REPORT, BUNDLE, CAPTURES.rstrip("/")})
"""All that lies in the folder of a package."""
VOTES = "votes"
CONTRIBUTOR = "contributor"
"""Named among the withheld where reasons of votes were redacted; votes are proved apart (step 8)."""
MARKED = "marking"
"""Named among the withheld where a marking was changed since its record: today's is the sender's word."""


class MarkingForm(NamedTuple):
    """A marking as an envelope writes it: TLP label, PAP label, audience, handling codes."""

    tlp: str
    pap: str
    audience: tuple[str, ...]
    handling: tuple[str, ...]


class _Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Strict in what it reads: an unknown field is an altered file."""


class ClaimEntry(_Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A claim as the manifest states it; `quote` is what stands at its place, `holds` what was found there.

    `belief` is a decimal text, because canonical JSON knows no floats. `withheld` names the fields that the
    recipients may not read as they are: of persons, a pseudonym stands in them. `cast` names the record of
    each vote, in their order, and is empty for one of which no record is here.
    """

    record: str
    subject: tuple[str, str]
    property: str
    object: tuple[str, str] | str
    place: str
    capture: str
    origin: str
    grading: str
    observed: tuple[str, str, str] | None
    nature: str
    marking: MarkingForm
    contributor: str
    belief: str
    verdict: str
    simulated: bool
    votes: tuple[tuple[str, str, str, bool], ...]
    raw: str
    quote: str
    holds: tuple[str, ...]
    withheld: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()


class CaptureEntry(_Wire, frozen=True, kw_only=True):
    """A capture: `file` is its name in the package, empty when it is withheld for the reason given.

    `sha256` and `size` are the original's; where a reason is given too, the file is an excerpt of it.
    """

    sha256: str
    size: int
    path: str
    media_type: str
    file: str
    container: str
    member: str
    withheld: str


class FileEntry(_Wire, frozen=True, kw_only=True):
    """A file of the package with its SHA-256 and size in bytes."""

    name: str
    sha256: str
    size: int


class Manifest(_Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that is signed: what is claimed, by which records, from which bytes, under which marking.

    `provisional` stands in it only where something in it is not vetted yet, `selection` where it answers a
    question, `copy` where its recipients' copy has a name.
    """

    v: int
    atlas: str
    title: str
    created: str
    as_of: str
    marking: MarkingForm
    organisation: str
    public_key: str
    simulated: bool
    dispatchable: bool
    claims: tuple[ClaimEntry, ...]
    captures: tuple[CaptureEntry, ...]
    files: tuple[FileEntry, ...]
    provisional: Provisional | None = None
    selection: Selection | None = None
    copy: str = ""


class BatchEntry(_Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A signed batch; see `chokepoint.package.parts.Batch`. `sequence` stands in older packages only."""

    organisation: str
    size: int
    root: str
    previous: str
    signature: str
    public_key: str
    sequence: int = 0


class RecordEntry(_Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A record with its proof, one line of the records file; `body` holds the exact canonical bytes.

    `key` opens the payload where it is sealed, and nothing else. Of a record that says what the recipients
    may not read, `salt`, `body` and `key` are empty, and `atlas` says where it lies.
    """

    id: str
    salt: str
    body: str
    batch: BatchEntry
    index: int
    proof: tuple[str, ...]
    key: str = ""
    atlas: str = ""


class ClaimBody(msgspec.Struct, frozen=True):
    """The payload of a `claim/1` record."""

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


class RecordBody(msgspec.Struct, frozen=True):
    """The envelope of a record of any kind, as far as a reader outside the atlas needs it."""

    atlas: str
    kind: str
    marking: MarkingForm
    organisation: str
    payload: msgspec.Raw
    v: int
    author: str = ""


Wire = TypeVar("Wire")

_encoder = msgspec.json.Encoder(order="sorted")


def encode(value: Any) -> bytes:
    """Sorted-key JSON; equal to RFC 8785 for these types."""
    return _encoder.encode(value)


def decode(data: bytes | msgspec.Raw, kind: type[Wire], what: str) -> Wire:
    """A wire value of the given type.

    Raises:
        LedgerError: the bytes are not one, naming `what` they should have been.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise LedgerError(Said("not {what}: {error}", what=what, error=str(error))) from None


def marking_form(marking: Marking) -> MarkingForm:
    """The marking as it is written into envelopes and manifests."""
    return MarkingForm(*marking.to_form())


def record_entry(record: PackageRecord) -> RecordEntry:
    """A record as a line of the records file holds it."""
    batch = record.batch
    return RecordEntry(
        id=record.id,
        salt=record.salt,
        body=record.body.decode(),
        index=record.index,
        proof=record.proof,
        key=record.key,
        batch=BatchEntry(
            organisation=batch.organisation,
            size=batch.size,
            root=batch.root,
            previous=batch.previous,
            signature=batch.signature,
            public_key=batch.public_key,
        ),
    )
