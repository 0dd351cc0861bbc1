"""Batches of rows → the ledger, with the captures that they point into, and what became of each row."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from chokepoint.desk.gather import stricter
from chokepoint.desk.watch.protected import alarms_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.gather.parse import Part
    from chokepoint.desk.gather.report import FileReport
    from chokepoint.model.marking import Marking
    from chokepoint.model.source import Capture
    from chokepoint.store.base import ClaimRow


class Appender:
    """Appends the batches of one run in their order, and counts for each file."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._new: Counter[int] = Counter()
        self._known: Counter[int] = Counter()
        self._closed: Counter[int] = Counter()
        self._laxer: Counter[int] = Counter()
        self._unread: dict[str, Marking] = {}

    def count(self, index: int, report: FileReport) -> None:
        """Enter what became of a file's claims so far."""
        report.new, report.known = self._new[index], self._known[index]
        report.closed, report.laxer = self._closed[index], self._laxer[index]

    def append(self, parts: Sequence[Part]) -> None:
        """Append a batch; what is in the ledger under a laxer label is re-marked before it."""
        captures: dict[str, tuple[Capture, Marking]] = {}
        for part in parts:
            if part.capture is not None:
                first, marking = captures.get(part.capture.sha256, (part.capture, part.marking))
                captures[part.capture.sha256] = (first, marking.join(part.marking))
        if not captures:
            return
        true = {name: marking for name, (_, marking) in captures.items()}
        stricter.close(self._atlas, {name: true[name] for name in true if name not in self._unread})
        self._keep_unread(parts, captures)
        for part in parts:
            for name, cited in part.cited.items():
                captures.setdefault(name, cited)
        rows = [row for part in parts for row in part.rows]
        atlas = self._atlas
        along = partial(alarms_for, day=atlas.clock()[:10])
        fresh = atlas.ledger.append_claims(atlas.speaker(), list(captures.values()), rows, along=along).fresh
        self._tally(parts, fresh)
        self._settle(parts, true)

    def _keep_unread(self, parts: Sequence[Part], captures: dict[str, tuple[Capture, Marking]]) -> None:
        """Keep the captures of files that are not wholly read to the organisation."""
        last = parts[-1]
        name = last.capture.sha256 if last.capture is not None and last.report is None else ""
        if name and name not in self._unread:
            capture, marking = captures[name]
            taken = [one for _, one in stricter.held(self._atlas, [name]).get(name, ())]
            closed = [one for one in taken if one.join(marking) == one]
            if closed:
                captures[name] = capture, closed[0]
            else:
                self._unread[name] = stricter.own(marking, self._atlas.viewer.organisation)
        for name, marking in self._unread.items():
            if name in captures:
                captures[name] = captures[name][0], marking

    def _settle(self, parts: Sequence[Part], true: dict[str, Marking]) -> None:
        """Give the captures of files that are wholly read now the join of all that stands in them."""
        done = {part.capture.sha256 for part in parts if part.capture is not None and part.report is not None}
        for name in sorted(done & self._unread.keys()):
            before = self._unread.pop(name)
            found = stricter.held(self._atlas, [name]).get(name, ())
            changes = {one: (old, true[name]) for one, old in found if old == before != true[name]}
            if changes and stricter.may_share(self._atlas):
                stricter.change(self._atlas, changes, stricter.WHOLE)

    def _tally(self, parts: Sequence[Part], fresh: Sequence[bool]) -> None:
        start = 0
        before: dict[int, list[ClaimRow]] = {}
        for part in parts:
            told = fresh[start : start + len(part.rows)]
            start += len(part.rows)
            self._new[part.index] += sum(told)
            self._known[part.index] += len(told) - sum(told)
            if not all(told):
                known = [row for row, is_new in zip(part.rows, told, strict=True) if not is_new]
                before.setdefault(part.index, []).extend(known)
        for index, rows in before.items():
            self._close(index, rows)

    def _close(self, index: int, rows: Sequence[ClaimRow]) -> None:
        """Re-mark what is known under a laxer label, or count it where the viewer may not share."""
        changes = stricter.laxer(self._atlas, rows)
        if not changes:
            return
        if stricter.may_share(self._atlas):
            stricter.change(self._atlas, changes, stricter.AGAIN)
            self._closed[index] += len(changes)
        else:
            self._laxer[index] += len(changes)
