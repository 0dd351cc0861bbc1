"""Proposals: made once, from what may be seen, as closed as what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from desk_world import RED, entity

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.analyse.rows import PERIOD
from chokepoint.desk.connect import connect
from chokepoint.desk.identity import decide, judgements
from chokepoint.model.claim import Interval
from chokepoint.model.judgement import Sameness
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp
from chokepoint.store.base import IDENTITY
from chokepoint.store.canonical import read_envelope

if TYPE_CHECKING:
    from desk_world import World

    from chokepoint.desk.atlas import Atlas

FANCY, SOFACY = entity("group:fancy bear"), entity("group:sofacy")
HOST = entity("domain-name:evil.com")
BANK = Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))


def said(atlas: Atlas, kind: str = IDENTITY) -> list[tuple[Marking, dict[str, object]]]:
    """Every record of a kind with its marking, whoever may see it."""
    with atlas.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM records ORDER BY seq").fetchall()
    envelopes = [read_envelope(body) for (body,) in rows]
    return [
        (Marking.from_form(one.marking), msgspec.json.decode(one.payload))
        for one in envelopes
        if one.kind == kind
    ]


def alias(world: World, marking: Marking = CLEAR, who: str = "bank") -> None:
    """Two groups, one of which is also called like the other."""
    world.say(
        who,
        (FANCY, "alias", "Sofacy"),
        (HOST, "indicates", FANCY),
        (HOST, "indicates", SOFACY),
        origin="a",
        marking=marking,
    )
    world.say(who, (SOFACY, "alias", "Fancy Bear"), origin="b", marking=marking, path="b")


def test_what_a_source_calls_alike_is_proposed_as_one_with_its_reason(world: World) -> None:
    alias(world)
    report = connect(world.open("bank"))
    [(marking, judged)] = said(world.open("bank"))
    assert (report.same, marking, judged["sameness"]) == (1, CLEAR, "same")
    assert {tuple(judged["left"]), tuple(judged["right"])} == {tuple(FANCY), tuple(SOFACY)}  # type: ignore[arg-type]
    assert judged["reason"]
    assert report.examples


def test_connecting_twice_adds_nothing_and_says_what_stands(world: World) -> None:
    alias(world)
    bank = world.open("bank")
    first = connect(bank)
    before = len(said(bank))
    second = connect(bank)
    assert len(said(bank)) == before
    assert (second.same, second.unsure, second.split) == (0, 0, 0)
    assert second.known == first.same + first.unsure + first.split


def test_connecting_again_proposes_only_what_is_new(world: World) -> None:
    alias(world)
    bank = world.open("bank")
    connect(bank)
    world.say(
        "bank",
        (entity("group:lazarus"), "alias", "Hidden Cobra"),
        (HOST, "indicates", entity("group:lazarus")),
    )
    world.say("bank", (HOST, "indicates", entity("group:hidden cobra")), path="c")
    again = connect(bank)
    assert again.same + again.unsure == 1
    assert again.known == 1


def test_what_closed_claims_add_takes_no_open_proposal_away(world: World) -> None:
    world.say(
        "bank",
        (HOST, "indicates", FANCY),
        (HOST, "indicates", SOFACY),
        (FANCY, "alias", "Sofacy"),
        origin="a",
    )
    world.say("bank", (SOFACY, "alias", "Fancy Bear"), origin="b", marking=Marking(tlp=Tlp.AMBER), path="b")
    bank = world.open("bank")
    first = connect(bank)
    told = said(bank)
    assert [marking for marking, _ in told] == [CLEAR, Marking(tlp=Tlp.AMBER_STRICT)]
    assert [{tuple(judged["left"]), tuple(judged["right"])} for _, judged in told] == [
        {tuple(FANCY), tuple(SOFACY)}
    ] * 2  # type: ignore[arg-type]
    assert len(first.examples) == 1
    again = connect(bank)
    assert (again.same, again.unsure) == (0, 0)
    assert said(bank) == told


def test_an_empty_atlas_proposes_nothing(world: World) -> None:
    report = connect(world.open("bank"))
    assert report.to_json() == {"same": 0, "unsure": 0, "split": 0, "known": 0, "examples": []}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (CLEAR, CLEAR),
        (Marking(tlp=Tlp.GREEN), Marking(tlp=Tlp.GREEN)),
        (Marking(tlp=Tlp.AMBER), Marking(tlp=Tlp.AMBER_STRICT)),
        (RED, BANK),
        (Marking(audience=frozenset({"bank"})), Marking(tlp=Tlp.AMBER_STRICT)),
        (Marking(tlp=Tlp.GREEN, audience=frozenset({"bank", "police"})), Marking(tlp=Tlp.AMBER_STRICT)),
        (Marking(pap=Pap.RED), Marking(tlp=Tlp.AMBER_STRICT, pap=Pap.RED)),
        (Marking(handling=frozenset({"H2"})), Marking(tlp=Tlp.AMBER_STRICT, handling=frozenset({"H2"}))),
    ],
)
def test_a_proposal_is_as_closed_as_the_claims_that_it_rests_on(
    world: World, given: Marking, kept: Marking
) -> None:
    alias(world, given)
    connect(world.open("bank"))
    assert [marking for marking, _ in said(world.open("bank"))] == [kept]


def test_what_one_user_alone_may_see_makes_proposals_for_that_user(world: World) -> None:
    alias(world, Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann"})), who="police")
    connect(world.open("bank", "bob"))
    assert said(world.open("bank")) == []
    connect(world.open("bank", "ann"))
    [(marking, _)] = said(world.open("bank"))
    assert marking == Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann"}))


def test_open_proposals_do_not_change_when_closed_claims_are_there(world: World) -> None:
    alias(world)
    world.say("bank", (FANCY, "alias", "Informant's name"), (HOST, "indicates", entity("group:informant's name")),
              marking=RED, path="z")  # fmt: skip
    connect(world.open("bank"))
    made = said(world.open("bank"))
    assert "informant" not in str([judged for marking, judged in made if marking != BANK])
    assert [marking for marking, _ in made].count(CLEAR) == 1


def test_hidden_claims_change_no_proposal_of_another_member(world: World) -> None:
    alias(world)
    before = connect(world.open("police")).to_json()
    world.say(
        "bank", (FANCY, "alias", "Secret"), (HOST, "indicates", entity("group:secret")), marking=RED, path="z"
    )
    after = connect(world.open("police")).to_json()
    assert after == {"same": 0, "unsure": 0, "split": 0, "known": before["same"], "examples": []}


def lapsed(world: World, marking: Marking = CLEAR) -> None:
    """A shop's domain that lapsed and was taken over for a later campaign."""
    squirrel = entity("campaign:lapsed domain squirrel")
    world.say("bank", (entity("organisation:the shop"), "website", HOST),
              observed=Interval("2016-01-01", "2017-01-01"), origin="a", grade="A1", marking=marking)  # fmt: skip
    world.say("bank", (HOST, "indicates", squirrel), observed=Interval("2024-01-01", "2024-03-01"), origin="b",
              path="b", grade="A1", marking=marking)  # fmt: skip


def test_an_identifier_that_changed_hands_has_two_lives_in_every_later_look(world: World) -> None:
    lapsed(world)
    bank = world.open("bank")
    report = connect(bank)
    assert report.split == 1
    [(marking, told)] = said(bank, PERIOD)
    assert marking == CLEAR
    assert len(told["periods"]) == 2  # type: ignore[arg-type]
    assert len(load_snapshot(bank).snapshot.period_number) == 2
    assert connect(bank).split == 0


def test_the_lives_of_an_identifier_are_told_only_to_who_sees_both(world: World) -> None:
    lapsed(world, RED)
    connect(world.open("bank"))
    assert [marking for marking, _ in said(world.open("bank"), PERIOD)] == [BANK]
    world.say("police", (HOST, "indicates", entity("malware:x")), path="p")
    assert len(load_snapshot(world.open("police")).snapshot.period_number) == 0
    assert len(load_snapshot(world.open("bank")).snapshot.period_number) == 2


@pytest.mark.parametrize("word", list(Sameness), ids=str)
def test_what_a_person_decided_of_a_pair_stands_whatever_is_learnt_later(
    world: World, word: Sameness
) -> None:
    alias(world)
    bank = world.open("bank", "ann")
    connect(bank)
    decide(bank, ("group:fancy bear", "group:sofacy"), word, reason="their own statement")
    world.say("bank", (FANCY, "alias", "Sofacy"), origin="c", path="c")
    again = connect(bank)
    assert (again.same, again.unsure) == (0, 0)
    assert said(bank)[-1][1]["sameness"] == word.value


def test_a_proposal_is_renewed_where_only_another_organisation_has_spoken(world: World) -> None:
    alias(world)
    bank = world.open("bank")
    connect(bank)
    decide(
        world.open("police"), ("group:fancy bear", "group:sofacy"), Sameness.UNSURE, reason="our own files"
    )
    world.say("bank", (FANCY, "alias", "Sofacy"), origin="c", path="c")
    assert connect(bank).same == 1


def test_a_pair_that_a_person_split_stays_apart_on_the_map(world: World) -> None:
    alias(world)
    bank = world.open("bank", "ann")
    connect(bank)
    decide(bank, ("group:fancy bear", "group:sofacy"), Sameness.DIFFERENT, reason="their own statement")
    world.say("bank", (FANCY, "alias", "Sofacy"), origin="c", path="c")
    connect(bank)
    snapshot = load_snapshot(bank).snapshot
    assert len(set(snapshot.cluster.tolist())) == snapshot.size


def test_judgements_on_all_that_a_name_names_are_told_the_newest_first(world: World) -> None:
    group, campaign = entity("group:night fox"), entity("campaign:night fox")
    for thing in (group, campaign):
        world.say("bank", (HOST, "indicates", thing), (HOST, "indicates", SOFACY), path=str(thing))
    bank, order = world.open("bank"), list[str]()
    for day, thing in enumerate((campaign, group, campaign, group), 3):
        world.clock = f"2026-02-0{day}T04:05:06.000Z"
        decide(world.open("bank"), (str(thing), "group:sofacy"), Sameness.UNSURE, reason=f"look {day}")
        order.append(f"look {day}")
    assert [one.said["reason"] for one in judgements(bank, "night fox")] == order[::-1]
    assert [one.said["reason"] for one in judgements(bank, "night fox", limit=1)] == order[-1:]
