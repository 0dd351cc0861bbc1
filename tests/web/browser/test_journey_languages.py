"""Pages in scripts that run the other way or know no spaces, on a phone in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_world import chain
from desk_world import World
from web_browser import PHONE, Running, barriers, fits, shoot

from chokepoint.desk.gather import GatherOptions, gather
from chokepoint.model.marking import Viewer

REAL = Path(__file__).parents[2] / "data" / "collect" / "operations.csv"
PAGES = {
    "choke": "/choke",
    "review": "/review",
    "impact": "/impact",
    "effect": "/impact/Secure",
    "cases": "/case",
    "ledger": "/ledger",
}
CUT = """() => [...document.querySelectorAll("body *")].filter(one => {
    const box = one.getBoundingClientRect(), drawing = one.closest("svg")?.getBoundingClientRect();
    if (box.width < 2 || !one.textContent.trim() || one.matches("select, option")) return false;
    if (drawing) return one.matches("text") && (box.left < drawing.left - 1 || box.right > drawing.right + 1);
    const hidden = ["hidden", "clip"].includes(getComputedStyle(one).overflowX);
    return hidden && one.scrollWidth > one.clientWidth + 1;
}).map(one => one.outerHTML.slice(0, 160))"""
"""What is wider than the box that hides the rest of it: words cut off, and words that leave their drawing."""


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A running desk on a vetted chain, where the choke board has a plan to show."""
    world = World(Path(tmp_path_factory.mktemp("market")) / "atlas")
    for member in ("bank", "police", "vendor"):
        world.join(member)
    chain(world)
    desk = Running(world.folder)
    yield desk
    desk.stop()
    for atlas in world.opened:
        atlas.engine.dispose()


@pytest.fixture(scope="module", params=["ar", "th"])
def reading(browser, running, market, request):
    """A phone whose owner reads this language, at a desk with figures and at one with a chain."""
    gather(running.office.opened_by(Viewer(organisation="vendor")), [REAL], GatherOptions())
    phones = {}
    for desk in (running, market):
        phones[desk] = browser.new_context(
            viewport=PHONE, base_url=desk.base, locale=request.param
        ).new_page()
        phones[desk].goto(desk.link())

    def read(name):
        phone = phones[market if name == "choke" else running]
        phone.goto(PAGES[name])
        shoot(phone, f"{name}-{request.param}")
        return phone

    read.language = request.param
    yield read
    for phone in phones.values():
        phone.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_another_script_fits_a_phone_and_cuts_nothing(reading, name):
    phone = reading(name)
    assert phone.get_attribute("html", "lang") == reading.language
    assert fits(phone)
    assert phone.evaluate(CUT) == []
    assert barriers(phone) == []


def test_a_plan_uses_the_whole_width_of_a_phone_for_what_it_strikes(reading):
    phone = reading("choke")
    target = phone.locator(".plan tbody th").first.bounding_box()
    assert target["width"] > 0.9 * phone.locator(".plan").bounding_box()["width"]


def test_drawings_and_the_words_of_a_source_keep_their_own_direction(reading):
    drawn = reading("choke").locator(".drawn svg:visible").first
    assert drawn.evaluate("one => getComputedStyle(one).direction") == "ltr"
    quoted = reading("review").locator(".quote blockquote div").first
    assert quoted.evaluate("one => getComputedStyle(one).direction") == "ltr"
