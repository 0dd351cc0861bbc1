"""Claims being appended: which are new to their organisation, whom they are about, and their captures."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from chokepoint.model.errors import LedgerError
from chokepoint.store.base import CAPTURE
from chokepoint.store.canonical import canonical
from chokepoint.store.subjects import personal_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.model.marking import Marking
    from chokepoint.model.source import Capture
    from chokepoint.store.base import ClaimRow
    from chokepoint.store.batch import Batch, Subjects

OPEN_CAPTURES = 4096

Said = dict[tuple[int, str], set[int]]
"""Fingerprints of what an organisation said from a capture, by its number and the capture's hash."""


def unsaid(batch: Batch, known: Said, seqs: dict[str, int], rows: Sequence[ClaimRow]) -> list[bool]:
    """Whether this organisation says each row for the first time; it recurs only in its own capture."""
    while len(known) > OPEN_CAPTURES:
        del known[next(iter(known))]
    fresh = []
    capture, said = "", set[int]()
    for row in rows:
        named = row.provenance.capture
        if named != capture:
            if named not in seqs:
                raise LedgerError("a claim points into a capture that was not given", place=named)
            capture, said = named, _said_in(batch, known, named)
        fingerprint = row.fingerprint
        fresh.append(fingerprint not in said)
        said.add(fingerprint)
    return fresh


def subjects(batch: Batch, rows: Sequence[ClaimRow]) -> list[Subjects]:
    """For each claim the keys of the personal entities that it is about."""
    personal = personal_kinds()
    wanted = {row.subject for row in rows if row.subject.kind in personal}
    wanted.update([row.object for row in rows if row.object is not None and row.object.kind in personal])
    if not wanted:
        return [()] * len(rows)
    keys = batch.interner.keys(wanted)
    return [
        tuple({keys[end] for end in (row.subject, row.object) if end is not None and end in keys})
        for row in rows
    ]


def _said_in(batch: Batch, known: Said, capture: str) -> set[int]:
    key = (batch.owner, capture)
    if key not in known:
        rows = batch.connection.exec_driver_sql(
            "SELECT c.fingerprint FROM captures k JOIN provenances p ON p.capture = k.seq"
            " JOIN claims c ON c.provenance = p.number WHERE k.owner = ? AND k.sha256 = ?",
            key,
        )
        known[key] = {row[0] for row in rows}
    return known[key]


def captures(batch: Batch, given: Sequence[tuple[Capture, Marking]]) -> dict[str, int]:
    """Positions of the captures by SHA-256; those new to this organisation under this marking are written."""
    seqs: dict[str, int] = {}
    new: dict[str, tuple[Capture, Marking, int]] = {}
    for capture, marking in given:
        if capture.sha256 in seqs or capture.sha256 in new:
            continue
        number = batch.marking(marking)
        found = batch.connection.exec_driver_sql(
            "SELECT min(seq) FROM captures WHERE sha256 = ? AND owner = ? AND marking = ?",
            (capture.sha256, batch.owner, number),
        ).scalar()
        if found is None:
            new[capture.sha256] = (capture, marking, number)
        else:
            seqs[capture.sha256] = int(found)
    if new:
        parts = [(marking, canonical(asdict(capture)), ()) for capture, marking, _ in new.values()]
        first = batch.write(CAPTURE, parts)
        rows = []
        for seq, (capture, _, number) in enumerate(new.values(), first):
            seqs[capture.sha256] = seq
            rows.append((seq, capture.sha256, capture.path, batch.owner, number))
        batch.connection.exec_driver_sql("INSERT INTO captures VALUES (?, ?, ?, ?, ?)", rows)
    return seqs
