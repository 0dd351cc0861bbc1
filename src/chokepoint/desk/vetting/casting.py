"""How votes are cast: all that come at once are looked up and written together, in one transaction.

What a vote may rest on is asked of the ledger where the vote is appended to it, so that nothing can change
between the question and the answer; and a statement asks for everybody's votes at once, so that a question
costs each of them little.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.desk.sight import inherited, kept_in
from chokepoint.desk.vetting.barred import barred, same_words
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Answer, Vote
from chokepoint.model.member import name_key
from chokepoint.store import ballots, judged
from chokepoint.store.base import VOTE, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.ledger import Made
from chokepoint.store.people import GONE, PERSON, everybody, rights_of
from chokepoint.store.records import positions_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.marking import Marking
    from chokepoint.store.ballots import About, Said, Voted
    from chokepoint.store.reading import Reader

MOST = 10_000
NOT_FOUND = "copy the id from `show` or `review list`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Votes that one organisation casts for one reason.

    Attributes:
        organisation: who votes.
        vote: is it true?
        reason: the rule or the human's words.
        claims: record ids, at most 10,000.
        crime: is it about crime?
        disclose: may it be disclosed?
        until: the day from which the vote is to be cast anew, ISO 8601, or empty.
        despite: confirms in the knowledge of the disputes so far.
    """

    organisation: str
    vote: Vote
    reason: str
    claims: tuple[str, ...]
    crime: Answer = Answer.UNSAID
    disclose: Answer = Answer.UNSAID
    until: str = ""
    despite: bool = False


class Ballot(NamedTuple):
    """A vote that is to be cast by the viewer of an atlas."""

    atlas: Atlas
    cast: Cast


class _Context(NamedTuple):
    """What was looked up: claims about the same as some, what a voter may see, and the memory."""

    said: Mapping[About, list[Said]]
    visible: frozenset[int]
    memory: dict[Hashable, Any]

    def same(self, found: Mapping[str, Voted]) -> dict[About, list[Said]]:
        """The claims that the voter sees about what each of some is about."""
        return {
            about: [one for one in self.said.get(about, ()) if one.marking in self.visible]
            for about in {one.about for one in found.values()}
        }

    def hides(self, about: About) -> bool:
        """Whether a claim about this is hidden from the voter."""
        return any(one.marking not in self.visible for one in self.said.get(about, ()))

    def works_at(self, connection: Connection, organisation: str, person: str) -> bool:
        """Whether somebody has a right to anything at an organisation."""
        asked = ("works", organisation, person)
        if asked not in self.memory:
            self.memory[asked] = bool(rights_of(connection, organisation, person))
        return bool(self.memory[asked])


def cast_together(
    connection: Connection, asked: Sequence[Ballot], memory: dict[Hashable, Any]
) -> list[Made | Exception]:
    """What to append for each ballot, or why it is refused; asked inside the transaction that appends it.

    The memory holds what voters may see.
    """
    names = {name for one in asked for name in one.cast.claims}
    places = ballots.places(connection, names)
    known = ballots.voted(connection, places, absent=len(names) - len(places))
    looks = [_seen(connection, one, memory) for one in asked]
    seen = [frozenset[int]() if isinstance(one, RefusedError) else one for one in looks]
    found = [
        {name: known[name] for name in one.cast.claims if name in known and known[name].marking in shown}
        for one, shown in zip(asked, seen, strict=True)
    ]
    theirs = [
        claims
        for one, claims in zip(asked, found, strict=True)
        if one.cast.vote is Vote.CONFIRM or one.atlas.viewer.user
    ]
    wanted = {name: row for claims in theirs for name, row in claims.items()}
    said = ballots.contributions(connection, wanted.values())
    answers: list[Made | Exception] = []
    for one, look, shown, claims in zip(asked, looks, seen, found, strict=True):
        context = _Context(said, shown, memory)
        try:
            if isinstance(look, RefusedError):
                raise look
            _check(connection, one, claims, context)
        except (NotFoundError, RefusedError) as error:
            answers.append(error)
        else:
            rows = _rows(connection, one, claims, context)
            answers.append(Made(one.atlas.speaker(), rows, places))
    return answers


def _rows(
    connection: Connection, one: Ballot, found: Mapping[str, Voted], context: _Context
) -> list[RecordRow]:
    """The votes to record; those that are of one's own by what one does not see stay in the voter's house."""
    viewer, alone = one.atlas.viewer, set[str]()
    hidden = {name: row for name, row in found.items() if context.hides(row.about)}
    if hidden and one.cast.vote is Vote.CONFIRM:
        reader = one.atlas.reader
        alone = barred(reader, connection, hidden, context.said)
        alone -= barred(reader, connection, hidden, context.same(hidden))
        alone |= _wrote(connection, one, hidden, context, said=context.said)
        alone |= _spoke(connection, one, hidden, context, said=context.said)
    closed = {name: (row.closed, row.contributor) for name, row in found.items()}
    closed |= {name: (kept_in(found[name].closed, viewer), viewer.organisation) for name in alone}
    return vote_rows(one.cast, closed)


def _seen(connection: Connection, one: Ballot, memory: dict[Hashable, Any]) -> frozenset[int] | RefusedError:
    """The markings that a voter sees, or why they may not look."""
    who = (one.atlas.viewer, one.atlas.beside, one.atlas.at_most)
    if who not in memory:
        try:
            memory[who] = frozenset(one.atlas.reader.visible(connection))
        except RefusedError as error:
            memory[who] = error
    shown: frozenset[int] | RefusedError = memory[who]
    return shown


def _check(
    connection: Connection,
    one: Ballot,
    found: Mapping[str, Voted],
    context: _Context,
) -> None:
    """Refuse a ballot on what its voter does not see or may not vet; see `review.vote`."""
    mine = one.atlas.viewer.organisation
    own = _contributed(connection, one, found, context) if one.cast.vote is Vote.CONFIRM else set()
    own |= _wrote(connection, one, found, context, said=context.same(found))
    decides = {} if one.cast.vote is Vote.UNSURE else found
    moved = _spoke(connection, one, decides, context, said=context.same(decides))
    blind = _unvoted(connection, one.atlas.reader, found) if one.cast.despite else set()
    for name in one.cast.claims:
        if name not in found:
            raise NotFoundError("no such claim", place=name, mend=NOT_FOUND)
        if name in own or found[name].contributor == mine:
            raise RefusedError("nobody vets their own claim", place=name, mend="ask another member to vote")
        if name in moved:
            raise RefusedError(
                "you have voted on this at another organisation",
                place=name,
                mend="ask a colleague who has not",
            )
        if name in blind:
            raise RefusedError(
                "your organisation has not voted on this claim yet and sees no dispute",
                place=name,
                mend="vote first, then read the dissent: chokepoint review votes CLAIM",
            )


def _contributed(
    connection: Connection, one: Ballot, found: Mapping[str, Voted], context: _Context
) -> set[str]:
    """Those claims to whose statement the voter's organisation contributed, under whatever claim."""
    mine = one.atlas.viewer.organisation
    own = {
        about: [other.seq for other in same if other.contributor == mine]
        for about, same in context.same(found).items()
    }
    return _of_one_text(connection, found, own)


def _wrote(
    connection: Connection,
    one: Ballot,
    found: Mapping[str, Voted],
    context: _Context,
    *,
    said: Mapping[About, Sequence[Said]],
) -> set[str]:
    """Those claims whose statement, as said, the voter recorded while at another organisation, since left.

    A person is known by their name alone, however spelt, so that a namesake who works there is another.
    """
    person, mine = one.atlas.viewer.user, one.atlas.viewer.organisation
    if not name_key(person):
        return set()
    same = {row.about: said.get(row.about, ()) for row in found.values()}
    others = {
        other.seq: other.contributor
        for claims in same.values()
        for other in claims
        if other.contributor != mine
    }
    own = {
        seq
        for seq, envelope, _ in judged.bodies(connection, others)
        if name_key(envelope.author) == name_key(person)
        and not _stays(connection, context, others[seq], envelope.author)
    }
    theirs = {about: [other.seq for other in claims if other.seq in own] for about, claims in same.items()}
    return _of_one_text(connection, found, theirs)


def _spoke(
    connection: Connection,
    one: Ballot,
    found: Mapping[str, Voted],
    context: _Context,
    *,
    said: Mapping[About, Sequence[Said]],
) -> set[str]:
    """As `_wrote`, those claims on whose statement the voter voted: whoever moves brings no second voice."""
    person = name_key(one.atlas.viewer.user)
    houses = _houses(connection, context, person) - {one.atlas.viewer.organisation} if person else set()
    if not houses:
        return set()
    about = {
        row.about: {row.seq, *(other.seq for other in said.get(row.about, ()))} for row in found.values()
    }
    cast = ballots.cast_by(connection, set().union(*about.values()), houses)
    spoken = {
        seq
        for at, envelope, _ in judged.bodies(connection, cast)
        if name_key(envelope.author) == person
        and not _stays(connection, context, envelope.organisation, envelope.author)
        for seq in cast[at]
    }
    return _of_one_text(connection, found, {key: sorted(seqs & spoken) for key, seqs in about.items()})


def _houses(connection: Connection, context: _Context, person: str) -> set[str]:
    """Where somebody of a name, by `name_key`, works or has worked, and organisations that have left."""
    if ("houses",) not in context.memory:
        houses = defaultdict[str, set[str]](set)
        for organisation, _, user in (name.partition("/") for name in everybody(connection)):
            houses[name_key(user)].add(organisation)
        context.memory["houses",] = houses
    found: dict[str, set[str]] = context.memory["houses",]
    return {*found.get(person, ()), *found.get("", ())}


def _stays(connection: Connection, context: _Context, organisation: str, person: str) -> bool:
    """Whether one of that name works there and none has ever gone: who was taken back may work elsewhere."""
    if not context.works_at(connection, organisation, person):
        return False
    if ("gone",) not in context.memory:
        context.memory["gone",] = {
            (envelope.organisation, name_key(str(said["person"])))
            for _, envelope, said in judged.bodies(connection, positions_of(connection, PERSON))
            if said["state"] == GONE
        }
    return (organisation, name_key(person)) not in context.memory["gone",]


def _of_one_text(
    connection: Connection, found: Mapping[str, Voted], own: Mapping[About, Sequence[int]]
) -> set[str]:
    """Those of some claims of which a claim of one's own says the same; texts as `same_words` compares them.

    Args:
        connection: inside the transaction.
        found: the claims, by id.
        own: positions of one's own claims about what they are about.
    """
    about = {name: one for name, one in found.items() if own[one.about]}
    texts = {name: one for name, one in about.items() if one.about.thing == ballots.TEXT}
    wanted = {seq for one in texts.values() for seq in (one.seq, *own[one.about])} if texts else set()
    words = {seq: same_words(said.get("object")) for seq, _, said in judged.bodies(connection, wanted)}
    mine = {key: {words.get(seq) for seq in own[key]} for key in {one.about for one in texts.values()}}
    return {name for name, one in about.items() if name not in texts or words.get(one.seq) in mine[one.about]}


def _unvoted(connection: Connection, reader: Reader, found: Mapping[str, Voted]) -> set[str]:
    claims = list(reader.claims(connection, [one.seq for one in found.values()]))
    standing = of_claims(reader, connection, claims)
    return {one.id for one in claims if standing[one.seq].blind}


def vote_rows(
    cast: Cast, found: Mapping[str, tuple[Marking, str]], *, simulated: bool = False
) -> list[RecordRow]:
    """One record for each marking among the claims, or several where they are many.

    Args:
        cast: the votes.
        found: marking and contributor of each claim; claims that are not there are left out.
        simulated: by a rule of a demonstration.
    """
    by_marking: dict[Marking, list[str]] = defaultdict(list)
    for name in dict.fromkeys(cast.claims):
        if name in found:
            by_marking[inherited(*found[name], cast.organisation)].append(name)
    return [
        RecordRow(VOTE, _payload(cast, names[start : start + MOST], simulated=simulated), marking)
        for marking, names in by_marking.items()
        for start in range(0, len(names), MOST)
    ]


def _payload(cast: Cast, claims: Iterable[str], *, simulated: bool) -> bytes:
    said: dict[str, Any] = {
        "claims": list(claims),
        "crime": cast.crime.value,
        "disclose": cast.disclose.value,
        "reason": cast.reason,
        "until": cast.until,
        "vote": cast.vote.value,
    }
    marks = {"despite": cast.despite, "simulated": simulated}
    return canonical(said | {name: True for name, holds in marks.items() if holds})
