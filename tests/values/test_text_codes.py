"""Codes in running text: told apart by length, checksum and the nearest word, in tables, lists and brackets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from minting import (
    BITCOIN58,
    base58check,
    bech32,
    cashaddr,
    ethereum,
    fives,
    iban,
    monero,
    ss58,
    stellar,
    ton,
    waves,
)

from chokepoint.values.text import scan

TWENTY = st.binary(min_size=20, max_size=20)
KEY = st.binary(min_size=32, max_size=32)


def found(text):
    return [tuple(one.entity) for one in scan(text)]


@given(TWENTY, KEY, st.binary(min_size=64, max_size=64))
def test_a_line_of_wallets_of_many_chains_gives_each_back(twenty, key, keys):
    wallets = [
        base58check(b"\0", twenty),
        base58check(b"\x41", twenty),
        bech32("bc", [0, *fives(twenty)]),
        ethereum(twenty).lower(),
        cashaddr(twenty),
        monero(keys),
        stellar(key),
        ton(key),
        ss58(key),
        waves(twenty),
    ]
    assert found("; ".join(wallets)) == [("crypto-address", wallet) for wallet in wallets]
    assert found("\n".join(f"- {wallet}" for wallet in wallets)) == [
        ("crypto-address", wallet) for wallet in wallets
    ]


@given(TWENTY)
def test_an_ethereum_address_is_no_sha1_and_a_sha1_no_address(body):
    digits = body.hex()
    if len(set(digits)) < 6 or digits.isdigit():
        return
    assert found(f"pay 0x{digits}") == [("crypto-address", f"0x{digits}")]
    assert found(f"hash {digits}") == [("file", f"sha1:{digits}")]


@given(TWENTY, st.integers(0, 39))
def test_an_ethereum_address_in_a_wrong_mixture_of_case_is_nothing(body, at):
    address = ethereum(body)
    turned = address[: at + 2] + address[at + 2].swapcase() + address[at + 3 :]
    one_case = {turned[2:].lower(), turned[2:].upper()}
    if turned != address and turned[2:] not in one_case:
        assert found(f"pay {turned} now") == []


@given(st.text(alphabet=BITCOIN58, min_size=25, max_size=60))
def test_letters_of_base58_without_a_checksum_are_no_wallet(text):
    assert not [pair for pair in found(f"key {text} end") if pair[0] == "crypto-address"]


@pytest.mark.parametrize(
    "number",
    [
        iban("DE", "370400440532013000"),
        "GB29NWBK60161331926819",
        "FR1420041010050500013M02606",
        "TR330006100519786457841326",
    ],
    ids=["de", "gb", "fr", "tr"],
)
@pytest.mark.parametrize(
    "form", ["{}", "IBAN: {}", "IBAN {}", "auf das Konto {}.", "({})", "口座 {} へ", "บัญชี {} ชื่อ", "| {} |"]
)
def test_an_account_is_found_grouped_and_not_in_every_dress(number, form):
    grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    for written in (number, grouped):
        assert found(form.format(written)) == [("bank-account", f"iban:{number}")]


@pytest.mark.parametrize(
    "text",
    [
        "DE00 3704 0044 0532 0130 00",
        "XX12 3456 7890 1234 5678",
        "AB12CD34EF56",
        "invoice DE12 3456",
        "GB29 NWBK 6016 1331 9268 18",
    ],
    ids=["check-digits", "country", "code", "short", "last-digit"],
)
def test_what_only_looks_like_an_account_is_none(text):
    assert not [pair for pair in found(text) if pair[0] == "bank-account"]


@pytest.mark.parametrize("length", [30, 31, 33, 39, 41, 63, 65, 67, 127, 129, 131])
def test_a_hexadecimal_word_of_another_length_is_no_code(length):
    word = ("ab12cd34ef" * 14)[:length]
    assert found(f"value {word} end") == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("tx 0x" + "ab12cd34" * 8, ["crypto-transaction"]),
        ("0x" + "ab12cd34" * 5, ["crypto-address"]),
        ("0x" + "ab12cd34" * 4, []),
        ("tx: " + "ab12cd34" * 8 + " and sha256: " + "cd34ab12" * 8, ["crypto-transaction", "file"]),
        ("05" + "ab12cd34" * 8, ["user-account"]),
        ("06" + "ab12cd34" * 8, []),
        ("ab12cd34" * 16, ["file"]),
        ("0x" + "ab12cd34" * 16, []),
    ],
    ids=["transaction", "address", "half", "both", "session", "no-session", "sha512", "prefixed-long"],
)
def test_a_code_is_told_by_length_prefix_and_word(text, kinds):
    assert [kind for kind, _ in found(text)] == kinds


@given(
    st.lists(
        st.sampled_from(
            ["ab12cd34" * 4, "cd34ef56" * 5, "ef56ab12" * 8, "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM"]
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["\n", ", ", " | ", "\t", ";"]),
)
def test_a_list_of_codes_keeps_every_one(codes, mark):
    assert [one.raw for one in scan(f"samples: {mark.join(codes)}")] == codes


def test_a_prefix_of_a_payment_request_belongs_to_no_wallet_but_leads_to_it():
    address = "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"
    assert found(f"bitcoincash:{address}") == [("crypto-address", address)]
    assert found("bitcoin:1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM?amount=1") == [
        ("crypto-address", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM")
    ]
