"""No cell of the tables that people are shown can be another than the log says, whichever it is."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from agreement_world import fill
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError
from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.store.agreement.circles import check_circles
from chokepoint.store.agreement.tables import read_tables
from chokepoint.store.checking import check_run
from chokepoint.store.verifying import _batches, _rules
from chokepoint.wiring import make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas

CELLS = {
    "claims": (
        *("subject", "property", "object", "provenance", "start", "end", "assessment"),
        *("fingerprint", "marking"),
    ),
    "votes": (
        *("claim", "organisation", "vote", "simulated", "marking", "crime", "disclose", "until"),
        *("record", "despite"),
    ),
    "sames": ("left", "right", "organisation", "sameness", "permille", "marking"),
    "recalls": ("claim", "marking", "record"),
    "captures": ("owner", "marking"),
    "others": ("kind", "marking"),
    "provenances": ("capture", "origin", "reliability", "credibility", "marking"),
}
"""Numbers of which every one matters; of `captures.path` and the like the table of cases speaks."""
SAYING = ("claims", "votes", "sames", "recalls", "captures", "others", "provenances")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    """An atlas that nobody changes for longer than an example lasts."""
    folder = tmp_path_factory.mktemp("filled") / "atlas"
    for name in ("vendor", "police", "bank"):
        one = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=name)))
        one.engine.dispose()
        one.vault.engine.dispose()
    one = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation="bank")))
    fill(one)
    yield one
    one.engine.dispose()
    one.vault.engine.dispose()


@contextmanager
def changing(atlas: Atlas) -> Iterator[Connection]:
    """A transaction of which nothing stays."""
    with atlas.engine.execution_options(begin="IMMEDIATE").connect() as connection:
        yield connection
        connection.rollback()


def check(connection: Connection, atlas: Atlas) -> None:
    """Hold the tables, as this transaction has them, against the log."""
    rules = _rules(connection, atlas.id)
    check_run(connection, rules, _batches(connection, rules), read_tables(connection))
    check_circles(connection, rules.erased)


def rows(connection: Connection, table: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")), key=repr)


cells = st.sampled_from([(table, column) for table, columns in CELLS.items() for column in columns])


@given(cells, st.integers(0, 50), st.one_of(st.integers(-2, 40), st.integers(-(2**31), 2**31 - 1)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cell_with_another_number_is_found(filled, cell: tuple[str, str], which: int, value: int) -> None:
    table, column = cell
    with changing(filled) as connection:
        before = rows(connection, table)
        key = "number" if table == "provenances" else "seq"
        keys = [row[0] for row in connection.exec_driver_sql(f"SELECT {key} FROM {table} ORDER BY {key}")]
        connection.exec_driver_sql(
            f'UPDATE OR IGNORE {table} SET "{column}" = ? WHERE {key} = ?', (value, keys[which % len(keys)])
        )
        if rows(connection, table) == before:
            check(connection, filled)
        else:
            with pytest.raises(LedgerError):
                check(connection, filled)


@given(st.sampled_from(SAYING), st.integers(0, 50))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_that_is_gone_is_found(filled, table: str, which: int) -> None:
    with changing(filled) as connection:
        key = "number" if table == "provenances" else "seq"
        keys = [row[0] for row in connection.exec_driver_sql(f"SELECT {key} FROM {table} ORDER BY {key}")]
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE {key} = ?", (keys[which % len(keys)],))
        with pytest.raises(LedgerError):
            check(connection, filled)


@given(st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_rows_that_changed_places_are_found(filled, data: st.DataObject) -> None:
    """Each says what some record says; neither says what its own does."""
    table = data.draw(st.sampled_from(["claims", "votes"]))
    key = {"claims": "seq", "votes": "seq"}[table]
    with changing(filled) as connection:
        keys = [row[0] for row in connection.exec_driver_sql(f"SELECT {key} FROM {table} ORDER BY {key}")]
        one, other = data.draw(st.lists(st.sampled_from(keys), min_size=2, max_size=2, unique=True))
        column = data.draw(st.sampled_from(["fingerprint", "provenance"] if table == "claims" else ["claim"]))
        values = {
            at: connection.exec_driver_sql(
                f"SELECT {column} FROM {table} WHERE {key} = ?", (at,)
            ).scalar_one()
            for at in (one, other)
        }
        for at, value in ((one, values[other]), (other, values[one])):
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, at))
        same = values[one] == values[other] or table == "votes"  # both votes are of one record
        if same:
            check(connection, filled)
        else:
            with pytest.raises(LedgerError):
                check(connection, filled)


@pytest.mark.parametrize("scope", ["group:ring", "group:other", "left", "role:overseer", "staff:police"])
@pytest.mark.parametrize("member", ["vendor", "vendor/eve", ""])
def test_nobody_is_let_in_by_a_row_alone(filled, scope: str, member: str) -> None:
    with changing(filled) as connection:
        connection.exec_driver_sql("INSERT INTO memberships VALUES (?, ?)", (scope, member))
        with pytest.raises(LedgerError, match="let in others") as caught:
            check(connection, filled)
    assert caught.value.place == f"circle {scope}"


def test_after_all_of_it_the_atlas_is_as_it_was(filled) -> None:
    with changing(filled) as connection:
        check(connection, filled)
