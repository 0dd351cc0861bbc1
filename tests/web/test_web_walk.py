"""Every address that is read, by everybody who may come: no fault of ours, nothing kept, nothing hidden told.

The addresses are the application's own table of routes. Each is asked for what there is, for what is hidden, and
with whatever a stranger may write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from inspect import signature, unwrap
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from uuid import UUID

import pytest
from peer_world import ABSENT, Theirs
from web_world import GANG, SECRET

from chokepoint.desk.looking.look import show
from chokepoint.desk.people.staff import appoint
from chokepoint.model.marking import Viewer
from chokepoint.model.role import COALITION, Role
from chokepoint.web.guard.headers import ALWAYS
from chokepoint.web.signin.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from httpx import Response
    from litestar.handlers import HTTPRouteHandler
    from web_desk import Person, Web

LOOKS = (Role.INVESTIGATOR,)
PEOPLE: dict[str, tuple[Role, ...]] = {
    "investigator": LOOKS,
    "vetter": (*LOOKS, Role.VETTER),
    "coordinator": (*LOOKS, Role.COORDINATOR),
    "overseer": (*LOOKS, Role.OVERSEER),
    "administrator": (Role.ADMINISTRATOR,),
}
KEYS = {"a key to look": "look", "a key to check": "check", "a key to add": "add"}
VISITORS = ("nobody", *PEOPLE, "another member", *KEYS)
SECRETS = ("An informant", "The Hand", "%48and", "hidden hand", "hidden+hand", "hidden%20hand")
"""What the police alone may know: a source, an alias, a name, as they are written in pages and addresses."""
FAULTS = ("Traceback", "sqlalchemy", "sqlite3", "chokepoint.store", "/site-packages/")
OPEN = {"/healthz", "/readyz", "/sign-in", "/enter/{token:str}", "/join/{who:path}",
        "/sign-in/with/{name:str}/back", "/metrics", "/api/v1", "/api/v1/{path:str}", "/api/v1/openapi.json"}  # fmt: skip
SOUND = {200, 303, 400, 401, 403, 404, 406, 422}
PARAMETER = re.compile(r"\{([a-z_]+):[a-z]+\}")
TOKEN = re.compile(r'value="[A-Za-z0-9_-]{86}=="')
HOSTILE = "\u202e\u200b\x00'\"><script>alert(1)</script>../../etc/passwd%s{{7*7}}" + "9" * 3000


@dataclass
class Asked:
    """What the parameters of routes are asked for, by their names, and on some routes otherwise."""

    known: dict[str, str]
    hidden: dict[str, str]
    wild: dict[str, str]
    there: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def asked(theirs: Theirs) -> Asked:
    """Names of what the bank's people may see, and of what the police keep from them."""
    claim = show(theirs.web.office.opened_by(Viewer(organisation="bank")), "evil.com").evidence[0].stored.id
    known = {
        "of": "evil.com", "q": "evil", "start": "evil.com", "goal": str(GANG), "claim": claim, "record": claim,
        "target": theirs.case, "basis": theirs.case, "about": "evil.com", "who": "bank", "case": theirs.case,
        "view": "", "voted": claim[:12], "done": "3", "accepted": "true", "older": "true", "again": "true",
        "as_of": "2099-01-01", "since": "1", "measure": "arrests", "limit": "3", "flagged": "true",
        "back": "/search?q=evil", "code": "c", "told": "t", "iss": "https://id.example", "error": "e",
        "name": theirs.case, "token": "t" * 40, "path": "openapi.json",
    }  # fmt: skip
    hidden = known | {
        "of": str(SECRET), "q": SECRET.value, "start": str(SECRET), "goal": str(SECRET), "claim": theirs.claim,
        "record": theirs.claim, "about": str(SECRET), "name": theirs.claim, "target": theirs.claim,
        "basis": theirs.claim, "case": theirs.claim, "who": "police",
    }  # fmt: skip
    return Asked(known, hidden, dict.fromkeys(known, HOSTILE), _there(theirs))


def _there(theirs: Theirs) -> dict[str, dict[str, str]]:
    """Names that are there, by the beginnings of the routes on which they mean something."""
    bank = theirs.web.signed_in("bank")
    bank.get("/collect")
    sent = bank.upload("/collect", "list.txt", b"walk.example\n", tlp="TLP:CLEAR", origin="us", grade="B2")
    shared = "/taxii2/atlas/collections"
    collection = bank.get(shared).json()["collections"][0]["id"]
    return {
        "/access": {"start": "1"},
        "/operation/": {"name": theirs.operation},
        "/collect/": {"name": sent.headers["location"].rpartition("/")[2]},
        "/member/one": {"name": "bank"},
        shared: {"name": collection, "of": f"indicator--{UUID(int=7)}"},
    }


@dataclass
class Visitor:
    """Somebody who asks, with whatever they show."""

    person: Person
    shows: dict[str, str]

    def ask(self, address: str) -> Response:
        return self.person.ask("GET", address, headers=self.shows)


@pytest.fixture(scope="module")
def come(theirs: Theirs) -> Callable[[str], Visitor]:
    """Somebody of the bank with the roles that a name says, or somebody else."""
    known: dict[str, Visitor] = {}

    def visitor(name: str) -> Visitor:
        if name not in known:
            known[name] = _visitor(theirs, name)
        return known[name]

    return visitor


def _visitor(theirs: Theirs, name: str) -> Visitor:
    if name in KEYS:
        token = Keys(theirs.web.office.register).make(Viewer(organisation="bank"), name, (KEYS[name],), 1)
        return Visitor(theirs.web.visitor(), {"authorization": f"Bearer {token}"})
    if name in PEOPLE:
        roles, founder = PEOPLE[name], theirs.web.office.opened_by(Viewer(organisation="bank"))
        person = theirs.web.hired(f"bank/{name}", *(role for role in roles if role not in COALITION))
        for role in COALITION.intersection(roles):
            appoint(founder, f"bank/{name}", role)
        return Visitor(person, {})
    return Visitor(theirs.vendor if name == "another member" else theirs.web.visitor(), {})


def handlers(web: Web) -> dict[str, HTTPRouteHandler]:
    """What answers GET, by the route as it is written down."""
    return {
        route.path: handler
        for route in web.app.routes
        for handler in getattr(route, "route_handlers", ())
        if "GET" in handler.http_methods and not route.path.startswith("/static")
    }


def addresses(web: Web, asked: Asked, what: str) -> Iterator[tuple[str, str]]:
    """Each route with its parameters filled in, in its address and after it."""
    for path, handler in sorted(handlers(web).items()):
        values = dict(getattr(asked, what))
        for beginning, there in asked.there.items():
            values |= there if what == "known" and path.startswith(beginning) else {}
        filled = PARAMETER.sub(partial(_filled, values), path)
        after = set(signature(unwrap(handler.fn)).parameters) & set(values) - set(PARAMETER.findall(path))
        yield path, f"{filled}?{urlencode({name: values[name] for name in sorted(after)})}"


def _filled(values: dict[str, str], found: re.Match[str]) -> str:
    return quote(values[found[1]], safe="")


OURS = {"seat", "front", "request", "self", "scope", "state"}
"""What a handler is given that no address says."""


def test_the_walk_knows_what_every_route_may_be_asked(theirs: Theirs, asked: Asked) -> None:
    """Whoever adds a parameter says here what it is asked for."""
    unknown = {
        path: sorted(set(signature(unwrap(handler.fn)).parameters) - OURS - set(asked.known))
        for path, handler in handlers(theirs.web).items()
    }
    assert {path: names for path, names in unknown.items() if names} == {}


@pytest.mark.parametrize(
    ("who", "what"),
    [
        *((who, "known") for who in VISITORS),
        *((who, "hidden") for who in ("investigator", "overseer", "another member", "a key to look")),
    ],
)
def test_no_answer_is_a_fault_or_tells_what_is_hidden(
    theirs: Theirs, asked: Asked, come: Callable[[str], Visitor], who: str, what: str
) -> None:
    visitor = come(who)
    echoed = (
        {quote(SECRET.value), SECRET.value, SECRET.value.replace(" ", "+")} if what == "hidden" else set()
    )
    wrong = {}
    for path, address in addresses(theirs.web, asked, what):
        answer = visitor.ask(address)
        told = [word for word in SECRETS if word not in echoed and word.lower() in answer.text.lower()]
        wrong[path] = faults(answer) + told
    assert {path: words for path, words in wrong.items() if words} == {}


@pytest.mark.parametrize("who", ["nobody", "vetter", "a key to look"])
def test_whatever_is_written_into_an_address_is_answered(
    theirs: Theirs, asked: Asked, come: Callable[[str], Visitor], who: str
) -> None:
    wrong = {}
    for path, address in addresses(theirs.web, asked, "wild"):
        answer = come(who).ask(address)
        runs = "html" in answer.headers["content-type"] and "<script>alert(1)" in answer.text
        wrong[path] = faults(answer) + ["a script"] * runs
    assert {path: words for path, words in wrong.items() if words} == {}


def faults(answer: Response) -> list[str]:
    """What an answer is not to be: a fault, kept by anybody, free to load what is not ours."""
    found = [word for word in FAULTS if word in answer.text]
    found += [f"status {answer.status_code}"] * (answer.status_code not in SOUND)
    found += ["may be kept"] * (answer.headers.get("cache-control") != "no-store")
    return [*found, *(name for name in ALWAYS if answer.headers.get(name) != ALWAYS[name])]


def test_who_is_nobody_reads_nothing_but_how_to_become_somebody(
    theirs: Theirs, asked: Asked, come: Callable[[str], Visitor]
) -> None:
    closed = {
        path: come("nobody").ask(address).status_code
        for path, address in addresses(theirs.web, asked, "known")
    }
    assert {path for path, status in closed.items() if status not in {303, 401}} <= OPEN


NOT_THERE = {
    "/api/v1/map/views/{name:str}",
    "/collect/{name:str}",
    "/enter/{token:str}",
    "/impact/{name:str}",
    "/metrics",
    "/package/{name:str}",
    "/sign-in/with/{name:str}/back",
    "/taxii2/atlas/collections/{name:str}/objects/{of:str}",
    "/taxii2/atlas/collections/{name:str}/objects/{of:str}/versions",
    "/taxii2/atlas/status/{name:str}",
}
"""Of what nothing has been made on this desk, or by another; and what is not for people who are signed in."""


@pytest.mark.parametrize(
    ("who", "refused"),
    [("investigator", {"/access/subject"}), ("vetter", {"/access/subject"}), ("overseer", set())],
)
def test_the_same_walk_shows_those_who_may_look_what_there_is(
    theirs: Theirs, asked: Asked, come: Callable[[str], Visitor], who: str, refused: set[str]
) -> None:
    """Else it would prove nothing."""
    found = {path: come(who).ask(where).status_code for path, where in addresses(theirs.web, asked, "known")}
    assert {path for path, status in found.items() if status != 200} == NOT_THERE | refused


def test_absent_and_hidden_ids_are_the_same(theirs: Theirs, come: Callable[[str], Visitor]) -> None:
    other = come("another member")
    for name in sorted(handlers(theirs.web)):
        if "{name:str}" not in name:
            continue
        told = [
            other.ask(name.replace("{name:str}", one).replace("{of:str}", one))
            for one in (theirs.claim, ABSENT)
        ]
        assert told[0].status_code == told[1].status_code, name
        texts = [
            TOKEN.sub("", one.text).replace(of, "ID")
            for one, of in zip(told, (theirs.claim, ABSENT), strict=True)
        ]
        assert texts[0] == texts[1], name


def test_what_the_walk_looks_for_is_told_to_whoever_may_know_it(theirs: Theirs) -> None:
    told = theirs.web.signed_in("police").get(f"/entity?of={quote(str(SECRET))}").text
    assert [word in told for word in SECRETS[:2]] == [True, True]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/openapi.json"])
def test_what_does_not_say_whether_it_may_be_kept_may_not(theirs: Theirs, path: str) -> None:
    assert theirs.web.visitor().get(path).headers["cache-control"] == "no-store"


def test_files_of_the_desk_itself_may_be_kept(theirs: Theirs) -> None:
    assert theirs.web.visitor().get("/static/css/tokens.css").headers.get("cache-control") != "no-store"
