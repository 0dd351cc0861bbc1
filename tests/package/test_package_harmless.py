"""Words of others stay without a link that software would follow, however many they are."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.package import harmless as room
from chokepoint.package.harmless import harmless, pieces

LIMIT = 20_000
LINKS = ("http://evil.com/a", "evil.com", "bob@evil.com", "https://1.2.3.4/x", "evil.com,", "(evil.com)")
words = st.lists(
    st.sampled_from([*LINKS, "a", "word.", "3.14", "x" * 30, "\n", "\t-", "e.g.", ""]), max_size=30
)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("before", [0, 1, LIMIT - 12, LIMIT - 1, LIMIT, LIMIT + 1, 2 * LIMIT])
def test_an_address_is_harmless_wherever_it_stands(link: str, before: int) -> None:
    text = "a " * (before // 2) + "a" * (before % 2) + " " + link
    assert harmless(text) == text[: -len(link)] + harmless(link)


@pytest.mark.parametrize("before", range(LIMIT - 10, LIMIT + 3))
def test_no_address_is_cut_in_two_where_a_piece_ends(before: int) -> None:
    text = "word " * (before // 5) + "a" * (before % 5) + " http://evil.com/a and more"
    assert harmless(text).endswith(" hxxp://evil[.]com/a and more")


@pytest.mark.parametrize("separator", [",", ";", "|", "\u200b", "/"])
def test_a_run_without_a_blank_holds_no_link_either(separator: str) -> None:
    told = harmless(separator.join(["http://evil.com"] * 3_000))
    assert "evil.com" not in told
    assert "http:" not in told
    assert told.count("evil[.]com") == 3_000


def test_what_is_harmless_already_stays_in_a_run_without_a_blank() -> None:
    text = ",".join(["hxxp://evil[.]com"] * 3_000)
    assert harmless(text) == text


def test_dots_that_end_a_sentence_stay_whatever_the_length() -> None:
    text = "It was so. " * 9_000
    assert harmless(text) == text


@given(words, st.integers(min_value=1, max_value=12))
def test_no_word_is_lost_or_moved_between_pieces(parts: list[str], size: int) -> None:
    text = " ".join(parts)
    found = pieces(size).findall(text)
    assert "".join(found) == text
    assert all(len(one) <= size or not re.search(r"\s", one) for one in found)
    assert not any(one[-1:].strip() and other[:1].strip() for one, other in pairwise(found))


@settings(max_examples=20)
@given(words)
def test_a_long_text_is_told_word_for_word_as_its_words_alone(parts: list[str]) -> None:
    filled = ["y" * 9_990, *parts, "y" * 9_990, *parts]
    assert harmless(" ".join(filled)) == " ".join(map(harmless, filled))


@pytest.mark.parametrize("unit", ["see http://evil.com/a now ", "evil.com,", ".", "x" * (LIMIT - 1) + ". "])
def test_twice_the_words_are_read_twice(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of addresses is given each character once, never more than 20,000 at a time."""
    sizes: list[int] = []
    monkeypatch.setattr(room, "scan", lambda text: sizes.append(len(text)) or ())
    harmless(unit * (10 * LIMIT // len(unit)))
    assert sum(sizes) <= 10 * LIMIT
    assert all(size <= LIMIT for size in sizes)
