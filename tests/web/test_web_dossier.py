"""The dossier and its sources: words for what nobody named, each vote once, and no dead ends."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown
from web_world import GANG, say

from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import vote
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Viewer


@pytest.fixture(scope="module")
def bank(web):
    return web.signed_in("bank")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "a source not named"), ("th", "แหล่งที่มาที่ไม่ได้ระบุชื่อ"), ("ar", "مصدر غير مسمّى")],
)
def test_a_publisher_that_nobody_named_is_told_so_in_the_readers_language(fresh, language, words):
    bank, nameless = fresh.office.opened_by(Viewer(organisation="bank")), Entity("group", "nameless lantern")
    say(bank, "unknown", CLEAR, ((nameless, "attributed-to", GANG), (nameless, "alias", "Lamps")))
    person = fresh.signed_in("bank")
    for path in (
        f"/entity?of={quote(str(nameless))}",
        f"/path?start={quote(str(nameless))}&goal={quote(str(GANG))}",
    ):
        text = shown(person.get(path, accept_language=language).text)
        assert words in text
        assert "unknown" not in text


def test_who_said_the_same_and_has_not_voted_is_asked_for_a_word_and_not_for_another(fresh):
    """What it says itself is not hidden from it, so that it could be taken for having voted."""
    bank, police = (fresh.office.opened_by(Viewer(organisation=who)) for who in ("bank", "police"))
    same = ((Entity("domain-name", "twice-said.example"), "attributed-to", GANG),)
    say(bank, "One", CLEAR, same)
    say(police, "Two", CLEAR, same)
    [claim] = [
        one.stored.id
        for one in show(bank, "twice-said.example").evidence
        if one.stored.claim.provenance.origin == "One"
    ]
    person, asked = fresh.signed_in("police"), f"/review?claim={claim}"
    again = LexborHTMLParser(person.get(asked).text).css_first("details.again")
    assert "open" in again.attributes
    assert again.css_first("summary").text() == "Give our word"
    vote(police, [claim], Vote.UNSURE, "seen elsewhere")
    again = LexborHTMLParser(person.get(asked).text).css_first("details.again")
    assert "open" not in again.attributes
    assert again.css_first("summary").text() == "Change our word"


def test_a_dossier_says_first_what_somebody_made_sense_of(fresh):
    bank, thing = (
        fresh.office.opened_by(Viewer(organisation="bank")),
        Entity("domain-name", "ordered.example"),
    )
    said = (
        (thing, "attribute", "Colour: red"),
        (thing, "mentioned-in", "a letter"),
        (thing, "attributed-to", GANG),
    )
    say(bank, "One", CLEAR, said)
    page = LexborHTMLParser(fresh.signed_in("bank").get("/entity?of=ordered.example").text)
    heads = [row.text().strip() for row in page.css(".statements tr.property")]
    assert heads[0] == "is attributed to"
    assert len(heads) == 3


def test_a_vote_on_several_claims_of_a_statement_is_told_once(fresh):
    bank, thing = fresh.office.opened_by(Viewer(organisation="bank")), Entity("domain-name", "echoed.example")
    for origin in ("One", "Two"):
        say(bank, origin, CLEAR, ((thing, "attributed-to", GANG),))
    police = fresh.office.opened_by(Viewer(organisation="police"))
    claims = [one.stored.id for one in show(police, "echoed.example").evidence]
    vote(police, claims, Vote.CONFIRM, "looked it up")
    text = shown(fresh.signed_in("police").get("/entity?of=echoed.example").text)
    assert text.count("police : confirm, looked it up") == 1
    vote(police, claims[:1], Vote.DISPUTE, "looked again")
    text = shown(fresh.signed_in("police").get("/entity?of=echoed.example").text)
    assert text.count("police : confirm") == text.count("police : dispute, looked again") == 1


@pytest.mark.parametrize("how", ["accepted=true", "as_of=2001-01-01", "accepted=true&as_of=2001-01-01"])
def test_what_may_not_be_seen_is_absent_however_it_is_asked_for(bank, how):
    hidden, absent = (bank.get(f"/entity?of={of}&{how}") for of in ("group:hidden+hand", "group:never+was"))
    assert hidden.status_code == absent.status_code == 404
    assert shown(hidden.text) == shown(absent.text)


def test_a_thing_of_which_nothing_is_accepted_says_so_and_leads_back(fresh):
    bank = fresh.signed_in("bank")
    answer = bank.get("/entity?of=evil.com&accepted=true")
    assert answer.status_code == 200
    assert "Nothing of it is accepted." in shown(answer.text)
    assert "copper lantern" not in shown(answer.text)


def test_a_source_leads_to_the_proof_of_its_record(bank):
    page = LexborHTMLParser(bank.get("/entity?of=evil.com").text)
    source = LexborHTMLParser(bank.get(page.css_first(".evidence a").attributes["href"]).text)
    [proof] = [one for one in source.css("dd a") if one.text() == "Prove it"]
    assert f'value="{proof.attributes["href"].partition("=")[2]}"' in bank.get(proof.attributes["href"]).text
