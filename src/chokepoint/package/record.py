"""The records of a package, by themselves: what each is, and that its organisation signed it.

Steps 3 and 4 of `chokepoint.package.verify`.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

from chokepoint.model.errors import LedgerError
from chokepoint.model.said import Said
from chokepoint.package.manifest import RECORDS, RecordBody, RecordEntry, decode
from chokepoint.package.outcome import Failure
from chokepoint.proof.merkle import Leaf, root_of
from chokepoint.proof.sealing import SEALED, open_with, read_sealed
from chokepoint.proof.signature import batch_message, signature_holds

if TYPE_CHECKING:
    from collections.abc import Mapping

    import msgspec

ENVELOPE_VERSION = 1
"""Of the records whose bodies are read here; a record may be of a newer one than its package."""


def check_records(data: bytes) -> tuple[dict[str, RecordEntry], list[Failure]]:
    """Steps 3 and 4: the records that hold, by id, and a failure for each that does not."""
    held: dict[str, RecordEntry] = {}
    failures = []
    for number, line in enumerate(data.splitlines(), 1):
        about = f"{RECORDS}, line {number}"
        try:
            entry = decode(line, RecordEntry, "a record")
            _check_id(entry, held)
        except LedgerError as error:
            failures.append(Failure(step=3, about=about, reason=error.said[0]))
            continue
        try:
            _check_inclusion(entry)
        except LedgerError as error:
            failures.append(Failure(step=4, about=about, reason=error.said[0]))
            continue
        held[entry.id] = entry
    return held, failures


def _check_id(entry: RecordEntry, held: Mapping[str, RecordEntry]) -> None:
    """Step 3; the id of a record that stays behind commits to it, and cannot be recomputed without it."""
    if len(unhex(entry.id, "record id")) != sha256().digest_size:
        raise LedgerError("the record's id is no hash")
    expected = hmac.digest(unhex(entry.salt, "salt"), entry.body.encode(), "sha256").hex()
    if entry.body and entry.id != expected:
        raise LedgerError("the record's id is not that of its salt and body")
    if entry.id in held:
        raise LedgerError("the record stands twice")


def _check_inclusion(entry: RecordEntry) -> None:
    """Step 4."""
    batch, atlas = entry.batch, entry.atlas
    if entry.body:
        body = body_of(entry)
        if body.organisation != batch.organisation:
            words = {"organisation": batch.organisation, "organisation2": body.organisation}
            raise LedgerError(Said("{organisation} signed a batch in which {organisation2} speaks", **words))
        atlas = body.atlas
    proof = [unhex(sibling, "proof hash") for sibling in entry.proof]
    if root_of(bytes.fromhex(entry.id), Leaf(entry.index, batch.size), proof).hex() != batch.root:
        raise LedgerError("the record is not in the batch that it names")
    heads = unhex(batch.root, "batch root"), unhex(batch.previous, "previous root")
    message = batch_message(atlas, batch.organisation, heads)
    key, signature = unhex(batch.public_key, "public key"), unhex(batch.signature, "signature")
    if not signature_holds(key, signature, message):
        words = {"organisation": batch.organisation}
        raise LedgerError(Said("the signature of {organisation} on its batch does not hold", **words))


def body_of(entry: RecordEntry) -> RecordBody:
    """The envelope of a record, of the one version whose fields mean what is read here."""
    body = decode(entry.body.encode(), RecordBody, "a record body")
    if body.v != ENVELOPE_VERSION:
        raise LedgerError(f"record envelope version {body.v} is unknown", mend="use a newer chokepoint")
    return body


def payload_of(entry: RecordEntry, body: RecordBody) -> bytes | msgspec.Raw:
    """What a record says, opened with the key that it commits to where it is sealed.

    Raises:
        LedgerError: the key is not the one.
    """
    if not body.kind.startswith(SEALED):
        return body.payload
    kind = body.kind.removeprefix(SEALED)
    return open_with(unhex(entry.key, "record key"), read_sealed(body.payload), kind=kind)


def unhex(text: str, what: str) -> bytes:
    """Bytes in their one spelling, so that two spellings of an id never pass for two records."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise LedgerError(Said("the {what} is not hexadecimal", what=what)) from None
    if data.hex() != text:
        raise LedgerError(f"the {what} is not in lower-case hexadecimal")
    return data
