"""`review`: votes on claims, cast by a member or, for demonstrations, by stated rules.

A simulated vote carries its mark for ever: it makes demonstration verdicts only, and whatever rests on
it is watermarked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from chokepoint.desk.personal.cover import spoken_of
from chokepoint.desk.personal.words import cover_of, told
from chokepoint.desk.reason import readable
from chokepoint.desk.undisturbed import settled
from chokepoint.desk.vetting.casting import MOST, Ballot, Cast, cast_together, vote_rows
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.desk.vetting.weighing import weighed
from chokepoint.desk.watch.access import saw
from chokepoint.model.claim import parse_day
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Answer, Vote
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.said import Said
from chokepoint.store import judged
from chokepoint.store.base import POLICY, RECALL, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.vet.policy import NAMED
from chokepoint.vet.tree import form_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.undisturbed import Then
    from chokepoint.model.marking import Marking
    from chokepoint.store.canonical import Envelope
    from chokepoint.vet.policy import Policy


WHY = "withdrawing claims needs a reason"
"""Said on the command line alone: the web desk withdraws none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Besides:
    """What a vote says besides whether the claim is true; see `Cast`."""

    crime: Answer = Answer.UNSAID
    disclose: Answer = Answer.UNSAID
    until: str = ""
    despite: bool = False


def vote(
    atlas: Atlas, claims: Sequence[str], word: Vote, reason: str, *, besides: Besides | None = None
) -> int:
    """The viewer's organisation votes on claims by record id; returns how many.

    The vote is as closed as the claims: there is one record for each marking among them. A vote by an
    organisation that is tied to the contributor is kept and counts for nothing; it is not refused, for
    that would tell a vetter who has not voted yet who the contributor is.

    Raises:
        RefusedError: no reason, too many claims, a claim of the organisation's own, or a review date past.
        NotFoundError: a claim that this viewer does not see.
    """
    more = besides or Besides()
    _check_words(atlas, claims, reason, more.until)
    cast = Cast(
        organisation=atlas.viewer.organisation,
        vote=word,
        reason=reason,
        claims=tuple(dict.fromkeys(claims)),
        crime=more.crime,
        disclose=more.disclose,
        until=more.until,
        despite=more.despite,
    )
    atlas.ledger.append_made(Ballot(atlas, cast), cast_together)
    return len(cast.claims)


def _check_words(atlas: Atlas, claims: Sequence[str], reason: str, until: str) -> None:
    if not reason.strip():
        raise RefusedError("a vote needs a reason", mend="say what you checked and what you found")
    readable(reason)
    if not 0 < len(claims) <= MOST:
        raise RefusedError(
            Said("one vote names 1 to {most} claims, not {claims}", most=MOST, claims=len(claims))
        )
    if until and parse_day(until) <= parse_day(atlas.clock()):
        raise RefusedError(
            Said("the review date {until} is past", until=until), mend="name a day after today"
        )


def in_capture(atlas: Atlas, sha256: str) -> list[str]:
    """Ids of other members' visible claims that point into one capture, by the beginning of its hash.

    Raises:
        NotFoundError: no claim that this viewer sees points into such a capture, or several captures match.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        found = list(reader.claims(connection, judged.in_capture(reader, connection, sha256.lower())))
    captures = {one.claim.provenance.capture for one in found}
    if len(captures) != 1:
        many = "several captures begin so" if captures else "no such capture"
        raise NotFoundError(many, place=sha256, mend="copy the hash from `show --json`")
    return [one.id for one in found if one.contributor != atlas.viewer.organisation]


def recall(atlas: Atlas, claims: Sequence[str], reason: str) -> int:
    """The viewer's organisation withdraws claims of its own; returns how many.

    What rests on them changes at once for everybody who saw them: they are no evidence any more.

    Raises:
        RefusedError: no reason, too many claims, or a claim of somebody else.
        NotFoundError: a claim that this viewer does not see.
    """
    if not reason.strip():
        raise RefusedError(WHY, mend="--reason TEXT")
    _check_words(atlas, claims, reason, "")
    names = list(dict.fromkeys(claims))

    def change(markings: Mapping[str, Marking], then: Then) -> int:
        by_marking: dict[Marking, list[str]] = defaultdict(list)
        for name in names:
            by_marking[markings[name]].append(name)
        rows = [
            RecordRow(RECALL, canonical({"claims": some, "reason": reason}), marking)
            for marking, some in by_marking.items()
        ]
        atlas.ledger.append(atlas.speaker(), rows, then)
        return len(names)

    return settled(atlas, partial(_own_markings, atlas, names), change)


def _own_markings(atlas: Atlas, names: Sequence[str], connection: Connection) -> dict[str, Marking]:
    """Today's markings of claims of one's own, by id: whoever sees a claim is to see that it is withdrawn."""
    found = {one.id: one for one in atlas.reader.claims_by_id(connection, names)}
    for name in names:
        if name not in found:
            raise NotFoundError("no such claim", place=name, mend="copy the id from `show --json`")
        if found[name].contributor != atlas.viewer.organisation:
            raise RefusedError(
                "only its contributor withdraws a claim", place=name, mend="dispute it: review vote --dispute"
            )
    return {name: one.claim.provenance.marking for name, one in found.items()}


def choose_policy(atlas: Atlas, name: str) -> None:
    """The founder of the atlas chooses when statements are accepted, by name.

    Raises:
        NotFoundError: no policy of that name.
        RefusedError: by another member than the founder.
    """
    if name not in NAMED:
        raise NotFoundError(
            Said("no policy is called {name!r}", name=name),
            mend=Said("choose one of: {names}", names=", ".join(NAMED)),
        )
    choose_rule(atlas, name, NAMED[name])


def choose_rule(atlas: Atlas, name: str, rule: Policy) -> None:
    """The founder of the atlas chooses when statements are accepted, by a rule of any shape.

    Args:
        atlas: opened by the founder.
        name: what it is called wherever it is told.
        rule: as `vet.tree.policy_of` gives it.

    Raises:
        RefusedError: by another member than the founder.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        organisations = reader.organisations(connection)
    if atlas.viewer.organisation != organisations[min(organisations)]:
        raise RefusedError("only the founder of the atlas chooses its policy", mend="ask its first member")
    said = {"name": name, "rule": form_of(rule)}
    atlas.ledger.append(atlas.speaker(), [RecordRow(POLICY, canonical(said), CLEAR)])


def simulate(atlas: Atlas, casts: Iterable[Cast]) -> int:
    """Enter votes by rule, each marked `simulated`; the organisations must be members. Returns how many.

    A member votes only on what it may see; what it may not is left out.
    """
    total = 0
    for cast in casts:
        reader = as_member(atlas, cast.organisation).reader
        with reader.connect() as connection:
            found = {
                one.id: (one.claim.provenance.marking, one.contributor)
                for one in reader.claims_by_id(connection, cast.claims)
            }
        rows = vote_rows(cast, found, simulated=True)
        if rows:
            atlas.ledger.append(replace(atlas.speaker(), organisation=cast.organisation, user=""), rows)
        total += len(found)
    return total


def look_at_votes(atlas: Atlas, claim: str) -> list[dict[str, Any]]:
    """The votes on one claim, as `votes_on` gives them: a look of its own, which is logged.

    Raises:
        RefusedError: a person without the right to look.
    """
    found = votes_on(atlas, [claim]).get(claim, [])
    reader = atlas.reader
    with reader.connect() as connection:
        entities = list(spoken_of(reader.claims_by_id(connection, [claim])))
    saw(atlas, "votes", claim, entities, aside=True)
    return found


def votes_on(atlas: Atlas, claims: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The votes on claims as the viewer may see them now, by record id, with all their answers.

    Each says whether it counts towards the quorum, `counts`, and `why`. Of statements that are open and on
    which the viewer is still to vote, there are none. Reasons that could name who is minimised are kept back.
    """
    names = list(claims)
    found = read_votes(atlas, names)
    found = weighed(atlas, found) if found else found
    reader = atlas.reader
    with reader.connect() as connection:
        named = list(spoken_of(reader.claims_by_id(connection, found)))
    cover = cover_of(atlas, named, (str(one["reason"]) for cast in found.values() for one in cast))
    return {
        name: [one | {"reason": told(str(one["reason"]), cover)} for one in cast]
        for name, cast in found.items()
    }


def read_votes(atlas: Atlas, claims: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """As `votes_on`, with reasons as they were given: for the desk's own work, not for showing."""
    return {name: [said for _, said in votes] for name, votes in cast_on(atlas, claims).items()}


def cast_on(atlas: Atlas, claims: Iterable[str]) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """As `read_votes`, each vote after the position of its record."""
    found: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    reader = atlas.reader
    with reader.connect() as connection:
        stored = {one.seq: one for one in reader.claims_by_id(connection, claims)}
        standing = of_claims(reader, connection, list(stored.values()))
        open_ = {seq for seq, one in standing.items() if not one.blind}
        votes = judged.read_votes(reader, connection, open_)
        read = judged.bodies(connection, votes.position.tolist())
        said = {position: _said(envelope, payload) for position, envelope, payload in read}
    for seq, position in zip(votes.claim.tolist(), votes.position.tolist(), strict=True):
        found[stored[seq].id].append((position, said[position]))
    return dict(found)


def _said(envelope: Envelope, said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "organisation": envelope.organisation,
        "vote": said["vote"],
        "crime": said["crime"],
        "disclose": said["disclose"],
        "until": said["until"],
        "despite": bool(said.get("despite")),
        "reason": said["reason"],
        "simulated": bool(said.get("simulated")),
    }


def as_member(atlas: Atlas, organisation: str) -> Atlas:
    """The same atlas seen by another member, on a machine that simulates several."""
    return replace(atlas, viewer=Viewer(organisation=organisation))
