"""`people`: invitations, roles, leaving. Each is a record of the organisation whose people they are.

An organisation keeps a register from the first person that it invites on; from then on nobody who is not in
it can look or speak in its name. The roles of the coalition are the founder's to give.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from chokepoint.desk.reason import readable
from chokepoint.desk.undisturbed import undisturbed
from chokepoint.model.errors import NotFoundError, NotValidError, RefusedError
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.model.role import COALITION, Right, Role
from chokepoint.model.said import Said
from chokepoint.store import people
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import ACTIVE, APPOINTMENT, DEPARTURE, GONE, INVITED, PERSON
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.undisturbed import Then

T = TypeVar("T")
VALID_DAYS = 7
_USER = re.compile(r"[^\s/:,][^\s/:,]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who works in an organisation, as its newest record says.

    Attributes:
        organisation: whose person.
        user: the name under which they look and speak.
        roles: theirs now, those of the coalition included.
        state: invited, active or left.
        token: SHA-256 of the invitation while they are invited.
        until: the moment up to which it may be used.
    """

    organisation: str
    user: str
    roles: frozenset[Role]
    state: str
    token: str = ""
    until: str = ""

    def to_json(self) -> dict[str, Any]:
        """The shape of a person in `people --json`."""
        return {
            "organisation": self.organisation,
            "user": self.user,
            "roles": sorted(role.value for role in self.roles),
            "state": self.state,
        }


def invite(atlas: Atlas, user: str, roles: Iterable[Role]) -> str:
    """Invite somebody into the viewer's organisation; returns the token that they join with, shown once.

    The record holds its hash alone. It is valid for seven days and for one joining.

    Raises:
        NotValidError: the name cannot be one, or no role.
        RefusedError: the viewer may not, the person works here already, or a role is the coalition's.
    """
    given = frozenset(roles)
    if not _USER.fullmatch(user) or not user.isprintable():
        raise NotValidError(
            Said("{user!r} cannot name a person", user=user[:64]), mend="use 1 to 64 letters without spaces"
        )
    if not given:
        raise NotValidError("a person needs a role", place="--role", mend="name at least one role")
    if given & COALITION:
        raise RefusedError("that role is the coalition's", mend="its founder gives it: `people appoint`")
    return _alone(atlas, partial(_invited, atlas, user, given))


def _invited(atlas: Atlas, user: str, roles: frozenset[Role], then: Then) -> str:
    """Record the invitation of somebody who does not work here; its token."""
    known = {one.user: one for one in staff(atlas)}
    if user in known and known[user].state == ACTIVE:
        raise RefusedError("works here already", place=user, mend="`people roles` changes their roles")
    token = secrets.token_hex(24)  # no letter that a command line takes for an option
    until = (datetime.fromisoformat(atlas.clock()) + timedelta(days=VALID_DAYS)).isoformat()
    person = Person(
        organisation=atlas.viewer.organisation,
        user=user,
        roles=roles,
        state=INVITED,
        token=sha256(token.encode()).hexdigest(),
        until=until,
    )
    _append(atlas, person, then)
    return token


def _alone(atlas: Atlas, change: Callable[[Then], T]) -> T:
    """Change the people as `undisturbed`, whose reading is the organisation's: one may come or go by it."""
    return undisturbed(replace(atlas, viewer=Viewer(organisation=atlas.viewer.organisation)), PERSON, change)


def join(atlas: Atlas, token: str) -> Person:
    """Accept an invitation: the viewer works in their organisation from now on.

    Raises:
        RefusedError: no such invitation for this person, or it is too old or was used.
    """
    return _alone(atlas, partial(_joined, atlas, token))


def _joined(atlas: Atlas, token: str, then: Then) -> Person:
    known = {one.user: one for one in staff(atlas, whole=True)}
    person = known.get(atlas.viewer.user)
    hashed = sha256(token.strip().encode()).hexdigest()
    fits = person is not None and person.state == INVITED and hmac.compare_digest(person.token, hashed)
    if not token.strip() or person is None or not fits or not _young(atlas, person.until):
        raise RefusedError("no such invitation", mend="ask your administrator for a new one")
    joined = Person(organisation=person.organisation, user=person.user, roles=person.roles, state=ACTIVE)
    _append(atlas, joined, then, by_organisation=True)
    return joined


def _young(atlas: Atlas, until: str) -> bool:
    return datetime.fromisoformat(atlas.clock()) < datetime.fromisoformat(until)


def set_roles(atlas: Atlas, user: str, roles: Iterable[Role]) -> Person:
    """Give somebody who works here or is invited other roles; nobody changes their own.

    Raises:
        NotFoundError: nobody of that name works here.
        RefusedError: one's own, the coalition's, or somebody who has roles of the coalition.
    """
    given = frozenset(roles)

    def change(then: Then) -> Person:
        person = _own(atlas, user)
        if given & COALITION:
            raise RefusedError("that role is the coalition's", mend="its founder gives it: `people appoint`")
        changed = replace(person, roles=given)  # whoever is only invited still has to join
        _append(atlas, changed, then)
        return changed

    return _alone(atlas, change)


def let_go(atlas: Atlas, user: str) -> Person:
    """Somebody leaves: they see nothing of the map any more and cannot speak.

    Raises:
        NotFoundError: nobody of that name works here.
        RefusedError: somebody who has roles of the coalition, or the viewer may not.
    """

    def change(then: Then) -> Person:
        person = _own(atlas, user, leaving=True)
        gone = Person(organisation=person.organisation, user=user, roles=frozenset(), state=GONE)
        _append(atlas, gone, then, by_organisation=user == atlas.viewer.user)
        return gone

    return _alone(atlas, change)


def _own(atlas: Atlas, user: str, *, leaving: bool = False) -> Person:
    person = {one.user: one for one in staff(atlas)}.get(user)
    if person is None or person.state == GONE:
        raise NotFoundError("nobody of that name works here", place=user, mend="`chokepoint people list`")
    if user == atlas.viewer.user and not leaving:
        raise RefusedError("nobody changes their own roles", place=user, mend="ask another administrator")
    if person.roles & COALITION and user != atlas.viewer.user:
        raise RefusedError(
            "has a role of the coalition",
            place=user,
            mend="its founder takes it back first: `people appoint`",
        )
    return person


def appoint(atlas: Atlas, person: str, role: Role, *, held: bool = True) -> None:
    """The founder gives a role of the coalition to a person of any member, or takes it back.

    Raises:
        RefusedError: the viewer is not of the founder's, or the role is an organisation's own to give.
        NotFoundError: no such member.
    """
    organisation, _, user = person.partition("/")
    with atlas.engine.connect() as connection:
        first = people.founder(connection)
        known = set(atlas.books.organisations(connection).values())
    if atlas.viewer.organisation != first:
        raise RefusedError(
            Said("only {first}, the founder, does that", first=first),
            place=person,
            mend=Said("ask {first}", first=first),
        )
    if role not in COALITION:
        raise RefusedError("that role is an organisation's own", mend="`people roles` gives it")

    def works(connection: Connection) -> None:
        """Asked where it is appended: somebody who is let go at the same time gets no role."""
        registered = people.has_register(connection, organisation)
        if not user or (registered and not people.rights_of(connection, organisation, user)):
            raise NotFoundError("no such person", place=person, mend="write ORG/USER")

    if organisation not in known:
        raise NotFoundError("no such person", place=person, mend="write ORG/USER")
    payload = canonical({"held": held, "person": person, "role": role.value})
    atlas.ledger.append(atlas.speaker(), [RecordRow(APPOINTMENT, payload, Marking(tlp=Tlp.GREEN))], works)


def depart(atlas: Atlas, organisation: str, reason: str, *, left: bool = True) -> None:
    """An organisation leaves the coalition, by itself or put out by the founder; the founder may readmit it.

    Raises:
        RefusedError: not one's own and not the founder's to say, no reason, or the founder itself.
        NotFoundError: no such member.
    """
    with atlas.engine.connect() as connection:
        first = people.founder(connection)
        known = set(atlas.books.organisations(connection).values())
    mine = atlas.viewer.organisation
    if not reason.strip():
        raise RefusedError("leaving needs a reason", place="--reason", mend="say why")
    readable(reason)
    if organisation not in known:
        raise NotFoundError("no such member", place=organisation, mend="`chokepoint member list` shows them")
    if organisation == first or (mine != first and (mine != organisation or not left)):
        raise RefusedError(
            Said("only {first}, the founder, says so of another", first=first),
            mend=Said("ask {first}", first=first),
        )
    payload = canonical({"left": left, "organisation": organisation, "reason": reason})
    atlas.ledger.append(atlas.speaker(), [RecordRow(DEPARTURE, payload, Marking(tlp=Tlp.GREEN))])


def staff(atlas: Atlas, *, whole: bool = False) -> list[Person]:
    """The people of the viewer's organisation, by name, as they are now; its own people alone may know.

    Args:
        atlas: opened by the viewer.
        whole: read in the name of the organisation, to let in somebody who is not yet one of its people.
    """
    viewer = Viewer(organisation=atlas.viewer.organisation) if whole else atlas.viewer
    found: dict[str, Person] = {}
    reader = replace(atlas, viewer=viewer).books
    with reader.connect() as connection:
        for record in read_records(reader, connection, PERSON):
            said = record.said
            if record.organisation != viewer.organisation:
                continue
            roles = frozenset(role for role in Role if role.value in said["roles"])
            roles |= people.roles_of(connection, f"{viewer.organisation}/{said['person']}") & COALITION
            found[said["person"]] = Person(
                organisation=viewer.organisation,
                user=said["person"],
                roles=roles,
                state=said["state"],
                token=said["token"],
                until=said["until"],
            )
    return [found[name] for name in sorted(found)]


def _append(atlas: Atlas, person: Person, then: Then, *, by_organisation: bool = False) -> None:
    """Record a person; joining and leaving oneself is the organisation's word, given by its own rule."""
    payload = canonical(
        {
            "person": person.user,
            "roles": sorted(role.value for role in person.roles - COALITION),
            "state": person.state,
            "token": person.token,
            "until": person.until,
        }
    )
    marking = Marking(tlp=Tlp.AMBER_STRICT)
    speaker = atlas.speaker()
    if by_organisation:
        speaker = replace(speaker, user="")
    atlas.ledger.append(speaker, [RecordRow(PERSON, payload, marking)], then)


def may(atlas: Atlas) -> frozenset[Right]:
    """What the viewer may do now."""
    with atlas.engine.connect() as connection:
        return people.rights_of(connection, atlas.viewer.organisation, atlas.viewer.user)
