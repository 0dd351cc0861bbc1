"""Which file was opened, so that nothing is written to one that has been put away meanwhile.

SQLite goes on with the file that it has open, wherever that lies by now: what is written to it, whoever opens
the atlas next does not find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.model.errors import ReplacedError

if TYPE_CHECKING:
    from pathlib import Path


class Opened:
    """The file that lay at a path when it was first opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first: tuple[int, int] | None = None

    def check(self) -> None:
        """Go on if it lies there still.

        Raises:
            ReplacedError: another lies there, or none.
        """
        try:
            found = self._path.stat()
            here = found.st_dev, found.st_ino
        except FileNotFoundError:
            here = 0, 0
        if self._first not in {None, here}:
            raise ReplacedError(
                "another file was put in its place while it was open",
                place=self._path.name,
                mend="start anew what has it open",
            )
        self._first = here
