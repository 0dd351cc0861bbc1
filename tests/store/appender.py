"""A process that appends until it is killed: `appender.py FOLDER ROUND [LIMIT]`.

Without words it takes a folder and a round from each line of its input, and forks for each a process that
appends: it tells the number of that process, and `dead` when it was killed. To start an interpreter for every
kill would cost more than all else.

One thread takes in claims, several vote on them. It writes a line for each acknowledged append: `claims`, the
path of its capture and the position of its first claim; or `vote`, the claim's id and the position of the
vote. With a limit no file may grow beyond so many bytes, as on a full disk; it then ends by saying why it was
refused.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from store_world import capture, link, rows_of, seen_by, source, vote

from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.settings import Settings
from chokepoint.wiring import open_atlas

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


def serve() -> None:
    """Fork an appender for every line."""
    for line in sys.stdin:
        number = os.fork()
        if not number:
            append(*line.split())
            os._exit(0)
        tell(f"process {number}")
        os.waitpid(number, 0)
        tell("dead")


def append(folder: str, name: str) -> None:
    """Take in claims and vote on them, until everybody has been refused."""
    atlas = open_atlas(Settings(atlas=Path(folder), viewer=Viewer(organisation="bank")))
    names: list[str] = []
    voters = [threading.Thread(target=until_refused, args=(vote_on, atlas, names)) for _ in range(VOTERS)]
    for one in voters:
        one.start()
    until_refused(partial(take_in, name), atlas, names)
    for one in voters:
        one.join()


def until_refused(work, atlas, names) -> None:
    """Do one thing again and again, until the data base refuses it."""
    for number in count():
        try:
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


if __name__ == "__main__":
    main()
