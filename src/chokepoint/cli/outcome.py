"""`outcome`: what became of hits, and how long replacement is expected to take."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, marked, named, with_face


@click.group(cls=Branch)
def outcome() -> None:
    """What became of hits; from that, how long things take to be replaced."""


@outcome.command()
@click.argument("target", metavar="ENTITY")
@click.option("--mode", required=True, metavar="MODE", help="How it was hit, such as takedown or freeze.")
@click.option("--hit", required=True, metavar="DATE", help="On which day.")
@click.option("--back", metavar="DATE", help="When it was seen at work again.")
@click.option("--gone", metavar="DATE", help="Until when somebody looked and it was still gone.")
@marked
@with_face
def add(face: Face, /, *, target: str, mode: str, **given: Any) -> None:
    """Put on record what became of a hit on ENTITY."""
    from chokepoint.desk.personal.veil import veil
    from chokepoint.desk.watch.oversight import named as find
    from chokepoint.desk.work.outcome import Hit, record
    from chokepoint.model.claim import parse_day

    hit = parse_day(given["hit"])
    back, gone = (parse_day(given[name]) if given[name] else None for name in ("back", "gone"))
    atlas = face.atlas()
    told = Hit(entity=find(atlas, target), mode=mode, on=hit, back=back, gone=gone)
    record(atlas, told, face.marking(given, default="amber"))
    shown = replace(told, entity=veil(atlas, [told.entity]).entity(told.entity))
    if face.json:
        face.emit(_row(shown))
    else:
        face.say(f"recorded: {named(shown.entity)}, {mode} on {told.on}")


@outcome.command("list")
@with_face
def list_(face: Face) -> None:
    """The outcomes that you may see."""
    from chokepoint.desk.work.outcome import outcomes

    found = outcomes(face.atlas())
    if face.json:
        face.emit({"outcomes": [_row(one) for one in found]})
        return
    rows = [
        (named(one.entity), one.mode, str(one.on), str(one.back or ""), str(one.gone or "")) for one in found
    ]
    if rows:
        face.table(("what", "mode", "hit", "back", "gone until"), rows)
    else:
        face.say(
            "No outcome yet. `chokepoint outcome add ENTITY --mode M --hit DATE --back DATE` records one."
        )


@outcome.command()
@click.argument("kind")
@click.argument("days", type=float)
@click.option("--spread", type=float, help="Log-normal sigma; else as it is.")
@marked
@with_face
def expect(face: Face, /, *, kind: str, days: float, spread: float | None, **given: Any) -> None:
    """Your organisation's guess: median DAYS until things of a KIND are replaced."""
    from chokepoint.desk.work.outcome import guess, times_for
    from chokepoint.model.vocabulary import vocabulary

    atlas = face.atlas()
    wide = vocabulary().kind(kind).replace_days[1] if spread is None else spread
    guess(atlas, kind, (days, wide), face.marking(given, default="amber"))
    _times(face, {kind: times_for(atlas, {})[kind]})


@outcome.command()
@with_face
def times(face: Face) -> None:
    """How long things of each kind are expected to take to be replaced."""
    from chokepoint.desk.work.outcome import times_for

    _times(face, times_for(face.atlas(), {}))


def _times(face: Face, found: dict[str, tuple[float, float]]) -> None:
    if face.json:
        face.emit({"times": {kind: {"median_days": a, "spread": b} for kind, (a, b) in found.items()}})
    else:
        rows = [(kind, f"{median:.3g}", f"{spread:.3g}") for kind, (median, spread) in sorted(found.items())]
        face.table(("kind", "#median days", "#spread"), rows)


def _row(one: Any) -> dict[str, Any]:
    return {
        "entity": str(one.entity),
        "mode": one.mode,
        "hit": one.on.isoformat(),
        "back": one.back.isoformat() if one.back else None,
        "gone": one.gone.isoformat() if one.gone else None,
    }
