"""`chokepoint`: the table of verbs, and how every error leaves.

Only click is imported here; the module of a verb is imported when that verb is used.
"""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from chokepoint import __version__
from chokepoint.cli.asked import Asked
from chokepoint.model.errors import ChokepointError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

DONE, FAILED, WRONG = 0, 1, 2

VERBS: dict[str, dict[str, tuple[str, str]]] = {
    "Begin": {
        "init": ("begin", "Make an atlas: its keys, your organisation, its settings."),
        "member": ("member", "The organisations: what they can do, what ties them to others."),
        "demo": ("begin", "An atlas from real data, end to end, then the report to open."),
        "sources": ("begin", "The open sources we know: licence, address, how to use a copy."),
    },
    "Bring in": {
        "collect": ("take", "Files and folders -> claims with their source."),
        "note": ("note", "One human observation or assessment with its source."),
        "extract": ("take", "Indicators in any text, with kind, place and context."),
    },
    "Look": {
        "check": ("check", "What of a text or table is known, new, conflicting, parked, shared."),
        "search": ("look", "Find entities by a part of their name or value."),
        "show": ("look", "All that is known of an entity, with the evidence."),
        "path": ("route", "How two entities are connected, hop by hop."),
    },
    "Decide": {
        "connect": ("decide", "Propose which entities are one and the same."),
        "identity": ("decide", "Confirm or undo that two entities are one."),
        "hypothesis": ("hypothesis", "Who is behind it: evidence against competing answers."),
        "review": ("review", "The vetting desk: what waits, votes, the policy."),
    },
    "Act": {
        "choke": ("strike", "Choke points: where a strike does the most lasting damage."),
        "dismantle": ("strike", "The order in which to take a plain network apart."),
        "outcome": ("outcome", "What became of hits: how long replacement takes."),
        "case": ("case", "Work with purpose, owner, tasks and review date."),
        "operation": ("operation", "What is done about a package or case: partners, actions, state."),
        "impact": ("impact", "What operations achieved: sourced figures, never added unlike."),
    },
    "Share": {
        "group": ("share", "Sharing groups: who is in them, joining and leaving."),
        "remark": ("share", "Change the marking of your own claims, from now on."),
        "people": ("people", "Who works here: invitations, roles, leaving."),
        "personal": ("personal", "Roles of natural persons; what must be reviewed."),
        "oversee": ("watch", "Veto, safety flags, alarms, leaks, what is held on somebody."),
        "log": ("watch", "Who saw what, when, and for which case."),
        "serve": ("serve", "The web desk: pages for people, on this machine or behind a proxy."),
    },
    "Hand on": {
        "package": ("hand", "Vetted claims bound with their evidence; verify such a package."),
        "export": ("hand", "STIX, MISP, FtM, Maltego, GraphML or CSV, by marking."),
        "prove": ("care", "Prove one record to somebody without the atlas."),
    },
    "Care": {
        "verify": ("care", "Prove that the whole ledger is what was signed."),
        "checkpoint": ("care", "Sign the log as it is now, for others to compare and cosign."),
        "witness": ("care", "Cosign another log's checkpoint, if it only grew."),
        "backup": ("keep", "A consistent copy, while others work."),
        "restore": ("keep", "The atlas of a backup; what was erased since stays erased."),
        "erase": ("keep", "Destroy all that is held about somebody; a tombstone remains."),
    },
}
_PLACES = {verb: place for section in VERBS.values() for verb, place in section.items()}


class NobodyReadsError(Exception):
    """The reader of our output has left; click would leave with 1 without asking us."""


class Verbs(click.Group):
    """A group that imports the module of a verb only when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order of the work."""
        del ctx
        return list(_PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name."""
        del ctx
        if cmd_name not in _PLACES:
            return None
        module = importlib.import_module(f"chokepoint.cli.{_PLACES[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's; an unknown verb names those that look like it."""
        if args and args[0] not in _PLACES and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], _PLACES, n=3)
            hint = f" Did you mean {' or '.join(near)}?" if near else " `chokepoint --help` lists them."
            raise click.UsageError(f"There is no verb {args[0]!r}.{hint}", ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs under their headings, without importing any."""
        del ctx
        for heading, verbs in VERBS.items():
            with formatter.section(heading):
                formatter.write_dl([(verb, text) for verb, (_, text) in verbs.items()], col_max=12)

    def invoke(self, ctx: click.Context) -> Any:
        """As click's, but a reader who left is handed to `leave`.

        Raises:
            NobodyReadsError: the output is a closed pipe.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise NobodyReadsError from error

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run, and leave with the exit code of the table in `leave`."""
        asked = Asked()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a letter that it lacks is spelt out, and stops nothing
                stream.reconfigure(errors="backslashreplace")
        extra.pop("standalone_mode", None)
        try:
            code = super().main(args, standalone_mode=False, obj=asked, **extra)
            sys.stdout.flush()
        except Exception as error:  # noqa: BLE001 - the one place where errors leave; unknown ones are raised again
            code = leave(error, asked)
        except KeyboardInterrupt as error:
            code = leave(error, asked)
        sys.exit(code if isinstance(code, int) else DONE)


def leave(error: BaseException, asked: Asked) -> int:
    """Say the error as people and programs read it, and give its exit code.

    | error | exit |
    |---|---|
    | wrong usage | 2, with the usage |
    | a `ChokepointError`, the file system, the data base, no UTF-8 | 1, with reason, place and mend |
    | interrupted | 1 |
    | nobody reads any more | 0, silently |

    Raises:
        BaseException: the error itself, when it is none of these and thus a fault of this program.
    """
    if isinstance(error, BrokenPipeError | NobodyReadsError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, click.Abort | KeyboardInterrupt):
        click.echo("stopped; what was finished before is kept", err=True)
        return FAILED
    told = error if isinstance(error, ChokepointError) else _foreign(error, asked.atlas or "")
    if told is None:
        raise error
    from chokepoint.cli.face import tell

    tell(told, asked)
    return FAILED


def _foreign(error: BaseException, atlas: str) -> ChokepointError | None:
    """An error of the file system, the data base or an encoding in our words; None for any other."""
    if isinstance(error, OSError):
        return ChokepointError(
            (error.strerror or str(error)).lower(),
            place=str(error.filename or ""),
            mend="check the name and your rights",
        )
    if isinstance(error, UnicodeError):
        return ChokepointError("a text that is not UTF-8", mend="convert it, or set LC_ALL=C.UTF-8")
    databases = sys.modules.get("sqlalchemy.exc")
    if databases is not None and isinstance(error, databases.DatabaseError):
        return ChokepointError(
            f"the atlas's data base says: {error.orig}",
            place=atlas,
            mend="wait if another program writes to it; if it is damaged, restore a backup",
        )
    return None


@click.command(
    cls=Verbs,
    name="chokepoint",
    subcommand_metavar="VERB ...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Try: chokepoint init; chokepoint collect FILES; chokepoint show evil.com.",
)
@click.option(
    "--atlas",
    metavar="DIR|URL",
    help="Folder or database of the atlas; else $CHOKEPOINT_ATLAS, else ./atlas.",
)
@click.option(
    "--as",
    "viewer",
    metavar="ORG[/USER]",
    help="Who looks and speaks, as the operator of the folder simulates it; else its first member.",
)
@click.option("--case", "purpose", metavar="CASE", help="For which case you look; every look is logged.")
@click.option("--full", "unfold", metavar="WHY", help="Show natural persons in full, for the case of --case.")
@click.version_option(__version__, message="chokepoint %(version)s")
@click.pass_obj
def cli(asked: Asked, /, **given: str | None) -> None:
    """The open cybercrime atlas: claims with their sources, vetted, connected, struck where it lasts."""
    asked.atlas, asked.viewer = given["atlas"], given["viewer"]
    asked.purpose, asked.unfold = given["purpose"], given["unfold"]


def main() -> NoReturn:
    """Entry point of the `chokepoint` program."""
    cli.main(prog_name="chokepoint")


if __name__ == "__main__":
    main()
