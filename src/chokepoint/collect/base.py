"""What every collector takes and gives.

A collector reads one document and yields, for each part of it, a claim, a rejection with its reason,
or a skip with its named rule: nothing of the input may disappear without one of the three.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from chokepoint.model.claim import Claim, Interval, Nature, Provenance
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.model.source import Grading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

HEAD = 65_536
UNGRADED = Grading()


class Rejected(NamedTuple):
    """A part of the input that could not be taken: where, and why with the mend."""

    place: str
    reason: str

    def to_json(self) -> dict[str, str]:
        """As plain text, the shape that other programs rely on (DESIGN §10)."""
        return {"place": self.place, "reason": str(self.reason)}


@dataclass(frozen=True, slots=True)
class Skipped:
    """Parts of the input left out on purpose, under a rule that has a name."""

    rule: str
    count: int = 1


Item = Claim | Rejected | Skipped


@dataclass(frozen=True, kw_only=True)
class Document:
    """One file after unpacking, with what is known of it before it is read.

    Attributes:
        path: as shown to people, relative to what was asked for; archive members as `a.zip!b/c.txt`.
        data: the bytes (a working copy; the evidence lies in the vault).
        origin: the publisher by default, where the content does not name one.
        origin_given: whether a person named the origin, so that content must not override it.
        grading: by default, where the content gives none.
        marking: by default; content may only make it stricter.
        public: the organisation that itself put such files on the open web, or empty.
        published: the day (ISO 8601) on which the publisher is known to have released it, or empty.
        container: SHA-256 of the archive or packed file as it came, or empty when it came plain.
        steps: path of the file, then of the member in each archive around it inwards; empty for a plain file.
    """

    path: str
    data: bytes = field(repr=False)
    origin: str = ""
    origin_given: bool = False
    grading: Grading = UNGRADED
    marking: Marking = CLEAR
    public: str = ""
    published: str = ""
    container: str = ""
    steps: tuple[str, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the bytes: the capture's name."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB, enough to recognise a format."""
        return self.data[:HEAD]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The folders and the name; an archive counts as a folder, a `!` in a name stays."""
        return tuple(part for step in self.steps or (self.path,) for part in step.split("/"))

    @property
    def name(self) -> str:
        """The last part of the path, without folders or archive."""
        return self.parts[-1]

    @property
    def folder(self) -> str:
        """The name of the folder or archive that the file lies in, or empty."""
        return self.parts[-2] if len(self.parts) > 1 else ""

    @cached_property
    def provenance(self) -> Provenance:
        """The provenance of claims that say nothing more particular."""
        return Provenance(
            capture=self.sha256, origin=self.origin or "unknown", grading=self.grading, marking=self.marking
        )

    def provenance_from(
        self, *, origin: str = "", grading: Grading | None = None, marking: Marking | None = None
    ) -> Provenance:
        """The provenance of claims whose content names an origin, grading or stricter marking."""
        base = self.provenance
        named = origin if origin and not self.origin_given else base.origin
        return replace(
            base,
            origin=named,
            grading=grading or base.grading,
            marking=base.marking.join(marking) if marking else base.marking,
        )


class Collector(Protocol):
    """One format.

    An instance lives for one run, so that a format whose parts refer to each other across files
    (one STIX object a file, an archive of IPs by record number) can wait for the other half:
    what is still open when all files are read comes out of `finish`.
    """

    name: str

    def recognises(self, document: Document) -> bool:
        """Whether the content is of this format; must be quick and must never raise."""
        ...

    def read(self, document: Document) -> Iterator[Item]:
        """The items of the document.

        Raises:
            BadInputError: the document as a whole cannot be read; what was yielded before stays.
        """
        ...

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Items that needed other files, each with the document it belongs to."""
        ...


class Sentences:
    """Shorthand for making claims that share a document's provenance."""

    __slots__ = ("nature", "observed", "place", "provenance")

    def __init__(
        self,
        provenance: Provenance,
        place: str,
        observed: Interval | None = None,
        nature: Nature = Nature.FACT,
    ) -> None:
        self.provenance = provenance
        self.place = place
        self.observed = observed
        self.nature = nature

    def say(self, subject: Entity, name: str, thing: Entity | str, raw: str = "") -> Claim:
        """One claim at this place."""
        return Claim(subject, name, thing, self.place, self.provenance, self.observed, self.nature, raw)
