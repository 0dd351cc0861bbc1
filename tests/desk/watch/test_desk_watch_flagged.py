"""A safety flag on one claim or on a whole case keeps it out of all that leaves, and nothing else."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.hand import Dispatch, build, export
from chokepoint.desk.handing.publish import read
from chokepoint.desk.people.staff import appoint
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.flagged import flagged, meant
from chokepoint.desk.watch.oversight import flag_safety, kept_out, veto
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.package.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

SITE, GANG, COMPOUND = entity("domain-name:evil.com"), entity("group:bad gang"), entity("site:kk compound")
WALLET = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
SAID = [(SITE, "indicates", GANG), (SITE, "requests-payment-to", WALLET), (GANG, "located-in", COMPOUND)]
TEXT = "\n".join(f"{one.value} {name} {other.value}" for one, name, other in SAID)
POLICE = Dispatch(recipients=frozenset({"police"}))
WHY = "a worker there spoke to us"


@pytest.fixture
def told(world: World) -> tuple[World, list[str]]:
    """Three accepted links of one capture, and an overseer; the ids of their records."""
    ids = world.ids("bank", world.say("bank", *SAID, text=TEXT))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "seen")
    appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
    return world, ids


def packed(world: World, folder: Path) -> set[str]:
    files = read(build(world.open("bank"), "bad gang", folder, POLICE).folder)
    return {one["record"] for one in json.loads(files["manifest.json"])["claims"]}


def exported(atlas: Atlas) -> str:
    out = io.BytesIO()
    export(atlas, "csv", out)
    return out.getvalue().decode()


def test_a_flag_on_a_claim_keeps_that_claim_alone_out_of_a_package(told, tmp_path: Path) -> None:
    world, ids = told
    assert packed(world, tmp_path / "a") == {ids[0], ids[2]}
    flag_safety(world.open("police"), meant(world.open("police"), ids[2]), WHY)
    assert packed(world, tmp_path / "b") == {ids[0]}
    files = read(tmp_path / "b")
    assert not [name for name, data in files.items() if b"kk compound" in data]


def test_a_capture_leaves_as_an_excerpt_once_an_entity_in_it_is_withheld(
    world: World, tmp_path: Path
) -> None:
    """The bytes that another claim rests on must not tell what the flag keeps back."""
    shelter = entity("domain-name:shelter.example")
    said = [*SAID[:2], (shelter, "alias", "a house of refuge")]
    ids = world.ids("bank", world.say("bank", *said, text=TEXT.replace("kk compound", "shelter.example")))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "seen")
    build(world.open("bank"), "evil.com", tmp_path / "a", POLICE)
    assert [name for name, data in read(tmp_path / "a").items() if b"shelter" in data and "capture" in name]
    flag_safety(world.open("police"), shelter, WHY)
    build(world.open("bank"), "evil.com", tmp_path / "b", POLICE)
    files = read(tmp_path / "b")
    assert [name for name, data in files.items() if b"shelter" in data] == []
    assert [one.withheld for one in verify(files).claims] == [("capture",)] * 2


def test_a_flag_on_a_claim_keeps_it_out_of_an_export(told) -> None:
    world, ids = told
    assert "kk compound" in exported(world.open("vendor"))
    flag_safety(world.open("police"), Entity("claim", ids[2]), WHY)
    text = exported(world.open("vendor"))
    assert "kk compound" not in text
    assert WALLET.value in text


def test_the_same_statement_of_another_is_not_drawn_either(told, tmp_path: Path) -> None:
    """What one claim may not say, another in the same words would."""
    world, ids = told
    [again] = world.ids("vendor", world.say("vendor", SAID[2], path="b.txt", text=TEXT))
    vote(world.open("police"), [again], Vote.CONFIRM, "seen")
    flag_safety(world.open("police"), Entity("claim", ids[2]), WHY)
    assert packed(world, tmp_path / "p") == {ids[0]}


@pytest.mark.parametrize("length", [12, 20, 64])
def test_a_claim_is_meant_by_the_beginning_of_its_id(told, length: int) -> None:
    world, ids = told
    assert meant(world.open("police"), ids[1][:length]) == Entity("claim", ids[1])
    assert meant(world.open("police"), f"claim:{ids[1][:length].upper()}") == Entity("claim", ids[1])


def test_an_entity_is_meant_as_ever(told) -> None:
    world, _ = told
    assert meant(world.open("police"), " evil.com ") == SITE


@pytest.mark.parametrize("text", ["claim:", "claim:00", "claim:" + "0" * 64, "case-0", "case:nothing"])
def test_what_names_nothing_is_told(told, text: str) -> None:
    world, _ = told
    with pytest.raises(NotFoundError):
        meant(world.open("police"), text)


def test_a_hidden_claim_is_as_absent_as_one_that_does_not_exist(told) -> None:
    world, _ = told
    [secret] = world.ids("bank", world.say("bank", SAID[0], path="s.txt", marking=Marking(tlp=Tlp.RED)))
    reasons = []
    for name in (secret, "f" * 64):
        with pytest.raises(NotFoundError) as error:
            meant(world.open("police"), f"claim:{name}")
        reasons.append(error.value.reason)
    assert reasons[0] == reasons[1]


@pytest.fixture
def in_case(world: World) -> tuple[World, str, list[str]]:
    """A case of the bank and the police; one link that is need-to-know in it, and two that are not."""
    draft = Case(
        id="", title="KK", purpose="rescue", owner="ann", review_date="2099-01-01", members=("bank", "police")
    )
    case = open_case(world.open("bank"), draft).id
    ids = world.ids("bank", world.say("bank", *SAID[:2], text=TEXT))
    known = Marking(tlp=Tlp.AMBER, audience=frozenset({"bank", "police"}), cases=frozenset({case}))
    ids += world.ids(
        "bank", world.say("bank", SAID[2], text=TEXT, place="line 3", path="k.txt", marking=known)
    )
    for who in ("police", "vendor"):
        seen = [one for one in ids if one != ids[2] or who == "police"]
        vote(world.open(who), seen, Vote.CONFIRM, "seen")
    appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
    return world, case, ids


def test_a_flag_on_a_case_keeps_all_back_that_is_need_to_know_in_it(in_case) -> None:
    world, case, ids = in_case
    assert flagged(world.open("bank")) == []
    flag_safety(world.open("police"), meant(world.open("police"), case), WHY)
    assert [one.id for one in flagged(world.open("bank"))] == [ids[2]]
    assert flagged(world.open("vendor")) == []  # who does not see it learns nothing


def test_nothing_leaves_for_a_case_that_is_flagged(in_case, tmp_path: Path) -> None:
    from dataclasses import replace  # noqa: PLC0415 - here alone

    world, case, _ = in_case
    bank = replace(world.open("bank"), purpose=case)
    build(bank, "bad gang", tmp_path / "a", POLICE)
    flag_safety(world.open("police"), Entity("case", case), WHY)
    with pytest.raises(RefusedError, match="the case is withheld"):
        build(bank, "bad gang", tmp_path / "b", POLICE)
    assert not (tmp_path / "b").exists()
    assert packed(world, tmp_path / "c")  # for no case, what is not need-to-know in it still may


def test_an_overseer_reads_why_and_lifts_it(told, tmp_path: Path) -> None:
    world, ids = told
    flag_safety(world.open("police"), Entity("claim", ids[2]), WHY)
    olga = world.open("vendor", "olga")
    [one] = kept_out(olga)
    assert (one.entity, one.reason, one.safety) == (Entity("claim", ids[2]), WHY, True)
    with pytest.raises(RefusedError):
        veto(world.open("police"), Entity("claim", ids[2]), "it is safe", lift=True)
    veto(olga, meant(olga, ids[2]), "it is safe", lift=True)
    assert kept_out(olga) == []
    assert ids[2] in packed(world, tmp_path / "p")
