"""Words of others as a report may show them: nothing hidden, nothing that software could follow."""

from __future__ import annotations

import re
from functools import lru_cache

from chokepoint.values.defang import defang, refang
from chokepoint.values.text import scan
from chokepoint.values.unseen import visible

_LINKED = frozenset({"domain-name", "url", "email-addr", "onion-service", "ipv4-addr"})
READ = 20_000
"""Characters that are read at once, so that the cost grows with the length of the words and not faster."""
_inner_dot = re.compile(r"(?<=[^\s\[])\.(?=[^\s\]])")
_live = re.compile(r"\b(h)tt(ps?://)|\b(f)t(p://)", re.IGNORECASE)


def pieces(most: int) -> re.Pattern[str]:
    """A run without a blank that is longer than so many characters, or as many as end beside a blank.

    One after the other these are the whole text, and no word is cut in two.
    """
    return re.compile(rf"\S{{{most + 1},}}|.{{1,{most}}}(?!\S)|.{{1,{most}}}(?<!\S)", re.DOTALL)


PIECES = pieces(READ)


@lru_cache(maxsize=4096)
def harmless(text: str) -> str:
    """Words for readers: hidden characters spelt out, every address so that no software links it.

    Of a run of more than 20,000 characters without a blank every dot within is taken for one of an address.

    >>> harmless("see https://evil.com/a, or bob@evil.com; evil[.]com is one already")
    'see hxxps://evil[.]com/a, or bob@evil[.]com; evil[.]com is one already'
    """
    told = "".join(map(_defanged, PIECES.findall(text))) if "." in text else text
    return visible(_live.sub(lambda one: f"{one[1] or one[3]}xx{one[2] or one[4]}", told))


def _defanged(piece: str) -> str:
    if len(piece) > READ:
        return _inner_dot.sub("[.]", piece)
    parts, last = [], 0
    for found in scan(piece):
        if found.entity.kind in _LINKED and found.start >= last and refang(found.raw) == found.raw:
            parts += [piece[last : found.start], defang(found.raw)]
            last = found.end
    return "".join([*parts, piece[last:]])
