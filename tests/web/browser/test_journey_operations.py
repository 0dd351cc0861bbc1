"""From a case over an operation to its impact in a real browser: both sizes, without scripts, by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from web_browser import WIDE, barriers, fits, shoot

from chokepoint.desk.gather import GatherOptions, gather
from chokepoint.model.marking import Viewer

REAL = Path(__file__).parents[2] / "data" / "collect" / "operations.csv"
PAGES = {
    "cases": "/case",
    "packages": "/package",
    "operations": "/operation",
    "impact": "/impact",
    "effect": "/impact/Secure",
}


@pytest.fixture(scope="module", autouse=True)
def real(running):
    """Figures of real operations on the running desk."""
    gather(running.office.opened_by(Viewer(organisation="vendor")), [REAL], GatherOptions())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_chains_end_fits_a_wide_window_without_barriers(page, name):
    page.goto(PAGES[name])
    shoot(page, f"{name}-wide")
    assert fits(page)
    assert barriers(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_chains_end_fits_a_phone_without_barriers(phone, name):
    phone.goto(PAGES[name])
    shoot(phone, f"{name}-phone")
    assert fits(phone)
    assert barriers(phone) == []


def test_without_scripts_a_case_becomes_an_operation_with_an_action(browser, running):
    context = browser.new_context(viewport=WIDE, base_url=running.base, java_script_enabled=False)
    page = context.new_page()
    page.goto(running.link())
    page.goto("/case")
    page.fill("#title", "Lanterns")
    page.fill("#purpose", "victim reports")
    page.fill("#review", "2099-01-31")
    page.click("main button.main")
    page.fill("#task", "ask the registrar")
    page.click("main form.row:has(#task) button")
    page.click("main button:has-text('Done')")
    page.click("text=Open an operation from it")
    assert page.input_value("#basis").startswith("case-")
    page.fill("#name", "Lantern")
    page.fill("#partners", "KE, GH:Police")
    page.click("main button.main")
    page.fill("#target", "evil.com")
    page.fill("#on", "2026-01-05")
    page.fill("#by", "Verisign")
    page.click("main button.main")
    assert "evil[.]com" in page.locator("table").inner_text()
    page.click("text=What it achieved")
    assert "What would have happened anyway is not known" in page.locator("main").inner_text()
    context.close()


def test_by_keyboard_alone_another_measure_is_put_on_the_map(page):
    page.goto("/impact")
    page.focus("#measure")
    page.keyboard.type("losses")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".besides caption").inner_text().lower() == "losses (usd)"
    assert page.locator("svg.world path.c5").count() > 0


def test_why_something_was_not_added_opens_by_keyboard(page):
    page.goto("/impact")
    page.focus("main summary")
    page.keyboard.press("Enter")
    assert "which counts what they counted" in page.locator("main details[open]").first.inner_text()
