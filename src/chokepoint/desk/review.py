"""`review`: votes on claims, cast by a member or, for demonstrations, by stated rules.

A simulated vote carries its mark for ever: it makes demonstration verdicts only, and whatever rests on
it is watermarked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chokepoint.desk.sight import inherited
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.store.base import VOTE, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.judgement import Vote
    from chokepoint.model.marking import Marking
    from chokepoint.store.base import StoredClaim

MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Votes that one organisation casts for one reason.

    Attributes:
        organisation: who votes.
        vote: the word.
        reason: the rule or the human's words.
        claims: record ids, at most 10,000.
    """

    organisation: str
    vote: Vote
    reason: str
    claims: tuple[str, ...]


def vote(atlas: Atlas, claims: Sequence[str], word: Vote, reason: str) -> int:
    """The viewer's organisation votes on claims by record id; returns how many.

    The vote is as closed as the claims: there is one record for each marking among them.

    Raises:
        RefusedError: no reason, too many claims, or a claim of the organisation's own.
        NotFoundError: a claim that this viewer does not see.
    """
    if not reason.strip():
        raise RefusedError("a vote needs a reason", mend="say what you checked and what you found")
    if not 0 < len(claims) <= MOST:
        raise RefusedError(f"one vote names 1 to {MOST} claims, not {len(claims)}")
    reader = atlas.reader
    with reader.connect() as connection:
        found = {claim.id: claim for claim in reader.claims_by_id(connection, claims)}
    for name in claims:
        if name not in found:
            raise NotFoundError("no such claim", place=name, mend="copy the id from `show` or `review list`")
        if found[name].contributor == atlas.viewer.organisation:
            raise RefusedError("nobody vets their own claim", place=name, mend="ask another member to vote")
    cast = Cast(organisation=atlas.viewer.organisation, vote=word, reason=reason, claims=tuple(claims))
    return _append(atlas, cast, found, simulated=False)


def simulate(atlas: Atlas, casts: Iterable[Cast]) -> int:
    """Enter votes by rule, each marked `simulated`; the organisations must be members. Returns how many.

    A member votes only on what it may see; what it may not is left out.
    """
    total = 0
    for cast in casts:
        reader = as_member(atlas, cast.organisation).reader
        with reader.connect() as connection:
            found = {claim.id: claim for claim in reader.claims_by_id(connection, cast.claims)}
        total += _append(atlas, cast, found, simulated=True)
    return total


def _append(atlas: Atlas, cast: Cast, found: Mapping[str, StoredClaim], *, simulated: bool) -> int:
    """One record for each marking among the claims, or several where they are many; returns the votes."""
    by_marking: dict[Marking, list[str]] = defaultdict(list)
    for name in dict.fromkeys(cast.claims):
        if name in found:
            claim = found[name]
            marking = inherited(claim.claim.provenance.marking, claim.contributor, cast.organisation)
            by_marking[marking].append(name)
    rows = []
    for marking, names in by_marking.items():
        for start in range(0, len(names), MOST):
            payload = _payload(cast, names[start : start + MOST], simulated=simulated)
            rows.append(RecordRow(VOTE, payload, marking))
    user = "" if simulated else atlas.viewer.user
    if rows:
        atlas.ledger.append(replace(atlas.speaker(), organisation=cast.organisation, user=user), rows)
    return sum(map(len, by_marking.values()))


def _payload(cast: Cast, claims: list[str], *, simulated: bool) -> bytes:
    said: dict[str, Any] = {"claims": claims, "reason": cast.reason, "vote": cast.vote.value}
    return canonical(said | ({"simulated": True} if simulated else {}))


def queue(atlas: Atlas, *, limit: int = 40) -> list[StoredClaim]:
    """Claims of other members on which the viewer's organisation has not voted, newest first."""
    reader = atlas.reader
    with reader.connect() as connection:
        seqs = reader.unvoted(connection, limit=limit)
        return list(reversed(list(reader.claims(connection, seqs))))


def votes_on(atlas: Atlas, claims: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """All visible votes on claims, by record id: organisation, vote, reason, simulated."""
    import msgspec  # noqa: PLC0415 - only this reading needs it

    from chokepoint.store.canonical import read_envelope  # noqa: PLC0415 - the same

    wanted = set(claims)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    reader = atlas.reader
    with reader.connect() as connection:
        for _, _, body in reader.records(connection, VOTE):
            envelope = read_envelope(body)
            said = msgspec.json.decode(envelope.payload)
            for claim in wanted.intersection(said["claims"]):
                found[claim].append(
                    {
                        "organisation": envelope.organisation,
                        "vote": said["vote"],
                        "reason": said["reason"],
                        "simulated": bool(said.get("simulated")),
                    }
                )
    return dict(found)


def as_member(atlas: Atlas, organisation: str) -> Atlas:
    """The same atlas seen by another member, on a machine that simulates several."""
    return replace(atlas, viewer=Viewer(organisation=organisation))
