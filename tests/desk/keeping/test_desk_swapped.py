"""Files of one moment or atlas put into the folder of another: named by verify, or by a kept checkpoint."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from erase_world import MAIL, OTHER, misp

from chokepoint.desk.gather import gather
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.checkpoint import compare, issue
from chokepoint.model.errors import ChokepointError, LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

FILES = ("ledger.sqlite", "vault.sqlite")


class Moments:
    """An atlas as it was, and as it is after more was taken in; nobody has either open."""

    def __init__(self, atlas: Atlas, folder: Path, opened: Callable[..., Atlas]) -> None:
        self.folder, self.opened = folder, opened
        self.old = self.copy(atlas, "old")
        file = folder / "more.json"
        file.write_text(misp(["third@example.org", "fourth@example.org"]), "utf-8")
        gather(atlas, [file])
        self.checkpoint = issue(atlas)[0].encode()
        self.new = self.copy(atlas, "new")

    def copy(self, atlas: Atlas, name: str) -> Path:
        atlas.engine.dispose()
        atlas.vault.engine.dispose()
        for file in FILES:
            with closing(sqlite3.connect(atlas.folder / file)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copytree(atlas.folder, self.folder / name)
        return self.folder / name

    def mixed(self, *, ledger: Path, vault: Path, name: str = "mixed") -> Atlas:
        """An atlas of files that do not belong together."""
        mixed = self.folder / name
        shutil.copytree(self.new, mixed)
        for source, file in zip((ledger, vault), FILES, strict=True):
            shutil.copyfile(source / file, mixed / file)
        return self.opened(mixed, "bank")


@pytest.fixture
def moments(named: Atlas, tmp_path: Path, opened: Callable[..., Atlas]) -> Moments:
    return Moments(named, tmp_path, opened)


def test_an_older_vault_lacks_a_capture_and_taking_the_file_in_again_heals_it(moments: Moments) -> None:
    atlas = moments.mixed(ledger=moments.new, vault=moments.old)
    with pytest.raises(ChokepointError, match="not in the vault"):
        verify(atlas)
    report = gather(atlas, [moments.folder / "more.json"])
    assert sum(part.new for part in report.files) == 0
    assert verify(atlas).captures == 2


def test_a_newer_vault_holds_all_that_an_older_ledger_names(moments: Moments) -> None:
    """A capture that no record names is nobody's; so may a kill leave one."""
    assert verify(moments.mixed(ledger=moments.old, vault=moments.new)).captures == 1


def test_an_older_ledger_put_back_holds_and_is_told_by_whoever_kept_a_checkpoint(moments: Moments) -> None:
    atlas = moments.mixed(ledger=moments.old, vault=moments.old)
    verify(atlas)
    with pytest.raises(LedgerError, match="the log has") as caught:
        compare(atlas, moments.checkpoint)
    assert "cut short" in caught.value.mend


def test_one_log_that_grew_apart_in_two_folders_cannot_show_both(moments: Moments) -> None:
    """Each holds by itself; the checkpoint of one is not the beginning of the other."""
    twin = moments.opened(moments.old, "bank")
    file = moments.folder / "other.json"
    file.write_text(misp([f"{n}@example.org" for n in range(6)]), "utf-8")
    gather(twin, [file])
    verify(twin)
    with pytest.raises(LedgerError):
        compare(twin, moments.checkpoint)


def test_the_ledger_of_another_atlas_does_not_open_this_ones_captures(
    moments: Moments, atlas: Callable[..., Atlas], tmp_path: Path
) -> None:
    stranger = atlas("bank", name="stranger")
    file = tmp_path / "strange.json"
    file.write_text(misp([MAIL, OTHER, "more@example.org"]), "utf-8")
    gather(stranger, [file])
    other = moments.copy(stranger, "elsewhere")
    with pytest.raises(ChokepointError, match="not in the vault"):
        verify(moments.mixed(ledger=other, vault=moments.new))
