"""One publisher, one origin, however it is spelt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.store.spelt import one_origin_each, origin_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Some Blog", "SOME BLOG", id="case"),
        pytest.param("Some Blog", "some  blog ", id="spaces"),
        pytest.param("Some Blog", "Some Blog.", id="dot at the end"),
        pytest.param("Some Blog", "Someblog...", id="joined"),
        pytest.param("evil-lab.org", "Evil-Lab.ORG.", id="address"),
        pytest.param("Some Blog", "Sоme Blog", id="Cyrillic letter"),
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("Some Blog", "Some Blog, Inc.", id="legal form"),
        pytest.param("Some Blog Ltd", "The SOME BLOG Limited", id="two legal forms and an article"),
        pytest.param("กรุงเทพเพย์", "บริษัท กรุงเทพเพย์ จำกัด", id="Thai legal form"),
    ],
)
def test_spellings_of_one_publisher_have_one_key(one: str, other: str) -> None:
    assert origin_key(one) == origin_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a-b.com", "ab.com", id="two domains"),
        pytest.param("ab.com", "ab.co", id="two suffixes"),
        pytest.param("Team 2", "Team 4", id="two teams"),
        pytest.param("Blog Inc", "Inc", id="a name that is a legal form"),
        pytest.param("some-blog.com", "some-blog.co", id="an address is no company"),
        pytest.param("--", "??", id="no letter"),
        pytest.param("", "x", id="empty"),
        pytest.param("银行", "銀座", id="Chinese"),
    ],
)
def test_two_publishers_keep_two_keys(one: str, other: str) -> None:
    assert origin_key(one) != origin_key(other)


@given(st.text(max_size=40))
def test_a_key_does_not_depend_on_spaces_around_or_dots_behind(text: str) -> None:
    assert origin_key(f"  {text} . ") == origin_key(text)


class Names:
    """A connection that knows some names."""

    def __init__(self, *names: str) -> None:
        self.names = list(enumerate(names))

    def exec_driver_sql(self, _sql: str) -> list[tuple[int, str]]:
        return self.names


def test_the_spelling_used_first_stands_for_all_even_where_its_number_is_higher() -> None:
    names = Names("Blog", "BLOG", "Other", "blog.")
    told = one_origin_each(names, np.array([3, 0, 2, 1, 3], np.int64))
    assert told.tolist() == [3, 3, 2, 3, 3]


def test_a_spelling_that_is_not_given_stands_for_none() -> None:
    assert one_origin_each(Names("Blog", "BLOG"), np.array([1, 1], np.int64)).tolist() == [1, 1]


def test_no_origin_is_none() -> None:
    assert one_origin_each(Names(), np.zeros(0, np.int64)).tolist() == []
