"""What all verbs share: opening the atlas, and writing to people and to programs.

Whatever is written to people passes through `visible`, so that no text of the atlas can move the cursor,
turn the writing round or hide; tables and progress are drawn only on terminals.
"""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from contextlib import contextmanager
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from chokepoint.values.unseen import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from chokepoint.cli.asked import Asked
    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.errors import ChokepointError
    from chokepoint.model.identity import Entity
    from chokepoint.model.marking import Marking

_hidden = re.compile(
    "[\x7f-\x9f\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]"
)
_live = re.compile(r"\b(h)tt(ps?)(://)([^\s/?#]{1,300})", re.IGNORECASE)
WIDEST = 60


class Face:
    """One run of one verb: its atlas and its output."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._atlas: Atlas | None = None

    @property
    def json(self) -> bool:
        """Whether a JSON document is wanted instead of text."""
        return self._asked.json

    @property
    def simulates(self) -> bool:
        """Whether the operator looks as somebody, with `--as`."""
        return self._asked.viewer is not None

    def atlas(self) -> Atlas:
        """The atlas, opened once.

        Raises:
            NotFoundError: there is none, or no such case.
            NotValidError: the options do not say where it is or who looks.
        """
        if self._atlas is None:
            from chokepoint.desk.watch.access import for_purpose
            from chokepoint.settings import settings
            from chokepoint.wiring import open_atlas

            given = settings(
                self._asked.atlas, self._asked.viewer, self._asked.purpose, unfold=self._asked.unfold
            )
            self._atlas = for_purpose(open_atlas(given))
            click.get_current_context().call_on_close(self._atlas.engine.dispose)
            self._tell_strangers(self._atlas)
        return self._atlas

    def _tell_strangers(self, atlas: Atlas) -> None:
        """Say that whoever `--as` names is no member, lest a slip of the pen look like an empty map."""
        from difflib import get_close_matches

        from chokepoint.desk.member import everybody

        name = atlas.viewer.organisation
        try:
            known = everybody(atlas) if self.simulates else {name: None}
        except Exception:  # noqa: BLE001 - of records that were altered `verify` tells
            return
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f", perhaps {near[0]}" if near else ""
            self.note(f"{name} is no member of this atlas{meant}: it sees what all may see (`member list`).")

    def marking(self, given: Mapping[str, Any], default: str = "clear") -> Marking:
        """The marking that the options of `marked` name; recipients that are no members are told of.

        Raises:
            NotValidError: a label or code that is none.
        """
        from chokepoint.desk.member import strangers

        found = marking_of(given, default)
        for name in strangers(self.atlas(), found.audience):
            self.note(f"{name} is no member yet: it sees this once it joins (`chokepoint member list`).")
        return found

    @property
    def where(self) -> tuple[str | None, str | None]:
        """The atlas and the viewer as they were given."""
        return self._asked.atlas, self._asked.viewer

    def emit(self, document: Any) -> None:
        """One JSON document, or one line of JSON lines, on stdout."""
        click.echo(as_json(document))

    def say(self, text: str = "") -> None:
        """Text for a person on stdout."""
        for line in text.split("\n"):
            click.echo(visible(line))

    def note(self, text: str) -> None:
        """A remark beside the answer, on stderr."""
        click.echo(visible(text), err=True)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table for a person; columns whose name begins with `#` hold figures."""
        cleaned = [[visible(cell) for cell in row] for row in rows]
        if sys.stdout.isatty():
            _drawn(columns, cleaned)
        else:
            for line in _plain(columns, cleaned):
                click.echo(line)

    @contextmanager
    def progress(self, words: str) -> Iterator[Callable[[str], None]]:
        """A counter of steps with the last one's name, drawn on stderr while it is a terminal."""
        if not sys.stderr.isatty():
            yield lambda _: None
            return
        from rich.console import Console
        from rich.text import Text

        count = 0
        with Console(stderr=True).status(Text(words)) as status:

            def step(name: str) -> None:
                nonlocal count
                count += 1
                status.update(Text(f"{words}: {count:,} {visible(name)[:WIDEST]}"))

            yield step


def as_json(document: Any) -> str:
    """The document as JSON in which every character is escaped that hides, turns, or cannot be written."""
    encodes = (getattr(sys.stdout, "encoding", "") or "utf-8").casefold().startswith("utf")
    text = json.dumps(document, ensure_ascii=not encodes, allow_nan=False)
    return _hidden.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def calm(text: str) -> str:
    """Free text of a source with the web addresses in it made harmless, on one line."""
    return " ".join(_live.sub(_unlinked, text).split())


def _unlinked(found: re.Match[str]) -> str:
    return f"{found[1]}xx{found[2]}{found[3]}{found[4].replace('.', '[.]')}"


def cut(text: str, width: int = WIDEST) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= width else text[: width - 1] + "…"


def named(entity: Entity, called: str = "") -> str:
    """The entity with the label of its kind, defanged; under the name that people write where it is given."""
    from chokepoint.model.vocabulary import vocabulary
    from chokepoint.values.registry import show

    kind = vocabulary().kinds.get(entity.kind)
    return f"{kind.label if kind else entity.kind} {called or show(entity)}"


def tell(error: ChokepointError, asked: Asked) -> None:
    """The error as one line on stderr and, where JSON is wanted, as a document on stdout."""
    place = f"{error.place}: " if error.place else ""
    stop = "" if error.reason.endswith((".", "!", "?")) else "."
    mend = f" Mend: {error.mend}" if error.mend else ""
    click.echo(visible(calm(f"error: {place}{error.reason}{stop}{mend}")), err=True)
    if asked.json:
        click.echo(as_json({"error": {"reason": error.reason, "place": error.place, "mend": error.mend}}))


def with_face(command: Callable[..., None]) -> Callable[..., None]:
    """Give the verb a `Face` as its first argument, and the option `--json`; stands next to the function."""

    def asks_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            ctx.find_root().obj.json = True

    option = click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=asks_json,
        help="One JSON document on stdout; notes go to stderr.",
    )

    @click.pass_obj
    def run(asked: Asked, /, **given: Any) -> None:
        command(Face(asked), **given)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return option(run)


def marked(command: Callable[..., None]) -> Callable[..., None]:
    """Options that say who may see what is recorded and how it may be used."""
    for option in (
        click.option("--handling", multiple=True, metavar="H", help="H0, H1, H2 or H3:WORDS (Europol)."),
        click.option(
            "--for-case", multiple=True, metavar="CASE", help="Only for those with the need-to-know in it."
        ),
        click.option(
            "--to", multiple=True, metavar="ORG", help="A recipient: ORG, ORG/USER or group:UUID; repeatable."
        ),
        click.option(
            "--pap", default="", metavar="P", help="What may be done with it: CLEAR, GREEN, AMBER, RED."
        ),
        click.option(
            "--tlp", default="", metavar="T", help="Who may see it: CLEAR, GREEN, AMBER, AMBER+STRICT, RED."
        ),
    ):
        command = option(command)
    return command


def marking_of(given: Mapping[str, Any], default: str = "clear") -> Marking:
    """The marking that the options of `marked` name.

    Raises:
        NotValidError: a label or code that is none.
    """
    from chokepoint.model.handling import parse_handling
    from chokepoint.model.marking import Marking, parse_pap, parse_tlp

    return Marking(
        tlp=parse_tlp(given["tlp"] or default),
        pap=parse_pap(given["pap"] or "clear"),
        audience=frozenset(filter(None, map(str.strip, given["to"]))),
        cases=frozenset(f"case-{name.strip().removeprefix('case-')}" for name in given["for_case"]),
        handling=frozenset(map(parse_handling, given["handling"])),
    )


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: wide letters two, marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(c) in {"Mn", "Me"} else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _plain(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    heads = [name.removeprefix("#") for name in columns]
    widths = [max(_width(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    for row in (heads, *rows):
        cells = []
        for at, cell in enumerate(row):
            gap = " " * (widths[at] - _width(cell))
            cells.append(gap + cell if columns[at].startswith("#") else cell + gap)
        yield "  ".join(cells).rstrip()


def _drawn(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        figures = name.startswith("#")
        table.add_column(
            Text(name.removeprefix("#")),
            justify="right" if figures else "left",
            overflow="fold",
            no_wrap=figures,
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(width=shutil.get_terminal_size().columns).print(table)


def called() -> str:
    """How a shell calls this program from here: by its name where that is found, else as it was called."""
    return "chokepoint" if shutil.which("chokepoint") else quote(sys.argv[0])
