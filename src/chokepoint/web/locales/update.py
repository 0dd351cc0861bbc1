"""`make locales`: bring every catalogue up to date with the messages of templates, code and vocabulary.

What was translated stays; what nobody uses any more goes; what is new waits with an empty translation, and
shows in English until then. Catalogues are sorted and hold no dates or places, so that two people's additions
rarely meet on one line.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from chokepoint.model import errors
from chokepoint.web.show.languages import LANGUAGES
from chokepoint.web.show.told import MEND
from chokepoint.web.show.ways import ON_THE_DESK
from chokepoint.web.show.words import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

WEB = Path(__file__).parents[1]
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_place = re.compile(r"\{[^{}]*\}")
ERRORS = {name for name in vars(errors) if name.endswith("Error")}
SILENT = (
    "cli", "proof", "settings.py", "store", "wiring.py",
    "choke/dismantle", "choke/edges.py", "choke/kept.py", "graph/snapshot.py", "values/suffix.py",
    "desk/demo", "desk/handing/notice.py", "desk/keeping/backup.py", "desk/keeping/erase.py",
    "desk/keeping/incoming.py", "desk/network.py", "desk/vetting/draw.py", "model/words.py", "package/stix",
    "web/keeper.py", "web/serve.py", "web/signin/oidc", "web/signin/anew.py", "web/taxii",
)  # fmt: skip
"""Rooms whose errors no page tells: those of commands, of the machine, and of what only programs ask."""
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {}\\n"\n\n'
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}


def used() -> Catalog:
    """Every message that the desk can show."""
    found = Catalog()
    for text in messages():
        found.add(text)
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    for _, _, message, _, context in extract_from_dir(WEB, METHODS, OPTIONS, keywords):
        found.add(message, flags=["python-format"] if "%(" in str(message) else [], context=context)
    for message in (*spoken(), *refusals()):
        found.add(message)
    return found


def spoken() -> Iterator[str | tuple[str, str]]:
    """Messages of the sentences that the rooms below the faces make."""
    for path in sorted(WEB.parent.rglob("*.py")):
        text = path.read_text("utf-8")
        if "Said(" in text:
            for call in filter(_is_saying, ast.walk(ast.parse(text))):
                told = [str(one.value) for one in call.args if isinstance(one, ast.Constant)]
                if any(map(str.isalpha, _place.sub("", "".join(told)))):
                    yield (told[0], told[1]) if len(told) > 1 else told[0]


def _is_saying(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Said"


def refusals() -> Iterator[str]:
    """Reasons and mends of errors that pages tell, where nothing is put into them and they are no command."""
    silent = tuple(WEB.parent / room for room in SILENT)
    for path in sorted(WEB.parent.rglob("*.py")):
        if any(path.is_relative_to(room) for room in silent):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            told = (str(one.value) for one in _reasons(node) if isinstance(one, ast.Constant))
            parts = (part for text in told for part in text.split(MEND))
            shown = (part for part in parts if part and part not in ON_THE_DESK)
            yield from (part for part in shown if not part.startswith(("-", "`")))


def _reasons(node: ast.AST) -> list[ast.expr]:
    """What a call gives as reason and mend: of an error, of a refused part of a file, of both joined."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return []
    if node.func.id in ERRORS:
        return [*node.args[:1], *(one.value for one in node.keywords if one.arg == "mend")]
    return {"Rejected": node.args[1:], "advised": node.args}.get(node.func.id, [])


def update(language: str, wanted: Catalog) -> Catalog:
    """The catalogue of a language with exactly the wanted messages, and what was translated of them."""
    path = WEB / "locales" / language / "LC_MESSAGES" / "messages.po"
    made = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            made = read_po(file, locale=language)
    made.update(wanted, no_fuzzy_matching=True)
    made.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        out.write(HEAD.format(made.plural_forms).encode())
        write_po(out, made, no_location=True, omit_header=True, sort_output=True, width=0)
    return made


def missing(catalogue: Catalog) -> list[str]:
    """Messages of a catalogue that are not translated."""
    return [str(one.id) for one in catalogue if one.id and not all(_texts(one.string))]


def _texts(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


def main() -> None:
    """Update all, and say what waits for a translator."""
    wanted = used()
    for language in LANGUAGES:
        if language != "en":
            waiting = missing(update(language, wanted))
            sys.stdout.write(f"{language}: {len(waiting)} to translate\n")


if __name__ == "__main__":
    main()
