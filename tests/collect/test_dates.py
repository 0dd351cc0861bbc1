from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.dates import order_of, read_day, thai_day

DAY = date(2020, 12, 29)


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-29",
        "2020-12-29 10:11:12",
        "2020-12-29T10:11:12Z",
        "2020/12/29",
        "29.12.2020",
        "29/12/20",
        "12/29/20 23:02",
        "29 December 2020",
        "29th Dec 2020",
        "December 29, 2020",
        "29 décembre 2020",
        "29. Dezember 2020",
        "29 de diciembre de 2020",
        "29 Aralık 2020",
        "29 ธันวาคม 2563",
        "วันอังคารที่ 29 ธันวาคม 2563",
        "29/12/2563",
        "2020年12月29日",
    ],
)
def test_one_day_is_read_however_it_is_written(text):
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    "text", ["", "yesterday", "3/4/2020", "31.02.2020", "2020-13-01", "1.2.3.4", "0001-01-01", "12345"]
)
def test_what_names_no_day_for_sure_is_not_read(text):
    assert read_day(text) is None


def test_the_order_of_a_column_settles_what_one_cell_leaves_open():
    assert order_of(["3/4/2020", "25/4/2020"]) is True
    assert order_of(["3/4/2020", "4/25/2020"]) is False
    assert order_of(["3/4/2020"]) is None
    assert read_day("3/4/2020", day_first=True) == date(2020, 4, 3)
    assert read_day("3/4/2020", day_first=False) == date(2020, 3, 4)


def test_the_first_thai_date_of_a_text_is_found():
    assert thai_day("ข่าว\nวันเสาร์ที่ 5 พฤศจิกายน 2565\nพิมพ์") == date(2022, 11, 5)
    assert thai_day("no date 12 words 2565") is None


@given(st.dates(date(1970, 1, 1), date(2100, 12, 31)))
def test_iso_and_buddhist_years_are_the_same_day(day):
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.year + 543}-{day.month:02}-{day.day:02}") in {day, None}
    assert read_day(f"{day.day}/{day.month}/{day.year + 543}", day_first=True) == day


@given(st.text(max_size=80))
def test_no_text_raises(text):
    assert read_day(text) is None or read_day(text).year >= 1970


def test_a_buddhist_year_written_as_iso_is_the_day_it_means():
    assert read_day("2568-03-14") == date(2025, 3, 14)
    assert read_day("9999-03-14") is None
