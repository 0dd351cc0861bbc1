"""What a page is handed of its request, whatever a browser sends: language, theme, way back, cookies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.web.front import YEAR, cookie_name, inside

if TYPE_CHECKING:
    from collections.abc import Callable

    from web_desk import Web


@pytest.mark.parametrize(
    ("where", "goes"),
    [
        pytest.param("/", "/", id="the first page"),
        pytest.param(
            "/entity?of=evil.com&accepted=true", "/entity?of=evil.com&accepted=true", id="a page here"
        ),
        pytest.param("/a//b", "/a//b", id="two strokes further on"),
        pytest.param("//evil.com", "/", id="another host"),
        pytest.param("/\\evil.com", "/", id="another host as browsers read it"),
        pytest.param("https://evil.com/", "/", id="another site"),
        pytest.param("javascript:alert(1)", "/", id="a script"),
        pytest.param("entity", "/", id="no path"),
        pytest.param("", "/", id="nothing"),
        pytest.param("/a b", "/", id="a blank"),
        pytest.param("/a\tb", "/", id="a tab, which browsers leave out"),
        pytest.param("/\n/evil.com", "/", id="a line of its own"),
        pytest.param("/\x7f", "/", id="a control character"),
        pytest.param("/!~", "/!~", id="the first and the last character that may stand there"),
        pytest.param("/ไทย", "/", id="letters that an address spells out"),
        pytest.param("/" + "a" * 3_000, "/" + "a" * 1_999, id="too long"),
    ],
)
def test_nobody_is_sent_to_another_place_than_this_desk(where: str, goes: str) -> None:
    assert inside(where) == goes


@given(st.text(max_size=40))
def test_wherever_one_is_sent_it_is_a_path_of_this_desk(where: str) -> None:
    found = inside(where)
    assert re.fullmatch(r"/(?:[^/\\ ][\x21-\x7e]*)?", found)
    assert inside(found) == found


@pytest.mark.parametrize("sent", ["/entity?of=evil.com", "/search", "/check?text=%0A%3Cb%3E"])
def test_a_form_of_the_shell_leads_back_to_the_page_with_all_that_was_asked(web: Web, sent: str) -> None:
    page = web.signed_in("bank").get(sent).text
    assert f'name="next" value="{sent}"' in page


@pytest.mark.parametrize(
    ("theme", "shown"),
    [
        ("light", ' data-theme="light"'),
        ("dark", ' data-theme="dark"'),
        ("", ""),
        ('dark" onload="alert(1)', ""),
        ("DARK", ""),
    ],
)
def test_a_theme_is_one_of_ours_or_none(web: Web, theme: str, shown: str) -> None:
    person = web.visitor()
    page = person.get("/sign-in", cookie=f"chokepoint-theme={theme}").text
    head = page[page.index("<html") : page.index(">", page.index("<html"))]
    assert head == f'<html lang="en" dir="ltr"{shown}'


@pytest.mark.parametrize(
    ("chosen", "accepts", "language", "direction"),
    [
        ("fr", "ar", "fr", "ltr"),
        ("", "ar", "ar", "rtl"),
        ("", "de, th;q=0.5", "th", "ltr"),
        ("", "pt-BR", "pt", "ltr"),
        ("", "de", "en", "ltr"),
        ("xx", "sw", "sw", "ltr"),
        ("../../etc", "", "en", "ltr"),
        ("", "x" * 5_000, "en", "ltr"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_first_that_the_browser_asks_for(
    web: Web, chosen: str, accepts: str, language: str, direction: str
) -> None:
    cookies = {"cookie": f"chokepoint-language={chosen}"} if chosen else {}
    page = web.visitor().get("/sign-in", accept_language=accepts, **cookies).text
    assert f'<html lang="{language}" dir="{direction}"' in page


def test_what_depends_on_who_asks_is_kept_by_nobody_on_the_way(web: Web) -> None:
    answer = web.signed_in("bank").get("/")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["vary"] == "cookie, hx-request"


@pytest.mark.parametrize(
    ("origin", "name", "secure"),
    [
        ("http://desk.test", "chokepoint-theme", False),
        ("https://desk.test", "__Host-chokepoint-theme", True),
    ],
)
def test_a_cookie_is_read_by_no_script_and_bound_to_this_host(
    opening: Callable[..., Web], origin: str, name: str, secure: bool
) -> None:
    person = opening(origins=(origin,)).visitor()
    person.get("/sign-in")
    answer = person.post("/look", theme="dark", next="/sign-in")
    kept = next(one for one in answer.headers.get_list("set-cookie") if name in one)
    words = {part.strip().lower() for part in kept.split(";")}
    assert {f"{name.lower()}=dark", "httponly", "path=/", "samesite=lax", f"max-age={YEAR}"} <= words
    assert ("secure" in words) is secure
    assert not any(word.startswith("domain") for word in words)


def test_a_year_is_a_year() -> None:
    assert YEAR == 31_536_000
    assert cookie_name("x", secure=True).startswith("__Host-")
