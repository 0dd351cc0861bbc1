"""Simulated members vote by what no grading says."""

from __future__ import annotations

import numpy as np
import pytest

from chokepoint.desk.vetting.simulate import Bench, casts, sample
from chokepoint.model.judgement import Vote
from chokepoint.store.base import UNKNOWN_DAY, LinkColumns

PROPERTIES = {1: "indicates", 2: "legitimate", 3: "listed-on", 4: "requests-payment-to"}
INDICATES, LEGITIMATE, LISTED, PAYS = 1, 2, 3, 4
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


def drawn(rows, *, listed=()):
    known = np.zeros(10_000, np.bool_)
    known[list(listed)] = True
    return sample(columns(rows), PROPERTIES, known)


def bench(reread=tuple):
    return Bench(members=MEMBERS, ids=lambda seqs: tuple(map(str, seqs)), reread=reread)


def test_an_identifier_accused_by_two_origins_is_found_again() -> None:
    chosen = drawn([(1, INDICATES, 50, 7), (1, INDICATES, 51, 8), (2, INDICATES, 50, 7)])
    assert chosen.again == (10, 11)
    assert chosen.alone == (12,)


def test_thirty_echoes_of_one_origin_are_not_found_again() -> None:
    assert drawn([(1, INDICATES, 50, 7)] * 30).again == ()


def test_a_wallet_that_two_origins_name_is_found_again_whoever_asks_for_the_money() -> None:
    chosen = drawn([(1, PAYS, 50, 7), (2, PAYS, 50, 8), (3, PAYS, 51, 8)])
    assert chosen.again == (10, 11)


def test_what_another_source_calls_legitimate_is_contradicted_not_confirmed() -> None:
    chosen = drawn([(1, INDICATES, 50, 7), (1, INDICATES, 50, 8), (1, LEGITIMATE, 60, 9)])
    assert chosen.contradicted == (10, 11)
    assert chosen.again == ()


def test_a_known_good_identifier_is_disputed_and_never_confirmed() -> None:
    chosen = drawn([(1, INDICATES, 50, 7), (1, INDICATES, 50, 8)], listed=[1])
    assert chosen.listed == (10, 11)
    assert chosen.again == ()


def test_sentences_that_are_no_accusation_are_not_voted_on() -> None:
    assert drawn([(1, LISTED, 50, 7), (1, LISTED, 50, 8)]) == drawn([])


def test_an_empty_atlas_gives_no_votes() -> None:
    assert casts(drawn([]), bench()) == []


def test_what_is_not_found_in_its_capture_gets_one_confirmation_only() -> None:
    chosen = drawn([(1, INDICATES, 50, 7), (1, INDICATES, 50, 8)])
    made = casts(chosen, bench(reread=lambda seqs: tuple(seqs)[:1]))
    by_member = {cast.organisation: cast.claims for cast in made}
    assert by_member == {"Bank": ("10", "11"), "Exchange": ("10",)}


def test_every_vote_has_a_reason_and_only_the_third_member_looks_at_lists() -> None:
    chosen = drawn(
        [(1, INDICATES, 50, 7), (1, INDICATES, 50, 8), (2, INDICATES, 50, 7), (3, INDICATES, 50, 7)],
        listed=[3],
    )
    made = casts(chosen, bench())
    assert {(cast.organisation, cast.vote) for cast in made} == {
        ("Bank", Vote.CONFIRM),
        ("Exchange", Vote.CONFIRM),
        ("NGO", Vote.DISPUTE),
        ("NGO", Vote.UNSURE),
    }
    assert all(cast.reason for cast in made)


@pytest.mark.parametrize("size", [1, 3_999, 4_001, 9_000])
def test_a_large_atlas_is_sampled_by_whole_identifiers_and_without_repeats(size: int) -> None:
    rows = [(i // 2, INDICATES, 5_000, 7 + i % 2) for i in range(size)]
    chosen = drawn(rows)
    assert len(chosen.again) <= 4_000
    assert len(set(chosen.again)) == len(chosen.again)
    assert len(chosen.again) % 2 == 0
    assert size < 2 or chosen.again
