from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.link.period import (
    CRIMINAL,
    HACKED,
    LEGITIMATE,
    REASONS,
    UNKNOWN,
    USES,
    Sighting,
    periods,
    told,
)
from chokepoint.model.said import Said

SITE, SHOP, GANG = 1, 2, 3


def good(*, day=UNKNOWN, until=UNKNOWN, origin=1, seq=10, character=LEGITIMATE):
    return Sighting(seq, SITE, character, origin, day, until, SHOP)


def bad(day=UNKNOWN, until=UNKNOWN, origin=2, seq=20):
    return Sighting(seq, SITE, CRIMINAL, origin, day, until, GANG)


def test_an_honest_site_that_criminals_used_years_later_lived_twice():
    first, second = periods([good(until=1000), bad(day=2000, until=2001)])
    assert (first.number, first.end, first.claims) == (1, 1000, (10,))
    assert (second.number, second.start, second.claims) == (2, 2000, (20,))
    assert "an organisation's own" in first.reason
    assert "in criminal use" in second.reason


def test_a_criminal_site_that_an_organisation_took_over_lived_twice_the_other_way_round():
    first, second = periods([good(day=3000), bad(day=1000, until=1001)])
    assert (first.claims, second.claims) == ((20,), (10,))
    assert first.start == UNKNOWN
    assert second.end == UNKNOWN


def test_evidence_that_overlaps_in_time_is_no_second_life():
    assert periods([good(day=1000, until=3000), bad(day=2000)]) == []


def test_one_character_alone_is_one_life():
    assert periods([good(until=10), good(day=5000, seq=11)]) == []
    assert periods([bad(day=10), bad(day=5000, seq=21)]) == []


def test_what_one_origin_says_of_both_is_its_own_affair():
    assert periods([good(until=1000, origin=2), bad(day=2000, origin=2)]) == []


def test_a_hacked_site_stays_its_owners():
    assert periods([good(until=1000), bad(day=2000), good(character=HACKED, seq=30, day=2000)]) == []


def test_a_campaign_known_for_lapsed_names_splits_undated_evidence():
    first, second = periods([good(), bad()], abusers={GANG})
    assert (first.claims, second.claims) == ((10,), (20,))
    assert "known to take over lapsed names" in first.reason


def test_an_undated_side_is_split_with_the_doubt_in_words():
    first, _ = periods([good(), bad(day=2000)])
    assert "undated" in first.reason
    assert "hacked or wrongly listed" in first.reason


evidence = st.lists(
    st.builds(
        Sighting,
        st.integers(1, 99),
        st.integers(1, 3),
        st.sampled_from((LEGITIMATE, CRIMINAL)),
        st.integers(1, 3),
        st.one_of(st.just(UNKNOWN), st.integers(0, 50)),
        st.one_of(st.just(UNKNOWN), st.integers(51, 99)),
        st.integers(4, 6),
    ),
    max_size=10,
)


@given(evidence, st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(given_evidence, random):
    mixed = random.sample(given_evidence, len(given_evidence))
    assert periods(mixed) == periods(given_evidence)


@given(evidence)
def test_lives_come_in_pairs_that_share_no_claim_of_one_row_and_follow_each_other(given_evidence):
    found = periods(given_evidence)
    for first, second in zip(found[::2], found[1::2], strict=True):
        assert (first.eid, first.number, second.eid, second.number) == (second.eid, 1, first.eid, 2)
        assert first.claims
        assert second.claims
        if UNKNOWN not in (first.end, second.start):
            assert first.end <= second.start


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("why", REASONS)
def test_a_reason_of_ours_is_known_again_in_its_two_parts(use, why):
    sentence = told(f"{use}; {why}")
    assert isinstance(sentence, Said)
    assert sentence == f"{use}; {why}"
    assert sentence.values == {"use": use, "why": why}


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param("", id="none"),
        pytest.param("in criminal use", id="half"),
        pytest.param("in criminal use; because I say so", id="ours and a stranger's"),
        pytest.param("x; the campaign is known to take over lapsed names", id="a stranger's and ours"),
        pytest.param("in criminal use; the campaign is known to take over lapsed names; <b>", id="more"),
    ],
)
def test_what_somebody_else_wrote_stays_their_words(reason):
    assert told(reason) == reason
    assert not isinstance(told(reason), Said)
