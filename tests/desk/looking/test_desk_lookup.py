"""The store's looking-up, against a plain reading of all claims."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, World, entity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chokepoint.desk.vetting.review import vote
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR
from chokepoint.store import lookup
from chokepoint.store.judged import read_votes

if TYPE_CHECKING:
    from chokepoint.model.identity import Entity

NAMES = [f"domain-name:{word}.com" for word in ("aa", "aab", "aba", "bab", "Bab", "caa", "a_a", "a%a")]
THINGS = [entity(name) for name in NAMES]
GANG = entity("group:aa")
sentences = st.lists(
    st.tuples(st.sampled_from(THINGS), st.sampled_from(["indicates", "uses"]), st.booleans()), max_size=8
)


def visible_entities(world: World, who: str) -> set[Entity]:
    """All entities of all claims that a member sees, read one by one."""
    reader = world.open(who).reader
    with reader.connect() as connection:
        last = reader.position(connection)
        found: set[Entity] = set()
        for one in reader.claims(connection, range(1, last + 1)):
            found.add(one.claim.subject)
            if not isinstance(one.claim.object, str):
                found.add(one.claim.object)
        return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=sentences, part=st.sampled_from(["a", "aa", "aab", "ab.c", "BAB", "_", "%", "com", "zz"]))
def test_looking_up_agrees_with_reading_everything(
    world: World, said: list[tuple[Entity, str, bool]], part: str
):
    for subject, name, hidden in said:
        world.say("bank", (subject, name, GANG), marking=RED if hidden else CLEAR)
    for who in ("bank", "police"):
        seen = visible_entities(world, who)
        reader = world.open(who).reader
        with reader.connect() as connection:
            known = lookup.known(reader, connection, [*THINGS, GANG])
            assert set(known) == seen
            found = reader.entities(connection, lookup.holding(reader, connection, part, 100))
            assert set(found.values()) == {one for one in seen if part.lower() in one.value.lower()}
            begun = reader.entities(connection, lookup.starting(reader, connection, part, 100))
            assert set(begun.values()) == {one for one in seen if one.value.startswith(part)}


def test_what_starts_is_in_order_and_cut(world: World):
    world.say("bank", *((thing, "status", "x") for thing in THINGS))
    reader = world.open("bank").reader
    with reader.connect() as connection:
        eids = lookup.starting(reader, connection, "a", 3)
        entities = reader.entities(connection, eids)
        assert [entities[eid].value for eid in eids] == ["a%a.com", "a_a.com", "aa.com"]


def test_counts_are_of_visible_claims(world: World):
    world.say("bank", (THINGS[0], "uses", THINGS[1]), (THINGS[0], "status", "x"))
    world.say("bank", (THINGS[0], "uses", THINGS[2]), marking=RED)
    for who, count in (("police", 2), ("bank", 3)):
        reader = world.open(who).reader
        with reader.connect() as connection:
            [eid] = lookup.known(reader, connection, [THINGS[0]]).values()
            assert lookup.claim_counts(reader, connection, [eid]) == {eid: count}


def test_votes_come_in_order_with_their_voters(world: World):
    seqs = world.say("bank", (THINGS[0], "uses", THINGS[1]), (THINGS[1], "uses", THINGS[2]))
    ids = world.ids("bank", seqs)
    vote(world.open("police"), ids, Vote.CONFIRM, "x")
    vote(world.open("vendor"), ids[:1], Vote.DISPUTE, "y")
    vote(world.open("vendor"), ids[:1], Vote.UNSURE, "z")
    reader = world.open("bank").reader
    with reader.connect() as connection:
        found = read_votes(reader, connection, seqs[:1])
        names = reader.organisations(connection)
    assert [names[number] for number in found.organisation.tolist()] == ["police", "vendor", "vendor"]
    assert found.vote.tolist() == [1, -1, 0]
    assert not found.simulated.any()


def test_links_name_their_speaker(world: World):
    world.say("bank", (THINGS[0], "uses", GANG), origin="CryptoScamDB")
    world.say("vendor", (THINGS[0], "indicates", GANG))
    reader = world.open("police").reader
    with reader.connect() as connection:
        numbers = lookup.known(reader, connection, [THINGS[0], GANG])
        [one] = lookup.links_of(reader, connection, [numbers[THINGS[0]]], ["uses"])
    assert one == lookup.Listing(numbers[THINGS[0]], "uses", numbers[GANG], "CryptoScamDB", "bank")


@pytest.mark.parametrize("beginning", ["", "g", "0" * 65, "xyz"])
def test_an_id_that_is_none_begins_nothing(world: World, beginning: str):
    world.say("bank", (THINGS[0], "status", "x"))
    reader = world.open("bank").reader
    with reader.connect() as connection:
        assert len(lookup.claim_ids(reader, connection, beginning)) == (1 if beginning == "" else 0)


def test_every_beginning_of_an_id_finds_it(world: World):
    ids = world.ids("bank", world.say("bank", *((thing, "status", "x") for thing in THINGS)))
    reader = world.open("police").reader
    with reader.connect() as connection:
        for name in ids:
            assert all(
                name in lookup.claim_ids(reader, connection, name[:digits]) for digits in (16, 17, 32, 63, 64)
            )
        short = Counter(len(lookup.claim_ids(reader, connection, name[:1])) for name in ids)
    assert max(short) <= 2
