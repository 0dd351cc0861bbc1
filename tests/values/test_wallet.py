"""Crypto addresses against the vectors of their specifications, and against single wrong letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.values import wallet
from chokepoint.values.wallet import bech32
from chokepoint.values.wallet.evm import checksum_holds

VALID = {
    "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM": "BTC",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy": "BTC",
    "LaXXasBpGtqnzi7AMywnujYeD3BFD1NFv2": "LTC",
    "DU2NRRjeHTxedmcMVzEq2cRL9EmU2r1mWn": "DOGE",
    "XmyWpifN4ALwmrDLWsXa6dYo9aGYApK6Gs": "DASH",
    "t1R2tWtBWr7Us5PSXoLJZgEPoxPbNL8uk5C": "ZEC",
    "GPwg61XoHqQPNmAucFACuQ5H9sGCDv9TpS": "BTG",
    "TPcDNYz4AxCaLCY2Xx4i95jGYwCjUrxg5r": "TRX",
    "rpVYng4R452CbMxPuoL4oDjKi5To6ZxGmD": "XRP",
    "ATVMaR3SXKRBtwCNgPjV5k2YzEgzMDYeaf": "NEO",
    "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh": "BTC",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": "BTC",
    "qrxz0w4mlc2dzaxqet0397uga46tj6gkuct9xnz2z5": "BCH",
    "bnb160943aa8wjfwzq52snqe3dpzq3mgcxlfjm2d7y": "BNB",
    "zil1d3adrcgd4yt9u52c0mzdm9w8eeqnmt08gkyh88": "ZIL",
    "Ae2tdPwUPEZGpHCMV2L7iMY4vUGX6Pzx5U2YgQD1wK7ZUzKVmgg5RRmp2dF": "ADA",
    "13DUJB2UFQYJNG8eAgvbPUDZowTnb45cq7EM7WvtkNksPMZW": "DOT",
    "GBMQINMPPDXXL2RLYTTX5MO4SPJJBAYJTVNOD76XEWTF7QIQSBKXPVZ4": "XLM",
    "3P3RchRFHbmeyb4nuBWKnAHGNoAcjSQt3rZ": "WAVES",
    "0xd0cc2b24980cbcca47ef755da88b220a82291407": "ETH",
    "49HqitRzdnhYjgTEAhgGpCfsjdTeMbUTU6cyR4JV1R7k2Eej9rGT8JpFiYDa4tZM6RZiFrHmMzgSrhHEqpDYKBe5B2ufNsL": "XMR",
}
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@pytest.mark.parametrize(("address", "asset"), sorted(VALID.items()))
def test_an_address_with_a_good_checksum_is_known_by_its_asset(address, asset):
    assert wallet.parse_address(address) == address
    assert wallet.detect_address(address) == address
    assert asset in wallet.assets(address)


@pytest.mark.parametrize("address", sorted(VALID))
@given(data=st.data())
def test_one_wrong_letter_is_always_noticed(address, data):
    if address.startswith("0x"):
        return
    at = data.draw(st.integers(1, len(address) - 1))
    alphabet = bech32.CHARSET if address == address.lower() else BASE58
    letter = data.draw(st.sampled_from(sorted(set(alphabet) - {address[at]})))
    assert (
        wallet.detect_address(address[:at] + letter + address[at + 1 :])
        != address[:at] + letter + address[at + 1 :]
    )


# The addresses of EIP-55 itself.
EIP55 = [
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


@pytest.mark.parametrize("address", EIP55)
def test_mixed_case_must_carry_the_checksum_of_eip_55(address):
    assert wallet.parse_address(address) == address.lower()
    if address[2:] not in (address[2:].lower(), address[2:].upper()):
        assert not checksum_holds(address[2:].swapcase())
        with pytest.raises(NotValidError, match="EIP-55"):
            wallet.parse_address("0x" + address[2:].swapcase())


# Vectors of BIP-350: valid and invalid witness programs for the main network.
BIP350_VALID = [
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
    "BC1SW50QGDZ25J",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
]
BIP350_INVALID = [
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
    "bc1pw5dgrnzv",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
    "bc1gmk9yu",
]


@pytest.mark.parametrize("address", BIP350_VALID)
def test_valid_witness_programs_of_bip_350_hold(address):
    decoded = bech32.decode(address)
    assert decoded
    assert decoded[0] == "bc"
    assert bech32.is_segwit(decoded[1], decoded[2])


@pytest.mark.parametrize("address", BIP350_INVALID)
def test_invalid_witness_programs_of_bip_350_are_refused(address):
    decoded = bech32.decode(address)
    assert decoded is None or not bech32.is_segwit(decoded[1], decoded[2])
    assert not wallet.detect_address(address)


@given(st.binary(min_size=1, max_size=40))
def test_five_bit_groups_give_back_their_bytes(data):
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    groups = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    assert bech32.to_bytes(groups) == data


def test_prefixes_of_payment_requests_are_looked_through():
    plain = "qrxz0w4mlc2dzaxqet0397uga46tj6gkuct9xnz2z5"
    assert wallet.parse_address("bitcoincash:" + plain) == plain
    assert (
        wallet.parse_address("bitcoin:1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM?amount=1")
        == "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM"
    )


def test_a_solana_address_is_taken_when_asked_and_never_guessed():
    address = "AbsW4eYQ4PMgrQipKE8jaHGyHzNtcyKstoWGurmB2a2B"
    assert wallet.parse_address(address) == address
    assert wallet.assets(address)[0] == "SOL"
    assert wallet.detect_address(address) == ""


def test_a_transaction_is_no_address_and_a_digest_is_neither():
    assert wallet.parse_transaction("0x" + "AB" * 32) == "0x" + "ab" * 32
    with pytest.raises(NotValidError):
        wallet.parse_address("ab" * 20)
    with pytest.raises(NotValidError):
        wallet.parse_transaction("0x" + "ab" * 20)
