"""Maps that may lack what came last: how long, for whom, and what is never late."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, World, entity
from snapshot_world import THINGS, seen

from chokepoint.desk.analyse import load_snapshot, view
from chokepoint.desk.canvas import Placed, save_view
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.identity import decide
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.mark import mark
from chokepoint.desk.people.staff import invite
from chokepoint.desk.vetting.queue import AGAIN, queue
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.reserve import reserve
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.analyse import View

SITE, GANG = THINGS[0], THINGS[3]
LATE = 60.0


def late(world: World, who: str = "police", seconds: float = LATE) -> View:
    return load_snapshot(replace(world.open(who), late=seconds))


def aged(world: World, seconds: float) -> None:
    """As though it was so long ago that the maps on the shelf were known to hold all there is."""
    for folder in (world.folder / "cache").glob("snapshot-*"):
        then = folder.stat().st_mtime - seconds
        os.utime(folder, (then, then))


def test_a_map_may_lack_what_came_last_for_whoever_asked_for_that_alone(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    ids = world.ids("bank", world.say("bank", (THINGS[1], "indicates", GANG), path="more"))
    vote(world.open("vendor"), ids, Vote.CONFIRM, "looked")
    assert late(world).snapshot.size == 2
    assert load_snapshot(world.open("police")).snapshot.size == 3
    assert late(world).snapshot.size == 3


@pytest.mark.parametrize(("passed", "size"), [(LATE - 5, 2), (LATE + 5, 3)], ids=["lately", "long ago"])
def test_a_late_map_is_no_later_than_was_asked_for(world: World, passed: float, size: int) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    aged(world, passed)
    assert late(world).snapshot.size == size


def test_a_late_map_makes_itself_no_younger_by_being_looked_at(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    aged(world, LATE - 5)
    assert late(world).snapshot.size == 2
    aged(world, 6)
    assert late(world).snapshot.size == 3


def test_a_map_that_is_long_known_is_late_from_when_it_was_last_all_there_is(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    aged(world, 10 * LATE)
    seen(world, "police")
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    assert late(world).snapshot.size == 2


def test_no_map_is_late_after_a_recall(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG)))
    seen(world, "police")
    recall(world.open("bank"), ids, "a mistake")
    assert late(world).name == load_snapshot(world.open("police")).name


def test_no_map_is_late_after_two_things_were_found_to_be_one(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG), (THINGS[1], "indicates", GANG))
    seen(world, "police")
    decide(world.open("bank"), (str(SITE), str(THINGS[1])), Sameness.SAME, reason="one owner")
    world.say("bank", (THINGS[2], "indicates", GANG), path="more")
    assert late(world).snapshot.size == 4


def test_no_map_is_late_for_another_organisation(world: World) -> None:
    """Whose word counts as one's own differs, and so does what one is still to vote on."""
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG)))
    seen(world, "police")
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    vote(world.open("vendor"), ids, Vote.CONFIRM, "looked")
    assert late(world, "vendor").snapshot.size == 3


def test_no_late_map_shows_what_was_marked_anew(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG)))
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    seen(world, "police")
    remark(world.open("bank"), ids, RED, "it is closed now")
    assert late(world).snapshot.size == 2


def test_no_late_map_is_of_a_day_before(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    tomorrow = replace(world.open("police"), late=LATE, clock=lambda: "2026-02-04T00:00:01.000Z")
    assert load_snapshot(tomorrow).name != load_snapshot(world.open("police")).name


def test_what_is_shared_with_others_is_never_read_late(world: World) -> None:
    one = replace(world.open("bank"), late=LATE)
    assert one.shared_with([]).late == 0.0


def waiting(world: World, limit: int = 40) -> list[str]:
    """What waits for the police by a map that may be late."""
    return [one.id for one in queue(replace(world.open("police"), late=LATE), limit=limit)]


def sites(world: World, number: int) -> list[str]:
    said = [(entity(f"domain-name:s{at}.com"), "indicates", GANG) for at in range(number)]
    return world.ids("bank", world.say("bank", *said))


def test_a_claim_that_was_voted_on_has_left_the_list_at_once_though_the_map_is_late(world: World) -> None:
    ids = sites(world, 3)
    assert sorted(waiting(world)) == sorted(ids)
    vote(world.open("police"), ids[:1], Vote.UNSURE, "looked")
    assert sorted(waiting(world)) == sorted(ids[1:])


def test_a_claim_that_others_decided_has_left_it_too(world: World) -> None:
    for name in ("ngo", "cert"):
        world.join(name)
    ids = sites(world, 3)
    assert len(waiting(world)) == 3
    for name in ("vendor", "ngo", "cert"):
        vote(world.open(name), ids[:1], Vote.DISPUTE, "it is not so")
    assert (ids[0] in waiting(world)) is (ids[0] in [one.id for one in queue(world.open("police"))])


def test_a_list_of_which_nothing_is_left_is_read_anew(world: World) -> None:
    ids = sites(world, 3)
    assert len(waiting(world)) == 3
    more = world.ids("bank", world.say("bank", (SITE, "indicates", GANG), path="more"))
    vote(world.open("police"), ids, Vote.UNSURE, "looked")
    aged(world, AGAIN)
    assert waiting(world) == more


def test_a_list_that_was_empty_is_read_anew(world: World) -> None:
    assert waiting(world) == []
    ids = sites(world, 3)
    aged(world, AGAIN - 1)
    assert waiting(world) == []
    aged(world, 1)
    assert sorted(waiting(world)) == sorted(ids)


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_late_list_is_as_long_as_was_asked_for(world: World, limit: int) -> None:
    ids = sites(world, 6)
    assert len(waiting(world, limit)) == limit
    vote(world.open("police"), ids[:1], Vote.CONFIRM, "looked")
    assert len(waiting(world, limit)) == limit


def test_what_was_marked_anew_is_on_no_late_list(world: World) -> None:
    ids = sites(world, 3)
    assert len(waiting(world)) == 3
    remark(world.open("bank"), ids[:1], RED, "it is closed now")
    assert sorted(waiting(world)) == sorted(ids[1:])


def test_votes_and_claims_change_the_state_of_a_map_and_not_its_sight(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG)))
    before = mark(world.open("police"))
    vote(world.open("vendor"), ids, Vote.CONFIRM, "looked")
    voted = mark(world.open("police"))
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    claimed = mark(world.open("police"))
    assert before.sight == voted.sight == claimed.sight
    assert len({before.state, voted.state, claimed.state}) == 3


def a_case(world: World) -> str:
    about = {"owner": "o", "review_date": "2027-01-01", "marking": Marking(tlp=Tlp.GREEN)}
    return open_case(world.open("bank"), Case(id="", title="Lanterns", purpose="to learn", **about)).id  # type: ignore[arg-type]


def a_reservation(world: World) -> object:
    return reserve(world.open("bank"), a_case(world), [str(SITE)])


def a_new_colleague(world: World) -> object:
    return invite(world.open("police"), "pat", [Role.INVESTIGATOR])


def a_kept_view(world: World) -> object:
    return save_view(world.open("bank"), "gang", [Placed(id=str(GANG), x=0, y=0)])


@pytest.mark.parametrize("work", [a_case, a_reservation, a_new_colleague, a_kept_view])
def test_a_map_stays_late_while_people_open_cases_and_keep_views(
    world: World, work: Callable[[World], object]
) -> None:
    """No statement of a map rests on their work: else all would wait for a map whenever one did something."""
    world.say("bank", (SITE, "indicates", GANG))
    seen(world, "police")
    work(world)
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    assert late(world).snapshot.size == 2
    assert load_snapshot(world.open("police")).snapshot.size == 3


@pytest.mark.parametrize(
    ("work", "same"),
    [(a_kept_view, True), (a_new_colleague, True), (a_reservation, False)],
    ids=["a view", "a colleague", "a reservation"],
)
def test_what_is_reckoned_from_a_map_is_not_late_where_a_target_was_reserved(
    world: World, work: Callable[[World], object], *, same: bool
) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    before = mark(world.open("bank")).sight
    work(world)
    assert (mark(world.open("bank")).sight == before) is same


@pytest.mark.parametrize(
    ("asked", "size"), [(-1, 2), (0, 2), (1, 3)], ids=["before it", "with it", "after what came since"]
)
def test_who_waited_for_a_map_is_given_one_of_all_that_there_was_when_they_asked(
    world: World, asked: int, size: int
) -> None:
    """Though more has come meanwhile: else whoever waits would have to wait again, for ever."""
    world.say("bank", (SITE, "indicates", GANG))
    reader = world.open("police").reader
    seen(world, "police")
    with reader.connect() as connection:
        position = reader.position(connection)
    world.say("bank", (THINGS[1], "indicates", GANG), path="more")
    found = view._at_hand(world.open("police"), position + asked)
    assert (found.snapshot.size if found else 3) == size


def test_who_waited_is_given_nothing_that_was_taken_away_meanwhile(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG), (THINGS[1], "indicates", GANG)))
    seen(world, "police")
    recall(world.open("bank"), ids[:1], "a mistake")
    assert view._at_hand(world.open("police"), 0) is None


def test_what_takes_something_away_changes_the_sight_of_a_map(world: World) -> None:
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG), (THINGS[1], "indicates", GANG)))
    marks = [mark(world.open("police")).sight]
    recall(world.open("bank"), ids[:1], "a mistake")
    marks.append(mark(world.open("police")).sight)
    remark(world.open("bank"), ids[1:], RED, "it is closed now")
    marks.append(mark(world.open("police")).sight)
    marks.append(mark(replace(world.open("police"), clock=lambda: "2026-02-04T00:00:01.000Z")).sight)
    assert len(set(marks)) == 4


def test_what_a_viewer_may_not_see_leaves_both_as_they_are(world: World) -> None:
    before = mark(world.open("police"))
    closed = world.ids("bank", world.say("bank", (SITE, "indicates", GANG), marking=RED))
    recall(world.open("bank"), closed, "a mistake")
    assert mark(world.open("police")) == before


def test_one_viewers_mark_is_nobody_elses(world: World) -> None:
    marks = {mark(world.open(who)).sight for who in ("bank", "police", "vendor")}
    assert len(marks) == 3


def test_no_map_is_late_after_an_erasure_and_its_mark_is_another(world: World) -> None:
    world.say("bank", (SITE, "contact", entity("email-addr:x@b.com")), (THINGS[1], "indicates", GANG))
    seen(world, "police")
    before = mark(world.open("police")).sight
    erase(world.open("bank"), entity("email-addr:x@b.com"), reason="they asked", basis="GDPR 17")
    assert mark(world.open("police")).sight != before
    assert late(world).snapshot.size == load_snapshot(world.open("police")).snapshot.size == 2
