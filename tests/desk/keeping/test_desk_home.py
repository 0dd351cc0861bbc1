"""A backup may be a stranger's: of what it names nothing is opened that is not its atlas and says so."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from erase_world import PERSON, WHY
from sqlalchemy import create_engine

from chokepoint.desk.keeping import home
from chokepoint.desk.keeping.backup import backup, restore
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.keeping.home import (
    BACKUPS,
    DATABASE,
    KEY,
    LONGEST,
    MADE_FROM,
    database_of,
    home_of,
    mark,
    said_home,
)
from chokepoint.model.errors import LedgerError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

    Open = Callable[..., Atlas]


@pytest.fixture
def copied(named: Atlas, tmp_path: Path) -> Path:
    """A backup whose atlas lives."""
    return backup(named, tmp_path / "backup").folder


class Watch:
    """Opens folders, and remembers which."""

    def __init__(self, opened: Open) -> None:
        self.opened, self.seen = opened, list[str]()

    def __call__(self, folder: Path, organisation: str) -> Atlas:
        self.seen.append(folder.name)
        return self.opened(folder, organisation)


@pytest.fixture
def watch(opened: Open) -> Watch:
    return Watch(opened)


def forged(copied: Path, name: str | bytes | Path) -> None:
    """Let the backup name another place, with the mark that it has."""
    (copied / MADE_FROM).write_bytes(
        os.fsencode(name) + (copied / MADE_FROM).read_bytes().partition(b"\0")[2].join((b"\0", b""))
    )


def test_the_atlas_that_marked_a_backup_is_found_by_it_wherever_the_backup_lies(
    named: Atlas, copied: Path
) -> None:
    assert home_of(copied) == named.folder
    assert home_of(copied.rename(copied.with_name("moved"))) == named.folder
    assert said_home(copied.with_name("moved")) == str(named.folder)


def test_nothing_is_opened_that_a_strangers_backup_names(
    named: Atlas, copied: Path, atlas: Open, watch: Watch, tmp_path: Path
) -> None:
    """Here another atlas of whoever restores: neither opened, nor locked, nor brought to a newer version."""
    other = atlas("vendor", name="other").folder
    backup(watch.opened(other, "vendor"), tmp_path / "another")
    before = {one.name: one.stat().st_mtime_ns for one in other.iterdir()}
    forged(copied, other)
    with pytest.raises(RefusedError, match="not there to say") as caught:
        restore(copied, tmp_path / "again", watch)
    assert watch.seen == []
    assert {one.name: one.stat().st_mtime_ns for one in other.iterdir()} == before
    assert str(other) in caught.value.mend, "whoever knows it may name it"


@pytest.mark.parametrize("who", ["nobody's key", "a key of one's own making", "a pipe", "a link", "a folder"])
def test_a_place_whose_key_does_not_fit_is_not_the_atlas(
    named: Atlas, copied: Path, tmp_path: Path, who: str
) -> None:
    key = named.folder / BACKUPS / KEY
    kept = key.read_bytes()
    key.unlink()
    if who == "a key of one's own making":
        key.write_bytes(b"k" * 32)
    elif who == "a pipe":
        os.mkfifo(key)
    elif who == "a link":
        (tmp_path / "kept").write_bytes(kept)
        key.symlink_to(tmp_path / "kept")
    elif who == "a folder":
        key.mkdir()
    assert home_of(copied) is None


def test_a_folder_of_another_user_is_not_asked(
    copied: Path, named: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home_of(copied) == named.folder
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert home_of(copied) is None


def test_a_folder_reached_by_a_link_is_not_the_one_that_was_marked(
    named: Atlas, copied: Path, tmp_path: Path
) -> None:
    (tmp_path / "way").symlink_to(named.folder)
    forged(copied, tmp_path / "way")
    assert home_of(copied) is None


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\0",
        b"atlas\0",
        b"//server/share\0",
        b"\xff\0" * 3,
        b"/" * LONGEST,
        b"smb://server/x\0",
        b"/dev\0",
    ],
    ids=["empty", "nul", "relative", "share", "bytes", "long", "address", "devices"],
)
def test_what_names_no_folder_of_this_machine_is_no_atlas(copied: Path, said: bytes) -> None:
    (copied / MADE_FROM).write_bytes(said)
    assert home_of(copied) is None


def test_a_name_that_is_a_pipe_keeps_nobody_waiting(copied: Path) -> None:
    (copied / MADE_FROM).unlink()
    os.mkfifo(copied / MADE_FROM)
    assert home_of(copied) is None
    assert said_home(copied) == ""


MOUNTED = (
    "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    "23 22 0:30 / /net rw - autofs -hosts rw\n"
    "24 22 0:31 / /media/my\\040disk rw - autofs systemd-1 rw\n"
    "25 22 8:17 / /media/there rw - autofs systemd-1 rw\n"
    "26 25 8:17 / /media/there rw - ext4 /dev/sdb1 rw\n"
)


@pytest.mark.parametrize(
    ("name", "comes"),
    [
        pytest.param("/net/evil.example/export", True, id="a server that is told who looks"),
        pytest.param("/media/my disk/atlas", True, id="a disk that would be started"),
        pytest.param("/media/there/atlas", False, id="a disk that is there by now"),
        pytest.param("/network/atlas", False, id="a name that begins alike"),
        pytest.param("/srv/atlas", False, id="the system's own disk"),
    ],
)
def test_no_disk_or_server_is_reached_for_because_a_backup_names_it(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, comes: bool
) -> None:
    (tmp_path / "mounts").write_text(MOUNTED, "utf-8")
    monkeypatch.setattr(home, "MOUNTS", tmp_path / "mounts")
    assert home._comes_on_demand(name.encode()) is comes
    forged(copied, name)
    asked = []
    monkeypatch.setattr("pathlib.Path.resolve", lambda path, **_: asked.append(str(path)) or path)
    home_of(copied)
    assert asked == ([] if comes else [name])


@pytest.mark.parametrize(
    "name",
    ["/./net/evil.example/x", "//net/evil.example/x", "/srv/../net/evil.example/x", "/net/evil.example/"],
)
def test_no_detour_hides_that_a_server_is_reached_for(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "mounts").write_text(MOUNTED, "utf-8")
    monkeypatch.setattr(home, "MOUNTS", tmp_path / "mounts")
    forged(copied, name)
    asked = []
    monkeypatch.setattr("pathlib.Path.resolve", lambda path, **_: asked.append(str(path)) or path)
    assert home_of(copied) is None
    assert asked == []


def test_no_password_of_a_database_is_written_beside_a_backups_key(named: Atlas, copied: Path) -> None:
    address = (
        "postgresql+psycopg://keeper:s3cret@host/atlas?password=s3cret&sslpassword=s3cret&sslmode=require"
    )
    mark(replace(named, engine=create_engine(address)), copied)
    assert "s3cret" not in (named.folder / BACKUPS / DATABASE).read_text("utf-8")
    assert "sslmode=require" in database_of(named.folder)


@pytest.mark.parametrize("said", ["\x1b[2J", "/x\n--erased /y", "/\u202egnp", "/" + "x" * 300], ids=ascii)
def test_a_name_that_would_bend_the_terminal_is_not_shown(copied: Path, said: str, tmp_path: Path) -> None:
    forged(copied, said)
    assert said_home(copied) == ""


@pytest.mark.parametrize("name", ["ledger.sqlite", "vault.sqlite", "checkpoint", "tombstones.jsonl", "keys"])
def test_a_backup_whose_files_lie_elsewhere_is_not_restored(
    copied: Path, watch: Watch, tmp_path: Path, name: str
) -> None:
    """What a link names is whoever restores it's own, and would be copied into the new atlas."""
    (copied / name).rename(tmp_path / "elsewhere")
    (copied / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefusedError, match="no file of this backup") as caught:
        restore(copied, tmp_path / "again", watch)
    assert caught.value.place == str(copied / name)
    assert watch.seen == []
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("how", ["link", "pipe", "folder"])
def test_a_key_of_a_backup_is_a_file(copied: Path, watch: Watch, tmp_path: Path, how: str) -> None:
    key = copied / "keys" / "00.ed25519"
    if how == "link":
        key.symlink_to("/dev/zero")
    elif how == "pipe":
        os.mkfifo(key)
    else:
        key.mkdir()
    with pytest.raises(RefusedError, match="no file of this backup") as caught:
        restore(copied, tmp_path / "again", watch)
    assert caught.value.place == str(key)


def test_a_pipe_beside_a_backup_keeps_nobody_waiting(copied: Path, watch: Watch, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    shutil.copytree(copied, beside)
    (beside / "checkpoint").unlink()
    os.mkfifo(beside / "checkpoint")
    assert restore(copied, tmp_path / "again", watch).replayed == 0


def test_no_copy_of_a_backup_holds_the_key_by_which_its_atlas_knows_it(named: Atlas, copied: Path) -> None:
    key = (named.folder / BACKUPS / KEY).read_bytes()
    assert len(key) == 32
    assert (named.folder / BACKUPS / KEY).stat().st_mode & 0o077 == 0
    assert not any(key in one.read_bytes() for one in copied.rglob("*") if one.is_file())


def test_the_atlas_is_asked_by_its_own_mark_and_its_log_is_compared(
    named: Atlas, copied: Path, watch: Watch, tmp_path: Path
) -> None:
    erase(named, PERSON, **WHY)
    (copied / "tombstones.jsonl").write_bytes(b"")
    assert restore(copied, tmp_path / "again", watch).replayed == 1
    (copied / "checkpoint").write_bytes((copied / "checkpoint").read_bytes()[:-10] + b"AAAAAAAAA\n")
    with pytest.raises((LedgerError, RefusedError)):
        restore(copied, tmp_path / "third", watch)
