"""From what a person typed to entities of the viewer's map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.errors import NotFoundError, NotValidError
from chokepoint.model.said import Said
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store import lookup
from chokepoint.values.registry import derived, parse, query

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity
    from chokepoint.store.reading import Reader

ALGORITHMS = ("sha256", "sha1", "md5", "sha512")
MOST = 20
SHORTEST = 6
_part_of_hash = re.compile(
    r"(?:(md5|sha1|sha256|sha512):)?([0-9a-f]{6,127})(?:\.{2,3}|…)?", re.IGNORECASE
).fullmatch
_abbreviated = re.compile(r"(\S{5,200}?)(?:\.{3}|…)").fullmatch


class Known(NamedTuple):
    """An entity that a visible claim speaks of, with its number in this atlas."""

    eid: int
    entity: Entity


def candidates(text: str) -> list[Entity]:
    """What a text may name, best first; a text that fits nothing names nothing."""
    try:
        return query(text)
    except NotValidError:
        return []


def resolve(reader: Reader, connection: Connection, text: str) -> list[Known]:
    """The entities of the viewer's map that a text names, best first.

    An identifier names itself, `kind:value` exactly one, a name whatever bears it among all kinds. What
    names nothing so may be an alias that somebody gives to something, the address of a whole site, or the
    beginning of a digest (at least six digits) or of any value before `...`.
    """
    wanted = candidates(text)
    found = _known(reader, connection, wanted)
    found = found or _known(reader, connection, _aliased(reader, connection, wanted))
    found = found or _known(reader, connection, _site(wanted))
    return found or _beginning(reader, connection, text.strip())


def _known(reader: Reader, connection: Connection, wanted: Sequence[Entity]) -> list[Known]:
    numbers = lookup.known(reader, connection, wanted)
    return [Known(numbers[entity], entity) for entity in dict.fromkeys(wanted) if entity in numbers]


def _aliased(reader: Reader, connection: Connection, wanted: Sequence[Entity]) -> list[Entity]:
    """Things that a visible claim gives one of these names, in the order of the names."""
    kinds = vocabulary().kinds
    names = [entity for entity in wanted if kinds[entity.kind].family != "identifier"]
    place = {name: at for at, name in enumerate(names)}
    found: list[tuple[int, Entity]] = []
    for words in dict.fromkeys(name.value for name in names):
        for stored in lookup.bearing(reader, connection, words):
            bearer, alias = stored.claim.subject, stored.claim.object
            named = _named(bearer.kind, alias) if isinstance(alias, str) else None
            if named in place:
                found.append((place[named], bearer))
    return [bearer for _, bearer in sorted(found)]


def _named(kind: str, name: str) -> Entity | None:
    try:
        return parse(kind, name)
    except NotValidError:
        return None


def _site(wanted: Sequence[Entity]) -> list[Entity]:
    """The hosts of addresses that name a whole site and no page of it."""
    roots = [
        one for one in wanted if one.kind == "url" and one.value.count("/") == 3 and one.value[-1] == "/"
    ]
    return [host for one in roots for name, host in derived(one) if name == "hosted-at"]


def _beginning(reader: Reader, connection: Connection, text: str) -> list[Known]:
    eids: list[int] = []
    for prefix in _prefixes(text):
        eids.extend(lookup.starting(reader, connection, prefix, MOST))
    entities = reader.entities(connection, eids)
    return [Known(eid, entities[eid]) for eid in dict.fromkeys(eids)]


def _prefixes(text: str) -> list[str]:
    digest = _part_of_hash(text.removeprefix("file:"))
    if digest:
        names = (digest[1].lower(),) if digest[1] else ALGORITHMS
        return [f"{name}:{digest[2].lower()}" for name in names]
    shortened = _abbreviated(text)
    if shortened is None:
        return []
    return list(dict.fromkeys((shortened[1], shortened[1].lower())))


def entity_of(
    reader: Reader, connection: Connection, text: str, fits: Callable[[Entity], bool] | None = None
) -> Entity:
    """The one entity that a text names, in the viewer's map or new to it.

    Args:
        reader: the viewer's.
        connection: of the projection.
        text: as a person writes it.
        fits: what is meant, where the text may name several things.

    Raises:
        NotValidError: no entity has that form, or several that are equally likely.
    """
    wanted = query(text)
    if fits:
        wanted = [entity for entity in wanted if fits(entity)] or wanted
    if not wanted:
        raise NotValidError(
            Said("{text!r} names nothing", text=text[:80]), mend="write an identifier, or kind:value"
        )
    numbers = lookup.known(reader, connection, wanted)
    likely = [entity for entity in wanted if entity in numbers] or wanted
    if len(likely) > 1:
        kinds = ", ".join(str(entity) for entity in likely[:3])
        raise NotValidError(
            Said("{text!r} may be several things", text=text[:80]),
            mend=Said("write kind:value, such as {kinds}", kinds=kinds),
        )
    return likely[0]


def claim_ids(atlas: Atlas, names: Sequence[str]) -> list[str]:
    """The full record ids of claims named by the beginning of their id, at least six digits.

    Raises:
        NotFoundError: a beginning that fits no claim that the viewer sees, or several.
        RefusedError: a person without the right to look.
    """
    found = []
    reader = atlas.reader
    with reader.connect() as connection:
        for name in names:
            ids = lookup.claim_ids(reader, connection, name.lower()) if len(name) >= SHORTEST else []
            if len(ids) != 1:
                raise NotFoundError(
                    "no such claim, or several", place=name, mend="copy its id from `review list`"
                )
            found.append(ids[0])
    return found
