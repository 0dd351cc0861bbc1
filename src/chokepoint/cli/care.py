"""`verify`, `checkpoint`, `witness` and `prove`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chokepoint.cli.face import Face, with_face

if TYPE_CHECKING:
    from chokepoint.proof.checkpoint import Checkpoint

WHOLE = 64
"""Digits of a record's whole id."""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_keys = click.option(
    "--key", "keys", multiple=True, metavar="KEY", help="A key to trust: of a log, or of a witness."
)


@click.command()
@click.option("--quick", is_flag=True, help="The records only, not the captured bytes that they point to.")
@click.option(
    "--checkpoint",
    "checkpoints",
    type=FILE,
    multiple=True,
    help="Prove that the log begins with what this older checkpoint showed.",
)
@click.option("--proof", type=FILE, help="Check the proof of one record instead; needs no atlas with --key.")
@_keys
@with_face
def verify(
    face: Face, *, quick: bool, checkpoints: tuple[Path, ...], proof: Path | None, keys: tuple[str, ...]
) -> None:
    """Prove that every record, batch, signature and capture is what it was."""
    if proof is not None:
        _verify_proof(face, proof, keys)
        return
    from chokepoint.desk.keeping.care import verify as prove_all
    from chokepoint.desk.keeping.checkpoint import compare

    proven = prove_all(face.atlas(), captures=not quick)
    begins = [compare(face.atlas(), file.read_bytes()) for file in checkpoints]
    if face.json:
        figures = {} if face.simulates else proven.counts()
        shown = [{**_checkpoint(one), "cosigned": list(names)} for one, names in begins]
        face.emit({"holds": True, "head": proven.head, **figures, **({"begins": shown} if shown else {})})
        return
    face.say("The ledger holds: every record is what was signed, in its order, none missing.")
    if not quick:
        face.say("The vault holds: every capture has the bytes that its claims point into.")
    for one, names in begins:
        told = f", cosigned by {', '.join(names)}" if names else ", cosigned by nobody known here"
        face.say(f"The log begins with the {one.size:,} records of the checkpoint{told}.")
    face.say(f"head {proven.head}")
    if not face.simulates:
        face.say(", ".join(f"{number:,} {name}" for name, number in proven.counts().items()))


def _checkpoint(checkpoint: Checkpoint) -> dict[str, Any]:
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}


def _verify_proof(face: Face, file: Path, keys: tuple[str, ...]) -> None:
    from chokepoint.desk.keeping.checkpoint import check_proof, notary

    trusted = keys or (notary(face.atlas()).key().vkey,)
    shown = check_proof(file.read_bytes(), trusted)
    if face.json:
        face.emit(
            {
                "holds": True,
                "record": shown.record,
                "kind": shown.kind,
                "organisation": shown.organisation,
                "recorded_at": shown.recorded_at,
                "number": shown.number,
                "checkpoint": _checkpoint(shown.checkpoint),
                "witnesses": list(shown.witnesses),
            }
        )
        return
    face.say(f"The record {shown.record} stands in the log {shown.checkpoint.origin}.")
    face.say(f"It is a {shown.kind} by {shown.organisation}, recorded at {shown.recorded_at}.")
    face.say(f"Witnesses that are trusted here: {', '.join(shown.witnesses) or 'none'}.")


@click.command()
@click.option("--since", metavar="N", help="A request to a witness that cosigned N records last; 0 for none.")
@click.option("--add", type=FILE, help="Keep the cosignatures in this file under the checkpoint they sign.")
@_keys
@with_face
def checkpoint(face: Face, since: str | None, add: Path | None, keys: tuple[str, ...]) -> None:
    """Sign the log as it is now, so that nobody can later show another history."""
    from chokepoint.desk.keeping import checkpoint as desk
    from chokepoint.proof.checkpoint import read_checkpoint

    if add is not None:
        names = desk.add(face.atlas(), add.read_bytes(), keys)
        face.note(f"cosigned by {', '.join(names)}")
    note, key = desk.issue(face.atlas())
    said = desk.request(face.atlas(), since).encode() if since is not None else note.encode()
    if face.json:
        names = tuple(signature.name for signature in note.signatures)
        about = _checkpoint(read_checkpoint(note.text))
        face.emit({**about, "key": key.vkey, "signed": list(names), "note": said.decode()})
        return
    click.echo(said.decode(), nl=False)
    face.note(f"key {key.vkey}")


@click.command()
@click.argument("request", type=FILE)
@click.option(
    "--trust", default="", metavar="KEY", help="The log's key, when this log is seen for the first time."
)
@with_face
def witness(face: Face, request: Path, trust: str) -> None:
    """Cosign another log's checkpoint, if that log was only appended to since you saw it.

    REQUEST is the file that `chokepoint checkpoint --since SIZE` of that log wrote.
    """
    from chokepoint.desk.keeping.checkpoint import cosign

    line = cosign(face.atlas(), request.read_bytes(), trust)
    if face.json:
        face.emit({"cosignature": line})
        return
    click.echo(line, nl=False)


@click.command()
@click.argument("record")
@with_face
def prove(face: Face, record: str) -> None:
    """Prove to somebody without the atlas that one record stands in the log, unchanged.

    RECORD is its id; of a claim's, the first six digits or more are enough.
    """
    from chokepoint.desk.keeping.checkpoint import prove as proof_of
    from chokepoint.desk.resolve import claim_ids

    if len(record) < WHOLE:
        (record,) = claim_ids(face.atlas(), [record])
    data = proof_of(face.atlas(), record).encode().decode()
    if face.json:
        face.emit({"record": record, "proof": data})
        return
    click.echo(data, nl=False)
