"""`path`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.face import Face, calm, named, with_face

if TYPE_CHECKING:
    from chokepoint.desk.looking.route import Route, Routes, Step


@click.command()
@click.argument("start", metavar="A")
@click.argument("goal", metavar="B")
@click.option(
    "--paths", "count", type=click.IntRange(1, 50), default=5, show_default=True, help="At most so many."
)
@click.option("--hops", type=click.IntRange(1, 12), default=8, show_default=True, help="At most so long.")
@click.option("--accepted", is_flag=True, help="Only over accepted statements.")
@click.option("--as-of", "as_of", metavar="MOMENT", default="", help="On the map as recorded by then.")
@with_face
def path(face: Face, /, *, start: str, goal: str, as_of: str, **given: int) -> None:
    """How A and B are connected: the most believable first, each hop with its source.

    Write each as it is, by the beginning of a hash, by name, or as kind:value; a MOMENT as 2024-02-29 or
    2024-02-29T12:00Z.
    """
    from chokepoint.desk.looking.route import path as find
    from chokepoint.graph.path import Limits

    limits = Limits(k=given["count"], max_hops=given["hops"], accepted_only=bool(given["accepted"]))
    answer = find(face.atlas(), start, goal, limits=limits, as_of=as_of)
    if face.json:
        face.emit(answer.to_json())
    else:
        _draw(face, answer)


def _draw(face: Face, answer: Routes) -> None:
    for text in answer.unknown:
        face.say(f"Nothing that you may see is known of {calm(text)!r}.")
        face.say("`chokepoint search` looks for parts of names.")
    if answer.unknown:
        return
    if answer.same:
        face.say("Both name the same thing.")
    elif not answer.routes:
        face.say("No connection that you may see, within these limits.")
    for number, route in enumerate(answer.routes, 1):
        _draw_route(face, number, route)
    if not answer.complete:
        face.note("The search stopped at its limits: there may be more.")


def _draw_route(face: Face, number: int, route: Route) -> None:
    held = (
        "one source already held all of it"
        if route.single_source
        else f"{len(route.origins)} sources, none held all of it"
    )
    face.say(f"{number}. belief {route.belief:.2f}; {held}")
    if not route.joins:
        face.say("   It joins nothing: it does not speak for one operator.")
    if not route.attribution:
        face.say("   It attributes nothing: an identifier on it changed hands.")
    for _, sentence in route.warnings:
        face.say(f"   ! {calm(sentence)}")
    face.say(f"   {named(route.steps[0].source)}")
    for step in route.steps:
        face.say(f"     {_words(step)}  ({step.belief:.2f}{_dated(step)}; {_source(step)})")
        face.say(f"   {named(step.target)}")
    face.say()


def _words(step: Step) -> str:
    from chokepoint.model.vocabulary import vocabulary

    known = vocabulary().properties.get(step.property)
    if known is None:
        return "is the same as" if step.property == "same-as" else step.property
    return known.label if step.forward or not known.reverse else known.reverse


def _dated(step: Step) -> str:
    from chokepoint.cli.look import when
    from chokepoint.model.claim import Interval

    days = when(Interval(*step.interval)) if any(step.interval) else ""
    return f", {days}" if days else ""


def _source(step: Step) -> str:
    if not step.witnesses:
        return "no evidence that you may see"
    best = step.witnesses[0]
    from chokepoint.model.words import plural

    more = f" and {plural(len(step.origins) - 1, 'more source')}" if len(step.origins) > 1 else ""
    return calm(f"{best.origin}, {best.path} {best.place}") + more
