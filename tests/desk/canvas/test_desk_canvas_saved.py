"""Views that people keep: what comes back, for whom, and what no record of one may hold."""

from __future__ import annotations

import pytest
from canvas_world import BANK_ONLY, FAMILY, GANG, GREEN, HIDDEN, HOST, LAND, SITES, names, tell, tell_secret
from desk_world import World, entity

from chokepoint.desk.canvas import Placed, find_view, open_view, save_view, views
from chokepoint.desk.canvas.saved import FARTHEST, LONGEST, MOST_ANCHORS
from chokepoint.desk.keeping.erase import erase
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import Marking, Tlp
from chokepoint.store.base import VIEW


def placed(*entities: object) -> list[Placed]:
    return [Placed(id=str(one), x=10 * at, y=-at, pinned=at == 1) for at, one in enumerate(entities)]


@pytest.fixture
def told(world: World) -> World:
    tell(world)
    return world


def test_a_kept_view_comes_back_with_every_thing_in_its_place(told):
    things = placed(FAMILY, GANG, LAND, *SITES)
    name = save_view(told.open("police"), "Alphabot", things, layout="layered")
    about, found, places = open_view(told.open("police"), name)
    assert (about.title, about.layout, about.organisation) == ("Alphabot", "layered", "police")
    assert sorted(places, key=lambda one: one.x) == things
    assert {node.id for node in found.nodes} == {one.id for one in things}
    assert len(found.lines) == 8


def test_another_member_opens_a_shared_view(told):
    name = save_view(told.open("police"), "Alphabot", placed(FAMILY, GANG))
    assert [view.id for view in views(told.open("bank"))] == [name]
    assert len(open_view(told.open("bank"), name)[1].nodes) == 2


def test_the_newest_view_stands_first(told):
    first, second = (save_view(told.open("police"), title, placed(FAMILY)) for title in ("one", "two"))
    assert [view.id for view in views(told.open("police"))] == [second, first]


def test_the_record_of_a_view_names_claims_and_no_entity(told):
    save_view(told.open("police"), "Alphabot", placed(FAMILY, GANG, SITES[0]))
    reader = told.open("police").reader
    with reader.connect() as connection:
        [(_, _, body)] = list(reader.records(connection, VIEW))
    for thing in (FAMILY, GANG, SITES[0]):
        assert thing.value.encode() not in body


def test_a_view_is_as_closed_as_the_claims_that_anchor_it(told):
    name = save_view(told.open("police"), "host", placed(HOST))
    assert find_view(told.open("police"), name).tlp == "TLP:GREEN"


def test_a_view_may_be_kept_more_closed_than_its_claims(told):
    name = save_view(told.open("bank"), "mine", placed(FAMILY), marking=BANK_ONLY)
    assert find_view(told.open("bank"), name).tlp == "TLP:RED"
    with pytest.raises(NotFoundError):
        find_view(told.open("police"), name)


def test_red_without_recipients_stays_in_the_house(told):
    name = save_view(told.open("bank"), "mine", placed(FAMILY), marking=Marking(tlp=Tlp.RED))
    assert find_view(told.open("bank"), name).title == "mine"
    assert views(told.open("vendor")) == []


def test_what_rests_on_a_secret_is_kept_from_whoever_may_not_know_it(told):
    tell_secret(told)
    name = save_view(told.open("bank"), "behind it", placed(GANG, HIDDEN))
    with pytest.raises(NotFoundError):
        open_view(told.open("police"), name)
    assert len(open_view(told.open("bank"), name)[1].nodes) == 2


def test_the_most_believed_statement_anchors_a_thing(told):
    """So that a secret repetition of what everybody may know does not close the view."""
    tell_secret(told)
    name = save_view(told.open("vendor"), "open", placed(FAMILY, GANG))
    assert find_view(told.open("police"), name).tlp == "TLP:CLEAR"


def test_a_thing_without_links_is_not_kept(told):
    told.say("vendor", (entity("tool:lonely"), "alias", "Lonely"), path="lonely")
    name = save_view(told.open("police"), "two", placed(FAMILY, entity("tool:lonely")))
    assert [place.id for place in open_view(told.open("police"), name)[2]] == names(FAMILY)


def test_what_is_erased_is_gone_from_a_kept_view(told):
    person = entity("person:jane doe")
    told.say("vendor", (person, "uses", FAMILY), path="person")
    name = save_view(told.open("vendor"), "with a person", placed(FAMILY, person))
    erase(told.open("bank"), person, reason="asked by the person", basis="Art. 17 GDPR")
    assert [place.id for place in open_view(told.open("vendor"), name)[2]] == names(FAMILY)


@pytest.mark.parametrize(
    ("title", "things", "layout"),
    [
        pytest.param("", placed(FAMILY), "force", id="no title"),
        pytest.param(" \t", placed(FAMILY), "force", id="blank title"),
        pytest.param("x" * (LONGEST + 1), placed(FAMILY), "force", id="long title"),
        pytest.param("t", [], "force", id="nothing"),
        pytest.param("t", placed(*[FAMILY] * (MOST_ANCHORS + 1)), "force", id="too much"),
        pytest.param("t", placed(FAMILY), "spiral", id="no such layout"),
        pytest.param("t", [Placed(id=str(FAMILY), x=FARTHEST + 1, y=0)], "force", id="far right"),
        pytest.param("t", [Placed(id=str(FAMILY), x=0, y=-FARTHEST - 1)], "force", id="far up"),
        pytest.param("t", placed(entity("group:nobody")), "force", id="unknown things"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_no_record(told, title, things, layout):
    with pytest.raises(RefusedError):
        save_view(told.open("police"), title, things, layout=layout)
    assert views(told.open("police")) == []


@pytest.mark.parametrize(("x", "y"), [(FARTHEST, -FARTHEST), (0, 0)])
def test_the_farthest_place_is_kept(told, x, y):
    name = save_view(told.open("police"), "far", [Placed(id=str(FAMILY), x=x, y=y)])
    [place] = open_view(told.open("police"), name)[2]
    assert (place.x, place.y) == (x, y)


def test_a_title_is_kept_without_the_blanks_around_it(told):
    name = save_view(told.open("police"), "  Alpha bot ", placed(FAMILY), marking=GREEN)
    assert find_view(told.open("police"), name).title == "Alpha bot"


def test_nobody_keeps_a_view_for_a_group_that_they_do_not_know(told):
    unknown = Marking(tlp=Tlp.AMBER, audience=frozenset({"group:00000000-0000-0000-0000-000000000000"}))
    with pytest.raises(NotFoundError):
        save_view(told.open("police"), "t", placed(FAMILY), marking=unknown)
