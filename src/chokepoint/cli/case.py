"""`case`: open, list, show, task, done, member, reserve, release, review, close."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, marked, with_face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.work.case import Case


@click.group(cls=Branch)
def case() -> None:
    """Work with a purpose, an owner, tasks and a review date."""


@case.command("open")
@click.argument("title", nargs=-1, required=True)
@click.option("--purpose", required=True, metavar="TEXT", help="Why data may be looked at for it.")
@click.option("--owner", default="", metavar="USER", help="Who answers for it; else you.")
@click.option("--review", required=True, metavar="DATE", help="When it must be looked at again, YYYY-MM-DD.")
@click.option("--task", multiple=True, metavar="TEXT", help="A thing to do; may be given again.")
@click.option(
    "--member", multiple=True, metavar="ORG", help="ORG or ORG/USER with the need-to-know; else all of yours."
)
@marked
@with_face
def open_(
    face: Face, /, *, title: tuple[str, ...], task: tuple[str, ...], member: tuple[str, ...], **given: str
) -> None:
    """Open a case called TITLE (TLP:AMBER unless --tlp says otherwise)."""
    from chokepoint.desk.work.case import Case, Task, open_case

    atlas = face.atlas()
    draft = Case(
        id="",
        title=" ".join(title),
        purpose=given["purpose"],
        owner=given["owner"] or atlas.viewer.user or atlas.viewer.organisation,
        review_date=given["review"],
        tasks=tuple(Task(text) for text in task),
        members=tuple(member),
        marking=face.marking(given, default="amber"),
    )
    _tell(face, open_case(atlas, draft))


@case.command("list")
@click.option("--closed", is_flag=True, help="Closed ones too.")
@with_face
def list_(face: Face, closed: bool) -> None:
    """The cases that you may see."""
    from chokepoint.desk.work.case import cases

    atlas = face.atlas()
    found = [one for one in cases(atlas) if closed or not one.closed]
    if face.json:
        face.emit({"cases": [one.to_json() for one in found]})
    elif not found:
        face.say("No open case. `chokepoint case open TITLE --purpose TEXT --review DATE` opens one.")
    else:
        face.table(
            ("case", "title", "owner", "#open tasks", "review", "marking"), _rows(found, atlas.clock()[:10])
        )


def _rows(found: Sequence[Case], today: str) -> list[tuple[str, ...]]:
    return [
        (
            one.id,
            calm(one.title),
            calm(one.owner),
            str(sum(not task.done for task in one.tasks)),
            one.review_date + (" (closed)" if one.closed else " (overdue)" if one.overdue(today) else ""),
            one.marking.tlp.label,
        )
        for one in found
    ]


@case.command()
@click.argument("name", metavar="CASE")
@with_face
def show(face: Face, name: str) -> None:
    """A case with its tasks."""
    from chokepoint.desk.work.case import find_case

    _tell(face, find_case(face.atlas(), name))


@case.command()
@click.argument("name", metavar="CASE")
@click.argument("text", nargs=-1, required=True)
@with_face
def task(face: Face, name: str, text: tuple[str, ...]) -> None:
    """Add a task to a case."""
    from chokepoint.desk.work.case import set_task

    _tell(face, set_task(face.atlas(), name, " ".join(text)))


@case.command()
@click.argument("name", metavar="CASE")
@click.argument("number", type=int)
@with_face
def done(face: Face, name: str, number: int) -> None:
    """Mark task NUMBER of a case as done."""
    from chokepoint.desk.work.case import finish_task

    _tell(face, finish_task(face.atlas(), name, number))


@case.command()
@click.argument("name", metavar="CASE")
@click.option("--add", multiple=True, metavar="ORG", help="ORG or ORG/USER; may be given again.")
@click.option("--remove", multiple=True, metavar="ORG", help="ORG or ORG/USER; may be given again.")
@with_face
def member(face: Face, name: str, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    """Give or take the need-to-know in a case."""
    from chokepoint.desk.work.case import set_members

    _tell(face, set_members(face.atlas(), name, add=add, remove=remove))


@case.command()
@click.argument("name", metavar="CASE")
@click.argument("target", nargs=-1, required=True)
@with_face
def reserve(face: Face, name: str, target: tuple[str, ...]) -> None:
    """Keep targets to a case: nobody else's plan holds them, and coordinators are told."""
    _reserve(face, name, target, held=True)


@case.command()
@click.argument("name", metavar="CASE")
@click.argument("target", nargs=-1, required=True)
@with_face
def release(face: Face, name: str, target: tuple[str, ...]) -> None:
    """Give targets of a case free again."""
    _reserve(face, name, target, held=False)


def _reserve(face: Face, name: str, target: tuple[str, ...], *, held: bool) -> None:
    from chokepoint.desk.work.reserve import reserve as put
    from chokepoint.values.registry import show as shown

    found = put(face.atlas(), name, target, held=held)
    if face.json:
        face.emit({"case": name, "targets": [str(one) for one in found], "held": held})
    else:
        face.say(f"{'reserved' if held else 'free again'}: {', '.join(shown(one) for one in found)}")


@case.command()
@click.argument("name", metavar="CASE")
@click.option("--review", required=True, metavar="DATE", help="When it must be looked at again, YYYY-MM-DD.")
@with_face
def review(face: Face, name: str, review: str) -> None:
    """Say that a case was looked at and goes on: until its next review date."""
    from chokepoint.desk.work.case import review_case

    _tell(face, review_case(face.atlas(), name, review))


@case.command()
@click.argument("name", metavar="CASE")
@click.option("--reason", required=True, metavar="TEXT", help="Why it ends.")
@with_face
def close(face: Face, name: str, reason: str) -> None:
    """Close a case."""
    from chokepoint.desk.work.case import close_case

    _tell(face, close_case(face.atlas(), name, reason))


def _tell(face: Face, one: Case) -> None:
    if face.json:
        face.emit({"case": one.to_json()})
        return
    face.say(f"{one.id}  {calm(one.title)}  [{one.marking.tlp.label}]")
    face.say(f"purpose  {calm(one.purpose)}")
    face.say(f"owner    {calm(one.owner)}, {one.organisation}")
    face.say(f"review   {one.review_date}")
    if one.members:
        face.say(f"members  {calm(', '.join(one.members))}")
    if one.closed:
        face.say(f"closed   {calm(one.closed)}")
    for number, task in enumerate(one.tasks, 1):
        face.say(f"  {number}. [{'x' if task.done else ' '}] {calm(task.text)}")
