"""Published vectors of each address form; wrong length, wrong case, wrong order; which asset a form may hold."""

from __future__ import annotations

import base58
import pytest
from hypothesis import given
from hypothesis import strategies as st
from minting import BECH32, cashaddr, monero, segwit, ss58, stellar, ton, waves
from minting import base58check as mint58
from minting import bech32 as mint_bech32

from chokepoint.model.errors import NotValidError
from chokepoint.values import registry, wallet
from chokepoint.values.wallet import bech32
from chokepoint.values.wallet.base58 import check_assets, is_key, monero_assets, other_assets, ripple_assets
from chokepoint.values.wallet.ton import is_ton, normal

TWENTY = st.binary(min_size=20, max_size=20)
KEY = st.binary(min_size=32, max_size=32)

BECH32_VALID = [
    "A12UEL5L",
    "a12uel5l",
    "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
    "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
    "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    "?1ezyfcl",
]
BECH32M_VALID = [
    "A1LQFN3A",
    "a1lqfn3a",
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    "11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "?1v759aa",
]
BECH32_INVALID = {
    "no-separator": "pzry9x0s0muk",
    "empty-prefix": "1pzry9x0s0muk",
    "empty-prefix-too": "10a06t8",
    "empty-prefix-three": "1qzzfhee",
    "letter-b-in-data": "x1b4n0q5v",
    "checksum-too-short": "li1dgmt3",
    "checksum-of-capitals": "A1G7SGD8",
    "byte-in-checksum": "de1lg7wt\xff",
    "letter-b-in-bech32m": "y1b0jsk6g",
    "letter-i-in-bech32m": "lt1igcx5c0",
    "bech32m-checksum-too-short": "in1muywd",
    "letter-i-in-checksum": "mm1crxm3i",
    "letter-o-in-checksum": "au1s5cgom",
    "bech32m-checksum-of-capitals": "M1VUXWEZ",
    "bech32m-empty-prefix": "16plkw9",
    "bech32m-empty-prefix-too": "1p2gdwpf",
}


@pytest.mark.parametrize("text", BECH32_VALID)
def test_valid_strings_of_bip_173_hold_by_their_own_constant(text):
    decoded = bech32.decode(text)
    assert decoded
    assert decoded[0] == text.lower().rpartition("1")[0]
    assert decoded[2] == bech32.BECH32


@pytest.mark.parametrize("text", BECH32M_VALID)
def test_valid_strings_of_bip_350_hold_by_their_own_constant(text):
    decoded = bech32.decode(text)
    assert decoded
    assert decoded[2] == bech32.BECH32M


@pytest.mark.parametrize("text", BECH32_INVALID.values(), ids=BECH32_INVALID)
def test_invalid_strings_of_both_specifications_are_refused(text):
    assert bech32.decode(text) is None


@given(
    st.text("abcdefghijklm", min_size=1, max_size=8),
    st.lists(st.integers(0, 31), max_size=40),
    st.sampled_from([1, 0x2BC830A3]),
)
def test_what_another_encoder_writes_is_read_back_in_whole(prefix, data, constant):
    assert bech32.decode(mint_bech32(prefix, data, constant)) == (prefix, data, constant)


@given(TWENTY, st.data())
def test_mixed_case_is_no_bech32_and_capitals_are_the_same_address(body, data):
    address = segwit("bc", 0, body)
    letters = [at for at, c in enumerate(address) if c.isalpha() and at > 2]
    at = data.draw(st.sampled_from(letters))
    assert wallet.detect_address(address[:at] + address[at].upper() + address[at + 1 :]) == ""
    assert wallet.parse_address(address.upper()) == address


@given(st.integers(0, 31), st.binary(min_size=0, max_size=45))
def test_a_witness_program_is_what_bip_141_allows(version, program):
    address = segwit("bc", version, program)
    _, data, constant = bech32.decode(address)
    allowed = version <= 16 and 2 <= len(program) <= 40 and (version or len(program) in {20, 32})
    assert bech32.is_segwit(data, constant) == bool(allowed)


@given(TWENTY)
def test_a_witness_program_with_the_other_constant_is_refused(body):
    digits = [1, *(BECH32.index(c) for c in segwit("bc", 1, body)[4:-6])]
    assert wallet.detect_address(mint_bech32("bc", digits, 1)) == ""
    assert wallet.detect_address(mint_bech32("bc", digits, 0x2BC830A3)) != ""


@pytest.mark.parametrize("groups", [[1], [31] * 3, [0, 1], [0, 0, 0, 0, 0, 0, 0, 0, 31]])
def test_padding_that_is_too_long_or_not_zero_makes_no_bytes(groups):
    assert bech32.to_bytes(groups) is None


CASH_PAIRS = [
    ("1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu", "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"),
    ("1KXrWXciRDZUpQwQmuM1DbwsKDLYAYsVLR", "qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy"),
    ("16w1D5WRVKJuZUsSRzdLp9w3YGcgoxDXb", "qqq3728yw0y47sqn6l2na30mcw6zm78dzqre909m2r"),
    ("3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC", "ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq"),
    ("3LDsS579y7sruadqu11beEJoTjdFiFCdX4", "pr95sy3j9xwd2ap32xkykttr4cvcu7as4yc93ky28e"),
    ("31nwvkZwyPdgzjBJZXfDmSWsC4ZLKpYyUw", "pqq3728yw0y47sqn6l2na30mcw6zm78dzq5ucqzc37"),
]


@pytest.mark.parametrize(("legacy", "cash"), CASH_PAIRS)
def test_the_pairs_of_the_cashaddr_specification_hold_in_both_forms(legacy, cash):
    raw = base58.b58decode_check(legacy)
    assert cashaddr(raw[1:], 1 if raw[0] == 5 else 0) == cash
    for written in (cash, cash.upper(), f"bitcoincash:{cash}"):
        assert wallet.parse_address(written) == cash
    assert wallet.assets(cash) == ("BCH",)
    assert "BTC" in wallet.assets(legacy)


MORE = {
    "cashaddr": (TWENTY, cashaddr, "BCH"),
    "cashaddr-script": (TWENTY, lambda b: cashaddr(b, 1), "BCH"),
    "polkadot": (KEY, ss58, "DOT"),
    "kusama": (KEY, lambda b: ss58(b, 2), "KSM"),
    "substrate": (KEY, lambda b: ss58(b, 42), "DOT"),
    "waves": (TWENTY, waves, "WAVES"),
    "tezos": (TWENTY, lambda b: mint58(b"\x06\xa1\x9f", b), "XTZ"),
    "tezos-secp": (TWENTY, lambda b: mint58(b"\x06\xa1\xa1", b), "XTZ"),
    "zcash-script": (TWENTY, lambda b: mint58(b"\x1c\xbd", b), "ZEC"),
    "dash-script": (TWENTY, lambda b: mint58(b"\x10", b), "DASH"),
    "doge-script": (TWENTY, lambda b: mint58(b"\x16", b), "DOGE"),
    "digibyte": (TWENTY, lambda b: mint58(b"\x3f", b), "DGB"),
    "ravencoin": (TWENTY, lambda b: mint58(b"\x3c", b), "RVN"),
    "vertcoin": (TWENTY, lambda b: mint58(b"\x47", b), "VTC"),
    "bitcoin-gold": (TWENTY, lambda b: mint58(b"\x26", b), "BTG"),
    "vertcoin-segwit": (TWENTY, lambda b: segwit("vtc", 0, b), "VTC"),
    "monero-integrated": (st.binary(min_size=72, max_size=72), lambda b: monero(b, 19), "XMR"),
    "monero-subaddress": (st.binary(min_size=64, max_size=64), lambda b: monero(b, 42), "XMR"),
    "cosmos": (TWENTY, lambda b: mint_bech32("cosmos", fives(b)), "ATOM"),
    "zilliqa": (TWENTY, lambda b: mint_bech32("zil", fives(b)), "ZIL"),
    "stake": (st.binary(min_size=29, max_size=29), lambda b: mint_bech32("stake", fives(b)), "ADA"),
}


def fives(data: bytes) -> list[int]:
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]


@pytest.mark.parametrize("form", MORE)
@given(data=st.data())
def test_a_minted_address_of_every_rarer_form_is_known_by_its_asset(form, data):
    body, mint, asset = MORE[form]
    address = mint(data.draw(body))
    assert wallet.parse_address(address) == address
    assert asset in wallet.assets(address)


@pytest.mark.parametrize("form", MORE)
@given(data=st.data())
def test_a_letter_too_few_or_too_many_or_two_turned_round_is_noticed(form, data):
    body, mint, asset = MORE[form]
    address = mint(data.draw(body))
    at = data.draw(st.integers(len(address) // 2, len(address) - 2))
    turned = address[:at] + address[at + 1] + address[at] + address[at + 2 :]
    for wrong in (address[:-1], address + address[-1], address[:at] + address[at + 1 :], turned):
        if wrong != address:
            assert asset not in wallet.assets(wrong)


@given(KEY, st.sampled_from([0x11, 0x51, 0x91, 0xD1]))
def test_both_alphabets_of_a_ton_address_are_one_address(key, tag):
    address = ton(key, tag)
    plain = address.replace("-", "+").replace("_", "/")
    assert is_ton(plain)
    assert normal(plain) == normal(address) == ton(key, tag & ~0x40)
    assert wallet.parse_address(plain) == ton(key, tag & ~0x40)


@given(KEY, st.sampled_from([0x00, 0x10, 0x12, 0xFF]))
def test_an_unknown_tag_makes_no_ton_address(key, tag):
    assert not is_ton(ton(key, tag))


@given(KEY)
def test_a_stellar_secret_is_no_address(key):
    address = stellar(key)
    assert wallet.assets(address) == ("XLM",)
    assert wallet.detect_address("S" + address[1:]) == ""


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (
            "bitcoin:1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM?amount=0.1&label=x",
            "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM",
        ),
        ("BTC:1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM"),
        ("ethereum:0xd0cc2b24980cbcca47ef755da88b220a82291407", "0xd0cc2b24980cbcca47ef755da88b220a82291407"),
        ("tron:TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre", "TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre"),
        ("USDT:TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre", "TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre"),
        ("<1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM>", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM"),
        (' "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM" ', "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM"),
        ("0XD0CC2B24980CBCCA47EF755DA88B220A82291407", "0xd0cc2b24980cbcca47ef755da88b220a82291407"),
    ],
)
def test_an_address_is_read_through_a_payment_request_and_quotes(text, plain):
    assert wallet.parse_address(text) == plain


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("1AfroW44dzHkjgbLEMLB3EvGDFegfkRewN", "checksum", id="bitcoin-last-letter"),
        pytest.param("0x" + "A" * 39 + "b", "EIP-55", id="ethereum-case"),
        pytest.param("0x" + "a" * 39, "no crypto address", id="ethereum-short"),
        pytest.param("0x" + "a" * 41, "no crypto address", id="ethereum-long"),
        pytest.param("a" * 121, "121 characters", id="long"),
        pytest.param("", "no crypto address", id="empty"),
        pytest.param("1AfroW44dzHkjgbLEMLB3EvGDFegfkRew0", "no crypto address", id="zero-is-no-digit"),
        pytest.param("mo9ncXisMeAoXwqcV5EWuyncbmCcQN4rVs", "checksum", id="test-network"),
        pytest.param("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "checksum", id="test-network-segwit"),
        pytest.param("5Kd3NBUAdUnhyzenEwVLy9pBKxSwXvE9FMPyR4UKZvpe6E3AgLr", "checksum", id="private-key"),
        pytest.param("bc1", "no crypto address", id="prefix-alone"),
        pytest.param("ＡＢＣ", "no crypto address", id="wide-letters"),
        pytest.param("1\u200bAfroW44dzHkjgbLEMLB3EvGDFegfkRewM", "no crypto address", id="hidden-letter"),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(text, reason):
    with pytest.raises(NotValidError, match=reason) as refusal:
        wallet.parse_address(text)
    assert refusal.value.mend or "121" in refusal.value.reason


def test_a_private_key_is_not_kept_as_an_address():
    assert wallet.detect_address("5Kd3NBUAdUnhyzenEwVLy9pBKxSwXvE9FMPyR4UKZvpe6E3AgLr") == ""
    assert registry.detect("5Kd3NBUAdUnhyzenEwVLy9pBKxSwXvE9FMPyR4UKZvpe6E3AgLr") is None


@given(st.text(alphabet="123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl", max_size=110))
def test_no_text_makes_a_checker_fail_and_chance_makes_no_address(text):
    assert check_assets(text) == ()
    assert ripple_assets(text) == ()
    assert monero_assets(text) == ()
    assert other_assets(text) == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1" * 32, True),
        ("1" * 33, False),
        ("AbsW4eYQ4PMgrQipKE8jaHGyHzNtcyKstoWGurmB2a2B", True),
        ("AbsW4eYQ4PMgrQipKE8jaHGyHzNtcy", False),
        ("z" * 44, False),
        ("0" * 32, False),
        ("", False),
    ],
    ids=["system-program", "one-more", "address", "one-less", "too-large", "zeros", "empty"],
)
def test_a_solana_key_is_32_bytes(text, key):
    assert is_key(text) is key


@pytest.mark.parametrize(
    ("address", "assets"),
    [
        (
            "0xd0cc2b24980cbcca47ef755da88b220a82291407",
            ("ETH", "ETC", "BNB", "MATIC", "ARB", "AVAX", "USDT", "USDC"),
        ),
        ("TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre", ("TRX", "USDT", "USDC")),
        ("AbsW4eYQ4PMgrQipKE8jaHGyHzNtcyKstoWGurmB2a2B", ("SOL", "USDT", "USDC")),
        ("no address", ()),
        ("a" * 5000, ()),
    ],
    ids=["evm", "tron", "solana", "none", "long"],
)
def test_an_address_tells_which_assets_it_may_hold(address, assets):
    assert wallet.assets(address) == assets


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("AB" * 32, "ab" * 32),
        ("0XAB" + "cd" * 31, "0xab" + "cd" * 31),
        (f" `{'ab' * 32}` ", "ab" * 32),
    ],
    ids=["capitals", "prefix", "quoted"],
)
def test_a_transaction_is_64_digits_in_lower_case(text, value):
    assert wallet.parse_transaction(text) == value


@pytest.mark.parametrize("text", ["ab" * 31, "ab" * 33, "0x" + "ab" * 31, "zz" * 32, "", "1x" + "ab" * 32])
def test_another_length_or_letter_is_no_transaction(text):
    with pytest.raises(NotValidError, match="64 hexadecimal"):
        wallet.parse_transaction(text)
