"""Every address that an independent encoder makes is known for what it is; one changed letter is noticed."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from minting import (
    BECH32,
    BITCOIN58,
    RIPPLE58,
    base58check,
    bech32,
    ethereum,
    fives,
    iban,
    monero,
    onion,
    other_letter,
    segwit,
    stellar,
    ton,
)

from chokepoint.model.errors import NotValidError
from chokepoint.values import registry, wallet
from chokepoint.values.text import scan

TWENTY = st.binary(min_size=20, max_size=20)
THIRTY_TWO = st.binary(min_size=32, max_size=32)
SIXTY_FOUR = st.binary(min_size=64, max_size=64)
BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

FORMS = {
    "bitcoin": (TWENTY, lambda b: base58check(b"\0", b), BITCOIN58, "BTC"),
    "bitcoin-script": (TWENTY, lambda b: base58check(b"\5", b), BITCOIN58, "BTC"),
    "segwit": (TWENTY, lambda b: segwit("bc", 0, b), BECH32, "BTC"),
    "segwit-script": (THIRTY_TWO, lambda b: segwit("bc", 0, b), BECH32, "BTC"),
    "taproot": (THIRTY_TWO, lambda b: segwit("bc", 1, b), BECH32, "BTC"),
    "litecoin": (TWENTY, lambda b: base58check(b"\x30", b), BITCOIN58, "LTC"),
    "litecoin-script": (TWENTY, lambda b: base58check(b"\x32", b), BITCOIN58, "LTC"),
    "litecoin-segwit": (TWENTY, lambda b: segwit("ltc", 0, b), BECH32, "LTC"),
    "dogecoin": (TWENTY, lambda b: base58check(b"\x1e", b), BITCOIN58, "DOGE"),
    "dash": (TWENTY, lambda b: base58check(b"\x4c", b), BITCOIN58, "DASH"),
    "zcash": (TWENTY, lambda b: base58check(b"\x1c\xb8", b), BITCOIN58, "ZEC"),
    "tron": (TWENTY, lambda b: base58check(b"\x41", b), BITCOIN58, "TRX"),
    "ripple": (TWENTY, lambda b: base58check(b"\0", b, RIPPLE58), RIPPLE58, "XRP"),
    "monero": (SIXTY_FOUR, monero, BITCOIN58, "XMR"),
    "cardano": (
        st.binary(min_size=56, max_size=56),
        lambda b: bech32("addr", fives(b"\1" + b)),
        BECH32,
        "ADA",
    ),
    "ton": (THIRTY_TWO, ton, BASE64URL, "TON"),
    "ton-test": (THIRTY_TWO, lambda b: ton(b, 0x91), BASE64URL, "TON"),
    "stellar": (THIRTY_TWO, stellar, BASE32, "XLM"),
}
SENTENCES = [
    "Victims paid to {} in May.",
    "โอนเงินมาที่ {} ภายในวันนี้",
    "送金先は「{}」です。",
    "Zahlung an {}, sofort!",
    "virement vers «{}» ;",
    "cartera: {}\n",
    "cüzdan ({}) kullanıldı",
    "<td>{}</td>",
    "`{}`",
    '"{}",',
]


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_a_minted_address_is_known_and_stays_as_it_is(form, data):
    body, mint, _, asset = FORMS[form]
    address = mint(data.draw(body))
    assert wallet.parse_address(address) == address
    assert wallet.detect_address(address) == address
    assert asset in wallet.assets(address)
    assert registry.parse("crypto-address", address) == registry.detect(address)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_one_changed_letter_is_noticed_in_every_form(form, data):
    body, mint, alphabet, asset = FORMS[form]
    address = mint(data.draw(body))
    at = data.draw(st.integers(len(address) // 2, len(address) - 1))
    changed = other_letter(address, at, alphabet, data.draw(st.integers(0, 60)))
    assume(changed != address)
    assert asset not in wallet.assets(changed)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_a_minted_address_is_found_in_a_sentence_of_any_language(form, data):
    body, mint, _, _ = FORMS[form]
    address = mint(data.draw(body))
    text = data.draw(st.sampled_from(SENTENCES)).format(address)
    found = [one.entity for one in scan(text)]
    assert [(one.kind, one.value) for one in found] == [("crypto-address", address)]


@given(TWENTY, st.integers(0, 39))
def test_the_checksum_of_eip_55_holds_and_one_turned_letter_breaks_it(body, at):
    address = ethereum(body)
    assert wallet.parse_address(address) == address.lower()
    place = at + 2
    turned = address[:place] + address[place].swapcase() + address[place + 1 :]
    assume(turned != address)
    digits = turned[2:]
    assume(digits not in {digits.lower(), digits.upper()})
    with pytest.raises(NotValidError, match="EIP-55"):
        wallet.parse_address(turned)


@given(TWENTY)
def test_all_three_cases_of_an_evm_address_are_one_entity(body):
    mixed = ethereum(body)
    spelt = {mixed, mixed.lower(), "0x" + mixed[2:].upper()}
    assert {wallet.parse_address(one) for one in spelt} == {mixed.lower()}


@given(THIRTY_TWO, st.integers(0, 55), st.integers(0, 30))
def test_an_onion_service_must_carry_its_checksum(key, at, step):
    address = onion(key)
    assert registry.parse("onion-service", address).value == address
    changed = other_letter(address, at, "abcdefghijklmnopqrstuvwxyz234567", step)
    with pytest.raises(NotValidError):
        registry.parse("onion-service", changed)


@given(THIRTY_TWO, st.sampled_from(SENTENCES))
def test_an_onion_service_is_found_in_a_sentence_of_any_language(key, sentence):
    address = onion(key)
    assert [tuple(one.entity) for one in scan(sentence.format(address))] == [("onion-service", address)]


ACCOUNTS = {
    "DE": st.text("0123456789", min_size=18, max_size=18),
    "AT": st.text("0123456789", min_size=16, max_size=16),
    "FR": st.text("0123456789", min_size=23, max_size=23),
    "GB": st.text("0123456789", min_size=14, max_size=14).map("WEST".__add__),
    "TR": st.text("0123456789", min_size=22, max_size=22),
    "NL": st.text("0123456789", min_size=10, max_size=10).map("ABNA".__add__),
}


@pytest.mark.parametrize("country", ACCOUNTS)
@given(data=st.data())
def test_an_iban_holds_by_its_remainder_and_breaks_with_any_digit(country, data):
    number = iban(country, data.draw(ACCOUNTS[country]))
    grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    for written in (number, grouped, number.lower(), f"IBAN: {grouped}"):
        assert registry.parse("bank-account", written).value == f"iban:{number}"
    changed = other_letter(number, len(number) - 1, "0123456789", data.draw(st.integers(0, 8)))
    with pytest.raises(NotValidError, match="check digits"):
        registry.parse("bank-account", changed)


@pytest.mark.parametrize("country", ["DE", "FR", "TR"])
@given(data=st.data())
def test_an_iban_is_found_in_a_sentence_grouped_or_not(country, data):
    number = iban(country, data.draw(ACCOUNTS[country]))
    grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    for written in (number, grouped):
        found = [one.entity.value for one in scan(f"Paid to {written}, then silence.")]
        assert found == [f"iban:{number}"]
