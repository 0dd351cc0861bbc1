"""Names as numbers, against a dictionary."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from choke_lines import names_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chokepoint.choke.names import MOST_DIGITS, Names

TEXTS = st.lists(st.text(st.sampled_from("ab0é\0"), min_size=1, max_size=20), max_size=60)


def laid_out(texts):
    """(block, spans) of texts one after the other."""
    data = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, data)])
    block = np.frombuffer(b"".join(data) or b"\0", np.uint8)
    return block, np.column_stack([ends[:-1], ends[1:]]).astype(np.int32)


@settings(max_examples=150, deadline=None)
@given(texts=TEXTS)
@example(texts=["a" * 8, "a" * 9, "a" * 8 + "\0", "a" * 7, "\0" + "a" * 7])
@example(texts=["x" * 16, "x" * 17, "x" * 15 + "y", "y" + "x" * 15, "x" * 8 + "y" * 8])
def test_names_are_numbered_as_a_dictionary_would(texts):
    index: dict[str, int] = {}
    wanted = [index.setdefault(text, len(index)) for text in texts]
    names = Names()
    assert names.number(*laid_out(texts)).tolist() == wanted
    assert tuple(names) == tuple(index)


@settings(max_examples=60, deadline=None)
@given(known=TEXTS, asked=TEXTS)
def test_finding_teaches_nothing(known, asked):
    names = Names()
    names.number(*laid_out(known))
    index = {text: at for at, text in enumerate(dict.fromkeys(known))}
    assert names.find(*laid_out(asked)).tolist() == [index.get(text, -1) for text in asked]
    assert tuple(names) == tuple(index)


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS, cut=st.integers(0, 60))
def test_numbering_in_two_goes_is_numbering_in_one(texts, cut):
    twice, once = Names(), Names()
    parts = [twice.number(*laid_out(part)).tolist() for part in (texts[:cut], texts[cut:])]
    assert parts[0] + parts[1] == once.number(*laid_out(texts)).tolist()
    assert tuple(twice) == tuple(once)


def test_names_survive_the_growth_of_the_table():
    texts = [f"{at}{'x' * (at % 30)}" for at in range(6_000)]
    names = Names()
    for first in range(0, 6_000, 500):
        names.number(*laid_out(texts[first : first + 500]))
    assert names.find(*laid_out(texts)).tolist() == list(range(6_000))
    assert list(names) == texts


@pytest.mark.parametrize("n", [0, 1, 11, 1_025])
def test_counted_names_are_the_numbers_themselves(n):
    names = Names.counted(n)
    assert tuple(names) == tuple(map(str, range(n)))
    assert names.find(*laid_out(["0", str(n)])).tolist() == [0 if n else -1, -1]


def test_counted_names_go_on_over_their_blocks(monkeypatch):
    monkeypatch.setattr("chokepoint.choke.names.COUNTED", 7)
    assert tuple(Names.counted(15)) == tuple(map(str, range(15)))


def test_names_are_a_sequence():
    names = names_of(["a", "b", "ไ"])
    assert (len(names), names[0], names[-1], names[1:], list(reversed(names))) == (
        3, "a", "ไ", ("b", "ไ"), ["ไ", "b", "a"],
    )  # fmt: skip
    assert "b" in names
    assert names.index("ไ") == 2


@pytest.mark.parametrize("at", [3, -4, 10**9])
def test_a_number_without_a_name_is_refused(at):
    with pytest.raises(IndexError):
        names_of(["a", "b", "c"])[at]


@pytest.mark.parametrize(
    ("texts", "whether"),
    [
        (["0", "7", "10", "123456789012345678901234567890"], True),
        (["1" * MOST_DIGITS], True),
        (["1" * (MOST_DIGITS + 1)], False),
        (["01"], False),
        (["00"], False),
        (["1", "-1"], False),
        (["+1"], False),
        (["1.0"], False),
        (["٣"], False),
        (["1", "2", "x"], False),
        ([], True),
    ],
    ids=["whole", "longest", "too-long", "01", "00", "minus", "plus", "point", "thai", "last", "none"],
)
def test_names_are_numbers_only_as_python_writes_them(texts, whether):
    assert names_of(texts).are_numbers() is whether
    if whether:
        assert [str(int(text)) for text in names_of(texts)] == texts


def test_the_salt_of_the_table_is_each_process_its_own():
    """A file made to collide here collides nowhere else, and the numbers are the same all the same."""
    code = "from chokepoint.choke.names import Names; print(int(Names()._salt))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 2
