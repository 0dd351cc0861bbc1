from __future__ import annotations

import numpy as np
import pytest
from graph_world import JOINING, World, days
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.snapshot import Snapshot, build
from chokepoint.graph.statements import places
from chokepoint.graph.traits import HUB, SHARED_KIND, SPLIT
from chokepoint.link.known import Listed
from chokepoint.model.errors import BadInputError
from chokepoint.vet.standing import judge


def flags_of(world, name):
    snapshot = world.snapshot()
    return int(snapshot.flags[snapshot.index(np.array([world.eids[name]]))[0]])


def test_claims_of_one_sentence_are_one_statement_with_all_its_claims():
    world = World()
    seqs = [
        world.say("domain-name:a.com", "indicates", "malware:m", origin=origin, day=day)
        for origin, day in (("one", "2020-01-05"), ("two", "2020-01-01"), ("one", ""))
    ]
    world.say("domain-name:a.com", "attributed-to", "malware:m")
    snapshot = world.snapshot()
    assert len(snapshot.subject) == 2
    at = int(np.flatnonzero(np.diff(snapshot.claim_pointer) == 3)[0])
    assert snapshot.claim_seq[snapshot.claims(at)].tolist() == seqs
    assert snapshot.origins[at] == 2
    assert (snapshot.first[at], snapshot.last[at]) == (days("2020-01-01"), days("2020-01-06"))


def test_an_undated_statement_has_no_days():
    world = World()
    world.say("domain-name:a.com", "indicates", "malware:m")
    snapshot = world.snapshot()
    assert (snapshot.first[0], snapshot.last[0]) == (UNKNOWN, UNKNOWN)


def test_an_empty_map_is_a_snapshot_too():
    snapshot = World().snapshot()
    assert snapshot.size == 0
    assert snapshot.index(np.array([1, 2])).tolist() == []
    again = Snapshot.from_arrays(snapshot.to_arrays())
    assert again.size == 0


def test_the_adjacency_names_each_edge_from_both_ends():
    world = World()
    world.say("domain-name:a.com", "indicates", "malware:m")
    world.say("domain-name:a.com", "contact", "email-addr:x@x.org")
    world.same("malware:m", "malware:n")
    world.eid("malware:n")
    snapshot = world.snapshot()
    seen = [[] for _ in range(3)]
    for node in range(snapshot.size):
        for at in range(snapshot.pointer[node], snapshot.pointer[node + 1]):
            seen[int(snapshot.edge[at])].append((node, int(snapshot.neighbour[at])))
    assert all(ends[0] == ends[1][::-1] for ends in seen)
    assert snapshot.degree.tolist() == [2, 2, 1, 1]


def test_a_node_above_its_kinds_usual_degree_is_a_hub():
    world = World()
    for number in range(61):
        world.say(f"domain-name:s{number}.com", "resolves-to", "ipv4-addr:9.9.9.1")
        world.say(f"domain-name:s{number}.com", "indicates", "campaign:c")
    assert flags_of(world, "ipv4-addr:9.9.9.1") & HUB
    assert not flags_of(world, "campaign:c") & HUB
    assert not flags_of(world, "domain-name:s1.com") & HUB


def test_countries_and_lists_are_always_shared():
    world = World()
    world.say("group:a", "located-in", "country:kp")
    assert flags_of(world, "country:kp") & SHARED_KIND
    assert not flags_of(world, "group:a") & SHARED_KIND


def test_listed_nodes_carry_their_categories():
    world = World(lists=[Listed(name="Parking domains", entries=["9.9.9.0/24"])])
    world.say("domain-name:a.com", "resolves-to", "ipv4-addr:9.9.9.1")
    snapshot = world.snapshot()
    flags = flags_of(world, "ipv4-addr:9.9.9.1")
    (bit,) = [bit for bit in range(24) if flags & (1 << bit)]
    assert snapshot.categories[bit][0] == "parking"
    assert flags_of(world, "domain-name:a.com") == 0


def test_lives_are_told_per_statement_end():
    world = World()
    world.say("organisation:shop", "website", "domain-name:shop.com", origin="one", until="2020-01-01")
    world.say("domain-name:shop.com", "indicates", "campaign:c", origin="two", day="2024-01-01")
    world.say("domain-name:shop.com", "resolves-to", "ipv4-addr:9.9.9.1", origin="three")
    snapshot = world.snapshot()
    told = {
        snapshot.property_names[snapshot.relation[s]]: (
            int(snapshot.subject_period[s]),
            int(snapshot.object_period[s]),
        )
        for s in range(3)
    }
    assert told == {"website": (0, 1), "indicates": (2, 0), "resolves-to": (0, 0)}
    assert flags_of(world, "domain-name:shop.com") & SPLIT
    assert len(snapshot.period_node) == 2


def test_members_of_a_cluster_share_its_head_and_others_stand_alone():
    world = World()
    for number in range(4):
        world.say("domain-name:a.com", "indicates", f"malware:m{number}")
    world.same("malware:m1", "malware:m3")
    snapshot = world.snapshot()
    heads = {
        name: int(snapshot.cluster[snapshot.index(np.array([eid]))[0]]) for name, eid in world.eids.items()
    }
    assert heads["malware:m1"] == heads["malware:m3"]
    assert len(set(heads.values())) == 4


def test_a_cluster_whose_head_is_hidden_holds_together_by_a_visible_member():
    world = World()
    world.eid("malware:hidden")
    world.say("domain-name:a.com", "indicates", "malware:m1")
    world.say("domain-name:b.com", "indicates", "malware:m2")
    world.same("malware:hidden", "malware:m1")
    world.same("malware:m1", "malware:m2")
    del world.eids["malware:hidden"]
    snapshot = world.snapshot()
    heads = [
        int(snapshot.cluster[snapshot.index(np.array([world.eids[n]]))[0]])
        for n in ("malware:m1", "malware:m2")
    ]
    assert heads[0] == heads[1]
    assert len(snapshot.bond_left) == 1


def test_components_follow_all_edges_and_strands_only_those_that_join():
    world = World()
    world.say("group:a", "located-in", "country:kp")
    world.say("group:b", "located-in", "country:kp")
    world.say("group:a", "uses", "malware:m")
    snapshot = world.snapshot()
    assert len(set(snapshot.component.tolist())) == 1
    assert len(set(snapshot.strand.tolist())) == 3


def test_the_snapshot_survives_being_stored(tmp_path):
    world = World(lists=[Listed(name="Parking domains", entries=["9.9.9.0/24"])])
    world.say("organisation:shop", "website", "domain-name:shop.com", origin="one", until="2020-01-01")
    world.say("domain-name:shop.com", "indicates", "campaign:ภัย", origin="two", day="2024-01-01")
    world.say("campaign:other", "contact", "email-addr:x@x.org")
    world.same("campaign:ภัย", "campaign:other", reason="สองชื่อ")
    snapshot = world.snapshot()
    for name, array in snapshot.to_arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    loaded = {path.stem: np.load(path, mmap_mode="r") for path in tmp_path.glob("*.npy")}
    again = Snapshot.from_arrays(loaded)
    assert again.bond_reason == ("สองชื่อ",)
    assert again.categories == snapshot.categories
    for name, array in snapshot.to_arrays().items():
        assert np.array_equal(array, again.to_arrays()[name]), name


def test_a_cache_of_another_form_is_refused():
    arrays = World().snapshot().to_arrays()
    del arrays["verdict"]
    with pytest.raises(BadInputError, match="another form"):
        Snapshot.from_arrays(arrays)
    with pytest.raises(BadInputError, match="another form"):
        Snapshot.from_arrays({})


def test_votes_reach_the_verdict_of_their_statement():
    world = World()
    claim = world.say("domain-name:a.com", "indicates", "malware:m")
    world.say("domain-name:a.com", "indicates", "malware:n")
    world.vote(claim, 2)
    world.vote(claim, 3)
    snapshot = world.snapshot()
    assert sorted(snapshot.verdict.tolist()) == [0, 1]


def test_a_property_that_nobody_declared_may_join():
    world = World()
    world.say("group:a", "located-in", "country:kp")
    snapshot = build(world.rows(), judge=judge, joining={})
    assert snapshot.joining.all()
    assert not world.snapshot().joining[snapshot.relation[0]]
    assert not JOINING["located-in"]


@given(st.lists(st.integers(0, 400), max_size=30), st.lists(st.integers(-5, 500), max_size=30))
def test_places_are_found_whether_numbers_lie_dense_or_far_apart(eids, wanted):
    for scale in (1, 10_007):
        eid = np.unique(np.array(eids, np.int64) * scale)
        asked = np.array(wanted, np.int64) * scale
        where = {int(e): at for at, e in enumerate(eid)}
        assert places(eid, asked).tolist() == [where.get(int(w), -1) for w in asked]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 4),
            st.sampled_from(("indicates", "contact", "uses")),
            st.integers(5, 8),
            st.sampled_from("xyz"),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_statements_are_the_distinct_sentences_and_lose_no_claim(sentences):
    world = World()
    for subject, name, thing, origin in sentences:
        world.say(f"domain-name:s{subject}", name, f"malware:t{thing}", origin=origin)
    snapshot = world.snapshot()
    found = {}
    for s in range(len(snapshot.subject)):
        key = (
            *world.named(snapshot, [snapshot.subject[s], snapshot.object[s]]),
            snapshot.property_names[snapshot.relation[s]],
        )
        assert key not in found
        found[key] = (int(np.diff(snapshot.claim_pointer)[s]), int(snapshot.origins[s]))
    expected = {}
    for subject, name, thing, origin in sentences:
        expected.setdefault((f"domain-name:s{subject}", f"malware:t{thing}", name), []).append(origin)
    assert found == {key: (len(o), len(set(o))) for key, o in expected.items()}
    assert sorted(snapshot.claim_seq.tolist()) == [10 * n + 10 for n in range(len(sentences))]
