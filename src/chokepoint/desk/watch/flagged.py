"""Safety flags and vetoes on a single claim or on a whole case, beside those on an entity.

A worker in a scam compound may be mentioned in the words of one claim that is about something else, or stand
behind all that is known of a case. A flag names what it keeps back as `claim` and a record id or as `case`
and an id, which are no kinds of the vocabulary, and is otherwise a flag as on an entity: at once, by anybody,
lifted by an overseer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.desk.vetting.standing import restrained
from chokepoint.desk.watch.oversight import named
from chokepoint.desk.work.case import find_case
from chokepoint.model.errors import NotFoundError
from chokepoint.model.identity import Entity
from chokepoint.package.choose import CASE, CLAIM
from chokepoint.store import lookup, persons
from chokepoint.store.people import withheld

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.base import StoredClaim

SHORTEST = 12


def meant(atlas: Atlas, text: str) -> Entity:
    """What a flag is to be put on: the entity that a text names, or the claim or case of that id.

    Args:
        atlas: opened by whoever flags.
        text: an entity as a person writes it, `case-` and figures, or twelve and more figures of a record id,
            with or without `claim:` before it.

    Raises:
        NotFoundError: nothing that the viewer may see is called so, or several claims are.
    """
    word = text.strip()
    if word.startswith(("case-", f"{CASE}:")):
        return Entity(CASE, find_case(atlas, word.removeprefix(f"{CASE}:")).id)
    beginning, said = word.removeprefix(f"{CLAIM}:").lower(), word.startswith(f"{CLAIM}:")
    if len(beginning) >= SHORTEST or said:
        reader = atlas.reader
        with reader.connect() as connection:
            found = lookup.claim_ids(reader, connection, beginning) if len(beginning) >= SHORTEST else []
        if len(found) == 1:
            return Entity(CLAIM, found[0])
        if found or said:
            raise NotFoundError("no such claim, or several", place=word[:80], mend="name its whole record id")
    return named(atlas, word)


def flagged(atlas: Atlas) -> list[StoredClaim]:
    """The claims of the viewer's map that a flag keeps back by themselves or with their case."""
    with atlas.engine.connect() as connection:  # whether something is flagged is not the viewer's to read
        kept = withheld(connection, atlas.secret)
    reader = atlas.reader
    with reader.connect() as connection:
        cases = [one.value for one in kept if one.kind == CASE]
        found = list(reader.claims_by_id(connection, sorted(one.value for one in kept if one.kind == CLAIM)))
        if cases:
            found += reader.claims(connection, persons.in_cases(reader, connection, cases))
    return found


def kept_back(atlas: Atlas) -> list[StoredClaim]:
    """The claims of the viewer's map that leave in no package: flagged, withheld, or not to be disclosed."""
    with atlas.engine.connect() as connection:
        kept = withheld(connection, atlas.secret)
    reader = atlas.reader
    with reader.connect() as connection:
        numbers = lookup.known(reader, connection, kept).values()
        about = {seq for number in numbers for seq in reader.about(connection, number)}
        found = [*reader.claims(connection, sorted(about)), *restrained(reader, connection)]
    return [*flagged(atlas), *found]
