"""A process that appends until it is killed: `appender.py FOLDER ROUND [LIMIT]`.

It writes a line for each acknowledged append: the path of its capture, the position of its first claim, and
that of the vote that follows. With a limit no file may grow beyond so many bytes, as on a full disk; it then
ends by saying why it was refused.
"""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from store_world import capture, link, rows_of, seen_by, source, vote

from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.settings import Settings
from chokepoint.wiring import open_atlas

EACH = 40


def main() -> None:
    """Append for ever, or until the disk is full."""
    if len(sys.argv) > 3:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limit = int(sys.argv[3])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        append(sys.argv[1], sys.argv[2])
    except DatabaseError as error:
        sys.stdout.write(f"refused: {error.orig}\n")


def append(folder: str, name: str) -> None:
    atlas = open_atlas(Settings(atlas=Path(folder), viewer=Viewer(organisation="bank")))
    police = seen_by(atlas, "police")
    batch = 0
    while True:
        path = f"{name}-{batch}.txt"
        said = [link(f"{path}.{n}.example", f"10.0.0.{n}", source(path)) for n in range(EACH)]
        atlas.vault.put([path.encode()])
        appended = atlas.ledger.append_claims(atlas.speaker(), [(capture(path), CLEAR)], rows_of(atlas, said))
        voted = police.ledger.append(police.speaker(), [vote([f"{appended.seqs[0]:064x}"])])
        sys.stdout.write(f"{path} {appended.seqs[0]} {voted.seqs[0]}\n")
        sys.stdout.flush()
        batch += 1


if __name__ == "__main__":
    main()
