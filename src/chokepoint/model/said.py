"""Sentences of ours that keep what was put into them, so that a face can say them in another language."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Said(str):
    """English text that is a message with values.

    Whoever only reads text sees English, the same bytes as if it had been written out; `web/show/told` says
    it in the reader's language. Values that are text are data and stay as they are; those that are `Said`
    are said as well; numbers and days are written as the language writes them, as exactly as the place in
    the message asks (`{flow:.4g}`).

    Attributes:
        message: with places in braces, as catalogues hold it.
        many: the message for any `count` but one, or empty where there is no plural.
        values: by place.
    """

    __slots__ = ("many", "message", "values")
    many: str
    message: str
    values: Mapping[str, object]

    def __new__(cls, message: str, many: str = "", /, **values: object) -> Self:
        """The sentence.

        Args:
            message: English, a literal of ours; never text from elsewhere.
            many: English for any `count` but one.
            values: for the places; without any the message is taken as it stands.

        >>> Said("{count:,} claim of {who}", "{count:,} claims of {who}", count=1200, who="bank")
        '1,200 claims of bank'
        """
        pattern = many if many and values["count"] != 1 else message
        self = super().__new__(cls, pattern.format_map(values) if values else pattern)
        self.message, self.many, self.values = message, many, values
        return self

    def through(self, change: Callable[[str], str]) -> Said:
        """The same sentence with each text that was put into it changed, those inside of others too."""
        return Said(self.message, self.many, **{
            place: _through(value, change) for place, value in self.values.items()
        })  # fmt: skip


def _through(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, Said):
        return value.through(change)
    return change(value) if isinstance(value, str) else value


def kept(sentence: str) -> str | dict[str, object]:
    """A sentence as canonical JSON holds it: text alone where it is no `Said` of texts and whole numbers."""
    if not isinstance(sentence, Said):
        return str(sentence)
    if not all(isinstance(one, str | int) for one in sentence.values.values()):
        return str(sentence)
    values = {place: kept(one) if isinstance(one, str) else one for place, one in sentence.values.items()}
    return {"message": sentence.message, "many": sentence.many, "values": values}


def unkept(told: str | dict[str, Any]) -> str:
    """The sentence that `kept` wrote."""
    if isinstance(told, str):
        return told
    values = {place: unkept(one) if isinstance(one, dict) else one for place, one in told["values"].items()}
    return Said(told["message"], told["many"], **values)


def advised(why: str, mend: str = "") -> str:
    """A reason with what can be done about it, as one sentence; without a mend the reason alone.

    >>> advised("no such member", "see the list")
    'no such member. Mend: see the list'
    """
    if not mend:
        return why
    return Said(ADVICE_AFTER if why.endswith((".", "!", "?")) else ADVICE, why=why, mend=mend)


def linked(link: str, parts: Iterable[str]) -> str:
    """Several things in a row; empty of none.

    Args:
        link: message that joins two: `AND` or another of those below.
        parts: in order.

    >>> linked(OR, ["bank", "police", "vendor"])
    'bank or police or vendor'
    """
    told = tuple(parts)
    return reduce(lambda one, other: Said(link, one=one, other=other), told) if told else ""


AND, OR, AGAINST = "{one} and {other}", "{one} or {other}", "{one} against {other}"
ADVICE, ADVICE_AFTER = "{why}. Mend: {mend}", "{why} Mend: {mend}"
"""A reason and its mend; faces show the two apart."""
BESIDE, AFTER = "{one}, {other}", "{one} {other}"
"""How two parts are joined: both, either, in conflict, as a list, one sentence after the other."""
AT = "{one} at {other}"
"""An account at whoever keeps it."""
LINKS = (AND, OR, AGAINST, BESIDE, AT)
