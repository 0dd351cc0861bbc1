"""What the viewer may see, read from the store as the columns that the pure stages take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from chokepoint.graph.columns import LinkRows, Listing, NodeRows, PeriodRows, Rows, SameRows, VoteRows
from chokepoint.link.known import Listed, categories, match_known
from chokepoint.link.period import Period
from chokepoint.model.identity import Entity
from chokepoint.store.base import UNKNOWN_DAY
from chokepoint.store.canonical import read_envelope
from chokepoint.store.projection import Space

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from chokepoint.graph.columns import Bools, Longs, Shorts
    from chokepoint.store.base import LinkColumns
    from chokepoint.store.reading import Reader, Sames

PERIOD = "period/1"
QUIET = frozenset({"listed-on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names behind the numbers in the columns."""

    kinds: dict[int, str]
    properties: dict[int, str]
    origins: dict[int, str]
    organisations: dict[int, str]


def read_names(reader: Reader, connection: Connection) -> Names:
    """All names that columns refer to by number."""
    return Names(
        kinds=reader.names(connection, Space.KIND),
        properties=reader.names(connection, Space.PROPERTY),
        origins=reader.names(connection, Space.ORIGIN),
        organisations=reader.organisations(connection),
    )


def alphabetical(names: dict[int, str]) -> tuple[tuple[str, ...], Shorts]:
    """Names in order, and for each number of the store the place of its name among them.

    The store numbers names as they come up, which is also in records that the viewer may not see.
    """
    ordered = tuple(sorted(set(names.values())))
    place = np.zeros(max(names, default=-1) + 1, np.int16)
    for number, name in names.items():
        place[number] = ordered.index(name)
    return ordered, place


def link_rows(columns: LinkColumns, names: Names) -> LinkRows:
    """The store's link columns as the graph takes them."""
    properties, place = alphabetical(names.properties)
    return LinkRows(
        seq=columns.seq,
        subject=columns.subject,
        object=columns.object,
        property=place[columns.property],
        origin=columns.origin,
        reliability=columns.reliability,
        credibility=columns.credibility,
        owner=columns.owner,
        start=columns.start,
        end=columns.end,
        assessment=columns.assessment,
        property_names=properties,
    )


def without(columns: LinkColumns, mask: Bools) -> LinkColumns:
    """The columns without the rows that the mask holds."""
    return replace(columns, **{name: getattr(columns, name)[~mask] for name in columns.__slots__})


def read_rows(reader: Reader, connection: Connection, names: Names) -> tuple[Rows, Longs]:
    """Everything a snapshot is made of, as the viewer sees it, and the entity number of each node.

    Memberships of known-good lists become flags of the nodes and are no edges. Entities are numbered
    anew, in the order in which visible claims name them: the store's numbers tell what was named first,
    and that may have been a record that the viewer must not notice.
    """
    columns = reader.links(connection)
    quiet = [number for number, name in names.properties.items() if name in QUIET]
    lists = np.isin(columns.property, quiet)
    links = link_rows(without(columns, lists), names)
    nodes = node_rows(reader, connection, names, np.unique(np.concatenate([links.subject, links.object])))
    votes = reader.votes(connection)
    sames = reader.sames(connection)
    flags = match_known(
        nodes, read_lists(reader, connection, columns, lists), custodial=custodial(links, nodes)
    )
    own = Numbering(links, sames)
    rows = Rows(
        links=replace(links, subject=own.of(links.subject), object=own.of(links.object)),
        votes=VoteRows(
            claim=votes.claim, organisation=votes.organisation, vote=votes.vote, simulated=votes.simulated
        ),
        nodes=own.nodes(nodes),
        same=SameRows(
            left=own.of(sames.left),
            right=own.of(sames.right),
            sameness=sames.sameness,
            organisation=sames.organisation,
            belief=(sames.permille / 1000).astype(np.float32),
            reason=sames.reason,
        ),
        listing=Listing(
            flags=flags[own.order],
            categories=categories(),
        ),
        periods=PeriodRows.of(own.lives(read_periods(reader, connection))),
    )
    return rows, own.eids


class Numbering:
    """The viewer's own numbers of entities: those that links name first, then those of judgements alone.

    Attributes:
        eids: the store's number of each node, int64 (N,).
        order: place of each node in the nodes ascending by the store's number, int64 (N,).
    """

    def __init__(self, links: LinkRows, sames: Sames) -> None:
        linked = np.stack([links.subject, links.object], axis=1).ravel()
        judged = np.stack([sames.left, sames.right], axis=1).ravel()
        known, first = np.unique(np.concatenate([linked, judged]), return_index=True)
        order = np.argsort(first, kind="stable")
        self._known = known
        self._number = np.empty(len(known), np.int64)
        self._number[order] = np.arange(len(known))
        size = int(np.count_nonzero(first < len(linked)))
        self.eids: Longs = known[order][:size]
        self.order: Longs = np.argsort(np.argsort(self.eids))

    def of(self, eids: Longs) -> Longs:
        """The viewer's numbers; -1 for what neither links nor judgements name."""
        if not len(self._known):
            return np.full(len(eids), -1, np.int64)
        at = np.minimum(np.searchsorted(self._known, eids), len(self._known) - 1)
        return np.where(self._known[at] == eids, self._number[at], -1)

    def nodes(self, nodes: NodeRows) -> NodeRows:
        """The nodes in the viewer's order."""
        return replace(
            nodes,
            eid=np.arange(len(self.eids)),
            kind=nodes.kind[self.order],
            value=[nodes.value[at] for at in self.order.tolist()],
        )

    def lives(self, found: list[Period]) -> list[Period]:
        """Periods of the entities by the viewer's numbers."""
        return [replace(life, eid=int(self.of(np.array([life.eid]))[0])) for life in found]


def node_rows(reader: Reader, connection: Connection, names: Names, eids: Longs) -> NodeRows:
    """Kind and value of entities, ascending by number."""
    nodes = reader.nodes(connection, eids)
    kinds, place = alphabetical(names.kinds)
    return NodeRows(eid=nodes.eid, kind=place[nodes.kind], value=nodes.value, kind_names=kinds)


def read_lists(reader: Reader, connection: Connection, columns: LinkColumns, mask: Bools) -> list[Listed]:
    """Known-good lists with their members, from the memberships that the mask holds."""
    subjects, lists = columns.subject[mask], columns.object[mask]
    if not len(subjects):
        return []
    titles = reader.entities(connection, np.unique(lists).tolist())
    members = reader.nodes(connection, np.unique(subjects))
    values = np.array(members.value, dtype=object)[np.searchsorted(members.eid, subjects)]
    return [
        Listed(name=entity.value, entries=values[lists == eid].tolist())
        for eid, entity in sorted(titles.items())
    ]


def custodial(links: LinkRows, nodes: NodeRows) -> list[int]:
    """Nodes that are wallets held by an organisation or service for many customers."""
    holders = {at for at, name in enumerate(nodes.kind_names) if name in {"organisation", "service"}}
    held = [at for at, name in enumerate(links.property_names) if name == "controlled-by"]
    rows = np.isin(links.property, held)
    wallet = np.searchsorted(nodes.eid, links.subject[rows])
    holder = np.searchsorted(nodes.eid, links.object[rows])
    custody = np.isin(nodes.kind[holder], sorted(holders))
    return [int(node) for node in np.unique(wallet[custody])]


def read_periods(reader: Reader, connection: Connection) -> list[Period]:
    """Lives of identifiers that changed hands, as recorded; the newest record of an identifier counts."""
    found: dict[str, list[Period]] = {}
    for _, _, body in reader.records(connection, PERIOD):
        said = msgspec.json.decode(read_envelope(body).payload)
        entity = Entity(*said["entity"])
        eid = reader.eid(connection, entity)
        if eid is None:
            continue
        lives = []
        for life in said["periods"]:
            claims = tuple(claim.seq for claim in reader.claims_by_id(connection, life["claims"]))
            lives.append(
                Period(
                    eid=eid,
                    number=life["number"],
                    start=UNKNOWN_DAY if life["start"] is None else life["start"],
                    end=UNKNOWN_DAY if life["end"] is None else life["end"],
                    claims=claims,
                    reason=life["reason"],
                )
            )
        found[str(entity)] = lives
    return [life for lives in found.values() for life in lives]
