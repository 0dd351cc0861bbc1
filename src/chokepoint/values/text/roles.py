"""Whether the text calls an identifier malicious, official, or neither."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.values.internet import split_url
from chokepoint.values.suffix import registered_domain
from chokepoint.values.text.candidate import Candidate, Taken
from chokepoint.values.text.words import alternation, pattern, words

if TYPE_CHECKING:
    from chokepoint.values.text.view import View

INDICATOR, CONTEXT = "indicator", "context"
_BEFORE, _AFTER = 240, 110
_AFTER_COST = 24
_BETWEEN_COST = 45
_WEAK_COST = 60
_WEAK_REACH = 70
_GOVERNED = 14
_OUTRANKED_COST = 400
_OWN_VOICE = 3
_NEAREST = 6
_HEADINGS_BACK = 40
_TECHNICAL = frozenset({"file", "crypto-address", "crypto-transaction", "onion-service"})
_HARMLESS = (
    "legit",
    "genuine",
    "benign",
    "clean",
    "official",
    "ของจริง",
    "légitime",
    "legítim",
    "正規",
    "meşru",
    "echte",
)
_STOP = re.compile(
    r"[.!?。！？;；]+(?=[\s\"”»)」]|$)(?<!\b[A-Za-zก-๙]\.)(?<!tel\.)(?<!tél\.)(?<!tfno\.)(?<!tlf\.)(?<!โทร\.)(?<!ver\.)(?<!nr\.)(?<!no\.)|[。！？；]|\n"
)
_HEADING_MARKS = " #=*:：\r"


class Role(NamedTuple):
    """A role with its reason."""

    name: str
    reason: str


class _Cue(NamedTuple):
    start: int
    end: int
    role: str
    words: str
    weak: bool


class _Heading(NamedTuple):
    line: int
    until: int
    marked: bool
    role: Role | None


class Judge:
    """Roles of the candidates of one text."""

    def __init__(self, view: View, candidates: list[Candidate]) -> None:
        self._view = view
        self._starts = sorted(candidate.start for candidate in candidates)
        self._cues = _cues(view, candidates)
        self._cue_starts = [cue.start for cue in self._cues]
        self._crime = view.any_defanged or any(cue.role == INDICATOR for cue in self._cues)
        self._stops = [found.start() for found in _STOP.finditer(view.low)]
        self._own_voice = _is_own_voice(view)
        self._headings = _headings(view, self._starts)
        self._heading_lines = [heading.line for heading in self._headings]

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
        referred = _is_reference(candidate, host) and not candidate.defanged
        if referred and (cue is None or self._own_voice or cue.role == CONTEXT):
            return Role(CONTEXT, "a site that reports refer to")
        if self._own_voice:
            return Role(INDICATOR, "named by the extortionists themselves")
        if cue:
            return Role(cue.role, f"the text says {cue.words.strip()!r} beside it")
        return self._by_surroundings(candidate)

    def _by_surroundings(self, candidate: Candidate) -> Role:
        if candidate.defanged:
            return Role(INDICATOR, "written so that nobody opens it by accident")
        section = self._section(candidate) or self._line_before(candidate)
        if section:
            return section
        if candidate.entity.kind == "onion-service":
            return Role(INDICATOR, "a hidden service, and nothing calls it official")
        if self._crime:
            return Role(INDICATOR, "named in a report of crime, and nothing calls it official")
        return Role(CONTEXT, "nothing in the text calls it malicious")

    def _direct(self, cue: _Cue, candidate: Candidate) -> bool:
        gap = (
            self._view.low[cue.end : candidate.start]
            if cue.end <= candidate.start
            else self._view.low[candidate.end : cue.start]
        )
        return len(gap) <= 24

    def _sentence_cue(self, candidate: Candidate) -> _Cue | None:
        first, last = self._sentence(candidate)
        here = bisect_left(self._cue_starts, candidate.start)
        start = max(bisect_left(self._cue_starts, first), here - _NEAREST)
        inside = self._cues[start : min(bisect_left(self._cue_starts, last), here + _NEAREST)]
        best: _Cue | None = None
        least = float("inf")
        for cue in inside:
            if cue.start < candidate.end and cue.end > candidate.start:
                continue
            if not _governs(Role(cue.role, ""), candidate, cue.words):
                continue
            if cue.weak and not 0 <= candidate.start - cue.end <= _WEAK_REACH:
                continue
            cost = self._cost(cue, candidate, inside)
            if cost < least:
                best, least = cue, cost
        return best

    def _cost(self, cue: _Cue, candidate: Candidate, inside: list[_Cue]) -> float:
        if cue.end <= candidate.start:
            gap = candidate.start - cue.end
            low, high = cue.end, candidate.start
            if _outranked(cue, inside, self._view.low):
                gap += _OUTRANKED_COST
        else:
            gap = max(0, cue.start - candidate.end) + _AFTER_COST
            low, high = candidate.end, cue.start
        between = bisect_left(self._starts, high) - bisect_right(self._starts, low - 1)
        gap += _WEAK_COST if cue.weak else 0
        listed = _is_list(self._view.low[low:high]) if between and high - low < 400 else False
        return gap + (0 if listed else _BETWEEN_COST * min(between, 4))

    def _sentence(self, candidate: Candidate) -> tuple[int, int]:
        at = bisect_left(self._stops, candidate.start)
        first = self._stops[at - 1] + 1 if at else 0
        after = bisect_left(self._stops, candidate.end)
        last = self._stops[after] if after < len(self._stops) else len(self._view.low)
        return max(first, candidate.start - _BEFORE), min(last, candidate.end + _AFTER)

    def _line_before(self, candidate: Candidate) -> Role | None:
        """Items of a list of contacts go on with what the line before them said last."""
        view = self._view
        line = view.line_of(candidate.start)
        first, last = view.line_span(line)
        if line == 0 or last - first > 160:
            return None
        above = view.line_span(line - 1)[0]
        at = bisect_left(self._cue_starts, first) - 1
        if (
            at >= 0
            and self._cues[at].start >= above
            and self._cues[at].role == CONTEXT
            and not self._cues[at].weak
        ):
            return Role(CONTEXT, f"it goes on a line that says {self._cues[at].words.strip()!r}")
        return None

    def _section(self, candidate: Candidate) -> Role | None:
        line = self._view.line_of(candidate.start)
        at = bisect_right(self._heading_lines, line) - 1
        for heading in reversed(self._headings[max(0, at - _HEADINGS_BACK) : at + 1]):
            if (
                heading.until > line
                and heading.role
                and _governs(heading.role, candidate, heading.role.reason)
            ):
                return heading.role
            if heading.marked and heading.role:
                return None
        return None


def _governs(role: Role, candidate: Candidate, said: str) -> bool:
    """Digests, wallets and hidden services are not made harmless by a word such as `source` beside them."""
    if role.name == INDICATOR or candidate.entity.kind not in _TECHNICAL:
        return True
    return any(word in said for word in _HARMLESS)


def _outranked(cue: _Cue, inside: list[_Cue], low: str) -> bool:
    """`fake official account`, `posing as the police`: what a bad word governs is not official."""
    if cue.role != CONTEXT or cue.words.startswith(words("cue", "self_standing")):
        return False
    return any(
        other.role == INDICATOR
        and 0 <= cue.start - other.end <= _GOVERNED
        and "." not in low[other.end : cue.start]
        for other in inside
    )


_link_words = re.compile(
    r"[\s,、/|&()\"'“”‘’「」•*-]|\b(?:and|or|und|oder|sowie|et|ou|y|e|o|ve|veya|ile)\b|และ|หรือ|と|や"
)
_token = re.compile(r"[@\w.:/+-]{2,}")


def _is_list(between: str) -> bool:
    """Whether only identifiers and joining words lie between."""
    rest = [
        word for word in _token.findall(_link_words.sub(" ", between)) if not re.search(r"[.@0-9/+]", word)
    ]
    return not rest


@cache
def _cue_pattern() -> re.Pattern[str]:
    return re.compile(
        alternation((*words("cue", "bad"), *words("cue", "official"), *words("cue", "institution")))
    )


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(words("cue", name))


def _cues(view: View, candidates: list[Candidate]) -> list[_Cue]:
    """Every word that calls something bad or official, those inside identifiers left out."""
    bad, weak = _listed("bad"), _listed("institution")
    identifiers = Taken(len(view.low))
    for candidate in candidates:
        identifiers.add(candidate.start, candidate.end)
    return [
        _Cue(
            found.start(), found.end(), INDICATOR if found[0] in bad else CONTEXT, found[0], found[0] in weak
        )
        for found in _cue_pattern().finditer(view.low)
        if identifiers.free(found.start(), found.end())
    ]


def _headings(view: View, starts: list[int]) -> list[_Heading]:
    """Lines that head a section, and what their words say of what stands below."""
    headings: list[_Heading] = []
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
        headings.append(_Heading(line, until, marked, _heading_role(text)))
    return headings


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


def _heading_role(text: str) -> Role | None:
    reason = f"it stands under {text.strip(_HEADING_MARKS)[:60]!r}"
    if pattern("cue", "bad").search(text):
        return Role(INDICATOR, reason)
    return Role(CONTEXT, reason) if pattern("cue", "official").search(text) else None


def _is_own_voice(view: View) -> bool:
    """Whether the text is a ransom note and not a report of one."""
    sample = view.low[:20_000]
    own = {found[0] for found in pattern("cue", "own_voice").finditer(sample)}
    if len(own) < _OWN_VOICE:
        return False
    reporting = {found[0] for found in pattern("cue", "reporting").finditer(sample)}
    return len(own) > 2 * len(reporting)


def _is_reference(candidate: Candidate, host: str) -> bool:
    return candidate.entity.kind != "email-addr" and registered_domain(host) in words(
        "role", "reference_hosts"
    )


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
