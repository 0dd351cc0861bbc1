"""`collect` and `extract`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chokepoint.cli.face import Face, calm, cut, marked, named, with_face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.gather.report import FileReport, GatherReport
    from chokepoint.desk.looking.extract import Extracted

REJECTED_SHOWN = 100
REJECTED_EACH = 3
FILES_SHOWN = 60
MAPPINGS_SHOWN = 10


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "form",
    default="",
    metavar="F",
    help="Read all of it as this format, else by content; a wrong one lists all.",
)
@click.option(
    "--grade", default="", metavar="B2", help="Admiralty grade of source (A-F) and information (1-6)."
)
@click.option("--origin", default="", metavar="NAME", help="Who published it first.")
@click.option("--yes", is_flag=True, help="Take the proposed mapping of an unknown table without asking.")
@marked
@with_face
def collect(face: Face, /, *, paths: tuple[str, ...], yes: bool, **given: str) -> None:
    """Files and folders into the atlas; what is not taken is told, with its place and reason.

    Taking the same file in again adds nothing; under a stricter label it re-marks what is known.
    TLP:CLEAR unless --tlp says otherwise.
    """
    from chokepoint.desk.gather import Decided, GatherOptions, decide, gather
    from chokepoint.model.source import parse_grading

    files = [Path(path) for path in paths]
    atlas = face.atlas()
    decided = Decided()
    if not yes and on_terminal():
        decided = decide(atlas.folder, files, lambda path, told: _asked(face, path, told), form=given["form"])
    options = GatherOptions(
        confirmed=yes,
        mappings=decided.mappings,
        refused=decided.refused,
        format=given["form"],
        marking=face.marking(given),
        grading=parse_grading(given["grade"]) if given["grade"] else None,
        origin=given["origin"],
    )
    with face.progress("reading") as step:
        report = gather(atlas, files, options, lambda file: step(file.path))
    if face.json:
        face.emit(report.to_json())
    else:
        draw_report(face, report)
    if not report.took_anything:
        if not face.json:
            face.note("error: nothing could be taken. Mend: see the reasons above, or name other files")
        click.get_current_context().exit(1)


def draw_report(face: Face, report: GatherReport) -> None:
    """What came in, for a person: files, totals, then what was rejected and why."""
    from chokepoint.model.words import plural

    rows = [_row(file) for file in report.files[:FILES_SHOWN]]
    rest = len(report.files) - len(rows)
    face.table(("file", "format", "#new", "#known", "#rejected", "skipped"), rows)
    if rest > 0:
        face.say(f"… and {rest:,} more files: --json lists all")
    _draw_mappings(face, report)
    face.say()
    claims = f"{plural(report.new, 'new claim')}, {report.known:,} known, {report.rejected:,} rejected"
    face.say(f"{plural(len(report.files), 'file')}: {claims}")
    _draw_labels(face, report)
    _draw_rejected(face, report)


def _draw_labels(face: Face, report: GatherReport) -> None:
    """What of the known claims was re-marked to the stricter, or waits for somebody who may."""
    from chokepoint.model.words import plural

    if report.closed:
        face.say(f"{plural(report.closed, 'known claim')} re-marked to the stricter label")
    if report.laxer:
        face.say(
            f"{plural(report.laxer, 'known claim')} under a laxer label than asked for."
            " Mend: let somebody who may share collect it again, or `remark` them"
        )


def _draw_rejected(face: Face, report: GatherReport) -> None:
    """What was refused: a few places of every file, so that no file hides behind another."""
    rows: list[tuple[str, str, str]] = []
    for file in report.files:
        told = file.rejected[:REJECTED_EACH]
        rows += [(_tail(calm(file.path)), calm(part.place), calm(part.reason)) for part in told]
        more = len(file.rejected) - len(told)
        if more:
            rows.append((_tail(calm(file.path)), "", f"… and {more:,} more in this file"))
    if rows:
        face.say()
        face.table(("rejected in", "place", "reason"), rows[:REJECTED_SHOWN])
    if len(rows) > REJECTED_SHOWN or any(len(file.rejected) > REJECTED_EACH for file in report.files):
        face.say("--json lists all")


def on_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _asked(face: Face, path: str, told: str) -> bool:
    face.note(f"\n{calm(path)} is a table of a layout that is new here. It would be read so:")
    for line in told.split("\n"):
        face.note(_indented(line))
    return click.confirm("Is that right? (n leaves the file out)", err=True)


def _draw_mappings(face: Face, report: GatherReport) -> None:
    """How tables were read, each way of reading once with the files that it was used for."""
    read: dict[str, list[str]] = {}
    for file in report.files:
        if file.mapping:
            read.setdefault(file.mapping, []).append(calm(file.path))
    for told, paths in list(read.items())[:MAPPINGS_SHOWN]:
        face.say()
        face.say(
            f"{_tail(paths[0])} and {len(paths) - 1:,} more:" if len(paths) > 1 else f"{_tail(paths[0])}:"
        )
        for line in told.split("\n"):
            face.say(_indented(line))
    if len(read) > MAPPINGS_SHOWN:
        face.say(f"… and {len(read) - MAPPINGS_SHOWN:,} more ways of reading: --json lists all")


def _indented(line: str) -> str:
    return f"  {'  ' * line.startswith(' ')}{calm(line)}"


def _row(file: FileReport) -> tuple[str, ...]:
    skipped = ", ".join(f"{rule} {number:,}" for rule, number in file.skipped.most_common(2))
    return (
        _tail(calm(file.path)),
        file.format or "-",
        f"{file.new:,}",
        f"{file.known:,}",
        f"{len(file.rejected):,}",
        cut(calm(skipped)),
    )


def _tail(path: str, width: int = 60) -> str:
    return path if len(path) <= width else "…" + path[1 - width :]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--context", is_flag=True, help="Also show what is context: official, reference, benign.")
@with_face
def extract(face: Face, files: tuple[str, ...], context: bool) -> None:
    """Indicators in any text, web page, PDF or spreadsheet, with kind, place and context; needs no atlas.

    `-` reads stdin.
    """
    from chokepoint.desk.looking.extract import extract as find

    answers = _pasted() if files == ("-",) else list(find([Path(file) for file in files]))
    if face.json:
        face.emit({"files": [answer.to_json() for answer in answers]})
    else:
        _draw_found(face, answers, context)
    if all(answer.rejected and not answer.found for answer in answers):
        click.get_current_context().exit(1)


def _pasted() -> list[Extracted]:
    from chokepoint.collect.base import Document
    from chokepoint.desk.looking.extract import from_document

    return [from_document(Document(path="stdin", data=sys.stdin.buffer.read()))]


def _draw_found(face: Face, answers: Sequence[Extracted], context: bool) -> None:
    for answer in answers:
        if len(answers) > 1:
            face.say(calm(answer.path))
        wanted = [one for one in answer.found if context or one.indicator.role == "indicator"]
        if wanted:
            face.table(
                ("place", "what", "role", "context"),
                [
                    (
                        one.place,
                        named(one.indicator.entity),
                        one.indicator.role,
                        cut(calm(one.indicator.context), 80),
                    )
                    for one in wanted
                ],
            )
        hidden = len(answer.found) - len(wanted)
        if not wanted or hidden:
            face.note(
                f"{len(wanted)} indicators"
                + f", {hidden} in context only: --context shows them" * bool(hidden)
            )
        if answer.skipped:
            face.note(f"{calm(answer.path)}: skipped, {answer.skipped}")
        for part in answer.rejected:
            face.note(f"{calm(answer.path)}: {part.place}: {part.reason}")
