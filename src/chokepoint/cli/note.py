"""`note`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

import sys

import click

from chokepoint.cli.face import Face, marked, named, with_face

MOST = 1_000_000  # letters that are read from stdin before the desk counts them


@click.command()
@click.argument("text", nargs=-1)
@click.option("--about", multiple=True, metavar="ENTITY", help="What it is about; else what the text names.")
@click.option(
    "--link", nargs=3, multiple=True, metavar="A PROPERTY B", help="A sentence that it states; repeatable."
)
@click.option(
    "--source", default="", metavar="NAME", help="Who saw or said it first; else your organisation."
)
@click.option(
    "--grade", default="", metavar="B2", help="Admiralty grade of source (A-F) and information (1-6)."
)
@click.option("--when", default="", metavar="DAY", help="The day, or FIRST..LAST.")
@click.option("--assessment", is_flag=True, help="A conclusion, not something seen.")
@marked
@with_face
def note(
    face: Face,
    /,
    text: tuple[str, ...],
    about: tuple[str, ...],
    link: tuple[tuple[str, str, str], ...],
    **given: str,
) -> None:
    """Put one observation or assessment on record, with its source.

    TEXT is the observation in your words; `-` reads it from stdin. Unless --tlp says otherwise it is
    TLP:AMBER: only your organisation and those named with --to see it.

    chokepoint note "paid 0.1 BTC to bc1q..., asked by @handle on Telegram" --grade B2 --when 2026-01-31
    """
    from chokepoint.desk.work.note import Draft
    from chokepoint.desk.work.note import note as put
    from chokepoint.model.source import Grading, parse_grading

    words = sys.stdin.read(MOST) if text == ("-",) else " ".join(text)
    marking = face.marking(given, default="amber")
    draft = Draft(
        text=words,
        about=about,
        links=link,
        source=given["source"],
        grading=parse_grading(given["grade"]) if given["grade"] else Grading(),
        marking=marking,
        when=given["when"],
        assessment=bool(given["assessment"]),
    )
    noted = put(face.atlas(), draft)
    if face.json:
        face.emit(noted.to_json())
        return
    subjects = dict.fromkeys(claim.subject for claim in noted.claims)
    face.say(f"{noted.new} new and {len(noted.claims) - noted.new} known claims, {marking.tlp.label}, about:")
    for entity in subjects:
        face.say(f"  {named(entity)}")
