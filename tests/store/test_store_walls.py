"""Raw SQL in the reader's role: whatever it asks, it reads what `may_see` lets its viewer see.

The engine is PostgreSQL alone: a file has no second wall, and whoever can open it can read it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from store_world import RED, link, markings, record, same, say, seen_by, source, vote

from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp, Viewer, may_see
from chokepoint.store import circles, people, visible
from chokepoint.store.postgres import READER, Begin, above_the_wall
from chokepoint.wiring import open_atlas

OPEN, SECRET = Entity("domain-name", "open.example"), Entity("person", "Sam Secret")
GROUP = "group:task-force"
CIRCLE = Marking(tlp=Tlp.AMBER, audience=frozenset({GROUP}))


@pytest.fixture(scope="module")
def walled(pattern, tmp_path_factory):
    """An open and a secret thing, both withheld, a circle of bank and police, and a person of the bank."""
    given = pattern.copy(tmp_path_factory.mktemp("walled") / "state")
    one = replace(open_atlas(given), clock=lambda: "2026-02-03T04:05:06.000Z")
    say(one, [link(OPEN.value, "10.0.0.1")])
    say(one, [Claim(SECRET, "alias", "S", "1", source("secret.txt", RED, "an informant"))], ["secret.txt"])
    say(one, [link("circle.example", "10.0.0.2", source("c.txt", CIRCLE))], ["c.txt"])
    one.ledger.append(
        one.speaker(),
        [
            record("safety/1", {"entity": list(OPEN)}),
            record("safety/1", {"entity": list(SECRET)}, RED),
            record("circle/1", {"scope": GROUP, "members": ["bank", "police"]}),
            record("circle/1", {"scope": "case:case-1", "members": ["bank/ann"]}, RED),
            record(
                "person/1",
                {"person": "ann", "roles": ["vetter"], "state": "active", "token": "", "until": ""},
            ),
        ],
    )
    yield one
    one.engine.dispose()
    one.vault.engine.dispose()


def asked(atlas, organisation, sql, user=""):
    reader = seen_by(atlas, organisation, user).reader
    with reader.connect() as connection:
        return connection.exec_driver_sql(sql).all()


MEMBERSHIPS = "SELECT scope, member FROM memberships ORDER BY 1, 2"


def test_who_is_withheld_is_read_by_those_whose_map_holds_them(walled):
    sql = "SELECT member FROM memberships WHERE scope = 'withheld' ORDER BY 1"
    of_bank = {row[0] for row in asked(walled, "bank", sql)}
    of_police = {row[0] for row in asked(walled, "police", sql)}
    assert of_bank == {people.BETWEEN.join(OPEN), people.BETWEEN.join(SECRET)}
    assert of_police == {people.BETWEEN.join(OPEN)}
    assert {row[0] for row in asked(walled, "", sql)} == of_police


@pytest.mark.parametrize(
    ("viewer", "scopes"),
    [
        (("bank", ""), {GROUP, "case:case-1", "staff:bank", "withheld"}),
        (("bank", "ann"), {GROUP, "case:case-1", "staff:bank", "role:vetter", "withheld"}),
        (("police", ""), {GROUP, "withheld"}),
        (("vendor", ""), {"withheld"}),
        (("stranger", ""), {"withheld"}),
        (("", ""), {"withheld"}),
    ],
    ids=lambda value: "-".join(value) or "nobody" if isinstance(value, tuple) else "",
)
def test_circles_and_registers_are_read_by_those_who_are_in_them(walled, viewer, scopes):
    found = asked(walled, viewer[0], MEMBERSHIPS, viewer[1])
    assert {scope for scope, _ in found} == scopes
    told = asked(walled, viewer[0], "SELECT scope FROM circles", viewer[1])
    assert {row[0] for row in told} == {scope for scope in scopes if scope.startswith(circles.SCOPES)}


def test_a_member_reads_who_else_is_in_a_circle(walled):
    found = asked(walled, "police", f"SELECT member FROM memberships WHERE scope = '{GROUP}' ORDER BY 1")
    assert [row[0] for row in found] == ["bank", "police"]


@pytest.mark.parametrize("viewer", ["police", "vendor", "stranger", ""])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT form FROM markings",
        "SELECT term FROM marking_terms",
        "SELECT name FROM names",
        "SELECT value FROM entities",
        "SELECT path FROM captures",
        "SELECT body FROM records",
        "SELECT member FROM memberships",
        "SELECT max(form) FROM markings",
        "SELECT string_agg(member, ',') FROM memberships",
        "SELECT m.form FROM provenances p RIGHT JOIN markings m ON m.number = p.marking",
        "SELECT (SELECT string_agg(value, ',') FROM entities)",
        "WITH everything AS (SELECT value FROM entities) SELECT * FROM everything",
        "SELECT value FROM entities UNION ALL SELECT path FROM captures",
        "SELECT query_to_xml('SELECT value FROM entities', true, false, '')::text",
        "SELECT table_to_xml('entities', true, false, '')::text",
        "SELECT row_to_json(e)::text FROM entities e",
    ],
)  # fmt: skip
def test_no_way_of_asking_reads_what_is_secret(walled, viewer, sql):
    told = repr(asked(walled, viewer, sql))
    assert "Secret" not in told
    assert "secret" not in told
    assert "informant" not in told
    assert "case-1" not in told


def test_the_bank_reads_by_each_of_them(walled):
    assert "Sam Secret" in repr(asked(walled, "bank", "SELECT value FROM entities"))
    assert "an informant" in repr(asked(walled, "bank", "SELECT name FROM names"))


@pytest.mark.parametrize("table", ["entities", "records", "claims", "memberships", "markings"])
def test_plans_and_statistics_tell_no_values(walled, table):
    plan = asked(walled, "vendor", f"EXPLAIN SELECT * FROM {table}")
    assert "ecret" not in repr(plan)
    counted = asked(
        walled, "vendor", f"SELECT most_common_vals::text FROM pg_stats WHERE tablename = '{table}'"
    )
    assert "ecret" not in repr(counted)


def test_the_number_of_the_newest_marking_counts_hidden_ones_and_nothing_else_does(walled):
    """A kept map grows by what came later: a marking that it could not see is not a later one."""
    with walled.engine.connect() as connection:
        newest = connection.exec_driver_sql("SELECT max(number) FROM markings").scalar_one()
    stranger = seen_by(walled, "stranger").reader
    with stranger.connect() as connection:
        assert stranger.newest_marking(connection) == newest
        assert connection.exec_driver_sql("SELECT max(number) FROM markings").scalar_one() < newest


def test_above_the_wall_the_owner_asks_and_below_it_the_reader_again(walled):
    with walled.engine.execution_options(begin=Begin.VIEW).connect() as connection:
        who = "SELECT current_user"
        assert connection.exec_driver_sql(who).scalar_one() == READER
        with above_the_wall(connection):
            assert connection.exec_driver_sql(who).scalar_one() == "keeper"
            assert connection.exec_driver_sql("SELECT count(*) FROM memberships").scalar_one() > 5
        assert connection.exec_driver_sql(who).scalar_one() == READER
        assert connection.exec_driver_sql("SELECT count(*) FROM memberships").scalar_one() == 0


def test_a_reader_finds_out_again_below_the_wall_what_it_found_above(walled):
    for organisation, user in (("bank", ""), ("bank", "ann"), ("police", ""), ("vendor", ""), ("", "")):
        reader = seen_by(walled, organisation, user).reader
        with reader.connect() as connection:
            before = reader.visible(connection), reader.resolved(connection)
            again = visible.visible(connection, reader.viewer)
            with above_the_wall(connection):
                above = (
                    visible.visible(connection, reader.viewer),
                    visible.resolved(connection, reader.viewer),
                )
        assert (frozenset(before[0]), before[1]) == above
        assert again == above[0]


def test_who_has_left_reads_what_the_public_reads(in_postgres):
    atlas = in_postgres()
    say(atlas, [link("members.example", "10.0.0.1", source("m.txt", Marking(tlp=Tlp.GREEN)))], ["m.txt"])
    police = seen_by(atlas, "police")
    assert len(asked(atlas, "police", "SELECT * FROM claims")) == 1
    police.ledger.append(police.speaker(), [record("departure/1", {"organisation": "police", "left": True})])
    assert asked(atlas, "police", "SELECT * FROM claims") == []
    assert len(asked(atlas, "vendor", "SELECT * FROM claims")) == 1
    assert asked(atlas, "vendor", "SELECT * FROM memberships") == []


def test_several_viewers_together_read_what_each_of_them_may(walled):
    both = walled.shared_with([Viewer(organisation="police")]).reader
    with both.connect() as connection:
        values = {row[0] for row in connection.exec_driver_sql("SELECT value FROM entities")}
    assert values == {OPEN.value, "circle.example", "10.0.0.1", "10.0.0.2"}
    three = walled.shared_with([Viewer(organisation="police"), Viewer(organisation="vendor")]).reader
    with three.connect() as connection:
        values = {row[0] for row in connection.exec_driver_sql("SELECT value FROM entities")}
    assert values == {OPEN.value, "10.0.0.1"}


@pytest.fixture(scope="module")
def drawn(pattern, tmp_path_factory):
    """An atlas to which examples add claims, each with what may be seen of it."""
    one = open_atlas(pattern.copy(tmp_path_factory.mktemp("drawn") / "state"))
    yield one, []
    one.engine.dispose()
    one.vault.engine.dispose()


VIEWERS = (("bank", ""), ("bank", "ann"), ("police", ""), ("vendor", ""), ("stranger", ""))


@given(added=st.lists(st.tuples(st.sampled_from(["bank", "police"]), markings), min_size=1, max_size=3))
@settings(max_examples=10)
def test_the_rows_below_the_wall_are_those_that_may_see_says(drawn, added):
    """Of every kind of row that a claim, a vote on it and a judgement between its ends leave."""
    atlas, told = drawn
    for who, marking in added:
        by, value = seen_by(atlas, who), f"{len(told)}.example"
        path = f"{who}-{value}.txt"
        [seq] = say(
            by, [link(value, f"address of {value}", source(path, marking, f"origin of {value}"))], [path]
        ).seqs
        pair = Entity("domain-name", value), Entity("ipv4-addr", f"address of {value}")
        rows = by.ledger.append(by.speaker(), [vote(["00" * 32], marking=marking), same(*pair, marking)]).seqs
        told.append((who, marking, value, (seq, *rows)))
    for organisation, user in VIEWERS:
        viewer = Viewer(organisation=organisation if organisation != "stranger" else "", user=user)
        kept = [one for one in told if sees(viewer, one)]
        reader = seen_by(atlas, organisation, user).reader
        with reader.connect() as connection:
            seqs = {row[0] for row in connection.execute(text("SELECT seq FROM records"))}
            values = {row[0] for row in connection.execute(text("SELECT value FROM entities"))}
            names = {row[0] for row in connection.execute(text("SELECT name FROM names WHERE space = 3"))}
        assert {seq for one in told for seq in one[3]} & seqs == {seq for one in kept for seq in one[3]}
        assert {value for value in values if value.endswith(".example") and " " not in value} == {
            value for _, _, value, _ in kept
        }
        assert names == {f"origin of {value}" for _, _, value, _ in kept}


def sees(viewer, one):
    """Whether a viewer may see what an organisation recorded under a marking, as it is kept."""
    who, marking, *_ = one
    if marking.tlp is Tlp.RED and not marking.audience:
        marking = Marking(tlp=Tlp.RED, audience=frozenset({who}))
    return may_see(viewer, marking, who)


NOBODYS = "chokepoint_of_another_program"


@pytest.fixture
def stranger(walled):
    """A connection in the role of another program, which has no right to any table of ours."""
    with walled.engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {NOBODYS} NOLOGIN")
        connection.exec_driver_sql(f"GRANT {NOBODYS} TO CURRENT_USER")
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA "{schema}" TO {NOBODYS}')
        connection.exec_driver_sql(f"SET LOCAL ROLE {NOBODYS}")
        connection.exec_driver_sql("SELECT set_config('chokepoint.visible', '1,2,3,4,5,6,7,8', true)")
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(
            "SELECT searched_for(ARRAY[1,2,3,4,5,6,7,8]::bigint[], 'Sam Secre_')", id="what fits a pattern"
        ),
        pytest.param("SELECT newest_marking()", id="how many markings there are"),
        pytest.param("SELECT value FROM entities", id="a table"),
    ],
)
def test_other_programs_on_the_server_may_ask_nothing_with_the_owners_rights(stranger, sql):
    """A function that runs as the owner is everybody's unless it is taken away: an oracle of hidden values."""
    with pytest.raises(ProgrammingError, match="permission denied"):
        stranger.exec_driver_sql(sql)
