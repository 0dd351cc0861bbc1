"""Vetting measured on a simulated coalition: is what is accepted true, and at what price in votes?

Organisations contribute graded claims, some false, some of those echoed by outlets that copy one root
publisher. Most vetters look and mostly see what is so; careless ones toss a coin or wave everything through;
a ring rushes to confirm whatever its members contribute, before anybody is asked (`--rush` of them at most).
The votes go through the atlas's own policy, ties, belief and calibration. Printed: what is accepted; the same votes
read by majority, by Dawid and Skene and by GLAD (crowd-kit) and by grading alone; the votes that our order and first-in-first-out need for the same error; and the time it takes.
First-in-first-out asks one member after another there, and of each claim no more than it needs. Nobody's desk works
so: `--together 20` lets every member vote through 20 of its own list at once, before anybody's list is made anew.

    python benchmarks/coalition.py --claims 17000 --false 0.2 --careless 0.1 --ring 3
    python benchmarks/coalition.py --claims 4000 --grid
    python benchmarks/coalition.py --claims 1500 --sweep

Beside them stands the ideal judge: it knows how often each voter is right, who colludes, and how often what is graded
so is true, and needs only the votes. No reading of the same votes ranks better; `--sweep` compares over many coalitions,
and runs the desk with its knowledge of voters too.

Dawid and Skene and GLAD need `pip install crowd-kit`, in an environment of its own: it brings pandas and scikit-learn.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import time
from dataclasses import dataclass, field, replace

import numpy as np

from chokepoint.model.judgement import Verdict
from chokepoint.vet.ballots import UNSAID
from chokepoint.vet.belief import (
    Ballots,
    Evidence,
    Record,
    beliefs,
    evidence_logits,
    telling,
    vote_logits,
)
from chokepoint.vet.calibration import Learnt, learn
from chokepoint.vet.policy import DEFAULT, VERDICTS, MinBelief
from chokepoint.vet.queue import LEAST, SLOTS, Voices, place, value
from chokepoint.vet.reliability import bar
from chokepoint.vet.rings import Seen
from chokepoint.vet.setting import FOREVER, Answers, Setting
from chokepoint.vet.standing import judge
from chokepoint.vet.ties import measured, untied

AUDITED, AUDITORS = 0.04, 4
ROUNDS = 120
LETTERS = np.array([[0.05, 0.2, 0.3, 0.15, 0.1, 0.2], [0.15, 0.35, 0.25, 0.05, 0.02, 0.18]])
FIGURES = np.array([[0.03, 0.2, 0.3, 0.17, 0.08, 0.22], [0.05, 0.35, 0.3, 0.06, 0.02, 0.22]])
"""How often a source is graded A to F, and a claim 1 to 6: of what is false, and of what is true."""
COALITIONS = (
    {}, {"ring": 0}, {"ring": 6}, {"organisations": 10, "ring": 2}, {"organisations": 60, "ring": 12},
    {"claims": 500, "ring": 6}, {"false": 0.05, "ring": 1}, {"false": 0.4, "careless": 0.3, "ring": 6},
    {"echoed": 0.8, "ring": 6}, {"sensitivity": 0.9, "specificity": 0.9, "careless": 0.2, "ring": 1},
    {"sensitivity": 0.95, "specificity": 0.75}, {"sensitivity": 0.75, "specificity": 0.95},
    {"sensitivity": 0.85, "specificity": 0.85, "careless": 0.3, "ring": 6},
    {"sensitivity": 0.85, "specificity": 0.85, "organisations": 10, "ring": 2},
    {"sensitivity": 0.8, "specificity": 0.8, "careless": 0.05},
    {"sensitivity": 0.8, "specificity": 0.8, "careless": 0.2, "ring": 6},
    {"sensitivity": 0.8, "specificity": 0.8, "careless": 0.2, "ring": 6, "false": 0.1},
    {"sensitivity": 0.8, "specificity": 0.8, "careless": 0.2, "ring": 6, "false": 0.4},
    {"sensitivity": 0.8, "specificity": 0.8, "careless": 0.2, "ring": 6, "claims": 500},
    {"sensitivity": 0.8, "specificity": 0.8, "careless": 0.2, "ring": 6, "organisations": 60},
    {"sensitivity": 0.75, "specificity": 0.75}, {"sensitivity": 0.75, "specificity": 0.75, "careless": 0.3},
)  # fmt: skip
"""Coalitions of `--sweep`, where they are not as given."""
ACCEPTED, REJECTED = VERDICTS.index(Verdict.ACCEPTED), VERDICTS.index(Verdict.REJECTED)


@dataclass(frozen=True, kw_only=True)
class Coalition:
    """What is simulated; shares are 0 to 1."""

    organisations: int = 30
    claims: int = 17_000
    false: float = 0.2
    echoed: float = 1 / 3
    careless: float = 0.1
    ring: int = 3
    sensitivity: float = 0.95
    specificity: float = 0.93
    unsure: float = 0.05
    ring_false: float = 0.5
    rush: int = 99
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class Claims:
    """Claims as columns, ascending by `seq`."""

    seq: np.ndarray
    origin: np.ndarray
    reliability: np.ndarray
    credibility: np.ndarray
    owner: np.ndarray


@dataclass(frozen=True, kw_only=True)
class World:
    """S statements: what is so, who says so, and what each member would answer (N, S) if asked."""

    truth: np.ndarray
    owner: np.ndarray
    statement: np.ndarray
    claims: Claims
    answers: np.ndarray
    again: np.ndarray
    order: np.ndarray
    rushed: np.ndarray
    by_ring: np.ndarray
    weight: np.ndarray
    ring: np.ndarray


def make(given: Coalition) -> World:
    rng = np.random.default_rng(given.seed)
    count, size = given.claims, given.organisations
    owner = rng.integers(0, size, count)
    ring = np.arange(size) < given.ring
    by_ring = ring[owner]
    rest = (given.false - by_ring.mean() * given.ring_false) / max(1e-9, 1 - by_ring.mean())
    truth = rng.random(count) >= np.where(by_ring, given.ring_false, max(0.0, rest))
    statement, claims = _claims(rng, given, truth, owner)
    kind = np.full(size, "honest", dtype=object)
    careless = rng.permutation(np.arange(given.ring, size))[: round(given.careless * size)]
    kind[careless[::2]], kind[careless[1::2]] = "coin", "stamp"
    answers = _answers(rng, given, truth, kind)
    second = _answers(rng, given, truth, kind)
    again = np.where((rng.random(answers.shape) < 0.5) & (kind == "honest")[:, None], second, answers)
    for words in (answers, again):
        words[np.ix_(ring, by_ring)] = 1
        words[claims.owner, statement] = 0
    order = np.argsort(rng.random((size, count)), axis=0)
    own = np.zeros((size, count), np.bool_)
    own[claims.owner, statement] = True
    order = np.take_along_axis(order, np.argsort(np.take_along_axis(own, order, 0), axis=0, kind="stable"), 0)
    first = np.argsort(~np.isin(order, np.flatnonzero(ring)), axis=0, kind="stable")
    weight = rng.pareto(1.16, count) + 1.0
    return World(
        truth=truth, owner=owner.astype(np.int32), statement=statement, claims=claims, answers=answers,
        again=again, order=order, rushed=np.where(by_ring, np.take_along_axis(order, first, 0), order),
        by_ring=by_ring, weight=np.minimum(weight, np.quantile(weight, 0.999)), ring=ring,
    )  # fmt: skip


def _claims(rng, given, truth, owner):
    """One claim a statement; a third of the false ones echoed; some true ones said by a second origin."""
    count = len(truth)
    letters = np.where(
        truth,
        rng.choice(6, count, p=LETTERS[1]),
        rng.choice(6, count, p=LETTERS[0]),
    )
    figures = np.where(
        truth,
        rng.choice(6, count, p=FIGURES[1]),
        rng.choice(6, count, p=FIGURES[0]),
    )
    echoes = np.where(~truth & (rng.random(count) < given.echoed), rng.integers(2, 7, count), 0)
    seconds = (truth & (rng.random(count) < 0.3)).astype(np.int64)
    of = np.concatenate([np.arange(count), np.repeat(np.arange(count), echoes), np.flatnonzero(seconds)])
    echo = np.concatenate([np.zeros(count, bool), np.ones(echoes.sum(), bool), np.zeros(seconds.sum(), bool)])
    first = np.arange(len(of)) < count
    own_origin = np.where(echo, of, np.arange(len(of)))
    by = np.where(first, owner[of], rng.integers(0, given.organisations, len(of)))
    return of, Claims(
        seq=np.arange(1, len(of) + 1),
        origin=own_origin.astype(np.int32),
        reliability=letters[of].astype(np.int8),
        credibility=(figures[of] + 1).astype(np.int8),
        owner=by.astype(np.int32),
    )


def _answers(rng, given, truth, kind):
    """What each member says of each statement: 1, -1, 0."""
    size, count = len(kind), len(truth)
    spread = rng.beta(20, 1, (2, size, 1)) - 20 / 21
    right = np.where(truth, given.sensitivity + spread[0], given.specificity + spread[1]).clip(0.55, 0.995)
    says = np.where(rng.random((size, count)) < right, truth, ~truth)
    says = np.where((kind == "coin")[:, None], rng.random((size, count)) < 0.5, says)
    says = np.where((kind == "stamp")[:, None], rng.random((size, count)) < 0.95, says)
    unsure = (rng.random((size, count)) < given.unsure) & (kind == "honest")[:, None]
    return np.where(unsure, 0, np.where(says, 1, -1)).astype(np.int8)


@dataclass(kw_only=True)
class Desk:
    """The vetting desk at work: votes so far, what is published of voters, and how statements stand."""

    world: World
    asked: np.ndarray
    claim: list = field(default_factory=list)
    organisation: list = field(default_factory=list)
    vote: list = field(default_factory=list)
    despite: list = field(default_factory=list)
    setting: Setting = field(default_factory=Setting)
    looked: np.ndarray | None = None
    doubted: np.ndarray | None = None
    again: bool = False
    audits: np.ndarray | None = None
    ours: bool = True
    rush: int = 0
    ideal: bool = False

    @property
    def votes(self):
        return int(sum(map(len, self.vote)))

    def cast(self, statements, members, words, *, despite=False):
        self.claim.append(statements + 1)
        self.organisation.append(members.astype(np.int32))
        self.vote.append(words.astype(np.int8))
        self.despite.append(np.full(len(statements), despite))

    def ask_next(self, statements):
        """The next member in each statement's lottery looks and votes; a ring rushes to its own unasked."""
        world = self.world
        statements = statements[self.asked[statements] < len(world.order)]
        fresh = statements[(self.asked[statements] == 0) & world.by_ring[statements]]
        for slot in range(min(self.rush, len(world.ring))):
            member = world.rushed[slot, fresh]
            mine = world.ring[member] & (member != world.owner[fresh])
            self.cast(fresh[mine], member[mine], world.answers[member[mine], fresh[mine]])
        member = world.order[self.asked[statements], statements]
        self.asked[statements] += 1
        self.cast(statements, member, world.answers[member, statements])

    def columns(self):
        class Votes:
            claim = np.concatenate(self.claim)
            organisation = np.concatenate(self.organisation)
            vote = np.concatenate(self.vote)
            simulated = np.zeros(len(vote), np.bool_)

        return Votes

    def stand(self):
        """How everything stands by the votes so far."""
        votes = self.columns()
        size = len(votes.vote)
        answers = Answers(
            crime=np.full(size, UNSAID, np.int8), disclose=np.full(size, UNSAID, np.int8),
            until=np.full(size, FOREVER, np.int32), position=np.arange(size) + 10**9,
            despite=np.concatenate(self.despite),
        )  # fmt: skip
        setting = replace(self.setting, answers=answers)
        return judge(
            self.world.statement, self.world.claims, votes, count=len(self.world.truth), setting=setting
        )

    def publish(self):
        """Learn voters' reliability from the votes so far, and use it from now on."""
        learnt = learn(evidence_logits(evidence(self.world)), self.ballots(), self.world.owner)
        if self.ideal:
            learnt = ideally(self.world, self.ballots(), learnt)
        ties = measured(untied(len(self.world.ring)), [ring.members for ring in learnt.rings], learnt.close)
        unknown = Record(usual=learnt.usual)
        records = {number: learnt.records.get(number, unknown) for number in range(len(ties.family))}
        policy = DEFAULT & MinBelief(learnt.bar) if learnt.bar else DEFAULT
        self.setting = replace(self.setting, calibration=records, ties=ties, policy=policy)
        if self.ours:
            mute = [not telling(records[n]) for n in range(len(ties.family))]
            self.reorder(Voices(ties.family, np.array(mute)))
        return learnt

    def reorder(self, voices):
        """From now on each statement asks those first whose word adds something, as the queue orders them."""
        world = self.world
        size, count = world.order.shape
        names = np.arange(count, dtype=np.uint64)
        key = np.stack([place(names, 7, member, voices=voices) for member in range(size)])
        key[world.owner, np.arange(count)] = 10 * size
        key = np.take_along_axis(key, world.order, 0)
        asked = np.arange(size)[:, None] < self.asked
        order = np.argsort(np.where(asked, np.arange(size)[:, None] - size, key), axis=0, kind="stable")
        self.world = replace(world, order=np.take_along_axis(world.order, order, 0))

    def ballots(self):
        votes = self.columns()
        key = (votes.claim - 1) * 1000 + votes.organisation
        _, last = np.unique(key[::-1], return_index=True)
        keep = len(key) - 1 - last
        keep = keep[self.world.answers[votes.organisation[keep], votes.claim[keep] - 1] != 0]
        return Ballots(
            statement=votes.claim[keep] - 1, organisation=votes.organisation[keep], vote=votes.vote[keep]
        )

    def second_looks(self, found, most):
        """Where disputes stand against at least three confirmations, members look again: `review list --again`.

        Those who dispute go first with `--again`, else none of them does.
        """
        if not self.again:
            return self.answered(found, most)
        split = (found.disputes > 0) & (found.confirmations >= np.maximum(3, found.disputes + 1))
        rows = np.flatnonzero(split & (self.doubted < found.disputes))
        rows = rows[np.argsort(-self.world.weight[rows])][:most]
        self.doubted[rows] = found.disputes[rows]
        ballots = self.ballots()
        mine = np.isin(ballots.statement, rows) & (ballots.vote < 0)
        statement, member = ballots.statement[mine], ballots.organisation[mine]
        if not len(statement):
            return self.answered(found, most)
        self.cast(statement, member, self.world.again[member, statement])
        return len(statement) + self.answered(self.stand(), max(0, most - len(statement)))

    def answered(self, found, most):
        """Where a dispute stands against at least three confirmations, those read it and vote again."""
        fresh = (found.disputes > 0) & (found.confirmations >= np.maximum(3, found.disputes + 1))
        fresh &= self.looked < found.confirmations
        rows = np.flatnonzero(fresh)
        rows = rows[np.argsort(-self.world.weight[rows] if self.ours else rows)][:most]
        self.looked[rows] = found.confirmations[rows]
        ballots = self.ballots()
        mine = np.isin(ballots.statement, rows) & (ballots.vote > 0)
        statement, member = ballots.statement[mine], ballots.organisation[mine]
        if len(statement):
            self.cast(statement, member, self.world.again[member, statement], despite=True)
        return len(statement)

    def audit(self, found, most):
        """Of what is accepted, a sample that nobody can foresee is looked at by four more members, in time."""
        rows = np.flatnonzero(self.audits & (found.verdict == ACCEPTED))[:most]
        self.audits[rows] = False
        for _ in range(AUDITORS):
            self.ask_next(rows)
        return AUDITORS * len(rows)


def evidence(world: World) -> Evidence:
    claims = world.claims
    return Evidence(
        statement=world.statement, origin=claims.origin, reliability=claims.reliability,
        credibility=claims.credibility, count=len(world.truth),
    )  # fmt: skip


def rates(world: World) -> np.ndarray:
    """Chances of each member to confirm what is false and what is true, (N, 2), outside its own ring."""
    found = np.zeros((len(world.answers), 2))
    for member, words in enumerate(world.answers):
        free = (words != 0) & ~(world.ring[member] & world.by_ring)
        for true in (0, 1):
            here = free & (world.truth == bool(true))
            found[member, true] = (np.sum(words[here] > 0) + 1) / (here.sum() + 2)
    return found


def informed(world: World) -> np.ndarray:
    """Log-odds of each statement from its grading and contributor, by whoever knows what these are worth."""
    first = slice(0, len(world.truth))
    letter, figure = world.claims.reliability[first], world.claims.credibility[first] - 1
    told = np.log(LETTERS[1] / LETTERS[0])[letter] + np.log(FIGURES[1] / FIGURES[0])[figure]
    shares = [(world.truth[by].sum() + 1) / (by.sum() + 2) for by in (~world.by_ring, world.by_ring)]
    return told + np.log(np.array(shares) / (1 - np.array(shares)))[world.by_ring.astype(int)]


def ideal(world: World, ballots: Ballots) -> np.ndarray:
    """Log-odds of each statement by whoever knows how right each voter is, and who favours whom."""
    false, true = rates(world).T
    yes, no = np.log(true / false), np.log((1 - true) / (1 - false))
    weight = np.where(ballots.vote > 0, yes[ballots.organisation], no[ballots.organisation])
    weight[world.ring[ballots.organisation] & world.by_ring[ballots.statement]] = 0.0
    return informed(world) + np.bincount(ballots.statement, weights=weight, minlength=len(world.truth))


def ideally(world: World, ballots: Ballots, learnt: Learnt) -> Learnt:
    """What would be published by whoever knows how right each voter is."""
    many, logit = 1e5, ideal(world, ballots)
    records = {
        member: Record(many * true, many * (1 - true), many * (1 - false), many * false)
        for member, (false, true) in enumerate(rates(world).tolist())
    }
    owner = world.owner[ballots.statement]
    seen = Seen(ballots.statement, ballots.organisation, owner, ballots.vote > 0)
    told = logit - informed(world) + evidence_logits(evidence(world))
    least = bar(told, 1 / (1 + np.exp(-logit)), seen)
    return replace(learnt, records=records, logit=logit, bar=least)


def run(
    world: World,
    *,
    ours: bool,
    rush: int,
    most: int = SLOTS,
    again: bool = False,
    knowing: bool = False,
):
    """Votes and loss after each round, and the desk at the end."""
    budget = 4.0
    count = len(world.truth)
    sample = np.random.default_rng(7).random(count) < AUDITED * (1 + world.weight / world.weight.mean())
    desk = Desk(
        world=world,
        asked=np.zeros(count, np.int64),
        looked=np.zeros(count, np.int64),
        doubted=np.zeros(count, np.int64),
        audits=sample,
        ours=ours,
        rush=rush,
        again=again,
        ideal=knowing,
    )
    base = beliefs(evidence(world))
    curve, found = [(0, 1.0, 1.0)], None
    per_round = int(count * budget / ROUNDS)
    for number in range(ROUNDS * 2):
        open_ = np.ones(count, bool) if found is None else ~np.isin(found.verdict, (ACCEPTED, REJECTED))
        open_ &= desk.asked < (SLOTS if ours else most)
        rows = np.flatnonzero(open_)
        used = desk.second_looks(found, per_round // 6) if found is not None else 0
        used += desk.audit(found, per_round // 60) if ours and found is not None else 0
        if len(rows):
            worth = value(base[rows], desk.asked[rows], world.weight[rows]) if ours else -rows.astype(float)
            desk.ask_next(rows[np.argsort(-worth, kind="stable")[: max(0, per_round - used)]])
        elif not used:
            break
        found = desk.stand()
        if number % 10 == 9:
            desk.publish()
        curve.append((desk.votes, loss(world, found), loss(replace(world, weight=np.ones(count)), found)))
    desk.publish()
    return curve, desk, desk.stand()


def loss(world: World, found) -> float:
    """Weight of true statements not accepted, and nine times that of false ones accepted; 1 at the start."""
    accepted = found.verdict == ACCEPTED
    missed = world.weight[world.truth & ~accepted].sum() + 9 * world.weight[~world.truth & accepted].sum()
    return float(missed / world.weight[world.truth].sum())


def quality(truth, accepted):
    precision = truth[accepted].mean() if accepted.any() else 1.0
    return float(precision), float(accepted[truth].mean())


def ranked(truth, score):
    """Recall at 99 % precision, precision at 90 % recall, and errors at even odds, of a score."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(truth[order])
    share = hits / np.arange(1, len(order) + 1)
    recall = hits / truth.sum()
    good = share >= 0.99
    return (
        float(recall[good].max(initial=0.0)),
        float(share[np.searchsorted(recall, 0.9)]),
        float(((score > 0) != truth).mean()),
    )


def by_crowd_kit(world, ballots):
    """Log-odds by crowd-kit's Dawid–Skene and by its GLAD, by name; nothing where it is not installed."""
    try:
        import pandas as pd  # noqa: PLC0415 - crowd-kit is asked for by this comparison alone
        from crowdkit.aggregation import GLAD, DawidSkene  # noqa: PLC0415 - the same
    except ImportError:
        return {}
    frame = pd.DataFrame(
        {"task": ballots.statement, "worker": ballots.organisation, "label": (ballots.vote > 0).astype(int)}
    )
    models = {"Dawid-Skene": DawidSkene(n_iter=40), "GLAD": GLAD(n_iter=40)}
    rows = {}
    for name, model in models.items():
        chances = model.fit_predict_proba(frame)
        score = np.zeros(len(world.truth))
        column = chances[1] if 1 in chances.columns else 0.0
        score[chances.index.to_numpy()] = np.log((column + 1e-9) / (1 - column + 1e-9))
        rows[name] = score
    return rows


def side_by_side(world: World, votes: int, *, rush: int):
    """The same votes, so many a statement by lottery and those of a ring that rushes, read in five ways."""
    count = len(world.truth)
    desk = Desk(world=world, asked=np.zeros(count, np.int64), rush=rush)
    for _ in range(votes):
        desk.ask_next(np.arange(count))
    ballots = desk.ballots()
    base = evidence_logits(evidence(world))
    learnt = learn(base, ballots, world.owner)
    majority = np.bincount(ballots.statement, weights=ballots.vote, minlength=count).astype(float)
    rows = {"ours": learnt.logit, "majority": majority - 1e-9, "grading alone": base}
    rows |= by_crowd_kit(world, ballots) | {"ideal judge": ideal(world, ballots)}
    return {name: ranked(world.truth, score) for name, score in rows.items()}


def votes_for(curve, error):
    """Votes after which the loss stays at most so much, between rounds in proportion."""
    for (before, high), (after, low) in itertools.pairwise(curve):
        if low <= error:
            return before + (after - before) * (high - error) / max(high - low, 1e-9)
    return float("nan")


def clairvoyant(world: World, weight, error: float) -> float:
    """Votes after which whoever knows the truth, and finds two who confirm it at once, leaves this error.

    It asks about what is true alone, two members each or as many as its gradings make necessary, and begins
    where a vote wins most: no order of a queue needs fewer, however it is made.
    """
    needed = np.maximum(2, np.ceil((LEAST - evidence_logits(evidence(world))) / vote_logits(Record())[0]))
    gain = np.where(world.truth, weight / needed, 0.0)
    order = np.argsort(-gain)[: int(world.truth.sum())]
    share = np.cumsum(weight[order]) / weight[world.truth].sum()
    return float(np.cumsum(needed[order])[np.searchsorted(share, 1 - error)])


def grid(given: Coalition) -> None:
    """What is accepted over shares of falsehood, of careless vetters, and sizes of the ring."""
    print(
        "accepted true / recall of true, votes a claim; ! where the one is below 0.99 or the other below 0.9"
    )
    print("false  careless  " + "  ".join(f"{f'ring of {ring}':18s}" for ring in (0, 3, 6)))
    for false, careless in itertools.product((0.1, 0.2, 0.3, 0.4, 0.5), (0.1, 0.2, 0.3)):
        cells = []
        for ring in (0, 3, 6):
            world = make(replace(given, false=false, careless=careless, ring=ring))
            _, desk, found = run(world, ours=True, rush=given.rush)
            precision, recall = quality(world.truth, found.verdict == ACCEPTED)
            missed = " !" if precision < 0.99 or recall < 0.9 else ""
            cells.append(f"{precision:.3f} / {recall:.3f}, {desk.votes / given.claims:.1f}{missed}")
        print(f"{false:5.0%} {careless:9.0%}  " + "  ".join(cells), flush=True)


def sweep(given: Coalition) -> None:
    """Over many coalitions: what the desk accepts, and recall at 99 % true of the same five votes each."""
    print(
        "accepted true / recall, votes: ours | knowing voters || recall at 99 % true of the same five votes"
    )
    for change in COALITIONS:
        world = make(replace(given, **change))
        cells = []
        for knowing in (False, True):
            _, desk, found = run(world, ours=True, rush=given.rush, knowing=knowing)
            precision, recall = quality(world.truth, found.verdict == ACCEPTED)
            wrong = "!" if precision < 0.99 else ""
            cells.append(f"{precision:.1%}{wrong} / {recall:.1%}, {desk.votes / len(world.truth):.1f}")
        rows = side_by_side(world, 5, rush=given.rush)
        read = ", ".join(f"{name} {row[0]:.3f}" for name, row in rows.items())
        print(f"{change or 'as given'}\n    {' | '.join(cells)} || {read}", flush=True)


def queue_saves(world: World, curve, plain) -> None:
    """Votes that our order, and the best that there could be, need for those of first in, first out."""
    for error, column in itertools.product((0.7, 0.5, 0.3, 0.2), (1, 2)):
        ours, theirs = (votes_for([(row[0], row[column]) for row in one], error) for one in (curve, plain))
        kind, weight = (
            ("decision-relevant", world.weight) if column == 1 else ("plain", np.ones(len(world.truth)))
        )
        best = clairvoyant(world, weight, error)
        print(
            f"  {kind:18s} error {error:.1f}: {ours:9,.0f} votes against {theirs:9,.0f}: {ours / theirs:.2f}"
            f" (clairvoyant {best / theirs:.2f})"
        )


def at_once(world: World, page: int, *, ours: bool):
    """The curve where every member votes through a page of its own list while all others do."""
    count, size = len(world.truth), len(world.ring)
    desk = Desk(world=world, asked=np.zeros(count, np.int64), looked=np.zeros(count, np.int64))
    names = np.arange(count, dtype=np.uint64)
    slot = np.stack([place(names, 7, member, voices=Voices.alone(size)) for member in range(size)])
    base, seen = beliefs(evidence(world)), np.zeros((size, count), np.bool_)
    seen[world.claims.owner, world.statement] = True
    curve, found, open_ = [(0, 1.0)], None, np.ones(count, np.bool_)
    while (open_ & ~seen).any() and curve[-1][1] > 0.2:
        for member in range(size):
            rows = np.flatnonzero(open_ & ~seen[member])
            worth = value(base[rows], slot[member, rows], world.weight[rows]) if ours else -rows.astype(float)
            rows = rows[np.argsort(-worth, kind="stable")[:page]]
            seen[member, rows] = True
            desk.cast(rows, np.full(len(rows), member), world.answers[member, rows])
        desk.second_looks(desk.stand(), count)
        found = desk.stand()
        open_ = ~np.isin(found.verdict, (ACCEPTED, REJECTED))
        curve.append((desk.votes, loss(world, found)))
    return curve


def desks_at_once(world: World, page: int, plain) -> None:
    """Votes to the same error where all members vote at once, by our order and by first in, first out."""
    curves = [at_once(world, page, ours=ours) for ours in (True, False)]
    for error in (0.7, 0.5, 0.3, 0.2):
        ours, theirs = (votes_for(curve, error) for curve in curves)
        beside = votes_for([row[:2] for row in plain], error)
        print(
            f"  {page} at once, error {error:.1f}: {ours:9,.0f} votes against {theirs:9,.0f}: {ours / theirs:.2f}"
            f" (against one after another {ours / beside:.2f})"
        )


def main():
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in Coalition.__dataclass_fields__.items():
        kind = type(default.default)
        reader.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default.default)
    reader.add_argument("--grid", action="store_true", help="many coalitions, what is accepted alone")
    reader.add_argument("--sweep", action="store_true", help="coalitions with worse vetters, beside the best")
    reader.add_argument("--again", action="store_true", help="who disputes what three confirm looks again")
    reader.add_argument("--together", type=int, default=0, help="claims that each member votes on at once")
    asked = vars(reader.parse_args())
    many, page, again = asked.pop("grid"), asked.pop("together"), asked.pop("again")
    wide = asked.pop("sweep")
    given = Coalition(**asked)
    print(given)
    if many or wide:
        (grid if many else sweep)(given)
        return
    world = make(given)
    for votes, rush in itertools.product((2, 3, 5), (0, given.rush)):
        who = "by lottery" if not rush else "and the ring rushes"
        print(f"\n{votes} votes, {who:20s} recall at 99 % true  true at 90 % recall  errors at even odds")
        for name, row in side_by_side(world, votes, rush=rush).items():
            print(f"  {name:26s} {row[0]:18.3f} {row[1]:20.4f} {row[2]:20.4f}")
    if importlib.util.find_spec("crowdkit") is None:
        print("\nDAWID-SKENE AND GLAD ARE MISSING ABOVE: pip install crowd-kit, in an environment of its own")
    curve, desk, found = run(world, ours=True, rush=given.rush, again=again)
    precision, recall = quality(world.truth, found.verdict == ACCEPTED)
    print(
        f"\nour order: {desk.votes:,} votes ({desk.votes / given.claims:.2f} a claim):"
        f" accepted {precision:.4f} true, recall {recall:.4f}"
    )
    plain, other, found = run(world, ours=False, rush=given.rush)
    precision, recall = quality(world.truth, found.verdict == ACCEPTED)
    print(f"first in, first out: {other.votes:,} votes: accepted {precision:.4f} true, recall {recall:.4f}")
    queue_saves(world, curve, plain)
    if page:
        desks_at_once(world, page, plain)
    begin = time.process_time()
    desk.publish()
    desk.stand()
    print(f"reliability learnt and {desk.votes:,} votes judged in {time.process_time() - begin:.2f} CPU s")


if __name__ == "__main__":
    main()
