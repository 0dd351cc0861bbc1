"""Laws of a chain: what one may not see changes nothing, and what a case has reserved looks like anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chain_world import FRESH, HOST, ONE, TWO, W1, W2, A, B, a_case, able, chained, node, said
from desk_world import RED, entity

from chokepoint.desk.analyse import ChokeOptions, choke
from chokepoint.desk.people.staff import appoint, invite, join
from chokepoint.desk.work.case import close_case
from chokepoint.desk.work.outcome import guess
from chokepoint.desk.work.reserve import deconflict, is_coordinator, reserve, taken
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from desk_world import World

AT_ONE = f"{W1} at {ONE}"
SECRET = entity("domain-name:secret.cc")


# what is hidden


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param((SECRET, "requests-payment-to", W1), id="another shop"),
        pytest.param((A, "requests-payment-to", W2), id="another way"),
        pytest.param((W2, "controlled-by", ONE), id="another holder"),
        pytest.param((W1, "amount", "1000000"), id="an amount"),
        pytest.param((ONE, "category", "mixer"), id="what the exchange really is"),
        pytest.param((A, "compromised-by", entity("campaign:gang")), id="that the shop is hacked"),
        pytest.param((A, "legitimate", entity("campaign:gang")), id="that the shop is honest"),
        pytest.param((B, "resolves-to", entity("ipv4-addr:203.0.113.9")), id="another host"),
        pytest.param((TWO, "located-in", entity("country:fr")), id="where the exchange sits"),
        pytest.param((A, "listed-on", entity("known-list:ours")), id="a known-good list"),
    ],
)
def test_a_hidden_claim_changes_no_byte_of_the_answer(market: World, sentence: object) -> None:
    before = said(market, "police")
    market.say("bank", sentence, marking=RED, grade="A1", path="hidden", observed=FRESH)
    assert said(market, "police") == before


def test_a_hidden_amount_counts_for_who_sees_it(market: World) -> None:
    market.say("bank", (W1, "amount", "1000000"), marking=Marking(tlp=Tlp.AMBER_STRICT), path="hidden")
    assert node(chained(market, "bank"), str(W1))["capacity"] == 1_000_000
    assert chained(market, "police").unit == "sightings"


def test_what_another_organisation_guesses_changes_nobody_elses_plan(market: World) -> None:
    before = said(market, "police")
    guess(market.open("bank"), "organisation", (900.0, 0.5), CLEAR)
    assert said(market, "police") == before
    assert said(market, "bank") != before


# what is reserved


@pytest.mark.parametrize(
    ("target", "option"),
    [
        pytest.param(A, "domain-name:a.cc", id="a shop"),
        pytest.param(HOST, "ipv4-addr:203.0.113.7", id="a host"),
        pytest.param(W1, str(W1), id="a wallet, and so its accounts"),
        pytest.param(ONE, "organisation:exchange one", id="an exchange, and so all accounts with it"),
    ],
)
def test_a_reservation_looks_like_an_exclusion_to_everybody_else(
    market: World, target: object, option: str
) -> None:
    excluded = {one: said(market, one, without=frozenset({option})) for one in ("police", "vendor")}
    reserve(market.open("bank"), a_case(market).id, [str(target)])
    for member, expected in excluded.items():
        assert said(market, member) == expected


def test_a_reserved_host_looks_like_one_that_nobody_can_act_on(market: World) -> None:
    able(market, "vendor")
    unable = said(market, "police")
    able(market, "vendor", ("takedown", "ipv4-addr"), country="th")
    assert said(market, "police") != unable
    reserve(market.open("bank"), a_case(market).id, [str(HOST)])
    assert said(market, "police") == unable


def test_nothing_that_others_are_told_names_the_case_or_the_word(market: World) -> None:
    case = a_case(market)
    reserve(market.open("bank"), case.id, [str(A)])
    text = said(market, "police")
    assert case.id not in text
    assert "reserved" not in text
    assert "conflict" not in text


def test_an_excluded_thing_that_is_reserved_too_looks_the_same(market: World) -> None:
    before = said(market, "police", without=frozenset({str(A)}))
    reserve(market.open("bank"), a_case(market).id, [str(A)])
    assert said(market, "police", without=frozenset({str(A)})) == before


def test_reserving_what_is_not_on_the_map_changes_nothing(market: World) -> None:
    before = said(market, "police")
    reserve(market.open("bank"), a_case(market).id, ["domain-name:elsewhere.example"])
    assert said(market, "police") == before


def test_who_is_in_the_case_goes_on_seeing_its_targets(market: World) -> None:
    before = said(market, "bank")
    reserve(market.open("bank"), a_case(market).id, [str(A)])
    assert said(market, "bank") == before


def test_a_member_of_another_organisation_in_the_case_sees_them_too(market: World) -> None:
    before = said(market, "police")
    case = a_case(market, members=("bank", "police"))
    reserve(market.open("bank"), case.id, [str(A)])
    assert said(market, "police") == before
    assert taken(market.open("vendor")) == {A}


def test_closing_the_case_frees_its_targets(market: World) -> None:
    before = said(market, "police")
    case = a_case(market)
    reserve(market.open("bank"), case.id, [str(A)])
    assert said(market, "police") != before
    close_case(market.open("bank"), case.id, "done")
    assert said(market, "police") == before


def test_a_target_given_free_is_free(market: World) -> None:
    before, case = said(market, "police"), a_case(market)
    reserve(market.open("bank"), case.id, [str(A), str(B)])
    reserve(market.open("bank"), case.id, [str(A)], held=False)
    assert taken(market.open("police")) == {B}
    reserve(market.open("bank"), case.id, [str(B)], held=False)
    assert said(market, "police") == before


def test_two_cases_hold_a_target_until_both_let_go(market: World) -> None:
    first, second = a_case(market), a_case(market)
    for case in (first, second):
        reserve(market.open("bank"), case.id, [str(A)])
    reserve(market.open("bank"), first.id, [str(A)], held=False)
    assert taken(market.open("police")) == {A}
    reserve(market.open("bank"), second.id, [str(A)], held=False)
    assert taken(market.open("police")) == frozenset()


def test_nobody_reserves_for_a_case_of_others(market: World) -> None:
    shared = a_case(market, members=("bank", "police"), marking=Marking(tlp=Tlp.AMBER))
    with pytest.raises(RefusedError, match="only its own organisation"):
        reserve(market.open("police"), shared.id, [str(A)])
    with pytest.raises(NotFoundError):
        reserve(market.open("vendor"), shared.id, [str(A)])


def test_a_closed_case_reserves_nothing(market: World) -> None:
    case = a_case(market)
    close_case(market.open("bank"), case.id, "done")
    with pytest.raises(RefusedError):
        reserve(market.open("bank"), case.id, [str(A)])


@pytest.mark.parametrize("count", [0, 1001], ids=["none", "one too many"])
def test_a_reservation_names_one_to_a_thousand_targets(market: World, count: int) -> None:
    case = a_case(market)
    with pytest.raises(RefusedError, match=str(count)):
        reserve(market.open("bank"), case.id, [str(A)] * count)


def test_what_names_nothing_is_not_reserved(market: World) -> None:
    with pytest.raises(NotFoundError):
        reserve(market.open("bank"), a_case(market).id, ["???"])


def test_the_log_tells_nobody_else_of_a_reservation(market: World) -> None:
    police = market.open("police")
    with police.reader.connect() as connection:
        before = police.reader.data_position(connection)
    reserve(market.open("bank"), a_case(market).id, [str(A)])
    with police.reader.connect() as connection:
        assert police.reader.data_position(connection) == before
        assert list(police.reader.records(connection, "reservation/1")) == []


# who deconflicts


def a_person(world: World, member: str, user: str, role: Role) -> None:
    token = invite(world.open(member), user, [Role.INVESTIGATOR])
    join(world.open(member, user), token)
    appoint(world.open("bank"), f"{member}/{user}", role)


def test_a_coordinator_of_the_coalition_is_told_who_reserved_what(market: World) -> None:
    a_person(market, "vendor", "carol", Role.COORDINATOR)
    case = a_case(market)
    reserve(market.open("bank"), case.id, [str(A)])
    carol = market.open("vendor", "carol")
    answer = choke(carol, ChokeOptions())
    assert [(one.case, one.organisation, one.entity) for one in answer.conflicts] == [(case.id, "bank", A)]
    assert f"bank has reserved a[.]cc for {case.id}." in answer.lines()
    assert answer.to_json()["conflicts"] == [{"case": case.id, "organisation": "bank", "target": str(A)}]


@pytest.mark.parametrize("role", [Role.OVERSEER, None], ids=["an overseer", "an investigator"])
def test_nobody_but_a_coordinator_is_told(market: World, role: Role | None) -> None:
    if role is None:
        join(market.open("vendor", "dan"), invite(market.open("vendor"), "dan", [Role.INVESTIGATOR]))
    else:
        a_person(market, "vendor", "dan", role)
    reserve(market.open("bank"), a_case(market).id, [str(A)])
    dan = market.open("vendor", "dan")
    assert not is_coordinator(dan)
    assert deconflict(dan) == ()
    assert choke(dan, ChokeOptions(coordinator=True)).conflicts == ()


def test_an_organisation_that_calls_itself_coordinator_is_told_nothing(market: World) -> None:
    able(market, "vendor", ("takedown", "ipv4-addr"), country="th")
    reserve(market.open("bank"), a_case(market).id, [str(A)])
    assert deconflict(market.open("vendor")) == ()
    assert deconflict(market.open("bank")) == ()
