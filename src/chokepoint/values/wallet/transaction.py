"""The crypto-transaction kind: identifiers of transactions."""

from __future__ import annotations

import re

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said

_shape = re.compile(r"(0[xX])?([0-9a-fA-F]{64})").fullmatch


def parse_transaction(text: str) -> str:
    """64 hexadecimal digits in lower case, with `0x` before them on chains that copy Ethereum.

    Raises:
        NotValidError: another form.
    """
    found = _shape(text.strip().strip("\"'`<>"))
    if not found:
        raise NotValidError(Said("{text!r} is no transaction: 64 hexadecimal digits", text=text[:80]))
    return ("0x" if found[1] else "") + found[2].lower()
