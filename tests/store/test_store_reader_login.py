"""A login of its own for whoever reads: what it shows is the same, and it cannot leave its role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError
from store_world import AMBER, RED, ids_of, link, said_to, say, seen_by, source, vote

from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import vote as cast
from chokepoint.model.judgement import Vote
from chokepoint.settings import settings
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

LOGIN = "atlas_reader"


@pytest.fixture
def apart(pattern, tmp_path: Path) -> Iterator[Atlas]:
    """An atlas that is read by a login which is in the reader's role and in no other."""
    given = pattern.copy(tmp_path / "state")
    plain = pattern.address.format(make_url(given.database).database).replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            f"DO $$ BEGIN CREATE ROLE {LOGIN} LOGIN IN ROLE chokepoint_reader;"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
    reader = make_url(given.database).set(username=LOGIN).render_as_string(hide_password=False)
    one = open_atlas(replace(given, reader=reader))
    say(one, [link("open.example", "10.0.0.1")])
    say(one, [link("amber.example", "10.0.0.2", source("a.txt", AMBER))], ["a.txt"])
    say(one, [link("red.example", "10.0.0.3", source("r.txt", RED))], ["r.txt"])
    yield one
    one.engine.dispose()
    one.vault.engine.dispose()


def values(atlas: Atlas) -> set[str]:
    return {claim.subject.value for claim in said_to(atlas)}


def test_readings_happen_in_the_readers_login(apart):
    with apart.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT session_user").scalar_one() == LOGIN
        assert connection.exec_driver_sql("SELECT current_user").scalar_one() == "chokepoint_reader"


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        pytest.param("bank", {"open.example", "amber.example", "red.example"}, id="whose it is"),
        pytest.param("police", {"open.example"}, id="another member"),
        pytest.param("stranger", {"open.example"}, id="a stranger"),
    ],
)
def test_each_sees_what_they_see_without_it(apart, viewer, seen):
    assert values(seen_by(apart, viewer)) == seen


def test_what_is_appended_is_read_at_once(apart):
    police = seen_by(apart, "police")
    assert cast(police, ids_of(police), Vote.CONFIRM, "seen in our logs") == 1
    say(apart, [link("next.example", "10.0.0.1", source("n.txt"))], ["n.txt"])
    assert "next.example" in values(police)
    assert show(police, "next.example").entity is not None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT value FROM facts",
        "SELECT note FROM witnessed",
        "SELECT packed FROM vault.captures",
        "INSERT INTO entities (eid, kind, value) VALUES (999, 1, 'red.example')",
        "DELETE FROM records",
        "SET LOCAL ROLE keeper",
        "SET SESSION AUTHORIZATION keeper",
        "ALTER TABLE records NO FORCE ROW LEVEL SECURITY",
        "CREATE VIEW around AS SELECT * FROM records",
        "CREATE MATERIALIZED VIEW around AS SELECT * FROM records",
        "CREATE FUNCTION around() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_login_cannot_leave_its_role(apart, sql):
    with apart.reader.connect() as connection:
        connection.exec_driver_sql("SET LOCAL ROLE NONE")
        with pytest.raises(DatabaseError):
            connection.exec_driver_sql(sql)


@pytest.mark.parametrize(
    ("stand_in", "asked", "answer"),
    [
        pytest.param(
            "CREATE TEMP TABLE markings AS SELECT 99 AS number",
            "SELECT newest_marking() < 99",
            True,
            id="table",
        ),
        pytest.param(
            "CREATE TEMP VIEW searched AS SELECT 1 / 0 AS marking",
            "SELECT count(*) FROM searched_for(ARRAY[1]::bigint[], 'open')",
            0,
            id="view",
        ),
    ],
)
def test_nothing_of_the_readers_own_stands_in_for_ours_in_what_runs_as_the_owner(
    apart, stand_in, asked, answer
):
    """A view or a policy of the login's would run with the rights of the tables' owner."""
    reading = apart.engine.get_execution_options()["reading"]
    with reading.connect() as connection:
        connection.exec_driver_sql("SELECT set_config('chokepoint.visible', '1', true)")
        connection.exec_driver_sql(stand_in)
        assert connection.exec_driver_sql(asked).scalar_one() == answer
        connection.rollback()


@pytest.mark.parametrize("table", ["records", "claims", "entities", "captures", "votes", "memberships"])
def test_a_reading_that_says_nothing_of_its_viewer_shows_nothing(apart, table):
    reading = apart.engine.get_execution_options()["reading"]
    with reading.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0


def test_what_may_be_seen_is_asked_at_the_moment_that_is_read(apart):
    """Who looks is told by the owner at the reader's own snapshot: what comes between is in neither."""
    police = seen_by(apart, "police")
    with police.reader.connect() as connection:
        say(apart, [link("later.example", "10.0.0.1", source("l.txt"))], ["l.txt"])
        police.ledger.append(police.speaker(), [vote(ids_of(police)[:1])])
        last = police.reader.position(connection)
        shown = [one.claim.subject.value for one in police.reader.claims(connection, range(1, last + 1))]
    assert shown == ["open.example"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 / (length(value) - length('red.example')) FROM entities WHERE starts_with(value, 'red')",
        "SELECT value::bigint FROM entities WHERE starts_with(value, 'red')",
        "SELECT ('{' || value)::jsonb FROM entities WHERE starts_with(value, 'red')",
        "SELECT count(*) FROM entities WHERE value > 'red' AND value::bigint > 0 AND starts_with(value, 'red')",
    ],
    ids=["division", "number", "json", "condition"],
)
def test_no_error_tells_of_a_hidden_value(apart, sql):
    with seen_by(apart, "police").reader.connect() as connection:
        connection.exec_driver_sql(sql)
    with apart.reader.connect() as connection, pytest.raises(DatabaseError):
        connection.exec_driver_sql(sql)


@pytest.mark.parametrize("how", ["", "(ANALYZE, TIMING OFF)", "(VERBOSE)"], ids=["plan", "run", "verbose"])
def test_no_plan_tells_a_hidden_value(apart, how):
    police = seen_by(apart, "police").reader
    with police.connect() as connection:
        sql = f"EXPLAIN {how} SELECT value FROM entities ORDER BY value"
        assert "red" not in repr(connection.exec_driver_sql(sql).all())


def test_the_environment_names_the_login(monkeypatch):
    monkeypatch.setenv("CHOKEPOINT_READER", "postgresql://atlas_reader@host/atlas")
    given = settings("postgresql://keeper@host/atlas")
    assert given.reader == "postgresql+psycopg://atlas_reader@host/atlas"
    assert settings("./folder").reader == ""
