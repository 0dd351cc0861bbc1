"""A file is there whole, or as it was: also where two write it, or writing fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chokepoint.store.whole import write_whole


def test_a_file_gets_other_bytes_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    for data in (b"first", b"second"):
        write_whole(tmp_path / "list", data, mode=0o600)
    assert (tmp_path / "list").read_bytes() == b"second"
    assert [*tmp_path.iterdir()] == [tmp_path / "list"]


def test_what_is_written_once_stays_as_the_first_wrote_it(tmp_path: Path) -> None:
    for data in (b"first", b"second"):
        write_whole(tmp_path / "key", data, mode=0o600, once=True)
    assert (tmp_path / "key").read_bytes() == b"first"
    assert [*tmp_path.iterdir()] == [tmp_path / "key"]


@pytest.mark.parametrize("once", [True, False])
def test_where_the_disk_is_full_the_file_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, once: bool
) -> None:
    (tmp_path / "list").write_bytes(b"before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "list", b"after", mode=0o600, once=once)
    assert (tmp_path / "list").read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [tmp_path / "list"]


def test_nobody_else_may_read_what_is_for_its_owner(tmp_path: Path) -> None:
    write_whole(tmp_path / "key", b"secret", mode=0o600)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("once", [True, False])
def test_the_name_is_on_the_disk_as_the_bytes_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, once: bool
) -> None:
    """A power cut after an erasure was acknowledged brings no older list back."""
    synced: list[bool] = []
    real = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (synced.append(Path(f"/proc/self/fd/{handle}").is_dir()), real(handle))[1]
    )
    write_whole(tmp_path / "list", b"all", mode=0o600, once=once)
    assert synced == [False, True]
