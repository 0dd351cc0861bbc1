"""The network drawing: everything in its frame, no label on another, the same picture every time."""

import math
from math import hypot

import pytest
from drawn import all_of, frame, numbers, overlaps, parse, room
from hypothesis import given, settings
from hypothesis import strategies as st
from package_sample import picture

from chokepoint.model.errors import NotValidError
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.drawing.labels import Wanted, place_labels
from chokepoint.package.drawing.network import (
    TALL,
    WIDE,
    edge_sentence,
    fit,
    hull,
    legend,
    network_rows,
    network_svg,
)
from chokepoint.package.drawing.svg import Box, Size
from chokepoint.package.drawing.symbols import FAMILIES, family, symbol
from chokepoint.package.findings import Edge, Node

SIZES = [WIDE, TALL]


def ring(count, *, label="node {}", **more):
    """Nodes on a circle, joined in a row."""
    nodes = [
        Node(f"n{k}", label.format(k), "domain-name", math.cos(k), math.sin(k), **more) for k in range(count)
    ]
    return nodes, [Edge(f"n{k}", f"n{k + 1}", "uses", 0.5) for k in range(count - 1)]


def star(count):
    """One hub in the middle of leaves that all want their label at the same height."""
    nodes = [Node("hub", "the hub of all", "service", 0.0, 0.0)]
    nodes += [Node(f"n{k}", f"leaf number {k}.example", "url", k - count / 2, 0.1) for k in range(count)]
    return nodes, [Edge("hub", f"n{k}", "uses", 0.9) for k in range(count)]


NETWORKS = {
    "sample": (picture().nodes, picture().edges),
    "one node": ring(1),
    "two nodes": ring(2),
    "ring": ring(24),
    "crowd": ring(300),
    "star": star(40),
    "long labels": ring(20, label="a very long label that fits nowhere at all, number {}"),
    "thai labels": ring(20, label="ชื่อโดเมน {}"),
    "wide labels": ring(20, label="東京都港区 {}"),
    "empty labels": ring(6, label=""),
    "all targets": ring(12, flags=("target",)),
    "one cluster": ring(12, cluster="all"),
}


@pytest.mark.parametrize("size", SIZES, ids=["wide", "tall"])
@pytest.mark.parametrize("name", NETWORKS)
def test_no_label_covers_another_or_leaves_the_frame(name, size):
    svg = network_svg(*NETWORKS[name], size)
    boxes = [room(label) for label in all_of(svg, "text")]
    assert overlaps(boxes) == []
    assert all(box.inside(size) for box in boxes)


@pytest.mark.parametrize("size", SIZES, ids=["wide", "tall"])
@pytest.mark.parametrize("name", NETWORKS)
def test_every_coordinate_is_a_number_within_reach(name, size):
    found = numbers(network_svg(*NETWORKS[name], size))
    assert all(math.isfinite(one) for one in found)
    assert max(map(abs, found)) <= max(size) + 40


@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_network_is_the_same_drawing(name):
    nodes, edges = NETWORKS[name]
    assert network_svg(nodes, edges) == network_svg(list(nodes), list(edges))


@pytest.mark.parametrize("name", NETWORKS)
def test_no_label_stands_on_a_symbol(name):
    nodes, edges = NETWORKS[name]
    svg = network_svg(nodes, edges)
    boxes = [room(label) for label in all_of(svg, "text")]
    points = fit([(node.id, node.x, node.y) for node in nodes], WIDE)
    for x, y in points.values():
        assert not any(box.left < x < box.right and box.top < y < box.bottom for box in boxes)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_node_has_one_symbol_and_every_edge_one_line(name):
    nodes, edges = NETWORKS[name]
    svg = network_svg(nodes, edges)
    assert len(all_of(svg, "g", "node")) == len(nodes)
    assert len([one for one in all_of(svg, "line") if "edge" in (one.get("class") or "")]) == len(edges)


def test_a_single_node_stands_in_the_middle_with_its_label():
    svg = network_svg([Node("a", "alone", "malware", 7.0, -3.0)], [])
    assert [label.text for label in all_of(svg, "text")] == ["alone"]
    assert fit([("a", 7.0, -3.0)], WIDE) == {"a": (WIDE.width / 2, WIDE.height / 2)}
    assert "Network of 1 entities and 0 links" in parse(svg).get("aria-label")


def test_nothing_is_drawn_of_nothing():
    assert network_svg([], []) == ""
    assert network_svg([], [Edge("a", "b", "uses", 0.5)]) == ""
    assert network_rows([], []) == []


def test_an_edge_to_what_is_not_drawn_is_left_out_and_not_counted():
    svg = network_svg([Node("a", "a", "url", 0, 0)], [Edge("a", "gone", "uses", 0.5)])
    assert not all_of(svg, "line")
    assert "0 links" in parse(svg).get("aria-label")


def test_an_edge_of_a_node_with_itself_stays_finite():
    svg = network_svg(
        [Node("a", "a", "url", 0, 0), Node("b", "b", "url", 1, 1)], [Edge("a", "a", "uses", 0.5)]
    )
    assert all(math.isfinite(one) for one in numbers(svg))


BAD = [math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("size", SIZES, ids=["wide", "tall"])
@pytest.mark.parametrize("bad", BAD, ids=["nan", "inf", "-inf"])
@pytest.mark.parametrize("axis", ["x", "y"])
def test_a_place_that_is_no_number_is_drawn_at_a_place_that_is_one(bad, axis, size):
    nodes = [*ring(5)[0], Node("odd", "odd", "url", 0.0, 0.0)._replace(**{axis: bad})]
    svg = network_svg(nodes, [], size)
    assert all(math.isfinite(one) for one in numbers(svg))
    assert len(all_of(svg, "g", "node")) == 6


def test_where_no_place_is_a_number_nodes_stand_on_a_circle():
    spots = fit([(str(k), math.nan, math.inf) for k in range(8)], WIDE)
    assert len({(round(x), round(y)) for x, y in spots.values()}) == 8


@pytest.mark.parametrize("count", [2, 3, 7, 50])
def test_nodes_in_one_place_are_spread_on_a_circle(count):
    spots = fit([(str(k), 3.0, 3.0) for k in range(count)], WIDE)
    assert len({(round(x, 3), round(y, 3)) for x, y in spots.values()}) == count


@pytest.mark.parametrize("size", SIZES, ids=["wide", "tall"])
@pytest.mark.parametrize("spread", [(1.0, 0.0), (0.0, 1.0), (1e-9, 1e9), (1e-300, 1.0), (1e300, 1.0)])
def test_nodes_in_a_line_use_the_longer_side(spread, size):
    spots = fit([(str(k), k * spread[0] / 4, k * spread[1] / 4) for k in range(4)], size)
    xs, ys = zip(*spots.values(), strict=True)
    assert all(0 <= x <= size.width for x in xs)
    assert all(0 <= y <= size.height for y in ys)
    longer = xs if size.width > size.height else ys
    assert max(longer) - min(longer) > 0.6 * max(size)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=12))
def test_moving_and_scaling_a_network_changes_no_drawing(points):
    spots = [(str(k), round(x), round(y)) for k, (x, y) in enumerate(points)]
    moved = [(name, 4 * x + 512, 4 * y - 256) for name, x, y in spots]
    for (_, one), (_, other) in zip(fit(spots, WIDE).items(), fit(moved, WIDE).items(), strict=True):
        assert one == pytest.approx(other, abs=1e-6)


@settings(max_examples=40)
@given(st.permutations(range(10)))
def test_nodes_stand_where_they_stand_in_whatever_order_they_come(order):
    nodes, _ = ring(10)
    spots = fit([(nodes[k].id, nodes[k].x, nodes[k].y) for k in order], WIDE)
    assert spots == fit([(node.id, node.x, node.y) for node in nodes], WIDE)


def test_an_arrow_starts_and_ends_outside_the_symbols():
    svg = network_svg([Node("a", "", "url", 0, 0), Node("b", "", "url", 1, 0)], [Edge("a", "b", "uses", 1.0)])
    first, second = all_of(svg, "circle")
    (line,) = [one for one in all_of(svg, "line") if "edge" in one.get("class")]
    for circle, x in ((first, "x1"), (second, "x2")):
        assert abs(float(line.get(x)) - float(circle.get("cx"))) > float(circle.get("r"))


@pytest.mark.parametrize("belief", [0.0, 0.01, 0.5, 0.99, 1.0])
def test_the_width_of_a_line_is_its_belief(belief):
    svg = network_svg(ring(2)[0], [Edge("n0", "n1", "uses", belief)])
    (line,) = [one for one in all_of(svg, "line") if "edge" in one.get("class")]
    assert float(line.get("stroke-width")) == pytest.approx(0.8 + 2.2 * belief, abs=0.05)


@pytest.mark.parametrize("belief", [-0.1, 1.1, math.nan])
def test_a_belief_that_is_no_probability_is_refused(belief):
    with pytest.raises(NotValidError):
        network_svg(ring(2)[0], [Edge("n0", "n1", "uses", belief)])


def test_a_target_is_larger_ringed_drawn_last_and_labelled_first():
    nodes, edges = ring(30, label="label of a node {}")
    marked = [node._replace(flags=("target",)) if node.id == "n7" else node for node in nodes]
    svg = network_svg(marked, edges)
    (strong,) = all_of(svg, "text", "strong")
    assert strong.text == "label of a node 7"
    assert float(strong.get("font-size")) == 13
    last = all_of(svg, "g", "node")[-1]
    assert last.find("{http://www.w3.org/2000/svg}title").text == "Domain: label of a node 7 (target)"
    assert all_of(svg, "text")[0] is not None
    assert all_of(svg, "text")[0].text == "label of a node 7"


def test_a_hub_is_larger_than_a_leaf():
    svg = network_svg(*star(30))
    radii = [float(circle.get("r")) for circle in all_of(svg, "circle")]
    hub = float(all_of(svg, "rect")[0].get("width")) / 1.72
    assert hub > max(radii)


@pytest.mark.parametrize("flag", ["shared", "parked", "known-good"])
def test_what_belongs_to_many_is_drawn_hollow(flag):
    svg = network_svg([Node("a", "a", "ipv4-addr", 0, 0, (flag,))], [])
    (one,) = all_of(svg, "g", "node")
    assert "hollow" in one.get("class")
    assert "Shared, parked or known-good" in [
        meaning for _, meaning in legend([Node("a", "a", "url", 0, 0, (flag,))], [])
    ]


@pytest.mark.parametrize("flag", ["victim", "target", "seized"])
def test_what_belongs_to_one_is_drawn_full(flag):
    svg = network_svg([Node("a", "a", "ipv4-addr", 0, 0, (flag,))], [])
    assert "hollow" not in all_of(svg, "g", "node")[0].get("class")


@pytest.mark.parametrize("kind", vocabulary().kinds)
def test_every_kind_is_drawn_in_its_family(kind):
    svg = network_svg([Node("a", "a", kind, 0, 0)], [])
    (one,) = all_of(svg, "g", "node")
    assert one.get("class") == f"node f-{family(kind)}"
    assert one[0].text == f"{vocabulary().kind(kind).label}: a"


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("radius", [0.5, 6.5, 20.0])
def test_a_symbol_stays_near_its_centre(name, radius):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{symbol(name, (100.0, 50.0), radius)}</svg>'
    (shape,) = list(parse(svg))
    if shape.get("points"):
        points = [tuple(map(float, pair.split(","))) for pair in shape.get("points").split()]
        assert all(hypot(x - 100, y - 50) <= 1.3 * radius + 0.2 for x, y in points)
        assert len(points) == {"contact": 3, "money": 4, "actor": 6, "other": 5}[name]
    elif shape.get("r"):
        assert (shape.get("cx"), shape.get("cy"), float(shape.get("r"))) == ("100", "50", radius)
    else:
        side = float(shape.get("width"))
        assert float(shape.get("x")) + side / 2 == pytest.approx(100, abs=0.11)


def test_clusters_are_hulled_where_they_hold_more_than_one():
    nodes = [
        Node(f"n{k}", "", "url", k, k * k, (), "gang" if k < 4 else "alone" if k == 4 else "")
        for k in range(7)
    ]
    svg = network_svg(nodes, [])
    hulls = all_of(svg, "polygon", "hull")
    assert len(hulls) == 1
    titles = [one.text for one in all_of(svg, "title")]
    assert "Cluster: gang" in titles
    assert "Cluster: alone" not in titles


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        ([], 0),
        ([(1, 1)], 1),
        ([(1, 1), (1, 1)], 1),
        ([(0, 0), (1, 1)], 2),
        ([(0, 0), (1, 1), (2, 2)], 2),
        ([(0, 0), (2, 0), (1, 1), (1, 3)], 3),
        ([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1), (1, 0)], 4),
    ],
)
def test_a_hull_has_no_needless_corner(points, corners):
    assert len(hull([(float(x), float(y)) for x, y in points])) == corners


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=1, max_size=20))
def test_a_hull_does_not_depend_on_the_order_of_its_points(points):
    given_points = [(float(x), float(y)) for x, y in points]
    assert hull(given_points) == hull(given_points[::-1])
    assert hull(hull(given_points)) == hull(given_points)


@pytest.mark.parametrize(
    ("edge", "sentence"),
    [
        (Edge("a", "b", "uses", 0.93), "uses: very likely (93\xa0%), proposed"),
        (Edge("a", "b", "resolves-to", 1.0, "accepted"), "resolves to: almost certain (100\xa0%), accepted"),
        (Edge("a", "b", "unheard-of", 0.5), "unheard-of: roughly even chance (50\xa0%), proposed"),
        (Edge("a", "b", "uses", 0.001), "uses: almost no chance (<1\xa0%), proposed"),
        (
            Edge("a", "b", "uses", 0.5, "disputed", "parked"),
            "uses: roughly even chance (50\xa0%), disputed. Warning: parked",
        ),
    ],
)
def test_an_edge_in_words(edge, sentence):
    assert edge_sentence(edge) == sentence


def test_the_table_beside_says_what_the_drawing_says():
    nodes, edges = picture().nodes, picture().edges
    rows = network_rows(nodes, edges)
    titles = {one.text for one in all_of(network_svg(nodes, edges), "title")}
    linked = [row for row in rows if row[2]]
    assert len(linked) == len(edges)
    assert {row[1] for row in linked} <= titles
    assert ("lonely", "stands alone", "", "") in network_rows([Node("a", "lonely", "url", 0, 0)], [])
    assert network_rows([], [Edge("a", "b", "uses", 0.5)])[0][::2] == ("?", "?")


def test_the_legend_names_what_is_drawn_in_the_order_of_the_families():
    meanings = [meaning for _, meaning in legend(picture().nodes, picture().edges)]
    named = [meaning for meaning in meanings if meaning in [title for title, _ in FAMILIES.values()]]
    assert named == [title for title, _ in FAMILIES.values() if title in named]
    assert len(meanings) == len(set(meanings))


@pytest.mark.parametrize(
    ("change", "meaning"),
    [
        ({"assessment": True}, "Assessment, not observation"),
        ({"warning": "x"}, "Joins nothing: shared or out of time"),
        ({}, "Link; the thicker, the likelier"),
    ],
)
def test_the_legend_explains_each_style_of_line_where_it_occurs(change, meaning):
    edge = Edge("a", "b", "uses", 0.5)._replace(**change)
    assert meaning in [told for _, told in legend([], [edge])]
    assert meaning not in [told for _, told in legend([], [])]


def test_samples_of_the_legend_are_drawings_that_screen_readers_pass_over():
    for sample, _ in legend(picture().nodes, picture().edges):
        wrapped = sample.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        assert parse(wrapped).get("aria-hidden") == "true"


def test_the_wide_and_the_tall_drawing_do_not_share_an_id():
    """Both stand in one page: a shared id would give the arrows of one to the other."""
    heads = [all_of(network_svg(*ring(3), size), "marker")[0].get("id") for size in SIZES]
    assert len(set(heads)) == 2
    for size, head in zip(SIZES, heads, strict=True):
        lines = all_of(network_svg(*ring(3), size), "line")
        assert {one.get("marker-end") for one in lines} == {f"url(#{head})"}


def wanted(x, y, text="label", key="a"):
    return Wanted(key, text, x, y, 5.0, 12.0)


@pytest.mark.parametrize(
    ("x", "y", "anchor"),
    [(200, 150, "middle"), (3, 150, "start"), (397, 150, "end"), (200, 297, "middle"), (200, 3, "middle")],
)
def test_a_label_goes_where_there_is_room(x, y, anchor):
    (one,) = place_labels([wanted(x, y)], Size(400, 300))
    assert one.anchor == anchor
    assert one.box.inside(Size(400, 300))


def test_a_label_with_no_room_is_left_out_and_the_next_is_placed():
    placed = place_labels(
        [wanted(200, 150, "w" * 200, "long"), wanted(200, 150, "short", "b")], Size(400, 300)
    )
    assert [one.key for one in placed] == ["b"]


@pytest.mark.parametrize("side", ["left", "right", "above", "below"])
def test_boxes_that_only_touch_do_not_overlap(side):
    one = Box(10, 10, 20, 20)
    other = {
        "left": Box(0, 10, 10, 20),
        "right": Box(20, 10, 30, 20),
        "above": Box(10, 0, 20, 10),
        "below": Box(10, 20, 20, 30),
    }[side]
    assert not one.overlaps(other)
    assert not other.overlaps(one)
    assert one.overlaps(one)


def test_the_frame_is_the_one_asked_for():
    for size in (*SIZES, Size(100, 100)):
        assert frame(network_svg(*ring(5), size)) == tuple(size)


def test_a_report_of_a_crowd_names_at_least_its_targets():
    nodes, edges = ring(300, label="label number {}")
    marked = [node._replace(flags=("target",)) if k % 100 == 0 else node for k, node in enumerate(nodes)]
    assert len(all_of(network_svg(marked, edges), "text", "strong")) == 3
