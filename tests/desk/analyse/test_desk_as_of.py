"""The map as of a past moment: what had been recorded by then, for whoever may see it today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from desk_world import RED, World, entity
from hypothesis import given, settings
from snapshot_world import LIST, THINGS, histories, perform, plain, seen

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.analyse.view import moment_of
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.identity import decide
from chokepoint.desk.looking.look import show
from chokepoint.desk.looking.route import path
from chokepoint.desk.vetting.review import choose_policy, recall, vote
from chokepoint.model.errors import NotValidError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import CLEAR
from chokepoint.store.moments import position_at
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable

SITE, OTHER, GANG = THINGS[0], THINGS[1], THINGS[3]


def at(second: int) -> str:
    """A moment after the members joined."""
    return f"2101-01-01T00:00:{second:02}.000Z"


def then(world: World, who: str, second: int) -> dict[str, Any]:
    return plain(load_snapshot(world.open(who), as_of=at(second)))


@settings(max_examples=4, deadline=None)
@given(histories)
def test_the_map_of_a_past_moment_is_the_one_that_was_seen_at_that_moment(
    made: Callable[[str], World], history: list[Any]
) -> None:
    world = made("past")
    told = {}
    for number, action in enumerate(history, 1):
        world.clock = at(number)
        perform(world, action, number)
        told[number] = {who: seen(world, who) for who in ("bank", "police")}
    for number in {1, len(history) // 2 + 1, len(history)}:
        for who, wanted in told[number].items():
            assert then(world, who, number) == wanted


@pytest.fixture
def world(made: Callable[[str], World]) -> World:
    return made("one")


def say(world: World, second: int, *sentences: Any, who: str = "bank", **about: Any) -> list[int]:
    world.clock = at(second)
    return world.say(who, *sentences, path=str(second), **about)


def verdict(told: dict[str, Any], statement: int = 0) -> str:
    return VERDICTS[told["verdict"][statement]].value


def test_what_was_recorded_later_is_not_there_yet(world: World):
    say(world, 1, (SITE, "indicates", GANG))
    say(world, 2, (OTHER, "indicates", GANG))
    assert then(world, "police", 1)["nodes"] == [str(SITE), str(GANG)]
    assert then(world, "police", 2)["nodes"] == [str(SITE), str(GANG), str(OTHER)]


def test_a_moment_before_the_first_record_is_an_empty_map(world: World):
    say(world, 1, (SITE, "indicates", GANG))
    view = load_snapshot(world.open("police"), as_of="1999-12-31")
    assert (view.snapshot.size, len(view.snapshot.subject)) == (0, 0)


def test_a_moment_to_come_is_the_map_of_now(world: World):
    say(world, 1, (SITE, "indicates", GANG))
    assert then(world, "police", 59) == seen(world, "police")


def test_votes_are_counted_up_to_the_moment(world: World):
    seqs = say(world, 1, (SITE, "indicates", GANG))
    for second, member in ((2, "police"), (3, "vendor")):
        world.clock = at(second)
        vote(world.open(member), world.ids(member, seqs), Vote.CONFIRM, "found it again")
    assert [verdict(then(world, "bank", second)) for second in (1, 2, 3)] == [
        "proposed",
        "proposed",
        "accepted",
    ]


def test_a_withdrawal_has_not_happened_before_it_did(world: World):
    seqs = say(world, 1, (SITE, "indicates", GANG))
    world.clock = at(2)
    recall(world.open("bank"), world.ids("bank", seqs), "a mistake")
    assert [verdict(then(world, "police", second)) for second in (1, 2)] == ["proposed", "recalled"]


def test_an_identity_holds_from_its_judgement_on(world: World):
    one, two = THINGS[3], THINGS[4]
    say(world, 1, (SITE, "indicates", one), (OTHER, "indicates", two))
    world.clock = at(2)
    decide(world.open("bank"), (str(one), str(two)), Sameness.SAME, reason="one name")
    world.clock = at(3)
    decide(world.open("bank"), (str(one), str(two)), Sameness.UNSURE, reason="or not")
    assert [len(then(world, "police", second)["bond_left"]) for second in (1, 2, 3)] == [0, 1, 0]


def test_a_known_good_list_flags_from_its_taking_in_on(world: World):
    say(world, 1, (THINGS[2], "indicates", GANG))
    say(world, 2, (THINGS[2], "listed-on", LIST))
    assert [bool(then(world, "police", second)["flags"][0]) for second in (1, 2)] == [False, True]


def test_the_policy_is_that_of_the_time(world: World):
    seqs = say(world, 1, (SITE, "indicates", GANG))
    for member in ("police", "vendor"):
        world.clock = at(2)
        vote(world.open(member), world.ids(member, seqs), Vote.CONFIRM, "found it again")
    world.clock = at(3)
    choose_policy(world.open("bank"), "frozen")
    assert [verdict(then(world, "bank", second)) for second in (2, 3)] == ["accepted", "proposed"]


def test_who_may_see_what_is_always_as_it_is_today(world: World):
    seqs = say(world, 1, (SITE, "indicates", GANG))
    assert len(then(world, "police", 1)["claims"]) == 1
    world.clock = at(2)
    remark(world.open("bank"), world.ids("bank", seqs), RED, "by mistake")
    assert then(world, "police", 1)["claims"] == []
    assert len(then(world, "bank", 1)["claims"]) == 1
    world.clock = at(3)
    remark(world.open("bank"), world.ids("bank", seqs), CLEAR, "no mistake")
    assert len(then(world, "police", 1)["claims"]) == 1


def test_what_is_hidden_leaves_no_mark_on_the_past_either(made: Callable[[str], World]):
    told = []
    for name, hidden in (("plain", False), ("hidden", True)):
        world = made(name)
        say(world, 1, (SITE, "indicates", GANG))
        if hidden:
            say(world, 2, (entity("domain-name:secret.com"), "indicates", GANG), marking=RED)
            say(world, 2, (SITE, "indicates", THINGS[4]), marking=RED, origin="their own")
        say(world, 3, (OTHER, "indicates", GANG))
        told.append([then(world, "police", second) for second in (1, 2, 3)])
    assert told[0] == told[1]


def test_the_past_is_not_put_beside_the_maps_of_today(world: World):
    say(world, 1, (SITE, "indicates", GANG))
    say(world, 2, (OTHER, "indicates", GANG))
    before = seen(world, "police")
    kept = sorted(path.name for path in (world.folder / "cache").glob("snapshot-*"))
    then(world, "police", 1)
    assert sorted(path.name for path in (world.folder / "cache").glob("snapshot-*")) == kept
    assert seen(world, "police") == before


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-29", "2024-02-29T23:59:59.999Z"),
        ("2024-12-31", "2024-12-31T23:59:59.999Z"),
        ("2024-02-29T12:00", "2024-02-29T12:00:00.000Z"),
        ("2024-02-29T12:00Z", "2024-02-29T12:00:00.000Z"),
        ("2024-02-29 12:00:01", "2024-02-29T12:00:01.000Z"),
        ("2024-02-29T12:00:00+07:00", "2024-02-29T05:00:00.000Z"),
        ("2024-03-01T01:00:00+02:00", "2024-02-29T23:00:00.000Z"),
        ("2024-02-29T12:00:00.123456Z", "2024-02-29T12:00:00.123Z"),
        ("20240229", "2024-02-29T23:59:59.999Z"),
    ],
)
def test_a_moment_is_read_in_utc_and_a_day_is_meant_to_its_end(text: str, moment: str):
    assert moment_of(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2023-02-29", "2024-13-01", "12:00", "2024", "\u0662024-01-01", "0"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-10:00"),
    ],
)
def test_what_is_no_moment_is_refused_with_a_mend(text: str):
    with pytest.raises(NotValidError, match="is no moment") as caught:
        moment_of(text)
    assert "2024-02-29" in caught.value.mend


def test_the_position_of_a_moment_is_the_last_of_the_batches_stamped_by_then(world: World):
    seqs = [
        say(world, second, (SITE, "indicates", GANG), (OTHER, "uses", GANG), origin=f"o{number}")[-1]
        for number, second in enumerate((2, 4, 4, 8))
    ]
    reader = world.open("police").reader
    with reader.connect() as connection:
        before = position_at(connection, at(1))
        assert [position_at(connection, at(second)) for second in (2, 3, 4, 7, 8, 30)] == [
            seqs[0], seqs[0], seqs[2], seqs[2], seqs[3], seqs[3],
        ]  # fmt: skip
        assert 0 < before < seqs[0] - 1
        assert position_at(connection, "1999-01-01T00:00:00.000Z") == 0


def test_a_path_of_a_past_moment_walks_what_was_recorded_by_then(world: World):
    say(world, 1, (SITE, "indicates", GANG))
    say(world, 2, (OTHER, "indicates", GANG))
    police = world.open("police")
    assert path(police, str(SITE), str(OTHER), as_of=at(1)).routes == ()
    [found] = path(police, str(SITE), str(OTHER), as_of=at(2)).routes
    assert found.to_json() == path(police, str(SITE), str(OTHER)).routes[0].to_json()


def test_a_path_of_the_past_rests_on_no_judgement_that_came_after(world: World):
    world.clock = at(1)
    world.say("bank", (SITE, "indicates", GANG), (OTHER, "indicates", THINGS[4]))
    decide(world.open("bank"), (str(SITE), str(OTHER)), Sameness.SAME, reason="one registrant")
    world.clock = at(3)
    decide(world.open("vendor"), (str(SITE), str(OTHER)), Sameness.SAME, reason="one server")
    police = world.open("police")
    for moment, judges in (("", ["bank", "vendor"]), (at(2), ["bank"])):
        [found] = path(police, str(SITE), str(OTHER), as_of=moment).routes
        assert [one.origin for one in found.steps[0].witnesses] == judges


def test_a_path_as_of_no_moment_is_refused(world: World):
    say(world, 1, (SITE, "indicates", GANG), (OTHER, "indicates", GANG))
    with pytest.raises(NotValidError, match="is no moment"):
        path(world.open("police"), str(SITE), str(OTHER), as_of="some day")


@pytest.mark.parametrize("most", [1, 2, 3, 2_000])
def test_the_newest_claims_of_a_past_moment_are_those_that_were_the_newest_then(world: World, most: int):
    """However many came later, and belief rests on the older ones that say the same all the same."""
    say(world, 1, (SITE, "indicates", GANG), (OTHER, "indicates", GANG))
    say(world, 2, (SITE, "indicates", GANG), (THINGS[2], "indicates", GANG))
    before = show(world.open("police"), str(GANG), most=most)
    for second in range(3, 8):
        say(world, second, (OTHER, "uses", GANG), (SITE, "indicates", GANG))
    after = show(world.open("police"), str(GANG), most=most, as_of=at(2))
    assert [one.to_json() for one in after.evidence] == [one.to_json() for one in before.evidence]
    assert (after.more, len(after.evidence)) == (before.more, min(most, 4))


def test_a_thing_that_was_named_later_has_no_dossier_of_before(world: World):
    say(world, 1, (SITE, "indicates", GANG))
    say(world, 3, (OTHER, "indicates", GANG))
    assert show(world.open("police"), str(OTHER), as_of=at(2)).entity is None
    assert show(world.open("police"), str(OTHER), as_of=at(3)).entity == OTHER
