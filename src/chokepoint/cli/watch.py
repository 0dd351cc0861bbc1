"""`log` and `oversee`: who saw what, and what overseers do about it."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, cut, named, with_face

if TYPE_CHECKING:
    from typing import TextIO

    from chokepoint.desk.watch.spool import Seen

SHOWN = 40


@click.command()
@click.option("--about", default="", metavar="ENTITY", help="Only looks at this, as kind:value or as it is.")
@click.option("--who", default="", metavar="ORG[/USER]", help="Only looks of theirs.")
@click.option("--for", "purpose", default=None, metavar="CASE", help="Only looks for it; '' means for none.")
@click.option("--corrected", is_flag=True, help="What was recalled since it was seen, and who knows.")
@with_face
def log(face: Face, about: str, who: str, purpose: str | None, *, corrected: bool) -> None:
    """Who saw what, when, and for which case: everybody's looks for an overseer, else your own."""
    if corrected:
        _corrected(face)
        return
    from chokepoint.desk.personal.looks import log as read
    from chokepoint.desk.resolve import candidates

    wanted = candidates(about)[0] if about else None
    found = read(face.atlas(), about=wanted, who=who, case=purpose)
    if face.json:
        face.emit({"looks": [one.to_json() for one in found]})
    elif not found:
        face.say("No look that you may know of.")
    else:
        face.table(
            ("when", "who", "did", "asked", "case", "seen", "to"), [_row(one) for one in found[:SHOWN]]
        )
        if len(found) > SHOWN:
            face.say(f"… and {len(found) - SHOWN:,} more: --json lists all")


def _corrected(face: Face) -> None:
    from chokepoint.desk.watch.corrected import corrections
    from chokepoint.package.harmless import harmless

    found = corrections(face.atlas())
    if face.json:
        face.emit({"corrections": [one.to_json() for one in found]})
        return
    for one in found[:SHOWN]:
        thing = calm(harmless(one.object)) if isinstance(one.object, str) else named(one.object)
        sentence = f"{named(one.subject)} {one.property} {thing}"
        face.say(f"{one.at[:19]} {calm(one.by)} recalled: {sentence}")
        face.say(
            f"  because {calm(harmless(one.reason))}"
            + f"; instead {', '.join(one.instead)}" * bool(one.instead)
        )
        for had in one.had:
            knows = f"told {had.told[:19]}" if had.told else "not told yet"
            face.say(f"  {calm(had.who)} had it by {had.verb} on {had.at[:19]}: {knows}")
    face.say(f"{len(found):,} recalled since it was seen." if found else "Nothing seen was recalled since.")


def _row(one: Seen) -> tuple[str, ...]:
    from chokepoint.model.identity import Entity
    from chokepoint.values.registry import show

    seen = ", ".join(show(Entity(*entity)) for entity in one.entry.entities)
    return (
        one.entry.at[:19],
        calm(one.who),
        one.entry.verb,
        cut(calm(one.entry.asked), 30),
        one.entry.purpose or "none",
        cut(calm(seen), 40),
        calm(", ".join(one.entry.to)),
    )


@click.group(cls=Branch)
def oversee() -> None:
    """Safety flags (anybody), and what the overseers of the coalition do."""


@oversee.command()
@click.argument("entity")
@click.option("--reason", required=True, metavar="TEXT", help="Who is at risk, and how.")
@with_face
def safety(face: Face, entity: str, reason: str) -> None:
    """Keep ENTITY, or a claim or case by its id, out of every package and export: somebody is at risk."""
    from chokepoint.desk.personal.veil import veil
    from chokepoint.desk.watch.flagged import meant
    from chokepoint.desk.watch.oversight import flag_safety

    atlas = face.atlas()
    found = meant(atlas, entity)
    flag_safety(atlas, found, reason)
    shown = veil(atlas, [found]).entity(found)
    _withheld(face, shown.kind, shown.value, held=True)


@oversee.command()
@click.argument("entity")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@with_face
def veto(face: Face, entity: str, reason: str) -> None:
    """Withhold ENTITY, a claim or a case by its id, from every package and export."""
    _decide(face, entity, reason, lift=False)


@oversee.command()
@click.argument("entity")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@with_face
def lift(face: Face, entity: str, reason: str) -> None:
    """Lift a veto or a safety flag on ENTITY, a claim or a case."""
    _decide(face, entity, reason, lift=True)


def _decide(face: Face, entity: str, reason: str, *, lift: bool) -> None:
    from chokepoint.desk.watch.flagged import meant
    from chokepoint.desk.watch.oversight import veto as decide

    atlas = face.atlas()
    found = meant(atlas, entity)
    decide(atlas, found, reason, lift=lift)
    _withheld(face, found.kind, found.value, held=not lift)


def _withheld(face: Face, kind: str, value: str, *, held: bool) -> None:
    if face.json:
        face.emit({"entity": {"kind": kind, "value": value}, "withheld": held})
    else:
        face.say(f"{calm(value)} is {'withheld from every package' if held else 'withheld no longer'}.")


@oversee.command()
@click.argument("entity")
@with_face
def subject(face: Face, entity: str) -> None:
    """What is held on ENTITY, why, and who saw it."""
    from chokepoint.cli.look import sentence_of
    from chokepoint.desk.vetting.standing import WITHHELD
    from chokepoint.desk.watch.oversight import held_on
    from chokepoint.desk.watch.oversight import named as meant

    atlas = face.atlas()
    held = held_on(atlas, meant(atlas, entity))
    if face.json:
        face.emit(held.to_json())
        return
    face.say(f"{named(held.entity)}: {len(held.evidence)} claims that you may see")
    for one in held.evidence:
        claim, by = one.stored.claim, one.stored.contributor or WITHHELD
        face.say(f"  {named(claim.subject)} {sentence_of(claim)}, by {calm(by)}")
    for name, count in held.elsewhere.items():
        face.say(f"  {count} more of {calm(name)}'s: ask them")
    for look in held.looks[:SHOWN]:
        purpose = look.entry.purpose or "no case"
        face.say(f"  seen {look.entry.at[:19]} by {calm(look.who)} ({look.entry.verb}) for {purpose}")
    face.say("It is withheld from packages." if held.is_withheld else "It is not withheld.")


@oversee.command()
@with_face
def alarms(face: Face) -> None:
    """Who looked at much outside any case, and who of a protected profession came on the map."""
    from chokepoint.desk.watch.oversight import alarms as read

    found = read(face.atlas())
    if face.json:
        face.emit({"alarms": found})
    elif not found:
        face.say("No alarm.")
    else:
        face.table(("day", "about", "why"), [_alarm(one) for one in found])


def _alarm(one: dict[str, Any]) -> tuple[str, str, str]:
    if "entity" in one:
        return one["day"], calm(one["entity"][1]), f"{one['profession']}: does this belong on the map?"
    return one["day"], calm(one["person"]), f"{one['looks']:,} looks outside any case"


@oversee.command()
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace", lazy=True))
@with_face
def leak(face: Face, file: TextIO) -> None:
    """Whose copy of a package FILE comes from."""
    from chokepoint.desk.watch.oversight import leaked

    found = leaked(face.atlas(), file.read())
    if face.json:
        face.emit({"copies": [one.to_json() for one in found]})
    elif not found:
        face.say("No copy of ours stands in it.")
    else:
        rows = [
            (o.entry.at[:19], calm(o.who), calm(o.entry.asked), calm(", ".join(o.entry.to))) for o in found
        ]
        face.table(("handed on", "by", "about", "to"), rows)
