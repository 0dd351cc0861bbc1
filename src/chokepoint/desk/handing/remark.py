"""`remark`: the originator of claims, and nobody else, gives them another marking, as a record of its own."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from chokepoint.desk.people.circle import allowed
from chokepoint.desk.reason import readable
from chokepoint.desk.undisturbed import settled
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import kept_by
from chokepoint.model.said import Said
from chokepoint.store import judged, lookup
from chokepoint.store.base import REMARKING, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.undisturbed import Then
    from chokepoint.model.marking import Marking
    from chokepoint.store.base import StoredClaim

MOST = 10_000


def remark(
    atlas: Atlas, claims: Sequence[str], marking: Marking, reason: str, *, captures: bool = False
) -> int:
    """Give claims of the viewer's organisation another marking from now on; returns how many.

    The record that says so is visible to those who could see the claims before and may see them after.

    Args:
        atlas: opened by the originator.
        claims: record ids.
        marking: theirs from now on.
        reason: why, in words.
        captures: whether the captures that they point into, with all that stands in them, get it too.

    Raises:
        NotFoundError: a claim that this viewer does not see, or an unknown circle.
        RefusedError: another organisation's claim, one that it withdrew and would open to others, no reason,
            or too many at once.
    """
    if not reason.strip():
        raise RefusedError("a change of marking needs a reason", place="--reason", mend="say why")
    readable(reason)
    if not 0 < len(claims) <= MOST:
        raise RefusedError(
            Said("one re-marking names 1 to {most:,} claims, not {claims:,}", most=MOST, claims=len(claims))
        )
    kept = kept_by(allowed(atlas, marking), atlas.viewer.organisation)

    with atlas.reader.connect() as connection:
        asked = {one.seq: one.id for one in atlas.reader.claims_by_id(connection, claims)}

    def change(gone: frozenset[str], then: Then) -> int:
        by_marking = _by_marking(atlas, dict.fromkeys(claims), (kept, gone), captures=captures)
        rows = [remarking(names, (old, kept), reason) for old, names in by_marking.items()]
        atlas.ledger.append(atlas.speaker(), rows, then)
        return len(asked)

    return settled(atlas, partial(_withdrawn, atlas, asked), change)


def _by_marking(
    atlas: Atlas, claims: Iterable[str], change: tuple[Marking, frozenset[str]], *, captures: bool
) -> dict[Marking, list[str]]:
    """Ids of own claims, and of their captures, by the marking that they have; see `remark`."""
    (kept, gone), names = change, list(claims)
    by_marking: dict[Marking, list[str]] = defaultdict(list)
    reader = atlas.reader
    with reader.connect() as connection:
        found = {one.id: one for one in reader.claims_by_id(connection, names)}
        for name in names:
            old = _own(atlas, found.get(name), name)
            _stays_closed(name, (old, kept), gone)
            by_marking[old].append(name)
        if captures:
            for old, name in lookup.captures_of(reader, connection, [one.seq for one in found.values()]):
                by_marking[old].append(name)
    return by_marking


def _withdrawn(atlas: Atlas, asked: Mapping[int, str], connection: Connection) -> frozenset[str]:
    """Those of some claims, ids by position, that were recalled."""
    gone = judged.recalled(atlas.reader, connection).tolist()
    return frozenset(asked[seq] for seq in gone if seq in asked)


def _own(atlas: Atlas, claim: StoredClaim | None, name: str) -> Marking:
    """The present marking of a claim of the viewer's organisation."""
    if claim is None:
        raise NotFoundError("no such claim", place=name, mend="copy the id from `show --json`")
    if claim.contributor != atlas.viewer.organisation:
        raise RefusedError("only the originator changes a marking", place=name, mend="ask whoever put it in")
    return claim.claim.provenance.marking


def _stays_closed(claim: str, change: tuple[Marking, Marking], gone: frozenset[str]) -> None:
    """Refuse to open what was withdrawn: whoever would see it then would not see that it was."""
    old, new = change
    if claim in gone and old.join(new) != new:
        raise RefusedError(
            "it was withdrawn, and those to whom it is opened would not know",
            place=claim,
            mend="say anew what is right of it, under the marking that it should have",
        )


def remarking(names: Sequence[str], change: tuple[Marking, Marking], reason: str) -> RecordRow:
    """A change of marking of some records, at most `MOST`, for those who see them under both to read."""
    old, new = change
    payload = canonical({"marking": new.to_form(), "reason": reason, "records": list(names)})
    return RecordRow(REMARKING, payload, old.join(new))
