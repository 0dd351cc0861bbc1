"""What formats say of how sure they are, as Admiralty gradings; the original word is always kept.

Sources: GraphSense tagpack taxonomy `confidence`; STIX 2.1 appendix A (Admiralty credibility column);
MISP taxonomies `admiralty-scale` and `misp:confidence-level`. A single source never reaches credibility 1.
"""

from __future__ import annotations

import re
from functools import lru_cache

from chokepoint.collect.formats import meanings
from chokepoint.model.source import CREDIBILITY, RELIABILITY, Grading

TAGPACK = meanings("tagpack-confidence")
STIX_FLOORS = ((70, "2"), (50, "3"), (30, "4"), (0, "5"))
MISP_LEVELS = meanings("misp-confidence")

_admiralty = re.compile(
    r'admiralty-scale:(source-reliability|information-credibility)="([a-f1-6])"', re.IGNORECASE
).fullmatch
_level = re.compile(r'misp:confidence-level="([a-z-]+)"', re.IGNORECASE).fullmatch


@lru_cache(maxsize=256)
def tagpack_grading(confidence: str) -> Grading | None:
    """The grading of a tagpack's `confidence`; None where it gives none, F6 for an unknown word."""
    if not confidence:
        return None
    code = TAGPACK.get(confidence, "F6")
    return Grading(code[0], code[1], f"tagpack:{confidence[:60]}")


@lru_cache(maxsize=256)
def stix_grading(confidence: int | None, reliability: str = "F") -> Grading | None:
    """The grading of a STIX `confidence` of 0–100; it speaks of the information, never of the source."""
    if confidence is None or not 0 <= confidence <= 100:
        return None
    credibility = next(code for floor, code in STIX_FLOORS if confidence >= floor)
    return Grading(reliability, credibility, f"stix-confidence:{confidence}")


def misp_grading(tags: list[str]) -> Grading | None:
    """The grading that an event's tags spell out; None where they do not."""
    reliability, credibility, words = "F", "6", []
    for tag in tags:
        if found := _admiralty(tag):
            code = found[2].upper()
            if code in RELIABILITY:
                reliability = code
            elif code in CREDIBILITY:
                credibility = code
            words.append(tag)
        elif found := _level(tag):
            credibility = MISP_LEVELS.get(found[1].lower(), "6")
            words.append(tag)
    return Grading(reliability, credibility, "; ".join(words)[:200]) if words else None
