"""PostgreSQL's search: it finds what the viewer sees, reads nothing of what is hidden, and is asked by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import DBAPIError
from store_world import RED, link, say, seen_by, source

from chokepoint.store import lookup, shown
from chokepoint.store.erasing import blank
from chokepoint.store.postgres import Begin
from chokepoint.store.schema import create
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas

OPEN = ["seen.example", "seenmore.example", "Seen.Example", "a_b.example", "100%.example", "x\\y.example"]
HIDDEN = [f"hidden{number}.example" for number in range(40)]
READ = (
    "SELECT coalesce(sum(seq_tup_read), 0) + coalesce(sum(idx_tup_fetch), 0), coalesce(sum(seq_scan), 0)"
    " FROM pg_stat_xact_user_tables"
)


@pytest.fixture(scope="module", params=[0, 256], ids=["indexed", "looked through"])
def told(request, pattern, tmp_path_factory) -> Iterator[Atlas]:
    """The bank's open things and forty of its own, indexed or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shown, "FEW", request.param)
        atlas = open_atlas(pattern.copy(tmp_path_factory.mktemp("searched") / "state"))
        say(atlas, [link(name, "10.0.0.1", place=f"line {at}") for at, name in enumerate(OPEN)])
        closed = source("red.txt", RED)
        say(
            atlas,
            [link(name, "10.0.0.2", closed, f"line {at}") for at, name in enumerate(HIDDEN)],
            ["red.txt"],
        )
        yield atlas
    atlas.engine.dispose()
    atlas.vault.engine.dispose()


def found(atlas: Atlas, words: str) -> list[str]:
    reader = atlas.reader
    with reader.connect() as connection:
        numbers = lookup.holding(reader, connection, words, 100)
        named = reader.entities(connection, numbers)
    return sorted(named[number].value for number in numbers)


@pytest.mark.parametrize(
    "words",
    ["seen", "SEEN", "een.ex", "ex", "e", "%", "_", "a_b", "100%", "\\", "x\\y", "hidden", "10.0", "'"],
)
def test_a_search_finds_what_the_viewer_sees_and_holds_the_words(told: Atlas, words: str) -> None:
    low = words.lower()
    everything = [*OPEN, *HIDDEN, "10.0.0.1", "10.0.0.2"]
    assert found(told, words) == sorted(one for one in everything if low in one.lower())
    assert found(seen_by(told, "stranger"), words) == sorted(
        one for one in (*OPEN, "10.0.0.1") if low in one.lower()
    )


@pytest.mark.parametrize("words", ["hidden", "hidden1", "idd", "hi", "10.0.0.2"])
def test_what_is_hidden_and_fits_is_not_even_read(told: Atlas, words: str) -> None:
    """As many rows of all tables are read as for words of the same length that fit nothing."""
    reader = seen_by(told, "stranger").reader

    def rows_read(asked: str) -> tuple[int, int]:
        with reader.connect() as connection:
            reader.visible(connection)
            before = tuple(map(int, connection.exec_driver_sql(READ).one()))
            assert lookup.holding(reader, connection, asked, 100) == []
            rows, scans = map(int, connection.exec_driver_sql(READ).one())
            return rows - before[0], scans - before[1]

    assert rows_read(words) == rows_read("q" * len(words))


def hidden_markings(atlas: Atlas) -> list[int]:
    with atlas.reader.connect() as connection:
        all_of_it = set(atlas.reader.visible(connection))
    stranger = seen_by(atlas, "stranger").reader
    with stranger.connect() as connection:
        return sorted(all_of_it - set(stranger.visible(connection)))


def matches(connection: Connection, markings: str) -> list[int]:
    sql = f"SELECT searched_for({markings}, '%example%')"
    return list(connection.exec_driver_sql(sql.replace("%", "%%")).scalars().all())


def test_whoever_asks_for_another_marking_is_told_nothing(told: Atlas) -> None:
    asked = f"ARRAY[{','.join(map(str, hidden_markings(told)))}]::bigint[]"
    with told.reader.connect() as connection:
        assert len(matches(connection, asked)) == len(HIDDEN)
    with seen_by(told, "stranger").reader.connect() as connection:
        assert matches(connection, asked) == []
        assert matches(connection, "NULL") == []
        assert matches(connection, "ARRAY[NULL]::bigint[]") == []


def test_the_indexes_themselves_are_shut_to_the_reader(told: Atlas) -> None:
    with told.engine.connect() as connection:
        numbers = connection.exec_driver_sql("SELECT marking FROM searched").scalars().all()
    for number in numbers:
        with told.reader.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.exec_driver_sql(f"SELECT 1 FROM search_{number}")


def test_who_reads_while_something_is_erased_still_searches_what_they_see(
    pattern, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that is made anew would be empty to a reading that began before."""
    monkeypatch.setattr(shown, "FEW", 0)
    atlas = open_atlas(pattern.copy(tmp_path / "state"))
    said = say(atlas, [link(name, "10.0.0.1", place=f"line {at}") for at, name in enumerate(OPEN)])
    with atlas.reader.connect() as connection:
        before = lookup.holding(atlas.reader, connection, "seen", 100)
        with atlas.engine.execution_options(begin=Begin.APPEND).begin() as erasing:
            blank(erasing, said.seqs[:1])
        assert lookup.holding(atlas.reader, connection, "seen", 100) == before
    assert found(atlas, "seen") == sorted(OPEN[1:3])
    with atlas.engine.connect() as connection:
        (number,) = connection.exec_driver_sql("SELECT marking FROM searched").scalars().all()
        kept = connection.exec_driver_sql(f"SELECT value FROM search_{number}").scalars().all()
    assert OPEN[0] not in kept
    atlas.engine.dispose()
    atlas.vault.engine.dispose()


def test_a_database_of_before_is_searched_the_same_when_it_was_brought_on(
    pattern, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Version 0003 had one index for all, and no tables."""
    monkeypatch.setattr(shown, "FEW", 3)
    atlas = open_atlas(pattern.copy(tmp_path / "state"))
    say(atlas, [link(name, "10.0.0.1", place=f"line {at}") for at, name in enumerate(OPEN)])
    before = found(atlas, "seen")
    with atlas.engine.begin() as connection:
        for number in connection.exec_driver_sql("SELECT marking FROM searched").scalars().all():
            connection.exec_driver_sql(f"DROP TABLE search_{number}")
        for sql in (
            "DELETE FROM searched",
            "DROP FUNCTION searched_for",
            "CREATE INDEX entities_trigrams ON entities USING gin (value gin_trgm_ops)",
            "UPDATE alembic_version SET version_num = '0003'",
        ):
            connection.exec_driver_sql(sql)
    create(atlas.engine)
    assert before == found(atlas, "seen") == sorted(OPEN[:3])
    with atlas.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM searched").scalar_one() == 1
        names = connection.exec_driver_sql("SELECT indexname FROM pg_indexes WHERE tablename = 'entities'")
        assert "entities_trigrams" not in names.scalars().all()
    atlas.engine.dispose()
    atlas.vault.engine.dispose()
