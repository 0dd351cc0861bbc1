"""Asking to come into a sharing group: whoever knows of one asks its owner, and the owner answers.

That somebody asks is told to them and to the organisation that they ask, and it is taken down whether or
not there is such a group: nobody learns by asking what groups there are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chokepoint.desk.people.circle import Group, change_group, groups
from chokepoint.model.errors import NotFoundError, NotValidError, RefusedError
from chokepoint.model.marking import GROUP, Marking, Tlp
from chokepoint.model.said import Said
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.circles import at_home
from chokepoint.store.people import ANSWER, ASKING
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas

LONGEST = 500
MOST_WAITING = 20
WAITING, TAKEN, DECLINED = "waiting for an answer", "taken in", "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Somebody's wish to come into a group.

    Attributes:
        id: of its record.
        group: as they wrote it: a name, or `group:UUID`.
        owner: the organisation that is asked.
        who: `ORG` or `ORG/USER`.
        why: in their words.
        at: when, UTC.
        state: waiting, taken in or declined.
        reason: the owner's for its answer, or empty.
    """

    id: str
    group: str
    owner: str
    who: str
    why: str
    at: str
    state: str = WAITING
    reason: str = ""


def ask_to_join(atlas: Atlas, owner: str, group: str, why: str) -> None:
    """Ask the owner of a group to take the viewer in.

    Args:
        atlas: opened by who wants to come in: a person for themselves, an organisation for all of its people.
        owner: the organisation that made the group.
        group: its name or `group:UUID`, as one was told.
        why: in words that the owner reads.

    Raises:
        NotValidError: no such member, or nothing that could be a group or a reason.
        RefusedError: one asks one's own organisation, or for the same again, or for too much at once.
    """
    wanted, reason = group.strip(), why.strip()
    who = atlas.viewer.person or atlas.viewer.organisation
    _check(atlas, owner, wanted, reason)
    if owner == atlas.viewer.organisation:
        raise RefusedError("the group is your own organisation's", mend="it takes people in by itself")
    waiting = [one for one in requests(atlas) if one.who == who and one.state == WAITING]
    if any((one.owner, one.group) == (owner, wanted) for one in waiting):
        raise RefusedError("you have asked for that already", place=wanted, mend="wait for the answer")
    if len(waiting) >= MOST_WAITING:
        raise RefusedError(
            Said("{waiting} of your requests wait", waiting=len(waiting)),
            mend="wait until some requests are answered",
        )
    said = {"group": wanted, "owner": owner, "who": who, "why": reason}
    atlas.ledger.append(atlas.speaker(), [RecordRow(ASKING, canonical(said), _between(owner, who))])


def _check(atlas: Atlas, owner: str, wanted: str, reason: str) -> None:
    reader = atlas.reader
    with reader.connect() as connection:
        known = set(reader.organisations(connection).values())
    if owner not in known:
        raise NotValidError(
            Said("{name!r} is no member", name=owner[:80]), mend="name the organisation that made the group"
        )
    for text, told in ((wanted, Said("say the group")), (reason, Said("say why"))):
        if not text or len(text) > LONGEST or not text.isprintable():
            raise NotValidError(told, mend=Said("in 1 to {longest} printable characters", longest=LONGEST))


def requests(atlas: Atlas) -> list[Request]:
    """The requests that the viewer made or that its organisation is asked, newest first."""
    found: dict[str, Request] = {}
    reader = atlas.reader
    with reader.connect() as connection:
        for record in read_records(reader, connection, ASKING):
            if at_home(record.said["who"], record.organisation):
                found[record.id] = Request(id=record.id, at=record.at, **record.said)
        for record in read_records(reader, connection, ANSWER):
            one = found.get(str(record.said["request"]))
            if one is not None and one.owner == record.organisation and one.state == WAITING:
                state = TAKEN if record.said["taken"] else DECLINED
                found[one.id] = replace(one, state=state, reason=str(record.said["why"]))
    return list(found.values())[::-1]


def meant(atlas: Atlas, one: Request) -> Group | None:
    """The group of the viewer's organisation that a request means; None where there is none, or several."""
    wanted = one.group
    own = [each for each in groups(atlas) if each.owner == atlas.viewer.organisation]
    named = [each for each in own if wanted in (each.scope, each.scope.removeprefix(GROUP))]
    named = named or [each for each in own if each.name == wanted]
    return named[0] if len(named) == 1 else None


def answer_request(atlas: Atlas, name: str, *, take: bool, why: str = "") -> None:
    """Take somebody in who has asked, or decline.

    Args:
        atlas: opened by the organisation that is asked, or a person of it.
        name: id of the request.
        take: whether they come in.
        why: in words that they read; a refusal needs some.

    Raises:
        NotFoundError: no such request waits for this viewer's answer, or no such group is there to take
            somebody into.
        RefusedError: a refusal without a reason.
    """
    asked = [one for one in requests(atlas) if one.owner == atlas.viewer.organisation]
    one = next((each for each in asked if each.id == name and each.state == WAITING), None)
    if one is None:
        raise NotFoundError("no such request", place=name, mend="the page lists those that wait")
    reason = why.strip()[:LONGEST]
    if take:
        group = meant(atlas, one)
        if group is None:
            raise NotFoundError("no group of yours is meant", place=one.group, mend="decline, and say so")
        change_group(atlas, group.scope, add=[one.who])
    elif not reason:
        raise RefusedError("declining needs a reason", place=one.group, mend="say why, in a few words")
    said = {"request": one.id, "taken": take, "why": reason}
    atlas.ledger.append(atlas.speaker(), [RecordRow(ANSWER, canonical(said), _between(one.owner, one.who))])


def _between(owner: str, who: str) -> Marking:
    return Marking(tlp=Tlp.RED, audience=frozenset({owner, who}))
