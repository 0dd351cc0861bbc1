"""Laws of the drawings: what may change in what is shown without changing, or changing only so, the picture."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from drawn import all_of, frame, overlaps, parse, room
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.model.identity import Entity
from chokepoint.package.drawing.chain import SLIM, WIDE, chain_svg
from chokepoint.package.drawing.curve import NARROW as SLENDER
from chokepoint.package.drawing.curve import WIDE as CURVE
from chokepoint.package.drawing.curve import curve_svg
from chokepoint.package.drawing.labels import Wanted, place_labels
from chokepoint.package.drawing.network import fit, network_svg
from chokepoint.package.drawing.svg import Box, Size, text_width
from chokepoint.package.drawing.timeline import NARROW, timeline_svg
from chokepoint.package.drawing.world import SIZE, map_svg, world
from chokepoint.package.findings import Chain, CountryCount, Curve, Edge, Event, Node, Stop, Way

DAY = st.dates(date(1990, 1, 1), date(2040, 1, 1))
EVENTS = st.lists(
    st.tuples(DAY, st.integers(0, 400), st.sampled_from(["", "money", "hosts"])), min_size=1, max_size=12
).map(
    lambda rows: [
        Event(str(first), str(first + timedelta(days)) if days else "", f"event {number}", lane)
        for number, (first, days, lane) in enumerate(rows)
    ]
)
FLOW = st.floats(0, 1e6).map(lambda flow: round(flow, 3))
COLUMN = st.sampled_from(["victim", "lure", "contact", "payment", "account", "enabler", "cash-out"])
CODES = sorted({shape.country for shape in world()} - {""})
COUNTS = st.dictionaries(st.sampled_from(CODES), st.integers(1, 10**6), min_size=1, max_size=8)


def bars(svg):
    """Left, right and top of each bar of a timeline by its tooltip."""
    found = {}
    for group in all_of(svg, "g"):
        title, bar = group[0].text, group[1]
        left, width = float(bar.get("x")), float(bar.get("width"))
        found[title] = (left, left + width, float(bar.get("y")))
    return found


def moved(event, days):
    def shift(iso):
        return str(date.fromisoformat(iso) + timedelta(days)) if iso else ""

    return event._replace(start=shift(event.start), end=shift(event.end))


@settings(max_examples=40)
@given(EVENTS, st.randoms(use_true_random=False), st.sampled_from([NARROW, 1040.0]))
def test_a_timeline_is_the_same_in_whatever_order_its_events_come(events, chance, width) -> None:
    mixed = chance.sample(events, len(events))
    assert timeline_svg(mixed, width) == timeline_svg(events, width)


@settings(max_examples=40)
@given(EVENTS, st.integers(-3000, 3000))
def test_the_same_events_at_another_time_stand_at_the_same_places(events, days) -> None:
    later = timeline_svg([moved(event, days) for event in events])
    assert list(bars(later).values()) == list(bars(timeline_svg(events)).values())


@settings(max_examples=40)
@given(EVENTS, st.data())
def test_an_event_amid_others_moves_none_of_them_left_or_right(events, data) -> None:
    first, last = min(event.start for event in events), max(event.start for event in events)
    day = data.draw(st.dates(date.fromisoformat(first), date.fromisoformat(last)))
    before, after = bars(timeline_svg(events)), bars(timeline_svg([*events, Event(str(day), "", "new")]))
    assert {name: after[name][:2] for name in before} == {name: bar[:2] for name, bar in before.items()}


@settings(max_examples=40)
@given(EVENTS, st.sampled_from([NARROW, 1040.0]))
def test_no_bar_label_or_name_of_a_lane_covers_another(events, width) -> None:
    svg = timeline_svg(events, width)
    labels = [room(one) for one in all_of(svg, "text") if one.get("class") in {None, "lane"}]
    drawn = [Box(left, top, right, top + 9) for left, right, top in bars(svg).values()]
    assert overlaps(labels) == []
    assert overlaps(drawn) == []
    assert not [(one, other) for one in labels for other in drawn if one.overlaps(other)]


@settings(max_examples=40)
@given(EVENTS)
def test_every_bar_stands_in_the_frame_and_lanes_do_not_mix(events) -> None:
    svg = timeline_svg(events)
    width, height = frame(svg)
    rows = {}
    for event in events:
        period = event.start + (f" to {event.end}" if event.end else "")
        left, right, top = bars(svg)[f"{period}: {event.label}"]
        assert 0 <= left < right <= width
        assert 0 <= top <= height - 26 - 9
        rows.setdefault(event.lane, set()).add(top)
    reach = sorted((min(tops), max(tops)) for tops in rows.values())
    assert all(upper[1] < lower[0] for upper, lower in pairwise(reach))


@given(DAY)
def test_one_event_stands_at_the_left_end_whenever_it_was(day) -> None:
    assert list(bars(timeline_svg([Event(str(day), "", "only")])).values()) == [(24.0, 33.0, 20.0)]


def stops(flows):
    return tuple(
        Stop((Entity("domain-name", f"d{number}.cc"),), column, before, after, name=f"d{number}")
        for number, (column, before, after) in enumerate(flows)
    )


FLOWS = st.lists(st.tuples(COLUMN, FLOW, FLOW), min_size=1, max_size=20)
every_size = pytest.mark.parametrize("size", [WIDE, SLIM], ids=["wide", "slim"])


def spans(svg, name):
    return [
        tuple(float(one.get(key)) for key in ("x", "y", "width", "height"))
        for one in all_of(svg, "rect", name)
    ]


@every_size
@settings(max_examples=40)
@given(flows=FLOWS)
def test_bars_of_any_flow_stay_in_the_frame(size, flows) -> None:
    svg = chain_svg(Chain(stops=stops(flows), ways=(), unit="BTC"), size)
    for left, top, width, height in spans(svg, "stop-before") + spans(svg, "stop-after"):
        assert left >= 0
        assert top >= 0
        assert left + width <= size.width
        assert top + height <= size.height


@every_size
@settings(max_examples=40)
@given(flows=FLOWS, power=st.integers(-4, 4))
def test_the_unit_of_flow_changes_no_bar(size, flows, power) -> None:
    flows = [row for row in flows if max(row[1:]) > 0] or [("victim", 1.0, 1.0)]
    scaled = [(column, before * 2.0**power, after * 2.0**power) for column, before, after in flows]
    one, other = (chain_svg(Chain(stops=stops(each), ways=(), unit="BTC"), size) for each in (flows, scaled))
    assert spans(one, "stop-before") == spans(other, "stop-before")
    assert spans(one, "stop-after") == spans(other, "stop-after")


@every_size
@settings(max_examples=40)
@given(flows=FLOWS)
def test_a_plan_read_backwards_changes_what_is_filled_for_what_is_not(size, flows) -> None:
    flows = [row for row in flows if max(row[1:]) > 0] or [("victim", 1.0, 0.0)]
    turned = [(column, after, before) for column, before, after in flows]
    one, other = (chain_svg(Chain(stops=stops(each), ways=(), unit="BTC"), size) for each in (flows, turned))
    assert spans(one, "stop-before") == spans(other, "stop-after")
    assert spans(one, "stop-after") == spans(other, "stop-before")


@given(FLOWS, st.data())
def test_a_way_said_twice_is_drawn_once_and_one_to_itself_not_at_all(flows, data) -> None:
    place = st.integers(0, len(flows) - 1)
    ways = tuple(data.draw(st.lists(st.builds(Way, place, place), max_size=6)))
    here = stops(flows)
    drawn = chain_svg(Chain(stops=here, ways=ways, unit="BTC"))
    assert chain_svg(Chain(stops=here, ways=ways[::-1] + ways, unit="BTC")) == drawn
    assert len(all_of(drawn, "path", "way")) <= len({way for way in ways if way.start != way.end})


HEIGHTS = st.lists(st.floats(0, 1e6), min_size=2, max_size=9)


def curve(values, after=None, start=0.0):
    days = tuple(start + day for day in range(len(values)))
    return Curve(days=days, before=tuple(values), after=tuple(after or values), unit="BTC")


def line(svg, name):
    points = all_of(svg, "polyline", name)[0].get("points").split()
    return [tuple(map(float, point.split(","))) for point in points]


@given(HEIGHTS)
def test_a_curve_goes_right_and_is_higher_where_there_is_more(values) -> None:
    points = line(curve_svg(curve(values)), "before")
    assert points == sorted(points, key=lambda point: point[0])
    for (_, y1), (_, y2), one, other in zip(points, points[1:], values, values[1:], strict=False):
        assert y1 >= y2 if other >= one else y1 <= y2


@given(HEIGHTS)
def test_a_plan_without_effect_draws_two_equal_lines(values) -> None:
    svg = curve_svg(curve(values))
    assert line(svg, "before") == line(svg, "after")


@given(HEIGHTS, st.integers(0, 5), st.integers(0, 2000))
def test_units_and_the_first_day_change_no_line_but_for_the_room_of_the_figures(values, power, start) -> None:
    values = [value + 1.0 for value in values]
    scaled = line(curve_svg(curve([value * 2.0**power for value in values], start=float(start))), "before")
    plain = line(curve_svg(curve(values)), "before")
    assert [y for _, y in scaled] == [y for _, y in plain]
    along = [
        [(x - points[0][0]) / (points[-1][0] - points[0][0]) for x, _ in points] for points in (scaled, plain)
    ]
    assert along[0] == pytest.approx(along[1], abs=1e-3)


@pytest.mark.parametrize("size", [CURVE, SLENDER], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "flow", [0.004, 7.0, 2_074_000.0, 9.4e12], ids=["little", "some", "millions", "most"]
)
def test_no_figure_beside_a_curve_reaches_over_the_edge(size, flow) -> None:
    drawn = curve_svg(
        curve([flow, flow]),
        size,
        tell=lambda said: f"{said.values['value']:,}" if "value" in said.values else said,
    )
    figures = [one for one in all_of(drawn, "text", "axis") if one.get("text-anchor") == "end"]
    assert len(figures) >= 3
    assert all(float(one.get("x")) >= text_width(one.text) for one in figures)


@settings(max_examples=20)
@given(COUNTS, st.randoms(use_true_random=False))
def test_a_map_is_the_same_in_whatever_order_and_case_countries_come(counts, chance) -> None:
    rows = [CountryCount(code, count) for code, count in counts.items()]
    mixed = [row._replace(country=row.country.lower()) for row in chance.sample(rows, len(rows))]
    none = [CountryCount("", 5), *(CountryCount(code, 0) for code in CODES if code not in counts)]
    assert map_svg([*mixed, *none]) == map_svg(rows)


@settings(max_examples=20)
@given(COUNTS, st.randoms(use_true_random=False))
def test_rows_of_one_country_add_up_however_it_is_written(counts, chance) -> None:
    halves = [(code, part) for code, count in counts.items() for part in (count // 3, count - count // 3)]
    rows = [CountryCount(chance.choice([code, code.lower()]), part) for code, part in halves]
    whole = [CountryCount(code, count) for code, count in counts.items()]
    assert map_svg(chance.sample(rows, len(rows))) == map_svg(whole)


@settings(max_examples=20)
@given(EVENTS, st.randoms(use_true_random=False))
def test_events_alike_in_day_and_label_come_in_one_order_too(events, chance) -> None:
    alike = [event._replace(label="the same", start="2024-01-05") for event in events]
    assert timeline_svg(chance.sample(alike, len(alike))) == timeline_svg(alike)


@settings(max_examples=20)
@given(COUNTS)
def test_a_map_writes_the_count_of_every_country_it_knows(counts) -> None:
    svg = map_svg([CountryCount(code, count) for code, count in counts.items()])
    written = sorted(int(one.text.replace(",", "")) for one in all_of(svg, "text"))
    assert written == sorted(counts.values())
    most = [path for path in all_of(svg, "path") if path.get("class") == "c5"]
    assert len(most) >= sum(count == max(counts.values()) for count in counts.values())


def test_the_figure_of_a_country_stands_within_the_reach_of_its_land() -> None:
    for shape in world():
        x = y = 0.0
        reach = []
        for start, steps in re.findall(r"M([^l]+)l([^z]*)z", shape.path):
            x, y = map(float, start.split())
            reach.append((x, y))
            walked = [float(step) for step in steps.split()]
            for dx, dy in zip(walked[::2], walked[1::2], strict=True):
                x, y = x + dx, y + dy
                reach.append((x, y))
        xs, ys = zip(*reach, strict=True)
        assert min(xs) - 0.1 <= shape.x <= max(xs) + 0.1, shape.name
        assert min(ys) - 0.1 <= shape.y <= max(ys) + 0.1, shape.name
        assert min(xs) >= 0, shape.name
        assert max(xs) <= SIZE.width, shape.name


WANTED = st.lists(
    st.builds(
        Wanted, st.just("k"), st.text("abW", min_size=1, max_size=9), st.floats(0, 300), st.floats(0, 200),
        st.floats(0, 16), st.sampled_from([11.5, 13.0]),
    ),
    max_size=15,
)  # fmt: skip


@given(WANTED, st.integers(0, 15))
def test_a_label_of_lesser_rank_moves_none_of_greater_rank(wanted, first) -> None:
    some = place_labels(wanted[:first], Size(300, 200))
    assert place_labels(wanted, Size(300, 200))[: len(some)] == some


@given(WANTED)
def test_a_label_does_not_cover_the_middle_of_what_it_names(wanted) -> None:
    for want in wanted:
        for placed in place_labels([want], Size(300, 200)):
            box = placed.box
            assert not (box.left < want.x < box.right and box.top < want.y < box.bottom)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=12, unique=True))
def test_fitting_keeps_who_stands_left_of_whom_or_turns_all_at_once(points) -> None:
    spots = [(str(number), float(x), float(y)) for number, (x, y) in enumerate(points)]
    placed = fit(spots, Size(1000, 600))
    upright = max(x for x, _ in points) - min(x for x, _ in points) >= max(y for _, y in points) - min(
        y for _, y in points
    )
    for (one, x1, y1), (other, x2, y2) in pairwise(spots):
        apart = placed[other][0] - placed[one][0]
        asked = x2 - x1 if upright else y1 - y2
        assert apart * asked > 0 or apart == asked == 0


@given(st.floats(0, 1), st.booleans())
def test_an_edge_turned_round_is_the_same_line_from_the_other_end(belief, tied) -> None:
    nodes = [Node("a", "a", "url", 0, 0), Node("b", "b", "person", 3, 1), Node("c", "c", "device", 1, 2)]
    one, other = (
        all_of(network_svg(nodes, [Edge(*ends, "uses", belief, assessment=tied)]), "line")[0]
        for ends in (("a", "b"), ("b", "a"))
    )
    assert one.get("stroke-width") == other.get("stroke-width")
    for axis in "xy":
        assert abs(float(one.get(f"{axis}1")) - float(other.get(f"{axis}2"))) <= 1.1
        assert abs(float(one.get(f"{axis}2")) - float(other.get(f"{axis}1"))) <= 1.1


def test_every_drawing_is_one_image_with_a_name() -> None:
    drawings = (
        network_svg([Node("a", "a", "url", 0, 0)], []),
        timeline_svg([Event("2024-01-01", "", "a")]),
        chain_svg(Chain(stops=stops([("victim", 1.0, 0.5)]), ways=(), unit="BTC")),
        curve_svg(curve([1.0, 2.0])),
        map_svg([CountryCount("NL", 1)]),
    )
    roots = [parse(svg) for svg in drawings]
    assert [root.get("class") for root in roots] == ["network", "timeline", "flow", "curve", "map"]
    assert all(root.get("role") == "img" and root.get("aria-label") for root in roots)
