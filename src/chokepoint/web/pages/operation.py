"""Operations: who does what about a case or package, in which country, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from chokepoint.desk.handing.dissemination import handed
from chokepoint.desk.work.act import STATES, Operation
from chokepoint.desk.work.case import Case, cases
from chokepoint.desk.work.operation import (
    act,
    add_partners,
    find_operation,
    open_operation,
    operations,
    partner,
    set_state,
)
from chokepoint.model.marking import Marking, Tlp, parse_tlp
from chokepoint.model.member import Mode
from chokepoint.web.route import Form, FromPath, FromQuery, read, write
from chokepoint.web.viewer import Here, Seat, label_of

MODES = tuple(mode.value for mode in Mode)
LABELS = tuple(label for label in Tlp)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsPage:
    """The operations that the viewer may see.

    Attributes:
        operations: in the order in which they were opened.
        cases: open ones from which a new one may come.
        basis: id of the case or package that it is opened for, as a link said.
        labels: of TLP, to choose from.
    """

    operations: tuple[Operation, ...]
    cases: tuple[Case, ...]
    basis: str
    labels: tuple[Tlp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPage:
    """One operation.

    Attributes:
        operation: as it stands.
        basis: what people call the case or package that it comes from; empty where the viewer sees none.
        own: whether the viewer's organisation leads it, and so may change it.
        states: that it can be in.
        modes: in which one can act.
    """

    operation: Operation
    basis: str
    own: bool
    states: tuple[str, ...]
    modes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class OpenForm:
    """A new operation; partners as `KE, GH:Police`."""

    name: str = ""
    basis: str = ""
    partners: str = ""
    tlp: str = "amber"


@dataclass(slots=True, kw_only=True)
class ActForm:
    """An action."""

    target: str = ""
    mode: str = ""
    on: str = ""
    by: str = ""


@dataclass(slots=True, kw_only=True)
class ChangeForm:
    """A state, or partners to add."""

    state: str = ""
    partners: str = ""


@read("/operation")
def listing(seat: Here, basis: FromQuery[str] = "") -> Response[str]:
    """All of them, and a form for a new one."""
    every, held = operations(seat.atlas), [one for one in cases(seat.atlas) if not one.closed]
    page = OperationsPage(
        operations=tuple(every),
        cases=tuple(held),
        basis=basis[:100],
        labels=LABELS,
    )
    return seat.page("operations.html", page, label=label_of([*every, *held]))


@write("/operation", again=listing)
def opening(seat: Here, data: Form[OpenForm]) -> Response[Any]:
    """Open one."""
    draft = Operation(
        id="",
        name=data.name.strip(),
        basis=data.basis.strip(),
        partners=tuple(map(partner, _listed(data.partners))),
        marking=Marking(tlp=parse_tlp(data.tlp)),
    )
    return seat.go(f"/operation/{open_operation(seat.atlas, draft).id}")


@read("/operation/{name:str}")
def one(seat: Here, name: FromPath[str]) -> Response[str]:
    """One with its partners and actions."""
    found = find_operation(seat.atlas, name)
    own = seat.speaks and found.organisation == seat.atlas.viewer.organisation
    page = OperationPage(
        operation=found, basis=_title(seat, found.basis), own=own, states=STATES, modes=MODES
    )
    return seat.page("operation.html", page, label=found.label)


@write("/operation/{name:str}/act", again=one)
def acting(seat: Here, name: FromPath[str], data: Form[ActForm]) -> Response[Any]:
    """Put an action on record."""
    found = act(seat.atlas, name, data.target, (data.mode, data.on, data.by))
    return seat.go(f"/operation/{found.id}")


@write("/operation/{name:str}/change", again=one)
def changing(seat: Here, name: FromPath[str], data: Form[ChangeForm]) -> Response[Any]:
    """Say how far it has come, or who takes part as well."""
    found = find_operation(seat.atlas, name)
    if data.partners.strip():
        found = add_partners(seat.atlas, name, tuple(map(partner, _listed(data.partners))))
    if data.state and data.state != found.state:
        found = set_state(seat.atlas, name, data.state)
    return seat.go(f"/operation/{found.id}")


def _title(seat: Seat, basis: str) -> str:
    if basis.startswith("case-"):
        return next((one.title for one in cases(seat.atlas) if one.id == basis), "")
    return next((one.title for one in handed(seat.atlas) if one.id == basis), "") if basis else ""


def _listed(text: str) -> list[str]:
    return [part for part in map(str.strip, text.replace("\n", ",").split(",")) if part]


ROUTES = (listing, opening, one, acting, changing)
