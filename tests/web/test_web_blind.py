"""Whoever is still to vote on a claim reads on no page and at no endpoint who contributed it or how others voted.

Heron contributes and ibis votes, and neither does anything else, so that their names and ibis's reasons stand
in no byte that the vendor, who is still to vote, is answered with. The addresses are the application's own table
of routes, and every link to which a page leads.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_web_walk import Asked, addresses
from web_desk import Web
from web_world import EVIL, GANG, say

from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.role import Role
from chokepoint.settings import Settings
from chokepoint.web.signin.keys import Keys
from chokepoint.wiring import make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from httpx import Response

    from chokepoint.desk.atlas import Atlas

LISTED = Entity("domain-name", "listed.com")
CANARIES = ("heron", "ibis", "corroborated-by-stilts")
MOST = 300
"""Addresses that a walk asks for; it needs half as many."""
EVERYBODY = {"/member", "/member/one"}
"""Pages that name every member, whoever did what."""
CHOICE = re.compile(r"<option value=[^>]*>[^<]*</option>")
"""Of whom a form lets one choose: every member, whoever did what."""
LINK = re.compile(r'(?:href|src|action|data-[a-z]+)="(/[^"#]*)')
LOG = {"/access", "/ledger", "/ledger/growth", "/metrics"}
"""Where the size of the log stands, which every record changes, and what one has read oneself and when."""
NEVER_TWICE = re.compile(
    r"20\d\d-\d\d-\d\dT[0-9:.]+Z|\d\d:\d\d UTC|nonce-[^' ]+|nonce=\"[^\"]+\"|[A-Za-z0-9_-]{86}=="
)
"""Moments, and tokens against forgery."""
Answers = dict[str, tuple[int, str]]


def opened(folder: Path, who: str) -> Atlas:
    return open_atlas(Settings(atlas=folder, viewer=Viewer(organisation=who)))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Claims of heron of which the vendor and others know, and on which nobody has voted."""
    folder = tmp_path_factory.mktemp("blind") / "atlas"
    for name in ("home", "heron", "ibis", "vendor", "charity"):
        make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=name))).engine.dispose()
    say(opened(folder, "heron"), "A list", CLEAR, ((EVIL, "indicates", GANG), (LISTED, "indicates", GANG)))
    draft = Case(id="", title="Known", purpose="p", owner="ann", review_date="2099-01-01")
    open_case(opened(folder, "charity"), replace(draft, members=("charity", "vendor")))
    return folder


@pytest.fixture(scope="module")
def desks(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Web]]:
    """The desk before ibis has voted on what heron said, one way and the other, and the same desk after."""
    after = Path(shutil.copytree(before, tmp_path_factory.mktemp("voted") / "atlas"))
    ibis = opened(after, "ibis")
    for text, word in (("evil.com", Vote.CONFIRM), ("listed.com", Vote.DISPUTE)):
        for one in show(ibis, text).evidence:
            vote(ibis, [one.stored.id], word, CANARIES[2])
    made = Web(opened(before, "")), Web(opened(after, ""))
    yield made
    for one in made:
        one.close()
        one.atlas.engine.dispose()
        one.atlas.vault.engine.dispose()


@pytest.fixture(scope="module")
def read(desks: tuple[Web, Web]) -> Callable[[str], tuple[Answers, Answers]]:
    """What a vetter of the vendor's reads on both desks, or whoever has one of its keys."""
    known: dict[str, tuple[Answers, Answers]] = {}

    def reads(who: str) -> tuple[Answers, Answers]:
        if who not in known:
            one, other = (_walked(web, _asking(web, who), _asked(web)) for web in desks)
            known[who] = one, other
        return known[who]

    return reads


def _asking(web: Web, who: str) -> Callable[[str], Response]:
    if who == "a vetter":
        return web.hired("vendor/vera", Role.INVESTIGATOR, Role.VETTER).get
    token = Keys(web.office.register).make(Viewer(organisation="vendor"), who, ("look",), 1)
    visitor = web.visitor()
    return lambda address: visitor.ask("GET", address, headers={"authorization": f"Bearer {token}"})


def _asked(web: Web) -> Asked:
    vendor = web.office.opened_by(Viewer(organisation="vendor"))
    claim = show(vendor, "evil.com").evidence[0].stored
    known = {
        "of": "evil.com", "q": "evil", "start": "evil.com", "goal": str(GANG), "claim": claim.id,
        "record": claim.id, "target": "evil.com", "basis": "", "about": "evil.com", "who": "vendor", "case": "",
        "view": "", "voted": claim.id[:12], "done": "3", "accepted": "", "older": "true", "as_of": "", "since": "1",
        "measure": "arrests", "limit": "50", "flagged": "true", "back": "/search?q=evil", "code": "c", "told": "t",
        "iss": "https://id.example", "error": "e", "name": "x", "token": "t" * 40, "path": "openapi.json",
    }  # fmt: skip
    return Asked(known, known, known, {"/access": {"start": "1"}})


def _walked(web: Web, ask: Callable[[str], Response], asked: Asked) -> Answers:
    """What every address answers, and every link to which one of the pages leads."""
    found: Answers = {}
    ahead = [address for _, address in addresses(web, asked, "known")]
    shared = ask("/taxii2/atlas/collections").json().get("collections", ())
    ahead += [
        f"/taxii2/atlas/collections/{one['id']}/{what}" for one in shared for what in ("objects", "manifest")
    ]
    while ahead:
        address = ahead.pop()
        if address in found or address.startswith("/static") or len(found) > MOST:
            continue
        answer = ask(address)
        found[address] = (answer.status_code, answer.text)
        if "html" in answer.headers.get("content-type", ""):
            ahead += map(unescape, LINK.findall(answer.text))
    assert len(found) <= MOST, "a page leads ever further"
    return found


def told(answers: Answers) -> dict[str, list[str]]:
    """The canaries that somebody reads, by address."""
    texts = {address: CHOICE.sub("", text).lower() for address, (_, text) in answers.items()}
    found = {address: [one for one in CANARIES if one in text] for address, text in texts.items()}
    return {one: words for one, words in found.items() if words and one.partition("?")[0] not in EVERYBODY}


WHO = ["a vetter", "a key to look"]


@pytest.mark.parametrize("who", WHO)
def test_no_page_names_contributor_or_voter_to_whoever_is_still_to_vote(read, who: str) -> None:
    assert told(read(who)[1]) == {}


@pytest.mark.parametrize("who", WHO)
def test_no_page_changes_by_votes_for_whoever_is_still_to_vote(read, who: str) -> None:
    """Neither belief nor verdict, nor an order or a number that follows from votes, tells of them."""
    before, after = ({a: (s, NEVER_TWICE.sub("", text)) for a, (s, text) in one.items()} for one in read(who))
    changed = {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
    assert {one for one in changed if one.partition("?")[0] not in LOG} == set()


@pytest.mark.parametrize(
    "path", ["/entity", "/review", "/source", "/search", "/path", "/case", "/api/v1/search"]
)
def test_the_walk_reads_what_there_is(read, path: str) -> None:
    statuses = {status for one, (status, _) in read("a vetter")[1].items() if one.partition("?")[0] == path}
    assert 200 in statuses


def test_whoever_has_voted_reads_all_of_it(desks: tuple[Web, Web]) -> None:
    """The canaries are there to be found, else the walk would prove nothing."""
    web = desks[1]
    vendor, person = web.office.opened_by(Viewer(organisation="vendor")), web.signed_in("vendor")
    claim = show(vendor, "evil.com").evidence[0].stored.id
    person.get("/review")
    assert person.post("/review", claim=claim, word="unsure", reason="cannot tell").status_code == 303
    text = person.get("/entity?of=evil.com").text + person.get(f"/review?voted={claim[:12]}").text
    assert [one for one in CANARIES if one in text.lower()] == list(CANARIES)
