"""From claims to evidence of character, and from evidence to lives: whose claim says what of an identifier."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_link_period import GANG, SHOP, SITE, bad, good

from chokepoint.link.period import CRIMINAL, HACKED, LEGITIMATE, UNKNOWN, Sighting, periods, sightings
from chokepoint.model.vocabulary import vocabulary

PROPERTIES = tuple(vocabulary().properties)
SEEN = {
    "website": (LEGITIMATE, "object"),
    "account": (LEGITIMATE, "object"),
    "contact": (LEGITIMATE, "object"),
    "legitimate": (LEGITIMATE, "subject"),
    "compromised-by": (HACKED, "subject"),
    "indicates": (CRIMINAL, "subject"),
    "requests-payment-to": (CRIMINAL, "subject"),
    "attributed-to": (CRIMINAL, "subject"),
    "impersonates": (CRIMINAL, "subject"),
    "communicates-with": (CRIMINAL, "object"),
    "downloads": (CRIMINAL, "object"),
}
"""Properties that show a character, and at which end the identifier stands."""


def links(*rows):
    """Rows of (seq, subject, property, object, origin, start, end)."""
    column = {
        name: np.array([row[at] for row in rows], np.int64)
        for at, name in ((0, "seq"), (1, "subject"), (3, "object"), (4, "origin"), (5, "start"), (6, "end"))
    }
    column["property"] = np.array([PROPERTIES.index(row[2]) for row in rows], np.int16)
    return SimpleNamespace(**column, property_names=PROPERTIES)


def seen(*rows, reassigned=(SITE,), organisations=(SHOP,), criminal=()):
    return sightings(
        links(*rows), reassigned=set(reassigned), organisations=set(organisations), criminal=set(criminal)
    )


@pytest.mark.parametrize("name", SEEN)
def test_a_property_shows_its_character_at_its_end(name):
    character, end = SEEN[name]
    subject, thing = (SITE, SHOP) if end == "subject" else (SHOP, SITE)
    assert seen((7, subject, name, thing, 3, 10, 20)) == [Sighting(7, SITE, character, 3, 10, 20, SHOP)]


@pytest.mark.parametrize("name", SEEN)
def test_at_the_other_end_it_shows_nothing(name):
    _, end = SEEN[name]
    subject, thing = (SHOP, SITE) if end == "subject" else (SITE, SHOP)
    assert seen((7, subject, name, thing, 3, 10, 20)) == []


@pytest.mark.parametrize("name", sorted(set(PROPERTIES) - set(SEEN)))
def test_no_other_property_shows_a_character(name):
    assert seen((7, SITE, name, SHOP, 3, 10, 20), (8, SHOP, name, SITE, 3, 10, 20)) == []


@pytest.mark.parametrize("name", SEEN)
def test_what_cannot_change_hands_shows_nothing(name):
    _, end = SEEN[name]
    subject, thing = (SITE, SHOP) if end == "subject" else (SHOP, SITE)
    assert seen((7, subject, name, thing, 3, 10, 20), reassigned=()) == []


@pytest.mark.parametrize("name", ["website", "account", "contact"])
def test_only_an_honest_organisation_makes_a_site_its_own(name):
    row = (7, SHOP, name, SITE, 3, 10, 20)
    assert len(seen(row)) == 1
    assert seen(row, organisations=()) == []
    assert seen(row, criminal=(SHOP,)) == []


def test_a_criminal_organisation_is_still_an_end_of_criminal_evidence():
    row = (7, SITE, "attributed-to", SHOP, 3, 10, 20)
    assert len(seen(row, criminal=(SHOP,))) == 1


def test_claims_of_one_property_come_in_their_order():
    rows = [(seq, SITE, "indicates", GANG, 1, seq, seq + 1) for seq in (5, 6, 7)]
    assert [one.seq for one in seen(*rows)] == [5, 6, 7]


def test_no_claims_are_no_evidence():
    assert seen() == []


@pytest.mark.parametrize(
    ("first", "second", "lives"),
    [
        (good(day=0, until=100), bad(day=100, until=101), 2),
        (good(day=0, until=101), bad(day=100, until=102), 0),
        (good(day=100, until=101), bad(day=0, until=100), 2),
        (good(day=50, until=60), bad(day=0, until=100), 0),
        (good(until=100), bad(day=100), 2),
        (good(until=100), bad(day=99), 0),
        (good(day=10), bad(day=10), 0),
        (good(day=10), bad(day=11), 2),
        (good(), bad(), 2),
        (good(day=10), bad(), 2),
        (good(), bad(day=10), 2),
    ],
    ids=[
        "next day", "one day shared", "the other way round", "within", "open start", "open start, shared",
        "the same day", "the day after", "both undated", "criminal undated", "legitimate undated",
    ],
)  # fmt: skip
def test_two_lives_where_the_days_lie_apart_or_nobody_knows_them(first, second, lives):
    assert len(periods([first, second])) == lives


def test_the_first_life_ends_where_its_last_sighting_does_and_the_second_starts_at_its_first():
    rows = [
        good(day=5, until=6, seq=1),
        good(day=9, until=12, seq=2),
        bad(day=40, until=41, seq=3),
        bad(day=30, seq=4),
    ]
    first, second = periods(rows)
    assert (first.start, first.end, first.claims) == (UNKNOWN, 12, (1, 2))
    assert (second.start, second.end, second.claims) == (30, UNKNOWN, (3, 4))


def test_criminal_evidence_of_the_owners_own_publisher_is_left_out_of_the_second_life():
    rows = [good(until=10, origin=1), bad(day=20, origin=1, seq=20), bad(day=30, origin=2, seq=30)]
    assert periods(rows)[1].claims == (30,)


def test_a_known_taker_of_lapsed_names_is_told_in_the_reason():
    apart = periods([good(until=10), bad(day=20)], abusers={GANG})
    assert all("the campaign is known to take over lapsed names" in life.reason for life in apart)
    assert all("lie apart" in life.reason for life in apart)
    plain = periods([good(until=10), bad(day=20)], abusers={GANG + 1})
    assert all("come from other sources" in life.reason for life in plain)


def test_a_known_taker_does_not_split_what_overlaps_in_time():
    assert periods([good(day=0, until=100), bad(day=50)], abusers={GANG}) == []


def test_one_hacked_sighting_keeps_all_of_an_identifier_together():
    assert periods([good(until=10), bad(day=20), bad(day=30)._replace(character=HACKED)]) == []
    assert (
        len(periods([good(until=10), bad(day=20), bad(day=30)._replace(character=HACKED, identifier=9)])) == 2
    )


def test_identifiers_are_told_in_the_order_of_their_numbers_and_apart():
    rows = [one._replace(identifier=eid) for eid in (9, 4) for one in (good(until=10), bad(day=20))]
    assert [(life.eid, life.number) for life in periods(rows)] == [(4, 1), (4, 2), (9, 1), (9, 2)]


EVIDENCE = st.lists(
    st.builds(
        Sighting,
        st.integers(1, 99), st.integers(1, 2), st.sampled_from((LEGITIMATE, CRIMINAL, CRIMINAL, HACKED)),
        st.integers(1, 3), st.one_of(st.just(UNKNOWN), st.integers(0, 60)),
        st.one_of(st.just(UNKNOWN), st.integers(61, 99)), st.integers(4, 6),
    ),
    max_size=10,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(EVIDENCE)
def test_a_split_rests_on_two_characters_of_different_origins_and_on_no_hack(rows):
    for life in periods(rows):
        mine = [one for one in rows if one.identifier == life.eid]
        honest = {one.origin for one in mine if one.character == LEGITIMATE}
        assert HACKED not in {one.character for one in mine}
        assert honest
        assert any(one.character == CRIMINAL and one.origin not in honest for one in mine)


@settings(max_examples=200, deadline=None)
@given(EVIDENCE, st.integers(1, 3000))
def test_the_same_evidence_some_days_later_gives_the_same_lives_some_days_later(rows, shift):
    def later(day):
        return day if day == UNKNOWN else day + shift

    moved = [one._replace(start=later(one.start), end=later(one.end)) for one in rows]
    wanted = [(one.eid, one.number, later(one.start), later(one.end), one.claims) for one in periods(rows)]
    assert [(one.eid, one.number, one.start, one.end, one.claims) for one in periods(moved)] == wanted


@settings(max_examples=200, deadline=None)
@given(EVIDENCE)
def test_no_claim_belongs_to_both_lives_of_an_identifier_unless_it_was_seen_twice(rows):
    found = periods(rows)
    for first, second in zip(found[::2], found[1::2], strict=True):
        both = set(first.claims) & set(second.claims)
        assert all(sum(one.seq == seq and one.identifier == first.eid for one in rows) > 1 for seq in both)
