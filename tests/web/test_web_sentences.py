"""Sentences are translated whole: counts agree with what is counted, and one word never serves unlike places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from chokepoint.model.said import Said
from chokepoint.web.show.languages import LANGUAGES, translations
from chokepoint.web.show.templates import environment
from chokepoint.web.show.told import Teller
from chokepoint.web.show.words import COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web_desk import Person, Web

OTHERS = [code for code in LANGUAGES if code != "en"]


def speaking(person: Person, language: str) -> Person:
    person.get("/")
    person.post("/look", language=language, next="/")
    return person


def told(language: str, template: str, **values: object) -> str:
    return environment(language).from_string(template).render(**values)


def texts(html: str, *paths: str) -> Iterable[str]:
    return (one.text(strip=True) for path in paths for one in LexborHTMLParser(html).css(path))


class TestCounts:
    @pytest.mark.parametrize(
        ("language", "text", "summed"),
        [
            pytest.param("fr", "neu-one.com neu-two.com neu-three.com", "3 nouveaux", id="French, three"),
            pytest.param("fr", "neu-one.com", "1 nouveau", id="French, one"),
            pytest.param("es", "neu-one.com neu-two.com", "2 nuevos", id="Spanish, two"),
            pytest.param("ar", "neu-one.com neu-two.com", "اثنان جديدان", id="Arabic, two"),
            pytest.param("en", "neu-one.com neu-two.com", "2 new", id="English, two"),
        ],
    )
    def test_what_was_checked_is_counted_in_words_that_agree(
        self, web: Web, language: str, text: str, summed: str
    ):
        person = speaking(web.signed_in(), language)
        person.get("/check")
        assert summed in texts(person.post("/check", text=text).text, "p.lead .status")

    @pytest.mark.parametrize("status", COUNTED)
    @pytest.mark.parametrize("language", ["fr", "es", "pt", "sw"])
    def test_every_status_has_a_singular_and_a_plural(self, language: str, status: str):
        one, many = (Teller(language)(Said(*COUNTED[status], count=count)) for count in (1, 7))
        assert one.replace("1", "7") != many

    @pytest.mark.parametrize("status", COUNTED)
    @pytest.mark.parametrize("language", OTHERS)
    def test_no_two_statuses_are_counted_alike(self, language: str, status: str):
        others = {Teller(language)(Said(*COUNTED[one], count=7)) for one in COUNTED if one != status}
        assert Teller(language)(Said(*COUNTED[status], count=7)) not in others


class TestPlaces:
    def test_a_context_parts_the_head_of_a_column_from_the_caption_of_a_plan(self):
        template = '{{ _("What to do") }}/{{ pgettext("column of buttons", "What to do") }}'
        assert told("fr", template) == "Ce qu’il faut faire/Actions possibles"
        assert told("en", template) == "What to do/What to do"

    @pytest.mark.parametrize("language", OTHERS)
    def test_a_context_that_nobody_translated_falls_back_on_english(self, language: str):
        assert told(language, '{{ pgettext("nowhere", "What to do") }}') == "What to do"

    @pytest.mark.parametrize(
        ("page", "button"),
        [
            pytest.param("/choke", "Calculer un plan", id="a plan is computed"),
            pytest.param("/member/groups", "Demander à entrer", id="a group is asked"),
        ],
    )
    def test_a_button_says_what_it_does(self, web: Web, page: str, button: str):
        assert button in texts(speaking(web.signed_in(), "fr").get(page).text, "form button")

    @pytest.mark.parametrize(
        ("page", "heading"),
        [pytest.param("/case", "Ouvrir un dossier", id="case"), pytest.param("/operation", "Ouvrir une opération", id="operation")],
    )  # fmt: skip
    def test_a_heading_names_what_is_opened(self, web: Web, page: str, heading: str):
        assert heading in texts(speaking(web.signed_in(), "fr").get(page).text, "h2")

    @pytest.mark.parametrize("language", OTHERS)
    @pytest.mark.parametrize("message", ["Ask", "By", "Open one"])
    def test_no_catalogue_holds_a_word_that_stood_in_unlike_places(self, language: str, message: str):
        assert translations(language).ugettext(message) == message
