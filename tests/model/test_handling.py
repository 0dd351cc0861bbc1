"""Handling codes are read as they are, mean what SIENA says, and none is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.handling import LONGEST, MEANING, code, has, meaning, parse_handling


@pytest.mark.parametrize("name", ["H0", "H1", "H2"])
def test_a_code_is_read_back_as_it_is_written(name):
    assert parse_handling(name) == parse_handling(f" {name.lower()} ") == name


@pytest.mark.parametrize("text", ["H3: ask us", "h3 - ask us", "H3;ask us", "H3 :  ask\tus"])
def test_the_words_of_a_restriction_are_kept_and_tidied(text):
    assert parse_handling(text) == "H3: ask us"


@pytest.mark.parametrize(
    "text",
    ["", "H", "H4", "H10", "H3", "H3:", "H3:  ", "H1: but mine", "0", "X: H2", "H2 H1", "H3: a\x1bb"],
)
def test_what_is_no_code_is_refused_and_never_guessed(text):
    with pytest.raises(NotValidError) as caught:
        parse_handling(text)
    assert caught.value.mend


def test_a_restriction_has_a_longest_length():
    assert parse_handling("H3: " + "x" * LONGEST)
    with pytest.raises(NotValidError):
        parse_handling("H3: " + "x" * (LONGEST + 1))


@given(st.text(max_size=30))
def test_what_is_taken_is_a_code_and_reads_the_same_again(text):
    try:
        found = parse_handling(text)
    except NotValidError:
        return
    assert parse_handling(found) == found
    assert code(found) in MEANING
    assert has([found], code(found))


def test_an_unknown_entry_is_no_code_but_keeps_its_words():
    assert code("H3x") == "H3x"
    assert not has(["H3x", "internal"], "H3")
    assert meaning("internal") == "internal"


@pytest.mark.parametrize("name", ["H0", "H1", "H2"])
def test_a_code_says_what_it_forbids(name):
    assert meaning(name) == f"{name}: {MEANING[name]}"
