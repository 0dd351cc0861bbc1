"""Bytes to text, with what had to be replaced on the way."""

from __future__ import annotations

import codecs
import re

from chokepoint.collect.base import Rejected
from chokepoint.model.errors import TooLargeError

LONGEST = 128 * 1024 * 1024
"""Bytes of the largest document that is held as one tree."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_surrogate = re.compile("[\ud800-\udfff]")


def encoding(data: bytes) -> str:
    """The encoding by byte order mark, or by the zero bytes that ASCII punctuation leaves (RFC 4627 §3)."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    first = data[:4]
    if len(first) == 4 and first.count(0) >= 2:
        if first[:2] == b"\0\0" or first[2:] == b"\0\0":
            return "utf-32-be" if first[0] == 0 else "utf-32-le"
        return "utf-16-be" if first[0] == 0 else "utf-16-le"
    return "utf-8"


def decode(data: bytes) -> tuple[str, list[Rejected]]:
    """The text, and the first place where bytes were no text and stand as U+FFFD.

    Raises:
        TooLargeError: more than `LONGEST` bytes.
    """
    if len(data) > LONGEST:
        raise TooLargeError(
            f"{len(data):,} bytes in one tree; the limit is {LONGEST:,}", mend="split the file"
        )
    name = encoding(data)
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
