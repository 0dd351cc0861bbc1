"""`member`: who belongs to the coalition, what each can do, and what ties it to others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from chokepoint.desk.undisturbed import undisturbed
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import CLEAR
from chokepoint.model.said import Said
from chokepoint.package.sign import key_id
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.membership import MEMBER, ORGANISATION, members, profile_payload
from chokepoint.store.people import DEPARTURE, departed
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.undisturbed import Then
    from chokepoint.model.member import Member

__all__ = [
    "Term",
    "Told",
    "everybody",
    "one",
    "present",
    "public_keys",
    "strangers",
    "terms",
    "to_json",
    "update",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of a word on a member.

    Attributes:
        member: as it stands now.
        kept: fields in which the word was not followed, because only the founder can change them.
    """

    member: Member
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Since when an organisation is a member, and until when.

    Attributes:
        joined: moment (ISO 8601, UTC) of its entry.
        left: moment since which it is no member; empty while it is one.
        reason: why it left, in the words of whoever said so.
    """

    joined: str
    left: str = ""
    reason: str = ""


def everybody(atlas: Atlas) -> dict[str, Member]:
    """All members by name, in the order in which they joined."""
    reader = atlas.books
    with reader.connect() as connection:
        return dict(members(reader, connection))


def present(atlas: Atlas) -> dict[str, Member]:
    """As `everybody`, without those who have left the coalition."""
    known = everybody(atlas)
    with atlas.engine.connect() as connection:  # who has left is not the viewer's to read in a circle
        return {name: member for name, member in known.items() if not departed(connection, name)}


def public_keys(atlas: Atlas) -> dict[str, str]:
    """Fingerprint (SHA-256, hexadecimal) of the key with which each member signs, by name, as it joined."""
    reader = atlas.books
    with reader.connect() as connection:
        joined = list(read_records(reader, connection, ORGANISATION))
    return {one.organisation: key_id(bytes.fromhex(str(one.said["public_key"]))) for one in joined}


def terms(atlas: Atlas) -> dict[str, Term]:
    """When each member joined and left, by name; who was readmitted has not left.

    A departure counts as the ledger counts it: said by the founder, or by the organisation of itself.
    """
    found: dict[str, Term] = {}
    reader = atlas.books
    with reader.connect() as connection:
        for record in read_records(reader, connection, ORGANISATION):
            found.setdefault(record.organisation, Term(joined=record.at))
        first = next(iter(members(reader, connection)), "")
        for record in read_records(reader, connection, DEPARTURE):
            name, left = str(record.said["organisation"]), bool(record.said["left"])
            its_own = record.organisation == name and left
            if name in found and name != first and (record.organisation == first or its_own):
                ended = {"left": record.at, "reason": str(record.said["reason"])}
                found[name] = Term(joined=found[name].joined, **(ended if left else {}))
    return found


def one(atlas: Atlas, name: str) -> Member:
    """The member of that name.

    Raises:
        NotFoundError: there is none.
    """
    found = everybody(atlas)
    if name not in found:
        raise NotFoundError(
            Said("{name!r} is no member", name=name),
            place="member",
            mend="`chokepoint member list` names them",
        )
    return found[name]


def strangers(atlas: Atlas, names: Iterable[str]) -> list[str]:
    """Those of the names (ORG or ORG/USER) whose organisation is no member; never a sharing group."""
    asked = sorted(name for name in names if not name.startswith("group:"))
    known = everybody(atlas) if asked else {}
    return [name for name in asked if name.partition("/")[0] not in known]


def update(atlas: Atlas, name: str, change: Callable[[Member], Member]) -> Told:
    """Record the viewer's word on a member: its own organisation, or any other for the founder.

    Raises:
        RefusedError: somebody else's profile.
        NotFoundError: no such member.
    """
    return undisturbed(atlas, MEMBER, partial(_updated, atlas, name, change))


def _updated(atlas: Atlas, name: str, change: Callable[[Member], Member], then: Then) -> Told:
    known = one(atlas, name)
    speaker = atlas.viewer.organisation
    if speaker not in {name, next(iter(everybody(atlas)))}:
        raise RefusedError(
            Said("only {name!r} and the atlas's founder describe {name!r}", name=name),
            place="member set",
            mend="ask one of these two members",
        )
    wanted = replace(change(known), name=name)
    if wanted != known:
        payload = canonical({"name": name, **profile_payload(wanted)})
        atlas.ledger.append(atlas.speaker(), [RecordRow(MEMBER, payload, CLEAR)], then)
    now = one(atlas, name)
    fields = ("sector", "country", "capabilities", "parents", "origins", "feeds")
    kept = tuple(field for field in fields if getattr(now, field) != getattr(wanted, field))
    return Told(member=now, kept=kept)


def to_json(member: Member) -> dict[str, object]:
    """The member as the command line gives it."""
    return {"name": member.name, **profile_payload(member)}
