"""What the ledger says of its members: their profiles in records, and who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.model.errors import NotValidError
from chokepoint.model.member import Capability, Member, Mode, Sector, name_key, retold
from chokepoint.store.records import read_records
from chokepoint.store.still import still
from chokepoint.store.versions import versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from chokepoint.store.reading import Reader

ORGANISATION = "organisation/2"
"""A member's entry, by itself and with its key; nobody else can make it."""
MEMBER = "member/1"
"""A later word on a member, by itself or by the founder."""
ORGANISATIONS = versions(ORGANISATION)


def profile_payload(profile: Member) -> dict[str, Any]:
    """A profile as it stands in a record, name apart."""
    return {
        "capabilities": sorted(map(str, profile.capabilities)),
        "country": profile.country,
        "feeds": sorted(profile.feeds),
        "origins": sorted(profile.origins),
        "parents": sorted(profile.parents),
        "sector": profile.sector.value if profile.sector else "",
    }


def read_profile(said: dict[str, Any]) -> Member:
    """The profile of a record; words that this version does not know are left out.

    Raises:
        NotValidError: the record has not the shape of one.
    """
    try:
        return Member(
            name=str(said["name"]),
            sector=_sector(str(said["sector"])),
            country=str(said["country"]),
            capabilities=frozenset(_capabilities(said["capabilities"])),
            parents=frozenset(map(str, said["parents"])),
            origins=frozenset(map(str, said["origins"])),
            feeds=frozenset(map(str, said["feeds"])),
        )
    except (KeyError, TypeError) as error:
        raise NotValidError(f"a member's record lacks or garbles {error}") from None


def _sector(word: str) -> Sector | None:
    return next((sector for sector in Sector if sector.value == word), None)


def _capabilities(words: Iterable[str]) -> Iterable[Capability]:
    modes = {mode.value: mode for mode in Mode}
    for word in words:
        mode, _, kind = word.partition(":")
        if mode in modes:
            yield Capability(modes[mode], kind)


@still
def members(reader: Reader, connection: Connection) -> Mapping[str, Member]:
    """All members by name, in the order in which they joined, as the records up to now describe them."""
    organisations = reader.organisations(connection)
    if not organisations:
        return {}
    founder = organisations[min(organisations)]
    found = {organisations[number]: Member(name=organisations[number]) for number in sorted(organisations)}
    for record in sorted(read_records(reader, connection, ORGANISATION, MEMBER)):
        said = read_profile(record.said)
        if said.name in found:
            found[said.name] = retold(found[said.name], said, by=record.organisation, founder=founder)
    return found


def look_alike(connection: Connection, name: str) -> str:
    """The member whose name is another spelling of this one; empty where there is none."""
    key = name_key(name)
    rows = connection.exec_driver_sql("SELECT name FROM organisations ORDER BY number")
    return next((str(row[0]) for row in rows if name_key(row[0]) == key), "")
