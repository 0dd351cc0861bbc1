"""Sentences of the desk as a reader of another language meets them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from chokepoint.model.figure import Figure
from chokepoint.model.said import AFTER, OR, Said, advised, linked
from chokepoint.package.drawing.chain import chain_svg
from chokepoint.package.drawing.curve import NARROW, curve_svg
from chokepoint.package.drawing.svg import text
from chokepoint.package.findings import Chain, Curve, Stop
from chokepoint.web.show.languages import LANGUAGES
from chokepoint.web.show.places import said as placed
from chokepoint.web.show.templates import stops
from chokepoint.web.show.told import Teller, written
from chokepoint.web.show.values import country

LEAVES = Said(
    "Without this step the plan leaves {flow:.3g} {unit} more.", flow=1234.5, unit=Said("sightings")
)
AGAIN = (
    "The first of them was seen again after {count} day.",
    "The first of them was seen again after {count} days.",
)
CURVE = Curve(days=(0, 365), before=(1500.5, 1500.5), after=(1500.5, 20.25), low=(), high=(), unit=Said("flow to cash-outs in {unit}", unit=Said("sightings")))  # fmt: skip


class TestText:
    @pytest.mark.parametrize(
        ("language", "text"),
        [
            pytest.param("en", "Without this step the plan leaves 1,230 sightings more.", id="en"),
            pytest.param("fr", "Sans cette étape, le plan laisse 1\u202f230 observations de plus.", id="fr"),
            pytest.param("es", "Sin este paso el plan deja 1.230 avistamientos más.", id="es"),
            pytest.param("th", "หากไม่มีขั้นนี้ แผนจะเหลือเพิ่มอีก 1,230 การพบเห็น", id="th"),
        ],
    )
    def test_a_sentence_is_told_with_its_numbers_as_the_language_writes_them(self, language: str, text: str):
        assert Teller(language)(LEAVES) == text

    @pytest.mark.parametrize(
        ("language", "count", "text"),
        [
            pytest.param("fr", 1, "après 1 jour.", id="one in French"),
            pytest.param("fr", 11, "après 11 jours.", id="several in French"),
            pytest.param("ar", 1, "بعد يوم واحد.", id="one in Arabic"),
            pytest.param("ar", 2, "بعد يومين.", id="two in Arabic"),
            pytest.param("ar", 5, "بعد 5 أيام.", id="a few in Arabic"),
            pytest.param("ar", 11, "بعد 11 يومًا.", id="many in Arabic"),
            pytest.param("ar", 100, "بعد 100 يوم.", id="a hundred in Arabic"),
            pytest.param("en", 1, "after 1 day.", id="one in English"),
        ],
    )
    def test_a_count_takes_the_plural_of_the_language(self, language: str, count: int, text: str):
        assert Teller(language)(Said(*AGAIN, count=count)).endswith(text)

    def test_a_fraction_is_no_singular(self):
        half = Said("after {count:g} day", "after {count:g} days", count=0.5)
        assert Teller("fr")(half) == "après 0,5 jour"
        assert (
            Teller("en")(Said("after {count:g} day", "after {count:g} days", count=1.5)) == "after 1.5 days"
        )

    def test_a_day_is_told_in_the_languages_words(self):
        told = Said("until {day}", day=date(2026, 2, 3))
        assert [Teller(one)(told) for one in ("fr", "es", "pt")] == [
            "jusqu’au 3 févr. 2026", "hasta el 3 feb 2026", "até 3 fev. 2026",
        ]  # fmt: skip

    def test_a_place_in_a_capture_is_told_in_words_and_a_name_in_it_is_left_alone(self):
        found = Said("{ends} found at {place}", ends=Said("subject"), place="line 3, column 'line'")
        assert Teller("fr")(found).endswith("ligne 3, colonne 'line'")

    def test_what_is_put_in_is_isolated_where_writing_runs_the_other_way(self):
        assert Teller("ar")(linked(OR, ["bank", "vendor"])) == "\u2068bank\u2069 أو \u2068vendor\u2069"
        assert "\u2068" not in Teller("fr")(linked(OR, ["bank", "vendor"]))

    @given(st.text(max_size=40))
    def test_a_value_is_never_read_as_a_message(self, value: str):
        assert Teller("fr")(Said("{name} is missing", name=value)) == f"{value} manque"

    @given(st.sampled_from(sorted(LANGUAGES)), st.text(min_size=1, max_size=30))
    def test_no_text_of_a_stranger_fails_or_vanishes_from_a_sentence(self, language: str, value: str):
        told = Teller(language)(Said("{one} or {other}", one=value, other="x"))
        assert value in told


class TestMarkup:
    def test_what_strangers_wrote_is_escaped_harmless_and_apart(self):
        told = Teller("fr").markup(Said("{name!r} is no member", name="<b>\u202ehttps://evil.com"))
        assert "<b>" not in told
        assert "\u202e" not in told
        assert "hxxps://evil[.]com" in told
        assert told.count("<bdi>") == 1
        assert told.endswith("n’est pas membre")

    def test_text_that_is_no_message_is_a_strangers(self):
        assert Teller("fr").markup("evil.com <i>") == "<bdi>evil[.]com &lt;i&gt;</bdi>"

    def test_text_that_is_a_message_is_told(self):
        assert Teller("fr").markup("write YYYY-MM-DD") == "écrivez AAAA-MM-JJ"

    def test_a_refused_line_is_told_with_its_mend_apart(self):
        assert Teller("fr").refusal("an empty file. Mend: fetch the file again, or leave it out") == (
            "un fichier vide · récupérez le fichier à nouveau, ou laissez-le de côté"
        )

    @given(st.text(max_size=60))
    def test_no_text_opens_a_tag(self, value: str):
        for told in (Teller("ar").markup(Said("{name} is missing", name=value)), Teller("ar").refusal(value)):
            assert not re.search(r"<(?!/?(?:bdi|span)\b)", told)


class TestNumbers:
    @pytest.mark.parametrize(
        ("figure", "spec", "language", "text"),
        [
            pytest.param(1234567, ",", "pt", "1.234.567", id="groups"),
            pytest.param(0.00427, ".3g", "fr", "0,00427", id="three figures"),
            pytest.param(123456.0, ".3g", "en", "123,000", id="no exponent"),
            pytest.param(0.2567, ".1%", "es", "25,7\xa0%", id="a share"),
            pytest.param(1.0, ".0%", "en", "100%", id="all of it"),
            pytest.param(
                Decimal(10) ** 23 + 1, ",f", "en", "100,000,000,000,000,000,000,001", id="to the last unit"
            ),
            pytest.param(2026, "", "en", "2026", id="a number that is no amount"),
            pytest.param(-0.5, ".2f", "fr", "-0,5", id="less than nothing"),
        ],
    )
    def test_a_number_is_as_exact_as_its_place_asks(self, figure: float, spec: str, language: str, text: str):
        assert written(figure, spec, Locale(language)) == text

    @given(st.integers(-(10**15), 10**15))
    def test_no_digit_of_a_whole_number_is_lost_in_any_language(self, figure: int):
        for language in LANGUAGES:
            told = written(figure, ",", Locale(language))
            assert int("".join(re.findall(r"\d", told))) == abs(figure)

    def test_an_amount_is_told_about_more_or_less(self):
        about = Figure(
            measure="losses", low=Decimal(2_800_000), high=Decimal(2_800_000), bound="~", unit="USD"
        )
        assert about.amount == "about 2,800,000 USD"
        assert Teller("es")(about.amount) == "unos 2.800.000 USD"


class TestNames:
    @pytest.mark.parametrize(
        ("code", "language", "name"),
        [("ke", "ar", "كينيا"), ("CI", "fr", "Côte d’Ivoire"), ("th", "th", "ไทย"), ("zz9", "fr", "ZZ9")],
        ids=["Arabic", "French", "Thai", "no country"],
    )
    def test_a_country_has_its_name_in_the_readers_language(self, code: str, language: str, name: str):
        assert country(code, Locale(language)) == name

    @pytest.mark.parametrize(
        ("where", "told"),
        [
            pytest.param("lines 3-7", "LINES 3-7", id="lines"),
            pytest.param("sheet 'row', row 3", "SHEET 'row', ROW 3", id="a name that is a noun too"),
            pytest.param("/objects/3/line", "/objects/3/line", id="a JSON pointer"),
            pytest.param("outline 3", "outline 3", id="a part of a word"),
        ],
    )
    def test_only_nouns_of_a_place_are_translated(self, where: str, told: str):
        assert placed(where, str.upper) == told


class TestDrawings:
    def test_a_curve_says_its_axes_and_figures_in_the_readers_language(self):
        drawn = curve_svg(CURVE, tell=Teller("fr"))
        assert (
            "Jours après l’intervention\u202f; hauteur\u202f: flux vers le retrait des fonds en observations"
            in drawn
        )
        assert "1\u202f500 sans intervention" in drawn
        assert "Days" not in drawn

    def test_a_narrow_curve_has_both_captions(self):
        drawn = curve_svg(CURVE, NARROW, tell=Teller("es"))
        assert "Días desde el golpe" in drawn
        assert "Altura: flujo hacia la retirada de fondos en avistamientos" in drawn

    def test_a_chain_names_phases_and_the_rest_in_the_readers_language_and_things_by_their_names(self):
        stops = [Stop(parts=(), column="victim", before=9.0, after=3.5, name="victims")]
        stops += [Stop(parts=(), column="lure", before=1.0, after=0.0, name=f"<{at}>") for at in range(9)]
        drawn = chain_svg(Chain(stops=tuple(stops), ways=(), unit=Said("sightings")), tell=Teller("fr"))
        assert ">leurre</text>" in drawn
        assert "5 de plus" in drawn
        assert "9 → 3,5" in drawn
        assert escape("<0>") in drawn
        assert "<0>" not in drawn

    def test_drawings_for_documents_stay_english(self):
        assert curve_svg(CURVE) == curve_svg(CURVE, tell=str)
        assert "Days after the strike; height: flow to cash-outs in sightings" in curve_svg(CURVE)
        assert linked(AFTER, ["a", "b"]) == "a b"


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", (", ", "; ", ": ")), ("ar", ("، ", "؛ ", ": ")), ("fr", (", ", "\u202f; ", "\u202f: "))],
)
def test_lists_have_the_stops_of_the_language(language: str, told: tuple[str, str, str]):
    assert stops(language) == told


class TestRefusals:
    """Why a line was refused, in the reader's language, with what stood there left as it is."""

    REASON = advised(Said("{text!r} is no IPv6 address", text="x"), "compare it with the source")

    @pytest.mark.parametrize(
        ("language", "told"),
        [
            pytest.param("en", "'x' is no IPv6 address · compare it with the source", id="English"),
            pytest.param("fr", "'x' n’est pas une adresse IPv6 · comparez avec la source", id="French"),
            pytest.param("th", "'x' ไม่ใช่ที่อยู่ IPv6 · เทียบกับแหล่งข้อมูล", id="Thai"),
        ],
    )
    def test_reason_and_mend_are_told_apart(self, language: str, told: str):
        assert unescape(re.sub("<[^>]+>", "", Teller(language).refusal(self.REASON))) == told

    def test_a_reason_within_a_reason_is_told_too(self):
        inner = Said("unknown platform {name!r}", name="x")
        told = str(Teller("es").refusal(Said("{why}: the row is not taken", why=inner)))
        assert "plataforma desconocida" in told
        assert "la fila no se toma" in told

    def test_a_reason_without_values_is_told_where_another_holds_it(self):
        told = str(Teller("fr").refusal(Said("{why}: read as plain text", why="ends too early")))
        assert told == "se termine trop tôt\N{NARROW NO-BREAK SPACE}: lu comme texte simple"

    def test_a_strangers_text_is_never_told_as_a_message_of_ours(self):
        told = str(Teller("fr").refusal(Said("{text!r} is no IPv6 address", text="ends too early")))
        assert "ends too early" in told

    @given(st.text(max_size=60))
    def test_no_value_brings_markup_or_hides_anything(self, value: str):
        said = advised(Said("{text!r} is no e-mail address", text=value), "mend the file")
        for language in ("en", "ar"):
            told = str(Teller(language).refusal(said))
            assert not re.search(r"<(?!/?(?:bdi|span)\b)", told)
            assert not re.search("[\u200b\u202e\u2066\x00]", told)

    def test_what_an_older_desk_kept_as_text_is_still_told(self):
        told = str(Teller("es").refusal("no text on this page. Mend: recognise its text (OCR) first"))
        assert told == "no hay texto en esta página · reconozca primero su texto (OCR)"


def test_drawings_are_told_nothing_that_they_would_spell_out():
    said = Said("{name} at {place}", name="a\u2068b", place="x")
    assert text(Teller("ar", flat=True)(said)).count("U+2068") == 1, "that of the stranger"
    assert "\u2068x\u2069" in Teller("ar")(said)
