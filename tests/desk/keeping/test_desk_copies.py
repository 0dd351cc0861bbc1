"""Whoever knows what was erased is asked before a backup is restored, and where nobody does it is refused."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from erase_world import MAIL, OTHER, PERSON, WHY, places_of

from chokepoint.desk.keeping import backup as desk
from chokepoint.desk.keeping import copies
from chokepoint.desk.keeping.copies import (
    CHECKPOINT,
    TOMBSTONES,
    forget,
    proved_tombstones,
    remember,
    tell,
)
from chokepoint.desk.keeping.erase import erase, finish
from chokepoint.desk.keeping.home import BACKUPS, MADE_FROM, home_of
from chokepoint.model.errors import LedgerError, NotFoundError, RefusedError
from chokepoint.model.identity import Entity

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.keeping.backup import Restored


class Places:
    """An atlas, and the folder in which its backups and what is made of them lie."""

    def __init__(self, atlas: Atlas, folder: Path, open_as: Callable[..., Atlas]) -> None:
        self.atlas, self.folder, self.open_as = atlas, folder, open_as

    def backup(self, name: str) -> Path:
        return desk.backup(self.atlas, self.folder / name).folder

    def restore(self, name: str, to: str = "again", **more: bool) -> Restored:
        return desk.restore(self.folder / name, self.folder / to, self.open_as, **more)

    def lose(self) -> None:
        """The atlas's files are gone."""
        self.atlas.engine.dispose()
        self.atlas.vault.engine.dispose()
        shutil.rmtree(self.atlas.folder)

    def holds(self, name: str, to: str = "again") -> bool:
        return bool(places_of(self.open_as(self.folder / to, "bank"), name))


@pytest.fixture
def places(named: Atlas, tmp_path: Path, opened: Callable[..., Atlas]) -> Places:
    return Places(named, tmp_path / "disk", opened)


def test_the_atlas_that_a_backup_was_made_from_is_asked_without_being_named(places: Places) -> None:
    places.backup("oldest")
    erase(places.atlas, PERSON, **WHY)
    assert places.restore("oldest").replayed == 1
    assert not places.holds(MAIL)
    assert places.holds(OTHER)


def test_where_the_atlas_is_gone_nothing_is_restored_unless_that_is_wanted(places: Places) -> None:
    places.backup("oldest")
    places.lose()
    with pytest.raises(RefusedError, match="not there to say") as caught:
        places.restore("oldest")
    assert "--erased" in caught.value.mend
    assert "--may-bring-back-erased" in caught.value.mend
    assert not (places.folder / "again").exists()
    assert places.restore("oldest", may_bring_back=True).replayed == 0
    assert places.holds(MAIL)


def test_a_backup_is_told_of_what_is_erased_later(places: Places) -> None:
    oldest = places.backup("oldest")
    erased = erase(places.atlas, PERSON, **WHY)
    assert erased.untold == ()
    assert MAIL.encode() not in (oldest / TOMBSTONES).read_bytes()
    places.lose()
    assert places.restore("oldest", may_bring_back=True).replayed == 1
    assert not places.holds(MAIL)


def test_two_copies_of_an_atlas_tell_a_backup_of_what_each_erased(places: Places) -> None:
    """Whoever tells it last does not know what the other erased."""
    oldest = places.backup("oldest")
    shutil.copytree(places.atlas.folder, places.folder / "twin")
    erase(places.atlas, PERSON, **WHY)
    twin = places.open_as(places.folder / "twin", "bank")
    erase(twin, Entity("email-addr", OTHER), **WHY)
    for one in (places.atlas, twin, twin):
        assert tell(one) == ()
        assert len((oldest / TOMBSTONES).read_bytes().splitlines()) == 2
    places.lose()
    assert places.restore("oldest", may_bring_back=True).replayed == 2
    assert not places.holds(MAIL)
    assert not places.holds(OTHER)


@pytest.mark.parametrize(
    "line", [b"nonsense", b'{"proof":"nonsense"}', b"[]", b'{"proof":7}', b"\xff"], ids=repr
)
def test_a_line_that_proves_nothing_stays_until_somebody_looks_at_it(places: Places, line: bytes) -> None:
    oldest = places.backup("oldest")
    (oldest / TOMBSTONES).write_bytes(line + b"\n")
    erase(places.atlas, PERSON, **WHY)
    assert (oldest / TOMBSTONES).read_bytes().splitlines()[1:] == [line]
    with pytest.raises(LedgerError) as caught:
        places.restore("oldest")
    assert str(oldest) in caught.value.place


def test_a_copy_of_a_backup_hears_of_it_from_those_beside_it(places: Places) -> None:
    shutil.copytree(places.backup("oldest"), places.folder / "copied")
    erase(places.atlas, PERSON, **WHY)
    erase(places.atlas, Entity("email-addr", OTHER), **WHY)
    places.lose()
    assert places.restore("copied", may_bring_back=True).replayed == 2
    assert not places.holds(MAIL)
    assert not places.holds(OTHER)


def test_a_list_beside_the_backups_is_enough(places: Places) -> None:
    shutil.copytree(places.backup("oldest"), places.folder / "copied")
    erase(places.atlas, PERSON, **WHY)
    (places.folder / TOMBSTONES).write_bytes(proved_tombstones(places.atlas))
    shutil.rmtree(places.folder / "oldest")
    places.lose()
    assert places.restore("copied", may_bring_back=True).replayed == 1
    assert not places.holds(MAIL)


def test_what_lies_beside_a_backup_and_is_none_of_this_log_is_passed_by(
    places: Places, atlas: Callable[..., Atlas]
) -> None:
    places.backup("oldest")
    desk.backup(atlas("vendor", name="another"), places.folder / "another")
    (places.folder / "another" / TOMBSTONES).write_text("nonsense\n", "utf-8")
    (places.folder / "empty").mkdir()
    (places.folder / "file").write_text("nonsense", "utf-8")
    assert places.restore("oldest").replayed == 0


def test_a_list_beside_it_that_cannot_be_read_is_named_instead_of_passed_by(places: Places) -> None:
    places.backup("oldest")
    places.backup("later")
    (places.folder / "later" / TOMBSTONES).write_text("nonsense\n", "utf-8")
    with pytest.raises(LedgerError, match="not a tombstone") as caught:
        places.restore("oldest")
    assert caught.value.place == f"{places.folder / 'later'}, line 1"
    assert list((places.folder / "again").iterdir()) == []


def test_a_backup_that_is_out_of_reach_is_named_until_it_is_told(places: Places) -> None:
    oldest = places.backup("oldest")
    places.folder.rename(places.folder.with_name("unplugged"))
    assert erase(places.atlas, PERSON, **WHY).untold == (oldest,)
    assert finish(places.atlas) == (oldest,)
    places.folder.with_name("unplugged").rename(places.folder)
    assert (oldest / TOMBSTONES).read_bytes() == b""
    assert finish(places.atlas) == ()
    places.lose()
    places.restore("oldest", may_bring_back=True)
    assert not places.holds(MAIL)


def test_an_erasure_while_a_backup_is_made_says_that_it_did_not_reach_it(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    untold = []

    def listed(atlas: Atlas) -> bytes:
        said = proved_tombstones(atlas)
        untold.extend(erase(atlas, PERSON, **WHY).untold)
        return said

    monkeypatch.setattr(desk, "proved_tombstones", listed)
    made = places.backup("made")
    assert untold == [made]
    assert finish(places.atlas) == ()
    assert (made / TOMBSTONES).read_bytes().count(b"\n") == 1


def test_a_backup_that_was_destroyed_is_named_no_more(places: Places) -> None:
    shutil.rmtree(places.backup("oldest"))
    assert erase(places.atlas, PERSON, **WHY).untold == ()
    assert [one.name for one in (places.atlas.folder / BACKUPS).iterdir()] == ["key"]


def test_a_backup_on_a_disk_that_is_not_in_its_place_is_not_taken_for_destroyed(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder where disks are put in stays when they are taken out."""
    oldest = places.backup("oldest")
    oldest.rename(oldest.with_name("taken out"))
    with monkeypatch.context() as out:
        out.setattr(copies, "_disks", lambda _: [b"that of the system"])
        assert erase(places.atlas, PERSON, **WHY).untold == (oldest,)
    oldest.with_name("taken out").rename(oldest)
    assert finish(places.atlas) == ()
    assert (oldest / TOMBSTONES).read_bytes().count(b"\n") == 1


@pytest.mark.parametrize("lasting", [b"uuid 1234-ABCD", b"fsid 5c0ffee"], ids=["uuid", "fsid"])
def test_a_destroyed_backup_is_known_as_that_after_a_restart(
    places: Places, monkeypatch: pytest.MonkeyPatch, lasting: bytes
) -> None:
    """Its disk has another number then, and the id that was written on it."""
    monkeypatch.setattr(copies, "_disks", lambda _: [lasting, b"65024"])
    shutil.rmtree(places.backup("oldest"))
    monkeypatch.setattr(copies, "_disks", lambda _: [lasting, b"65027"])
    assert erase(places.atlas, PERSON, **WHY).untold == ()


def test_a_disk_is_known_by_the_id_that_its_device_bears_before_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = next(path for path in (Path("/dev/zero"), Path("/dev/null")) if path.exists())
    (tmp_path / "1234-ABCD").symlink_to(device)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "disk").mkdir()
    folder = SimpleNamespace(st_dev=device.stat().st_rdev, st_rdev=0)
    monkeypatch.setattr(copies, "DISKS", tmp_path)
    real = Path.stat
    monkeypatch.setattr(
        Path, "stat", lambda path, **more: folder if path.name == "disk" else real(path, **more)
    )
    first, *_, last = copies._disks(tmp_path / "disk")
    assert first == b"uuid 1234-ABCD"
    assert last == str(folder.st_dev).encode()


def test_a_backup_noted_by_the_number_of_its_disk_is_known_by_that_still(places: Places) -> None:
    """So did older versions."""
    oldest = places.backup("oldest")
    (note,) = (places.atlas.folder / BACKUPS).glob("?" * 64)
    note.write_bytes(os.fsencode(oldest) + b"\0" + str(oldest.parent.stat().st_dev).encode())
    shutil.rmtree(oldest)
    assert erase(places.atlas, PERSON, **WHY).untold == ()


def test_a_backup_of_which_somebody_says_that_it_is_no_more_is_forgotten(places: Places) -> None:
    """Its disk may be no more either, which nothing here can know."""
    oldest = places.backup("oldest")
    places.folder.rename(places.folder.with_name("shredded"))
    assert erase(places.atlas, PERSON, **WHY).untold == (oldest,)
    forget(places.atlas, oldest)
    assert finish(places.atlas) == ()
    with pytest.raises(NotFoundError, match="no backup of this atlas"):
        forget(places.atlas, oldest)


def test_a_backup_that_is_there_is_not_forgotten(places: Places) -> None:
    oldest = places.backup("oldest")
    with pytest.raises(RefusedError, match="is there"):
        forget(places.atlas, oldest)
    erase(places.atlas, PERSON, **WHY)
    assert (oldest / TOMBSTONES).read_bytes().count(b"\n") == 1


def test_a_backup_at_which_nobody_may_look_keeps_no_erasure_from_its_end(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = places.backup("oldest")

    def denied(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "denied", str(path))

    monkeypatch.setattr("pathlib.Path.exists", denied)
    assert copies.tell(places.atlas) == (oldest,)
    monkeypatch.undo()
    assert copies.tell(places.atlas) == ()


def test_nothing_is_written_where_something_else_lies_now(
    places: Places, atlas: Callable[..., Atlas]
) -> None:
    oldest = places.backup("oldest")
    shutil.rmtree(oldest)
    desk.backup(atlas("vendor", name="another"), oldest)
    assert erase(places.atlas, PERSON, **WHY).untold == (oldest,)
    assert (oldest / TOMBSTONES).read_bytes() == b""
    shutil.rmtree(oldest)
    oldest.mkdir()
    assert tell(places.atlas) == (oldest,)
    assert list(oldest.iterdir()) == []


def test_another_atlas_where_the_backups_own_was_says_nothing(
    places: Places, atlas: Callable[..., Atlas]
) -> None:
    places.backup("oldest")
    places.lose()
    shutil.copytree(atlas("vendor", name="another").folder, places.atlas.folder)
    with pytest.raises(RefusedError, match="not there to say"):
        places.restore("oldest")


def test_an_atlas_that_went_back_behind_the_backup_says_nothing(places: Places) -> None:
    """It was restored from something older: what was erased between the two it does not know."""
    older = places.backup("older")
    erase(places.atlas, PERSON, **WHY)
    places.backup("newer")
    known = places.atlas.folder / BACKUPS
    known.rename(places.folder / BACKUPS)
    places.lose()
    shutil.rmtree(places.folder / "newer" / "keys")
    shutil.copytree(older, places.atlas.folder)
    (places.folder / BACKUPS).rename(known)
    assert home_of(places.folder / "newer") == places.atlas.folder
    with pytest.raises(RefusedError, match="not there to say"):
        places.restore("newer")


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\0", b"x" * 9_000], ids=["empty", "head", "noise"])
def test_an_atlas_that_is_damaged_says_nothing(places: Places, damage: bytes) -> None:
    places.backup("oldest")
    places.atlas.engine.dispose()
    for file in places.atlas.folder.glob("ledger.sqlite-*"):
        file.unlink()
    (places.atlas.folder / "ledger.sqlite").write_bytes(damage)
    with pytest.raises(RefusedError, match="not there to say"):
        places.restore("oldest")
    assert (places.atlas.folder / "ledger.sqlite").read_bytes() == damage


@pytest.mark.parametrize("said", [b"", b"\0", b"/nowhere", b"\xff", b"."], ids=repr)
def test_a_backup_that_names_no_atlas_has_none_to_ask(places: Places, said: bytes) -> None:
    oldest = places.backup("oldest")
    (oldest / MADE_FROM).write_bytes(said)
    with pytest.raises(RefusedError, match="not there to say"):
        places.restore("oldest")


def test_a_backup_made_before_backups_named_their_atlas_has_none_to_ask(places: Places) -> None:
    (places.backup("oldest") / MADE_FROM).unlink()
    with pytest.raises(RefusedError, match="not there to say"):
        places.restore("oldest")


def test_an_atlas_that_was_restored_tells_the_backups_that_it_came_from(places: Places) -> None:
    places.backup("oldest")
    places.backup("later")
    places.lose()
    places.restore("later", may_bring_back=True)
    again = places.open_as(places.folder / "again", "bank")
    erase(again, PERSON, **WHY)
    for number, name in enumerate(("oldest", "later")):
        assert places.restore(name, f"restored {number}", may_bring_back=True).replayed == 1
        assert not places.holds(MAIL, f"restored {number}")


def test_a_folder_of_any_name_is_found_again(places: Places) -> None:
    odd = os.fsdecode("copy\n ไทย ".encode() + b"\xff")
    place = places.backup(odd)
    remember(places.atlas.folder, place)
    assert len(list((places.atlas.folder / BACKUPS).glob("?" * 64))) == 1
    erase(places.atlas, PERSON, **WHY)
    assert (place / TOMBSTONES).read_bytes().count(b"\n") == 1
    assert (place / CHECKPOINT).is_file()


def test_nobody_else_reads_where_the_backups_lie(places: Places) -> None:
    places.backup("oldest")
    assert (places.atlas.folder / BACKUPS).stat().st_mode & 0o077 == 0
