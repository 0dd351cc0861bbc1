"""What a walk yields beside documents, the limits it keeps, and how a path is shown."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from chokepoint.model.errors import TooLargeError

MB = 1 << 20


class Problem(NamedTuple):
    """A file, folder or member that could not be read, in whole or from a place on."""

    path: str
    place: str
    reason: str


class Left(NamedTuple):
    """A file left out on purpose, under a rule that has a name."""

    path: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one walk takes in.

    Attributes:
        file: bytes of one document.
        expansion: bytes that one archive may unfold to, everything nested in it included.
        ratio: unfolded ÷ packed bytes above which an archive is a bomb.
        ratio_from: unfolded bytes from which the ratio is looked at.
        members: of one archive.
        depth: archives inside archives.
        path: characters of one path.
        directory: bytes of the list of contents of one zip.
    """

    file: int = 256 * MB
    expansion: int = 2048 * MB
    ratio: int = 200
    ratio_from: int = 10 * MB
    members: int = 100_000
    depth: int = 3
    path: int = 1024
    directory: int = 64 * MB


class Budget:
    """What is left of an archive's allowance; shared by everything nested in it."""

    __slots__ = ("limits", "members", "unfolded")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.members = 0
        self.unfolded = 0

    def spend(self, count: int, *, packed: int = 0, out: int = 0) -> None:
        """Take bytes from the allowance.

        Args:
            count: bytes just unfolded.
            packed: bytes of the packed stream consumed so far.
            out: bytes unfolded from that stream so far.

        Raises:
            TooLargeError: the allowance or the ratio is passed.
        """
        self.unfolded += count
        if self.unfolded > self.limits.expansion:
            raise TooLargeError(
                f"unfolds to more than {size(self.limits.expansion)}",
                mend="unpack it yourself and give the parts",
            )
        if out > self.limits.ratio_from and out > self.limits.ratio * max(1, packed):
            raise TooLargeError(
                f"unfolds more than {self.limits.ratio} times its size, as a decompression bomb does",
                mend="unpack it yourself if you trust it",
            )

    def count_member(self) -> None:
        """Take one member from the allowance.

        Raises:
            TooLargeError: there are too many.
        """
        self.members += 1
        if self.members > self.limits.members:
            raise TooLargeError(f"holds more than {self.limits.members:,} members", mend="split the archive")


def size(count: int) -> str:
    """A number of bytes for people.

    >>> size(2 * 1024**3), size(300)
    ('2 GB', '300 bytes')
    """
    for unit, name in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count} bytes"


def shown(path: str) -> str:
    r"""A path that is safe to print: bytes that are no UTF-8, controls and odd blanks spelt out.

    >>> shown("a\nb\udcffc")
    'a\\nb\\xffc'
    """
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(_spelt(c) if _hidden(c) else c for c in text)


def _hidden(character: str) -> bool:
    return character != " " and unicodedata.category(character)[0] in "CZ"


def _spelt(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
