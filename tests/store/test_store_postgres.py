"""The second wall of PostgreSQL: whoever reads sees what the markings open, whatever the query asks."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from store_world import RED, link, record, same, say, seen_by, source, vote

from chokepoint.model.errors import NotFoundError
from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.store.postgres import READER, Begin, vault_address
from chokepoint.wiring import open_atlas

WALLED = (
    "captures",
    "circles",
    "claims",
    "entities",
    "ids_fresh",
    "ids_sorted",
    "marking_terms",
    "markings",
    "memberships",
    "names",
    "others",
    "provenances",
    "recalls",
    "records",
    "sames",
    "shown",
    "subject_keys",
    "votes",
)
OPEN = ("batches", "checkpoints", "organisations", "tree")
BARE = ("circles", "ids_sorted", "marking_terms")
"""Walled tables in which nothing is open to everybody."""
SHUT = ("alembic_version", "facts", "searched", "witnessed")


@pytest.fixture(scope="module")
def told(pattern, tmp_path_factory):
    """An atlas in which every walled table holds something open and something of the bank's alone."""
    atlas = open_atlas(pattern.copy(tmp_path_factory.mktemp("told") / "state"))
    for name, marking in (("open.txt", None), ("secret.txt", RED)):
        where = source(name, marking, f"origin of {name}") if marking else source(name)
        stem = name.partition(".")[0]
        first, second = link(f"{stem}.com", "1.2.3.4", where), link(f"{stem}2.com", "1.2.3.4", where)
        ids = say(atlas, [first, second], [name])
        assert ids.fresh == (True, True)
        rows = [
            same(first.subject, second.subject),
            record("test/1", {"of": name}),
            record("safety/1", {"entity": list(first.subject)}),
            record("circle/1", {"scope": f"group:{stem}", "members": ["bank", f"bank/{stem}"]}),
        ]
        marked = [row._replace(marking=marking) if marking else row for row in rows]
        atlas.ledger.append(atlas.speaker(), marked)
        with atlas.reader.connect() as connection:
            newest = [one.id for one in atlas.reader.claims(connection, ids.seqs)]
        given = vote(newest, "unsure")
        atlas.ledger.append(atlas.speaker(), [given._replace(marking=marking) if marking else given])
    with atlas.engine.begin() as connection:
        marked = connection.exec_driver_sql(
            "SELECT c.seq, c.subject, p.marking FROM claims c JOIN provenances p ON p.number = c.provenance"
        ).all()
        for seq, eid, number in marked:
            connection.exec_driver_sql("INSERT INTO recalls VALUES (?, ?, ?, ?)", (seq, seq, number, seq))
            key = (eid, bytes([eid] * 16), bytes(32))
            connection.exec_driver_sql(
                "INSERT INTO subject_keys VALUES (?, ?, ?) ON CONFLICT DO NOTHING", key
            )
    yield atlas
    atlas.engine.dispose()
    atlas.vault._engine.dispose()


def rows(connection, table):
    return connection.exec_driver_sql(f"SELECT * FROM {table}").all()


def all_rows(atlas, table):
    with atlas.engine.connect() as connection:
        return rows(connection, table)


@pytest.mark.parametrize("table", WALLED)
def test_a_query_that_forgets_the_predicate_still_gives_only_what_is_open(told, table):
    stranger = seen_by(told, "stranger")
    with stranger.reader.connect() as connection:
        seen = rows(connection, table)
    with told.reader.connect() as connection:
        whole = rows(connection, table)
    assert set(seen) < set(whole) or table == "ids_sorted"
    assert seen or table in BARE
    assert "secret" not in repr(seen)


@pytest.mark.parametrize("table", WALLED)
def test_the_owner_of_it_all_sees_it_all(told, table):
    with told.reader.connect() as connection:
        assert sorted(rows(connection, table), key=repr) == sorted(all_rows(told, table), key=repr)


@pytest.mark.parametrize("table", WALLED)
def test_where_nobody_said_who_looks_nothing_is_seen(told, table):
    with told.engine.execution_options(begin=Begin.VIEW).connect() as connection:
        seen = rows(connection, table)
    assert seen == [] or table == "names"
    assert "origin of" not in repr(seen)


@pytest.mark.parametrize("table", SHUT)
def test_what_the_reader_needs_not_it_cannot_even_ask_for(told, table):
    with told.reader.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        rows(connection, table)


def test_the_vault_is_shut_to_the_reader(told):
    told.vault.put([b"evidence"])
    with told.reader.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        rows(connection, "vault.captures")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM records",
        "UPDATE claims SET subject = 1",
        "INSERT INTO names VALUES (1, 1, 'x')",
        "TRUNCATE votes",
    ],
)
def test_the_reader_writes_nothing_so_no_error_tells_of_what_is_there(told, sql):
    with told.reader.connect() as connection, pytest.raises(DBAPIError, match=r"permission denied|read-only"):
        connection.exec_driver_sql(sql)


def test_every_table_is_walled_or_known_to_be_open_or_shut(told):
    asked = text(
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    )
    with told.engine.connect() as connection:
        found = {row.relname: row[1] for row in connection.execute(asked)}
    assert {name for name, walled in found.items() if walled} == set(WALLED)
    assert set(found) == {*WALLED, *OPEN, *SHUT}


def test_no_view_and_no_materialised_view_passes_the_wall(told):
    asked = text(
        "SELECT count(*) FROM pg_class WHERE relkind IN ('v', 'm')"
        " AND relnamespace IN (current_schema()::regnamespace, 'vault'::regnamespace)"
    )
    with told.engine.connect() as connection:
        assert connection.execute(asked).scalar() == 0


def test_neither_the_reader_nor_the_owner_may_pass_policies_by(told):
    asked = text(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles WHERE rolname = :name"
    )
    with told.engine.connect() as connection:
        assert connection.execute(asked, {"name": READER}).one() == (False, False, False, False)
        assert connection.execute(asked, {"name": "keeper"}).one()[:2] == (False, False)


def test_the_wall_falls_with_its_transaction_and_the_next_has_its_own(told):
    stranger = seen_by(told, "stranger")
    with stranger.reader.connect() as connection:
        few = len(rows(connection, "claims"))
    with told.reader.connect() as connection:
        many = len(rows(connection, "claims"))
        connection.rollback()
        assert rows(connection, "claims") == []
    assert few < many == len(all_rows(told, "claims"))


def test_a_reading_is_of_one_moment(told):
    with told.reader.connect() as connection:
        before = len(rows(connection, "claims"))
        say(told, [link("later.com", "1.2.3.4", source("open.txt"))], ["open.txt"])
        assert len(rows(connection, "claims")) == before


def test_whoever_appends_waits_for_whoever_appends(told):
    engine = told.engine.execution_options(begin=Begin.APPEND)
    entered = threading.Event()

    def second():
        with engine.begin():
            entered.set()

    with engine.begin():
        waiting = threading.Thread(target=second)
        waiting.start()
        asked = text(
            "SELECT count(*), pg_sleep(0.02) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        )
        with told.engine.connect() as connection:
            while not connection.execute(asked).scalar():
                pass
        assert not entered.is_set()
    waiting.join(30)
    assert entered.is_set()


def test_commits_are_durable(told):
    with told.engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_many_rows_and_few_are_entered_alike(in_postgres):
    with in_postgres().engine.begin() as connection:
        for size in (1, 49, 50, 500):
            connection.exec_driver_sql("DELETE FROM ids_fresh")
            given = [(bytes([number % 256]) * 8, number) for number in range(size)]
            connection.exec_driver_sql("INSERT INTO ids_fresh (prefix, seq) VALUES (?, ?)", given)
            assert sorted(rows(connection, "ids_fresh")) == sorted(given)


def test_an_empty_database_is_no_atlas(server, tmp_path):
    import postgres_server  # noqa: PLC0415 - beside this file

    given = Settings(
        atlas=tmp_path, viewer=Viewer(organisation="bank"), database=postgres_server.new_database(server)
    )
    with pytest.raises(NotFoundError, match="no atlas in this database"):
        open_atlas(given)


def test_the_vault_has_the_address_of_its_database_and_a_room_of_its_own():
    assert vault_address("postgresql+psycopg://me:pa%40ss@host/db?sslmode=require") == (
        "postgresql+psycopg://me:pa%40ss@host/db?options=-csearch_path%3Dvault&sslmode=require"
    )
