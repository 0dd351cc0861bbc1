"""Sentences are translated whole: counts agree with what is counted, and one word never serves unlike places."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from babel import Locale
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown

from chokepoint.desk.analyse.chain.telling import ON_ACCOUNT
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.model.member import Mode
from chokepoint.model.said import Said
from chokepoint.web.show.figures import size
from chokepoint.web.show.languages import LANGUAGES, translations
from chokepoint.web.show.templates import environment
from chokepoint.web.show.told import Teller
from chokepoint.web.show.words import COUNTED

SCORE = SimpleNamespace(flow=None, chained=False, lever=None, vetted=True, unit="sightings")

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


def page(web: Web, language: str, address: str) -> str:
    return shown(speaking(web.signed_in(), language).get(address).text)


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
    @pytest.mark.parametrize("message", ["Ask", "By", "by", "Open one", "of", "or more wait"])
    def test_no_catalogue_holds_a_word_that_stood_in_unlike_places(self, language: str, message: str):
        assert translations(language).ugettext(message) == message


class TestWhole:
    """A sentence is one message, whatever is marked up within it."""

    @staticmethod
    def score(language: str, **found: object) -> str:
        given = SimpleNamespace(**{**vars(SCORE), **found})
        made = environment(language).get_template("_score.html").render(page=SimpleNamespace(score=given))
        return shown(f"<body>{made}</body>")

    @pytest.mark.parametrize(
        ("exact", "start"),
        [
            pytest.param(True, "Sans cet élément, il reste 40 % du flux", id="exact"),
            pytest.param(False, "Sans cet élément, il reste au moins 40 % du flux", id="a bound"),
        ],
    )
    def test_a_score_by_flow_is_one_sentence(self, exact: bool, start: str):
        told = self.score("fr", flow=SimpleNamespace(exact=exact, left=0.4))
        assert told.startswith(start)

    @pytest.mark.parametrize(
        ("count", "words"),
        [
            pytest.param(1, "registrar a 1 identifiant actif de kit, soit", id="one"),
            pytest.param(9, "registrar a 9 identifiants actifs de kit, soit", id="several"),
        ],
    )
    def test_a_score_by_a_lever_agrees_with_its_count(self, count: int, words: str):
        holder = SimpleNamespace(name="registrar")
        lever = SimpleNamespace(holder=holder, actor="kit", count=count, share=0.5, lasting=0.25)
        assert words in self.score("fr", lever=lever)

    def test_names_in_a_translated_sentence_cannot_become_markup_or_places(self):
        holder = SimpleNamespace(name="<b>%(lasting)s&")
        lever = SimpleNamespace(holder=holder, actor="%s", count=2, share=0.5, lasting=0.25)
        for language in LANGUAGES:
            told = self.score(language, lever=lever)
            assert "<b>%(lasting)s&" in told
            assert "%s" in told

    @pytest.mark.parametrize("language", OTHERS)
    def test_each_language_places_the_marked_figure_where_its_sentence_wants_it(self, language: str):
        template = (
            '{{ _("Without it, %(share)s of the flow from victims to cash-outs is left.", share=share) }}'
        )
        made = told(language, template, share=Markup("<strong>7</strong>"))
        before, _, after = made.partition("<strong>7</strong>")
        assert before
        assert "<" not in before + after

    def test_a_dossier_says_who_published_its_claims_and_as_of_when(self, web: Web):
        text = page(web, "fr", "/entity?of=evil.com&as_of=2099-01-01")
        assert "La carte telle qu’elle était connue le 1 janv. 2099 ." in text
        assert " affirmations, publiées par " in text

    def test_a_path_from_the_unknown_says_so_in_one_sentence(self, web: Web):
        text = page(web, "es", "/path?start=nothing-at-all.com&goal=evil.com")
        assert "No se sabe nada que usted pueda ver de nothing-at-all[.]com ." in text

    def test_a_summary_names_its_day_in_the_sentence(self, web: Web):
        assert re.search(r"O seu mapa à data de [^<]{6,20} 20\d\d ?\.", page(web, "pt", "/summary"))

    @pytest.mark.parametrize(
        ("count", "text"),
        [
            pytest.param(1, "1 ou plus attend", id="one"),
            pytest.param(500, "500 ou plus attendent", id="many"),
        ],
    )
    def test_or_more_agrees_with_its_number(self, count: int, text: str):
        template = '{{ ngettext("%(num)d or more waits", "%(num)d or more wait", count) }}'
        assert told("fr", template, count=count) == text


class TestSizes:
    @pytest.mark.parametrize(
        ("language", "count", "text"),
        [
            pytest.param("fr", 64 << 20, "64\u202fMo", id="French"),
            pytest.param("en", 64 << 20, "64 MB", id="English"),
            pytest.param("sw", 64 << 20, "MB 64", id="Swahili, unit first"),
            pytest.param("es", 3 << 29, "1,5 GB", id="a fraction"),
            pytest.param("en", (1 << 20) - 1, "1,020 kB", id="just below the next unit"),
            pytest.param("en", 1 << 10, "1 kB", id="just a unit"),
            pytest.param("fr", 1023, "1\u202f020\u202fo", id="no unit"),
            pytest.param("en", 0, "0 byte", id="nothing"),
        ],
    )
    def test_a_size_has_the_unit_of_the_language(self, language: str, count: int, text: str):
        assert size(count, Locale(language)) == text

    def test_what_may_be_sent_is_told_in_the_readers_unit(self, web: Web):
        assert "chaque fichier jusqu’à 64 Mo." in page(web, "fr", "/collect")


class TestNamed:
    """What a sentence speaks of is named in it, in the language's own gender and number."""

    def test_every_way_to_act_is_told_on_an_account_and_on_the_next_one(self):
        assert set(ON_ACCOUNT) == {mode.value for mode in Mode}

    @pytest.mark.parametrize("language", OTHERS)
    def test_no_two_ways_to_act_on_an_account_are_told_alike(self, language: str):
        told = [translations(language).ugettext(one) for both in ON_ACCOUNT.values() for one in both]
        assert len(set(told)) == len(told) == 2 * len(Mode)

    @pytest.mark.parametrize(
        ("mode", "words"),
        [
            pytest.param("takedown", "mise hors ligne de son compte", id="a thing"),
            pytest.param("arrest", "arrestation de qui détient son compte", id="a person, never an account"),
            pytest.param("sanction", "sanction contre son compte", id="another preposition"),
        ],
    )
    def test_each_way_to_act_has_its_own_preposition(self, mode: str, words: str):
        assert translations("fr").ugettext(ON_ACCOUNT[mode][0]) == words

    @pytest.mark.parametrize(
        ("label", "text"),
        [
            pytest.param("hosts", "Ada dit «\u202fhéberge\u202f: a.cc\u202f»", id="a verb"),
            pytest.param("category", "Ada dit «\u202fcatégorie\u202f: a.cc\u202f»", id="a noun"),
        ],
    )
    def test_what_a_source_says_reads_well_with_a_verb_and_with_a_noun(self, label: str, text: str):
        words = Said("{origin} says “{label}: {thing}”", origin="Ada", label=Said(label), thing="a.cc")
        assert Teller("fr")(words) == text

    @pytest.mark.parametrize(
        ("field", "lacks"),
        [
            pytest.param("title", "un dossier exige un titre de 1 à", id="title"),
            pytest.param("purpose", "un dossier exige une finalité de 1 à", id="purpose"),
            pytest.param("owner", "un dossier exige un responsable", id="owner"),
        ],
    )
    def test_what_a_case_lacks_is_told_in_the_readers_language(self, web: Web, field: str, lacks: str):
        given = {"title": "t", "purpose": "p", "owner": "ann", "review_date": "2099-01-01", field: " "}
        with pytest.raises(RefusedError) as refused:
            open_case(web.office.opened_by(Viewer(organisation="bank")), Case(id="", **given))
        assert Teller("fr")(refused.value.said[0]).startswith(lacks)

    @pytest.mark.parametrize(
        ("mend", "words"),
        [
            pytest.param("hide some things", "masquez des éléments", id="things"),
            pytest.param("leave the colon out", "supprimez les deux-points", id="a plural in French"),
            pytest.param("name two different entities", "indiquez deux entités différentes", id="feminine"),
            pytest.param("name at least one role", "indiquez au moins un rôle", id="masculine"),
        ],
    )
    def test_a_mend_names_the_thing(self, mend: str, words: str):
        assert Teller("fr")(mend) == words

    @pytest.mark.parametrize("field", ["raw form", "grading", "contributor", "marking"])
    @pytest.mark.parametrize("language", OTHERS)
    def test_a_field_that_differs_from_its_record_is_named_in_no_english(self, language: str, field: str):
        told = Teller(language)(
            Said("differs from its record in the field {field} (step 5)", field=Said(field))
        )
        assert field not in told
        assert "5" in told
