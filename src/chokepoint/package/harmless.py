"""Words of others as a report may show them: nothing hidden, nothing that software could follow."""

from __future__ import annotations

import re
from functools import lru_cache

from chokepoint.values.defang import defang, refang
from chokepoint.values.text import scan
from chokepoint.values.unseen import visible

_LINKED = frozenset({"domain-name", "url", "email-addr", "onion-service", "ipv4-addr"})
_READ = 20_000
_live = re.compile(r"\b(h)tt(ps?://)|\b(f)t(p://)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def harmless(text: str) -> str:
    """Words for readers: hidden characters spelt out, every address so that no software links it.

    >>> harmless("see https://evil.com/a, or bob@evil.com; evil[.]com is one already")
    'see hxxps://evil[.]com/a, or bob@evil[.]com; evil[.]com is one already'
    """
    parts, last = [], 0
    for found in scan(text[:_READ]) if "." in text else ():
        if found.entity.kind in _LINKED and found.start >= last and refang(found.raw) == found.raw:
            parts += [text[last : found.start], defang(found.raw)]
            last = found.end
    return visible(
        _live.sub(lambda one: f"{one[1] or one[3]}xx{one[2] or one[4]}", "".join([*parts, text[last:]]))
    )
