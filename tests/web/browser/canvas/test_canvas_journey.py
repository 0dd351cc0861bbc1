"""An investigator's way over the map in a real browser: by mouse, by finger, by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from canvas_stage import AXE, begin_anew, open_map, state, until
from web_world import EVIL, GANG, SHOP, WALLET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def bank(web: Any) -> Any:
    return web.signed_in("bank")


@pytest.fixture(scope="module")
def opened(chromium: Any, bank: Any) -> Iterator[Page]:
    page, context = open_map(chromium, bank, "/map?of=evil.com")
    yield page
    context.close()


@pytest.fixture
def page(opened: Page) -> Page:
    """The map around evil.com on a wide screen, with nothing done to it yet."""
    begin_anew(opened)
    return opened


@pytest.fixture
def desk(chromium: Any, bank: Any) -> Iterator[Any]:
    """Open a page in another way: `desk("/map?of=evil.com", viewport=PHONE)`."""
    made = []

    def go(path: str, **how: Any) -> Page:
        page, context = open_map(chromium, bank, path, **how)
        made.append(context)
        return page

    yield go
    for one in made:
        one.close()


def names(page: Page) -> set[str]:
    return set(state(page)["shown"])


def where(page: Page, name: str) -> tuple[float, float]:
    """Where a thing is on the screen."""
    x, y = page.evaluate(
        "(id) => { const s = map.model.spots.get(id), t = map.view.transform; return [s.x * t.k + t.x, s.y * t.k + t.y]; }",
        name,
    )
    box = page.locator("canvas").bounding_box()
    assert box
    return box["x"] + x, box["y"] + y


def test_the_map_shows_what_is_around_a_thing_and_says_what_it_is(page):
    assert names(page) == {str(EVIL), str(GANG), str(SHOP), str(WALLET)}
    assert "evil[.]com" in page.inner_text("[data-part=panel]")
    assert page.problems == []


def test_a_click_selects_and_the_panel_tells(page):
    page.mouse.click(*where(page, str(GANG)))
    assert state(page)["chosen"] == [str(GANG)]
    until(page, "() => document.querySelector('.panel h2').textContent === 'copper lantern'")
    until(page, "() => document.querySelectorAll('.branch').length > 0")
    assert "all shown" in page.inner_text(".grow")


def test_a_hidden_thing_comes_back_by_undo(page):
    page.mouse.click(*where(page, str(WALLET)))
    page.keyboard.press("h")
    assert str(WALLET) not in names(page)
    page.keyboard.press("Control+z")
    assert str(WALLET) in names(page)
    page.keyboard.press("Control+y")
    assert str(WALLET) not in names(page)


def test_an_expansion_brings_back_what_was_hidden(page):
    page.mouse.click(*where(page, str(SHOP)))
    page.keyboard.press("Delete")
    page.mouse.click(*where(page, str(GANG)))
    until(page, "() => document.querySelectorAll('.branch:not(:disabled)').length >= 0")
    page.evaluate(
        "() => map.expand(map.model.spots.get('group:copper lantern'), {property: 'attributed-to', backward: true})"
    )
    until(page, "() => map.model.shown().spots.length === 4")


def test_dragging_moves_and_pins_a_thing_and_nothing_else(page):
    before = page.evaluate(
        "() => Object.fromEntries([...map.model.spots].map(([id, s]) => [id, [s.x, s.y]]))"
    )
    x, y = where(page, str(GANG))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 40, steps=4)
    page.mouse.up()
    after = page.evaluate(
        "() => Object.fromEntries([...map.model.spots].map(([id, s]) => [id, [s.x, s.y, s.pinned]]))"
    )
    assert after[str(GANG)][2]
    assert after[str(GANG)][0] > before[str(GANG)][0]
    assert {name: place[:2] for name, place in after.items() if name != str(GANG)} == {
        name: place for name, place in before.items() if name != str(GANG)
    }


def test_a_loop_selects_what_lies_in_it(page):
    x, y = where(page, str(GANG))
    page.click("[data-part=lasso]")
    page.mouse.move(x - 30, y - 30)
    page.mouse.down()
    for dx, dy in ((30, -30), (30, 30), (-30, 30), (-30, -28)):
        page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()
    assert state(page)["chosen"] == [str(GANG)]


def test_two_selected_things_are_tied_by_a_lit_path_with_its_evidence(page):
    page.mouse.click(*where(page, str(EVIL)))
    page.keyboard.down("Control")
    page.mouse.click(*where(page, str(SHOP)))
    page.keyboard.up("Control")
    page.click("[data-part=path-chosen]")
    until(page, "() => map.selection.path?.lines.size === 2")
    said = page.inner_text("[data-part=panel]")
    assert "copper lantern" in said
    assert "A list" in said or "A report" in said


def test_every_layout_places_every_thing(page):
    for layout in ("layered", "world", "force"):
        page.select_option("[data-part=layout]", layout)
        until(
            page,
            f"() => map.model.layout === '{layout}' && [...map.model.spots.values()].every((s) => Number.isFinite(s.x + s.y))",
        )
    assert page.problems == []


def test_the_map_is_a_table_too_and_the_table_selects(page):
    page.keyboard.press("t")
    assert page.locator("[data-part=table] table").count() == 2
    rows = page.locator("[data-part=table] table").first.locator("tbody tr")
    assert rows.count() == 4
    page.get_by_role("button", name="copper lantern").first.click()
    assert state(page)["chosen"] == [str(GANG)]


def test_two_things_are_selected_in_the_table_for_a_path_by_keyboard_too(page):
    page.keyboard.press("t")
    things = page.locator("[data-part=table] table").first.locator("tbody button")
    things.nth(0).focus()
    page.keyboard.press("Enter")
    things.nth(1).click(modifiers=["Control"])
    assert len(state(page)["chosen"]) == 2
    assert [one.get_attribute("aria-pressed") for one in things.all()] == ["true", "true", "false", "false"]
    assert page.locator("[data-part=path-chosen]").is_enabled()
    things.nth(0).click(modifiers=["Control"])
    assert len(state(page)["chosen"]) == 1


def test_days_in_the_table_are_written_as_the_page_writes_them(page):
    page.keyboard.press("t")
    cells = page.locator("[data-part=table] table").nth(1).locator("tbody td").all_inner_texts()
    assert "1 Mar 2025" in cells
    assert "2025-03-01" not in cells


def test_the_whole_way_by_keyboard_alone(page):
    page.focus("[data-part=undo]")
    page.locator("canvas").focus()
    seen = set()
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp") * 3:
        page.keyboard.press(key)
        seen.add(page.inner_text("[data-part=spoken]"))
    assert len(seen) > 1, "each step is spoken"
    page.keyboard.press(" ")
    assert len(state(page)["chosen"]) == 1
    before = state(page)["k"]
    page.keyboard.press("+")
    until(page, f"() => map.view.transform.k > {before}")
    page.keyboard.press("0")
    page.keyboard.press("p")
    assert page.evaluate("() => map.selection.spots()[0].pinned")
    page.keyboard.press("h")
    assert len(names(page)) == 3


def test_a_view_is_kept_and_opened_again(page):
    page.click("[data-part=keep-view]")
    page.fill("#view-title", 'mine "\u202e<b>')
    page.click("dialog .main")
    until(page, "() => document.querySelectorAll('[data-list] .thing').length > 0")
    assert "<b>" in page.inner_text("[data-list]")
    page.evaluate("() => map.hide(['group:copper lantern'])")
    page.locator("[data-list] .thing").first.click()
    until(page, "() => map.model.shown().spots.length === 4")


@pytest.mark.parametrize("form", ["png", "svg", "graphml", "stix"])
def test_the_map_leaves_as_a_file(page, form, tmp_path):
    page.click(".menu-of-forms summary")
    with page.expect_download() as download:
        page.click(f"[data-export={form}]")
    download.value.save_as(tmp_path / "map")
    data = (tmp_path / "map").read_bytes()
    begins = {"png": b"\x89PNG", "svg": b"<svg", "graphml": b"<?xml", "stix": b"{"}
    assert data.startswith(begins[form])


def test_a_file_is_named_by_how_far_it_may_go(page):
    page.click(".menu-of-forms summary")
    page.select_option("[data-part=export-label]", "TLP:AMBER+STRICT")
    with page.expect_download() as download:
        page.click("[data-export=graphml]")
    assert download.value.suggested_filename == "map-amber-strict.graphml"


def test_a_hostile_name_is_drawn_as_text(page):
    page.evaluate(
        "(label) => { map.model.merge({nodes: [{id: 'group:h', kind: 'group', label, name: 'Group', icon: 'users'}], lines: []}); map.choose('group:h'); }",
        "safe\u202egnp.exe <script>alert(1)</script>\u0000" + "x" * 10_000,
    )
    page.keyboard.press("t")
    for part in ("panel", "table"):
        said = page.inner_text(f"[data-part={part}]")
        assert "\u202e" not in said
        assert "⟨U+202E⟩gnp.exe <script>" in said
    assert page.evaluate("() => document.querySelectorAll('main script').length") == 0
    assert page.problems == []


def test_an_unknown_thing_leaves_an_empty_map_and_says_so(desk):
    page = desk("/map?of=nobody.example", empty=True)
    until(page, "() => document.querySelector('[data-part=status]').textContent !== ''")
    assert names(page) == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(desk, scheme, viewport):
    page = desk("/map?of=evil.com", viewport=viewport, color_scheme=scheme)
    page.mouse.click(*where(page, str(GANG)))
    until(page, "() => document.querySelectorAll('.branch').length > 0")
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map((v) => [v.id, v.nodes.map((n) => n.target.join(' ')).slice(0, 4)])"
    )
    assert found == []


def test_nothing_is_wider_than_a_phone(desk):
    page = desk("/map?of=evil.com", viewport=PHONE, has_touch=True)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert page.locator("canvas").bounding_box()["height"] > 300


def test_a_tap_selects_on_a_phone(desk):
    page = desk("/map?of=evil.com", viewport=PHONE, has_touch=True)
    page.touchscreen.tap(*where(page, str(GANG)))
    until(page, "() => map.selection.ids.has('group:copper lantern')")


def test_two_fingers_zoom(desk):
    page = desk("/map?of=evil.com", viewport=PHONE, has_touch=True)
    before = state(page)["k"]
    client = page.context.new_cdp_session(page)
    box = page.locator("canvas").bounding_box()
    x, y = box["x"] + 40, box["y"] + 40
    for kind, gap in (("touchStart", 20), ("touchMove", 60), ("touchMove", 120), ("touchEnd", None)):
        points = [] if gap is None else [{"x": x, "y": y, "id": 0}, {"x": x + gap, "y": y + gap, "id": 1}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    until(page, f"() => map.view.transform.k > {before} * 1.5")


def test_motion_is_left_out_for_whoever_asks(desk):
    page = desk("/map?of=evil.com", reduced_motion="reduce")
    before = state(page)["k"]
    page.click("[data-part=near]")
    assert state(page)["k"] > before, "at once, not by and by"


def test_whoever_acts_in_the_panel_by_keyboard_stays_on_their_button_or_at_least_in_the_panel(page):
    until(page, "() => document.querySelectorAll('.branch').length > 0")
    page.locator("[data-key=pin]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.dataset.key") == "pin"
    assert page.evaluate("() => map.selection.spots()[0].pinned")
    page.evaluate("() => map.selection.clear()")
    assert page.evaluate("() => document.activeElement.dataset.part") == "panel"
