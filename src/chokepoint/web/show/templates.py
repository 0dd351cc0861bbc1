"""Templates: one environment a language, whose filters and messages know it; all is escaped."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from markupsafe import escape

from chokepoint.model.said import BESIDE, Said, unkept
from chokepoint.web.show import figures, languages, places, strange, values
from chokepoint.web.show.told import Teller

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.bccache import Bucket
    from markupsafe import Markup


UNKNOWN, UNNAMED = "unknown", "a source not named"
"""The publisher of what came without one, as the ledger has it and as people read it."""


def _filters(language: str) -> dict[str, Callable[..., Any]]:
    locale = languages.locale(language)
    translate = languages.translations(language).ugettext
    teller = Teller(language)

    def said_or(show: Callable[..., Markup]) -> Callable[..., Markup]:
        return lambda given, *how: teller.markup(given) if isinstance(given, Said) else show(given, *how)

    return {
        "text": said_or(strange.text),
        "cut": said_or(strange.cut),
        "line": said_or(strange.line),
        "marked": strange.marked,
        "told": teller.markup,
        "refusal": lambda told: teller.refusal(unkept(told)),
        "publisher": lambda origin, width=strange.SHORT: (
            escape(translate(UNNAMED)) if origin == UNKNOWN else strange.line(origin, width)
        ),
        "value": partial(values.value, locale=locale),
        "title": partial(values.title, translate=translate),
        "country": partial(values.country, locale=locale),
        "place": partial(places.place, translate=translate),
        "address": values.address,
        "kind": lambda name: translate(values.kind(name)),
        "sentence": lambda name, forward=True: translate(values.sentence(name, forward=forward)),
        "number": partial(figures.number, locale=locale),
        "rounded": partial(figures.rounded, locale=locale),
        "decimals": partial(figures.decimals, locale=locale),
        "size": partial(figures.size, locale=locale),
        "percent": partial(figures.percent, locale=locale),
        "likely": lambda belief: translate(figures.likely(belief)),
        "bar": figures.bar,
        "moment": partial(figures.moment, locale=locale),
        "second": partial(figures.second, locale=locale),
        "day": partial(figures.day, locale=locale),
        "interval": partial(figures.interval, locale=locale),
        "tlp": figures.tlp,
        "said": translate,
    }


class _Compiled(BytecodeCache):
    """What one language has compiled, for the others: messages are looked up when a page is made."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_compiled = _Compiled()


@cache
def environment(language: str) -> Environment:
    """The templates in a language."""
    made = Environment(
        loader=PackageLoader("chokepoint.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        bytecode_cache=_compiled,
    )
    made.install_gettext_translations(  # type: ignore[attr-defined] # what the extension adds
        languages.translations(language), newstyle=True
    )
    made.filters.update(_filters(language))
    made.globals["static"] = static
    made.globals.update(zip(("comma", "semicolon", "colon"), stops(language), strict=True))
    return made


def stops(language: str) -> tuple[str, str, str]:
    """What stands between the parts of a list, between lists, and after a word that is explained."""
    comma = languages.translations(language).ugettext(BESIDE).replace("{one}", "").replace("{other}", "")
    apart = "\N{NARROW NO-BREAK SPACE}" if language == "fr" else ""
    return comma, apart + comma.replace(",", ";").replace("،", "؛"), apart + ": "


@cache
def static(path: str) -> str:
    """The address of a file of ours, which changes with what is in it."""
    data = (resources.files("chokepoint.web") / "static" / path).read_bytes()
    return f"/static/{path}?v={hashlib.sha256(data).hexdigest()[:12]}"
