"""Figures for whoever keeps the desk running: what they count, what they never hold, and who reads them."""

from __future__ import annotations

import re

import pytest

from chokepoint.web.guard.counters import Counters
from chokepoint.web.guard.sessions import AGE, REST
from chokepoint.web.pages.metrics import VARIABLE

TOKEN = "a long random word"
HEADER = {"authorization": f"Bearer {TOKEN}"}
LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.]+')


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setenv(VARIABLE, TOKEN)


def figures(web):
    answer = web.visitor().ask("GET", "/metrics", headers=HEADER)
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {re.sub(r',process="\d+"', "", line.rpartition(" ")[0]): float(line.split()[-1]) for line in lines}


def test_requests_are_counted_by_page_and_class_of_status(fresh, token):
    person = fresh.signed_in()
    for _ in range(3):
        person.get("/entity?of=evil.com")
    person.get("/entity?of=absent.example")
    found = figures(fresh)
    assert found['chokepoint_requests_total{page="/entity",status="2xx"}'] == 3
    assert found['chokepoint_requests_total{page="/entity",status="4xx"}'] == 1
    assert found['chokepoint_request_seconds_total{page="/entity",status="2xx"}'] > 0


def test_nothing_that_was_asked_for_stands_in_them(fresh, token):
    link = fresh.signed_in()
    for path in ("/search?q=hidden", "/enter/secret-token", "/join/bank/ann/secret-token", "/no/such/page"):
        link.get(path)
    text = fresh.visitor().ask("GET", "/metrics", headers=HEADER).text
    for word in ("hidden", "secret-token", "bank", "ann", "no/such", "evil"):
        assert word not in text
    assert 'page="/enter/{token:str}"' in text or 'page="/enter/{token}"' in text


def test_every_line_is_one_that_prometheus_reads(fresh, token):
    fresh.signed_in().get("/")
    answer = fresh.visitor().ask("GET", "/metrics", headers=HEADER)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    for line in answer.text.splitlines():
        assert line.startswith(("# HELP chokepoint_", "# TYPE chokepoint_")) or LINE.fullmatch(line), line


def test_sessions_that_are_on_are_counted(fresh, token):
    assert figures(fresh)["chokepoint_sessions"] == 0
    fresh.signed_in("bank")
    fresh.signed_in("police")
    assert figures(fresh)["chokepoint_sessions"] == 2
    fresh.clock.passes(REST)
    assert figures(fresh)["chokepoint_sessions"] == 0
    assert REST < AGE


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({}, id="none"),
        pytest.param({"authorization": "Bearer "}, id="empty"),
        pytest.param({"authorization": f"Bearer {TOKEN}x"}, id="longer"),
        pytest.param({"authorization": f"Bearer {TOKEN[:-1]}"}, id="shorter"),
        pytest.param({"authorization": f"Basic {TOKEN}"}, id="of another kind"),
        pytest.param({"authorization": TOKEN}, id="of no kind"),
    ],
)
def test_without_the_token_there_is_no_such_page(fresh, token, header):
    assert fresh.visitor().ask("GET", "/metrics", headers=header).status_code == 404
    assert fresh.signed_in().ask("GET", "/metrics", headers=header).status_code == 404


@pytest.mark.parametrize("origins", [("https://desk.example",), ("http://127.0.0.1:1", "http://desk.test")])
def test_without_a_token_a_desk_for_others_shows_them_to_nobody(opening, monkeypatch, origins):
    monkeypatch.delenv(VARIABLE, raising=False)
    web = opening(origins=origins)
    assert web.visitor().ask("GET", "/metrics").status_code == 404


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("10.1.2.3", 404), ("::1", 200)])
def test_without_a_token_a_desk_for_this_machine_shows_them_to_this_machine(
    opening, monkeypatch, address, status
):
    monkeypatch.delenv(VARIABLE, raising=False)
    web = opening(origins=("http://127.0.0.1:8765", "http://localhost:8765"))
    ask = web.app.asgi_handler

    async def from_there(scope, receive, send):
        await ask(scope | {"client": (address, 1)} if scope["type"] == "http" else scope, receive, send)

    monkeypatch.setattr(web.app, "asgi_handler", from_there)
    assert web.visitor().ask("GET", "/metrics").status_code == status


def test_sums_only_grow_and_each_process_has_its_own():
    one = Counters()
    one.answered("/", 200, 0.25)
    one.answered("/", 204, 0.5)
    one.answered("", 404, 0.0)
    text = one.text(0, 7)
    assert 'chokepoint_requests_total{page="/",status="2xx",process="7"} 2\n' in text
    assert 'chokepoint_request_seconds_total{page="/",status="2xx",process="7"} 0.750000\n' in text
    assert 'chokepoint_requests_total{page="none",status="4xx",process="7"} 1\n' in text


def test_a_name_cannot_break_out_of_its_label():
    one = Counters()
    one.answered('a"b\\c\nd', 200, 0.0)
    assert 'page="a\\"b\\\\c\\nd"' in one.text(0, 1)
