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

    from chokepoint.graph.columns import Bools, Longs
    from chokepoint.store.base import LinkColumns
    from chokepoint.store.reading import Reader

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


def dense(names: dict[int, str]) -> tuple[str, ...]:
    """Names in a tuple indexed by their number."""
    return tuple(names.get(number, "") for number in range(max(names, default=-1) + 1))


def link_rows(columns: LinkColumns, names: Names) -> LinkRows:
    """The store's link columns as the graph takes them."""
    return LinkRows(
        seq=columns.seq,
        subject=columns.subject,
        object=columns.object,
        property=columns.property,
        origin=columns.origin,
        reliability=columns.reliability,
        credibility=columns.credibility,
        owner=columns.owner,
        start=columns.start,
        end=columns.end,
        assessment=columns.assessment,
        property_names=dense(names.properties),
    )


def without(columns: LinkColumns, mask: Bools) -> LinkColumns:
    """The columns without the rows that the mask holds."""
    return replace(columns, **{name: getattr(columns, name)[~mask] for name in columns.__slots__})


def read_rows(reader: Reader, connection: Connection, names: Names) -> Rows:
    """Everything a snapshot is made of, as the viewer sees it.

    Memberships of known-good lists become flags of the nodes and are no edges.
    """
    columns = reader.links(connection)
    quiet = [number for number, name in names.properties.items() if name in QUIET]
    lists = np.isin(columns.property, quiet)
    links = link_rows(without(columns, lists), names)
    nodes = node_rows(reader, connection, names, np.unique(np.concatenate([links.subject, links.object])))
    votes = reader.votes(connection)
    sames = reader.sames(connection)
    return Rows(
        links=links,
        votes=VoteRows(
            claim=votes.claim, organisation=votes.organisation, vote=votes.vote, simulated=votes.simulated
        ),
        nodes=nodes,
        same=SameRows(
            left=sames.left,
            right=sames.right,
            sameness=sames.sameness,
            organisation=sames.organisation,
            belief=(sames.permille / 1000).astype(np.float32),
            reason=sames.reason,
        ),
        listing=Listing(
            flags=match_known(
                nodes, read_lists(reader, connection, columns, lists), custodial=custodial(links, nodes)
            ),
            categories=categories(),
        ),
        periods=PeriodRows.of(read_periods(reader, connection)),
    )


def node_rows(reader: Reader, connection: Connection, names: Names, eids: Longs) -> NodeRows:
    """Kind and value of entities, ascending by number."""
    nodes = reader.nodes(connection, eids)
    return NodeRows(eid=nodes.eid, kind=nodes.kind, value=nodes.value, kind_names=dense(names.kinds))


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
