"""The scanner: text in, indicators with place and role out."""

from __future__ import annotations

from chokepoint.model.errors import TooLargeError
from chokepoint.values.base import Indicator
from chokepoint.values.text import codes, handles, messengers, network, phones
from chokepoint.values.text.candidate import Candidate, Taken
from chokepoint.values.text.language import guess
from chokepoint.values.text.roles import Judge
from chokepoint.values.text.view import View

LARGEST = 32 * 1024 * 1024
_AROUND = 160


def scan(text: str, *, lang_hint: str = "") -> list[Indicator]:
    """Indicators of a text in the order in which they stand there, each place once.

    Work and memory grow linearly with the text.

    Args:
        text: any text, defanged or not, up to 32 million characters.
        lang_hint: `en`, `th`, `fr`, `de`, `es`, `ja` or `tr` where the language is known.

    Raises:
        TooLargeError: the text is longer.
    """
    if len(text) > LARGEST:
        raise TooLargeError(
            f"a text of {len(text)} characters; at most {LARGEST} are scanned", mend="split it"
        )
    view = View(text)
    candidates = sorted(
        _candidates(view, lang_hint or guess(view.text)), key=lambda found: (found.start, found.end)
    )
    judge = Judge(view, candidates)
    return [_indicator(view, candidate, judge) for candidate in candidates]


def _candidates(view: View, language: str) -> list[Candidate]:
    taken = Taken(len(view.text))
    return [
        *network.find(view, taken),
        *codes.find(view, taken),
        *handles.find(view, taken),
        *messengers.find(view, phones.find(view, taken, language)),
    ]


def _indicator(view: View, candidate: Candidate, judge: Judge) -> Indicator:
    start, end = view.origin(candidate.start), view.origin(candidate.end)
    role = judge.role(candidate)
    return Indicator(
        entity=candidate.entity,
        raw=view.source[start:end],
        start=start,
        end=end,
        line=view.line_of(candidate.start) + 1,
        context=_context(view, candidate),
        role=role.name,
        reason=role.reason,
    )


def _context(view: View, candidate: Candidate) -> str:
    """The words around, on one line, at most 160 characters, the identifier in their midst."""
    first, last = view.line_span(view.line_of(candidate.start))
    spare = max(0, _AROUND - (candidate.end - candidate.start)) // 2
    start = max(first, candidate.start - spare)
    end = min(last, max(candidate.end + spare, start + _AROUND))
    return " ".join(view.text[start:end].split())[:_AROUND]
