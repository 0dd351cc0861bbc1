"""A language in which all that we say stands in ⟦⟧, and what of a page stands outside them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from babel.support import NullTranslations
from selectolax.lexbor import LexborHTMLParser

from chokepoint.web.locales.update import used
from chokepoint.web.show import languages, templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from babel.messages.catalog import Catalog

STANDS_FOR = "sw"
"""The language whose catalogue is replaced; numbers and months stay its own."""
_put_in = re.compile(r"(%\(\w+\)[sd]|\{[^{}]*\})")
_ours = re.compile("⟦[^⟦⟧]*⟧")
_identifier = re.compile(r"\S*\d\S*")
_label = re.compile(r"\b(?:TLP|PAP):[A-Z]+(?:\+STRICT)?")
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = frozenset({"title", "aria-label", "placeholder", "alt", "label", "aria-roledescription"})
"""Attributes that a reader sees or hears; those named `data-…` are what scripts write."""
CODES = frozenset({"data-token", "data-of", "data-view", "data-key", "data-part", "data-size", "data-words"})
UNSPOKEN = (
    "script, style, template, code, pre, kbd, time, datalist, svg.icon, [translate=no], [lang]:not(html)"
)


class Pseudo(NullTranslations):
    """Messages with all but what is put in between ⟦ and ⟧."""

    def __init__(self, held: Catalog) -> None:
        super().__init__()
        self.held = held

    def ugettext(self, message: str) -> str:
        return marked(message) if self.held.get(message) else message

    gettext = ugettext

    def pgettext(self, context: str, message: str) -> str:
        return marked(message) if self.held.get(message, context) else message

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        message = singular if num == 1 else plural
        return marked(message) if self.held.get((singular, plural)) else message

    ngettext = ungettext


def marked(message: str) -> str:
    """The message in the language that is none.

    >>> marked("{count} things of %(name)s")
    '{count}⟦ things of ⟧%(name)s'
    """
    parts = _put_in.split(message)
    return "".join(part if at % 2 or not part else f"⟦{part}⟧" for at, part in enumerate(parts))


def speak(patch: pytest.MonkeyPatch) -> None:
    """Let the desk speak that language instead of `STANDS_FOR`."""
    true, pseudo = languages.translations, Pseudo(used())
    patch.setattr(languages, "translations", lambda code: pseudo if code == STANDS_FOR else true(code))
    templates.environment.cache_clear()


def outside(html: str, data: frozenset[str] = frozenset()) -> list[str]:
    """Texts of a page in which a word is neither ours in ⟦⟧, nor a label, nor a word of the data."""
    page = LexborHTMLParser(html)
    for node in page.css(UNSPOKEN):
        node.decompose()
    return [text for text in _texts(page) if not _is_said(text, data)]


def _texts(page: LexborHTMLParser) -> Iterator[str]:
    assert page.root
    for node in page.root.traverse(include_text=True):
        if node.tag == "-text":
            yield " ".join((node.text(deep=False) or "").split())
            continue
        for name, value in node.attributes.items():
            if name == "data-words":
                yield from _within(json.loads(value or "{}"))
            elif name == "data-piece":
                yield from drawn(value or "{}")
            elif name in SPOKEN or (name.startswith("data-") and name not in CODES and " " in (value or "")):
                yield f"{name}={value}".partition("=")[2]


def drawn(piece: str) -> Iterator[str]:
    """Texts of a part of the map that its canvas draws, beside the ids by which it asks for more."""
    told = json.loads(piece or "{}")
    for one in (*told.get("nodes", ()), *told.get("lines", ())):
        yield from (one[name] for name in ("name", "label", "word", "tlp") if name in one)


def _within(told: object) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for one in told.values():
            yield from _within(one)


def _is_said(text: str, data: frozenset[str]) -> bool:
    rest = _put_in.sub(" ", text)
    rest = _identifier.sub(" ", _label.sub(" ", _ours.sub(" ", rest)))
    return {word.casefold() for word in WORD.findall(rest)} <= data
