"""Bubbles of a map too large to be drawn: what their opening brings, ties and tells."""

from __future__ import annotations

import pytest
from canvas_stage import line, piece, run, spot

OPEN = (
    "const {Model} = await import('/static/canvas/model.js'); const model = new Model();"
    "window.fetch = async () => new Response(JSON.stringify(x.told), {headers: {'content-type': 'application/json'}});"
    "model.merge(m.asPiece(x.before)); const [one, two] = [...model.spots.values()];"
    "Object.assign(one, {x: 4000, y: -900}); const fresh = await m.openBubble(model, one);"
    "const lines = [...model.lines.values()];"
)


def bubble(*way: int, count: int = 700) -> dict[str, object]:
    return {
        "way": list(way),
        "label": f"part {way}",
        "icon": "globe",
        "phase": "",
        "count": count,
        "kinds": {},
        "scattered": False,
    }


BEFORE = {
    "bubbles": [bubble(0, count=900), bubble(1, count=800)],
    "ties": [{"a": 0, "b": 1, "count": 12}],
    "piece": None,
}
INNER = {"bubbles": [bubble(0, 0), bubble(0, 1, count=200)], "ties": [], "piece": None}
FEW = {"bubbles": [], "ties": [], "piece": piece(3, line(0, 1))}


def opened(stage, told, body):
    return run(stage, "overview", OPEN + body, {"before": BEFORE, "told": told})


def test_an_opened_bubble_gives_way_to_what_it_holds(stage):
    ids = opened(stage, INNER, "return [...model.spots.keys()].sort()")
    assert ids == ["part:0.0", "part:0.1", "part:1"]


def test_ties_of_an_opened_bubble_go_to_the_largest_bubble_in_it(stage):
    ends = opened(stage, INNER, "return lines.map((each) => [each.a.id, each.b.id].sort())")
    assert ends == [["part:0.0", "part:1"]]


def test_no_tie_of_a_bubble_is_drawn_to_a_single_thing_that_is_not_its(stage):
    ends = opened(stage, FEW, "return lines.map((each) => [each.a.id, each.b.id].sort())")
    assert ends == [["group:n0", "group:n1"]]


@pytest.mark.parametrize("told", [INNER, FEW], ids=["bubbles", "single things"])
def test_what_was_in_a_bubble_lies_where_it_lay(stage, told):
    far = opened(
        stage, told, "return Math.max(...fresh.map((each) => Math.hypot(each.x - 4000, each.y + 900)))"
    )
    assert far < 250


def test_what_nothing_ties_stays_with_what_came_out_of_the_same_bubble(stage):
    parts = opened(
        stage, FEW,
        "const {partsOf} = await import('/static/canvas/layout.js'); const s = [...model.spots.values()];"
        "return Object.fromEntries(s.map((each, at) => [each.id, partsOf(s, lines)[at]]))",
    )  # fmt: skip
    assert parts == {"part:1": -1, "group:n0": -1, "group:n1": -1, "group:n2": 0}


def test_bubbles_are_numbered_apart(stage):
    spots = [spot(f"group:{at}", part=part) for at, part in enumerate(["a", "b", "a", None, "b"])]
    assert run(stage, "layout", "return [...m.partsOf(x, [])]", spots) == [0, 1, 0, -1, 1]


WISH = """
const count = 30;
const worker = new Worker('/static/canvas/force-worker.js', {type: 'module'});
const done = new Promise((tell) => worker.addEventListener('message', ({data}) => data.done && tell(data.places)));
worker.postMessage({run: 1,
  places: Float32Array.from({length: 2 * count}, (_, i) => (i % 2 ? 17 * (i >> 2) % 89 : 13 * (i >> 2) % 97) + 3 * ((i >> 1) % 2)),
  radius: new Float32Array(count).fill(10), fixed: new Uint8Array(count), links: new Int32Array(0),
  groups: new Int32Array(count).fill(-1), parts: Int32Array.from({length: count}, (_, at) => x ? at % 2 : -1),
  grouped: false, aspect: 1, gentle: false});
const places = await done; worker.terminate();
const middle = (of) => { let sum = [0, 0]; for (let at = of; at < count; at += 2) { sum[0] += places[2 * at] / (count / 2); sum[1] += places[2 * at + 1] / (count / 2); } return sum; };
const [even, odd] = [middle(0), middle(1)];
const far = (at, to) => Math.hypot(places[2 * at] - to[0], places[2 * at + 1] - to[1]);
return [...Array(count).keys()].filter((at) => far(at, at % 2 ? odd : even) > far(at, at % 2 ? even : odd)).length;
"""


def test_two_bubbles_that_were_opened_do_not_mingle(stage):
    astray, mingled = (run(stage, "words", WISH, parts) for parts in (True, False))
    assert astray == 0
    assert mingled > 0
