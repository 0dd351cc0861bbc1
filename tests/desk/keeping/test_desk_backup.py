"""Backups are consistent while others work, and a restore brings nothing erased back."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import sqlite3
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from erase_world import MAIL, OTHER, PERSON, WHY, misp, places_of, said_to

from chokepoint.desk.gather import gather
from chokepoint.desk.keeping import backup as desk
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.checkpoint import compare, issue
from chokepoint.desk.keeping.copies import tell
from chokepoint.desk.keeping.erase import erase, told
from chokepoint.model.errors import LedgerError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.settings import Settings
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.keeping.care import Proven


@pytest.fixture
def open_as(opened):
    """Opens a folder as an organisation, or as its first member."""
    return opened


def test_a_restored_backup_is_the_atlas_as_it_was(named, tmp_path, open_as):
    made = desk.backup(named, tmp_path / "backup")
    head = verify(named).head
    restored = desk.restore(made.folder, tmp_path / "again", open_as)
    assert restored.proven.head == head
    assert restored.replayed == 0
    assert said_to(open_as(tmp_path / "again", "bank")) == said_to(named)


def test_a_restored_atlas_goes_on(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "backup")
    desk.restore(tmp_path / "backup", tmp_path / "again", open_as)
    again = open_as(tmp_path / "again", "bank")
    file = tmp_path / "more.json"
    file.write_text(misp(["third@example.org"]), "utf-8")
    assert gather(again, [file]).files
    compare(again, (tmp_path / "backup" / "checkpoint").read_bytes())
    verify(again)


def test_the_oldest_backup_keeps_erased_things_erased(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "oldest")
    erase(named, PERSON, **WHY)
    desk.backup(named, tmp_path / "later")
    restored = desk.restore(tmp_path / "oldest", tmp_path / "again", open_as, [tmp_path / "later"])
    again = open_as(tmp_path / "again", "bank")
    assert restored.replayed == 1
    assert places_of(again, MAIL) == []
    assert places_of(again, OTHER)
    assert told(again)[0][0].erasure.reason == WHY["reason"]
    verify(again)


def test_the_living_atlas_tells_a_restore_what_was_erased(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "oldest")
    erase(named, PERSON, **WHY)
    erase(named, Entity("email-addr", OTHER), **WHY)
    restored = desk.restore(tmp_path / "oldest", tmp_path / "again", open_as, [named.folder])
    again = open_as(tmp_path / "again", "bank")
    assert restored.replayed == 2
    assert places_of(again, MAIL) == places_of(again, OTHER) == []


def test_a_list_of_tombstones_is_enough(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "oldest")
    erase(named, PERSON, **WHY)
    (tmp_path / "list.jsonl").write_bytes(desk.proved_tombstones(named))
    assert MAIL not in (tmp_path / "list.jsonl").read_text("utf-8")
    desk.restore(tmp_path / "oldest", tmp_path / "again", open_as, [tmp_path / "list.jsonl"])
    assert places_of(open_as(tmp_path / "again", "bank"), MAIL) == []


def test_a_backup_made_after_an_erasure_holds_nothing_of_it(named, tmp_path, open_as):
    erase(named, PERSON, **WHY)
    desk.backup(named, tmp_path / "backup")
    assert places_of(replace(named, folder=tmp_path / "backup"), MAIL) == []
    assert desk.restore(tmp_path / "backup", tmp_path / "again", open_as).replayed == 0
    assert places_of(open_as(tmp_path / "again", "bank"), MAIL) == []


def test_nobody_erases_by_a_list_that_the_log_has_not_signed(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "oldest")
    erase(named, PERSON, **WHY)
    (line,) = desk.proved_tombstones(named).splitlines()
    bent = json.loads(line)["proof"].replace("index ", "index 1", 1)
    for number, text in enumerate((json.dumps({"proof": bent}), "{}", "[]", "nonsense")):
        (tmp_path / "list.jsonl").write_text(text + "\n", "utf-8")
        with pytest.raises(LedgerError):
            desk.restore(tmp_path / "oldest", tmp_path / f"again{number}", open_as, [tmp_path / "list.jsonl"])


def test_a_restore_that_fails_leaves_nothing_of_what_was_erased_and_can_be_tried_again(
    named, tmp_path, open_as
):
    desk.backup(named, tmp_path / "oldest")
    erase(named, PERSON, **WHY)
    (tmp_path / "list.jsonl").write_text("nonsense\n", "utf-8")
    with pytest.raises(LedgerError, match="not a tombstone"):
        desk.restore(tmp_path / "oldest", tmp_path / "again", open_as, [tmp_path / "list.jsonl"])
    assert list((tmp_path / "again").rglob("*")) == []
    (tmp_path / "list.jsonl").write_bytes(desk.proved_tombstones(named))
    desk.restore(tmp_path / "oldest", tmp_path / "again", open_as, [tmp_path / "list.jsonl"])
    assert places_of(open_as(tmp_path / "again", "bank"), MAIL) == []


def test_nobody_finds_an_atlas_while_it_is_being_restored(named, tmp_path, open_as, monkeypatch):
    desk.backup(named, tmp_path / "backup")

    def looks(atlas: Atlas) -> Proven:
        assert not (tmp_path / "again" / "ledger.sqlite").exists()
        return verify(atlas)

    monkeypatch.setattr(desk, "verify", looks)
    desk.restore(tmp_path / "backup", tmp_path / "again", open_as)
    assert (tmp_path / "again" / "ledger.sqlite").exists()


def test_what_a_killed_restore_left_is_taken_away_by_the_next(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "backup")
    shutil.copytree(tmp_path / "backup", tmp_path / "again" / desk.UNFINISHED)
    desk.restore(tmp_path / "backup", tmp_path / "again", open_as)
    assert not (tmp_path / "again" / desk.UNFINISHED).exists()
    assert said_to(open_as(tmp_path / "again", "bank")) == said_to(named)


def test_a_folder_with_anything_else_in_it_is_left_as_it_is(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "backup")
    for name in (desk.UNFINISHED, "mine"):
        (tmp_path / "again" / name).mkdir(parents=True)
    with pytest.raises(RefusedError, match="not empty"):
        desk.restore(tmp_path / "backup", tmp_path / "again", open_as)
    assert len(list((tmp_path / "again").iterdir())) == 2


@pytest.mark.parametrize("step", ["copy_ledger", "copy_vault", "proved_tombstones", "mark", "write_whole"])
def test_a_backup_that_fails_leaves_nothing_behind_and_can_be_made_again(named, tmp_path, monkeypatch, step):
    """What it copied by then holds what is said of people, and an erasure would not find it."""

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as then:
        then.setattr(desk, step, full)
        with pytest.raises(OSError, match="no space"):
            desk.backup(named, tmp_path / "backup")
    assert list((tmp_path / "backup").iterdir()) == []
    assert tell(named) == ()  # no erasure asks for what was never there
    assert desk.backup(named, tmp_path / "backup").records == verify(named).records


def test_a_disk_without_room_for_a_backup_is_named(named, tmp_path):
    issue(named)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limit[1]))
        with pytest.raises(LedgerError, match="could not be copied") as caught:
            desk.backup(named, tmp_path / "backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert caught.value.place == str(tmp_path / "backup" / "ledger.sqlite")
    assert "make room" in caught.value.mend
    assert list((tmp_path / "backup").iterdir()) == []


def test_a_backup_that_was_killed_is_no_backup_and_an_erasure_names_it(named, tmp_path, open_as, monkeypatch):
    """It holds names already; nobody else knows of it."""

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(desk, "copy_vault", killed)
    monkeypatch.setattr("pathlib.Path.unlink", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        desk.backup(named, tmp_path / "cut")
    monkeypatch.undo()
    assert (tmp_path / "cut" / "ledger.sqlite").is_file()
    with pytest.raises(RefusedError, match="no backup here"):
        desk.restore(tmp_path / "cut", tmp_path / "again", open_as)
    assert erase(named, PERSON, **WHY).untold == (tmp_path / "cut",)


def test_in_a_folder_that_others_may_enter_nobody_else_reads_a_backup_or_what_was_restored(
    named, tmp_path, open_as
):
    for name in ("backup", "again"):
        (tmp_path / name).mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        desk.backup(named, tmp_path / "backup")
        (tmp_path / "backup" / "keys").chmod(0o755)
        for file in (tmp_path / "backup" / "keys").iterdir():
            file.chmod(0o644)  # as on a disk that knows no owners
        copied = [tmp_path / "backup" / name for name in desk.FILES]
        desk.restore(tmp_path / "backup", tmp_path / "again", open_as)
    finally:
        os.umask(before)
    made = [*copied, *(tmp_path / "again" / name for name in desk.FILES), tmp_path / "again" / "keys"]
    made += (tmp_path / "again" / "keys").iterdir()
    assert [str(file) for file in made if file.stat().st_mode & 0o077] == []


def test_without_keys_no_private_key_leaves(named, tmp_path):
    made = desk.backup(named, tmp_path / "backup", keys=False)
    assert not made.keys
    assert not (tmp_path / "backup" / "keys").exists()
    assert (desk.backup(named, tmp_path / "with").folder / "keys").is_dir()


def test_nothing_is_written_over(named, tmp_path, open_as):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine", "utf-8")
    with pytest.raises(RefusedError, match="not empty"):
        desk.backup(named, tmp_path / "full")
    desk.backup(named, tmp_path / "backup")
    with pytest.raises(RefusedError, match="not empty"):
        desk.restore(tmp_path / "backup", tmp_path / "full", open_as)
    assert (tmp_path / "full" / "file").read_text("utf-8") == "mine"


def test_what_is_no_backup_is_told(tmp_path, open_as):
    (tmp_path / "empty").mkdir()
    with pytest.raises(RefusedError, match="no backup here"):
        desk.restore(tmp_path / "empty", tmp_path / "again", open_as)


def test_a_backup_that_was_altered_does_not_verify(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "backup")
    with sqlite3.connect(tmp_path / "backup" / "ledger.sqlite") as connection:
        connection.execute("UPDATE records SET salt = zeroblob(32) WHERE seq = 4")
    with pytest.raises(LedgerError, match="not those of its id"):
        desk.restore(tmp_path / "backup", tmp_path / "again", open_as)


def test_a_backup_of_a_cut_log_is_found_by_its_checkpoint(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "backup")
    desk.backup(named, tmp_path / "other")
    with sqlite3.connect(tmp_path / "backup" / "ledger.sqlite") as connection:
        connection.execute("DELETE FROM records WHERE seq >= (SELECT max(first) FROM batches)")
        connection.execute("DELETE FROM batches WHERE first = (SELECT max(first) FROM batches)")
        connection.execute("DELETE FROM checkpoints")
    with pytest.raises(LedgerError, match="cut short"):
        desk.restore(tmp_path / "backup", tmp_path / "again", open_as)


def test_a_backup_made_while_others_append_is_consistent(named, tmp_path, open_as):
    stop = threading.Event()
    file = tmp_path / "many.json"
    file.write_text(misp([f"user{n}@example.org" for n in range(9)]), "utf-8")
    writer = open_atlas(Settings(atlas=named.folder, viewer=named.viewer))

    def append() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            file.write_text(misp([f"user{number}-{n}@example.org" for n in range(9)]), "utf-8")
            gather(writer, [file])

    thread = threading.Thread(target=append)
    thread.start()
    try:
        for number in range(3):
            desk.backup(named, tmp_path / f"backup{number}")
    finally:
        stop.set()
        thread.join()
        writer.engine.dispose()
        writer.vault.engine.dispose()
    for number in range(3):
        assert desk.restore(tmp_path / f"backup{number}", tmp_path / f"again{number}", open_as).proven.records


def test_a_restore_of_a_restore_is_the_same(named, tmp_path, open_as):
    desk.backup(named, tmp_path / "backup")
    first = desk.restore(tmp_path / "backup", tmp_path / "one", open_as)
    desk.backup(open_as(tmp_path / "one", "bank"), tmp_path / "again")
    shutil.rmtree(tmp_path / "backup")
    assert desk.restore(tmp_path / "again", tmp_path / "two", open_as).proven.head == first.proven.head
