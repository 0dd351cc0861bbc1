"""The claims that a snapshot is made from, kept beside it so that the next one reads only what is new.

All is as the store numbers it, and ledger positions only grow: what came later is put behind what was there.
Judgements of identity are few and read anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from chokepoint.desk.analyse.numbering import alphabetical, in_sight
from chokepoint.graph.columns import NodeRows, distinct
from chokepoint.link.known import Listed, match_known
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store.base import LinkColumns
from chokepoint.store.columns import Span
from chokepoint.store.interning import Space
from chokepoint.store.judged import Votes, read_votes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.graph.columns import Bools, Longs, Masks
    from chokepoint.store.columns import Nodes
    from chokepoint.store.reading import Reader

LISTING = "listed-on"
"""Memberships of known-good lists become flags of the nodes and are no edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What one viewer may see up to a ledger position.

    Attributes:
        links: claims between entities, without memberships of known-good lists.
        eid: the entities at the links' ends, ascending, int64 (N,).
        kind: their kinds by the store's number, int32 (N,).
        listed: categories of `link.known` that the lists put each in, uint32 (N,).
        lists: the known-good lists.
        votes: all visible ones on visible claims.
    """

    links: LinkColumns
    eid: Longs
    kind: NDArray[np.int32]
    listed: Masks
    lists: tuple[Listed, ...]
    votes: Votes

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """As named arrays; the lists as UTF-8 JSON in one of uint8."""
        lists = msgspec.json.encode([(one.name, one.entries) for one in self.lists])
        return {
            **{f"link-{name}": getattr(self.links, name) for name in _LINKS},
            **{f"vote-{name}": getattr(self.votes, name) for name in Votes._fields},
            "node-eid": self.eid,
            "node-kind": self.kind,
            "node-listed": self.listed,
            "lists": np.frombuffer(lists, np.uint8),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Material:
        """From what `to_arrays` gave.

        Raises:
            KeyError: an array is missing.
        """
        lists = msgspec.json.decode(bytes(arrays["lists"]), type=list[tuple[str, list[str]]])
        return cls(
            links=LinkColumns(**{name: arrays[f"link-{name}"] for name in _LINKS}),
            eid=arrays["node-eid"],
            kind=arrays["node-kind"],
            listed=arrays["node-listed"],
            lists=tuple(Listed(name=name, entries=entries) for name, entries in lists),
            votes=Votes(*(arrays[f"vote-{name}"] for name in Votes._fields)),
        )


_LINKS = tuple(field.name for field in fields(LinkColumns))


def read_material(reader: Reader, connection: Connection, until: int) -> Material:
    """All that the viewer may see up to a ledger position."""
    columns = reader.links(connection, Span(0, until))
    members = _listings(reader, connection, columns)
    links = _where(columns, ~members)
    ends = _ends(links)
    nodes = reader.nodes(connection, np.concatenate([ends, columns.subject[members]]))
    lists = _lists(reader, connection, _where(columns, members), nodes)
    linked = np.isin(nodes.eid, ends, kind="table")
    return Material(
        links=links,
        eid=ends,
        kind=nodes.kind[linked],
        listed=_match(reader, connection, nodes, lists)[linked],
        lists=lists,
        votes=read_votes(reader, connection, span=Span(0, until)),
    )


def grow(reader: Reader, connection: Connection, given: Material, span: Span) -> Material | None:
    """The material with what came in a span of the ledger; None where it has to be read anew.

    That is so when something was put on a known-good list, which may be about any node.
    """
    columns = reader.links(connection, span)
    if _listings(reader, connection, columns).any():
        return None
    cast = read_votes(reader, connection, span=span)
    if len(cast.claim):
        given = replace(given, votes=Votes(*_joined(given.votes, cast, Votes._fields)))
    if not len(columns.seq):
        return given
    nodes = reader.nodes(connection, np.setdiff1d(_ends(columns), given.eid, assume_unique=True))
    at = np.searchsorted(given.eid, nodes.eid)
    listed = _match(reader, connection, nodes, given.lists)
    return replace(
        given,
        links=LinkColumns(**dict(zip(_LINKS, _joined(given.links, columns, _LINKS), strict=True))),
        eid=np.insert(given.eid, at, nodes.eid),
        kind=np.insert(given.kind, at, nodes.kind),
        listed=np.insert(given.listed, at, listed),
    )


def _joined(known: object, fresh: object, names: Iterable[str]) -> Iterator[NDArray[Any]]:
    """Columns of these names, those that are fresh behind those that are known."""
    return (np.concatenate([getattr(known, name), getattr(fresh, name)]) for name in names)


def _ends(columns: LinkColumns) -> Longs:
    """The distinct entities that links name, ascending."""
    return np.flatnonzero(in_sight(np.concatenate([columns.subject, columns.object])))


def _where(columns: LinkColumns, mask: Bools) -> LinkColumns:
    return LinkColumns(**{name: getattr(columns, name)[mask] for name in _LINKS})


def _listings(reader: Reader, connection: Connection, columns: LinkColumns) -> Bools:
    """Rows that put something on a known-good list."""
    properties = reader.names(connection, Space.PROPERTY)
    return np.isin(columns.property, [number for number, name in properties.items() if name == LISTING])


def _lists(reader: Reader, connection: Connection, members: LinkColumns, nodes: Nodes) -> tuple[Listed, ...]:
    """Known-good lists with their entries, by name."""
    titles = reader.entities(connection, distinct(members.object).tolist())
    values = np.array(nodes.value, dtype=object)[np.searchsorted(nodes.eid, members.subject)]
    return tuple(
        Listed(name=entity.value, entries=values[members.object == eid].tolist())
        for eid, entity in sorted(titles.items(), key=lambda title: title[1])
    )


def _match(reader: Reader, connection: Connection, nodes: Nodes, lists: tuple[Listed, ...]) -> Masks:
    if not len(nodes.eid):
        return np.zeros(0, np.uint32)
    kinds, place = alphabetical(reader.names(connection, Space.KIND), nodes.kind, vocabulary().kinds)
    rows = NodeRows(eid=nodes.eid, kind=place[nodes.kind], value=nodes.value, kind_names=kinds)
    return match_known(rows, lists)
