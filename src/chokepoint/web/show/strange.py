"""Text by strangers on a page: whatever hides, turns the writing round or passes for another letter is named.

The corpus is written by criminals. No text of it becomes a link, and none can change how the page around it
reads: each stands in a `<bdi>` of its own.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from chokepoint.values.showing import show_name

if TYPE_CHECKING:
    from collections.abc import Sequence

_spelt = re.compile(r"<U\+([0-9A-F]{4,6})>")
_address = re.compile(r"\b(h)tt(ps?)(://)", re.IGNORECASE)
_host = re.compile(r"(?<=//)[^\s/?#]{1,300}")
_dotted = re.compile(
    r"(?<![\w./-])(?:[\w-]{1,63}\.){1,126}(?:xn--[a-z0-9-]{1,59}|[^\W\d_]{2,24})(?![\w-])|\b(?:\d{1,3}\.){3}\d{1,3}\b",
    re.IGNORECASE,
)
_bare = re.compile(r"(?<!\[)\.(?!\])")
FILES = frozenset(
    (
        *("csv", "doc", "docx", "eml", "gz", "htm", "html", "jpeg", "jpg", "json", "jsonl", "log"),
        *("docm", "mbox", "msg", "odp", "ods", "odt", "parquet", "pdf", "png", "ppt", "pptm", "pptx", "rtf"),
        *("tsv", "txt", "xls", "xlsm", "xlsx", "xml", "yaml", "yml"),
    )
)
"""Endings of files that end no name on the internet: `list.csv` is nothing that a reader makes a link of."""
SHORT = 160
LONGEST = 20_000
"""Characters of one value on a page; the whole is in the capture."""


def named(text: str) -> Markup:
    """The text in which spelt-out characters are marked and say their names.

    >>> print(named("a<U+202E>b"))
    a<span class="strange" title="RIGHT-TO-LEFT OVERRIDE">U+202E</span>b
    """
    if "<U+" not in text:  # as almost always: a page names hundreds of things
        return escape(text)
    parts: list[str] = []
    last = 0
    for found in _spelt.finditer(text):
        code = int(found[1], 16)
        name = unicodedata.name(chr(code), "CONTROL") if code < 0x110000 else ""
        parts += (
            escape(text[last : found.start()]),
            f'<span class="strange" title="{name}">U+{found[1]}</span>',
        )
        last = found.end()
    return Markup("".join([*parts, escape(text[last:])]))  # noqa: S704 - each part is escaped above


def unlinked(text: str) -> str:
    """The text with whatever reader software would make a link of made harmless.

    >>> unlinked("see https://evil.com/a and evil.net, 1.2.3.4")
    'see hxxps://evil[.]com/a and evil[.]net, 1[.]2[.]3[.]4'
    """
    harmless = _address.sub(r"\1xx\2\3", text)
    harmless = _host.sub(lambda found: _bare.sub("[.]", found[0]), harmless)
    return _dotted.sub(_undotted, harmless)


def _undotted(found: re.Match[str]) -> str:
    name = found[0]
    return name if name.rpartition(".")[2].casefold() in FILES else name.replace(".", "[.]")


def text(given: str) -> Markup:
    """A stranger's text, whole: harmless, nothing hidden in it, and apart from the text around it."""
    shown = named(show_name(unlinked(given[:LONGEST])))
    return Markup(f"<bdi>{shown}{'…' if len(given) > LONGEST else ''}</bdi>")  # noqa: S704 - escaped by `named`


def cut(given: str, width: int = SHORT) -> Markup:
    """The same, its beginning alone where it is long, with the whole one key press away."""
    if len(given) <= width:
        return text(given)
    beginning = named(show_name(unlinked(given[: width - 1])))
    return Markup('<details class="long"><summary><bdi>{}…</bdi></summary><div>{}</div></details>').format(
        beginning, text(given)
    )


def marked(given: str, places: Sequence[tuple[int, int]]) -> Markup:
    """The same with what stands at some places marked, as far as it is not shown otherwise than it is.

    Args:
        given: a text.
        places: from and before which letter, ascending and apart.
    """
    shown, done, parts = unlinked(given), 0, list[Markup]()
    for start, end in places:
        at = shown.find(given[start:end], max(start, done))  # making harmless takes no letter away
        if at >= 0:
            last = at + end - start
            parts += [_calm(shown[done:at]), Markup("<mark>{}</mark>").format(_calm(shown[at:last]))]
            done = last
    return Markup("<bdi>{}</bdi>").format(Markup("").join([*parts, _calm(shown[done:])]))


def _calm(part: str) -> Markup:
    return named(show_name(part))


def line(given: str, width: int = SHORT) -> Markup:
    """The same on one line without the rest, for where a link leads to the whole."""
    words = " ".join(given.split())
    return text(words if len(words) <= width else words[: width - 1] + "…")
