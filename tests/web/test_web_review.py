"""The review desk as a vetter uses it: read, vote, next; blind before, open after; refused with what to mend."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from web_desk import shown

from chokepoint.desk.looking.look import show
from chokepoint.desk.member import update
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import vote, votes_on
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from web_desk import Person, Web

    from chokepoint.store.base import StoredClaim

REASON = "we called the registrar"


def waits(web: Web, who: str = "vendor") -> list[StoredClaim]:
    return queue(web.office.opened_by(Viewer(organisation=who)), limit=500)


def votes(web: Web, claim: str, who: str = "vendor") -> list[dict[str, object]]:
    return votes_on(web.office.opened_by(Viewer(organisation=who)), [claim]).get(claim, [])


def links(page: str) -> list[str]:
    """Claims that the list of what waits leads to."""
    aside = page[page.index('class="waiting"') :]
    return re.findall(r'href="/review\?claim=([0-9a-f]{64})"', aside)


def untokened(page: str) -> str:
    """A page without its token against forgery, which is another each time."""
    return re.sub(r'name="csrf" value="[^"]+"', "", page)


@pytest.fixture
def vendor(fresh: Web) -> Person:
    return fresh.signed_in("vendor")


class TestReading:
    def test_the_claim_of_which_a_vote_changes_most_comes_first(self, fresh: Web, vendor: Person):
        page = vendor.get("/review").text
        first = waits(fresh)[0]
        assert f'name="claim" value="{first.id}"' in page
        assert links(page) == [one.id for one in waits(fresh)[:40]]

    def test_a_claim_comes_with_the_words_of_its_source(self, fresh: Web, vendor: Person):
        one = next(one for one in waits(fresh) if one.claim.place == "line 2")
        text = shown(vendor.get(f"/review?claim={one.id}").text)
        assert "In the source" in text
        assert "shop-evil[.]com attributed-to" in text
        assert "U+000A" not in text, "lines are lines"

    def test_no_live_link_and_nothing_hidden_is_quoted(self, fresh: Web, vendor: Person):
        for one in waits(fresh):
            page = vendor.get(f"/review?claim={one.id}").text
            assert "<script>alert" not in page
            assert "\u202e" not in page
            assert not re.search(r'href="(?![/#])', page)

    def test_before_the_vote_neither_belief_nor_contributor_nor_votes_are_shown(
        self, fresh: Web, vendor: Person
    ):
        one = waits(fresh)[0]
        fresh.signed_in("police").post("/review", claim=one.id, word="dispute", reason="it is our own server")
        text = shown(vendor.get(f"/review?claim={one.id}").text)
        assert "after your own word" in text
        assert "it is our own server" not in text
        assert "police" not in text
        assert not re.search(r"likely|even chance|certain", text)

    def test_a_hidden_claim_and_none_read_the_same(self, fresh: Web, vendor: Person):
        police = fresh.office.opened_by(Viewer(organisation="police"))
        with police.reader.connect() as connection:
            hidden = next(
                one.id
                for one in police.reader.claims(connection, range(1, 60))
                if one.claim.provenance.marking.tlp.label == "TLP:RED"
            )
        asked, absent = vendor.get(f"/review?claim={hidden}"), vendor.get(f"/review?claim={'0' * 64}")
        assert asked.status_code == absent.status_code == 404
        assert untokened(asked.text).replace(hidden, "X") == untokened(absent.text).replace("0" * 64, "X")

    def test_where_nothing_waits_the_page_says_so(self, fresh: Web, vendor: Person):
        everything = [one.id for one in waits(fresh)]
        vendor.get("/review")
        vendor.client.post(
            "/review", data={"csrf": vendor.token(), "claim": everything, "word": "unsure", "reason": "seen"}
        )
        assert "Nothing waits for your word." in shown(vendor.get("/review").text)


class TestVoting:
    def test_a_word_is_recorded_and_the_next_claim_comes(self, fresh: Web, vendor: Person):
        one, other = waits(fresh)[:2]
        vendor.get("/review")
        answer = vendor.post("/review", claim=one.id, word="confirm", reason=f"  {REASON}\n", crime="yes")
        assert answer.status_code == 303
        page = vendor.get(answer.headers["location"]).text
        assert f'name="claim" value="{other.id}"' in page
        assert "is on record" in shown(page)
        [vote] = votes(fresh, one.id)
        assert (vote["organisation"], vote["vote"], vote["reason"], vote["crime"], vote["disclose"]) == (
            *("vendor", "confirm", REASON, "yes"),
            "",
        )

    def test_after_the_own_word_others_are_read_with_their_reasons(self, fresh: Web, vendor: Person):
        one = waits(fresh)[0]
        bank = fresh.signed_in("police")
        bank.get("/review")
        bank.post("/review", claim=one.id, word="dispute", reason="<b>no</b> such thing")
        vendor.get("/review")
        vendor.post("/review", claim=one.id, word="confirm", reason=REASON)
        page = vendor.get(f"/review?claim={one.id}").text
        assert "<b>no</b>" not in page
        text = shown(page)
        assert "police dispute" in text
        assert "<b>no</b> such thing" in text
        assert "by bank" in text

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            pytest.param({"word": "", "reason": REASON}, "the vote is missing", id="no word"),
            pytest.param({"word": "maybe", "reason": REASON}, "the vote is missing", id="another word"),
            pytest.param({"word": "confirm", "reason": "   "}, "a vote needs a reason", id="no reason"),
            pytest.param(
                {"word": "confirm", "reason": REASON, "until": "2020-01-01"},
                "is past",
                id="a day that is past",
            ),
        ],
    )
    def test_what_is_refused_says_what_to_mend_and_keeps_what_was_written(
        self, fresh: Web, vendor: Person, fields: dict[str, str], told: str
    ):
        one = waits(fresh)[0]
        vendor.get("/review")
        answer = vendor.post("/review", claim=one.id, **fields)
        assert answer.status_code == 400
        assert told in shown(answer.text)
        assert REASON in answer.text or not fields["reason"].strip()
        assert votes(fresh, one.id) == []

    def test_nobody_votes_on_a_claim_of_their_own(self, fresh: Web):
        own = waits(fresh)[0]
        owner = fresh.signed_in("bank")
        owner.get("/review")
        answer = owner.post("/review", claim=own.id, word="confirm", reason=REASON)
        assert answer.status_code == 400
        assert "nobody vets their own claim" in shown(answer.text)

    def test_no_form_asks_the_owner_for_a_word(self, fresh: Web):
        own = waits(fresh)[0]
        text = fresh.signed_in("bank").get(f"/review?claim={own.id}").text
        assert "data-vote" not in text

    def test_a_form_of_another_site_is_refused(self, fresh: Web, vendor: Person):
        one = waits(fresh)[0]
        vendor.get("/review")
        answer = vendor.post("/review", csrf="forged", claim=one.id, word="confirm", reason=REASON)
        assert answer.status_code == 403
        assert votes(fresh, one.id) == []

    def test_a_person_without_the_right_to_vote_is_refused(self, fresh: Web):
        person = fresh.hired("vendor/ann", Role.INVESTIGATOR)
        one = waits(fresh)[0]
        person.get("/review")
        answer = person.post("/review", claim=one.id, word="confirm", reason=REASON)
        assert answer.status_code in {400, 403}
        assert votes(fresh, one.id) == []


class TestTogether:
    def test_all_that_waits_of_one_source_is_listed_with_its_claim_ticked(self, fresh: Web, vendor: Person):
        one = waits(fresh)[0]
        capture = one.claim.provenance.capture
        same = [other.id for other in waits(fresh) if other.claim.provenance.capture == capture]
        page = vendor.get(f"/review/together?claim={one.id}").text
        assert re.findall(r'name="claim" value="([0-9a-f]{64})"', page) == same
        ticked = re.findall(r'value="([0-9a-f]{64})"[^>]* checked', page)
        assert ticked == [one.id]

    def test_one_word_goes_to_all_that_are_ticked_and_to_no_other(self, fresh: Web, vendor: Person):
        same = [one for one in waits(fresh) if one.claim.provenance.origin == "A list"]
        ticked, left = same[:2], same[2:]
        vendor.get(f"/review/together?claim={ticked[0].id}")
        answer = vendor.client.post(
            f"/review/together?claim={ticked[0].id}",
            data={
                "csrf": vendor.token(),
                "claim": [one.id for one in ticked],
                "word": "dispute",
                "reason": REASON,
            },
            follow_redirects=False,
        )
        assert answer.status_code == 303
        assert [len(votes(fresh, one.id)) for one in ticked] == [1, 1]
        assert not any(votes(fresh, one.id) for one in left)
        assert "word on 2 claims" in shown(vendor.get(answer.headers["location"]).text)

    def test_nothing_ticked_is_told_of(self, fresh: Web, vendor: Person):
        one = waits(fresh)[0]
        vendor.get(f"/review/together?claim={one.id}")
        answer = vendor.post(f"/review/together?claim={one.id}", word="confirm", reason=REASON)
        assert answer.status_code == 400
        assert "no claim is ticked" in shown(answer.text)

    def test_a_ticked_claim_that_is_hidden_takes_no_other_along(self, fresh: Web, vendor: Person):
        one = waits(fresh)[0]
        vendor.get(f"/review/together?claim={one.id}")
        answer = vendor.client.post(
            f"/review/together?claim={one.id}",
            data={"csrf": vendor.token(), "claim": [one.id, "0" * 64], "word": "confirm", "reason": REASON},
            follow_redirects=False,
        )
        assert answer.status_code == 404
        assert votes(fresh, one.id) == []


class TestRecord:
    def test_an_atlas_without_votes_says_that_nothing_is_known_yet(self, vendor: Person):
        text = shown(vendor.get("/review/record").text)
        assert "0 statements are known by now" in text
        assert "0 / 0" in text

    def test_the_record_of_members_follows_their_votes(self, fresh: Web, vendor: Person):
        one = waits(fresh)[0]
        for who in ("vendor", "police"):
            person = fresh.signed_in(who)
            person.get("/review")
            person.post("/review", claim=one.id, word="confirm", reason=REASON)
        text = shown(vendor.get("/review/record").text)
        assert "Members" in text or "statements are known" in text


def test_the_desk_reads_in_arabic_from_right_to_left(vendor: Person):
    vendor.get("/review")
    vendor.post("/look", language="ar", next="/review")
    page = vendor.get("/review").text
    assert 'dir="rtl"' in page or 'lang="en"' in page


TIED = "tied to whoever contributed it, or owns its origin"


@pytest.fixture
def weighed(fresh: Web) -> tuple[Web, str]:
    """A claim of the bank's that the police, who belong to it, have confirmed; the vendor is still to vote."""
    opened = {who: fresh.office.opened_by(Viewer(organisation=who)) for who in ("bank", "police")}
    update(opened["police"], "police", lambda known: replace(known, parents=frozenset({"bank"})))
    [claim] = [one.stored.id for one in show(opened["police"], "shop-evil.com").evidence]
    vote(opened["police"], [claim], Vote.CONFIRM, "seen by us")
    return fresh, claim


PAGES = ("/review?claim={}", "/source?claim={}", "/entity?of=shop-evil.com")


@pytest.mark.parametrize("page", PAGES)
def test_which_votes_count_is_told_after_ones_own_word_and_not_before(weighed: tuple[Web, str], page: str):
    web, claim = weighed
    vendor = web.signed_in("vendor")
    before = shown(vendor.get(page.format(claim)).text)
    assert TIED not in before
    assert "seen by us" not in before
    vendor.get("/review")
    assert vendor.post("/review", claim=claim, word="confirm", reason=REASON).status_code == 303
    after = shown(vendor.get(page.format(claim)).text)
    assert TIED in after
    assert after.count(TIED) == 1, "the vendor's own vote counts"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "lié à celui qui l’a apporté"), ("th", "ผูกพันกับผู้ที่ให้ไว้"), ("ar", "مرتبط بمن قدّمه")],
)
def test_why_a_vote_does_not_count_is_told_in_the_readers_language(
    weighed: tuple[Web, str], language: str, sentence: str
):
    web, claim = weighed
    police = web.signed_in("police")
    page = shown(police.get(f"/source?claim={claim}", accept_language=language).text)
    assert sentence in page
    assert TIED not in page


def test_the_record_says_of_each_member_whether_its_confirmations_count(fresh: Web):
    for who in ("police", "vendor"):
        atlas = fresh.office.opened_by(Viewer(organisation=who))
        vote(atlas, [one.id for one in waits(fresh, who)], Vote.CONFIRM, "seen")
    page = fresh.signed_in("bank").get("/review/record").text
    assert shown(page).count(" yes") >= 1
    assert '<th scope="col">Counts?</th>' in page
