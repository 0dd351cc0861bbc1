"""`backup`, `restore` and `erase`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chokepoint.cli.face import Face, named, with_face

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.keeping.erase import Erased
    from chokepoint.model.identity import Entity

FOLDER = click.Path(file_okay=False, path_type=Path)
IN, OUT = (click.Path(exists=there, dir_okay=False, path_type=Path) for there in (True, False))


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--keys/--no-keys", default=True, help="Whether the organisations' private keys go along.")
@with_face
def backup(face: Face, *, folder: Path, keys: bool) -> None:
    """A consistent copy of ledger and vault in a new FOLDER, while others work."""
    from chokepoint.desk.keeping.backup import backup as copy

    made = copy(face.atlas(), folder, keys=keys)
    if face.json:
        face.emit({"folder": str(made.folder), "records": made.records, "keys": made.keys})
        return
    face.say(f"{made.records:,} records are in {made.folder}.")
    face.say("The private keys are in it: keep it as safe as them." if keys else "No private key is in it.")
    face.say("It holds what is said of people in the clear: keep it encrypted, and no longer than needed.")


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--erased",
    metavar="LATER",
    multiple=True,
    help="A later backup, atlas (folder or database) or list: what it knows was erased stays erased.",
)
@click.option(
    "--may-bring-back-erased",
    "may_bring_back",
    is_flag=True,
    help="Restore although nobody says what was erased last: its atlas and every later list are lost.",
)
@with_face
def restore(face: Face, *, source: Path, erased: tuple[str, ...], may_bring_back: bool) -> None:
    """Make the atlas of the backup in SOURCE, a folder or in an empty database; what was erased stays so.

    The atlas that it was made from is asked for what it erased since. Where it is gone, --erased must name
    who else knows.
    """
    from chokepoint.desk.keeping.backup import restore as bring_back
    from chokepoint.desk.keeping.home import database_of
    from chokepoint.model.marking import Viewer
    from chokepoint.settings import Settings, settings
    from chokepoint.wiring import database, open_atlas

    given, known = settings(*face.where), [settings(_later(one)) for one in erased]
    addresses = {one.atlas: one.database for one in (*known, given)}

    def open_as(folder: Path, organisation: str) -> Atlas:
        address = addresses[folder] if folder in addresses else database_of(folder)
        return open_atlas(Settings(atlas=folder, viewer=Viewer(organisation=organisation), database=address))

    later = [one.atlas for one in known]
    with database(given) as into:
        done = bring_back(source, given.atlas, open_as, later, into=into, may_bring_back=may_bring_back)
    if face.json:
        face.emit(
            {"folder": str(done.folder), "replayed": done.replayed, "holds": True, **done.proven.counts()}
        )
        return
    face.say(f"The atlas {done.folder} is restored and holds: {done.proven.records:,} records.")
    face.say(f"{done.replayed} erasures that came after the backup were done again.")
    if may_bring_back and not erased:
        face.note("What was erased after the newest list known here may be back: erase it again.")


def _later(where: str) -> str:
    """A place that --erased names: an address, or what is there."""
    if "://" not in where and not Path(where).exists():
        raise click.BadParameter(f"Path '{where}' does not exist.", param_hint="--erased")
    return where


@click.command()
@click.argument("entity", required=False)
@click.option(
    "--reason", default="", metavar="TEXT", help="Why; it is recorded, so do not name whom it is about."
)
@click.option("--basis", default="", metavar="LAW", help="The legal basis, such as `GDPR Art. 17(1)(d)`.")
@click.option("--dry-run", is_flag=True, help="Say what would be destroyed, and destroy nothing.")
@click.option("--hold", "act", flag_value="hold", help="Place a legal hold, which no erasure passes.")
@click.option("--lift", "act", flag_value="lift", help="Lift a legal hold.")
@click.option("--finish", "act", flag_value="finish", help="Carry out what earlier erasures left undone.")
@click.option(
    "--destroyed",
    type=FOLDER,
    multiple=True,
    help="With --finish: a backup that is no more, to forget.",
)
@click.option("--notice", type=OUT, help="Write there what recipients of your packages need to erase it too.")
@click.option("--apply", "received", type=IN, help="A notice that you got: erase what came with --package.")
@click.option("--package", "folder", type=FOLDER, help="The package of the notice's sender, as you keep it.")
@click.option(
    "--list",
    "act",
    flag_value="list",
    help="Your own erasures and legal holds; for who keeps the log, all.",
)
@with_face
def erase(
    face: Face, *, entity: str | None, reason: str, basis: str, dry_run: bool, act: str | None, **given: Any
) -> None:
    """Destroy everything held about ENTITY, everywhere; a tombstone remains."""
    from chokepoint.desk.keeping import erase as desk

    if given["received"] or given["folder"]:
        _apply(face, given["received"], given["folder"])
        return
    if act == "list":
        _list(face)
        return
    if given["destroyed"] and act != "finish":
        raise click.UsageError("Say so where erasures are carried out: --finish --destroyed FOLDER.")
    if act == "finish":
        _finish(face, given["destroyed"])
        return
    if not entity:
        raise click.UsageError("Say what: chokepoint erase ENTITY --reason TEXT --basis TEXT.")
    thing = desk.named_by(face.atlas(), entity)
    if act is not None:
        desk.hold(face.atlas(), thing, reason=reason, holds_it=act == "hold")
        done = "is held: no erasure passes" if act == "hold" else "is no longer held by you"
        _say(face, {"held": act == "hold"}, f"{named(thing)} {done}.")
    elif dry_run:
        _told(face, thing, desk.preview(face.atlas(), thing), done=False)
    else:
        with _noticed(face, thing, basis, given["notice"]):
            _told(face, thing, desk.erase(face.atlas(), thing, reason=reason, basis=basis), done=True)


@contextmanager
def _noticed(face: Face, thing: Entity, basis: str, file: Path | None) -> Iterator[None]:
    """While something is erased: its notice lies beside the file before, as nobody could make it later."""
    from chokepoint.desk.handing.notice import notice_of
    from chokepoint.model.errors import NotFoundError, RefusedError

    if file is None:
        yield
        return
    fresh = file.with_name(f".{file.name}.fresh")
    fresh.write_bytes(notice_of(face.atlas(), thing, basis=basis))
    try:
        yield
    except (NotFoundError, RefusedError):  # raised before anything is gone, and by nothing later
        fresh.unlink()
        raise
    finally:
        if fresh.exists():
            fresh.replace(file)
    face.note(f"Hand {file} to all who got a package of yours that speaks of it.")


def _apply(face: Face, received: Path | None, folder: Path | None) -> None:
    if received is None or folder is None:
        raise click.UsageError("Give both: --apply NOTICE --package FOLDER.")
    from chokepoint.desk.handing.notice import apply
    from chokepoint.desk.handing.publish import read

    entity, found = apply(face.atlas(), received.read_bytes(), read(folder))
    _told(face, entity, found, done=True)
    face.note(f"The package itself still holds it: destroy {folder} and ask the sender for a new one.")


def _finish(face: Face, destroyed: tuple[Path, ...]) -> None:
    from chokepoint.desk.keeping.copies import forget
    from chokepoint.desk.keeping.erase import finish

    for folder in destroyed:
        forget(face.atlas(), folder)
    untold = finish(face.atlas())
    document = {"finished": True, "untold": [str(folder) for folder in untold]}
    _say(face, document, "Everything that was erased is gone from the files.")
    _untold(face, untold)


def _say(face: Face, document: dict[str, object], words: str) -> None:
    if face.json:
        face.emit(document)
    else:
        face.say(words)


def _told(face: Face, thing: Entity, found: Erased, *, done: bool) -> None:
    if face.json:
        figures = {"records": found.records, "redacted": found.redacted, "removed": found.removed}
        untold = [str(folder) for folder in found.untold]
        face.emit({"erased": done, **figures, "short": found.short, "untold": untold})
        return
    verb = "are" if done else "would be"
    face.say(f"{named(thing)}: {found.records:,} records {verb} destroyed,")
    face.say(f"{found.redacted:,} captures redacted, {found.removed:,} removed whole.")
    if found.short:
        face.say("The value is too short to be searched for in other texts: look for it there yourself.")
    if done:
        face.say(
            "Older backups still hold it: destroy them. Those known here were told to restore without it."
        )
        _untold(face, found.untold)


def _untold(face: Face, folders: tuple[Path, ...]) -> None:
    """Name the backups that do not know of an erasure; nothing of it where JSON already says so."""
    for folder in folders if not face.json else ():
        face.say(
            f"Not reached: the backup {folder}. Bring it and say chokepoint erase --finish; if it is no more,"
            " add --destroyed and its folder."
        )


def _list(face: Face) -> None:
    from chokepoint.desk.keeping.erase import told

    erasures, holds = told(face.atlas())
    if face.json:
        face.emit(
            {
                "erasures": [
                    {
                        "at": one.at,
                        "by": one.organisation,
                        "reason": one.erasure.reason,
                        "basis": one.erasure.basis,
                        "records": len(one.erasure.records),
                        "captures": len(one.erasure.captures),
                    }
                    for one in erasures
                ],
                "holds": [{"at": one.at, "by": one.organisation, "reason": one.reason} for one in holds],
            }
        )
        return
    if not erasures and not holds:
        face.say("Nothing was erased, and nothing is held.")
        return
    rows = [
        (
            one.at[:10],
            one.organisation,
            f"{len(one.erasure.records):,}",
            one.erasure.basis,
            one.erasure.reason,
        )
        for one in erasures
    ]
    face.table(("when", "by", "#records", "basis", "reason"), rows)
    for one in holds:
        face.say(f"Held since {one.at[:10]} by {one.organisation}: {one.reason}")
