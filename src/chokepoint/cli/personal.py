"""`personal`: roles of natural persons, and what must be reviewed."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, marked, marking_of, named, with_face

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.work.note import Draft, Noted

ROLES = ("suspect", "victim", "witness", "other")
BY = ("campaign", "country", "month", "sector")
FEW = "fewer than 11, or too near to it"


@click.group(cls=Branch)
def personal() -> None:
    """Natural persons: who is a victim, a witness, a suspect; and when that is looked at again.

    They are shown as a pseudonym and a role; for a case that you are on, --case CASE --full WHY shows them.
    """


def _stated(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--reason", required=True, metavar="TEXT", help="Why, in words."),
        click.option("--source", default="", metavar="NAME", help="Who says so; else your organisation."),
        click.option("--grade", default="", metavar="B2", help="Admiralty grade of source and information."),
        click.option("--assessment", is_flag=True, help="A conclusion, not something seen."),
    ):
        command = option(command)
    return command


@personal.command()
@click.argument("who")
@click.argument("role", type=click.Choice(ROLES), metavar="ROLE")
@click.option("--review", default="", metavar="DATE", help="By when to look at it again, YYYY-MM-DD.")
@click.option("--when", default="", metavar="DAY", help="The day on which it happened, or FIRST..LAST.")
@_stated
@marked
@with_face
def role(face: Face, /, who: str, role: str, review: str, **given: str) -> None:
    """State that WHO is a suspect, victim, witness or other (ROLE).

    A suspect counts once it is vetted; a victim or witness is protected at once. --for-case lets the people
    of that case alone see a victim in full.
    """
    from chokepoint.desk.personal.stating import state_role

    _told(face, who, role, state_role(face.atlas(), who, role, _draft(given), review=review))


@personal.command()
@click.argument("who")
@click.option("--until", required=True, metavar="DATE", help="By when to look at it again, YYYY-MM-DD.")
@_stated
@marked
@with_face
def review(face: Face, /, who: str, until: str, **given: str) -> None:
    """Record that what you hold on WHO was looked at again."""
    from chokepoint.desk.personal.stating import set_review

    _told(face, who, f"to be reviewed by {until}", set_review(face.atlas(), who, until, _draft(given)))


def _draft(given: dict[str, str]) -> Draft:
    from chokepoint.desk.work.note import Draft
    from chokepoint.model.source import Grading, parse_grading

    return Draft(
        text=given["reason"],
        source=given["source"],
        grading=parse_grading(given["grade"]) if given["grade"] else Grading(),
        marking=marking_of(given, default="amber"),
        when=given.get("when", ""),
        assessment=bool(given["assessment"]),
    )


def _told(face: Face, who: str, words: str, noted: Noted) -> None:
    if face.json:
        face.emit(noted.to_json())
    else:
        face.say(f"{who}: {words} ({noted.new} new claims)")


@personal.command()
@click.option("--by", type=click.Choice(BY), default="campaign", show_default=True, help="By which property.")
@click.option("--of", default="", metavar="NAME", help="One campaign, country, month or sector alone.")
@with_face
def victims(face: Face, *, by: str, of: str) -> None:
    """How many victims, by campaign, country, month or sector: at least so many, never below eleven."""
    from chokepoint.desk.personal.counts import victims as count

    found = count(face.atlas(), by, of=of)
    if face.json:
        face.emit(found.to_json())
        return
    for cell in found.cells:
        face.say(f"{calm(cell.name)}: at least {cell.at_least:,}")
    if of and not found.cells:
        face.say(f"{calm(of)}: {FEW}")
    elif not of:
        everywhere = f"at least {found.total:,}" if found.total else FEW
        face.say(f"in all: {everywhere}; what is not named here: {FEW}")


@personal.command()
@with_face
def due(face: Face) -> None:
    """Whom your organisation should have reviewed by now; no new package holds what it says of them."""
    from chokepoint.desk.looking.dossier import entity_json
    from chokepoint.desk.personal.role import due as find
    from chokepoint.desk.personal.veil import veil

    atlas = face.atlas()
    found = find(atlas)
    cover = veil(atlas, [one for _, one in found])
    if face.json:
        face.emit({"due": [{"until": day, "entity": entity_json(cover.entity(one))} for day, one in found]})
    elif not found:
        face.say("Nobody is due for review.")
    else:
        face.table(("stood until", "who"), [(day, named(cover.entity(one))) for day, one in found])
