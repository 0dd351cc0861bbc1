"""Numbers of names and things as a map counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from chokepoint.graph.columns import Bools, Shorts


def alphabetical(
    names: Mapping[int, str], used: NDArray[np.integer], words: Collection[str]
) -> tuple[tuple[str, ...], Shorts]:
    """The words of the vocabulary and further names in use, in order; and the place of each used number.

    Args:
        names: by the store's number.
        used: numbers in sight.
        words: of the vocabulary, in use or not.
    """
    ordered = tuple(sorted({*words, *(names[number] for number in np.flatnonzero(in_sight(used)).tolist())}))
    at = {name: place for place, name in enumerate(ordered)}
    places = np.zeros(max(names, default=-1) + 1, np.int16)
    for number, name in names.items():
        places[number] = at.get(name, 0)
    return ordered, places


def in_sight(numbers: NDArray[np.integer]) -> Bools:
    """For each number up to the largest whether it comes up."""
    found = np.zeros(int(numbers.max(initial=-1)) + 1, np.bool_)
    found[numbers] = True
    return found
