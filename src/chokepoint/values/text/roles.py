"""Whether the text calls an identifier malicious, official, or neither."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from chokepoint.values.text.cues import Cue, cues_of, is_own_voice
from chokepoint.values.text.exempt import exempt_at, exempt_parts
from chokepoint.values.text.parties import desk, party
from chokepoint.values.text.places import PUBLIC, host_of, is_reference, public
from chokepoint.values.text.sections import CONTEXT, INDICATOR, Role, heading_role, headings
from chokepoint.values.text.words import pattern, words

if TYPE_CHECKING:
    from chokepoint.values.text.candidate import Candidate
    from chokepoint.values.text.view import View

_BEFORE, _AFTER = 240, 110
_AFTER_COST = 24
_BETWEEN_COST = 45
_WEAK_COST = 60
_WEAK_REACH = 70
_TAIL_REACH = 3
_NEXT_REACH = 8
_GOVERNED = 14
_OUTRANKED_COST = 400
_NEAREST = 6
_HEADINGS_BACK = 40
_joined = re.compile(
    r"[ ,;/|()]{1,4}(?:(?:and|or|ou|et|und|oder|y|o|ve|veya|หรือ|และ)(?: le| la)? )?"
    r"(?:on |at |sur |tel\.?:? |tél\.?:? |โทร\.? ?|เบอร์ ?|電話[:：]?)?"
).fullmatch
_denied = re.compile(r"(?:\bnot|n't|\bnicht|\bpas|\bno|\bnão|\bnever) (?:an? |so |at all )?$").search
_TECHNICAL = frozenset({"file", "crypto-address", "crypto-transaction", "onion-service"})
_written = re.compile(r"\S")
_STOP = re.compile(
    r"[.!?。！？]+(?=[\s\"”»)」](?! ?[0-9])|$)"
    r"(?<!\b[A-Za-zก-๙]\.)(?<![tT]el\.)(?<![tT]él\.)(?<![tT]fno\.)(?<![tT]lf\.)(?<!โทร\.)(?<![vV]er\.)(?<![nN]r\.)(?<![nN]o\.)|[。！？；]|\n"
    r"|(?<=[a-z0-9)])[.!?](?=[A-ZÀ-Þ][a-zà-ÿ'’])"
)


class Judge:
    """Roles of the candidates of one text."""

    def __init__(self, view: View, candidates: list[Candidate]) -> None:
        self._view = view
        self._starts = sorted(candidate.start for candidate in candidates)
        self._ends = sorted(candidate.end for candidate in candidates)
        self._cues = cues_of(view, candidates)
        self._cue_starts = [cue.start for cue in self._cues]
        self._crime = view.any_defanged or any(cue.role == INDICATOR for cue in self._cues)
        self._crime = self._crime or bool(pattern("cue", "topic").search(view.low))
        self._last: tuple[Candidate, Role] | None = None
        self._short = len(view.low) < _TELLING
        self._chat = bool(_message.search(view.low))
        self._stops = [found.start() for found in _STOP.finditer(view.text)]
        self._own_voice = is_own_voice(view)
        self._exempt = exempt_parts(view.text)
        self._headings = headings(view, self._starts)
        self._last_line = view.line_of(len(view.text.rstrip()))
        self._heading_lines = [heading.line for heading in self._headings]

    def role(self, candidate: Candidate) -> Role:
        """The role of one candidate: what its sentence says, else its section, its suffix, the whole text."""
        role = Role(CONTEXT, candidate.settled) if candidate.settled else self._judged(candidate)
        self._last = candidate, role
        return role

    def _judged(self, candidate: Candidate) -> Role:
        if key := exempt_at(self._exempt, candidate.start):
            return Role(CONTEXT, f"it stands under {key!r}")
        if said := self._cleared(candidate):
            return Role(CONTEXT, f"the text clears it: {said!r}")
        cue = self._sentence_cue(candidate)
        for find in (self._by_host, self._by_voice, self._by_party):
            if role := find(candidate, cue):
                return role
        if cue and cue.role == CONTEXT and (turned := self._turned(candidate)):
            return Role(INDICATOR, f"the text says {turned!r} before it")
        if cue:
            return Role(cue.role, f"the text says {cue.words.strip()!r} beside it")
        return self._by_column(candidate) or self._by_surroundings(candidate)

    def _cleared(self, candidate: Candidate) -> str:
        """Words behind a candidate, in its sentence and before the next one, that say it is not involved."""
        _, last = self._sentence(candidate)
        following = bisect_left(self._starts, candidate.end)
        if following < len(self._starts):
            last = min(last, self._starts[following])
        behind = self._view.low[candidate.end : min(last, candidate.end + _BEFORE)]
        found = pattern("cue", "cleared").search(behind)
        if found is None or _denied(behind[: found.start()]):
            return ""
        return found[0]

    def _by_host(self, candidate: Candidate, cue: Cue | None) -> Role | None:
        """What its host alone tells, unless the words right beside it say otherwise."""
        host = host_of(candidate)
        if not host or candidate.defanged:
            return None
        direct = cue and cue.role == INDICATOR and self._direct(cue, candidate)
        if body := public(host):
            taken_over = cue and direct and cue.words in words("cue", "taken_over")
            return None if taken_over else Role(CONTEXT, body)
        if is_reference(candidate, host) and (cue is None or self._own_voice or cue.role == CONTEXT):
            return Role(CONTEXT, "a site that reports refer to")
        named = desk(candidate, host)
        return Role(CONTEXT, f"the desk that takes reports: {named!r}") if named and not direct else None

    def _by_voice(self, _candidate: Candidate, _cue: Cue | None) -> Role | None:
        return Role(INDICATOR, "named by the extortionists themselves") if self._own_voice else None

    def _by_party(self, candidate: Candidate, _cue: Cue | None) -> Role | None:
        return None if candidate.defanged else party(self._view, candidate)

    def _turned(self, candidate: Candidate) -> str:
        """A word of negation right before the candidate: `go to bank.com, not bank.co`."""
        before = self._view.before(candidate.start, 14).rstrip(" \"'“‘«(")
        return next((word for word in words("cue", "negation") if re.search(rf"(?:\W|^){word}$", before)), "")

    def _by_column(self, candidate: Candidate) -> Role | None:
        """What the head of its column says of a cell."""
        return heading_role(self._view.column_head(candidate.start))

    def _by_surroundings(self, candidate: Candidate) -> Role:
        if candidate.defanged:
            return Role(INDICATOR, "written so that nobody opens it by accident")
        finders = (self._beside, self._section, self._line_before, self._closing)
        found = next(filter(None, (find(candidate) for find in finders)), None)
        if found:
            return found
        if candidate.entity.kind == "onion-service":
            return Role(INDICATOR, "a hidden service, and nothing calls it official")
        if self._crime:
            return Role(INDICATOR, "named in a report of crime, and nothing calls it official")
        if self._chat or self._short or candidate.entity.kind in _TECHNICAL:
            return Role(INDICATOR, "nothing in the text calls it official")
        return Role(CONTEXT, "nothing in the text calls it malicious")

    def _beside(self, candidate: Candidate) -> Role | None:
        """A public body's telephone stands right behind its address."""
        last, role = self._last or (candidate, None)
        between = self._view.low[last.end : candidate.start]
        if role and role.reason == PUBLIC and _joined(between) and candidate.entity.kind not in _TECHNICAL:
            return Role(CONTEXT, "beside an address of a public body")
        return None

    def _closing(self, candidate: Candidate) -> Role | None:
        """Whoever warns prints their own contact on the last lines."""
        view = self._view
        first, last = view.line_span(view.line_of(candidate.start))
        if candidate.entity.kind in _TECHNICAL or self._lines_behind(last) >= _CLOSING_LINES:
            return None
        line = view.low[first : candidate.start].lstrip(" \t-*•·>|#")
        said = pattern("cue", "closing").match(line)
        if said is None or not _introduces(line[said.end() :]):
            return None
        if not pattern("cue", "warner").search(view.low[:_HEAD] + line):
            return None
        return Role(CONTEXT, f"the contact of who warns: {line[: said.end()].strip()!r}")

    def _lines_behind(self, offset: int) -> int:
        """How many ends of lines stand between what is written first and last behind an offset."""
        first = _written.search(self._view.text, offset)
        return self._last_line - self._view.line_of(first.start()) if first else 0

    def _direct(self, cue: Cue, candidate: Candidate) -> bool:
        gap = (
            self._view.low[cue.end : candidate.start]
            if cue.end <= candidate.start
            else self._view.low[candidate.end : cue.start]
        )
        return len(gap) <= 24

    def _sentence_cue(self, candidate: Candidate) -> Cue | None:
        first, last = self._sentence(candidate)
        here = bisect_left(self._cue_starts, candidate.start)
        start = max(bisect_left(self._cue_starts, first), here - _NEAREST)
        inside = self._cues[start : min(bisect_left(self._cue_starts, last), here + _NEAREST)]
        best: Cue | None = None
        least = float("inf")
        for cue in inside:
            if cue.start < candidate.end and cue.end > candidate.start:
                continue
            if not _governs(Role(cue.role, ""), candidate, cue.words):
                continue
            if cue.weak and not 0 <= candidate.start - cue.end <= _WEAK_REACH:
                continue
            if cue.words in words("cue", "tail") and not _right_before(candidate, cue):
                continue
            if self._in_brackets_of_another(cue, candidate):
                continue
            cost = self._cost(cue, candidate, inside)
            if cost < least:
                best, least = cue, cost
        return best

    def _in_brackets_of_another(self, cue: Cue, candidate: Candidate) -> bool:
        """Words in brackets tell of what stands in them, else of the one right before them."""
        low = self._view.low
        opened = low.rfind("(", max(0, cue.start - _AFTER), cue.start)
        closed = low.find(")", cue.end, cue.end + _AFTER)
        if opened < 0 or low.find(")", opened, cue.start) >= 0:
            return False
        if cue.start < candidate.end:
            at = bisect_right(self._ends, opened) - 1
            return closed < candidate.start and at >= 0 and opened - self._ends[at] <= _TAIL_REACH
        if opened < candidate.end:
            return False
        own = opened - candidate.end <= _TAIL_REACH
        at = bisect_left(self._starts, cue.end if own else candidate.end)
        return at < len(self._starts) and self._starts[at] < max(closed, opened)

    def _in_row(self, candidate: Candidate) -> bool:
        return self._view.table_at(self._view.line_of(candidate.start)) is not None

    def _cost(self, cue: Cue, candidate: Candidate, inside: list[Cue]) -> float:
        if cue.end <= candidate.start:
            gap = candidate.start - cue.end
            low, high = cue.end, candidate.start
            if _outranked(cue, inside, self._view.low):
                gap += _OUTRANKED_COST
        else:
            gap = max(0, cue.start - candidate.end) + _AFTER_COST
            following = bisect_left(self._starts, cue.end)
            if following < len(self._starts) and self._starts[following] - cue.end <= _NEXT_REACH:
                gap += _WEAK_COST  # an adjective of what follows it
            low, high = candidate.end, cue.start
        if self._in_row(candidate):
            return abs(gap) / 100
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
        if line == 0 or last - first > 160 or view.table_at(line):
            return None
        above = view.line_span(line - 1)[0]
        at = bisect_left(self._cue_starts, first) - 1
        if (
            at >= 0
            and self._cues[at].start >= above
            and self._cues[at].role == CONTEXT
            and not self._cues[at].weak
            and not self._cues[at].words.startswith(words("cue", "own_sentence"))
            and _governs(Role(CONTEXT, ""), candidate, self._cues[at].words)
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
    return any(word in said for name in ("harmless", "cleared") for word in words("cue", name))


def _right_before(candidate: Candidate, cue: Cue) -> bool:
    """`www.bank.com only`."""
    named = candidate.entity.kind in {"domain-name", "url", "email-addr"}
    return named and 0 <= cue.start - candidate.end <= _TAIL_REACH


def _outranked(cue: Cue, inside: list[Cue], low: str) -> bool:
    """`fake official account`, `posing as the police`: what a bad word governs is not official."""
    if cue.role != CONTEXT or cue.words.startswith(words("cue", "self_standing")):
        return False
    return any(
        other.role == INDICATOR
        and 0 <= cue.start - other.end <= _GOVERNED
        and "." not in low[other.end : cue.start]
        for other in inside
    )


_message = re.compile(
    r"(?m)^\[?[0-9]{1,2}[:.][0-9]{2}|^\[?[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4},? [0-9]{1,2}:[0-9]{2}"
    r"|^(?:from|de|von|reply-to|received|message-id): |^[0-9]{4}-[0-9]{2}-[0-9]{2}t[0-9:]{8}"
)
"""Lines of chats, the heads of e-mails and logs: what they hold was handed over because of what it says."""

_TELLING = 1_500
"""Characters after which a text that says no word of crime is taken not to be about any."""

_CLOSING_LINES = 3
_HEAD = 200


def _introduces(between: str) -> bool:
    """Whether what stands between a word for contact and an identifier leaves it that contact's."""
    return not pattern("cue", "bad").search(between) and not re.search(r"[.!?] (?![0-9(+])", between.rstrip())


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
