"""The first page for each who comes: the newcomer, the vetter, the coordinator, the minister; and no leaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown
from web_world import EVIL, GANG, RED, say

from chokepoint.desk.looking.summary import MOST_WAITING, unvoted
from chokepoint.desk.people.staff import appoint
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.access import log
from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.operation import act, open_operation, set_state
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.role import Role


def opened(web, who="bank"):
    organisation, _, user = who.partition("/")
    return web.office.opened_by(Viewer(organisation=organisation, user=user))


def words(person, path="/"):
    return shown(person.get(path).text)


def test_a_newcomer_first_meets_check(web):
    page = LexborHTMLParser(web.signed_in("bank").get("/").text)
    first = page.css_first("main form")
    assert first.attributes["action"] == "/check"
    assert first.css_first("textarea#text") is not None
    assert first.css_first("input[type=file]") is not None


def test_what_is_dropped_on_the_first_page_is_checked(fresh):
    person = fresh.signed_in("bank")
    person.get("/")
    answer = person.upload("/check", "list.csv", b"domain\nevil.com\n", text="")
    assert "evil[.]com" in shown(answer.text)


def test_a_vetter_sees_how_many_claims_wait_and_one_less_after_a_vote(fresh):
    vera = fresh.hired("vendor/vera", Role.VETTER)
    count = unvoted(opened(fresh, "vendor/vera"))
    assert count
    assert f"{count} claims by others on which your organisation has not voted" in words(vera)
    atlas = opened(fresh, "vendor/vera")
    [claim] = queue(atlas, limit=1)
    vote(atlas, [claim.id], Vote.CONFIRM, "seen")
    assert f"{count - 1} claims by others" in words(vera)


def test_what_may_not_be_seen_is_not_counted(fresh):
    vera = fresh.hired("vendor/vera", Role.VETTER)
    before = words(vera)
    say(opened(fresh, "police"), "A talk", RED, ((EVIL, "attributed-to", GANG), (EVIL, "uses", GANG)))
    assert words(vera) == before


def test_many_are_told_as_many_and_not_counted(web, monkeypatch):
    monkeypatch.setattr("chokepoint.desk.looking.summary.MOST_WAITING", 2)
    assert unvoted(opened(web, "vendor")) == 2
    assert MOST_WAITING == 500


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.ADMINISTRATOR])
def test_who_does_not_vote_is_not_asked_to(fresh, role):
    assert "has not voted" not in words(fresh.hired("vendor/ivy", role))


def test_cases_lead_to_their_page_and_the_overdue_says_so(fresh):
    atlas = replace(opened(fresh), clock=lambda: "2026-01-01T00:00:00.000Z")
    draft = Case(id="", title="Lantern", purpose="p", owner="ann", review_date="2026-01-02")
    case = open_case(atlas, draft)
    page = fresh.signed_in("bank").get("/").text
    assert f'href="/case/{case.id}"' in page
    assert "overdue" in shown(page)


def test_a_coordinator_sees_what_is_planned_and_under_way(fresh):
    atlas = opened(fresh)
    planned = open_operation(atlas, Operation(id="", name="Dimmed Lamp"))
    done = open_operation(atlas, Operation(id="", name="Long Over"))
    set_state(atlas, done.id, "done")
    person = fresh.hired("bank/cora", Role.INVESTIGATOR)
    appoint(atlas, "bank/cora", Role.COORDINATOR)
    page = person.get("/").text
    assert f'href="/operation/{planned.id}"' in page
    assert "Long Over" not in page
    assert 'href="/choke"' in page
    assert 'href="/summary"' in page


def test_an_operation_that_may_not_be_seen_is_not_on_the_page(fresh):
    open_operation(opened(fresh, "police"), Operation(id="", name="Quiet Water", marking=RED))
    assert "Quiet Water" not in words(fresh.signed_in("bank"))
    assert "Quiet Water" not in words(fresh.signed_in("bank"), "/summary")
    assert "Quiet Water" in words(fresh.signed_in("police"), "/summary")


class TestSummary:
    def test_it_tells_what_is_known_what_was_done_and_what_it_changed(self, fresh):
        atlas = opened(fresh)
        led = open_operation(atlas, Operation(id="", name="Dimmed Lamp"))
        act(atlas, led.id, "evil.com", ("takedown", "2026-02-01", "down"))
        text = words(fresh.signed_in("bank"), "/summary")
        for heading in ("What we know", "What was done", "What it changed", "Where a strike would last"):
            assert heading in text
        assert "Dimmed Lamp" in text

    def test_its_figures_are_those_of_the_viewers_map(self, fresh):
        bank, police = fresh.signed_in("bank"), fresh.signed_in("police")
        before = words(bank, "/summary")
        theirs = words(police, "/summary")
        say(
            opened(fresh, "police"),
            "A talk",
            RED,
            ((Entity("domain-name", "quiet.example"), "attributed-to", GANG),),
        )
        assert words(bank, "/summary") == before
        assert words(police, "/summary") != theirs

    def test_what_is_said_since_is_in_it_at_once(self, fresh):
        bank = fresh.signed_in("bank")
        before = words(bank, "/summary")
        say(opened(fresh), "More", CLEAR, ((Entity("domain-name", "loud.example"), "attributed-to", GANG),))
        assert words(bank, "/summary") != before

    def test_each_time_that_it_is_read_is_logged(self, fresh):
        person = fresh.signed_in("bank")
        for _ in range(2):
            person.get("/summary")
        assert [one.entry.verb for one in log(opened(fresh)) if one.entry.verb == "summary"] == [
            "summary"
        ] * 2

    def test_who_may_not_look_may_not_read_it(self, fresh):
        person = fresh.hired("bank/adam", Role.ADMINISTRATOR)
        assert person.get("/summary").status_code == 403
        assert 'href="/summary"' not in person.get("/").text

    def test_countries_are_named_in_the_readers_language(self, fresh):
        say(opened(fresh), "Places", CLEAR, ((GANG, "located-in", Entity("country", "th")),))
        person = fresh.signed_in("bank")
        assert "Thailand 1" in words(person, "/summary")
        person.post("/look", language="fr")
        assert "Thaïlande 1" in words(person, "/summary")
