"""What foreign texts may do to a drawing: nothing. They add no element, hide nothing and reach no style."""

from math import isfinite

import pytest
from drawn import all_of, frame, numbers, overlaps, parse, room
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.model.identity import Entity
from chokepoint.package.drawing.chain import SLIM, chain_svg
from chokepoint.package.drawing.chain import WIDE as CHAIN
from chokepoint.package.drawing.curve import curve_svg
from chokepoint.package.drawing.network import TALL, WIDE, edge_sentence, legend, network_rows, network_svg
from chokepoint.package.drawing.svg import FONT, attribute, clip, figure, shorten, text, text_width
from chokepoint.package.drawing.timeline import NARROW, timeline_svg
from chokepoint.package.drawing.world import map_svg
from chokepoint.package.findings import Chain, CountryCount, Curve, Edge, Event, Node, Stop, Way
from chokepoint.values.unseen import visible

LONG = 10_000
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "closing tag": "</title></g></svg><svg onload=x>",
    "attribute": '" onload="alert(1)" x=\'',
    "entity": "&amp;&#60;b&#62;&evil;",
    "character data": "]]><![CDATA[<b>",
    "comment": "--><!-- <?xml version='1.0'?>",
    "style": "</style><style>*{display:none}",
    "turned round": "invoice\u202egpj.exe",
    "isolated": "\u2066pay\u2069\u200f",
    "zero width": "pay\u200bpal\u2060.com\ufeff",
    "control": "a\x00b\x1bc\x7fd\x85e",
    "lines": "one\ntwo\r\nthree\tfour",
    "tags": "flag\U000e0067\U000e007f",
    "right to left": "بنك الأمان שלום",
    "wide": "香港銀行有限公司" * 3,
    "stacked": "Z\u0351\u0346\u0343a\u0300\u0301lgo",
    "not a character": "a\ufffe\U0001ffff b",
    "half a character": "a\ud800b\udfff",
    "separators": "one\u2028two\u2029three",
    "fillers": "\u3164\u2800\uffa0",
    "nothing": "",
    "blank": "   ",
}


def nodes(label="plain", **about):
    return [
        Node("a", label, "url", 0, 0)._replace(**about),
        Node("b", label, "person", 2, 1)._replace(**about),
        Node("c", "other", "ipv4-addr", 1, 3),
    ]


def edge(**about):
    return Edge("a", "b", "uses", 0.7)._replace(**about)


def chain(name="plain", unit="BTC"):
    stops = tuple(
        Stop((Entity("domain-name", f"{column}.cc"),), column, 4.0, 2.0, name=name)
        for column in ("victim", "lure", "payment", "cash-out")
    )
    return Chain(stops=stops, ways=(Way(0, 1), Way(1, 2), Way(2, 3)), unit=unit)


def curve(unit):
    return Curve(days=(0.0, 5.0, 9.0), before=(0.0, 4.0, 8.0), after=(0.0, 2.0, 3.0), unit=unit)


def events(label="plain", lane="", end="", kind=""):
    return [Event("2024-01-05", end, label, lane, kind), Event("2024-06-01", "", "other", lane)]


TOLD = {
    "label of a node": lambda said: network_svg(nodes(said), []),
    "label on a tall drawing": lambda said: network_svg(nodes(said), [], TALL),
    "kind of a node": lambda said: network_svg(nodes(kind=said), []),
    "flag of a node": lambda said: network_svg(nodes(flags=("target", said)), []),
    "cluster": lambda said: network_svg(nodes(cluster=f"c{said}"), []),
    "property of an edge": lambda said: network_svg(nodes(), [edge(property=said)]),
    "warning of an edge": lambda said: network_svg(nodes(), [edge(warning=f"w{said}")]),
    "verdict of an edge": lambda said: network_svg(nodes(), [edge(verdict=said)]),
    "label of an event": lambda said: timeline_svg(events(said)),
    "label of an event on a phone": lambda said: timeline_svg(events(said), NARROW),
    "lane": lambda said: timeline_svg(events(lane=said)),
    "end of an event": lambda said: timeline_svg(events(end=said)),
    "name of a stop": lambda said: chain_svg(chain(said)),
    "name of a stop on a phone": lambda said: chain_svg(chain(said), SLIM),
    "unit of a chain": lambda said: chain_svg(chain(unit=said)),
    "unit of a curve": lambda said: curve_svg(curve(said)),
    "title": lambda said: figure(WIDE, name="x", title=said, body=""),
}
UNTOLD = {
    "id of a node": lambda said: network_svg(
        [Node(said, "plain", "url", 0, 0)], [Edge(said, said, "uses", 0.5)]
    ),
    "phase of a node": lambda said: network_svg(nodes(phase=said), []),
    "far end of an edge": lambda said: network_svg(nodes(), [edge(end=f"?{said}")]),
    "kind of an event": lambda said: timeline_svg(events(kind=said + "!")),
    "start of an event": lambda said: timeline_svg([*events(), Event(f"?{said}", "", "undated")]),
    "date of the answer": lambda said: timeline_svg(events(), as_of=f"?{said}"),
    "way of an event": lambda said: timeline_svg([one._replace(ends=(said, said)) for one in events()]),
    "country": lambda said: map_svg([CountryCount("NL", 2), CountryCount(f"?{said}", 3)]),
}
DRAWINGS = TOLD | {name: draw for name, draw in UNTOLD.items() if name != "country"}

every_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
every_told = pytest.mark.parametrize("draw", TOLD.values(), ids=TOLD)
every_untold = pytest.mark.parametrize("draw", UNTOLD.values(), ids=UNTOLD)
every_text = pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE)


def parts(svg):
    """The names of elements and attributes of a drawing."""
    every = list(parse(svg).iter())
    return {one.tag for one in every} | {name for one in every for name in one.attrib}


def words(svg):
    """All that a drawing says: its texts, tooltips and name."""
    root = parse(svg)
    return [root.get("aria-label"), *(one.text or "" for one in root.iter())]


@every_drawing
def test_a_foreign_text_adds_no_element_and_no_attribute(draw) -> None:
    shapes = {"r", "cx", "cy", "points", "stroke-linejoin"}
    allowed = parts(draw("plain")) | shapes
    assert {name: more for name, said in HOSTILE.items() if (more := parts(draw(said)) - allowed)} == {}


@every_told
def test_what_is_told_can_be_read_back_whole(draw) -> None:
    for said in HOSTILE.values():
        assert any(visible(said) in word for word in words(draw(said))), said


@every_drawing
def test_no_drawing_holds_a_character_that_hides_or_turns(draw) -> None:
    for said in HOSTILE.values():
        svg = draw(said)
        assert visible(svg) == svg


@every_drawing
def test_a_foreign_text_reaches_no_class_and_no_reference(draw) -> None:
    for one in (one for said in HOSTILE.values() for one in parse(draw(said)).iter()):
        assert set(one.get("class") or "") <= set("abcdefghijklmnopqrstuvwxyz0123456789- ")
        assert one.get("marker-end") in {None, f"url(#head-{WIDE.width})", f"url(#head-{TALL.width})"}


@every_drawing
def test_anchors_and_numbers_stay_finite_and_in_the_frame(draw) -> None:
    for svg in map(draw, HOSTILE.values()):
        width, height = frame(svg)
        assert all(map(isfinite, numbers(svg)))
        for label in all_of(svg, "text"):
            assert 0 <= float(label.get("x")) <= width
            assert 0 <= float(label.get("y")) <= height


@every_untold
def test_what_is_only_for_the_machine_is_never_drawn(draw) -> None:
    plain = draw("Qzx7")
    assert "Qzx7" not in plain
    assert {name for name, said in HOSTILE.items() if draw(f"{said}Qzx7") != plain} == set()


@pytest.mark.parametrize("letter", ["A", "<", "ש", "香", "\u0301"])
def test_ten_thousand_letters_are_cut_on_the_network_and_whole_in_the_tooltip(letter) -> None:
    svg = network_svg(nodes(letter * LONG), [])
    assert all(len(label.text) <= 26 for label in all_of(svg, "text"))
    assert sum(visible(letter * LONG) in (one.text or "") for one in all_of(svg, "title")) == 2


@pytest.mark.parametrize(("width", "most"), [(TALL, 18), (WIDE, 26)], ids=["tall", "wide"])
def test_a_long_name_takes_as_much_room_as_one_of_the_most_letters(width, most) -> None:
    long, short = network_svg(nodes("x" * LONG), [], width), network_svg(nodes("x" * most), [], width)
    assert [room(one) for one in all_of(long, "text")] == [room(one) for one in all_of(short, "text")]


def test_a_long_warning_makes_a_drawing_longer_only_by_itself() -> None:
    grown = network_svg(nodes(), [edge(warning="w" * LONG)])
    assert len(grown) - len(network_svg(nodes(), [edge(warning="w")])) == LONG - 1


@pytest.mark.parametrize("size", [CHAIN, SLIM], ids=["wide", "slim"])
@pytest.mark.parametrize("letter", ["m", "香", "ש", "&"])
def test_a_long_name_of_a_stop_moves_no_bar(letter, size) -> None:
    def bars(svg):
        return [one.attrib for one in all_of(svg, "rect")]

    assert bars(chain_svg(chain(letter * 300), size)) == bars(chain_svg(chain("x"), size))


@pytest.mark.parametrize("width", [NARROW, 1040.0])
@pytest.mark.parametrize("letter", ["m", "香", "ש", "&", "W"])
def test_a_long_event_is_cut_to_the_frame_and_whole_in_its_tooltip(letter, width) -> None:
    svg = timeline_svg(events(letter * 300), width)
    shown = next(one for one in all_of(svg, "text") if (one.text or "").startswith(letter))
    assert shown.text.endswith("…")
    assert room(shown).left >= 0
    assert room(shown).right <= width
    assert any(letter * 300 in one.text for one in all_of(svg, "title"))


FOREIGN = st.text("aZ<&\"'ابשל香港ñй \u0301\u202e\u200b\x1b\ufffe", max_size=40)


@settings(max_examples=40)
@given(st.lists(st.tuples(FOREIGN, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=20))
def test_labels_of_any_script_cover_no_other(placed) -> None:
    drawn = [Node(str(k), label, "url", x, y) for k, (label, x, y) in enumerate(placed)]
    for size in (WIDE, TALL):
        assert overlaps([room(one) for one in all_of(network_svg(drawn, [], size), "text")]) == []


WRITABLE = st.text(st.characters(exclude_categories=[]), max_size=40)


@given(WRITABLE)
def test_text_between_tags_is_read_back_as_what_can_be_seen(value) -> None:
    assert (parse(f"<a>{text(value)}</a>").text or "") == visible(value)


@given(WRITABLE)
def test_text_in_an_attribute_is_read_back_as_what_can_be_seen(value) -> None:
    assert parse(f"<a b={attribute(value)}/>").get("b") == visible(value)


@given(WRITABLE)
def test_spelling_out_what_hides_is_done_once(value) -> None:
    assert visible(visible(value)) == visible(value)


@given(WRITABLE, st.floats(0, 300), st.floats(0, 300))
def test_more_room_shows_no_less_and_what_fits_is_not_cut_again(value, one, other) -> None:
    less, more = sorted((one, other))
    assert len(clip(value, less)) <= len(clip(value, more))
    assert clip(clip(value, less), less) == clip(value, less)


@given(WRITABLE, st.floats(0, 300))
def test_what_is_clipped_is_the_longest_start_that_leaves_room_for_the_dots(value, space) -> None:
    shown = visible(value)
    starts = [shown[:end] for end in range(len(shown) + 1)]
    fitting = max((one for one in starts if text_width(one) + FONT <= space), key=len, default="")
    assert clip(value, space) == (shown if text_width(shown) <= space else fitting.rstrip() + "…")


def test_a_hidden_character_takes_the_room_of_its_spelling() -> None:
    assert text_width("a\u202eb") == text_width("a<U+202E>b") > text_width("ab")


@pytest.mark.parametrize(
    "cut", [lambda said: clip(said, 100), lambda said: shorten(said, 20)], ids=["end", "middle"]
)
def test_what_hides_is_spelt_out_before_anything_is_cut(cut) -> None:
    assert "\u202e" not in cut("pay\u202e" * 50)
    assert cut("pay\u202e" * 50) == cut(visible("pay\u202e" * 50))


def test_cutting_a_label_measures_each_character_once(monkeypatch) -> None:
    measured = []
    monkeypatch.setattr("chokepoint.package.drawing.svg._units", lambda char: measured.append(char) or 0.57)
    assert clip("é" * LONG, 100).endswith("…")
    assert len(measured) == LONG


@given(WRITABLE, st.integers(3, 30))
def test_what_is_shortened_is_not_shortened_again(value, most) -> None:
    assert len(shorten(value, most)) == min(len(visible(value)), most)
    assert shorten(shorten(value, most), most) == shorten(value, most)


@every_text
def test_the_words_beside_the_drawing_keep_the_text_as_it_was(said) -> None:
    drawn, links = nodes(said), [edge(property=said, warning=said)]
    assert network_rows(drawn, links)[0] == (said, edge_sentence(links[0]), said, said)
    assert edge_sentence(links[0]).startswith(f"{said}: ")


@every_text
def test_the_legend_repeats_no_foreign_text(said) -> None:
    mark = f"{said}Qzx7"
    rows = legend(nodes(mark, kind=mark, flags=(mark,), cluster=mark), [edge(property=mark, verdict=mark)])
    assert rows
    assert "Qzx7" not in str(rows)
