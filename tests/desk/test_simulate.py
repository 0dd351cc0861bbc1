"""Simulated members vote by what no grading says."""

from __future__ import annotations

import numpy as np
import pytest

from chokepoint.desk.simulate import casts, sample
from chokepoint.model.judgement import Vote
from chokepoint.store.base import UNKNOWN_DAY, LinkColumns

PROPERTIES = {1: "indicates", 2: "legitimate", 3: "listed-on"}
INDICATES, LEGITIMATE, LISTED = 1, 2, 3
MEMBERS = ("Bank", "Exchange", "NGO")


def columns(rows: list[tuple[int, int, int, int]]) -> LinkColumns:
    """Rows of (subject, property, object, origin), in ledger order from position 10."""
    table = np.array(rows, np.int64).reshape(-1, 4)
    size = len(table)
    return LinkColumns(
        seq=np.arange(10, 10 + size, dtype=np.int64),
        subject=table[:, 0],
        property=table[:, 1].astype(np.int16),
        object=table[:, 2],
        origin=table[:, 3].astype(np.int32),
        reliability=np.full(size, 5, np.int8),
        credibility=np.full(size, 6, np.int8),
        owner=np.ones(size, np.int32),
        start=np.full(size, UNKNOWN_DAY, np.int32),
        end=np.full(size, UNKNOWN_DAY, np.int32),
        assessment=np.zeros(size, np.bool_),
    )


def drawn(rows, *, listed=(), same=()):
    known = np.zeros(100, np.bool_)
    known[list(listed)] = True

    def cluster(eids):
        return np.array([dict(same).get(int(eid), int(eid)) for eid in eids], np.int64)

    return sample(columns(rows), PROPERTIES, cluster, known)


def test_the_same_sentence_from_two_origins_is_found_again() -> None:
    chosen = drawn([(1, INDICATES, 50, 7), (1, INDICATES, 50, 8), (2, INDICATES, 50, 7)])
    assert chosen.same_words == (10, 11)
    assert chosen.alone == (12,)


def test_thirty_echoes_of_one_origin_are_not_found_again() -> None:
    chosen = drawn([(1, INDICATES, 50, 7)] * 30)
    assert chosen.same_words == ()
    assert chosen.same_cluster == ()


def test_another_name_of_the_same_thing_counts_for_the_cluster_rule_only() -> None:
    chosen = drawn([(1, INDICATES, 50, 7), (1, INDICATES, 51, 8)], same={51: 50})
    assert chosen.same_words == ()
    assert chosen.same_cluster == (10, 11)


def test_what_another_origin_calls_legitimate_is_contradicted_not_confirmed() -> None:
    chosen = drawn([(1, INDICATES, 50, 7), (1, INDICATES, 50, 8), (1, LEGITIMATE, 60, 9)])
    assert chosen.contradicted == (10, 11)
    assert chosen.same_words == ()


def test_a_known_good_subject_is_disputed_and_never_confirmed() -> None:
    chosen = drawn([(1, INDICATES, 50, 7), (1, INDICATES, 50, 8)], listed=[1])
    assert chosen.listed == (10, 11)
    assert chosen.same_words == ()


def test_sentences_that_are_no_accusation_are_not_voted_on() -> None:
    chosen = drawn([(1, LISTED, 50, 7), (1, LISTED, 50, 8)])
    assert chosen == drawn([])


def test_an_empty_atlas_gives_no_votes() -> None:
    assert casts(drawn([]), lambda seqs: tuple(map(str, seqs)), MEMBERS) == []


def test_every_vote_has_a_reason_and_only_the_third_member_looks_at_lists() -> None:
    chosen = drawn([(1, INDICATES, 50, 7), (1, INDICATES, 50, 8), (2, INDICATES, 50, 7), (3, INDICATES, 50, 7)], listed=[3])
    made = casts(chosen, lambda seqs: tuple(map(str, seqs)), MEMBERS)
    assert {(cast.organisation, cast.vote) for cast in made} == {
        ("Bank", Vote.CONFIRM),
        ("Exchange", Vote.CONFIRM),
        ("NGO", Vote.DISPUTE),
        ("NGO", Vote.UNSURE),
    }
    assert all(cast.reason for cast in made)


@pytest.mark.parametrize("size", [1, 1_999, 2_001, 5_000])
def test_a_large_atlas_is_sampled_evenly_and_without_repeats(size: int) -> None:
    rows = [(i % 90, INDICATES, i, origin) for i in range(size // 2 + 1) for origin in (7, 8)][:size]
    chosen = drawn(rows)
    assert len(chosen.same_words) <= 2_000
    assert len(set(chosen.same_words)) == len(chosen.same_words)
