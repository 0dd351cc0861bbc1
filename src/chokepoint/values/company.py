"""The name of a company without what says only of which legal form it is, in the scripts of its registers."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files

from chokepoint.model.member import name_key

_PARTED = r"[^\w\u0300-\u036f\u0900-\u0fff]"
"""What parts words, among which the vowel signs and tone marks of Asian scripts are not."""


LONGEST = 200
"""Letters of a name; of what is longer nothing is taken away, which would cost time by its square."""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


_forms = tomllib.loads(_plain(files("chokepoint.values").joinpath("company.toml").read_text("utf-8")))


def _any(kind: str) -> str:
    """A pattern of all forms of a kind, the longest first."""
    return f"(?:{'|'.join(sorted(_forms[kind], key=len, reverse=True))})"


_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_PARTED}+{_any('last_words')}{_PARTED}*$",
        rf"{_PARTED}*{_any('last_signs')}{_PARTED}*$",
        rf"^{_PARTED}*{_any('first_words')}{_PARTED}+(?=\w)",
        rf"^{_PARTED}*?{_any('first_signs')}{_PARTED}*(?=\w)",
    )
)
_pointed = re.compile(r"(?<!\w)\w(?:[./]\w)+(?!\w)")
_points = str.maketrans("", "", "./")


@lru_cache(maxsize=8_192)
def company_key(name: str) -> str:
    """The key of a name without its legal form and its article.

    >>> company_key("Acme Holding Ltd.") == company_key("The ACME")
    True
    >>> company_key("บริษัท กรุงเทพเพย์ จำกัด (มหาชน)") == company_key("กรุงเทพเพย์")
    True
    """
    name = _pointed.sub(lambda found: found[0].translate(_points), _plain(name))
    shorter = len(name) <= LONGEST
    while shorter:
        shorter = False
        for form in _FORMS:
            short = form.sub("", name, count=1)
            if short != name and name_key(short):
                name, shorter = short, True
    return name_key(name)
