"""A figure: how much of what, and where, as one source published it: a text that reads back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said

FIGURE = "figure"
"""The property whose texts these are."""
LONGEST = 80
MOST_DIGITS = 24
BOUNDS = {"": "=", "about ": "~", "more than ": ">", "less than ": "<"}
"""Words before a value, and the signs that tables write for them."""
TO, ALONE = "{low:,f} to {high:,f}", "{low:,f}"
BOUNDED = {"~": "about {amount}", ">": "more than {amount}", "<": "less than {amount}"}
"""The same for people."""

_text = re.compile(
    r"(?P<measure>.+?)(?: in (?P<where>[A-Z]{2}(?:\+[A-Z]{2})*))?: "
    r"(?P<bound>about |more than |less than |)(?P<low>[0-9.]+)(?: to (?P<high>[0-9.]+))?(?: (?P<unit>\S+))?"
).fullmatch
_number = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?").fullmatch
_place = re.compile(r"[A-Z]{2}").fullmatch
_unit = re.compile(r"[^\W\d_]{1,12}|%").fullmatch
_currency = re.compile(r"[A-Z]{3}").fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How much of what, and where.

    Attributes:
        measure: what was counted, lower case: `arrests`, `cash seized`.
        low: the value, or the lower end of a range, as published.
        high: the upper end of a range; equal to `low` where one value was published.
        bound: `=` exactly, `~` about, `>` more than, `<` less than.
        unit: an ISO 4217 code (`USD`), another unit (`TB`, `%`), or empty where things are counted.
        where: ISO 3166 codes of the countries that it is about, sorted; empty for all of the operation.
    """

    measure: str
    low: Decimal
    high: Decimal
    bound: str = "="
    unit: str = ""
    where: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be read back.

        Raises:
            NotValidError: naming the part and its mend.
        """
        if not 0 < len(self.measure) <= LONGEST or self.measure != tidy(self.measure):
            raise NotValidError(
                Said("{measure!r} names no measure", measure=self.measure[:60]),
                mend="write the measure in words: arrests",
            )
        if ": " in self.measure or self.measure.endswith(":"):
            raise NotValidError(
                Said("the measure {measure!r} holds a colon", measure=self.measure[:60]),
                mend="leave the colon out",
            )
        if self.bound not in BOUNDS.values() or self.high < self.low:
            bound = self.bound if self.bound in BOUNDS.values() else repr(self.bound[:9])
            raise NotValidError(
                Said("{bound}{low} to {high} is no amount", bound=bound, low=self.low, high=self.high),
                mend="write = ~ > or <, low first",
            )
        if self.bound != "=" and self.high != self.low:
            raise NotValidError("a range that is open or vague as well", mend="write one or the other")
        if self.unit and not _unit(self.unit):
            raise NotValidError(
                Said("{unit!r} is no unit", unit=self.unit[:30]), mend="write USD, TB, % or nothing"
            )
        if any(not _place(code) for code in self.where) or list(self.where) != sorted(set(self.where)):
            raise NotValidError(
                Said("{names!r} names no countries", names="+".join(self.where)[:60]),
                mend="write KE or GH+NG",
            )

    @property
    def text(self) -> str:
        """As it stands in a claim: `cash seized in VN: more than 300000000 VND`."""
        place = f" in {'+'.join(self.where)}" if self.where else ""
        word = next(word for word, sign in BOUNDS.items() if sign == self.bound)
        until = f" to {self.high:f}" if self.high != self.low else ""
        return f"{self.measure}{place}: {word}{self.low:f}{until}{' ' if self.unit else ''}{self.unit}"

    @property
    def amount(self) -> str:
        """How much, for people: `more than 300,000,000 VND`."""
        several = self.high != self.low
        told = Said(TO if several else ALONE, low=self.low, high=self.high)
        if self.unit:
            told = Said("{amount} {unit}", amount=told, unit=self.unit)
        return Said(BOUNDED[self.bound], amount=told) if self.bound in BOUNDED else told

    @property
    def is_money(self) -> bool:
        """Whether the unit is a currency; its worth then depends on the day."""
        return _currency(self.unit) is not None

    @property
    def least(self) -> Decimal:
        """The smallest value that the words leave open; of `about 5` it is 5, as nobody says how far off."""
        return Decimal(0) if self.bound == "<" else self.low

    @property
    def most(self) -> Decimal | None:
        """The largest value that the words leave open; None where there is none."""
        return None if self.bound == ">" else self.high


def tidy(measure: str) -> str:
    """A measure as tables or people write it, in lower-case words.

    >>> tidy("Cash_seized ")
    'cash seized'
    """
    return " ".join(measure.replace("_", " ").lower().split())


def amount(text: str) -> Decimal:
    """A plain number of at most 24 digits; commas between thousands are read over, and stand nowhere else.

    Raises:
        NotValidError: anything else, a sign or an exponent too.
    """
    written = text.strip()
    bare = written.replace(",", "")
    if not _number(written) or len(bare) > MOST_DIGITS:
        raise NotValidError(
            Said("{text!r} is no amount", text=text[:40]), mend="write digits only: 1006 or 97.4"
        )
    return Decimal(bare)


def read_figure(text: str) -> Figure:
    """The figure that a claim's text says.

    >>> read_figure("arrests in GH+NG: about 20").where
    ('GH', 'NG')

    Raises:
        NotValidError: it says none.
    """
    found = _text(text)
    try:
        if found is None:
            raise NotValidError("no measure and value")  # noqa: TRY301 - one refusal for all
        low = amount(found["low"])
        return Figure(
            measure=found["measure"],
            low=low,
            high=amount(found["high"]) if found["high"] else low,
            bound=BOUNDS[found["bound"]],
            unit=found["unit"] or "",
            where=tuple((found["where"] or "").split("+")) if found["where"] else (),
        )
    except (NotValidError, InvalidOperation):
        raise NotValidError(
            Said("{text!r} says no figure", text=text[:80]), mend="write it as `arrests in KE: more than 20`"
        ) from None
