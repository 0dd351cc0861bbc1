"""TON addresses, on the examples of TON's own documentation, and with single letters changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.package.place import holds
from chokepoint.values import wallet
from chokepoint.values.text import scan
from chokepoint.values.wallet.ton import is_ton, spellings

PUBLISHED = [
    "EQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPrHF",
    "UQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPuwA",
    "kQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPgpP",
    "0QDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPleK",
    "Ef8zMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM0vF",
]
"""Source: docs.ton.org, "Smart contract addresses" and the elector's well-known address."""


BOUNCES = dict(
    zip(PUBLISHED, [PUBLISHED[0], PUBLISHED[0], PUBLISHED[2], PUBLISHED[2], PUBLISHED[4]], strict=True)
)
"""As each is written where a refused transfer bounces; the documentation gives them as one account."""


@pytest.mark.parametrize("address", PUBLISHED)
def test_published_addresses_are_read_and_hold_ton_first(address):
    assert wallet.parse_address(address) == BOUNCES[address]
    assert wallet.assets(address)[0] == "TON"


@pytest.mark.parametrize("address", PUBLISHED)
def test_both_alphabets_of_base64_are_one_address(address):
    assert wallet.parse_address(address.replace("-", "+").replace("_", "/")) == BOUNCES[address]


def test_an_account_is_one_as_explorers_and_as_wallets_write_it_and_another_on_the_test_net():
    assert len({wallet.parse_address(address) for address in PUBLISHED[:2]}) == 1
    assert len({wallet.parse_address(address) for address in PUBLISHED[:4]}) == 2


@pytest.mark.parametrize("address", PUBLISHED)
def test_the_normal_form_of_the_normal_form_is_itself(address):
    assert wallet.parse_address(BOUNCES[address]) == BOUNCES[address]
    assert address in spellings(address)
    assert spellings(address) == spellings(BOUNCES[address])


@pytest.mark.parametrize("written", PUBLISHED[:2])
def test_an_account_stands_at_a_place_in_either_spelling(written):
    account = Entity("crypto-address", PUBLISHED[0])
    assert holds(f"pay to {written} at once", account)
    assert not holds(f"pay to {PUBLISHED[2]} at once", account)


@given(st.sampled_from(PUBLISHED), st.integers(2, 47), st.sampled_from("ABCXYZabcxyz0189-_"))
def test_one_changed_letter_breaks_the_checksum(address, at, letter):
    changed = address[:at] + letter + address[at + 1 :]
    assert is_ton(changed) == (changed == address)


@given(st.text(max_size=60))
def test_no_text_makes_the_check_fail(text):
    assert is_ton(text) in {True, False}


def test_a_ton_address_in_a_text_is_found_whole():
    found = [one.entity.value for one in scan(f"pay to {PUBLISHED[0]}.")]
    assert found == [PUBLISHED[0]]


def test_a_broken_one_is_refused_with_a_reason():
    with pytest.raises(NotValidError, match="checksum"):
        wallet.parse_address(PUBLISHED[0][:-1] + "G")
