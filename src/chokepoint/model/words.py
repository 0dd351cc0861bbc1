"""Words for figures: likelihood, grading, verdict. One table each, so that a reader can audit them."""

from __future__ import annotations

from chokepoint.model.errors import NotValidError

# ICD 203 (2015), section D.6.e(2)(a): upper bound of the band, term.
LIKELIHOOD = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.00, "almost certain"),
)

# NATO AJP-2.1, Admiralty code.
RELIABILITY = {
    "A": "completely reliable source",
    "B": "usually reliable source",
    "C": "fairly reliable source",
    "D": "not usually reliable source",
    "E": "unreliable source",
    "F": "source cannot be judged",
}
CREDIBILITY = {
    "1": "confirmed by others",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}


def likelihood(belief: float) -> str:
    """The ICD 203 term for a probability.

    >>> likelihood(0.9)
    'very likely'

    Raises:
        NotValidError: not a probability.
    """
    if not 0.0 <= belief <= 1.0:
        raise NotValidError(f"{belief!r} is no probability", mend="give a number from 0 to 1")
    return next(term for bound, term in LIKELIHOOD if belief <= bound)


def percent(belief: float) -> str:
    r"""A probability as whole per cent, never rounded to a certainty that it does not have.

    >>> percent(0.9999), percent(0.0001), percent(1.0)
    ('>99\xa0%', '<1\xa0%', '100\xa0%')
    """
    if 0.0 < belief < 0.01:
        return "<1\N{NO-BREAK SPACE}%"
    if 0.99 < belief < 1.0:
        return ">99\N{NO-BREAK SPACE}%"
    return f"{round(100 * belief)}\N{NO-BREAK SPACE}%"


def explain_grading(code: str) -> str:
    """An Admiralty code in words.

    >>> explain_grading("B2")
    'usually reliable source, probably true'

    Raises:
        NotValidError: not a letter A–F and a figure 1–6.
    """
    try:
        return f"{RELIABILITY[code[:1]]}, {CREDIBILITY[code[1:]]}"
    except KeyError:
        raise NotValidError(
            f"{code!r} is no Admiralty grade", mend="write a letter and a figure: B2"
        ) from None


def plural(count: float, noun: str, many: str = "") -> str:
    """A count or measure with its noun.

    >>> plural(1, "claim"), plural(1200, "claim"), plural(1.5, "day"), plural(2.0, "day")
    ('1 claim', '1,200 claims', '1.5 days', '2 days')
    """
    figure = f"{count:,.0f}" if count == round(count) else f"{count:,.1f}"
    return f"{figure} {noun if count == 1 else many or noun + 's'}"
