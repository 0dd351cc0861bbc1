"""What is asked before votes are written, against the same worked out from all claims one by one."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from crowd import all_claims, opened
from sqlalchemy import event
from store_world import capture, ids_of, link, rows_of, say, seen_by, source

from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity
from chokepoint.store.ballots import MIRRORED, TEXT, About, Voted, contributions, places, voted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.base import StoredClaim


@pytest.fixture(scope="module")
def crowd(crowded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    yield from opened(Path(shutil.copytree(crowded, tmp_path_factory.mktemp("crowd") / "atlas")))


def asked(connection: Connection, names: list[str]) -> dict[str, Voted]:
    return voted(connection, places(connection, names))


def is_about(one: StoredClaim, other: StoredClaim) -> bool:
    """The law in words: one subject and property, and one object, or texts on both sides."""
    mine, theirs = one.claim, other.claim
    texts = isinstance(mine.object, str) and isinstance(theirs.object, str)
    return (mine.subject, mine.property) == (theirs.subject, theirs.property) and (
        texts or mine.object == theirs.object
    )


def test_every_claim_is_known_with_its_marking_and_contributor(crowd: Atlas) -> None:
    claims = all_claims(crowd)
    with crowd.engine.connect() as connection:
        found = asked(connection, [one.id for one in claims])
    assert {name: (one.seq, one.contributor, one.closed) for name, one in found.items()} == {
        one.id: (one.seq, one.contributor, one.claim.provenance.marking) for one in claims
    }


def test_what_is_nowhere_is_looked_up_all_the_same(crowd: Atlas) -> None:
    claims = all_claims(crowd)[:3]
    said: list[tuple[str, int]] = []
    with crowd.engine.connect() as connection:
        there = places(connection, [one.id for one in claims])
        event.listen(connection, "before_cursor_execute", lambda *a: said.append((a[2], len(a[3]))))
        assert len(voted(connection, there)) == 3
        assert voted(connection, {}, absent=3) == {}
        assert len(voted(connection, dict(list(there.items())[:1]), absent=2)) == 1
    assert len(said) == 3
    assert len(set(said)) == 1


def test_claims_about_the_same_are_found_whoever_may_see_them(crowd: Atlas) -> None:
    claims = all_claims(crowd)
    with crowd.engine.connect() as connection:
        found = asked(connection, [one.id for one in claims])
        said = contributions(connection, found.values())
    for one in claims:
        wanted = [(other.seq, other.contributor) for other in claims if is_about(one, other)]
        assert sorted(row[:2] for row in said[found[one.id].about]) == wanted
    assert any(len(one) > 1 for one in said.values()), "or it shows nothing"


def test_asked_of_one_claim_it_is_as_asked_of_all(crowd: Atlas) -> None:
    claims = all_claims(crowd)
    with crowd.engine.connect() as connection:
        whole = contributions(connection, asked(connection, [one.id for one in claims]).values())
        for one in claims[::7]:
            (alone,) = asked(connection, [one.id]).values()
            assert {key: sorted(rows) for key, rows in contributions(connection, [alone]).items()} == {
                alone.about: sorted(whole[alone.about])
            }


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="empty"),
        pytest.param("f" * 64, id="of no record"),
        pytest.param("f" * 63, id="one digit short"),
        pytest.param("F" * 64, id="in capitals"),
        pytest.param("g" * 64, id="no digits"),
        pytest.param("٣" * 64, id="digits of another script"),
        pytest.param("1' OR 1=1 --".ljust(64), id="a statement"),
    ],
)
def test_what_names_no_record_is_passed_over(crowd: Atlas, name: str) -> None:
    known = all_claims(crowd)[0].id
    with crowd.engine.connect() as connection:
        assert places(connection, [name]) == {}
        assert list(asked(connection, [name, known])) == [known]


def test_a_record_that_is_no_claim_is_not_voted_on(crowd: Atlas) -> None:
    with crowd.engine.connect() as connection:
        (name,) = connection.exec_driver_sql("SELECT id FROM records WHERE seq = 1").scalars()
        found = places(connection, [name.hex()])
        assert list(found.values()) == [1]
        assert voted(connection, found) == {}


def test_of_nothing_nothing_is_asked(crowd: Atlas) -> None:
    with crowd.engine.connect() as connection:
        said: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *a: said.append(a[2]))
        assert (asked(connection, []), contributions(connection, [])) == ({}, {})
    assert said == []


A, B = Entity("domain-name", "a.com"), Entity("domain-name", "b.com")


def both_ways(atlas: Atlas, name: str) -> tuple[Voted, set[int]]:
    """The bank says it of a and b, the police of b and a; the bank's claim, and positions about the same."""
    police = seen_by(atlas, "police")
    say(atlas, [Claim(A, name, B, "line 1", source())])
    said = [Claim(B, name, A, "line 1", source("p.txt"))]
    police.ledger.append_claims(
        police.speaker(), [(capture("p.txt", "police"), said[0].provenance.marking)], rows_of(police, said)
    )
    with atlas.engine.connect() as connection:
        found = asked(connection, ids_of(atlas))
        mine = next(one for one in found.values() if one.contributor == "bank")
        return mine, {row.seq for row in contributions(connection, [mine])[mine.about]}


@pytest.mark.parametrize("name", MIRRORED)
def test_what_holds_both_ways_is_said_by_who_says_it_the_other_way_round(fresh_atlas, name: str) -> None:
    mine, seqs = both_ways(fresh_atlas(), name)
    assert mine.mirrored
    assert len(seqs) == 2


@pytest.mark.parametrize("name", ["resolves-to", "indicates"])
def test_what_holds_one_way_is_not(fresh_atlas, name: str) -> None:
    mine, seqs = both_ways(fresh_atlas(), name)
    assert not mine.mirrored
    assert seqs == {mine.seq}


def test_each_engine_gives_links_and_texts_alike(anywhere) -> None:
    """A text's object is no number; PostgreSQL would take a column of nothing but NULL for text."""
    one = anywhere()
    texts = [Claim(A, "alias", word, f"line {word}", source()) for word in ("x", "y")]
    say(one, [*texts, link("a.com", "1.1.1.1"), Claim(A, "related-to", B, "line 9", source())])
    with one.engine.connect() as connection:
        found = asked(connection, ids_of(one))
        said = contributions(connection, found.values())
        assert sorted(map(len, said.values())) == [1, 1, 2]
        only = [row for row in found.values() if row.about.thing == TEXT]
        assert {len(rows) for rows in contributions(connection, only).values()} == {2}


def test_texts_about_one_thing_are_read_once_however_many_are_voted_on(fresh_atlas) -> None:
    """A vote on a capture of 900 aliases must not read 900 times 900 rows while all others wait."""
    one = fresh_atlas()
    say(one, [Claim(A, "alias", f"alias {n}", f"line {n}", source()) for n in range(900)])
    with one.engine.connect() as connection:
        found = asked(connection, ids_of(one))
        said = contributions(connection, found.values())
    assert len(found) == 900
    assert Counter(map(len, said.values())) == Counter([900])
    assert {row.about for row in found.values()} == set(said)
    assert all(isinstance(key, About) for key in said)


@pytest.mark.parametrize("count", [1, 16, 400, 900], ids=lambda count: f"{count} claims")
def test_however_many_are_voted_on_no_other_claims_are_looked_through(fresh_atlas, count: int) -> None:
    """A planner that takes many values for a large table would rather read all claims of the atlas."""
    one = fresh_atlas()
    say(one, [link(f"{n}.com", "1.1.1.1", place=f"line {n}") for n in range(count)])
    with one.engine.connect() as connection:
        found = asked(connection, ids_of(one))
        said: list[tuple[str, tuple[int, ...]]] = []
        event.listen(connection, "before_cursor_execute", lambda *a: said.append((a[2], a[3])))
        contributions(connection, found.values())
        asked_then = tuple(said)
        for sql, given in asked_then:
            plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
            assert [step for step in plan if step.startswith("SCAN")][1:] == ["SCAN w"]
            assert any("claims_subject" in step for step in plan)
    assert asked_then
