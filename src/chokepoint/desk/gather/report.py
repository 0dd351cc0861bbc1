"""What came in, what was known, what was refused and why: a file at a time, and in all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chokepoint.collect.base import Rejected


@dataclass(slots=True, kw_only=True)
class FileReport:
    """The account of one file; filled while it is read.

    Attributes:
        path: as shown to people.
        format: the collector that read it, or empty when none did.
        capture: SHA-256 of its bytes, or empty when they were not taken.
        origin: the publisher that its claims name by default.
        new: claims that this organisation said for the first time.
        known: claims that it had said before.
        closed: of these, how many stood under a laxer label and were re-marked to the stricter.
        laxer: how many still stand under a laxer label, as the viewer may not share.
        entities: distinct entities by kind.
        links: distinct links by property.
        rejected: parts refused, with place and reason.
        skipped: parts left out, counted by rule.
        mapping: for tables of unknown layout, the mapping that was used, in words.
        layouts: those mappings that were proposed in this run, as JSON by fingerprint.
    """

    path: str
    format: str = ""
    capture: str = ""
    origin: str = ""
    new: int = 0
    known: int = 0
    closed: int = 0
    laxer: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    mapping: str = ""
    layouts: dict[str, str] = field(default_factory=dict)

    @property
    def taken(self) -> bool:
        """Whether anything of the file is in the atlas or was left out on purpose."""
        return bool(self.new or self.known or self.skipped or (self.capture and not self.rejected))

    def to_json(self) -> dict[str, Any]:
        """The shape that other programs rely on (DESIGN §10)."""
        return {
            "path": self.path,
            "format": self.format,
            "capture": self.capture,
            "origin": self.origin,
            "claims": {
                "new": self.new,
                "known": self.known,
                **({"closed": self.closed} if self.closed else {}),
                **({"laxer": self.laxer} if self.laxer else {}),
            },
            "entities": dict(sorted(self.entities.items())),
            "links": dict(sorted(self.links.items())),
            "rejected": [part.to_json() for part in self.rejected],
            "skipped": dict(sorted(self.skipped.items())),
            **({"mapping": str(self.mapping)} if self.mapping else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherReport:
    """The account of a whole run, files in the order in which they were read."""

    files: tuple[FileReport, ...]

    @property
    def new(self) -> int:
        """Claims said for the first time."""
        return sum(file.new for file in self.files)

    @property
    def known(self) -> int:
        """Claims said before."""
        return sum(file.known for file in self.files)

    @property
    def closed(self) -> int:
        """Claims said before under a laxer label, re-marked to the stricter."""
        return sum(file.closed for file in self.files)

    @property
    def laxer(self) -> int:
        """Claims said before that still stand under a laxer label than was asked for."""
        return sum(file.laxer for file in self.files)

    @property
    def rejected(self) -> int:
        """Parts refused."""
        return sum(len(file.rejected) for file in self.files)

    @property
    def took_anything(self) -> bool:
        """Whether at least one file was taken or left out by rule."""
        return any(file.taken for file in self.files)

    def total(self, name: str) -> Counter[str]:
        """Sum over files of `entities`, `links` or `skipped`; entities found in two files count twice."""
        counts: Counter[str] = Counter()
        for file in self.files:
            counts.update(getattr(file, name))
        return counts

    def by_format(self) -> dict[str, tuple[int, int]]:
        """Files and claims of each format."""
        found: dict[str, tuple[int, int]] = {}
        for file in self.files:
            files, claims = found.get(file.format, (0, 0))
            found[file.format] = (files + 1, claims + file.new + file.known)
        return dict(sorted(found.items()))

    def to_json(self) -> dict[str, Any]:
        """The shape that other programs rely on (DESIGN §10)."""
        return {
            "files": [file.to_json() for file in self.files],
            "totals": {
                "files": len(self.files),
                "claims": {"new": self.new, "known": self.known},
                "entities": dict(sorted(self.total("entities").items())),
                "links": dict(sorted(self.total("links").items())),
                "rejected": self.rejected,
                "skipped": dict(sorted(self.total("skipped").items())),
            },
        }
