"""`connect` and `identity`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, cut, marked, named, with_face

if TYPE_CHECKING:
    from chokepoint.desk.identity import Decided


@click.command()
@with_face
def connect(face: Face) -> None:
    """Look for entities that are one and the same, and propose so with the reasons; nothing is merged."""
    from chokepoint.desk.connect import connect as find
    from chokepoint.model.words import plural

    with face.progress("comparing"):
        report = find(face.atlas())
    if face.json:
        face.emit(report.to_json())
        return
    face.say(
        f"{plural(report.same, 'pair')} proposed as one, {report.unsure:,} unsure, "
        f"{report.known:,} proposed before"
    )
    face.say(f"{plural(report.split, 'identifier')} found to have lived twice")
    for example in report.examples:
        face.say(f"  {calm(example)}")
    face.say("Next: chokepoint identity list")


@click.group(cls=Branch)
def identity() -> None:
    """Judgements on whether two entities are one; each can be taken back."""


@identity.command("list")
@click.argument("entity", nargs=-1)
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many."
)
@with_face
def list_(face: Face, entity: tuple[str, ...], limit: int) -> None:
    """Judgements on ENTITY, or the newest of all, with their reasons."""
    from chokepoint.desk.identity import judgements, to_json

    found = judgements(face.atlas(), " ".join(entity), limit=limit)
    if face.json:
        face.emit(to_json(found))
        return
    if not found:
        face.say("No judgement that you may see. `chokepoint connect` proposes some.")
        return
    face.table(
        ("one", "is", "the other", "#sure", "says", "because"),
        [
            (
                named(one.left),
                one.sameness,
                named(one.right),
                f"{int(one.said.get('permille', 1000)) / 1000:.2f}",
                calm(one.organisation),
                cut(calm(str(one.said.get("reason", ""))), 80),
            )
            for one in found
        ],
    )


@identity.command()
@click.argument("one")
@click.argument("other")
@click.option("--reason", required=True, metavar="TEXT", help="What it rests on.")
@marked
@with_face
def confirm(face: Face, /, *, one: str, other: str, **given: str) -> None:
    """Say that ONE and OTHER are the same."""
    _decide(face, (one, other), "same", given)


@identity.command()
@click.argument("one")
@click.argument("other")
@click.option("--reason", required=True, metavar="TEXT", help="What it rests on.")
@marked
@with_face
def split(face: Face, /, *, one: str, other: str, **given: str) -> None:
    """Say that ONE and OTHER are different; undoes what joined them."""
    _decide(face, (one, other), "different", given)


def _decide(face: Face, pair: tuple[str, str], word: str, given: dict[str, str]) -> None:
    from chokepoint.desk.identity import decide
    from chokepoint.model.judgement import Sameness

    marking = face.marking(given)
    decided: Decided = decide(face.atlas(), pair, Sameness(word), reason=given["reason"], marking=marking)
    if face.json:
        face.emit(decided.to_json())
    else:
        words = "the same as" if word == "same" else "different from"
        face.say(f"{decided.organisation} says: {named(decided.left)} is {words} {named(decided.right)}.")
