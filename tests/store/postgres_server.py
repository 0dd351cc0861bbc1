"""A PostgreSQL server of the tests' own: in a temporary folder, reached by a socket file, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # nothing here is to survive the test
    "max_connections": "60",
    "shared_buffers": "32MB",
}
_databases = count()


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; None where PostgreSQL is not installed."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


def _run(folder: Path, *words: str) -> None:
    """Run as a user that the server accepts: it refuses to be started by root."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, **user)  # type: ignore[call-overload]
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stdout}{done.stderr}")


@contextmanager
def serving(bin_folder: Path) -> Iterator[str]:
    """A running server; yields the address of its databases with `{}` for the name of one."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket may have 107 bytes
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, log = folder / "data", folder / "log"
    _run(folder, str(bin_folder / "initdb"), "-D", str(data), "-U", "root", "-A", "trust", "-E", "UTF8", "-N")
    options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
    start = (str(bin_folder / "pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-s")
    _run(folder, *start, "-o", f"-k {folder} {options}", "start")
    try:
        yield f"postgresql+psycopg://root@/{{}}?host={folder}"
    finally:
        _run(folder, *start, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str, like: str = "template1") -> str:
    """The address of a fresh database, or of a copy of one that nobody uses; its owner is no superuser."""
    import psycopg  # noqa: PLC0415 - only where there is a server

    name = f"atlas{next(_databases)}"
    where = address.format("postgres").replace("+psycopg", "")
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(
            "DO $$ BEGIN CREATE ROLE keeper LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS;"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        connection.execute(f'CREATE DATABASE "{name}" OWNER keeper TEMPLATE "{like}"')
    return address.format(name).replace("root@", "keeper@")
