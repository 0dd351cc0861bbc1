"""Words in what claims say are found on the desk, once they are read, and shown as text of strangers."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown
from web_world import RED, SHOP, say

from chokepoint.desk.looking.freetext import is_unread, read_texts
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.web.show.strange import marked
from chokepoint.web.warm import Warmth


@pytest.fixture
def told(fresh):
    """A browser of the bank, where the police said words of the shop, of which one hides and two are markup."""
    words = "They\u202eask for <b>couriers</b> at https://evil.com/pay near the border"
    police = fresh.office.opened_by(Viewer(organisation="police"))
    say(police, "list a", CLEAR, ((SHOP, "description", words),))
    say(police, "list b", RED, ((Entity("tool", "unseen"), "description", "hidden couriers"),))
    return fresh


@pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["the page", "as one types"])
def test_words_of_a_text_are_marked_in_it_defanged_and_without_its_markup(told, headers):
    bank = told.signed_in("bank")
    read_texts(told.office.opened_by(Viewer(organisation="bank")))
    answer = bank.get("/search?q=Couriers+border", **headers)
    page = LexborHTMLParser(answer.text)
    assert [mark.text() for mark in page.css("mark")] == ["couriers", "border"]
    assert "&lt;b&gt;<mark>couriers</mark>&lt;/b&gt;" in answer.text
    assert "hxxps://evil[.]com/pay" in shown(answer.text)
    assert "https://evil.com" not in answer.text
    assert "\u202e" not in answer.text
    assert "hidden couriers" not in shown(answer.text)
    assert "still being read" not in shown(answer.text)


@pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["the page", "as one types"])
def test_until_texts_are_read_a_search_says_so_and_reads_none_itself(told, headers):
    bank = told.signed_in("bank")
    for _ in range(2):
        text = shown(bank.get("/search?q=couriers", **headers).text)
        assert "Some texts are still being read" in text
        assert "border" not in text


def test_programs_are_told_the_passage_and_whether_texts_are_read(told):
    bank = told.signed_in("bank")
    assert bank.get("/api/v1/search?q=couriers").json() == {"query": "couriers", "hits": [], "unread": True}
    read_texts(told.office.opened_by(Viewer(organisation="bank")))
    answer = bank.get("/api/v1/search?q=couriers").json()
    [hit] = answer["hits"]
    [[start, end]] = hit["said"]["marks"]
    assert (hit["value"], hit["said"]["passage"][start:end], answer["unread"]) == (
        SHOP.value,
        "couriers",
        False,
    )


def test_who_makes_maps_reads_texts_and_who_answers_leaves_that_to_them(told):
    police = told.office.opened_by(Viewer(organisation="police"))
    Warmth(told.office, late=60.0).make()
    assert is_unread(police)
    Warmth(told.office, answers=False).make()
    assert not is_unread(police)


@pytest.mark.parametrize(
    ("given", "places", "html"),
    [
        pytest.param("a<b", [(0, 1)], "<bdi><mark>a</mark>&lt;b</bdi>", id="escaped"),
        pytest.param(
            "go evil.com", [(3, 7)], "<bdi>go <mark>evil</mark>[.]com</bdi>", id="beside what is defanged"
        ),
        pytest.param(
            "go evil.com", [(3, 11)], "<bdi>go evil[.]com</bdi>", id="a whole address, shown otherwise"
        ),
        pytest.param("ab ab", [(3, 5)], "<bdi>ab <mark>ab</mark></bdi>", id="the same word before it"),
        pytest.param("abc", [], "<bdi>abc</bdi>", id="none"),
    ],
)
def test_marks_of_a_passage_change_none_of_its_letters(given, places, html):
    assert marked(given, places) == html
