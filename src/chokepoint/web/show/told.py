"""Sentences of the desk in the reader's language, with numbers and days as the language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from string import Formatter
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from chokepoint.model.said import ADVICE, ADVICE_AFTER, Said
from chokepoint.web.show import languages, places, strange
from chokepoint.web.show.ways import here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel import Locale

MEND = ". Mend: "
OURS = frozenset({"why", "mend"})
"""Places of a message that hold another of ours, as rooms below write them without values."""
_reader = Formatter()
_ISOLATED = "\u2068{}\u2069"


@dataclass(frozen=True, slots=True)
class Teller:
    """Whoever says sentences in one language.

    Attributes:
        language: its code.
        flat: for drawings and scripts, which spell out whatever hides and so isolate nothing.
    """

    language: str
    flat: bool = False

    def __call__(self, sentence: str) -> str:
        """The sentence as plain text, for drawings and attributes; what is no `Said` is a message of ours.

        In writing from right to left what is put in is isolated, as it may run the other way.
        """
        turned = languages.locale(self.language).text_direction == "rtl"
        wrap = _ISOLATED if turned and not self.flat else "{}"
        return "".join(part if ours else wrap.format(part) for part, ours in self._parts(sentence))

    def markup(self, sentence: str) -> Markup:
        """The sentence on a page: what strangers wrote in it is harmless and stands apart.

        Text that is no `Said` is said as the message that it is, or taken for a stranger's.
        """
        sentence = here(sentence)
        if (
            not isinstance(sentence, Said)
            and languages.translations(self.language).ugettext(sentence) == sentence
        ):
            return strange.text(sentence)
        return Markup("").join(
            escape(part) if ours else strange.text(part) for part, ours in self._parts(sentence)
        )

    def refusal(self, reason: str) -> Markup:
        """Why a part of a file was refused, as collectors write it with its mend."""
        if isinstance(reason, Said) and reason.message in {ADVICE, ADVICE_AFTER}:
            parts = [str(one) if not isinstance(one, Said) else one for one in reason.values.values()]
        else:
            why, mark, mend = reason.partition(MEND) if not isinstance(reason, Said) else (reason, "", "")
            parts = [why, mend] if mark else [why]
        return Markup(" · ").join(map(self.markup, parts))

    def _parts(self, sentence: str) -> Iterator[tuple[str, bool]]:
        """Pieces of text in order, and whether they are ours: words of a message, numbers, days."""
        spoken, sentence = languages.translations(self.language), here(sentence)
        if not isinstance(sentence, Said):
            yield spoken.ugettext(sentence) if sentence else "", True
            return
        values = sentence.values
        if sentence.many:
            pattern = spoken.ungettext(sentence.message, sentence.many, ceil(float(str(values["count"]))))
        else:
            pattern = spoken.ugettext(sentence.message)
        if not values:
            yield pattern, True
            return
        for words, place, spec, conversion in _reader.parse(pattern):
            yield words, True
            if place is not None:
                value = values[place]
                if place == "place":
                    value = places.said(str(value), spoken.ugettext)
                elif place in OURS and not isinstance(value, Said):
                    ours = here(str(value))
                    value = Said(ours) if ours != value or spoken.ugettext(ours) != ours else ours
                yield from self._value(value, spec or "", conversion or "")

    def _value(self, value: object, spec: str, conversion: str) -> Iterator[tuple[str, bool]]:
        if isinstance(value, Said):
            yield from self._parts(value)
        elif isinstance(value, date):
            yield format_date(value, "d MMM y", locale=languages.locale(self.language)), True
        elif isinstance(value, str):
            quote = "'" if conversion == "r" else ""
            yield from ((quote, True), (value, False), (quote, True))
        else:
            yield written(value, spec, languages.locale(self.language)), True


def written(figure: object, spec: str, locale: Locale) -> str:
    """A number as the language writes it and as exactly as a format specification asks.

    >>> from babel import Locale
    >>> written(1234.56, ",.1f", Locale("pt")), written(1017, "", Locale("pt"))
    ('1.234,6', '1017')
    """
    if not spec:
        return str(figure)
    exact = format(figure, spec.replace(",", ""))
    if exact.endswith("%"):
        return format_percent(Decimal(exact[:-1]) / 100, locale=locale, decimal_quantization=False)
    return format_decimal(Decimal(exact), locale=locale, decimal_quantization=False)
