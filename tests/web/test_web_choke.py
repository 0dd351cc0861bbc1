"""The choke board: a plan with its curves and doubts where a chain is vetted, levers and leads where none is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chain_world import HOST, chain
from desk_world import World
from multidict import MultiDict
from web_desk import Web, shown

from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.reserve import reserve
from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.web.pages.choke import LONGEST, MOST_BUDGET, Asked, asked_in
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web_desk import Person


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A desk on a vetted value chain: two shops, two wallets, two exchanges, a host that can be taken down."""
    world = World(Path(tmp_path_factory.mktemp("market")) / "atlas")
    for member in ("bank", "police", "vendor"):
        world.join(member)
    chain(world)
    web = Web(open_atlas(Settings(atlas=world.folder, viewer=Viewer(organisation=""))))
    yield web
    web.close()
    for atlas in [*world.opened, web.atlas]:
        atlas.engine.dispose()


@pytest.fixture(scope="module")
def bank(market: Web) -> Person:
    return market.signed_in("bank")


def left(page: str) -> list[int]:
    """Per cent of the flow that each plan leaves, as the headline says."""
    headline = page[page.index('class="headline"') :]
    return [int(one) for one in re.findall(r"(\d+)%</strong>", headline[: headline.index("</p>")])]


class TestWithAChain:
    def test_the_plan_names_target_action_holder_cost_and_what_comes_back(self, bank: Person):
        text = shown(bank.get("/choke").text)
        assert "203[.]0[.]113[.]7" in text
        assert "takedown" in text
        assert "vendor" in text
        assert re.search(r"\d+ days", text)
        assert "First ask for preservation" in text

    def test_curves_and_the_chain_are_drawn_for_both_sizes(self, bank: Person):
        page = bank.get("/choke").text
        assert page.count('class="curve"') == 2
        assert page.count('class="flow"') == 2
        assert page.count("203[.]0[.]113[.]7") >= 3, "in the plan and in both drawings"

    def test_beside_the_gap_stand_coverage_and_other_replacement_times(self, bank: Person):
        text = shown(bank.get("/choke").text)
        for words in ("Certified gap", "twice as fast", "Unexplained", "does not hold"):
            assert words in text

    def test_what_to_do_and_what_may_be_doubted_are_told_in_the_readers_language(self, market: Web):
        reader = market.signed_in("bank")
        text = shown(reader.get("/choke", accept_language="fr").text)
        assert "coopération sur son compte" in text
        assert "Si tout est remplacé deux fois plus vite" in text
        assert "blanchiment rien sur la chaîne un plan ne peut voir ce qui passe par cette phase" in text
        assert not re.search("on its account|twice as fast|on the chain$|Unexplained|nothing on", text)

    def test_more_budget_never_leaves_more(self, bank: Person):
        shares = [left(bank.get(f"/choke?budget={budget}").text)[0] for budget in (0, 1, 3, 10, 40)]
        assert shares == sorted(shares, reverse=True)
        assert shares[-1] < shares[0]

    def test_a_second_budget_is_drawn_and_told_beside_the_first(self, bank: Person):
        page = bank.get("/choke?budget=40&beside=1").text
        assert page.count('class="beside"') == 2
        assert left(page) == [
            *left(bank.get("/choke?budget=40").text),
            *left(bank.get("/choke?budget=1").text),
        ]

    def test_what_is_left_out_is_in_no_plan(self, bank: Person):
        page = bank.get(f"/choke?budget=40&without={HOST.value}").text
        plan = page[page.index('class="plan"') : page.index("</table>")] if 'class="plan"' in page else ""
        assert "203" not in plan

    def test_a_way_that_is_not_wanted_is_in_no_plan(self, bank: Person):
        text = bank.get(
            "/choke?budget=40&no=takedown&no=cooperation&no=freeze&no=seizure&no=notification"
        ).text
        assert "Nothing within the limits does the chain any damage." in shown(text)

    def test_as_a_slider_moves_the_answer_alone_is_sent(self, bank: Person):
        part = bank.get("/choke?budget=7", hx_request="true").text
        assert "<html" not in part
        assert 'class="headline"' in part

    def test_from_a_target_one_goes_to_the_map_and_to_a_package(self, bank: Person):
        page = bank.get("/choke").text
        assert 'href="/map?of=ipv4-addr:203.0.113.7"' in page
        assert 'href="/package?target=ipv4-addr:203.0.113.7"' in page

    def test_what_another_case_has_reserved_looks_like_any_other_exclusion(self, tmp_path: Path):
        world = World(tmp_path / "atlas")
        for member in ("bank", "police", "vendor"):
            world.join(member)
        chain(world)
        web = Web(open_atlas(Settings(atlas=world.folder, viewer=Viewer(organisation=""))))
        vendor = web.signed_in("vendor")
        excluded = left(vendor.get(f"/choke?budget=40&without={HOST.value}").text)
        police = world.open("police")
        case = open_case(
            police, Case(id="", title="Shops", purpose="to stop them", owner="ann", review_date="2099-01-01")
        )
        reserve(police, case.id, [str(HOST)])
        page = vendor.get("/choke?budget=40").text
        assert left(page) == excluded
        assert "eserved" not in shown(page)
        web.close()


class TestWithoutAChain:
    def test_the_board_says_that_it_is_structural_only_and_leads_to_the_review_desk(self, web: Web):
        page = web.signed_in("bank").get("/choke").text
        text = shown(page)
        assert "Structural only" in text
        assert "members have to vote" in text
        assert "Certified gap" not in text

    def test_no_hidden_thing_is_among_the_leads(self, web: Web):
        assert "hidden hand" not in shown(web.signed_in("vendor").get("/choke").text)


class TestQuestion:
    @pytest.mark.parametrize(
        ("query", "asked"),
        [
            pytest.param({}, Asked(), id="nothing"),
            pytest.param({"budget": "7.5"}, Asked(budget=7.5), id="a budget"),
            pytest.param({"budget": ""}, Asked(), id="an empty budget"),
            pytest.param({"budget": "much"}, Asked(), id="no number"),
            pytest.param({"budget": "nan", "beside": "inf"}, Asked(), id="no finite number"),
            pytest.param({"budget": "-3"}, Asked(budget=0.0), id="below nothing"),
            pytest.param({"budget": "1e9"}, Asked(budget=MOST_BUDGET), id="past the most"),
            pytest.param({"horizon": "0"}, Asked(horizon=1.0), id="no day"),
            pytest.param({"horizon": "99999"}, Asked(horizon=LONGEST), id="centuries"),
            pytest.param({"no": "arrest all"}, Asked(), id="a mode that is none"),
            pytest.param({"country": " us ", "cap": "3"}, Asked(country="us", cap=3.0), id="a country's cap"),
            pytest.param({"country": "usa"}, Asked(country="us"), id="a longer code is cut"),
        ],
    )
    def test_an_address_is_read_as_what_is_nearest_to_it(self, query: dict[str, str], asked: Asked):
        assert asked_in(MultiDict(query)) == asked

    def test_several_modes_are_left_out(self):
        query = MultiDict([("no", "takedown"), ("no", "freeze"), ("no", "dance")])
        assert set(asked_in(query).modes_out) == {"takedown", "freeze"}

    def test_a_day_that_is_none_is_told_and_the_board_answers(self, bank: Person):
        answer = bank.get("/choke?not_before=tomorrow")
        assert answer.status_code == 200
        assert 'role="alert"' in answer.text

    def test_lines_of_what_to_leave_out_and_a_cap_reach_the_desk(self):
        options = Asked(without="a.cc\n\n  b.ru \n", country="us", cap=3.0).options(5.0)
        assert options.without == {"a.cc", "b.ru"}
        assert options.caps == (("US", 3.0),)
        assert options.budget == 5.0


def test_nobody_reads_the_board_without_signing_in(market: Web):
    assert market.visitor().get("/choke").headers["location"].startswith("/sign-in")
