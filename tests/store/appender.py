"""A process that appends until it is killed: `appender.py FOLDER ROUND`; a line for each acknowledged append."""

from __future__ import annotations

import sys
from pathlib import Path

from store_world import capture, link, rows_of, source

from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.settings import Settings
from chokepoint.wiring import open_atlas

EACH = 40


def main() -> None:
    """Append for ever."""
    atlas = open_atlas(Settings(atlas=Path(sys.argv[1]), viewer=Viewer(organisation="bank")))
    batch = 0
    while True:
        path = f"{sys.argv[2]}-{batch}.txt"
        said = [link(f"{path}.{n}.example", f"10.0.0.{n}", source(path)) for n in range(EACH)]
        atlas.vault.put([path.encode()])
        appended = atlas.ledger.append_claims(atlas.speaker(), [(capture(path), CLEAR)], rows_of(atlas, said))
        sys.stdout.write(f"{path} {appended.seqs[0]}\n")
        sys.stdout.flush()
        batch += 1


if __name__ == "__main__":
    main()
