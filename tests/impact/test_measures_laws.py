"""What holds of figures side by side whatever was said: nothing is lost, nothing unlike meets, nothing counts twice."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import combinations

import pytest
from figures import cells, said, span
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.impact.few import K, held_back, is_of_victims
from chokepoint.impact.measures import by_country, cells_of, is_addable, may_overlap, overfull, totals

NAMES = ("fox", "owl", "elk", "a report")
SPANS = {
    "fox": span("2025-01-01", "2025-02-01", "KE"),
    "owl": span("2025-01-15", "2025-03-01", "KE GH"),
    "elk": span("2025-06-01", "", "GH"),
    "a report": span(report=True),
}
figures = st.builds(
    "{}{}: {}{}{}".format,
    st.sampled_from(["arrests", "victims identified", "funds seized", "nationalities", "share of victims"]),
    st.sampled_from(["", " in KE", " in GH", " in GH+KE"]),
    st.sampled_from(["", "about ", "more than ", "less than "]),
    st.integers(0, 60),
    st.sampled_from(["", " USD", " EUR", " %"]),
)
words = st.lists(
    st.tuples(st.sampled_from(NAMES), figures, st.sampled_from(["one", "two"])), min_size=1, max_size=12
)


def kind(cell):
    return cell.measure, cell.unit, cell.where


@given(words)
def test_every_figure_stands_in_exactly_one_cell(told):
    everything = [said(*one) for one in told]
    found = [one for cell in cells_of(everything) for one in cell.said]
    assert Counter(found) == Counter(everything)


@given(words)
def test_a_cell_holds_one_measure_of_one_operation_in_one_unit_at_one_place(told):
    for cell in cells(*told):
        for one in cell.said:
            about = (one.operation, one.figure.measure, one.figure.unit, one.figure.where)
            assert about == (cell.operation, cell.measure, cell.unit, cell.where)


@given(words)
def test_sources_in_conflict_are_told_and_both_ends_stay_open(told):
    for cell in cells(*told):
        assert cell.conflict is (len({one.figure.text for one in cell.said}) > 1)
        assert all(cell.least <= one.figure.least for one in cell.said)
        if cell.most is None:
            assert any(one.figure.most is None for one in cell.said)
        else:
            assert all(one.figure.most <= cell.most for one in cell.said)


@given(words)
def test_nothing_unlike_meets_in_a_sum_and_no_cell_is_lost_or_counted_twice(told):
    found = cells(*told)
    for total in totals(found, SPANS):
        meant = [cell for cell in found if kind(cell) == (total.measure, total.unit, total.where)]
        parts = [*total.added, *(one.cell for one in total.left_out)]
        assert Counter(cell.operation for cell in parts) == Counter(cell.operation for cell in meant)
        assert {kind(cell) for cell in parts} == {kind(meant[0])}
        assert is_addable(total.measure, total.unit)
        assert total.least == sum((cell.least for cell in total.added), Decimal(0))


@given(words)
def test_whatever_is_left_out_says_why_and_against_what(told):
    for total in totals(cells(*told), SPANS):
        names = {cell.operation for cell in total.added}
        assert not any(SPANS[name].report for name in names)
        for one in total.left_out:
            if one.against:
                assert one.against in names
                assert one.reason == may_overlap(SPANS, one.cell.operation, one.against) != ""
            else:
                assert SPANS[one.cell.operation].report


@given(words, st.sampled_from(NAMES), figures)
def test_one_source_more_never_raises_what_was_counted_at_least(told, name, figure):
    """A further source can only widen what a cell leaves open."""
    before = {(cell.operation, *kind(cell)): cell.least for cell in cells(*told)}
    after = {(cell.operation, *kind(cell)): cell.least for cell in cells(*told, (name, figure, "three"))}
    assert all(after[key] <= least for key, least in before.items())


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_whether_two_may_overlap_does_not_hang_on_who_is_named_first(one, other):
    assert may_overlap(SPANS, one, other) == may_overlap(SPANS, other, one)


@given(words)
def test_a_country_is_told_no_less_than_its_largest_figure_and_no_more_than_all(told):
    for measure in ("arrests", "victims identified", "funds seized"):
        for unit in ("", "USD"):
            mine = [cell for cell in cells(*told) if (cell.measure, cell.unit) == (measure, unit)]
            for code, least in by_country(mine, totals(mine, SPANS)).items():
                there = [cell for cell in mine if cell.where == (code,)]
                assert least.value <= sum(cell.least for cell in there)
                assert least.further + len(least.cells) == len(there)
                assert least.unit == unit
                for a, b in combinations(least.cells, 2):
                    assert not may_overlap(SPANS, a.operation, b.operation)


@given(words)
def test_a_whole_is_overfull_when_its_single_countries_need_more_than_it_can_be(told):
    found = cells(*told)
    expected = set()
    for whole in found:
        parts = [
            cell.least
            for cell in found
            if len(cell.where) == 1
            and (cell.operation, cell.measure, cell.unit) == (whole.operation, whole.measure, whole.unit)
            and is_addable(cell.measure, cell.unit)
        ]
        if not whole.where and whole.most is not None and sum(parts) > whole.most:
            expected.add((whole.operation, whole.measure, whole.unit, sum(parts)))
    assert {(one.operation, one.measure, one.unit, needed) for one, needed in overfull(found)} == expected


@pytest.mark.parametrize(
    ("figure", "least", "most"),
    [
        pytest.param("arrests: 20", 20, 20, id="a number"),
        pytest.param("arrests: 0", 0, 0, id="none at all"),
        pytest.param("arrests: 20 to 30", 20, 30, id="from to"),
        pytest.param("arrests: about 20", 20, 20, id="about"),
        pytest.param("arrests: more than 20", 20, None, id="more than"),
        pytest.param("arrests: less than 20", 0, 20, id="less than"),
    ],
)
def test_what_a_figure_leaves_open_is_open_in_its_cell(figure, least, most):
    (cell,) = cells(("fox", figure))
    assert (cell.least, cell.most) == (least, most)


# --- victims ---


@given(words)
def test_no_count_of_one_to_ten_victims_is_shown_and_no_other_measure_is_kept_back(told):
    found = cells(*told)
    held = held_back(found)
    for cell in found:
        counts = {value for one in cell.said for value in (one.figure.low, one.figure.high)}
        if not is_of_victims(cell.measure):
            assert cell not in held
        elif any(0 < count < K for count in counts):
            assert cell in held


@given(words)
def test_keeping_back_what_is_kept_back_changes_nothing_more(told):
    found = cells(*told)
    shown = [cell for cell in found if cell not in held_back(found)]
    assert held_back(shown) == frozenset()
