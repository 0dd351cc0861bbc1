"""Handling codes: what a recipient may do with what they see.

Source: Europol's codes of the SIENA exchange, in the wording of the Council's manual on law enforcement
information exchange.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterable

MEANING = {
    "H0": "only to prevent and combat crime",
    "H1": "not in judicial proceedings without the provider's permission",
    "H2": "not to be passed on without the provider's permission",
    "H3": "restricted by the provider's own words",
}
LONGEST = 500
_CODE = re.compile(r"(H[0-3])(?:\s*[:;,-]\s*(.*))?", re.IGNORECASE | re.DOTALL)


def parse_handling(text: str) -> str:
    """Read a handling code; H3 carries its provider's words.

    >>> parse_handling("h2"), parse_handling("H3 - ask  us first")
    ('H2', 'H3: ask us first')

    Raises:
        NotValidError: no such code, H3 without words, words on another code; nothing is guessed.
    """
    found = _CODE.fullmatch(text.strip())
    code = found[1].upper() if found else ""
    words = " ".join((found[2] or "").split()) if found else ""
    if not code or (code == "H3") is not bool(words) or len(words) > LONGEST or not words.isprintable():
        raise NotValidError(
            Said("unknown handling code {text!r}", text=text[:60]),
            place="--handling",
            mend=Said(
                "use H0, H1, H2, or H3: and the restriction in up to {longest} printable characters",
                longest=LONGEST,
            ),
        )
    return f"{code}: {words}" if words else code


def code(handling: str) -> str:
    """The code of a handling entry, its words left out; of an entry that is none, the entry itself."""
    return handling[:2] if handling[:2] in MEANING and handling[2:3] in ("", ":") else handling


def has(handling: Iterable[str], wanted: str) -> bool:
    """Whether one of the entries is that code."""
    return any(code(one) == wanted for one in handling)


def meaning(handling: str) -> str:
    """The entry as a sentence for people; an unknown entry binds in the words in which it was given.

    >>> meaning("H2"), meaning("H3: ask us first")
    ("H2: not to be passed on without the provider's permission", 'H3: ask us first')
    """
    known = MEANING.get(handling)
    return f"{handling}: {known}" if known else handling
