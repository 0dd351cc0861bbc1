"""What a page says of itself on paper: its label in head and foot, for whom and on which day."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown
from web_world import EVIL, GANG, SECRET, SHOP, confirm_all, say

import chokepoint.web
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.looking.look import show
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from web_desk import Person

STATIC = Path(chokepoint.web.__file__).parent / "static"
SHEET = (STATIC / "css" / "print.css").read_text("utf-8")


def label(person: Person, path: str) -> str | None:
    """What a page is printed under."""
    answer = person.get(path)
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text).css_first("html").attributes.get("data-tlp")


def changed(content: bytes, how: Callable[[str, bytes], bytes]) -> bytes:
    """A zipped package, each file of which went through `how`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, how(name, old.read(name)))
    return out.getvalue()


def dossier(entity: Entity) -> str:
    return f"/entity?of={quote(str(entity))}"


@pytest.mark.parametrize("tlp", list(Tlp))
def test_each_label_has_sheets_that_say_it_on_top_and_below(tlp):
    name = tlp.name.lower()
    (sheet,) = re.findall(rf"@page {name} {{(.*)}}", SHEET)
    for corner in ("@top-right", "@bottom-right"):
        assert re.search(rf'{corner} {{ content: "{re.escape(tlp.label)}"; font: bold 12pt', sheet)
    assert f'[data-tlp="{name}"] body {{ page: {name}; }}' in SHEET


def test_the_label_is_in_ink_as_printers_leave_out_what_lies_behind_letters():
    for box in re.findall(r'content: "TLP:[^}]*', SHEET):
        assert "color: #000;" in box
        assert "background" not in box


def test_sheets_are_numbered_in_digits_that_no_language_turns_round():
    (number,) = re.findall(r"@bottom-center {([^}]*)}", SHEET)
    assert 'counter(page) " / " counter(pages)' in number
    assert "direction: ltr" in number


def test_a_dossier_bears_the_strictest_label_of_its_claims(web):
    assert label(web.signed_in("bank"), dossier(SHOP)) == "clear"
    assert label(web.signed_in("police"), dossier(EVIL)) == "red"


def test_a_dossier_bears_no_label_of_a_claim_that_its_reader_does_not_see(web):
    assert label(web.signed_in("bank"), dossier(EVIL)) == "clear"


def test_a_dossier_of_things_that_bear_no_strict_claim_is_not_closed_by_others(web):
    assert label(web.signed_in("police"), dossier(SHOP)) == "clear"


@pytest.mark.parametrize(
    "path",
    [
        *("/summary", "/choke", "/impact", "/search?q=evil", "/map", "/path", "/review", "/review/record"),
        *("/access", "/access/corrected", "/entity/score?of=evil.com"),
    ],
)
def test_what_is_reckoned_from_the_whole_map_bears_the_strictest_label_in_it(web, path):
    assert label(web.signed_in("police"), path) == "red"
    assert label(web.signed_in("bank"), path) == "clear"


def test_what_a_pasted_text_met_bears_the_label_of_the_map_in_which_it_was_looked_up(web):
    police = web.signed_in("police")
    police.get("/check")
    answer = police.post("/check", text="evil.com")
    assert LexborHTMLParser(answer.text).css_first("html").attributes["data-tlp"] == "red"


def test_a_source_bears_the_label_of_its_claim(web):
    police = web.signed_in("police")
    page = LexborHTMLParser(police.get(dossier(EVIL)).text)
    labels = {label(police, one.attributes["href"]) for one in page.css(".evidence a")}
    assert labels == {"clear", "red"}


def test_a_dossier_that_names_what_a_strict_claim_alone_tells_of_bears_its_label(fresh):
    police, namesake = (
        fresh.office.opened_by(Viewer(organisation="police")),
        Entity("organisation", GANG.value),
    )
    person, asked = fresh.signed_in("police"), f"/entity?of={quote(GANG.value)}"
    say(police, "A word", Marking(tlp=Tlp.GREEN), ((namesake, "alias", "Lamps"),))
    assert "The same words also name" in shown(person.get(asked).text)
    assert label(person, asked) == "red"


def test_a_source_bears_the_label_of_a_capture_that_stayed_closed(fresh):
    police, person = fresh.office.opened_by(Viewer(organisation="police")), fresh.signed_in("police")
    (claim,) = [
        one.stored.id for one in show(police, str(EVIL)).evidence if one.stored.claim.object == SECRET
    ]
    remark(police, [claim], Marking(tlp=Tlp.GREEN), "it is known by now")
    assert label(person, f"/source?claim={claim}") == "red"


@pytest.mark.parametrize("path", ["/account", "/ledger", "/member", "/collect", "/work", "/check"])
def test_what_holds_nothing_of_the_map_bears_no_label(web, path):
    assert label(web.signed_in("police"), path) is None


def test_a_case_bears_its_own_label_or_that_of_what_is_said_in_it_if_stricter(fresh):
    police = fresh.office.opened_by(Viewer(organisation="police"))
    draft = Case(
        id="",
        title="T",
        purpose="p",
        owner="x",
        review_date="2099-01-01",
        members=(),
        marking=Marking(tlp=Tlp.GREEN),
    )
    case = open_case(police, draft)
    person = fresh.signed_in("police")
    assert label(person, f"/case/{case.id}") == "green"
    say(police, "A late word", Marking(tlp=Tlp.AMBER_STRICT), ((EVIL, "attributed-to", GANG),))
    person.post(f"/case/{case.id}/change", thing=str(EVIL))
    assert label(person, f"/case/{case.id}") in {"amber_strict", "red"}


def test_a_list_of_cases_and_operations_bears_the_strictest_label_of_them(fresh):
    police = fresh.office.opened_by(Viewer(organisation="police"))
    person, lists = fresh.signed_in("police"), ("/", "/case", "/operation", "/work")
    assert [label(person, path) for path in lists] == [None] * 4
    for tlp in (Tlp.GREEN, Tlp.AMBER_STRICT, Tlp.CLEAR):
        draft = Case(
            id="", title="T", purpose="p", owner="x", review_date="2099-01-01", marking=Marking(tlp=tlp)
        )
        open_case(police, draft)
    assert [label(person, path) for path in lists] == ["amber_strict"] * 4


@pytest.fixture
def parcel(fresh) -> bytes:
    """A package that the bank has made for the police: GREEN, while the police's own map holds RED."""
    confirm_all(fresh, str(EVIL))
    bank = fresh.signed_in("bank")
    assert label(bank, "/package") is None
    return bank.post("/package/build", target=str(EVIL), recipients="police").content


def proof_label(person: Person, content: bytes) -> str | None:
    """What the proof of a zipped package is printed under."""
    person.get("/package")
    page = person.upload("/package/verify", "package.zip", content).text
    return LexborHTMLParser(page).css_first("html").attributes.get("data-tlp")


def test_a_proof_bears_the_label_of_its_package_and_of_the_map_in_which_it_stands(fresh, parcel):
    assert proof_label(fresh.signed_in("bank"), parcel) == "green"
    assert proof_label(fresh.signed_in("police"), parcel) == "red"


def test_a_proof_of_a_package_that_stands_in_no_map_of_ours_bears_the_label_of_the_package(fresh, parcel):
    damaged = changed(parcel, lambda name, data: data + b"?" if name.startswith("captures/") else data)
    assert proof_label(fresh.signed_in("police"), damaged) == "green"


def test_a_proof_of_what_nobody_signed_so_may_go_to_nobody(fresh, parcel):
    forged = changed(parcel, lambda name, data: data + b" " if name == "manifest.json" else data)
    assert proof_label(fresh.signed_in("bank"), forged) == "red"


def test_a_list_of_packages_bears_the_label_of_the_map_that_their_titles_name(fresh, parcel):
    assert [label(fresh.signed_in(who), "/package") for who in ("bank", "police")] == ["clear", "red"]
    assert label(fresh.signed_in("vendor"), "/package") is None


def test_the_account_of_a_sending_bears_the_label_that_was_asked_for_it(fresh):
    vendor = fresh.signed_in("vendor")
    vendor.get("/collect")
    files = [("file", ("a.txt", b"evil-one.com"))]
    sent = vendor.ask("POST", "/collect", data={"csrf": vendor.token(), "tlp": "amber+strict"}, files=files)
    assert label(vendor, sent.headers["location"]) == "amber_strict"


def test_paper_says_for_whom_and_on_which_day_it_is(web):
    text = shown(web.signed_in("bank").get("/summary").text)
    assert re.search(r"Printed on \d+ \w+ \d{4} as bank sees it\. TLP:CLEAR", text)


def test_a_page_for_nobody_in_particular_says_nothing_of_the_kind(web):
    assert "Printed on" not in shown(web.visitor().get("/sign-in").text)
