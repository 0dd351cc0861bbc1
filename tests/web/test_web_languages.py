"""Languages: which one a reader gets, and that catalogues hold what pages show."""

from __future__ import annotations

import re
from functools import cache
from gettext import c2py

import pytest
from babel.messages.pofile import read_po
from selectolax.lexbor import LexborHTMLParser

from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.words import CREDIBILITY, LIKELIHOOD, RELIABILITY
from chokepoint.web.locales.update import missing, refusals, used
from chokepoint.web.show.languages import LANGUAGES, catalogue, offered, translations, wanted

OTHERS = [code for code in LANGUAGES if code != "en" and code in offered()]
LABELS = re.compile(r"\b(?:TLP|PAP):[A-Z+]+|\b(?:RED|AMBER|GREEN|CLEAR|WHITE)\b")
PLACES = re.compile(r"%\(\w+\)\w|\{\w+(?:!r)?(?::[^{}]*)?\}")
MARKUP = re.compile(r"<[a-zA-Z/!]|&\w+;")
WORD, COMMAND, SENTENCE = re.compile(r"[^\W\d_]{2,}"), re.compile(r"`[^`]*`"), 5
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""What would turn or hide a part of a page from within a catalogue."""

FEW = 20
"""Refusals of other rooms that may wait for a translator, or may be gone from them, between two `make locales`."""

SCALES = {
    "likelihood": [term for _, term in LIKELIHOOD],
    "reliability": list(RELIABILITY.values()),
    "credibility": list(CREDIBILITY.values()),
    "verdict": [one.value for one in Verdict],
    "vote": [one.value for one in Vote],
}
HEADED = (
    "/", "/check", "/search", "/review", "/review/record", "/choke", "/map", "/path", "/case", "/package",
    "/operation", "/impact", "/ledger", "/account", "/work", "/review/together", "/nothing",
)  # fmt: skip
"""Pages whose main heading is a message, a refusal and a page that is none among them."""


def forms(string):
    return string if isinstance(string, tuple) else (string,)


def places(string):
    return set(PLACES.findall(string))


def held_form(held, number):
    return c2py(held.plural_expr)(number)


def numbers(held):
    """Which of the first numbers each plural form of a language stands for."""
    spoken = {form: set() for form in range(held.num_plurals)}
    for number in range(300):
        spoken[held_form(held, number)].add(number)
    return spoken


@pytest.fixture(scope="module")
def opened(web):
    """Every page with a heading in every language: its status and what it holds."""
    person = web.signed_in()
    found = {}
    for language in LANGUAGES:
        person.get("/")
        person.post("/look", language=language, next="/")
        for page in HEADED:
            answer = person.get(page)
            found[language, page] = answer.status_code, answer.text
    return found


@pytest.fixture(scope="module")
def said():
    return used()


@pytest.fixture(scope="module")
def told():
    return set(refusals())


@cache
def sentences(language):
    """What a catalogue says in five words or more, but for commands and places."""
    told = {string for message in read(language) if message.id for string in forms(message.string)}
    return {one for one in told if len(WORD.findall(COMMAND.sub("", PLACES.sub("", one)))) >= SENTENCE}


def read(language):
    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("", "", "en"),
        ("fr", "en", "fr"),
        ("", "fr-CA,en;q=0.8", "fr"),
        ("xx", "de", "en"),
        ("../../etc", "fr", "fr"),
        ("", "x" * 10_000, "en"),
        ("", ";;;,,,q=1", "en"),
    ],
)
def test_a_reader_gets_the_language_they_chose_or_the_first_that_we_have(chosen, accepted, language):
    assert wanted(chosen, accepted) == language


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_pages_say_is_translated_and_all_but_a_few_refusals(language, said, told):
    held = read(language)
    waits = {*missing(held), *(str(one.id) for one in said if one.id and not held.get(one.id, one.context))}
    assert waits - told == set()
    assert len(waits) <= FEW


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_the_places_of_what_is_put_in(language):
    held = read(language)
    spoken = numbers(held)
    for message in filter(lambda one: one.id and isinstance(one.id, str), held):
        assert places(message.string) == places(message.id), message.id
    for message in filter(lambda one: isinstance(one.id, tuple), held):
        one, many = map(places, message.id)
        for form, string in enumerate(message.string):
            fitting = one if 1 in spoken[form] else many
            assert places(string) <= (one | many), message.id
            assert places(string) >= fitting or len(spoken[form]) == 1, message.id


@pytest.mark.parametrize("language", OTHERS)
def test_a_plural_that_stands_for_several_numbers_says_which(language):
    held = read(language)
    days = translations(language)
    for number in (0, 1, 2, 3, 5, 11, 21, 99, 100, 101, 1_000_000):
        told = days.ungettext("%(num)d day", "%(num)d days", number)
        assert "%(num)d" in told or len(numbers(held)[held_form(held, number)]) == 1


def test_arabic_says_one_day_and_two_days_in_a_word_and_counts_from_three():
    told = [
        translations("ar").ungettext("%(num)d day", "%(num)d days", number) for number in (1, 2, 3, 11, 100)
    ]
    assert told == ["يوم واحد", "يومان", "%(num)d أيام", "%(num)d يومًا", "%(num)d يوم"]


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_ends_as_the_message_ends_and_brings_no_markup(language):
    for message in filter(lambda one: one.id, read(language)):
        for string in forms(message.string):
            assert not MARKUP.search(string)
            assert string == string.strip()
            assert string.endswith(":") == forms(message.id)[-1].endswith(":"), message.id
            assert not UNSEEN.search(string), message.id


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_of_a_catalogue_is_in_another_language(language):
    held = {other: sentences(other) for other in OTHERS}
    assert held[language]
    for other in set(OTHERS) - {language}:
        assert held[language] & held[other] == set(), other


@pytest.mark.parametrize(
    ("language", "astray"),
    [
        pytest.param(
            "fr", r"[ \u00a0][:;?!»]|«[^\u202f]", id="French double punctuation parts from its word"
        ),
        pytest.param("es", r"^[^¿]*\?|^[^¡]*!|¿[^?]*$", id="a Spanish question opens without closing"),
    ],
)
def test_marks_stand_as_the_language_sets_them(language, astray):
    strings = [PLACES.sub("", string) for one in read(language) if one.id for string in forms(one.string)]
    assert [string for string in strings if re.search(astray, string)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_changes_a_label_of_tlp_or_pap(language):
    for message in filter(lambda one: one.id, read(language)):
        wanted_labels = LABELS.findall(" ".join(forms(message.id)))
        assert LABELS.findall(" ".join(forms(message.string))) == wanted_labels, message.id


@pytest.mark.parametrize(("words", "language"), [(scale, code) for scale in SCALES for code in OTHERS])
def test_no_two_steps_of_a_scale_are_told_by_one_word(words, language):
    told = [translations(language).ugettext(step) for step in SCALES[words]]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_hardly_anything_that_no_page_shows(language, said):
    stale = [one.id for one in read(language) if one.id and not said.get(one.id, one.context)]
    assert len(stale) <= FEW


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_stay_none_and_never_become_the_head_of_a_catalogue(language):
    assert translations(language).ugettext("") == ""


def test_french_says_all_that_the_shell_says():
    assert "Sign out" not in missing(read("fr"))
    assert translations("fr").ugettext("Sign out") == "Se déconnecter"


def test_no_catalogue_translates_a_label_of_tlp(said):
    assert not [message.id for message in said if "TLP:" in str(message.id)]


@pytest.mark.parametrize("page", HEADED)
@pytest.mark.parametrize("language", OTHERS)
def test_a_page_opens_with_its_heading_in_the_readers_language_and_direction(opened, language, page):
    (status, text), (status_in_english, english) = opened[language, page], opened["en", page]
    html, heading = LexborHTMLParser(text), LexborHTMLParser(english).css_first("h1").text(strip=True)
    root = html.css_first("html").attributes
    assert status == status_in_english
    assert (root["lang"], root["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert heading in {message.id for message in read(language)}
    assert html.css_first("h1").text(strip=True) == translations(language).ugettext(heading) != heading


@pytest.mark.parametrize("language", OTHERS)
def test_markings_read_the_same_on_every_page_of_every_language(opened, language):
    told = {page: LABELS.findall(opened[language, page][1]) for page in HEADED}
    assert told == {page: LABELS.findall(opened["en", page][1]) for page in HEADED}
    assert "TLP:AMBER+STRICT" in told["/case"]


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_shows_a_place_that_nothing_was_put_into(opened, language):
    for page in HEADED:
        assert "%(" not in LexborHTMLParser(opened[language, page][1]).body.text()


def test_a_page_is_in_the_language_that_was_chosen(fresh):
    person = fresh.signed_in()
    person.get("/")
    assert person.post("/look", language="fr", next="/check").headers["location"] == "/check"
    answer = person.get("/check")
    assert '<html lang="fr" dir="ltr"' in answer.text
    assert "Vérifier" in answer.text


def test_a_language_that_is_none_changes_nothing(fresh):
    person = fresh.signed_in()
    person.get("/")
    person.post("/look", language="xx", theme="purple")
    assert '<html lang="en" dir="ltr">' in person.get("/").text


def test_dark_and_light_are_kept_and_the_systems_choice_again(fresh):
    person = fresh.signed_in()
    person.get("/")
    person.post("/look", theme="dark")
    assert 'data-theme="dark"' in person.get("/").text
    person.post("/look", theme="")
    assert "data-theme" not in person.get("/").text
