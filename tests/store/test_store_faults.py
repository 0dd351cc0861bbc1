"""A disk that takes no more, or fails to keep what it took: appends are refused, and nothing is half there.

When SQLite commits, its open file is put on something that fails: `/dev/full` has no room, `/dev/null` takes
writes and cannot be told to keep them, the same file opened for reading takes none. When it is let go, the
disk is whole again.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import OperationalError
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError
from store_world import ids_of, link, record, said_to, say, seen_by, source, vote

from chokepoint.desk.keeping.backup import backup
from chokepoint.desk.keeping.care import verify
from chokepoint.store.verifying import verify_ledger

if TYPE_CHECKING:
    from sqlalchemy import Engine

OPEN = Path("/proc/self/fd")
pytestmark = pytest.mark.skipif(not OPEN.exists(), reason="finds open files by /proc")
FAULTS = {
    "no-room": ("/dev/full", os.O_RDWR, "full"),
    "not-kept": ("/dev/null", os.O_RDWR, "I/O"),
    "not-taken": ("", os.O_RDONLY, "I/O"),
}
faults = pytest.mark.parametrize("fault", FAULTS)


class Swap:
    """Every descriptor that this process has on a file, led elsewhere and back."""

    def __init__(self, file: Path, fault: str) -> None:
        self.file, (device, self.mode, _) = file.resolve(), FAULTS[fault]
        self.device = device or str(self.file)
        self.kept: dict[int, int] = {}

    def descriptors(self) -> list[int]:
        found = []
        for one in OPEN.iterdir():
            try:
                if one.readlink() == self.file:
                    found.append(int(one.name))
            except OSError:  # the listing itself was open under it
                continue
        return found

    def fail(self, *_) -> None:
        numbers = self.descriptors()
        assert numbers, f"{self.file} is not open"
        broken = os.open(self.device, self.mode)
        self.kept = {number: os.dup(number) for number in numbers}
        for number in numbers:
            os.dup2(broken, number)
        os.close(broken)

    def mend(self, *_) -> None:
        for number, whole in self.kept.items():
            os.dup2(whole, number)
            os.close(whole)
        self.kept = {}


@contextmanager
def failing(engine: Engine, fault: str):
    """Every commit of the engine meets the fault, until this ends."""
    swap = Swap(Path(f"{engine.url.database}-wal"), fault)
    event.listen(engine, "commit", swap.fail)
    event.listen(engine, "reset", swap.mend)
    try:
        yield
    finally:
        event.remove(engine, "commit", swap.fail)
        event.remove(engine, "reset", swap.mend)
        swap.mend()


def counts(atlas):
    with atlas.engine.connect() as connection:
        names = ("records", "claims", "captures", "votes", "others", "batches", "entities", "ids_fresh")
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


@pytest.fixture
def one(atlas):
    """An atlas with a claim, open in this process."""
    made = atlas("bank", "police")
    say(made, [link("first.example", "10.0.0.1")])
    return made


@faults
def test_claims_are_refused_and_none_of_them_is_there(one, fault):
    before, verified = counts(one), verify(one, captures=False)
    with failing(one.engine, fault), pytest.raises(DatabaseError, match=FAULTS[fault][2]):
        say(one, [link(f"{n}.example", "10.0.0.1", source("more.txt")) for n in range(50)], ["more.txt"])
    assert counts(one) == before
    assert verify(one, captures=False) == verified


@faults
def test_a_disk_that_is_whole_again_takes_what_it_refused(one, fault):
    said = [link(f"{n}.example", "10.0.0.1") for n in range(50)]
    with failing(one.engine, fault), pytest.raises(DatabaseError):
        say(one, said)
    assert say(one, said).fresh == (True,) * 50
    assert said_to(one)[1:] == said
    verify_ledger(one.engine, one.id)


@faults
def test_of_votes_that_shared_a_commit_that_failed_none_is_acknowledged(one, fault):
    (name,) = ids_of(one)
    police = seen_by(one, "police")

    def cast(_: int) -> str:
        try:
            police.ledger.append(police.speaker(), [vote([name])])
        except DatabaseError:
            return "refused"
        return "kept"

    before = counts(one)
    with failing(one.engine, fault), ThreadPoolExecutor(8) as pool:
        assert set(pool.map(cast, range(24))) == {"refused"}
    assert counts(one) == before
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(cast, range(24))) == {"kept"}
    assert counts(one)["votes"] == 24
    verify_ledger(one.engine, one.id)


@faults
def test_the_next_start_finds_a_whole_log(one, opened, fault):
    with failing(one.engine, fault), pytest.raises(DatabaseError):
        say(one, [link("lost.example", "10.0.0.1")])
    one.engine.dispose()
    after = opened(one.folder, "bank")
    assert [claim.subject.value for claim in said_to(after)] == ["first.example"]
    assert say(after, [link("next.example", "10.0.0.1")]).fresh == (True,)
    verify_ledger(after.engine, after.id)


@faults
def test_nobody_joins_where_the_joining_cannot_be_kept(one, fault):
    vendor = seen_by(one, "vendor")
    with failing(one.engine, fault), pytest.raises(DatabaseError):
        one.ledger.join(vendor.speaker())
    assert verify(one, captures=False).organisations == 2
    one.ledger.join(vendor.speaker())
    assert say(vendor, [link("theirs.example", "10.0.0.1")]).fresh == (True,)
    assert verify(one, captures=False).organisations == 3


@faults
def test_a_capture_that_cannot_be_kept_is_not_acknowledged(one, fault):
    one.vault.put([b"first"])
    with failing(one.vault.engine, fault), pytest.raises(DatabaseError):
        one.vault.put([b"second", b"third"])
    [first, second, third] = one.vault.put([b"first", b"second", b"third"])
    assert [one.vault.get(name) for name in (first, second, third)] == [b"first", b"second", b"third"]


@faults
def test_what_was_remembered_of_a_refused_append_is_forgotten(one, fault):
    """Numbers of names, markings and keys that were given out in it must not be used in the next."""
    told = record("brand-new/1", {"n": 1})
    where = source("new.txt", origin="a new origin")
    with failing(one.engine, fault):
        with pytest.raises(DatabaseError):
            one.ledger.append(one.speaker(), [told])
        with pytest.raises(DatabaseError):
            say(one, [link("new.example", "10.9.9.9", where)], ["new.txt"])
    say(one, [link("other.example", "10.8.8.8", source("o.txt", origin="another"))], ["o.txt"])
    one.ledger.append(one.speaker(), [told])
    say(one, [link("new.example", "10.9.9.9", where)], ["new.txt"])
    with one.reader.connect() as connection:
        assert len(list(one.reader.records(connection, "brand-new/1"))) == 1
    assert [claim.provenance.origin for claim in said_to(one)] == ["origin", "another", "a new origin"]
    verify_ledger(one.engine, one.id)


def test_a_log_that_cannot_be_written_back_into_its_file_goes_on(one):
    """Moving the write-ahead log into the file may fail; what was acknowledged stays in the log."""
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(50)])
    swap = Swap(one.folder / "ledger.sqlite", "not-taken")
    with one.engine.connect() as connection:
        raw = connection.connection.driver_connection
        connection.rollback()
        swap.fail()
        with pytest.raises(OperationalError, match="I/O"):
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        swap.mend()
    assert len(said_to(one)) == 51
    say(one, [link("after.example", "10.0.0.1")])
    verify_ledger(one.engine, one.id)


@faults
def test_a_backup_on_a_bad_disk_is_no_backup(one, tmp_path, fault, monkeypatch):
    from chokepoint.store import copying  # noqa: PLC0415 - the only test of it here

    def copied(engine, file):
        raise OSError(FAULTS[fault][2])

    monkeypatch.setattr(copying, "_copy_pages", copied)
    with pytest.raises(OSError, match=FAULTS[fault][2]):
        backup(one, tmp_path / "copy")
    assert not (tmp_path / "copy" / "checkpoint").exists()


steps = st.lists(st.sampled_from([*FAULTS, "", ""]), min_size=1, max_size=8)


@given(steps=steps)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_fails_when_what_is_there_is_what_was_acknowledged(one, steps):
    start = len(said_to(one))
    told = 0
    for number, fault in enumerate(steps):
        said = [link(f"{start}-{number}.example", "10.0.0.1")]
        if not fault:
            say(one, said)
            told += 1
            continue
        with failing(one.engine, fault), pytest.raises(DatabaseError):
            say(one, said)
    assert len(said_to(one)) == start + told
    verify_ledger(one.engine, one.id)


def test_a_server_that_goes_away_in_the_middle_leaves_nothing_and_is_found_again(in_postgres):
    atlas = in_postgres()
    before = verify(atlas, captures=False)

    def leave(connection) -> None:
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with atlas.vault.engine.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        connection.exec_driver_sql("SELECT 1")

    with pytest.raises(DatabaseError):
        atlas.ledger.append(atlas.speaker(), [record("test/1", {"n": 1})], leave)
    assert verify(atlas, captures=False) == before
    say(atlas, [link("after.example", "10.0.0.1")])
    assert [claim.subject.value for claim in said_to(atlas)] == ["after.example"]
    verify(atlas, captures=False)


def test_a_server_that_cannot_commit_acknowledges_nothing(in_postgres):
    atlas = in_postgres()
    say(atlas, [link("first.example", "10.0.0.1")])
    with atlas.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no room left'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON batches DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION no_room()"
        )
    with pytest.raises(DatabaseError, match="no room left"):
        say(atlas, [link("lost.example", "10.0.0.1")])
    with atlas.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER late ON batches")
    say(atlas, [link("lost.example", "10.0.0.1")])
    assert len(said_to(atlas)) == 2
    verify(atlas, captures=False)
