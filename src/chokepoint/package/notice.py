"""Erasure notices: a signed word to the recipients of a package that somebody in it was erased.

A notice names nobody. It holds the ids of the records that are gone and a commitment to the entity,
HMAC-SHA-256 under a random salt over kind and value: whoever holds the package can tell which of the entities
in its lines is meant, and nobody learns anybody from it whom they do not hold already.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import msgspec

from chokepoint.model.errors import LedgerError, NotFoundError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.package.sign import canonical_json, open_seal, seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.package.manifest import Manifest
    from chokepoint.package.sign import Signer

NOTICE_TYPE = "application/vnd.chokepoint.erasure-notice.v1+json"
VERSION = 1


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed.

    Attributes:
        v: 1.
        atlas: from which it was erased.
        organisation: who erased it and signs.
        at: when, UTC.
        basis: the legal basis.
        records: ids of the erased records, hexadecimal.
        salt: 32 random bytes, hexadecimal.
        commitment: to the entity, see the head of this file.
    """

    v: int
    atlas: str
    organisation: str
    at: str
    basis: str
    records: tuple[str, ...]
    salt: str
    commitment: str


def commitment(salt: str, entity: Entity) -> str:
    """What a notice calls an entity, 64 hexadecimal figures."""
    said = f"{entity.kind}\x1f{entity.value}".encode("utf-8", "surrogatepass")
    return hmac.digest(bytes.fromhex(salt), said, "sha256").hex()


def write_notice(notice: Notice, public_key: bytes, sign: Signer) -> bytes:
    """The notice in a signed envelope (DSSE)."""
    return seal(canonical_json(msgspec.to_builtins(notice)), public_key, sign, kind=NOTICE_TYPE)


def read_notice(data: bytes, manifest: Manifest) -> Notice:
    """A notice by the maker of a package.

    Raises:
        LedgerError: malformed, altered, of another version, or not by the package's maker about its atlas.
    """
    payload = open_seal(data, bytes.fromhex(manifest.public_key), kind=NOTICE_TYPE)
    try:
        notice = msgspec.json.decode(payload, type=Notice)
        bytes.fromhex(notice.salt)
    except (msgspec.DecodeError, ValueError) as error:
        raise LedgerError(
            Said("not an erasure notice: {error}", error=str(error)), mend="ask its sender for it again"
        ) from None
    if notice.v != VERSION or (notice.atlas, notice.organisation) != (manifest.atlas, manifest.organisation):
        raise LedgerError(
            "the notice is not about this package", mend="name the package that its sender made"
        )
    return notice


def meant(notice: Notice, manifest: Manifest) -> Entity:
    """The entity of a package that a notice speaks of.

    Raises:
        NotFoundError: no erased line of the package names it, or it was withheld from the recipients.
    """
    for one in _ends(notice, manifest):
        if hmac.compare_digest(commitment(notice.salt, one).encode(), notice.commitment.encode()):
            return one
    gone = set(notice.records)
    if any(claim.withheld for claim in manifest.claims if claim.record in gone):
        raise NotFoundError(
            "who was erased was withheld from its recipients", mend="nothing that came with it names them"
        )
    raise NotFoundError("nothing in the package was erased by this notice", mend="name another package")


def _ends(notice: Notice, manifest: Manifest) -> Iterator[Entity]:
    gone = set(notice.records)
    for claim in manifest.claims:
        if claim.record in gone:
            yield Entity(*claim.subject)
            if not isinstance(claim.object, str):
                yield Entity(*claim.object)
