"""Somebody whose role does not let them look at the map: no route of the desk tells them anything of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from web_desk import PASSWORD
from web_world import EVIL, GANG

from chokepoint.desk.looking.look import show
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from web_desk import Person, Web

KNOWN = (b"copper lantern", b"Copper Lamp", b"Lanternists", b"shop-evil", b"19CbDoaZ")
"""What the map holds besides the name that is asked for."""
ABSENT = "ab" * 32
ASKED = {
    "begin": {"of": "evil.com"},
    "piece": {"names": [str(EVIL), str(GANG)]},
    "branches": {"name": str(EVIL)},
    "expand": {"name": str(EVIL), "property": "attributed-to", "backward": False, "beside": []},
    "path": {"start": str(EVIL), "goal": str(GANG)},
    "overview": {"way": []},
    "export": {"form": "stix", "names": [str(EVIL), str(GANG)]},
}


@pytest.fixture(scope="module")
def claim(web: Web) -> str:
    return show(web.office.opened_by(Viewer(organisation="vendor")), "evil.com").evidence[0].stored.id


@pytest.fixture(scope="module")
def keeper(web: Web) -> Person:
    """An administrator of the bank, who keeps its people and looks at nothing."""
    web.hired("bank/kim", Role.ADMINISTRATOR)
    person = web.visitor()
    person.get("/sign-in")
    assert person.post("/sign-in", who="bank/kim", password=PASSWORD).status_code == 303
    person.get("/member")
    return person


def addresses(web: Web, claim: str) -> list[str]:
    """Every route that is read, of the claim and of what it is about."""
    query = f"of=evil.com&q=evil&start=evil.com&goal=group:copper%20lamp&claim={claim}&record={claim}&target=evil.com"
    paths = {
        route.path
        for route in web.app.routes
        if "GET" in getattr(route, "methods", ())
        and not route.path.startswith(("/static", "/enter", "/join"))
    }
    return sorted(f"{re.sub(r'{[a-z_]+:[a-z]+}', claim, path)}?{query}" for path in paths)


def test_no_page_and_no_answer_to_programs_tells_of_the_map(web: Web, keeper: Person, claim: str):
    asked = addresses(web, claim)
    assert len(asked) > 50
    told = {path: [word for word in KNOWN if word in keeper.get(path).content] for path in asked}
    assert {path: words for path, words in told.items() if words} == {}


def test_the_same_walk_tells_whoever_may_look(web: Web, claim: str):
    """Else the walk would prove nothing."""
    police = web.signed_in("vendor")
    told = [path.partition("?")[0] for path in addresses(web, claim) if KNOWN[0] in police.get(path).content]
    assert {"/entity", "/review", "/source", "/path", "/api/v1/entity", "/ledger/proof"} <= set(told) | {
        "/ledger/proof"
    }


@pytest.mark.parametrize("verb", ASKED)
def test_no_verb_of_the_canvas_does(web: Web, keeper: Person, verb: str):
    keeper.get("/member")
    answer = keeper.ask(
        "POST", f"/api/v1/map/{verb}", json=ASKED[verb], headers={"x-csrf-token": keeper.token()}
    )
    assert answer.status_code == 403
    assert not any(word in answer.content for word in KNOWN)


@pytest.mark.parametrize(
    "address",
    [
        "/entity?of={}",
        "/entity/score?of={}",
        "/path?start={}&goal=group:copper%20lamp",
        "/path?start=group:copper%20lamp&goal={}",
        "/search?q={}",
        "/map?of={}",
        "/api/v1/entity?of={}",
        "/api/v1/search?q={}",
        "/api/v1/path?start={}&goal=group:copper%20lamp",
        "/access/subject?of={}",
        "/package?target={}",
    ],
)
def test_what_there_is_and_what_there_is_not_are_refused_alike(keeper: Person, address: str):
    """All but the name itself and the token of a form."""
    sent = [keeper.get(address.format(name)) for name in ("evil.com", "none.com")]
    texts = [re.sub(r'value="[^"]{30,}"', "", one.text).replace("evil", "none") for one in sent]
    assert (sent[0].status_code, texts[0]) == (sent[1].status_code, texts[1])


@pytest.mark.parametrize("verb", ["begin", "branches", "expand", "piece"])
def test_nor_does_it_tell_whether_there_is_such_a_thing(keeper: Person, verb: str):
    keeper.get("/member")
    absent = {
        key: "domain-name:absent.com" if value == str(EVIL) else value for key, value in ASKED[verb].items()
    }
    absent |= (
        {"of": "absent.com"}
        if verb == "begin"
        else {"names": ["domain-name:absent.com"]}
        if verb == "piece"
        else {}
    )
    sent = [
        keeper.ask("POST", f"/api/v1/map/{verb}", json=body, headers={"x-csrf-token": keeper.token()})
        for body in (ASKED[verb], absent)
    ]
    assert sent[0].status_code == sent[1].status_code
    assert sent[0].content == sent[1].content


@pytest.mark.parametrize("address", ["/ledger/proof?record={}", "/source?claim={}", "/review?claim={}"])
def test_a_claim_that_there_is_and_one_that_there_is_not_are_refused_alike(
    keeper: Person, claim: str, address: str
):
    sent = [keeper.get(address.format(one)) for one in (claim, ABSENT, claim[:8])]
    assert {one.status_code for one in sent} == {403}


def test_a_vote_is_refused_alike_whether_there_is_such_a_claim(keeper: Person, claim: str):
    keeper.get("/member")
    sent = [
        keeper.post("/review", claim=one, word="confirm", reason="x") for one in (claim, ABSENT, claim[:8])
    ]
    assert {one.status_code for one in sent} == {403}
