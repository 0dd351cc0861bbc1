"""Two desks that are served of one atlas, and people who come, crowd and vanish: nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from web_desk import ORIGIN, Person, Web
from web_world import GANG

from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import votes_on
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role
from chokepoint.settings import Settings
from chokepoint.store.verifying import verify_ledger
from chokepoint.web.serve import LATE
from chokepoint.web.signin.link import Links
from chokepoint.web.warm import Warmth
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VENDOR = Viewer(organisation="vendor")
CROWD = 100


@pytest.fixture
def desks(opening: Callable[..., Web]) -> Iterator[tuple[Web, Web]]:
    """Two, as two processes have them: with connections, sessions and kept answers of their own."""
    first = opening(late=LATE)
    atlas = open_atlas(Settings(atlas=first.atlas.folder, viewer=Viewer(organisation="")))
    second = Web(atlas, clock=first.clock, late=LATE)
    yield first, second
    second.close()
    atlas.engine.dispose()
    atlas.vault.engine.dispose()


def across(person: Person, desk: Web) -> Person:
    """The same browser, answered by another desk."""
    return Person(desk.client, person.page, person.cookies)


def waiting(desk: Web) -> list[str]:
    return [one.id for one in queue(desk.office.opened_by(VENDOR), limit=100)]


def voted(desk: Web, claim: str) -> int:
    return len(votes_on(desk.office.opened_by(VENDOR), [claim]).get(claim, []))


def test_who_signs_in_at_one_is_known_at_the_other_until_they_sign_out(desks: tuple[Web, Web]) -> None:
    first, second = desks
    person = first.hired("vendor/ann", Role.INVESTIGATOR)
    assert across(person, second).get("/entity?of=evil.com").status_code == 200
    person.get("/")
    assert across(person, second).post("/sign-out").status_code == 303
    assert person.get("/entity?of=evil.com").status_code == 303


def test_a_link_that_was_used_at_one_is_used_up_at_the_other(desks: tuple[Web, Web]) -> None:
    link = Links(desks[0].office.register).make(VENDOR)
    told = [desk.visitor().get(f"/enter/{link}").status_code for desk in desks]
    assert told == [303, 401]


def test_a_vote_at_one_is_known_at_the_other_at_once_however_late_its_maps_are(
    desks: tuple[Web, Web],
) -> None:
    first, second = desks
    person = first.hired("vendor/ann", Role.INVESTIGATOR, Role.VETTER)
    there = across(person, second)
    assert there.get("/review").status_code == 200, "its order is kept from now on"
    claim = waiting(first)[0]
    person.get(f"/review?claim={claim}")
    assert person.post("/review", claim=claim, word="confirm", reason="we looked").status_code == 303
    assert f'name="claim" value="{claim}"' not in there.get("/review").text
    assert [voted(desk, claim) for desk in desks] == [1, 1]


def test_one_word_sent_to_both_at_once_counts_once(desks: tuple[Web, Web]) -> None:
    person = desks[0].hired("vendor/ann", Role.INVESTIGATOR, Role.VETTER)
    claim = waiting(desks[0])[0]
    person.get(f"/review?claim={claim}")
    people = [across(person, desk) for desk in desks]
    with ThreadPoolExecutor(2) as threads:
        sent = [
            threads.submit(one.post, "/review", claim=claim, word="confirm", reason="we looked")
            for one in people
        ]
        told = [one.result(30).status_code for one in sent]
    assert set(told) <= {303, 400, 409}
    assert 303 in told
    reader = desks[1].office.opened_by(VENDOR).reader
    with reader.connect() as connection:
        found = list(reader.claims_by_id(connection, [claim]))
        [standing] = of_claims(reader, connection, found).values()
    assert standing.confirmations == 1
    assert verify_ledger(desks[0].atlas.engine, desks[0].atlas.id).records > 0


def test_what_is_erased_at_one_is_on_no_page_of_the_other(desks: tuple[Web, Web]) -> None:
    first, second = desks
    pages = ("/review", "/summary", "/choke", f"/entity?of={GANG}", "/search?q=copper", "/")
    reader = second.hired("vendor/ann", Role.INVESTIGATOR, Role.VETTER)
    Warmth(second.office).make()
    assert any(GANG.value in reader.get(page).text.lower() for page in pages[:4])
    erase(first.office.opened_by(Viewer(organisation="bank")), GANG, reason="asked", basis="Art. 17")
    told = {page: reader.get(page) for page in pages}
    assert [page for page, answer in told.items() if answer.status_code >= 500] == []
    said = {page: answer.text.replace(f"/entity?of={GANG}", "") for page, answer in told.items()}
    assert [page for page in pages if page[:7] != "/entity" and GANG.value in said[page].lower()] == []


async def answered(desk: Web, path: str, body: list[bytes] | None = None, cookie: str = "") -> dict[str, Any]:
    """What the desk answers over a connection of its own, as uvicorn asks it; a body makes it a form.

    Args:
        desk: that is asked.
        path: without anything behind it.
        body: in pieces; an empty one ends it, and without that whoever sends it is gone in the middle.
        cookie: that the browser shows.
    """
    pieces = [{"type": "http.request", "body": one, "more_body": True} for one in body or []]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not body:
            return {"type": "http.request", "body": b"", "more_body": False}
        return pieces.pop(0) if pieces else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = {"host": ORIGIN.partition("//")[2], "origin": ORIGIN, "cookie": cookie}
    if body:
        headers["content-type"] = "application/x-www-form-urlencoded"
        pieces[-1]["more_body"] = bool(body[-1])
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST" if body else "GET",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("desk.test", 80), "state": {}, "extensions": {},
    }  # fmt: skip
    await asyncio.wait_for(desk.app(scope, receive, send), 30)  # type: ignore[arg-type]
    return sent[0] if sent else {}


def test_a_hundred_who_sign_in_at_once_all_get_in_and_each_as_themselves(fresh: Web) -> None:
    names = [("bank", "police", "vendor")[number % 3] for number in range(CROWD)]
    links = [Links(fresh.office.register).make(Viewer(organisation=name)) for name in names]

    async def all_at_once() -> list[dict[str, Any]]:
        return list(await asyncio.gather(*(answered(fresh, f"/enter/{link}") for link in links)))

    with fresh.client.portal() as portal:
        found = portal.call(all_at_once)
    assert {one["status"] for one in found} == {303}
    cookies = [str(dict(one["headers"])[b"set-cookie"], "ascii") for one in found]
    sessions = [fresh.office.sessions.find(one.partition(";")[0].partition("=")[2]) for one in cookies]
    assert [one.viewer.organisation for one in sessions if one] == names


@pytest.mark.parametrize(
    ("gone", "kept"), [(True, 0), (False, 1)], ids=["in the middle", "before the answer is there"]
)
def test_a_vote_of_whoever_hangs_up_is_taken_whole_or_not_at_all(
    fresh: Web, caplog: pytest.LogCaptureFixture, *, gone: bool, kept: int
) -> None:
    person = fresh.hired("vendor/ann", Role.INVESTIGATOR, Role.VETTER)
    claim = waiting(fresh)[0]
    person.get(f"/review?claim={claim}")
    fields = {"csrf": person.token(), "claim": claim, "word": "confirm", "reason": "we looked"}
    body = urlencode(fields).encode()
    pieces = [body[:-9]] if gone else [body[:-9], body[-9:], b""]
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    with fresh.client.portal() as portal:
        portal.call(answered, fresh, "/review", pieces, cookie)
    assert voted(fresh, claim) == kept
    assert "Traceback" not in caplog.text
    assert verify_ledger(fresh.atlas.engine, fresh.atlas.id).records > 0
