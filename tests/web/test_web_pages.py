"""Pages show what the desk gives to whoever looks, and nothing of what is hidden from them."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown
from web_world import SHOP, say

from chokepoint.desk.connect import connect
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.access import log
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.claim import Interval
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.role import Role
from chokepoint.web.pages import entity


@pytest.fixture(scope="module")
def bank(web):
    return web.signed_in("bank")


@pytest.fixture(scope="module")
def police(web):
    return web.signed_in("police")


def test_what_is_suggested_while_one_types_is_no_look_of_the_day(fresh, monkeypatch):
    monkeypatch.setattr("chokepoint.desk.watch.access.QUOTA", 1)
    ann = fresh.hired("bank/ann", Role.INVESTIGATOR)
    for end in range(3, 8):
        assert ann.get(f"/search?q={'lantern'[:end]}", hx_request="true").status_code == 200
    assert ann.get("/search?q=lantern").status_code == 200
    assert ann.get("/search?q=lantern").status_code == 403


def test_search_finds_a_part_of_a_name_and_links_to_its_dossier(bank):
    answer = bank.get("/search?q=lantern")
    assert "copper lantern" in shown(answer.text)
    assert 'href="/entity?of=group:copper%20lantern"' in answer.text


def test_search_finds_a_defanged_address_and_shows_it_defanged(bank):
    text = shown(bank.get("/search?q=hxxps://evil[.]com/").text)
    assert "evil[.]com" in text
    assert "evil.com" not in text


def test_search_finds_a_name_in_another_script(bank):
    assert "บริษัท ใจดี" in shown(bank.get("/search?q=บริษัท").text)


def test_as_one_types_only_the_list_is_sent(bank):
    answer = bank.get("/search?q=lantern", hx_request="true")
    assert "<html" not in answer.text
    assert "copper lantern" in shown(answer.text)


def test_search_tells_nothing_of_what_is_hidden(bank, police):
    assert "hidden hand" in shown(police.get("/search?q=hidden+hand").text)
    assert "Nothing that you may see" in shown(bank.get("/search?q=hidden+hand").text)


def test_a_dossier_shows_statements_by_property_with_belief_verdict_and_evidence(bank):
    text = shown(bank.get("/entity?of=evil.com").text)
    assert "Domain evil[.]com" in text
    assert "is attributed to" in text
    assert "Group copper lantern" in text
    assert "likely" in text
    assert "proposed" in text
    assert "Mar 2025" in text
    assert "A list, line 1 B2 bank" in text
    assert "A report, line 1 B2" in text


def test_two_viewers_of_one_thing_see_each_their_own_map(bank, police):
    assert "hidden hand" in police.get("/entity?of=evil.com").text
    text = bank.get("/entity?of=evil.com").text
    assert "hidden hand" not in text
    assert "informant" not in text
    assert "TLP:RED" not in text


def test_a_hostile_name_is_shown_and_does_nothing(bank):
    answer = bank.get("/search?q=gnp.exe")
    assert "<script>alert" not in answer.text
    assert "U+202E" in answer.text
    assert "\u202e" not in answer.text


def test_no_text_of_the_corpus_is_a_link_that_leads_out(bank):
    text = bank.get("/entity?of=group:copper+lantern").text
    assert 'href="http' not in text
    assert "mailto:" not in text
    assert "hxxp://evil[.]com/a" in text
    assert "http://evil.com" not in text


def test_a_long_value_is_cut_and_whole_behind_it(bank):
    text = bank.get("/entity?of=group:copper+lantern").text
    assert '<details class="long">' in text
    assert "long " * 390 in text


def test_a_path_names_each_hop_with_its_evidence(bank):
    text = shown(bank.get("/path?start=shop-evil.com&goal=evil.com").text)
    assert "shop-evil[.]com is attributed to Group copper lantern" in text
    assert "A list" in text


def test_a_path_to_what_is_hidden_is_as_one_to_what_is_absent(bank):
    one = shown(bank.get("/path?start=evil.com&goal=hidden+hand").text)
    other = shown(bank.get("/path?start=evil.com&goal=absent+hand").text)
    assert one.replace("hidden", "absent") == other


def test_check_tells_line_by_line_what_is_known_and_by_whom(web):
    person = web.signed_in("bank")
    person.get("/check")
    answer = person.post("/check", text="pay at evil.com\nnothing\nalso brand-new-thing.com\n")
    text = shown(answer.text)
    assert answer.status_code == 200
    assert "1 known" in text
    assert "1 new" in text
    assert "line 1 pay at evil[.]com" in text
    assert "A list, A report" in text
    assert "brand-new-thing[.]com" in text
    assert "informant" not in text


def test_check_takes_a_file(web):
    person = web.signed_in("bank")
    person.get("/check")
    answer = person.upload("/check", "list.csv", b"domain\nevil.com\n", text="")
    assert "1 known" in shown(answer.text)


def test_check_says_why_a_damaged_file_cannot_be_read(web):
    person = web.signed_in("bank")
    person.get("/check")
    answer = person.upload("/check", "broken.pdf", b"%PDF-1.7 no pdf at all", text="")
    assert answer.status_code in {200, 422}
    assert "broken.pdf" in shown(answer.text) or "PDF" in shown(answer.text)


@pytest.mark.parametrize("text", ["", "nothing here", "\u0000\u202e", "x" * 50_000])
def test_a_text_that_holds_nothing_says_so(web, text):
    person = web.signed_in("bank")
    person.get("/check")
    assert "Nothing in it that can be looked up" in shown(person.post("/check", text=text).text)


def test_every_look_is_logged_for_the_case_that_is_worked_on(fresh):
    person = fresh.hired("bank/ann")
    ann = Viewer(organisation="bank", user="ann")
    case = open_case(
        fresh.office.opened_by(ann),
        Case(id="", title="Lanterns", purpose="fraud", owner="ann", review_date="2099-01-01"),
    )
    person.get("/work")
    assert "Lanterns" in person.page
    assert person.post("/work", case=case.id, next="/").status_code == 303
    assert case.id in person.get("/").text
    person.get("/entity?of=evil.com")
    seen = log(fresh.office.opened_by(ann))
    assert [(one.entry.verb, one.entry.asked, one.entry.purpose) for one in seen] == [
        ("show", "evil.com", case.id)
    ]


def test_a_case_of_others_cannot_be_worked_on(fresh):
    police = Viewer(organisation="police")
    draft = Case(id="", title="Theirs", purpose="p", owner="o", review_date="2099-01-01", members=("police",))
    case = open_case(fresh.office.opened_by(police), draft)
    person = fresh.signed_in("bank")
    person.get("/work")
    assert "Theirs" not in person.page
    assert person.post("/work", case=case.id).status_code == 404


def test_the_first_page_shows_the_cases_that_wait(fresh):
    bank = fresh.office.opened_by(Viewer(organisation="bank"))
    draft = Case(
        id="", title="Lanterns", purpose="fraud", owner="ann", review_date="2099-01-01", members=("bank",)
    )
    open_case(bank, draft)
    text = shown(fresh.signed_in("bank").get("/").text)
    assert "Lanterns" in text
    assert "1 Jan 2099" in text
    assert "Lanterns" not in shown(fresh.signed_in("police").get("/").text)


def claim_of(person, page, origin):
    """The address of the source of a claim by a publisher, from a dossier."""
    text = person.get(page).text
    return re.search(rf'href="(/source\?claim=[0-9a-f]{{64}})"><bdi>{origin}', text)[1]


def test_a_source_is_opened_at_the_very_place_and_nowhere_beside_it(bank):
    way = claim_of(bank, "/entity?of=evil.com", "A report")
    text = shown(bank.get(way).text)
    assert "evil[.]com attributed-to copper lantern" in text
    assert "Copper Lamp" not in text, "the next line of the same source"
    assert "usually reliable source, probably true" in text


def test_a_source_of_a_hidden_claim_is_absent(bank, police):
    way = claim_of(police, "/entity?of=evil.com", "An informant")
    assert police.get(way).status_code == 200
    hidden, absent = bank.get(way), bank.get(f"/source?claim={'0' * 64}")
    assert (hidden.status_code, len(hidden.text)) == (404, len(absent.text))


def test_whoever_is_still_to_vote_is_not_told_who_contributed(web):
    vendor = web.signed_in("vendor")
    text = shown(vendor.get(claim_of(vendor, "/entity?of=evil.com", "A report")).text)
    assert "told once you have voted" in text
    assert "police" not in text


def test_a_dossier_is_shown_as_of_a_past_day(bank):
    past = shown(bank.get("/entity?of=evil.com&as_of=2001-01-01").text)
    assert "The map as it was known on 1 Jan 2001 . Show it as of now" in past
    assert "Nothing was known of it then." in past
    assert "copper lantern" not in past
    moment = shown(bank.get("/entity?of=evil.com&as_of=2001-01-01T10:00:00Z").text)
    assert "The map as it was known on 1 Jan 2001 10:00 UTC ." in moment
    text = shown(bank.get("/entity?of=evil.com&as_of=2099-01-01").text)
    assert "The map as it was known on 1 Jan 2099" in text
    assert "copper lantern" in text


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "\u202e", "9" * 500])
def test_a_day_that_is_none_is_refused_in_words(bank, moment):
    answer = bank.ask("GET", "/entity", params={"of": "evil.com", "as_of": moment})
    assert answer.status_code == 422
    assert "is no moment" in answer.text


def test_a_dossier_says_where_it_stands_in_the_crime_script(bank):
    page = LexborHTMLParser(bank.get("/entity?of=evil.com").text)
    steps = page.css("ol.script li")
    assert next(one.text() for one in steps) == "victim"
    assert [one.text() for one in steps if one.attributes.get("aria-current")] == ["lure"]


def test_the_score_is_reckoned_when_it_is_asked_for_and_then_stands_in_the_dossier(fresh):
    person = fresh.signed_in("bank")
    assert "What would stop without it?" in shown(person.get("/entity?of=evil.com").text)
    part = person.get("/entity/score?of=evil.com", hx_request="true")
    assert "<html" not in part.text
    assert "Structural only" in shown(part.text)
    text = shown(person.get("/entity?of=evil.com").text)
    assert "Structural only" in text
    assert "What would stop without it?" not in text


def test_the_score_is_a_page_of_its_own_without_scripts(bank):
    answer = bank.get("/entity/score?of=evil.com")
    assert answer.status_code == 200
    assert "Choke score" in shown(answer.text)


def test_the_score_of_what_is_hidden_is_as_absent_as_the_dossier(bank):
    hidden = bank.get("/entity/score?of=group:hidden+hand")
    absent = bank.get("/entity/score?of=group:absent+hand")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert shown(hidden.text) == shown(absent.text)


def test_of_a_past_day_no_score_is_told(bank):
    assert "Choke score" not in shown(bank.get("/entity?of=evil.com&as_of=2099-01-01").text)


def test_a_dossier_tells_who_vetted_and_why_once_one_has_voted(fresh):
    def cast(who):
        atlas = fresh.office.opened_by(Viewer(organisation=who))
        with atlas.reader.connect() as connection:
            seqs = atlas.reader.about(connection, atlas.reader.eid(connection, SHOP))
            names = [one.id for one in atlas.reader.claims(connection, seqs)]
        vote(atlas, names, Vote.CONFIRM, f"seen by {who}")

    cast("police")
    vendor = fresh.signed_in("vendor")
    assert "seen by police" not in shown(vendor.get("/entity?of=shop-evil.com").text)
    cast("vendor")
    text = shown(vendor.get("/entity?of=shop-evil.com").text)
    assert "police : confirm, seen by police" in text.replace("police:", "police :")
    assert "seen by vendor" in text


def test_an_identifier_that_changed_hands_shows_its_lives(fresh):
    atlas = fresh.office.opened_by(Viewer(organisation="bank"))
    early, late = (
        Interval(start="2016-01-01", end="2017-01-01"),
        Interval(start="2024-01-01", end="2024-03-01"),
    )
    shop, host = Entity("organisation", "the old shop"), Entity("domain-name", "old-shop.com")
    for number, (sentence, when) in enumerate(
        (((shop, "website", host), early), ((host, "indicates", Entity("campaign", "lapsed squirrel")), late))
    ):
        say(atlas, f"list {number}", CLEAR, (sentence,), observed=when, grade="A1")
    connect(atlas)
    person = fresh.signed_in("bank")
    page = LexborHTMLParser(person.get("/entity?of=old-shop.com").text)
    assert len(page.css(".lives ol li")) == 2
    person.get("/account")
    person.post("/look", language="th")
    told = LexborHTMLParser(person.get("/entity?of=old-shop.com").text).css_first(".lives ol").text()
    assert "ถูกใช้ในทางอาชญากรรม" in told
    assert "in criminal use" not in told
    assert not LexborHTMLParser(person.get("/entity?of=evil.com").text).css(".lives")


def test_a_thing_of_which_much_is_said_has_its_newest_claims_first_and_the_rest_a_press_away(
    fresh, monkeypatch
):
    monkeypatch.setattr(entity, "FIRST", 2)
    person = fresh.signed_in("bank")
    first = person.get("/entity?of=group:copper lantern").text
    link = "/entity?of=group:copper%20lantern&amp;older=true"
    assert f'<a href="{link}">' in first
    whole = person.get(link.replace("&amp;", "&")).text
    assert f'<a href="{link}">' not in whole
    assert first.count("/source?claim=") == 2
    assert whole.count("/source?claim=") > 2


def test_older_claims_are_asked_for_with_what_else_was_asked(fresh, monkeypatch):
    monkeypatch.setattr(entity, "FIRST", 1)
    page = fresh.signed_in("bank").get("/entity?of=evil.com&accepted=true").text
    assert "&amp;older=true&amp;accepted=true" in page
