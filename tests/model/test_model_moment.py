"""Moments: one way to read them, one way to write them."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.moment import read_moment, stamp

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=zones).filter(lambda moment: 1 < moment.year < 9999)


@given(moments)
def test_what_is_stamped_reads_back_to_the_millisecond_from_any_zone(moment):
    back = read_moment(stamp(moment))
    assert back.tzinfo is UTC
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)


@given(moments, moments)
def test_stamps_are_ordered_as_texts_as_their_moments_are(one, other):
    early, late = sorted((one, other))
    assert stamp(early) <= stamp(late)


@pytest.mark.parametrize(
    ("text", "stamped"),
    [
        pytest.param("2024-02-29", "2024-02-29T00:00:00.000Z", id="day"),
        pytest.param("2024-02-29T23:59:59", "2024-02-29T23:59:59.000Z", id="no-zone-is-utc"),
        pytest.param("2024-03-01T00:30:00+14:00", "2024-02-29T10:30:00.000Z", id="the-day-before-in-utc"),
        pytest.param("2024-02-29T23:30:00-12:00", "2024-03-01T11:30:00.000Z", id="the-day-after-in-utc"),
        pytest.param("2024-02-29T12:00:00.999999Z", "2024-02-29T12:00:00.999Z", id="cut-off-not-rounded"),
        pytest.param("0901-05-06T07:08:09Z", "0901-05-06T07:08:09.000Z", id="four-digits-of-the-year"),
    ],
)
def test_moments_are_read_in_utc(text, stamped):
    assert stamp(read_moment(text)) == stamped


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "now",
        "2023-02-29",
        "2024-02-29T25:00",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-12:00",
        "1e9",
    ],
    ids=["empty", "blank", "word", "no-leap-year", "hour-25", "before-year-1", "after-year-9999", "number"],
)
def test_what_is_no_moment_is_refused_with_its_text_and_a_mend(text):
    with pytest.raises(NotValidError, match="is no moment") as caught:
        read_moment(text)
    assert "2024-02-29" in caught.value.mend


def test_a_long_text_is_not_repeated_whole():
    with pytest.raises(NotValidError) as caught:
        read_moment("x" * 10_000)
    assert len(str(caught.value)) < 200
