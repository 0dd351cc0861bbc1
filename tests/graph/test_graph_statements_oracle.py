"""From claims to statements, flags, lives and places, read off the same rows once more without arrays."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from graph_world import JOINING, LOOSE, PROPERTIES, World, days
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.graph.columns import UNKNOWN, PeriodRows
from chokepoint.graph.snapshot import Snapshot, build
from chokepoint.graph.statements import group
from chokepoint.graph.traits import HUB, NORMAL_DEGREE, OTHER_DEGREE, SHARED_KIND, SPLIT
from chokepoint.link.known import Listed, categories
from chokepoint.vet.standing import judge

NAMES = ("domain-name:a.com", "domain-name:b.com", "malware:m", "email-addr:x@x.org", "organisation:shop")
LINKS = ("indicates", "contact", "website", "uses")
DAYS = ("", "2019-05-05", "2020-01-01", "2020-02-29", "2024-12-31")


@st.composite
def worlds(draw):
    world = World()
    for name in NAMES:
        world.eid(name)
    node = st.sampled_from(NAMES)
    for _ in range(draw(st.integers(0, 14))):
        one, two = draw(node), draw(node)
        if one != two:
            day, until = draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))
            world.say(
                one, draw(st.sampled_from(LINKS)), two, origin=draw(st.sampled_from("xyz")),
                day=day, until=until if until >= day else "",
            )  # fmt: skip
    return world


def by_sentence(world):
    """{(subject, property, object): claims} with each claim a row of the world."""
    found = {}
    for row in world.links:
        found.setdefault((row[1], PROPERTIES[row[3]], row[2]), []).append(row)
    return found


def sentence(snapshot, at):
    ends = (int(snapshot.eid[end[at]]) for end in (snapshot.subject, snapshot.object))
    subject, thing = ends
    return subject, snapshot.property_names[snapshot.relation[at]], thing


@settings(max_examples=80, deadline=None)
@given(worlds())
def test_each_statement_has_its_claims_its_origins_and_the_hull_of_its_days(world):
    snapshot, said = world.snapshot(), by_sentence(world)
    assert {sentence(snapshot, at) for at in range(len(snapshot.subject))} == set(said)
    for at in range(len(snapshot.subject)):
        claims = said[sentence(snapshot, at)]
        part = snapshot.claims(at)
        assert snapshot.claim_seq[part].tolist() == [row[0] for row in claims]
        assert snapshot.claim_origin[part].tolist() == [row[4] for row in claims]
        assert snapshot.origins[at] == len({row[4] for row in claims})
        starts = [row[8] for row in claims if row[8] != UNKNOWN]
        stops = [row[9] for row in claims if row[9] != UNKNOWN]
        assert snapshot.first[at] == min(starts, default=UNKNOWN)
        assert snapshot.last[at] == max(stops, default=UNKNOWN)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_statements_stand_in_the_order_of_subject_object_and_property(world):
    snapshot = world.snapshot()
    keys = list(
        zip(snapshot.subject.tolist(), snapshot.object.tolist(), snapshot.relation.tolist(), strict=True)
    )
    assert keys == sorted(set(keys))


@settings(max_examples=60, deadline=None)
@given(worlds(), st.data())
def test_a_statement_is_an_assessment_only_if_all_its_claims_are(world, data):
    rows = world.rows()
    count = len(rows.links.seq)
    guesses = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), np.bool_)
    links = replace(rows.links, assessment=guesses)
    found = group(links, rows.nodes)
    for at in range(len(found.subject)):
        part = found.order[found.pointer[at] : found.pointer[at + 1]]
        assert bool(found.assessment[at]) is bool(guesses[part].all())


@settings(max_examples=60, deadline=None)
@given(worlds(), st.sampled_from(NAMES))
def test_a_claim_one_of_whose_ends_is_out_of_sight_is_no_statement(world, hidden):
    kept = World(links=world.links, eids=dict(world.eids), origins=world.origins)
    gone = kept.eids.pop(hidden)
    snapshot = kept.snapshot()
    wanted = {key for key in by_sentence(world) if gone not in (key[0], key[2])}
    assert {sentence(snapshot, at) for at in range(len(snapshot.subject))} == wanted
    assert gone not in snapshot.eid


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_each_edge_stands_at_both_its_ends_and_neighbours_ascend(world):
    snapshot = world.snapshot()
    seen = []
    for node in range(snapshot.size):
        part = slice(int(snapshot.pointer[node]), int(snapshot.pointer[node + 1]))
        near = snapshot.neighbour[part].tolist()
        assert near == sorted(near)
        seen += [(edge, node, other) for edge, other in zip(snapshot.edge[part].tolist(), near, strict=True)]
    pairs = zip(snapshot.subject.tolist(), snapshot.object.tolist(), strict=True)
    wanted = [row for at, (a, b) in enumerate(pairs) for row in ((at, a, b), (at, b, a))]
    assert sorted(seen) == sorted(wanted)


@pytest.mark.parametrize("kind", ["ipv4-addr", "url", "bank-account", "domain-name"])
def test_a_node_becomes_a_hub_with_one_link_more_than_its_kind_may_have(kind):
    limit = NORMAL_DEGREE[kind]
    for extra, hub in ((0, False), (1, True)):
        world = World()
        for at in range(limit + extra):
            world.say(f"{kind}:centre", "mentioned-with", f"file:f{at}")
        snapshot = world.snapshot()
        node = int(snapshot.index([world.eids[f"{kind}:centre"]])[0])
        assert bool(int(snapshot.flags[node]) & HUB) is hub


def test_a_kind_without_a_limit_of_its_own_has_the_common_one():
    world = World()
    for at in range(OTHER_DEGREE + 1):
        world.say("site:compound", "mentioned-with", f"file:f{at}")
    snapshot = world.snapshot()
    assert "site" not in NORMAL_DEGREE
    assert int(snapshot.flags[snapshot.index([world.eids["site:compound"]])[0]]) & HUB


def test_flags_of_lists_kinds_and_lives_stand_side_by_side():
    world = World(lists=[Listed(name="Parking domains", entries=["a.com"])])
    world.say("organisation:shop", "website", "domain-name:a.com", origin="x", until="2019-01-01")
    world.say("domain-name:a.com", "indicates", "malware:m", origin="y", day="2024-01-01")
    world.say("group:g", "located-in", "country:kp")
    snapshot = world.snapshot()
    flags = {name: int(snapshot.flags[snapshot.index([eid])[0]]) for name, eid in world.eids.items()}
    parking = next(bit for bit, (code, _) in enumerate(categories()) if code == "parking" and bit == 1)
    assert flags["domain-name:a.com"] == SPLIT | 1 << parking
    assert flags["country:kp"] == SHARED_KIND
    assert flags["malware:m"] == flags["group:g"] == 0


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_numbers_of_the_store_only_name_the_nodes(world):
    rows = world.rows()
    names = 1000 - np.arange(len(rows.nodes.eid))
    renamed = build(rows, judge=judge, joining=JOINING, loose=LOOSE, eids=names)
    plain = world.snapshot()
    assert renamed.eid.tolist() == names.tolist()
    assert renamed.index(names).tolist() == list(range(plain.size))
    for field in ("subject", "object", "relation", "belief", "cluster", "component", "neighbour", "flags"):
        assert np.array_equal(getattr(renamed, field), getattr(plain, field)), field


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_a_snapshot_as_arrays_and_back_is_the_same_in_every_field(world):
    world.same("malware:m", "domain-name:a.com", reason="an alias, “quoted”")
    snapshot = world.snapshot()
    again = Snapshot.from_arrays(snapshot.to_arrays())
    for name, array in snapshot.to_arrays().items():
        assert np.array_equal(array, again.to_arrays()[name]), name
    assert again.bond_reason == snapshot.bond_reason
    assert again.categories == snapshot.categories


def test_periods_as_columns_keep_each_claim_with_its_life():
    lives = [
        SimpleNamespace(eid=7, number=1, start=UNKNOWN, end=10, claims=(1, 2), reason="first"),
        SimpleNamespace(eid=7, number=2, start=20, end=UNKNOWN, claims=(5,), reason="second"),
        SimpleNamespace(eid=9, number=1, start=0, end=1, claims=(), reason="silent"),
    ]
    rows = PeriodRows.of(lives)
    assert rows.eid.tolist() == [7, 7, 9]
    assert rows.number.tolist() == [1, 2, 1]
    assert (rows.claim.tolist(), rows.row.tolist()) == ([1, 2, 5], [0, 0, 1])
    assert rows.reason == ["first", "second", "silent"]
    assert PeriodRows.of(()).claim.tolist() == []


def test_a_life_is_told_at_the_end_that_changed_hands_and_nowhere_else():
    world = World()
    site, later = "domain-name:shop.com", days("2024-01-01")
    world.say("organisation:shop", "website", site, origin="one", until="2019-01-01")
    world.say(site, "indicates", "campaign:c", origin="two", day="2024-01-01")
    world.say(site, "contact", "email-addr:x@x.org", origin="three")
    snapshot = world.snapshot()
    lives = {
        sentence(snapshot, at)[1]: (int(snapshot.subject_period[at]), int(snapshot.object_period[at]))
        for at in range(len(snapshot.subject))
    }
    assert lives == {"website": (0, 1), "indicates": (2, 0), "contact": (0, 0)}
    assert snapshot.period_number.tolist() == [1, 2]
    assert snapshot.period_start.tolist() == [UNKNOWN, later]


def test_an_identity_between_hidden_things_is_no_bond():
    world = World()
    world.say("malware:m", "uses", "tool:t")
    world.same("malware:m", "malware:hidden")
    world.same("malware:other", "malware:hidden")
    for name in ("malware:hidden", "malware:other"):
        world.eids.pop(name)
    snapshot = world.snapshot()
    assert snapshot.bond_left.size == 0
    assert "hidden" not in str(snapshot.bond_reason)


@pytest.mark.parametrize("belief", [0.0, 0.4999, 0.5, 0.6, 1.0])
def test_a_bond_is_believed_as_its_judge_does_but_never_fully_nor_too_faintly(belief):
    world = World()
    world.say("malware:m", "uses", "tool:t")
    world.say("malware:n", "uses", "tool:t")
    world.same("malware:m", "malware:n", belief=belief)
    snapshot = world.snapshot()
    if belief < 0.5:
        assert snapshot.bond_belief.size == 0
    else:
        assert snapshot.bond_belief.tolist() == [pytest.approx(min(belief, 0.999))]
