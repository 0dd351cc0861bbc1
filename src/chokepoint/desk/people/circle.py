"""Sharing groups, and who has the need-to-know in a case: circles that a marking can name.

A circle is a list of organisations (`ORG`) and persons (`ORG/USER`). The organisation that made it changes
it, by people who are in it or made it: nobody lets themselves in. Whoever is in it may leave, and then sees
nothing under it any more. There is no way to say "everybody".
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from chokepoint.desk.undisturbed import undisturbed
from chokepoint.model.errors import NotFoundError, NotValidError, RefusedError
from chokepoint.model.marking import CASE, GROUP, Marking, Tlp, Viewer
from chokepoint.model.said import Said
from chokepoint.store.base import CIRCLE, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.circles import Circle, at_home, circles_of
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.undisturbed import Then

LONGEST = 200
MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A circle as one of its members sees it.

    Attributes:
        scope: `group:UUID`, as a marking names it.
        name: what people call it.
        owner: the organisation that changes it.
        members: organisations and persons, sorted.
    """

    scope: str
    name: str
    owner: str
    members: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The shape of a group in `group --json`."""
        return {"group": self.scope, "name": self.name, "owner": self.owner, "members": list(self.members)}


def make_group(atlas: Atlas, name: str, members: Iterable[str]) -> Group:
    """A new sharing group of the viewer's organisation, which is in it only if it says so.

    Raises:
        NotValidError: no name, or a member that is no member of the atlas.
    """
    scope = GROUP + str(uuid.uuid4())
    set_circle(atlas, scope, name, members)
    return find_group(atlas, scope)


def groups(atlas: Atlas) -> list[Group]:
    """The groups that the viewer is in or that its organisation owns, in the order of their names."""
    reader = atlas.reader
    with reader.connect() as connection:
        found = [one for one in circles_of(connection, atlas.viewer) if one.scope.startswith(GROUP)]
        names = _names(atlas, connection, {one.scope: one.owner for one in found})
    return sorted(
        (
            Group(scope=one.scope, name=names.get(one.scope, ""), owner=one.owner, members=one.members)
            for one in found
        ),
        key=lambda group: (group.name, group.scope),
    )


def _names(atlas: Atlas, connection: Connection, owners: dict[str, str]) -> dict[str, str]:
    return {
        str(record.said["scope"]): str(record.said["name"])
        for record in read_records(atlas.reader, connection, CIRCLE)
        if owners.get(record.said["scope"]) == record.organisation
    }


def find_group(atlas: Atlas, name: str) -> Group:
    """The group of that UUID, or of that name if it is the only one.

    Raises:
        NotFoundError: none that the viewer is in, or several.
    """
    known = groups(atlas)
    wanted = name.strip()
    found = [one for one in known if wanted in (one.scope, one.scope.removeprefix(GROUP))]
    found = found or [one for one in known if one.name == wanted]
    if len(found) != 1:
        raise NotFoundError("no such group", place=name, mend="`chokepoint group list` shows yours")
    return found[0]


def change_group(atlas: Atlas, name: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Group:
    """Put members into a group of the viewer's organisation, or out of it.

    Raises:
        NotFoundError: no such group.
        RefusedError: it is another organisation's, or a colleague's in whose group the viewer is not.
        NotValidError: one that is no member of the atlas.
    """
    members = frozenset(add), frozenset(remove)
    return find_group(atlas, undisturbed(atlas, CIRCLE, partial(_changed, atlas, name, members)))


def _changed(atlas: Atlas, name: str, change: tuple[frozenset[str], frozenset[str]], then: Then) -> str:
    """Put some members into a group of the viewer's organisation and others out of it; its scope."""
    group = find_group(atlas, name)
    if group.owner != atlas.viewer.organisation:
        raise RefusedError(
            Said("the group is {owner}'s", owner=group.owner), place=group.scope, mend="ask them, or leave it"
        )
    if not _answers_for(atlas, group):
        raise RefusedError(
            "you are not in it, and a colleague made it", place=group.scope, mend="ask whoever is in it"
        )
    fresh, gone = change
    name = group.name or group.scope  # a name may have been erased
    row = circle_row(atlas, group.scope, name, (fresh | {*group.members}) - gone)
    atlas.ledger.append(atlas.speaker(), [row], then)
    return group.scope


def _answers_for(atlas: Atlas, group: Group) -> bool:
    """Whether the viewer is in a group of its organisation or made it; the whole answers for what it made."""
    viewer = atlas.viewer
    if not viewer.user or {viewer.person, viewer.organisation} & {*group.members}:
        return True
    reader = atlas.reader
    with reader.connect() as connection:
        authors = [
            record.author
            for record in read_records(reader, connection, CIRCLE)
            if record.said["scope"] == group.scope and record.organisation == group.owner
        ]
    return authors[:1] in ([""], [viewer.user])  # none where its making was erased


def leave_group(atlas: Atlas, name: str) -> Group:
    """Leave a group: with all persons of the viewer's organisation where it speaks as a whole.

    It is the organisation's word, as when somebody leaves that: whoever may not share may leave.

    Raises:
        NotFoundError: the viewer is in no such group.
        RefusedError: a person is in it only because the organisation is.
    """
    group = find_group(atlas, name)
    mine = [one for one in group.members if at_home(one, atlas.viewer.organisation)]
    if atlas.viewer.user:
        mine = [one for one in mine if one == atlas.viewer.person]
    if not mine:
        raise RefusedError(
            "you are not in it by name", place=group.scope, mend="your organisation can leave as a whole"
        )
    whole = replace(atlas, viewer=Viewer(organisation=atlas.viewer.organisation))
    if group.owner == atlas.viewer.organisation:
        change_group(whole, group.scope, remove=mine)
    else:
        row = _row((group.scope, "", mine), {group.owner, atlas.viewer.organisation})
        atlas.ledger.append(whole.speaker(), [row])
    return group


def set_circle(atlas: Atlas, scope: str, name: str, members: Iterable[str]) -> None:
    """Record who is in a circle from now on; as `circle_row`."""
    atlas.ledger.append(atlas.speaker(), [circle_row(atlas, scope, name, members)])


def circle_row(atlas: Atlas, scope: str, name: str, members: Iterable[str]) -> RecordRow:
    """The record of who is in a circle from now on.

    Raises:
        NotValidError: a name that is none, too many members, or one that is no member of the atlas.
    """
    listed = sorted(set(members))
    if not name.strip() or not name.isprintable() or len(name) > LONGEST:
        raise NotValidError(
            "a group needs a name", mend=Said("use 1 to {longest} printable characters", longest=LONGEST)
        )
    if len(listed) > MOST:
        raise NotValidError(
            Said("{listed:,} members are too many", listed=len(listed)),
            mend=Said("name at most {most:,}", most=MOST),
        )
    reader = atlas.reader
    with reader.connect() as connection:
        known = set(reader.organisations(connection).values())
    for one in listed:
        organisation, slash, user = one.partition("/")
        if organisation not in known or (slash and not user):
            raise NotValidError(
                Said("{one!r} is no member", one=one[:LONGEST]),
                mend="name members as ORG or ORG/USER; there is no word for all",
            )
    return _row((scope, name, listed), {atlas.viewer.organisation, *listed})


def _row(said: tuple[str, str, list[str]], audience: set[str]) -> RecordRow:
    scope, name, members = said
    payload = canonical({"members": members, "name": name, "scope": scope})
    return RecordRow(CIRCLE, payload, Marking(tlp=Tlp.RED, audience=frozenset(audience)))


def allowed(atlas: Atlas, marking: Marking) -> Marking:
    """The marking itself, once it is sure that its circles are ones in which the viewer is.

    Raises:
        NotFoundError: a group or case that is unknown to the viewer, under which nobody would see it.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        known = {one.scope for one in circles_of(connection, atlas.viewer)}
    asked = {name for name in marking.audience if name.startswith(GROUP)}
    asked |= {CASE + name for name in marking.cases}
    for scope in sorted(asked - known):
        kind, _, name = scope.partition(":")
        raise NotFoundError(
            Said("no such {kind}", kind=kind),
            place=name,
            mend=Said("`chokepoint {kind} list` shows yours", kind=kind),
        )
    return marking


def circle(atlas: Atlas, scope: str) -> Circle | None:
    """A circle that the viewer is in or owns; None for hidden and absent alike."""
    with atlas.reader.connect() as connection:
        found = [one for one in circles_of(connection, atlas.viewer) if one.scope == scope]
    return found[0] if found else None
