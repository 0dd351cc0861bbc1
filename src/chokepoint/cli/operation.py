"""`operation`: open, list, show, partner, act, state."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, marked, marking_of, named, with_face

if TYPE_CHECKING:
    from chokepoint.desk.work.act import Operation


@click.group(cls=Branch)
def operation() -> None:
    """What is done about a package or a case: partners by country, actions, state."""


@operation.command("open")
@click.argument("name", nargs=-1, required=True)
@click.option("--from", "basis", default="", metavar="ID", help="The case or package that it comes from.")
@click.option(
    "--partner", multiple=True, metavar="COUNTRY[:ORG]", help="Who takes part: KE or KE:Police; repeatable."
)
@marked
@with_face
def open_(
    face: Face, /, *, name: tuple[str, ...], basis: str, partner: tuple[str, ...], **given: str
) -> None:
    """Open an operation called NAME (TLP:AMBER unless --tlp says otherwise)."""
    from chokepoint.desk.work.act import Operation
    from chokepoint.desk.work.operation import open_operation
    from chokepoint.desk.work.operation import partner as read

    draft = Operation(
        id="",
        name=" ".join(name),
        basis=basis,
        partners=tuple(read(text) for text in partner),
        marking=marking_of(given, default="amber"),
    )
    _tell(face, open_operation(face.atlas(), draft))


@operation.command("list")
@with_face
def list_(face: Face) -> None:
    """The operations that you may see."""
    from chokepoint.desk.work.operation import operations

    found = operations(face.atlas())
    if face.json:
        face.emit({"operations": [one.to_json() for one in found]})
    elif not found:
        face.say("No operation yet. `chokepoint operation open NAME --from CASE` opens one.")
    else:
        rows = [
            (
                *(one.id, calm(one.name), one.state, " ".join(sorted(one.countries)), str(len(one.actions))),
                *(one.organisation, one.marking.tlp.label),
            )
            for one in found
        ]
        face.table(("operation", "name", "state", "countries", "#actions", "led by", "marking"), rows)


@operation.command()
@click.argument("name", metavar="OPERATION")
@with_face
def show(face: Face, name: str) -> None:
    """An operation with its partners and actions."""
    from chokepoint.desk.work.operation import find_operation

    _tell(face, find_operation(face.atlas(), name))


@operation.command()
@click.argument("name", metavar="OPERATION")
@click.argument("target")
@click.option(
    "--mode",
    required=True,
    metavar="MODE",
    help="How: takedown, seizure, freeze, arrest, sanction, notification or cooperation.",
)
@click.option("--on", "day", required=True, metavar="DATE", help="The day, done or planned, YYYY-MM-DD.")
@click.option("--by", required=True, metavar="WHO", help="Who pulls the lever.")
@with_face
def act(face: Face, /, *, name: str, target: str, mode: str, day: str, by: str) -> None:
    """Put an action of OPERATION on TARGET on record, done or planned."""
    from chokepoint.desk.work.operation import act as put

    _tell(face, put(face.atlas(), name, target, (mode, day, by)))


@operation.command()
@click.argument("name", metavar="OPERATION")
@click.argument("country", nargs=-1, required=True, metavar="COUNTRY[:ORG]...")
@with_face
def partner(face: Face, name: str, country: tuple[str, ...]) -> None:
    """Add who takes part in OPERATION: COUNTRY or COUNTRY:ORG."""
    from chokepoint.desk.work.operation import add_partners
    from chokepoint.desk.work.operation import partner as read

    _tell(face, add_partners(face.atlas(), name, tuple(read(text) for text in country)))


@operation.command()
@click.argument("name", metavar="OPERATION")
@click.argument("state", type=click.Choice(["planned", "under way", "done", "called off"]))
@with_face
def state(face: Face, name: str, state: str) -> None:
    """Say how far OPERATION has come: planned, under way, done or called off."""
    from chokepoint.desk.work.operation import set_state

    _tell(face, set_state(face.atlas(), name, state))


def _tell(face: Face, one: Operation) -> None:
    if face.json:
        face.emit({"operation": one.to_json()})
        return
    face.say(f"{one.id}  {calm(one.name)}  [{one.marking.tlp.label}]")
    face.say(f"state     {one.state}")
    face.say(f"led by    {one.organisation}")
    if one.basis:
        face.say(f"from      {one.basis}")
    for partner in one.partners:
        face.say(f"partner   {partner.country} {calm(partner.organisation)}".rstrip())
    for action in one.actions:
        stricter = f" [{action.marking.tlp.label}]" if action.marking.tlp > one.marking.tlp else ""
        face.say(f"  {action.on}  {action.mode} of {named(action.entity)}, by {calm(action.by)}{stricter}")
    if not one.actions:
        face.say("No action yet. `chokepoint operation act OPERATION TARGET --mode M --on DATE --by WHO`")
