"""`extract`: the indicators of any text, each with its place, its context and its role; needs no atlas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Document, Rejected
from chokepoint.collect.walk import Left, Problem, walk
from chokepoint.desk.looking.tabulate import WHOLE, passages
from chokepoint.model.errors import ChokepointError
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from chokepoint.values.base import Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An indicator with the place where it stands in its file."""

    indicator: Indicator
    place: str

    def to_json(self) -> dict[str, Any]:
        """The shape of an indicator in `extract --json`."""
        one = self.indicator
        return {
            "kind": one.entity.kind,
            "value": one.entity.value,
            "place": self.place,
            "context": one.context,
            "role": one.role,
            "reason": one.reason,
            "raw": one.raw,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What one file held.

    Attributes:
        path: of the file; of a member as `archive.zip!member`.
        found: in the order of the text.
        rejected: parts that could not be read, or the whole file.
    """

    path: str
    found: tuple[Found, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    skipped: str = ""

    def to_json(self) -> dict[str, Any]:
        """The shape of a file in `extract --json`."""
        return {
            "path": self.path,
            "indicators": [found.to_json() for found in self.found],
            "rejected": [part.to_json() for part in self.rejected],
            **({"skipped": self.skipped} if self.skipped else {}),
        }


def extract(paths: Sequence[Path]) -> Iterator[Extracted]:
    """The indicators of files, folders and archives, a file at a time."""
    for thing in walk(paths):
        if isinstance(thing, Document):
            yield from_document(thing)
        elif isinstance(thing, Problem):
            yield Extracted(path=thing.path, rejected=(Rejected(thing.place or WHOLE, thing.reason),))
        elif isinstance(thing, Left):
            yield Extracted(path=thing.path, skipped=thing.rule)


def from_document(document: Document) -> Extracted:
    """The indicators of one document; what was read before a fault is kept."""
    problems: list[Rejected] = []
    found: list[Found] = []
    try:
        for passage in passages(document, problems):
            found.extend(
                Found(indicator=one, place=passage.place_of(one.line, one.raw)) for one in scan(passage.text)
            )
    except ChokepointError as error:
        problems.append(Rejected(error.place or document.path, error.advice))
    return Extracted(path=document.path, found=tuple(found), rejected=tuple(problems))
