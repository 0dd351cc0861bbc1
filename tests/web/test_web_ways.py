"""Where the desk leads somebody follows from what they may do: no link and no form that would be refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_world import EVIL

import chokepoint
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.operation import Operation, open_operation
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.role import Right, Role, rights
from chokepoint.model.said import advised
from chokepoint.web.places import PLACES, open_to
from chokepoint.web.show.languages import offered
from chokepoint.web.show.told import Teller
from chokepoint.web.show.ways import ON_THE_DESK, here

if TYPE_CHECKING:
    from web_desk import Person, Web

STARTS = ("/", f"/entity?of={EVIL}", "/search?q=evil", "/choke", "/case", "/operation", "/package", "/access")
SPOKEN = ("/case", "/operation", "/package/build", "/check/record", "/check/case", "/collect")
"""Where a form puts something on record that only somebody who speaks may say."""
MOST = 70
SOURCES = Path(chokepoint.__file__).parent


@pytest.fixture(scope="module")
def staffed(web: Web) -> Web:
    """A house with an administrator, a case and an operation of its own."""
    web.hired("vendor/adam", Role.ADMINISTRATOR)
    bank = web.office.opened_by(Viewer(organisation="bank"))
    draft = Case(
        id="", title="Lanterns", purpose="reports", owner="ann", review_date="2099-01-01", marking=CLEAR
    )
    case = open_case(bank, draft)
    open_operation(bank, Operation(id="", name="Dusk", basis=case.id, partners=(), marking=CLEAR))
    return web


def walked(person: Person) -> dict[str, tuple[int, LexborHTMLParser]]:
    """The pages that links and questions lead to, from the first one and from others that people keep."""
    looks = person.get("/search?q=evil").status_code == 200
    waiting, found = list(STARTS) if looks else ["/"], {}
    shapes: set[str] = set()
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        shape = re.sub(r"=[^&]*|(?<=-)[0-9a-f]{8,}", "", address)
        if shape in shapes or address.startswith(("/static", "/enter", "/api")):
            continue
        shapes.add(shape)
        answer = person.get(address)
        page = LexborHTMLParser(answer.text)
        found[address] = answer.status_code, page
        waiting += [
            (node.attributes["href"] or "").partition("#")[0]
            for node in page.css("a[href^='/']")
            if "download" not in node.attributes
        ]
    return found


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.INVESTIGATOR, Role.VETTER, None], ids=str)
def test_no_link_of_a_page_is_refused_to_whoever_sees_it(staffed: Web, role: Role | None):
    name = f"vendor/one-{role.value}" if role else "police"
    person = staffed.hired(name, role) if role else staffed.signed_in(name)
    held = rights([role]) if role else frozenset(Right) - {Right.WATCH}
    pages = walked(person)
    assert {address: code for address, (code, _) in pages.items() if code >= 400} == {}
    assert len(pages) > 5
    forms = {
        (node.attributes.get("action") or "").partition("?")[0]
        for _, page in pages.values()
        for node in page.css("main form[method='post']")
    }
    said = {one for one in forms if one in SPOKEN or one.startswith(("/case/", "/operation/"))}
    assert bool(said) is (Right.SPEAK in held)
    assert ("/review" in forms) is (Right.VET in held)
    assert ("/member/people/invite" in forms) is (Right.PEOPLE in held)
    assert ("/member/groups" in forms) is (Right.SHARE in held)


def test_whoever_may_not_look_is_led_to_no_map_and_asked_for_nothing_in_it(staffed: Web):
    page = LexborHTMLParser(staffed.signed_in("vendor/adam").get("/").text)
    told = [node.attributes["href"] for node in page.css("nav.places a")]
    assert told == ["/", "/member", "/access", "/ledger"]
    assert [node.attributes["href"] for node in page.css("nav.places li:not(.further) a")] == told
    assert page.css("form[action='/search'], form[action='/check']") == []


def test_whoever_reads_without_a_vote_still_learns_nothing_before_the_house_has_voted(staffed: Web):
    reader = staffed.hired("vendor/ines", Role.INVESTIGATOR)
    page = LexborHTMLParser(reader.get("/review").text)
    assert page.css("form[action='/review']") == []
    main = page.css_first("main").text()
    assert "Your organisation has to vote on it first." in main
    assert "police" not in main


@pytest.mark.parametrize(
    "held", [frozenset({right}) for right in Right], ids=lambda held: next(iter(held)).name
)
def test_the_places_of_somebody_stand_in_the_order_of_all_and_each_needs_what_is_held(held: frozenset[Right]):
    shown = open_to(held)
    assert list(shown) == [place for place in PLACES if place in shown]
    assert {place.needs for place in shown} <= {None, *held}
    assert {place.address for place in shown} >= {"/", "/member", "/access", "/ledger"}


def test_the_five_main_places_of_somebody_with_every_right_are_those_of_the_work():
    assert [place.address for place in open_to(frozenset(Right))[:5]] == [
        "/", "/check", "/search", "/review", "/choke"
    ]  # fmt: skip


class TestAdvice:
    """On a page nobody is told to type a command."""

    def test_each_advice_is_one_that_a_room_below_still_gives(self):
        rooms = [path for path in SOURCES.rglob("*.py") if "web" not in path.relative_to(SOURCES).parts]
        written = "\n".join(path.read_text("utf-8") for path in rooms)
        assert [told for told in ON_THE_DESK if told not in written] == []

    @pytest.mark.parametrize("language", offered())
    def test_what_is_told_instead_names_no_command_in_any_language(self, language: str):
        tell = Teller(language)
        for told in ON_THE_DESK:
            for said in (
                tell(told),
                tell.markup(told),
                tell.refusal(advised("no", told)),
                tell(advised("no", told)),
            ):
                assert not re.search(r"chokepoint|--\w", said), said

    def test_whoever_may_not_look_is_told_whom_to_ask(self, staffed: Web):
        adam = staffed.signed_in("vendor/adam")
        told = LexborHTMLParser(adam.get("/search?q=evil").text).css_first("main").text()
        assert "an administrator of your organisation gives roles that may, under Members" in told

    def test_an_advice_that_names_no_command_is_given_as_it_is(self):
        assert here("write ORG/USER") == "write ORG/USER"
        assert Teller("en").refusal("no. Mend: write ORG/USER").striptags() == "no · write ORG/USER"
