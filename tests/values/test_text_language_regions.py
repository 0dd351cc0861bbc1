"""Which language a text is in and whose phones it writes: by script, words, places, endings and calling codes."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values.tables import table
from chokepoint.values.text.language import guess, regions
from chokepoint.values.text.words import fold

SENTENCES = {
    "en": "The victims were told to pay the fee to the agent and to wait for the parcel.",
    "th": "ผู้เสียหายถูกหลอกให้โอนเงินและรอรับพัสดุจากบริษัท",
    "fr": "Les victimes ont payé des frais pour le colis et attendent une réponse de la banque.",
    "de": "Die Opfer sollten eine Gebühr für das Paket zahlen und auf die Bank warten.",
    "es": "Las víctimas pagaron una tasa por el paquete y esperan la respuesta del banco.",
    "ja": "被害者は荷物の手数料を支払うように言われ、銀行からの連絡を待っている。",
    "tr": "Mağdurlar kargo için bir ücret ödedi ve bankadan gelecek cevabı bekliyor.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_known_by_its_language(language):
    assert guess(SENTENCES[language]) == language
    assert guess(SENTENCES[language].upper()) == language


@pytest.mark.parametrize("language", SENTENCES)
def test_identifiers_in_it_do_not_change_the_language(language):
    codes = " evil-shop.com bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh 1.2.3.4 bob@evil.com "
    assert guess(codes.join([SENTENCES[language]] * 2)) == language


@pytest.mark.parametrize("text", ["", "1234567890", "evil.com", "!!! ???", "\u200b", "xyz"])
def test_where_nothing_speaks_for_another_it_is_english(text):
    assert guess(text) == "en"


@given(st.text(max_size=200))
def test_any_text_has_one_of_seven_languages_and_a_country(text):
    language = guess(text)
    assert language in SENTENCES
    found = regions(text, language)
    assert found
    assert len(found) == len(set(found))
    assert all(len(region) == 2 and region.isupper() for region in found)


@pytest.mark.parametrize(
    ("language", "region"),
    [("th", "TH"), ("ja", "JP"), ("de", "DE"), ("fr", "FR"), ("es", "ES"), ("tr", "TR"), ("en", "US")],
)
def test_a_language_has_a_country_of_its_own(language, region):
    assert regions("", language)[0] == region


PLACES = [(region, word) for region, places in table("text/words")["place"].items() for word in places]


@pytest.mark.parametrize(
    ("region", "word"), PLACES, ids=[f"{region}-{at}" for at, (region, _) in enumerate(PLACES)]
)
def test_a_place_that_is_named_again_and_again_outweighs_the_language(region, word):
    assert regions(f" {word} " * 3, "en")[0] == region


@pytest.mark.parametrize("region", sorted(table("text/words")["place"]))
def test_every_country_of_the_places_has_phones(region):
    assert region in phonenumbers.SUPPORTED_REGIONS


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("see www.police.gov.sg", "SG"),
        ("voir www.police.be et belgium.be et mobilit.be", "BE"),
        ("siehe www.polizei.gv.at", "AT"),
        ("www.gob.mx www.condusef.gob.mx", "MX"),
        ("call +61 2 9999 9999 or +61 3 9999 9999", "AU"),
        ("+234 803 123 4567 and +234 803 123 4568", "NG"),
        ("+855 12 345 678 +855 12 345 679", "KH"),
        ("bank.co.uk police.uk www.gov.uk london", "GB"),
    ],
)
def test_endings_and_calling_codes_tell_the_country(text, region):
    assert regions(text, "en")[0] == region


@pytest.mark.parametrize("ending", ["tk", "ml", "me", "io", "cc", "tv", "ru", "cn", "co", "ai"])
def test_an_ending_that_anybody_registers_under_tells_none(ending):
    assert regions(f"evil.{ending} bad.{ending} worse.{ending}", "en")[0] == "US"


def test_the_beginning_of_a_text_decides_and_its_length_costs_nothing():
    text = SENTENCES["de"] * 400
    assert guess(text + SENTENCES["th"] * 5_000) == "de"
    assert regions("Zürich admin.ch " * 3 + " " * 30_000 + "Wien .gv.at " * 50, "de")[0] == "CH"


def test_at_most_five_countries_and_the_languages_own_are_tried():
    text = " ".join(f"{word} {word}" for _, word in PLACES)
    assert len(regions(text, "tr")) <= 6
    assert "TR" in regions(text, "tr")


@given(st.text(max_size=100))
def test_folding_keeps_the_length_and_folds_once(text):
    assert len(fold(text)) == len(text) or "İ" not in text
    assert fold(fold(text)) == fold(text) or not text.isascii()


@pytest.mark.parametrize(
    ("text", "folded"), [("İSTANBUL", "istanbul"), ("EVIL", "evil"), ("ÀÉ", "àé"), ("ไทย", "ไทย")]
)
def test_capitals_fold_to_small_letters_one_for_one(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Дата Сайт Телефон Кошелёк 12.01.2026 nova-payout.top la con para", id="Cyrillic beside Latin"
        ),
        pytest.param("التاريخ الموقع الهاتف evil.com la con para", id="Arabic"),
        pytest.param("日期 网站 电话 钱包 地址 金额 evil.com la con", id="Chinese"),
    ],
)
def test_a_text_in_another_script_is_not_taken_for_spanish_by_three_short_words(text):
    """Else its national numbers are read as Spain's."""
    assert guess(text) == "en"


def test_a_homograph_in_a_sentence_does_not_change_its_language():
    assert guess(SENTENCES["es"] + " раураl.com") == "es"
