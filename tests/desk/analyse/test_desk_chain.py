"""The value chain of a small hand-made map: what the network holds, the best plan, and what is said of it."""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from chain_world import HOST, ONE, TODAY, TWO, W1, W2, A, B, ask, chained, ids, node, struck

from chokepoint.choke.harm import prepare
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.solve import QUICK_GAP
from chokepoint.choke.worlds import CHOOSING
from chokepoint.desk.analyse.chain.answer import MEASURE

if TYPE_CHECKING:
    from desk_world import World

    from chokepoint.desk.analyse.chain import ChainAnswer

AT_ONE, AT_TWO = f"{W1} at {ONE}", f"{W2} at {TWO}"


@pytest.fixture(scope="module")
def answer(shops: World) -> ChainAnswer:
    return chained(shops)


def best_by_hand(answer: ChainAnswer) -> float:
    """Least flow over all plans within the budget, one by one."""
    network = read_network(answer.tree)
    harm, modes = prepare(network, network.worlds, CHOOSING), network.modes
    left = []
    for size in range(modes.node.size + 1):
        for plan in itertools.combinations(range(modes.node.size), size):
            nodes = {int(modes.node[mode]) for mode in plan}
            dear = modes.cost[list(plan)].sum() > network.budget + 1e-9
            harms = modes.collateral[list(plan)].sum() > network.collateral_limit + 1e-9
            over = any(
                sum(modes.cost[m] for m in plan if modes.jurisdiction[m] == law) > room + 1e-9
                for law, room in network.caps.items()
            )
            if len(nodes) == size and not (dear or harms or over):
                left.append(harm.value(plan))
    return min(left)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"budget": 0.0}, id="nothing to spend"),
        pytest.param({"budget": 1.0}, id="one action"),
        pytest.param({"budget": 2.0}, id="two actions"),
        pytest.param({"budget": 3.3}, id="two and a cheap one"),
        pytest.param({"budget": 20.0}, id="everything"),
        pytest.param({"budget": 2.0, "horizon": 7.0}, id="a week"),
        pytest.param({"budget": 2.0, "horizon": 30.0}, id="a month"),
        pytest.param({"budget": 3.0, "caps": (("US", 1.0),)}, id="capped in one country"),
        pytest.param({"budget": 3.0, "caps": (("US", 0.0), ("RU", 0.0))}, id="two countries out"),
        pytest.param({"budget": 3.0, "collateral": 0.1}, id="little collateral"),
        pytest.param({"budget": 3.0, "modes_out": frozenset({"takedown"})}, id="no takedowns"),
        pytest.param({"budget": 2.0, "seed": 7}, id="other worlds"),
    ],
)
def test_no_plan_within_the_limits_is_better(shops: World, options: dict[str, object]) -> None:
    answer = chained(shops, **options)
    least = best_by_hand(answer)
    assert answer.document["flow_after"] == pytest.approx(least)
    assert answer.document["bound"] <= least + 1e-9
    assert answer.document["gap"] <= QUICK_GAP


def test_a_chain_answers_by_the_engine_of_a_network_file(answer: ChainAnswer) -> None:
    alone = make_plan(read_network(json.loads(json.dumps(answer.tree)))).document
    assert alone == answer.document


def test_victims_come_in_at_the_shops_and_value_leaves_at_the_exchanges(answer: ChainAnswer) -> None:
    roles = {one["id"]: one["role"] for one in answer.tree["nodes"] if one["role"]}
    assert roles == {"victims": "victim", str(ONE): "cash-out", str(TWO): "cash-out"}
    into = {edge["to"] for edge in answer.tree["edges"] if edge["from"] == "victims"}
    assert into == set(ids([A, B]))


def test_each_hop_carries_the_belief_of_its_statement(answer: ChainAnswer, shops: World) -> None:
    beliefs = {(edge["from"], edge["to"]): edge["belief"] for edge in answer.tree["edges"]}
    [paid] = [value for (tail, head), value in beliefs.items() if (tail, head) == (str(A), str(W1))]
    assert 0.8 <= paid < 1.0
    assert beliefs["victims", str(A)] == 1.0
    assert beliefs[AT_ONE, str(ONE)] == 1.0


@pytest.mark.parametrize(("name", "capacity"), [(str(A), 10.0), (str(B), 5.0), (AT_ONE, 10.0), (AT_TWO, 5.0)])
def test_without_amounts_a_thing_counts_by_its_sightings_and_one(
    answer: ChainAnswer, name: str, capacity: float
) -> None:
    assert node(answer, name)["capacity"] == capacity
    assert answer.unit == "sightings"
    assert "plus 1" in answer.capacities


def test_a_host_is_needed_by_the_shop_that_it_serves(answer: ChainAnswer) -> None:
    assert answer.tree["dependencies"] == [{"node": str(A), "needs_any": [str(HOST)]}]


def test_exchanges_are_asked_about_one_account_and_never_struck(answer: ChainAnswer) -> None:
    for exchange in (ONE, TWO):
        assert node(answer, str(exchange))["modes"] == []
    for account in (AT_ONE, AT_TWO):
        assert [mode["mode"] for mode in node(answer, account)["modes"]] == ["cooperation"]
        assert node(answer, account)["shared"] is True


def test_what_is_blocked_at_one_exchange_moves_to_the_other_after_the_usual_time(answer: ChainAnswer) -> None:
    moves = {(row["for"], row["id"], row["after_days"]) for row in answer.tree["substitutes"]}
    assert moves == {(AT_ONE, f"{W1} at {TWO}", 30.0), (AT_TWO, f"{W2} at {ONE}", 30.0)}
    [step] = [step for step in answer.steps if step["id"] == AT_ONE]
    assert [heir["after_days"] for heir in step["taken_over_by"]] == [30.0]
    assert "moves to" in step["reason"]


def test_each_step_names_who_acts_when_and_what_to_keep_first(answer: ChainAnswer) -> None:
    steps = {step["id"]: step for step in answer.steps}
    assert steps[AT_ONE]["by"] == ["exchange one"]
    assert steps[str(HOST)]["by"] == ["vendor"]
    assert steps[AT_ONE]["jurisdiction"] == "US"
    assert steps[str(HOST)]["jurisdiction"] == "TH"
    assert {step["effect"] for step in answer.steps} == {max(step["effect"] for step in answer.steps)}
    for step in answer.steps:
        assert step["effect"] - step["start"] == timedelta(days=step["lead_days"])
        assert step["last_seen"] == TODAY - timedelta(days=10)
    assert sum("First ask for preservation" in line for line in answer.lines()) == len(answer.steps)


def test_requests_go_out_no_sooner_than_asked(shops: World) -> None:
    later = TODAY + timedelta(days=40)
    plain, delayed = chained(shops), chained(shops, not_before=later)
    assert min(step["start"] for step in delayed.steps) == later
    assert struck(plain) == struck(delayed)


def test_the_order_is_by_what_each_next_step_stops(answer: ChainAnswer) -> None:
    left = [step["flow_after_step"] for step in answer.steps]
    assert left == sorted(left, reverse=True)
    assert left[-1] == pytest.approx(answer.document["flow_after"])
    assert [step["step"] for step in answer.steps] == list(range(1, len(left) + 1))


def test_the_curve_falls_on_the_first_day_and_grows_back(answer: ChainAnswer) -> None:
    first, last = answer.curve[0], answer.curve[-1]
    assert (first.day, last.day) == (0.0, 365.0)
    assert first.after < 0.5 * first.before
    assert last.after > first.after
    assert len({round(point.before, 9) for point in answer.curve}) == 1
    for point in answer.curve:
        assert 0 <= point.low <= point.high <= 15.0
        assert 0 <= point.after <= 15.0


def test_a_shorter_horizon_ends_the_curve_there(shops: World) -> None:
    assert chained(shops, horizon=30.0).curve[-1].day == 30.0


def test_every_thing_is_told_what_would_stop_without_it(answer: ChainAnswer) -> None:
    told = {row["id"]: row for row in answer.what_if}
    assert set(told) == {*ids([A, B, W1, W2, ONE, TWO, HOST]), AT_ONE, AT_TWO}
    before = answer.document["flow_before"]
    assert told[str(W1)]["flow_without"] == pytest.approx(before - 10 * told_share(answer, W1), rel=0.1)
    assert told[str(HOST)]["flow_without"] == pytest.approx(told[str(A)]["flow_without"])
    left = [row["flow_without"] for row in answer.what_if]
    assert left == sorted(left)
    assert all(row["exact"] for row in answer.what_if)
    assert {row["id"] for row in answer.what_if if row["target"]} == {*ids([A, B, HOST]), AT_ONE, AT_TWO}


def told_share(answer: ChainAnswer, wallet: object) -> float:
    """How sure the way to and from a wallet is."""
    edges = answer.tree["edges"]
    into = next(edge["belief"] for edge in edges if edge["to"] == str(wallet))
    out = next(edge["belief"] for edge in edges if edge["from"] == str(wallet))
    return float(into * out)


def test_an_account_that_vanished_is_opened_elsewhere_and_a_wallet_is_not(answer: ChainAnswer) -> None:
    told = {row["id"]: row["flow_without"] for row in answer.what_if}
    assert told[AT_ONE] > told[str(W1)]


def test_alternatives_leave_out_a_main_action_and_are_no_better(answer: ChainAnswer) -> None:
    others = answer.document["alternatives"]
    assert others
    for other in others:
        assert other["without"] not in {one["id"] for one in other["plan"]}
        assert other["flow_after"] >= answer.document["flow_after"] - 1e-9


def test_the_worlds_that_score_are_not_those_that_chose(answer: ChainAnswer) -> None:
    assert answer.document["worlds_heldout"] != answer.document["worlds"]
    low, high = answer.document["band"]
    assert low <= answer.document["flow_after_heldout"] <= high


def test_faster_replacement_leaves_more_and_slower_less(answer: ChainAnswer) -> None:
    changed, after = answer.document["sensitivity"], answer.document["flow_after"]
    assert changed["replacement_days_x0.5"] > after > changed["replacement_days_x2"]


def test_the_answer_says_what_other_replacement_times_would_leave(answer: ChainAnswer) -> None:
    [line] = [line for line in answer.lines() if "log-normal" in line]
    uneven = answer.document["sensitivity"]["replacement_days_lognormal"]
    assert line.endswith(f"it leaves {uneven:.4g}.")


def test_the_answer_says_which_phases_it_knows_and_what_it_cannot_explain(answer: ChainAnswer) -> None:
    assert answer.loose.phases == {
        "lure": 2, "contact": 0, "payment": 2, "laundering": 0, "cash-out": 2, "enabler": 1, "actor": 0,
    }  # fmt: skip
    assert (answer.loose.ends, answer.loose.starts) == (0, 0)
    assert any("nothing of contact, laundering, actor" in line for line in answer.lines())


def test_the_answer_of_the_map_is_the_chains_and_no_lever_concentration(shops: World) -> None:
    whole = ask(shops)
    assert whole.chain is not None
    assert whole.plan == ()
    assert whole.hub is None
    assert not whole.structural_only
    assert not any("Structural only" in line for line in whole.lines())


def test_the_json_holds_the_plan_the_flows_and_the_certificate(shops: World) -> None:
    said = json.loads(json.dumps(ask(shops).to_json()))
    assert said["measure"] == MEASURE
    assert said["structural_only"] is False
    assert [step["step"] for step in said["plan"]] == list(range(1, len(said["plan"]) + 1))
    assert {"id", "mode", "by", "start", "effect", "last_seen", "reason"} <= set(said["plan"][0])
    keys = {"flow_before", "flow_after", "bound", "gap", "flow_after_heldout", "band", "sensitivity", "curve"}
    assert keys | {"what_if", "alternatives", "unexplained", "phases", "unit", "capacities"} <= set(said)
    assert date.fromisoformat(said["plan"][0]["start"])
    assert tuple(said["explanation"]) == ask(shops).explanation()


def test_what_the_lines_say_of_the_flow_is_in_the_answer(answer: ChainAnswer) -> None:
    text = "\n".join(answer.lines())
    document = answer.document
    assert f"{document['flow_before']:.4g} sightings before, {document['flow_after']:.4g} after" in text
    assert f"certified gap {document['gap']:.1%}" in text
    assert "it says nothing about what the map does not hold" in text


def test_the_same_question_has_the_same_answer(shops: World) -> None:
    assert json.dumps(ask(shops).to_json()) == json.dumps(ask(shops).to_json())


def test_a_larger_budget_never_leaves_more(shops: World) -> None:
    left = [chained(shops, budget=budget).document["flow_after"] for budget in (0.0, 1.0, 1.5, 2.0, 3.0, 4.0)]
    assert left == sorted(left, reverse=True)
    assert left[0] > left[-1]


def test_a_larger_collateral_limit_never_leaves_more(shops: World) -> None:
    left = [chained(shops, collateral=most).document["flow_after"] for most in (0.0, 0.1, 0.2, 0.5)]
    assert left == sorted(left, reverse=True)
    assert left[0] > left[-1]


def test_the_plan_keeps_to_the_collateral_limit(shops: World) -> None:
    assert chained(shops, collateral=0.2).document["collateral"] <= 0.2 + 1e-9


def test_a_cap_binds_the_country_of_an_asked_exchange(shops: World) -> None:
    answer = chained(shops, caps=(("US", 0.5),))
    assert all(step["jurisdiction"] != "US" for step in answer.steps)
    assert {step["id"] for step in answer.steps} == {AT_TWO, str(B), str(HOST)}


def test_an_unwanted_mode_is_in_no_plan_and_no_network(shops: World) -> None:
    answer = chained(shops, modes_out=frozenset({"cooperation"}))
    assert {step["mode"] for step in answer.steps} == {"takedown"}
    assert node(answer, AT_ONE)["modes"] == []


@pytest.mark.parametrize(
    "name", [str(HOST), "203[.]0[.]113[.]7", "203.0.113.7", "VENDOR"], ids=["id", "shown", "value", "holder"]
)
def test_an_excluded_thing_or_holder_is_no_target(shops: World, name: str) -> None:
    answer = chained(shops, without=frozenset({name}))
    assert str(HOST) not in {step["id"] for step in answer.steps}
    assert answer.tree["dependencies"] == []


def test_an_excluded_exchange_is_asked_for_nothing(shops: World) -> None:
    answer = chained(shops, without=frozenset({"exchange one"}))
    assert AT_ONE not in {step["id"] for step in answer.steps}
    assert AT_TWO in {step["id"] for step in answer.steps}


def test_no_budget_makes_no_plan_and_the_flow_stays(shops: World) -> None:
    answer = chained(shops, budget=0.0)
    assert answer.steps == ()
    assert answer.document["flow_after"] == answer.document["flow_before"]
    assert "no action within the limits" in answer.lines()[0]


@pytest.mark.parametrize(("days", "less"), [(0.5, True), (3650.0, False)], ids=["soon back", "hardly back"])
def test_replacement_times_given_with_the_question_decide_what_lasts(
    shops: World, days: float, less: bool
) -> None:
    plain = chained(shops).document
    other = chained(shops, times=(("organisation", (days, 1.0)), ("service", (days, 1.0)))).document
    assert (other["flow_after"] > plain["flow_after"]) is less


def test_half_is_back_after_the_median(shops: World) -> None:
    answer = chained(shops, times=(("ipv4-addr", (12.0, 1.0)),))
    [step] = [step for step in answer.steps if step["id"] == str(HOST)]
    assert step["half_back_after_days"] == pytest.approx(12.0)
