"""Bytes to text, with what had to be replaced on the way."""

from __future__ import annotations

import re

from chokepoint.collect.base import Rejected
from chokepoint.model.errors import TooLargeError
from chokepoint.values.encoded import marked

LONGEST = 128 * 1024 * 1024
"""Bytes of the largest document that is held as one tree."""

_surrogate = re.compile("[\ud800-\udfff]")


def decode(data: bytes) -> tuple[str, list[Rejected]]:
    """The text, and the first place where bytes were no text and stand as U+FFFD.

    Raises:
        TooLargeError: more than `LONGEST` bytes.
    """
    if len(data) > LONGEST:
        raise TooLargeError(
            f"{len(data):,} bytes in one tree; the limit is {LONGEST:,}", mend="split the file"
        )
    name = marked(data)
    try:
        return data.decode(name), []
    except UnicodeDecodeError as error:
        text = data.decode(name, "replace")
        line = data.count(b"\n", 0, error.start) + 1
        count = text.count("\ufffd")
        reason = f"{count} bytes are not {name}, read as U+FFFD. Mend: save the file as UTF-8"
        return text, [Rejected(f"line {line}", reason)]


def without_surrogates(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which no UTF-8 can carry."""
    return _surrogate.sub("\ufffd", text)
