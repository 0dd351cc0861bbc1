"""What a person expects next is one step away, and what a page carries on is what it was about."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from web_desk import shown
from web_world import EVIL, GANG, SECRET, say

from chokepoint.desk.analyse.answer import ChokeAnswer
from chokepoint.desk.people.staff import depart
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.role import Role
from chokepoint.web.pages.choke import Asked, ChokePage, Lead
from chokepoint.web.pages.map import MOST, of_map
from chokepoint.web.pages.review import MOST_DONE
from chokepoint.web.show.languages import LANGUAGES
from chokepoint.web.show.templates import environment

if TYPE_CHECKING:
    from web_desk import Person, Web

TWIN = Entity("group", "copper lamp")


def asked(leads: tuple[Lead, ...]) -> ChokePage:
    """A board without a chain."""
    answer = ChokeAnswer(
        as_of=date(2026, 1, 2),
        since=date(2025, 7, 2),
        plan=(),
        leads=(),
        accepted=0,
        coverage={},
        left_out={},
    )
    return ChokePage(asked=Asked(), answer=answer, leads=leads)


@pytest.fixture(scope="module")
def bank(web: Web) -> Person:
    return web.signed_in("bank")


def opened(bank: Person, title: str, **fields: str) -> str:
    """The address of a new case."""
    bank.get("/case")
    return bank.post(
        "/case", title=title, purpose="victims wrote", review="2099-01-31", tlp="green", **fields
    ).headers["location"]


def values(page: str, name: str) -> list[str]:
    """What the fields of that name hold."""
    return re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)


def proposed(page: str) -> list[str]:
    """The members that a form proposes."""
    return re.findall(r'<option value="([^"]+)">', page[page.index("<datalist") : page.index("</datalist")])


class TestCase:
    def test_what_was_put_into_it_is_listed_and_taken_away_by_a_button_beside_it(self, bank: Person):
        case = opened(bank, "Lanterns")
        assert "Nothing was put into it yet." in shown(bank.get(case).text)
        bank.post(f"{case}/change", thing="evil.com")
        page = bank.get(case).text
        assert "What it is about Domain evil[.]com Take away" in shown(page)
        [out] = values(page, "out")
        bank.post(f"{case}/change", out=out)
        assert "Nothing was put into it yet." in shown(bank.get(case).text)

    def test_it_is_shown_on_the_map_with_all_that_it_is_about(self, bank: Person):
        case = opened(bank, "Mapped")
        assert 'form="mapped"' not in bank.get(case).text
        for thing in ("evil.com", "copper lantern"):
            bank.post(f"{case}/change", thing=thing)
        [of] = values(bank.get(case).text, "of")
        assert sorted(of.split("\n")) == sorted(map(str, (EVIL, GANG)))

    def test_one_begins_to_look_for_it_from_its_own_page_and_is_told_so(self, bank: Person):
        case = opened(bank, "Looked for")
        page = bank.get(case).text
        assert "Work on it" in shown(page)
        answer = bank.post("/work", case=values(page, "case")[0], next=values(page, "next")[1])
        assert answer.headers["location"] == case
        page = bank.get(case).text
        assert "You look for this case." in shown(page)
        assert "Work on it" not in shown(page)
        bank.post("/work", case="")

    def test_the_shell_calls_the_case_by_its_title_and_nothing_in_it_is_hidden(self, bank: Person):
        case = opened(bank, "Safe\u202egnp <b>")
        bank.post("/work", case=case.rpartition("/")[2])
        header = bank.get("/search").text.partition("</header>")[0]
        bank.post("/work", case="")
        assert "Safe" in header
        assert "U+202E" in header
        assert "<b>" not in header
        assert "case-" not in shown(header)

    def test_a_closed_one_is_not_worked_on_and_holds_no_button(self, bank: Person):
        case = opened(bank, "Over")
        bank.post(f"{case}/change", thing="evil.com")
        bank.post(f"{case}/change", reason="it is over")
        text = shown(bank.get(case).text)
        assert "Work on it" not in text
        assert "Take away" not in text
        assert "Domain evil[.]com" in text

    def test_another_organisation_reads_what_it_is_about_without_taking_it_away(self, web: Web, bank: Person):
        case = opened(bank, "Shared", members="bank, police")
        bank.post(f"{case}/change", thing="evil.com")
        page = web.signed_in("police").get(case).text
        assert "What it is about Domain evil[.]com" in shown(page)
        assert "Take away" not in shown(page)
        assert values(page, "out") == []

    def test_a_vote_that_it_waits_for_is_one_step_away(self, bank: Person):
        case = opened(bank, "Waits")
        bank.post(f"{case}/change", thing="copper lantern")
        page = bank.get(case).text
        [claim, *_] = re.findall(r'href="/review\?claim=([0-9a-f]{64})">your vote:', page)
        assert bank.get(f"/review?claim={claim}").status_code == 200

    def test_each_part_of_the_meeting_says_when_it_has_nothing(self, bank: Person):
        text = shown(bank.get(opened(bank, "Quiet")).text)
        for part in ("What is new", "What waits for whom", "What changed in belief"):
            assert f"{part} Nothing." in text


class TestMembers:
    @pytest.mark.parametrize("address", ["/case", "/package"])
    def test_forms_propose_the_other_members(self, bank: Person, address: str):
        assert proposed(bank.get(address).text) == ["police", "vendor"]

    def test_who_has_left_is_proposed_no_more(self, fresh: Web):
        depart(fresh.office.opened_by(Viewer(organisation="bank")), "vendor", "they went")
        assert proposed(fresh.signed_in("bank").get("/package").text) == ["police"]

    def test_the_need_to_know_is_taken_from_those_who_have_it(self, bank: Person):
        page = bank.get(opened(bank, "Known", members="bank, police")).text
        choices = page[page.index('<select id="remove"') :]
        assert re.findall(r"<option>([^<]+)", choices[: choices.index("</select>")]) == ["bank", "police"]


class TestPackage:
    def test_it_begins_with_what_one_came_from(self, bank: Person):
        assert values(bank.get("/package?target=domain-name:evil.com").text, "target") == [
            "domain-name:evil.com"
        ]

    def test_whatever_an_address_says_stays_inside_the_field(self, bank: Person):
        page = bank.get('/package?target="><script>alert(1)</script>' + "x" * 9_000).text
        assert "<script>alert" not in page
        assert len(values(page, "target")[0]) < 4_100

    def test_a_dossier_leads_to_a_package_about_it(self, bank: Person):
        page = bank.get("/entity?of=domain-name:evil.com").text
        [target] = re.findall(r'href="(/package\?target=[^"]+)"', page)
        assert values(bank.get(target).text, "target") == ["domain-name:evil.com"]


class TestDossier:
    def test_all_that_is_said_stands_in_one_table_by_property(self, bank: Person):
        page = bank.get("/entity?of=group:copper lantern").text
        assert page.count("<table") == 1
        assert page.count("<thead>") == 1
        heads = [shown(one) for one in re.findall(r'scope="rowgroup"[^>]*>(.*?)</th>', page)]
        assert heads == ["is also called", "is behind"]

    def test_what_reads_the_same_from_both_ends_is_told_once(self, fresh: Web):
        for organisation, ends in (("bank", (GANG, TWIN)), ("police", (TWIN, GANG))):
            atlas = fresh.office.opened_by(Viewer(organisation=organisation))
            say(atlas, f"{organisation}'s list", CLEAR, ((ends[0], "similar-to", ends[1]),))
        page = fresh.signed_in("vendor").get("/entity?of=group:copper lantern").text
        text = shown(page)
        assert text.count("is similar to") == 1
        assert "bank's list" in text
        assert "police's list" in text

    def test_it_goes_into_the_case_that_one_looks_for(self, bank: Person):
        assert "Put it into the case" not in shown(bank.get("/entity?of=domain-name:evil.com").text)
        case = opened(bank, "Filled from the dossier")
        bank.post("/work", case=case.rpartition("/")[2])
        page = bank.get("/entity?of=domain-name:evil.com").text
        form = page[page.index('id="taken"') :]
        sent = bank.post("/check/case", names=values(form, "names")[0], case=values(form, "case")[0])
        bank.post("/work", case="")
        assert sent.headers["location"] == case
        assert "What it is about Domain evil[.]com" in shown(bank.get(case).text)

    def test_who_may_not_speak_is_offered_no_case(self, fresh: Web):
        boss = fresh.signed_in("bank")
        case = opened(boss, "Ours").rpartition("/")[2]
        vetter = fresh.hired("bank/vera", Role.VETTER)
        vetter.post("/work", case=case)
        assert "Put it into the case" not in shown(vetter.get("/entity?of=domain-name:evil.com").text)


class TestReview:
    def test_it_counts_what_was_done_and_what_waits(self, fresh: Web):
        vendor = fresh.signed_in("vendor")
        page = vendor.get("/review").text
        before = int(re.search(r"(\d+) wait", shown(page))[1])  # type: ignore[index]
        claim = values(page, "claim")[0]
        sent = vendor.post("/review", claim=claim, word="confirm", reason="asked them", done="0")
        text = shown(vendor.get(sent.headers["location"]).text)
        assert f"1 claim done in this sitting; {before - 1} wait" in text

    def test_a_word_refused_loses_no_count(self, fresh: Web):
        vendor = fresh.signed_in("vendor")
        claim = values(vendor.get("/review").text, "claim")[0]
        refused = vendor.post("/review", claim=claim, word="", reason="x", done="7")
        assert refused.status_code == 400
        assert values(refused.text, "done") == ["7"]

    @pytest.mark.parametrize(
        ("carried", "counted"),
        [
            pytest.param("-5", None, id="less than nothing"),
            pytest.param("0", None, id="nothing"),
            pytest.param("1", "1 claim done", id="one"),
            pytest.param("2", "2 claims done", id="two"),
            pytest.param(str(10**12), f"{MOST_DONE} claims done", id="past all sense"),
        ],
    )
    def test_whatever_an_address_carries_is_counted_within_reason(
        self, web: Web, carried: str, counted: str | None
    ):
        text = shown(web.signed_in("vendor").get(f"/review?done={carried}").text)
        assert (counted in text) if counted else ("done in this sitting" not in text)

    def test_where_nothing_waits_it_says_whose_claims_it_would_show(self, fresh: Web):
        vendor = fresh.signed_in("vendor")
        for _ in range(20):
            page = vendor.get("/review").text
            if "Nothing waits" in page:
                break
            claim = values(page, "claim")[0]
            vendor.post("/review", claim=claim, word="unsure", reason="cannot tell")
        assert "What your own organisation contributed is for the others to vet." in shown(page)

    def test_every_key_says_what_it_does(self, web: Web):
        page = web.signed_in("vendor").get("/review").text
        keys = shown(
            page[page.index('<dl class="keys">') : page.index("</dl>", page.index('<dl class="keys">'))]
        )
        for told in ("c Confirm", "d Dispute", "u Unsure", "s Later", "j k Next and previous claim"):
            assert told in keys


class TestLeads:
    def board(self, count: int) -> str:
        leads = tuple(Lead(words=f"lead {number}.", actor=f"gang & {number}") for number in range(count))
        return (
            environment("en")
            .get_template("_choke.html")
            .render(page=asked(leads), seat=SimpleNamespace(votes=True))
        )

    def test_each_leads_to_the_dossier_and_the_map_of_its_actor(self):
        page = self.board(1)
        assert 'href="/entity?of=gang%20%26%200"' in page
        assert 'href="/map?of=gang%20%26%200"' in page

    @pytest.mark.parametrize(
        ("count", "folded"), [(7, None), (8, None), (9, "1 weaker lead"), (11, "3 weaker leads")]
    )
    def test_the_weaker_ones_are_folded_and_go_on_counting(self, count: int, folded: str | None):
        page = self.board(count)
        assert page.count("On the map") == count
        if folded is None:
            assert "weaker" not in page
        else:
            assert folded in page
            assert 'start="9"' in page


class TestOfMap:
    def test_names_stand_a_line_each_in_their_order(self):
        assert of_map(["b:2", "a:1"]) == "b:2\na:1"

    def test_of_nothing_nothing(self):
        assert of_map([]) == ""

    @pytest.mark.parametrize("more", [-1, 0, 1])
    def test_no_name_is_cut_in_two(self, more: int):
        name = "x" * (MOST // 2 - 1)
        last = "y" * (MOST // 2 - 1 + more)
        assert of_map([name, last]) == (f"{name}\n{last}" if more <= 0 else name)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_of_nothing_no_language_says_the_head_of_its_catalogue(language: str):
    assert environment(language).filters["said"]("") == ""


def test_the_log_tells_a_look_at_nothing_in_particular_as_such(web: Web):
    bank = web.signed_in("bank")
    bank.get("/impact")
    bank.post("/look", language="ar")
    page = bank.get("/access").text
    bank.post("/look", language="en")
    assert "Project-Id-Version" not in page


def test_a_hidden_thing_is_in_no_list_that_a_page_proposes(web: Web):
    vendor = web.signed_in("vendor")
    for address in ("/package", "/case", "/search?q=hidden", "/choke"):
        assert SECRET.value not in shown(vendor.get(address).text)


def test_a_hit_on_a_phone_says_what_its_number_counts(bank: Person):
    assert 'data-label="Claims"' in bank.get("/search?q=evil").text
