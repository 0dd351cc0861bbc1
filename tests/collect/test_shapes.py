"""Fields of the wrong shape: each is reported once at its place, and what nobody knows is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structured_reading import Reading

from chokepoint.collect.base import Rejected, Sentences, Skipped
from chokepoint.collect.rows import Row
from chokepoint.collect.shapes import MOST_LEAVES, beyond, entries, kept, misfits
from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.identity import Entity

FOX = Entity("group", "fox")
SAY = Sentences(Provenance(capture="0" * 64, origin="O"), "/x")
SCALARS = st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False)
LEAVES = st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1, max_size=6)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LEAVES, inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("shape", "value", "places"),
    [
        pytest.param("text", "a", [], id="text-text"),
        pytest.param("text", 5, [], id="text-number"),
        pytest.param("text", True, [], id="text-bool"),
        pytest.param("text", None, [], id="text-null"),
        pytest.param("text", [], ["/x/k"], id="text-empty-list"),
        pytest.param("text", ["a"], ["/x/k"], id="text-list"),
        pytest.param("text", {"a": 1}, ["/x/k"], id="text-mapping"),
        pytest.param("texts", "a", [], id="texts-text"),
        pytest.param("texts", ["a", 5, True], [], id="texts-list"),
        pytest.param("texts", ["a", ["b"], None, {"c": 1}], ["/x/k/1", "/x/k/3"], id="texts-odd-entries"),
        pytest.param("texts", {"a": 1}, ["/x/k"], id="texts-mapping"),
        pytest.param("record", {"a": 1}, [], id="record-mapping"),
        pytest.param("record", "a", ["/x/k"], id="record-text"),
        pytest.param("record", [{"a": 1}], ["/x/k"], id="record-list"),
        pytest.param("records", [{"a": 1}, {}], [], id="records-list"),
        pytest.param("records", {"a": 1}, [], id="records-mapping"),
        pytest.param(
            "records", [{"a": 1}, "b", None, 5], ["/x/k/1", "/x/k/2", "/x/k/3"], id="records-odd-entries"
        ),
        pytest.param("records", "a", ["/x/k"], id="records-text"),
    ],
)
def test_each_value_of_another_shape_is_rejected_at_its_pointer(shape, value, places):
    found = list(misfits("/x", {"k": value, "free": [[{}]]}, {"k": shape, "absent": "text"}))
    assert [one.place for one in found] == places
    assert all(one.reason.startswith("k") and "Mend: write " in one.reason for one in found)


def test_at_the_top_of_a_document_and_in_lines_the_place_can_be_found_too():
    odd = {"k": [1, {}]}
    assert [one.place for one in misfits("/", odd, {"k": "texts"})] == ["/k/1"]
    assert [one.place for one in misfits("lines 3-9", odd, {"k": "texts"})] == ["lines 3-9"]
    assert next(misfits("lines 3-9", odd, {"k": "texts"})).reason.startswith("k[1] is a mapping")


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, "null"),
        ([], "a list"),
        ({}, "a mapping"),
        ("x", "a text"),
        (True, "true or false"),
        (5, "a number"),
        (1.5, "a number"),
    ],
    ids=["null", "list", "mapping", "text", "bool", "integer", "float"],
)
def test_a_reason_says_what_stands_there(value, word):
    wanted = "text" if isinstance(value, list | dict) else "record"
    found = list(misfits("/x", {"k": value}, {"k": wanted})) or list(
        misfits("/x", {"k": [value]}, {"k": "records"})
    )
    assert f"is {word} where" in found[0].reason


@given(st.dictionaries(st.text(max_size=4), SCALARS, max_size=5))
def test_scalars_are_never_misfits_where_a_text_is_expected(content):
    assert list(misfits("/x", content, dict.fromkeys(content, "text"))) == []
    assert list(misfits("/x", content, dict.fromkeys(content, "texts"))) == []


def read_kept(field) -> Reading:
    reading = Reading()
    for item in kept(SAY, FOX, field):
        if isinstance(item, Claim):
            reading.claims.append(item)
        else:
            assert isinstance(item, Skipped)
            reading.skipped[item.rule] += item.count
    return reading


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        pytest.param("a", ["k: a"], id="text"),
        pytest.param(5, ["k: 5"], id="number"),
        pytest.param(["a", "b"], ["k: a", "k: b"], id="list"),
        pytest.param({"x": "a", "y": {"z": ["b", 7]}}, ["k.x: a", "k.y.z: b", "k.y.z: 7"], id="nested"),
        pytest.param([{"x": "a"}, {"x": "b"}], ["k.x: a", "k.x: b"], id="list-of-mappings"),
        pytest.param(None, [], id="null"),
        pytest.param({"x": None, "y": "", "z": []}, [], id="nothing"),
    ],
)
def test_an_unknown_field_is_kept_leaf_by_leaf_in_order_under_its_path(value, texts):
    assert [claim.object for claim in read_kept(("k", value)).claims] == texts


def leaves(tree) -> list[str]:
    if isinstance(tree, dict):
        return [leaf for part in tree.values() for leaf in leaves(part)]
    return [leaf for part in tree for leaf in leaves(part)] if isinstance(tree, list) else [tree]


@given(TREES)
def test_no_leaf_of_an_unknown_field_is_lost(tree):
    said = [str(claim.object) for claim in read_kept(("k", tree)).claims]
    assert [one.rpartition(": ")[2] for one in said] == [leaf.rpartition(": ")[2] for leaf in leaves(tree)]


@pytest.mark.parametrize("more", [0, 1, 50])
def test_leaves_beyond_the_limit_are_counted(more):
    reading = read_kept(("k", ["a"] * (MOST_LEAVES + more)))
    assert len(reading.claims) == MOST_LEAVES
    assert sum(reading.skipped.values()) == more


def test_a_field_nested_a_thousand_deep_is_walked_without_recursion():
    deep: object = "a"
    for _ in range(1_000):
        deep = [deep]
    assert [claim.object for claim in read_kept(("k", deep)).claims] == ["k: a"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        pytest.param(None, [], id="absent"),
        pytest.param({"a": 1}, ["/x"], id="a-lone-mapping"),
        pytest.param([{"a": 1}, {}], ["/x/0", "/x/1"], id="list"),
        pytest.param([], [], id="empty"),
    ],
)
def test_the_mappings_of_a_list_come_with_their_pointers(value, found):
    assert [one[0] for one in entries(value, "/x")] == found


@pytest.mark.parametrize("value", ["a", 5, True, 1.5], ids=repr)
def test_what_is_no_list_of_mappings_is_rejected_as_a_whole(value):
    [one] = entries(value, "/x")
    assert isinstance(one, Rejected)
    assert one.place == "/x"


@given(st.lists(st.none() | SCALARS | st.just({"a": 1}) | st.just([1]), max_size=8))
def test_every_entry_of_a_list_is_given_or_rejected_at_its_number(values):
    found = list(entries(values, "/x"))
    assert [one.place if isinstance(one, Rejected) else one[0] for one in found] == [
        f"/x/{n}" for n in range(len(values))
    ]
    assert [not isinstance(one, Rejected) for one in found] == [isinstance(value, dict) for value in values]


@pytest.mark.parametrize(
    ("cells", "width", "reason"),
    [
        pytest.param(["a", "b"], 2, "", id="as-wide"),
        pytest.param(["a"], 2, "", id="narrower"),
        pytest.param(["a", "b", ""], 2, "", id="empty-beyond"),
        pytest.param(["a", "b", "c"], 2, "1 cells beyond the header ('c')", id="one-beyond"),
        pytest.param(["a", "b", "", "c", "d"], 2, "2 cells beyond the header ('c')", id="two-beyond"),
    ],
)
def test_cells_beyond_a_header_are_rejected_once_a_row(cells, width, reason):
    found = list(beyond(Row(7, cells), width))
    assert [one.place for one in found] == (["line 7"] if reason else [])
    assert all(one.reason.startswith(reason) and "Mend: " in one.reason for one in found)
