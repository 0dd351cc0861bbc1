"""Different numbers, ascending: what `np.unique` gives, for arrays of any kind of whole number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.graph.columns import distinct

KINDS = ("int8", "int16", "int32", "int64", "uint32")


@given(st.sampled_from(KINDS), st.lists(st.integers(0, 127), max_size=40), st.booleans())
def test_it_gives_what_numpy_gives(kind: str, numbers: list[int], negative: bool) -> None:
    signed = [-one for one in numbers] if negative and kind != "uint32" else numbers
    given_ = np.array(signed, kind)
    found = distinct(given_)
    assert found.tolist() == np.unique(given_).tolist()
    assert found.dtype == given_.dtype


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=8))
def test_nothing_is_lost_at_the_ends_of_what_can_be_counted(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, np.int64)).tolist() == sorted(set(numbers))


def test_what_it_is_given_stays_as_it_is() -> None:
    numbers = np.array([3, 1, 3])
    numbers.setflags(write=False)
    assert distinct(numbers).tolist() == [1, 3]
    assert numbers.tolist() == [3, 1, 3]


@pytest.mark.parametrize("numbers", [[], [7], [7, 7]])
def test_few_numbers_are_no_special_case(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, np.int32)).tolist() == sorted(set(numbers))
