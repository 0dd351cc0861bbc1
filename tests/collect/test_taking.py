"""Values out of foreign records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Document, Rejected, Sentences
from chokepoint.collect.campaign_names import campaign_title
from chokepoint.collect.taking import (
    day,
    named,
    other_coin,
    raw_of,
    records,
    span,
    take,
    take_any,
    text_of,
    texts,
    until,
)
from chokepoint.model.claim import Interval
from chokepoint.model.identity import Entity

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def test_a_valid_text_becomes_an_entity_and_an_invalid_one_a_rejection_with_its_reason():
    assert take("ipv4-addr", "1.2.3.4", "line 3") == Entity("ipv4-addr", "1.2.3.4")
    refused = take("ipv4-addr", "1.2.3.400", "line 3")
    assert isinstance(refused, Rejected)
    assert refused.place == "line 3"
    assert "1.2.3.400" in refused.reason


def test_a_text_of_unknown_kind_is_recognised_or_refused():
    assert take_any("evil.com", "x") == Entity("domain-name", "evil.com")
    assert isinstance(take_any("no identifier", "x"), Rejected)


def test_a_name_of_punctuation_names_nothing():
    assert named("malware", "---") is None
    assert named("malware", "Ryuk") == named("malware", "RYUK")


@given(ANY)
def test_any_value_gives_texts_without_failing(value):
    assert all(isinstance(text, str) and text and text == text.strip() for text in texts(value))
    assert isinstance(text_of(value), str)
    assert all(isinstance(record, dict) for record in records(value))


@pytest.mark.parametrize(
    ("value", "text"), [(" a ", "a"), (5, "5"), (True, "True"), (False, ""), (None, ""), ([1], "")]
)
def test_only_scalars_have_a_text(value, text):
    assert text_of(value) == text


@given(DAYS)
def test_a_day_is_read_from_every_way_to_write_it(given_day):
    midnight = datetime(given_day.year, given_day.month, given_day.day, tzinfo=UTC)
    seconds = int(midnight.timestamp())
    ways = [
        given_day.isoformat(),
        f"{given_day.isoformat()}T00:00:00Z",
        f"{given_day.isoformat()} 23:59:59.5",
    ]
    if seconds >= 10**8:
        ways += [str(seconds), str(seconds * 1000 + 999)]
    assert {day(way) for way in ways} == {given_day}


@pytest.mark.parametrize("nothing", ["", "soon", "2019-13-40", "99999999999999999999", "²"])
def test_what_is_no_day_is_none(nothing):
    assert day(nothing) is None
    assert until(nothing) is None


@given(DAYS, DAYS)
def test_a_span_holds_both_its_days_and_is_never_empty(one, other):
    found = span(one.isoformat(), other.isoformat())
    assert found is not None
    assert found.start < found.end
    assert date.fromisoformat(found.end) == max(one, other) + timedelta(days=1)
    assert date.fromisoformat(found.start) == min(one, other)


def test_a_span_is_open_where_a_day_is_missing():
    assert span("2020-01-01", "") == Interval("2020-01-01", "")
    assert span("", "2020-01-01") == until("2020-01-01") == Interval("", "2020-01-02")
    assert span("", "") is None


def test_the_last_day_of_all_does_not_overflow():
    assert until("9999-12-31") == Interval("", "")


def test_the_raw_text_is_kept_only_where_the_normal_form_changed_it():
    entity = Entity("file", "md5:" + "a" * 32)
    assert raw_of(entity, "a" * 32) == ""
    assert raw_of(entity, "A" * 32) == "A" * 32


def test_a_coin_is_said_only_where_the_address_does_not_tell_it():
    say = Sentences(Document(path="x", data=b"").provenance, "x")
    wallet = Entity("crypto-address", "0x" + "1" * 40)
    assert list(other_coin(say, wallet, "ETH")) == []
    assert list(other_coin(say, wallet, "UNKNOWN")) == []
    assert [claim.object for claim in other_coin(say, wallet, "usdc")] == ["coin: USDC"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("cryptdesignbot_cta_20230518_iocs", "cryptdesignbot"),
        ("2024-02-14-Danabot.json", "Danabot"),
        ("Campaign 12 - Zeppelin Ransomware", "Zeppelin Ransomware"),
        ("Operation Ghost - White Paper", "Operation Ghost - White Paper"),
        ("  two \n lines ", "two lines"),
    ],
)
def test_a_campaign_has_one_name_whatever_the_file_calls_it(title, name):
    assert campaign_title(title) == name
