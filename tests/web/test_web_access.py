"""The access log on the web desk: own looks for all, everybody's and the words of oversight for overseers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from web_desk import shown
from web_world import EVIL, GANG, HOSTILE, SECRET, SHOP, say

from chokepoint.desk.looking.look import show
from chokepoint.desk.people.staff import appoint
from chokepoint.desk.vetting.review import recall
from chokepoint.desk.watch.access import ALARMED, saw
from chokepoint.desk.watch.oversight import flag_safety, kept_out, veto
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.role import Role
from chokepoint.web.pages.access import SHOWN, Asked

if TYPE_CHECKING:
    from web_desk import Person, Web

    from chokepoint.desk.atlas import Atlas


def opened(web: Web, who: str = "bank", case: str = "") -> Atlas:
    organisation, _, user = who.partition("/")
    return web.office.opened_by(Viewer(organisation=organisation, user=user), case)


def rows(page: str) -> list[list[str]]:
    """The texts of the log's rows: when, who, what, seen, case, to."""
    table = page[page.index('class="stacking log"') :] if 'class="stacking log"' in page else ""
    found = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    return [
        [shown(f"<p>{cell}</p>") for cell in re.findall(r"<t[hd].*?</t[hd]>", one, re.DOTALL)]
        for one in found
    ]


def words(page: str) -> set[str]:
    """What the forms of a page would say of an entity."""
    return set(re.findall(r'name="word" value="(\w+)"', page))


@pytest.fixture
def olga(fresh: Web) -> Person:
    """An overseer of the coalition, of the police."""
    person = fresh.hired("police/olga", Role.VETTER)
    appoint(opened(fresh), "police/olga", Role.OVERSEER)
    return person


@pytest.fixture
def vendor(fresh: Web) -> Person:
    return fresh.signed_in("vendor")


class TestReading:
    def test_a_look_on_a_page_stands_in_the_log_with_who_what_and_no_case(self, vendor: Person):
        vendor.get("/entity?of=evil.com")
        row = rows(vendor.get("/access").text)[0]
        assert row[1] == "vendor"
        assert "evil[.]com" in row[3] or "entities" in row[3]
        assert row[4:] == ["no case", "–"]
        assert re.search(r"\d{4} \d\d:\d\d UTC", row[0])

    def test_a_look_for_a_case_names_it(self, fresh: Web, vendor: Person):
        case = open_case(
            opened(fresh, "vendor"),
            Case(
                id="",
                title="Lanterns",
                purpose="reports",
                owner="vendor",
                review_date="2099-01-01",
                members=(),
                marking=CLEAR,
            ),
        )
        saw(opened(fresh, "vendor", case.id), "look", "evil.com", [EVIL])
        assert rows(vendor.get("/access").text)[0][4] == case.id

    def test_nobody_reads_the_looks_of_others(self, fresh: Web, vendor: Person):
        saw(opened(fresh, "bank"), "look", "what the bank asked", [EVIL])
        for path in ("/access", "/access?who=bank", "/access?about=evil.com", "/access?case=none"):
            assert "what the bank asked" not in vendor.get(path).text
        assert "read by the overseers of the coalition alone" in shown(vendor.page)

    def test_a_colleague_reads_their_own_alone(self, fresh: Web):
        ann, ben = (fresh.hired(f"vendor/{name}", Role.INVESTIGATOR) for name in ("ann", "ben"))
        saw(opened(fresh, "vendor/ann"), "look", "asked by ann", [EVIL])
        assert "asked by ann" in ann.get("/access").text
        assert "asked by ann" not in ben.get("/access").text

    def test_an_overseer_reads_everybodys(self, fresh: Web, olga: Person):
        for who in ("bank", "vendor"):
            saw(opened(fresh, who), "look", f"asked by {who}", [EVIL])
        text = shown(olga.get("/access").text)
        assert "asked by bank" in text
        assert "asked by vendor" in text
        assert "you read the looks of everybody" in text

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            pytest.param("about=evil.com", {"one"}, id="about"),
            pytest.param("about=group:copper+lantern", {"two"}, id="about a kind and value"),
            pytest.param("who=bank", {"one"}, id="an organisation"),
            pytest.param("who=vendor/ann", {"two"}, id="a person"),
            pytest.param("who=ban", set(), id="no part of a name"),
            pytest.param("case=none", {"one", "two"}, id="outside any case"),
            pytest.param("case=case-0", set(), id="a case that is none"),
            pytest.param("about=evil.com&who=vendor", set(), id="both must fit"),
        ],
    )
    def test_filters_in_the_address_choose(self, fresh: Web, olga: Person, query: str, expected: set[str]):
        saw(opened(fresh, "bank"), "look", "word one", [EVIL])
        fresh.hired("vendor/ann", Role.INVESTIGATOR)
        saw(opened(fresh, "vendor/ann"), "look", "word two", [GANG])
        found = {row[2].rpartition(" ")[2] for row in rows(olga.get(f"/access?{query}").text)}
        assert found & {"one", "two"} == expected

    def test_the_filters_stand_in_their_fields_again(self, olga: Person):
        page = olga.get('/access?about="><b>&who=bank&case=none').text
        assert 'value="&#34;&gt;&lt;b&gt;"' in page
        assert 'name="who" value="bank"' in page
        assert 'name="case" value="none"' in page

    def test_a_long_log_is_read_page_by_page_and_none_is_lost(self, fresh: Web, vendor: Person):
        atlas = opened(fresh, "vendor")
        for number in range(SHOWN + 3):
            saw(atlas, "look", f"n{number:04}", [EVIL])
        first = vendor.get("/access?about=evil.com").text
        older = re.search(r'href="(/access\?[^"]+)">Older', first)
        assert older
        second = vendor.get(older[1].replace("&amp;", "&")).text
        told = [row[2].rpartition("n")[2] for row in rows(first) + rows(second)]
        assert len(rows(first)) == SHOWN
        assert sorted(told) == [f"{number:04}" for number in range(SHOWN + 3)]
        assert "Older" not in second
        assert 'href="/access?about=evil.com">Newer' in second

    @pytest.mark.parametrize("query", ["start=-5", "start=999999", "about=%00", "about=" + "x" * 3000])
    def test_an_address_that_makes_no_sense_shows_a_page(self, vendor: Person, query: str):
        assert vendor.get(f"/access?{query}").status_code == 200

    def test_what_a_stranger_wrote_is_shown_harmless(self, fresh: Web, vendor: Person):
        saw(opened(fresh, "vendor"), "look", "<b>\u202e http://evil.com/a", [HOSTILE])
        page = vendor.get("/access").text
        assert "<b>\u202e" not in page
        assert "\u202e" not in page
        assert "<script>alert" not in page
        assert "http://evil.com" not in page

    def test_it_is_closed_to_whoever_is_not_signed_in(self, fresh: Web):
        assert fresh.visitor().get("/access").headers["location"].startswith("/sign-in")


class TestSafety:
    def test_anybody_says_that_somebody_is_at_risk_and_it_holds_at_once(
        self, fresh: Web, vendor: Person, olga: Person
    ):
        vendor.get("/access")
        answer = vendor.post("/access", word="safety", entity="evil.com", reason="a witness runs it")
        assert "The overseers were told" in shown(vendor.get(answer.headers["location"]).text)
        found = kept_out(opened(fresh, "police/olga"))
        assert [(one.entity, one.by, one.reason, one.safety) for one in found] == [
            (EVIL, "vendor", "a witness runs it", True)
        ]
        text = shown(olga.get("/access").text)
        assert "evil[.]com vendor" in text
        assert "somebody is at risk: a witness runs it" in text

    def test_who_is_no_overseer_learns_neither_what_is_withheld_nor_why(self, fresh: Web, vendor: Person):
        flag_safety(opened(fresh, "bank"), EVIL, "a witness of the bank")
        text = vendor.get("/access").text
        assert "a witness of the bank" not in text
        assert "Withheld from every package" not in text
        assert words(text) == {"safety"}

    @pytest.mark.usefixtures("olga")
    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            pytest.param(
                {"word": "safety", "entity": "evil.com", "reason": "  "}, "needs a reason", id="no reason"
            ),
            pytest.param(
                {"word": "safety", "entity": "evil.com", "reason": "x" * 2001},
                "needs a reason",
                id="too long",
            ),
            pytest.param(
                {"word": "safety", "entity": "", "reason": "why"}, "names nothing", id="nothing named"
            ),
            pytest.param(
                {"word": "", "entity": "evil.com", "reason": "why"},
                "what to do with the thing is missing",
                id="no word",
            ),
            pytest.param(
                {"word": "bless", "entity": "evil.com", "reason": "why"},
                "what to do with the thing is missing",
                id="another",
            ),
        ],
    )
    def test_what_is_refused_says_what_to_mend(
        self, fresh: Web, vendor: Person, fields: dict[str, str], told: str
    ):
        vendor.get("/access")
        answer = vendor.post("/access", **fields)
        assert answer.status_code in {403, 404}
        assert told in shown(answer.text)
        assert kept_out(opened(fresh, "police/olga")) == []

    @pytest.mark.usefixtures("olga")
    def test_a_forged_form_withholds_nothing(self, fresh: Web, vendor: Person):
        vendor.get("/access")
        answer = vendor.post("/access", csrf="forged", word="safety", entity="evil.com", reason="why")
        assert answer.status_code == 403
        assert kept_out(opened(fresh, "police/olga")) == []


class TestVetoes:
    def test_an_overseer_withholds_and_lifts(self, fresh: Web, olga: Person):
        olga.get("/access")
        olga.post("/access", word="veto", entity="evil.com", reason="nobody is sure")
        page = olga.get("/access").text
        assert "evil[.]com police/olga" in shown(page)
        assert 'name="entity" value="domain-name:evil.com"' in page
        olga.post("/access", word="lift", entity="domain-name:evil.com", reason="now we are")
        assert kept_out(opened(fresh, "police/olga")) == []
        assert "nobody is sure" not in olga.get("/access").text

    def test_the_newest_word_is_the_one_that_is_told(self, fresh: Web, olga: Person):
        flag_safety(opened(fresh, "vendor"), EVIL, "first")
        watching = opened(fresh, "police/olga")
        veto(watching, EVIL, "lifted", lift=True)
        veto(watching, EVIL, "second")
        assert [(one.reason, one.safety) for one in kept_out(watching)] == [("second", False)]
        assert "first" not in olga.get("/access").text

    def test_several_are_listed_the_newest_first(self, fresh: Web, olga: Person):
        watching = opened(fresh, "police/olga")
        for entity in (EVIL, SHOP):
            veto(watching, entity, "why")
        assert [one.entity for one in kept_out(watching)][-1] in {EVIL, SHOP}
        assert {one.entity for one in kept_out(watching)} == {EVIL, SHOP}
        assert len(re.findall(r'value="lift"', olga.get("/access").text)) == 2

    @pytest.mark.usefixtures("olga")
    @pytest.mark.parametrize("word", ["veto", "lift"])
    def test_who_is_no_overseer_is_refused(self, fresh: Web, vendor: Person, word: str):
        flag_safety(opened(fresh, "bank"), EVIL, "a witness")
        vendor.get("/access")
        answer = vendor.post("/access", word=word, entity="evil.com", reason="why")
        assert answer.status_code == 403
        assert "only an overseer" in shown(answer.text)
        assert [one.reason for one in kept_out(opened(fresh, "police/olga"))] == ["a witness"]

    def test_the_list_is_an_overseers(self, fresh: Web):
        with pytest.raises(RefusedError):
            kept_out(opened(fresh, "vendor"))


class TestAlarms:
    def test_a_protected_profession_and_a_person_who_fishes_are_told_to_overseers(
        self, fresh: Web, olga: Person, vendor: Person
    ):
        note(opened(fresh, "bank"), Draft(text="Journalist who asked", about=("person:jane doe",)))
        ann = fresh.hired("vendor/ann", Role.INVESTIGATOR)
        looking = opened(fresh, "vendor/ann")
        for _ in range(ALARMED):
            saw(looking, "look", "evil.com", [EVIL])
        text = shown(olga.get("/access").text)
        assert "jane doe What is held on it journalist: does this belong on the map?" in text
        assert f"vendor/ann {ALARMED} looks outside any case" in text
        assert f"{ALARMED} looks" not in shown(vendor.get("/access").text)
        assert 'href="/access?who=vendor/ann&amp;case=none"' in olga.page
        assert "Alarms" not in ann.get("/access").text

    def test_without_any_the_page_says_so(self, olga: Person):
        assert "No alarm." in shown(olga.get("/access").text)


class TestSubject:
    def test_what_is_held_why_and_who_saw_it(self, fresh: Web, olga: Person):
        saw(opened(fresh, "bank"), "look", "the bank asked", [EVIL])
        text = shown(olga.get("/access/subject?of=evil.com").text)
        assert "What is held on evil[.]com" in text
        assert "is attributed to Group copper lantern" in text
        assert "A list line 1" in text
        assert "the bank asked" in text
        assert "It is not withheld." in text

    def test_what_lies_where_the_overseer_may_not_look_is_counted_by_holder_alone(
        self, fresh: Web, olga: Person
    ):
        hidden = Marking(tlp=Tlp.RED)
        say(
            opened(fresh, "bank"),
            "A whisper",
            hidden,
            ((EVIL, "attributed-to", Entity("group", "quiet ones")),),
        )
        page = olga.get("/access/subject?of=evil.com").text
        assert "bank : 1 claim more, for which only they can answer" in shown(page)
        assert "quiet ones" not in page
        assert "A whisper" not in page

    def test_a_veto_is_told(self, fresh: Web, olga: Person):
        veto(opened(fresh, "police/olga"), EVIL, "why")
        assert "It is withheld from packages." in shown(olga.get("/access/subject?of=evil.com").text)

    def test_of_what_nobody_holds_it_says_so(self, olga: Person):
        text = shown(olga.get("/access/subject?of=nothing-here.example").text)
        assert "No claim that you may see." in text
        assert "Nobody." in text

    def test_who_is_no_overseer_is_refused_alike_for_what_exists_and_what_does_not(self, vendor: Person):
        answers = [
            vendor.get(f"/access/subject?of={name}") for name in ("evil.com", "absent.com", SECRET.value)
        ]
        assert [one.status_code for one in answers] == [403] * 3
        texts = {re.sub(r'name="csrf" value="[^"]+"', "", one.text) for one in answers}
        assert len(texts) == 1

    def test_a_text_that_names_nothing_is_absent(self, olga: Person):
        assert olga.get("/access/subject?of=%20").status_code == 404


@pytest.mark.parametrize(
    ("asked", "start", "address"),
    [
        (Asked(), 0, "/access?"),
        (Asked(about="a&b"), 100, "/access?about=a%26b&start=100"),
        (Asked(who="bank/ann", case="none"), 0, "/access?who=bank%2Fann&case=none"),
    ],
)
def test_an_address_keeps_the_filters(asked: Asked, start: int, address: str):
    assert asked.address(start) == address


class TestCorrected:
    @pytest.fixture
    def recalled(self, fresh: Web) -> str:
        """A claim that the vendor looked at before the bank recalled it, and what it is about."""
        say(opened(fresh), "A leaflet", CLEAR, ((SHOP, "alias", "Shop of Lanterns"),))
        evidence = show(opened(fresh, "vendor"), str(SHOP)).evidence
        [claim] = [one.stored.id for one in evidence if one.stored.claim.object == "Shop of Lanterns"]
        recall(opened(fresh), [claim], "the leaflet was <b>forged</b>")
        return claim

    def test_an_overseer_reads_who_had_it_and_that_they_do_not_know(self, olga: Person, recalled: str):
        assert recalled
        text = shown(olga.get("/access/corrected").text)
        assert "Shop of Lanterns" in text
        assert "the leaflet was <b>forged</b>" in text
        assert re.search(r"vendor ?, show .*: not told yet", text)

    def test_who_reads_it_counts_as_told_from_then_on(self, olga: Person, vendor: Person, recalled: str):
        assert recalled
        assert "not told yet" in shown(vendor.get("/access/corrected").text)
        assert re.search(r"vendor ?, show .*: told on", shown(olga.get("/access/corrected").text))

    def test_who_never_had_it_learns_nothing(self, fresh: Web, recalled: str):
        assert recalled
        text = fresh.signed_in("police").get("/access/corrected").text
        assert "Shop of Lanterns" not in text
        assert "Nothing that was seen was recalled since." in shown(text)

    def test_nobody_reads_who_else_had_it(self, fresh: Web, vendor: Person, recalled: str):
        assert recalled
        saw(opened(fresh, "police"), "show", "shop", [SHOP])
        assert "police" not in shown(vendor.get("/access/corrected").text.split("<main")[1])

    def test_the_log_leads_there(self, vendor: Person):
        assert 'href="/access/corrected"' in vendor.get("/access").text
