"""Phone numbers of every country's plan, by the example numbers that the plans' library publishes."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat as Form

from chokepoint.model.errors import NotValidError
from chokepoint.values import contact, registry
from chokepoint.values.names import country_names
from chokepoint.values.text import scan
from chokepoint.values.text.language import regions

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def example(region: str) -> phonenumbers.PhoneNumber:
    found = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    return found or phonenumbers.example_number(region)


def written(number: phonenumbers.PhoneNumber, form: int) -> str:
    return phonenumbers.format_number(number, form)


@pytest.mark.parametrize("region", REGIONS)
def test_every_form_of_a_countrys_number_is_one_entity(region):
    number = example(region)
    wanted = written(number, Form.E164)
    for form in (Form.E164, Form.INTERNATIONAL, Form.RFC3966):
        assert registry.parse("phone-number", written(number, form)).value == wanted
    assert contact.valid_number(wanted)
    assert wanted.startswith("+" + contact.calling_code(region))


@pytest.mark.parametrize("region", REGIONS)
def test_a_national_number_is_read_where_its_country_stands_before_it(region):
    number = example(region)
    if region.lower() not in country_names():
        pytest.skip("a territory without a name of its own in our table")
    text = f"{region.lower()}:{written(number, Form.NATIONAL)}"
    assert registry.parse("phone-number", text).value == written(number, Form.E164)


@pytest.mark.parametrize("region", REGIONS)
def test_an_international_number_is_found_in_a_text(region):
    number = example(region)
    text = f"The caller used {written(number, Form.INTERNATIONAL)}, police say."
    assert [one.entity.value for one in scan(text)] == [written(number, Form.E164)]


@pytest.mark.parametrize(
    ("region", "sentence"),
    [
        ("TH", "คนร้ายโทรจากเบอร์ {} เมื่อวาน"),
        ("DE", "Die Täter riefen unter der Nummer {} an und drohten mit der Polizei."),
        ("FR", "Les escrocs appellent la victime depuis le numéro {} et demandent un virement."),
        ("ES", "Los estafadores llaman desde el teléfono {} y piden los datos de la víctima."),
        ("JP", "犯人は電話番号{}から連絡してきました。"),
        ("TR", "Dolandırıcılar {} numaralı telefondan arayıp para istiyor ve tehdit ediyor."),
        ("GB", "Fraudsters in the UK call from phone number {} and ask for money."),
        ("US", "Scammers in the United States call from phone number {} and ask for money."),
        ("IN", "Scammers in Mumbai, India call from mobile {} and ask for money."),
        ("AU", "Scammers in Australia call from phone number {} and ask for money."),
    ],
)
def test_a_national_number_is_read_by_the_country_that_the_text_speaks_of(region, sentence):
    number = example(region)
    text = sentence.format(written(number, Form.NATIONAL))
    assert written(number, Form.E164) in [one.entity.value for one in scan(text)]


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("Anzeige bei der Polizei, www.polizei.de", "de", "DE"),
        ("Meldung an ncsc.admin.ch, sbb.ch, post.ch, zürich", "de", "CH"),
        ("voir belgium.be, safeonweb.be et police.be", "fr", "BE"),
        ("Perú: www.gob.pe, sunat.gob.pe", "es", "PE"),
        ("Scam in Singapore, see police.gov.sg", "en", "SG"),
        ("call +61 2 9999 9999, see scamwatch.gov.au", "en", "AU"),
        ("nothing tells", "en", "US"),
        ("ไม่มีอะไรบอก", "th", "TH"),
    ],
)
def test_the_likeliest_country_is_the_one_with_most_evidence(text, language, first):
    assert regions(text, language)[0] == first


def test_a_number_with_a_trunk_zero_is_no_american_one():
    found = [one.entity.value for one in scan("call 081-234-5678 now")]
    assert not [value for value in found if value.startswith("+10")]


def test_throwaway_endings_are_no_evidence_of_a_country():
    assert "TK" not in regions("evil.tk, bad.ml, worse.cc, so.me", "en")


@pytest.mark.parametrize(
    "text", ["+", "+66", "+999 123 456 789", "th:12", "zz:12345678", "+1 2", "", "phone"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotValidError):
        contact.parse_phone(text)


@pytest.mark.parametrize("digits", ["", "abc", "+", "0" * 40, "00", "+000000000"])
def test_no_text_makes_the_helpers_fail(digits):
    assert contact.national_number(digits, "th") in {"", contact.national_number(digits, "TH")}
    assert contact.valid_number(digits) is False
