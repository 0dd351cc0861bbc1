"""Journeys through the shell in a real browser: at both sizes, by keyboard alone, without scripts, in the dark."""

from __future__ import annotations

import pytest
from web_browser import WIDE, barriers, fits, shoot

PAGES = {
    "home": "/",
    "check": "/check",
    "search": "/search?q=lantern",
    "entity": "/entity?of=group:copper+lantern",
    "path": "/path?start=shop-evil.com&goal=evil.com",
    "work": "/work",
    "summary": "/summary",
    "score": "/entity/score?of=group:copper+lantern",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_wide_window_without_barriers(page, name):
    page.goto(PAGES[name])
    shoot(page, f"{name}-wide")
    assert fits(page)
    assert barriers(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_without_barriers(phone, name):
    phone.goto(PAGES[name])
    shoot(phone, f"{name}-phone")
    assert fits(phone)
    assert barriers(phone) == []


def test_somebody_finds_a_gang_by_typing_and_reads_who_says_so(page):
    page.keyboard.press("/")
    page.keyboard.type("lantern", delay=5)
    page.wait_for_selector("#found a")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "copper lantern"
    assert "A report" in page.locator("main").inner_text()


def test_the_first_key_leads_past_the_shell_to_the_content(page):
    page.goto("/check")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_somebody_pastes_a_message_and_sees_what_is_known(page):
    page.goto("/check")
    page.fill("#text", "please pay to evil.com\nor brand-new-thing.com")
    page.click("main button.main")
    rows = page.locator("table.check tbody tr")
    assert rows.count() == 2
    assert "known" in rows.nth(0).inner_text()
    assert "new" in rows.nth(1).inner_text()
    shoot(page, "checked-wide")
    assert barriers(page) == []


def test_without_scripts_one_checks_searches_and_signs_out(browser, running):
    context = browser.new_context(viewport=WIDE, base_url=running.base, java_script_enabled=False)
    page = context.new_page()
    page.goto(running.link())
    page.fill("main #text", "evil.com")
    page.click("main button.main")
    assert "known" in page.locator("table.check").inner_text()
    page.fill("#find", "lantern")
    page.press("#find", "Enter")
    assert "copper lantern" in page.locator("main").inner_text()
    page.click(".menu summary")
    page.click("text=Sign out")
    assert page.url.endswith("/sign-in")
    context.close()


def test_in_the_dark_nothing_is_hard_to_read(page):
    page.click(".menu summary")
    page.click("text=Dark")
    page.goto(PAGES["entity"])
    shoot(page, "entity-dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert barriers(page) == []


def test_printed_the_dossier_stands_without_the_shell(page):
    page.goto(PAGES["entity"])
    page.emulate_media(media="print")
    shoot(page, "entity-print")
    assert page.locator("h1").is_visible()
    assert not page.locator(".top").is_visible()
    assert not page.locator(".places").is_visible()


HIDDEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one.matches('.skip')) return '';  // it lies above the bar
  const bars = [...document.querySelectorAll('.top, .places')].filter((bar) => !bar.contains(one));
  return bars.some((bar) => {
    const of = bar.getBoundingClientRect();
    return getComputedStyle(bar).position !== 'static' && box.top >= of.top && box.bottom <= of.bottom && of.width > innerWidth / 2;
  }) ? one.outerHTML.slice(0, 120) : '';
}"""


@pytest.mark.parametrize("path", ["/entity?of=group:copper+lantern", "/review", "/access"])
def test_no_bar_hides_what_is_in_focus_on_a_phone(phone, path):
    phone.goto(path)
    hidden = []
    for _ in range(60):
        phone.keyboard.press("Tab")
        hidden.append(phone.evaluate(HIDDEN))
    for _ in range(30):
        phone.keyboard.press("Shift+Tab")
        hidden.append(phone.evaluate(HIDDEN))
    assert [one for one in hidden if one] == []


SMALL = """() => [...document.querySelectorAll('main button, main summary, main input, main select, main textarea')]
  .filter((one) => one.type !== 'hidden' && one.getClientRects().length)
  .map((one) => (['checkbox', 'radio'].includes(one.type) ? one.closest('label') ?? one : one))
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([words]) => words)"""


@pytest.mark.parametrize(
    "path", [*PAGES.values(), "/choke", "/access", "/account", "/member/people", "/collect"]
)
def test_a_finger_hits_every_control_of_a_phone(phone, path):
    phone.goto(path)
    assert phone.evaluate(SMALL) == []


def test_bars_leave_a_page_that_is_magnified_fourfold_to_its_content(page):
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto("/entity?of=group:copper+lantern")
    assert fits(page)
    fixed = "[...document.querySelectorAll('body *')].filter((one) => ['fixed', 'sticky'].includes(getComputedStyle(one).position)).map((one) => one.className)"
    assert page.evaluate(fixed) == []


def test_a_word_to_choose_fills_its_whole_button(page, running):
    page.goto(running.link("vendor"))
    page.goto("/review")
    narrow = "[...document.querySelectorAll('.choice')].filter((one) => one.querySelector('span').offsetWidth < one.offsetWidth - 1).length"
    assert page.locator(".choice").count() >= 3
    assert page.evaluate(narrow) == 0


def test_on_a_phone_a_claim_its_question_and_the_button_are_in_sight_at_once(phone, running):
    phone.goto(running.link("vendor"))
    phone.goto("/review")
    claim, button, foot = (
        phone.locator(part).first.bounding_box()
        for part in ("article.claim h2", "form.vote .main", ".places")
    )
    assert claim["y"] >= 0
    assert button["y"] + button["height"] <= foot["y"]
    assert not phone.locator("dl.keys").is_visible(), "there is no keyboard"
