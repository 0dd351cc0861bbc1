"""Parts of parsed documents are exactly those asked for, and nothing that an attacker wrote makes them large."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import BadInputError, NotFoundError, TooLargeError
from chokepoint.package.pointer import LIMIT, numbered, parsed_yaml, pointed, records, rendered

trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


def leaves(tree, pointer=""):
    """Every value of a tree with its pointer (RFC 6901), written without the code under test."""
    yield pointer, tree
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from leaves(value, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


@given(trees)
def test_every_value_of_a_tree_stands_at_its_own_pointer(tree):
    for pointer, value in leaves(tree):
        assert pointed(tree, pointer) is value or pointed(tree, pointer) == value


@pytest.mark.parametrize(
    ("pointer", "why"),
    [
        ("/a/2", "one past the end"),
        ("/a/-1", "no counting from behind"),
        ("/a/01", "no leading zero (RFC 6901, 4)"),
        ("/a/-", "the place behind the last is none"),
        ("/a/٠", "digits of ASCII alone"),
        ("/a/0/x", "below a leaf"),
        ("/b", "no such key"),
        ("/a/", "the empty key, which is not there"),
    ],
)
def test_what_does_not_stand_there_is_not_found(pointer, why):
    with pytest.raises(NotFoundError) as error:
        pointed({"a": ["x", "y"]}, pointer)
    assert repr(pointer) in str(error.value), why


@given(st.lists(st.integers(), max_size=6), st.integers(-2, 8), st.integers(-2, 8))
def test_items_are_counted_from_one_with_both_ends(items, first, last):
    if 1 <= first <= last <= len(items):
        assert numbered(items, first, last) == items[first - 1 : last]
    else:
        with pytest.raises(NotFoundError, match=f"of {len(items)}"):
            numbered(items, first, last)


@pytest.mark.parametrize(
    ("document", "found"),
    [
        pytest.param([1, 2], [1, 2], id="a list is its records"),
        pytest.param({"a": [1], "b": [1, 2, 3]}, [1, 2, 3], id="the longest list of a document"),
        pytest.param({"a": 1}, [{"a": 1}], id="a document without a list is one record"),
        pytest.param("x", ["x"], id="a bare value is one record"),
        pytest.param({}, [{}], id="an empty one too"),
    ],
)
def test_the_records_of_a_document(document, found):
    assert records(document) == found


@given(trees)
def test_a_value_as_text_holds_each_of_its_texts_and_keys(tree):
    text = rendered(tree)
    for _, value in leaves(tree):
        if isinstance(value, dict):
            assert all(f"{key}:" in text for key in value)
        elif not isinstance(value, list):
            assert str(value) in text


def test_a_value_as_text_is_bounded_where_aliases_multiply_it():
    lines = ["a: &a [xxxxxxxxxx, xxxxxxxxxx, xxxxxxxxxx]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    assert len(rendered(parsed_yaml("\n".join(lines)))) <= 2 * LIMIT


def test_a_long_text_is_cut_and_a_long_list_too():
    assert len(rendered("x" * (LIMIT + 1))) == LIMIT
    assert len(rendered(list(range(10_000))).split()) <= 4096


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "{", "!!python/object/apply:os.system ['id']", "\x00"])
def test_what_is_no_yaml_or_more_than_yaml_is_refused(text):
    with pytest.raises(BadInputError):
        parsed_yaml(text)


@pytest.mark.parametrize(("depth", "taken"), [(100, True), (101, False)])
def test_yaml_is_taken_to_a_hundred_levels(depth, taken):
    text = "[" * depth + "]" * depth
    if taken:
        assert parsed_yaml(text) == json.loads(text)
    else:
        with pytest.raises(TooLargeError, match="100 deep"):
            parsed_yaml(text)
