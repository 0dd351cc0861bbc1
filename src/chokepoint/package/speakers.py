"""Who speaks in a package, with which keys, and whether its reader trusts them.

A package proves itself: that a key belongs to whom it names is the one thing that it cannot. So keys are
shown by fingerprint, as each organisation tells it by another way, and compared with those given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.model.said import Said
from chokepoint.package.outcome import Failure
from chokepoint.package.sign import key_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chokepoint.package.manifest import Manifest, RecordEntry

ABOUT = "key"


def speakers(manifest: Manifest, records: Iterable[RecordEntry]) -> dict[str, set[str]]:
    """The public keys, hexadecimal, of each organisation that speaks: sender, contributors and voters."""
    found = {manifest.organisation: {manifest.public_key}}
    for record in records:
        found.setdefault(record.batch.organisation, set()).add(record.batch.public_key)
    return found


def to_compare(
    manifest: Manifest, found: Mapping[str, set[str]], trusted: Mapping[str, str] | None
) -> dict[str, set[str]]:
    """The keys on which a package stands or falls: the sender's, all contributors', and any other given.

    Of whom nothing but votes stands in it, and no key was given, the votes are not proved, and nothing else
    is the worse for it.
    """
    speak = {manifest.organisation, *(claim.contributor for claim in manifest.claims)}
    return {name: keys for name, keys in found.items() if trusted is None or name in speak or name in trusted}


def fingerprints(found: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """Organisation and SHA-256 of its public key, one pair a key."""
    return tuple((name, key_id(bytes.fromhex(key))) for name, keys in sorted(found.items()) for key in keys)


def check_keys(found: Mapping[str, set[str]], trusted: Mapping[str, str] | None) -> list[Failure]:
    """One organisation, one key; and the trusted one, by key or fingerprint, where any are given."""
    failures = []
    for organisation, keys in sorted(found.items()):
        if len(keys) > 1:
            words = Said(
                "{organisation} appears with {keys} different keys", organisation=organisation, keys=len(keys)
            )
            failures.append(Failure(step=4, about=ABOUT, reason=words))
        if trusted is None:
            continue
        given = trusted.get(organisation, "")
        if any(given not in {key, key_id(bytes.fromhex(key))} for key in keys):
            words = Said("the key of {organisation} is not the one you trust", organisation=organisation)
            failures.append(Failure(step=4, about=ABOUT, reason=words))
    return failures
