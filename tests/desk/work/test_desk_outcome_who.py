"""Outcomes and guesses: who may record them, in whose eyes they count, what is learnt, what an erasure takes."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from statistics import NormalDist
from typing import TYPE_CHECKING

import pytest
from desk_world import CLOCK, RED, entity
from erase_world import PERSON, WHY

from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.people.circle import make_group
from chokepoint.desk.people.staff import appoint, depart, invite, join, let_go
from chokepoint.desk.work.case import Case, close_case, open_case
from chokepoint.desk.work.outcome import Hit, guess, guesses, outcomes, record, times_for
from chokepoint.model.errors import LedgerError, NotValidError, RefusedError
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_world import World

    from chokepoint.desk.atlas import Atlas

SHOP = entity("domain-name:a.cc")
DAY = date(2026, 1, 5)
TODAY = date.fromisoformat(CLOCK[:10])
MEDIAN, SPREAD = vocabulary().kind("domain-name").replace_days
PRIOR = 5
"""Outcomes that a guess is worth; written here again so that changing it is noticed."""
FOR_SPEAKING = "may not put claims, notes and cases on record"
GONE = "has left or is not registered, and cannot speak"


def back(days: int, **about: object) -> Hit:
    """A shop that was back after so many days."""
    said = {"entity": SHOP, "mode": "takedown", "on": DAY, "back": DAY + timedelta(days=days), **about}
    return Hit(**said)  # type: ignore[arg-type]


def still_gone(days: int, **about: object) -> Hit:
    """A shop that was gone for so many days when somebody last looked."""
    return back(0, back=None, gone=DAY + timedelta(days=days), **about)


def by_hand(guessed: float, *days: float) -> float:
    """The median after outcomes that are back: the mean of the logs, the guess counting five times."""
    logs = [math.log(guessed)] * PRIOR + [math.log(one) for one in days]
    return math.exp(sum(logs) / len(logs))


def median(atlas: Atlas, kind: str = "domain-name") -> float:
    return times_for(atlas, {})[kind][0]


# who may


def tell_of_a_hit(atlas: Atlas) -> None:
    record(atlas, back(4), CLEAR)


def tell_a_guess(atlas: Atlas) -> None:
    guess(atlas, "domain-name", (9.0, 0.5), CLEAR)


ACTS = pytest.mark.parametrize("act", [tell_of_a_hit, tell_a_guess], ids=["a hit", "a guess"])


@pytest.fixture(scope="module")
def staffed(worlds: Callable[[], World]) -> World:
    """The police keep a register: one of each role, one who left; the vendor has left the coalition."""
    world = worlds()
    for user, roles in {
        "ines": [Role.INVESTIGATOR],
        "vera": [Role.VETTER],
        "adam": [Role.ADMINISTRATOR],
        "otto": [Role.VETTER],
        "cora": [Role.VETTER],
        "lena": [Role.INVESTIGATOR],
    }.items():
        join(world.open("police", user), invite(world.open("police"), user, roles))
    invite(world.open("police"), "ivan", [Role.INVESTIGATOR])
    appoint(world.open("bank"), "police/otto", Role.OVERSEER)
    appoint(world.open("bank"), "police/cora", Role.COORDINATOR)
    let_go(world.open("police"), "lena")
    depart(world.open("bank"), "vendor", "closed down")
    return world


@ACTS
@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("police/vera", FOR_SPEAKING),
        ("police/adam", FOR_SPEAKING),
        ("police/otto", FOR_SPEAKING),
        ("police/lena", GONE),
        ("police/ivan", GONE),
        ("police/eve", GONE),
        ("vendor", GONE),
        ("vendor/zoe", GONE),
    ],
    ids=["vetter", "administrator", "overseer", "left", "not joined", "unknown", "put out", "of one put out"],
)
def test_who_may_not_speak_records_neither_and_is_told_why_and_whom_to_ask(
    staffed: World, act: Callable[[Atlas], None], who: str, why: str
) -> None:
    organisation, _, user = who.partition("/")
    with pytest.raises(RefusedError) as caught:
        act(staffed.open(organisation, user))
    assert caught.value.reason == f"{who} {why}"
    assert caught.value.mend == "ask an administrator of your organisation"
    assert outcomes(staffed.open("bank")) == []
    assert guesses(staffed.open("police")) == {}


@ACTS
def test_a_stranger_is_told_that_it_is_no_member(staffed: World, act: Callable[[Atlas], None]) -> None:
    atlas = staffed.open("bank")
    stranger = replace(atlas, viewer=replace(atlas.viewer, organisation="newspaper"))
    with pytest.raises(LedgerError, match="'newspaper' is no member of this atlas") as caught:
        act(stranger)
    assert "init" in caught.value.mend


@pytest.mark.parametrize("user", ["ines", "cora", ""], ids=["investigator", "coordinator", "the whole"])
def test_who_may_speak_records_for_the_organisation(worlds: Callable[[], World], user: str) -> None:
    world = worlds()
    for name, role in (("ines", Role.INVESTIGATOR), ("cora", Role.VETTER)):
        join(world.open("police", name), invite(world.open("police"), name, [role]))
    appoint(world.open("bank"), "police/cora", Role.COORDINATOR)
    for act in (tell_of_a_hit, tell_a_guess):
        act(world.open("police", user))
    assert outcomes(world.open("bank")) == [back(4)]
    assert guesses(world.open("police", "ines")) == {"domain-name": (9.0, 0.5)}
    assert guesses(world.open("bank")) == {}


# days and modes


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(still_gone(-1), id="gone before the hit"),
        pytest.param(still_gone(30), id="gone until tomorrow"),
        pytest.param(back(-365), id="back a year before"),
        pytest.param(back(1, on=TODAY + timedelta(days=1)), id="back today of a hit tomorrow"),
        pytest.param(back(0, on=TODAY + timedelta(days=9), back=TODAY + timedelta(days=9)), id="all to come"),
    ],
)
def test_days_in_the_wrong_order_are_named_and_not_recorded(world: World, told: Hit) -> None:
    with pytest.raises(RefusedError) as caught:
        record(world.open("bank"), told, CLEAR)
    assert caught.value.explain() == (
        "outcome: it was seen before it was hit, or on a day to come. Mend: check the days"
    )
    assert outcomes(world.open("bank")) == []


def test_a_day_that_was_to_come_is_taken_once_it_has_come(world: World) -> None:
    told = back(0, back=TODAY + timedelta(days=1))
    with pytest.raises(RefusedError):
        record(world.open("bank"), told, CLEAR)
    world.clock = "2026-02-04T00:00:00.000Z"
    record(world.open("bank"), told, CLEAR)
    assert outcomes(world.open("bank")) == [told]


def test_an_unknown_way_to_act_is_quoted_shortly(world: World) -> None:
    with pytest.raises(NotValidError) as caught:
        record(world.open("bank"), back(3, mode="x" * 5000), CLEAR)
    assert "'" + "x" * 60 + "'" in caught.value.reason
    assert len(caught.value.reason) < 100


def test_the_error_of_a_guess_names_the_kind_the_number_and_the_limits(world: World) -> None:
    with pytest.raises(NotValidError) as caught:
        guess(world.open("bank"), "url", (40_000.0, 1.0), CLEAR)
    assert caught.value.place == "url"
    assert "40000.0 days" in caught.value.reason
    assert "36,500 days" in caught.value.mend


# who sees it


@pytest.mark.parametrize(
    ("tlp", "seen"),
    [(Tlp.CLEAR, True), (Tlp.GREEN, True), (Tlp.AMBER, False), (Tlp.AMBER_STRICT, False), (Tlp.RED, False)],
)
def test_an_outcome_moves_the_times_of_whom_its_label_lets_see_it(
    world: World, tlp: Tlp, *, seen: bool
) -> None:
    record(world.open("bank"), back(1), Marking(tlp=tlp))
    assert median(world.open("bank")) == pytest.approx(by_hand(MEDIAN, 1))
    assert median(world.open("police")) == (pytest.approx(by_hand(MEDIAN, 1)) if seen else MEDIAN)
    assert len(outcomes(world.open("police"))) == seen


def test_an_outcome_for_a_group_is_seen_in_the_group_alone(world: World) -> None:
    group = make_group(world.open("bank"), "ring", ["bank", "police"])
    record(world.open("bank"), back(1), Marking(tlp=Tlp.AMBER, audience=frozenset({group.scope})))
    assert [len(outcomes(world.open(one))) for one in ("bank", "police", "vendor")] == [1, 1, 0]


def test_an_outcome_of_a_case_is_seen_by_others_until_it_closes(world: World) -> None:
    draft = Case(
        id="", title="T", purpose="p", owner="o", review_date="2026-12-01", members=("bank", "police")
    )
    case = open_case(world.open("bank"), draft)
    record(world.open("bank"), back(1), Marking(tlp=Tlp.AMBER, cases=frozenset({case.id})))
    assert [len(outcomes(world.open(one))) for one in ("bank", "police", "vendor")] == [1, 1, 0]
    close_case(world.open("bank"), case.id, "done")
    assert [len(outcomes(world.open(one))) for one in ("bank", "police", "vendor")] == [1, 0, 0]


def test_reading_beside_others_learns_only_from_what_all_may_see(world: World) -> None:
    record(world.open("bank"), back(1), RED)
    record(world.open("bank"), back(20), CLEAR)
    shared = world.open("bank").shared_with([world.open("police").viewer])
    assert median(shared) == pytest.approx(by_hand(MEDIAN, 20))
    assert median(world.open("bank")) == pytest.approx(by_hand(MEDIAN, 1, 20))


# what is learnt


@pytest.mark.parametrize("days", [(3,), (3, 3), (1, 10, 25), (29, 29, 29, 29, 29)])
def test_the_median_learnt_is_the_mean_of_the_logs_by_hand(world: World, days: tuple[int, ...]) -> None:
    for one in days:
        record(world.open("bank"), back(one), CLEAR)
    found = times_for(world.open("police"), {})["domain-name"]
    assert found == (pytest.approx(by_hand(MEDIAN, *days)), SPREAD)


def test_a_guess_given_now_is_what_outcomes_move(world: World) -> None:
    record(world.open("bank"), back(2), CLEAR)
    found = times_for(world.open("bank"), {"domain-name": (64.0, 0.5)})["domain-name"]
    assert found == (pytest.approx(64.0 * 2.0 ** (-5 / 6)), 0.5)


def test_what_is_back_the_same_day_counts_as_an_hour(world: World) -> None:
    record(world.open("bank"), back(0), CLEAR)
    assert median(world.open("bank")) == pytest.approx(by_hand(MEDIAN, 0.04))


def test_what_is_still_gone_enters_with_its_expected_time_beyond_what_was_seen(world: World) -> None:
    record(world.open("bank"), still_gone(20), CLEAR)
    found = math.log(median(world.open("bank")))
    normal = NormalDist()
    z = (math.log(20) - found) / SPREAD
    beyond = found + SPREAD * normal.pdf(z) / normal.cdf(-z)
    assert (PRIOR + 1) * found == pytest.approx(PRIOR * math.log(MEDIAN) + beyond)
    assert beyond > math.log(20)


def test_outcomes_of_one_kind_leave_every_other_as_it_was(world: World) -> None:
    before = times_for(world.open("bank"), {})
    record(world.open("bank"), back(9), CLEAR)
    after = times_for(world.open("bank"), {})
    assert {kind for kind in before if before[kind] != after[kind]} == {"domain-name"}
    assert set(after) == set(before)


def test_the_order_in_which_outcomes_came_does_not_matter(worlds: Callable[[], World]) -> None:
    told = [back(2), still_gone(15), back(9, mode="seizure")]
    found = []
    for order in (told, told[::-1]):
        world = worlds()
        for one in order:
            record(world.open("bank"), one, CLEAR)
        found.append(median(world.open("bank")))
    assert found[0] == pytest.approx(found[1])


def test_the_same_outcome_twice_is_two_observations(world: World) -> None:
    for _ in range(2):
        record(world.open("bank"), back(1), CLEAR)
    assert outcomes(world.open("bank")) == [back(1), back(1)]
    assert median(world.open("bank")) == pytest.approx(by_hand(MEDIAN, 1, 1))


def test_the_same_guess_twice_is_one_guess(world: World) -> None:
    tell_a_guess(world.open("bank"))
    once = times_for(world.open("bank"), {})
    tell_a_guess(world.open("bank"))
    assert times_for(world.open("bank"), {}) == once


# what an erasure takes


def test_an_outcome_of_whom_was_erased_is_gone_with_what_was_learnt_from_it(world: World) -> None:
    record(world.open("police"), back(9, entity=PERSON), CLEAR)
    record(world.open("police"), back(2), CLEAR)
    before = median(world.open("bank"), "email-addr")
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    bank = world.open("bank")
    assert outcomes(bank) == [back(2)]
    assert median(bank, "email-addr") == vocabulary().kind("email-addr").replace_days[0] != before
    assert median(bank) == pytest.approx(by_hand(MEDIAN, 2))
