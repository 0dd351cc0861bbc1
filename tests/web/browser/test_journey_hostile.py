"""What criminals write, in a real browser: nothing of it runs, and no page becomes wider than its window."""

from __future__ import annotations

import pytest
from web_browser import PHONE, WIDE, barriers, fits, shoot
from web_world import say

from chokepoint.desk.people.circle import make_group
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer

ENDLESS = "W" * 900
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)></title></textarea>\"'><svg/onload=alert(3)>"
FORMULA, TEMPLATE, TURNED = (
    "=cmd|' /C calc'!A0",
    "{{7*7}} {% raise %} ${x} %(x)s {x}",
    "abc\u202egnp.exe\u2066",
)
THING = Entity("domain-name", "wild-words.example")
LOST = Entity("group", f"nobody of {ENDLESS}")
PAGES = {
    "dossier": f"/entity?of={THING}",
    "unknown": f"/path?start={ENDLESS}&goal=evil.com",
    "home": "/",
    "work": "/work",
    "cases": "/case",
    "groups": "/member/groups",
    "found": "/search?q=wild",
    "map": f"/map?of={THING}",
}


@pytest.fixture(scope="module", autouse=True)
def wild(running):
    """A thing of which all is said that hurts, whose publishers, cases and groups are called so too."""
    bank = running.office.opened_by(Viewer(organisation="bank"))
    for number, words in enumerate((ENDLESS, SCRIPT, FORMULA, TEMPLATE, TURNED)):
        sentences = (
            (THING, "description", words),
            (THING, "attributed-to", Entity("group", f"wild {words}")),
        )
        say(bank, f"{words} {number}", CLEAR, sentences)
        draft = Case(id="", title=words, purpose=words, owner="bank", review_date="2099-01-01", marking=CLEAR)
        open_case(bank, draft)
    for words in (ENDLESS[:200], SCRIPT):
        make_group(bank, words, ["bank", "police"])


@pytest.fixture(scope="module", params=[WIDE, PHONE], ids=["wide", "phone"])
def window(request, browser, running):
    """A window in which dialogs, requests to elsewhere and mistakes of scripts are written down."""
    context = browser.new_context(viewport=request.param, base_url=running.base)
    page = context.new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("dialog", lambda shown: (page.wrong.append(shown.message), shown.dismiss()))
    page.on("console", lambda told: page.wrong.append(told.text) if told.type == "error" else None)
    page.on("request", lambda one: None if one.url.startswith(running.base) else page.wrong.append(one.url))
    page.goto(running.link())
    page.size = "wide" if request.param is WIDE else "phone"
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_what_criminals_write_breaks_no_page(window, name):
    window.goto(PAGES[name])
    shoot(window, f"wild-{name}-{window.size}")
    assert fits(window)
    assert barriers(window) == []
    assert window.wrong == []


def test_a_word_without_end_leaves_the_words_beside_it_whole(window):
    window.goto("/member/groups")
    lines = "(e) => { const all = document.createRange(); all.selectNodeContents(e); return all.getClientRects().length }"
    for word in window.locator("main td bdi", has_text="bank").all()[:1]:
        assert word.evaluate(lines) == 1
