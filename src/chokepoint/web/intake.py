"""What people bring in by the web: kept until it is read to its end, whoever closes a browser or ends us.

Files wait in the atlas's folder under names that are ours; a thread of this process gathers one sending at a
time. What a crash left is taken up again at the next start. Accounts are kept for some days.
"""

from __future__ import annotations

import logging
import os
import shutil
import uuid
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from chokepoint.desk.gather import GatherOptions, gather
from chokepoint.desk.keeping.incoming import FOLDER, shared
from chokepoint.model.errors import ChokepointError, NotFoundError, RefusedError
from chokepoint.model.marking import Marking, Viewer, parse_tlp
from chokepoint.model.said import Said
from chokepoint.model.source import parse_grading
from chokepoint.web.alone import alone
from chokepoint.web.show.account import Account, Gathering, Wishes, account_of, safe_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from chokepoint.desk.atlas import Atlas
    from chokepoint.web.guard.register import Register

KEPT = 7 * 24 * 60 * 60
"""Seconds for which an account is kept."""
MOST_WAITING = 20
"""Sendings of one person that wait at once."""
LISTED = 50
WORKERS = 1
"""Sendings that are read at once: the ledger takes one at a time, and processors are few."""
OPEN = ("waiting", "reading")

log = logging.getLogger("chokepoint.web")


class Intake:
    """The sendings of one desk."""

    def __init__(self, register: Register, folder: Path, opened_by: Callable[[Viewer], Atlas]) -> None:
        self._register = register
        self._folder = folder / FOLDER
        self._opened_by = opened_by
        self._threads = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="intake")
        self._running: dict[str, Future[None]] = {}

    def take(self, viewer: Viewer, files: Sequence[tuple[str, BinaryIO]], wishes: Wishes) -> str:
        """Keep the files and begin to read them; returns the name of the sending.

        Args:
            viewer: who brings them in.
            files: the name that a browser gave to each, whatever it holds, and its content.
            wishes: how to take them, already checked.

        Raises:
            RefusedError: too many of theirs wait.
        """
        waiting = [one for one in self.of(viewer) if one.state in OPEN]
        if len(waiting) >= MOST_WAITING:
            raise RefusedError(
                Said("{waiting} sendings wait to be read", waiting=len(waiting)),
                mend="wait until some sendings are read",
            )
        name = uuid.uuid4().hex
        names = self._keep(name, files)
        self._register.change(
            "INSERT INTO gatherings (id, organisation, person, names, options, state, made, beat)"
            " VALUES (:id, :organisation, :person, :names, :options, 'waiting', :now, :now)",
            id=name,
            organisation=viewer.organisation,
            person=viewer.user,
            names=msgspec.json.encode([*names, *(one.name for one in wishes.left)]).decode(),
            options=msgspec.json.encode(wishes).decode(),
            now=self._register.now(),
        )
        self._begin(name)
        return name

    def of(self, viewer: Viewer) -> list[Gathering]:
        """The newest sendings of one person, the newest first; old ones are forgotten."""
        self._forget()
        rows = self._register.rows(
            "SELECT * FROM gatherings WHERE organisation = :organisation AND person = :person"
            " ORDER BY number DESC LIMIT :most",
            organisation=viewer.organisation,
            person=viewer.user,
            most=LISTED,
        )
        return [_gathering(row) for row in rows]

    def find(self, viewer: Viewer, name: str) -> Gathering:
        """One of a person's sendings.

        Raises:
            NotFoundError: there is none of that name, or it is somebody else's.
        """
        return _gathering(self._own(viewer, name))

    def wishes(self, viewer: Viewer, name: str) -> Wishes:
        """How one of a person's sendings was to be taken.

        Raises:
            NotFoundError: as `find`.
        """
        return msgspec.json.decode(self._own(viewer, name)["options"], type=Wishes)

    def resume(self) -> None:
        """Take up again what an earlier process left unread."""
        for row in self._register.rows("SELECT id FROM gatherings WHERE state IN ('waiting', 'reading')"):
            self._begin(row["id"])

    def settle(self, name: str = "", seconds: float | None = None) -> None:
        """Wait until one sending, or all, is read, but no longer than so many seconds."""
        running = [one for key, one in list(self._running.items()) if name in ("", key)]
        wait(running, timeout=seconds)

    def close(self) -> None:
        """End after what is being read; what waits is read at the next start."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _keep(self, name: str, files: Sequence[tuple[str, BinaryIO]]) -> list[str]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = self._folder / name
        folder.mkdir(mode=0o700)
        names: list[str] = []
        with shared(self._folder):
            for given, content in files:
                names.append(safe_name(given, names))
                with (folder / names[-1]).open("xb") as out:
                    shutil.copyfileobj(content, out)
                    out.flush()
                    os.fsync(out.fileno())
        return names

    def _begin(self, name: str) -> None:
        job = self._threads.submit(self._read, name)
        self._running[name] = job
        job.add_done_callback(lambda _: self._running.pop(name, None))

    def _read(self, name: str) -> None:
        """Gather one sending to its end and keep its account; a fault is noted for the operator alone."""
        with shared(self._folder), self._alone(name) as mine:
            row = self._row(name)
            if not mine or row is None or row["state"] not in OPEN:
                return
            self._say(name, "reading", Account())
            try:
                account = self._gathered(row)
            except ChokepointError as error:
                self._say(
                    name, "refused", Account(problem=self._unplaced(error.reason, name), mend=error.mend)
                )
            except Exception:
                log.exception("a sending could not be read")
                self._say(name, "failed", Account())
            else:
                self._say(name, "done", account)
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def _gathered(self, row: sqlite3.Row) -> Account:
        name, wishes = row["id"], msgspec.json.decode(row["options"], type=Wishes)
        atlas = self._opened_by(Viewer(organisation=row["organisation"], user=row["person"]))
        report = gather(atlas, [self._folder / name], options_of(wishes), lambda _: self._beat(name))
        found = account_of(report, lambda text: self._unplaced(text, name))
        return replace(
            found,
            files=(*found.files, *wishes.left),
            count=found.count + len(wishes.left),
            refused=found.refused + len(wishes.left),
        )

    def _unplaced(self, text: str, name: str) -> str:
        """The text without where our files lie."""
        folder = self._folder / name
        for place in (folder.resolve(), folder, self._folder.resolve(), self._folder):
            text = text.replace(f"{place}/", "").replace(str(place), "")
        return text

    def _say(self, name: str, state: str, account: Account) -> None:
        self._register.change(
            "UPDATE gatherings SET state = :state, beat = :now, account = :account WHERE id = :id",
            id=name,
            state=state,
            now=self._register.now(),
            account=msgspec.json.encode(account).decode(),
        )

    def _beat(self, name: str) -> None:
        self._register.change(
            "UPDATE gatherings SET beat = :now WHERE id = :id", id=name, now=self._register.now()
        )

    def _own(self, viewer: Viewer, name: str) -> sqlite3.Row:
        row = self._row(name)
        if row is None or (row["organisation"], row["person"]) != (viewer.organisation, viewer.user):
            raise NotFoundError("no such sending", mend="the page lists yours")
        return row

    def _row(self, name: str) -> sqlite3.Row | None:
        return self._register.row("SELECT * FROM gatherings WHERE id = :id", id=name)

    def _forget(self) -> None:
        self._register.change(
            "DELETE FROM gatherings WHERE made <= :before AND state NOT IN ('waiting', 'reading')",
            before=self._register.now() - KEPT,
        )

    @contextmanager
    def _alone(self, name: str) -> Iterator[bool]:
        """Whether no other process reads this sending; the lock's file goes when it is read."""
        lock = self._folder / f"{name}.lock"
        with alone(lock) as mine:
            yield mine
            if mine:
                lock.unlink(missing_ok=True)


def options_of(wishes: Wishes) -> GatherOptions:
    """What gathering is told.

    Raises:
        NotValidError: a grade or label that is none.
    """
    return GatherOptions(
        marking=Marking(tlp=parse_tlp(wishes.tlp)),
        grading=parse_grading(wishes.grade) if wishes.grade else None,
        origin=wishes.origin,
        format=wishes.format,
        confirmed=wishes.confirmed,
    )


def _gathering(row: sqlite3.Row) -> Gathering:
    return Gathering(
        id=row["id"],
        names=tuple(msgspec.json.decode(row["names"], type=list[str])),
        state=row["state"],
        made=row["made"],
        account=msgspec.json.decode(row["account"], type=Account) if row["account"] else Account(),
    )
