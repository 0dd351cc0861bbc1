"""What the page that verifies a package says: what the bytes prove, what the sender's word does, what was asked."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from web_desk import shown
from web_world import EVIL, say

from chokepoint.desk.handing.parcel import unpacked
from chokepoint.desk.looking.look import show
from chokepoint.desk.personal.stating import state_role
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.work.note import Draft
from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.package.verify import verify

if TYPE_CHECKING:
    from web_desk import Web

VERA = Entity("person", "vera victim")
GREEN = Marking(tlp=Tlp.GREEN)


@pytest.fixture
def content(fresh: Web) -> bytes:
    """A package of the bank for the police about a domain, whose victim the police may not know."""
    bank = fresh.office.opened_by(Viewer(organisation="bank"))
    say(bank, "A victim's report", GREEN, ((EVIL, "contact", VERA),))
    state_role(bank, str(VERA), "victim", Draft(text="she reported it", marking=GREEN))
    for who in ("bank", "police", "vendor"):
        atlas = fresh.office.opened_by(Viewer(organisation=who))
        for one in show(atlas, str(EVIL)).evidence:
            with suppress(RefusedError):
                vote(atlas, [one.stored.id], Vote.CONFIRM, "seen")
    person = fresh.signed_in("bank")
    person.get("/package")
    built = person.post("/package/build", target="evil.com", recipients="police")
    assert built.status_code == 200, shown(built.text)
    return built.content


@pytest.fixture
def html(fresh: Web, content: bytes) -> str:
    police = fresh.signed_in("police")
    police.get("/package")
    return police.upload("/package/verify", "package.zip", content).text


def test_what_rests_on_the_senders_word_is_not_counted_as_proved(content: bytes, html: str) -> None:
    found = verify(unpacked(content))
    total, vouched = len(found.claims), found.vouched
    assert 0 < vouched < total
    text = shown(html)
    assert f"{total - vouched} of {total} claims are proved back to the bytes of their capture." in text
    assert f"{vouched} of {total} claims rest on the sender's signed word alone." in text


def test_the_fields_that_are_withheld_are_named_and_where_to_ask_for_them(content: bytes, html: str) -> None:
    text = shown(html)
    fields = {name for one in verify(unpacked(content)).claims if one.vouched for name in one.withheld}
    assert fields
    told = text.split("withheld from the recipients: ")[1].split(" . Ask the sender")[0]
    assert set(told.split(", ")) == fields
    assert "Ask the sender for an original, on a legal basis" in text


def test_each_claim_says_how_it_is_proved_and_those_on_a_word_alone_come_first(html: str) -> None:
    cells = [part.split("<")[0] for part in html.split('<span class="status ')[1:]]
    told = [cell.split('">')[1] for cell in cells]
    assert set(told) == {"by the sender's word", "yes"}
    assert told == sorted(told)


def test_the_page_says_what_was_asked_included_and_left_out(content: bytes, html: str) -> None:
    asked = verify(unpacked(content)).selection
    assert asked
    text = shown(html)
    assert "What was asked for, by the sender's word" in text
    assert f"Included {asked.included} claims" in text
    assert text.count("Left out ") == len(asked.left_out) == 2
    for reason, count in asked.left_out:
        assert (
            f"Left out {reason} : " + (f"at least {count}" if count else "fewer than 11, or too near to it")
            in text
        )
    assert "cannot be proved" in text


def test_what_was_asked_is_told_in_the_readers_language(fresh: Web, content: bytes) -> None:
    police = fresh.signed_in("police")
    police.get("/package")
    police.post("/look", language="fr", next="/package")
    police.get("/package")
    text = shown(police.upload("/package/verify", "package.zip", content).text)
    assert "sur la seule parole signée de l’expéditeur" in text
    assert "What was asked for" not in text
    assert "Left out" not in text


def test_the_name_that_is_withheld_stands_nowhere_on_the_page(html: str) -> None:
    assert "vera" not in html.lower()
