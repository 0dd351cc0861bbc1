"""Who is minimised in a package or an export, and the pseudonyms of that edition."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from chokepoint.desk.personal.role import read_roles
from chokepoint.desk.personal.veil import folded
from chokepoint.package.privacy import Minimised
from chokepoint.package.redact import NATURAL_PERSONS
from chokepoint.store import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity


def edition(
    atlas: Atlas, common: Atlas, entities: Iterable[Entity], beside: Iterable[Entity] = ()
) -> Minimised:
    """Who of these is minimised: by all that the sender knows, under roles that all recipients may know.

    Persons are numbered, in an order that only the atlas's secret makes: within one edition no two share a
    pseudonym, and a pseudonym tells nobody a name that they could guess.

    Args:
        atlas: of the sender.
        common: the same, read only as far as all recipients see it.
        entities: all of which the edition speaks.
        beside: of whom its captures speak besides; they are numbered last, so that no gap tells of them.
    """
    spoken_of = frozenset(entities)
    judged = spoken_of.union(beside)
    natural = [one for one in judged if one.kind in NATURAL_PERSONS]
    people = sorted(natural, key=lambda one: (one not in spoken_of, _order(atlas, one)))
    reader = common.reader
    with reader.connect() as connection:
        numbers = lookup.known(reader, connection, people)
        roles = read_roles(reader, connection, numbers.values(), today=atlas.clock()[:10])
    stated = {one: f" ({person.role})" for one, person in roles.items()}
    names = {one: f"Person {number}{stated.get(one, '')}" for number, one in enumerate(people, 1)}
    return Minimised(hidden=folded(atlas, judged), names=names, judged=judged)


def _order(atlas: Atlas, one: Entity) -> bytes:
    said = "\x1f".join(("edition", *one)).encode("utf-8", "surrogatepass")
    return blake2b(said, key=atlas.secret, digest_size=16).digest()
