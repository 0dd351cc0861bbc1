"""The source of a claim opened at its place, and dossiers as of a past day: for whoever may see them."""

from __future__ import annotations

import pytest
from desk_world import RED, World

from chokepoint.desk.looking.look import show
from chokepoint.desk.looking.source import source
from chokepoint.desk.watch.access import log
from chokepoint.model.errors import NotFoundError, NotValidError
from chokepoint.model.identity import Entity

EVIL, GANG = Entity("domain-name", "evil.com"), Entity("group", "copper lantern")


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "atlas")
    for name in ("bank", "police", "vendor"):
        made.join(name)
    yield made
    for atlas in made.opened:
        atlas.engine.dispose()
        atlas.vault.engine.dispose()


def first(atlas):
    return show(atlas, "evil.com").evidence[0].stored.id


def test_what_stands_at_the_place_is_shown_with_where_that_is(world):
    world.say("bank", (EVIL, "attributed-to", GANG), place="line 1", path="list.txt")
    bank = world.open("bank")
    found = source(bank, first(bank))
    assert (found.text, found.path, found.problem) == ("bank list.txt bank", "list.txt", "")
    assert found.stored.contributor == "bank"
    assert found.votes == ()


def test_a_place_that_the_capture_has_not_got_is_said(world):
    world.say("bank", (EVIL, "attributed-to", GANG), place="line 900")
    bank = world.open("bank")
    found = source(bank, first(bank))
    assert found.text == ""
    assert found.problem


@pytest.mark.parametrize("name", ["", "0" * 64, "zz", "é", "0" * 63, "'; DROP TABLE claims"])
def test_a_name_that_is_no_claims_names_nothing(world, name):
    world.say("bank", (EVIL, "attributed-to", GANG))
    with pytest.raises(NotFoundError, match="no such claim in your map"):
        source(world.open("bank"), name)


def test_a_claim_for_others_has_no_source_for_the_viewer(world):
    world.say("police", (EVIL, "attributed-to", GANG), marking=RED)
    name = first(world.open("police"))
    with pytest.raises(NotFoundError, match="no such claim in your map"):
        source(world.open("bank"), name)


def test_whoever_is_still_to_vote_learns_neither_contributor_nor_votes(world):
    world.say("police", (EVIL, "attributed-to", GANG))
    vendor = world.open("vendor")
    found = source(vendor, first(vendor))
    assert found.stored.contributor == ""
    assert "police" not in found.stored.claim.provenance.origin


def test_opening_a_source_is_logged_before_it_is_shown(world):
    world.say("bank", (EVIL, "attributed-to", GANG))
    bank = world.open("bank")
    name = first(bank)
    source(bank, name)
    entry = next(one.entry for one in log(bank) if one.entry.verb == "source")
    assert entry.asked == name
    assert set(entry.entities) == {tuple(EVIL), tuple(GANG)}


def test_as_of_a_past_day_a_dossier_holds_what_was_recorded_by_then(world):
    world.clock = "2097-02-03T04:05:06.000Z"
    world.say("bank", (EVIL, "attributed-to", GANG))
    world.clock = "2097-03-03T04:05:06.000Z"
    world.say("police", (EVIL, "alias", "a later name"))
    bank = world.open("bank")
    then, now = show(bank, "evil.com", as_of="2097-02-10"), show(bank, "evil.com")
    assert [one.stored.claim.property for one in then.evidence] == ["attributed-to"]
    assert {one.stored.claim.property for one in now.evidence} == {"attributed-to", "alias"}
    assert show(bank, "evil.com", as_of="2097-02-02").entity is None
    assert show(bank, "evil.com", as_of="2097-03-04").evidence == now.evidence


def test_a_moment_that_is_none_is_refused(world):
    with pytest.raises(NotValidError, match="is no moment"):
        show(world.open("bank"), "evil.com", as_of="yesterday")
