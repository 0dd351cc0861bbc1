"""Rings: who agrees beyond what reliability explains is one voice; honest agreement never makes a ring."""

from __future__ import annotations

import subprocess
import sys
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from chokepoint.vet import rings
from chokepoint.vet.belief import Ballots
from chokepoint.vet.calibration import learn
from chokepoint.vet.rings import (
    RARE,
    SURE,
    TIMES,
    Seen,
    agglomerate,
    close_pairs,
    meetings,
)

SIZE = 20


class World:
    """Statements of random contributors, a fifth false; `each` random members vote on each, rightly mostly."""

    def __init__(self, count=2500, each=4, seed=3):
        self.rng = np.random.default_rng(seed)
        self.truth = self.rng.random(count) < 0.8
        self.owner = self.rng.integers(0, SIZE, count).astype(np.int32)
        right = self.rng.random((SIZE, count)) < 0.93
        self.says = np.where(right == self.truth, 1, -1)
        drawn = self.rng.random((SIZE, count))
        drawn[self.owner, np.arange(count)] = 2.0
        self.asked = drawn <= np.partition(drawn, each - 1, axis=0)[each - 1]

    def collude(self, ring, false=0.5):
        """The ring confirms whatever its members contribute, half of it false."""
        theirs = np.isin(self.owner, ring)
        lie = theirs & (self.rng.random(len(self.truth)) < false)
        self.says = np.where(lie & self.truth, -self.says, self.says)
        self.truth = self.truth & ~lie
        self.says[np.ix_(ring, theirs)] = 1
        return self

    def rush(self, ring):
        """Every member of the ring votes on every claim of the others."""
        theirs = np.isin(self.owner, ring)
        self.asked[np.ix_(ring, theirs)] = True
        self.asked[self.owner, np.arange(len(self.owner))] = False
        return self

    def only(self, ring):
        """Nobody else looks at the ring's claims."""
        self.rush(ring)
        outside = np.setdiff1d(np.arange(SIZE), ring)
        self.asked[np.ix_(outside, np.isin(self.owner, ring))] = False
        return self

    @property
    def ballots(self):
        who, statement = np.nonzero(self.asked)
        return Ballots(
            statement=statement,
            organisation=who.astype(np.int32),
            vote=self.says[who, statement].astype(np.int8),
        )

    def learn(self, **given):
        return learn(np.full(len(self.truth), 0.8), self.ballots, self.owner, **given)

    def rings(self, **given):
        return [ring.members for ring in self.learn(**given).rings]


@pytest.mark.parametrize("many", [2, 3, 5, 7], ids="a ring of {}".format)
def test_a_ring_is_found_whole_and_nobody_else_is_in_it(many):
    ring = list(range(many))
    assert World().collude(ring).rings() == [tuple(ring)]


@pytest.mark.parametrize("many", [2, 5, 7], ids="a ring of {}".format)
def test_a_ring_that_outvotes_everybody_on_its_own_claims_is_found(many):
    ring = list(range(5, 5 + many))
    assert World().collude(ring).rush(ring).rings() == [tuple(ring)]


def test_two_rings_are_told_apart():
    one, other = [0, 1, 2], [10, 11, 12, 13]
    assert World(count=4000).collude(one).collude(other).rings() == [tuple(one), tuple(other)]


@pytest.mark.parametrize("seed", range(4))
def test_where_nobody_colludes_there_is_no_ring_and_nobody_is_close(seed):
    found = World(seed=seed).learn()
    assert (found.rings, found.close) == ((), frozenset())


def test_those_who_confirm_everything_or_toss_a_coin_are_no_ring():
    world = World()
    world.says[[2, 3, 4]] = 1
    world.says[[5, 6, 7]] = world.rng.choice([1, -1], (3, len(world.truth)))
    assert world.rings() == []


def test_careless_members_are_not_drawn_into_a_ring_that_exists():
    world = World().collude([0, 1, 2]).rush([0, 1, 2])
    world.says[[7, 8]] = 1
    assert world.rings() == [(0, 1, 2)]


def test_honest_specialists_who_look_at_each_others_claims_are_no_ring():
    specialists = [0, 1, 2, 3]
    found = World().rush(specialists).learn()
    assert found.rings == ()
    assert found.close == frozenset()  # others looked at some of their claims and saw the same


def test_specialists_who_never_disagree_and_at_whose_claims_nobody_else_looks_are_close_and_no_ring():
    specialists = [0, 1, 2, 3]
    world = World().only(specialists)
    world.says[np.ix_(specialists, np.isin(world.owner, specialists))] = 1
    found = world.learn()
    assert found.rings == ()
    assert found.close == {(one, other) for one in specialists for other in specialists if one != other}


def test_specialists_who_catch_each_others_mistakes_need_no_outsiders():
    found = World().only([0, 1, 2, 3]).learn()
    assert (found.rings, found.close) == ((), frozenset())


def test_the_claims_of_a_ring_at_which_nobody_else_looks_count_one_voice_only():
    ring = [0, 1, 2, 3, 4]
    world = World().collude(ring).only(ring)
    found, theirs = world.learn(), np.isin(world.owner, ring)
    heard = found.logit - 0.8
    assert np.median(heard[theirs]) < log(9.0) < np.median(heard[~theirs & world.truth])


def test_a_few_outsiders_looks_show_a_ring_that_nobody_else_had_looked_at():
    ring = [0, 1, 2, 3, 4]
    world = World().collude(ring).only(ring)
    drawn = np.flatnonzero(np.isin(world.owner, ring))[::10]
    world.asked[np.ix_([10, 11, 12, 13], drawn)] = True
    assert world.rings() == [tuple(ring)]


def test_members_who_err_alike_on_strangers_claims_are_a_ring():
    world = World(each=6)
    target = world.rng.random(len(world.truth)) < 0.1
    for mate in (4, 9, 14):
        world.says[mate] = np.where(target & ~world.truth, 1, world.says[mate])
        world.asked[mate] |= target & (world.owner != mate)
    assert world.rings() == [(4, 9, 14)]


def test_what_is_hard_for_everybody_makes_no_ring():
    world = World(each=6)
    hard = world.rng.random(len(world.truth)) < 0.1
    fooled = world.rng.random(world.says.shape) < 0.4
    world.says = np.where(hard & fooled, -world.says, world.says)
    assert world.rings() == []


def test_whom_a_human_holds_apart_is_in_no_ring_and_close_to_nobody():
    world = World().collude([0, 1, 2]).rush([0, 1, 2])
    assert world.rings(apart=frozenset({1})) == [(0, 2)]
    assert not any(1 in pair for pair in world.learn(apart=frozenset({1})).close)
    assert world.rings(apart=frozenset({0, 1, 2})) == []


def test_confirmations_within_a_ring_add_nothing_and_its_disputes_do():
    world = World().collude([0, 1, 2])
    found = world.learn()
    theirs = np.isin(world.owner, [0, 1, 2])
    ballots = world.ballots
    from_ring = np.isin(ballots.organisation, [0, 1, 2])
    heard = np.bincount(ballots.statement[~from_ring], minlength=len(world.truth))
    lonely = theirs & (heard == 0)
    assert (found.logit[lonely] == 0.8).all()
    assert ((found.logit > 0) == world.truth).mean() > 0.98


def test_a_ring_is_told_with_the_counts_that_speak_for_it():
    world = World().collude([0, 1, 2])
    [ring] = world.learn().rings
    assert ring.passed == ring.within > 20
    assert ring.outside < 0.2 * ring.beyond
    assert ring.odds > 3 * SURE


def test_names_of_organisations_do_not_matter():
    world = World().collude([0, 1, 2])
    names = np.random.default_rng(1).permutation(SIZE)
    ballots, owner = world.ballots, names[world.owner].astype(np.int32)
    moved = Ballots(
        statement=ballots.statement,
        organisation=names[ballots.organisation].astype(np.int32),
        vote=ballots.vote,
    )
    [ring] = learn(np.full(len(owner), 0.8), moved, owner).rings
    assert ring.members == tuple(sorted(names[[0, 1, 2]].tolist()))


# --- agglomeration ---


def blocks(*groups, size=8, inside=6.0, outside=-1.0):
    odds = np.full((size, size), outside)
    for group in groups:
        odds[np.ix_(group, group)] = inside
    np.fill_diagonal(odds, 0.0)
    return odds


def test_many_weak_pairs_make_a_ring_where_each_alone_would_not():
    assert agglomerate(blocks([0, 1])).tolist() == list(range(8))
    assert agglomerate(blocks([0, 1, 2, 3])).tolist() == [0, 0, 0, 0, 4, 5, 6, 7]


def test_one_who_is_tied_to_one_member_alone_is_not_drawn_in():
    odds = blocks([0, 1, 2, 3])
    odds[3, 4] = odds[4, 3] = 8.5
    assert agglomerate(odds).tolist() == [0, 0, 0, 0, 4, 5, 6, 7]


@pytest.mark.parametrize("size", [0, 1, 2])
def test_the_smallest_coalitions_are_agglomerated_without_complaint(size):
    assert agglomerate(np.zeros((size, size))).tolist() == list(range(size))


def mirrored(table):
    return np.triu(table, 1) + np.triu(table, 1).T


symmetric = st.integers(2, 7).flatmap(
    lambda size: st.lists(st.integers(-12, 25), min_size=size * size, max_size=size * size).map(
        lambda flat: mirrored(np.array(flat, np.float64).reshape(size, size))
    )
)


@given(symmetric)
def test_each_member_of_a_ring_is_tied_to_the_rest_beyond_doubt(odds):
    group = agglomerate(odds)
    for name in np.unique(group):
        inside = np.flatnonzero(group == name)
        assert name == inside.min()
        if len(inside) > 1:
            assert odds[np.ix_(inside, inside)].sum(axis=1).min() >= SURE + log(len(odds))


@given(symmetric, st.randoms(use_true_random=False))
def test_less_agreement_everywhere_never_makes_a_ring_of_nobody(odds, random):
    less = np.minimum(odds, 0.0)
    assert agglomerate(less).tolist() == list(range(len(odds)))


# --- close pairs ---


def lottery(count=4000, size=10, seed=1):
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, size, count)
    voter = (owner + rng.integers(1, size, count)) % size
    return Seen(np.arange(count), voter, owner, np.ones(count, np.bool_))


def test_under_lottery_nobody_is_close():
    assert not close_pairs(lottery(), np.zeros((10, 10)), np.arange(10)).any()


def test_a_pair_that_meets_far_too_often_is_close_one_way():
    seen = lottery()
    more = Seen(*(np.concatenate([a, b]) for a, b in zip(seen, pair(3, 7, 200), strict=True)))
    found = close_pairs(more, np.zeros((10, 10)), np.arange(10))
    assert np.argwhere(found).tolist() == [[3, 7]]


def pair(voter, owner, count):
    return Seen(np.arange(count), np.full(count, voter), np.full(count, owner), np.ones(count, np.bool_))


@pytest.mark.parametrize(("odds", "close"), [(-2.9, True), (-3.1, False)])
def test_a_pair_that_outsiders_saw_apart_is_no_longer_close(odds, close):
    seen = lottery()
    more = Seen(*(np.concatenate([a, b]) for a, b in zip(seen, pair(3, 7, 200), strict=True)))
    known = np.full((10, 10), odds)
    assert close_pairs(more, known, np.arange(10))[3, 7] == close


def test_within_a_ring_nobody_is_called_close_besides():
    seen = lottery()
    more = Seen(*(np.concatenate([a, b]) for a, b in zip(seen, pair(3, 7, 200), strict=True)))
    group = np.arange(10)
    group[7] = 3
    assert not close_pairs(more, np.zeros((10, 10)), group).any()


@given(st.integers(0, 2**16), st.integers(1, 60), st.integers(2, 5))
def test_who_meets_more_often_than_a_lottery_explains_is_told_by_the_tail_of_poisson(seed, count, size):
    rng = np.random.default_rng(seed)
    voter = np.minimum(rng.integers(0, size, count), rng.integers(0, size, count))
    seen = Seen(rng.integers(0, 20, count), voter, rng.integers(0, size, count), np.ones(count, np.bool_))
    met = meetings(seen, size)
    tail = poisson.sf(met - 1, TIMES * rings._lottery(seen, met))
    apart = ~np.eye(size, dtype=np.bool_)
    assert (close_pairs(seen, np.zeros((size, size)), np.arange(size)) == (apart & (tail < RARE))).all()


def test_who_never_met_is_not_close_and_an_atlas_without_votes_has_nobody_close():
    none = Seen(*(np.zeros(0, np.int64) for _ in range(3)), np.zeros(0, np.bool_))
    assert not close_pairs(none, np.zeros((3, 3)), np.arange(3)).any()
    assert close_pairs(none, np.zeros((0, 0)), np.arange(0)).shape == (0, 0)


def test_the_rules_load_no_scipy_before_somebody_voted():
    """Every worker of the desk loads them: a third of the time in which it starts."""
    script = "import sys, chokepoint.vet.rings, chokepoint.vet.standing; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_meetings_are_counted_by_voter_and_contributor():
    seen = pair(1, 2, 3)
    assert meetings(seen, 4)[1, 2] == meetings(seen, 4).sum() == 3
