"""`init`, `sources` and `demo`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from chokepoint.cli.face import Face, called, calm, with_face
from chokepoint.cli.member import described, profile_of

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas


@click.command()
@described
@with_face
def init(face: Face, /, **said: Any) -> None:
    """Make an atlas with your organisation (--as ORG) as first member, or add it to one.

    `member set` changes what is said here of your organisation.
    """
    from chokepoint.model.member import Member
    from chokepoint.settings import settings
    from chokepoint.wiring import make_atlas

    given = settings(*face.where)
    atlas = make_atlas(given, profile=profile_of(Member(name=given.viewer.organisation), said))
    click.get_current_context().call_on_close(atlas.engine.dispose)
    _tell_kept(face, atlas, said)
    if face.json:
        face.emit({"atlas": str(atlas.folder), "id": atlas.id, "organisation": atlas.viewer.organisation})
        return
    face.say(f"Atlas {atlas.folder} is ready; {atlas.viewer.organisation} is a member.")
    if atlas.keys.holds(atlas.viewer.organisation):
        face.say(f"Its keys lie in {atlas.folder / 'keys'}: whoever has them speaks in its name.")
    else:
        face.say("Its key does not lie here: it speaks on the machine that holds it.")
    face.say("Next: chokepoint collect FILES")


def _tell_kept(face: Face, atlas: Atlas, said: dict[str, Any]) -> None:
    """Whoever was a member before learns that what is said of them now has changed nothing."""
    from chokepoint.desk.member import everybody

    known = everybody(atlas)[atlas.viewer.organisation]
    if profile_of(known, said) != known:
        face.note(
            f"{calm(known.name)} was a member before and is left as it was. "
            "Mend: chokepoint member set changes what is said of it"
        )


@click.command()
@with_face
def sources(face: Face) -> None:
    """The open sources that we know: licence, address, how far to trust them, and how to use a copy."""
    from chokepoint.collect.sources import sources as known

    rows = known()
    if face.json:
        face.emit(
            {
                "sources": [
                    {
                        "name": one.name,
                        "title": one.title,
                        "origin": one.origin,
                        "licence": one.licence,
                        "address": one.address,
                        "published": one.published,
                        "grade": one.grading.code,
                        "why": one.why,
                        "use": one.use,
                    }
                    for one in rows
                ]
            }
        )
        return
    face.table(
        ("folder", "licence", "grade", "use", "where to get it"),
        [(one.name, calm(one.licence), one.grading.code, one.use, one.address) for one in rows],
    )
    face.say()
    face.say("Put copies into one folder, each under the name in the first column, then:")
    face.say("  chokepoint collect FOLDER        takes them in, with these origins and grades")
    face.say("  make demo CORPUS=FOLDER          runs the whole demonstration on them")


@click.command()
@click.option("--corpus", metavar="FOLDER", help="A folder of open sources; else what the machine has.")
@click.option("--out", metavar="FOLDER", default="demo", show_default=True, help="For atlas and report.")
@with_face
def demo(face: Face, corpus: str | None, out: str) -> None:
    """The main job on real data, from files to a report that you can open."""
    from chokepoint.desk.demo import run

    say = face.note if face.json else face.say
    report = run(Path(out), corpus=Path(corpus) if corpus else None, make=_made, say=say)
    if face.json:
        face.emit(report.to_json())
    atlas = quote(str(Path(out) / "atlas"))
    say(f"The same in a browser: {called()} --atlas {atlas} serve   opens http://localhost:8440")


def _made(folder: Path, organisation: str) -> Atlas:
    """The atlas in a folder, made or opened for an organisation."""
    from chokepoint.model.marking import Viewer
    from chokepoint.settings import Settings
    from chokepoint.wiring import make_atlas

    atlas = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=organisation)))
    click.get_current_context().call_on_close(atlas.engine.dispose)
    return atlas
