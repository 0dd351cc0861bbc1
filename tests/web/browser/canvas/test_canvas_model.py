"""What is on the canvas: how parts come together, what is shown, what undo gives back."""

from __future__ import annotations

import pytest
from canvas_stage import line, piece, run, spot

MODEL = "const model = new m.Model(); model.merge(x.piece ?? x);"


def test_the_same_part_twice_is_there_once(stage):
    told = piece(3, line(0, 1), line(1, 2))
    assert run(
        stage,
        "model",
        MODEL + "const fresh = model.merge(x); return [model.spots.size, model.lines.size, fresh.length]",
        told,
    ) == [3, 2, 0]


def test_what_is_known_keeps_its_place_when_more_comes(stage):
    more = piece(5, line(0, 4))
    moved = run(
        stage, "model",
        MODEL + "const one = model.spots.get('group:n0'); one.x = 777; one.pinned = true; model.merge(x.more, one);"
        "return [model.spots.get('group:n0').x, model.spots.get('group:n0').pinned, model.spots.size]",
        {"piece": piece(2), "more": more},
    )  # fmt: skip
    assert moved == [777, True, 5]


def test_new_things_lie_near_the_one_that_they_came_from(stage):
    far = run(
        stage, "model",
        MODEL + "const fresh = model.merge(x.more, {x: 5000, y: -3000}); return Math.max(...fresh.map((one) => Math.hypot(one.x - 5000, one.y + 3000)))",
        {"piece": piece(2), "more": piece(30)},
    )  # fmt: skip
    assert far < 200


def test_no_two_new_things_lie_on_one_another(stage):
    least = run(
        stage, "model",
        MODEL + "const s = [...model.spots.values()]; let least = 1e9; for (const a of s) for (const b of s) if (a !== b) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y)); return least",
        piece(60),
    )  # fmt: skip
    assert least > 1


def test_parallel_lines_bend_apart_whichever_way_they_run(stage):
    told = piece(2, line(0, 1), line(1, 0, property="targets"), line(0, 1, property="mentions"))
    middles = run(
        stage, "model",
        "const g = await import('/static/canvas/geometry.js');" + MODEL +
        "Object.assign(model.spots.get('group:n0'), {x: 0, y: 0}); Object.assign(model.spots.get('group:n1'), {x: 200, y: 0});"
        "return [...model.lines.values()].map((one) => Math.round(g.onCurve(one, 0.5).y))", told,
    )  # fmt: skip
    assert len(set(middles)) == 3
    assert sorted(middles)[1] == 0


def test_a_single_line_is_straight(stage):
    assert run(
        stage,
        "model",
        MODEL + "return [...model.lines.values()].map((one) => one.bend)",
        piece(3, line(0, 1), line(1, 2)),
    ) == [0, 0]


def test_what_is_hidden_is_not_shown_nor_are_its_lines(stage):
    told = piece(3, line(0, 1), line(1, 2))
    shown = run(
        stage,
        "model",
        MODEL
        + "model.hide(['group:n0']); const s = model.shown(); return [s.spots.map((one) => one.id), s.lines.length]",
        told,
    )
    assert shown == [["group:n1", "group:n2"], 1]


def test_what_is_hidden_comes_back_when_it_is_brought_again(stage):
    assert (
        run(
            stage,
            "model",
            MODEL + "model.hide(['group:n0']); model.merge(x); return model.shown().spots.length",
            piece(2),
        )
        == 2
    )


@pytest.mark.parametrize(
    ("first", "last", "interval", "shown"),
    [
        pytest.param(10, 20, [0, 5], False, id="before it"),
        pytest.param(10, 20, [0, 10], True, id="its first day"),
        pytest.param(10, 20, [19, 30], True, id="its last day"),
        pytest.param(10, 20, [20, 30], False, id="the end is half-open"),
        pytest.param(10, 20, [12, 13], True, id="within"),
        pytest.param(None, 20, [5, 6], True, id="open beginning"),
        pytest.param(None, 20, [20, 21], False, id="after an open beginning"),
        pytest.param(10, None, [400, 500], True, id="open end"),
        pytest.param(None, None, [1, 2], True, id="no day"),
        pytest.param(10, 20, None, True, id="no interval"),
    ],
)
def test_a_line_is_shown_when_it_was_seen_in_the_interval(stage, first, last, interval, shown):
    told = {"line": {"first": first, "last": last}, "interval": interval}
    assert run(stage, "filter", "return m.within(x.line, x.interval)", told) is shown


def test_a_thing_goes_when_all_its_lines_are_filtered_out(stage):
    told = piece(4, line(0, 1, first=10, last=11), line(1, 2, first=50, last=51))
    ids = run(
        stage,
        "model",
        MODEL + "model.interval = [0, 20]; model.changed(); return model.shown().spots.map((one) => one.id)",
        told,
    )
    assert ids == ["group:n0", "group:n1", "group:n3"], "what has no line at all stays"


def test_a_pinned_thing_stays_whatever_is_filtered(stage):
    told = piece(2, line(0, 1, belief=0.2))
    ids = run(
        stage,
        "model",
        MODEL
        + "model.spots.get('group:n1').pinned = true; model.leastBelief = 0.5; model.changed(); return model.shown().spots.map((one) => one.id)",
        told,
    )
    assert ids == ["group:n1"]


@pytest.mark.parametrize(("least", "shown"), [(0, 2), (0.3, 2), (0.31, 1), (0.9, 1), (0.95, 0)])
def test_lines_are_shown_from_the_least_belief_on(stage, least, shown):
    told = {"piece": piece(3, line(0, 1, belief=0.3), line(1, 2, belief=0.9)), "least": least}
    assert (
        run(
            stage,
            "model",
            MODEL + "model.leastBelief = x.least; model.changed(); return model.shown().lines.length",
            told,
        )
        == shown
    )


def test_the_extent_of_no_days_is_none(stage):
    assert run(stage, "filter", "return m.extent(x)", [{"first": None, "last": None}]) is None
    assert run(
        stage, "filter", "return m.extent(x)", [{"first": 3, "last": None}, {"first": None, "last": 9}]
    ) == [3, 9]


UNDO = (
    "const {Undo} = await import('/static/canvas/undo.js');"
    + MODEL
    + "const undo = new Undo(model); const state = () => [model.shown().spots.map((one) => one.id + one.x.toFixed(1) + one.pinned), model.layout, model.grouping];"
)


def test_undo_gives_back_what_was_and_redo_what_came_after(stage):
    was, then, undone, redone = run(
        stage, "model",
        UNDO + "const was = state(); undo.keep(); model.hide(['group:n1']); model.spots.get('group:n0').x += 50; model.spots.get('group:n0').pinned = true; model.layout = 'world';"
        "model.changed(true); const then = state(); undo.undo(); const undone = state(); undo.redo(); return [was, then, undone, state()]",
        piece(3, line(0, 1)),
    )  # fmt: skip
    assert undone == was != then
    assert redone == then


def test_undo_takes_off_what_an_expansion_brought(stage):
    told = {"piece": piece(2), "more": piece(6)}
    assert (
        run(
            stage,
            "model",
            UNDO + "undo.keep(); model.merge(x.more); undo.undo(); return model.spots.size",
            told,
        )
        == 2
    )


def test_a_new_step_forgets_what_was_undone(stage):
    assert run(
        stage,
        "model",
        UNDO
        + "undo.keep(); model.hide(['group:n0']); undo.undo(); undo.keep(); return [undo.past.length, undo.future.length]",
        piece(2),
    ) == [1, 0]


@pytest.mark.parametrize("act", ["undo", "redo"])
def test_there_is_nothing_before_the_first_and_after_the_last_step(stage, act):
    assert run(stage, "model", UNDO + f"undo.{act}(); return model.spots.size", piece(2)) == 2


def test_no_more_than_sixty_steps_are_kept(stage):
    assert (
        run(
            stage,
            "model",
            UNDO + "for (let at = 0; at < 100; at++) undo.keep(); return undo.past.length",
            piece(2),
        )
        == 60
    )


@pytest.mark.parametrize(
    ("by", "names"),
    [
        pytest.param("", ["group:a"], id="the same identity"),
        pytest.param("phase", ["actor", "lure"], id="role"),
        pytest.param("origin", ["one"], id="who says so"),
        pytest.param("country", [], id="alone is no group"),
    ],
)
def test_things_are_grouped(stage, by, names):
    told = {"nodes": [
        spot("group:a", cluster="group:a", phase="actor", origin="one", country="RU"),
        spot("group:b", cluster="group:a", phase="actor", origin="one"),
        spot("domain-name:c", phase="lure", origin="one"), spot("domain-name:d", phase="lure"), spot("file:e"),
    ], "lines": [], "left_out": 0}  # fmt: skip
    found = run(
        stage,
        "model",
        "const h = await import('/static/canvas/hulls.js');"
        + MODEL
        + "return h.groups(model.shown().spots, x.by).map((one) => one.name)",
        {"piece": told, "by": by},
    )
    assert found == names


SELECT = (
    "const {Selection} = await import('/static/canvas/select.js');"
    + MODEL
    + "const chosen = new Selection(model);"
)


def test_what_is_selected_stands_out_with_its_neighbours(stage):
    told = piece(4, line(0, 1), line(1, 2), line(2, 3))
    lit = run(
        stage,
        "model",
        SELECT
        + "chosen.set(['group:n1']); const lit = chosen.lit(); return [[...lit.spots].map((one) => one.id).sort(), lit.lines.size]",
        told,
    )
    assert lit == [["group:n0", "group:n1", "group:n2"], 2]


def test_nothing_selected_lets_nothing_fade(stage):
    assert run(stage, "model", SELECT + "return chosen.lit()", piece(2)) is None


def test_what_is_hidden_is_selected_no_more(stage):
    assert run(
        stage,
        "model",
        SELECT + "chosen.set(['group:n0', 'group:n1']); model.hide(['group:n0']); return [...chosen.ids]",
        piece(2),
    ) == ["group:n1"]


def test_selecting_again_takes_it_off(stage):
    assert run(
        stage,
        "model",
        SELECT
        + "chosen.toggle('group:n0'); chosen.toggle('group:n1'); chosen.toggle('group:n0'); return [...chosen.ids]",
        piece(2),
    ) == ["group:n1"]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param([], "Nothing has a day.", id="none"),
        pytest.param([(20716, 20717)], "20 sept. 2026", id="one day"),
        pytest.param([(20716, 20717), (20726, 20727)], "20 sept. 2026 – 1 oct. 2026", id="ten days"),
    ],
)
def test_under_the_canvas_stand_the_days_that_its_lines_carry(stage, days, said):
    told = piece(3, *(line(0, at + 1, first=first, last=last) for at, (first, last) in enumerate(days)))
    body = (
        "document.body.innerHTML = `"
        """<div id="time"><input data-from type="range"><input data-to type="range"><svg data-bars></svg>"""
        """<p data-said></p><button data-play></button></div>`;"""
        "(await import('/static/canvas/words.js')).learn({'no-days': 'Nothing has a day.'}, 'fr');"
        "const { Model } = await import('/static/canvas/model.js'); const model = new Model();"
        "new m.Timeline(document.getElementById('time'), model); model.merge(x); model.dispatchEvent(new Event('content'));"
        "return document.querySelector('[data-said]').textContent"
    )
    assert run(stage, "timeline", body, told) == said
