"""What is withheld now and why, as overseers are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import entity

from chokepoint.desk.people.staff import appoint
from chokepoint.desk.watch.oversight import flag_safety, kept_out, veto
from chokepoint.model.errors import RefusedError
from chokepoint.model.role import Role
from chokepoint.store.people import withheld

if TYPE_CHECKING:
    from desk_world import World

    from chokepoint.desk.atlas import Atlas

SITE, GANG, SHOP = (
    entity("domain-name:evil.com"),
    entity("malware:dridex"),
    entity("domain-name:shop.example"),
)


@pytest.fixture
def watched(world: World) -> World:
    """An atlas with two overseers."""
    for person in ("vendor/olga", "police/otto"):
        appoint(world.open("bank"), person, Role.OVERSEER)
    return world


def olga(world: World) -> Atlas:
    return world.open("vendor", "olga")


def test_nothing_is_withheld_before_anybody_says_so(watched: World) -> None:
    assert kept_out(olga(watched)) == []


def test_a_veto_tells_who_when_and_why(watched: World) -> None:
    watched.clock = "2026-03-04T05:06:07.000Z"
    veto(olga(watched), SITE, "nobody is sure")
    (told,) = kept_out(olga(watched))
    assert (told.entity, told.by, told.at, told.reason, told.safety) == (
        SITE,
        "vendor/olga",
        watched.clock,
        "nobody is sure",
        False,
    )


@pytest.mark.parametrize(("organisation", "user", "by"), [("bank", "", "bank"), ("bank", "ann", "bank/ann")])
def test_a_safety_flag_names_the_organisation_or_the_person(
    watched: World, organisation: str, user: str, by: str
) -> None:
    flag_safety(watched.open(organisation, user), SITE, "a witness")
    (told,) = kept_out(olga(watched))
    assert (told.by, told.safety) == (by, True)


def test_every_overseer_is_told_of_the_words_of_the_others(watched: World) -> None:
    veto(olga(watched), SITE, "why")
    assert kept_out(watched.open("police", "otto")) == kept_out(olga(watched)) != []


def test_the_newest_comes_first(watched: World) -> None:
    for day, each in enumerate((SITE, GANG, SHOP), 1):
        watched.clock = f"2026-03-0{day}T00:00:00.000Z"
        veto(olga(watched), each, "why")
    assert [one.entity for one in kept_out(olga(watched))] == [SHOP, GANG, SITE]


def test_what_is_lifted_is_told_no_more_and_the_rest_is(watched: World) -> None:
    for each in (SITE, GANG):
        veto(olga(watched), each, "why")
    veto(watched.open("police", "otto"), SITE, "sure now", lift=True)
    assert [one.entity for one in kept_out(olga(watched))] == [GANG]


@pytest.mark.parametrize("last", ["safety", "veto"])
def test_after_a_lift_the_next_word_is_the_one_that_is_told(watched: World, last: str) -> None:
    flag_safety(watched.open("bank"), SITE, "old")
    veto(olga(watched), SITE, "lifted", lift=True)
    if last == "safety":
        flag_safety(watched.open("police"), SITE, "new")
    else:
        veto(olga(watched), SITE, "new")
    (told,) = kept_out(olga(watched))
    assert (told.reason, told.safety) == ("new", last == "safety")


def test_a_lift_of_what_was_never_withheld_adds_nothing(watched: World) -> None:
    veto(olga(watched), SITE, "to be sure", lift=True)
    assert kept_out(olga(watched)) == []


def test_the_list_holds_exactly_what_packages_leave_out(watched: World) -> None:
    veto(olga(watched), SITE, "why")
    flag_safety(watched.open("bank"), GANG, "a witness")
    veto(olga(watched), SHOP, "why")
    veto(olga(watched), SHOP, "sure now", lift=True)
    with olga(watched).engine.connect() as connection:
        assert {one.entity for one in kept_out(olga(watched))} == withheld(
            connection, watched.open("bank").secret
        )


@pytest.mark.parametrize(
    ("organisation", "user"),
    [
        pytest.param("bank", "", id="the founder"),
        pytest.param("bank", "ann", id="a person"),
        pytest.param("vendor", "", id="an overseer's organisation"),
    ],
)
def test_nobody_but_an_overseer_is_told(watched: World, organisation: str, user: str) -> None:
    flag_safety(watched.open(organisation, user), SITE, "my own word")
    with pytest.raises(RefusedError) as caught:
        kept_out(watched.open(organisation, user))
    assert caught.value.mend


def test_an_overseer_who_is_none_any_more_is_not_told(watched: World) -> None:
    appoint(watched.open("bank"), "vendor/olga", Role.OVERSEER, held=False)
    with pytest.raises(RefusedError):
        kept_out(olga(watched))


def test_the_veto_of_an_overseer_who_is_none_any_more_stands(watched: World) -> None:
    veto(olga(watched), SITE, "why")
    appoint(watched.open("bank"), "vendor/olga", Role.OVERSEER, held=False)
    assert [one.by for one in kept_out(watched.open("police", "otto"))] == ["vendor/olga"]
