"""The checked reading of numbers, shares, texts and lists: each fault with its pointer and its mend."""

from __future__ import annotations

import math

import pytest

from chokepoint.choke.fields import (
    FIELDS,
    LONGEST_ID,
    SHOWN_FAULTS,
    Faults,
    flag,
    number,
    rows,
    share,
    spelt,
    text,
    unlimited,
    words,
)
from chokepoint.choke.network import read_network
from chokepoint.model.errors import BadInputError, RefusedError


def read(take, row, **how):
    """What one reader makes of the field `x`, with the reasons that it noted."""
    faults = Faults()
    found = take(row, "x", "/here", faults, **how)
    assert all(error.place == "/here/x" and error.mend for error in faults.found)
    return found, [error.reason for error in faults.found]


@pytest.mark.parametrize(
    ("value", "found"),
    [(0, 0.0), (1, 1.0), (2.5, 2.5), (1e300, 1e300), (5e-324, 5e-324), (2**53 + 1, 2.0**53)],
)
def test_a_number_is_read_as_a_float(value, found):
    assert read(number, {"x": value}) == (found, [])
    assert type(read(number, {"x": value})[0]) is float


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (-1, "x is -1"),
        (-1e-300, "x is -1e-300"),
        (math.nan, "x is nan"),
        (math.inf, "x is inf"),
        (-math.inf, "x is -inf"),
        (10**400, "x is too large"),
        (True, "x is True, no number"),
        (None, "x is None, no number"),
        ("1", "x is '1', no number"),
        ([1], "x is [1], no number"),
        ({}, "x is {}, no number"),
    ],
)
def test_what_is_no_finite_number_from_0_on_is_a_fault_and_reads_as_0(value, reason):
    assert read(number, {"x": value}) == (0.0, [reason])


def test_a_missing_number_is_a_fault_unless_it_has_a_default():
    assert read(number, {}) == (0.0, ["x is missing"])
    assert read(number, {}, default=7.0) == (7.0, [])


def test_a_default_does_not_stand_in_for_a_wrong_value():
    assert read(number, {"x": "much"}, default=7.0) == (0.0, ["x is 'much', no number"])


def test_a_long_value_is_shown_in_part():
    (reason,) = read(number, {"x": "9" * 10_000})[1]
    assert len(reason) < 70


@pytest.mark.parametrize("value", [None, math.inf])
def test_null_and_infinity_are_unlimited(value):
    assert read(unlimited, {"x": value}) == (math.inf, [])


@pytest.mark.parametrize("value", [-math.inf, math.nan, -1, "null", False])
def test_other_odd_numbers_are_not_unlimited(value):
    found, reasons = read(unlimited, {"x": value})
    assert found == 0.0
    assert len(reasons) == 1


def test_an_absent_number_is_not_unlimited():
    assert read(unlimited, {}) == (0.0, ["x is missing"])


@pytest.mark.parametrize("value", [0, 0.0, 0.5, 1, 1.0])
def test_a_share_lies_from_0_to_1(value):
    assert read(share, {"x": value}) == (float(value), [])


@pytest.mark.parametrize("value", [1 + 1e-12, 2, 100])
def test_a_share_above_1_is_a_fault(value):
    found, reasons = read(share, {"x": value})
    assert (found, len(reasons)) == (0.0, 1)
    assert reasons[0].endswith("above 1")


def test_an_absent_share_is_certain():
    assert read(share, {}) == (1.0, [])


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", "a"),
        (7, "7"),
        (0, "0"),
        (-3, "-3"),
        ("x" * LONGEST_ID, "x" * LONGEST_ID),
        ("ไทย", "ไทย"),
        (" ", " "),
    ],
    ids=["letter", "number", "zero", "negative", "longest", "Thai", "blank"],
)
def test_a_text_is_taken_as_it_is_and_a_whole_number_by_its_digits(value, found):
    assert read(text, {"x": value}) == (found, [])


@pytest.mark.parametrize(
    "value",
    ["", None, True, 1.5, [], {}, "x" * (LONGEST_ID + 1)],
    ids=["empty", "null", "true", "fraction", "list", "object", "too long"],
)
def test_what_is_no_text_is_a_fault_and_reads_as_nothing(value):
    found, reasons = read(text, {"x": value})
    assert (found, len(reasons)) == ("", 1)


@pytest.mark.parametrize("tree", [{}, {"x": None}, {"x": []}])
def test_an_absent_list_is_empty(tree):
    assert rows(tree, "x", "", Faults()) == []


def test_rows_come_with_their_pointers_and_what_is_no_object_costs_only_itself():
    faults = Faults()
    found = rows({"x": [{"a": 1}, 3, {"b": 2}, None, [4]]}, "x", "/n/0", faults)
    assert found == [("/n/0/x/0", {"a": 1}), ("/n/0/x/2", {"b": 2})]
    assert [error.place for error in faults.found] == ["/n/0/x/1", "/n/0/x/3", "/n/0/x/4"]


@pytest.mark.parametrize("value", ["list", 3, {"0": {}}, True])
def test_what_is_no_list_is_one_fault(value):
    assert read(rows, {"x": value}) == ([], [f"x is {type(value).__name__}, no list"])


def test_without_a_fault_nothing_stops():
    Faults().stop()


def test_one_fault_is_raised_as_it_is():
    faults = Faults()
    faults.add("/a", "it is wrong", "write it right")
    with pytest.raises(BadInputError) as caught:
        faults.stop()
    assert (caught.value.place, caught.value.reason, caught.value.mend) == (
        "/a",
        "it is wrong",
        "write it right",
    )


def test_further_faults_stand_in_the_reason_with_their_places():
    faults = Faults()
    faults.add("/a", "first", "mend it")
    faults.add("/b", "second", "mend that")
    with pytest.raises(BadInputError, match="first; and 1 more") as caught:
        faults.stop()
    assert "/b" in caught.value.reason
    assert "mend that" in caught.value.reason


def test_what_is_malformed_is_told_before_what_is_forbidden():
    faults = Faults()
    faults.refuse("/a", "it is not allowed", "ask instead")
    faults.add("/b", "it is wrong", "write it right")
    with pytest.raises(BadInputError, match="it is not allowed") as caught:
        faults.stop()
    assert caught.value.place == "/b"


def test_what_is_only_forbidden_is_a_refusal():
    faults = Faults()
    faults.refuse("/a", "it is not allowed", "ask instead")
    with pytest.raises(RefusedError, match="it is not allowed"):
        faults.stop()


def test_all_faults_are_counted_and_few_are_kept():
    faults = Faults()
    for at in range(5000):
        faults.add(f"/{at}", "wrong", "mend")
    assert faults.count == 5000
    assert len(faults.found) == SHOWN_FAULTS
    with pytest.raises(BadInputError, match="and 4999 more"):
        faults.stop()


def misspelt(row, kind):
    """(place, mend) of each field that was taken for a misspelling."""
    faults = Faults()
    spelt(row, kind, "/here", faults)
    return [(error.place, error.mend) for error in faults.found]


@pytest.mark.parametrize(
    ("name", "kind", "meant"),
    [
        pytest.param("capcity", "nodes", "capacity", id="a letter left out"),
        pytest.param("Capacity", "nodes", "capacity", id="written large"),
        pytest.param("victim-asset", "nodes", "victim_asset", id="a hyphen"),
        pytest.param("victim asset", "nodes", "victim_asset", id="a space"),
        pytest.param("victim_assets", "nodes", "victim_asset", id="a protection in the plural"),
        pytest.param("mode", "nodes", "modes", id="a list in the singular"),
        pytest.param("replacement_day", "modes", "replacement_days", id="a unit in the singular"),
        pytest.param("juristiction", "modes", "jurisdiction", id="as it sounds"),
        pytest.param("beleif", "edges", "belief", id="two letters exchanged"),
        pytest.param("need_any", "dependencies", "needs_any", id="without its s"),
        pytest.param("colateral_limit", "", "collateral_limit", id="a limit of the document"),
    ],
)
def test_a_misspelt_field_is_named_with_what_was_meant(name, kind, meant):
    assert misspelt({name: 1}, kind) == [(f"/here/{name}", f"write {meant}")]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        pytest.param({"comment": "x", "tier": 2, "source": "a"}, "nodes", id="notes of one's own"),
        pytest.param({"capacity": 1, "capacity_": 2}, "nodes", id="beside the field itself"),
        pytest.param({"": 1}, "nodes", id="no name"),
        pytest.param({"c" * 100_000: 1}, "nodes", id="a name of a hundred thousand letters"),
        pytest.param({"mode": "freeze"}, "modes", id="another kind's word is this kind's field"),
        pytest.param({"x": 1}, "no such kind", id="a kind without a table"),
    ],
)
def test_other_fields_are_passed_over(row, kind):
    assert misspelt(row, kind) == []


@pytest.mark.parametrize("kind", FIELDS)
def test_no_field_is_taken_for_another(kind):
    for name in FIELDS[kind].split():
        assert misspelt({name: 1}, kind) == []


def test_a_protection_that_is_misspelt_stops_the_reading_and_protects_nobody_in_silence():
    takedown = {"mode": "takedown", "cost": 1, "replacement_days": 9}
    node = {"id": "mule", "capacity": 1, "role": "victim", "victim_assets": True, "modes": [takedown]}
    tree = {"nodes": [node], "edges": [], "stages": [{"at_day": 1}], "budget": 1}
    with pytest.raises(BadInputError) as told:
        read_network(tree)
    assert told.value.place == "/nodes/0/victim_assets"
    assert told.value.mend == "write victim_asset"


@pytest.mark.parametrize(
    ("row", "found"), [({"x": True}, True), ({"x": False}, False), ({"x": None}, False), ({}, False)]
)
def test_a_flag_is_true_only_where_it_says_so(row, found):
    assert read(flag, row) == (found, [])


@pytest.mark.parametrize("value", ["", "true", "no", 0, 1, [], {}, [True], float("nan")], ids=repr)
def test_what_is_neither_true_nor_false_is_no_flag(value):
    assert read(flag, {"x": value}) == (False, [f"x is {value!r}"])


@pytest.mark.parametrize("field", ["shared", "victim_asset"])
@pytest.mark.parametrize("value", ["", 0, [], {}], ids=repr)
def test_a_protection_of_the_wrong_type_is_never_read_as_none(field, value):
    takedown = {"mode": "takedown", "cost": 1, "replacement_days": 9}
    node = {"id": "cdn", "capacity": 1, "role": "victim", field: value, "modes": [takedown]}
    with pytest.raises(BadInputError) as told:
        read_network({"nodes": [node], "edges": [], "stages": [{"at_day": 1}], "budget": 1})
    assert (told.value.place, told.value.mend) == (f"/nodes/0/{field}", "write true or false")


@pytest.mark.parametrize(
    ("row", "found"),
    [({"x": "LT"}, "LT"), ({"x": ""}, ""), ({"x": None}, ""), ({}, ""), ({"x": "a" * 1000},) * 2],
)
def test_words_may_be_absent(row, found):
    assert read(words, row) == (found if isinstance(found, str) else row["x"], [])


@pytest.mark.parametrize(
    "value", [0, 1.5, True, ["LT"], {"a": 1}, "a" * 1001], ids=lambda value: repr(value)[:9]
)
def test_words_are_text_and_nothing_else(value):
    found, reasons = read(words, {"x": value})
    assert found == ""
    assert len(reasons) == 1
    assert len(reasons[0]) < 60


@pytest.mark.parametrize("caps", ["", 0, [], False, "LT=3"], ids=repr)
def test_caps_of_the_wrong_type_are_not_read_as_none(caps):
    node = {"id": "v", "capacity": 1, "role": "victim"}
    with pytest.raises(BadInputError) as told:
        read_network({"nodes": [node], "edges": [], "stages": [{"at_day": 1}], "budget": 1, "caps": caps})
    assert told.value.place == "/caps"
