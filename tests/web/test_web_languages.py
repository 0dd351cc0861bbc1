"""Languages: which one a reader gets, and that catalogues hold what pages show."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from chokepoint.web.locales.update import missing, used
from chokepoint.web.show.languages import LANGUAGES, catalogue, offered, translations, wanted

OTHERS = [code for code in LANGUAGES if code != "en" and code in offered()]


@pytest.fixture(scope="module")
def said():
    return used()


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
def test_a_translation_keeps_the_places_of_what_is_put_in(language):
    for message in filter(lambda one: one.id, read(language)):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        places = set(re.findall(r"%\(\w+\)\w", " ".join(ids)))
        for string in filter(None, strings):
            assert set(re.findall(r"%\(\w+\)\w", string)) <= places, message.id
            assert "<" not in string


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_nothing_that_no_page_shows(language, said):
    stale = [message.id for message in read(language) if message.id and message.id not in said]
    assert stale == []


def test_french_says_all_that_the_shell_says():
    assert "Sign out" not in missing(read("fr"))
    assert translations("fr").ugettext("Sign out") == "Se déconnecter"


def test_no_catalogue_translates_a_label_of_tlp(said):
    assert not [message.id for message in said if "TLP:" in str(message.id)]


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
