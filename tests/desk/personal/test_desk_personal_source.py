"""Where a claim comes from names nobody whom the answer minimises: file, place, publisher, words of others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import World, entity

from chokepoint.collect.base import Document
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import show
from chokepoint.desk.looking.route import path
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.meeting import meeting
from chokepoint.desk.work.subject import take_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

JANE, RING, SITE = entity("person:jane roe"), entity("group:ring"), entity("domain-name:evil.com")
FACES: dict[str, Callable[[Atlas], Any]] = {
    "her dossier": lambda atlas: {**show(atlas, "jane roe").to_json(), "query": ""},
    "the ring's dossier": lambda atlas: show(atlas, "ring").to_json(),
    "a path": lambda atlas: path(atlas, "jane roe", "evil.com").to_json()["paths"],
    "a check": lambda atlas: [
        line.to_json() for line in check(atlas, Document(path="x", data=b"ring\nevil.com"))
    ],
}
SAID = {
    "a file": {"path": "Statement_of_Roe_Jane.pdf"},
    "a file within an archive": {"path": "case.zip!letters/JANE ROE.txt"},
    "a place": {"place": "sheet 'Roe, Jane', row 1"},
    "a place in JSON": {"place": "/victims/jane_roe/site"},
    "a publisher": {"origin": "Blog of Jane Roe"},
}


@pytest.fixture(scope="module")
def worlds_of(worlds: Callable[[], World]) -> dict[str, World]:
    made = {}
    for name, about in SAID.items():
        made[name] = world = worlds()
        world.say("bank", (JANE, "uses", RING), (RING, "uses", SITE), **about)
        world.say("vendor", (RING, "description", "led by one Roe, they say"), path="words")
    return made


@pytest.mark.parametrize("where", SAID)
@pytest.mark.parametrize("face", FACES)
def test_where_a_claim_comes_from_names_nobody_who_is_minimised(
    worlds_of: dict[str, World], where: str, face: str
) -> None:
    told = json.dumps(FACES[face](worlds_of[where].open("police")), ensure_ascii=False)
    assert "evil.com" in told or face == "her dossier"
    assert "roe" not in told.casefold()


def test_so_does_no_meeting(world: World) -> None:
    world.say("bank", (JANE, "uses", RING), **SAID["a place"])
    draft = Case(id="", title="t", purpose="p", owner="o", review_date="2027-01-01")
    case = open_case(world.open("police"), draft)
    take_up(world.open("police"), case.id, ["ring"])
    new = meeting(world.open("police"), case).new
    assert [one.stored.claim.object for one in new] == [RING]
    assert "roe" not in repr(new).casefold()


def test_what_names_nobody_stays_as_it_is(world: World) -> None:
    world.say("bank", (JANE, "uses", RING), path="case.pdf", place="page 3 line 7", origin="a lab")
    [one] = show(world.open("police"), "ring").evidence
    claim = one.stored.claim
    assert (one.path, claim.place, claim.provenance.origin) == ("case.pdf", "page 3 line 7", "a lab")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("the victim Jane Roe paid", id="as the map has it"),
        pytest.param("paid by ROE, Jane", id="surname first"),
        pytest.param("paid by Jane\u00ad Roe's bank", id="a soft hyphen"),
    ],
)
def test_what_is_said_of_a_thing_names_nobody_who_is_minimised(world: World, words: str) -> None:
    world.say("bank", (JANE, "uses", RING))
    world.say("vendor", (SITE, "description", words), (SITE, "description", "a shop"), path="words")
    police = world.open("police")
    lines = check(police, Document(path="x", data=b"evil.com"))
    for told in (show(police, "evil.com").to_json(), lines[0].told[0].to_json()):
        said = [claim["object"] for claim in told["claims"]]
        assert "a shop" in said
        assert "roe" not in json.dumps(said).casefold()


def test_who_is_named_by_an_authority_stays_named_in_what_is_said(world: World) -> None:
    world.say("bank", (JANE, "status", "convicted"), grade="A1")
    world.say("vendor", (SITE, "description", "Jane Roe ran it"), path="words")
    assert [one.stored.claim.object for one in show(world.open("police"), "evil.com").evidence] == [
        "Jane Roe ran it"
    ]
