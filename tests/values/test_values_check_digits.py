"""Numbers whose checks hold by chance or in part: what the standards do not issue is refused."""

from __future__ import annotations

import pytest

from chokepoint.model.errors import NotValidError
from chokepoint.values.contact import parse_phone
from chokepoint.values.money import parse_bank_account
from chokepoint.values.wallet import bech32, detect_address


def mod97(number: str) -> int:
    moved = number[4:] + number[:4]
    return int("".join(str(int(one, 36)) for one in moved)) % 97


def ibans(digits: str, last: int = 300) -> list[str]:
    """German numbers with these check digits, for which the remainder is 1."""
    made = (f"DE{digits}50010517{number:010d}" for number in range(last))
    return [one for one in made if mod97(one) == 1]


@pytest.mark.parametrize("digits", ["00", "01", "99"])
def test_check_digits_that_no_bank_can_have_are_refused_though_the_remainder_is_one(digits: str) -> None:
    chance = ibans(digits)[0]
    with pytest.raises(NotValidError, match="check digits"):
        parse_bank_account(chance)


@pytest.mark.parametrize("digits", ["02", "98"])
def test_the_least_and_the_largest_check_digits_hold(digits: str) -> None:
    issued = ibans(digits)[0]
    assert parse_bank_account(issued) == f"iban:{issued}"


@pytest.mark.parametrize("number", ["----", " . - ", "/.-/"])
def test_an_account_of_separators_alone_is_none(number: str) -> None:
    with pytest.raises(NotValidError):
        parse_bank_account(f"th:kbank:{number}")


@pytest.mark.parametrize("text", ["+1 555 1234", "+49 30", "0015551234", "us:5551234"])
def test_a_number_that_only_a_town_knows_is_no_number_of_the_world(text: str) -> None:
    with pytest.raises(NotValidError):
        parse_phone(text)


def test_a_number_of_full_length_in_a_range_not_given_out_yet_is_kept() -> None:
    assert parse_phone("+1 555 555 1234") == "+15555551234"


def written(prefix: str, data: list[int], constant: int) -> str:
    """The address of five-bit groups under a constant, by BIP-173's own making of the checksum."""
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    polymod = bech32._polymod([*expanded, *data, *([0] * 6)]) ^ constant
    checksum = [(polymod >> 5 * (5 - at)) & 31 for at in range(6)]
    return prefix + "1" + "".join(bech32.CHARSET[one] for one in data + checksum)


@pytest.mark.parametrize("prefix", ["cosmos", "addr", "erd", "zs"])
def test_an_address_under_the_newer_constant_is_none_of_a_chain_that_never_took_it(prefix: str) -> None:
    data = [7] * 32
    assert detect_address(written(prefix, data, bech32.BECH32)) == written(prefix, data, bech32.BECH32)
    assert not detect_address(written(prefix, data, bech32.BECH32M))
