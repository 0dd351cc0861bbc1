"""A canvas tells nothing of what its viewer may not see: the same bytes with it and without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from canvas_world import BANK_ONLY, FAMILY, GANG, HIDDEN, HOST, SITES, names, tell, tell_secret
from desk_world import World, entity

from chokepoint.desk.canvas import (
    Placed,
    begin,
    branches,
    expand,
    open_view,
    overview,
    piece,
    save_view,
    views,
)
from chokepoint.desk.watch.access import looks
from chokepoint.model.errors import ChokepointError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

ALL = names(FAMILY, GANG, HOST, HIDDEN, *SITES, entity("domain-name:x0.com"))
FLOWS: dict[str, Callable[[Atlas], Any]] = {
    "begin": lambda atlas: begin(atlas, "alphabot"),
    "begin with few": lambda atlas: begin(atlas, "alphabot", most=3),
    "begin at the hidden": lambda atlas: begin(atlas, str(HIDDEN)),
    "piece": lambda atlas: piece(atlas, ALL),
    "branches": lambda atlas: branches(atlas, str(FAMILY)),
    "branches of the gang": lambda atlas: branches(atlas, str(GANG)),
    "branches of the hidden": lambda atlas: branches(atlas, str(HIDDEN)),
    "expand": lambda atlas: expand(atlas, str(FAMILY), ("indicates", True), beside=ALL[:4]),
    "expand by few": lambda atlas: expand(atlas, str(FAMILY), ("indicates", True), most=2),
    "expand the hidden": lambda atlas: expand(atlas, str(HIDDEN), ("controlled-by", False)),
    "expand by what only the hidden has": lambda atlas: expand(atlas, str(GANG), ("controlled-by", True)),
    "overview": overview,
    "a part that is not there": lambda atlas: overview(atlas, (3,)),
    "kept views": views,
}


def answer(flow: Callable[[Atlas], Any], atlas: Atlas) -> bytes:
    """What a flow gives, or says instead."""
    try:
        return msgspec.json.encode(flow(atlas))
    except ChokepointError as told:
        return f"{type(told).__name__}: {told}".encode()


@pytest.fixture(scope="module")
def pair(worlds) -> tuple[World, World]:
    """The same open map twice: alone, and with a secret of the bank told before, between and after."""
    alone, beside = worlds(), worlds()
    tell(alone)
    beside.say("bank", (HIDDEN, "uses", entity("tool:first")), marking=BANK_ONLY, path="before")
    tell(beside)
    tell_secret(beside)
    bank = beside.open("bank")
    things = [Placed(id=name, x=1, y=1) for name in names(HIDDEN, GANG)]
    save_view(bank, "the secret", things)
    return alone, beside


@pytest.mark.parametrize("name", FLOWS)
def test_a_hidden_secret_changes_no_byte_of_an_answer(pair, name):
    alone, beside = (answer(FLOWS[name], world.open("police")) for world in pair)
    assert alone == beside


def test_the_bank_itself_sees_its_secret(pair):
    _, beside = pair
    [seen] = [node for node in piece(beside.open("bank"), ALL).nodes if node.kind == "person"]
    assert seen.label.endswith(" (other)")  # natural persons are minimised for everybody
    assert [node.id for node in piece(beside.open("bank"), [seen.id]).nodes] == [seen.id]
    assert len([one for one in branches(beside.open("bank"), str(FAMILY)) if one.count == 15]) == 1


def test_hidden_and_absent_read_the_same(pair):
    _, beside = pair
    police = beside.open("police")
    hidden, absent = (
        answer(lambda a, n=n: branches(a, n), police) for n in ("person:ivan secret", "person:ivan nobody")
    )
    assert hidden.replace(b"secret", b"nobody") == absent


def test_an_entity_of_which_only_hidden_claims_speak_is_not_on_the_canvas(pair):
    _, beside = pair
    assert piece(beside.open("police"), [str(HIDDEN)]).nodes == ()


def test_a_kept_view_of_what_is_hidden_is_as_absent_as_none(pair):
    _, beside = pair
    [kept] = views(beside.open("bank"))
    for name in (kept.id, "view-0000000000000000"):
        with pytest.raises(NotFoundError) as told:
            open_view(beside.open("police"), name)
        assert told.value.reason == "no such view"


@pytest.mark.parametrize(
    ("verb", "entities"),
    [
        pytest.param(lambda atlas: begin(atlas, "alphabot"), {FAMILY}, id="begin"),
        pytest.param(lambda atlas: piece(atlas, names(GANG, HOST)), {GANG, HOST}, id="piece"),
        pytest.param(lambda atlas: expand(atlas, str(FAMILY), ("uses", True)), {FAMILY, GANG}, id="expand"),
        pytest.param(overview, {FAMILY, GANG, HOST}, id="overview"),
    ],
)
def test_every_look_is_logged_with_what_was_shown(world, verb, entities):
    tell(world)
    verb(world.open("police"))
    entry = list(looks(world.open("police")))[-1].entry
    assert entry.verb == "map"
    assert {tuple(one) for one in entities} <= {tuple(one) for one in entry.entities}
