"""How values look to people: nothing live, nothing hidden, look-alike letters named."""

from __future__ import annotations

import unicodedata

from chokepoint.values.defang import defang
from chokepoint.values.host import unicode_host
from chokepoint.values.names import country_names
from chokepoint.values.unseen import visible

_LOOKALIKE = frozenset("аеорсухіјѕԁԛԝһӏьвгкмнтАВЕКМНОРСТУХІЈЅαοεινρτυχκωΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսցհⅼⅰⅴⅹ")
"""Letters of other scripts that a reader takes for Latin ones (from Unicode's confusables)."""
_NEXT = frozenset({"Cyrillic", "Greek", "Coptic", "Armenian", "Cherokee", "Lisu", "Deseret"})
"""Scripts of such letters: nobody writes them and Latin ones in one word but to deceive."""


def show_host(value: str) -> str:
    """A host defanged; an internationalised one with its letters and their scripts beside it."""
    return defang(value) + _note(value)


def show_url(value: str) -> str:
    """A web or mail address defanged, hidden characters spelt out, scripts of its host named."""
    host = value.rpartition("@")[2].partition("://")[2] or value.rpartition("@")[2]
    return visible(defang(value)) + _note(host.partition("/")[0].partition(":")[0])


def _note(host: str) -> str:
    written = unicode_host(host)
    if written == host:
        return ""
    scripts = sorted({_script(c) for c in written if c.isalpha()})
    return f" ({visible(defang(written))}, {' and '.join(scripts)} letters)"


def _script(character: str) -> str:
    try:
        return unicodedata.name(character).partition(" ")[0].capitalize()
    except ValueError:
        return "Unnamed"


def show_account(value: str) -> str:
    """An account with its domain, if it holds one, defanged."""
    platform, mark, handle = value.partition(":")
    return show_name(platform + mark + (defang(handle) if "@" in handle else handle))


def show_name(value: str) -> str:
    """A name in which foreign letters that stand among Latin ones are spelt out as `<U+0430>`.

    Thai and Lao am, which normal forms take apart, is written as people write it.
    """
    shown = visible(value).replace("\u0e4d\u0e32", "\u0e33").replace("\u0ecd\u0eb2", "\u0eb3")
    return shown if shown.isascii() else " ".join(map(_shown_word, shown.split(" ")))


def _shown_word(word: str) -> str:
    if word.isascii() or not any("a" <= c.lower() <= "z" for c in word):
        return word
    return "".join(f"<U+{ord(c):04X}>" if c in _LOOKALIKE or _is_foreign(c) else c for c in word)


def _is_foreign(character: str) -> bool:
    """Whether a letter is of a script whose letters pass for Latin ones, and are written apart from those."""
    return not character.isascii() and character.isalpha() and _script(character) in _NEXT


def show_country(value: str) -> str:
    """The English name of a country from its code."""
    return country_names().get(value, value.upper())
