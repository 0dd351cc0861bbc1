"""Two minutes: every figure is one of the viewer's own map, and can be counted by hand."""

from __future__ import annotations

import pytest
from chain_world import chain
from desk_world import RED, entity

from chokepoint.desk.looking.summary import MOST_COUNTRIES, TOLD, summary, unvoted
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.note import Draft, note
from chokepoint.desk.work.operation import open_operation, set_state
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp

EVIL, GOOD = entity("domain-name:evil.com"), entity("domain-name:good.com")
GANG, FOX = entity("group:fox gang"), entity("campaign:fox hunt")


def country(code):
    return entity(f"country:{code}")


def test_things_actors_statements_and_publishers_are_counted(world):
    world.say("bank", (EVIL, "attributed-to", GANG), (GOOD, "attributed-to", FOX), origin="one lab")
    world.say("police", (EVIL, "attributed-to", GANG), origin="another lab", path="p")
    found = summary(world.open("vendor"))
    assert (found.things, found.actors, found.statements, found.publishers) == (4, 2, 2, 2)


def test_what_is_said_in_words_is_no_link(world):
    world.say("bank", (EVIL, "attributed-to", GANG), (GANG, "alias", "foxes"))
    assert summary(world.open("vendor")).statements == 1


def test_only_what_members_accepted_counts_as_accepted(world):
    names = world.ids("bank", world.say("bank", (EVIL, "attributed-to", GANG), (GOOD, "attributed-to", GANG)))
    for who in ("police", "vendor"):
        vote(world.open(who), names[:1], Vote.CONFIRM, "checked")
    found = summary(world.open("vendor"))
    assert (found.statements, found.accepted) == (2, 1)


def test_countries_are_those_of_groups_and_campaigns_the_most_first(world):
    lands = [("ru", GANG), ("ru", FOX), ("kp", entity("group:lamp")), ("us", entity("organisation:a shop"))]
    world.say("bank", *((who, "located-in", country(code)) for code, who in lands))
    found = summary(world.open("vendor")).countries
    assert [(one.country, one.entities) for one in found] == [("RU", 2), ("KP", 1)]


def test_no_more_countries_than_fit_a_glance(world):
    codes = ["ru", "kp", "ir", "cn", "us", "fr", "de", "th", "ke", "br"]
    world.say("bank", *((entity(f"group:g{code}"), "located-in", country(code)) for code in codes))
    assert len(summary(world.open("vendor")).countries) == MOST_COUNTRIES


@pytest.mark.parametrize("marking", [RED, Marking(tlp=Tlp.AMBER), Marking(tlp=Tlp.AMBER_STRICT)])
def test_what_may_not_be_seen_changes_no_figure(world, marking):
    world.say("bank", (EVIL, "attributed-to", GANG))
    before = summary(world.open("vendor"))
    world.say(
        "police", (GOOD, "attributed-to", FOX), (FOX, "located-in", country("ru")), marking=marking, path="p"
    )
    open_operation(world.open("police"), Operation(id="", name="Quiet", marking=marking))
    assert summary(world.open("vendor")) == before
    assert summary(world.open("police")) != before


def test_open_operations_come_first_then_the_newest_and_not_too_many(world):
    atlas = world.open("bank")
    made = [open_operation(atlas, Operation(id="", name=f"Op {number}")) for number in range(TOLD + 2)]
    for one in made[-3:]:
        set_state(atlas, one.id, "done")
    names = [one.name for one in summary(atlas).operations]
    assert names == [f"Op {number}" for number in reversed(range(TOLD - 1))] + [f"Op {TOLD + 1}"]


def test_an_operation_that_was_called_off_is_not_open(world):
    atlas = world.open("bank")
    off, on = (open_operation(atlas, Operation(id="", name=name)) for name in ("Off", "On"))
    set_state(atlas, off.id, "called off")
    assert [one.name for one in summary(atlas).operations] == [on.name, off.name]


def test_without_a_chain_it_says_why_nothing_can_be_struck(world):
    world.say("bank", (EVIL, "attributed-to", GANG))
    found = summary(world.open("bank")).strike
    assert found.chain is None
    assert found.reasons()


def test_with_a_chain_it_says_where_a_strike_lasts(world):
    chain(world)
    assert summary(world.open("bank")).strike.chain is not None


def test_an_empty_map_has_a_summary_too(world):
    found = summary(world.open("bank"))
    assert (found.things, found.statements, found.accepted) == (0, 0, 0)
    assert not found.countries
    assert not found.operations
    assert not found.totals


class TestUnvoted:
    def test_claims_of_others_count_and_ones_own_do_not(self, world):
        world.say("bank", (EVIL, "attributed-to", GANG), (GOOD, "attributed-to", GANG))
        world.say("police", (EVIL, "uses", GANG), path="p")
        assert [unvoted(world.open(who)) for who in ("bank", "police", "vendor")] == [1, 2, 3]

    def test_a_vote_takes_one_away_for_the_whole_organisation(self, world):
        names = world.ids(
            "bank", world.say("bank", (EVIL, "attributed-to", GANG), (GOOD, "attributed-to", GANG))
        )
        vote(world.open("vendor"), names[:1], Vote.UNSURE, "cannot tell")
        assert unvoted(world.open("vendor", "ann")) == unvoted(world.open("vendor")) == 1

    def test_notes_in_words_are_not_for_a_vote(self, world):
        note(world.open("bank"), Draft(text="seen again", about=("evil.com",)))
        assert unvoted(world.open("vendor")) == 0

    def test_hidden_claims_are_not_counted(self, world):
        world.say("police", (EVIL, "attributed-to", GANG), marking=RED)
        assert unvoted(world.open("vendor")) == 0
