"""The groups' page for who wants to come into one, and for who answers."""

from __future__ import annotations

import re

from web_desk import shown

from chokepoint.desk.people.asking import MOST_WAITING, requests
from chokepoint.desk.people.circle import groups, make_group
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role

PAGE = "/member/groups"


def opened(web, who="bank"):
    return web.office.opened_by(Viewer(organisation=who))


def asked(web, group="Lanterns", who="vendor", why="same shops"):
    """Somebody who has asked the bank, on the page that they see then."""
    person = web.signed_in(who)
    person.get(PAGE)
    answer = person.post(f"{PAGE}/ask", owner="bank", group=group, why=why)
    assert answer.headers["location"] == PAGE
    return person


def request_of(page):
    return re.search(r'name="request" value="([0-9a-f]{64})"', page)[1]


def test_one_asks_the_owner_takes_in_and_both_see_it(fresh):
    make_group(opened(fresh), "Lanterns", ["bank"])
    vendor, bank = asked(fresh), fresh.signed_in("bank")
    assert "Lanterns bank" in shown(vendor.get(PAGE).text)
    assert "waiting for an answer" in shown(vendor.page)
    assert "same shops" in shown(bank.get(PAGE).text)
    bank.post(f"{PAGE}/answer", request=request_of(bank.page), answer="take")
    assert "same shops" not in shown(bank.get(PAGE).text)
    assert "taken in" in shown(vendor.get(PAGE).text)
    assert [one.name for one in groups(opened(fresh, "vendor"))] == ["Lanterns"]


def test_the_owner_declines_with_a_reason_or_is_told_to_give_one(fresh):
    make_group(opened(fresh), "Lanterns", ["bank"])
    vendor, bank = asked(fresh), fresh.signed_in("bank")
    name = request_of(bank.get(PAGE).text)
    refused = bank.post(f"{PAGE}/answer", request=name, answer="decline", why="")
    assert refused.status_code == 403
    assert "declining needs a reason" in shown(refused.text)
    bank.post(f"{PAGE}/answer", request=name, answer="decline", why="it is closed")
    text = shown(vendor.get(PAGE).text)
    assert "declined" in text
    assert "it is closed" in text


def test_the_answer_to_the_asker_is_the_same_for_a_group_that_is_not_there(fresh):
    make_group(opened(fresh), "Lanterns", ["bank"])
    there = shown(asked(fresh, "Lanterns").get(PAGE).text).replace("Lanterns", "GROUP")
    absent = shown(asked(fresh, "Nowhere", "police").get(PAGE).text).replace("Nowhere", "GROUP")
    assert there.replace("vendor", "WHO") == absent.replace("police", "WHO")


def test_whom_no_group_is_meant_by_can_only_be_declined(fresh):
    asked(fresh, "Nowhere")
    page = fresh.signed_in("bank").get(PAGE).text
    assert "no group of yours" in shown(page)
    assert 'value="decline"' in page
    assert 'value="take"' not in page


def test_nobody_else_is_shown_that_somebody_asks(fresh):
    make_group(opened(fresh), "Lanterns", ["bank"])
    before = shown(fresh.signed_in("police").get(PAGE).text)
    asked(fresh)
    assert shown(fresh.signed_in("police").get(PAGE).text) == before


def test_what_strangers_write_is_harmless(fresh):
    make_group(opened(fresh), "Lanterns", ["bank"])
    asked(fresh, why="<script>alert(1)</script> see http://evil.com")
    page = fresh.signed_in("bank").get(PAGE).text
    assert "<script>alert" not in page
    assert "hxxp" in page
    assert "http://evil.com" not in page


def test_what_is_no_request_is_refused_in_words(fresh):
    vendor = fresh.signed_in("vendor")
    vendor.get(PAGE)
    for owner, group in (("nobody", "x"), ("bank", ""), ("vendor", "x")):
        answer = vendor.post(f"{PAGE}/ask", owner=owner, group=group, why="y")
        assert answer.status_code in {403, 422}
    assert not requests(opened(fresh, "vendor"))


def test_too_many_at_once_are_refused_in_words(fresh):
    for number in range(MOST_WAITING):
        asked(fresh, f"group {number}")
    vendor = fresh.signed_in("vendor")
    vendor.get(PAGE)
    assert vendor.post(f"{PAGE}/ask", owner="bank", group="one more", why="y").status_code == 403


def test_who_may_not_share_sees_no_form_and_is_refused(fresh):
    vic = fresh.hired("vendor/vic", Role.VETTER)
    page = vic.get(PAGE).text
    assert "/member/groups/ask" not in page
    assert vic.post(f"{PAGE}/ask", owner="bank", group="Lanterns", why="y").status_code == 403
    assert not requests(opened(fresh))


def test_an_unknown_request_is_answered_as_an_absent_one(fresh):
    make_group(opened(fresh), "Lanterns", ["bank"])
    asked(fresh)
    name = request_of(fresh.signed_in("bank").get(PAGE).text)
    police = fresh.signed_in("police")
    police.get(PAGE)
    hidden = police.post(f"{PAGE}/answer", request=name, answer="take")
    absent = police.post(f"{PAGE}/answer", request="0" * 64, answer="take")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert shown(hidden.text) == shown(absent.text)
