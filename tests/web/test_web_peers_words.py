"""Published leaks of peers replayed on the desk: what strangers write, and what they name files and addresses."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peer_rows import peer
from selectolax.lexbor import LexborHTMLParser
from web_desk import PASSWORD, Web
from web_world import say

from chokepoint.desk.hand import export
from chokepoint.desk.people.circle import make_group
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from web_desk import Person

CORPUS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "' onmouseover='alert(1)",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
)
PAGES = (
    "/", "/search?q=alert", "/review", "/review/record", "/choke", "/map", "/case", "/package",
    "/operation", "/impact", "/collect", "/access", "/member", "/member/one?name=vendor", "/member/people",
    "/member/groups", "/ledger", "/account", "/work", "/path?start=evil.com&goal=xss.example", "/check",
)  # fmt: skip
OUTSIDE = re.compile(r"^(?![/#])")


def live(html: str) -> list[str]:
    """What a browser would run or follow outwards in a page: nothing that strangers wrote may be in it."""
    tree = LexborHTMLParser(html)
    found = []
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            leads = name in {"href", "src", "action", "formaction", "xlink:href"} and OUTSIDE.match(
                value or "#"
            )
            if leads or name.startswith("on") or name in {"style", "srcdoc"}:
                found.append(f"{node.tag} {name}={value}")
        if node.tag in {"iframe", "object", "embed", "base"}:
            found.append(node.tag)
        if (
            node.tag == "script"
            and not node.attributes.get("src")
            and "json" not in (node.attributes.get("type") or "")
        ):
            found.append(f"script {node.text()[:40]}")
    return found


def opened(web: Web, who: str):
    organisation, _, user = who.partition("/")
    return web.office.opened_by(Viewer(organisation=organisation, user=user))


@pytest.fixture(scope="module")
def scrawled(web: Web) -> Web:
    """A desk on which the whole corpus stands wherever one can write."""
    vendor, bank = opened(web, "vendor"), opened(web, "bank")
    site = Entity("domain-name", "xss.example")
    for text in CORPUS:
        gang = Entity("group", text.lower())
        say(
            vendor,
            text,
            CLEAR,
            ((site, "attributed-to", gang), (gang, "alias", text), (gang, "description", text)),
        )
        draft = Case(id="", title=text, purpose=text, owner=text, review_date="2099-01-01")
        open_case(vendor, replace(draft, members=("vendor", "bank")))
        make_group(vendor, text, ["vendor", "bank"])
    with bank.reader.connect() as connection:
        ids = [one.id for one in bank.reader.claims(connection, range(1, 60)) if one.contributor == "vendor"]
    for number, one in enumerate(ids):
        vote(bank, [one], Vote.CONFIRM, CORPUS[number % len(CORPUS)])
    web.hired("bank/olga", Role.INVESTIGATOR, Role.VETTER, Role.ADMINISTRATOR)
    return web


@pytest.fixture(scope="module")
def olga(scrawled: Web) -> Person:
    return scrawled.signed_in("bank/olga")


@pytest.fixture(scope="module")
def vendor(scrawled: Web) -> Person:
    return scrawled.signed_in("vendor")


@peer("CVE-2019-14286 / CVE-2022-29531 / CVE-2023-24026 / CVE-2023-28606")
@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_no_string_runs_in_the_dossier_the_source_or_the_map(olga: Person, number: int):
    name = quote(f"group:{CORPUS[number].lower()}")
    page = olga.get(f"/entity?of={name}")
    assert page.status_code == 200
    assert live(page.text) == []
    for claim in re.findall(r'href="(/source\?claim=[0-9a-f]{64})', page.text)[:2]:
        assert live(olga.get(claim).text) == []
    assert live(olga.get(f"/map?of={name}").text) == []
    answer = olga.ask(
        "POST", "/api/v1/map/begin", json={"text": "xss.example"}, headers={"x-csrf-token": olga.token()}
    )
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"


@peer("CVE-2019-14286 / CVE-2022-29531 / CVE-2023-24026 / CVE-2023-28606")
@pytest.mark.parametrize("form", ["graphml", "stix", "misp", "maltego", "ftm"])
def test_no_string_breaks_out_of_what_other_tools_read(scrawled: Web, form: str):
    out = io.BytesIO()
    export(opened(scrawled, "bank"), form, out)
    data = out.getvalue()
    assert b"alert" in data or form == "maltego"  # which is packed
    if form == "graphml":
        assert b"<script" not in data
        assert b"<img" not in data


@peer("CVE-2024-33855")
@pytest.mark.parametrize("path", PAGES)
def test_no_list_and_no_administrators_page_runs_it(olga: Person, vendor: Person, path: str):
    for reader in (olga, vendor):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert live(answer.text) == []


@peer("CVE-2019-11813 / CVE-2021-25325")
def test_no_address_that_anybody_wrote_is_a_link_and_no_page_allows_inline_code(olga: Person):
    for path in PAGES:
        answer = olga.get(path)
        policy = answer.headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "default-src 'none'" in policy or "default-src 'self'" in policy
        targets = [node.attributes.get("href") or "" for node in LexborHTMLParser(answer.text).css("a")]
        assert [one for one in targets if OUTSIDE.match(one or "#")] == []


@peer("CVE-2019-11814 / CVE-2023-24070")
@pytest.mark.parametrize(
    "header",
    ["referer", "user-agent", "accept-language", "x-forwarded-for", "x-forwarded-host", "cookie", "accept"],
)
def test_nothing_of_a_header_comes_back_in_a_page(olga: Person, scrawled: Web, header: str):
    for text in CORPUS:
        value = f"{text} zebra42"
        for asked in (olga, scrawled.visitor()):
            answer = asked.ask("GET", "/search?q=evil", headers={header: value.encode()})
            assert b"zebra42" not in answer.content
            assert all("zebra42" not in one for one in answer.headers.values())


NAMES = (
    *CORPUS[:4], "a;touch pwned.csv", "$(touch pwned).csv", "`touch pwned`.csv", "a|touch pwned.csv", "-rf.csv",
    "../../pwned.csv", "..\\..\\pwned.csv", "/etc/pwned.csv", "a\nb.csv", "a\r\nSet-Cookie: a=b.csv", "a" * 300 + ".csv",
    "con.csv", "~/.csv", "%2e%2e%2fpwned.csv", "\u202egnp.csv",
)  # fmt: skip


@peer("CVE-2018-19908")
@peer("CVE-2019-11814 / CVE-2023-24070")
@pytest.mark.parametrize("number", range(len(NAMES)))
def test_a_file_of_any_name_is_read_and_its_name_does_nothing(scrawled: Web, vendor: Person, number: int):
    folder = scrawled.atlas.folder
    before = {path.name for path in folder.parent.iterdir()}
    vendor.get("/collect")
    answer = vendor.upload("/collect", NAMES[number], b"domain\nname.example\n")
    assert answer.status_code in {200, 303, 400}, answer.text[:300]
    if answer.status_code == 303:
        assert live(vendor.get(answer.headers["location"]).text) == []
    assert {path.name for path in folder.parent.iterdir()} == before
    assert not list(folder.rglob("*pwned*"))


POLYGLOTS = {
    "an image with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script>evil.example</svg>',
    "a picture that is a page": b"GIF89a/*<script>alert(1)</script>*/=1; evil.example\n",
    "a page": b"<!doctype html><script>alert(1)</script><p>evil.example</p>",
    "a PDF that is none": b"%PDF-1.7\n<script>alert(1)</script> evil.example\n",
    "an archive that is none": b"PK\x03\x04<script>alert(1)</script> evil.example",
}


@peer("CVE-2024-25674 / CVE-2024-29858 / CVE-2024-29859")
@pytest.mark.parametrize("what", POLYGLOTS)
@pytest.mark.parametrize("name", ["a.svg", "a.csv"])
def test_bytes_that_were_brought_in_are_never_served_as_what_they_say_they_are(
    scrawled: Web, vendor: Person, what, name
):
    """No address gives a capture back as it is: its words stand in pages of ours, as text."""
    vendor.get("/collect")
    sent = vendor.upload("/collect", name, POLYGLOTS[what])
    places = [
        sent.headers.get("location", "/collect"),
        "/collect",
        "/search?q=evil.example",
        "/entity?of=evil.example",
    ]
    places += re.findall(r'href="(/source\?[^"]+)"', vendor.get("/entity?of=evil.example").text)[:2]
    for path in places:
        answer = vendor.get(path.replace("&amp;", "&"))
        assert answer.headers["content-type"].startswith("text/html"), path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert live(answer.text) == []
        assert b"<script>alert" not in answer.content


ELSEWHERE = ("//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
             "https:evil.example", "http://desk.test@evil.example", "//desk.test@evil.example/", "/\u2215/evil.example",
             "\uff0f\uff0fevil.example", "/%2f%2fevil.example", "/..//evil.example", " //evil.example", "javascript:alert(1)",
             "/\u3002//evil.example", "https://evil\u3002example", "///evil.example", "/./\\/evil.example")  # fmt: skip


@peer("CVE-2026-10856")
@pytest.mark.parametrize("number", range(len(ELSEWHERE)))
def test_no_way_leads_off_the_desk(scrawled: Web, number: int):
    where = ELSEWHERE[number]
    person = scrawled.visitor()
    person.get("/sign-in")
    ways = [person.post("/sign-in", who="bank/olga", password=PASSWORD, next=where)]
    person.get("/")
    ways += [person.post("/look", language="en", next=where), person.post("/work", case="", next=where)]
    for answer in ways:
        assert answer.status_code in {303, 400}
        target = answer.headers.get("location", "/")
        assert re.match(r"/(?![/\\])[\x21-\x7e]*$", target), target
        assert not target.startswith(("/%2f", "/%5c", "/%2F", "/%5C")) or "//" not in target[1:]


FIELDS = (
    "sort",
    "order",
    "order_by",
    "filter",
    "limit",
    "page",
    "offset",
    "from",
    "who",
    "case",
    "measure",
    "by",
    "q",
    "of",
)
FUZZ = st.one_of(
    st.sampled_from(["id desc; DROP TABLE records", "(SELECT 1)", "1 OR 1=1", "-1", "9" * 40, "__class__", "'", '"', "%00",
                     "seq\x00", "../", "NaN", "[]", "{}", "\ud7ff", "null", "1e309", "name--", "*"]),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
)  # fmt: skip


@peer("CVE-2022-48329 / CVE-2023-48655..48659")
@settings(max_examples=25, deadline=None)
@given(path=st.sampled_from(["/search", "/access", "/impact", "/review", "/case", "/collect", "/choke", "/map", "/package"]),
       field=st.sampled_from(FIELDS), value=FUZZ)  # fmt: skip
def test_no_order_and_no_filter_is_taken_from_an_address(olga: Person, path: str, field: str, value: str):
    answer = olga.get(f"{path}?{field}={quote(value)}")
    assert answer.status_code < 500
    assert live(answer.text) == []
    assert "sqlite" not in answer.text.lower()
