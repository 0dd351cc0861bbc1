"""A package says what was asked and how much was left out, and no number of it tells of what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.hand import Dispatch, build
from chokepoint.desk.handing.publish import read
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.oversight import flag_safety
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.package.parts import UNPROVED, Selection
from chokepoint.package.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GANG, SECRET = entity("group:bad gang"), Marking(tlp=Tlp.RED)
POLICE = Dispatch(recipients=frozenset({"police"}))


def say(
    world: World, first: int, count: int, *, accepted: bool, who: str = "bank", **about: object
) -> list[str]:
    said = [
        (entity(f"domain-name:evil{number}.com"), "indicates", GANG) for number in range(first, first + count)
    ]
    text = "\n".join(f"{one.value} indicates bad gang" for one, _, _ in said)
    ids = world.ids(who, world.say(who, *said, text=text, path=f"{first}.txt", **about))
    for member in ("police", "vendor") if accepted else ():
        vote(world.open(member), ids, Vote.CONFIRM, "seen")
    return ids


def selection(world: World, folder: Path) -> Selection:
    files = read(build(world.open("bank"), "bad gang", folder, POLICE).folder)
    found = verify(files)
    assert found.failures == ()
    assert found.selection is not None
    return found.selection


@pytest.fixture(scope="module")
def many(worlds: Callable[[], World]) -> World:
    """Three accepted claims about the gang, and thirty that nobody vetted."""
    world = worlds()
    say(world, 0, 3, accepted=True)
    say(world, 100, 30, accepted=False)
    return world


def test_it_says_what_was_asked_how_much_is_in_it_and_roughly_what_is_not(
    many: World, tmp_path: Path
) -> None:
    found = selection(many, tmp_path / "p")
    assert (found.about, found.verdicts, found.included) == ("bad gang", ("accepted",), 3)
    (unvetted, first), (restricted, second) = found.left_out
    assert unvetted.startswith("not accepted")
    assert first in (11, 22)
    assert restricted.startswith("under a restriction")
    assert second == 0


def test_the_sentences_say_what_cannot_be_proved(many: World, tmp_path: Path) -> None:
    told = selection(many, tmp_path / "p").limits()
    assert told[0] == "Asked for: all accepted statements about bad gang that every recipient may see."
    assert told[1].startswith(
        "Included: 3 claims. Left out: not accepted, or not to be handed on now, at least "
    )
    assert "fewer than 11 or too near to it" in told[1]
    assert told[2] == UNPROVED


def test_the_same_question_again_gets_the_same_numbers(many: World, tmp_path: Path) -> None:
    assert selection(many, tmp_path / "a") == selection(many, tmp_path / "b")


def test_what_a_recipient_may_not_see_changes_no_number(many: World, tmp_path: Path) -> None:
    """The sender knows of forty more under RED: the package is, in this, the same with and without them."""
    before = selection(many, tmp_path / "a")
    say(many, 200, 40, accepted=False, marking=SECRET)
    assert selection(many, tmp_path / "b") == before


def test_a_flag_for_safety_is_told_apart_from_nothing(world: World, tmp_path: Path) -> None:
    """Two packages of one look, one where a claim is flagged and one where nobody confirmed it."""
    told = []
    for number, flagged in enumerate((True, False)):
        base = 1000 * number
        gang = entity(f"group:gang {number}")
        said = [(entity(f"domain-name:evil{base + one}.com"), "indicates", gang) for one in range(4)]
        text = "\n".join(f"{one.value} indicates {gang.value}" for one, _, _ in said)
        ids = world.ids("bank", world.say("bank", *said, text=text, path=f"{number}.txt"))
        for member in ("police", "vendor"):
            vote(world.open(member), ids if flagged else ids[:3], Vote.CONFIRM, "seen")
        if flagged:
            flag_safety(world.open("vendor"), Entity("claim", ids[3]), "a worker spoke")
        files = read(build(world.open("bank"), gang.value, tmp_path / str(number), POLICE).folder)
        found = verify(files).selection
        assert found is not None
        told.append((found.included, found.left_out))
    assert told[0] == told[1]
