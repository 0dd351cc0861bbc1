"""Names of people in two to four letters of Chinese, Japanese or Korean: what stands for one in a text.

Such a name is whole in fewer letters than any part of a Latin name that is looked for by itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHORTEST, LONGEST = 2, 4
_HANGUL = "\uac00-\ud7a3"
LETTER = (
    r"\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    f"{_HANGUL}"
)
"""Han, kana and Hangul, as the inside of a set of a regular expression."""
_APART = r"[\s\u00b7\u30fb]"
_letters = re.compile(rf"[{LETTER}]{{{SHORTEST},{LONGEST}}}").fullmatch
_apart = re.compile(_APART).sub
_hangul = re.compile(f"[{_HANGUL}]{{{SHORTEST}}}").fullmatch
NO_HANGUL = rf"(?<![{_HANGUL}])"


def joined(name: str) -> str:
    """A name of two to four such letters without the blanks and middle dots in it; empty if it is none.

    >>> joined("김 민수"), joined("王芳"), joined("Ann Lane"), joined("王")
    ('김민수', '王芳', '', '')
    """
    whole = _apart("", unicodedata.normalize("NFKC", name))
    return whole if _letters(whole) else ""


def given(name: str) -> str:
    """The given name: the words behind the first, else the last two of three or four letters.

    Empty where it has one letter, or the name is none of these.

    >>> given("김 민수"), given("王小明"), given("山田花子"), given("王芳"), given("김 민")
    ('민수', '小明', '花子', '', '')
    """
    words = _apart(" ", unicodedata.normalize("NFKC", name)).split()
    last = "".join(words[1:]) if len(words) > 1 else joined(name)[1:][-2:]
    return last if joined(name) and len(last) > 1 else ""


def is_short_hangul(name: str) -> bool:
    """Whether a name is of two letters of Hangul, which stand within many words: it must begin one.

    Before a Korean word stands a blank, behind it particles without one.
    """
    return _hangul(joined(name)) is not None


@lru_cache(maxsize=4096)
def standing(whole: str) -> re.Pattern[str]:
    """Where a name stands in a text: its letters side by side, or parted where no such letter stands before.

    Han and kana are written without blanks, so that a name may begin anywhere in a run of them, also where
    other words meet so by chance; so may one of three letters of Hangul. Of a name of two letters that are
    parted, none such stands behind either: each may be a word, or begin one.

    Args:
        whole: as `joined` gives it.
    """
    start = NO_HANGUL if is_short_hangul(whole) else ""
    parted = rf"{_APART}{{0,2}}".join(whole)
    end = rf"(?![{LETTER}])" if len(whole) == SHORTEST else ""
    return re.compile(rf"{start}{whole}|(?<![{LETTER}]){parted}{end}")
