"""Planted innocents, with and without a role: nothing infers a suspect, and no flow shows who is protected."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.collect.base import Document
from chokepoint.desk.analyse import choke
from chokepoint.desk.connect import connect
from chokepoint.desk.hand import Dispatch, build, export
from chokepoint.desk.handing.publish import read
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.personal.edition import edition
from chokepoint.desk.personal.looks import log
from chokepoint.desk.personal.role import read_roles
from chokepoint.desk.personal.stating import state_role
from chokepoint.desk.personal.veil import unveiled
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.oversight import flag_safety
from chokepoint.desk.work.note import Draft
from chokepoint.model.claim import on_day
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.package.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity

GREEN = Marking(tlp=Tlp.GREEN)
SITE, GANG = entity("domain-name:evil.com"), entity("group:bad gang")
WALLET = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
REGISTRANT, NAMESAKE = entity("person:rita registrant"), entity("person:john smith")
PAYER, WORKER = entity("person:vera payer"), entity("person:carl coerced")
OWNER, JOURNALIST = entity("person:olaf owner"), entity("person:jo journalist")
HACKED = entity("domain-name:hacked-bakery.com")
PLANTED = (REGISTRANT, NAMESAKE, PAYER, WORKER, OWNER, JOURNALIST)
PHONES = {one: entity(f"phone-number:+6681234567{at}") for at, one in enumerate(PLANTED)}


@pytest.fixture(scope="module")
def town(worlds: Callable[[], World]) -> World:
    """All planted, accepted by everybody; the worker and the payer then stated to be victims."""
    world = worlds()
    told = [
        (SITE, "indicates", GANG),
        (SITE, "requests-payment-to", WALLET),
        (SITE, "contact", REGISTRANT),
        (GANG, "alias", "John Smith"),
        (NAMESAKE, "located-in", entity("country:GB")),
        (PAYER, "pays", WALLET),
        (GANG, "uses", WORKER),
        (WORKER, "uses", SITE),
        (HACKED, "indicates", GANG),
        (HACKED, "compromised-by", GANG),
        (HACKED, "contact", OWNER),
        (GANG, "controlled-by", JOURNALIST),
        *((one, "account", phone) for one, phone in PHONES.items()),
    ]
    text = "\n".join(f"{one.value}: {name} {getattr(other, 'value', other)}" for one, name, other in told)
    ids = world.ids("bank", world.say("bank", *told, grade="A1", observed=on_day("2026-01-20"), text=text))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "checked")
    for one in (WORKER, PAYER):
        state_role(world.open("vendor"), str(one), "victim", Draft(text="she told us", marking=GREEN))
    connect(world.open("vendor"))
    return world


def _exported(form: str) -> Callable[[Atlas], str]:
    def flow(atlas: Atlas) -> str:
        out = io.BytesIO()
        export(atlas, form, out)
        return out.getvalue().decode("utf-8", "replace")

    return flow


FLOWS: dict[str, Callable[[Atlas], str]] = {
    "show the site": lambda atlas: json.dumps(show(atlas, "evil.com").to_json()["claims"]),
    "show the gang": lambda atlas: json.dumps(show(atlas, "bad gang").to_json()["claims"]),
    "show the wallet": lambda atlas: json.dumps(show(atlas, WALLET.value).to_json()["claims"]),
    "show the hacked site": lambda atlas: json.dumps(show(atlas, HACKED.value).to_json()["claims"]),
    "search": lambda atlas: json.dumps([one.to_json() for one in search(atlas, "j")]),
    "path to the wallet": lambda atlas: json.dumps(path(atlas, "bad gang", WALLET.value).to_json()),
    "check": lambda atlas: json.dumps(
        [line.to_json() for line in check(atlas, Document(path="p", data=b"evil.com hacked-bakery.com"))]
    ),
    "choke": lambda atlas: json.dumps(choke(atlas).to_json()["plan"]),
    "export csv": _exported("csv"),
    "export stix": _exported("stix"),
    "export ftm": _exported("ftm"),
}


@pytest.mark.parametrize("flow", list(FLOWS))
def test_no_flow_shows_a_planted_person_by_name_or_by_phone(town: World, flow: str) -> None:
    said = FLOWS[flow](town.open("police")).casefold()
    assert said
    shown = [one.value for one in (*PLANTED, *PHONES.values()) if one.value.casefold() in said]
    assert [one for one in shown if one != "john smith"] == []  # which is the gang's alias too


@pytest.mark.parametrize("one", PLANTED, ids=lambda one: one.value)
def test_nobody_planted_is_a_suspect(town: World, one: Entity) -> None:
    atlas = town.open("police")
    reader = atlas.reader
    with reader.connect() as connection:
        eid = reader.eid(connection, one)
        assert eid is not None
        found = read_roles(reader, connection, [eid], today="2026-02-03").get(one)
    expected = "victim" if one in (WORKER, PAYER) else "other"
    assert (found.role if found else "other") == expected


@pytest.mark.parametrize("one", PLANTED, ids=lambda one: one.value)
def test_no_dossier_calls_a_planted_person_a_suspect(town: World, one: Entity) -> None:
    dossier = show(town.open("police"), str(one))
    assert dossier.entity is not None
    assert "suspect" not in dossier.entity.value


def test_three_who_nominate_a_suspect_still_show_no_name(world: World) -> None:
    """An accepted suspect is a suspect in a word; the name stays with those on a case."""
    world.say("bank", (GANG, "controlled-by", JOURNALIST), marking=GREEN)
    state_role(world.open("bank"), str(JOURNALIST), "suspect", Draft(text="we say so", marking=GREEN))
    evidence = show(world.open("bank"), str(JOURNALIST)).evidence
    ids = [one.stored.id for one in evidence if one.stored.claim.property == "role"]
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "we say so too")
    dossier = show(world.open("police"), str(JOURNALIST))
    assert dossier.entity is not None
    assert dossier.entity.value.endswith("(suspect)")
    assert "jo journalist" not in json.dumps(dossier.to_json()["claims"])


def test_one_who_knows_better_makes_the_nominated_a_witness_at_once(world: World) -> None:
    world.say("bank", (GANG, "controlled-by", JOURNALIST), marking=GREEN)
    for who in ("bank", "police", "vendor"):
        state_role(world.open(who), str(JOURNALIST), "suspect", Draft(text="we say so", marking=GREEN))
    world.join("charity")
    state_role(
        world.open("charity"), str(JOURNALIST), "witness", Draft(text="she reported it", marking=GREEN)
    )
    dossier = show(world.open("police"), str(JOURNALIST))
    assert dossier.entity is not None
    assert dossier.entity.value.endswith("(witness)")


def test_a_package_for_members_numbers_the_victims_and_names_none(town: World, tmp_path: Path) -> None:
    build(town.open("bank"), "bad gang", tmp_path / "p", Dispatch(recipients=frozenset({"police"})))
    page = (tmp_path / "p" / "report.html").read_text("utf-8")
    assert "(victim)" in page
    assert [one.value for one in PLANTED if one.value in page.casefold() and one != NAMESAKE] == []


def test_no_file_of_a_package_for_members_holds_the_name_of_a_victim(town: World, tmp_path: Path) -> None:
    """Records and captures are in it too: what a page minimises, the evidence beside it must not tell."""
    out = tmp_path / "p"
    build(town.open("bank"), "bad gang", out, Dispatch(recipients=frozenset({"police"})))
    files = read(out)
    told = [
        (name, one.value)
        for name, data in files.items()
        for one in PLANTED
        if one != NAMESAKE and one.value.encode() in data.lower()
    ]
    assert told == []
    outcome = verify(files)
    assert [one.reason for one in outcome.claims if not one.proved] == []
    assert outcome.proved
    assert outcome.vouched > 0


def named_in(town: World, people: Iterable[Entity], who: str = "bank") -> Mapping[Entity, str]:
    atlas = town.open(who)
    return edition(atlas, atlas, people).names


EXTRA = [entity(f"person:extra {number:03}") for number in range(500)]


def test_nobody_of_one_package_shares_a_pseudonym(town: World) -> None:
    """With pseudonyms of four figures, two of a few hundred persons used to share one."""
    made = named_in(town, [*PLANTED, *EXTRA])
    assert len(set(made.values())) == len(made) == 506


def test_a_later_edition_calls_a_person_the_same_whoever_stands_beside_them(town: World) -> None:
    first, later = named_in(town, EXTRA[:30]), named_in(town, reversed(EXTRA))
    assert {one: later[one] for one in first} == first


def test_two_senders_call_a_person_differently(town: World) -> None:
    ours, theirs = named_in(town, EXTRA[:30]), named_in(town, EXTRA[:30], "vendor")
    assert set(ours.values()).isdisjoint(theirs.values())


def test_another_atlas_calls_a_person_differently(town: World) -> None:
    """A recipient who writes the names they suspect into an atlas of their own confirms none of them."""
    atlas = town.open("bank")
    copy = replace(atlas, secret=bytes(32))
    ours, theirs = (edition(one, one, EXTRA[:30]).names for one in (atlas, copy))
    assert set(ours.values()).isdisjoint(theirs.values())


def test_a_pseudonym_of_a_package_leads_its_sender_back_and_nobody_else(town: World) -> None:
    shown = named_in(town, [PAYER])[PAYER]
    assert unveiled(town.open("bank"), shown) == str(PAYER)
    assert unveiled(town.open("vendor"), shown) == shown


def test_a_safety_flag_on_a_victim_stops_the_package_until_it_is_lifted(town: World, tmp_path: Path) -> None:
    build(town.open("bank"), WALLET.value, tmp_path / "one")
    flag_safety(town.open("vendor"), PAYER, "she is threatened")
    with pytest.raises(RefusedError, match="withheld"):
        build(town.open("bank"), WALLET.value, tmp_path / "two")


def test_the_log_of_a_fisher_names_nobody_whom_the_answer_did_not(town: World) -> None:
    fred = town.open("police", "fred")
    show(fred, "evil.com")
    search(fred, "rita registrant")
    told = json.dumps([one.to_json()["entities"] for one in log(fred)])
    assert "evil.com" in told
    assert "rita registrant" not in told
