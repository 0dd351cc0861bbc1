"""The appending half of `collect`, and the two halves together."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chokepoint.desk.gather.appending import Appender
from chokepoint.desk.gather.beside import beside
from chokepoint.desk.gather.mappings import load, save
from chokepoint.desk.gather.parse import Parser, Task
from chokepoint.desk.gather.receipt import digest, find, keep
from chokepoint.desk.gather.report import FileReport, GatherReport
from chokepoint.desk.people.circle import allowed
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.store.base import CLAIM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.gather.parse import Part
    from chokepoint.model.source import Grading

BESIDE = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherOptions:
    """How to take files in; see `Task` for each field. Mappings kept in the atlas need not be given."""

    marking: Marking = CLEAR
    grading: Grading | None = None
    origin: str = ""
    format: str = ""
    skip: frozenset[str] = frozenset()
    mappings: dict[str, str] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    confirmed: bool = False


def gather(
    atlas: Atlas,
    paths: Sequence[Path],
    options: GatherOptions | None = None,
    progress: Callable[[FileReport], None] | None = None,
) -> GatherReport:
    """Take files and folders in.

    Every part of every file becomes a claim, a rejection with its reason or a skip with its rule. What
    this organisation has said before is counted as known and adds nothing; where it stands under a laxer
    label than now, it is re-marked, or counted as laxer for whoever may not share.

    Args:
        atlas: opened by the contributing organisation.
        paths: files and folders.
        options: defaults for all of them.
        progress: told of each file when all of it is in the ledger.

    Raises:
        LedgerError: the ledger refuses; what was reported before is kept.
    """
    options = options or GatherOptions()
    allowed(atlas, options.marking)
    task = Task(
        paths=tuple(Path(path) for path in paths),
        key=atlas.fingerprint_key(CLAIM),
        organisation=atlas.viewer.organisation,
        at=atlas.clock(),
        marking=options.marking,
        grading=options.grading,
        origin=options.origin,
        format=options.format,
        skip=options.skip,
        mappings={**load(atlas.folder), **options.mappings},
        refused=options.refused,
        confirmed=options.confirmed,
    )
    if not _much(task.paths):
        report = _collect(atlas, Parser(task, atlas.vault.put).batches(), progress)
        _keep_mappings(atlas, task, report)
        return report
    return _gathered(atlas, task, progress)


def _gathered(atlas: Atlas, task: Task, progress: Callable[[FileReport], None] | None) -> GatherReport:
    """As `gather`, with a process that reads and a receipt of the run."""
    wanted = digest(task)
    report = find(atlas, wanted)
    if report is None:
        with closing(beside(task, atlas.vault.place)) as batches:
            report = _collect(atlas, batches, progress)
        kept = _keep_mappings(atlas, task, report)
        wanted = digest(replace(task, mappings={**task.mappings, **kept})) if kept else wanted
        keep(atlas, wanted, report, task.marking)
    elif progress is not None:
        for file in report.files:
            progress(file)
    return report


def _keep_mappings(atlas: Atlas, task: Task, report: GatherReport) -> dict[str, str]:
    """Keep the mappings of this run that count as confirmed, for the next file of their layout."""
    fresh = {name: text for file in report.files for name, text in file.layouts.items()}
    if not task.confirmed or not fresh:
        return {}
    save(atlas.folder, fresh)
    return fresh


def _collect(
    atlas: Atlas, batches: Iterable[Sequence[Part]], progress: Callable[[FileReport], None] | None
) -> GatherReport:
    reports: dict[int, FileReport] = {}
    appender = Appender(atlas)
    for parts in batches:
        appender.append(parts)
        for part in parts:
            if part.report is None:
                continue
            first_time = part.index not in reports
            reports[part.index] = part.report
            appender.count(part.index, part.report)
            if first_time and progress is not None:
                progress(part.report)
    return GatherReport(files=tuple(reports[index] for index in sorted(reports)))


def _much(paths: Sequence[Path]) -> bool:
    """Whether there is enough to read that a second process pays."""
    total = 0
    for path in paths:
        if path.is_symlink():
            continue
        for file in path.rglob("*") if path.is_dir() else (path,):
            if file.is_file() and not file.is_symlink():
                total += file.stat().st_size
                if total > BESIDE:
                    return True
    return False
