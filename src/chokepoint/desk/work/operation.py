"""`operation`: what is done about a package or a case: partners by country, actions, state."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from chokepoint.collect.operations_csv import called, countries, event_of
from chokepoint.desk.handing.dissemination import BEGINNING, handed
from chokepoint.desk.people.circle import allowed
from chokepoint.desk.personal.struck import covered_operations
from chokepoint.desk.sight import inherited
from chokepoint.desk.undisturbed import undisturbed
from chokepoint.desk.watch.oversight import named
from chokepoint.desk.work.act import STATES, Action, Operation, Partner
from chokepoint.desk.work.case import find_case
from chokepoint.model.claim import parse_day
from chokepoint.model.errors import NotFoundError, NotValidError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.model.member import Mode
from chokepoint.model.said import Said
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store import lookup
from chokepoint.store.base import ACTION, OPERATION, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.records import read_marked

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.undisturbed import Then
    from chokepoint.model.marking import Marking

CONCRETE = frozenset({"person", "organisation", "service", "site", "asset", "device", "payment-card"})
"""Kinds without levers of their own that are concrete enough to be acted on."""
OF_PEOPLE = ("arrest", "sanction", "notification")
LONGEST = 200
MOST = 500
LOOKED_AT = 200


class _Payload(msgspec.Struct, frozen=True):
    id: str
    name: str
    basis: str
    state: str
    partners: tuple[Partner, ...]


def partner(text: str) -> Partner:
    """A partner as it is written: `KE`, or `KE:National Police`.

    Raises:
        NotValidError: no country, several, or too long a name.
    """
    code, _, organisation = text.partition(":")
    codes = countries(code)
    if len(codes) != 1 or len(organisation) > LONGEST:
        raise NotValidError(
            Said("{text!r} is no partner", text=text[:60]), mend="write KE or KE:National Police"
        )
    return Partner(codes[0], " ".join(organisation.split()))


def open_operation(atlas: Atlas, draft: Operation) -> Operation:
    """Open an operation; its id is made here and its organisation is the viewer's.

    What comes from a case is for nobody who may not see the case.

    Raises:
        NotFoundError: no such case or package, or a circle unknown to the viewer.
        RefusedError: an empty or too long name, or too many partners.
        NotValidError: a name that names no event, or an unknown state.
    """
    allowed(atlas, draft.marking)
    basis, marking = _basis(atlas, draft)
    return _record(
        atlas,
        replace(
            draft,
            id=f"operation-{secrets.token_hex(8)}",
            basis=basis,
            partners=tuple(sorted(set(draft.partners))),
            organisation=atlas.viewer.organisation,
            marking=marking,
        ),
    )


def _basis(atlas: Atlas, draft: Operation) -> tuple[str, Marking]:
    if not draft.basis:
        return "", draft.marking
    name = draft.basis.lower()
    packages = [one.id for one in handed(atlas) if len(name) >= BEGINNING and one.id.startswith(name)]
    if len(packages) == 1:
        return packages[0], draft.marking
    case = find_case(atlas, draft.basis)
    return case.id, draft.marking.join(case.marking)


def operations(atlas: Atlas) -> list[Operation]:
    """All operations that the viewer may see, in the order in which they were opened, as they stand now.

    Natural persons among the targets are shown no more than the viewer's case needs.
    """
    return list(covered_operations(atlas, read_operations(atlas)))


def read_operations(atlas: Atlas) -> list[Operation]:
    """As `operations`, with every target as it is: for the desk's own work, not for showing."""
    reader = atlas.reader
    found: dict[tuple[str, str], Operation] = {}
    with reader.connect() as connection:
        for record, marking in read_marked(reader, connection, OPERATION):
            said = msgspec.convert(record.said, _Payload)
            found[record.organisation, said.id] = Operation(
                **msgspec.structs.asdict(said), organisation=record.organisation, marking=marking
            )
        for record, marking in read_marked(reader, connection, ACTION):
            act = record.said
            key = (record.organisation, str(act["operation"]))
            if key in found:
                one = found[key]
                action = Action(
                    entity=Entity(*act["entity"]),
                    mode=act["mode"],
                    on=act["on"],
                    by=act["by"],
                    marking=marking,
                )
                found[key] = replace(one, actions=(*one.actions, action))
    return list(found.values())


def find_operation(atlas: Atlas, name: str) -> Operation:
    """The operation of that id or name, or of that beginning of an id, if it is the only one.

    Raises:
        NotFoundError: none that this viewer sees, or several.
    """
    [shown] = covered_operations(atlas, [_found(atlas, name)])
    return shown


def _found(atlas: Atlas, name: str) -> Operation:
    full = name if name.startswith("operation-") else f"operation-{name}"
    every = read_operations(atlas)
    exact = (
        [one for one in every if one.id == full]
        or [one for one in every if called(one.name).casefold() == called(name).casefold()]
        or [one for one in every if one.id.startswith(full) and full != "operation-"]
    )
    if len(exact) != 1:
        raise NotFoundError("no such operation", place=name, mend="`chokepoint operation list` shows them")
    return exact[0]


def set_state(atlas: Atlas, name: str, state: str) -> Operation:
    """Say how far an operation of one's own has come.

    Raises:
        NotFoundError: no such operation.
        RefusedError: another's.
        NotValidError: an unknown state.
    """
    return undisturbed(
        atlas, OPERATION, lambda then: _record(atlas, replace(_own(atlas, name), state=state), then)
    )


def add_partners(atlas: Atlas, name: str, partners: tuple[Partner, ...]) -> Operation:
    """Add who takes part in an operation of one's own.

    Raises:
        NotFoundError: no such operation.
        RefusedError: another's, or too many.
    """

    def change(then: Then) -> Operation:
        one = _own(atlas, name)
        return _record(atlas, replace(one, partners=tuple(sorted({*one.partners, *partners}))), then)

    return undisturbed(atlas, OPERATION, change)


def act(atlas: Atlas, name: str, target: str, action: tuple[str, str, str]) -> Operation:
    """Put an action of an operation of one's own on record.

    Args:
        atlas: as the viewer.
        name: of the operation.
        target: a concrete thing of the viewer's map, as written.
        action: mode, day and lever-holder.

    Raises:
        NotFoundError: no such operation, or no such thing in the viewer's map.
        RefusedError: another's operation, no lever-holder, too many actions, or a target on which nobody can
            act so.
        NotValidError: an unknown mode or day.
    """
    one = _own(atlas, name)
    mode, on, by = action
    if mode not in {known.value for known in Mode}:
        raise NotValidError(
            Said("unknown way to act {mode!r}", mode=mode[:60]), mend="use takedown, freeze, …"
        )
    if not by.strip() or len(by) > LONGEST:
        raise RefusedError("an action needs a lever-holder", place="--by", mend="name who can do it")
    if len(one.actions) >= MOST:
        raise RefusedError(Said("an operation holds at most {most} actions", most=MOST), place=one.id)
    entity = _target(named(atlas, target), mode, target)
    taken = Action(
        entity=entity,
        mode=mode,
        on=parse_day(on).isoformat(),
        by=" ".join(by.split()),
        marking=one.marking.join(_told_under(atlas, entity)),
    )
    payload = {
        "by": taken.by,
        "entity": list(taken.entity),
        "mode": mode,
        "on": taken.on,
        "operation": one.id,
    }
    atlas.ledger.append(atlas.speaker(), [RecordRow(ACTION, canonical(payload), taken.marking)])
    return covered_operations(atlas, [replace(one, actions=(*one.actions, taken))])[0]


def _told_under(atlas: Atlas, entity: Entity) -> Marking:
    """The marking of the most open claim, of the newest, by which the viewer knows a thing; of none, CLEAR.

    Whoever may not know of a target from those who told of it does not learn it from what is done to it.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        seen = lookup.known(reader, connection, [entity])  # a hidden thing must cost what none does
        seqs = reader.about(connection, seen[entity], limit=LOOKED_AT) if seen else []
        told = [(one.claim.provenance.marking, one.contributor) for one in reader.claims(connection, seqs)]
    most_open = min(told, key=lambda one: (one[0].tlp, -len(one[0].audience)), default=(CLEAR, ""))
    return inherited(*most_open, atlas.viewer.organisation)


def _target(entity: Entity, mode: str, written: str) -> Entity:
    """The entity, if it is a concrete thing on which somebody can act in that way."""
    kind = vocabulary().kind(entity.kind)
    if not kind.levers and entity.kind not in CONCRETE:
        raise RefusedError(
            Said("a {kind} is no target", kind=entity.kind), place=written, mend="name a concrete thing"
        )
    if entity.kind == "person" and mode not in OF_PEOPLE:
        raise RefusedError(
            Said("a {mode} of a person", mode=mode),
            place=written,
            mend=Said("use {names}", names=", ".join(OF_PEOPLE)),
        )
    if entity.kind != "person" and mode == Mode.ARREST.value:
        raise RefusedError("only a person is arrested", place=written, mend="name the person")
    return entity


def _own(atlas: Atlas, name: str) -> Operation:
    one = _found(atlas, name)
    if one.organisation != atlas.viewer.organisation:
        raise RefusedError(
            Said("the operation is {organisation}'s", organisation=one.organisation),
            place=one.id,
            mend="ask who leads it",
        )
    return one


def _record(atlas: Atlas, one: Operation, then: Then | None = None) -> Operation:
    if not one.name.strip() or len(one.name) > LONGEST:
        raise RefusedError(
            Said("an operation needs a name of 1 to {longest} characters", longest=LONGEST), place="NAME"
        )
    event_of(one.name)  # what names no event is refused before it is on record
    if one.state not in STATES:
        raise NotValidError(
            Said("unknown state {state!r}", state=one.state[:40]),
            mend=Said("use one of {names}", names=", ".join(STATES)),
        )
    if len(one.partners) > MOST:
        raise RefusedError(Said("an operation holds at most {most} partners", most=MOST), place="--partner")
    payload = {
        "basis": one.basis,
        "id": one.id,
        "name": one.name,
        "partners": [list(partner) for partner in one.partners],
        "state": one.state,
    }
    atlas.ledger.append(atlas.speaker(), [RecordRow(OPERATION, canonical(payload), one.marking)], then)
    return covered_operations(atlas, [one])[0]
