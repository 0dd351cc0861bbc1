"""STIX patterns → comparisons: a fast reader for plain equalities, the stix2-patterns library for the rest.

Source: STIX 2.1 §9 (patterning grammar).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST = 50_000
"""Characters of the longest pattern that is read."""

_STRING = r"'(?:[^'\\]|\\.)*'"
_STEP = r"(?:[A-Za-z_][A-Za-z0-9_]{0,250}|'[^'\\]{1,250}')"
_COMPARISON = re.compile(
    rf"\s*([A-Za-z_][A-Za-z0-9_-]{{1,250}}):({_STEP}(?:\.{_STEP}|\[(?:\*|[0-9]{{1,9}})\]){{0,20}})\s*=\s*({_STRING})\s*"
)
_JOIN = re.compile(r"(?:AND|OR)\b")
_BETWEEN = re.compile(r"\s*(?:AND|OR|FOLLOWEDBY)\s*(?=\[)")
_member = re.compile(_STRING)
_unescape = re.compile(r"\\(.)", re.DOTALL)


class Comparison(NamedTuple):
    """One comparison: object type, path (with `'quotes'` and index brackets gone), operator, constants."""

    sort: str
    path: str
    operator: str
    values: tuple[str, ...]

    @property
    def positive(self) -> bool:
        """Whether a match means that one of the values itself was seen."""
        return self.operator in {"=", "IN", "ISSUBSET"}


@lru_cache(maxsize=4_096)
def comparisons(pattern: str) -> tuple[Comparison, ...]:
    """All comparisons of a pattern in order.

    Raises:
        ValueError: the pattern does not follow the grammar, or is too long; the message says where.
    """
    if len(pattern) > LONGEST:
        raise ValueError(f"a pattern of {len(pattern):,} characters; the limit is {LONGEST:,}")
    plain = _plain(pattern)
    return plain if plain is not None else _by_library(pattern)


def _plain(pattern: str) -> tuple[Comparison, ...] | None:
    """The comparisons of `[a:b = 'c' OR …] OR […]`; None for anything beyond.

    More lenient than the grammar in one point: a needless backslash stands for what follows it.
    """
    found: list[Comparison] = []
    at, end = 0, len(pattern.rstrip())
    text = pattern
    while at < end:
        if text[at] in " \t\r\n":
            at += 1
            continue
        if text[at] != "[":
            return None
        at = _observation(text, at + 1, found)
        if at < 0:
            return None
        if at < end:
            between = _BETWEEN.match(text, at)
            if between is None:
                return None
            at = between.end()
    return tuple(found) if found else None


def _observation(text: str, at: int, found: list[Comparison]) -> int:
    """Reads the comparisons inside brackets; the offset after them, or -1."""
    while True:
        match = _COMPARISON.match(text, at)
        if match is None:
            return -1
        found.append(Comparison(match[1], _path(match[2]), "=", (_value(match[3]),)))
        at = match.end()
        if text[at : at + 1] == "]":
            return at + 1
        join = _JOIN.match(text, at)
        if join is None:
            return -1
        at = join.end()


def _path(written: str) -> str:
    return written.replace("'", "").replace("[*]", "")


def _value(quoted: str) -> str:
    return _unescape.sub(r"\1", quoted[1:-1]) if "\\" in quoted else quoted[1:-1]


def _by_library(pattern: str) -> tuple[Comparison, ...]:
    from stix2patterns.exceptions import ParseException  # noqa: PLC0415 - slow to load, and few patterns need it
    from stix2patterns.v21.pattern import Pattern  # noqa: PLC0415 - the same

    try:
        inspected = Pattern(pattern).inspect().comparisons
    except (ParseException, RecursionError) as error:
        raise ValueError(f"no STIX pattern: {str(error)[:200]}") from None
    found: list[Comparison] = []
    for sort, tests in inspected.items():
        for path, operator, constant in tests:
            steps = ".".join(str(step) for step in path if isinstance(step, str) and step != "*")
            found.append(Comparison(sort, steps, _operator(operator), _constants(str(constant))))
    return tuple(found)


def _operator(written: str) -> str:
    return " ".join(str(written).split()).upper()


def _constants(written: str) -> tuple[str, ...]:
    quoted = _member.findall(written)
    return tuple(map(_value, quoted)) if quoted else (written,)
