"""A process that appends until it is killed: `appender.py FOLDER ROUND [LIMIT]`.

Without words it takes a folder, a round and works from each line of its input, and forks for each a process
that appends: it tells the number of that process, and `dead` when it was killed. To start an interpreter for
every kill would cost more than all else.

One thread takes in claims, several vote on them; each work that is named has a thread beside these: `sign`
issues checkpoints, `empty` moves the write-ahead log into the file, `forget` takes in a person and erases it;
with `calm` they take turns.
It writes a line for what was acknowledged: `claims`, the path of its capture and the position of its first
claim; `vote`, the claim's id and the position of the vote; `signed` and the size; `met` or `erased` and a
number of the person. With a limit no file may grow beyond so many bytes, as on a full disk; it then ends by
saying why it was refused.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from contextlib import nullcontext, redirect_stdout
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from store_world import capture, link, rows_of, seen_by, source, vote

from chokepoint.desk.keeping.checkpoint import issue
from chokepoint.desk.keeping.erase import erase, finish
from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.settings import Settings
from chokepoint.wiring import make_atlas, open_atlas

EACH = 40
VOTERS = 6
_telling = threading.Lock()


def main() -> None:
    """Append for ever, or until the disk is full; or let others do so."""
    if len(sys.argv) == 1:
        serve()
        return
    if len(sys.argv) > 3:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limit = int(sys.argv[3])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    append(sys.argv[1], sys.argv[2])


CALM = "calm"
"""One thing at a time, so that nobody reads the file while somebody is erased from it."""


def warm() -> None:
    """Do everything once, so that a fork need not load and compile it again."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("bank", "police"):
            atlas = make_atlas(Settings(atlas=Path(folder) / "atlas", viewer=Viewer(organisation=name)))
            atlas.engine.dispose()
            atlas.vault.engine.dispose()
        atlas = open_atlas(Settings(atlas=Path(folder) / "atlas", viewer=Viewer(organisation="bank")))
        names: list[str] = []
        take_in("warm", atlas, names, 0)
        vote_on(atlas, names, 0)
        for work in BESIDE.values():
            work("warm", atlas, names, 0)
        atlas.engine.dispose()
        atlas.vault.engine.dispose()


def serve() -> None:
    """Fork an appender for every line."""
    with redirect_stdout(io.StringIO()):
        warm()
    for line in sys.stdin:
        number = os.fork()
        if not number:
            append(*line.split())
            os._exit(0)
        tell(f"process {number}")
        os.waitpid(number, 0)
        tell("dead")


def append(folder: str, name: str, *works: str) -> None:
    """Take in claims, vote on them and do what else is named, until everybody has been refused."""
    atlas = open_atlas(Settings(atlas=Path(folder), viewer=Viewer(organisation="bank")))
    names: list[str] = []
    beside = [vote_on] * VOTERS + [partial(BESIDE[work], name) for work in works if work != CALM]
    turn = threading.Lock() if CALM in works else nullcontext()
    threads = [threading.Thread(target=until_refused, args=(work, atlas, names, turn)) for work in beside]
    for one in threads:
        one.start()
    until_refused(partial(take_in, name), atlas, names, turn)
    for one in threads:
        one.join()


def until_refused(work, atlas, names, turn) -> None:
    """Do one thing again and again, each time in its turn, until the data base refuses it."""
    for number in count():
        try:
            with turn:
                work(atlas, names, number)
        except DatabaseError as error:
            tell(f"refused: {error.orig}")
            return


def tell(line: str) -> None:
    """Acknowledge."""
    with _telling:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def take_in(name: str, atlas, names: list[str], number: int) -> None:
    """Claims out of a new capture."""
    path = f"{name}-{number}.txt"
    said = [link(f"{path}.{n}.example", f"10.0.0.{n}", source(path)) for n in range(EACH)]
    atlas.vault.put([path.encode()])
    appended = atlas.ledger.append_claims(atlas.speaker(), [(capture(path), CLEAR)], rows_of(atlas, said))
    tell(f"claims {path} {appended.seqs[0]}")
    with atlas.engine.connect() as connection:
        sql = "SELECT id FROM records WHERE seq >= ? AND seq < ?"
        rows = connection.exec_driver_sql(sql, (appended.seqs[0], appended.seqs[0] + EACH))
        names += [row[0].hex() for row in rows]


def vote_on(atlas, names: list[str], number: int) -> None:
    """One vote on one of the claims, by the police."""
    if not names:
        return
    police, name = seen_by(atlas, "police"), names[number % len(names)]
    voted = police.ledger.append(police.speaker(), [vote([name])])
    tell(f"vote {name} {voted.seqs[0]}")


def sign(_name: str, atlas, _names: list[str], _number: int) -> None:
    """A checkpoint of the log."""
    note, _ = issue(atlas)
    tell(f"signed {note.text.splitlines()[1]}")
    time.sleep(0.003)


def empty(_name: str, atlas, _names: list[str], number: int) -> None:
    """As much of the write-ahead log as can be goes into the file, by each way of SQLite's in turn."""
    with atlas.engine.connect() as connection:
        connection.rollback()
        way = ("PASSIVE", "FULL", "RESTART", "TRUNCATE")[number % 4]
        connection.connection.driver_connection.execute(f"PRAGMA wal_checkpoint({way})").fetchall()
    time.sleep(0.002)


def person(number: str) -> Entity:
    """Who is to be forgotten."""
    return Entity("person", f"Ann Nobody {number} Lane")


def forget(name: str, atlas, _names: list[str], number: int) -> None:
    """A person is taken in, and erased."""
    who = f"{name}x{number}"
    data = f"{person(who).value} was seen".encode()
    kept = replace(capture("seen.person"), sha256=atlas.vault.put([data])[0])
    told = replace(source("seen.person"), capture=kept.sha256)
    said = [Claim(person(who), "alias", f"Annie {who}", "line 1", told)]
    atlas.ledger.append_claims(atlas.speaker(), [(kept, CLEAR)], rows_of(atlas, said))
    tell(f"met {who}")
    try:
        erase(atlas, person(who), reason="asked to", basis="Art. 17")
    except LedgerError:  # somebody read the file just then
        while not finished(atlas):
            time.sleep(0.002)
    tell(f"erased {who}")


def finished(atlas) -> bool:
    """Whether nobody read the file, so that what was erased could be taken out of it."""
    try:
        finish(atlas)
    except LedgerError:
        return False
    return True


BESIDE = {"sign": sign, "empty": empty, "forget": forget}

if __name__ == "__main__":
    main()
