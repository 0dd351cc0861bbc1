"""What a refused value is told: a reason that says what was seen, never a copy of it, and nothing that hides."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.names import LONGEST, parse_name
from chokepoint.values.registry import parse

KINDS = sorted(vocabulary().kinds)
JUNK = {
    "letters": "a" * 2_000,
    "figures": "9" * 2_000,
    "dots": "a." * 1_000,
    "a mailbox": "a@" + "b" * 1_990,
    "colons": "x:" * 990,
    "an address": "http://" + "a" * 1_990,
    "a port": "http://a.com:" + "9" * 1_980,
    "a scheme": "s" * 1_500 + "://x.com",
    "slashes": "a/" * 1_000,
    "overrides": "\u202e" * 2_000,
    "a hash": "sha256:" + "z" * 1_990,
    "labels": ("a" * 60 + ".") * 30 + "invalid",
    "an onion": ("a" * 60 + ".") * 20 + "onion",
    "an iban": "DE" + "9" * 1_500,
    "a hexadecimal": "0x" + "z" * 1_990,
    "surrogates": "\ud800" * 500,
    "controls": "\x00\x1b[31m\x07" * 100,
}


def refused(kind: str, text: str) -> NotValidError | None:
    try:
        parse(kind, text)
    except NotValidError as error:
        return error
    return None


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
@pytest.mark.parametrize("kind", KINDS)
def test_no_refusal_repeats_what_it_refuses(kind, junk):
    refusal = refused(kind, junk)
    assert refusal is None or 0 < len(refusal.reason) + len(refusal.mend) < 700
    assert not any(
        unicodedata.category(one) in {"Cc", "Cf", "Cs"} for one in str(refusal and refusal.explain())
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nothing", ["", " ", "\u3000", "\u200b", "\ufeff", "\t\n"], ids=ascii)
def test_nothing_is_no_value_of_any_kind(kind, nothing):
    with pytest.raises(NotValidError):
        parse(kind, nothing)


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_no_value_of_any_kind(kind):
    with pytest.raises(NotValidError) as refusal:
        parse(kind, "a" * 10_001)
    assert "10001" in refusal.value.reason
    assert refusal.value.mend


@pytest.mark.parametrize("letter", ["a", "A", "7", "é", "ก", "名"], ids=ascii)
def test_a_name_is_as_long_as_names_may_be_in_any_script_and_no_longer(letter):
    assert len(parse_name(letter * LONGEST)) == LONGEST
    with pytest.raises(NotValidError, match=f"{LONGEST}"):
        parse_name(letter * (LONGEST + 1))


@given(st.text(max_size=LONGEST * 5))
def test_a_name_that_is_taken_is_never_longer_than_names_may_be(text):
    try:
        found = parse_name(text)
    except NotValidError:
        return
    assert 0 < len(found) <= LONGEST
    assert parse_name(found) == found
