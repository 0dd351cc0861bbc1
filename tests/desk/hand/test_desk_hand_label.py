"""An export up to a label: who must be allowed to see it, what it says of itself, and that it is logged."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from desk_world import entity

from chokepoint.desk.hand import export
from chokepoint.desk.people.circle import make_group
from chokepoint.desk.people.staff import appoint, depart
from chokepoint.desk.watch.access import log
from chokepoint.desk.watch.oversight import veto
from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from desk_world import World

GANG = entity("malware:dridex")
JANE = entity("person:jane roe")
CLEAR_ONE, GREEN_ONE, OWN_ONE, THEIRS, RED_ONE, NARROW = (
    entity(f"domain-name:{name}.example") for name in ("clear", "green", "own", "theirs", "red", "narrow")
)
LABELS = [Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT]


@pytest.fixture
def told(world: World) -> World:
    """Claims of each label, some of the bank's, some of the police's."""
    said = [
        ("bank", CLEAR_ONE, CLEAR),
        ("police", GREEN_ONE, Marking(tlp=Tlp.GREEN)),
        ("bank", OWN_ONE, Marking(tlp=Tlp.AMBER)),
        ("police", THEIRS, Marking(tlp=Tlp.AMBER)),
        ("police", RED_ONE, Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))),
        ("police", NARROW, Marking(tlp=Tlp.GREEN, audience=frozenset({"bank"}))),
    ]
    for number, (who, host, marking) in enumerate(said):
        world.say(who, (host, "indicates", GANG), marking=marking, path=f"p{number}")
    return world


def handed(world: World, at_most: Tlp, form: str = "graphml", who: str = "bank") -> str:
    out = io.BytesIO()
    export(world.open(who), form, out, at_most=at_most)
    return out.getvalue().decode()


@pytest.mark.parametrize(
    ("at_most", "inside"),
    [
        pytest.param(Tlp.CLEAR, {CLEAR_ONE}, id="CLEAR is what everybody may have"),
        pytest.param(Tlp.GREEN, {CLEAR_ONE, GREEN_ONE}, id="GREEN is what every member may have"),
        pytest.param(Tlp.AMBER, {CLEAR_ONE, GREEN_ONE, OWN_ONE, NARROW}, id="AMBER is for ones own"),
        pytest.param(Tlp.AMBER_STRICT, {CLEAR_ONE, GREEN_ONE, OWN_ONE, NARROW}, id="and so is STRICT"),
    ],
)
def test_what_goes_as_far_as_the_label_is_in_it(told, at_most, inside):
    text = handed(told, at_most, "csv")
    every = {CLEAR_ONE, GREEN_ONE, OWN_ONE, THEIRS, RED_ONE, NARROW}
    assert {one for one in every if one.value in text} == inside


@pytest.mark.parametrize("at_most", LABELS)
def test_the_file_says_the_label_of_the_strictest_claim_in_it(told, at_most):
    expected = min(at_most, Tlp.AMBER).label
    assert f'<data key="graph.marking">{expected}</data>' in handed(told, at_most)
    bundle = json.loads(handed(told, at_most, "stix"))["objects"]
    names = {one["id"]: one.get("name") for one in bundle}
    assert expected in {names[mark] for mark in bundle[-1]["object_marking_refs"]}


def test_who_has_left_the_coalition_makes_the_file_of_the_others_no_smaller(told):
    """It grows by what the one who left alone might not see; who contributed is another matter."""

    def told_of(text: str) -> list[dict[str, str]]:
        rows = csv.DictReader(io.StringIO(text))
        return [{**row, "contributor": "", "origin": ""} for row in rows]

    before = told_of(handed(told, Tlp.GREEN, "csv"))
    depart(told.open("vendor"), "vendor", "we closed")
    after = told_of(handed(told, Tlp.GREEN, "csv"))
    assert before
    assert all(row in after for row in before)


def test_red_goes_into_no_file(told):
    with pytest.raises(RefusedError, match="RED is for people who are named"):
        handed(told, Tlp.RED)


def test_less_is_left_out_the_farther_it_goes_and_the_number_is_the_viewers_own(told):
    left = [export(told.open("bank"), "csv", io.BytesIO(), at_most=label).left_out for label in LABELS]
    assert left == [4, 3, 1, 1]


def test_closed_claims_of_others_change_no_byte_of_what_all_members_get(told):
    before = handed(told, Tlp.GREEN, "csv", "vendor")
    told.say(
        "police", (entity("domain-name:more.example"), "indicates", GANG), marking=Marking(tlp=Tlp.AMBER)
    )
    assert handed(told, Tlp.GREEN, "csv", "vendor") == before


def test_what_a_group_shares_is_not_for_all_members_and_is_ones_own(told):
    scope = make_group(told.open("bank"), "two", ["bank", "police"]).scope
    shared = entity("domain-name:of-two.example")
    told.say(
        "police", (shared, "indicates", GANG), marking=Marking(tlp=Tlp.GREEN, audience=frozenset({scope}))
    )
    assert shared.value not in handed(told, Tlp.GREEN, "csv")
    assert shared.value in handed(told, Tlp.AMBER, "csv")


@pytest.mark.parametrize("at_most", LABELS)
def test_natural_persons_are_pseudonyms_under_every_label(told, at_most):
    told.say("bank", (JANE, "uses", CLEAR_ONE), marking=CLEAR)
    for form in ("csv", "graphml", "stix"):
        assert "jane roe" not in handed(told, at_most, form)


@pytest.mark.parametrize("at_most", LABELS)
def test_what_is_vetoed_is_in_no_file(told, at_most):
    appoint(told.open("bank"), "vendor/olga", Role.OVERSEER)
    veto(told.open("vendor", "olga"), CLEAR_ONE, "a journalist's site")
    assert CLEAR_ONE.value not in handed(told, at_most, "csv")


@pytest.mark.parametrize(
    ("at_most", "to"), [(Tlp.CLEAR, "anybody"), (Tlp.GREEN, "bank"), (Tlp.AMBER, "bank")]
)
def test_it_is_logged_with_its_claims_and_for_whom(told, at_most, to):
    handed(told, at_most)
    [entry] = [one.entry for one in log(told.open("bank")) if one.entry.verb == "export"]
    assert entry.to == (to,)
    assert entry.claims
