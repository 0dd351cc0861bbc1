"""`package verify --key`: whose keys a reader trusts, as a person writes them."""

import pytest

from chokepoint.cli.hand import trusted_keys
from chokepoint.model.errors import NotValidError

KEY = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"My bank={KEY}", {"My bank": KEY}, id="plain"),
        pytest.param(f" My bank = {KEY.upper()} ", {"My bank": KEY}, id="blanks and capitals"),
        pytest.param(f"A=B={KEY}", {"A=B": KEY}, id="a name with an equals sign"),
    ],
)
def test_an_organisation_is_given_with_its_key(text, expected):
    assert trusted_keys([text]) == expected


def test_the_same_key_given_twice_is_one():
    assert trusted_keys([f"A={KEY}", f"A={KEY}", f"B={OTHER}"]) == {"A": KEY, "B": OTHER}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(KEY, id="no organisation"),
        pytest.param(f"={KEY}", id="an empty name"),
        pytest.param("A=", id="no key"),
        pytest.param(f"A={KEY[:-1]}", id="a digit too few"),
        pytest.param(f"A={KEY}0", id="a digit too many"),
        pytest.param(f"A={KEY[:-1]}g", id="no hexadecimal digit"),
        pytest.param(f"A={'٣' * 64}", id="digits of another script"),
    ],
)
def test_what_is_no_organisation_with_a_key_is_refused_with_a_mend(text):
    with pytest.raises(NotValidError, match="no organisation with its key") as error:
        trusted_keys([text])
    assert "member list --keys" in error.value.mend


def test_an_organisation_with_two_keys_given_is_refused():
    with pytest.raises(NotValidError, match="A is given two keys"):
        trusted_keys([f"A={KEY}", f"A={OTHER}"])
