"""The crypto-transaction kind: identifiers of transactions."""

from __future__ import annotations

import re

from chokepoint.model.errors import NotValidError

_shape = re.compile(r"(0[xX])?([0-9a-fA-F]{64})").fullmatch


def parse_transaction(text: str) -> str:
    """64 hexadecimal digits in lower case, with `0x` before them on chains that copy Ethereum.

    Raises:
        NotValidError: another form.
    """
    found = _shape(text.strip().strip("\"'`<>"))
    if not found:
        raise NotValidError(f"{text[:80]!r} is no transaction: 64 hexadecimal digits")
    return ("0x" if found[1] else "") + found[2].lower()
