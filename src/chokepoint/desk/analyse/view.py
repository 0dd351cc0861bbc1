"""The viewer's snapshot: built from the visible claims when they changed, else mapped from the cache."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.analyse.growth import grown_snapshot
from chokepoint.desk.analyse.judging import judge_by
from chokepoint.desk.analyse.material import grow, heard_anew, read_material
from chokepoint.desk.analyse.rows import make_rows
from chokepoint.desk.analyse.shelf import Kept, Shelf, Stamp
from chokepoint.desk.mark import GROWING, UNNOTICED, WORK
from chokepoint.desk.personal.veil import veil
from chokepoint.graph.snapshot import Snapshot, build
from chokepoint.model.moment import read_moment, stamp
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store.base import day_number
from chokepoint.store.columns import Span
from chokepoint.store.lookup import newest_word
from chokepoint.store.moments import position_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from chokepoint.desk.analyse.material import Material
    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.columns import Longs
    from chokepoint.model.identity import Entity
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader


@dataclass(frozen=True, kw_only=True)
class View:
    """A snapshot with what is needed to say its numbers in words.

    Attributes:
        atlas: as the viewer.
        snapshot: the arrays.
        name: of all that it is of, the same for the same; empty for one of the past.
    """

    atlas: Atlas
    snapshot: Snapshot
    name: str = ""

    @property
    def eid_of_node(self) -> Longs:
        """Entity number of each node."""
        return self.snapshot.eid

    @property
    def origin_names(self) -> tuple[str, ...]:
        """Publishers by number."""
        return self.snapshot.origin_names

    @cached_property
    def _known(self) -> dict[int, Entity]:
        return {}

    def node_of_eid(self, eid: int) -> int | None:
        """The node of an entity number; None where this viewer sees none."""
        found = self.snapshot.index(np.array([eid]))
        return int(found[0]) if len(found) else None

    def entities(self, nodes: Iterable[int]) -> dict[int, Entity]:
        """Entities by node."""
        at = np.fromiter(nodes, np.int64)
        wanted = dict(zip(at.tolist(), self.snapshot.eid[at].tolist(), strict=True))
        missing = [eid for eid in wanted.values() if eid not in self._known]
        if missing:
            reader = self.atlas.reader
            with reader.connect() as connection:
                self._known.update(reader.entities(connection, missing))
        return {node: self._known[eid] for node, eid in wanted.items()}

    def shown(self, nodes: Iterable[int]) -> dict[int, Entity]:
        """Entities by node as the viewer may see them: natural persons no more than a case needs."""
        found = self.entities(nodes)
        cover = veil(self.atlas, found.values())
        return {node: cover.entity(one) for node, one in found.items()}

    def claims_at(self, seqs: list[int]) -> dict[int, StoredClaim]:
        """Visible claims by ledger position."""
        reader = self.atlas.reader
        with reader.connect() as connection:
            return {claim.seq: claim for claim in reader.claims(connection, seqs)}

    def claim_at(self, seq: int) -> StoredClaim:
        """The visible claim at a ledger position."""
        return self.claims_at([seq])[seq]


def load_snapshot(atlas: Atlas, *, as_of: str = "") -> View:
    """The viewer's map: mapped from the cache, grown by what has come into sight since, or read anew.

    Args:
        atlas: opened by the viewer.
        as_of: a past moment or day (its end) in UTC, ISO 8601: the map of what had been recorded by then
            and is not erased, judged by the votes and rules of that time, for whoever may see it today. It
            is read anew each time.

    Raises:
        NotValidError: `as_of` is no moment.
    """
    if as_of:
        return _as_of(atlas, moment_of(as_of))
    return _at_hand(atlas) or _made(atlas)


def is_made(atlas: Atlas) -> bool:
    """Whether the viewer's map, as late as it may be, need not be made."""
    return _at_hand(atlas) is not None


def _at_hand(atlas: Atlas, since: int | None = None) -> View | None:
    """The viewer's map from the shelf, if it is there and as new as they ask for.

    Args:
        atlas: as the viewer.
        since: a ledger position that they ask for at least, the newest when they came.
    """
    reader, shelf = atlas.reader, Shelf(folder=atlas.cache)
    with reader.connect() as connection:
        wanted = _stamp(reader, connection)
        kept = shelf.find(wanted)
        same = kept is not None and wanted.same(kept.stamp)
        if kept is None or not (same or _will_do(atlas, connection, kept, wanted, since=since)):
            return None
        snapshot = shelf.snapshot(kept, same=same)
    return View(atlas=atlas, snapshot=snapshot, name=kept.stamp.name) if snapshot else None


def _made(atlas: Atlas) -> View:
    """The viewer's map, made now; who waited for the turn takes what was made meanwhile, if that will do."""
    reader, shelf = atlas.reader, Shelf(folder=atlas.cache)
    with reader.connect() as connection:
        before = _stamp(reader, connection)
    with shelf.making(before):
        found = _at_hand(atlas, before.until)
        if found:
            return found
        with reader.connect() as connection:
            wanted = _stamp(reader, connection)
            snapshot, material = _newest(reader, connection, shelf, wanted)
        kept = shelf.put(wanted, snapshot, material)
    mapped = shelf.snapshot(kept)  # so that many who look at it hold it once
    return View(atlas=atlas, snapshot=mapped or snapshot, name=wanted.name)


def _newest(reader: Reader, connection: Connection, shelf: Shelf, wanted: Stamp) -> tuple[Snapshot, Material]:
    """The map and what it is made from: an earlier one's and what came since, else all of it."""
    kept = shelf.find(wanted)
    given = kept and shelf.material(kept)
    now = kept and given and grow(reader, connection, given, Span(kept.stamp.until, wanted.until))
    if not kept or not now:
        material = read_material(reader, connection, wanted.until)
        return _built(reader, connection, material), material
    material = now[0]
    if not _only_grew(reader, connection, kept, wanted):
        material = heard_anew(reader, connection, material)
        return _built(reader, connection, material), material
    base = shelf.snapshot(kept, same=False)
    grown = base and grown_snapshot(reader, connection, base, now)
    return grown or _built(reader, connection, material), material


def _only_grew(reader: Reader, connection: Connection, kept: Kept, wanted: Stamp) -> bool:
    """Whether nothing but votes, claims and what bears on no map came since an earlier one was made."""
    if kept.stamp.position[1:] != wanted.position[1:]:
        return False
    return newest_word(reader, connection, but=(*UNNOTICED, *GROWING, *WORK)) <= kept.stamp.until


def _will_do(atlas: Atlas, connection: Connection, kept: Kept, wanted: Stamp, *, since: int | None) -> bool:
    """Whether an earlier map lacks votes and claims alone, and those that came lately or after they asked."""
    asked = since is not None and kept.stamp.until >= since
    if not asked and not Shelf(folder=atlas.cache).lately(kept, atlas.late):
        return False
    return _only_grew(atlas.reader, connection, kept, wanted)


def _as_of(atlas: Atlas, moment: str) -> View:
    with atlas.reader.connect() as connection:
        position = position_at(connection, moment)
        reader = atlas.reader.as_of(position, day_number(moment[:10]) or 0)
        snapshot = _built(reader, connection, read_material(reader, connection, position))
    return View(atlas=atlas, snapshot=snapshot)


def moment_of(text: str) -> str:
    """A day (its last moment) or a moment, ISO 8601, as records are stamped: UTC with milliseconds and `Z`.

    >>> moment_of("2024-02-29"), moment_of("2024-02-29T12:00:00+07:00")
    ('2024-02-29T23:59:59.999Z', '2024-02-29T05:00:00.000Z')

    Raises:
        NotValidError: it is neither.
    """
    moment = read_moment(text)
    if len(text) <= len("2024-02-29"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_000)
    return stamp(moment)


def _built(reader: Reader, connection: Connection, material: Material) -> Snapshot:
    """The snapshot of some material, judged by what the reader sees."""
    rows, eids = make_rows(reader, connection, material)
    judging = judge_by(reader, connection, material, links=rows.links, votes=material.votes)
    words = vocabulary().properties
    joining = {name: word.joins for name, word in words.items()}
    loose = {name for name, word in words.items() if word.loose}
    return build(rows, judge=judging, joining=joining, loose=loose, eids=eids)


def _stamp(reader: Reader, connection: Connection) -> Stamp:
    members = {name: number for number, name in reader.organisations(connection).items()}
    looks = members.get(reader.viewer.organisation, -1)
    return Stamp(
        markings=reader.visible(connection),
        newest=reader.newest_marking(connection),
        position=(*reader.data_position(connection), looks, reader.today),
        until=reader.position(connection),
        erased=reader.erased(connection),
    )
