"""Hostile strings in every field of every page: shown, apart from what is ours, and never alive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_pseudo import drawn
from web_world import say

from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.role import Role
from chokepoint.values.registry import parse, show
from chokepoint.values.unseen import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode
    from web_desk import Person, Web

BAIT = "Zq\u202egnp\u200bx\u3164 <script>alert(1)</script><b>x</b> https://evil.example/a?b=1&c javascript:alert(1)"
NOISE = (
    "\u0430ppl\u0435 e" + "\u0336" * 30 + " \U000e0041\U000e0042 \ufffe\u2066\u0007'\"`{{7*7}}${x}%(x)s{x}"
)
HOSTILE = f"{BAIT} {NOISE}"
MOST = 100
SAFE = ("/", "#", "https://desk.test")
LINKS = re.compile(r'href="(/[^"#]*)"')
RUNS = re.compile(r"\b(?:on[a-z]+|style|srcdoc|formaction)$")
TYPED = {"value", "data-of", "data-view", "data-piece", "hx-get"}
"""Attributes that give a field back what was typed into it, or a script what was asked for;
of a part of the map what its canvas draws is read by `drawn`."""


@pytest.fixture(scope="module")
def hostile(web: Web) -> Person:
    """Somebody on a desk where everything that people and sources can write was written by a criminal."""
    atlas = web.office.opened_by(Viewer(organisation="bank"))
    gang, site = Entity("group", HOSTILE), Entity("domain-name", "evil.example")
    say(
        atlas,
        HOSTILE,
        CLEAR,
        ((gang, "alias", HOSTILE), (site, "attributed-to", gang), (site, "description", HOSTILE)),
    )
    person = web.signed_in("bank")
    for page, address, fields in FORMS:
        person.get(page)
        answer = person.post(address, **fields)
        assert answer.status_code < 500, address
        if answer.status_code == 303 and page in {"/case", "/operation"}:
            made = answer.headers["location"]
            person.get(made)
            person.post(f"{made}/{'change' if page == '/case' else 'act'}", **INSIDE[page])
    person.get("/collect")
    person.upload(
        "/collect", f"{BAIT}.txt".replace("/", "_"), f"{HOSTILE}\nevil.example\n".encode("utf-8", "replace")
    )
    web.office.intake.settle()
    return person


FORMS = (
    ("/case", "/case", {"title": HOSTILE, "purpose": HOSTILE, "owner": "x", "review": "2099-01-31", "tlp": "GREEN"}),
    ("/operation", "/operation", {"name": HOSTILE, "partners": "KE:Police", "tlp": "GREEN"}),
    ("/member/groups", "/member/groups", {"name": "Group " + "\u0430ppl\u0435", "members": "bank, police"}),
    ("/access", "/access", {"word": "safety", "entity": "evil.example", "reason": HOSTILE}),
    ("/check", "/check/record", {"text": f"{HOSTILE} evil.example", "source": HOSTILE[:150], "tlp": "GREEN"}),
    ("/account", "/account/keys", {"label": HOSTILE[:70], "scope": "look", "days": "30"}),
)  # fmt: skip
INSIDE = {
    "/case": {"task": HOSTILE},
    "/operation": {"target": "evil.example", "mode": "takedown", "on": "2026-01-05", "by": HOSTILE},
}


@pytest.fixture(scope="module")
def pages(hostile: Person) -> dict[str, str]:
    """All pages that links lead to from the first one, and those that hold what was asked for."""
    waiting = [
        "/", *(page + quote(HOSTILE, safe="", errors="replace") for page in ASKED),
        "/entity?of=domain-name:evil.example", "/map?of=domain-name:evil.example", "/choke",
    ]  # fmt: skip
    found: dict[str, str] = {}
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        shape = re.sub(r"(?<=-)[0-9a-f]{8,}|(?<=claim=)[^&]*", "", address)
        if shape not in found and not address.startswith(("/static", "/enter", "/api")):
            answer = hostile.get(address)
            assert answer.status_code < 500, address
            found[shape] = answer.text
            waiting += [one.replace("&amp;", "&") for one in LINKS.findall(answer.text)]
    return found


ASKED = ("/search?q=", "/path?goal=a&start=", "/entity?of=group:", "/access?about=", "/choke?without=", "/map?of=", "/ledger/proof?record=", "/impact/", "/case/", "/member/one?name=", "/review?claim=")  # fmt: skip


def attributes(html: str) -> Iterator[tuple[LexborNode, str, str]]:
    for node in LexborHTMLParser(html).css("*"):
        for name, value in node.attributes.items():
            yield node, name, value or ""


def spoken(html: str) -> str:
    """All text of a page and of the attributes that a reader sees or hears, but not what fields give back."""
    page = LexborHTMLParser(html)
    for node in page.css("textarea, script, style"):
        node.decompose()
    assert page.root
    told = [page.root.text(separator=" ")]
    told += [
        value or "" for node in page.css("*") for name, value in node.attributes.items() if name not in TYPED
    ]
    told += [text for node in page.css("[data-piece]") for text in drawn(node.attributes["data-piece"] or "")]
    return " ".join(told)


def test_the_bait_is_on_many_pages(pages: dict[str, str]):
    assert sum("U+202E" in page for page in pages.values()) >= 10
    assert len(pages) > 25


def test_nothing_that_hides_or_turns_the_writing_reaches_a_reader(pages: dict[str, str]):
    for address, page in pages.items():
        told = re.sub(r"[\t\n\r]", " ", spoken(page))
        assert visible(told) == told, address


def test_no_text_of_a_stranger_becomes_an_element_or_runs(pages: dict[str, str]):
    for address, page in pages.items():
        html = LexborHTMLParser(page)
        assert not html.css("b, iframe, object, embed, base, form[action^='http']"), address
        assert all(node.attributes.get("src", "").startswith("/static/") for node in html.css("script")), (
            address
        )
        assert [name for _, name, _ in attributes(page) if RUNS.match(name)] == [], address


def test_no_address_of_a_stranger_is_alive(pages: dict[str, str]):
    for address, page in pages.items():
        told = spoken(page)
        assert not re.search(r"https?://(?!desk\.test|www\.w3\.org)", told), address
        assert not re.search(r"(?<![\w/:])evil\.example(?!\w)", told), address
        for _, name, value in attributes(page):
            if name in {"href", "src", "action"}:
                assert value.startswith(SAFE), (address, value)
                assert not urlsplit(value).netloc or value.startswith("https://desk.test"), (address, value)


def test_what_strangers_wrote_stands_apart_from_what_is_ours(pages: dict[str, str]):
    for address, page in pages.items():
        for node in LexborHTMLParser(page).css("span.strange"):
            over: LexborNode | None = node
            while over is not None and over.tag != "bdi":
                over = over.parent
            assert over is not None, address


def test_no_template_and_no_format_of_ours_is_filled_by_a_stranger(pages: dict[str, str]):
    for address, page in pages.items():
        assert "49" not in re.sub(r"[0-9a-f]{12,}|\d{3,}|v=\w+|U\+\w+", "", spoken(page)).split(), address


def test_letters_that_pass_for_others_are_named_on_every_page_that_shows_them(pages: dict[str, str]):
    shown = [
        page for page in pages.values() if "U+202E" in page and "ppl" in LexborHTMLParser(page).body.text()
    ]
    assert len(shown) >= 8
    for page in shown:
        assert "U+0430" in spoken(page)


@pytest.mark.parametrize(
    "name",
    ["محمد عبد الله", "สมศักดิ์ น้ำใจ", "Сергей Сорос", "می\u200cخواهم"],
    ids=["Arabic", "Thai", "Cyrillic", "Persian"],
)
def test_a_name_in_its_own_script_is_not_marked_as_hostile(web: Web, name: str):
    atlas = web.office.opened_by(Viewer(organisation="vendor"))
    say(atlas, f"A paper on {name}", CLEAR, ((parse("organisation", name), "alias", f"{name} 1"),))
    person = web.signed_in("police")
    page = LexborHTMLParser(person.get(f"/entity?of=organisation:{name}").text)
    heading = page.css_first("h1")
    assert heading.text(strip=True) == show(parse("organisation", name))
    assert not heading.css("span.strange")


def test_a_hostile_name_of_a_person_is_refused_before_it_is_kept(web: Web):
    administrator = web.hired("bank/olga", Role.ADMINISTRATOR)
    administrator.get("/member/people")
    for user in ("a\u202eb", "a b", "\u200b", "x" * 65):
        answer = administrator.post("/member/people/invite", user=user, role="vetter")
        assert answer.status_code in {400, 422}, user
        told = re.sub(r"[\t\n\r]", " ", spoken(answer.text))
        assert visible(told) == told
