"""Places in captures as collectors write them, `line 3, column 'name'`, in the reader's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.web.show.strange import line

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

NOUNS = (
    *("line", "lines", "page", "sheet", "after row", "row", "column", "byte", "message", "part", "entry"),
    "the whole file",
)
"""What places are counted in, besides JSON pointers."""
_noun = re.compile(rf"(?<![\w'/])(?:{'|'.join(NOUNS)})(?![\w'/])")


def said(where: str, translate: Callable[[str], str]) -> str:
    """The place as text.

    >>> said("line 3, column 'line'", str.upper)
    "LINE 3, COLUMN 'line'"
    """
    return _noun.sub(lambda found: translate(found[0]), where)


def place(where: str, translate: Callable[[str], str]) -> Markup:
    """The place on a page."""
    return line(said(where, translate))
