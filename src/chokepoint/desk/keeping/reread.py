"""Rereading: does the sentence's identifier stand in the capture, at the place that the claim names?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from chokepoint.model.errors import ChokepointError
from chokepoint.package.place import Region, holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.claim import Claim
    from chokepoint.store.base import StoredClaim


def reread(atlas: Atlas, seqs: Sequence[int]) -> tuple[int, ...]:
    """Of the claims at these positions, those that their captures bear out, in ledger order."""
    reader = atlas.reader
    by_capture: dict[str, list[StoredClaim]] = defaultdict(list)
    with reader.connect() as connection:
        for stored in reader.claims(connection, seqs):
            by_capture[stored.claim.provenance.capture].append(stored)
    found: list[int] = []
    for sha256, claims in by_capture.items():
        if atlas.vault.has(sha256):
            found.extend(_borne_out(atlas.vault.get(sha256), claims))
    return tuple(sorted(found))


def _borne_out(data: bytes, claims: Iterable[StoredClaim]) -> list[int]:
    region = Region(data)
    return [stored.seq for stored in claims if stands(region, stored.claim)]


def stands(region: Region, claim: Claim) -> bool:
    """Whether the claim's subject or object stands at its place."""
    try:
        text = region.at(claim.place)
    except ChokepointError:
        return False
    return holds(text, claim.subject, claim.raw) or holds(text, claim.object)
