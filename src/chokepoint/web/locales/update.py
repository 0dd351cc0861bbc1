"""`make locales`: bring every catalogue up to date with the messages of templates, code and vocabulary.

What was translated stays; what nobody uses any more goes; what is new waits with an empty translation, and
shows in English until then. Catalogues are sorted and hold no dates or places, so that two people's additions
rarely meet on one line.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from chokepoint.web.show.languages import LANGUAGES
from chokepoint.web.show.words import messages

WEB = Path(__file__).parents[1]
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {}\\n"\n\n'
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}


def used() -> Catalog:
    """Every message that the desk can show."""
    found = Catalog()
    for text in messages():
        found.add(text)
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    for _, _, message, _, _ in extract_from_dir(WEB, METHODS, OPTIONS, keywords):
        found.add(message, flags=["python-format"] if "%(" in str(message) else [])
    return found


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
