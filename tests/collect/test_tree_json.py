"""JSON trees: what is sound comes back as it is, what is not is reported with its place."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.tree import LONGEST, decode, escape, json_keys, json_tree, read_json
from chokepoint.model.errors import BadInputError, TooLargeError

SOUND = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | SOUND
    | st.floats(allow_nan=False, allow_infinity=False)
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SOUND, inner, max_size=4),
    max_leaves=20,
)


@given(TREES, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_a_sound_tree_comes_back_as_it_is(tree, ascii_only, indent):
    data = json.dumps(tree, ensure_ascii=ascii_only, indent=indent).encode()
    assert read_json(data) == (tree, [])


@given(TREES)
def test_the_quick_reader_never_disagrees_with_the_standard_library(tree):
    data = json.dumps(tree).encode()
    quick = json_tree._quick(data)
    assert quick is None or quick == json.loads(data)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["", " ", "\n", "\t ", "\r\n"])),
        min_size=1,
        max_size=6,
    )
)
def test_white_space_before_a_colon_hides_no_repeated_key_and_invents_none(pairs):
    inside = ",".join(f'"{key}"{space}:"\\" : "' for key, space in pairs)
    keys = [key for key, _ in pairs]
    tree, defects = read_json(f"{{{inside}}}".encode())
    assert tree == dict.fromkeys(keys, '" : ')
    assert [one.place for one in defects] == [f"/{key}" for at, key in enumerate(keys) if key in keys[:at]]


def test_sound_json_with_white_space_before_its_colons_is_read_quickly():
    assert json_tree._quick(b'{"a" : {"b"\n:\t[1, {"c"  :2}]}}') == {"a": {"b": [1, {"c": 2}]}}
    assert json_tree._quick(b'{"a" :1, "a":2}') is None
    assert json_tree._quick(b'{"a":1, "b" :2, "b"\t:3, "c":"\\":"}') is None


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=6))
def test_a_repeated_key_is_reported_once_for_each_repetition_and_the_last_counts(keys):
    data = ("{" + ",".join(f'"{key}":{number}' for number, key in enumerate(keys)) + "}").encode()
    tree, defects = read_json(data)
    assert tree == {key: number for number, key in enumerate(keys)}
    assert [defect.place for defect in defects] == [
        f"/{key}" for at, key in enumerate(keys) if key in keys[:at]
    ]


def test_a_repeated_key_deep_inside_has_the_pointer_of_its_object():
    _, defects = read_json(b'{"a/b": [0, {"c~": {"x": 1, "x": 2}}]}')
    assert [defect.place for defect in defects] == ["/a~1b/1/c~0/x"]
    assert "more than once" in defects[0].reason


def test_a_repeated_key_is_found_even_where_strings_look_like_keys():
    data = json.dumps({"a": ': "b": ', "c": ":"})[:-1].encode() + b', "c": 2}'
    tree, defects = read_json(data)
    assert tree["c"] == 2
    assert [defect.place for defect in defects] == ["/c"]


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_does_not_have_becomes_null_and_is_reported(odd):
    tree, defects = read_json(f'{{"a": [1, {odd}]}}'.encode())
    assert tree == {"a": [1, None]}
    assert defects[0].place == "/a/1"
    assert odd in defects[0].reason


def test_the_word_nan_inside_a_string_is_left_alone():
    assert read_json(b'["NaN", "Infinity and more"]') == (["NaN", "Infinity and more"], [])


def test_a_lone_surrogate_becomes_a_replacement_character_and_is_reported():
    tree, defects = read_json(b'{"name": "a\\ud800b", "fine": "\\ud83d\\ude00"}')
    assert tree == {"name": "a\ufffdb", "fine": "\U0001f600"}
    assert [defect.place for defect in defects] == ["/name"]


def test_a_key_with_a_lone_surrogate_can_be_written_as_utf_8_afterwards():
    tree, defects = read_json(b'{"\\udfff": 1}')
    assert json.dumps(tree, ensure_ascii=False).encode()
    assert len(defects) == 1


def test_ten_thousand_levels_are_refused_and_do_not_bring_the_process_down():
    for opening in (b"[", b'{"a":'):
        with pytest.raises(TooLargeError):
            read_json(opening * 10_000)


def test_a_syntax_error_names_line_and_column():
    with pytest.raises(BadInputError) as caught:
        read_json(b'{"a": 1,\n "b": }')
    assert caught.value.place == "line 2 column 7"


def test_an_integer_too_long_to_be_read_is_bad_input_and_not_a_crash():
    with pytest.raises(BadInputError):
        read_json(b'{"a": ' + b"9" * 5_000 + b', "a": 1}')


def test_more_bytes_than_the_limit_are_refused_before_they_are_read():
    class Huge(bytes):
        def __len__(self):
            return LONGEST + 1

    with pytest.raises(TooLargeError):
        read_json(Huge(b"{}"))


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read(name):
    assert read_json('{"ชื่อ": "é"}'.encode(name)) == ({"ชื่อ": "é"}, [])


def test_bytes_that_are_no_utf_8_are_replaced_and_reported_with_their_line():
    tree, defects = read_json(b'{"a": 1,\n"b": "\xff\xfe"}')
    assert tree == {"a": 1, "b": "\ufffd\ufffd"}
    assert defects[0].place == "line 2"


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_but_bad_input(data):
    try:
        read_json(data)
    except BadInputError:
        return


@given(st.binary(max_size=200))
def test_decoding_never_fails_and_keeps_sound_text(data):
    text, defects = decode(data)
    assert defects or text.encode("utf-8", "surrogatepass") is not None


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,10}", fullmatch=True), st.integers(), min_size=1))
def test_the_keys_of_a_head_are_those_of_the_tree(tree):
    assert json_keys(json.dumps(tree).encode()) == frozenset(tree)


def test_a_head_that_is_no_json_has_no_keys():
    assert json_keys(b'name: "x"') == frozenset()
    assert json_keys(b"[1]", b"{") == frozenset()


@given(SOUND)
def test_an_escaped_key_is_one_step_of_a_pointer_and_can_be_undone(key):
    step = escape(key)
    assert "/" not in step
    assert step.replace("~1", "/").replace("~0", "~") == key


@given(st.floats())
def test_any_float_is_read_or_null(number):
    tree, defects = read_json(json.dumps([number]).encode())
    assert tree == ([number] if math.isfinite(number) else [None])
    assert bool(defects) == (not math.isfinite(number))
