"""Ids lead to positions, however many have been sorted in."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_world import AT, record

from chokepoint.store import ids
from chokepoint.store.ledger import Speaker


def stored(connection):
    return {name: seq for seq, name in connection.exec_driver_sql("SELECT seq, id FROM records")}


@pytest.fixture
def few_at_a_time(monkeypatch):
    monkeypatch.setattr(ids, "SORTED_BY", 7)


@pytest.mark.usefixtures("few_at_a_time")
def test_every_record_is_found_by_its_id_before_and_after_sorting(atlas):
    one = atlas("bank")
    for number in range(25):
        one.ledger.append(Speaker(organisation="bank", at=AT), [record("test/1", {"n": number})])
        with one.engine.connect() as connection:
            assert ids.positions(connection, stored(connection)) == stored(connection)
    with one.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM ids_sorted").scalar_one() > 0
        assert connection.exec_driver_sql("SELECT count(*) FROM ids_fresh").scalar_one() < 9


@pytest.mark.parametrize("sizes", [(1, 1, 1), (5, 20, 1), (30,), (6, 1), (7, 7), (3, 4, 7, 1)], ids=str)
@pytest.mark.usefixtures("few_at_a_time")
def test_the_small_index_holds_only_what_came_since_the_last_sorting(atlas, sizes):
    one = atlas("bank")
    for size in sizes:
        rows = [record("test/1", {"n": number}) for number in range(size)]
        one.ledger.append(Speaker(organisation="bank", at=AT), rows)
        with one.engine.connect() as connection:
            fresh = {row[0] for row in connection.exec_driver_sql("SELECT seq FROM ids_fresh")}
            old = {row[0] for row in connection.exec_driver_sql("SELECT seq FROM ids_sorted")}
            assert fresh.isdisjoint(old)
            assert fresh | old == set(stored(connection).values())
            assert len(fresh) < ids.SORTED_BY


@pytest.mark.usefixtures("few_at_a_time")
def test_an_id_that_is_not_there_is_left_out(atlas):
    one = atlas("bank")
    with one.engine.connect() as connection:
        [known] = stored(connection)
        alike = known[:8] + bytes(24)
        assert ids.positions(connection, [alike, bytes(32), known, known]) == {known: 1}
        assert ids.positions(connection, []) == {}


def test_ids_that_begin_alike_are_told_apart(atlas):
    one = atlas("bank")
    names = [bytes(8) + hashlib.sha256(bytes([n])).digest()[:24] for n in range(5)]
    with one.engine.begin() as connection:
        for seq, name in enumerate(names, 100):
            connection.exec_driver_sql(
                "INSERT INTO records VALUES (?, ?, 1, ?, ?)", (seq, name, bytes(32), b"")
            )
        ids.enter(connection, 100, len(names))
        assert ids.positions(connection, names[1:3]) == {names[1]: 101, names[2]: 102}


@given(st.integers(0, 60))
def test_more_ids_than_fit_one_question_are_asked_in_parts(number):
    class Recorder:
        def __init__(self):
            self.asked = []

        def exec_driver_sql(self, _, parameters):
            self.asked.append(len(parameters))
            return [(name, int.from_bytes(name, "big")) for name in parameters]

    recorder, wanted = Recorder(), [n.to_bytes(32, "big") for n in range(number)]
    before = ids.PART
    try:
        ids.PART = 10
        assert ids.positions(recorder, wanted) == {name: n for n, name in enumerate(wanted)}
    finally:
        ids.PART = before
    assert sum(recorder.asked) == number
    assert all(part <= 10 for part in recorder.asked)
