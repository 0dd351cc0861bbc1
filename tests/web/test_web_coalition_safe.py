"""Whatever people write about each other stays harmless, and no form of these places is taken from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest
from web_desk import shown
from web_world import EVIL, HOSTILE

from chokepoint.desk.member import update
from chokepoint.desk.people.circle import make_group
from chokepoint.desk.people.staff import appoint, depart
from chokepoint.desk.watch.access import saw
from chokepoint.desk.watch.oversight import flag_safety
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.marking import Viewer
from chokepoint.model.member import Capability, Mode
from chokepoint.model.role import Role
from chokepoint.web.signin.link import Links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web_desk import Person, Web

    from chokepoint.desk.atlas import Atlas

PAGES = (
    "/member",
    "/member/one?name=vendor",
    "/member/people",
    "/member/groups",
    "/access",
    "/access/subject?of=evil.com",
    "/collect",
)
FORMS = (
    "/member/describe",
    "/member/depart",
    "/member/people/invite",
    "/member/people/roles",
    "/member/people/leave",
    "/member/people/appoint",
    "/member/groups",
    "/member/groups/change",
    "/member/groups/leave",
    "/access",
    "/collect",
)
NASTY = "<img src=x onerror=alert(1)> http://evil.com/a javascript:alert(1)"


def opened(web: Web, who: str) -> Atlas:
    organisation, _, user = who.partition("/")
    return web.office.opened_by(Viewer(organisation=organisation, user=user))


def records(web: Web) -> int:
    with web.atlas.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())


@pytest.fixture(scope="module")
def lived_in(web: Web) -> Web:
    """A desk on which somebody hostile has written wherever one can write."""
    web.hired("vendor/olga", Role.INVESTIGATOR, Role.ADMINISTRATOR)
    web.invited("vendor/<b>x</b>".replace("/b", "-b"), Role.VETTER)
    appoint(opened(web, "bank"), "vendor/olga", Role.OVERSEER)
    feeds = frozenset({NASTY})

    def nasty(known):
        return replace(known, feeds=feeds, capabilities=frozenset({Capability(Mode.TAKEDOWN)}))

    update(opened(web, "vendor"), "vendor", nasty)
    make_group(opened(web, "vendor"), NASTY, ["vendor", "police"])
    depart(opened(web, "bank"), "police", NASTY)
    saw(opened(web, "bank"), NASTY, NASTY, [EVIL, HOSTILE])
    flag_safety(opened(web, "bank"), HOSTILE, NASTY)
    flag_safety(opened(web, "bank"), EVIL, NASTY)
    return web


@pytest.fixture(scope="module")
def olga(lived_in: Web) -> Iterator[Person]:
    """An overseer and administrator, who sees the most."""
    return lived_in.signed_in("vendor/olga")


@pytest.fixture(scope="module")
def stranger(lived_in: Web) -> Person:
    return lived_in.signed_in("bank")


class TestReading:
    @pytest.mark.parametrize("path", PAGES)
    def test_nothing_that_was_written_is_live(self, olga: Person, path: str):
        page = olga.get(path).text
        assert "<img" not in page
        assert "<script>alert" not in page
        assert "http://evil.com" not in shown(page)
        assert "\u202e" not in shown(page)
        assert not re.search(r'href="(?![/#])', page)
        assert not re.search(
            r"\son\w+=|\sstyle=", re.sub(r"<bdi.*?</bdi>|value=\"[^\"]*\"", "", page, flags=re.DOTALL)
        )

    @pytest.mark.parametrize("path", PAGES)
    def test_no_page_is_kept_by_a_browser(self, olga: Person, path: str):
        assert olga.get(path).headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("path", PAGES)
    def test_every_form_that_changes_something_carries_a_token(self, olga: Person, path: str):
        page = olga.get(path).text
        for form in re.findall(r'<form method="post".*?</form>', page, re.DOTALL):
            assert 'name="csrf"' in form

    @pytest.mark.parametrize("path", PAGES)
    def test_every_field_has_a_label_and_no_name_is_given_twice(self, olga: Person, path: str):
        page = olga.get(path).text
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", page[page.index("<main") :]):
            if 'type="hidden"' not in tag and 'type="checkbox"' not in tag:
                name = re.search(r'\sid="([^"]+)"', tag)
                assert name, tag
                assert f'for="{name[1]}"' in page

    @pytest.mark.parametrize("path", PAGES)
    def test_in_arabic_it_is_read_from_right_to_left(self, lived_in: Web, path: str):
        person = lived_in.signed_in("vendor/olga")
        person.get("/")
        person.post("/look", language="ar", next="/")
        answer = person.get(path)
        assert answer.status_code == 200
        assert 'lang="ar" dir="rtl"' in answer.text

    @pytest.mark.parametrize("path", PAGES)
    def test_every_table_says_what_it_is(self, olga: Person, path: str):
        page = olga.get(path).text
        for found in re.findall(r"<table.*?</table>", page, re.DOTALL):
            assert re.search(r"<caption[^>]*>\s*\S", found)
            assert not re.search(r"<th(?![^>]*scope=)[\s>]", found)

    def test_a_hostile_entity_is_lifted_by_the_form_that_the_page_gives(self, lived_in: Web, olga: Person):
        given = [
            unescape(value)
            for value in re.findall(r'name="entity" value="([^"]+)"', olga.get("/access").text)
        ]
        assert f"{HOSTILE.kind}:{HOSTILE.value}" in given
        before = len(given)
        olga.post("/access", word="lift", entity=f"{HOSTILE.kind}:{HOSTILE.value}", reason="no risk")
        assert len(re.findall(r'value="lift"', olga.get("/access").text)) == before - 1
        flag_safety(opened(lived_in, "bank"), HOSTILE, NASTY)


class TestAnotherOrganisation:
    """A second session, open beside, of somebody who should learn nothing."""

    def test_it_reads_no_people_no_groups_and_no_looks_of_others(self, lived_in: Web, stranger: Person):
        saw(opened(lived_in, "vendor/olga"), "look", "olga's own question", [EVIL])
        texts = [
            stranger.get(path).text for path in ("/member/people", "/member/groups", "/access", "/collect")
        ]
        for text in texts:
            assert "olga" not in text
            assert not re.search(r"group:[0-9a-f]", text)

    def test_members_are_the_same_for_everybody(self, stranger: Person, olga: Person):
        def rows(page: str) -> list[str]:
            return [shown(row).replace(" yours", "") for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]

        assert rows(stranger.get("/member").text) == rows(olga.get("/member").text)

    def test_who_has_left_reads_nothing(self, lived_in: Web):
        person = lived_in.visitor()
        for path in PAGES:
            assert person.get(path).status_code == 303
        token = Links(lived_in.office.register).make(Viewer(organisation="police"))
        assert person.get(f"/enter/{token}").status_code == 401


class TestForms:
    @pytest.mark.parametrize("path", FORMS)
    def test_a_form_of_another_site_is_refused_and_changes_nothing(
        self, lived_in: Web, olga: Person, path: str
    ):
        before = records(lived_in)
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "http://elsewhere.test"}):
            assert olga.post(path, headers=headers, name="vendor", user="olga").status_code == 403
        assert olga.post(path, csrf="forged", name="vendor", user="olga").status_code == 403
        assert records(lived_in) == before

    @pytest.mark.parametrize("path", FORMS)
    def test_whoever_is_not_signed_in_changes_nothing(self, lived_in: Web, path: str):
        before = records(lived_in)
        visitor = lived_in.visitor()
        visitor.get("/sign-in")
        answer = visitor.post(path, name="vendor", user="olga", word="safety", entity="evil.com", reason="x")
        assert answer.status_code in {303, 400, 403, 422}
        assert "/sign-in" in answer.headers.get("location", "/sign-in")
        assert records(lived_in) == before

    @pytest.mark.parametrize("path", [path for path in FORMS if path != "/collect"])
    def test_an_empty_form_is_told_of_and_is_no_fault_of_ours(self, lived_in: Web, olga: Person, path: str):
        olga.get("/access")
        before = records(lived_in)
        answer = olga.post(path)
        assert answer.status_code in {303, 403, 404, 422}
        assert records(lived_in) == before

    @pytest.mark.parametrize(
        "path", [path for path in FORMS if path not in {"/member/groups", "/access", "/collect"}]
    )
    def test_an_address_of_a_form_is_no_page(self, olga: Person, path: str):
        assert olga.get(path).status_code in {404, 405}

    @pytest.mark.parametrize(
        "text", ["\x00", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "x" * 5000]
    )
    def test_strange_words_in_every_field_are_no_fault_of_ours(self, olga: Person, text: str):
        fields = ("name", "user", "reason", "group", "entity", "sector", "country", "parents", "members")
        for path in FORMS:
            if path != "/collect":
                olga.get("/access")
                assert (
                    olga.post(path, **dict.fromkeys(fields, text), word="veto", role="vetter").status_code
                    < 500
                )


def test_a_look_for_a_case_is_found_by_its_case(fresh: Web):
    bank = opened(fresh, "bank")
    case = open_case(bank, Case(id="", title="A", purpose="p", owner="bank", review_date="2099-01-01"))
    saw(fresh.office.opened_by(Viewer(organisation="bank"), case.id), "look", "inside", [EVIL])
    saw(bank, "look", "outside", [EVIL])
    person = fresh.signed_in("bank")
    assert "inside" in person.get(f"/access?case={case.id}").text
    assert "outside" not in shown(person.page.partition('class="stacking log"')[2])
    assert "inside" not in shown(person.get("/access?case=none").text.partition('class="stacking log"')[2])
