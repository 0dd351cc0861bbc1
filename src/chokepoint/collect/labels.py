"""Labels of other formats → a marking: the strictest of all that stand at one thing."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from chokepoint.model.marking import Marking, Pap, parse_tlp

if TYPE_CHECKING:
    from collections.abc import Iterable


def asked_for(labels: Iterable[tuple[str, str]]) -> Marking | None:
    """The join of some labels, each a scheme (`tlp` or `pap`, in any case) and its word; None of none.

    A word that PAP does not know restricts as its strictest does; labels of other schemes say nothing here.

    >>> asked_for([("tlp", "green"), ("PAP", "WHITE"), ("tlp", "amber")]).tlp.label
    'TLP:AMBER'

    Raises:
        NotValidError: a word that TLP does not know, under which nothing may be shown to anybody.
    """
    found = [one for scheme, word in labels if (one := _marking(scheme.strip().lower(), word)) is not None]
    return reduce(Marking.join, found) if found else None


def _marking(scheme: str, word: str) -> Marking | None:
    if scheme == "tlp":
        return Marking(tlp=parse_tlp(word))
    if scheme == "pap":
        return Marking(pap=Pap.__members__.get(word.strip().upper().replace("WHITE", "CLEAR"), Pap.RED))
    return None
