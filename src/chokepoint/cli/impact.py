"""`impact`: list, show, add."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, cut, marked, marking_of, named, with_face
from chokepoint.model.claim import Interval
from chokepoint.model.words import plural

if TYPE_CHECKING:
    from chokepoint.desk.work.aftermath import Around
    from chokepoint.desk.work.impact import Impact
    from chokepoint.impact.measures import Cell, Total


@click.group(cls=Branch)
def impact() -> None:
    """What operations achieved: sourced figures side by side, never added unlike."""


@impact.command("list")
@click.option("--measure", default="", metavar="WORDS", help="Only measures that hold these words.")
@click.option("--country", default="", metavar="CC", help="Only of this country, else of whole operations.")
@click.option("--accepted", is_flag=True, help="Only figures that the coalition has accepted.")
@with_face
def list_(face: Face, measure: str, country: str, accepted: bool) -> None:
    """What can be added up over operations, and what cannot, and why."""
    from chokepoint.desk.work.impact import impact as read

    found = read(face.atlas(), accepted=accepted)
    if face.json:
        face.emit(found.to_json())
        return
    where = (country.upper(),) if country else ()
    shown = [one for one in found.totals if one.where == where and measure.lower() in one.measure]
    face.say(f"{plural(len(found.names), 'operation')}, {plural(len(found.cells), 'measure')} of them.")
    for total in sorted(shown, key=lambda one: -len(one.added)):
        _total(face, found, total)
    if not shown:
        face.say("No measure of two operations adds up there. `chokepoint impact show OPERATION` lists each.")
    _differ(face, found, measure.lower())
    _kept(face, found)


@impact.command()
@click.argument("name", nargs=-1, required=True, metavar="OPERATION")
@click.option("--days", type=int, default=30, show_default=True, help="Before and after the first action.")
@click.option("--accepted", is_flag=True, help="Only figures that the coalition has accepted.")
@with_face
def show(face: Face, name: tuple[str, ...], days: int, accepted: bool) -> None:
    """All figures of an operation with their sources, and the map before and after."""
    from chokepoint.desk.work.aftermath import around
    from chokepoint.desk.work.impact import impact as read
    from chokepoint.desk.work.operation import operations

    atlas = face.atlas()
    found = read(atlas, " ".join(name), accepted=accepted)
    [event] = found.names
    led = [one for one in operations(atlas) if one.event.value == event]
    after = around(atlas, led[0], days) if led else None
    if face.json:
        face.emit({**found.to_json(), "around": after.to_json() if after else None})
        return
    span = found.spans[event]
    face.say(f"{calm(found.names[event])}  {_days(span.start, span.end)}".rstrip())
    if span.report:
        face.say("A report over several operations: what it counts, they have counted.")
    rows = [row for cell in found.of(event) for row in _rows(found, cell)]
    if rows:
        face.table(("where", "measure", "#amount", "who says so", "place", "verdict", "beside"), rows)
    _kept(face, found)
    _around(face, after)


@impact.command()
@click.argument("name", metavar="OPERATION")
@click.argument("measure")
@click.argument("amount")
@click.option(
    "--bound", default="=", type=click.Choice(["=", "~", ">", "<"]), help="Exactly, about, more, less."
)
@click.option("--unit", default="", metavar="UNIT", help="USD, TB, %, or nothing where things are counted.")
@click.option("--country", default="", metavar="CC", help="KE or GH+NG; else all of the operation.")
@click.option("--source", required=True, metavar="NAME", help="Who says so.")
@click.option("--on", "day", required=True, metavar="DATE", help="Day, or FIRST..LAST, that was counted.")
@click.option("--address", default="", metavar="URL", help="Where it is published.")
@click.option("--place", default="", metavar="TEXT", help="Where in it: page 3.")
@marked
@with_face
def add(face: Face, /, *, name: str, measure: str, amount: str, **given: str) -> None:
    """Put a figure of OPERATION on record: MEASURE (arrests), AMOUNT (1006, or 20..24)."""
    from chokepoint.collect.operations_csv import figure_of
    from chokepoint.desk.work.impact import Published
    from chokepoint.desk.work.impact import add as put

    cells = {"measure": measure, "value": amount, "qualifier": given["bound"]}
    figure = figure_of({**cells, "unit": given["unit"], "country": given["country"]})
    published = Published(
        source=given["source"],
        address=given["address"],
        place=given["place"],
        on=given["day"],
        marking=marking_of(given, default="amber"),
    )
    noted = put(face.atlas(), name, figure, published)
    if face.json:
        face.emit(noted.to_json())
    else:
        face.say(f"{'recorded' if noted.new else 'known already'}: {calm(name)}, {calm(figure.text)}")


def _total(face: Face, found: Impact, total: Total) -> None:
    unit = f" {total.unit}" if total.unit else ""
    about = "about " if total.vague else ""
    face.say()
    face.say(f"{calm(total.measure)}: at least {about}{total.least:,f}{unit}, counting nothing twice")
    if total.added[0].said[0].figure.is_money:
        face.say("  amounts of the days on which they were published, added as they are")
    for cell in total.added:
        said = " or ".join(one.figure.amount for one in cell.said)
        face.say(
            f"  + {calm(found.names[cell.operation])}: {said}{' (sources differ)' if cell.conflict else ''}"
        )
    for left in total.left_out:
        amount = " or ".join(one.figure.amount for one in left.cell.said)
        face.say(f"  not added: {calm(found.names[left.cell.operation])}, {amount}: {calm(found.why(left))}")


def _differ(face: Face, found: Impact, measure: str) -> None:
    differing = [cell for cell in found.cells if cell.conflict and measure in cell.measure]
    if differing:
        face.say()
        face.say("Sources differ, and none is preferred:")
    for cell in differing:
        said = ", ".join(f"{one.figure.amount} ({calm(one.origin)})" for one in cell.said)
        place = f" in {'+'.join(cell.where)}" if cell.where else ""
        face.say(f"  {calm(found.names[cell.operation])}, {calm(cell.measure)}{place}: {said}")


def _days(start: str, end: str) -> str:
    """The first and the last day, as far as they are known."""
    first, last = Interval(start, end).days
    return " ".join(part for part in (first, f"to {last}" if last else "") if part)


def _rows(found: Impact, cell: Cell) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in cell.said:
        source = found.sources[one.record]
        evidence = source.evidence
        notes = "; ".join([*(["sources differ"] if cell.conflict else []), *source.notes])
        rows.append(
            (
                "+".join(cell.where) or "all",
                cut(cell.measure, 40),
                one.figure.amount,
                cut(calm(one.origin), 30),
                cut(f"{evidence.path}, {evidence.stored.claim.place}", 40),
                evidence.standing.verdict.value,
                cut(calm(notes), 60),
            )
        )
    return rows


def _kept(face: Face, found: Impact) -> None:
    face.say()
    if found.held:
        face.say(
            f"Held back: {plural(len(found.held), 'count')} of victims. Fewer than 11 people, or such a "
            "number would follow by subtraction."
        )
    for cell, total in found.overfull:
        said = " or ".join(one.figure.amount for one in cell.said)
        name = calm(found.names[cell.operation])
        face.say(f"{name}, {calm(cell.measure)}: its countries sum up to {total}, which is more than {said}.")
    if found.fallen:
        face.say(f"{found.fallen} figures were rejected or recalled and are left out.")


def _around(face: Face, after: Around | None) -> None:
    if after is None:
        face.say("No action on record, so no before and after. `chokepoint operation act` records one.")
        return
    for sentence in after.sentences():
        face.say(sentence)
    for entity, days, back in after.lasted:
        face.say(f"  {named(entity)}: {'at work again' if back else 'still gone'} after {days} days")
