"""Words of estimative probability, ICD 203 (US Director of National Intelligence, 2015), part D.6.e.2."""

from __future__ import annotations

from chokepoint.model.errors import NotValidError

_WORDS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.0, "almost certain"),
)


def likelihood(probability: float) -> str:
    """The word for a probability.

    >>> likelihood(0.5), likelihood(0.8), likelihood(0.96)
    ('roughly even chance', 'very likely', 'almost certain')

    Raises:
        NotValidError: outside 0 to 1.
    """
    if not 0.0 <= probability <= 1.0:
        raise NotValidError(f"{probability} is no probability", mend="give a number from 0 to 1")
    for upper, word in _WORDS:
        if probability < upper:
            return word
    return _WORDS[-1][1]
