"""Whoever must have the files alone gets them beside writers that never rest, and nobody's word is lost."""

from __future__ import annotations

import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from store_world import capture, ids_of, link, rows_of, say, seen_by, source, vote

from chokepoint.desk.keeping.erase import erase
from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.store import turn
from chokepoint.store.erasing import scrub
from chokepoint.store.postgres import Begin
from chokepoint.store.verifying import verify_ledger

ANN = Entity("person", "Ann Nobody Lane")
VOTERS = 6


def take_in_ann(atlas):
    data = f"{ANN.value} was seen".encode()
    kept = replace(capture("seen.person"), sha256=atlas.vault.put([data])[0])
    said = [Claim(ANN, "alias", "Annie", "line 1", replace(source("seen.person"), capture=kept.sha256))]
    atlas.ledger.append_claims(atlas.speaker(), [(kept, CLEAR)], rows_of(atlas, said))


def log_of(atlas):
    return (atlas.folder / "ledger.sqlite-wal").stat().st_size


def voting(atlas, names, ended):
    """Votes, and captures, without a rest; the positions that were acknowledged."""
    told = []
    while not ended.is_set():
        told += atlas.ledger.append(atlas.speaker(), [vote([names[len(told) % len(names)]])]).seqs
        if len(told) % 3 == 0:
            atlas.vault.put([b"capture %d" % len(told)])
    return told


def test_an_erasure_ends_beside_writers_that_never_rest_and_loses_nothing(atlas, opened):
    one = atlas("bank", "police")
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(20)])
    names = ids_of(one)
    take_in_ann(one)
    ended = threading.Event()
    programs = [seen_by(opened(one.folder, "bank"), "police") for _ in range(2)]
    with ThreadPoolExecutor(VOTERS) as pool:
        told = [pool.submit(voting, programs[n % 2], names, ended) for n in range(VOTERS)]
        try:
            erase(one, ANN, reason="asked to", basis="Art. 17")
        finally:
            ended.set()
        acknowledged = [seq for future in told for seq in future.result()]
    for file in one.folder.rglob("*"):
        assert not file.is_file() or ANN.value.encode() not in file.read_bytes(), file.name
    verify_ledger(one.engine, one.id)
    with one.engine.connect() as connection:
        kept = set(connection.exec_driver_sql("SELECT record FROM votes").scalars())
    assert len(set(acknowledged)) == len(acknowledged)
    assert set(acknowledged) == kept


@pytest.mark.parametrize("what", ["ledger", "vault"])
def test_while_writers_are_held_nobody_begins_to_write_and_all_may_read(atlas, what):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    begun = threading.Event()

    def write():
        begun.set()
        if what == "vault":
            return one.vault.put([b"bytes"])
        return say(one, [link("b.example", "10.0.0.1")])

    with ThreadPoolExecutor(1) as pool:
        with turn.holding_writers(one.folder):
            writing = pool.submit(write)
            begun.wait()
            with pytest.raises(TimeoutError):
                writing.result(timeout=0.05)
            assert len(ids_of(one)) == 1
            with one.engine.connect() as connection:  # the lock of SQLite itself is free
                connection.rollback()
                connection.connection.driver_connection.execute("BEGIN IMMEDIATE").execute("ROLLBACK")
        assert writing.result(timeout=60)


@pytest.mark.parametrize("is_held", [True, False], ids=["held", "nobody"])
def test_whoever_waits_longer_than_sqlite_does_is_refused_only_where_no_writers_are_held(atlas, is_held):
    """They had passed the gate before it was shut, and SQLite's lock was another's."""
    one = atlas()
    passed, shut = threading.Event(), threading.Event()

    def pause(_connection, _cursor, statement, *_):
        if statement == "BEGIN IMMEDIATE":
            passed.set()
            shut.wait()

    def begin():
        with appending.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA busy_timeout=20")
            event.listen(connection, "before_cursor_execute", pause)
            return connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()

    appending = one.engine.execution_options(begin=Begin.APPEND)
    with appending.connect() as other, ThreadPoolExecutor(1) as pool:
        other.begin()
        writing = pool.submit(begin)
        passed.wait()
        with turn.holding_writers(one.folder) if is_held else nullcontext():
            shut.set()
            with pytest.raises(TimeoutError if is_held else OperationalError):
                writing.result(timeout=0.2 if is_held else 60)
            other.rollback()
        assert not is_held or writing.result(timeout=60) == 20


def test_a_reader_that_waits_to_write_comes_to_its_end_and_the_files_are_left_clean(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    reading = threading.Event()

    def read_then_write():
        with one.reader.connect() as connection:
            one.reader.position(connection)
            reading.set()
            while log_of(one) < 200_000:  # until the file was written anew
                threading.Event().wait(0.001)
            return say(one, [link("b.example", "10.0.0.1")]).seqs

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(read_then_write)
        reading.wait()
        scrub(one.engine)
        assert writing.result(timeout=60)
    assert len(ids_of(one)) == 2


def test_who_reads_through_all_of_it_is_told_of_and_the_patience_of_others_is_as_before(atlas, monkeypatch):
    one = atlas()
    monkeypatch.setattr(turn, "SLICES", (0.01, 0.02))
    with one.reader.connect() as connection:
        one.reader.position(connection)
        say(one, [link("a.example", "10.0.0.1")])
        with pytest.raises(LedgerError, match="another program reads") as caught:
            scrub(one.engine)
    assert caught.value.place.endswith("ledger.sqlite")
    assert "erase --finish" in caught.value.mend
    with one.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 60_000
    scrub(one.engine)
    assert log_of(one) == 0


def test_who_writes_through_all_of_it_is_told_of_too(atlas, monkeypatch):
    one = atlas()
    monkeypatch.setattr(turn, "SLICES", (0.01, 0.02))
    with one.engine.execution_options(begin=Begin.APPEND).connect() as other:
        other.begin()
        with pytest.raises(LedgerError, match="another program"):
            scrub(one.engine)


def test_the_log_tells_of_writers_that_were_held_for_long(tmp_path, caplog, monkeypatch):
    with caplog.at_level(logging.INFO, "chokepoint.store"):
        with turn.holding_writers(tmp_path):
            pass
        assert not caplog.messages
        monkeypatch.setattr(turn, "TOLD", 0.0)
        with turn.holding_writers(tmp_path):
            pass
    [line] = caplog.messages
    assert line.startswith("writers waited 0.0 s")
    assert str(tmp_path) in line


def test_a_holder_that_fails_lets_the_writers_go(atlas):
    one = atlas()
    with pytest.raises(ZeroDivisionError), turn.holding_writers(one.folder):
        raise ZeroDivisionError
    assert say(one, [link("a.example", "10.0.0.1")]).fresh == (True,)


def test_a_process_that_was_forked_meanwhile_holds_nobody(tmp_path):
    """It has the same handle open, as a copy of the handle in this process is."""
    with turn.holding_writers(tmp_path):
        [mine] = [
            int(file.name)
            for file in Path("/proc/self/fd").iterdir()
            if file.exists() and file.resolve() == tmp_path.resolve()
        ]
        copy = os.dup(mine)
        assert turn._is_held(tmp_path)
    try:
        assert not turn._is_held(tmp_path)
    finally:
        os.close(copy)
