"""Days and intervals: every form that sources write, half open to the day after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.claim import Interval, between, on_day, parse_day
from chokepoint.model.errors import NotValidError

days = st.dates(min_value=date(1970, 1, 2), max_value=date(9000, 1, 1))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("2024-02-29", date(2024, 2, 29), id="leap-day"),
        pytest.param("  2024-01-05  ", date(2024, 1, 5), id="blanks"),
        pytest.param("20240105", date(2024, 1, 5), id="basic"),
        pytest.param("2024-W01-5", date(2024, 1, 5), id="week"),
        pytest.param("2024-01-05T23:30:00", date(2024, 1, 5), id="without-zone-is-utc"),
        pytest.param("2024-01-05T23:30:00Z", date(2024, 1, 5), id="zulu"),
        pytest.param("2024-01-05T23:30:00+00:00", date(2024, 1, 5), id="utc"),
        pytest.param("2024-01-05T23:30:00-05:00", date(2024, 1, 6), id="west-is-the-next-day"),
        pytest.param("2024-01-06T03:00:00+07:00", date(2024, 1, 5), id="east-is-the-day-before"),
        pytest.param("2024-01-05 10:00:00", date(2024, 1, 5), id="blank-for-t"),
        pytest.param("2024-01-05T10:00:00.123456Z", date(2024, 1, 5), id="microseconds"),
    ],
)
def test_a_day_is_read_in_every_form_of_iso_8601(text, day):
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text",
    ["", "2024", "2024-1-5", "2024-13-01", "2023-02-29", "05.01.2024", "1/5/2024", "yesterday", "2024-01-05T25:00:00", "๒๕๖๗-๐๑-๐๕", "2567-00-01", "0000-00-00", "2024-01-05Tx"],
)  # fmt: skip
def test_what_is_no_day_is_refused_and_never_guessed(text):
    with pytest.raises(NotValidError) as refusal:
        parse_day(text)
    assert refusal.value.mend == "write YYYY-MM-DD"


@given(days, st.times(), st.integers(-23, 23))
def test_a_moment_with_a_zone_is_on_its_day_in_utc(day, time, hours):
    local = datetime.combine(day, time, timezone(timedelta(hours=hours)))
    assert parse_day(local.isoformat()) == local.astimezone(UTC).date()


@given(days)
def test_one_day_is_the_interval_from_it_to_itself(day):
    assert on_day(day) == between(day, day) == on_day(day.isoformat())
    assert on_day(day).end == (day + timedelta(days=1)).isoformat()


@given(days, days)
def test_an_interval_holds_every_day_from_first_to_last_and_no_other(one, other):
    first, last = sorted((one, other))
    span = between(first, last)
    assert span.start <= first.isoformat() < span.end
    assert span.start <= last.isoformat() < span.end
    assert not span.start <= (first - timedelta(days=1)).isoformat() < span.end
    assert not span.start <= (last + timedelta(days=1)).isoformat() < span.end


@given(days, days)
def test_the_order_of_two_days_is_the_order_of_their_intervals(one, other):
    assert (on_day(one) < on_day(other)) == (one < other)


@pytest.mark.parametrize(
    ("first", "last", "interval"),
    [
        (None, None, Interval("", "")),
        (date(2024, 1, 1), None, Interval("2024-01-01", "")),
        (None, date(2024, 1, 1), Interval("", "2024-01-02")),
        (date(2024, 2, 28), date(2024, 2, 29), Interval("2024-02-28", "2024-03-01")),
        (date(2023, 12, 31), date(2023, 12, 31), Interval("2023-12-31", "2024-01-01")),
        (date(2024, 1, 1), date.max, Interval("2024-01-01", "")),
    ],
    ids=["open", "from", "until", "leap", "new-year", "for-ever"],
)
def test_an_open_end_stays_open_and_the_last_day_ends_the_day_after(first, last, interval):
    assert between(first, last) == interval


@pytest.mark.parametrize("precision", ["second", "day", "month", "year"])
def test_the_precision_of_the_source_is_kept(precision):
    assert on_day("2024-01-05", precision).precision == precision
    assert between(None, None, precision).precision == precision


def test_an_interval_that_ends_before_it_starts_names_both_days():
    with pytest.raises(NotValidError, match=r"ends \(2024-01-01\) before it starts \(2024-01-02\)"):
        between(date(2024, 1, 2), date(2024, 1, 1))
