"""What was handed to named members: who got which claims, how these stand now, and what became of them.

A package is a copy that nobody can call back; what can be done is that everybody who got it learns at once
that a line of it was withdrawn, disputed or corrected. Only its sender and its recipients know of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from chokepoint.desk.reason import readable
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Verdict
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.said import Said
from chokepoint.package.manifest import MANIFEST, Manifest, decode
from chokepoint.package.parts import Provisional
from chokepoint.package.provisional import UNVETTED
from chokepoint.store.base import RECALL, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

DISSEMINATION = "dissemination/1"
"""A package was handed to members: its title, its recipients and the ids of its claims."""
WITHDRAWAL = "withdrawal/1"
"""Its sender takes a package back."""
ANYBODY = "anybody"
"""Stands for everybody among recipients."""
GONE = "gone"
BEGINNING = 6
MOST_INSTEAD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A claim of a package that no longer stands.

    Attributes:
        record: its id.
        now: the verdict on its statement, or `gone` where the viewer does not see it any more.
        reason: its contributor's, where it was recalled.
        instead: ids of what the contributor says instead, of the same subject and property.
    """

    record: str
    now: str
    reason: str = ""
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A package that was handed on, as its sender or a recipient sees it today.

    Attributes:
        id: of its record.
        title: as its sender named it.
        at: when, UTC.
        by: the organisation that made it.
        to: its recipients.
        claims: how many are in it.
        changes: those that do not stand any more.
        withdrawn: why its sender took it back, or empty.
        unvetted: who answers for what in it was not vetted, why, and until when it may be used; or empty.
        over: whether that time is over.
    """

    id: str
    title: str
    at: str
    by: str
    to: tuple[str, ...]
    claims: int
    changes: tuple[Change, ...] = ()
    withdrawn: str = ""
    unvetted: str = ""
    over: bool = False

    @property
    def stands(self) -> bool:
        """Whether it may be relied on as it was handed on."""
        return not (self.changes or self.withdrawn or self.over)

    def to_json(self) -> dict[str, Any]:
        """The shape of a package in `package list --json`."""
        return {**msgspec.to_builtins(replace(self, unvetted=str(self.unvetted))), "stands": self.stands}


class Copy(NamedTuple):
    """A copy handed on: to whom, the name that stands in it alone, its title, and who answers for it."""

    to: frozenset[str]
    canary: str = ""
    title: str = ""
    provisional: Provisional | None = None


class _Said(NamedTuple):
    id: str
    title: str
    at: str
    by: str
    to: tuple[str, ...]
    claims: tuple[str, ...]
    provisional: Provisional | None
    copy: str = ""


def announce(atlas: Atlas, claims: Iterable[str], copy: Copy) -> None:
    """Put on record that members got a package; nothing where nobody else did.

    Raises:
        RefusedError: the viewer may put nothing on record.
    """
    others = sorted(copy.to - {atlas.viewer.organisation, ANYBODY})
    if not others:
        return
    said = {"claims": sorted(set(claims)), "title": copy.title, "to": others}
    if copy.canary:
        said["copy"] = copy.canary
    payload = canonical({**said, "provisional": list(copy.provisional)} if copy.provisional else said)
    marking = Marking(tlp=Tlp.RED, audience=frozenset({*others, atlas.viewer.organisation}))
    atlas.ledger.append(atlas.speaker(), [RecordRow(DISSEMINATION, payload, marking)])


def handed(atlas: Atlas) -> list[Handed]:
    """The packages that the viewer's organisation sent or got, newest first, as they stand today."""
    reader = atlas.reader
    with reader.connect() as connection:
        told = [one for one in _said(reader, connection) if _concerns(one, atlas.viewer.organisation)]
        changes = _changes(reader, connection, {name for one in told for name in one.claims})
        taken_back = _withdrawn(reader, connection)
    told.reverse()
    return [_today(one, changes, taken_back.get((one.id, one.by), ""), atlas.clock()) for one in told]


def _today(one: _Said, changes: Mapping[str, Change], withdrawn: str, now: str) -> Handed:
    found = [changes[name] for name in one.claims if name in changes]
    unvetted = one.provisional
    return Handed(
        id=one.id,
        title=one.title,
        at=one.at,
        by=one.by,
        to=one.to,
        claims=len(one.claims),
        changes=tuple(change for change in found if not (unvetted and change.now in UNVETTED)),
        withdrawn=withdrawn,
        unvetted=unvetted.label if unvetted else "",
        over=unvetted is not None and unvetted.over(now),
    )


def standing_of(atlas: Atlas, files: Mapping[str, bytes]) -> Handed:
    """How a package at hand stands today in the viewer's map; whether it is genuine, `verify` says.

    Args:
        atlas: opened by the viewer.
        files: bytes by relative name.

    Raises:
        LedgerError: its manifest cannot be read.
        NotFoundError: it was made from another atlas.
    """
    manifest = decode(files[MANIFEST], Manifest, "a package manifest")
    if manifest.atlas != atlas.id:
        raise NotFoundError("made from another atlas", place=manifest.title, mend="ask its sender")
    claims = tuple(dict.fromkeys(entry.record for entry in manifest.claims))
    twin = _twin(atlas, manifest)
    reader = atlas.reader
    with reader.connect() as connection:
        changes = _changes(reader, connection, set(claims))
    name, to = (twin.id, twin.to) if twin else ("", ())
    said = _Said(
        name, manifest.title, manifest.created, manifest.organisation, to, claims, manifest.provisional
    )
    return _today(said, changes, twin.withdrawn if twin else "", atlas.clock())


def _twin(atlas: Atlas, manifest: Manifest) -> Handed | None:
    """The package of that manifest among those handed on: of equal ones the first put on record since.

    Copies of other recipients are not equal; older records name no copy.
    """
    made = (manifest.organisation, manifest.title, {entry.record for entry in manifest.claims})
    reader = atlas.reader
    with reader.connect() as connection:
        said = _said(reader, connection)
    equal = [
        one.id
        for one in said
        if (one.by, one.title, {*one.claims}) == made
        and one.at >= manifest.created
        and one.copy in {"", manifest.copy}
    ]
    return next((one for one in handed(atlas) if one.id in equal[:1]), None)


def withdraw(atlas: Atlas, package: str, reason: str) -> Handed:
    """Its sender takes a package back; whoever got it sees so at once.

    Args:
        atlas: opened by the sender.
        package: its id or the beginning of one.
        reason: why, in words that every recipient may read.

    Raises:
        NotFoundError: no such package of the viewer's.
        RefusedError: no reason, or somebody else's package.
    """
    if not reason.strip():
        raise RefusedError("taking a package back needs a reason", mend="--reason TEXT")
    readable(reason)
    name = package.lower()
    found = [one for one in handed(atlas) if len(name) >= BEGINNING and one.id.startswith(name)]
    if len(found) != 1:
        raise NotFoundError("no such package", place=package, mend="`chokepoint package list` shows yours")
    (one,) = found
    if one.by != atlas.viewer.organisation:
        raise RefusedError(
            "only its sender takes a package back", place=package, mend=Said("ask {by}", by=one.by)
        )
    marking = Marking(tlp=Tlp.RED, audience=frozenset({*one.to, one.by}))
    payload = canonical({"package": one.id, "reason": reason})
    atlas.ledger.append(atlas.speaker(), [RecordRow(WITHDRAWAL, payload, marking)])
    return next(now for now in handed(atlas) if now.id == one.id)


def _said(reader: Reader, connection: Connection) -> list[_Said]:
    found = []
    for record in read_records(reader, connection, DISSEMINATION):
        said = record.said
        about = (str(said["title"]), record.at, record.organisation)
        approval = Provisional(*said["provisional"]) if "provisional" in said else None
        found.append(
            _Said(
                record.id,
                *about,
                tuple(said["to"]),
                tuple(said["claims"]),
                approval,
                str(said.get("copy", "")),
            )
        )
    return found


def bound(reader: Reader, connection: Connection) -> frozenset[str]:
    """Ids of the claims in packages that the viewer's organisation sent or got."""
    mine = reader.viewer.organisation
    return frozenset(name for one in _said(reader, connection) if _concerns(one, mine) for name in one.claims)


def _concerns(one: _Said, organisation: str) -> bool:
    return organisation == one.by or organisation in one.to


def _withdrawn(reader: Reader, connection: Connection) -> dict[tuple[str, str], str]:
    """Reasons by package and by who gave them: a word by somebody else than the sender is found by nobody."""
    return {
        (str(record.said["package"]), record.organisation): str(record.said["reason"])
        for record in read_records(reader, connection, WITHDRAWAL)
    }


def _changes(reader: Reader, connection: Connection, names: set[str]) -> dict[str, Change]:
    """What does not stand any more, by record id."""
    stored = {one.id: one for one in reader.claims_by_id(connection, sorted(names))}
    standing = of_claims(reader, connection, list(stored.values()))
    reasons = _reasons(reader, connection) if stored else {}
    found = {name: Change(record=name, now=GONE) for name in names - stored.keys()}
    for name, one in stored.items():
        verdict = standing[one.seq].verdict
        reason = reasons.get((name, one.contributor))
        if reason is not None:
            instead = instead_of(reader, connection, one)
            found[name] = Change(record=name, now=Verdict.RECALLED.value, reason=reason, instead=instead)
        elif verdict is not Verdict.ACCEPTED:
            found[name] = Change(record=name, now=verdict.value)
    return found


def _reasons(reader: Reader, connection: Connection) -> Mapping[tuple[str, str], str]:
    """Why claims were recalled, by record id and by who recalled them."""
    return {
        (str(name), record.organisation): str(record.said["reason"])
        for record in read_records(reader, connection, RECALL)
        for name in record.said["claims"]
    }


def instead_of(reader: Reader, connection: Connection, old: StoredClaim) -> tuple[str, ...]:
    """What the contributor of a recalled claim has said since, of the same subject and property."""
    eid = reader.eid(connection, old.claim.subject)
    if eid is None:
        return ()
    later = [seq for seq in reader.about(connection, eid) if seq > old.seq]
    same = (
        one.id
        for one in reader.claims(connection, later)
        if one.contributor == old.contributor
        and (one.claim.subject, one.claim.property) == (old.claim.subject, old.claim.property)
    )
    return tuple(same)[:MOST_INSTEAD]
