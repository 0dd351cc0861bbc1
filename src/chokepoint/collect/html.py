"""Web pages and HTML applications: what a reader sees, where links lead, and the strings of scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from chokepoint.collect import report
from chokepoint.collect.decoding import decode, is_page, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.formats import words
from chokepoint.model.errors import TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from chokepoint.collect.base import Document, Item

LONGEST = 16 * 1024 * 1024
DEEPEST = 1_000
"""Levels of tags above which a page's markup is only taken off, not understood."""

LINKS = ("href", "src", "action", "data-href")
_BLOCKS = (
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tr ul"
)
_ROUND = dict.fromkeys(_BLOCKS.split(), ("\n", "\n")) | {"td": ("", "\t"), "th": ("", "\t")}
_string = re.compile(r"\"((?:[^\"\\\n]|\\.){4,4000})\"|'((?:[^'\\\n]|\\.){4,4000})'")
_tag = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})[^<>]{0,4000}>")
_FLAT = frozenset(words("html-flat"))
_scheme = re.compile(r"(?:h(?:tt|xx|\*\*)ps?|fx?t?p|mailto|tg|tel)(?:\[?:)", re.IGNORECASE).match


class Html:
    """Collector of web pages, ransom notes in HTML among them."""

    name = "html"

    def recognises(self, document: Document) -> bool:
        """A tag of HTML near the beginning."""
        return is_page(document.head) and is_text(document)

    def read(self, document: Document) -> Iterator[Item]:
        """As a ransom note where it speaks to a victim, else as a report."""
        source, broken = decode(document)
        yield from broken
        text = visible(source)
        yield from with_derived(report.note_or_report(document, text, Finder(source).place))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


class Finder:
    """Finds the line of the source where something that a reader sees stands."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at, self._line = 0, 1

    def place(self, _number: int, raw: str) -> str:
        """`line N` of the source; the visible text where markup stands inside what was found."""
        at = self._source.find(raw, self._at)
        if at < 0:
            at = self._source.find(raw)
        if at < 0:
            return "visible text"
        if at < self._at:
            self._line = 1 + self._source.count("\n", 0, at)
        else:
            self._line += self._source.count("\n", self._at, at)
        self._at = at
        return f"line {self._line}"


def visible(source: str) -> str:
    """The text that a reader sees, then targets of links, then strings of scripts, a line each.

    A page nested absurdly deep is read without its markup being understood.

    Raises:
        TooLargeError: more than 16 MB of markup.
    """
    if len(source) > LONGEST:
        raise TooLargeError("a web page of more than 16 MB", mend="save its text")
    if _depth(source) > DEEPEST:
        return _tag.sub("\n", source)
    tree = LexborHTMLParser(source)
    title = tree.css_first("title")
    heading = title.text(strip=True) if title else ""
    scripts = [node.text() for node in tree.css("script")]
    tree.strip_tags(["script", "style", "title", "noscript"])
    body = "".join(_written(tree.body)) if tree.body else ""
    lines = [
        "\t".join(" ".join(cell.split()) for cell in line.split("\t")).strip() for line in body.split("\n")
    ]
    said = "\n".join([heading, *filter(None, lines)])
    links = (
        link for node in tree.css("a,area,form,iframe,link,img,button") for link in _targets(node.attributes)
    )
    found = dict.fromkeys((*(link for link in links if link not in said), *_all_strings(scripts)))
    return "\n".join([said, *found]).lstrip("\n")


def _written(body: LexborNode) -> Iterator[str]:
    """The text of a page: a line for each block, a tab after each cell, a link's target behind its words."""
    waiting: list[LexborNode | str] = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
            continue
        tag = node.tag or ""
        if tag == "-text":
            yield (node.text(deep=False) or "").replace("\n", " ").replace("\t", " ")
            continue
        before, after = _ROUND.get(tag, ("", ""))
        yield before
        target = next(_targets(node.attributes), "") if tag == "a" else ""
        if target and target not in (node.text() or ""):
            after = f" ({target}) {after}"
        waiting += [after, *reversed(list(node.iter(include_text=True)))]


def _all_strings(scripts: list[str]) -> Iterator[str]:
    for script in scripts:
        yield from _strings(script)


def _depth(source: str) -> int:
    """The deepest nesting of tags that must be closed; the parser needs the square of it in time."""
    depth = deepest = 0
    for found in _tag.finditer(source):
        if found[2].lower() in _FLAT:
            continue
        depth += -1 if found[1] else 1
        deepest = max(deepest, depth)
    return deepest


def _targets(attributes: dict[str, str | None]) -> Iterator[str]:
    for name in LINKS:
        value = (attributes.get(name) or "").strip()
        if _scheme(value) and len(value) < 4000:
            yield value.removeprefix("mailto:").removeprefix("tel:").partition("?subject")[0]


def _strings(script: str) -> Iterator[str]:
    for found in _string.finditer(script):
        yield " ".join((found[1] or found[2]).split())
