"""What each marking shows, and the search in it, against the same worked out from all claims."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_world import RED, ids_of, link, said_to, say, seen_by, source

from chokepoint.desk.handing.remark import remark
from chokepoint.model.claim import Claim
from chokepoint.model.marking import Marking, Tlp
from chokepoint.store import lookup, shown
from chokepoint.store.erasing import blank
from chokepoint.store.shown import Entered, _any_of, _runs, rebuild
from searching import trigrams

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas

GREEN, AMBER = Marking(tlp=Tlp.GREEN), Marking(tlp=Tlp.AMBER)
NAMES = (
    "evil.example",
    "devilish.example",
    "evil-twin.example",
    "อีวิล.example",
    "100%.example",
    "a_b.example",
    "x\\y.example",
)
WORDS = (
    "evil",
    "EVIL",
    "vil.e",
    "le",
    "a",
    "อีว",
    "100%",
    "%",
    "_",
    "a_b",
    "x\\y",
    "\\",
    "nothing here",
    "example",
    "'",
    '"',
)


@pytest.fixture(autouse=True, params=[0, 256], ids=["indexed", "looked through"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Both ways of searching, for the same tests."""
    monkeypatch.setattr(shown, "FEW", request.param)
    return int(request.param)


def told(atlas: Atlas) -> None:
    """The same things under three markings, and some under one of them alone."""
    say(atlas, [link(name, "10.0.0.1", place=f"line {at}") for at, name in enumerate(NAMES[:4])])
    for number, marking in enumerate((GREEN, RED)):
        path = f"{number}.txt"
        rows = [
            link(name, "10.0.0.2", source(path, marking), f"line {at}") for at, name in enumerate(NAMES[2:])
        ]
        say(atlas, rows, [path])


def noted(atlas: Atlas) -> dict[int, set[int]]:
    with atlas.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT marking, eid FROM shown").all()
    found: dict[int, set[int]] = {}
    for marking, eid in rows:
        found.setdefault(int(marking), set()).add(int(eid))
    return found


def worked_out(atlas: Atlas) -> dict[int, set[int]]:
    with atlas.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT p.marking, c.subject, c.object FROM claims c JOIN provenances p ON p.number = c.provenance"
        ).all()
    found: dict[int, set[int]] = {}
    for marking, *ends in rows:
        found.setdefault(int(marking), set()).update(int(end) for end in ends if end is not None)
    return found


def tables(connection: Connection) -> dict[int, dict[int, str]]:
    """By marking what PostgreSQL's index of it holds."""
    numbers = connection.exec_driver_sql("SELECT marking FROM searched").scalars().all()
    return {
        int(number): {
            int(eid): str(value)
            for eid, value in connection.exec_driver_sql(f"SELECT eid, value FROM search_{number}")
        }
        for number in numbers
    }


def holds(atlas: Atlas) -> None:
    """The tables say what the claims do, and each index has the trigrams of what its marking shows."""
    assert noted(atlas) == worked_out(atlas)
    with atlas.engine.connect() as connection:
        values = {
            int(eid): str(value)
            for eid, value in connection.exec_driver_sql("SELECT eid, value FROM entities")
        }
        if atlas.engine.dialect.name != "sqlite":
            kept = tables(connection)
            assert kept == {
                marking: {eid: values[eid] for eid in eids}
                for marking, eids in noted(atlas).items()
                if marking in kept or len(eids) > shown.FEW
            }
            return
        for marking, under in trigrams(connection).items():
            wanted: dict[str, set[int]] = {}
            for eid in noted(atlas).get(marking, ()):
                word = values[eid].casefold()
                for at in range(len(word) - 2):
                    wanted.setdefault(word[at : at + 3], set()).add(eid)
            assert under == wanted


def test_each_marking_shows_what_its_claims_name_on_every_engine(anywhere) -> None:
    atlas = anywhere()
    told(atlas)
    holds(atlas)
    assert len(noted(atlas)) == 3


def test_a_claim_marked_anew_is_shown_there_and_no_more_where_it_was(anywhere) -> None:
    one = anywhere()
    told(one)
    before = noted(one)
    moved = [claim.id for claim in claims_of(one) if claim.claim.subject.value == NAMES[0]]
    remark(one, moved, AMBER, reason="closed now")
    holds(one)
    assert noted(one) != before
    assert NAMES[0] not in {claim.subject.value for claim in said_to(seen_by(one, "x"))}
    assert found(seen_by(one, "x"), NAMES[0]) == []
    assert found(one, NAMES[0]) == [NAMES[0]]


def test_a_thing_that_another_claim_still_names_stays_shown(atlas) -> None:
    one = atlas()
    told(one)
    say(one, [Claim(link(NAMES[0], "10.0.0.1").subject, "label", "phishing", "line 9", source())])
    moved = [claim.id for claim in claims_of(one) if claim.claim.property == "resolves-to"][:1]
    remark(one, moved, AMBER, reason="closed now")
    holds(one)
    assert found(seen_by(one, "x"), NAMES[0]) == [NAMES[0]]


def test_what_is_erased_is_shown_nowhere_and_leaves_no_trigram(anywhere) -> None:
    one = anywhere()
    told(one)
    seqs = [claim.seq for claim in claims_of(one) if claim.claim.subject.value == NAMES[3]]
    with one.engine.execution_options(begin="IMMEDIATE").begin() as connection:
        blank(connection, seqs)
    holds(one)
    if one.engine.dialect.name != "sqlite":
        return
    with one.engine.connect() as connection:
        assert not [under for under in trigrams(connection).values() if "อีว" in under]


def test_said_again_after_it_left_it_is_shown_again(anywhere) -> None:
    """The appender remembers what it entered, and forgets it when something leaves."""
    one = anywhere()
    told(one)
    remark(
        one,
        [claim.id for claim in claims_of(one) if claim.claim.subject.value == NAMES[0]],
        AMBER,
        reason="x",
    )
    say(one, [link(NAMES[0], "10.0.0.9", place="line 50")])
    holds(one)
    assert found(seen_by(one, "x"), NAMES[0]) == [NAMES[0]]


def test_indexes_that_are_made_anew_hold_the_same(atlas) -> None:
    one = atlas()
    told(one)
    with one.engine.execution_options(begin="IMMEDIATE").begin() as connection:
        before = trigrams(connection)
        for number in before:
            connection.exec_driver_sql(f"DROP TABLE search_{number}")
        rebuild(connection)
        assert trigrams(connection) == before


def test_a_marking_has_an_index_once_it_shows_many(atlas, few: int) -> None:
    """Thousands of markings of a few things each must not be thousands of tables."""
    one = atlas()
    names = iter(range(10_000))

    def tell(count: int) -> list[int]:
        say(one, [link(f"evil{next(names)}.example", "10.0.0.1", place=f"line {at}") for at in range(count)])
        with one.engine.connect() as connection:
            return sorted(trigrams(connection))

    assert tell(1) == ([1] if few < 2 else [])
    assert tell(254) == ([1] if few < 256 else [])
    assert tell(1) == [1]
    holds(one)
    assert found(one, "evil25") == [f"evil{n}.example" for n in (25, *range(250, 256))]
    assert found(one, "evil") == sorted(found(one, "evil"), key=lambda name: (len(name), name))


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("who", ["bank", "police", "x"])
def test_a_search_finds_what_its_viewer_is_told_and_nothing_else(lasting: Atlas, who: str, word: str) -> None:
    if not ids_of(lasting):
        told(lasting)
    atlas = seen_by(lasting, who)
    things = {
        end for claim in said_to(atlas) for end in (claim.subject, claim.object) if not isinstance(end, str)
    }
    wanted = sorted(
        {thing.value for thing in things if word.lower() in thing.value.lower()},
        key=lambda one: (len(one), one),
    )
    assert found(atlas, word) == wanted


def claims_of(atlas: Atlas) -> list:
    with atlas.reader.connect() as connection:
        return list(atlas.reader.claims(connection, range(1, 60)))


def found(atlas: Atlas, word: str) -> list[str]:
    reader = atlas.reader
    with reader.connect() as connection:
        eids = lookup.holding(reader, connection, word, 100)
        entities = reader.entities(connection, eids)
    return [entities[eid].value for eid in eids]


@pytest.mark.parametrize(
    ("numbers", "runs"),
    [
        pytest.param([], [], id="none"),
        pytest.param([7], [(7, 7)], id="one"),
        pytest.param([3, 4, 5], [(3, 5)], id="one run"),
        pytest.param([1, 3, 4, 9], [(1, 1), (3, 4), (9, 9)], id="several"),
    ],
)
def test_numbers_that_follow_each_other_are_one_run(numbers: list[int], runs: list[tuple[int, int]]) -> None:
    assert _runs(np.array(numbers, np.int64)) == runs


asked = st.lists(
    st.tuples(st.integers(1, 3), st.lists(st.integers(0, 40) | st.integers(0, 5_000), max_size=8)),
    max_size=12,
)


@given(asked)
def test_each_number_is_fresh_once_under_each_marking_and_none_never(
    calls: list[tuple[int, list[int]]],
) -> None:
    known, told = Entered(), dict[int, set[int]]()
    for marking, numbers in calls:
        before = told.setdefault(marking, set())
        fresh = known.fresh(marking, np.array(numbers, np.int64)).tolist()
        assert fresh == sorted(set(numbers) - before - {0})
        before.update(fresh)


def test_what_is_forgotten_is_fresh_again(few: int) -> None:
    known, one = Entered(), np.array([few + 1], np.int64)
    assert known.fresh(1, one).tolist() == [few + 1]
    assert known.fresh(1, one).tolist() == []
    known.forget()
    assert known.fresh(1, one).tolist() == [few + 1]


def test_many_markings_are_remembered_only_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgetting costs a question more, never an entry: 40 markings that each show the 1,000th entity."""
    monkeypatch.setattr(shown, "REMEMBERED", 10_000)
    known, one = Entered(), np.array([1_000], np.int64)
    assert all(known.fresh(marking, one).tolist() == [1_000] for marking in range(40))
    held = sum(known.fresh(marking, one).tolist() == [] for marking in reversed(range(40)))
    assert 5 <= held <= 15


def test_things_that_were_forgotten_are_entered_no_second_time(
    atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "REMEMBERED", 0)
    one = atlas()
    told(one)
    for number, marking in enumerate((GREEN, RED)):
        path = f"again {number}.txt"
        say(one, [link(NAMES[2], "10.0.0.9", source(path, marking), "line 1")], [path])
    holds(one)


@pytest.mark.parametrize("count", [1, 400, 401, 1200])
def test_however_many_markings_are_searched_it_is_one_query(count: int) -> None:
    """SQLite takes no more than 500 parts in a row."""
    connection = sqlite3.connect(":memory:")
    sql = _any_of([f"SELECT {number}" for number in range(count)])
    assert sorted(row[0] for row in connection.execute(sql)) == list(range(count))
    connection.close()


def test_a_viewer_without_any_marking_finds_nothing() -> None:
    connection = sqlite3.connect(":memory:")
    assert connection.execute(f"SELECT 1 WHERE 5 IN ({_any_of([])})").fetchall() == []
    connection.close()
