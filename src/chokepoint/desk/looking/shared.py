"""Which entities lie on known-good lists, as parked, shared or simply legitimate things, for one viewer.

Of what a list speaks besides what stands on it says `link.known`, as for the map.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.link.known import ADDRESSES, HOSTS, category, speaks_of
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.store import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from chokepoint.store.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One list's word on an entity.

    Attributes:
        listed: the entity on the list: the one asked for, a network around it or a host above it.
        on: the list.
        origin: who publishes it.
        parked: whether the list is one of parking or sinkhole addresses.
    """

    listed: Entity
    on: Entity
    origin: str
    parked: bool

    def sentence(self) -> str:
        """The word as a person reads it."""
        about = {"name": self.on.value, "origin": self.origin}
        if self.parked:
            return Said("is a parking or sinkhole address: on the list {name!r} of {origin}", **about)
        return Said("is shared or known to be good: on the list {name!r} of {origin}", **about)


def around(entity: Entity) -> list[Entity]:
    """The networks around an address, the hosts above a host or mailbox, the narrowest first; else nothing.

    >>> [one.value for one in around(Entity("domain-name", "a.b.evil.com"))]
    ['b.evil.com', 'evil.com']
    """
    if entity.kind == "email-addr":
        host = Entity("domain-name", entity.value.rpartition("@")[2])
        return [host, *around(host)]
    if entity.kind in HOSTS:
        parts = entity.value.split(".")
        return [Entity(entity.kind, ".".join(parts[at:])) for at in range(1, min(len(parts) - 1, 20))]
    if entity.kind not in ADDRESSES:
        return []
    try:
        network = ipaddress.ip_network(entity.value, strict=False)
    except ValueError:
        return []
    return [
        Entity(entity.kind, str(network.supernet(new_prefix=length)))
        for length in range(network.prefixlen - 1, -1, -1)
    ]


def shared(reader: Reader, connection: Connection, entities: Iterable[Entity]) -> dict[Entity, list[Shared]]:
    """What visible known-good lists say of each entity; those of which they say nothing are left out."""
    wider = {entity: [entity, *around(entity)] for entity in entities}
    numbers = lookup.known(reader, connection, {one for ones in wider.values() for one in ones})
    listings: dict[int, list[lookup.Listing]] = {}
    for listing in lookup.links_of(reader, connection, numbers.values(), ["listed-on"]):
        listings.setdefault(listing.subject, []).append(listing)
    lists = {one.object for ones in listings.values() for one in ones}
    names = reader.entities(connection, lists)
    sorts = {number: category(name.value) for number, name in names.items()}
    found: dict[Entity, list[Shared]] = {}
    for entity, ones in wider.items():
        words = [
            Shared(
                listed=one,
                on=names[listing.object],
                origin=listing.origin,
                parked=sorts[listing.object].code in {"parking", "sinkhole"},
            )
            for one in ones
            for listing in listings.get(numbers.get(one, 0), ())
            if speaks_of(sorts[listing.object], entity.kind, entity.value, one.value)
        ]
        if words:
            found[entity] = list(dict.fromkeys(words))
    return found
