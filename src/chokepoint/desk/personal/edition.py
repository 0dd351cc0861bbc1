"""Who is minimised in a package or an export, and the pseudonyms of that edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.desk.personal.role import read_roles
from chokepoint.desk.personal.veil import folded
from chokepoint.package.privacy import Minimised, pseudonyms
from chokepoint.package.redact import NATURAL_PERSONS
from chokepoint.store import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity


def edition(atlas: Atlas, common: Atlas, entities: Iterable[Entity]) -> Minimised:
    """Who of these is minimised: by all that the sender knows, under roles that all recipients may know.

    Persons bear the pseudonyms that the sender's own pages give them, the same in every edition, and lead
    back there; no two of one edition share one. Nobody without the atlas's secret can try names on them.

    Args:
        atlas: of the sender.
        common: the same, read only as far as all recipients see it.
        entities: all of which the edition or its captures speak.
    """
    judged = frozenset(entities)
    people = sorted(one for one in judged if one.kind in NATURAL_PERSONS)
    reader = common.reader
    with reader.connect() as connection:
        numbers = lookup.known(reader, connection, people)
        roles = read_roles(reader, connection, numbers.values(), today=atlas.clock()[:10])
    stated = {one: f" ({person.role})" for one, person in roles.items()}
    codes = pseudonyms(people, atlas.pseudonym_key)
    names = {one: f"{code}{stated.get(one, '')}" for one, code in codes.items()}
    return Minimised(hidden=folded(atlas, judged), names=names, judged=judged, key=atlas.pseudonym_key)
