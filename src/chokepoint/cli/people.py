"""`people`: invite, join, roles, leave, list, appoint, depart."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from shlex import quote

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, with_face


@click.group(cls=Branch)
def people() -> None:
    """Who works here. On a folder, `--as` is the operator's simulation; a server asks who you are."""


@people.command()
@click.argument("user")
@click.option(
    "--role", multiple=True, required=True, metavar="R", help="One of investigator, vetter, administrator."
)
@with_face
def invite(face: Face, user: str, role: tuple[str, ...]) -> None:
    """Invite USER into your organisation; the token is shown once."""
    from chokepoint.desk.people.staff import invite as ask
    from chokepoint.model.role import parse_role

    atlas = face.atlas()
    token = ask(atlas, user, map(parse_role, role))
    if face.json:
        face.emit({"user": user, "token": token})
        return
    face.say(f"Give {calm(user)} this token, by another way than the invitation; it holds for seven days:")
    who = quote(f"{atlas.viewer.organisation}/{user}")
    face.say(f"  chokepoint --as {who} people join {token}")


@people.command()
@click.argument("token")
@with_face
def join(face: Face, token: str) -> None:
    """Accept an invitation, as `--as ORG/USER`."""
    from chokepoint.desk.people.staff import join as accept

    joined = accept(face.atlas(), token)
    if face.json:
        face.emit(joined.to_json())
    else:
        face.say(f"{joined.organisation}/{joined.user}: {', '.join(sorted(r.value for r in joined.roles))}.")


@people.command()
@click.argument("user")
@click.option("--role", multiple=True, required=True, metavar="R", help="All of theirs from now on.")
@with_face
def roles(face: Face, user: str, role: tuple[str, ...]) -> None:
    """Change the roles of USER."""
    from chokepoint.desk.people.staff import set_roles
    from chokepoint.model.role import parse_role

    changed = set_roles(face.atlas(), user, map(parse_role, role))
    if face.json:
        face.emit(changed.to_json())
    else:
        face.say(f"{calm(user)}: {', '.join(sorted(role.value for role in changed.roles))}.")


@people.command()
@click.argument("user")
@with_face
def leave(face: Face, user: str) -> None:
    """USER leaves your organisation: sees nothing new, and cannot speak."""
    from chokepoint.desk.people.staff import let_go

    gone = let_go(face.atlas(), user)
    if face.json:
        face.emit(gone.to_json())
    else:
        face.say(f"{calm(user)} has left {calm(gone.organisation)}.")


@people.command("list")
@with_face
def list_(face: Face) -> None:
    """The people of your organisation."""
    from chokepoint.desk.people.staff import staff

    atlas = face.atlas()
    found = staff(atlas)
    if face.json:
        face.emit({"people": [one.to_json() for one in found]})
    elif not found and staff(atlas, whole=True):
        face.say("You are not on your organisation's register: `chokepoint people join` with an invitation.")
    elif not found:
        face.say("No register is kept: whoever has the keys speaks. `chokepoint people invite` begins one.")
    else:
        face.table(
            ("user", "state", "roles"),
            [(calm(p.user), p.state, ", ".join(sorted(role.value for role in p.roles))) for p in found],
        )


@people.command()
@click.argument("person", metavar="ORG/USER")
@click.argument("role")
@click.option("--revoke", is_flag=True, help="Take it back.")
@with_face
def appoint(face: Face, person: str, role: str, revoke: bool) -> None:
    """Give a role of the coalition (overseer, coordinator); the founder alone does."""
    from chokepoint.desk.people.staff import appoint as give
    from chokepoint.model.role import parse_role

    given = parse_role(role)
    give(face.atlas(), person, given, held=not revoke)
    if face.json:
        face.emit({"person": person, "role": given.value, "held": not revoke})
    else:
        face.say(f"{calm(person)} is {'no longer ' if revoke else ''}{given.value} of the coalition.")


@people.command()
@click.argument("organisation", metavar="ORG")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--readmit", is_flag=True, help="It is a member again.")
@with_face
def depart(face: Face, organisation: str, reason: str, readmit: bool) -> None:
    """ORG leaves the coalition: your own, or any if you are the founder."""
    from chokepoint.desk.people.staff import depart as go

    go(face.atlas(), organisation, reason, left=not readmit)
    if face.json:
        face.emit({"organisation": organisation, "left": not readmit})
    else:
        face.say(f"{calm(organisation)} {'is a member again' if readmit else 'has left'}.")
