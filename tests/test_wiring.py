"""Making and opening atlases."""

from __future__ import annotations

import shutil
import stat
import uuid

import pytest

from chokepoint.model.errors import ChokepointError, LedgerError, NotFoundError, RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.model.member import Member, Sector
from chokepoint.settings import Settings
from chokepoint.store.base import CLAIM
from chokepoint.store.verifying import verify_ledger
from chokepoint.wiring import LEDGER, make_atlas, open_atlas


def given(folder, organisation="", user=""):
    return Settings(atlas=folder, viewer=Viewer(organisation=organisation, user=user))


@pytest.fixture
def made():
    """Make or open atlases that are closed when the test ends."""
    atlases = []

    def keep(atlas):
        atlases.append(atlas)
        return atlas

    yield keep
    for atlas in atlases:
        atlas.engine.dispose()
        atlas.vault._engine.dispose()


def members(atlas):
    with atlas.reader.connect() as connection:
        return sorted(atlas.reader.organisations(connection).values())


def test_a_new_atlas_has_its_maker_as_member_and_verifies(tmp_path, made):
    profile = Member(name="bank", sector=Sector.BANK, country="th")
    atlas = made(make_atlas(given(tmp_path / "new", "bank"), profile=profile))
    assert members(atlas) == ["bank"]
    assert verify_ledger(atlas.engine, atlas.id).records == 1
    assert uuid.UUID(atlas.id).version == 4


def test_a_folder_in_a_folder_that_is_not_there_yet_is_made(tmp_path, made):
    assert made(make_atlas(given(tmp_path / "a" / "b", "bank"))).folder.is_dir()


def test_an_empty_folder_becomes_an_atlas(tmp_path, made):
    assert members(made(make_atlas(given(tmp_path, "bank")))) == ["bank"]


def test_only_the_owner_can_look_into_a_new_atlas(tmp_path, made):
    atlas = made(make_atlas(given(tmp_path / "new", "bank")))
    assert stat.S_IMODE(atlas.folder.stat().st_mode) == 0o700


def test_only_the_owner_can_read_an_atlas_in_a_folder_that_others_may_enter(tmp_path, made):
    """A folder that somebody made for it keeps its mode: the files themselves are closed, side files too."""
    tmp_path.chmod(0o755)
    atlas = made(make_atlas(given(tmp_path, "bank")))
    [sha256] = atlas.vault.put([b"told in confidence"])
    assert atlas.vault.get(sha256)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"ledger.sqlite", "ledger.sqlite-wal", "vault.sqlite"}
    assert [path.name for path in files if path.stat().st_mode & 0o077 and path.parent == tmp_path] == []


def test_a_second_organisation_joins_the_same_atlas(tmp_path, made):
    first = made(make_atlas(given(tmp_path, "bank")))
    second = made(make_atlas(given(tmp_path, "police")))
    assert (first.id, first.secret) == (second.id, second.secret)
    assert members(second) == ["bank", "police"]
    assert second.viewer.organisation == "police"


def test_making_an_atlas_again_changes_nothing(tmp_path, made):
    first = made(make_atlas(given(tmp_path, "bank")))
    head = verify_ledger(first.engine, first.id).head
    again = made(make_atlas(given(tmp_path, "bank")))
    assert again.id == first.id
    assert verify_ledger(again.engine, again.id).head == head


def test_whoever_does_not_say_who_looks_is_the_first_member(tmp_path, made):
    made(make_atlas(given(tmp_path, "bank")))
    made(make_atlas(given(tmp_path, "police")))
    assert made(open_atlas(given(tmp_path))).viewer == Viewer(organisation="bank")


def test_a_nameless_maker_is_called_local(tmp_path, made):
    assert made(make_atlas(given(tmp_path))).viewer == Viewer(organisation="local")


def test_an_atlas_is_opened_as_whoever_asks(tmp_path, made):
    made(make_atlas(given(tmp_path, "bank")))
    opened = made(open_atlas(given(tmp_path, "police", "bob")))
    assert opened.viewer == Viewer(organisation="police", user="bob")
    assert opened.speaker().user == "bob"


def test_there_is_nothing_to_open_where_no_atlas_is(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(NotFoundError, match="no atlas") as caught:
            open_atlas(given(folder))
        assert caught.value.mend
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RefusedError, match="other things") as caught:
        make_atlas(given(tmp_path, "bank"))
    assert caught.value.mend
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder_for_an_atlas(tmp_path):
    (tmp_path / "atlas").write_text("mine")
    with pytest.raises(ChokepointError):
        make_atlas(given(tmp_path / "atlas", "bank"))
    assert (tmp_path / "atlas").read_text() == "mine"


def test_two_atlases_share_neither_id_nor_secret(tmp_path, made):
    one, other = (made(make_atlas(given(tmp_path / name, "bank"))) for name in "ab")
    assert one.id != other.id
    assert one.secret != other.secret


def test_fingerprints_of_each_member_and_kind_have_a_key_of_their_own(tmp_path, made):
    bank = made(make_atlas(given(tmp_path, "bank")))
    police = made(make_atlas(given(tmp_path, "police")))
    assert bank.fingerprint_key(CLAIM) == bank.fingerprint_key(CLAIM)
    keys = {bank.fingerprint_key(CLAIM), police.fingerprint_key(CLAIM), bank.fingerprint_key("vote/1")}
    assert len(keys) == 3


def test_a_moved_atlas_is_the_same_atlas(tmp_path, made):
    atlas = make_atlas(given(tmp_path / "here", "bank"))
    atlas.engine.dispose()
    atlas.vault._engine.dispose()
    shutil.move(tmp_path / "here", tmp_path / "there")
    moved = made(open_atlas(given(tmp_path / "there")))
    assert moved.id == atlas.id
    assert verify_ledger(moved.engine, moved.id).batches == 1


def test_the_ledger_is_written_ahead_and_in_full(tmp_path, made):
    atlas = made(make_atlas(given(tmp_path, "bank")))
    with atlas.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    assert (tmp_path / LEDGER).exists()


def test_a_record_is_stamped_with_the_present_moment(tmp_path, made):
    at = made(make_atlas(given(tmp_path, "bank"))).speaker().at
    assert at.endswith("Z")
    assert len(at) == len("2026-02-03T04:05:06.000Z")


def test_a_name_that_was_refused_is_nobodys_home(tmp_path, made):
    """Else whoever opens the atlas without a name would look at it as the public."""
    folder = tmp_path / "atlas"
    with pytest.raises(ChokepointError, match="cannot name an organisation"):
        make_atlas(given(folder, "group:1"))
    with pytest.raises(NotFoundError, match="no atlas here"):
        open_atlas(given(folder))
    made(make_atlas(given(folder, "bank")))
    made(make_atlas(given(folder, "police")))
    assert made(open_atlas(given(folder))).viewer.organisation == "bank"


@pytest.mark.parametrize("size", [0, 1], ids=["nothing", "a byte"])
def test_over_a_ledger_that_was_cut_off_no_second_one_is_begun(tmp_path, size):
    """Its keys would sign two histories."""
    atlas = make_atlas(given(tmp_path / "cut", "bank"))
    atlas.engine.dispose()
    atlas.vault.engine.dispose()
    file = tmp_path / "cut" / LEDGER
    for more in file.parent.glob(f"{LEDGER}-*"):
        more.unlink()
    file.write_bytes(b"\0" * size)
    with pytest.raises(LedgerError, match="ledger here is empty"):
        open_atlas(given(tmp_path / "cut"))
    for organisation in ("bank", "police"):
        with pytest.raises(RefusedError, match="ledger here is empty") as caught:
            make_atlas(given(tmp_path / "cut", organisation))
    assert "restore a backup" in caught.value.mend


def test_an_init_that_was_killed_before_it_had_made_a_member_is_done_again(tmp_path, made, monkeypatch):
    """By then the key is there, and the ledger has no member."""

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("chokepoint.store.batch.Batch.seal", killed)
    with pytest.raises(KeyboardInterrupt):
        make_atlas(given(tmp_path / "new", "bank"))
    monkeypatch.undo()
    assert list((tmp_path / "new" / "keys").iterdir())
    with pytest.raises(NotFoundError, match="no atlas here"):
        open_atlas(given(tmp_path / "new"))
    assert members(made(make_atlas(given(tmp_path / "new", "bank")))) == ["bank"]
