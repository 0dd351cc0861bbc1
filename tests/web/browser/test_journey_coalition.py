"""Members, the access log and files brought in, in a real browser: both sizes, without scripts, by keyboard."""

from __future__ import annotations

import io
import re

import pytest
from web_browser import PHONE, WIDE, barriers, fits, shoot
from web_world import EVIL

from chokepoint.desk.people.circle import make_group
from chokepoint.desk.people.staff import appoint, invite, join
from chokepoint.desk.watch.access import saw
from chokepoint.desk.watch.oversight import flag_safety
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role
from chokepoint.web.show.account import Wishes

PAGES = {
    "members": "/member",
    "member": "/member/one?name=vendor",
    "people": "/member/people",
    "groups": "/member/groups",
    "access": "/access",
    "corrected": "/access/corrected",
    "subject": "/access/subject?of=evil.com",
    "collect": "/collect",
}
TABLE = b"domain,ip\nevil-one.com,10.2.3.4\nbad line,999.1.1.1\n"


@pytest.fixture(scope="module", autouse=True)
def lived_in(running):
    """People, a group, looks, a flag and an overseer on the running desk."""
    office = running.office

    def opened(who):
        organisation, _, user = who.partition("/")
        return office.opened_by(Viewer(organisation=organisation, user=user))

    roles = (Role.ADMINISTRATOR, Role.INVESTIGATOR)
    join(opened("vendor/olga"), invite(opened("vendor"), "olga", roles))
    invite(opened("vendor"), "ben", [Role.VETTER])
    appoint(opened("bank"), "vendor/olga", Role.OVERSEER)
    make_group(opened("vendor"), "Lamp", ["vendor", "police"])
    for who in ("bank", "police"):
        saw(opened(who), "look", f"asked by {who}: a longer question about evil.com and others", [EVIL])
    flag_safety(opened("police"), EVIL, "a witness runs it")


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def olga(request, browser, running):
    """A window of an overseer who also leads her organisation's people."""
    context = browser.new_context(viewport=request.param, base_url=running.base)
    page = context.new_page()
    page.goto(running.link("vendor/olga"))
    page.size = "wide" if request.param is WIDE else "phone"
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_without_barriers(olga, name):
    olga.goto(PAGES[name])
    shoot(olga, f"{name}-{olga.size}")
    assert fits(olga)
    assert barriers(olga) == []


def test_what_came_in_is_read_at_both_sizes_without_barriers(olga, running):
    intake, viewer = running.office.intake, Viewer(organisation="vendor", user="olga")
    name = intake.take(viewer, [("รายการ <b>.csv", io.BytesIO(TABLE))], Wishes(confirmed=True))
    intake.settle()
    olga.goto(f"/collect/{name}")
    shoot(olga, f"sent-{olga.size}")
    assert fits(olga)
    assert barriers(olga) == []
    assert "line 3" in olga.locator("table.refused").inner_text()


def test_each_dropped_file_is_sent_on_its_own_and_says_what_became_of_it(page):
    page.goto("/collect")
    files = [
        {"name": "list.txt", "mimeType": "text/plain", "buffer": b"evil-nine.com\nevil-ten.com\n"},
        {"name": "รายการ\u202e.csv", "mimeType": "text/csv", "buffer": TABLE},
        {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
    ]
    page.set_input_files("#file", files)
    page.click("#collect button.main")
    row = page.locator("#sent li")
    row.nth(2).locator("a:has-text('refused')").wait_for()
    shoot(page, "collect-sent-wide")
    assert "2 new claims" in row.nth(0).inner_text()
    assert "<U+202E>" in row.nth(1).inner_text()
    assert "3 refused" in row.nth(1).inner_text()
    assert "0 new claims" in row.nth(2).inner_text()
    page.locator("#last tbody tr").nth(2).wait_for()
    row.nth(1).locator("a").click()
    assert "รายการ" in page.locator("main").inner_text()
    assert "line 3" in page.locator("table.refused").inner_text()


LOST = """() => {
  const given = window.fetch;
  window.fetch = (at, ...more) => (at === '/collect' ? Promise.reject(new TypeError('gone')) : given(at, ...more));
}"""


def test_a_list_that_cannot_be_fetched_anew_keeps_no_later_file_from_being_sent(page):
    page.goto("/collect")
    page.evaluate(LOST)
    for number in range(2):
        given = {"name": f"late{number}.txt", "mimeType": "text/plain", "buffer": b"evil-late.com\n"}
        page.set_input_files("#file", [given])
        page.click("#collect button.main")
        page.locator("#sent li").nth(number).locator("a:has-text('new claim')").wait_for()


def test_every_file_of_a_chosen_folder_is_sent_and_told_by_its_path(page, tmp_path):
    (tmp_path / "seized" / "phone").mkdir(parents=True)
    (tmp_path / "seized" / "a.txt").write_text("evil-folder-one.com\n", "utf-8")
    (tmp_path / "seized" / "phone" / "a.txt").write_text("evil-folder-two.com\n", "utf-8")
    page.goto("/collect")
    page.set_input_files("#folder", tmp_path / "seized")
    page.locator("#sent li").nth(1).locator("a:has-text('new claim')").wait_for()
    paths = page.locator("#sent li bdi").all_inner_texts()
    assert sorted(paths) == ["seized/a.txt", "seized/phone/a.txt"]


FOLDER = """async () => {
  const file = (path) => ({isFile: true, fullPath: path, file: (done) => done(new File([path], path.split('/').at(-1)))});
  const folder = (path, ...parts) => ({isDirectory: true, fullPath: path, createReader: () => {
    const rest = [...parts]; return {readEntries: (done) => done(rest.splice(0, 2))}; }});
  const many = Array.from({length: 5}, (_, at) => file(`/case/many/${at}.txt`));
  const dropped = [folder('/case', file('/case/b.txt'), folder('/case/many', ...many), folder('/case/none')), file('/a.txt')];
  const {filesOf} = await import('/static/js/folder.js');
  return (await filesOf(dropped)).map((one) => [one.path, one.file.name]);
}"""


def test_a_dropped_folder_is_taken_apart_to_its_last_file(page):
    """A browser hands a folder over a few files at a time, and folders in it as folders."""
    page.goto("/collect")
    many = [(f"case/many/{at}.txt", f"{at}.txt") for at in range(5)]
    found = [tuple(one) for one in page.evaluate(FOLDER)]
    assert found == [("a.txt", "a.txt"), ("case/b.txt", "b.txt"), *many]


def test_a_file_too_large_is_told_before_it_is_sent(page):
    page.goto("/collect")
    page.evaluate("document.getElementById('collect').dataset.largest = 3")
    page.set_input_files("#file", [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"evil-big.com"}])
    page.click("#collect button.main")
    assert "more than 64 MB" in page.locator("#sent li").inner_text()


def test_what_was_sent_is_read_though_the_window_is_closed(browser, running):
    context = browser.new_context(viewport=WIDE, base_url=running.base)
    page = context.new_page()
    page.goto(running.link("police"))
    page.goto("/collect")
    page.set_input_files(
        "#file", [{"name": "left.txt", "mimeType": "text/plain", "buffer": b"evil-left.com"}]
    )
    with page.expect_request(lambda asked: asked.method == "POST"):
        page.click("#collect button.main")
    page.locator("#sent li a").wait_for()
    context.close()
    running.office.intake.settle()
    sent = running.office.intake.of(Viewer(organisation="police"))
    assert [(one.names, one.state, one.account.new) for one in sent] == [(("left.txt",), "done", 1)]


def test_without_scripts_files_are_sent_people_invited_and_the_log_filtered(browser, running):
    context = browser.new_context(viewport=PHONE, base_url=running.base, java_script_enabled=False)
    page = context.new_page()
    page.goto(running.link("vendor/olga"))
    page.goto("/collect")
    page.set_input_files(
        "#file", [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"evil-six.com"} for n in (1, 2)]
    )
    page.select_option("#tlp", "green")
    page.click("main button.main")
    assert re.search(r"/collect/[0-9a-f]{32}$", page.url)
    assert "File by file" in page.content()
    page.goto("/member/people")
    page.fill("#user", "kim")
    page.check("input[name=role][value=vetter] >> nth=-1")
    page.click("main button.main")
    assert "/join/vendor/kim/" in page.locator("#link").inner_text()
    page.goto("/access")
    page.fill("#who", "bank")
    page.click("main form[role=search] button")
    assert "who=bank" in page.url
    assert "asked by bank" in page.locator("table.log").inner_text()
    assert "asked by police" not in page.locator("table.log").inner_text()
    page.click("text=Lift it >> nth=0")
    page.fill("input[name=reason] >> nth=0", "the witness is safe")
    page.click("details[open] button")
    assert "a witness runs it" not in page.content()
    context.close()


def test_by_keyboard_alone_a_group_is_made(page):
    page.goto("/member/groups")
    page.focus("#name")
    page.keyboard.type("Copper")
    page.keyboard.press("Tab")
    page.keyboard.type("bank, police")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Copper" in page.locator("main table").inner_text()


def test_on_a_phone_every_place_is_two_taps_away(phone):
    phone.goto("/")
    phone.click("details.menu summary")
    shoot(phone, "menu-phone")
    assert fits(phone)
    assert barriers(phone) == []
    phone.click(".rest a:has-text('Access log')")
    phone.wait_for_url("**/access")
