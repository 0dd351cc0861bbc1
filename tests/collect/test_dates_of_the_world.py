"""Days as each language's own conventions write them, with the Unicode locale data (through Babel) as the oracle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.dates import order_of, read_day, thai_day

MONTHS = [date(2021, month, 17) for month in range(1, 13)]
LANGUAGES = ("en_GB", "en_US", "de", "de_AT", "fr", "fr_CA", "es", "es_MX", "tr", "th", "ja", "zh")
DAYS = st.dates(date(1970, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize("form", ["full", "long", "medium"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_is_read_as_the_language_writes_it(language, form):
    written = {day: format_date(day, form, language) for day in MONTHS}
    assert {day: read_day(text) for day, text in written.items()} == {day: day for day in MONTHS}, written


@pytest.mark.parametrize("form", ["full", "long", "medium"])
def test_every_month_is_read_as_korean_writes_it(form):
    assert [read_day(format_date(day, form, "ko")) for day in MONTHS] == MONTHS


@pytest.mark.parametrize("shout", [str.upper, str.title, str.lower], ids=["upper", "title", "lower"])
@pytest.mark.parametrize("language", ["en_GB", "en_US", "de", "fr", "es"])
def test_capitals_do_not_change_a_day(language, shout):
    assert [read_day(shout(format_date(day, "long", language))) for day in MONTHS] == MONTHS


@given(DAYS, st.sampled_from(["en_GB", "en_US", "de", "fr", "es", "tr", "ja", "zh"]))
def test_any_day_of_any_year_is_read_back_from_its_long_form(day, language):
    assert read_day(format_date(day, "long", language)) == day


@given(DAYS)
def test_a_buddhist_year_in_words_is_the_day_it_means_with_and_without_its_era(day):
    word = format_date(day, "MMMM", "th")
    for era in ("", "พ.ศ. "):
        written = f"{day.day} {word} {era}{day.year + 543}"
        assert read_day(written) == day
        if 2500 <= day.year + 543 <= 2599:
            assert thai_day(f"กรุงเทพ {written} เวลา 10.00 น.") == day


@given(DAYS)
def test_the_common_era_named_in_thai_is_no_buddhist_year(day):
    assert read_day(f"{day.day} {format_date(day, 'MMMM', 'th')} ค.ศ. {day.year}") == day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        pytest.param("3.4.2020", date(2020, 4, 3), id="dots put the day first"),
        pytest.param("3/4/2020", None, id="slashes leave it open"),
        pytest.param("3-4-2020", None, id="so do hyphens"),
        pytest.param("4/4/2020", date(2020, 4, 4), id="unless both say the same"),
        pytest.param("13/4/2020", date(2020, 4, 13), id="or one cannot be a month"),
        pytest.param("4/13/2020", date(2020, 4, 13), id="the other cannot be a month"),
        pytest.param("2020/4/3", date(2020, 4, 3), id="a year in front settles it"),
        pytest.param("2020.4.3", date(2020, 4, 3), id="with dots too"),
        pytest.param("13/13/2020", None, id="neither is a month"),
        pytest.param("30.02.2020", None, id="no such day"),
        pytest.param("29.02.2020", date(2020, 2, 29), id="a leap day"),
        pytest.param("29.02.2021", None, id="a leap day of another year"),
        pytest.param("29.02.2100", None, id="a hundredth year is no leap year"),
        pytest.param("1.1.69", date(2069, 1, 1), id="two figures up to 69 are of this century"),
        pytest.param("1.1.70", date(1970, 1, 1), id="from 70 on of the last"),
        pytest.param("1.1.1969", None, id="before computers"),
        pytest.param("1.1.2101", None, id="beyond plans"),
        pytest.param("31.12.2100", date(2100, 12, 31), id="the last day taken"),
        pytest.param("1.1.2513", date(1970, 1, 1), id="the first Buddhist year taken"),
        pytest.param("1.1.2512", None, id="the one before"),
        pytest.param("0/1/2020", None, id="no day nought"),
        pytest.param("1.0.2020", None, id="no month nought"),
        pytest.param("29.12.2020 23:02", date(2020, 12, 29), id="with a time of day"),
        pytest.param("29.12.2020, 23:02:01 UTC", date(2020, 12, 29), id="with a time and a zone"),
        pytest.param("29.12.2020 10", None, id="with a number that is no time"),
        pytest.param("29.12.2020 and later", None, id="with words behind"),
        pytest.param("  29   December\t2020 ", date(2020, 12, 29), id="spaces of any kind"),
        pytest.param("29 de diciembre de 2020", date(2020, 12, 29), id="with two prepositions"),
        pytest.param("the 29th of may 2020", None, id="a preposition that we do not read"),
        pytest.param("1er avril 2020", date(2020, 4, 1), id="the first in French"),
        pytest.param("29º enero 2020", date(2020, 1, 29), id="an ordinal sign"),
        pytest.param("32 May 2020", None, id="no such day in words"),
        pytest.param("29 Maybe 2020", None, id="a word that starts like a month"),
        pytest.param("29 Dec 20201", None, id="a year of five figures"),
        pytest.param("29 Dec 220", None, id="a year of three"),
        pytest.param("Dec 29 2020", date(2020, 12, 29), id="month first"),
        pytest.param("Dec. 29, 2020", date(2020, 12, 29), id="a month with its dot"),
        pytest.param("Mon, Dec 29, 2020", date(2020, 12, 29), id="a weekday in front"),
        pytest.param("29 Dec 2020 " + "x" * 60, None, id="a whole sentence"),
    ],
)  # fmt: skip
def test_a_day_is_read_only_where_it_is_sure(written, day):
    assert read_day(written) == day


@given(DAYS, st.booleans())
def test_what_a_column_settles_is_read_as_the_column_has_it(day, day_first):
    first, second = (day.day, day.month) if day_first else (day.month, day.day)
    assert read_day(f"{first}/{second}/{day.year}", day_first=day_first) == day


@given(st.lists(DAYS, max_size=8), st.booleans(), st.sampled_from("/.-"))
def test_the_order_of_a_column_is_never_told_wrong(days, day_first, sign):
    cells = [
        sign.join(map(str, (day.day, day.month, day.year) if day_first else (day.month, day.day, day.year)))
        for day in days
    ]
    told = order_of(cells)
    assert told in {day_first, None}
    assert (told is None) == all(day.day <= 12 for day in days)


def test_the_order_of_a_column_is_not_told_by_what_is_no_day_or_starts_with_the_year():
    assert order_of(["25 boxes", "", "version 13.2", "2020/25/1"]) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-12-29T23:30:00-05:00", date(2020, 12, 30)),
        ("2020-12-29T23:30:00Z", date(2020, 12, 29)),
        ("2020-12-29 00:30:00+02:00", date(2020, 12, 28)),
        ("2020-12-29 10:11:12 UTC", date(2020, 12, 29)),
        ("2020-12-29 of the report", date(2020, 12, 29)),
        ("2020-12-29T25:00:00", date(2020, 12, 29)),
        ("2020-02-30 10:11", None),
        ("2020-12-29" + "T" * 40, None),
    ],
)
def test_an_iso_moment_is_the_day_it_was_in_utc(written, day):
    assert read_day(written) == day


@given(st.sampled_from(["0", "9", "9999", "12", "/", ".", "-", " ", "พ.ศ.", "年", "May", "T", "٣", "²"]).flatmap(
    lambda start: st.lists(st.sampled_from(["0", "1", "31", "2020", "99", "/", ".", "-", " ", "dec", "月", "日", "٣", "½"]), max_size=9).map(lambda rest: start + "".join(rest))
))  # fmt: skip
def test_whatever_looks_like_a_day_is_one_between_1970_and_2100_or_none(text):
    found = read_day(text)
    assert found is None or date(1970, 1, 1) <= found < date(2101, 1, 1) + timedelta(days=0)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        pytest.param("วันที่ 29 ธันวาคม 2563", date(2020, 12, 29), id="in a line"),
        pytest.param("วันที่ 29 ธันวาคม พ.ศ. 2563", date(2020, 12, 29), id="with its era"),
        pytest.param("5 คน 29 ธ.ค. 2563", date(2020, 12, 29), id="after another number"),
        pytest.param("31 กุมภาพันธ์ 2563", None, id="no such day"),
        pytest.param("29 สวัสดีครับ 2563 แล้ว 30 ธันวาคม 2563", date(2020, 12, 30), id="after a word that is no month"),
        pytest.param("29 ธันวาคม 2463", None, id="a hundred years ago"),
    ],
)  # fmt: skip
def test_the_first_thai_day_of_a_line_is_found_among_its_other_words(line, day):
    assert thai_day(line) == day
