"""Where the copies of a package go: one folder for each recipient, since each copy names whose it is."""

from __future__ import annotations

import re
import shutil
from hashlib import blake2b
from typing import TYPE_CHECKING

from chokepoint.desk.handing.publish import MARK, takes_a_package
from chokepoint.model.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

LONGEST = 40
TOLD_APART = 8
SAFE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
MADE = re.compile(r".*-[0-9a-f]{16}")
"""Names as they are made here: no member can take another's by calling itself so."""
DEVICES = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")
"""Names that Windows gives to no file."""


def folder_name(name: str) -> str:
    """A name of a file for a member, another for each: its own where every system takes that.

    >>> folder_name("police"), folder_name("../Bank Ü")
    ('police', 'bank-591b10fb52d2423c')
    """
    if SAFE.fullmatch(name) and not DEVICES.fullmatch(name) and not MADE.fullmatch(name):
        return name
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower())[:LONGEST].strip("-") or "member"
    return f"{plain}-{blake2b(name.encode(), digest_size=TOLD_APART).hexdigest()}"


def copies(out: Path, recipients: Collection[str]) -> dict[frozenset[str], Path]:
    """Whose copy goes where: into `out` itself, or where several are named into a folder for each in it.

    Raises:
        RefusedError: something lies there that is neither a package nor a folder of such copies.
    """
    if len(recipients) <= 1:
        takes_a_package(out)
        return {frozenset(recipients): out}
    places = {frozenset({name}): out / folder_name(name) for name in sorted(recipients)}
    if (out / MARK).is_file():
        takes_a_package(out)
    elif out.exists():
        _takes_copies(out)
    return places


def _takes_copies(out: Path) -> None:
    if not out.is_dir() or not all(path.is_dir() and not path.is_symlink() for path in out.iterdir()):
        raise RefusedError("the folder holds other things", place=str(out), mend="name a new or empty folder")
    for path in out.iterdir():
        takes_a_package(path)


def cleared(out: Path, places: Mapping[frozenset[str], Path]) -> None:
    """Take away an older package, or older copies, that lie where copies go; none stays of another time."""
    if out in places.values() or not out.is_dir():
        return
    if (out / MARK).is_file():
        shutil.rmtree(out)
        return
    for path in out.iterdir():
        if (path / MARK).is_file():
            shutil.rmtree(path)
