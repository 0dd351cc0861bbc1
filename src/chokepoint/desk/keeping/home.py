"""The atlas from which a backup says it was made: asked only where that atlas has marked the backup.

A backup may be a stranger's, and what it names anything: another's files, a device that keeps whoever reads
it, a server that is told who looks. So of what it names one small file is read and nothing else is opened,
until the key in that file, which never leaves the atlas's folder, shows that the atlas wrote the name.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from hmac import compare_digest, digest
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from chokepoint.store.whole import write_whole

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas

MADE_FROM = "made-from"
"""In a backup: the folder of the atlas, and the mark by which that knows its own."""
BACKUPS = "backups"
"""In an atlas: a file for each backup, with its folder and its disk, and those below."""
KEY = "key"
DATABASE = "database"
"""Beside the key of an atlas in a database: the address, without a password."""
PASSWORDS = ("password", "sslpassword")
"""Settings of an address that are secret too."""
LONGEST = 5_000
MOUNTS = Path("/proc/self/mountinfo")
PATIENCE = "10"
"""Seconds after which a database that does not answer is not there."""


def mark(atlas: Atlas, backup: Path) -> None:
    """Write into a backup from which atlas it was made, so that this atlas will know its own words."""
    home = atlas.folder.resolve()
    (home / BACKUPS).mkdir(exist_ok=True, mode=0o700)
    write_whole(home / BACKUPS / KEY, token_bytes(32), mode=0o600, once=True)
    if atlas.engine.dialect.name != "sqlite":
        url = atlas.engine.url._replace(password=None).difference_update_query(PASSWORDS)
        url = url.update_query_dict({"connect_timeout": PATIENCE})
        write_whole(home / BACKUPS / DATABASE, url.render_as_string().encode(), mode=0o600)
    name = os.fsencode(home)
    marked = name + b"\0" + _mark(_read(home / BACKUPS / KEY), name)
    write_whole(backup / MADE_FROM, marked, mode=0o666)


def _mark(key: bytes, name: bytes) -> bytes:
    return digest(key, name, "sha256")


def home_of(backup: Path) -> Path | None:
    """The folder of the atlas that a backup names, if that is on this machine and has marked it; or None."""
    with suppress(OSError, ValueError):
        name, _, marked = _read(backup / MADE_FROM).partition(b"\0")
        home = Path(os.fsdecode(name))
        if not _is_plain(name) or _comes_on_demand(name) or home.resolve() != home:
            return None
        if compare_digest(_mark(_read(home / BACKUPS / KEY, own=True), name), marked):
            return home
    return None


def said_home(backup: Path) -> str:
    """What a backup says of its atlas, to be shown to people alone; empty where that is no name."""
    with suppress(OSError, UnicodeDecodeError):
        name = _read(backup / MADE_FROM).partition(b"\0")[0].decode()
        return name if name.isprintable() and len(name) <= 200 else ""
    return ""


def database_of(home: Path) -> str:
    """The address, without a password, of the database in which the atlas of a folder is; or empty."""
    with suppress(OSError, ValueError):
        address = _read(home / BACKUPS / DATABASE, own=True).decode()
        return make_url(address).render_as_string()
    return ""


def _read(path: Path, *, own: bool = False) -> bytes:
    """The bytes of a small file, waiting for nobody and following no link.

    Raises:
        OSError: it is none, or, where it must be, not one's own.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or (own and found.st_uid != os.geteuid()):
            raise OSError(f"{path} is not to be read")
        return file.read(LONGEST)


def _is_plain(name: bytes) -> bool:
    """Whether a name is a path from the root without detours, which would hide below which mount it lies."""
    return name.startswith(b"/") and not name.startswith(b"//") and os.path.normpath(name) == name


def _comes_on_demand(name: bytes) -> bool:
    """Whether to look there makes the system reach for a disk or a server, whichever the name says."""
    nearest, kind = 0, b""
    with suppress(OSError):  # no such list: no such mounts
        for line in MOUNTS.read_bytes().splitlines():
            fields, _, more = line.partition(b" - ")
            point = re.sub(rb"\\(\d{3})", lambda found: bytes([int(found[1], 8)]), fields.split()[4])
            if name.startswith(point.rstrip(b"/") + b"/") and len(point) >= nearest:
                nearest, kind = len(point), more.split()[0]
    return kind == b"autofs"
