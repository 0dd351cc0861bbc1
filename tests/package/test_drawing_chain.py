"""The drawing of a value chain before and after a plan."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as ET

import pytest

from chokepoint.model.identity import Entity
from chokepoint.package.drawing.chain import SLIM, WIDE, chain_svg, grouped
from chokepoint.package.findings import Chain, Stop, Way

SVG = "{http://www.w3.org/2000/svg}"


def stop(name: str, column: str, before: float = 1.0, after: float = 0.5, **about: object) -> Stop:
    return Stop((Entity("domain-name", name),), column, before, after, name=name, **about)  # type: ignore[arg-type]


def straight() -> Chain:
    stops = (
        stop("victims", "victim", 10, 4),
        stop("a.cc", "lure", 10, 4, struck=True),
        stop("wallet", "payment", 10, 4),
        stop("exchange", "cash-out", 10, 4),
        stop("host", "enabler", 0, 0),
    )
    return Chain(stops=stops, ways=(Way(0, 1), Way(1, 2), Way(2, 3), Way(4, 1, need=True)), unit="BTC")


def drawn(chain: Chain, size=WIDE):
    return ET.fromstring(chain_svg(chain, size))  # noqa: S314 - our own drawing


def rectangles(svg, name: str) -> list[tuple[float, float, float, float]]:
    found = [one for one in svg.iter(f"{SVG}rect") if one.get("class") == name]
    return [tuple(float(one.get(key)) for key in ("x", "y", "width", "height")) for one in found]


@pytest.mark.parametrize("size", [WIDE, SLIM], ids=["wide", "slim"])
def test_every_thing_has_a_bar_with_what_is_left_inside_it(size) -> None:
    svg = drawn(straight(), size)
    whole, left = rectangles(svg, "stop-before"), rectangles(svg, "stop-after")
    assert len(whole) == len(left) == 5
    assert [one[:2] for one in whole] == [one[:2] for one in left]
    shares = [one[2] * one[3] / (all_[2] * all_[3]) for one, all_ in zip(left, whole, strict=True)]
    assert sorted(shares) == pytest.approx([0.0, 0.4, 0.4, 0.4, 0.4], rel=0.02)


@pytest.mark.parametrize("size", [WIDE, SLIM], ids=["wide", "slim"])
def test_bars_and_labels_stay_on_the_drawing(size) -> None:
    stops = [stop(f"shop-{at}.cc", "lure", at, at / 2) for at in range(40)]
    stops += [
        stop(f"w{at}", column, 3, 1) for at in range(9) for column in ("payment", "account", "cash-out")
    ]
    svg = drawn(Chain(stops=tuple(stops), ways=(), unit="BTC"), size)
    for left, top, width, height in rectangles(svg, "stop-before"):
        assert 0 <= left <= left + width <= size.width
        assert 0 <= top <= top + height <= size.height
    for label in svg.iter(f"{SVG}text"):
        assert 0 <= float(label.get("x")) <= size.width
        assert 0 <= float(label.get("y")) <= size.height


def test_figures_of_a_slim_drawing_are_no_wider_than_their_bars() -> None:
    stops = [stop(f"w{at}", "payment", 341_873.469, 253_032.468) for at in range(3)]
    svg = drawn(Chain(stops=tuple(stops), ways=(), unit="USDT"), SLIM)
    rows: dict[str, list[tuple[float, str]]] = {}
    for one in svg.iter(f"{SVG}text"):
        if one.get("class") == "figure":
            rows.setdefault(one.get("y"), []).append((float(one.get("x")), one.text))
    assert [{text for _, text in row} for row in rows.values()] == [{"3.42e+05"}, {"→ 2.53e+05"}]
    for row in rows.values():
        for (left, text), (right, _) in itertools.pairwise(sorted(row)):
            assert left + 6.5 * len(text) <= right


def test_bars_of_a_phase_do_not_overlap() -> None:
    stops = [stop(f"shop-{at}.cc", "lure", at + 1, 1) for at in range(5)]
    whole = rectangles(drawn(Chain(stops=tuple(stops), ways=(), unit="BTC")), "stop-before")
    tops = sorted((top, top + height) for _, top, _, height in whole)
    assert all(first[1] < second[0] for first, second in itertools.pairwise(tops))


def test_a_bar_is_as_long_as_its_flow() -> None:
    stops = (stop("large", "lure", 30, 30), stop("small", "lure", 15, 15))
    first, second = rectangles(drawn(Chain(stops=stops, ways=(), unit="BTC")), "stop-before")
    assert first[3] == pytest.approx(2 * second[3], rel=0.02)


def test_what_only_flows_after_the_strike_is_drawn_too() -> None:
    stops = (stop("old", "account", 4, 0), stop("new", "account", 0, 4))
    svg = drawn(Chain(stops=stops, ways=(), unit="BTC"))
    [(_, _, _, old), (_, _, _, new)] = rectangles(svg, "stop-after")
    assert old == 0.0
    assert new > 100
    assert "0 → 4" in ET.tostring(svg, encoding="unicode")


def test_what_is_struck_is_marked_and_nothing_else() -> None:
    marked = [group for group in drawn(straight()).iter(f"{SVG}g") if "struck" in group.get("class", "")]
    assert [group.find(f"{SVG}title").text for group in marked] == ["a.cc: 10 → 4"]


def test_needs_are_dashed_and_ways_are_not() -> None:
    classes = [path.get("class") for path in drawn(straight()).iter(f"{SVG}path")]
    assert sorted(classes) == ["way", "way", "way", "way need"]


def test_phases_stand_in_the_order_of_the_crime_script() -> None:
    names = [one.text for one in drawn(straight()).iter(f"{SVG}text") if one.get("class") == "phase-name"]
    assert names == ["victim", "lure", "payment", "cash-out"]


def test_a_thing_that_carries_nothing_stands_with_the_victims() -> None:
    columns = dict(grouped(straight().stops, most=5))
    assert [one.name for one, _ in columns["victim"]] == ["victims", "host"]


@pytest.mark.parametrize(("count", "drawn_", "rest"), [(5, 5, 0), (6, 5, 2), (40, 5, 36)])
def test_beyond_a_number_the_others_stand_as_one_with_all_their_flow(
    count: int, drawn_: int, rest: int
) -> None:
    stops = [stop(f"s{at}", "lure", at + 1, at) for at in range(count)]
    [(_, shown)] = grouped(stops, most=5)
    assert len(shown) == drawn_
    assert sum(one.before for one, _ in shown) == sum(one.before for one in stops)
    assert sum(one.after for one, _ in shown) == sum(one.after for one in stops)
    assert sorted(at for _, behind in shown for at in behind) == list(range(count))
    if rest:
        assert shown[-1][0].name == f"{rest} more"
        assert min(one.before for one, _ in shown[:-1]) >= max(stops[at].before for at in shown[-1][1])


def test_the_others_count_as_struck_if_one_of_them_is() -> None:
    stops = [stop(f"s{at}", "lure", 10 - at, 1, struck=at == 9) for at in range(10)]
    [(_, shown)] = grouped(stops, most=3)
    assert [one.struck for one, _ in shown] == [False, False, True]


def test_ways_among_those_that_stand_as_one_are_not_drawn() -> None:
    stops = tuple(stop(f"s{at}", "lure", 10 - at, 1) for at in range(9))
    svg = drawn(Chain(stops=stops, ways=(Way(7, 8), Way(0, 8), Way(0, 7)), unit="BTC"))
    assert len(list(svg.iter(f"{SVG}path"))) == 1


@pytest.mark.parametrize(
    "name",
    ['<script>alert("x")</script>', "a&b", "\u202egnp.exe", "x" * 4000, "ไทย"],
    ids=["markup", "ampersand", "turned round", "long", "Thai"],
)
def test_names_are_harmless_and_keep_the_drawing_whole(name: str) -> None:
    svg = chain_svg(Chain(stops=(stop(name, "lure"),), ways=(), unit="<b>"))
    ET.fromstring(svg)  # noqa: S314 - our own drawing
    assert "<script" not in svg
    assert "\u202e" not in svg


def test_the_title_says_the_whole_flow() -> None:
    label = drawn(straight()).get("aria-label")
    assert label.startswith("Value chain of 5 things: 10 BTC flow without the plan, 4 with it")


def test_without_stops_there_is_no_drawing() -> None:
    assert chain_svg(Chain(stops=(), ways=(), unit="BTC")) == ""


def test_the_same_chain_gives_the_same_bytes() -> None:
    chain = straight()
    assert chain_svg(chain) == chain_svg(chain)
    assert not re.search(r"nan|inf", chain_svg(chain).replace("infl", ""))


def test_a_chain_without_flow_is_drawn_empty() -> None:
    stops = (stop("a.cc", "lure", 0, 0), stop("w", "payment", 0, 0))
    svg = drawn(Chain(stops=stops, ways=(Way(0, 1),), unit="BTC"))
    assert all(width * height == 0 for _, _, width, height in rectangles(svg, "stop-after"))
    assert all(width * height > 0 for _, _, width, height in rectangles(svg, "stop-before"))
