"""What is told of a path against what the sentences themselves say, worked out again without any array."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

import numpy as np
import pytest
from graph_world import JOINING, World, days
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.graph import caution, traits
from chokepoint.graph.caution import _elsewhere
from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.hop import make_hop
from chokepoint.graph.path import Limits, search
from chokepoint.graph.tenure import TIMELESS, claims_of, dated, intervals
from chokepoint.graph.traits import NORMAL_DEGREE, OTHER_DEGREE, OTHER_TOLERANCE, TOLERANCE_DAYS
from chokepoint.link.known import Listed
from chokepoint.model.vocabulary import vocabulary
from chokepoint.vet.belief import belief

SITES = tuple(f"domain-name:n{number}.com" for number in range(3))
NAMES = (*SITES, "ipv4-addr:10.0.0.1", "ipv4-addr:10.9.0.1", "malware:m", "malware:n", "country:ru")
LINKS = ("indicates", "resolves-to", "contact", "located-in", "name-server")
GRADES = ("A1", "B2", "C3", "F6", "D4")
DAYS = ("", "2019-12-01", "2020-01-01", "2020-01-20", "2020-06-01", "2023-01-01")
SMALL = {**NORMAL_DEGREE, "malware": 3, "ipv4-addr": 3}
PARKED = "10.9.0.0/16"


@dataclass
class Told:
    """The sentences of a world, grouped by what they say."""

    claims: dict[tuple[str, str, str], list[tuple]] = field(default_factory=lambda: defaultdict(list))
    disputed: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def neighbours(self):
        found = defaultdict(set)
        for subject, name, thing in self.claims:
            found[subject].add((thing, (subject, name, thing)))
            found[thing].add((subject, (subject, name, thing)))
        return found

    def degree(self, node):
        return sum((subject == node) + (thing == node) for subject, _, thing in self.claims)

    def shared(self, node):
        """Codes of why a node joins nothing when a path goes through it."""
        kind, _, value = node.partition(":")
        found = {"shared-infrastructure"} if kind == "country" else set()
        found |= {"parking"} if value.startswith("10.9.") else set()
        return found | ({"hub"} if self.degree(node) > SMALL.get(kind, OTHER_DEGREE) else set())

    def weak(self, sentence):
        return not JOINING[sentence[1]] or sentence in self.disputed

    def belief(self, sentence):
        votes = [("organisation 7", -1)] if sentence in self.disputed else []
        return belief([(grade, origin) for grade, origin, _ in self.claims[sentence]], votes)

    def origins(self, sentence):
        return {origin for _, origin, _ in self.claims[sentence]}

    def connected(self, start, goal, hops, *, strict):
        """Whether any simple way of at most so many hops exists, by walking all of them."""

        def walk(here, seen):
            if here == goal:
                return True
            if len(seen) > hops or (strict and len(seen) > 1 and self.shared(here)):
                return False
            return any(
                other not in seen and not (strict and self.weak(sentence)) and walk(other, (*seen, other))
                for other, sentence in self.neighbours[here]
            )

        return walk(start, (start,))


@st.composite
def worlds(draw):
    world, told = World(lists=[Listed(name="Parking domains", entries=[PARKED], match="cidr")]), Told()
    for name in NAMES:
        world.eid(name)
    node = st.integers(0, len(NAMES) - 1)
    for _ in range(draw(st.integers(2, 16))):
        one, two = draw(node), draw(node)
        if one == two:
            continue
        sentence = (NAMES[one], draw(st.sampled_from(LINKS)), NAMES[two])
        for origin in draw(st.lists(st.sampled_from("xyz"), min_size=1, max_size=2)):
            grade, day = draw(st.sampled_from(GRADES)), draw(st.sampled_from(DAYS))
            seq = world.say(*sentence, grade=grade, origin=origin, day=day)
            told.claims[sentence].append((grade, origin, day))
        if draw(st.integers(0, 9)) == 0:
            world.vote(seq, 7, -1)
            told.disputed.add(sentence)
    return world, told


@pytest.fixture(autouse=True)
def _small_hubs(monkeypatch):
    """Hubs of four links, so that a small world has some."""
    monkeypatch.setattr(traits, "NORMAL_DEGREE", SMALL)


def asked(world, data):
    """A snapshot, two of its nodes, their names, and what the search finds between them."""
    shown = world.snapshot()
    one, two = data.draw(st.permutations(range(len(NAMES))))[:2]
    hops = data.draw(st.integers(1, 5))
    at = [int(shown.index([world.eids[NAMES[end]]])[0]) for end in (one, two)]
    found = search(shown, at[:1], at[1:], limits=Limits(k=4, max_hops=hops))
    assert found.complete
    return shown, (NAMES[one], NAMES[two]), hops, found.paths


def sentences(world, shown, path):
    names = world.named(shown, path.nodes)
    ends = [pair if hop.forward else pair[::-1] for hop, pair in zip(path.hops, pairwise(names), strict=True)]
    return names, [(pair[0], hop.property, pair[1]) for hop, pair in zip(path.hops, ends, strict=True)]


@settings(max_examples=150)
@given(worlds(), st.data())
def test_there_is_a_path_exactly_where_some_way_exists(made, data):
    world, told = made
    _, (start, goal), hops, paths = asked(world, data)
    assert bool(paths) == told.connected(start, goal, hops, strict=False)


@settings(max_examples=150)
@given(worlds(), st.data())
def test_hubs_and_shared_things_are_walked_through_first_only_for_want_of_another_way(made, data):
    world, told = made
    shown, (start, goal), hops, paths = asked(world, data)
    clear = told.connected(start, goal, hops, strict=True)
    for path in paths[:1]:
        names, said = sentences(world, shown, path)
        assert clear == (
            not any(told.shared(name) for name in names[1:-1]) and not any(told.weak(one) for one in said)
        )
    ranks = [(not path.joins, -path.score) for path in paths]
    assert ranks == sorted(ranks)


@settings(max_examples=150)
@given(worlds(), st.data())
def test_belief_origins_and_joins_are_those_of_the_sentences(made, data):
    world, told = made
    shown, ends, hops, paths = asked(world, data)
    for path in paths:
        names, said = sentences(world, shown, path)
        assert (names[0], names[-1]) == ends
        assert len(said) <= hops
        assert len(set(names)) == len(names)
        assert path.belief == pytest.approx(prod(told.belief(one) for one in said), rel=1e-4)
        origins = [told.origins(one) for one in said]
        assert path.origins == len(set().union(*origins))
        assert path.single_source == bool(set.intersection(*origins))
        barred = any(told.shared(name) for name in names[1:-1])
        assert path.joins == (not barred and all(JOINING[one[1]] for one in said))
        assert path.attribution


@settings(max_examples=150)
@given(worlds(), st.data())
def test_every_reason_for_care_is_a_warning_and_every_warning_has_its_reason(made, data):
    world, told = made
    shown, _, _, paths = asked(world, data)
    for path in paths:
        names, said = sentences(world, shown, path)
        inner = set().union(*(told.shared(name) for name in names[1:-1]))
        listed = {"parking"} if any("parking" in told.shared(name) for name in names) else set()
        wanted = inner | listed
        wanted |= {"joins-nothing"} if any(not JOINING[one[1]] for one in said) else set()
        wanted |= {"disputed"} if any(one in told.disputed for one in said) else set()
        assert {warning.code for warning in path.warnings} - {"time"} == wanted


def spans(claims):
    return [(days(day), days(day) + 1) for _, _, day in claims if day]


def gap(ones, twos):
    return min((max(a[0], b[0]) - min(a[1], b[1]) for a in ones for b in twos), default=None)


def tolerated(node):
    kind = node.partition(":")[0]
    known = vocabulary().kinds[kind]
    return TOLERANCE_DAYS.get(kind, OTHER_TOLERANCE) if known.reassigned else None


def doubtful_between(told, node, before, after):
    """Whether a node may have changed hands between the sentences on both sides of it."""
    ones, twos = spans(told.claims[before]), spans(told.claims[after])
    days_apart = tolerated(node)
    if days_apart is None:
        return False
    if ones and twos:
        return gap(ones, twos) > days_apart
    return bool(ones or twos) or not told.origins(before) & told.origins(after)


def doubtful_end(told, node, sentence):
    """Whether others saw the end of a path at times far from the sentence that starts there."""
    others = [
        span
        for other, claims in told.claims.items()
        if node in {other[0], other[2]}
        and other != sentence
        and not told.origins(other) & told.origins(sentence)
        for span in spans(claims)
    ]
    apart = gap(spans(told.claims[sentence]), others)
    return tolerated(node) is not None and apart is not None and apart > tolerated(node)


@settings(max_examples=200)
@given(worlds(), st.data())
def test_a_node_is_doubted_exactly_where_its_sightings_lie_too_far_apart(made, data):
    world, told = made
    shown, _, _, paths = asked(world, data)
    for path in paths:
        names, said = sentences(world, shown, path)
        doubted = {
            name
            for name, before, after in zip(names[1:-1], said, said[1:], strict=False)
            if doubtful_between(told, name, before, after)
        }
        doubted |= {names[0]} if doubtful_end(told, names[0], said[0]) else set()
        doubted |= {names[-1]} if doubtful_end(told, names[-1], said[-1]) else set()
        warned = {w.node for w in path.warnings if w.code == "time"}
        assert set(world.named(shown, warned)) == doubted


@settings(max_examples=80)
@given(worlds(), st.data())
def test_the_other_sightings_of_an_end_are_those_of_other_origins(made, data):
    world, told = made
    shown = world.snapshot()
    if not len(shown.subject):
        return
    statement = data.draw(st.integers(0, len(shown.subject) - 1))
    node = data.draw(st.sampled_from([int(shown.subject[statement]), int(shown.object[statement])]))
    hop = make_hop(shown, statement, (node, node))
    [name] = world.named(shown, [node])
    subject, thing = world.named(shown, [shown.subject[statement], shown.object[statement]])
    said = (subject, hop.property, thing)
    wanted = {
        span
        for other, claims in told.claims.items()
        if name in {other[0], other[2]} and other != said and not told.origins(other) & told.origins(said)
        for span in spans(claims)
    }
    assert _elsewhere(shown, node, hop) == sorted(wanted)


@settings(max_examples=60)
@given(worlds(), st.data())
def test_the_claims_of_statements_are_theirs_and_in_order(made, data):
    world, _ = made
    shown = world.snapshot()
    chosen = data.draw(st.lists(st.integers(0, max(len(shown.subject) - 1, 0)), max_size=6))
    chosen = chosen if len(shown.subject) else []
    statement, place = claims_of(shown, _ints(chosen))
    wanted = [(one, row) for one in chosen for row in range(*shown.claims(one).indices(len(shown.claim_seq)))]
    assert list(zip(statement.tolist(), place.tolist(), strict=True)) == wanted


def _ints(numbers):
    return np.array(numbers, np.int32)


@pytest.mark.parametrize(("start", "end", "wanted"), [
    (10, 20, (10, 20)), (UNKNOWN, 20, (19, 20)), (10, UNKNOWN, (10, 11)), (-5, -4, (-5, -4)),
])  # fmt: skip
def test_an_open_side_is_one_known_day(start, end, wanted):
    class One:
        claim_start, claim_end = _ints([start, UNKNOWN]), _ints([end, UNKNOWN])

    assert dated(One, _ints([0, 1])) == [wanted]
    assert dated(One, _ints([1])) == []


def test_only_so_many_neighbours_of_an_end_are_looked_through(monkeypatch):
    world = World()
    world.say("domain-name:a.com", "indicates", "malware:m", origin="x", day="2020-01-01")
    for number in range(5):
        world.say(
            f"file:f{number}", "communicates-with", "domain-name:a.com", origin=f"o{number}", day="2010-01-01"
        )
    shown = world.snapshot()
    node = int(shown.index([world.eids["domain-name:a.com"]])[0])
    [first] = [s for s in range(len(shown.subject)) if int(shown.subject[s]) == node]
    hop = make_hop(shown, first, (node, node))
    assert len(_elsewhere(shown, node, hop)) == 1
    monkeypatch.setattr(caution, "LOOKED_AT", 0)
    assert _elsewhere(shown, node, hop) == []


def test_names_within_names_say_nothing_of_time():
    world = World()
    world.say("domain-name:a.b.com", "subdomain-of", "domain-name:b.com", origin="x", day="2010-01-01")
    world.say("domain-name:b.com", "indicates", "malware:m", origin="y", day="2020-01-01")
    shown = world.snapshot()
    node = int(shown.index([world.eids["domain-name:b.com"]])[0])
    [said] = [s for s in range(len(shown.subject)) if int(shown.subject[s]) == node]
    assert "subdomain-of" in TIMELESS
    assert _elsewhere(shown, node, make_hop(shown, said, (node, node))) == []
    assert len(intervals(shown, make_hop(shown, said, (node, node)))) == 1
