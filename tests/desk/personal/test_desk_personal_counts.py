"""Numbers of victims: no answer and no series of answers gives a number below eleven away."""

from __future__ import annotations

import json
from itertools import accumulate, product
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.personal.counts import K, offset_of, told, victims
from chokepoint.desk.vetting.review import vote
from chokepoint.model.claim import on_day
from chokepoint.model.errors import NotValidError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from collections.abc import Callable

GREEN = Marking(tlp=Tlp.GREEN)
OFFSETS = range(K, 2 * K)
FEWEST = 10
counts = st.integers(0, 60)
offsets = st.sampled_from(OFFSETS)


# --- one cell ---


@given(counts, offsets)
def test_what_is_told_is_reached_and_never_below_eleven(count: int, offset: int) -> None:
    shown = told(count, offset)
    assert shown is None or (shown >= K and shown % K == 0 and shown <= count <= shown + 20)


@given(counts, counts, offsets)
def test_more_victims_never_look_like_fewer(one: int, other: int, offset: int) -> None:
    few, many = (told(count, offset) or 0 for count in sorted((one, other)))
    assert few <= many


@given(st.integers(0, 10), offsets)
def test_fewer_than_eleven_are_never_told(count: int, offset: int) -> None:
    assert told(count, offset) is None


@given(st.integers(21, 500), offsets)
def test_from_twenty_one_on_they_always_are(count: int, offset: int) -> None:
    assert told(count, offset) is not None


def _consistent(answers: list[int | None], steps: list[int]) -> set[int]:
    """Every number of victims at the start that explains all answers, for some offset."""
    return {
        start
        for start in range(80)
        if start + min(steps) >= 0
        for offset in OFFSETS
        if [told(start + step, offset) for step in steps] == answers
    }


@given(st.integers(0, 10), offsets, st.lists(st.sampled_from([1, -1]), max_size=10))
def test_who_knows_of_ten_changes_still_cannot_tell_a_small_number(
    start: int, offset: int, changes: list[int]
) -> None:
    """An attacker who asks before and after each, as one viewer or several, and tries every offset."""
    steps = [0, *accumulate(changes)]
    if start + min(steps) < 0:
        return
    answers = [told(start + step, offset) for step in steps]
    found = _consistent(answers, steps)
    assert start in found
    assert len(found) >= FEWEST


@pytest.mark.parametrize("offset", OFFSETS)
def test_a_cell_that_comes_up_by_one_known_victim_may_have_held_eleven_numbers(offset: int) -> None:
    answers = [told(offset - 1, offset), told(offset, offset)]
    assert answers == [None, K]
    assert _consistent(answers, [0, 1]) == set(range(10, 21))


# --- a table with its total ---

tables = st.lists(st.tuples(st.integers(0, 34), offsets), min_size=2, max_size=3)


def _span(shown: int | None) -> range:
    return range(21) if shown is None else range(shown, shown + 21)


@given(tables, st.integers(0, 5), offsets)
def test_the_total_minus_what_is_told_gives_no_small_cell_away(
    cells: list[tuple[int, int]], unknown: int, of_total: int
) -> None:
    """Brute force over every table that explains what is told, whatever the offsets were."""
    shown = [told(count, offset) for count, offset in cells]
    total = _span(told(sum(count for count, _ in cells) + unknown, of_total))
    fitting = [one for one in product(*map(_span, shown)) if sum(one) <= total[-1]]
    for place, (count, _) in enumerate(cells):
        candidates = {one[place] for one in fitting}
        assert count in candidates
        if count < K:
            assert len(candidates) >= FEWEST


@given(st.binary(min_size=16, max_size=32), st.text(max_size=20))
def test_an_offset_is_from_eleven_to_twenty_one(secret: bytes, name: str) -> None:
    assert offset_of(secret, "campaign", name) in OFFSETS


def test_offsets_differ_between_cells_properties_and_atlases() -> None:
    one = [offset_of(b"a" * 32, "campaign", str(number)) for number in range(40)]
    assert set(one) == set(OFFSETS)
    assert one != [offset_of(b"a" * 32, "country", str(number)) for number in range(40)]
    assert one != [offset_of(b"b" * 32, "campaign", str(number)) for number in range(40)]


# --- in an atlas ---

BIG, SMALL = entity("campaign:big fraud"), entity("campaign:small fraud")
SWEDEN = entity("country:SE")


def put(world: World, first: int, count: int, campaign: object, *, votes: tuple[str, ...], **about: object):
    people = [entity(f"person:victim {number}") for number in range(first, first + count)]
    said = [sentence for one in people for sentence in ((one, "role", "victim"), (campaign, "targets", one))]
    said += [(one, "located-in", SWEDEN) for one in people]
    said += [(one, "category", "Financial services") for one in people]
    seqs = world.say("bank", *said, marking=GREEN, observed=on_day("2026-01-20"), **about)  # type: ignore[arg-type]
    for who in votes:
        vote(world.open(who), world.ids("bank", seqs), Vote.CONFIRM, "met them")
    return people


@pytest.fixture(scope="module")
def harmed(worlds: Callable[[], World]) -> World:
    """24 victims of one campaign, 6 of another, all vetted, and 30 whom nobody vetted."""
    world = worlds()
    put(world, 0, 24, BIG, votes=("police", "vendor"))
    put(world, 100, 6, SMALL, votes=("police", "vendor"), path="small.txt")
    put(world, 200, 30, SMALL, votes=(), path="unvetted.txt")
    return world


def test_a_large_campaign_is_told_and_a_small_one_is_not_even_listed(harmed: World) -> None:
    found = victims(harmed.open("police"), "campaign")
    assert [(one.name, one.at_least) for one in found.cells] in ([("big fraud", 11)], [("big fraud", 22)])
    assert found.total in (11, 22)


@pytest.mark.parametrize("by", ["country", "month", "sector"])
def test_they_are_counted_by_country_month_and_sector_too(harmed: World, by: str) -> None:
    [one] = victims(harmed.open("police"), by).cells
    assert one.at_least in (11, 22)
    assert one.name in ("SE", "Sweden", "2026-01", "financial-services")


@pytest.mark.parametrize(
    "word", ["energy", "victims of the big fraud", "jane doe", "financial services, two"]
)
def test_no_word_of_a_single_member_puts_victims_into_a_sector(world: World, word: str) -> None:
    """Neither one that nobody confirmed, by which a member could move people to a cell and see it come up ..."""
    people = put(world, 0, 22, BIG, votes=("police", "vendor"))
    world.say("bank", *((one, "category", word) for one in people), marking=GREEN, path="more.txt")
    names = {one.name for one in victims(world.open("police"), "sector").cells}
    assert names == {"financial-services"}


def test_no_cell_bears_a_word_that_is_no_sector(world: World) -> None:
    """... nor one that is confirmed and no word of the vocabulary: it could name somebody."""
    people = put(world, 0, 22, BIG, votes=("police", "vendor"))
    seqs = world.say(
        "bank", *((one, "category", "friends of jane doe") for one in people), marking=GREEN, path="b"
    )
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids("bank", seqs), Vote.CONFIRM, "so they say")
    assert {one.name for one in victims(world.open("police"), "sector").cells} == {"financial-services"}


@pytest.mark.parametrize(("by", "name"), [("country", "country:NO"), ("campaign", "campaign:other fraud")])
def test_a_link_that_nobody_confirmed_puts_nobody_into_a_cell(world: World, by: str, name: str) -> None:
    people = put(world, 0, 22, BIG, votes=("police", "vendor"))
    other = entity(name)
    said = [(one, "located-in", other) if by == "country" else (other, "targets", one) for one in people]
    seqs = world.say("bank", *said, marking=GREEN, path="more.txt")
    assert len(victims(world.open("police"), by).cells) == 1
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids("bank", seqs), Vote.CONFIRM, "met them")
    assert len(victims(world.open("police"), by).cells) == 2


def test_a_small_campaign_answers_like_one_that_does_not_exist(harmed: World) -> None:
    small, absent = (
        victims(harmed.open("police"), "campaign", of=name) for name in ("small fraud", "no such")
    )
    assert small == absent


def test_every_viewer_of_the_same_claims_gets_the_same_answer(harmed: World) -> None:
    answers = {json.dumps(victims(harmed.open(who), "campaign").to_json()) for who in ("police", "vendor")}
    assert len(answers) == 1


def test_who_sees_no_victim_gets_no_cell(harmed: World) -> None:
    found = victims(harmed.open("nobody"), "campaign")
    assert (found.cells, found.total) == ((), None)


def test_an_unknown_property_is_refused(harmed: World) -> None:
    with pytest.raises(NotValidError, match="campaign, country, month, sector"):
        victims(harmed.open("police"), "name")


def test_an_identifier_of_a_victim_is_not_one_more(world: World) -> None:
    """Eleven persons with a phone each are eleven victims: too few to be told under any offset but the least."""
    people = put(world, 0, 10, BIG, votes=("police", "vendor"))
    phones = [entity(f"phone-number:+6681234567{number}") for number in range(10)]
    said = [(one, "account", phone) for one, phone in zip(people, phones, strict=True)]
    said += [(phone, "role", "victim") for phone in phones]
    seqs = world.say("bank", *said, marking=GREEN, path="phones.txt")
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids("bank", seqs), Vote.CONFIRM, "met them")
    assert victims(world.open("police"), "campaign").total is None


def test_an_erased_victim_is_counted_no_more(world: World) -> None:
    needed = offset_of(world.open("bank").secret, "all", "")
    people = put(world, 0, needed, BIG, votes=("police", "vendor"))
    assert victims(world.open("police"), "campaign").total == K
    erase(world.open("bank"), people[0], reason="asked", basis="GDPR Art. 17")
    assert victims(world.open("police"), "campaign").total is None
