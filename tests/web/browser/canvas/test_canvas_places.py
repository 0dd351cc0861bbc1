"""Where things and words lie: labels that never pile up, columns, hulls, loops, the way of arrow keys."""

from __future__ import annotations

import random

import pytest
from canvas_stage import line, piece, run, spot

PLACE = (
    "const {Model} = await import('/static/canvas/model.js'); const model = new Model(); model.merge(x);"
    "x.nodes.forEach((one) => Object.assign(model.spots.get(one.id), {x: one.at[0], y: one.at[1]}));"
    "const context = document.createElement('canvas').getContext('2d'); const {spots, lines} = model.shown();"
    "const placed = m.place(context, {spots, lines: x.words ? lines : [], rank: (one) => one.r, at: (a, b) => [a, b], k: 1, wide: 900, high: 700, most: 400, strong: (one) => [x.strong].flat().includes(one.id)});"
)


def crowd(count: int, seed: int, **rest: object) -> dict[str, object]:
    """Things thrown onto a picture of 900 x 700, with names of many lengths and scripts."""
    dice = random.Random(seed)  # noqa: S311 - a picture, no secret
    names = [
        "x",
        "a longer name of somebody",
        "1PfwHNxUnkpfkK9MKKCtq9u17",
        "مجموعة",
        "กลุ่มอาชญากรรม",
        "\u202eexe",
        "W" * 10_000,
    ]
    nodes = [
        spot(f"group:{at}", label=dice.choice(names), at=[dice.uniform(0, 900), dice.uniform(0, 700)])
        for at in range(count)
    ]
    lines = [line(dice.randrange(count), dice.randrange(count)) for _ in range(count)] if count > 1 else []
    return {"nodes": nodes, "lines": [one for one in lines if one["a"] != one["b"]], "left_out": 0} | rest


def overlap(one, two):
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


@pytest.mark.parametrize("count", [1, 2, 40, 600])
@pytest.mark.parametrize("words", [False, True], ids=["things", "links too"])
def test_labels_never_pile_up(stage, count, words):
    boxes = run(
        stage, "labels", PLACE + "return placed.map((one) => one.box)", crowd(count, seed=count, words=words)
    )
    assert boxes
    for at, one in enumerate(boxes):
        assert not any(overlap(one, two) for two in boxes[:at])


@pytest.mark.parametrize("seed", range(3))
def test_no_label_is_cut_by_the_edge_of_the_picture(stage, seed):
    for left, top, right, bottom in run(
        stage,
        "labels",
        PLACE + "return placed.filter((one) => !one.quiet).map((one) => one.box)",
        crowd(200, seed),
    ):
        assert left >= 0
        assert top >= 0
        assert right <= 900
        assert bottom <= 700


def test_no_label_is_wider_than_a_name_may_be(stage):
    wide = run(
        stage,
        "labels",
        PLACE + "return Math.max(...placed.map((one) => one.box[2] - one.box[0]))",
        crowd(200, 4),
    )
    assert wide < 420


def test_the_box_of_a_label_holds_its_text(stage):
    told = crowd(60, seed=5)
    worst = run(
        stage, "labels",
        PLACE + "return Math.max(...placed.filter((one) => !one.quiet).map((one) => { context.font = `500 12px system-ui`; return context.measureText(one.text).width - (one.box[2] - one.box[0]); }))", told,
    )  # fmt: skip
    assert worst < 12


def test_what_is_selected_always_has_its_label(stage):
    told = crowd(400, seed=6, strong="group:399")
    told["nodes"][399]["at"] = [450, 350]
    told["nodes"][399]["label"] = "the chosen one"
    assert "the chosen one" in run(stage, "labels", PLACE + "return placed.map((one) => one.text)", told)


def test_names_that_must_be_shown_lie_on_one_another_only_where_nothing_else_is_free(stage):
    near = [spot("group:a", label="a" * 40, at=[400, 300]), spot("group:b", label="b" * 40, at=[405, 318])]
    given = {"nodes": near, "lines": [], "left_out": 0, "strong": ["group:a", "group:b"]}
    one, two = run(stage, "labels", PLACE + "return placed.map((one) => one.box)", given)
    assert not overlap(one, two)
    given["nodes"] += [
        spot(f"group:{x}-{y}", label="x", at=[x, y]) for x in range(100, 800, 24) for y in range(150, 500, 24)
    ]
    named = run(stage, "labels", PLACE + "return placed.filter((one) => one.strong).length", given)
    assert named == 2


PINNED = (
    "const {Model} = await import('/static/canvas/model.js'); const model = new Model(); model.merge(x);"
    "const layout = new m.Layout(model, {wide: 900, high: 700}, {fit() {}});"
    "const turn = async (wanted) => { model.layout = wanted; await layout.arrange(); };"
    "const one = model.spots.get('group:n0'); Object.assign(one, {x: 11, y: 22, pinned: true});"
    "layout.force = () => layout.rest();"
)


def test_what_is_pinned_lies_where_it_was_pinned_when_the_ties_are_laid_out_again(stage):
    body = (
        PINNED
        + "await turn('layered'); const away = [one.x, one.y]; await turn('force'); return [away, [one.x, one.y]]"
    )
    away, back = run(stage, "layout", body, piece(3, line(0, 1), line(1, 2)))
    assert away != [11, 22]
    assert back == [11, 22]


def test_what_was_pinned_in_another_layout_stays_where_it_is_then(stage):
    body = (
        PINNED
        + "one.pinned = false; await turn('layered'); Object.assign(one, {pinned: true, x: 5, y: 6});"
        + "await turn('force'); return [one.x, one.y]"
    )
    assert run(stage, "layout", body, piece(3, line(0, 1), line(1, 2))) == [5, 6]


def test_labels_show_what_hides(stage):
    told = {"nodes": [spot("group:a", label="\u202eexe.doc", at=[450, 300])], "lines": [], "left_out": 0}
    assert run(stage, "labels", PLACE + "return placed.map((one) => one.text)", told) == ["⟨U+202E⟩exe.doc"]


COLUMNS = (
    "const {Model} = await import('/static/canvas/model.js'); const model = new Model(); model.merge(x);"
    "const made = m.columns(model.shown()); const at = Object.fromEntries([...made.places].map(([one, to]) => [one.id, to]));"
)
CHAIN = {
    "nodes": [
        spot("file:z", phase="actor"),
        spot("file:v", phase="victim"),
        spot("file:p", phase="payment"),
        spot("file:n"),
    ],
    "lines": [],
    "left_out": 0,
}


def test_columns_run_along_the_value_chain(stage):
    at = run(stage, "layered", COLUMNS + "return at", CHAIN)
    assert at["file:v"]["x"] < at["file:p"]["x"] < at["file:z"]["x"] < at["file:n"]["x"]


def test_rows_are_ordered_so_that_few_lines_cross(stage):
    nodes = [spot(f"file:a{at}", phase="lure") for at in range(6)] + [
        spot(f"file:b{at}", phase="actor") for at in range(6)
    ]
    told = {"nodes": nodes, "lines": [line(at, 11 - at) for at in range(6)], "left_out": 0}
    at = run(stage, "layered", COLUMNS + "return at", told)
    assert [at[f"file:a{one}"]["y"] for one in range(6)] == pytest.approx(
        [at[f"file:b{5 - one}"]["y"] for one in range(6)]
    )


@pytest.mark.parametrize("count", [1, 26, 27, 300])
def test_no_two_things_share_a_place_in_a_column(stage, count):
    told = {"nodes": [spot(f"file:{at}", phase="lure") for at in range(count)], "lines": [], "left_out": 0}
    places = run(stage, "layered", COLUMNS + "return Object.values(at).map((one) => [one.x, one.y])", told)
    assert len({(round(x), round(y)) for x, y in places}) == count


def test_an_empty_map_has_no_columns(stage):
    assert run(stage, "layered", COLUMNS + "return at", piece(0)) == {}


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        pytest.param([[0, 0], [4, 0], [4, 4], [0, 4], [2, 2], [1, 3]], 4, id="square with more inside"),
        pytest.param([[0, 0], [1, 1], [2, 2]], 2, id="on one line"),
        pytest.param([[3, 3]], 1, id="one"),
        pytest.param([], 0, id="none"),
    ],
)
def test_a_hull_has_the_outermost_corners(stage, points, corners):
    assert run(stage, "geometry", "return m.hull(x.map(([x, y]) => ({x, y}))).length", points) == corners


def test_every_point_lies_within_the_hull(stage):
    dice = random.Random(1)  # noqa: S311 - the same
    points = [[dice.uniform(0, 100), dice.uniform(0, 100)] for _ in range(60)]
    left_out = run(
        stage, "geometry",
        "const p = x.map(([x, y]) => ({x, y})); const h = m.hull(p); const on = new Set(h); return p.filter((one) => !on.has(one) && !m.inside(one, h)).length", points,
    )  # fmt: skip
    assert left_out == 0


@pytest.mark.parametrize(
    ("at", "held"), [([5, 5], True), ([15, 5], False), ([5, 9.9], True), ([8, 3], False), ([-1, -1], False)]
)
def test_a_loop_holds_what_lies_in_it(stage, at, held):
    loop = [[0, 0], [10, 0], [5, 5.5], [10, 10], [0, 10]]
    assert (
        run(
            stage,
            "geometry",
            "return m.inside({x: x.at[0], y: x.at[1]}, x.loop.map(([x, y]) => ({x, y})))",
            {"at": at, "loop": loop},
        )
        is held
    )


def test_a_line_is_near_along_its_whole_length(stage):
    far = run(
        stage,
        "geometry",
        "const one = {a: {x: 0, y: 0}, b: {x: 100, y: 0}, bend: 0}; return [[50, 3], [0, -4], [104, 3]].map(([x, y]) => m.distance(one, {x, y}))",
    )
    assert far == pytest.approx([3, 4, 5])


@pytest.mark.parametrize(
    ("way", "found"),
    [([1, 0], "right"), ([-1, 0], "left"), ([0, 1], "down"), ([0, -1], None)],
    ids=["right", "left", "down", "nothing above"],
)
def test_an_arrow_key_walks_to_the_nearest_thing_that_way(stage, way, found):
    spots = [{"id": name, "x": x, "y": y, "r": 5} for name, x, y in
             (("right", 60, 10), ("far right", 200, 0), ("left", -90, 20), ("down", 5, 80))]  # fmt: skip
    assert (
        run(
            stage,
            "keyboard",
            "return m.next(x.spots, {x: 0, y: 0, r: 5}, x.way)?.id ?? null",
            {"spots": spots, "way": way},
        )
        == found
    )


def test_without_a_place_to_walk_from_the_largest_thing_is_first(stage):
    spots = [{"id": "small", "x": 0, "y": 0, "r": 5}, {"id": "large", "x": 9, "y": 9, "r": 20}]
    assert run(stage, "keyboard", "return m.next(x, null, [0, 0]).id", spots) == "large"
    assert run(stage, "keyboard", "return m.next([], null, [0, 0])") is None


def test_the_nearest_thing_under_the_pointer_is_picked(stage):
    told = piece(30)
    wrong = run(
        stage, "pick",
        "const {Model} = await import('/static/canvas/model.js'); const model = new Model(); model.merge(x); const pick = new m.Pick(model); let wrong = 0;"
        "const all = [...model.spots.values()]; for (let at = 0; at < 400; at++) { const p = {x: (at * 37) % 700 - 350, y: (at * 53) % 700 - 350};"
        "const far = (one) => Math.hypot(one.x - p.x, one.y - p.y) - one.r; const best = all.reduce((a, b) => far(b) < far(a) ? b : a);"
        "const wanted = far(best) <= 6 ? best : null; if (pick.spot(p, 6) !== wanted) wrong += 1; } return wrong", told,
    )  # fmt: skip
    assert wrong == 0


@pytest.mark.parametrize(
    ("faint", "strong"),
    [
        pytest.param({"belief": 0.1}, {"belief": 0.9}, id="believed more"),
        pytest.param({"belief": 0.6, "loose": True}, {"belief": 0.6}, id="joins something"),
    ],
)
def test_a_line_is_darker_and_wider_the_more_it_says(stage, faint, strong):
    told = [{"assessment": False, "loose": False} | one for one in (faint, strong)]
    one, two = run(stage, "draw-line", "return x.map((one) => m.lookOf(m.styleOf(one, false)))", told)
    assert one["alpha"] < two["alpha"]
    assert one["width"] <= two["width"]


@pytest.mark.parametrize(("assessment", "dashed"), [(True, True), (False, False)])
def test_a_conclusion_is_dashed_and_a_statement_is_not(stage, assessment, dashed):
    dash = run(
        stage,
        "draw-line",
        "return m.lookOf(m.styleOf({belief: 0.7, assessment: x, loose: false}, false)).dash",
        assessment,
    )
    assert bool(dash) is dashed


def test_what_fades_is_hardly_seen(stage):
    assert (
        run(
            stage,
            "draw-line",
            "return m.lookOf(m.styleOf({belief: 1, assessment: false, loose: false}, true)).alpha",
        )
        < 0.12
    )


BUBBLE = (
    "const context = document.createElement('canvas').getContext('2d');"
    "const [one] = m.place(context, {spots: [{...x, x: 450, y: 350}], lines: [], rank: () => 1, at: (a, b) => [a, b],"
    "  k: 1, wide: 900, high: 700, most: 4, strong: () => Boolean(x.strong)}); return one"
)


@pytest.mark.parametrize(
    ("label", "r", "within"),
    [
        pytest.param("gamaredon", 90, True, id="a name with room"),
        pytest.param("gamaredon", 30, False, id="a bubble too small"),
        pytest.param("a name far too long to be inside", 60, False, id="a name too long"),
    ],
)
def test_a_bubble_holds_its_own_name_where_it_fits(stage, label, r, within):
    placed = run(stage, "labels", BUBBLE, {"label": label, "r": r, "count": 5_000})
    assert (abs(placed["y"] - 350) < r and placed["x"] == 450) is within


def test_a_single_thing_never_holds_its_name(stage):
    placed = run(stage, "labels", BUBBLE, {"label": "x", "r": 90})
    assert placed["y"] > 440


@pytest.mark.parametrize("r", [42, 60, 90, 300])
def test_a_name_in_a_bubble_lies_below_its_count_and_within_its_rim(stage, r):
    placed = run(stage, "labels", BUBBLE, {"label": "x", "r": r, "count": 5_000})
    left, top, right, bottom = placed["box"]
    assert top > 350 + r * 0.57
    assert max(((x - 450) ** 2 + (bottom - 4 - 350) ** 2) ** 0.5 for x in (left, right)) < r + 4


def test_no_label_lies_over_the_title_of_a_group(stage):
    told = crowd(60, seed=4) | {"taken": [[200, 100, 420, 130], [600, 480, 760, 500]]}
    boxes = run(
        stage,
        "labels",
        PLACE.replace("most: 400,", "most: 400, taken: x.taken,") + "return placed.map((one) => one.box)",
        told,
    )
    assert boxes
    assert not any(overlap(one, title) for one in boxes for title in told["taken"])


def test_the_titles_of_groups_tell_the_room_that_they_take(stage):
    spots = [spot(f"group:{at}", x=at % 2 * 80, y=at * 30, r=10, flags=[]) for at in range(4)]
    taken, none = (
        run(
            stage,
            "hulls",
            "const context = document.createElement('canvas').getContext('2d');"
            "return m.drawHulls(context, x.spots, x.by, 2)",
            {"spots": spots, "by": by},
        )
        for by in ("kind", "")
    )
    [[left, top, right, bottom]] = taken
    assert none == []
    assert left < 40 < right
    assert top < bottom <= -22
