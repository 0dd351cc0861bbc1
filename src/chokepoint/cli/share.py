"""`group` and `remark`: with whom things are shared."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, marked, with_face

if TYPE_CHECKING:
    from chokepoint.desk.people.circle import Group


@click.group(cls=Branch)
def group() -> None:
    """Sharing groups: name one with `--to group:UUID`, and only who is in it now sees the record."""


@group.command()
@click.argument("name")
@click.argument("members", nargs=-1, metavar="ORG...")
@with_face
def make(face: Face, name: str, members: tuple[str, ...]) -> None:
    """Make a group called NAME of organisations (ORG) and persons (ORG/USER)."""
    from chokepoint.desk.people.circle import make_group

    _tell(face, make_group(face.atlas(), name, members))


@group.command("list")
@with_face
def list_(face: Face) -> None:
    """The groups that you are in."""
    from chokepoint.desk.people.circle import groups

    found = groups(face.atlas())
    if face.json:
        face.emit({"groups": [one.to_json() for one in found]})
    elif not found:
        face.say("You are in no group. `chokepoint group make NAME ORG...` makes one.")
    else:
        face.table(
            ("group", "name", "owner", "members"),
            [(one.scope, calm(one.name), calm(one.owner), calm(", ".join(one.members))) for one in found],
        )


@group.command()
@click.argument("name", metavar="GROUP")
@click.option("--add", multiple=True, metavar="ORG", help="ORG or ORG/USER; may be given again.")
@click.option("--remove", multiple=True, metavar="ORG", help="ORG or ORG/USER; may be given again.")
@with_face
def change(face: Face, name: str, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    """Put members into a group of your organisation, or out of it."""
    from chokepoint.desk.people.circle import change_group

    _tell(face, change_group(face.atlas(), name, add=add, remove=remove))


@group.command()
@click.argument("name", metavar="GROUP")
@with_face
def leave(face: Face, name: str) -> None:
    """Leave a group; from then on you see nothing under it."""
    from chokepoint.desk.people.circle import leave_group

    left = leave_group(face.atlas(), name)
    if face.json:
        face.emit({"left": left.scope})
    else:
        face.say(f"You have left {calm(left.name)} ({left.scope}).")


def _tell(face: Face, one: Group) -> None:
    if face.json:
        face.emit(one.to_json())
        return
    face.say(f"{one.scope}  {calm(one.name)}, {calm(one.owner)}")
    for member in one.members:
        face.say(f"  {calm(member)}")
    face.say(f"Share with it: --to {one.scope}")


@click.command()
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.option("--reason", required=True, metavar="TEXT", help="Why the marking changes.")
@click.option("--captures", is_flag=True, help="The captures too, with all that stands in them.")
@marked
@with_face
def remark(face: Face, /, *, claims: tuple[str, ...], captures: bool, **given: Any) -> None:
    """Change the marking of your organisation's own CLAIMs from now on; nobody else can."""
    from chokepoint.desk.handing.remark import remark as change
    from chokepoint.desk.resolve import claim_ids

    if not given["tlp"]:
        raise click.UsageError("Say which label from now on: --tlp.")
    atlas = face.atlas()
    marking = face.marking(given)
    count = change(atlas, claim_ids(atlas, claims), marking, given["reason"], captures=captures)
    if face.json:
        face.emit({"claims": count, "marking": list(marking.to_form())})
    else:
        face.say(f"{count:,} {'claim is' if count == 1 else 'claims are'} {marking.tlp.label} from now on.")
