"""What hides in a text: characters that show nothing or turn the writing round, and marks piled on a letter.

One list for the command line, documents and pages. What a script needs to be written stays: joiners between
Persian or Indian letters, variants of Chinese ones, the colour of an emoji, the vowels of Thai and Arabic.
"""

from __future__ import annotations

import re
from unicodedata import bidirectional, category, combining

_unseen = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters (Cc)
    "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"  # format (Cf)
    "\u061c\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    "\u2028\u2029\ud800-\udfff"  # ends of lines and paragraphs, halves of pairs (Zl, Zp, Cs)
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2065\u2800\u3164\uffa0\ufff0-\ufff8"  # blank
    "\ufe00-\ufe0f\U0001d159\U000e0000\U000e0002-\U000e001f\U000e0080-\U000e0fff"  # ignored by default
    "\ufdd0-\ufdef"  # no characters at all, and in no XML (1.0, 2.2)
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)  # fmt: skip
_piled = re.compile(r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a"
                    r"\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]{5,}")  # fmt: skip
HIGHEST = 4
"""Marks on one letter that some script needs at once; more are a pile."""
_JOINERS, _VARIANTS, _MORE = "\u200c\u200d", "\ufe0e\ufe0f", "\U000e0100"


def visible(text: str) -> str:
    """The text with all that shows nothing, turns the writing round or is piled up, spelt out as `<U+202E>`.

    >>> visible("safe\u202egnp.exe")
    'safe<U+202E>gnp.exe'
    """
    if text.isascii() and text.isprintable():
        return text
    spelt = _unseen.sub(lambda found: found[0] if _needed(text, found.start()) else _code(found[0]), text)
    return spelt if spelt.isascii() else _piled.sub(_lowered, spelt)


def _code(character: str) -> str:
    return f"<U+{ord(character):04X}>"


def _lowered(found: re.Match[str]) -> str:
    return found[0][:HIGHEST] + "".join(map(_code, found[0][HIGHEST:]))


def _needed(text: str, at: int) -> bool:
    """Whether the writing before and after needs the character to be read as it is meant."""
    character, before, after = text[at], text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if not before:
        return False
    if character in _JOINERS:
        # RFC 5892, A.1 and A.2: after a virama, or between Arabic letters; and in a picture of several people
        joins = bool(after) and bidirectional(before) == bidirectional(after) == "AL"
        return combining(before) == 9 or joins or (character == "\u200d" and _pictures(text, at))
    if character in _VARIANTS:
        return category(before) in {"So", "Sm"} or (before in "#*0123456789" and after == "\u20e3")
    return character >= _MORE and "\u3400" <= before <= "\U0003ffff" and category(before) == "Lo"


def _pictures(text: str, at: int) -> bool:
    before = text[max(0, at - 2) : at].rstrip("\ufe0f")[-1:]
    return (
        bool(before) and category(before) in {"So", "Sk"} and category(text[at + 1 : at + 2] or " ") == "So"
    )
