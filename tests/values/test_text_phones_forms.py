"""Phone numbers as seven countries and their neighbours write them, and figures that are none."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values import registry
from chokepoint.values.contact import calling_code, national_number, parse_phone, valid_number
from chokepoint.values.text import scan


def numbers(text, lang=""):
    return [one.entity.value for one in scan(text, lang_hint=lang) if one.entity.kind == "phone-number"]


@pytest.mark.parametrize(
    ("lang", "form", "number"),
    [
        ("th", "โทร {}", "081-234-5678"),
        ("th", "โทร {}", "081 234 5678"),
        ("th", "โทร. {}", "0812345678"),
        ("th", "เบอร์ {} ค่ะ", "02-123-4567"),
        ("th", "เบอร์{}", "02 123 4567"),
        ("th", "หมายเลข {} ต่อ", "053-123-456"),
        ("th", "มือถือ {}", "๐๘๑-๒๓๔-๕๖๗๘"),
        ("de", "Tel. {}", "030 / 12345678"),
        ("de", "Telefon: {}", "(030) 12345678"),
        ("de", "unter {} erreichbar", "0151 23456789"),
        ("de", "Handy {}", "0176/12345678"),
        ("de", "Rufnummer {}", "089 123456-0"),
        ("fr", "Tél. {}", "01 23 45 67 89"),
        ("fr", "au {} ce jour", "06.12.34.56.78"),
        ("fr", "appelez le {}", "0612345678"),
        ("fr", "numéro {}", "07-56-91-83-40"),
        ("es", "teléfono {}", "611 22 33 44"),
        ("es", "llame al {}", "911 234 567"),
        ("es", "Tfno. {}", "91 123 45 67"),
        ("es", "móvil {}", "611223344"),
        ("ja", "電話 {}", "03-1234-5678"),
        ("ja", "電話番号：{}", "090-1234-5678"),
        ("ja", "携帯{}です", "０９０－１２３４－５６７８"),
        ("ja", "問い合わせ {}", "0120-123-456"),
        ("ja", "電話（{}）", "06-1234-5678"),
        ("tr", "telefon {}", "0532 111 22 33"),
        ("tr", "{} numaralı hattan", "0532 111 22 33"),
        ("tr", "Tel: {}", "(0212) 555 01 23"),
        ("tr", "arayın {}", "0850 222 33 44"),
    ],
)
def test_a_national_number_is_read_in_its_own_language(lang, form, number):
    region = {"th": "TH", "de": "DE", "fr": "FR", "es": "ES", "ja": "JP", "tr": "TR"}[lang]
    plain = "".join(str("๐๑๒๓๔๕๖๗๘๙".index(c)) if c in "๐๑๒๓๔๕๖๗๘๙" else c for c in number)
    parsed = phonenumbers.parse(plain, region)
    wanted = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    assert numbers(form.format(number), lang) == [wanted]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("In the UK, call 020 7946 0018 now", "+442079460018"),
        ("London office, phone 0161 496 0123", "+441614960123"),
        ("Americans should call (202) 456-1111", "+12024561111"),
        ("FBI tip line: 1-800-225-5324", "+18002255324"),
        ("Scamwatch, Australia: phone 0412 345 678", "+61412345678"),
        ("Australia: call 1300 795 995", "+611300795995"),
        ("Delhi, India: mobile 98765 43210", "+919876543210"),
        ("Singapore police, phone 9123 4567", "+6591234567"),
        ("México: teléfono 55 1234 5678, condusef.gob.mx", "+525512345678"),
        ("Perú: celular 987 654 321, www.gob.pe", "+51987654321"),
        ("Wien, Österreich: Tel. 01 234 56 78 90, bmi.gv.at", "+431234567890"),
        ("Zürich: Telefon 044 668 18 00, admin.ch", "+41446681800"),
        ("Bruxelles, Belgique: tél. 02 123 45 67, police.be", "+3221234567"),
        ("Toronto, Canada: call 416-555-0123", "+14165550123"),
    ],
)
def test_a_national_number_is_read_by_the_country_that_the_text_names(text, number):
    assert number in numbers(text)


@pytest.mark.parametrize("form", ["+66 81 234 5678", "+66-81-234-5678", "+66 (0)81 234 5678", "(+66) 81 234 5678", "0066 81 234 5678", "+66812345678", "+66.81.234.5678", "+ 66 81 234 5678", "+66/81/234/5678", "＋６６ ８１ ２３４ ５６７８", "+66‑81‑234‑5678"])  # fmt: skip
@pytest.mark.parametrize("around", ["call {}", "({})", "{}, then", "tel:{}", "โทร{}", "電話は{}です"])
def test_an_international_number_is_one_in_every_spelling(form, around):
    assert numbers(around.format(form)) == ["+66812345678"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        pytest.param("on 2024-03-12 10:30", "en", id="date-and-time"),
        pytest.param("am 12.03.2024 um 10.30 Uhr", "de", id="german-date"),
        pytest.param("le 12/03/2024 à 10 h 30", "fr", id="french-date"),
        pytest.param("€ 1.250.000,00 lost", "en", id="amount"),
        pytest.param("12 345 678 บาท", "th", id="baht"),
        pytest.param("3,500,000円", "ja", id="yen"),
        pytest.param("1 250 000 TL kaybetti", "tr", id="lira"),
        pytest.param("account number 123-4-56789-0", "en", id="account"),
        pytest.param("เลขบัญชี 048-3-71920-6", "th", id="thai-account"),
        pytest.param("口座番号 1234567", "ja", id="japanese-account"),
        pytest.param("Konto 0532013000", "de", id="german-account"),
        pytest.param("IBAN DE89 3704 0044 0532 0130 00", "de", id="iban"),
        pytest.param("order no. 20250118-00442971", "en", id="order"),
        pytest.param("CVE-2021-44228", "en", id="cve"),
        pytest.param("case 2025-0611-0042", "en", id="case"),
        pytest.param("Aktenzeichen 0815-4711-2024", "de", id="file-number"),
        pytest.param("IMEI 356938035643809", "en", id="imei"),
        pytest.param("4111 1111 1111 1111", "en", id="card"),
        pytest.param("1111111111", "en", id="one-figure"),
        pytest.param("v1.2.3.4.5678901", "en", id="version"),
        pytest.param("192.168.100.200", "en", id="address"),
        pytest.param("a1b2c3d4e5f60718", "en", id="hexadecimal"),
        pytest.param("http://evil.com/0812345678", "th", id="path"),
        pytest.param("bob0812345678@evil.com", "th", id="mailbox"),
        pytest.param("QQ 123456789", "en", id="qq"),
        pytest.param("2019-2024", "en", id="years"),
        pytest.param("PID 12345678", "en", id="process"),
        pytest.param("port 8080808", "en", id="port"),
    ],
)
def test_figures_that_are_no_phone_number_are_left_alone(text, lang):
    assert numbers(text, lang) == []


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("สายด่วน 1441", "th", ["th:1441"]),
        ("สายด่วน 1441 หรือ 1599", "th", ["th:1441", "th:1599"]),
        ("Hotline: 116", "de", ["de:116"]),
        ("警察相談専用電話 #9110", "ja", ["jp:#9110"]),
        ("call the hotline on 159", "en", ["us:159"]),
        ("hotline since 1999", "en", []),
        ("hotline took 1500 calls a year 2020", "en", []),
        ("สายด่วน 1500 บาท", "th", []),
        ("the 1441 people", "en", []),
    ],
)
def test_a_short_code_is_one_behind_a_word_for_hotlines_and_official(text, lang, found):
    assert numbers(text, lang) == found
    assert all(one.role == "context" for one in scan(text, lang_hint=lang) if one.entity.value in found)


@pytest.mark.parametrize(
    ("text", "first", "length"),
    [
        ("โทร 02-123-4567-8", "+6621234567", len("02-123-4567")),
        ("โทร 081-234-5678, 089-876-5432", "+66812345678", len("081-234-5678")),
        ("โทร 081-234-5678/089-876-5432", "+66812345678", None),
    ],
    ids=["range", "two", "slash"],
)
def test_a_second_number_behind_the_first_is_not_drawn_into_it(text, first, length):
    found = [one for one in scan(text, lang_hint="th") if one.entity.value == first]
    assert found
    if length:
        assert found[0].end - found[0].start == length


regions = st.sampled_from(
    ["TH", "DE", "FR", "ES", "JP", "TR", "GB", "US", "IN", "AU", "BR", "NG", "VN", "KH"]
)


@given(regions, st.integers(0, 10**12))
def test_a_number_has_a_country_exactly_where_the_plans_library_says_so(region, number):
    digits = str(number)
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        assert national_number(digits, region) == ""
        return
    wanted = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    valid = phonenumbers.is_valid_number(parsed)
    assert national_number(digits, region.lower()) == (wanted if valid else "")
    possible = phonenumbers.is_possible_number(parsed)
    assert national_number(digits, region, lenient=True) == (wanted if possible else "")


@given(regions, st.integers(10**6, 10**10))
def test_what_is_parsed_parses_to_itself_and_is_shown_as_it_is(region, number):
    value = national_number(str(number), region)
    if value:
        assert parse_phone(value) == value
        assert valid_number(value)
        assert value.startswith(f"+{calling_code(region)}")
        assert registry.show(registry.parse("phone-number", value)) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0812345678", "no country code"),
        ("12", "no country code"),
        ("+", "no country code"),
        ("th:99", "numbering plan"),
        ("de:1", "numbering plan"),
        ("+66 1", "no country code"),
        ("+999123456789", "numbering plan"),
        ("zz:12345678", "no country code"),
        ("phone", "no country code"),
        ("+66812345678901234567", "no country code"),
    ],
)
def test_what_is_no_number_is_refused_by_what_is_missing(text, reason):
    with pytest.raises(Exception, match=reason):
        parse_phone(text)


@pytest.mark.parametrize("country", ["zz", "", "aq"])
def test_a_country_without_a_plan_has_no_calling_code(country):
    assert calling_code(country) == "0"
