"""Intervals of claims, and the entities they speak of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chokepoint.model.claim import Claim, Interval, Nature, Provenance, between, on_day, parse_day
from chokepoint.model.errors import BadInputError, ChokepointError, NotValidError, TooLargeError
from chokepoint.model.identity import Entity, entity_id
from chokepoint.model.marking import CLEAR
from chokepoint.model.source import Grading

EARLY, LATE = (datetime.fromisoformat(f"{year}-01-01") for year in ("0002", "9998"))
safe_days = st.dates(max_value=date(9999, 12, 30))
texts = st.text(max_size=30)


@given(safe_days)
def test_one_day_ends_where_the_next_begins(day):
    assert on_day(day).end == on_day(day + timedelta(days=1)).start


@given(safe_days)
def test_a_day_is_the_same_as_date_and_as_text(day):
    assert on_day(day) == on_day(day.isoformat()) == between(day, day)


@given(safe_days, safe_days)
def test_an_interval_holds_its_first_and_its_last_day(first, last):
    assume(first <= last)
    interval = between(first, last)
    assert interval.start == first.isoformat()
    assert date.fromisoformat(interval.end) - first == last - first + timedelta(days=1)


@given(safe_days, safe_days)
def test_an_interval_that_ends_before_it_starts_is_refused(first, last):
    assume(first > last)
    with pytest.raises(NotValidError, match="before it starts"):
        between(first, last)


@given(st.one_of(st.none(), safe_days), st.one_of(st.none(), safe_days))
def test_an_end_that_the_source_does_not_give_stays_open(first, last):
    assume(first is None or last is None)
    interval = between(first, last, "year")
    assert (interval.start == "") == (first is None)
    assert (interval.end == "") == (last is None)
    assert interval.precision == "year"


@given(st.datetimes(min_value=EARLY, max_value=LATE), st.integers(-14 * 60, 14 * 60))
def test_a_moment_with_a_zone_falls_on_its_day_in_utc(moment, minutes):
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_day(there.isoformat()) == there.astimezone(UTC).date()


def test_a_moment_without_a_zone_is_taken_as_utc():
    assert parse_day("2023-01-08T23:59:59") == date(2023, 1, 8)
    assert parse_day("2023-01-08T23:59:59Z") == date(2023, 1, 8)
    assert parse_day(" 2023-01-08 ") == date(2023, 1, 8)


@given(texts)
def test_any_text_is_a_day_or_is_refused_with_a_mend(text):
    try:
        assert isinstance(parse_day(text), date)
    except NotValidError as refused:
        assert refused.mend  # noqa: PT017 - both outcomes are right


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"])
def test_a_moment_that_falls_off_the_calendar_in_utc_is_refused(text):
    with pytest.raises(NotValidError):
        parse_day(text)


def test_the_last_day_of_the_calendar_leaves_the_end_open():
    assert on_day("9999-12-31") == Interval("9999-12-31", "")
    assert between(date(2023, 1, 8), date.max) == Interval("2023-01-08", "")


@given(texts, texts)
def test_an_entity_has_one_id_wherever_it_is_known(kind, value):
    assert Entity(kind, value).id == entity_id(kind, value)
    assert entity_id(kind, value).startswith(f"{kind}--")
    assert len(entity_id(kind, value)) == len(kind) + 2 + 32


@given(st.lists(st.builds(Entity, st.sampled_from(["a", "b", "ab"]), texts), unique=True))
def test_different_entities_have_different_ids(entities):
    assert len({entity.id for entity in entities}) == len(entities)


def test_an_entity_is_written_as_on_the_command_line():
    assert str(Entity("domain-name", "evil.com")) == "domain-name:evil.com"


def test_a_claim_is_a_fact_of_unjudged_grade_for_all_unless_it_says_otherwise():
    provenance = Provenance(capture="00", origin="o")
    claim = Claim(Entity("domain-name", "evil.com"), "alias", "x", "line 1", provenance)
    assert (claim.nature, claim.observed, claim.raw) == (Nature.FACT, None, "")
    assert provenance.grading == Grading("F", "6")
    assert provenance.marking == CLEAR


def test_nothing_of_a_claim_can_be_changed():
    claim = Claim(
        Entity("domain-name", "evil.com"), "alias", "x", "line 1", Provenance(capture="", origin="")
    )
    with pytest.raises(AttributeError):
        claim.property = "other"  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        claim.more = 1  # type: ignore[attr-defined]


def test_an_interval_knows_its_precision():
    assert Interval("2023-01-01", "2024-01-01", "year").precision == "year"
    assert Interval("2023-01-01", "2023-01-02").precision == "day"


def test_an_error_says_place_reason_and_mend_in_one_line():
    error = BadInputError("no comma", place="list.csv, line 3", mend="separate columns by commas")
    assert str(error) == "list.csv, line 3: no comma. Mend: separate columns by commas"
    assert str(ChokepointError("just so")) == "just so"


def test_whoever_expects_bad_input_also_expects_too_much_of_it():
    assert issubclass(TooLargeError, BadInputError)
    assert issubclass(BadInputError, ChokepointError)


@pytest.mark.parametrize(
    ("start", "end", "precision", "days"),
    [
        pytest.param("2024-02-28", "2024-03-01", "day", ("2024-02-28", "2024-02-29"), id="a leap day"),
        pytest.param("2023-12-31", "2024-01-01", "second", ("2023-12-31", "2023-12-31"), id="new year's eve"),
        pytest.param("2024-01-01", "2024-02-01", "month", ("2024-01", "2024-01"), id="a month"),
        pytest.param("2016-01-01", "2018-01-01", "year", ("2016", "2017"), id="two years"),
        pytest.param("", "2016-01-01", "year", ("", "2015"), id="no beginning"),
        pytest.param("2016-01-01", "", "month", ("2016-01", ""), id="no end"),
        pytest.param("", "", "day", ("", ""), id="neither"),
        pytest.param("", "0001-01-01", "day", ("", "0001-01-01"), id="never, as programs write it"),
        pytest.param(
            "0001-01-01", "0001-01-02", "day", ("0001-01-01", "0001-01-01"), id="the first day of all"
        ),
        pytest.param("2016-01-01", "some day", "day", ("2016-01-01", ""), id="an end that is no day"),
    ],
)
def test_the_days_of_an_interval_are_its_first_and_its_last(start, end, precision, days):
    assert Interval(start, end, precision).days == days


@given(st.dates(), st.dates())
def test_the_days_of_an_interval_are_those_between_which_it_was_made(one, other):
    first, last = sorted((one, other))
    told = between(first, last).days
    assert told == (first.isoformat(), last.isoformat() if last < last.max else "")
