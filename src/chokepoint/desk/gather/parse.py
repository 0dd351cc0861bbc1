"""The reading half of `collect`: files → batches of rows ready to append.

Runs in a process of its own beside the appender when there is much to read. A batch is sent only after
the captures that its claims point into are durable in the vault.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Rejected, Skipped
from chokepoint.collect.mapping.value import lines
from chokepoint.collect.registry import collectors, named, recognise
from chokepoint.collect.tabular import Tabular
from chokepoint.collect.walk import Left, Problem, walk
from chokepoint.desk.gather.mappings import REFUSED, UNCONFIRMED
from chokepoint.desk.gather.report import FileReport
from chokepoint.model.claim import Claim
from chokepoint.model.errors import ChokepointError, NotValidError
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.model.said import Said
from chokepoint.model.source import CITED, Capture
from chokepoint.store.base import ClaimRow, claim_row, refuse_nul

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from chokepoint.collect.base import Collector, Item
    from chokepoint.model.claim import Provenance
    from chokepoint.model.source import Grading

ROWS = 50_000
NOTES = 10_000
BYTES = 8_000_000
REJECTIONS = 100_000
WHOLE = "the whole file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to read and how; travels to the reading process.

    Attributes:
        paths: files and folders.
        key: of the fingerprints.
        organisation: who takes the files in.
        at: the moment.
        marking: by default.
        grading: by default, or None for the source's own.
        origin: named by a person, or empty.
        format: name of the one collector to use, or empty.
        skip: path components (folder or file names) to leave out, under the rule "left out by request".
        mappings: saved mappings of table layouts, as JSON by fingerprint.
        refused: SHA-256 of files to leave out, under the rule "mapping not confirmed".
        confirmed: whether whatever mapping is proposed counts as confirmed.
    """

    paths: tuple[Path, ...]
    key: bytes
    organisation: str
    at: str
    marking: Marking
    grading: Grading | None = None
    origin: str = ""
    format: str = ""
    skip: frozenset[str] = frozenset()
    mappings: dict[str, str] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    confirmed: bool = False


@dataclass(slots=True)
class Part:
    """Rows of one file, and its report once the file is wholly read.

    `marking` is that of the whole file so far: its bytes tell the most closed claim among them. `cited` are
    the captures of another atlas that claims point into, with the marking of each.
    """

    index: int
    rows: list[ClaimRow]
    capture: Capture | None
    report: FileReport | None = None
    marking: Marking = CLEAR
    cited: dict[str, tuple[Capture, Marking]] = field(default_factory=dict)


class Tally:
    """Counts the distinct entities and links of one file."""

    def __init__(self) -> None:
        self._entities: set[tuple[str, str]] = set()
        self._links: set[tuple[object, str, object]] = set()

    def add(self, row: ClaimRow) -> None:
        """Count one claim."""
        self._entities.add(row.subject)
        if row.object is not None:
            self._entities.add(row.object)
            self._links.add((row.subject, row.property, row.object))

    def write(self, report: FileReport) -> None:
        """Enter the counts."""
        report.entities = Counter(kind for kind, _ in self._entities)
        report.links = Counter(name for _, name, _ in self._links)


class Parser:
    """Reads files one after another and cuts what they say into batches."""

    def __init__(
        self,
        task: Task,
        seal: Callable[[Iterable[bytes]], object],
        started: Callable[[str], None] = lambda _path: None,
    ) -> None:
        self._task = task
        self._seal = seal
        self._started = started
        self._parts: list[Part] = []
        self._unsealed: list[bytes] = []
        self._rows = 0
        self._open: dict[tuple[str, str], int] = {}
        self._late: dict[int, tuple[FileReport, Tally, Part]] = {}
        self._numbers = count()
        self._index = -1
        self._source: Provenance | None = None

    def batches(self) -> Iterator[list[Part]]:
        """All batches; every file's report comes with its last part."""
        chosen = collectors(self._task.mappings)
        if self._task.format:
            chosen = named(chosen, self._task.format)
        for thing in walk(self._task.paths):
            if self._left_out(thing):
                self._note(Left(thing.path, "left out by request"))
            elif isinstance(thing, Document) and thing.sha256 in self._task.refused:
                self._note(Left(thing.path, REFUSED))
            elif isinstance(thing, Document):
                yield from self._document(self._dressed(thing), chosen)
            else:
                self._note(thing)
        yield from self._finish(chosen)

    def _left_out(self, thing: Document | Left | Problem) -> bool:
        parts = thing.parts if isinstance(thing, Document) else thing.path.replace("!", "/").split("/")
        return not self._task.skip.isdisjoint(parts)

    def _dressed(self, document: Document) -> Document:
        task = self._task
        return replace(
            document,
            origin=task.origin or document.origin,
            origin_given=bool(task.origin),
            grading=task.grading or document.grading,
            marking=task.marking,
        )

    def _note(self, thing: Left | Problem) -> None:
        self._index = next(self._numbers)
        report = FileReport(path=thing.path)
        if isinstance(thing, Left):
            report.skipped[thing.rule] += 1
        else:
            report.rejected.append(Rejected(thing.place or WHOLE, thing.reason))
        self._parts.append(Part(self._index, [], None, report))

    def _document(self, document: Document, chosen: tuple[Collector, ...]) -> Iterator[list[Part]]:
        self._index = next(self._numbers)
        self._started(document.path)
        collector: Collector | None = None
        report = FileReport(path=document.path, capture=document.sha256, origin=document.origin)
        self._unsealed.append(document.data)
        tally = Tally()
        part = self._open_part(self._capture(document), document.marking)
        try:
            collector = recognise(document, chosen)
            report.format = collector.name
            for item in collector.read(document):
                self._take(item, (report, tally, part))
                if self._rows >= ROWS:
                    yield self._cut()
                    part = self._open_part(part.capture, part.marking)
        except Exception as error:  # noqa: BLE001 - hostile input that breaks its reader must not end the run
            report.rejected.append(_broken(error, report))
        tally.write(report)
        if isinstance(collector, Tabular):
            _explain(report, collector, confirmed=self._task.confirmed)
        part.report = report
        self._late[self._index] = (report, tally, replace(part, rows=[], cited={}))
        self._open[document.path, document.sha256] = self._index
        if sum(map(len, self._unsealed)) >= BYTES or len(self._parts) > NOTES:
            yield self._cut()

    def _capture(self, document: Document) -> Capture:
        return Capture(
            sha256=document.sha256,
            media_type=media_type(document),
            path=document.path,
            size=len(document.data),
            captured_at=self._task.at,
            captured_by=self._task.organisation,
            container=document.container,
        )

    def _open_part(self, capture: Capture | None, marking: Marking) -> Part:
        part = Part(self._index, [], capture, None, marking)
        self._source = None
        self._parts.append(part)
        return part

    def _take(self, item: Item, into: tuple[FileReport, Tally, Part]) -> None:
        report, tally, part = into
        if isinstance(item, Claim):
            try:
                row = claim_row(item, self._task.key)
                refuse_nul(row)
            except NotValidError as error:
                report.rejected.append(Rejected(item.place, error.advice))
                return
            part.rows.append(row)
            if row.provenance is not self._source:
                self._source = row.provenance
                part.marking = part.marking.join(row.provenance.marking)
                _cite(part, row.provenance)
            self._rows += 1
            tally.add(row)
        elif isinstance(item, Skipped):
            report.skipped[item.rule] += item.count
        elif len(report.rejected) < REJECTIONS:
            report.rejected.append(item)
        else:
            report.skipped["further rejections"] += 1

    def _finish(self, chosen: tuple[Collector, ...]) -> Iterator[list[Part]]:
        """What waited for other files, a part for each file between two cuts."""
        touched: dict[int, Part] = {}
        for collector in chosen:
            try:
                for document, item in collector.finish():
                    index = self._open[document.path, document.sha256]
                    report, tally, before = self._late[index]
                    if index not in touched:
                        self._index = index
                        touched[index] = self._open_part(before.capture, before.marking)
                    self._take(item, (report, tally, touched[index]))
                    if self._rows >= ROWS:
                        yield self._settled(touched)
            except Exception as error:  # noqa: BLE001 - as above: what the other readers hold still counts
                self._note_fault(error, collector.name)
        yield self._settled(touched)

    def _note_fault(self, error: Exception, reader: str) -> None:
        """Report what ended a reader that was joining several files, as a file of its own."""
        self._index = next(self._numbers)
        report = FileReport(path="what refers across files", format=reader)
        report.rejected.append(_broken(error, report))
        self._parts.append(Part(self._index, [], None, report))

    def _settled(self, touched: dict[int, Part]) -> list[Part]:
        """Cut, with the counts of the files touched brought up to date."""
        for index, part in touched.items():
            report, tally, before = self._late[index]
            before.marking = part.marking
            tally.write(report)
            part.report = report
        touched.clear()
        return self._cut()

    def _cut(self) -> list[Part]:
        self._seal(self._unsealed)
        parts, self._parts, self._unsealed, self._rows = self._parts, [], [], 0
        return parts


def _broken(error: Exception, report: FileReport) -> Rejected:
    """What ended the reading of a file, as its rejection."""
    if isinstance(error, ChokepointError):
        return Rejected(error.place or report.path, error.advice)
    if isinstance(error, RecursionError):
        return Rejected(report.path, "nested too deep. Mend: flatten the file")
    fault = f"{type(error).__name__}: {error}"[:300]
    reason = f"the reader {report.format} broke on it ({fault}). Mend: send it to the maintainers"
    return Rejected(report.path, reason)


def _explain(report: FileReport, reader: Tabular, *, confirmed: bool) -> None:
    """Say in the report how the tables were read, and whether anybody looked at it."""
    told = reader.explanations.pop(report.path, "")
    names = set(reader.layouts.pop(report.path, ())) & reader.proposed
    report.layouts = {name: reader.used[name] for name in names}
    report.mapping = lines([told, Said(UNCONFIRMED)]) if told and names and not confirmed else told


def _cite(part: Part, source: Provenance) -> None:
    """Name the capture of another atlas that a claim points into; its bytes did not come along."""
    holder = part.capture
    if holder is None or source.capture == holder.sha256:
        return
    container = holder.container or holder.sha256
    named = replace(holder, sha256=source.capture, media_type="", size=0, method=CITED, container=container)
    before = part.cited.get(source.capture, (named, source.marking))[1]
    part.cited[source.capture] = (named, before.join(source.marking))


_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"<?xml", "application/xml"),
    (b"<html", "text/html"),
    (b"<!doctype html", "text/html"),
    (b"{", "application/json"),
    (b"[", "application/json"),
)


def media_type(document: Document) -> str:
    """What the bytes are, by their beginning."""
    head = document.head[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for magic, name in _MAGIC:
        if head.startswith(magic.lower()):
            return name
    return "application/octet-stream" if b"\x00" in document.head[:512] else "text/plain"
