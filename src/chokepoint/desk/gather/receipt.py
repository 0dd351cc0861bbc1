"""Receipts: a run over the very same bytes by the very same code need not be read twice.

A receipt is a record of the organisation's own: what was read, and what became of every part of it.
It is found again by a digest over paths, bytes, options and the code that reads.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Document, Rejected
from chokepoint.collect.walk import walk
from chokepoint.desk.gather.report import FileReport, GatherReport
from chokepoint.desk.gather.stricter import own
from chokepoint.model.said import kept, unkept
from chokepoint.store.base import GATHERING, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.gather.parse import Task
    from chokepoint.model.marking import Marking


def digest(task: Task) -> str:
    """What a run would read, and how, as one hash."""
    seen = sha256()
    options = (task.organisation, task.marking, task.grading, task.origin, task.format, sorted(task.skip))
    tables = (sorted(task.mappings.items()), sorted(task.refused), task.confirmed)
    seen.update(repr((code(), options, tables)).encode())
    for thing in walk(task.paths):
        mark = thing.sha256 if isinstance(thing, Document) else repr(thing)
        seen.update(f"{thing.path}\x1f{mark}\x1e".encode("utf-8", "surrogateescape"))
    return seen.hexdigest()


@cache
def code() -> str:
    """Hash over the sources of everything that turns bytes into claims."""
    seen = sha256()
    for room in ("model", "values", "collect"):
        for name, data in sorted(_files(resources.files("chokepoint").joinpath(room), room)):
            seen.update(name.encode() + b"\x1f" + data)
    return seen.hexdigest()


def _files(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        where = f"{name}/{entry.name}"
        if entry.is_dir() and not entry.name.startswith("__"):
            found.extend(_files(entry, where))
        elif entry.name.endswith((".py", ".toml", ".csv")):
            found.append((where, entry.read_bytes()))
    return found


def find(atlas: Atlas, wanted: str) -> GatherReport | None:
    """The account of an earlier run with this digest, all its claims now counted as known."""
    reader = atlas.reader
    with reader.connect() as connection:
        for record in read_records(reader, connection, GATHERING):
            if record.organisation == atlas.viewer.organisation and record.said["digest"] == wanted:
                return GatherReport(files=tuple(_file(file) for file in record.said["files"]))
    return None


def keep(atlas: Atlas, wanted: str, report: GatherReport, marking: Marking) -> None:
    """Record what became of every part of a run over files under a marking."""
    files = [file.to_json() for file in report.files]
    for file, told in zip(report.files, files, strict=True):
        for part, said in zip(file.rejected, told["rejected"], strict=True):
            said["told"] = kept(part.reason)
        if file.mapping:
            told["read"] = kept(file.mapping)
    payload = canonical({"digest": wanted, "files": files})
    row = RecordRow(GATHERING, payload, own(marking, atlas.viewer.organisation))
    atlas.ledger.append(atlas.speaker(), [row])


def _file(said: dict[str, Any]) -> FileReport:
    return FileReport(
        path=said["path"],
        format=said["format"],
        capture=said["capture"],
        origin=said["origin"],
        known=said["claims"]["new"] + said["claims"]["known"],
        entities=Counter(said["entities"]),
        links=Counter(said["links"]),
        rejected=[
            Rejected(part["place"], unkept(part.get("told", part["reason"]))) for part in said["rejected"]
        ],
        skipped=Counter(said["skipped"]),
        mapping=unkept(said.get("read", said.get("mapping", ""))),
    )
