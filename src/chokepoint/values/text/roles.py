"""Whether the text calls an identifier malicious, official, or neither."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from typing import NamedTuple

from chokepoint.values.internet import split_url
from chokepoint.values.suffix import registered_domain
from chokepoint.values.text.candidate import Candidate
from chokepoint.values.text.view import View
from chokepoint.values.text.words import alternation, pattern, words

INDICATOR, CONTEXT = "indicator", "context"
_BEFORE, _AFTER = 240, 110
_AFTER_COST = 24
_BETWEEN_COST = 45
_STOP = re.compile(r"[.!?。！？;；]+(?=[\s\"”»)」]|$)(?<!\b[A-Za-zก-๙]\.)(?<!tel\.)(?<!โทร\.)(?<!ver\.)(?<!nr\.)(?<!no\.)|[。！？；]|\n")
_HEADING = re.compile(r"\s{0,3}(?:#{1,6}|={1,6}|\*\*|[0-9]{1,2}[.)])?\s?(?P<title>[^\n]{2,90}?)(?:\*\*)?\s?(?P<colon>[:：])?\s*$")


class Role(NamedTuple):
    """A role with its reason."""

    name: str
    reason: str


class _Cue(NamedTuple):
    start: int
    end: int
    role: str
    words: str


class Judge:
    """Roles of the candidates of one text."""

    def __init__(self, view: View, candidates: list[Candidate]) -> None:
        self._view = view
        self._starts = sorted(candidate.start for candidate in candidates)
        self._cues = _cues(view)
        self._cue_starts = [cue.start for cue in self._cues]
        self._crime = view.any_defanged or any(cue.role == INDICATOR for cue in self._cues)
        self._stops = [found.start() for found in _STOP.finditer(view.low)]
        self._headings = _headings(view, self._starts)
        self._heading_lines = [line for line, _ in self._headings]

    def role(self, candidate: Candidate) -> Role:
        """The role of one candidate: what its sentence says, else its section, its suffix, the whole text."""
        if candidate.settled:
            return Role(CONTEXT, candidate.settled)
        cue = self._sentence_cue(candidate)
        host = _host_of(candidate)
        if host and (public := _public(host)):
            direct = cue and cue.role == INDICATOR and self._direct(cue, candidate)
            if not direct and not candidate.defanged:
                return Role(CONTEXT, public)
        if cue is None and host and not candidate.defanged and registered_domain(host) in words("role", "reference_hosts"):
            return Role(CONTEXT, "a site that reports refer to")
        if cue:
            return Role(cue.role, f"the text says {cue.words.strip()!r} beside it")
        return self._by_surroundings(candidate, host)

    def _by_surroundings(self, candidate: Candidate, host: str) -> Role:
        if candidate.defanged:
            return Role(INDICATOR, "written so that nobody opens it by accident")
        if host and registered_domain(host) in words("role", "reference_hosts"):
            return Role(CONTEXT, "a site that reports refer to")
        section = self._section(candidate)
        if section:
            return section
        if self._crime:
            return Role(INDICATOR, "named in a report of crime, and nothing calls it official")
        return Role(CONTEXT, "nothing in the text calls it malicious")

    def _direct(self, cue: _Cue, candidate: Candidate) -> bool:
        gap = self._view.low[cue.end : candidate.start] if cue.end <= candidate.start else self._view.low[candidate.end : cue.start]
        return len(gap) <= 24

    def _sentence_cue(self, candidate: Candidate) -> _Cue | None:
        first, last = self._sentence(candidate)
        inside = self._cues[bisect_left(self._cue_starts, first) : bisect_left(self._cue_starts, last)]
        best: _Cue | None = None
        least = float("inf")
        for cue in inside:
            if cue.start < candidate.end and cue.end > candidate.start:
                continue
            cost = self._cost(cue, candidate, inside)
            if cost < least:
                best, least = cue, cost
        return best

    def _cost(self, cue: _Cue, candidate: Candidate, inside: list[_Cue]) -> float:
        if cue.end <= candidate.start:
            gap = candidate.start - cue.end
            low, high = cue.end, candidate.start
            if _outranked(cue, inside, candidate.start):
                gap += 400
        else:
            gap = max(0, cue.start - candidate.end) + _AFTER_COST
            low, high = candidate.end, cue.start
        between = bisect_left(self._starts, high) - bisect_right(self._starts, low - 1)
        listed = _is_list(self._view.low[low:high]) if between and high - low < 400 else False
        return gap + (0 if listed else _BETWEEN_COST * min(between, 4))

    def _sentence(self, candidate: Candidate) -> tuple[int, int]:
        at = bisect_left(self._stops, candidate.start)
        first = self._stops[at - 1] + 1 if at else 0
        after = bisect_left(self._stops, candidate.end)
        last = self._stops[after] if after < len(self._stops) else len(self._view.low)
        return max(first, candidate.start - _BEFORE), min(last, candidate.end + _AFTER)

    def _section(self, candidate: Candidate) -> Role | None:
        line = self._view.line_of(candidate.start)
        at = bisect_right(self._heading_lines, line) - 1
        while at >= 0:
            _, role = self._headings[at]
            if role is not None:
                return role
            at -= 1
            if len(self._headings) - at > 0 and line - self._heading_lines[max(at, 0)] > 400:
                return None
        return None


def _outranked(cue: _Cue, inside: list[_Cue], stop: int) -> bool:
    """`fake official account`, `posing as the police`: what a bad word governs is not official."""
    if cue.role != CONTEXT:
        return False
    return any(
        other.role == INDICATOR and other.end <= cue.start and cue.start - other.end <= 14 and cue.end <= stop for other in inside
    )


_link_words = re.compile(r"[\s,、/|&()\"'“”‘’「」•*-]|\b(?:and|or|und|oder|sowie|et|ou|y|e|o|ve|veya|ile)\b|และ|หรือ|と|や")
_token = re.compile(r"[@\w.:/+-]{2,}")


def _is_list(between: str) -> bool:
    """Whether only identifiers and joining words lie between."""
    rest = [word for word in _token.findall(_link_words.sub(" ", between)) if not re.search(r"[.@0-9/+]", word)]
    return not rest


@cache
def _cue_pattern() -> re.Pattern[str]:
    return re.compile(alternation((*words("cue", "bad"), *words("cue", "official"))))


@cache
def _bad_words() -> frozenset[str]:
    return frozenset(words("cue", "bad"))


def _cues(view: View) -> list[_Cue]:
    bad = _bad_words()
    return [
        _Cue(found.start(), found.end(), INDICATOR if found[0] in bad else CONTEXT, found[0])
        for found in _cue_pattern().finditer(view.low)
    ]


def _headings(view: View, starts: list[int]) -> list[tuple[int, Role | None]]:
    """Lines that head a section, with the role that their words give, None where they give none."""
    headings: list[tuple[int, Role | None]] = []
    for line, first in enumerate(view.lines):
        last = view.line_span(line)[1]
        if last - first > 110 or last == first:
            continue
        text = view.low[first:last]
        if text[:1] not in "#=*" and not text.rstrip().endswith((":", "：")) and not _stands_out(view, line):
            continue
        at = bisect_left(starts, first)
        if at < len(starts) and starts[at] < last:
            continue
        headings.append((line, _heading_role(text)))
    return headings


def _stands_out(view: View, line: int) -> bool:
    """A short line without a final stop, with an empty line before it."""
    first, last = view.line_span(line)
    if last - first > 60 or view.text[last - 1 : last] in ".!?。":
        return False
    return line > 0 and view.line_span(line - 1)[1] <= view.line_span(line - 1)[0] and " " in view.text[first:last].strip()


def _heading_role(text: str) -> Role | None:
    bad, official = pattern("cue", "bad").search(text), pattern("cue", "official").search(text)
    if bad:
        return Role(INDICATOR, f"it stands under {text.strip(' #=*:：')[:60]!r}")
    if official:
        return Role(CONTEXT, f"it stands under {text.strip(' #=*:：')[:60]!r}")
    return None


def _host_of(candidate: Candidate) -> str:
    kind, value = candidate.entity
    if kind == "domain-name":
        return value
    if kind == "email-addr":
        return value.rpartition("@")[2]
    if kind == "url":
        host = split_url(value).host
        return host.value if host.kind == "domain-name" else ""
    return ""


def _public(host: str) -> str:
    labels = host.split(".")
    suffixes = words("role", "public_suffixes")
    known = any(host.endswith("." + suffix) or host == suffix for suffix in suffixes)
    if known or (len(labels) > 2 and labels[-2] in words("role", "public_labels") and len(labels[-1]) == 2):
        return "under a suffix of public bodies"
    return ""
