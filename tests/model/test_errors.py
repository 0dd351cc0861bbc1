"""Errors speak to people: reason, place and mend in one line; one family to catch."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model import errors
from chokepoint.model.errors import BadInputError, ChokepointError, NotValidError, TooLargeError

FAMILY = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, ChokepointError)]
plain = st.text(alphabet="abc xyz.!?:", min_size=1, max_size=30)


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_every_error_is_of_the_family_and_says_what_it_was_told(kind):
    with pytest.raises(ChokepointError, match=r"^file, line 3: it broke\. Mend: glue it$") as caught:
        raise kind("it broke", place="file, line 3", mend="glue it")
    assert (caught.value.reason, caught.value.place, caught.value.mend) == (
        "it broke",
        "file, line 3",
        "glue it",
    )


@pytest.mark.parametrize(
    ("reason", "place", "mend", "line"),
    [
        ("it broke", "", "", "it broke"),
        ("it broke", "", "glue it", "it broke. Mend: glue it"),
        ("it broke.", "", "glue it", "it broke. Mend: glue it"),
        ("why?", "", "glue it", "why? Mend: glue it"),
        ("stop!", "", "glue it", "stop! Mend: glue it"),
        ("it broke", "here", "", "here: it broke"),
        ("it broke:", "here", "glue it", "here: it broke:. Mend: glue it"),
    ],
)
def test_an_error_is_one_line(reason, place, mend, line):
    error = NotValidError(reason, place=place, mend=mend)
    assert str(error) == error.explain() == line


@given(plain, plain, plain)
def test_the_place_stands_first_and_the_mend_last(reason, place, mend):
    error = BadInputError(reason, place=place, mend=mend)
    assert error.explain() == f"{place}: {error.advice}"
    assert error.advice.startswith(reason)
    assert error.advice.endswith(f"Mend: {mend}")


def test_whoever_expects_bad_input_catches_what_is_too_large_and_nothing_else_of_the_family():
    assert issubclass(TooLargeError, BadInputError)
    others = [one for one in FAMILY if one not in {BadInputError, TooLargeError}]
    assert not any(issubclass(one, BadInputError) for one in others)


def test_an_error_of_a_parser_process_reaches_the_other_process_readable():
    error = pickle.loads(pickle.dumps(BadInputError("it broke")))  # noqa: S301 - our own bytes
    assert error.explain() == "it broke"
