"""Votes, recalls, mates and contradictions against the same worked out from the records one by one."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from crowd import ENTITIES, MEMBERS, VIEWERS, Told, all_claims, as_viewer, opened
from store_world import capture, seen_by

from chokepoint.model.identity import Entity
from chokepoint.model.marking import Viewer, may_see
from chokepoint.store import judged
from chokepoint.store.base import RECALL, VOTE, day_number
from chokepoint.store.canonical import read_envelope
from chokepoint.store.judging import ANSWERS, FOREVER, VOTES
from chokepoint.store.versions import newest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.desk.atlas import Atlas

RULES = judged.Contradiction(
    against=frozenset({"description"}),
    of_subject=frozenset({"resolves-to"}),
    of_object=frozenset({"indicates"}),
)


@pytest.fixture(scope="module")
def crowd(crowded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    yield from opened(Path(shutil.copytree(crowded, tmp_path_factory.mktemp("crowd") / "atlas")))


@pytest.fixture(params=VIEWERS, ids=[name or "the public" for name in VIEWERS])
def told(crowd: Atlas, request: pytest.FixtureRequest) -> Iterator[Told]:
    yield from as_viewer(crowd, request.param)


class Word(NamedTuple):
    """A vote or a recall as its record says it."""

    position: int
    organisation: str
    said: dict[str, Any]


def words(told: Told, kind: str) -> list[Word]:
    """All that the viewer may see of a kind, in ledger order."""
    found = []
    for position, _, body in told.reader.records(told.connection, kind):
        envelope = read_envelope(body)
        found.append(Word(position, envelope.organisation, newest(envelope.kind, envelope.payload)))
    return found


def rows(told: Told, votes: judged.Votes) -> list[tuple[object, ...]]:
    names = told.reader.organisations(told.connection)
    columns = [column.tolist() for column in votes]
    columns[1] = [names[number] for number in columns[1]]
    return [tuple(row) for row in zip(*columns, strict=True)]


def expected(told: Told, only: set[int] | None = None) -> list[tuple[object, ...]]:
    at = {one.id: one.seq for one in told.claims if only is None or one.seq in only}
    return [
        (at[name], *_answers(word))
        for word in words(told, VOTE)
        for name in word.said["claims"]
        if name in at
    ]


def _answers(word: Word) -> tuple[object, ...]:
    said, until = word.said, day_number(word.said["until"])
    return (
        word.organisation,
        VOTES[said["vote"]],
        bool(said.get("simulated")),
        ANSWERS[said["crime"]],
        ANSWERS[said["disclose"]],
        FOREVER if until is None else until,
        word.position,
        bool(said.get("despite")),
    )


def test_the_crowd_has_votes_of_every_kind(told: Told) -> None:
    if not told.reader.viewer.organisation:
        return
    seen = expected(told)
    assert {row[2] for row in seen} == {1, -1, 0}
    assert {row[4] for row in seen} == {1, -1, 0, 2}
    assert {row[3] for row in seen} == {row[8] for row in seen} == {True, False}


def test_votes_are_read_with_all_their_answers_in_ledger_order(told: Told) -> None:
    votes = judged.read_votes(told.reader, told.connection)
    assert sorted(rows(told, votes)) == sorted(expected(told))
    assert votes.position.tolist() == sorted(votes.position.tolist())


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_votes_on_some_claims_are_those_votes_and_no_others(told: Told, step: int) -> None:
    some = {one.seq for one in told.claims[::step]}
    votes = judged.read_votes(told.reader, told.connection, some)
    assert sorted(rows(told, votes)) == sorted(expected(told, some))


def test_votes_on_nothing_are_none(told: Told) -> None:
    assert len(judged.read_votes(told.reader, told.connection, []).claim) == 0
    assert len(judged.read_votes(told.reader, told.connection, [10_000_000]).claim) == 0


def test_a_vote_on_what_is_hidden_is_not_read(told: Told, crowd: Atlas) -> None:
    mine = {one.seq for one in told.claims}
    hidden = {one.seq for one in all_claims(crowd)} - mine
    assert hidden
    assert len(judged.read_votes(told.reader, told.connection, hidden).claim) == 0


def test_recalled_are_ones_own_claims_by_a_visible_word(told: Told) -> None:
    owner = {one.id: (one.seq, one.contributor) for one in told.claims}
    wanted = {
        owner[name][0]
        for word in words(told, RECALL)
        for name in word.said["claims"]
        if name in owner and owner[name][1] == word.organisation
    }
    found = judged.recalled(told.reader, told.connection).tolist()
    assert found == sorted(found)
    assert set(found) & {one.seq for one in told.claims} == wanted


def test_mates_say_something_of_the_same_subject_under_the_same_property(told: Told) -> None:
    def key(one: Any) -> tuple[object, ...]:
        claim = one.claim
        return claim.subject, claim.property, claim.object if isinstance(claim.object, Entity) else None

    by_key = defaultdict(list)
    for one in told.claims:
        by_key[key(one)].append(one.seq)
    for one in told.claims:
        assert judged.mates(told.reader, told.connection, [one.seq]) == by_key[key(one)]
    some = told.claims[::9]
    wanted = sorted({seq for one in some for seq in by_key[key(one)]})
    assert judged.mates(told.reader, told.connection, [one.seq for one in some]) == wanted


def test_mates_of_nothing_are_none(told: Told) -> None:
    assert judged.mates(told.reader, told.connection, []) == []


def contradictions(told: Told) -> dict[int, int]:
    newest_word = {one.claim.subject: one.seq for one in told.claims if one.claim.property in RULES.against}
    found = {}
    for one in told.claims:
        claim = one.claim
        if claim.property in RULES.of_subject and claim.subject in newest_word:
            found[one.seq] = newest_word[claim.subject]
        if claim.property in RULES.of_object and claim.object in newest_word:
            found[one.seq] = newest_word[claim.object]  # type: ignore[index]
    return found


def test_a_claim_is_contradicted_by_the_newest_word_against_its_end(told: Told) -> None:
    wanted = contradictions(told)
    assert wanted or not told.reader.viewer.organisation
    assert judged.contradicted(told.reader, told.connection, RULES) == wanted


@pytest.mark.parametrize("step", [1, 2, 7])
def test_asking_of_some_claims_gives_the_same_as_asking_of_all(told: Told, step: int) -> None:
    some = {one.seq for one in told.claims[::step]}
    found = judged.contradicted(told.reader, told.connection, RULES, some)
    assert found == {seq: word for seq, word in contradictions(told).items() if seq in some}


@pytest.mark.parametrize("empty", ["against", "of_subject", "of_object"])
def test_rules_that_name_nothing_contradict_nothing_there(told: Told, empty: str) -> None:
    rules = RULES._replace(**{empty: frozenset({"never-said"})})
    found = judged.contradicted(told.reader, told.connection, rules)
    about = {one.seq: one.claim.property for one in told.claims}
    assert all(about[seq] not in RULES._asdict()[empty] for seq in found) or empty == "against"
    if empty == "against":
        assert found == {}


@pytest.mark.parametrize("length", [6, 20, 64])
def test_the_claims_of_a_capture_are_found_by_the_beginning_of_its_hash(told: Told, length: int) -> None:
    for number in range(6):
        sha256 = capture(f"file{number}.txt").sha256
        wanted = [one.seq for one in told.claims if one.claim.provenance.capture == sha256]
        assert judged.in_capture(told.reader, told.connection, sha256[:length]) == wanted


@pytest.mark.parametrize("beginning", ["", "abcde", "x" * 6, "a" * 65, "ABCDEF", "%%%%%%", "abcde "])
def test_what_is_no_beginning_of_a_hash_finds_no_claims(told: Told, beginning: str) -> None:
    assert judged.in_capture(told.reader, told.connection, beginning) == []


def test_what_one_sees_is_what_may_be_seen_by_the_markings(crowd: Atlas) -> None:
    for member in (*MEMBERS, ""):
        for told in as_viewer(crowd, member):
            wanted = [
                one.seq
                for one in all_claims(crowd)
                if may_see(Viewer(organisation=member), one.claim.provenance.marking, one.contributor)
            ]
            assert [one.seq for one in told.claims] == wanted


def test_bodies_are_told_in_ledger_order_whatever_the_order_asked(told: Told) -> None:
    positions = [word.position for word in words(told, VOTE)]
    found = list(judged.bodies(told.connection, reversed(positions)))
    assert [position for position, _, _ in found] == positions
    assert all(said["vote"] in VOTES for _, _, said in found)


def test_every_entity_of_the_crowd_is_somebodys(crowd: Atlas) -> None:
    named = {one.claim.subject for one in all_claims(crowd)}
    assert named == set(ENTITIES) & named
    with seen_by(crowd, "bank").reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM claims").scalar_one() == 160
