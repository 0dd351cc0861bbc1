"""The claims that a snapshot is made from, kept beside it so that the next one reads only what is new.

All is as the store numbers it, and ledger positions only grow: what came later is put behind what was there.
Judgements of identity are few and read anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from chokepoint.desk.analyse.numbering import alphabetical, in_sight
from chokepoint.desk.vetting.rules import spoken_against
from chokepoint.graph.columns import NodeRows, distinct
from chokepoint.link.known import Known, Listed
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
NONE = np.zeros(0, np.uint32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What one viewer may see up to a ledger position.

    Attributes:
        links: claims between entities, without memberships of known-good lists.
        eid: the entities at the links' ends, ascending, int64 (N,).
        kind: their kinds by the store's number, int32 (N,).
        listed: categories of `link.known` that the lists put each in, uint32 (N,).
        lists: the known-good lists with their entries, UTF-8 JSON, uint8: few ask for them.
        votes: all visible ones on visible claims.
        contradicted: positions of claims that later evidence speaks against, ascending, int64 (K,), and
            contradicted_at, int64 (K,), of the newest such evidence.
    """

    links: LinkColumns
    eid: Longs
    kind: NDArray[np.int32]
    listed: Masks
    lists: NDArray[np.uint8]
    votes: Votes
    contradicted: Longs
    contradicted_at: Longs

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """As named arrays."""
        return {
            **{f"link-{name}": getattr(self.links, name) for name in _LINKS},
            **{f"vote-{name}": getattr(self.votes, name) for name in Votes._fields},
            "node-eid": self.eid,
            "node-kind": self.kind,
            "node-listed": self.listed,
            "lists": self.lists,
            "contradicted": self.contradicted,
            "contradicted-at": self.contradicted_at,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Material:
        """From what `to_arrays` gave.

        Raises:
            KeyError: an array is missing.
        """
        return cls(
            links=LinkColumns(**{name: arrays[f"link-{name}"] for name in _LINKS}),
            eid=arrays["node-eid"],
            kind=arrays["node-kind"],
            listed=arrays["node-listed"],
            lists=arrays["lists"],
            votes=Votes(*(arrays[f"vote-{name}"] for name in Votes._fields)),
            contradicted=arrays["contradicted"],
            contradicted_at=arrays["contradicted-at"],
        )


_LINKS = tuple(field.name for field in fields(LinkColumns))


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came into one viewer's sight in a span of the ledger.

    Attributes:
        links: claims between entities.
        nodes: the entities at their ends that were at no end before.
        listed: categories of `link.known` of these, uint32 (M,).
        votes: on whatever claims.
        contradicted: positions of claims against which such a claim speaks, or that came and are spoken
            against, ascending, int64 (K,), and contradicted_at, int64 (K,), of the newest that does.
    """

    links: LinkColumns
    nodes: Nodes
    listed: Masks
    votes: Votes
    contradicted: Longs
    contradicted_at: Longs


def read_material(reader: Reader, connection: Connection, until: int) -> Material:
    """All that the viewer may see up to a ledger position."""
    columns = reader.links(connection, Span(0, until))
    members = _listings(reader, connection, columns)
    links = selected(columns, ~members)
    ends = _ends(links)
    nodes = reader.nodes(connection, np.concatenate([ends, columns.subject[members]]))
    lists = _lists(reader, connection, selected(columns, members), nodes)
    linked = np.isin(nodes.eid, ends, kind="table")
    contradicted, contradicted_at = spoken_against(reader, connection)
    return Material(
        links=links,
        eid=ends,
        kind=nodes.kind[linked],
        listed=_match(reader, connection, nodes, lists)[linked],
        lists=np.frombuffer(lists, np.uint8),
        votes=read_votes(reader, connection, span=Span(0, until)),
        contradicted=contradicted,
        contradicted_at=contradicted_at,
    )


def grow(reader: Reader, connection: Connection, given: Material, span: Span) -> tuple[Material, Came] | None:
    """The material with what came in a span of the ledger, and that; None where it has to be read anew.

    That is so when something was put on a known-good list, which may be about any node.
    """
    columns = reader.links(connection, span)
    if _listings(reader, connection, columns).any():
        return None
    cast = read_votes(reader, connection, span=span)
    nodes = reader.nodes(connection, np.setdiff1d(_ends(columns), given.eid, assume_unique=True))
    listed = _match(reader, connection, nodes, given.lists.tobytes()) if len(nodes.eid) else NONE
    contradicted, contradicted_at = _later(
        spoken_against(reader, connection, span=span),
        spoken_against(reader, connection, columns.seq.tolist()),
    )
    came = Came(
        links=columns, nodes=nodes, listed=listed, votes=cast,
        contradicted=contradicted, contradicted_at=contradicted_at,
    )  # fmt: skip
    return _with(given, came), came


def heard_anew(reader: Reader, connection: Connection, given: Material) -> Material:
    """The material with what speaks against claims by now: evidence that was withdrawn no longer does."""
    contradicted, contradicted_at = spoken_against(reader, connection)
    return replace(given, contradicted=contradicted, contradicted_at=contradicted_at)


def _later(*given: tuple[Longs, Longs]) -> tuple[Longs, Longs]:
    """Claims spoken against by some evidence or other, each with the newest."""
    claim, at = (np.concatenate(columns) for columns in zip(*given, strict=True))
    order = np.lexsort((at, claim))
    claim, at = claim[order], at[order]
    last = np.ones(len(claim), np.bool_)
    last[:-1] = claim[1:] != claim[:-1]
    return claim[last], at[last]


def _with(given: Material, came: Came) -> Material:
    """The material with what came; what nothing came to is the same array, which is then not written anew."""
    if len(came.votes.claim):
        given = replace(given, votes=Votes(*_joined(given.votes, came.votes, Votes._fields)))
    if len(came.contradicted):
        spoken, since = _later(
            (given.contradicted, given.contradicted_at), (came.contradicted, came.contradicted_at)
        )
        given = replace(given, contradicted=spoken, contradicted_at=since)
    if not len(came.links.seq):
        return given
    at = np.searchsorted(given.eid, came.nodes.eid)
    return replace(
        given,
        links=LinkColumns(**dict(zip(_LINKS, _joined(given.links, came.links, _LINKS), strict=True))),
        eid=np.insert(given.eid, at, came.nodes.eid),
        kind=np.insert(given.kind, at, came.nodes.kind),
        listed=np.insert(given.listed, at, came.listed),
    )


def _joined(known: object, fresh: object, names: Iterable[str]) -> Iterator[NDArray[Any]]:
    """Columns of these names, those that are fresh behind those that are known."""
    return (np.concatenate([getattr(known, name), getattr(fresh, name)]) for name in names)


def _ends(columns: LinkColumns) -> Longs:
    """The distinct entities that links name, ascending."""
    return np.flatnonzero(in_sight(np.concatenate([columns.subject, columns.object])))


def selected(columns: LinkColumns, rows: Bools | Longs) -> LinkColumns:
    """The claims of some rows, by a mask or by their numbers."""
    return LinkColumns(**{name: getattr(columns, name)[rows] for name in _LINKS})


def rows_at(columns: LinkColumns, seqs: Longs) -> Longs:
    """The rows of the claims at some ledger positions, ascending and distinct; others have none."""
    wanted = distinct(seqs)
    at = np.searchsorted(columns.seq, wanted)
    at = at[at < len(columns.seq)]
    found: Longs = at[columns.seq[at] == wanted[: len(at)]]
    return found


def _listings(reader: Reader, connection: Connection, columns: LinkColumns) -> Bools:
    """Rows that put something on a known-good list."""
    properties = reader.names(connection, Space.PROPERTY)
    return np.isin(columns.property, [number for number, name in properties.items() if name == LISTING])


def _lists(reader: Reader, connection: Connection, members: LinkColumns, nodes: Nodes) -> bytes:
    """Known-good lists with their entries, by name, as JSON."""
    titles = reader.entities(connection, distinct(members.object).tolist())
    values = np.array(nodes.value, dtype=object)[np.searchsorted(nodes.eid, members.subject)]
    return msgspec.json.encode(
        [
            (entity.value, values[members.object == eid].tolist())
            for eid, entity in sorted(titles.items(), key=lambda title: title[1])
        ]
    )


@lru_cache(maxsize=1)
def _known(lists: bytes) -> Known:
    """Known-good lists, made ready once for all who see the same ones: that takes half a second."""
    entries = msgspec.json.decode(lists, type=list[tuple[str, list[str]]])
    return Known(Listed(name=name, entries=given) for name, given in entries)


def _match(reader: Reader, connection: Connection, nodes: Nodes, lists: bytes) -> Masks:
    kinds, place = alphabetical(reader.names(connection, Space.KIND), nodes.kind, vocabulary().kinds)
    rows = NodeRows(eid=nodes.eid, kind=place[nodes.kind], value=nodes.value, kind_names=kinds)
    return _known(lists).match(rows)
