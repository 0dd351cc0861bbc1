"""The viewer's snapshot grown by the claims and votes that came since: what they touch is judged anew.

It is the snapshot that would be built from all of them. Where anything else came into sight that may bear on
what is shown, there is none: then the snapshot is built.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.analyse.judging import judge_by
from chokepoint.desk.analyse.material import rows_at, selected
from chokepoint.desk.analyse.rows import (
    custodial,
    in_order_of_sight,
    numbered,
    read_names,
    read_periods,
    same_rows,
    vote_rows,
)
from chokepoint.graph.columns import NodeRows, distinct, within
from chokepoint.graph.growth import Fresh, grown, judged, statements_at
from chokepoint.link.known import CUSTODIAL
from chokepoint.store.judged import Votes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from chokepoint.desk.analyse.material import Came, Material
    from chokepoint.desk.analyse.rows import Names
    from chokepoint.graph.columns import LinkRows, Longs, Shorts
    from chokepoint.graph.snapshot import Snapshot
    from chokepoint.store.base import LinkColumns
    from chokepoint.store.columns import Sames
    from chokepoint.store.reading import Reader


def grown_snapshot(
    reader: Reader, connection: Connection, base: Snapshot, now: tuple[Material, Came]
) -> Snapshot | None:
    """The viewer's snapshot with what came; None where it has to be built of everything.

    That is so where a kind or property comes up that neither the map nor the vocabulary has, where a life of
    an identifier may be touched, and where entities are held to be one that were not.

    Args:
        reader: of the viewer.
        connection: of one reading.
        base: the snapshot so far.
        now: what it is made from by now, and what of that has come since.
    """
    material, came = now
    words = _Words(base, read_names(reader, connection), now)
    ends = np.concatenate([came.links.subject, came.links.object])
    if not words.known or np.isin(ends, [life.eid for life in read_periods(reader, connection)]).any():
        return None
    found = grown(base, words.fresh(came, reader.sames(connection)))
    if found is None:
        return None
    spoken_of = np.concatenate([came.votes.claim, came.contradicted])
    spoken = words.links(selected(material.links, rows_at(material.links, spoken_of)))
    others = statements_at(found.snapshot, spoken.subject, spoken.object, spoken.property)
    due = distinct(np.concatenate([found.touched, others]))
    if not len(due):
        return found.snapshot
    statement, links = _evidence(found.snapshot, due, material, words)
    votes = _on(links.seq, material.votes)
    standing = judge_by(reader, connection, material, links=links, votes=votes)(
        statement, links, vote_rows(votes), count=len(due)
    )
    return judged(found.snapshot, due, standing)


def _evidence(snapshot: Snapshot, due: Longs, material: Material, words: _Words) -> tuple[Longs, LinkRows]:
    """All claims of some statements in ledger order; for each claim which of these statements it is for."""
    start, end = snapshot.claim_pointer[due], snapshot.claim_pointer[due + 1]
    seq, statement = snapshot.claim_seq[within(start, end)], np.repeat(np.arange(len(due)), end - start)
    order = np.argsort(seq)
    columns = selected(material.links, rows_at(material.links, seq))
    return statement[order], words.links(columns)


def _on(seq: Longs, votes: Votes) -> Votes:
    """The votes on claims at these positions, ascending."""
    rows = np.flatnonzero(np.isin(votes.claim, seq))
    return Votes._make(column[rows] for column in votes)


class _Words:
    """The map's own numbers for what the store numbers otherwise, with what comes up for the first time.

    Attributes:
        known: whether every kind and property that came is one that the map has a number for.
    """

    def __init__(self, base: Snapshot, names: Names, now: tuple[Material, Came]) -> None:
        material, came = now
        self._base = base
        self._kind = _places(names.kinds, base.kind_names)
        self._property = _places(names.properties, base.property_names)
        origins, self._origin = in_order_of_sight(material.links.origin)
        self._origin_names = tuple(names.origins[number] for number in origins.tolist())
        self._fresh: dict[int, int] = {}
        ends = np.stack([came.links.subject, came.links.object], axis=1).ravel()
        for eid in ends[self._in_base(ends) < 0].tolist():
            self._fresh.setdefault(eid, base.size + len(self._fresh))
        unknown = self._kind[came.nodes.kind], self._property[came.links.property]
        self.known = all((places >= 0).all() for places in unknown)

    def fresh(self, came: Came, sames: Sames) -> Fresh:
        """What came, as the graph takes it."""
        eid = np.array(list(self._fresh), np.int64)
        at = np.searchsorted(came.nodes.eid, eid)
        kind, names = self._kind[came.nodes.kind[at]], self._base.kind_names
        links, kinds = self.links(came.links), np.concatenate([self._base.kind, kind])
        return Fresh(
            links=links,
            eid=eid,
            kind=kind,
            flags=came.listed[at],
            marked=custodial(links, NodeRows(eid=eid, kind=kinds, value=[], kind_names=names)),
            mark=int(CUSTODIAL),
            same=same_rows(sames, self._judged(sames)),
        )

    def links(self, columns: LinkColumns) -> LinkRows:
        """Claims by the map's numbers."""
        return numbered(
            replace(columns, subject=self.nodes(columns.subject), object=self.nodes(columns.object)),
            properties=(self._base.property_names, self._property),
            origins=(self._origin_names, self._origin),
        )

    def nodes(self, eids: Longs) -> Longs:
        """Node indices of entities; -1 for what is no node."""
        found = self._in_base(eids)
        missing = np.flatnonzero(found < 0)
        found[missing] = [self._fresh.get(eid, -1) for eid in eids[missing].tolist()]
        return found

    def _in_base(self, eids: Longs) -> Longs:
        base = self._base
        if not base.size:
            return np.full(len(eids), -1, np.int64)
        at = np.searchsorted(base.eid, eids, sorter=base.by_eid)
        near = base.by_eid[np.minimum(at, base.size - 1)].astype(np.int64)
        return np.where(base.eid[near] == eids, near, -1)

    def _judged(self, sames: Sames) -> Callable[[Longs], Longs]:
        """Numbers of what judgements name: what is no node has one behind all nodes."""
        size, further = self._base.size + len(self._fresh), dict[int, int]()
        for eid in np.stack([sames.left, sames.right], axis=1).ravel().tolist():
            further.setdefault(eid, size + len(further))

        def number(eids: Longs) -> Longs:
            found = self.nodes(eids)
            beyond = np.array([further[eid] for eid in eids.tolist()], np.int64)
            return np.where(found < 0, beyond, found)

        return number


def _places(names: Mapping[int, str], known: tuple[str, ...]) -> Shorts:
    """The place of each number's name among the known ones; -1 for another."""
    at = {name: place for place, name in enumerate(known)}
    places = np.full(max(names, default=-1) + 1, -1, np.int16)
    for number, name in names.items():
        places[number] = at.get(name, -1)
    return places
