"""Pages and programs of the web desk show natural persons minimised: there is no unfolding in a browser yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from web_world import EVIL, GANG, say

from chokepoint.desk.looking.look import show
from chokepoint.desk.personal.stating import state_role
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.note import Draft
from chokepoint.desk.work.operation import act, open_operation
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp, Viewer

if TYPE_CHECKING:
    from web_desk import Person, Web

GREEN = Marking(tlp=Tlp.GREEN)
JANE, VERA = Entity("person", "jane doe"), Entity("person", "vera victim")
MAIL, PHONE = Entity("email-addr", "vera.v@home.example"), Entity("phone-number", "+66822222222")
SPELT = ("jane", "vera v", "vera.v", "victim, vera", "6682222", "82-222", "82 222")
ROOT = "/api/v1/map"
MAP: dict[str, dict[str, Any]] = {
    "begin": {"of": "evil.com"},
    "piece": {"names": [str(one) for one in (EVIL, JANE, VERA, MAIL, PHONE)]},
    "branches": {"name": str(VERA)},
    "expand": {"name": str(VERA), "property": "account", "backward": False, "beside": [str(EVIL)]},
    "path": {"start": str(EVIL), "goal": str(GANG)},
    "overview": {"way": []},
    "export": {"form": "stix", "names": [str(EVIL), str(GANG), str(JANE), str(VERA)]},
}


@pytest.fixture(scope="module")
def told(web: Web) -> dict[str, str]:
    """Pages by name, after the bank told of a private person and of a victim with mail and phone."""
    bank, police, vendor = (
        web.office.opened_by(Viewer(organisation=who)) for who in ("bank", "police", "vendor")
    )
    sentences = (
        (EVIL, "contact", JANE),
        (VERA, "account", MAIL),
        (VERA, "account", PHONE),
        (EVIL, "contact", VERA),
    )
    say(bank, "A victim's report", GREEN, sentences)
    state_role(bank, str(VERA), "victim", Draft(text="she reported it", marking=GREEN))
    claims = [one.stored.id for one in show(vendor, str(VERA)).evidence]
    vote(police, [claims[-1]], Vote.CONFIRM, "as Vera Victim told on 082-222-2222")
    led = open_operation(bank, Operation(id="", name="Quiet Fox", marking=GREEN))
    act(bank, led.id, str(JANE), ("arrest", "2026-01-05", "police"))
    case = open_case(vendor, Case(id="", title="Fox", purpose="p", owner="ann", review_date="2099-12-01"))
    act(
        vendor,
        open_operation(vendor, Operation(id="", name="Of a case", basis=case.id)).id,
        str(JANE),
        ("arrest", "2026-01-05", "us"),
    )
    sources = {f"source {at}": f"/source?claim={one}" for at, one in enumerate(claims)}
    reviews = {f"review {at}": f"/review?claim={one}" for at, one in enumerate(claims)}
    return {
        "review": "/review",
        "together": f"/review/together?claim={claims[0]}",
        "map": "/map?of=evil.com",
        "entity": "/entity?of=evil.com",
        "path": f"/path?start={EVIL}&goal={GANG}",
        "operations": "/operation",
        "operation": f"/operation/{led.id}",
        "impact": "/impact",
        "effect": "/impact/Quiet%20Fox",
        "case": f"/case/{case.id}",
        "choke": "/choke",
        "api search": "/api/v1/search?q=evil",
        "api entity": "/api/v1/entity?of=evil.com",
        "api path": f"/api/v1/path?start={EVIL}&goal={GANG}",
        **sources,
        **reviews,
    }


@pytest.fixture(scope="module")
def vendor(web: Web, told: dict[str, str]) -> Person:
    return web.signed_in("vendor")


def spelt(text: str) -> list[str]:
    return [one for one in SPELT if one in text.casefold()]


PAGES = (
    *("review", "together", "map", "entity", "path", "operations", "operation", "impact", "effect", "case"),
    *("choke", "api search", "api entity", "api path"),
    *(f"{kind} {at}" for kind in ("source", "review") for at in range(4)),
)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_private_person_or_a_victim(vendor: Person, told: dict[str, str], page: str) -> None:
    answer = vendor.get(told[page])
    assert answer.status_code == 200, answer.text
    assert spelt(answer.text) == []


@pytest.mark.parametrize("question", MAP)
def test_the_map_names_no_private_person_and_no_victim(vendor: Person, question: str) -> None:
    answer = vendor.ask(
        "POST", f"{ROOT}/{question}", json=MAP[question], headers={"x-csrf-token": vendor.token()}
    )
    assert answer.status_code == 200, answer.text
    assert spelt(answer.text) == []


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("map", "(victim)"),
        ("entity", "copper lantern"),
        ("operation", "(other)"),
        ("case", "(other)"),
        ("source 0", "(victim)"),
    ],
    ids=lambda one: one.strip("()"),
)
def test_what_names_nobody_stays_on_the_page(
    vendor: Person, told: dict[str, str], page: str, words: str
) -> None:
    assert words in vendor.get(told[page]).text


def test_a_dossier_opens_by_the_pseudonym_on_the_map(vendor: Person) -> None:
    headers = {"x-csrf-token": vendor.token()}
    nodes = vendor.ask("POST", f"{ROOT}/begin", json={"of": "evil.com"}, headers=headers).json()["nodes"]
    [victim] = [one["id"] for one in nodes if one["kind"] == "person" and "victim" in one["label"]]
    page = vendor.get(f"/entity?of={victim}")
    assert page.status_code == 200
    assert "(victim)" in page.text
    assert spelt(page.text) == []
