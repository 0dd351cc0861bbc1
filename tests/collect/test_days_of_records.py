"""Days in the fields of foreign records: ISO moments, Unix seconds and milliseconds, and what only looks like them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.taking import day, span, until
from chokepoint.model.claim import Interval

MOMENTS = st.datetimes(datetime(1973, 3, 4), datetime(2200, 1, 1))  # noqa: DTZ001 - hypothesis wants them bare


@given(MOMENTS)
def test_seconds_and_milliseconds_since_1970_are_the_same_day(moment):
    seconds = int(moment.replace(tzinfo=UTC).timestamp())
    assert day(str(seconds)) == moment.date()
    if seconds * 1000 >= 10**11:
        assert day(str(seconds * 1000)) == day(f" {seconds * 1000 + 999} ") == moment.date()


@given(MOMENTS, st.integers(-12, 14))
def test_a_moment_with_a_zone_is_on_its_day_in_utc(moment, hours):
    written = f"{moment.isoformat(timespec='seconds')}{'+' if hours >= 0 else '-'}{abs(hours):02}:00"
    assert day(written) == (moment - timedelta(hours=hours)).date()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        pytest.param("20240305", date(2024, 3, 5), id="eight figures are a date"),
        pytest.param("20241305", None, id="unless they are none"),
        pytest.param("100000000", date(1973, 3, 3), id="nine figures are seconds"),
        pytest.param("1709596800", date(2024, 3, 5), id="ten figures"),
        pytest.param("99999999999", date(5138, 11, 16), id="eleven figures are still seconds"),
        pytest.param("100000000000", date(1973, 3, 3), id="twelve are milliseconds"),
        pytest.param("1709596800000", date(2024, 3, 5), id="thirteen too"),
        pytest.param("9999999999999999", None, id="beyond the calendar"),
        pytest.param("1234567", None, id="seven figures"),
        pytest.param("-1709596800", None, id="before 1970"),
        pytest.param("1709596800.5", None, id="a fraction"),
        pytest.param("1e9", None, id="an exponent"),
        pytest.param("2024-03-05T24:00:00", None, id="an hour too many"),
        pytest.param("2024-03-05T10:11:12.123456Z", date(2024, 3, 5), id="a very exact moment"),
        pytest.param("\t2024-03-05\n", date(2024, 3, 5), id="blanks around"),
        pytest.param("2024-3-5", None, id="single figures"),
        pytest.param("05.03.2024", None, id="not as records write it"),
        pytest.param("0001-01-01", date(1, 1, 1), id="the first day of all"),
        pytest.param("9999-12-31", date(9999, 12, 31), id="the last"),
    ],
)
def test_a_field_is_a_day_or_none(written, found):
    assert day(written) == found


@given(st.text("0123456789-:TZ+. ", max_size=30))
def test_whatever_looks_like_a_day_is_one_or_none_and_its_interval_ends_after_it(text):
    found = day(text)
    last = until(text)
    assert (last is None) is (found is None)
    if found and last and last.end:
        assert date.fromisoformat(last.end) == found + timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "interval"),
    [
        ("2024-03-05", "2024-03-05", Interval("2024-03-05", "2024-03-06")),
        ("2024-03-06", "2024-03-05", Interval("2024-03-05", "2024-03-07")),
        ("1709596800", "2024-03-09T00:00:00Z", Interval("2024-03-05", "2024-03-10")),
        ("soon", "2024-03-05", Interval("", "2024-03-06")),
        ("2024-03-05", "later", Interval("2024-03-05", "")),
        ("2024-03-05", "9999-12-31", Interval("2024-03-05", "")),
        ("soon", "later", None),
    ],
)
def test_a_span_holds_both_days_whichever_is_written_first(first, last, interval):
    assert span(first, last) == interval
