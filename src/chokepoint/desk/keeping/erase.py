"""`erase`: everything held about an entity is destroyed, everywhere in the atlas, and a tombstone remains.

The tombstone says who did it, when, why and on which legal basis, and which records and captures it was;
what was erased it does not say. A legal hold suspends it. Replaying the tombstones, as a restore does,
erases the same again wherever it came back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import text

from chokepoint.desk.analyse.shelf import Shelf
from chokepoint.desk.keeping.copies import tell
from chokepoint.desk.keeping.incoming import REGISTER, strike
from chokepoint.desk.reason import readable
from chokepoint.desk.resolve import candidates
from chokepoint.desk.sight import must_look
from chokepoint.desk.watch.access import record_batch, record_looks
from chokepoint.desk.watch.silenced import telling
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.store import lookup
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.checkpoints import keeper
from chokepoint.store.erasing import (
    blank,
    find,
    forget_accounts,
    holds_entity,
    scrub,
)
from chokepoint.store.erasures import ERASURE, HOLD, Erasure, Hold, entity_digest, holds, tombstones
from chokepoint.store.ids import positions
from chokepoint.store.interning import Space
from chokepoint.store.people import conceal
from chokepoint.store.postgres import Begin
from chokepoint.store.visible import resolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.watch.silenced import Telling
    from chokepoint.store.erasing import Found
    from chokepoint.store.erasures import LegalHold, Tombstone

OWN = Marking(tlp=Tlp.AMBER_STRICT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure destroyed, or would.

    Attributes:
        records: number of records of which only the id remains.
        redacted: captures of which a copy without the words remains.
        removed: captures taken out whole, because the words could not be found in their bytes.
        short: whether the value is too short to be searched for in the texts of other records.
        untold: backups that could not be reached, from which a restore may bring it back.
    """

    records: int
    redacted: int
    removed: int
    short: bool
    untold: tuple[Path, ...] = ()


def named_by(atlas: Atlas, words: str) -> Entity:
    """The entity that a text names: one that is held before any other.

    Held is what the viewer's map holds; for who keeps the log, and erases, what anybody's does.

    Raises:
        RefusedError: several that are held, or a person without the right to look.
        NotFoundError: the text names nothing.
    """
    wanted = candidates(words)
    reader = atlas.reader
    with reader.connect() as connection:
        known = lookup.known(reader, connection, wanted)
        held = [entity for entity in wanted if entity in known]
    with atlas.engine.connect() as connection:
        if atlas.viewer.organisation == keeper(connection)[0]:
            held = [entity for entity in wanted if holds_entity(connection, entity)]
    if len(held) > 1:
        raise RefusedError(f"{words!r} names {' and '.join(map(str, held))}", mend="write kind:value")
    if not wanted:
        raise NotFoundError("this names nothing", place=words, mend="write kind:value, as in person:NAME")
    return (held or wanted)[0]


def _is_keeper(atlas: Atlas, connection: Connection) -> None:
    must_look(connection, atlas.viewer)
    name = keeper(connection)[0]
    if atlas.viewer.organisation != name:
        raise RefusedError(
            f"only {name}, who keeps the log, answers for what it forgets",
            mend=f"ask {name} to erase it, with the reason and the legal basis",
        )


def look(atlas: Atlas, entity: Entity) -> Found:
    """Everything held about an entity, whoever recorded it, for the organisation that keeps the log.

    Raises:
        RefusedError: the viewer does not keep the log, or has no right to look.
        NotFoundError: nothing is held.
    """
    with atlas.engine.connect() as connection:
        _is_keeper(atlas, connection)
        found = find(connection, entity)
    if found.eid is None and not found.records:
        raise NotFoundError("nothing is held about it", place=str(entity), mend="write it as `show` does")
    return found


def _captures(atlas: Atlas, found: Found) -> set[str]:
    """Captures that its claims point into, or in whose bytes it stands."""
    named = {name for name in found.captures if atlas.vault.has(name)}
    words = found.sought
    return named | set(atlas.vault.holding(words))


def _looks(atlas: Atlas, found: Found) -> Telling:
    """Recorded looks that tell of what is found; they are recorded anew without it."""
    with atlas.engine.connect() as connection:
        return telling(connection, found.sought)


def preview(atlas: Atlas, entity: Entity) -> Erased:
    """What `erase` would destroy; nothing is changed.

    Raises:
        RefusedError: the viewer does not keep the log, or a legal hold, which an erasure would not pass.
        NotFoundError: nothing is held.
    """
    found = look(atlas, entity)
    with atlas.engine.connect() as connection:
        check_hold(holds(connection).get(entity_digest(atlas.secret, entity)))
    found.records |= _looks(atlas, found).records
    inside = set(atlas.vault.holding(found.words))
    captures = _captures(atlas, found)
    return Erased(
        records=len(found.records),
        redacted=len(captures & inside),
        removed=len(captures - inside),
        short=entity.value not in found.sought,
    )


def erase(atlas: Atlas, entity: Entity, *, reason: str, basis: str) -> Erased:
    """Destroy everything held about an entity.

    Raises:
        RefusedError: no reason or basis, a legal hold, the viewer does not keep the log, or files that were
            brought in are being read or cannot be searched.
        NotFoundError: nothing is held, and nothing that waits to be read names it.
        LedgerError: another program reads the atlas; the rest is done by `finish`.
    """
    if not reason.strip() or not basis.strip():
        raise RefusedError("an erasure needs a reason and a legal basis", mend="--reason TEXT --basis TEXT")
    readable(reason, basis)
    name = entity_digest(atlas.secret, entity)
    with atlas.engine.connect() as connection:
        _is_keeper(atlas, connection)
        check_hold(holds(connection).get(name))
        found = find(connection, entity)
    if not strike(atlas.folder, found.sought):
        found = look(atlas, entity)
    record_looks(atlas, without=found.words)
    looks = _looks(atlas, found)
    found.records |= looks.records
    for batch in looks.anew:
        record_batch(atlas, batch)
    pairs = tuple(
        (capture, atlas.vault.redacted(capture, found.words)) for capture in sorted(_captures(atlas, found))
    )
    erasure = Erasure(
        basis=basis,
        captures=pairs,
        entity=name,
        reason=reason,
        records=tuple(record.hex() for record in found.records.values()),
    )
    eids = [] if found.eid is None else [found.eid]
    entomb(atlas, erasure, eids, unless_held=name)
    untold = finish(atlas)
    redacted = sum(bool(derivative) for _, derivative in pairs)
    return Erased(
        records=len(found.records),
        redacted=redacted,
        removed=len(pairs) - redacted,
        short=entity.value not in found.sought,
        untold=untold,
    )


def entomb(atlas: Atlas, erasure: Erasure, eids: Iterable[int] = (), *, unless_held: str = "") -> None:
    """Record a tombstone, and destroy the records that it names in the same transaction.

    Args:
        atlas: opened by who keeps the log.
        erasure: what the tombstone says.
        eids: numbers of entities that go with the records.
        unless_held: digest of an entity on which no legal hold may lie, one placed meanwhile included.

    Raises:
        RefusedError: there is such a hold.
    """
    names = [bytes.fromhex(record) for record in erasure.records]

    def then(connection: Connection) -> None:
        if unless_held:
            check_hold(holds(connection).get(unless_held))
        blank(connection, positions(connection, names).values(), eids)

    row = RecordRow(ERASURE, canonical(msgspec.to_builtins(erasure)), OWN)
    atlas.ledger.append(atlas.speaker(), [row], then)


def check_hold(holds: Sequence[LegalHold] | None) -> None:
    """Let no erasure pass a legal hold.

    Raises:
        RefusedError: there is one; it says by whom, since when and why.
    """
    for held in holds or ():
        raise RefusedError(
            f"{held.organisation} holds it since {held.at[:10]}: {held.reason}",
            mend="erase it when the hold is lifted: chokepoint erase --lift",
        )


def finish(atlas: Atlas) -> tuple[Path, ...]:
    """Carry out what all tombstones say, as far as it is not done, and leave no byte of it in the files.

    Its backups are told; those that could not be are returned.

    Raises:
        LedgerError: another program reads the atlas.
    """
    entities = _came_back(atlas)
    with atlas.engine.execution_options(begin=Begin.APPEND).begin() as connection:
        told = tombstones(connection)
        records = _remaining(connection, told)
        if records or entities:
            blank(connection, records, entities)
        conceal(connection, atlas.secret, {one.erasure.entity for one in told})
    untold = tell(atlas)
    atlas.vault.drop(capture for one in told for capture, _ in one.erasure.captures)
    Shelf(folder=atlas.cache).clear()
    forget_accounts(atlas.folder / REGISTER)
    for engine in (atlas.engine, atlas.vault.engine):
        scrub(engine)
    return untold


def _remaining(connection: Connection, told: Iterable[Tombstone]) -> list[int]:
    """Positions of records that tombstones name and that are still there."""
    names = [bytes.fromhex(record) for one in told for record in one.erasure.records]
    whole = text("SELECT seq FROM records WHERE seq = :seq AND length(body) > 0")
    seqs = sorted(positions(connection, names).values())
    return [seq for seq in seqs if connection.execute(whole, {"seq": seq}).scalar() is not None]


def _came_back(atlas: Atlas) -> list[int]:
    """Numbers of entities that were erased and are there; who is spoken of again by then stays."""
    with atlas.engine.connect() as connection:
        digests = {one.erasure.entity for one in tombstones(connection)}
        kinds = atlas.reader.names(connection, Space.KIND)
        rows = connection.execute(text("SELECT eid, kind, value FROM entities")).all() if digests else []
    return [
        row.eid for row in rows if entity_digest(atlas.secret, Entity(kinds[row.kind], row.value)) in digests
    ]


def hold(atlas: Atlas, entity: Entity, *, reason: str, holds_it: bool = True) -> None:
    """Place a legal hold on an entity, which no erasure passes, or lift it.

    Raises:
        RefusedError: no reason.
    """
    if not reason.strip():
        raise RefusedError("a legal hold needs a reason", mend="--reason TEXT")
    readable(reason)
    said = Hold(entity=entity_digest(atlas.secret, entity), holds=holds_it, reason=reason)
    atlas.ledger.append(atlas.speaker(), [RecordRow(HOLD, canonical(msgspec.to_builtins(said)), OWN)])


def told(atlas: Atlas) -> tuple[list[Tombstone], list[LegalHold]]:
    """Erasures and the legal holds in force: to who keeps the log of everybody's, to others of their own.

    What of others was erased or is held was not theirs to see, so neither is how much of it there was.
    """
    with atlas.engine.connect() as connection:
        me = resolved(connection, atlas.viewer).organisation
        everything = me == keeper(connection)[0]
        erasures = [one for one in tombstones(connection) if everything or one.organisation == me]
        placed = [one for several in holds(connection).values() for one in several]
    return erasures, [one for one in placed if everything or one.organisation == me]
