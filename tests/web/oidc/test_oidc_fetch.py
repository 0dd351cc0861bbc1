"""Asking a provider: what is taken, what is cut off, and where nobody is asked."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import httpx
import pytest

from chokepoint.model.errors import RefusedError
from chokepoint.web.signin.oidc import fetch
from chokepoint.web.signin.oidc.fetch import AT_ONCE, LARGEST, PATIENCE_IN_ALL, Fetcher, allowed, is_local


@dataclass(frozen=True, kw_only=True)
class Thing:
    name: str


def asking(answer, now=lambda: 0.0):
    return Fetcher(httpx.MockTransport(answer), now)


def giving(status=200, content=b'{"name": "x"}', **headers):
    return asking(lambda _: httpx.Response(status, headers=headers, content=iter([content])))


def test_an_answer_is_read_as_what_was_asked_for():
    assert giving(content=b'{"name": "x", "more": [1]}').get("https://a.test", Thing) == Thing(name="x")


def test_questions_say_what_they_want_and_nothing_of_who_asks():
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, content=iter([b'{"name": ""}']))

    asking(answer).get("https://a.test/x", Thing)
    asking(answer).post("https://a.test/y", "a=1", {"authorization": "Basic x"}, Thing)
    for request in seen:
        assert request.headers["accept"] == "application/json"
        assert request.headers["accept-encoding"] == "identity"
        assert request.headers["user-agent"] == "chokepoint"
        assert "cookie" not in request.headers
        assert set(request.extensions["timeout"].values()) == {fetch.PATIENCE}
    assert seen[1].content == b"a=1"
    assert seen[1].headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in seen[0].headers


@pytest.mark.parametrize("status", [201, 204, 301, 302, 303, 307, 308, 400, 401, 404, 500, 503])
def test_any_status_but_200_is_no_answer_and_redirections_are_not_followed(status):
    seen = []

    def answer(request):
        seen.append(str(request.url))
        return httpx.Response(
            status, headers={"location": "http://127.0.0.1/"}, content=iter([b'{"name": "x"}'])
        )

    with pytest.raises(RefusedError, match=str(status)):
        asking(answer).get("https://a.test", Thing)
    assert seen == ["https://a.test"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>", id="a page"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{}", id="what is asked for is absent"),
        pytest.param(b'{"name": 1}', id="another type"),
        pytest.param(b'{"name": null}', id="null within"),
        pytest.param(b'{"name": "\xff"}', id="no text"),
        pytest.param(b'{"name": "x"', id="cut"),
        pytest.param(b'{"name": "x"} {}', id="more behind"),
        pytest.param(b'{"a":' + b"[" * 100_000, id="deep"),
    ],
)
def test_an_answer_of_another_shape_is_refused(content):
    with pytest.raises(RefusedError, match="another shape"):
        giving(content=content).get("https://a.test", Thing)


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_an_answer_has_so_many_bytes_at_most(more, fits):
    empty = b'{"name": ""}'
    content = empty.replace(b'""', b'"' + b"x" * (LARGEST - len(empty) + more) + b'"')
    if fits:
        assert len(giving(content=content).get("https://a.test", Thing).name) == LARGEST - len(empty)
    else:
        with pytest.raises(RefusedError, match="too large"):
            giving(content=content).get("https://a.test", Thing)


def test_an_answer_without_end_is_cut_off():
    read = []

    def endless():
        while True:
            read.append(1)
            yield b" " * 65_536

    with pytest.raises(RefusedError, match="too large"):
        asking(lambda _: httpx.Response(200, content=endless())).get("https://a.test", Thing)
    assert len(read) <= LARGEST // 65_536 + 2


def test_an_answer_that_trickles_is_cut_off():
    clock = [0.0]

    def trickle():
        for byte in b'{"name": "' + b"x" * 1000:
            clock[0] += 1.0
            yield bytes([byte])

    fetcher = asking(lambda _: httpx.Response(200, content=trickle()), lambda: clock[0])
    with pytest.raises(RefusedError, match="too slow"):
        fetcher.get("https://a.test", Thing)
    assert clock[0] <= PATIENCE_IN_ALL + 1


@pytest.mark.parametrize("packing", ["gzip", "br", "deflate", "gzip, gzip"])
def test_a_packed_answer_is_refused_unread(packing):
    with pytest.raises(RefusedError, match="packed"):
        giving(**{"content-encoding": packing}).get("https://a.test", Thing)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.ConnectTimeout, httpx.RemoteProtocolError]
)
def test_whoever_does_not_answer_is_refused_in_a_word(error):
    def answer(request):
        raise error("secret detail", request=request)

    with pytest.raises(RefusedError, match=error.__name__) as told:
        asking(answer).get("https://a.test", Thing)
    assert "secret" not in told.value.reason


def test_no_more_than_two_wait_for_providers_and_each_makes_room_again(monkeypatch):
    monkeypatch.setattr(fetch, "PATIENCE", 0.01)
    inside, go_on = threading.Semaphore(0), threading.Event()

    def answer(_):
        inside.release()
        go_on.wait(10)
        return httpx.Response(200, content=iter([b'{"name": "x"}']))

    fetcher = asking(answer)
    threads = [threading.Thread(target=fetcher.get, args=("https://a.test", Thing)) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
        assert inside.acquire(timeout=10)
    with pytest.raises(RefusedError, match="too many"):
        fetcher.get("https://a.test", Thing)
    go_on.set()
    for thread in threads:
        thread.join()
    assert fetcher.get("https://a.test", Thing) == Thing(name="x")


def test_a_question_that_fails_makes_room_too():
    fetcher = giving(status=500)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(RefusedError, match="500"):
            fetcher.get("https://a.test", Thing)


@pytest.mark.parametrize(
    ("url", "outside", "inside"),
    [
        ("https://a.test/x?y=1", True, True),
        ("http://a.test/x", False, False),
        ("http://localhost:1/x", False, True),
        ("https://localhost:1/x", False, True),
        ("http://a.localhost/", False, True),
        ("http://127.1.2.3/", False, True),
        ("http://[::1]/", False, True),
        ("http://10.0.0.1/", False, False),
        ("ftp://localhost/", False, False),
        ("https://a.test/#x", False, False),
        ("https://a@b.test/", False, False),
        ("https://a.test:99999/", False, False),
        ("https://[::1/", False, False),
        ('https://a.test/"onclick', False, False),
        ("https://a.test/\n", False, False),
        ("https://a.test/é", False, False),
        ("//a.test/", False, False),
        ("", False, False),
    ],
)
def test_only_https_is_asked_and_this_machine_only_where_it_may_be(url, outside, inside):
    assert allowed(url, loopback=False) is outside
    assert allowed(url, loopback=True) is inside


@pytest.mark.parametrize("host", ["localhost", "127.9.9.9", "0.0.0.0", "::", "::1", "::ffff:127.0.0.1"])  # noqa: S104 - names alone
def test_this_machine_has_many_names(host):
    assert is_local(host)


@pytest.mark.parametrize("host", ["localhost.test", "127.0.0.1.test", "10.0.0.1", "notlocalhost", ""])
def test_what_only_looks_like_this_machine_is_not(host):
    assert not is_local(host)
