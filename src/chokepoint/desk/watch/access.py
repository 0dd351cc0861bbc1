"""The access log: every view and disclosure with its purpose, before the answer is given.

Who has looked is told to the overseers of the coalition and to the looker, and to nobody else.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from chokepoint.desk.handing.dissemination import announce
from chokepoint.desk.sight import must_look
from chokepoint.desk.watch.silenced import silenced
from chokepoint.desk.watch.spool import MOST, Batch, Entry, Seen, Spool, as_said
from chokepoint.desk.work.case import find_case
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import ROLE, Marking, Tlp, Viewer
from chokepoint.model.role import Right, Role
from chokepoint.model.said import Said
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical, read_envelope
from chokepoint.store.people import ACCESS, ALARM, founder, has_register, rights_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.handing.dissemination import Copy
    from chokepoint.package.parts import PackageClaim

_batches = msgspec.json.Decoder(Batch)
OVERSEERS = ROLE + Role.OVERSEER.value
LONGEST = 200
FLUSHED = MOST * 300
RECENT = 200
QUOTA, ALARMED = 200, 50
"""Looks a day outside any case at which a person is stopped, and at which the overseers are told."""
ASIDE = 10 * QUOTA
"""Such answers a day that go along with a look or with half-typed words; logged, and counted apart."""


def for_purpose(atlas: Atlas) -> Atlas:
    """The atlas as opened, once it is sure that the case for which is looked is one that the viewer is on.

    Raises:
        NotFoundError: hidden, absent or closed to the viewer.
        RefusedError: natural persons are asked for in full outside any case, for one that is closed or
            overdue, or by who may not see them so.
    """
    if not atlas.purpose:
        if atlas.unfold:
            raise RefusedError(
                "natural persons are shown in full for a case alone", place="--full", mend="add --case CASE"
            )
        return atlas
    case = f"case-{atlas.purpose.removeprefix('case-')}"
    with atlas.reader.connect() as connection:
        if case not in atlas.reader.resolved(connection).cases:
            raise NotFoundError(
                "no such case", place=atlas.purpose, mend="`chokepoint case list` shows yours"
            )
    found = replace(atlas, purpose=case)
    if atlas.unfold:
        _may_unfold(found)
    return found


def _may_unfold(atlas: Atlas) -> None:
    if len(atlas.unfold) > LONGEST:
        raise RefusedError(
            Said("a reason of at most {longest} characters", longest=LONGEST),
            place="--full",
            mend="shorten the reason",
        )
    with atlas.engine.connect() as connection:
        held = rights_of(connection, atlas.viewer.organisation, atlas.viewer.user)
    if Right.UNFOLD not in held:
        raise RefusedError(
            Said(
                "{who} may not {right}",
                who=atlas.viewer.person or atlas.viewer.organisation,
                right=Said(Right.UNFOLD.value),
            ),
            place="--full",
            mend="an investigator or coordinator may",
        )
    case = find_case(atlas, atlas.purpose)
    if case.closed or case.overdue(atlas.clock()[:10]):
        raise RefusedError(
            "the case is closed, or its review is overdue",
            place=atlas.purpose,
            mend="open or review it first",
        )


def saw(atlas: Atlas, verb: str, asked: str, entities: Iterable[Entity] = (), *, aside: bool = False) -> None:
    """Log a look; to be called before its answer is given.

    Args:
        atlas: opened by the viewer.
        verb: what is done.
        asked: in which words.
        entities: that the answer is about.
        aside: whether it goes along with a look that is counted, or with words that are still written.

    Raises:
        RefusedError: a person without the right to look, or with too many looks outside any case.
        OSError: it cannot be logged, and nothing may be shown.
    """
    named = tuple(dict.fromkeys(entities))
    _must_look(atlas)
    if not atlas.purpose:
        _fishing(atlas, aside=aside)
    for start in range(0, max(len(named), 1), LONGEST):  # one look, however many lines it takes
        shown = tuple((*one,) for one in named[start : start + LONGEST])
        _log(atlas, Entry(atlas.clock(), verb, asked[:LONGEST], atlas.purpose, shown))


def disclosed(
    atlas: Atlas, verb: str, asked: str, *, claims: Sequence[PackageClaim], copy: Copy, counted: bool = True
) -> None:
    """Log what is handed on to whom, and tell the members that get it; to be called before it is written.

    Where it is `counted` it is a look as well, of which a person has so many a day outside any case; what
    a program fetches again and again is none.

    Raises:
        RefusedError: as of a look, or the viewer may not hand on to other members.
        OSError: it cannot be logged, and nothing may be handed on.
    """
    ends = (end for one in claims for end in (one.subject, one.object) if isinstance(end, Entity))
    entry = Entry(
        at=atlas.clock(),
        verb=verb,
        asked=asked[:LONGEST],
        purpose=atlas.purpose,
        entities=tuple((*one,) for one in dict.fromkeys(ends)),
        claims=tuple(one.record for one in claims),
        to=tuple(sorted(copy.to)),
        canary=copy.canary,
    )
    _must_look(atlas)
    if counted and not entry.purpose:
        _fishing(atlas, aside=False)
    _log(atlas, entry)
    announce(atlas, entry.claims, copy)


def _must_look(atlas: Atlas) -> None:
    with atlas.engine.connect() as connection:
        must_look(connection, atlas.viewer)


def _log(atlas: Atlas, entry: Entry) -> None:
    waiting = spool(atlas).add((atlas.viewer.organisation, atlas.viewer.user), entry)
    if waiting > FLUSHED:
        record_looks(atlas, own=True)


def _fishing(atlas: Atlas, *, aside: bool) -> None:
    """Count a registered person's looks of the day outside any case: alarm, then stop.

    An organisation as a whole, which runs its programs, is logged and not counted.
    """
    organisation, user = atlas.viewer.organisation, atlas.viewer.user
    with atlas.engine.connect() as connection:
        if not user or not has_register(connection, organisation):
            return
    today = atlas.clock()[:10]
    count = spool(atlas).count((organisation, user), f"{today}.aside" if aside else today)
    most = ASIDE if aside else QUOTA
    if count > most:
        raise RefusedError(
            Said("more than {quota} looks a day outside any case", quota=most),
            place=atlas.viewer.person,
            mend="name the case that you look for: --case CASE",
        )
    if count == ALARMED and not aside:
        payload = canonical({"day": today, "looks": count, "person": atlas.viewer.person})
        marking = Marking(tlp=Tlp.RED, audience=frozenset({OVERSEERS}))
        atlas.ledger.append(atlas.speaker(), [RecordRow(ALARM, payload, marking)])


def spool(atlas: Atlas) -> Spool:
    """The lines of this atlas that wait to become records."""
    return Spool(atlas.folder / "access")


def record_looks(atlas: Atlas, *, own: bool = False, without: Sequence[str] = ()) -> int:
    """Turn waiting lines into records, the viewer's own or everybody's; returns how many looks.

    A look by somebody who is no member is recorded by the founder. Lines that a crash left between the two
    are known by their name and recorded once.

    Args:
        atlas: opened by the viewer.
        own: only those of the viewer.
        without: words being erased, which no record may hold; that somebody looked, and why, stays.
    """
    waiting, count = spool(atlas), 0
    viewer = (atlas.viewer.organisation, atlas.viewer.user) if own else None
    for batch in waiting.take(viewer):
        if batch.entries and (waiting.is_first(batch) or not _recorded(atlas, batch)):
            record_batch(atlas, silenced(batch, without))
            count += len(batch.entries)
        waiting.done(batch)
    return count


def record_batch(atlas: Atlas, batch: Batch) -> None:
    """Make a record of looks, in the looker's name, or in the founder's where they are no member."""
    with atlas.engine.connect() as connection:
        first = founder(connection)
        member = bool(rights_of(connection, batch.organisation, "")) and _is_member(atlas, batch.organisation)
    person = f"{batch.organisation}/{batch.user}" if batch.user else batch.organisation
    names = {OVERSEERS, person} if member else {OVERSEERS}
    payload = canonical(
        {
            "entries": [as_said(one) for one in batch.entries],
            "name": batch.name,
            "organisation": batch.organisation,
            "user": batch.user,
        }
    )
    speaker = replace(
        atlas.speaker(),
        organisation=batch.organisation if member else first,
        user=batch.user if member else "",
    )
    marking = Marking(tlp=Tlp.RED, audience=frozenset(names))
    atlas.ledger.append(speaker, [RecordRow(ACCESS, payload, marking)])


def _is_member(atlas: Atlas, organisation: str) -> bool:
    with atlas.engine.connect() as connection:
        return organisation in atlas.books.organisations(connection).values()


def _recorded(atlas: Atlas, batch: Batch) -> bool:
    """Whether these very lines are a record already: among the newest of their looker."""
    viewer = Viewer(organisation=batch.organisation, user=batch.user)
    own = replace(atlas, viewer=viewer)
    with own.books.connect() as connection:
        latest = islice(own.books.records(connection, ACCESS, newest=True), RECENT)
        return any(_batches.decode(read_envelope(body).payload).name == batch.name for _, _, body in latest)


def looks(atlas: Atlas, *, since: str = "") -> Iterator[Seen]:
    """All looks and disclosures that the viewer may know of, in the order in which they were recorded.

    Args:
        atlas: opened by the viewer.
        since: moment (ISO 8601, UTC); what was recorded before is passed over unread.
    """
    record_looks(atlas, own=not may_watch(atlas))
    reader = atlas.books
    with reader.connect() as connection:
        for _, _, body in reader.records(connection, ACCESS):
            envelope = read_envelope(body)
            if envelope.recorded_at >= since:
                yield from _of_record(envelope.payload)


def _of_record(payload: bytes) -> list[Seen]:
    batch = _batches.decode(payload)
    return [Seen(organisation=batch.organisation, user=batch.user, entry=entry) for entry in batch.entries]


def _is_of(one: Seen, viewer: Viewer) -> bool:
    """Whether a look is the viewer's own; those of their organisation's programs are not."""
    return (one.organisation, one.user) == (viewer.organisation, viewer.user)


def may_watch(atlas: Atlas) -> bool:
    """Whether the viewer is an overseer of the coalition."""
    with atlas.engine.connect() as connection:
        held = rights_of(connection, atlas.viewer.organisation, atlas.viewer.user)
    return Right.WATCH in held


def must_watch(atlas: Atlas) -> None:
    """Refuse whoever is no overseer.

    Raises:
        RefusedError: the viewer is none.
    """
    if not may_watch(atlas):
        raise RefusedError(
            "only an overseer of the coalition may do that",
            place=atlas.viewer.person or atlas.viewer.organisation,
            mend="the founder appoints one: chokepoint people appoint ORG/USER overseer",
        )


def log(
    atlas: Atlas,
    *,
    about: Entity | None = None,
    who: str = "",
    case: str | None = None,
    most: int | None = None,
) -> list[Seen]:
    """Who saw what, newest first: everybody's looks for an overseer, their own for all others.

    Args:
        atlas: opened by the viewer.
        about: only looks at this entity.
        who: only looks of this organisation or person.
        case: only looks for this case; empty for those outside any.
        most: only so many of the newest; older records are then not read, as no look is newer than its own.
    """
    watches = may_watch(atlas)
    record_looks(atlas, own=not watches)
    found: list[Seen] = []
    with atlas.books.connect() as connection:
        for _, _, body in atlas.books.records(connection, ACCESS, newest=True):
            envelope = read_envelope(body)
            if most is not None:
                found = _newest(found)[:most]
                if len(found) == most and (not most or found[-1].entry.at >= envelope.recorded_at):
                    break
            found += [
                one
                for one in _of_record(envelope.payload)
                if (watches or _is_of(one, atlas.viewer))
                and (about is None or tuple(about) in one.entry.entities)
                and (not who or who in (one.who, one.organisation))
                and (case is None or one.entry.purpose == case)
            ]
    return _newest(found)[:most]


def _newest(found: list[Seen]) -> list[Seen]:
    return sorted(found, key=lambda one: one.entry.at, reverse=True)
