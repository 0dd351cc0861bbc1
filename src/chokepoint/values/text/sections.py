"""Headings of a text, and what their words say of all that stands below."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.values.text.words import pattern

if TYPE_CHECKING:
    from chokepoint.values.text.view import View

INDICATOR, CONTEXT = "indicator", "context"
_HEADING_MARKS = " #=*:：\r"


class Role(NamedTuple):
    """A role with its reason."""

    name: str
    reason: str


class Heading(NamedTuple):
    """A line that heads the lines up to `until`; `marked` by markup; its role is None where it says none."""

    line: int
    until: int
    marked: bool
    role: Role | None


def headings(view: View, starts: list[int]) -> list[Heading]:
    """Lines that head a section, and what their words say of what stands below."""
    found: list[Heading] = []
    for line, first in enumerate(view.lines):
        last = view.line_span(line)[1]
        if last - first > 110 or last == first:
            continue
        text = view.low[first:last].rstrip()
        marked = text[:1] in {"#", "="} or text.startswith("**")
        if not marked and not text.endswith((":", "：")) and not _stands_out(view, line):
            continue
        at = bisect_left(starts, first)
        if at < len(starts) and starts[at] < last:
            continue
        until = len(view.lines) if marked else _paragraph_end(view, line + 1)
        found.append(Heading(line, until, marked, heading_role(text)))
    return found


def _paragraph_end(view: View, line: int) -> int:
    """The first empty line after the first full one."""
    seen = False
    for at in range(line, min(line + 60, len(view.lines))):
        first, last = view.line_span(at)
        empty = not view.text[first:last].strip("\r -=|>*")
        if empty and seen:
            return at
        seen = seen or not empty
    return min(line + 60, len(view.lines))


def _stands_out(view: View, line: int) -> bool:
    """A short line without a final stop, with an empty line before it."""
    first, last = view.line_span(line)
    if last - first > 60 or view.text[last - 1 : last] in ".!?。":
        return False
    return (
        line > 0
        and view.line_span(line - 1)[1] <= view.line_span(line - 1)[0]
        and " " in view.text[first:last].strip()
    )


def heading_role(text: str) -> Role | None:
    """What the words of a heading say of what stands under it."""
    reason = f"it stands under {text.strip(_HEADING_MARKS)[:60]!r}"
    if pattern("cue", "bad").search(text):
        return Role(INDICATOR, reason)
    fine = any(pattern("cue", name).search(text) for name in ("official", "cleared"))
    return Role(CONTEXT, reason) if fine else None
