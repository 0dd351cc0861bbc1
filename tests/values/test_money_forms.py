"""Accounts, cards and handles of payment: check digits by an own oracle, every service's form, nothing kept whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from minting import iban as mint_iban
from minting import imei as mint_imei
from stdnum import iban as oracle

from chokepoint.model.errors import NotValidError
from chokepoint.values import money, registry
from chokepoint.values.tables import table
from chokepoint.values.text import scan

# Examples of the registry of ISO 13616, one a country.
IBANS = ["AD1200012030200359100100", "AE070331234567890123456", "AT611904300234573201", "BE68539007547034", "BG80BNBG96611020345678", "CH9300762011623852957", "CY17002001280000001200527600", "CZ6508000000192000145399", "DE89370400440532013000", "DK5000400440116243", "EE382200221020145685", "ES9121000418450200051332", "FI2112345600000785", "FR1420041010050500013M02606", "GB29NWBK60161331926819", "GR1601101250000000012300695", "HR1210010051863000160", "HU42117730161111101800000000", "IE29AIBK93115212345678", "IL620108000000099999999", "IT60X0542811101000000123456", "LT121000011101001000", "LU280019400644750000", "LV80BANK0000435195001", "MT84MALT011000012345MTLCAST001S", "NL91ABNA0417164300", "NO9386011117947", "PL61109010140000071219812874", "PT50000201231234567890154", "RO49AAAA1B31007593840000", "SA0380000000608010167519", "SE4550000000058398257466", "SI56263300012039086", "SK3112000000198742637541", "TR330006100519786457841326"]  # fmt: skip


@pytest.mark.parametrize("number", IBANS, ids=[number[:2] for number in IBANS])
def test_the_example_of_every_country_holds_in_every_spelling(number):
    grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    for written in (
        number,
        grouped,
        number.lower(),
        f"IBAN {grouped}",
        f"IBAN: {number}",
        grouped.replace(" ", "-"),
        f"iban:{number}",
    ):
        assert money.parse_bank_account(written) == f"iban:{number}"


@pytest.mark.parametrize("number", IBANS, ids=[number[:2] for number in IBANS])
def test_one_digit_changed_or_two_turned_round_is_noticed(number):
    for at in range(2, len(number) - 1):
        if number[at].isdigit():
            changed = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
            with pytest.raises(NotValidError):
                money.parse_bank_account(changed)
    turned = number[:-2] + number[-1] + number[-2]
    if turned != number:
        with pytest.raises(NotValidError):
            money.parse_bank_account(turned)


@pytest.mark.parametrize("number", IBANS, ids=[number[:2] for number in IBANS])
def test_a_number_too_short_or_too_long_is_noticed(number):
    for wrong in (number[:-1], f"{number}0", number[:2] + "00" + number[4:]):
        with pytest.raises(NotValidError):
            money.parse_bank_account(wrong)


@given(st.sampled_from([number[:2] for number in IBANS]), st.from_regex(r"[0-9]{11,20}", fullmatch=True))
def test_a_number_holds_exactly_where_the_library_of_numbers_says_so(country, account):
    number = mint_iban(country, account)
    if oracle.is_valid(number, check_country=False):
        assert money.parse_bank_account(number) == f"iban:{number}"
    else:
        with pytest.raises(NotValidError):
            money.parse_bank_account(number)


def test_the_refusal_of_an_account_does_not_spell_it_out():
    with pytest.raises(NotValidError) as refusal:
        money.parse_bank_account("DE89370400440532013001")
    assert "370400440532013001" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("th:SCB:123-4-56789-0", "th:scb:1234567890"),
        ("TH: Kasikorn  Bank :123 4 56789 0", "th:kasikorn bank:1234567890"),
        ("jp:mufg:123/4567890", "jp:mufg:1234567890"),
        ("uk:barclays:20.00.00 12345678", "gb:barclays:20000012345678"),
        ("kh:aba bank:000 123 456", "kh:aba bank:000123456"),
    ],
)
def test_an_account_without_an_iban_stands_with_country_and_bank(text, value):
    assert money.parse_bank_account(text) == value
    assert money.parse_bank_account(value) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123",
        "th:scb:12",
        "th:scb:" + "1" * 41,
        "th::1234567",
        "zz:scb:1234567",
        "th:scb",
        "scb:1234567",
        "iban:",
        "DE",
        "XX00" + "0" * 15,
    ],
)
def test_an_account_that_lacks_something_is_refused(text):
    with pytest.raises(NotValidError):
        money.parse_bank_account(text)


@given(
    st.integers(10**5, 10**6 - 1),
    st.integers(0, 9999),
    st.sampled_from(["*", "x", "X", "•", "●", "…", "."]),
    st.integers(1, 12),
)
def test_a_masked_card_is_its_first_six_and_last_four_whatever_hides_the_rest(first, last, mask, count):
    assert money.parse_payment_card(f"{first}{mask * count}{last:04d}") == f"{first}…{last:04d}"


@given(
    st.from_regex(r"[0-9]{12,19}", fullmatch=True),
    st.sampled_from(["{}", " {} ", "card:{}"]),
    st.sampled_from(["", " ", "-"]),
)
def test_no_full_number_is_taken_or_repeated_however_it_is_grouped(number, form, mark):
    grouped = mark.join(number[at : at + 4] for at in range(0, len(number), 4))
    with pytest.raises(NotValidError, match=r"never kept|first six") as refusal:
        money.parse_payment_card(form.format(grouped))
    assert number not in str(refusal.value)
    assert grouped not in str(refusal.value)


@given(st.from_regex(r"4[0-9]{15}", fullmatch=True))
def test_a_card_number_in_a_text_is_never_found(number):
    grouped = " ".join(number[at : at + 4] for at in range(0, 16, 4))
    for text in (f"card {number}", f"card no. {grouped}", f"Karte: {grouped}"):
        assert all(number not in one.entity.value for one in scan(text))


HANDLES = {
    "paypal": (["bob", "bob.smith", "bob@evil.com"], ["", "bob smith", "bob@"]),
    "cashapp": (["$bob", "$bob-1"], ["bob smith", "$"]),
    "venmo": (["bob-1"], ["bo"]),
    "zelle": (["bob@evil.com", "+12025550123"], ["bob"]),
    "promptpay": (["+66812345678", "1234567890123", "123456789012345"], ["12345"]),
    "pix": (["bob@evil.com", "12345678901"], ["ab"]),
    "upi": (["bob@okaxis"], ["bob", "bob@ok axis"]),
    "perfectmoney": (["U1234567", "E123456"], ["A1234567", "U12"]),
    "webmoney": (["Z123456789012", "123456789012"], ["Z12345"]),
    "payeer": (["P1234567"], ["1234567"]),
    "qiwi": (["+79123456789"], ["12345"]),
    "yoomoney": (["41001234567890"], ["123"]),
    "skrill": (["bob@evil.com"], ["bob"]),
    "papara": (["1234567890"], ["123456789"]),
    "mpesa": (["+254722481093"], ["12"]),
    "truemoney": (["+66812345678"], ["1"]),
    "bizum": (["+34611223344"], ["abc"]),
    "alipay": (["bob@evil.com"], ["ab"]),
    "wechatpay": (["bob_evil"], ["ab"]),
    "neteller": (["bob@evil.com"], ["ab"]),
    "wise": (["bobevil"], ["b"]),
}


def test_every_payment_service_of_the_table_is_asked_here():
    assert set(HANDLES) == set(table("payments")["handle"])


@pytest.mark.parametrize("service", HANDLES)
def test_a_service_takes_the_handles_that_it_issues_and_no_others(service):
    good, bad = HANDLES[service]
    for handle in good:
        assert money.parse_payment_handle(f"{service}:{handle}") == f"{service}:{handle}"
        assert money.parse_payment_handle(f"{service.upper()}:{handle.lower()}") == f"{service}:{handle}"
    for handle in bad:
        with pytest.raises(NotValidError):
            money.parse_payment_handle(f"{service}:{handle}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("https://www.paypal.me/BobEvil", "paypal:bobevil"),
        ("https://paypal.com/paypalme/BobEvil?x=1", "paypal:bobevil"),
        ("cash.app/$Bob", "cashapp:$bob"),
        ("https://venmo.com/Bob-Evil/", "venmo:bob-evil"),
        ("promptpay:081 234 5678", "promptpay:+66812345678"),
        ("promptpay:0-2123-4567", "promptpay:+6621234567"),
        ("truemoney:0812345678", "truemoney:+66812345678"),
        ("wise:@bobevil", "wise:bobevil"),
        ("paypal: Bob@Evil.COM ", "paypal:bob@evil.com"),
        ("yoomoney:4100 1234 5678 90", "yoomoney:41001234567890"),
    ],
)
def test_a_payment_link_and_a_spelling_of_people_are_the_same_handle(text, value):
    assert money.parse_payment_handle(text) == value


def test_an_unknown_service_is_refused_with_the_known_ones():
    with pytest.raises(NotValidError, match="unknown payment service 'gold'") as refusal:
        money.parse_payment_handle("gold:123456")
    assert "cashapp" in refusal.value.mend


@given(st.from_regex(r"[0-9]{14}", fullmatch=True), st.integers(0, 14), st.integers(1, 9))
def test_an_imei_holds_by_its_check_digit_and_breaks_with_any_other(body, at, step):
    number = mint_imei(body)
    for written in (number, f"imei:{number}", f"IMEI:{number[:6]}-{number[6:8]} {number[8:]}"):
        assert registry.parse("device", written).value == f"imei:{number}"
    changed = number[:at] + str((int(number[at]) + step) % 10) + number[at + 1 :]
    with pytest.raises(NotValidError, match="check digit"):
        registry.parse("device", changed)
