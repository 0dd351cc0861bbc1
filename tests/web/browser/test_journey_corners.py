"""Corners of the desk that hold something at rare moments alone: seen at both sizes, with no barrier in them."""

from __future__ import annotations

import pytest
from web_browser import PHONE, WIDE, barriers, fits, shoot
from web_world import say

from chokepoint.desk.connect import connect
from chokepoint.desk.people.asking import ask_to_join
from chokepoint.desk.people.circle import make_group
from chokepoint.model.claim import Interval
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer

LAPSED = Entity("domain-name", "lapsed-shop.com")
OLD_SHOP, LATER = Entity("organisation", "the lapsed shop"), Entity("campaign", "lapsed squirrel")
EARLY = Interval(start="2016-01-01", end="2017-01-01")
LATE = Interval(start="2024-01-01", end="2024-03-01")
ROOM = "document.querySelector('{}').getBoundingClientRect().{}"


@pytest.fixture(scope="module", autouse=True)
def corners(running):
    """A domain that changed hands, and requests that wait on both sides."""

    def opened(who):
        return running.office.opened_by(Viewer(organisation=who))

    bank = opened("bank")
    for number, (sentence, when) in enumerate(
        (((OLD_SHOP, "website", LAPSED), EARLY), ((LAPSED, "indicates", LATER), LATE))
    ):
        say(bank, f"corner {number}", CLEAR, (sentence,), observed=when, grade="A1")
    connect(bank)
    make_group(bank, "Harbour", ["bank"])
    make_group(opened("police"), "Quay", ["police"])
    ask_to_join(opened("police"), "bank", "Harbour", "we work on the same shops " * 8)
    ask_to_join(bank, "police", "Quay", "to see what you see")


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def window(request, browser, running):
    """A window of the bank."""
    context = browser.new_context(viewport=request.param, base_url=running.base)
    page = context.new_page()
    page.goto(running.link())
    page.size = "wide" if request.param is WIDE else "phone"
    yield page
    context.close()


def test_a_dossier_with_several_lives_fits_without_barriers(window):
    window.goto(f"/entity?of={LAPSED}")
    shoot(window, f"lives-{window.size}")
    assert window.locator(".lives ol li").count() == 2
    assert fits(window)
    assert barriers(window) == []


def test_requests_to_come_into_a_group_fit_without_barriers(window):
    window.goto("/member/groups")
    shoot(window, f"requests-{window.size}")
    text = window.locator("main").inner_text()
    assert "Who asks to come in" in text
    assert "What you asked for" in text
    assert fits(window)
    assert barriers(window) == []


def test_the_map_with_its_exports_open_fits_without_barriers(window):
    window.goto(f"/map?of={LAPSED}")
    window.wait_for_function("!document.querySelector('[data-from]').disabled")
    window.click("details.menu-of-forms summary")
    shoot(window, f"exports-{window.size}")
    assert fits(window)
    inside = [window.evaluate(ROOM.format(".drop select", side)) for side in ("left", "right")]
    assert 0 <= inside[0] < inside[1] <= window.viewport_size["width"]
    assert barriers(window) == []


def test_the_handles_of_the_timeline_never_lie_over_each_other(window):
    window.goto(f"/map?of={LAPSED}")
    window.wait_for_function("!document.querySelector('[data-from]').disabled")
    told = [window.locator("[data-said]").inner_text()]
    for handle, key in (("from", "ArrowRight"), ("to", "ArrowLeft"), ("from", "End")):
        window.locator(f"[data-{handle}]").press(key)
        told.append(window.locator("[data-said]").inner_text())
    assert len(set(told)) == 4, "each handle moves one end alone"
    upper, lower = (window.locator(f"[data-{one}]").bounding_box() for one in ("from", "to"))
    assert upper["y"] + upper["height"] <= lower["y"]
    assert min(upper["height"], lower["height"]) >= 24


@pytest.mark.parametrize("address", [f"/entity?of={LAPSED}", "/search?q=lapsed", "/check"])
def test_on_paper_a_table_stays_a_table(browser, running, address):
    """A sheet of A4 is narrower than a tablet, and no phone."""
    context = browser.new_context(viewport={"width": 718, "height": 1016}, base_url=running.base)
    page = context.new_page()
    page.goto(running.link())
    page.goto(address)
    if address == "/check":
        page.fill("#text", "please pay to evil.com")
        page.click("main button.main")
    shape = "() => getComputedStyle(document.querySelector('main table tbody tr:last-child')).display"
    assert page.evaluate(shape) == "block"
    page.emulate_media(media="print")
    shoot(page, "paper" + address[:7].replace("/", "-"))
    assert page.evaluate(shape) == "table-row"
    assert fits(page)
    context.close()


def test_on_paper_the_answer_of_the_choke_board_takes_the_width_of_the_sheet(browser, running):
    context = browser.new_context(viewport={"width": 718, "height": 1016}, base_url=running.base)
    page = context.new_page()
    page.goto(running.link())
    page.goto("/choke")
    page.emulate_media(media="print")
    shoot(page, "paper-choke")
    assert page.evaluate("document.querySelector('#answer').getBoundingClientRect().width") > 650
    assert fits(page)
    context.close()


def test_without_scripts_the_map_is_a_table_that_leads_on_and_shows_no_dead_tools(browser, running):
    context = browser.new_context(viewport=WIDE, base_url=running.base, java_script_enabled=False)
    page = context.new_page()
    page.goto(running.link())
    page.goto(f"/map?of={LAPSED}")
    shoot(page, "map-without-scripts")
    assert not page.locator("[data-part=lasso]").is_visible()
    assert not page.locator("[data-from]").is_visible()
    page.click(".table tbody a:has-text('lapsed-shop')")
    assert "lapsed-shop[.]com" in page.locator("h1").inner_text()
    page.goto("/review")
    assert page.locator("kbd:visible").count() == 0
    context.close()
