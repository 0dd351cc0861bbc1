"""An atlas of an older version opens with all that it held, and with the tables of a new one.

`tests/data/atlas-0001.tar.xz` was written by the program of that version: three members, claims open, hidden
and about a person, a vote, an identity judgement, a recall, a circle and a checkpoint.
"""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from store_world import link, said_to, say, seen_by

from chokepoint.desk.keeping.care import verify
from chokepoint.model.errors import LedgerError
from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.store import judged, lookup, migrations, postgres
from chokepoint.store.schema import create, metadata, open_engine
from chokepoint.wiring import open_atlas

OLD = Path(__file__).parents[1] / "data" / "atlas-0001.tar.xz"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(OLD) as archive:
        archive.extractall(folder, filter="data")
    return folder / "atlas"


@pytest.fixture
def old(kept, tmp_path):
    """The folder of an atlas that nobody has opened since."""
    shutil.copytree(kept, tmp_path / "atlas")
    return tmp_path / "atlas"


@pytest.fixture
def opened_old(old):
    """It, opened by the program of today as the bank."""
    one = replace(
        open_atlas(Settings(atlas=old, viewer=Viewer(organisation="bank"))),
        clock=lambda: "2026-03-04T05:06:07.000Z",
    )
    yield one
    one.engine.dispose()
    one.vault.engine.dispose()


def contents(file, columns=None):
    """All rows of a file's tables in their columns, or in those given by table, in order."""
    connection = sqlite3.connect(file)
    if columns is None:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            for name in names
            if name in metadata.tables
        }
    found = {
        name: sorted(
            connection.execute(
                "SELECT {} FROM {}".format(", ".join(f'"{one}"' for one in of), name)
            ).fetchall()
        )
        for name, of in columns.items()
    }
    connection.close()
    return found, columns


def shape(file):
    """Tables, indexes and triggers of a file, as they were made; but the search of each marking in it."""
    connection = sqlite3.connect(file)
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name NOT GLOB 'search_*' ORDER BY 1, 2"
    ).fetchall()
    connection.close()
    return [(kind, name, " ".join((sql or "").split())) for kind, name, sql in rows]


def test_it_is_of_the_first_version_before_and_of_the_newest_after(old, opened_old):
    assert migrations.version(opened_old.engine) == migrations.VERSIONS[-1]
    with tarfile.open(OLD) as archive:
        assert "atlas/ledger.sqlite" in archive.getnames()


def test_every_row_of_every_table_is_what_it_was(old):
    before, columns = contents(old / "ledger.sqlite")
    one = open_atlas(Settings(atlas=old, viewer=Viewer(organisation="bank")))
    one.engine.dispose()
    one.vault.engine.dispose()
    after, _ = contents(old / "ledger.sqlite", columns)
    assert after == before
    assert sum(map(len, before.values())) > 50


def test_its_claims_have_their_markings_and_these_what_they_show(old, opened_old):
    rows = contents(old / "ledger.sqlite")[0]
    marked = {number: marking for number, *_, marking in rows["provenances"]}
    assert len(set(marked.values())) > 1
    assert {claim[0]: claim[-1] for claim in rows["claims"]} == {c[0]: marked[c[4]] for c in rows["claims"]}
    ends = {(claim[-1], end) for claim in rows["claims"] for end in (claim[1], claim[3]) if end is not None}
    assert set(rows["shown"]) == ends


def test_its_tables_are_those_of_a_new_atlas(old, opened_old, atlas):
    new = atlas(name="new")
    assert shape(old / "ledger.sqlite") == shape(new.folder / "ledger.sqlite")


def test_its_log_verifies_with_its_checkpoint(opened_old):
    proven = verify(opened_old, captures=False)
    assert (proven.records, proven.checkpoints) == (12, 1)


def test_everybody_reads_what_they_could_read(opened_old):
    values = {
        name: [c.subject.value for c in said_to(seen_by(opened_old, name))]
        for name in ("bank", "police", "x")
    }
    assert values == {
        "bank": ["evil.example", "Ann Example", "secret.example"],
        "police": ["evil.example", "Ann Example"],
        "x": ["evil.example", "Ann Example"],
    }
    assert said_to(opened_old)[1].object == "อีวิล"


def test_its_votes_judgements_recalls_circles_and_search_are_there(opened_old):
    reader = opened_old.reader
    with reader.connect() as connection:
        assert judged.read_votes(reader, connection).vote.tolist() == [1]
        assert len(judged.recalled(reader, connection)) == 1
        assert reader.resolved(connection).groups == {"group:x"}
        [found] = lookup.holding(reader, connection, "vil.exam", 5)
        assert reader.entities(connection, [found])[found].value == "evil.example"
    assert opened_old.vault.get(said_to(opened_old)[0].provenance.capture) == b"list.txt"


def test_it_goes_on_by_the_same_keys_and_knows_what_was_said(opened_old):
    assert say(opened_old, [link("evil.example", "10.0.0.1")]).fresh == (False,)
    assert say(opened_old, [link("new.example", "10.0.0.1")]).fresh == (True,)
    assert verify(opened_old, captures=False).records == 13


def test_opening_it_twice_changes_nothing_more(old):
    for _ in range(2):
        one = open_atlas(Settings(atlas=old, viewer=Viewer(organisation="bank")))
        one.engine.dispose()
        one.vault.engine.dispose()
    first = shape(old / "ledger.sqlite")
    one = open_atlas(Settings(atlas=old, viewer=Viewer(organisation="bank")))
    one.engine.dispose()
    one.vault.engine.dispose()
    assert shape(old / "ledger.sqlite") == first


def test_an_upgrade_that_fails_leaves_the_atlas_as_it_was(old, monkeypatch):
    def fail(*_given, **_more):
        raise OSError("no room")

    before = shape(old / "ledger.sqlite")
    engine = open_engine(old / "ledger.sqlite")
    monkeypatch.setattr("alembic.operations.Operations.create_index", fail)
    monkeypatch.setattr("alembic.op.create_index", fail, raising=False)
    with pytest.raises(OSError, match="no room"):
        create(engine)
    engine.dispose()
    assert shape(old / "ledger.sqlite") == before
    assert migrations.version(engine) == "0001"
    engine.dispose()


@pytest.mark.parametrize("future", [f"{int(migrations.VERSIONS[-1]) + 1:04}", "9999", "abc"])
def test_tables_newer_than_the_program_are_refused_and_left_alone(old, future):
    engine = open_engine(old / "ledger.sqlite")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (future,))
    before = shape(old / "ledger.sqlite")
    with pytest.raises(LedgerError, match=future) as caught:
        create(engine)
    assert "newer" in caught.value.mend
    engine.dispose()
    assert shape(old / "ledger.sqlite") == before


def test_the_versions_that_the_program_names_are_those_that_it_can_reach():
    config = Config()
    config.set_main_option("script_location", "chokepoint.store:migrations")
    known = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(known)) == migrations.VERSIONS


def test_a_new_file_has_the_tables_of_the_schema_and_its_version(tmp_path):
    engine = open_engine(tmp_path / "new.sqlite")
    assert migrations.version(engine) == ""
    create(engine)
    assert migrations.version(engine) == migrations.VERSIONS[-1]
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    create(engine)
    engine.dispose()


def test_an_old_database_gets_the_walls_of_a_new_one(in_postgres):
    """As 0001 left it: memberships open to all readers, votes not found by their record."""
    atlas = in_postgres()
    say(atlas, [link("evil.example", "10.0.0.1")])
    with atlas.engine.begin() as connection:
        for sql in (
            "UPDATE alembic_version SET version_num = '0001'",
            "DROP INDEX votes_record",
            "DROP INDEX recalls_record",
            "DROP FUNCTION newest_marking()",
            *(
                f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY"
                for name in ("memberships", "circles", "markings")
            ),
            *(
                f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY"
                for name in ("memberships", "circles", "markings")
            ),
        ):
            connection.exec_driver_sql(sql)
    create(atlas.engine)
    with atlas.engine.connect() as connection:
        walled = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_class WHERE relname IN ('memberships', 'circles', 'markings')"
            " AND relrowsecurity AND relforcerowsecurity AND relnamespace = current_schema()::regnamespace"
        ).scalar_one()
        indexed = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_indexes WHERE indexname IN ('votes_record', 'recalls_record')"
            " AND schemaname = current_schema()"
        ).scalar_one()
    assert (walled, indexed) == (3, 2)
    assert [claim.subject.value for claim in said_to(seen_by(atlas, "police"))] == ["evil.example"]
    with atlas.engine.execution_options(begin=postgres.Begin.VIEW).connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM memberships").scalar_one() == 0


def test_a_database_of_the_fourth_version_takes_the_owners_functions_from_everybody(in_postgres):
    atlas = in_postgres()
    asked = "SELECT has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc WHERE prosecdef"
    ours = f"{asked} AND pronamespace = current_schema()::regnamespace"
    with atlas.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
        connection.exec_driver_sql("GRANT EXECUTE ON FUNCTION newest_marking() TO PUBLIC")
        assert True in connection.exec_driver_sql(ours).scalars().all()
    create(atlas.engine)
    with atlas.engine.connect() as connection:
        assert connection.exec_driver_sql(ours).scalars().all() == [False, False]
