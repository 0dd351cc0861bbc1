"""Second looks on the review desk: what was judged is read with its dissent and judged anew, without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from web_desk import shown

from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import vote, votes_on
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.wiring import make_atlas

if TYPE_CHECKING:
    from web_desk import Web

REASON = "we called the registrar"


def cast(web: Web, claim: str) -> list[dict[str, object]]:
    return votes_on(web.office.opened_by(Viewer(organisation="vendor")), [claim])[claim]


@pytest.fixture
def split(fresh: Web) -> tuple[Web, str]:
    """A claim of the bank's that the vendor and two others confirmed before the police disputed it."""
    for name in ("charity", "exchange"):
        made = make_atlas(Settings(atlas=fresh.atlas.folder, viewer=Viewer(organisation=name)))
        made.engine.dispose()
        made.vault.engine.dispose()
    voters = ("vendor", "charity", "exchange", "police")
    opened = {who: fresh.office.opened_by(Viewer(organisation=who)) for who in voters}
    [claim] = [one.stored.id for one in show(opened["police"], "shop-evil.com").evidence]
    for who, word in zip(opened, [Vote.CONFIRM] * 3 + [Vote.DISPUTE], strict=True):
        vote(opened[who], [claim], word, f"looked, says {who}")
    return fresh, claim


def test_a_second_look_shows_the_dissent_and_asks_for_the_word_anew(split: tuple[Web, str]):
    web, claim = split
    page = web.signed_in("vendor").get("/review?again=true").text
    assert f'name="claim" value="{claim}"' in page
    assert 'name="again" value="true"' in page
    assert '<details class="again" open>' in page, "the form is open without a script"
    assert page.index('name="despite"') < page.index('class="besides"'), "and so is the tick that answers"
    assert "looked, says police" in shown(page)
    assert "You judged these" in shown(page)


def test_a_word_given_anew_is_on_record_and_the_next_second_look_follows(split: tuple[Web, str]):
    web, claim = split
    vendor = web.signed_in("vendor")
    vendor.get("/review?again=true")
    answer = vendor.post("/review", claim=claim, word="confirm", reason=REASON, despite="true", again="true")
    assert answer.headers["location"] == f"/review?voted={claim[:12]}&done=1&again=true"
    after = shown(vendor.get(answer.headers["location"]).text)
    assert "Nothing is worth a second look." in after
    assert "is on record" in after
    assert [one["despite"] for one in cast(web, claim) if one["organisation"] == "vendor"] == [False, True]


def test_a_refused_second_look_stays_one_and_keeps_what_was_written(split: tuple[Web, str]):
    web, claim = split
    vendor = web.signed_in("vendor")
    vendor.get("/review?again=true")
    answer = vendor.post("/review", claim=claim, word="", reason=REASON, despite="true", again="true")
    assert answer.status_code == 400
    assert REASON in answer.text
    assert 'name="again" value="true"' in answer.text
    assert 'name="despite" value="true" checked' in answer.text


def test_whoever_has_not_voted_is_asked_for_no_second_look(split: tuple[Web, str]):
    web, claim = split
    page = web.signed_in("bank").get("/review?again=true").text
    assert claim not in page
    assert "Nothing is worth a second look." in shown(page)


def test_second_looks_are_kept_apart_from_what_waits(split: tuple[Web, str]):
    web, claim = split
    page = web.signed_in("vendor").get("/review").text
    assert f'value="{claim}"' not in page
    assert 'href="/review?again=true"' in page


@pytest.mark.parametrize("language", ["ar", "es", "fr", "pt", "sw", "th"])
def test_second_looks_are_told_in_the_readers_language(split: tuple[Web, str], language: str):
    web, _ = split
    page = shown(web.signed_in("vendor").get("/review?again=true", accept_language=language).text)
    for english in ("Second looks", "You judged these", "Give our word"):
        assert english not in page
