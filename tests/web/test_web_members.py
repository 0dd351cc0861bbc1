"""Members as the web desk shows them: who is in, what may be said of whom, who comes and goes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from web_desk import PASSWORD, shown

from chokepoint.desk.member import one, terms, update
from chokepoint.desk.people.circle import groups, make_group
from chokepoint.desk.people.staff import depart, staff
from chokepoint.model.marking import Viewer
from chokepoint.model.member import Sector
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from web_desk import Person, Web

    from chokepoint.desk.atlas import Atlas

LEAD = (Role.ADMINISTRATOR, Role.INVESTIGATOR)


def opened(web: Web, who: str = "bank") -> Atlas:
    organisation, _, user = who.partition("/")
    return web.office.opened_by(Viewer(organisation=organisation, user=user))


def cells(page: str, name: str) -> list[str]:
    """The texts of the row of a table that begins with a name."""
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        found = [
            " ".join(shown(f"<p>{cell}</p>").split())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        if found and found[0].startswith(name):
            return found
    return []


def actions(page: str) -> set[str]:
    """Where the forms of the page's own part lead."""
    main = page[page.index("<main") :]
    return set(re.findall(r'action="([^"]+)"', main))


@pytest.fixture
def bank(fresh: Web) -> Person:
    """The founder as a whole."""
    person = fresh.signed_in("bank")
    person.get("/member")
    return person


@pytest.fixture
def vendor(fresh: Web) -> Person:
    person = fresh.signed_in("vendor")
    person.get("/member")
    return person


class TestCoalition:
    def test_all_members_are_listed_in_the_order_in_which_they_joined(self, vendor: Person):
        names = re.findall(r'href="/member/one\?name=(\w+)"', vendor.page)
        assert names == ["bank", "police", "vendor"]

    def test_a_row_tells_sector_country_levers_ties_and_since_when(self, fresh: Web, vendor: Person):
        def described(known):
            return replace(known, sector=Sector.VENDOR, country="ke", parents=frozenset({"Acme <b>"}))

        update(opened(fresh, "vendor"), "vendor", described)
        page = vendor.get("/member").text
        row = cells(page, "vendor")
        assert row[0] == "vendor yours"
        assert row[1:5] == ["vendor", "Kenya", "none", "Acme <b>"]
        assert re.fullmatch(r"\d{1,2} \w{3} \d{4}", row[5])
        assert "Acme <b>" not in page

    def test_a_member_that_was_put_out_is_shown_with_the_day_and_the_reason(self, fresh: Web, vendor: Person):
        depart(opened(fresh), "police", "sold the list")
        assert "left" in cells(vendor.get("/member").text, "police")[5]
        assert "sold the list" in shown(vendor.get("/member/one?name=police").text)

    def test_a_readmitted_member_has_not_left(self, fresh: Web, vendor: Person):
        depart(opened(fresh), "police", "sold the list")
        depart(opened(fresh), "police", "bought it back", left=False)
        assert terms(opened(fresh))["police"].left == ""
        assert "sold the list" not in vendor.get("/member/one?name=police").text

    def test_a_name_that_is_no_member_has_no_page(self, vendor: Person):
        assert vendor.get("/member/one?name=nobody").status_code == 404

    def test_nobody_reads_it_without_signing_in(self, fresh: Web):
        for path in ("/member", "/member/one?name=bank", "/member/people", "/member/groups"):
            answer = fresh.visitor().get(path)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/sign-in")


class TestDescribing:
    def test_a_member_describes_itself(self, fresh: Web, vendor: Person):
        answer = vendor.post(
            "/member/describe",
            name="vendor",
            sector="telecom",
            country="th",
            capabilities="takedown, freeze:crypto-address",
            feeds="List A, List B",
        )
        assert answer.status_code in {200, 201}
        known = one(opened(fresh), "vendor")
        assert (known.sector, known.country) == (Sector.TELECOM, "th")
        assert sorted(map(str, known.capabilities)) == ["freeze:crypto-address", "takedown"]
        assert known.feeds == {"List A", "List B"}

    def test_ties_are_added_to_those_there_are(self, fresh: Web, vendor: Person):
        for feed in ("List A", "List B"):
            vendor.post("/member/describe", name="vendor", feeds=feed)
        assert one(opened(fresh), "vendor").feeds == {"List A", "List B"}

    def test_an_empty_field_of_one_word_changes_nothing(self, fresh: Web, vendor: Person):
        vendor.post("/member/describe", name="vendor", sector="telecom", country="th")
        vendor.post("/member/describe", name="vendor")
        known = one(opened(fresh), "vendor")
        assert (known.sector, known.country) == (Sector.TELECOM, "th")

    def test_what_the_founder_has_not_said_too_is_kept_and_told(self, fresh: Web, vendor: Person):
        vendor.post("/member/describe", name="vendor", sector="bank")
        answer = vendor.post("/member/describe", name="vendor", sector="telecom")
        assert "until the founder of the atlas and the member both say so: sector" in shown(answer.text)
        assert one(opened(fresh), "vendor").sector is Sector.BANK

    def test_a_tie_ends_when_the_founder_and_the_member_both_end_it(
        self, fresh: Web, bank: Person, vendor: Person
    ):
        vendor.post("/member/describe", name="vendor", parents="Acme, Umbrella")
        bank.post("/member/describe", name="vendor", lift="Acme")
        assert one(opened(fresh), "vendor").parents == {"Acme", "Umbrella"}
        assert 'name="lift"' in vendor.get("/member/one?name=vendor").text
        vendor.post("/member/describe", name="vendor", lift="Acme")
        assert one(opened(fresh), "vendor").parents == {"Umbrella"}

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            pytest.param({"sector": "pirates"}, "pirates", id="no sector"),
            pytest.param({"country": "zz"}, "ISO 3166", id="no country"),
            pytest.param({"capabilities": "takedown, magic"}, "magic", id="no lever"),
            pytest.param({"parents": "x" * 300}, "characters", id="a tie too long"),
        ],
    )
    def test_a_word_that_names_nothing_is_refused_and_nothing_is_recorded(
        self, fresh: Web, vendor: Person, fields: dict[str, str], told: str
    ):
        before = one(opened(fresh), "vendor")
        answer = vendor.post("/member/describe", name="vendor", **fields)
        assert answer.status_code == 422
        assert told in shown(answer.text)
        assert one(opened(fresh), "vendor") == before

    def test_another_member_is_neither_offered_nor_taken(self, fresh: Web, vendor: Person):
        page = vendor.get("/member/one?name=police").text
        assert actions(page) == set()
        before = one(opened(fresh), "police")
        answer = vendor.post("/member/describe", name="police", sector="bank")
        assert answer.status_code == 403
        assert "ask one of these two members" in shown(answer.text)
        assert one(opened(fresh), "police") == before

    def test_the_founder_is_offered_every_member_and_the_end_of_ties_of_others(self, bank: Person):
        assert actions(bank.get("/member/one?name=police").text) == {"/member/describe", "/member/depart"}
        assert 'name="lift"' in bank.page
        assert 'name="lift"' not in bank.get("/member/one?name=bank").text

    def test_a_forged_form_changes_nothing(self, fresh: Web, vendor: Person):
        answer = vendor.post("/member/describe", csrf="forged", name="vendor", sector="bank")
        assert answer.status_code == 403
        assert one(opened(fresh), "vendor").sector is None

    def test_somebody_who_only_votes_is_offered_nothing_and_refused(self, fresh: Web):
        ann = fresh.hired("vendor/ann", Role.VETTER)
        assert actions(ann.get("/member/one?name=vendor").text) == set()
        answer = ann.post("/member/describe", name="vendor", sector="bank")
        assert answer.status_code in {400, 403}
        assert one(opened(fresh), "vendor").sector is None


class TestLeavingTheCoalition:
    def test_a_member_leaves_and_its_session_is_over(self, fresh: Web, vendor: Person):
        answer = vendor.post("/member/depart", name="vendor", reason="we closed")
        assert answer.headers["location"] == "/sign-in"
        assert vendor.get("/member").status_code == 303
        assert terms(opened(fresh))["vendor"].reason == "we closed"

    def test_the_founder_puts_out_and_lets_in_again(self, fresh: Web, bank: Person):
        bank.post("/member/depart", name="police", reason="sold the list")
        assert terms(opened(fresh))["police"].left
        bank.post("/member/depart", name="police", reason="bought it back", again="yes")
        assert terms(opened(fresh))["police"].left == ""

    @pytest.mark.parametrize(
        ("name", "reason", "told"),
        [
            pytest.param("police", "no reason of ours", "the founder", id="another member"),
            pytest.param("vendor", "  ", "reason", id="no reason"),
            pytest.param("bank", "a coup", "the founder", id="the founder"),
        ],
    )
    def test_what_is_not_ones_to_say_is_refused_with_its_mend(
        self, fresh: Web, vendor: Person, name: str, reason: str, told: str
    ):
        answer = vendor.post("/member/depart", name=name, reason=reason)
        assert answer.status_code == 403
        assert told in shown(answer.text)
        assert not any(term.left for term in terms(opened(fresh)).values())

    def test_the_founder_is_not_offered_to_leave(self, bank: Person):
        assert "/member/depart" not in actions(bank.get("/member/one?name=bank").text)


class TestPeople:
    def test_where_no_register_is_kept_the_page_says_so(self, vendor: Person):
        assert "No register is kept" in shown(vendor.get("/member/people").text)

    def test_an_invitation_is_a_link_shown_once_with_which_somebody_joins(self, fresh: Web, vendor: Person):
        answer = vendor.post("/member/people/invite", user="ann", role="vetter")
        link = re.search(r'id="link">([^<]+)<', answer.text)
        assert link
        path = link[1].removeprefix(fresh.office.origins[0])
        assert path.startswith("/join/vendor/ann/")
        assert path not in vendor.get("/member/people").text
        ann = fresh.visitor()
        ann.get(path)
        joined = ann.post("/join", who="vendor/ann", token=path.rpartition("/")[2], password=PASSWORD)
        assert joined.status_code == 303
        assert [(one.user, one.state) for one in staff(opened(fresh, "vendor"))] == [("ann", "active")]

    def test_people_are_listed_with_state_and_roles(self, fresh: Web, vendor: Person):
        fresh.hired("vendor/ann", Role.VETTER, Role.INVESTIGATOR)
        fresh.invited("vendor/ben", Role.ADMINISTRATOR)
        page = vendor.get("/member/people").text
        assert cells(page, "ann")[1:3] == ["active", "investigator, vetter"]
        assert cells(page, "ben")[1].startswith("invited until")
        assert cells(page, "ben")[2] == "administrator"

    def test_people_of_another_organisation_are_not_shown(self, fresh: Web, bank: Person):
        fresh.hired("vendor/ann", Role.VETTER)
        text = bank.get("/member/people").text
        assert "ann" not in shown(text)

    def test_roles_become_those_that_are_ticked(self, fresh: Web):
        lead = fresh.hired("vendor/lea", *LEAD)
        fresh.hired("vendor/ann", Role.VETTER)
        lead.get("/member/people")
        assert lead.post("/member/people/roles", user="ann", role="investigator").status_code == 303
        assert {one.user: one.roles for one in staff(opened(fresh, "vendor/lea"))}["ann"] == {
            Role.INVESTIGATOR
        }

    def test_whoever_leaves_is_signed_out_at_once(self, fresh: Web, vendor: Person):
        ann = fresh.hired("vendor/ann", Role.VETTER)
        assert ann.get("/member").status_code == 200
        vendor.post("/member/people/leave", user="ann")
        assert ann.get("/member").status_code == 303
        assert [one.state for one in staff(opened(fresh, "vendor"))] == ["left"]

    def test_an_invitation_that_is_taken_back_lets_nobody_in(self, fresh: Web, vendor: Person):
        token = fresh.invited("vendor/ben", Role.VETTER)
        vendor.get("/member/people")
        vendor.post("/member/people/leave", user="ben")
        ben = fresh.visitor()
        ben.get(f"/join/vendor/ben/{token}")
        assert ben.post("/join", who="vendor/ben", token=token, password=PASSWORD).status_code != 303

    def test_a_person_leaves_by_their_own_word(self, fresh: Web):
        ann = fresh.hired("vendor/ann", Role.VETTER)
        ann.get("/member/people")
        answer = ann.post("/member/people/leave", user="ann")
        assert answer.headers["location"] == "/sign-in"
        assert [one.state for one in staff(opened(fresh, "vendor"))] == ["left"]

    def test_who_is_no_administrator_sees_colleagues_and_no_form_but_their_own_leaving(self, fresh: Web):
        ann = fresh.hired("vendor/ann", Role.VETTER)
        page = ann.get("/member/people").text
        assert cells(page, "ann")[1] == "active"
        assert actions(page) == {"/member/people/leave"}
        assert re.findall(r'name="user" value="([^"]+)"', page) == ["ann"]

    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            pytest.param("invite", {"user": "eve", "role": "administrator"}, id="invite"),
            pytest.param("roles", {"user": "lea", "role": "vetter"}, id="roles"),
            pytest.param("leave", {"user": "lea"}, id="let go"),
        ],
    )
    def test_who_is_no_administrator_is_refused(self, fresh: Web, path: str, fields: dict[str, str]):
        fresh.hired("vendor/lea", *LEAD)
        ann = fresh.hired("vendor/ann", Role.VETTER)
        before = staff(opened(fresh, "vendor/lea"))
        ann.get("/member/people")
        assert ann.post(f"/member/people/{path}", **fields).status_code in {400, 403}
        assert staff(opened(fresh, "vendor/lea")) == before

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            pytest.param({"user": "a b", "role": "vetter"}, "cannot name a person", id="a space"),
            pytest.param({"user": "x" * 65, "role": "vetter"}, "cannot name a person", id="too long"),
            pytest.param({"user": "a\u202eb", "role": "vetter"}, "cannot name a person", id="turned round"),
            pytest.param({"user": "eve"}, "needs a role", id="no role"),
            pytest.param({"user": "eve", "role": "king"}, "unknown role", id="another role"),
            pytest.param(
                {"user": "eve", "role": "overseer"}, "the coalition's", id="a role of the coalition"
            ),
        ],
    )
    def test_an_invitation_that_cannot_be_is_refused_and_makes_no_link(
        self, fresh: Web, vendor: Person, fields: dict[str, str], told: str
    ):
        answer = vendor.post("/member/people/invite", **fields)
        assert answer.status_code in {403, 422}
        assert told in shown(answer.text)
        assert 'id="link"' not in answer.text
        assert staff(opened(fresh, "vendor")) == []

    def test_nobody_changes_their_own_roles(self, fresh: Web):
        lead = fresh.hired("vendor/lea", *LEAD)
        lead.get("/member/people")
        answer = lead.post("/member/people/roles", user="lea", role="vetter")
        assert answer.status_code == 403
        assert "nobody changes their own roles" in shown(answer.text)

    def test_roles_without_any_are_refused(self, fresh: Web, vendor: Person):
        fresh.hired("vendor/ann", Role.VETTER)
        vendor.get("/member/people")
        answer = vendor.post("/member/people/roles", user="ann")
        assert answer.status_code == 422
        assert "tick at least one" in shown(answer.text)

    def test_a_stranger_and_somebody_of_another_organisation_read_the_same(self, fresh: Web, vendor: Person):
        fresh.hired("police/kim", Role.VETTER)
        answers = [vendor.post("/member/people/leave", user=name) for name in ("kim", "nobody")]
        assert [one.status_code for one in answers] == [404, 404]


class TestAppointing:
    def test_the_founder_makes_an_overseer_and_takes_it_back(self, fresh: Web, bank: Person):
        fresh.hired("police/kim", Role.VETTER)
        bank.post("/member/people/appoint", user="police/kim", role="overseer")
        assert Role.OVERSEER in staff(opened(fresh, "police"))[0].roles
        bank.post("/member/people/appoint", user="police/kim", role="overseer", revoke="yes")
        assert Role.OVERSEER not in staff(opened(fresh, "police"))[0].roles

    def test_nobody_else_is_offered_it_or_may(self, fresh: Web, vendor: Person):
        assert "/member/people/appoint" not in vendor.get("/member/people").text
        fresh.hired("police/kim", Role.VETTER)
        answer = vendor.post("/member/people/appoint", user="police/kim", role="overseer")
        assert answer.status_code == 403
        assert "ask bank" in shown(answer.text)
        assert Role.OVERSEER not in staff(opened(fresh, "police"))[0].roles

    @pytest.mark.parametrize(
        ("user", "role"),
        [("police/nobody/else", "vetter"), ("nowhere/kim", "overseer"), ("police", "overseer")],
    )
    def test_who_does_not_work_there_is_not_appointed(self, bank: Person, user: str, role: str):
        answer = bank.post("/member/people/appoint", user=user, role=role)
        assert answer.status_code in {403, 404}
        assert 'role="alert"' in answer.text


class TestGroups:
    def test_a_group_is_made_and_its_members_see_it(self, fresh: Web, vendor: Person):
        answer = vendor.post("/member/groups", name="Lamp <b>", members="vendor, police")
        assert answer.status_code == 303
        row = cells(fresh.signed_in("police").get("/member/groups").text, "Lamp <b>")
        assert row[1:3] == ["vendor", "police, vendor"]

    def test_who_is_not_in_it_learns_nothing_of_it(self, fresh: Web, vendor: Person):
        vendor.post("/member/groups", name="Lamp", members="vendor, police")
        scope = groups(opened(fresh, "vendor"))[0].scope
        bank = fresh.signed_in("bank")
        text = bank.get("/member/groups").text
        assert "Lamp" not in text
        assert "You are in no group." in shown(text)
        told = [
            bank.post(f"/member/groups/{way}", group=one).status_code
            for way in ("change", "leave")
            for one in (scope, "group:none")
        ]
        assert told == [404] * 4

    def test_its_owner_takes_in_and_puts_out(self, fresh: Web, vendor: Person):
        vendor.post("/member/groups", name="Lamp", members="vendor, police")
        scope = groups(opened(fresh, "vendor"))[0].scope
        vendor.post("/member/groups/change", group=scope, add="bank", remove="police")
        assert groups(opened(fresh, "vendor"))[0].members == ("bank", "vendor")
        assert groups(opened(fresh, "police")) == []

    def test_a_member_leaves_and_sees_it_no_more(self, fresh: Web, vendor: Person):
        made = make_group(opened(fresh, "police"), "Lamp", ["police", "vendor"])
        page = vendor.get("/member/groups").text
        assert actions(page) == {"/member/groups", "/member/groups/ask", "/member/groups/leave"}
        vendor.post("/member/groups/leave", group=made.scope)
        assert groups(opened(fresh, "vendor")) == []
        assert groups(opened(fresh, "police"))[0].members == ("police",)

    def test_a_group_of_another_is_not_changed(self, fresh: Web, vendor: Person):
        made = make_group(opened(fresh, "police"), "Lamp", ["police", "vendor"])
        answer = vendor.post("/member/groups/change", group=made.scope, remove="police")
        assert answer.status_code == 403
        assert "ask them, or leave it" in shown(answer.text)
        assert groups(opened(fresh, "police"))[0].members == ("police", "vendor")

    def test_a_person_who_is_in_it_by_their_organisation_is_not_offered_to_leave(self, fresh: Web):
        ann = fresh.hired("vendor/ann", Role.INVESTIGATOR)
        made = make_group(opened(fresh, "police"), "Lamp", ["police", "vendor"])
        assert actions(ann.get("/member/groups").text) == {"/member/groups", "/member/groups/ask"}
        answer = ann.post("/member/groups/leave", group=made.scope)
        assert answer.status_code == 403
        assert "not in it by name" in shown(answer.text)

    def test_a_person_who_is_in_it_by_name_leaves_alone(self, fresh: Web):
        ann = fresh.hired("vendor/ann", Role.INVESTIGATOR)
        made = make_group(opened(fresh, "police"), "Lamp", ["police", "vendor/ann"])
        assert "/member/groups/leave" in actions(ann.get("/member/groups").text)
        ann.post("/member/groups/leave", group=made.scope)
        assert groups(opened(fresh, "police"))[0].members == ("police",)

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            pytest.param({"name": " ", "members": "vendor"}, "needs a name", id="no name"),
            pytest.param({"name": "a\u200bb", "members": "vendor"}, "needs a name", id="a hidden character"),
            pytest.param({"name": "Lamp", "members": "vendor, everybody"}, "is no member", id="a stranger"),
            pytest.param(
                {"name": "Lamp", "members": "vendor/"}, "is no member", id="a person without a name"
            ),
        ],
    )
    def test_a_group_that_cannot_be_is_refused(
        self, fresh: Web, vendor: Person, fields: dict[str, str], told: str
    ):
        answer = vendor.post("/member/groups", **fields)
        assert answer.status_code == 422
        assert told in shown(answer.text)
        assert groups(opened(fresh, "vendor")) == []

    def test_who_may_not_share_is_offered_no_form_and_refused(self, fresh: Web):
        ann = fresh.hired("vendor/ann", Role.VETTER)
        make_group(opened(fresh, "police"), "Lamp", ["police", "vendor"])
        page = ann.get("/member/groups").text
        assert "Lamp" in page
        assert actions(page) == set()
        assert ann.post("/member/groups", name="Mine", members="vendor").status_code in {400, 403}
        assert [one.name for one in groups(opened(fresh, "vendor"))] == ["Lamp"]

    def test_a_forged_form_makes_no_group(self, fresh: Web, vendor: Person):
        assert vendor.post("/member/groups", csrf="forged", name="Lamp", members="vendor").status_code == 403
        assert groups(opened(fresh, "vendor")) == []
