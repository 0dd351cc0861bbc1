"""The signed records of votes that travel with the claims that they judge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chokepoint.desk.vetting.standing import of_claims
from chokepoint.model.judgement import Verdict
from chokepoint.package.parts import Batch, PackageRecord
from chokepoint.store import judged
from chokepoint.store.proving import prove

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.vetting.standing import Standing
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.proving import ProvenRecord

MOST_NAMED = 1_000
"""Claims that a vote may name and still go whole, 67 bytes each."""
MOST_LOOKED_AT = 20_000
"""Claims that all votes of a package name together and that are looked at; further votes stay behind."""
EVERYBODY = ""
"""The organisation of the public, as a reader."""
_OPEN = frozenset({Verdict.PROPOSED, Verdict.DISPUTED})


def attested(atlas: Atlas, positions: Iterable[int]) -> dict[int, PackageRecord]:
    """The signed records of votes that every recipient may see, by position.

    One that names a claim that somebody among them does not see, or is still to vote on, is reserved: its
    body would tell that there is such a claim, or how it was voted on.

    Args:
        atlas: read as all recipients together may.
        positions: of the votes, found visible by the caller.
    """
    wanted = set(positions)
    reader = atlas.reader
    with reader.connect() as connection:
        named = {at: set(said["claims"]) for at, _, said in judged.bodies(connection, wanted)}
        stored = list(reader.claims_by_id(connection, _few(named.values())))
    waiting = still_to_vote(atlas, stored)
    shown = {one.id for one in stored if one.seq not in waiting}
    with atlas.engine.connect() as whole:  # a proof needs the ids beside, which tell nothing
        proven = prove(whole, wanted)
    return {
        one.seq: replace(record_of(one), reserved=not named.get(one.seq, {""}) <= shown) for one in proven
    }


def _few(named: Iterable[set[str]]) -> set[str]:
    """What votes name that may go whole, beginning with those that name least, up to a limit for all."""
    found: set[str] = set()
    for names in sorted(named, key=len):
        if len(names) > MOST_NAMED or len(found | names) > MOST_LOOKED_AT:
            break
        found |= names
    return found


def still_to_vote(atlas: Atlas, stored: Sequence[StoredClaim]) -> dict[int, Standing]:
    """The claims on which one of those for whom is read is still to vote, by position, as that one sees them.

    The one rule for whatever is handed on, in whatever form: of these neither votes are told, nor what
    follows from votes, nor the contributor. Among the public are members, who may still be to vote.
    """
    eyes = {one.organisation: one for one in (*reversed(atlas.beside), atlas.viewer)}
    reader = atlas.reader
    with reader.connect() as connection:
        members = {*reader.organisations(connection).values(), EVERYBODY}
        standing = of_claims(reader, connection, stored)
    blind = {one.seq: standing[one.seq] for one in stored if standing[one.seq].blind}
    asked = [one for one in stored if standing[one.seq].verdict in _OPEN and one.seq not in blind]
    for name in sorted(eyes.keys() & members - {atlas.viewer.organisation}):
        if not asked:
            break
        others = tuple(one for other, one in eyes.items() if other != name)
        turned = replace(atlas, viewer=eyes[name], beside=others).reader
        with turned.connect() as connection:
            theirs = of_claims(turned, connection, asked)
        blind |= {seq: one for seq, one in theirs.items() if one.blind}
        asked = [one for one in asked if one.seq not in blind]
    return blind


def record_of(item: ProvenRecord) -> PackageRecord:
    """A record with its proof, as a package carries it."""
    batch = item.batch
    return PackageRecord(
        id=item.id.hex(),
        salt=item.salt.hex(),
        body=item.body,
        batch=Batch(
            organisation=batch.organisation,
            size=batch.size,
            root=batch.root.hex(),
            previous=batch.previous.hex(),
            signature=batch.signature.hex(),
            public_key=batch.public_key.hex(),
        ),
        index=item.index,
        proof=tuple(sibling.hex() for sibling in item.proof),
        key=item.key.hex(),
    )
