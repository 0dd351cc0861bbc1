"""Amounts as people of many countries write them, with the Unicode locale data (through Babel) as the oracle."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.analyse.chain.amounts import read_amount
from chokepoint.model.identity import Entity

HANDLE = Entity("payment-handle", "paypal:fox")
ADDRESS = Entity("crypto-address", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT")
COUNTRIES = (
    *("en_US", "en_GB", "en_IN", "en_ZA", "hi_IN", "th_TH", "ja_JP", "zh_CN", "ko_KR", "vi_VN", "id_ID"),
    *("de_DE", "de_AT", "de_CH", "fr_FR", "fr_CH", "fr_CA", "it_IT", "es_ES", "es_MX", "pt_BR", "pt_PT"),
    *("nl_NL", "tr_TR", "ru_RU", "uk_UA", "pl_PL", "cs_CZ", "sv_SE", "nb_NO", "fi_FI", "da_DK", "el_GR"),
)
CLEAR = ["0.5", "7", "99.95", "1234.5", "1234567.25", "20000000", "0.00012345"]
"""Values that no way of writing leaves open."""
values = st.decimals("0.01", "99999999999.99", places=2, allow_nan=False)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("value", CLEAR)
def test_an_amount_is_what_the_country_that_wrote_it_means(country, value):
    shown = format_decimal(Decimal(value), locale=country, decimal_quantization=False)
    if shown.count(".") == 1 and shown.rpartition(".")[2].isdigit() and len(shown.rpartition(".")[2]) == 3:
        pytest.skip("one dot before three figures is read as a decimal one")
    for written in (f"{shown} USD", f"USD {shown}", f"about {shown} USD in all"):
        assert read_amount(written, HANDLE) == (float(value), "USD"), written


@pytest.mark.parametrize("country", [country for country in COUNTRIES if "CH" not in country])
@given(value=values)
def test_any_amount_with_cents_is_read_back_whatever_parts_its_thousands(country, value):
    shown = format_decimal(value, "#,##0.00", locale=country)
    assert read_amount(f"{shown} EUR", HANDLE) == (float(value), "EUR"), shown


@pytest.mark.parametrize("country", ["en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "ja_JP", "th_TH"])
@pytest.mark.parametrize(("code", "sign"), [("USD", "$"), ("EUR", "€"), ("GBP", "£"), ("THB", "฿")])
def test_the_sign_of_a_currency_counts_as_its_code(country, code, sign):
    shown = format_currency(Decimal("1234567.89"), code, locale=country)
    assert sign in shown or code in shown
    assert read_amount(shown, HANDLE) == (1234567.89, code), shown


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        pytest.param("1.234 BTC", 1.234, id="a lone dot is a decimal one"),
        pytest.param("1,234 BTC", 1234.0, id="a lone comma before three figures parts thousands"),
        pytest.param("0,234 BTC", 0.234, id="but not behind a nought"),
        pytest.param("1,23 BTC", 1.23, id="before two figures it is decimal"),
        pytest.param("1,2345 BTC", 1.2345, id="before four too"),
        pytest.param("12,34,567 BTC", 1234567.0, id="lakhs"),
        pytest.param("12,34,567.5 BTC", 1234567.5, id="lakhs and decimals"),
        pytest.param("1.234.567 BTC", 1234567.0, id="dots that stand twice part thousands"),
        pytest.param("1.234.567,5 BTC", 1234567.5, id="the last sign is the decimal one"),
        pytest.param("1,234,567.5 BTC", 1234567.5, id="also the other way round"),
        pytest.param("1’234.50 BTC", 1234.5, id="a raised comma"),
        pytest.param("1 234,50 BTC", 1234.5, id="a blank"),
        pytest.param("1\u00a0234,50 BTC", 1234.5, id="a blank that does not break"),
        pytest.param("1\u202f234,50 BTC", 1234.5, id="a narrow blank"),
        pytest.param("12 345 678 BTC", 12345678.0, id="blanks"),
        pytest.param("1 23 BTC", 1.0, id="a blank that parts no thousands ends the number"),
        pytest.param("๑๒๓ BTC", 123.0, id="Thai figures"),
        pytest.param("1,234.567,8 BTC", None, id="signs in no order"),
        pytest.param("1234567890123456 BTC", None, id="more than there is of anything"),
        pytest.param("999999999999999 BTC", 999999999999999.0, id="the last that is less"),
        pytest.param("0.00 BTC", None, id="nothing, with decimals"),
        pytest.param("-0,5 BTC", None, id="less than nothing"),
        pytest.param("5e3 BTC", None, id="an exponent"),
        pytest.param("0x5 BTC", None, id="a number of programmers"),
        pytest.param("v2 BTC", None, id="a version"),
        pytest.param("BTC5", 5.0, id="a code without a blank"),
        pytest.param("ABTC5", None, id="no code of three letters"),
        pytest.param("2 BTC, then 3 BTC", 2.0, id="the first of two"),
    ],
)
def test_a_number_is_read_by_the_order_of_its_signs(written, amount):
    assert read_amount(written, HANDLE) == (None if amount is None else (amount, "BTC"))


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        pytest.param("5 USDT", "USDT", id="four letters"),
        pytest.param("5 USDTX", "USDTX", id="five"),
        pytest.param("5 usd", "", id="small letters are a word"),
        pytest.param("5 US", "", id="two letters are none"),
        pytest.param("5 DOLLARS", "", id="a shouted word is none"),
        pytest.param("BTC 5 USD", "BTC", id="the first of two codes"),
        pytest.param("$5 CAD", "CAD", id="a code goes before a sign"),
        pytest.param("5 ¥", "JPY", id="yen"),
        pytest.param("5 ₽", "RUB", id="roubles"),
        pytest.param("₿5", "BTC", id="bitcoin"),
        pytest.param("5", "", id="no word of what"),
    ],
)
def test_an_amount_has_a_unit_or_is_none(written, unit):
    found = read_amount(written, HANDLE)
    assert (found[1] if found else "") == unit
    of_address = read_amount(written, ADDRESS)
    assert of_address == (5.0, unit or "BTC")


@given(st.text("0123456789.,'’ \u00a0-eE$€BTCx", max_size=30))
def test_whatever_is_read_is_a_positive_finite_amount_with_a_unit(text):
    for entity in (HANDLE, ADDRESS):
        found = read_amount(text, entity)
        assert found is None or (0 < found[0] < 1e15 and found[1])
