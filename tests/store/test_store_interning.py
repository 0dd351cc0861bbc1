"""Numbers of entities, against a table that is asked each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_world import entities

from chokepoint.model.identity import Entity
from chokepoint.store import interning
from chokepoint.store.interning import Interner, entity_number
from chokepoint.store.schema import create, open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

ONE, TWIN, OTHER = Entity("domain-name", "a.example"), Entity("url", "a.example"), Entity("malware", "ก")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Empty tables in a transaction that is never committed."""
    engine = open_engine(tmp_path_factory.mktemp("interning") / "ledger.sqlite")
    create(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def connection(tables: Connection) -> Iterator[Connection]:
    with tables.begin_nested() as inner:
        yield tables
        inner.rollback()


@given(given_=st.lists(st.lists(entities | st.none(), max_size=6), max_size=4))
def test_each_thing_has_one_number_of_its_own_whoever_asks(tables, given_) -> None:
    with tables.begin_nested() as inner:
        numbers: dict[Entity | None, int] = {None: 0}
        for wanted in given_:
            for _ in range(2):
                interner = Interner(tables)
                found = interner.numbers(wanted)
                assert found == interner.numbers(wanted)
                for entity, number in zip(wanted, found, strict=True):
                    assert numbers.setdefault(entity, number) == number
        assert len(set(numbers.values())) == len(numbers)
        for entity, number in numbers.items():
            assert entity is None or entity_number(tables, entity) == number
        inner.rollback()


def test_things_of_one_value_and_two_kinds_are_two(connection: Connection) -> None:
    first = Interner(connection).numbers([ONE, None])
    assert first == [1, 0]
    assert Interner(connection).numbers([TWIN, ONE, TWIN]) == [2, 1, 2]
    assert connection.exec_driver_sql("SELECT count(*) FROM entities").scalar_one() == 2


def test_what_is_known_and_what_is_new_are_told_apart_in_one_call(connection: Connection) -> None:
    interner = Interner(connection)
    interner.numbers([ONE])
    assert Interner(connection).entities([OTHER, ONE, TWIN]) == {ONE: 1, TWIN: 2, OTHER: 3}


def test_an_appender_that_forgot_still_finds_what_it_entered(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interning, "CACHE", 0)
    interner = Interner(connection)
    before = interner.numbers([ONE, OTHER, None])
    interner.use(connection)
    assert interner.numbers([ONE, OTHER, None]) == before
    assert interner.numbers([]) == []


def test_new_things_are_numbered_in_the_order_of_their_values(connection: Connection) -> None:
    names = [Entity("domain-name", f"{letter}.example") for letter in "cab"]
    assert Interner(connection).numbers(names) == [3, 1, 2]
