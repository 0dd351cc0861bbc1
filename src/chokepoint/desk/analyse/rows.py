"""What a viewer may see, as the rows that a snapshot is made of.

Everything is numbered by what the viewer sees: the store gives numbers as names come up, which is also in
records that the viewer must not notice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.desk.analyse.numbering import alphabetical, in_sight
from chokepoint.graph.columns import (
    LinkRows,
    Listing,
    NodeRows,
    PeriodRows,
    Rows,
    SameRows,
    VoteRows,
    distinct,
)
from chokepoint.link.known import CUSTODIAL, categories
from chokepoint.link.period import Period
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store.base import UNKNOWN_DAY
from chokepoint.store.interning import Space
from chokepoint.store.records import read_records
from chokepoint.store.still import still

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.desk.analyse.material import Material
    from chokepoint.graph.columns import Longs, Shorts
    from chokepoint.store.base import LinkColumns
    from chokepoint.store.columns import Sames
    from chokepoint.store.judged import Votes
    from chokepoint.store.reading import Reader

PERIOD = "period/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names behind the store's numbers."""

    kinds: Mapping[int, str]
    properties: Mapping[int, str]
    origins: Mapping[int, str]


def read_names(reader: Reader, connection: Connection) -> Names:
    """All names that columns refer to by number."""
    return Names(
        kinds=reader.names(connection, Space.KIND),
        properties=reader.names(connection, Space.PROPERTY),
        origins=reader.names(connection, Space.ORIGIN),
    )


def in_order_of_sight(numbers: NDArray[np.integer]) -> tuple[Longs, Longs]:
    """The distinct numbers as they first come up, and for each number the place it has among them, else -1.

    >>> [array.tolist() for array in in_order_of_sight(np.array([3, 1, 3, 0]))]
    [[3, 1, 0], [2, 1, -1, 0]]
    """
    size = len(numbers)
    first = np.full(int(numbers.max(initial=0)) + 1, size, np.int64)
    first[numbers[::-1]] = np.arange(size - 1, -1, -1)  # the last to be written is the first in order
    known = np.flatnonzero(first < size)
    order = known[np.argsort(first[known], kind="stable")]
    place = np.full(len(first), -1, np.int64)
    place[order] = np.arange(len(order))
    return order, place


def link_rows(columns: LinkColumns, names: Names) -> LinkRows:
    """The store's link columns as the graph takes them."""
    properties, place = alphabetical(names.properties, columns.property, vocabulary().properties)
    origins, origin = in_order_of_sight(columns.origin)
    return numbered(
        columns,
        properties=(properties, place),
        origins=(tuple(names.origins[number] for number in origins.tolist()), origin),
    )


def numbered(
    columns: LinkColumns,
    *,
    properties: tuple[tuple[str, ...], Shorts],
    origins: tuple[tuple[str, ...], Longs],
) -> LinkRows:
    """The columns with properties and origins by a map's numbers.

    Args:
        columns: by the store's.
        properties: their names by the map's number, and the map's number for each of the store's.
        origins: the same of root publishers.
    """
    return LinkRows(
        seq=columns.seq,
        subject=columns.subject,
        object=columns.object,
        property=properties[1][columns.property],
        origin=origins[1][columns.origin].astype(np.int32),
        reliability=columns.reliability,
        credibility=columns.credibility,
        owner=columns.owner,
        start=columns.start,
        end=columns.end,
        assessment=columns.assessment,
        property_names=properties[0],
        origin_names=origins[0],
    )


def vote_rows(votes: Votes) -> VoteRows:
    """The store's votes as the graph takes them."""
    return VoteRows(
        claim=votes.claim, organisation=votes.organisation, vote=votes.vote, simulated=votes.simulated
    )


def same_rows(sames: Sames, number: Callable[[Longs], Longs]) -> SameRows:
    """The store's judgements of identity as the graph takes them, with the map's number of each entity."""
    return SameRows(
        left=number(sames.left),
        right=number(sames.right),
        sameness=sames.sameness,
        organisation=sames.organisation,
        belief=(sames.permille / 1000).astype(np.float32),
        reason=sames.reason,
    )


def node_rows(reader: Reader, connection: Connection, names: Names, eids: Longs) -> NodeRows:
    """Kind and value of entities, ascending by number."""
    nodes = reader.nodes(connection, eids)
    kinds, place = alphabetical(names.kinds, nodes.kind, vocabulary().kinds)
    return NodeRows(eid=nodes.eid, kind=place[nodes.kind], value=nodes.value, kind_names=kinds)


def make_rows(reader: Reader, connection: Connection, material: Material) -> tuple[Rows, Longs]:
    """The rows of a snapshot with nodes numbered by the viewer's sight, and each node's entity number.

    Args:
        reader: of the viewer.
        connection: of one reading.
        material: claims, entities and votes up to a ledger position.
    """
    names = read_names(reader, connection)
    links = link_rows(material.links, names)
    sames = reader.sames(connection)
    own = Numbering(links, sames)
    kinds, place = alphabetical(names.kinds, material.kind, vocabulary().kinds)
    at = np.searchsorted(material.eid, own.eids)
    nodes = NodeRows(eid=np.arange(len(own.eids)), kind=place[material.kind[at]], value=[], kind_names=kinds)
    links = replace(links, subject=own.of(links.subject), object=own.of(links.object))
    flags = material.listed[at]
    flags[custodial(links, nodes)] |= CUSTODIAL
    rows = Rows(
        links=links,
        votes=vote_rows(material.votes),
        nodes=nodes,
        same=same_rows(sames, own.of),
        listing=Listing(flags=flags, categories=categories()),
        periods=PeriodRows.of(own.lives(read_periods(reader, connection))),
    )
    return rows, own.eids


class Numbering:
    """The viewer's own numbers of entities: those that links name first, then those of judgements alone.

    Attributes:
        eids: the store's number of each node, int64 (N,).
    """

    def __init__(self, links: LinkRows, sames: Sames) -> None:
        linked = np.stack([links.subject, links.object], axis=1).ravel()
        judged = np.stack([sames.left, sames.right], axis=1).ravel()
        order, self._place = in_order_of_sight(np.concatenate([linked, judged]))
        self.eids: Longs = order[: int(in_sight(linked).sum())]

    def of(self, eids: Longs) -> Longs:
        """The viewer's numbers; -1 for what neither links nor judgements name."""
        inside = eids < len(self._place)
        return np.where(inside, self._place[np.where(inside, eids, 0)], -1)

    def lives(self, found: list[Period]) -> list[Period]:
        """Periods of the entities by the viewer's numbers."""
        return [replace(life, eid=int(self.of(np.array([life.eid]))[0])) for life in found]


def custodial(links: LinkRows, nodes: NodeRows) -> Longs:
    """Nodes that are wallets held by an organisation or service for many customers."""
    holders = [at for at, name in enumerate(nodes.kind_names) if name in {"organisation", "service"}]
    wallets = [at for at, name in enumerate(nodes.kind_names) if name == "crypto-address"]
    rows = links.property == links.property_names.index("controlled-by")
    wallet, holder = links.subject[rows], links.object[rows]
    held = np.isin(nodes.kind[wallet], wallets) & np.isin(nodes.kind[holder], holders)
    return distinct(wallet[held])


def read_periods(reader: Reader, connection: Connection) -> list[Period]:
    """Lives of identifiers that changed hands, as recorded; the newest record of an identifier counts."""
    return [
        Period(
            eid=eid,
            number=life["number"],
            start=UNKNOWN_DAY if life["start"] is None else life["start"],
            end=UNKNOWN_DAY if life["end"] is None else life["end"],
            claims=tuple(reader.places(connection, life["claims"])),
            reason=life["reason"],
        )
        for entity, lives in told_periods(reader, connection).items()
        if (eid := reader.eid(connection, entity)) is not None
        for life in lives
    ]


@still
def told_periods(reader: Reader, connection: Connection) -> Mapping[Entity, Sequence[Mapping[str, Any]]]:
    """What the newest record of each identifier that changed hands says of its lives."""
    records = read_records(reader, connection, PERIOD)
    return {Entity(*record.said["entity"]): record.said["periods"] for record in records}
