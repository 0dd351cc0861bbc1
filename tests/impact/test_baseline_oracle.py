"""The map before and after an action against a plain walk over sentences, and what the others' way would have been."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.graph.columns import UNKNOWN
from chokepoint.impact.baseline import FEWEST, Baseline, measure

DAY, DAYS = 1_000, 30
KINDS = ("domain-name", "crypto-address", "malware")


@dataclass
class Map:
    """A snapshot with what the measure reads of one, from links `(subject, object, [(start, end), …])`."""

    kinds: list[int]
    links: list[tuple[int, int, list[tuple[int, int]]]]

    def __post_init__(self):
        self.size = len(self.kinds)
        self.kind = np.array(self.kinds, np.int16)
        self.subject = np.array([one[0] for one in self.links], np.int32)
        self.object = np.array([one[1] for one in self.links], np.int32)
        seen = [one[2] for one in self.links]
        self.claim_pointer = np.cumsum([0, *map(len, seen)]).astype(np.int64)
        self.claim_start = np.array([start for some in seen for start, _ in some], np.int32)
        self.claim_end = np.array([end for some in seen for _, end in some], np.int32)

    def index(self, targets):
        return np.array([int(one) for one in targets if 0 <= one < self.size], np.int64)


def days_of(start: int, end: int) -> range:
    """The days of a claim; one that knows one end only was seen on that day."""
    if start == UNKNOWN and end == UNKNOWN:
        return range(0)
    return range(end - 1 if start == UNKNOWN else start, start + 1 if end == UNKNOWN else end)


def walked(old: Map, new: Map, targets: set[int]) -> tuple[int, int, int, int, int | None]:
    """The same, sentence by sentence."""
    before, after = range(DAY - DAYS, DAY), range(DAY, DAY + DAYS)
    counts, back = [], []
    for chart, window in ((old, before), (new, after)):
        about = [one for one in chart.links if targets & {one[0], one[1]}]
        near = targets | {end for one in about for end in one[:2]}
        kinds = {chart.kinds[node] for node in targets}
        others = [
            one for one in chart.links
            if one[0] not in near and one[1] not in near and chart.kinds[one[0]] in kinds
        ]  # fmt: skip
        counts += [
            sum(any(set(days_of(*claim)) & set(window) for claim in one[2]) for one in some)
            for some in (about, others)
        ]
        if chart is new:
            back = [
                days_of(*claim)[0] - DAY
                for one in about
                for claim in one[2]
                if days_of(*claim) and days_of(*claim)[0] >= DAY
            ]
    return counts[0], counts[2], counts[1], counts[3], min(back, default=None)


claims = st.lists(
    st.tuples(st.one_of(st.just(UNKNOWN), st.integers(DAY - 40, DAY + 40)), st.integers(-3, 9)).map(
        lambda one: (one[0], UNKNOWN if one[1] == 9 else (DAY if one[0] == UNKNOWN else one[0]) + one[1])
    ),
    max_size=3,
)
links = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), claims), max_size=10)
kinds = st.lists(st.integers(0, 2), min_size=7, max_size=7)
targets = st.sets(st.integers(0, 6), min_size=1, max_size=3)


@settings(max_examples=40)
@given(kinds, links, links, targets)
def test_sightings_are_those_of_a_plain_walk(kinds, before, after, targets):
    old, new = Map(kinds, before), Map(kinds, after)
    found = measure((old, new), np.array(sorted(targets), np.int64), day=DAY, days=DAYS)
    wanted = walked(old, new, targets)
    assert (found.before, found.after, found.others_before, found.others_after, found.back) == wanted


@given(kinds, links, targets, st.integers(-500, 500))
def test_the_same_map_on_other_days_is_measured_alike(kinds, some, targets, shift):
    moved = [
        (one, other, [tuple(UNKNOWN if day == UNKNOWN else day + shift for day in claim) for claim in seen])
        for one, other, seen in some
    ]
    which = np.array(sorted(targets), np.int64)
    first = measure((Map(kinds, some),) * 2, which, day=DAY, days=DAYS)
    assert measure((Map(kinds, moved),) * 2, which, day=DAY + shift, days=DAYS) == first


@given(kinds, links, targets, st.integers(1, 40), st.integers(1, 40))
def test_longer_windows_never_see_less(kinds, some, targets, days, more):
    which, chart = np.array(sorted(targets), np.int64), Map(kinds, some)
    short = measure((chart, chart), which, day=DAY, days=days)
    longer = measure((chart, chart), which, day=DAY, days=days + more)
    assert longer.before >= short.before
    assert longer.after >= short.after
    assert longer.others_before >= short.others_before
    assert longer.back == short.back


@pytest.mark.parametrize(
    ("before", "others", "expected"),
    [
        pytest.param(20, (100, 50), 10.0, id="the others halved"),
        pytest.param(20, (100, 100), 20.0, id="nothing happened elsewhere"),
        pytest.param(20, (100, 300), 60.0, id="the others grew"),
        pytest.param(20, (100, 0), 0.0, id="the others vanished"),
        pytest.param(0, (100, 50), 0.0, id="nothing was seen before"),
        pytest.param(20, (FEWEST, 22), 40.0, id="just enough others"),
        pytest.param(20, (FEWEST - 1, 22), None, id="one too few"),
        pytest.param(20, (0, 0), None, id="nobody to compare with"),
    ],
)
def test_what_would_have_been_seen_anyway_goes_the_way_of_the_others(before, others, expected):
    found = Baseline(before=before, after=3, others_before=others[0], others_after=others[1], back=None)
    assert found.expected == expected
