"""The source of a claim, opened at the very place from which it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chokepoint.desk.personal.cover import shown
from chokepoint.desk.personal.veil import HOME
from chokepoint.desk.personal.words import cover_of, told
from chokepoint.desk.vetting.review import votes_on
from chokepoint.desk.vetting.standing import Standing, of_claims, veiled
from chokepoint.desk.watch.access import saw
from chokepoint.model.errors import ChokepointError, NotFoundError
from chokepoint.model.identity import Entity
from chokepoint.package.place import region
from chokepoint.package.redact import WITHHELD
from chokepoint.store import lookup

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.marking import Tlp
    from chokepoint.store.base import StoredClaim


NAMES = "these words may name a natural person: open them for a case, with --full and a reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A claim with what stands at its place in its capture.

    Attributes:
        stored: the claim; without its contributor where the viewer is still to vote on it.
        standing: of its statement.
        path: of the capture, or empty where the viewer may not see the capture.
        text: what stands at the claim's place, and only there: lines beside it may be for others. Natural
            persons who are minimised have given way to their pseudonyms in it.
        problem: why the place cannot be shown, or empty.
        votes: on the claim, as far as the viewer may know them now.
        label: the strictest of the claim and of its capture, which may be closed where the claim was opened.
    """

    stored: StoredClaim
    standing: Standing
    path: str
    text: str
    problem: str
    votes: tuple[dict[str, Any], ...]
    label: Tlp


def source(atlas: Atlas, claim: str) -> Source:
    """The source of a claim of the viewer's map, by the claim's record id.

    Raises:
        NotFoundError: hidden or absent.
        RefusedError: a person without the right to look.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        found = list(reader.claims_by_id(connection, [claim]))
        if not found:
            raise NotFoundError("no such claim in your map")
        standing = of_claims(reader, connection, found)[found[0].seq]
        stored = veiled(found[0], standing)
        sha256 = stored.claim.provenance.capture
        path = reader.captures(connection, [sha256]).get(sha256, "")
        closed = [one.tlp for one, _ in lookup.captures_of(reader, connection, [found[0].seq])]
    ends = [end for end in (stored.claim.subject, stored.claim.object) if isinstance(end, Entity)]
    saw(atlas, "source", claim, ends)
    text, problem = _at(atlas, sha256, stored.claim.place) if path else ("", "you may not see this source")
    words = stored.claim.object if isinstance(stored.claim.object, str) else ""
    cover = cover_of(atlas, ends, (text, words, path))
    claim_shown = shown(stored, cover)
    is_home = HOME in (claim_shown.claim.subject, claim_shown.claim.object)
    said = WITHHELD if is_home else told(text, cover)
    return Source(
        stored=claim_shown,
        standing=standing,
        path=told(path, cover),
        text="" if said == WITHHELD else said,
        problem=NAMES if said == WITHHELD else problem,
        votes=tuple(votes_on(atlas, [claim]).get(claim, ())),
        label=max([stored.claim.provenance.marking.tlp, *closed]),
    )


def _at(atlas: Atlas, sha256: str, place: str) -> tuple[str, str]:
    """What stands at a place of a capture, or why that cannot be shown."""
    try:
        return region(atlas.vault.get(sha256), place), ""
    except ChokepointError as error:
        return "", error.said[0]
