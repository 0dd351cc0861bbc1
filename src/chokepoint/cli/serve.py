"""`serve`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from chokepoint.cli.face import Face, with_face

if TYPE_CHECKING:
    from chokepoint.web.serve import Listening, Ready

MOST = 4
"""Processes where nobody says how many: each holds a quarter of a gigabyte for a map of a million claims."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--port", default=8440, show_default=True, type=click.IntRange(1, 65535), help="Where to listen."
)
@click.option(
    "--origin",
    default="",
    metavar="URL",
    help="How people come here, https://desk.example, through a proxy that speaks TLS.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="A proxy, or a network of proxies, that says in X-Forwarded-For where people come from.",
)
@click.option(
    "--workers",
    default=lambda: min(MOST, len(os.sched_getaffinity(0))),
    show_default=f"as many as there are processors, at most {MOST}",
    type=click.IntRange(1, 64),
    help="Processes.",
)
@with_face
def serve(
    face: Face, /, *, host: str, port: int, origin: str, proxies: tuple[str, ...], workers: int
) -> None:
    """Open the web desk: pages for people, for the organisations whose keys lie here.

    On this machine alone, it prints a link that signs you in once, as `--as` says.
    """
    from chokepoint.web.serve import Listening, opened, prepare, run

    listening = Listening(host=host, port=port, origin=origin.rstrip("/"), workers=workers, proxies=proxies)
    atlas = face.atlas()
    with opened(listening) as door:
        _tell(face, prepare(atlas, listening), listening)
        run(listening, door, face.where[0])


def _tell(face: Face, ready: Ready, listening: Listening) -> None:
    """Where the desk is; it takes connections already."""
    if face.json:
        face.emit({"address": ready.address, "link": ready.link})
        return
    face.say(f"The desk opens at {ready.address}")
    if ready.link:
        face.say(f"Signed in as {ready.who}, once: {ready.link}")
    else:
        if not listening.proxies:
            face.say(
                "Whoever comes through a proxy counts as one address with all others: name it by --proxy."
            )
        face.say("People sign in there; `chokepoint people invite` lets somebody in.")
    face.say("Ctrl-C ends it.")
