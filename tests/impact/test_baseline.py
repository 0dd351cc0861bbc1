"""Before and after an action: what is counted, what it is compared with, and when nothing is known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.graph.columns import UNKNOWN
from chokepoint.impact.baseline import FEWEST, Baseline, measure

DAY, DAYS = 1000, 30
SITE, WALLET = 0, 1
"""Kinds of things."""


def chart(kinds, links):
    """A map as far as it is read here: things 10, 11, … of some kinds; links with their claims' days.

    Args:
        kinds: of the things, in order.
        links: subject and object by place among the things, and the (start, end) of each claim.
    """
    claims = [span for *_, spans in links for span in spans]
    pointer = np.cumsum([0, *(len(spans) for *_, spans in links)])
    return SimpleNamespace(
        kind=np.array(kinds, np.int16),
        size=len(kinds),
        subject=np.array([one for one, _, _ in links], np.int32),
        object=np.array([other for _, other, _ in links], np.int32),
        claim_pointer=pointer.astype(np.int64),
        claim_start=np.array([start for start, _ in claims], np.int32),
        claim_end=np.array([end for _, end in claims], np.int32),
        index=lambda eids: np.array([eid - 10 for eid in eids if 10 <= eid < 10 + len(kinds)], np.int64),
    )


def measured(links, targets=(10,), kinds=(SITE, WALLET, SITE, WALLET)):
    world = chart(kinds, links)
    return measure((world, world), np.array(targets, np.int64), day=DAY, days=DAYS)


def seen_on(*days):
    return [(day, day + 1) for day in days]


# --- the windows ---


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        pytest.param(DAY - DAYS - 1, 0, 0, id="a day too early"),
        pytest.param(DAY - DAYS, 1, 0, id="the first day before"),
        pytest.param(DAY - 1, 1, 0, id="the last day before"),
        pytest.param(DAY, 0, 1, id="the day of the action is after it"),
        pytest.param(DAY + DAYS - 1, 0, 1, id="the last day after"),
        pytest.param(DAY + DAYS, 0, 0, id="a day too late"),
    ],
)
def test_both_windows_are_as_long_and_the_day_of_the_action_begins_the_second(day, before, after):
    found = measured([(0, 1, seen_on(day))])
    assert (found.before, found.after) == (before, after)


@pytest.mark.parametrize(
    ("span", "before", "after"),
    [
        pytest.param((DAY - 5, DAY + 5), 1, 1, id="over the action"),
        pytest.param((0, 5000), 1, 1, id="over both windows"),
        pytest.param((DAY - 5, DAY), 1, 0, id="up to the action, half-open"),
        pytest.param((UNKNOWN, DAY), 1, 0, id="a last day alone is that day"),
        pytest.param((UNKNOWN, DAY + 1), 0, 1, id="a last day alone, after"),
        pytest.param((DAY, UNKNOWN), 0, 1, id="a first day alone is that day and no other"),
        pytest.param((DAY - 1, UNKNOWN), 1, 0, id="a first day alone, before"),
        pytest.param((UNKNOWN, UNKNOWN), 0, 0, id="no day is no sighting"),
        pytest.param((DAY + 5, DAY + 5), 0, 0, id="an empty interval is none"),
        pytest.param((DAY + 5, DAY), 0, 0, id="one that runs backwards is none"),
    ],
)
def test_a_claim_is_seen_in_each_window_that_its_days_reach(span, before, after):
    found = measured([(0, 1, [span])])
    assert (found.before, found.after) == (before, after)


def test_a_link_is_one_sighting_however_many_claims_say_so():
    assert measured([(0, 1, seen_on(DAY - 3, DAY - 2, DAY - 1))]).before == 1


def test_a_target_counts_at_either_end():
    assert measured([(0, 1, seen_on(DAY)), (1, 0, seen_on(DAY)), (2, 3, seen_on(DAY))]).after == 2


def test_a_target_that_the_map_does_not_hold_was_never_seen():
    found = measured([(0, 1, seen_on(DAY))], targets=(99,))
    assert (found.before, found.after, found.back) == (0, 0, None)


def test_each_window_is_read_from_its_own_map():
    """What was recorded only after the action tells nothing of what was known before it."""
    old, new = chart((SITE, WALLET), [(0, 1, [])]), chart((SITE, WALLET), [(0, 1, seen_on(DAY - 1, DAY))])
    found = measure((old, new), np.array([10]), day=DAY, days=DAYS)
    assert (found.before, found.after) == (0, 1)


# --- the others ---


def test_others_are_of_the_same_kind_and_touch_no_target():
    links = [
        (0, 1, seen_on(DAY - 1)),  # the target's own
        (2, 3, seen_on(DAY - 1, DAY)),  # another site and its wallet
        (2, 1, seen_on(DAY - 1)),  # another site at a wallet that the target touches
        (3, 2, seen_on(DAY - 1)),  # begins at a wallet, which is no thing of the target's kind
    ]
    found = measured(links)
    assert (found.others_before, found.others_after) == (1, 1)


@pytest.mark.parametrize("seen", range(FEWEST + 2))
def test_what_would_have_been_seen_anyway_is_unknown_from_too_few_others(seen):
    found = Baseline(before=10, after=0, others_before=seen, others_after=5, back=None)
    assert (found.expected is None) is (seen < FEWEST)


@pytest.mark.parametrize(
    ("before", "others", "expected"),
    [
        pytest.param(10, (20, 10), 5.0, id="others halved"),
        pytest.param(10, (20, 20), 10.0, id="others went on"),
        pytest.param(10, (20, 40), 20.0, id="others doubled"),
        pytest.param(0, (20, 40), 0.0, id="nothing before, nothing to expect"),
        pytest.param(10, (20, 0), 0.0, id="all others went too: no credit for the action"),
    ],
)
def test_the_targets_would_have_gone_the_way_of_the_others(before, others, expected):
    found = Baseline(before=before, after=0, others_before=others[0], others_after=others[1], back=None)
    assert found.expected == expected


# --- when it was back ---


@pytest.mark.parametrize(
    ("days", "back"),
    [
        pytest.param([DAY - 1], None, id="never again"),
        pytest.param([DAY], 0, id="the same day"),
        pytest.param([DAY + 9, DAY + 4], 4, id="the first of several"),
        pytest.param([DAY + DAYS + 50], DAYS + 50, id="after the window too"),
    ],
)
def test_days_until_the_first_sighting_after_it(days, back):
    assert measured([(0, 1, seen_on(*days))]).back == back


def test_a_sighting_that_began_before_the_action_is_no_return():
    assert measured([(0, 1, [(DAY - 2, DAY + 9)])]).back is None


# --- a count by hand ---

spans = st.tuples(st.integers(DAY - 40, DAY + 40), st.integers(1, 20)).map(
    lambda one: (one[0], one[0] + one[1])
)
links = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.lists(spans, max_size=3)), min_size=1, max_size=8
)
KINDS = (SITE, SITE, WALLET, SITE, WALLET)


@given(links, st.sets(st.integers(0, 4), min_size=1, max_size=2))
def test_it_is_what_a_count_link_by_link_gives(drawn, struck):
    found = measured(drawn, tuple(10 + one for one in struck), KINDS)
    kinds = {KINDS[one] for one in struck}
    near = set(struck)
    for one, other, _ in drawn:
        if {one, other} & struck:
            near |= {one, other}

    def seen(said, start, end):
        return any(first < end and last > start for first, last in said)

    windows = ((DAY - DAYS, DAY), (DAY, DAY + DAYS))
    own = [sum(bool({a, b} & struck) and seen(said, *when) for a, b, said in drawn) for when in windows]
    others = [
        sum(KINDS[a] in kinds and not {a, b} & near and seen(said, *when) for a, b, said in drawn)
        for when in windows
    ]
    later = [s - DAY for a, b, said in drawn if {a, b} & struck for s, _ in said if s >= DAY]
    assert [found.before, found.after] == own
    assert [found.others_before, found.others_after] == others
    assert found.back == min(later, default=None)
