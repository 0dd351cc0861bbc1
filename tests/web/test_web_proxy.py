"""Where a request came from: a proxy's word counts where the operator named it, and nobody else's ever."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import uvicorn
from web_desk import ORIGIN

from chokepoint.model.errors import NotValidError
from chokepoint.web.guard.rate import MOST_AN_ADDRESS, neighbourhood
from chokepoint.web.serve import Listening, heeded, opened

if TYPE_CHECKING:
    from web_desk import Web

PROXY = "10.0.0.7"


def listening(*proxies: str) -> Listening:
    return Listening(host="127.0.0.1", port=8440, origin="https://desk.test", workers=1, proxies=proxies)


def counted(web: Web, proxies: tuple[str, ...], client: str, *forwarded: str) -> set[str]:
    """The addresses that count after one wrong password from there."""
    config = uvicorn.Config(web.app, **heeded(listening(*proxies)))
    config.load()
    way: Any = httpx.ASGITransport(app=config.loaded_app, client=(client, 5555))
    headers = [("x-forwarded-for", one) for one in forwarded]

    async def ask() -> int:
        async with httpx.AsyncClient(transport=way, base_url=ORIGIN) as browser:
            page = (await browser.get("/sign-in")).text
            token = page.partition('name="csrf" value="')[2].partition('"')[0]
            form = {"csrf": token, "who": "bank/eve", "password": "a wrong password"}
            return (await browser.post("/sign-in", data=form, headers=headers)).status_code

    with ThreadPoolExecutor(1) as apart:  # a browser's loop may run in this thread
        assert apart.submit(lambda: asyncio.run(ask())).result() in {200, 401, 403, 422}
    rows = web.office.register.rows("SELECT whose FROM failures WHERE whose LIKE 'at %'")
    return {row["whose"].removeprefix("at ") for row in rows}


@pytest.mark.parametrize(
    ("proxies", "client", "forwarded", "address"),
    [
        pytest.param((), "192.0.2.9", ["203.0.113.5"], "192.0.2.9", id="no proxy is named"),
        pytest.param((PROXY,), "192.0.2.9", ["203.0.113.5"], "192.0.2.9", id="a stranger says so"),
        pytest.param((PROXY,), PROXY, ["203.0.113.5"], "203.0.113.5", id="the proxy says so"),
        pytest.param((PROXY,), PROXY, [], PROXY, id="the proxy says nothing"),
        pytest.param((PROXY,), PROXY, [""], PROXY, id="the proxy says an empty word"),
        pytest.param(
            (PROXY,), PROXY, ["198.51.100.1, 203.0.113.5"], "203.0.113.5", id="a visitor wrote a word before"
        ),
        pytest.param(
            (PROXY,),
            PROXY,
            [f"{PROXY}, 203.0.113.5"],
            "203.0.113.5",
            id="a visitor calls themselves the proxy",
        ),
        pytest.param(
            (PROXY,), PROXY, ["198.51.100.1", "203.0.113.5"], "203.0.113.5", id="in a header of its own"
        ),
        pytest.param(
            ("10.0.0.0/28",), PROXY, ["203.0.113.5, 10.0.0.3"], "203.0.113.5", id="two proxies of a network"
        ),
        pytest.param((PROXY, "10.0.1.1"), "10.0.1.1", ["203.0.113.5"], "203.0.113.5", id="the second proxy"),
        pytest.param((PROXY,), PROXY, ["203.0.113.5:4711"], "203.0.113.5", id="with a port"),
        pytest.param(
            (PROXY,), PROXY, ["[2001:db8::17]:4711"], "2001:db8::", id="an IPv6 address with a port"
        ),
        pytest.param((PROXY,), PROXY, ["<script>"], "<script>", id="no address at all"),
    ],
)
def test_a_wrong_password_counts_for_the_address_that_it_came_from(
    fresh: Web, proxies: tuple[str, ...], client: str, forwarded: list[str], address: str
) -> None:
    assert counted(fresh, proxies, client, *forwarded) == {address}


def test_one_visitor_behind_a_proxy_does_not_lock_out_the_others(fresh: Web) -> None:
    rate = fresh.office.rate
    for number in range(MOST_AN_ADDRESS):
        rate.counted(f"bank/p{number}", "203.0.113.5")
    assert rate.exceeded("bank/ann", "203.0.113.5")
    assert not rate.exceeded("bank/ann", "203.0.113.6")


def test_a_line_of_ipv6_has_no_more_tries_than_one_address(fresh: Web) -> None:
    rate = fresh.office.rate
    for number in range(MOST_AN_ADDRESS):
        rate.counted(f"bank/p{number}", f"2001:db8:0:1::{number:x}")
    assert rate.exceeded("bank/ann", "2001:db8:0:1:ffff::1")
    assert not rate.exceeded("bank/ann", "2001:db8:0:2::1")


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:a:b:c:d:e:f", "2001:db8:a:b::"),
        ("2001:DB8:A:B:0:0:0:0", "2001:db8:a:b::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("testclient", "testclient"),
        ("192.0.2.256", "192.0.2.256"),
    ],
)
def test_addresses_of_one_line_count_as_one(address: str, whole: str) -> None:
    assert neighbourhood(address) == whole
    assert neighbourhood(neighbourhood(address)) == whole


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("*", "no address"),
        ("proxy.example", "no address"),
        ("10.0.0.7/8", "no address"),
        ("", "no address"),
        ("10.0.0.7,10.0.0.8", "no address"),
        ("0.0.0.0/0", "everybody"),
        ("::/0", "everybody"),
    ],
)
def test_a_proxy_that_cannot_be_told_from_others_is_refused_before_the_desk_opens(
    given: str, told: str
) -> None:
    with pytest.raises(NotValidError, match=told) as refused, opened(listening(PROXY, given)):
        raise AssertionError
    assert refused.value.place == "--proxy"


def test_without_a_named_proxy_no_header_is_read() -> None:
    assert heeded(listening()) == {"proxy_headers": False, "forwarded_allow_ips": []}
    assert heeded(listening(PROXY, "2001:DB8::/64")) == {
        "proxy_headers": True,
        "forwarded_allow_ips": ["10.0.0.7/32", "2001:db8::/64"],
    }
