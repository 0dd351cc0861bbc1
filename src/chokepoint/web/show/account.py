"""The account of what was brought in, as it is kept and shown: no place of this machine, and with limits."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chokepoint.model.said import Said, kept

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Container, Iterable

    from chokepoint.desk.gather import FileReport, GatherReport

LINES, FILES, WORDS = 2_000, 500, 400
"""Refused lines and files that an account tells, and characters of a reason; the rest is counted."""
LONGEST = 160
"""Bytes of a name."""
WHOLE = "the whole file"

Count = tuple[str, int]
Told = str | dict[str, Any]
"""A sentence as `model/said.kept` writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAccount:
    """What became of one file.

    Attributes:
        name: as the browser gave it, made harmless; members of archives after `!`.
        format: the collector that read it, or empty.
        origin: whom its claims name as their publisher.
        new: claims that the organisation said for the first time; known: those it had said before.
        entities: by kind; links: by property.
        rejected: places and reasons of what was refused, as far as they are told; refused: of how many.
        skipped: rules by which parts were left out, and how many.
        mapping: how a table was read, in words.
    """

    name: str
    format: str = ""
    origin: str = ""
    new: int = 0
    known: int = 0
    entities: tuple[Count, ...] = ()
    links: tuple[Count, ...] = ()
    rejected: tuple[tuple[str, Told], ...] = ()
    refused: int = 0
    skipped: tuple[Count, ...] = ()
    mapping: Told = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of a sending.

    Attributes:
        files: one by one, as far as they are told; count: of how many.
        new: claims said for the first time; known: said before; refused: parts refused, over all files.
        problem: why the ledger refused all of it, or empty; mend: what can be done.
    """

    files: tuple[FileAccount, ...] = ()
    count: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    problem: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How a person wants a sending taken.

    Attributes:
        origin: who published it first, or empty; grade: Admiralty code, or empty for the source's own.
        tlp: label; format: name of a collector, or empty for what the content says.
        confirmed: whether a proposed mapping of an unknown table is taken.
        left: files that were refused before they were read.
        objects: id and version of each, where they came by TAXII.
    """

    origin: str = ""
    grade: str = ""
    tlp: str = "amber"
    format: str = ""
    confirmed: bool = False
    left: tuple[FileAccount, ...] = ()
    objects: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """One sending.

    Attributes:
        id: its name in addresses.
        names: of its files.
        state: waiting, reading, done, refused or failed.
        made: when (Unix seconds).
        account: what became of it; empty before the end.
    """

    id: str
    names: tuple[str, ...]
    state: str
    made: int
    account: Account

    @property
    def over(self) -> bool:
        """Whether it is read to its end."""
        return self.state not in {"waiting", "reading"}


def account_of(report: GatherReport, clean: Callable[[str], str]) -> Account:
    """The account of a run.

    Args:
        report: of all files.
        clean: takes places of this machine out of a text.
    """
    room, files = LINES, []
    for one in report.files[:FILES]:
        files.append(_file(one, clean, room))
        room -= len(files[-1].rejected)
    return Account(
        files=tuple(files),
        count=len(report.files),
        new=report.new,
        known=report.known,
        refused=report.rejected,
    )


def _reason(reason: str, clean: Callable[[str], str], most: int = WORDS) -> Told:
    """A sentence without places of this machine, each text in it cut; what is longer still is text alone."""
    if not isinstance(reason, Said) or len(reason) > 50 * WORDS:
        return clean(reason)[:most]
    return kept(reason.through(lambda text: clean(text)[:most]))


def _file(one: FileReport, clean: Callable[[str], str], room: int) -> FileAccount:
    told = one.rejected[: max(0, room)]
    return FileAccount(
        name=clean(one.path),
        format=one.format,
        origin=clean(one.origin),
        new=one.new,
        known=one.known,
        entities=_counts(one.entities),
        links=_counts(one.links),
        rejected=tuple((clean(part.place)[:WORDS], _reason(part.reason, clean)) for part in told),
        refused=len(one.rejected),
        skipped=_counts(one.skipped),
        mapping=_reason(one.mapping, clean, 10 * WORDS),
    )


def _counts(found: Counter[str]) -> tuple[Count, ...]:
    """The most first, and those that are as many in the order of the alphabet: the same for the same file."""
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def refused_whole(name: str, reason: Told) -> FileAccount:
    """The account of a file that was refused before it was read."""
    return FileAccount(name=safe_name(name, ()), rejected=((WHOLE, reason),), refused=1)


def safe_name(given: str, taken: Container[str]) -> str:
    r"""A file's name as our disk and a page can bear it: one component, nothing hidden, none twice.

    >>> safe_name("..\\..\\etc/pass\u202ewd.csv", ())
    'pass_wd.csv'
    >>> safe_name("a.csv", ["a.csv"])
    'a (2).csv'
    """
    last = given.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = "".join(_plain(unicodedata.normalize("NFC", last[:1_000]))).strip(" .") or "file"
    stem, dot, end = plain.rpartition(".")
    if not dot or len(end) > 12:
        stem, end = plain, ""
    stem, end = _cut(stem, LONGEST), f".{end}" if end else ""
    name, number = stem + end, 2
    while name in taken:
        name, number = f"{stem} ({number}){end}", number + 1
    return name


def _plain(text: str) -> Iterable[str]:
    return (
        "_" if unicodedata.category(c)[0] == "C" or c in "!:/" else " " if c.isspace() else c for c in text
    )


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore")
