"""TON addresses, on the examples of TON's own documentation, and with single letters changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.values import wallet
from chokepoint.values.text import scan
from chokepoint.values.wallet.ton import is_ton

PUBLISHED = [
    "EQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPrHF",
    "UQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPuwA",
    "kQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPgpP",
    "0QDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPleK",
    "Ef8zMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM0vF",
]
"""Source: docs.ton.org, "Smart contract addresses" and the elector's well-known address."""


@pytest.mark.parametrize("address", PUBLISHED)
def test_published_addresses_are_read_and_hold_ton_first(address):
    assert wallet.parse_address(address) == address
    assert wallet.assets(address)[0] == "TON"


@pytest.mark.parametrize("address", PUBLISHED)
def test_both_alphabets_of_base64_are_one_address(address):
    assert wallet.parse_address(address.replace("-", "+").replace("_", "/")) == address


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
