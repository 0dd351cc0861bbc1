"""Whether two sightings may belong to one tenure, and how the gap is put in words."""

from __future__ import annotations

import pytest
from graph_world import World, days
from hypothesis import given, settings
from hypothesis import strategies as st
from test_graph_path import codes

from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.hop import make_hop
from chokepoint.graph.tenure import (
    FOREVER,
    MOST_INTERVALS,
    TIMELESS,
    apart,
    dated,
    intervals,
    span,
    tolerance,
)
from chokepoint.graph.traits import OTHER_TOLERANCE, TOLERANCE_DAYS
from chokepoint.model.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (UNKNOWN, UNKNOWN, "undated"),
        (UNKNOWN, 1, "until 1970-01-01"),
        (0, UNKNOWN, "from 1970-01-01"),
        (0, 1, "1970-01-01"),
        (0, 2, "1970-01-01 to 1970-01-02"),
        (-1, 0, "1969-12-31"),
        (days("2020-02-28"), days("2020-03-01"), "2020-02-28 to 2020-02-29"),
        (days("2024-12-31"), days("2025-01-01"), "2024-12-31"),
    ],
)
def test_days_in_words_name_the_last_day_that_counts(start, end, words):
    assert span(start, end) == words


A, B = days("2020-01-01"), days("2021-01-01")


@pytest.mark.parametrize(
    ("one", "two", "tolerated", "words"),
    [
        ([(A, A + 1)], [(A, A + 1)], 0, ""),
        ([(A, A + 1)], [(A + 1, A + 2)], 0, ""),
        ([(A, A + 1)], [(A + 2, A + 3)], 0, "between 2020-01-01 and 2020-01-03"),
        ([(A, A + 1)], [(A + 2, A + 3)], 1, ""),
        ([(A, A + 10)], [(A + 5, A + 6)], 0, ""),
        ([(A, A + 1)], [(B, B + 1)], 365, ""),
        ([(A, A + 1)], [(B, B + 1)], 364, "between 2020-01-01 and 2021-01-01"),
        ([(B, B + 1)], [(A, A + 1)], 30, "between 2020-01-01 and 2021-01-01"),
        ([(A, A + 1)], [(B, B + 1)], FOREVER, ""),
        ([], [(A, A + 1)], 0, ""),
        ([(A, A + 1)], [], 0, ""),
        ([(A, A + 1), (B, B + 1)], [(B + 5, B + 6)], 10, ""),
        ([(A, A + 1)], [(A - 400, A - 399), (B, B + 1)], 30, "between 2020-01-01 and 2021-01-01"),
    ],
    ids=[
        "one day", "next day", "a day between", "a day tolerated", "within", "a year tolerated",
        "a year and no more", "either order", "for ever", "nothing first", "nothing second", "the nearest counts",
        "the nearest of two",
    ],
)  # fmt: skip
def test_two_sightings_are_apart_when_the_nearest_lie_further_than_tolerated(one, two, tolerated, words):
    assert apart(one, two, tolerated) == words


SPANS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 60)).map(lambda row: (row[0], row[0] + row[1])), max_size=5
)


@settings(max_examples=150, deadline=None)
@given(SPANS, SPANS, st.integers(0, 100))
def test_sightings_are_near_exactly_where_some_two_days_are(one, two, tolerated):
    gaps = [abs(x - y) - 1 for a in one for b in two for x in range(*a) for y in range(*b)]
    near = not gaps or max(min(gaps), 0) <= tolerated
    assert (apart(one, two, tolerated) == "") is near


@settings(max_examples=100, deadline=None)
@given(SPANS, SPANS, st.integers(0, 100))
def test_which_set_is_named_first_does_not_matter(one, two, tolerated):
    assert apart(one, two, tolerated) == apart(two, one, tolerated)


@settings(max_examples=100, deadline=None)
@given(SPANS, SPANS, st.integers(0, 100), st.integers(1, 100))
def test_more_tolerance_never_parts_what_was_near(one, two, tolerated, more):
    if not apart(one, two, tolerated):
        assert not apart(one, two, tolerated + more)


@pytest.mark.parametrize("kind", sorted(vocabulary().kinds))
def test_only_what_can_change_hands_has_a_tolerance(kind):
    world = World()
    world.say(f"{kind}:x", "mentioned-with", "file:f")
    snapshot = world.snapshot()
    node = int(snapshot.index([world.eids[f"{kind}:x"]])[0])
    wanted = TOLERANCE_DAYS.get(kind, OTHER_TOLERANCE) if vocabulary().kinds[kind].reassigned else FOREVER
    assert tolerance(snapshot, node) == wanted


def hop_of(world):
    snapshot = world.snapshot()
    return snapshot, make_hop(snapshot, 0, (int(snapshot.subject[0]), int(snapshot.object[0])))


def test_the_intervals_of_a_hop_are_distinct_dated_and_in_order():
    world = World()
    for day in ("2021-01-01", "2020-01-01", "", "2021-01-01"):
        world.say("domain-name:a.com", "indicates", "malware:m", day=day)
    assert intervals(*hop_of(world)) == [(A, A + 1), (B, B + 1)]


def test_of_very_many_intervals_the_earliest_are_looked_at():
    world = World()
    for at in range(MOST_INTERVALS + 9):
        world.say("domain-name:a.com", "indicates", "malware:m", day=f"{1990 + at % 30}-{1 + at // 30:02}-01")
    found = intervals(*hop_of(world))
    assert len(found) == MOST_INTERVALS
    assert found == sorted(found)
    assert found[0][0] == days("1990-01-01")


def test_a_statement_without_a_date_has_no_interval():
    world = World()
    world.say("domain-name:a.com", "indicates", "malware:m")
    snapshot, hop = hop_of(world)
    assert intervals(snapshot, hop) == dated(snapshot, [0]) == []


def crossed(first, second, *, kind="domain-name", origins=("one", "two"), names=("indicates", "indicates")):
    """Codes of the path over one identifier that was seen on two days."""
    world = World()
    world.say(f"{kind}:x", names[0], "malware:m", origin=origins[0], day=first)
    world.say(f"{kind}:x", names[1], "campaign:c", origin=origins[1], day=second)
    (path,) = world.paths("malware:m", "campaign:c")
    return codes(path)


@pytest.mark.parametrize(
    ("kind", "later", "doubted"),
    [
        ("domain-name", "2020-03-31", False),
        ("domain-name", "2020-04-02", True),
        ("ipv4-addr", "2020-01-31", False),
        ("ipv4-addr", "2020-02-02", True),
        ("url", "2020-03-31", False),
        ("url", "2020-04-02", True),
        ("phone-number", "2020-02-02", True),
        ("crypto-address", "2029-01-01", False),
        ("file", "2029-01-01", False),
        ("email-addr", "2029-01-01", vocabulary().kinds["email-addr"].reassigned),
    ],
)
def test_a_kind_is_doubted_after_its_own_number_of_days(kind, later, doubted):
    assert ("time" in crossed("2020-01-01", later, kind=kind)) is doubted


@pytest.mark.parametrize(
    ("first", "second", "origins", "doubted"),
    [
        ("", "", ("one", "one"), False),
        ("", "", ("one", "two"), True),
        ("2020-01-01", "", ("one", "one"), True),
        ("", "2020-01-01", ("one", "two"), True),
        ("2020-01-01", "2020-01-05", ("one", "two"), False),
        ("2020-01-01", "2024-01-05", ("one", "one"), True),
    ],
    ids=["one record", "two records", "first dated", "second dated", "near", "one source at two times"],
)
def test_what_nobody_dated_is_doubted_unless_one_source_says_both(first, second, origins, doubted):
    assert ("time" in crossed(first, second, origins=origins)) is doubted


@pytest.mark.parametrize("name", sorted(TIMELESS))
def test_what_follows_from_the_name_itself_needs_no_date(name):
    assert name in vocabulary().properties
    world = World()
    world.say("url:http://x.com/a", name, "domain-name:x.com", origin="one", day="2005-01-01")
    world.say("domain-name:x.com", "indicates", "campaign:c", origin="two", day="2024-01-01")
    (path,) = world.paths("url:http://x.com/a", "campaign:c")
    assert "time" not in codes(path)
