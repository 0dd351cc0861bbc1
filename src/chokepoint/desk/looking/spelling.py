"""How people write the name of a thing whose value is a normal form: `Lazarus Group`, not `lazarus group`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.model.errors import NotValidError
from chokepoint.values.registry import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.desk.looking.dossier import Evidence
    from chokepoint.model.identity import Entity

NAME = "name"


def spells(entity: Entity, text: str) -> bool:
    """Whether a text is another spelling of a thing's value, and says nothing beyond it.

    >>> from chokepoint.model.identity import Entity
    >>> spells(Entity("group", "lazarus group"), "Lazarus Group")
    True
    """
    try:
        return text != entity.value and parse(entity.kind, text) == entity
    except NotValidError:
        return False


def called(entity: Entity, evidence: Iterable[Evidence]) -> str:
    """The best believed spelling among the names that claims give a thing; empty where none is one.

    A name that says more than the value, or another one, is a statement of its own and no spelling.
    """
    names = ((one.standing.belief, one.stored.claim) for one in evidence)
    fitting = [
        (belief, claim.object)
        for belief, claim in names
        if claim.property == NAME and claim.subject == entity and isinstance(claim.object, str)
    ]
    return max(((belief, text) for belief, text in fitting if spells(entity, text)), default=(0.0, ""))[1]
