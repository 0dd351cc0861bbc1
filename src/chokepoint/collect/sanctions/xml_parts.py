"""What all sanctions lists in XML are read by: texts, days, and the lines of their entries."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from chokepoint.collect.dates import read_day
from chokepoint.collect.sanctions.party import Mark
from chokepoint.values.markup import local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DEEPEST = 40
_entry = re.compile(
    rb"<(?:[\w-]{1,20}:)?(/?)"
    rb"(?:sdnEntry|INDIVIDUAL|ENTITY|sanctionEntity|DistinctParty|Designation)(?=[\s/>])(?:[^<>]*+(?<=(/))>)?"
)


def said(element: Element) -> str:
    """The text of one element itself, on one line."""
    return " ".join((element.text or "").split())


def texts(element: Element, name: str) -> list[str]:
    """The texts of all elements of that name below one, without the empty ones."""
    found = (said(one) for one in element.iter() if local(one) == name)
    return [text for text in found if text]


def first(element: Element, name: str) -> str:
    """The text of the first child of that name, or empty."""
    found = (one for one in element if local(one) == name)
    return next(map(said, found), "")


def below(element: Element, name: str) -> list[Element]:
    """All elements of that name below one."""
    return [one for one in element.iter() if local(one) == name]


def rest(element: Element, known: frozenset[str]) -> list[Mark]:
    """The children that hold a text of their own and that nobody reads, under their tags."""
    found = [(local(one), said(one)) for one in element if not len(one)]
    return [Mark(name, text) for name, text in found if text and name not in known]


def iso(text: str) -> str:
    """A day of a list as ISO 8601; empty where it is none. Americans write the month first."""
    found = read_day(text.strip(), day_first=False) if "/" in text else read_day(text.strip())
    return found.isoformat() if found else ""


def places(data: bytes) -> list[str]:
    """`lines 3-9` of each entry, in their order; nothing for a file in UTF-16."""
    if b"\0" in data[:4]:
        return []
    marks = list(_entry.finditer(data))
    cuts = [0, *(mark.start() for mark in marks)]
    counts = list(accumulate(data.count(b"\n", *pair) for pair in pairwise(cuts)))
    found, opened = [], 0
    for mark, lines in zip(marks, counts, strict=True):
        if not mark[1]:
            opened = lines + 1
        if mark[1] or mark[2]:  # of an empty entry the beginning is the end
            found.append(f"lines {opened}-{lines + 1}" if lines + 1 > opened else f"line {opened}")
    return found
