"""Timeline, map and curve: in their frame, in order, finite, the same every time, and never in each other's way."""

import math
from collections import defaultdict
from datetime import date, timedelta

import pytest
from drawn import all_of, frame, numbers, overlaps, parse, room
from hypothesis import given
from hypothesis import strategies as st
from package_sample import finding, picture

from chokepoint.package.drawing.curve import NARROW as CURVE_NARROW
from chokepoint.package.drawing.curve import curve_svg, ticks
from chokepoint.package.drawing.svg import (
    Box,
    Size,
    attribute,
    clip,
    figure,
    number,
    shorten,
    text,
    text_width,
)
from chokepoint.package.drawing.timeline import NARROW, WIDE, timeline_svg
from chokepoint.package.drawing.world import SIZE, map_svg, project, shade, within_map, world
from chokepoint.package.findings import CountryCount, Curve, Event

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = [WIDE, NARROW]


def days(*starts, label="seen {}", lane=""):
    return [Event(start, "", label.format(start), lane) for start in starts]


TIMELINES = {
    "sample": picture().events,
    "one day": days("2020-02-29"),
    "one day twice": days("2020-02-29") * 2,
    "a crowd on one day": [Event("2020-01-01", "", f"event {k} with a longish name") for k in range(40)],
    "a century": days("1924-01-01", "2024-01-01"),
    "all of time": days("0001-01-01", "9999-12-31"),
    "the end of time": days("9999-12-20"),
    "the beginning of time": days("0001-01-01"),
    "a week": days(*(f"2024-03-{day:02d}" for day in range(1, 8))),
    "long labels": days("2020-01-01", "2020-06-01", label="a label that is much too long for its room " * 4),
    "wide letters": days("2020-01-01", label="東京都港区芝公園四丁目二番地八号 {}"),
    "no label": days("2020-01-01", label=""),
    "lanes": [
        Event(f"20{year}-01-01", f"20{year + 1}-01-01", "x", f"lane {year % 3}") for year in range(10, 20)
    ],
    "backwards": [Event("2020-05-01", "2020-01-01", "ends before it begins")],
    "half open": [
        Event("2020-01-01", "2020-01-02", "one day"),
        Event("2020-01-01", "2020-01-03", "two days"),
    ],
}


@pytest.mark.parametrize("width", WIDTHS, ids=["wide", "narrow"])
@pytest.mark.parametrize("name", TIMELINES)
def test_a_timeline_stays_in_its_frame_and_is_finite(name, width):
    svg = timeline_svg(TIMELINES[name], width, "2024-05-01")
    assert all(math.isfinite(one) for one in numbers(svg))
    assert frame(svg)[0] == width
    for bar in all_of(svg, "rect"):
        assert float(bar.get("x")) >= 0
        assert float(bar.get("x")) + float(bar.get("width")) <= width + 0.1
        assert 0 < float(bar.get("y")) < frame(svg)[1]


@pytest.mark.parametrize("width", WIDTHS, ids=["wide", "narrow"])
@pytest.mark.parametrize("name", TIMELINES)
def test_no_label_or_bar_of_a_timeline_covers_another(name, width):
    svg = timeline_svg(TIMELINES[name], width)
    boxes = []
    for group in parse(svg).iter(SVG + "g"):
        bar, label = group.find(SVG + "rect"), group.find(SVG + "text")
        left, top = float(bar.get("x")), float(bar.get("y"))
        boxes.append(Box(left, top, left + float(bar.get("width")), top + 9))
        boxes.append(room(label, 11.5))
    assert overlaps(boxes) == []


@pytest.mark.parametrize("width", WIDTHS, ids=["wide", "narrow"])
@pytest.mark.parametrize("name", TIMELINES)
def test_no_year_or_month_of_the_axis_covers_another(name, width):
    svg = timeline_svg(TIMELINES[name], width)
    boxes = [room(label, 11.0) for label in all_of(svg, "text", "axis")]
    assert overlaps(boxes) == []


@pytest.mark.parametrize("name", TIMELINES)
def test_the_same_events_are_the_same_timeline_in_any_order(name):
    events = list(TIMELINES[name])
    unlike = {(event.start, event.label) for event in events}
    if len(unlike) == len(events) and len({event.lane for event in events}) == 1:
        assert timeline_svg(events) == timeline_svg(events[::-1])
    assert timeline_svg(events) == timeline_svg(tuple(events))


def test_what_is_longer_has_the_longer_bar():
    svg = timeline_svg(
        [Event("2020-01-01", end, end) for end in ("2020-03-01", "2020-06-01", "2021-01-01")],
        as_of="2024-01-01",
    )
    widths = [float(bar.get("width")) for bar in all_of(svg, "rect")]
    assert sorted(widths) == widths or len(set(widths)) == 3


def test_one_day_and_its_half_open_spelling_are_the_same_bar():
    spans = [timeline_svg([Event("2020-01-01", end, "x")]) for end in ("", "2020-01-02")]
    bars = [all_of(svg, "rect")[0].attrib for svg in spans]
    assert bars[0] == bars[1]


@pytest.mark.parametrize("end", ["", "2019-01-01", "some day", "2020-01-01"])
def test_an_end_that_is_none_or_before_the_start_is_one_day(end):
    svg = timeline_svg([Event("2020-01-01", end, "x"), Event("2022-01-01", "", "y")])
    first = all_of(svg, "rect")[0]
    assert float(first.get("width")) == pytest.approx(9, abs=0.1)


@pytest.mark.parametrize("start", ["", "2020", "2020-13-01", "2020-02-30", "soon", "2020-01-01T00:00:00Z\n"])
def test_an_event_without_a_day_is_left_to_the_table(start):
    svg = timeline_svg([Event(start, "", "undated"), Event("2021-01-01", "", "dated")])
    assert "dated" in svg
    labels = [one.text for one in all_of(svg, "text") if one.get("class") is None]
    assert labels in (["dated"], ["undated", "dated"])
    assert len(all_of(svg, "rect")) == len(labels)


def test_the_date_of_the_answer_is_a_line_at_its_place():
    svg = timeline_svg(days("2020-01-01", "2022-01-01"), as_of="2021-01-01")
    (line,) = all_of(svg, "line", "asof")
    first, last = (float(bar.get("x")) for bar in all_of(svg, "rect"))
    assert float(line.get("x1")) == float(line.get("x2")) == pytest.approx((first + last) / 2, abs=1)


@pytest.mark.parametrize("as_of", ["", "never", "2021-02-31"])
def test_without_a_date_of_the_answer_there_is_no_line(as_of):
    assert not all_of(timeline_svg(days("2020-01-01"), as_of=as_of), "line", "asof")


def test_the_name_of_a_timeline_tells_how_much_and_from_when_to_when():
    svg = timeline_svg([Event("2020-01-01", "2020-07-01", "a"), Event("2019-05-05", "", "b")])
    assert parse(svg).get("aria-label") == "Timeline of 2 events from 2019-05-05 to 2020-06-30"


def test_lanes_stand_in_the_order_of_their_first_event():
    svg = timeline_svg([Event("2021-01-01", "", "x", "late"), Event("2019-01-01", "", "y", "early")])
    assert [one.text for one in all_of(svg, "text", "lane")] == ["early", "late"]


def test_every_bar_tells_its_period_when_pointed_at():
    svg = timeline_svg([Event("2020-01-01", "2020-07-01", "ransoms paid"), Event("2021-01-01", "", "arrest")])
    titles = [one.text for one in all_of(svg, "title")]
    assert titles == ["2020-01-01 to 2020-07-01: ransoms paid", "2021-01-01: arrest"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("money", "bar k-money"), ("", "bar"), ('x" onload="', "bar"), ("a b", "bar"), ("é", "bar k-é")],
)
def test_a_kind_becomes_a_class_only_where_it_is_a_word(kind, name):
    svg = timeline_svg([Event("2020-01-01", "", "x", "", kind)])
    assert all_of(svg, "rect")[0].get("class") == name


@given(st.dates(), st.integers(0, 4000))
def test_any_two_dates_make_a_finite_timeline_in_order(first, days_after):
    last = min(date.max - timedelta(1), first + timedelta(min(days_after, (date.max - first).days)))
    svg = timeline_svg([Event(first.isoformat(), "", "a"), Event(last.isoformat(), "", "b")])
    a, b = (float(bar.get("x")) for bar in all_of(svg, "rect"))
    assert math.isfinite(a + b)
    assert a <= b or first > last


def test_a_map_of_nothing_is_no_map():
    assert map_svg([]) == map_svg([CountryCount("TH", 0)]) == map_svg([CountryCount("TH", -3)]) == ""


def test_a_map_is_the_same_in_any_order_of_countries():
    counts = list(picture().countries)
    assert map_svg(counts) == map_svg(counts[::-1])


def test_figures_on_the_map_are_numbers_in_its_frame():
    svg = map_svg([CountryCount(shape.country, 10**9) for shape in world() if shape.country])
    for label in all_of(svg, "text"):
        assert label.text == "1,000,000,000"
        assert 0 <= float(label.get("x")) <= SIZE.width
        assert 0 <= float(label.get("y")) <= SIZE.height


@pytest.mark.parametrize("code", ["th", "TH", "Th"])
def test_a_country_is_found_however_its_code_is_written(code):
    assert "Thailand: 3 entities" in map_svg([CountryCount(code, 3)])


def test_a_count_without_a_country_colours_no_land_that_has_no_code():
    assert map_svg([CountryCount("", 3)]) == ""


@pytest.mark.parametrize("code", ["XX", "<b>", "THA", "\u202e"])
def test_a_country_that_the_map_lacks_is_left_to_the_table(code):
    svg = map_svg([CountryCount(code, 3)])
    assert not all_of(svg, "text")
    assert parse(svg) is not None


def test_one_entity_is_written_in_the_singular():
    svg = map_svg([CountryCount("TH", 1)])
    assert "Thailand: 1 entity<" in svg
    assert parse(svg).get("aria-label") == "World map: 1 country with entities of this finding"


def test_the_country_with_most_is_darkest_and_empty_ones_are_lightest():
    svg = map_svg([CountryCount("TH", 1000), CountryCount("US", 30), CountryCount("DE", 1)])
    shades = {one.find(SVG + "title").text.partition(":")[0]: one.get("class") for one in all_of(svg, "path")}
    assert (shades["Thailand"], shades["Germany"], shades["France"]) == ("c5", "c1", "c0")
    assert shades["United States of America"] == "c2"


@pytest.mark.parametrize(
    ("count", "most", "step"),
    [
        (0, 0, 0),
        (0, 5, 0),
        (-1, 5, 0),
        (1, 1, 5),
        (1, 2, 1),
        (2, 2, 5),
        (10, 100, 3),
        (99, 100, 4),
        (1, 10**9, 1),
    ],
)
def test_shades_grow_by_orders_of_magnitude(count, most, step):
    assert shade(count, most) == step


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_the_projection_is_symmetric_and_keeps_its_order(longitude, latitude):
    x, y = project(longitude, latitude)
    assert project(-longitude, latitude) == pytest.approx((-x, y))
    assert project(longitude, -latitude) == pytest.approx((x, -y))
    assert math.copysign(1, x) == math.copysign(1, longitude) or x == 0
    assert abs(x) <= math.pi
    assert abs(y) <= 1.43


@given(st.integers(-170, 170), st.integers(-80, 70), st.integers(1, 9))
def test_a_square_comes_back_whole_unless_it_crosses_the_date_line(left, low, side):
    ring = [(left, low), (left + side, low), (left + side, low + side), (left, low + side), (left, low)]
    assert within_map([(float(x), float(y)) for x, y in ring]) == [[(float(x), float(y)) for x, y in ring]]


@pytest.mark.parametrize("side", [1.0, 10.0, 40.0])
def test_a_square_on_the_date_line_is_cut_in_two_of_the_same_height(side):
    west, east = 180 - side, -180 + side
    parts = within_map([(west, 0.0), (east, 0.0), (east, 5.0), (west, 5.0), (west, 0.0)])
    assert len(parts) == 2
    for part in parts:
        assert max(y for _, y in part) - min(y for _, y in part) == 5
        assert max(x for x, _ in part) - min(x for x, _ in part) == pytest.approx(side)
        assert all(-180 <= x <= 180 for x, _ in part)


@pytest.mark.parametrize("size", [None, CURVE_NARROW], ids=["wide", "narrow"])
def test_a_curve_stays_in_its_frame(size):
    svg = curve_svg(finding().curve, size) if size else curve_svg(finding().curve)
    width, height = frame(svg)
    for line in [*all_of(svg, "polyline"), *all_of(svg, "polygon")]:
        for pair in line.get("points").split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height


def test_the_band_lies_around_the_line_after_the_strike():
    svg = curve_svg(finding().curve)
    after = [float(pair.split(",")[1]) for pair in all_of(svg, "polyline", "after")[0].get("points").split()]
    band = [float(pair.split(",")[1]) for pair in all_of(svg, "polygon", "band")[0].get("points").split()]
    high, low = band[: len(after)], band[len(after) :][::-1]
    assert all(top <= middle <= bottom for top, middle, bottom in zip(high, after, low, strict=True))


@pytest.mark.parametrize("count", [0, 1])
def test_a_curve_of_fewer_than_two_days_is_none(count):
    assert curve_svg(Curve(days=(0.0,) * count, before=(1.0,) * count, after=(1.0,) * count)) == ""


@pytest.mark.parametrize("value", [0.0, 1e-12, 1.0, 1e12])
def test_a_curve_of_any_height_is_finite_and_marked(value):
    svg = curve_svg(Curve(days=(0.0, 30.0), before=(value, value), after=(value, 0.0)))
    assert all(math.isfinite(one) for one in numbers(svg))
    assert len(all_of(svg, "text", "axis")) >= 4


def test_a_curve_tells_its_end_in_words():
    svg = curve_svg(Curve(days=(0.0, 30.0), before=(2.0, 2.0), after=(1.0, 1.5), unit="ransoms a week"))
    assert parse(svg).get("aria-label") == (
        "ransoms a week over 30 days: 2 without a strike, 1.5 with it at the end"
    )


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 1.08, 6, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 365, 9, [0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0, 350.0]),
        (0, 365, 5, [0.0, 100.0, 200.0, 300.0]),
        (0, 0, 4, [0.0]),
        (5, 5, 4, [5.0]),
        (-1, 1, 4, [-1.0, 0.0, 1.0]),
    ],
)
def test_marks_of_an_axis_are_round(low, high, most, expected):
    assert ticks(low, high, most) == expected


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (1.0, "1"), (1.04, "1"), (1.05, "1.1"), (-0.04, "-0"), (1234.56, "1234.6")],
)
def test_coordinates_have_one_decimal_at_most(value, written):
    assert number(value) == written or float(number(value)) == pytest.approx(float(written), abs=0.11)


@pytest.mark.parametrize(
    ("value", "most", "short"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abc…fg"),
        ("abcdefg", 5, "ab…fg"),
        ("abcdefg", 3, "a…g"),
        ("19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds", 12, "19CbDo…N4Kds"),
        ("", 5, ""),
    ],
)
def test_identifiers_are_cut_in_the_middle(value, most, short):
    assert shorten(value, most) == short


@pytest.mark.parametrize("char", ["a", "m", "W", "あ", "ก", "—", "…"])
def test_a_text_is_as_wide_as_its_letters_together(char):
    assert text_width(char * 7, 10) == pytest.approx(7 * text_width(char, 10))
    assert text_width(char, 20) == pytest.approx(2 * text_width(char, 10))


def test_marks_above_letters_take_no_room_and_wide_scripts_take_all():
    assert text_width("e\u0301") == text_width("e")
    assert text_width("東") > text_width("W") > text_width("i")
    assert text_width("") == 0


@given(st.text("abc WM", min_size=1, max_size=60), st.floats(30, 300))
def test_prose_is_cut_at_its_end_and_says_so(value, room_for):
    shown = clip(value, room_for)
    assert shown == value or (shown.endswith("…") and value.startswith(shown[:-1]))
    assert text_width(shown) <= room_for


@pytest.mark.parametrize(
    ("value", "tag", "attr"),
    [
        ("a<b", "a&lt;b", '"a&lt;b"'),
        ("a&b", "a&amp;b", '"a&amp;b"'),
        ('a"b', 'a"b', "'a\"b'"),
        ("a\u202eb", "a&lt;U+202E&gt;b", '"a&lt;U+202E&gt;b"'),
        ("a\x00b", "a&lt;U+0000&gt;b", '"a&lt;U+0000&gt;b"'),
    ],
)
def test_text_between_tags_and_in_attributes_is_escaped(value, tag, attr):
    assert text(value) == tag
    assert attribute(value) == attr


def test_a_figure_is_an_image_with_a_name_and_a_box_that_scales():
    root = parse(figure(Size(10.04, 20), name='a"b', title="<t>", body="<rect/>"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "<t>"
    assert root.get("viewBox") == "0 0 10 20"
    assert root.get("class") == 'a"b'
    assert "width" not in root.attrib


def test_bars_of_one_lane_share_rows_where_they_do_not_meet():
    svg = timeline_svg(days("2010-01-01", "2020-01-01", label="x"))
    rows = defaultdict(list)
    for bar in all_of(svg, "rect"):
        rows[bar.get("y")].append(bar)
    assert len(rows) == 1
