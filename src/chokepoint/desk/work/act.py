"""What an operation is: who takes part, and what is done to what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.operations_csv import event_of
from chokepoint.model.marking import CLEAR, Marking, Tlp

if TYPE_CHECKING:
    from chokepoint.model.identity import Entity

STATES = ("planned", "under way", "done", "called off")


class Partner(NamedTuple):
    """Who takes part: an ISO 3166 code, and an organisation or empty."""

    country: str
    organisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing done or to be done.

    Attributes:
        entity: the target.
        mode: how: takedown, freeze, …
        on: the day, ISO 8601.
        by: who pulls the lever.
        marking: who may see it; never milder than the operation's.
    """

    entity: Entity
    mode: str
    on: str
    by: str
    marking: Marking = CLEAR

    def to_json(self) -> dict[str, str]:
        """The shape of an action in `operation --json`."""
        about = {"target": str(self.entity), "mode": self.mode, "on": self.on, "by": self.by}
        return about | {"marking": self.marking.tlp.label}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The present state of an operation.

    Attributes:
        id: `operation-` and sixteen hexadecimal digits.
        name: what people call it; its figures are those of the event of that name.
        basis: id of the case or the package that it came from, or empty.
        state: one of `STATES`.
        partners: sorted; all that take part.
        actions: in the order in which they were recorded.
        organisation: who leads it; only that organisation changes it.
        marking: who may see it.
    """

    id: str
    name: str
    basis: str = ""
    state: str = STATES[0]
    partners: tuple[Partner, ...] = ()
    actions: tuple[Action, ...] = field(default=())
    organisation: str = ""
    marking: Marking = CLEAR

    @property
    def event(self) -> Entity:
        """What figures and links of the operation are about."""
        return event_of(self.name)

    @property
    def label(self) -> Tlp:
        """The strictest label on what is shown of it, for paper."""
        return max(self.marking.tlp, *(action.marking.tlp for action in self.actions), Tlp.CLEAR)

    @property
    def countries(self) -> frozenset[str]:
        """ISO 3166 codes of the countries that take part."""
        return frozenset(partner.country for partner in self.partners)

    def to_json(self) -> dict[str, Any]:
        """The shape of an operation in `operation --json`."""
        return {
            "id": self.id,
            "name": self.name,
            "event": str(self.event),
            "basis": self.basis,
            "state": self.state,
            "partners": [partner._asdict() for partner in self.partners],
            "actions": [action.to_json() for action in self.actions],
            "organisation": self.organisation,
            "marking": self.marking.tlp.label,
        }
