"""Drawings are well-formed, stay in their frame, and never let a label cover another."""

import csv
import json
from dataclasses import replace
from datetime import date
from importlib import resources
from itertools import combinations
from math import hypot

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from package_sample import finding, picture

from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.drawing.countries import ALPHA_TO_NUMERIC, NUMERIC_TO_ALPHA
from chokepoint.package.drawing.curve import curve_svg, ticks
from chokepoint.package.drawing.labels import Wanted, place_labels
from chokepoint.package.drawing.network import TALL, WIDE, fit, hull, legend, network_rows, network_svg
from chokepoint.package.drawing.svg import Box, Size, clip, shorten, text_width
from chokepoint.package.drawing.symbols import FAMILIES, family, symbol
from chokepoint.package.drawing.timeline import NARROW, timeline_svg
from chokepoint.package.drawing.world import SIZE, map_svg, project, shade, within_map, world
from chokepoint.package.findings import CountryCount, Curve, Edge, Event, Node
from chokepoint.values.unseen import visible

SVG = "{http://www.w3.org/2000/svg}"
COORDINATE = st.floats(-1e3, 1e3)
NODES = st.lists(
    st.builds(
        Node,
        id=st.text("abcdef", min_size=1, max_size=3),
        label=st.text(max_size=30),
        kind=st.sampled_from([*vocabulary().kinds, "unheard-of"]),
        x=COORDINATE,
        y=COORDINATE,
        flags=st.lists(st.sampled_from(["target", "shared", "victim"]), max_size=2).map(tuple),
        cluster=st.sampled_from(["", "one", "two"]),
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda node: node.id,
)


def parse(svg):
    return fromstring(svg.encode("utf-8", "surrogatepass"))


@given(st.lists(st.tuples(st.text(max_size=25), st.floats(0, 400), st.floats(0, 300)), max_size=30))
def test_labels_never_overlap_and_never_leave_the_drawing(points):
    size = Size(400, 300)
    wanted = [Wanted(str(k), text, x, y, 6, 12) for k, (text, x, y) in enumerate(points)]
    placed = place_labels(wanted, size)
    for one, other in combinations(placed, 2):
        assert not one.box.overlaps(other.box)
    assert all(one.box.inside(size) for one in placed)


def test_the_first_label_wins_a_crowded_spot():
    wanted = [Wanted(name, "a rather long label for so small a place", 170, 20, 6, 12) for name in "ab"]
    assert [one.key for one in place_labels(wanted, Size(340, 44))][:1] == ["a"]


def test_labels_keep_off_what_is_taken():
    taken = [Box(0, 0, 400, 300)]
    assert place_labels([Wanted("a", "label", 200, 150, 5, 12)], Size(400, 300), taken) == []


@settings(max_examples=50)
@given(NODES, st.data())
def test_any_network_is_well_formed_and_within_its_frame(nodes, data):
    names = st.sampled_from([node.id for node in nodes] + ["elsewhere"])
    edges = data.draw(
        st.lists(
            st.builds(
                Edge,
                start=names,
                end=names,
                property=st.sampled_from(["uses", "odd"]),
                belief=st.floats(0, 1),
                warning=st.text(max_size=5),
            ),
            max_size=20,
        )
    )
    for size in (WIDE, TALL):
        root = parse(network_svg(nodes, edges, size))
        for label in root.iter(f"{SVG}text"):
            assert 0 <= float(label.get("x")) <= size.width
            assert 0 <= float(label.get("y")) <= size.height
    assert len(network_rows(nodes, edges)) >= len(edges)


@given(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=20))
def test_every_node_is_placed_inside_the_frame(points):
    spots = [(str(k), x, y) for k, (x, y) in enumerate(points)]
    for size in (WIDE, TALL, Size(100, 100)):
        placed = fit(spots, size)
        assert set(placed) == {name for name, _, _ in spots}
        assert all(0 <= x <= size.width and 0 <= y <= size.height for x, y in placed.values())


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=15))
def test_a_hull_holds_every_point_and_has_only_points_as_corners(points):
    corners = hull([(float(x), float(y)) for x, y in points])
    assert set(corners) <= {(float(x), float(y)) for x, y in points}
    if len(corners) > 2:
        sides = list(zip(corners, corners[1:] + corners[:1], strict=True))
        for x, y in points:
            assert all((bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0 for (ax, ay), (bx, by) in sides)


def test_a_drawing_says_by_shape_and_colour_what_a_node_is():
    root = parse(network_svg(picture().nodes, picture().edges))
    classes = {group.get("class") for group in root.iter(f"{SVG}g")}
    assert {"node f-web", "node f-money", "node f-contact", "node f-host hollow"} <= classes
    shapes = {name: symbol(name, (0, 0), 5) for name in FAMILIES}
    assert len(set(shapes.values())) == len(FAMILIES)


def test_every_kind_has_a_family():
    assert {family(kind) for kind in vocabulary().kinds} <= set(FAMILIES)
    assert family("unheard-of") == "other"


def test_edges_say_by_style_what_they_mean():
    root = parse(network_svg(picture().nodes, picture().edges))
    lines = [line.get("class") for line in root.iter(f"{SVG}line")]
    assert "edge" in lines
    assert "edge guess warned" in lines
    assert "edge warned" in lines
    assert sum(path.get("class") == "cross" for path in root.iter(f"{SVG}path")) == 2


def test_likelier_links_are_drawn_thicker():
    nodes = [Node("a", "a", "url", 0, 0), Node("b", "b", "url", 1, 1)]

    def width(belief):
        root = parse(network_svg(nodes, [Edge("a", "b", "uses", belief)]))
        return float(next(root.iter(f"{SVG}line")).get("stroke-width"))

    assert width(0.1) < width(0.5) < width(0.99)


def test_targets_are_ringed_and_labelled_first():
    root = parse(network_svg(picture().nodes, picture().edges))
    assert sum(circle.get("class") == "ring" for circle in root.iter(f"{SVG}circle")) == 2
    strong = [label for label in root.iter(f"{SVG}text") if label.get("class") == "strong"]
    assert len(strong) == 2


def test_the_legend_explains_what_occurs_and_nothing_else():
    meanings = [meaning for _, meaning in legend(picture().nodes, picture().edges)]
    assert "Joins nothing: shared or out of time" in meanings
    assert "Actor" not in meanings
    assert legend([], []) == []


def test_every_symbol_and_line_has_a_tooltip():
    root = parse(network_svg(picture().nodes, picture().edges))
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert any("parking address: joins nothing" in title for title in titles)
    assert len(titles) >= len(picture().nodes) + len(picture().edges)


def test_hostile_labels_stay_text():
    evil = "</text><script>alert(1)</script>\u202e\x00&"
    node = Node("a", evil, "url", 0, 0, (), evil)
    svg = network_svg([node, node._replace(id="b", x=1.0)], [Edge("a", "b", evil, 0.5, warning=evil)])
    root = parse(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert "\u202e" not in svg
    timeline = timeline_svg([Event("2020-01-01", "", evil, evil, evil)])
    assert not list(parse(timeline).iter(f"{SVG}script"))


def test_an_empty_picture_draws_nothing():
    assert network_svg([], []) == timeline_svg([]) == map_svg([]) == ""


DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1)).map(date.isoformat)


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            Event,
            start=DAYS,
            end=DAYS | st.just(""),
            label=st.text("abc déฟ", max_size=40),
            lane=st.sampled_from("ab"),
        ),
        min_size=1,
        max_size=15,
    )
)
def test_any_timeline_is_well_formed_and_in_order(events):
    for width in (1040.0, NARROW):
        root = parse(timeline_svg(events, width, "2024-05-01"))
        bars = list(root.iter(f"{SVG}rect"))
        assert len(bars) == len(events)
        for bar in bars:
            assert float(bar.get("x")) >= 0
            assert float(bar.get("x")) + float(bar.get("width")) <= width + 0.1
            assert float(bar.get("width")) > 0


def test_later_events_stand_further_right():
    events = [Event(f"{year}-01-01", "", str(year)) for year in (2010, 2015, 2020)]
    root = parse(timeline_svg(events))
    spots = [float(rect.get("x")) for rect in root.iter(f"{SVG}rect")]
    assert spots == sorted(spots)


def test_labels_of_a_timeline_do_not_overlap_in_a_row():
    events = [Event(f"2020-01-{day:02d}", "", "an event with a long name") for day in range(1, 20)]
    root = parse(timeline_svg(events))
    taken = {}
    for group in root.iter(f"{SVG}g"):
        bar, label = group.find(f"{SVG}rect"), group.find(f"{SVG}text")
        start, width = float(label.get("x")), text_width(label.text, 11.5)
        left, right = (
            (start, start + width) if label.get("text-anchor") == "start" else (start - width, start)
        )
        bar_left = float(bar.get("x"))
        span = (min(left, bar_left), max(right, bar_left + float(bar.get("width"))))
        taken.setdefault(bar.get("y"), []).append(span)
    assert len(taken) > 1
    for spans in taken.values():
        for (_, end), (begin, _) in zip(sorted(spans), sorted(spans)[1:], strict=False):
            assert end < begin


def test_unreadable_dates_are_left_to_the_table():
    assert timeline_svg([Event("some day", "", "x"), Event("", "", "y")]) == ""


def test_a_short_span_is_marked_in_months():
    root = parse(timeline_svg([Event("2023-01-08", "2023-05-18", "x")]))
    assert any("2023" in (label.text or "") and label.text != "2023" for label in root.iter(f"{SVG}text"))


def test_the_projection_keeps_its_published_values():
    assert project(0, 0) == (0, 0)
    x, _ = project(180, 0)
    assert x == pytest.approx(0.8707 * 3.141592653589793, abs=1e-9)
    _, y = project(0, 90)
    assert y == pytest.approx(1.4224, abs=2e-3)
    assert project(-30, -40) == pytest.approx(tuple(-v for v in project(30, 40)))


def test_the_world_has_all_its_countries_and_each_lies_in_the_map():
    shapes = world()
    assert len(shapes) == 176
    assert sum(not shape.country for shape in shapes) == 3
    for shape in shapes:
        assert -1 <= shape.x <= SIZE.width + 1
        assert -1 <= shape.y <= SIZE.height + 1


@pytest.mark.parametrize(("country", "neighbour"), [("TH", "KH"), ("DE", "FR"), ("US", "CA"), ("NG", "BJ")])
def test_neighbours_are_neighbours_on_the_map(country, neighbour):
    spots = {shape.country: (shape.x, shape.y) for shape in world()}
    (x1, y1), (x2, y2) = spots[country], spots[neighbour]
    assert hypot(x1 - x2, y1 - y2) < 90


def test_the_date_line_draws_no_band_across_the_map():
    russia = next(shape for shape in world() if shape.country == "RU")
    assert 500 < russia.x < 900
    for ring in ([(179.0, 60.0), (-179.0, 60.0), (-179.0, 65.0), (179.0, 65.0), (179.0, 60.0)],):
        parts = within_map(ring)
        assert len(parts) == 2
        assert all(max(x for x, _ in part) - min(x for x, _ in part) <= 1.0001 for part in parts)


def test_a_ring_away_from_the_date_line_is_left_whole():
    ring = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 0.0)]
    assert within_map(ring) == [ring]


def test_counts_stand_on_the_map_and_in_its_title():
    svg = map_svg([CountryCount("th", 7), CountryCount("US", 1)])
    root = parse(svg)
    assert sorted(label.text for label in root.iter(f"{SVG}text")) == ["1", "7"]
    assert "Thailand: 7 entities" in svg
    assert "2 countries" in root.get("aria-label")


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_larger_count_is_never_drawn_paler(a, b, c):
    low, mid, most = sorted((a, b, c))
    assert 1 <= shade(low, most) <= shade(mid, most) <= shade(most, most) == 5
    assert shade(0, most) == 0


def test_the_country_table_is_one_to_one_and_covers_the_map():
    assert len(ALPHA_TO_NUMERIC) == len(NUMERIC_TO_ALPHA)
    topology = json.loads(
        resources.files("chokepoint.package").joinpath("data/countries-110m.json").read_text()
    )
    numbers = {one["id"] for one in topology["objects"]["countries"]["geometries"] if "id" in one}
    assert numbers == set(NUMERIC_TO_ALPHA)


def test_country_codes_agree_with_the_names_that_the_atlas_knows():
    table = resources.files("chokepoint.values").joinpath("countries.csv").read_text("utf-8")
    names = {row[0].upper(): row[2] for row in csv.reader(table.splitlines())}
    same = sum(names.get(shape.country) == shape.name for shape in world())
    assert same > 150
    assert {shape.country for shape in world() if shape.country} <= set(names)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 10))
def test_ticks_are_round_few_and_inside(low, span, most):
    found = ticks(low, low + span, most)
    assert len(found) <= most + 1
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in found)


def test_a_curve_shows_both_lines_and_its_band():
    curve = finding().curve
    root = parse(curve_svg(curve))
    lines = {line.get("class"): line.get("points").split() for line in root.iter(f"{SVG}polyline")}
    assert len(lines["before"]) == len(lines["after"]) == len(curve.days)
    assert [one.get("class") for one in root.iter(f"{SVG}polygon")] == ["band"]
    no_band = parse(curve_svg(replace(curve, low=(), high=())))
    assert not list(no_band.iter(f"{SVG}polygon"))


@pytest.mark.parametrize("width", [1040.0, 380.0])
def test_what_the_axes_of_a_curve_say_stays_in_the_drawing(width):
    curve = replace(finding().curve, unit="flow to cash-outs in sightings")
    words = [one for one in parse(curve_svg(curve, Size(width, 260.0))).iter(f"{SVG}text") if one.text]
    told = " ".join(one.text for one in words).lower()
    assert "days after the strike" in told
    assert "height: flow to cash-outs in sightings" in told
    for one in words:
        share = {None: 1.0, "middle": 0.5, "end": 0.0}[one.get("text-anchor")]
        assert float(one.get("x")) + share * text_width(one.text, 12) <= width
        assert 8 <= float(one.get("y")) <= 260


def test_a_curve_of_one_day_is_no_curve():
    assert curve_svg(Curve(days=(0.0,), before=(1.0,), after=(0.5,))) == ""


def test_a_curve_of_nothing_stays_finite():
    assert "nan" not in curve_svg(Curve(days=(0.0, 1.0), before=(0.0, 0.0), after=(0.0, 0.0)))


@given(st.text(max_size=80), st.integers(3, 40))
def test_shortening_keeps_both_ends(value, most):
    short, shown = shorten(value, most), visible(value)
    assert len(short) <= most
    if len(shown) > most:
        assert short[0] == shown[0]
        assert short[-1] == shown[-1]
    else:
        assert short == shown


@given(st.text(max_size=80), st.floats(20, 400))
def test_clipping_fits_the_room(value, room):
    assert text_width(clip(value, room)) <= room or len(clip(value, room)) <= 1
