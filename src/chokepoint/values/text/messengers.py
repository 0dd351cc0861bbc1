"""Accounts that are phone numbers: what stands behind the name of WhatsApp is both."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from chokepoint.model.identity import Entity
from chokepoint.values import platforms
from chokepoint.values.text.candidate import Candidate
from chokepoint.values.text.words import alternation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chokepoint.values.text.view import View

_REACH = 40
_SHORT_NAMES = r"(?<![a-z])(?:wp|wa|wsp|zap)(?=[ :.]|$)"


@cache
def _named() -> re.Pattern[str]:
    names = alternation(("whatsapp", *platforms.by_name()["whatsapp"].words))
    return re.compile(rf"(?:{names}|{_SHORT_NAMES})[^0-9\n+;|]{{0,30}}$")


def find(view: View, phones: Iterable[Candidate]) -> Iterator[Candidate]:
    """Phones and, beside those that WhatsApp's name stands before, their accounts."""
    for phone in phones:
        yield phone
        number = phone.entity.value
        before = f"{view.column_head(phone.start)} {view.introduction(phone.start, _REACH)}"
        if number.startswith("+") and _named().search(before.rstrip("+( ")):
            yield Candidate(Entity("user-account", f"whatsapp:{number}"), phone.start, phone.end)
