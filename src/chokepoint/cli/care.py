"""`verify`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

import click

from chokepoint.cli.face import Face, with_face


@click.command()
@click.option("--quick", is_flag=True, help="The records only, not the captured bytes that they point to.")
@with_face
def verify(face: Face, quick: bool) -> None:
    """Prove that every record, batch, signature and capture is what it was."""
    from chokepoint.desk.care import verify as prove

    proven = prove(face.atlas(), captures=not quick)
    if face.json:
        face.emit({"holds": True, "head": proven.head, **({} if face.simulates else proven.counts())})
        return
    face.say("The ledger holds: every record is what was signed, in its order, none missing.")
    if not quick:
        face.say("The vault holds: every capture has the bytes that its claims point into.")
    face.say(f"head {proven.head}")
    if not face.simulates:
        face.say(", ".join(f"{number:,} {name}" for name, number in proven.counts().items()))
