"""Proving a package, offline, from its files alone.

The steps, numbered as they are reported:

1. The manifest's signature holds, and the manifest beside it is the signed one.
2. Every file is listed, present, and hashes to what the manifest says; nothing else is there.
3. Every record's id is HMAC-SHA-256 of its body under its salt, in lower-case hexadecimal, and stands once.
4. Every record is in its batch (RFC 9162 inclusion), and the organisation that speaks signed that batch.
5. Every claim says exactly what its record says, and no record is two claims; a sealed record is opened
   with the key that it commits to.
6. Every claim's capture is there and its bytes hash to its name.
7. Every claim's place exists in its capture, says what is quoted, and holds an identifier of the claim.
8. Every vote that names a record says exactly what that says, of this claim, and its organisation signed it.

A claim is proved when steps 3 to 7 hold for it; the package is proved when every step holds for all.
What names somebody whom the recipients may not know is withheld. Of a record that stays behind, only the id
is here, and that its contributor signed it (step 4); of a capture, an excerpt. Such a claim is told apart:
that its record and its capture say so is then the sender's signed word, until the sender shows the
originals, which must hash to what stands here. So is a marking that was changed since the record, and a claim
that is handed on unvetted while a recipient is still to vote on it: the record that its contributor signed
stays behind, for it names them.
What steps 1 to 4 cannot know is whether a key belongs to whom it names: give `trusted` keys for that.
A vote whose record stays behind, as it names claims or people that are not for every recipient, is the
sender's signed word in the same way. That nobody voted otherwise since, and the verdicts and beliefs that a
policy made of votes and sources, are in no record here: they are the sender's signed word.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from chokepoint.model.errors import ChokepointError, LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.said import AND, Said, linked
from chokepoint.package.evidence import OUTSIDE, SUFFIX, Excerpt, read_excerpt
from chokepoint.package.manifest import (
    CONTRIBUTOR,
    ENVELOPE,
    MANIFEST,
    MARKED,
    RECORDS,
    VERSION,
    VOTES,
    ClaimBody,
    Manifest,
    decode,
    encode,
)
from chokepoint.package.outcome import ClaimProof, Failure, Verification
from chokepoint.package.place import Region, holds
from chokepoint.package.provisional import unfit
from chokepoint.package.record import body_of, check_records, payload_of, unhex
from chokepoint.package.sign import key_id, open_seal
from chokepoint.package.speakers import ABOUT, check_keys, fingerprints, speakers, to_compare
from chokepoint.package.votes import prove_votes
from chokepoint.proof.sealing import SEALED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.package.manifest import ClaimEntry, RecordEntry

CLAIM_KIND = "claim/1"


def verify(files: Mapping[str, bytes], trusted: Mapping[str, str] | None = None) -> Verification:
    """Prove a package from its files; nothing is raised for a package that does not hold, it is told.

    Args:
        files: bytes by relative name, all that lie in the package.
        trusted: public keys or fingerprints by organisation, hexadecimal, from elsewhere than the package.
    """
    try:
        manifest = signed_manifest(files)
    except LedgerError as error:
        return Verification(failures=(Failure(step=1, about=MANIFEST, reason=error.said[0]),))
    failures = [*_check_files(files, manifest)]
    records, broken = check_records(files.get(RECORDS, b""))
    failures += broken
    keys = speakers(manifest, records.values())
    failures += check_keys(to_compare(manifest, keys, trusted), trusted)
    sources: dict[str, Region | Excerpt] = {}
    claims = tuple(_prove(entry, records, (manifest, files, sources)) for entry in manifest.claims)
    votes, wrong_votes = prove_votes(manifest, records, trusted)
    failures += wrong_votes
    failures += _check_once(manifest)
    failures += _check_watermark(manifest)
    if manifest.selection and manifest.selection.included != len(manifest.claims):
        stated, held = manifest.selection.included, len(manifest.claims)
        reason = Said("it says that it holds {stated} claims and holds {held}", stated=stated, held=held)
        failures.append(Failure(step=5, about=MANIFEST, reason=reason))
    if wrong := unfit(manifest):
        failures.append(Failure(step=5, about=MANIFEST, reason=wrong))
    return Verification(
        title=manifest.title,
        organisation=manifest.organisation,
        key=key_id(bytes.fromhex(manifest.public_key)),
        keys=fingerprints(keys),
        trusted=None if trusted is None else not any(failure.about == ABOUT for failure in failures),
        simulated=manifest.simulated,
        provisional=manifest.provisional,
        selection=manifest.selection,
        claims=claims,
        votes=votes,
        failures=tuple(failures),
    )


def signed_manifest(files: Mapping[str, bytes]) -> Manifest:
    """Step 1: the manifest of a package as its maker signed it; `LedgerError` where it is not."""
    for name in (MANIFEST, ENVELOPE):
        if name not in files:
            raise LedgerError(
                Said("{name} is missing", name=name), mend="ask the sender for the whole package"
            )
    manifest = decode(files[MANIFEST], Manifest, "a package manifest")
    if manifest.v != VERSION:
        raise LedgerError(
            Said("manifest version {v} is unknown", v=manifest.v), mend="use a newer chokepoint"
        )
    payload = open_seal(files[ENVELOPE], unhex(manifest.public_key, "public key"))
    if payload != files[MANIFEST]:
        raise LedgerError("the manifest is not the one that was signed")
    if encode(manifest) != payload:
        raise LedgerError("the manifest can be read in two ways: it is not canonical JSON")
    return manifest


def _check_files(files: Mapping[str, bytes], manifest: Manifest) -> list[Failure]:
    """Step 2."""
    listed = {entry.name: entry for entry in manifest.files}
    failures = [
        Failure(step=2, about=name, reason="the manifest does not list this file")
        for name in sorted(set(files) - set(listed) - {MANIFEST, ENVELOPE})
    ]
    if len(listed) < len(manifest.files):
        failures.append(Failure(step=2, about=MANIFEST, reason="it lists a file twice"))
    for name, entry in sorted(listed.items()):
        data = files.get(name)
        if data is None:
            failures.append(Failure(step=2, about=name, reason="this file is missing"))
        elif len(data) != entry.size or sha256(data).hexdigest() != entry.sha256:
            failures.append(Failure(step=2, about=name, reason="this file was altered"))
    return failures


def _check_once(manifest: Manifest) -> list[Failure]:
    """Step 5: one record is one claim, however often it is told."""
    counts = Counter(claim.record for claim in manifest.claims)
    return [
        Failure(step=5, about=f"{MANIFEST}, {name[:64]}", reason="the record stands twice")
        for name, count in counts.items()
        if count > 1
    ]


def _check_watermark(manifest: Manifest) -> list[Failure]:
    rests = any(claim.simulated or any(vote[3] for vote in claim.votes) for claim in manifest.claims)
    if rests and not manifest.simulated:
        return [Failure(step=5, about=MANIFEST, reason="it rests on simulated votes and does not say so")]
    if manifest.simulated and manifest.dispatchable:
        reason = "it rests on simulated votes and says that it may be dispatched"
        return [Failure(step=5, about=MANIFEST, reason=reason)]
    return []


def _prove(
    entry: ClaimEntry,
    records: Mapping[str, RecordEntry],
    package: tuple[Manifest, Mapping[str, bytes], dict[str, Region | Excerpt]],
) -> ClaimProof:
    """Steps 5 to 7 for one claim; 3 and 4 held if its record is among those that hold."""
    thing = entry.object if isinstance(entry.object, str) else ":".join(entry.object)
    sentence = f"{':'.join(entry.subject)} {entry.property} {thing}"
    try:
        record = records.get(entry.record)
        if record is None:
            _check_unnamed(entry, package[0])
        elif record.body:
            _check_payload(entry, record)
        else:
            _check_withheld(entry, record)
        source = _source(entry, package)
        found = _check_place(entry, source)
    except ChokepointError as error:
        return ClaimProof(record=entry.record, sentence=sentence, proved=False, reason=error.said[0])
    withheld = (*entry.withheld, *(["capture"] if isinstance(source, Excerpt) else []))
    reason = Said("{place} is there", place=entry.place)
    if found:
        reason = Said("{ends} found at {place}", ends=linked(AND, map(Said, found)), place=entry.place)
    if set(withheld) - {VOTES, MARKED}:
        reason = Said(
            "{reason}; by the sender's word alone, as {fields} may not be read here",
            reason=reason,
            fields=", ".join(name for name in withheld if name != MARKED),
        )
    return ClaimProof(
        record=entry.record, sentence=sentence, proved=True, reason=reason, holds=found, withheld=withheld
    )


def _check_withheld(entry: ClaimEntry, record: RecordEntry) -> None:
    """Step 5 for a record that stays behind: the manifest says so, and of whom it is."""
    if not set(entry.withheld) - OUTSIDE:
        raise LedgerError("its record is not here, and nothing says that it was withheld (step 5)")
    if entry.contributor != record.batch.organisation:
        raise LedgerError("its contributor is not who signed its record (step 5)")


def _check_unnamed(entry: ClaimEntry, manifest: Manifest) -> None:
    """Step 5 for a claim without a record: a recipient is still to vote on it, and it is not vetted yet."""
    untold = not entry.contributor and CONTRIBUTOR in entry.withheld
    if not untold or manifest.provisional is None or entry.verdict == "accepted":
        raise LedgerError("its record is missing or does not hold (steps 3, 4)")


def _check_payload(entry: ClaimEntry, record: RecordEntry) -> None:
    """Step 5."""
    body = body_of(record)
    if body.kind not in {CLAIM_KIND, SEALED + CLAIM_KIND}:
        raise LedgerError(Said("its record is a {kind}, not a claim (step 5)", kind=body.kind))
    said = decode(payload_of(record, body), ClaimBody, "the payload of a claim")
    pairs: dict[str, tuple[object, object]] = {
        Said("subject"): (entry.subject, said.subject),
        Said("property"): (entry.property, said.property),
        Said("object"): (entry.object, said.object),
        Said("place"): (entry.place, said.place),
        Said("capture"): (entry.capture, said.capture),
        Said("origin"): (entry.origin, said.origin),
        Said("grading"): (entry.grading, said.grading[0] + said.grading[1]),
        Said("interval"): (entry.observed, said.observed),
        Said("nature"): (entry.nature, said.nature),
        Said("raw form"): (entry.raw, said.raw),
        Said("contributor"): (entry.contributor, body.organisation),
        Said("marking"): (entry.marking, entry.marking if MARKED in entry.withheld else body.marking),
    }
    for name, (stated, signed) in pairs.items():
        if stated != signed:
            raise LedgerError(Said("differs from its record in the field {field} (step 5)", field=name))


def _source(
    entry: ClaimEntry, package: tuple[Manifest, Mapping[str, bytes], dict[str, Region | Excerpt]]
) -> Region | Excerpt:
    """Step 6: the capture, or the excerpt of it."""
    manifest, files, sources = package
    if entry.capture in sources:
        return sources[entry.capture]
    capture = next((one for one in manifest.captures if one.sha256 == entry.capture), None)
    if capture is None:
        raise LedgerError("its capture is not listed (step 6)")
    if capture.withheld and not capture.file.endswith(SUFFIX):
        raise LedgerError(
            Said("its capture was withheld by the sender: {withheld} (step 6)", withheld=capture.withheld)
        )
    data = files.get(capture.file)
    if data is None or not (capture.withheld or sha256(data).hexdigest() == entry.capture):
        raise LedgerError("its capture is missing or was altered (step 6)")
    sources[entry.capture] = read_excerpt(data, entry.capture) if capture.withheld else Region(data)
    return sources[entry.capture]


def _check_place(entry: ClaimEntry, source: Region | Excerpt) -> tuple[str, ...]:
    """Step 7: which ends of the claim stand at its place."""
    text = source.at(entry.place)
    if not text.startswith(entry.quote):
        raise LedgerError(Said("{place} does not say what is quoted (step 7)", place=entry.place))
    thing = entry.object if isinstance(entry.object, str) else Entity(*entry.object)
    found = tuple(
        name
        for name, there in (
            ("subject", holds(text, Entity(*entry.subject), entry.raw)),
            ("object", holds(text, thing)),
        )
        if there
    )
    if not found and not (isinstance(source, Excerpt) and entry.withheld):
        raise LedgerError(Said("no identifier of the claim stands at {place} (step 7)", place=entry.place))
    return found
