from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest
from figures import cells, span
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.impact.measures import by_country, is_addable, may_overlap, overfull, totals

SPRING, SUMMER = span("2025-03-01", "2025-06-01"), span("2025-06-01", "2025-09-01")
SPANS = {"spring": SPRING, "summer": SUMMER, "june": span("2025-06-10", "2025-06-20")}


def test_conflicting_figures_stand_side_by_side_and_none_is_preferred():
    (cell,) = cells(("fox", "arrests in KE: 20", "one"), ("fox", "arrests in KE: about 24", "two"))
    assert [one.figure.amount for one in cell.said] == ["about 24", "20"]
    assert cell.conflict
    assert (cell.least, cell.most) == (20, 24)
    assert cell.vague


def test_two_sources_that_say_the_same_do_not_conflict():
    (cell,) = cells(("fox", "arrests: 20", "one"), ("fox", "arrests: 20", "two"))
    assert not cell.conflict
    assert len(cell.said) == 2


def test_a_figure_without_an_end_leaves_the_cell_without_one():
    (cell,) = cells(("fox", "arrests: 20", "one"), ("fox", "arrests: more than 10", "two"))
    assert (cell.least, cell.most) == (10, None)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("arrests in KE: 20", id="another place"),
        pytest.param("victims: 20", id="another measure"),
        pytest.param("arrests: 20 USD", id="another unit"),
        pytest.param("arrests in GH+KE: 20", id="two countries together"),
    ],
)
def test_unlike_figures_are_never_in_one_cell_nor_in_one_sum(other):
    found = cells(("spring", "arrests: 20"), ("summer", other))
    assert len(found) == 2
    assert totals(found, SPANS) == ()


def test_like_figures_of_operations_that_share_no_day_are_added():
    (total,) = totals(cells(("spring", "arrests: 20"), ("summer", "arrests: about 5")), SPANS)
    assert (total.measure, total.unit, total.where, total.least, total.vague) == ("arrests", "", (), 25, True)
    assert [cell.operation for cell in total.added] == ["spring", "summer"]
    assert total.left_out == ()


def test_of_conflicting_figures_the_smallest_is_in_the_sum():
    found = cells(
        ("spring", "arrests: 20", "one"), ("spring", "arrests: 24", "two"), ("summer", "arrests: 5")
    )
    assert totals(found, SPANS)[0].least == 25


def test_a_figure_below_a_bound_adds_nothing_for_sure():
    assert totals(cells(("spring", "arrests: less than 20"), ("summer", "arrests: 5")), SPANS)[0].least == 5


def test_what_may_be_counted_already_is_left_out_with_its_reason():
    found = cells(("spring", "arrests: 20"), ("summer", "arrests: 5"), ("june", "arrests: 3"))
    (total,) = totals(found, SPANS)
    assert total.least == 25
    assert [(one.cell.operation, one.against) for one in total.left_out] == [("june", "summer")]
    assert "same days" in total.left_out[0].reason


def test_the_larger_of_two_that_overlap_is_kept():
    found = cells(("spring", "arrests: 20"), ("summer", "arrests: 5"), ("june", "arrests: 30"))
    assert totals(found, SPANS)[0].least == 50


def test_a_report_over_several_operations_is_added_to_none_of_them():
    spans = {**SPANS, "yearbook": span("2024-01-01", "2024-02-01", report=True)}
    found = cells(("spring", "arrests: 20"), ("summer", "arrests: 5"), ("yearbook", "arrests: 25"))
    (total,) = totals(found, spans)
    assert total.least == 25
    assert [(one.cell.operation, one.against) for one in total.left_out] == [("yearbook", "")]


def test_one_operation_alone_makes_no_sum():
    spans = {"fox": SPRING, "yearbook": span("2025-01-01", "2026-01-01", report=True)}
    assert totals(cells(("fox", "arrests: 5"), ("yearbook", "arrests: 25")), spans) == ()


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        pytest.param(SPRING, SUMMER, False, id="one ends where the other begins"),
        pytest.param(SUMMER, SPRING, False, id="and the other way round"),
        pytest.param(SPRING, span("2025-05-31", "2025-07-01"), True, id="one day in common"),
        pytest.param(SPRING, span("2025-05-31", "2025-07-01", "KE"), True, id="countries of one unknown"),
        pytest.param(span("2025-01-01", "2025-02-01", "KE"), span("2025-01-01", "2025-02-01", "VN"), False, id="apart in space"),
        pytest.param(span("2025-01-01", "2025-02-01", "KE GH"), span("2025-01-01", "2025-02-01", "KE"), True, id="one country in common"),
        pytest.param(span(), SPRING, True, id="no days known"),
        pytest.param(span("2025-06-01", ""), SPRING, False, id="began after the other's end"),
        pytest.param(span("", "2025-03-01"), SPRING, False, id="ended before the other's beginning"),
        pytest.param(span("2025-01-01", ""), SPRING, True, id="no end known"),
        pytest.param(span("2024-01-01", "2024-02-01", whole=frozenset({"b"})), SPRING, True, id="part of the other"),
        pytest.param(SPRING, span("2024-01-01", "2024-02-01", whole=frozenset({"a"})), True, id="whole of the other"),
        pytest.param(span("2025-01-01", "2025-02-01", whole=frozenset({"c"})), span("2025-01-01", "2025-02-01", whole=frozenset({"c"})), True, id="two parts of one whole may still overlap"),
    ],
)  # fmt: skip
def test_operations_may_have_counted_the_same_unless_days_or_countries_keep_them_apart(one, other, overlap):
    assert bool(may_overlap({"a": one, "b": other}, "a", "b")) is overlap
    assert bool(may_overlap({"a": one, "b": other}, "b", "a")) is overlap


@pytest.mark.parametrize(
    ("measure", "unit", "addable"),
    [
        ("arrests", "", True), ("losses", "USD", True), ("data seized gb", "GB", True),
        ("participating countries", "", False), ("infostealer variants", "", False), ("isps", "", False),
        ("pct suspicious ips taken down", "%", False), ("takedown share", "", False), ("cleared", "%", False),
        ("days until regrowth", "", False), ("median age", "", False), ("shared reports", "", True),
        ("accounts rated", "", True), ("victims targeted", "", True), ("forged passport countries", "", False),
    ],
)  # fmt: skip
def test_shares_and_numbers_of_kinds_never_add_up(measure, unit, addable):
    assert is_addable(measure, unit) is addable
    unit = f" {unit}" if unit else ""
    found = totals(cells(("spring", f"{measure}: 7{unit}"), ("summer", f"{measure}: 7{unit}")), SPANS)
    assert bool(found) is addable


months = st.tuples(st.integers(0, 11), st.integers(1, 6))
worlds = st.lists(st.tuples(st.integers(0, 40), months), min_size=2, max_size=8)


def dated(start: int, length: int):
    def month(number: int) -> str:
        return f"{2024 + number // 12}-{number % 12 + 1:02d}-01"

    return span(month(start), month(start + length))


@given(worlds, st.randoms(use_true_random=False))
def test_a_sum_is_the_largest_over_operations_of_which_no_two_may_overlap(world, chance):
    spans = {f"o{n}": dated(*when) for n, (_, when) in enumerate(world)}
    told = [(f"o{n}", f"arrests: {count}") for n, (count, _) in enumerate(world)]
    counts = {f"o{n}": count for n, (count, _) in enumerate(world)}
    best = max(
        sum(counts[name] for name in some)
        for size in range(1, len(world) + 1)
        for some in combinations(counts, size)
        if not any(may_overlap(spans, a, b) for a, b in combinations(some, 2))
    )
    found = totals(cells(*told), spans)
    chance.shuffle(told)
    assert totals(cells(*told), spans) == found
    for total in found:
        names = [cell.operation for cell in total.added]
        assert total.least == best == sum(counts[name] for name in names)
        assert not any(may_overlap(spans, a, b) for a, b in combinations(names, 2))
        assert len(names) + len(total.left_out) == len(world)


def test_very_many_operations_that_overlap_are_still_added_without_counting_twice():
    spans = {f"o{n:02}": dated(n, 2) for n in range(40)}
    (total,) = totals(cells(*((f"o{n:02}", f"arrests: {n}") for n in range(40))), spans)
    names = [cell.operation for cell in total.added]
    assert not any(may_overlap(spans, a, b) for a, b in combinations(names, 2))
    assert total.least == sum(range(1, 40, 2))


def test_a_whole_smaller_than_its_countries_is_pointed_out():
    found = cells(("fox", "arrests: 30"), ("fox", "arrests in KE: 20"), ("fox", "arrests in GH: 11"))
    [(whole, parts)] = overfull(found)
    assert (whole.where, parts) == ((), Decimal(31))


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(["arrests: 31", "arrests in KE: 20", "arrests in GH: 11"], id="just as many"),
        pytest.param(["arrests: more than 5", "arrests in KE: 20"], id="a whole without an end"),
        pytest.param(
            ["arrests: 25", "arrests in KE: 20", "arrests in GH+KE: 25"], id="a pair is no further part"
        ),
        pytest.param(["arrests: 5", "victims in KE: 20"], id="another measure"),
        pytest.param(["isps: 5", "isps in KE: 20"], id="kinds that recur"),
        pytest.param(["arrests in KE: 20"], id="no whole"),
    ],
)
def test_wholes_that_can_hold_their_parts_are_not(told):
    assert overfull(cells(*(("fox", text) for text in told))) == ()


def test_a_country_has_its_sum_where_operations_cannot_have_counted_the_same():
    found = cells(
        ("spring", "arrests in KE: 20"), ("summer", "arrests in KE: 5"), ("june", "arrests in KE: 3")
    )
    least = by_country(found, totals(found, SPANS))["KE"]
    assert (least.value, least.further) == (25, 1)
    assert [cell.operation for cell in least.cells] == ["spring", "summer"]


def test_a_country_of_which_no_sum_can_be_made_has_its_largest_figure():
    found = cells(("june", "arrests in KE: 7"), ("summer", "arrests in KE: 5"))
    least = by_country(found, totals(found, SPANS))["KE"]
    assert (least.value, [cell.operation for cell in least.cells], least.further) == (7, ["june"], 1)


def test_whole_operations_and_countries_together_belong_to_no_country():
    assert by_country(cells(("spring", "arrests: 7"), ("summer", "arrests in GH+KE: 5")), ()) == {}


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-01-01", "2025-02-01", ("2025-01-01", "2025-02-01", "day")),
        ("2025-01-01", "", ("2025-01-01", "", "day")),
        ("", "2025-02-01", ("", "2025-02-01", "day")),
        ("", "", None),
    ],
)
def test_the_days_of_an_operation_are_as_open_as_what_is_known(start, end, days):
    assert span(start, end).days == days
