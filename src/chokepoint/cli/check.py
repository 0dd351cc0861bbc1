"""`check`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chokepoint.cli.face import Face, calm, named, with_face

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.base import Document, Rejected
    from chokepoint.collect.walk import Left, Problem
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.looking.check import Line, Told
    from chokepoint.desk.looking.taken import Found

LARGEST = 64 * 1024 * 1024
_SILENT = frozenset({"blank line", "text without an indicator", "comment", "header row"})
"""What is left out of every text, and no loss."""
_UNNAMED = {"unknown": "a source not named"}


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@with_face
def check(face: Face, files: tuple[str, ...]) -> None:
    """What of FILE is known, new, conflicting, parked or shared, line by line, for you.

    FILE is anything that `collect` reads, and is read as `collect` would: what is shown of a line is what
    would be taken of it. Without FILE, or as `-`, the text is read from stdin. Nothing of it is kept.
    """
    from chokepoint.collect.base import Document
    from chokepoint.collect.walk import Problem

    atlas = face.atlas()
    answers: list[tuple[str, list[Line], dict[str, int]]] = []
    refused: list[tuple[str, str, str]] = []
    for thing in _documents(face, files):
        if isinstance(thing, Document):
            _answer(atlas, thing, answers, refused)
        else:
            place, reason = (
                (thing.place, str(thing.reason)) if isinstance(thing, Problem) else ("", thing.rule)
            )
            refused.append((thing.path, place, reason))
    if face.json:
        face.emit(
            {
                "files": [
                    {"path": path, "lines": [line.to_json() for line in lines], "skipped": skipped}
                    for path, lines, skipped in answers
                ],
                "rejected": [
                    {"path": path, "place": place, "reason": reason} for path, place, reason in refused
                ],
            }
        )
    else:
        for path, lines, skipped in answers:
            _draw(face, path if len(answers) > 1 else "", lines)
            for rule, number in skipped.items():
                face.note(f"left out: {number:,} {calm(rule)}")
        for told in refused:
            face.note(": ".join(calm(part) for part in told if part))
    if refused and not answers:
        click.get_current_context().exit(1)


def _answer(
    atlas: Atlas,
    document: Document,
    answers: list[tuple[str, list[Line], dict[str, int]]],
    refused: list[tuple[str, str, str]],
) -> None:
    """Check one document; what is wrong with it, or with a part of it, ends nothing else."""
    from chokepoint.desk.looking.check import check as look_up
    from chokepoint.model.errors import BadInputError

    problems: list[Rejected] = []
    skipped: Counter[str] = Counter()
    try:
        lines = look_up(atlas, document, problems, skipped)
    except BadInputError as error:
        refused.append(
            (document.path, error.place.removeprefix(document.path).lstrip(", "), str(error.advice))
        )
        return
    refused += [(document.path, part.place, str(part.reason)) for part in problems]
    if lines or not problems:
        told = {rule: number for rule, number in skipped.items() if rule not in _SILENT}
        answers.append((document.path, lines, told))


def _documents(face: Face, files: tuple[str, ...]) -> Iterator[Document | Problem | Left]:
    from chokepoint.collect.base import Document
    from chokepoint.collect.walk import walk

    if files and files != ("-",):
        yield from walk([Path(file) for file in files])
        return
    if sys.stdin.isatty() and not face.json:
        face.note("Paste the text, then press Ctrl-D on a line of its own.")
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        from chokepoint.model.errors import TooLargeError

        raise TooLargeError("more than 64 MB on stdin", mend="use `chokepoint collect` for so much")
    yield Document(path="pasted text", data=data)


def _draw(face: Face, path: str, lines: list[Line]) -> None:
    from chokepoint.model.words import plural

    if path:
        face.say(path)
    if not lines:
        face.say("No identifier in it, and no name that you know.")
        return
    rows = [
        (
            line.place if at == 0 else "",
            named(told.entity),
            told.status,
            _how_sure(told),
            "; ".join(_why(told, line.found.get(told.entity))),
        )
        for line in lines
        for at, told in enumerate(line.told)
    ]
    face.table(("place", "what", "status", "how likely", "why"), rows)
    counts = Counter(
        told.status for told in {told.entity: told for line in lines for told in line.told}.values()
    )
    face.say()
    face.say(
        f"{plural(counts.total(), 'thing')}: "
        + ", ".join(f"{number} {status}" for status, number in counts.most_common())
    )


def _how_sure(told: Told) -> str:
    from chokepoint.model.words import likelihood

    best = told.best
    if best is None or told.status == "parked":
        return ""
    return f"{likelihood(best.standing.belief)}, {best.standing.verdict.value}"


def _why(told: Told, found: Found | None) -> Iterator[str]:
    from chokepoint.cli.look import sentence

    if found is not None and found.role == "context" and not told.shared:
        yield "only context" + f": {calm(str(found.reason))}" * bool(found.reason)
    yield from (calm(one.sentence()) for one in told.shared[:2])
    yield from map(calm, told.conflicts[:2])
    best = told.best
    if best is not None and not told.conflicts:
        by = [_UNNAMED.get(origin, origin) for origin in told.origins]
        more = f" and {len(by) - 3} more" if len(by) > 3 else ""
        yield f"{sentence(told.shown or told.entity, best)}, by {', '.join(map(calm, by[:3]))}{more}"
    for entity in told.near[:2]:
        yield f"{named(entity)} is known"
