"""Amounts as people write them, capacities, and who can act on a thing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.analyse.chain.amounts import SIGHTINGS, capacities, read_amount
from chokepoint.desk.analyse.chain.levers import EACH, Levers
from chokepoint.model.identity import Entity
from chokepoint.model.member import Capability, Member, Mode
from chokepoint.model.vocabulary import vocabulary

BITCOIN = Entity("crypto-address", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
HANDLE = Entity("payment-handle", "promptpay:0812345678")
SHOP = Entity("domain-name", "a.cc")
EXCHANGE = Entity("organisation", "exchange one")
HOST = Entity("ipv4-addr", "203.0.113.7")


@pytest.mark.parametrize(
    ("text", "entity", "amount"),
    [
        pytest.param("1.99992909 (Money Received)", BITCOIN, (1.99992909, "BTC"), id="of the corpus"),
        pytest.param("29 (Money Received)", BITCOIN, (29.0, "BTC"), id="a whole number"),
        pytest.param("0 (Money Received)", BITCOIN, None, id="nothing received"),
        pytest.param("US$ 1,200.50", HANDLE, (1200.5, "USD"), id="dollars with thousands"),
        pytest.param("250 €", HANDLE, (250.0, "EUR"), id="a sign behind"),
        pytest.param("฿ 1 500", HANDLE, (1500.0, "THB"), id="thousands by spaces"),
        pytest.param("1'000'000 CHF", HANDLE, (1_000_000.0, "CHF"), id="thousands by strokes"),
        pytest.param("0,5 BTC", HANDLE, (0.5, "BTC"), id="a decimal comma"),
        pytest.param("12 USDT", BITCOIN, (12.0, "USDT"), id="a code goes before the address"),
        pytest.param("12", HANDLE, None, id="no unit"),
        pytest.param("-12 EUR", HANDLE, None, id="negative"),
        pytest.param("no amount EUR", HANDLE, None, id="no number"),
        pytest.param("1e400", BITCOIN, None, id="an exponent"),
        pytest.param("9" * 60 + " EUR", HANDLE, None, id="more money than there is"),
        pytest.param("NaN EUR", HANDLE, None, id="nan"),
        pytest.param("", BITCOIN, None, id="empty"),
        pytest.param("x" * 200 + " 5 EUR", HANDLE, None, id="too far behind"),
    ],
)
def test_an_amount_is_read_as_it_was_written(
    text: str, entity: Entity, amount: tuple[float, str] | None
) -> None:
    assert read_amount(text, entity) == amount


@given(st.text(max_size=120))
def test_whatever_is_written_is_an_amount_or_none(text: str) -> None:
    found = read_amount(text, BITCOIN)
    assert found is None or (0 < found[0] < math.inf and found[1])


@given(st.decimals(min_value="0.00000001", max_value="100000000", places=8))
def test_a_plain_number_is_read_exactly(value) -> None:
    assert read_amount(f"{value:f} BTC", HANDLE) == (float(value), "BTC")


def test_without_amounts_the_unit_is_sightings_plus_the_prior() -> None:
    found = capacities({}, {1: 0, 2: 9})
    assert found.unit == SIGHTINGS
    assert found.of == {1: 1.0, 2: 10.0}
    assert found.claimed == frozenset()


def test_an_amount_stands_and_the_others_follow_at_its_rate() -> None:
    found = capacities({1: {"BTC": 40.0}}, {1: 3, 2: 7})
    assert (found.unit, found.rate) == ("BTC", 10.0)
    assert found.of == {1: 40.0, 2: 80.0}
    assert found.claimed == {1}


def test_the_rate_is_the_median_so_that_one_giant_does_not_set_it() -> None:
    said = {1: {"BTC": 1.0}, 2: {"BTC": 2.0}, 3: {"BTC": 1e9}}
    assert capacities(said, dict.fromkeys(range(1, 5), 0)).of[4] == 2.0


def test_unlike_things_are_never_added() -> None:
    found = capacities({1: {"BTC": 1.0, "EUR": 500.0}, 2: {"BTC": 2.0}, 3: {"EUR": 9.0}}, {1: 0, 2: 0, 3: 0})
    assert found.unit == "BTC"
    assert found.of[1] == 1.0
    assert 3 not in found.claimed
    assert found.other == 2


def test_of_two_equally_common_units_the_first_by_name_counts() -> None:
    assert capacities({1: {"EUR": 1.0}, 2: {"BTC": 1.0}}, {1: 0, 2: 0}).unit == "BTC"


def test_amounts_of_things_off_the_chain_do_not_count() -> None:
    assert capacities({9: {"BTC": 5.0}}, {1: 0}).unit == SIGHTINGS


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 99), min_size=1), st.floats(0.5, 1e6))
def test_every_thing_gets_a_positive_finite_capacity(sightings: dict[int, int], amount: float) -> None:
    for said in ({}, {next(iter(sightings)): {"BTC": amount}}):
        found = capacities(said, sightings)
        assert set(found.of) == set(sightings)
        assert all(0 < one < math.inf for one in found.of.values())
        assert found.in_words()


def able(name: str, *what: tuple[str, str], country: str = "") -> Member:
    can = frozenset(Capability(Mode(mode), kind) for mode, kind in what)
    return Member(name=name, country=country, capabilities=can)


def modes(levers: Levers, entity: Entity, **about: object) -> set[str]:
    return {action.mode for action in levers.on(entity, **about)}  # type: ignore[arg-type]


def test_the_operator_that_a_name_tells_of_holds_the_first_lever() -> None:
    [action] = Levers(members=()).on(SHOP)
    assert (action.mode, action.who, action.jurisdiction) == ("takedown", ("Verisign (US)",), "US")


def test_a_member_stands_behind_the_operator_and_alone_where_there_is_none() -> None:
    police = able("police", ("takedown", ""), country="de")
    assert Levers(members=(police,)).on(SHOP)[0].who == ("Verisign (US)", "police")
    assert Levers(members=(police,)).on(HOST)[0].who == ("police",)
    assert Levers(members=(police,)).on(HOST)[0].jurisdiction == "DE"


def test_a_capability_for_another_kind_or_mode_is_none() -> None:
    others = (able("a", ("takedown", "url")), able("b", ("seizure", "ipv4-addr")))
    assert Levers(members=others).on(HOST) == ()


@pytest.mark.parametrize("kind", ["campaign", "malware", "group", "person", "organisation", "country"])
def test_things_without_levers_have_none_whoever_is_able(kind: str) -> None:
    everybody = able("all", *((mode.value, "") for mode in Mode))
    assert Levers(members=(everybody,)).on(Entity(kind, "x")) == ()


def test_of_a_victims_thing_only_gentle_levers_are_left() -> None:
    police = able("police", ("takedown", ""), ("notification", ""))
    assert modes(Levers(members=(police,)), SHOP) == {"takedown", "notification"}
    assert modes(Levers(members=(police,)), SHOP, gentle=True) == {"notification"}


@pytest.mark.parametrize("name", ["a.cc", "a[.]cc", "domain-name:a.cc"])
def test_a_closed_thing_has_no_lever_however_it_is_written(name: str) -> None:
    assert Levers(members=(), closed=frozenset({name})).on(SHOP) == ()


def test_a_closed_holder_leaves_the_others() -> None:
    levers = Levers(members=(able("police", ("takedown", "")),), closed=frozenset({"verisign (us)"}))
    assert levers.on(SHOP)[0].who == ("police",)
    assert Levers(members=(), closed=frozenset({"verisign (us)"})).on(SHOP) == ()


def test_a_mode_that_is_not_wanted_is_left_out() -> None:
    assert Levers(members=(), modes_out=frozenset({"takedown"})).on(SHOP) == ()
    assert Levers(members=(), modes_out=frozenset({"cooperation"})).asked(EXCHANGE, "us") == ()


def test_more_identifiers_in_one_request_cost_a_little_and_harm_each() -> None:
    one, ten = (Levers(members=()).on(SHOP, count=count)[0] for count in (1, 10))
    assert ten.cost == pytest.approx(one.cost * (1 + 9 * EACH))
    assert ten.collateral == pytest.approx(10 * one.collateral)


def test_a_capped_jurisdiction_of_the_holder_goes_first() -> None:
    shop = Entity("domain-name", "shop.live")
    assert Levers(members=()).on(shop)[0].jurisdiction == "US"
    assert Levers(members=(), caps={"IE": 1.0}).on(shop)[0].jurisdiction == "IE"


def test_a_company_is_asked_under_its_own_law() -> None:
    [action] = Levers(members=()).asked(EXCHANGE, "us")
    assert (action.mode, action.who, action.jurisdiction) == ("cooperation", ("exchange one",), "US")
    assert Levers(members=()).asked(EXCHANGE, "")[0].jurisdiction == ""
    assert Levers(members=(), closed=frozenset({"exchange one"})).asked(EXCHANGE, "us") == ()


def test_how_an_action_fares_stands_in_the_vocabulary() -> None:
    [action] = Levers(members=()).on(SHOP)
    effect = vocabulary().modes["takedown"]
    assert (action.success, action.collateral) == (effect.success, effect.collateral)
    assert action.lead_days == vocabulary().kind("domain-name").levers[0].lead_days
