"""What programs are not given: hidden, RED, withheld, unvetted, personal; and that each fetch is logged."""

from __future__ import annotations

import re

import pytest
from taxii_desk import HIDDEN, Program, accept, as_one
from web_world import EVIL, GANG, SHOP, say

from chokepoint.desk.handing import feed as feeds
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.desk.watch.access import log
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer

ACCEPTED = "/collections/accepted"
LATE = Entity("domain-name", "late.example")


def claims_on(web, organisation, entity):
    atlas = as_one(web, organisation)
    with atlas.reader.connect() as connection:
        eid = atlas.reader.eid(connection, entity)
        return [one.id for one in atlas.reader.claims(connection, atlas.reader.about(connection, eid))]


def newest(one):
    return one.get(f"{ACCEPTED}/manifest/").json()["objects"][-1]["date_added"]


def linked(objects):
    return [one for one in objects if one["type"] in {"relationship", "note"}]


def test_who_may_not_see_a_claim_finds_no_trace_of_it(program):
    assert HIDDEN.value in program("vendor").told()
    assert HIDDEN.value not in program("mill").told()


def test_pages_counts_and_dates_are_those_of_the_viewers_own_map(own):
    one = Program(own, "mill")
    before = one.get(f"{ACCEPTED}/manifest/", limit="3")
    say(
        as_one(own, "police"),
        "More",
        Marking(tlp=Tlp.AMBER, audience=frozenset({"bank", "vendor"})),
        ((LATE, "attributed-to", GANG),),
    )
    accept(own, LATE, by=("bank", "vendor"))
    after = one.get(f"{ACCEPTED}/manifest/", limit="3")
    assert LATE.value in Program(own, "vendor").told()
    assert (after.content, after.headers) == (before.content, before.headers)


def test_what_may_not_be_seen_leaves_the_mark_of_a_feed_as_it_is(own):
    mill = as_one(own, "mill")
    before = feeds.feed_mark(mill)
    say(as_one(own, "police"), "More", Marking(tlp=Tlp.AMBER), ((LATE, "attributed-to", GANG),))
    assert feeds.feed_mark(mill) == before
    say(as_one(own, "police"), "More", CLEAR, ((LATE, "attributed-to", GANG),))
    assert feeds.feed_mark(mill) != before


def test_a_hidden_object_and_none_are_the_same_bytes(program):
    (hidden,) = [one["id"] for one in program("vendor").objects() if one.get("value") == HIDDEN.value]
    for end in ("", "versions/"):
        told = program("mill").get(f"{ACCEPTED}/objects/{hidden}/{end}")
        absent = program("mill").get(f"{ACCEPTED}/objects/{hidden[:-4]}0000/{end}")
        assert (told.status_code, told.content) == (404, absent.content)
    assert program("mill").get(f"{ACCEPTED}/objects/", match_id=hidden).json() == {}


@pytest.mark.parametrize("who", ["bank", "vendor", "police"])
def test_red_never_leaves_by_a_program_not_even_to_who_is_named(program, who):
    told = program(who).told()
    assert "controlled-by" not in told
    assert "TLP:RED" not in told


def test_natural_persons_come_under_pseudonyms(program):
    told = program("vendor").told()
    assert "jane roe" not in told
    assert re.search(r"Person [a-z2-7]{8}\b", told)


def test_what_is_vetted_but_must_not_be_disclosed_stays(own):
    before = Program(own, "vendor")
    assert SHOP.value in before.told()
    with own.office.atlas.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO memberships (scope, member) SELECT ?, ?", _withheld(SHOP))
    assert SHOP.value not in before.told()


def _withheld(entity):
    from chokepoint.store.people import BETWEEN, WITHHELD  # noqa: PLC0415 - names of the projection's own

    return (WITHHELD, f"{entity.kind}{BETWEEN}{entity.value}")


def test_whoever_asks_for_what_came_later_gets_what_was_accepted_since(own):
    one = Program(own, "mill")
    since = newest(one)
    say(as_one(own, "bank"), "Later", CLEAR, ((LATE, "attributed-to", GANG),))
    assert one.objects(added_after=since) == []
    accept(own, LATE, by=("police", "vendor", "mill"))
    found = one.objects(added_after=since)
    assert LATE.value in [thing.get("value") for thing in found]
    assert len(linked(found)) == 1


def test_what_is_recalled_comes_once_more_as_revoked(own):
    one = Program(own, "mill")
    since = newest(one)
    (link,) = linked(
        thing for thing in one.objects() if thing["type"] == "relationship" and _about(one, thing, SHOP)
    )
    recall(as_one(own, "bank"), claims_on(own, "bank", SHOP), "wrong list")
    found = linked(one.objects(added_after=since))
    assert [thing["id"] for thing in found] == [link["id"]]
    assert found[0]["revoked"] is True
    assert found[0]["created"] == link["created"]
    assert found[0]["modified"] > link["modified"]


def _about(one, thing, entity):
    values = {each["id"]: each.get("value") for each in one.objects()}
    return values.get(thing["source_ref"]) == entity.value


def test_what_is_disputed_later_comes_once_more_as_revoked(own):
    one = Program(own, "mill")
    since = newest(one)
    vote(as_one(own, "police"), claims_on(own, "police", SHOP), Vote.DISPUTE, "parked")
    found = linked(one.objects(added_after=since))
    assert [thing.get("revoked") for thing in found] == [True]


def test_what_is_marked_anew_comes_once_more_under_its_new_label(own):
    one = Program(own, "mill")
    since = newest(one)
    remark(as_one(own, "bank"), claims_on(own, "bank", SHOP), Marking(tlp=Tlp.GREEN), "not for the press")
    found = one.objects(added_after=since)
    (link,) = linked(found)
    names = {thing["id"]: thing.get("name") for thing in one.objects()}
    assert next(names[mark] for mark in link["object_marking_refs"]) == "TLP:GREEN"


def test_each_fetch_is_logged_with_what_was_given_and_counts_for_no_look(own):
    one = Program(own, "bank")
    one.get(f"{ACCEPTED}/objects/", match_id="domain-name--5d7b159c-1821-5595-b1f7-2213ba2674e6")
    (seen,) = [each for each in log(as_one(own, "bank")) if each.entry.verb == "taxii"]
    assert tuple(EVIL) in seen.entry.entities
    assert seen.entry.to == ("bank",)
    assert seen.entry.claims


def test_a_feed_is_made_anew_only_when_it_may_differ(own, monkeypatch):
    made = []
    monkeypatch.setattr(
        own.office.feeds, "_make", lambda atlas: made.append(atlas.viewer) or feeds.feed(atlas)
    )
    one, other = Program(own, "bank"), Program(own, "vendor")
    for each in (one, one, other, one):
        each.objects()
    assert [viewer.organisation for viewer in made] == ["bank", "vendor"]
    say(as_one(own, "police"), "More", CLEAR, ((LATE, "attributed-to", GANG),))
    one.objects()
    assert made[-1] == Viewer(organisation="bank")
    assert len(made) == 3
