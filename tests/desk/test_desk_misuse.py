"""The innocent stay so: no target, no "behind" and no name in a report for whoever only stands near a crime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import entity

from chokepoint.desk.analyse.choke import choke
from chokepoint.desk.hand import build, export
from chokepoint.desk.review import vote
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World

GREEN = Marking(tlp=Tlp.GREEN)
SITE, GANG = entity("domain-name:evil.com"), entity("group:bad gang")
WALLET = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
HOST = entity("ipv4-addr:10.0.0.1")
VICTIM, REGISTRANT = entity("person:vera victim"), entity("person:rita registrant")
NAMESAKE, WORKER = entity("person:john smith"), entity("person:carl coerced")
JOURNALIST, SHOP = entity("person:jo journalist"), entity("domain-name:cakes.com")
INNOCENT = (VICTIM, REGISTRANT, NAMESAKE, WORKER, JOURNALIST, SHOP)
CLAIMS = (
    (SITE, "indicates", GANG),
    (SITE, "requests-payment-to", WALLET),
    (SITE, "resolves-to", HOST),
    (SHOP, "resolves-to", HOST),
    (VICTIM, "pays", WALLET),
    (SITE, "contact", REGISTRANT),
    (GANG, "uses", WORKER),
)


@pytest.fixture
def near(world: World) -> World:
    """A crime with people near it, accepted by everybody; the namesake bears the name of a gang's member."""
    world.join("charity")
    ids = world.ids("bank", world.say("bank", *CLAIMS, grade="A1", marking=GREEN))
    ids += world.ids("bank", world.say("bank", (GANG, "alias", "John Smith"), marking=GREEN, path="b.txt"))
    ids += world.ids(
        "bank",
        world.say("bank", (NAMESAKE, "account", entity("email-addr:j@x.com")), marking=GREEN, path="c.txt"),
    )
    for who in ("police", "vendor", "charity"):
        vote(world.open(who), ids, Vote.CONFIRM, "checked")
    return world


def targets(world: World) -> set[str]:
    answer = choke(world.open("police"))
    return {str(one) for one in [*answer.plan, *answer.leads]}


@pytest.mark.parametrize("innocent", INNOCENT, ids=lambda one: one.value)
def test_nobody_near_a_crime_is_a_target(near: World, innocent):
    assert not [one for one in targets(near) if innocent.value in one]


@pytest.mark.parametrize("innocent", INNOCENT[:5], ids=lambda one: one.value)
def test_nobody_near_a_crime_is_named_in_an_export(near: World, tmp_path: Path, innocent):
    for form in ("csv", "stix"):
        out = tmp_path / f"x.{form}"
        export(near.open("police"), form, out)
        assert innocent.value not in out.read_text("utf-8").casefold()


@pytest.mark.parametrize("innocent", INNOCENT[:5], ids=lambda one: one.value)
def test_nobody_near_a_crime_is_named_in_a_report(near: World, tmp_path: Path, innocent):
    build(near.open("bank"), "evil.com", tmp_path / "p")
    reports = [
        path for path in (tmp_path / "p").rglob("*") if path.suffix in {".html", ".svg", ".pdf", ".md"}
    ]
    assert reports
    for path in reports:
        assert innocent.value not in path.read_bytes().decode("utf-8", "replace").casefold()


def test_three_members_who_collude_against_a_journalist_get_no_target_and_no_name(
    world: World, tmp_path: Path
):
    """Their votes may pass the policy; a person who is no suspect of an authority is still no target."""
    world.join("charity")
    said = [(GANG, "controlled-by", JOURNALIST), (SITE, "contact", JOURNALIST)]
    ids = world.ids("bank", world.say("bank", *said, grade="A1", marking=GREEN))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "we all know it")
    assert not [one for one in targets(world) if JOURNALIST.value in one]
    try:
        build(world.open("bank"), "bad gang", tmp_path / "p")
    except RefusedError:
        return
    for path in (tmp_path / "p").rglob("*.html"):
        assert JOURNALIST.value not in path.read_text("utf-8").casefold()
