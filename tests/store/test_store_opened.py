"""Nothing is written to a file that was put away while it was open, and nothing read from it."""

from __future__ import annotations

import shutil

import pytest

from chokepoint.model.errors import ReplacedError
from chokepoint.store.opened import Opened
from chokepoint.store.postgres import Begin
from chokepoint.store.schema import open_engine


@pytest.fixture
def file(tmp_path):
    """A file that is there."""
    found = tmp_path / "ledger.sqlite"
    found.write_bytes(b"one")
    return found


def test_a_file_that_grows_is_the_same(file):
    opened = Opened(file)
    opened.check()
    file.write_bytes(b"one and more")
    opened.check()


@pytest.mark.parametrize("how", ["replaced", "gone"])
def test_another_file_or_none_is_told_with_the_mend(file, how):
    opened = Opened(file)
    opened.check()
    file.rename(file.with_name("away"))
    if how == "replaced":
        file.write_bytes(b"one")
    for _ in range(2):
        with pytest.raises(ReplacedError) as told:
            opened.check()
    assert str(told.value).startswith("ledger.sqlite: another file")
    assert told.value.mend.startswith("start anew")


def test_a_file_that_is_put_back_is_the_same(file):
    opened = Opened(file)
    opened.check()
    away = file.rename(file.with_name("away"))
    with pytest.raises(ReplacedError):
        opened.check()
    away.rename(file)
    opened.check()


def test_a_record_is_refused_that_whoever_opens_the_atlas_next_would_not_find(tmp_path):
    """Connections that are open, and such as are opened then: SQLite itself would take it."""
    path = tmp_path / "ledger.sqlite"
    engine = open_engine(path)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
    shutil.copy(path, tmp_path / "copy")
    path.unlink()
    (tmp_path / "copy").rename(path)
    for options in ({}, {"begin": Begin.APPEND}):
        with pytest.raises(ReplacedError), engine.execution_options(**options).begin():
            pass
    engine.dispose()
    with pytest.raises(ReplacedError), engine.begin():
        pass
