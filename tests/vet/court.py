"""A small coalition judged by hand: loops over people and claims, slow and plain, the oracle of the arrays.

Nothing here computes with the code under test, save the two tables of log-odds that DESIGN leaves to judgement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from math import exp, log
from types import SimpleNamespace

import numpy as np
from hypothesis import strategies as st

from chokepoint.model.member import Member, Sector
from chokepoint.vet.belief import CREDIBILITY_LOGIT, RELIABILITY_LOGIT
from chokepoint.vet.setting import Setting
from chokepoint.vet.standing import judge
from chokepoint.vet.ties import ties_of

WEIGHT = log(4.0)
"""Log-odds of a vote by somebody of whom nothing is known: right four times of five."""
ORIGINS = {0: "gazette", 1: "bulletin", 2: "herald"}
ORGANISATIONS = range(1, 7)
HOUSES = ("house north", "house south")
WIRES = ("wire", "gazette")


@dataclass(frozen=True)
class Coalition:
    """Who belongs to whom: parents, owned publishers and upstream feeds by organisation number."""

    parents: dict[int, frozenset[str]] = field(default_factory=dict)
    owns: dict[int, frozenset[str]] = field(default_factory=dict)
    feeds: dict[int, frozenset[str]] = field(default_factory=dict)

    def members(self) -> dict[int, Member]:
        return {
            number: Member(
                name=f"member {number}",
                sector=tuple(Sector)[number % 3],
                parents=self.parents.get(number, frozenset()),
                origins=self.owns.get(number, frozenset()),
                feeds=self.feeds.get(number, frozenset()),
            )
            for number in ORGANISATIONS
        }

    def family(self, one: int) -> frozenset[int]:
        """All who share a parent with it, with those who share one with them, and so on."""
        known = {one}
        while True:
            houses = {house for number in known for house in self.parents.get(number, ())}
            more = {n for n in ORGANISATIONS if houses & self.parents.get(n, frozenset())} | known
            if more == known:
                return frozenset(known)
            known = more

    def published(self, one: int) -> frozenset[str]:
        """The names of what its family owns and of whom it belongs to."""
        names = (of.get(number, ()) for number in self.family(one) for of in (self.owns, self.parents))
        return frozenset(name for group in names for name in group)

    def relies(self, one: int) -> frozenset[str]:
        """What its family relies on, and what those rely on and own who own such a thing, and so on."""
        own = self.family(one)
        known = {name for number in own for name in self.feeds.get(number, ())}
        while True:
            through = {n for n in ORGANISATIONS if n not in own and known & self.published(n)}
            more = known.union(*(self.feeds.get(x, ()) for n in through for x in self.family(n)))
            more = more.union(*(self.published(n) for n in through))
            if more == known:
                return frozenset(known - self.published(one))
            known = more

    def draws(self, one: int, other: int) -> bool:
        """Whether two rely on one thing, or one of them on the other."""
        mine, theirs = self.relies(one), self.relies(other)
        return bool(mine & theirs or mine & self.published(other) or theirs & self.published(one))

    def tied(self, one: int, other: int) -> bool:
        return other in self.family(one) or self.draws(one, other)

    def barred(self, voter: int, claims: list[tuple]) -> bool:
        """Whether a voter may not vet what these claims (statement, origin, grade, owner) say."""
        own = self.family(voter)
        feeds = self.relies(voter)
        for _, origin, _, owner in claims:
            if owner in own or any(ORIGINS[origin] in self.owns.get(one, ()) for one in own):
                return True
        return bool(claims) and all(
            ORIGINS[origin] in feeds or self.draws(voter, owner) for _, origin, _, owner in claims
        )


def most_independent(voters: list[int], coalition: Coalition) -> int:
    """The size of the largest set of voters of whom no two are tied, by trying all sets."""
    for size in range(len(voters), 0, -1):
        for chosen in combinations(voters, size):
            if not any(coalition.tied(a, b) for a, b in combinations(chosen, 2)):
                return size
    return 0


def words_of(claims: list[tuple], votes: list[tuple], statement: int) -> dict[int, int]:
    """Each organisation's word on a statement: its newest vote on each claim, a dispute before all else."""
    newest = {(claim, who): word for claim, who, word in votes if claims[claim][0] == statement}
    said: dict[int, list[int]] = {}
    for (_, who), word in newest.items():
        said.setdefault(who, []).append(word)
    return {who: -1 if -1 in given else max(given) for who, given in said.items()}


def by_hand(
    claims: list[tuple], votes: list[tuple], statement: int, coalition: Coalition
) -> tuple[float, int, int]:
    """Belief, confirmations and disputes of one statement.

    Claims are (statement, origin, grade, owner); votes are (claim's row, organisation, word).
    """
    mine = [claim for claim in claims if claim[0] == statement]
    said = words_of(claims, votes, statement)
    yes = [who for who, word in said.items() if word > 0 and not coalition.barred(who, mine)]
    no = [who for who, word in said.items() if word < 0]
    confirmed, disputed = most_independent(yes, coalition), most_independent(no, coalition)
    origins = {origin for _, origin, _, _ in mine}
    total = WEIGHT * (confirmed - disputed)
    for wanted in origins:
        total += max(_logit(grade, len(origins)) for _, origin, grade, _ in mine if origin == wanted)
    total = max(-log(999), min(log(999), total))
    return 1 / (1 + exp(-total)), confirmed, disputed


def _logit(grade: str, origins: int) -> float:
    credibility = "2" if grade[1] == "1" and origins < 2 else grade[1]
    return RELIABILITY_LOGIT[grade[0]] + CREDIBILITY_LOGIT[credibility]


def columns_of(claims: list[tuple]) -> SimpleNamespace:
    """The claims as the code under test takes them, at positions from 1."""
    return SimpleNamespace(
        seq=np.arange(1, len(claims) + 1, dtype=np.int64),
        origin=np.array([row[1] for row in claims], np.int32),
        reliability=np.array(["ABCDEF".index(row[2][0]) for row in claims], np.int8),
        credibility=np.array([int(row[2][1]) for row in claims], np.int8),
        owner=np.array([row[3] for row in claims], np.int32),
    )


def votes_of(votes: list[tuple]) -> SimpleNamespace:
    """The votes likewise; a fourth entry says whether one is simulated."""
    return SimpleNamespace(
        claim=np.array([row[0] + 1 for row in votes], np.int64),
        organisation=np.array([row[1] for row in votes], np.int32),
        vote=np.array([row[2] for row in votes], np.int8),
        simulated=np.array([len(row) > 3 and row[3] for row in votes], np.bool_),
    )


def stand(claims: list[tuple], votes: list[tuple], coalition: Coalition | None = None, **setting):
    """The standings that the code under test gives for the same rows."""
    ties = ties_of((coalition or Coalition()).members(), ORIGINS)
    statement = np.array([row[0] for row in claims], np.int64)
    count = int(statement.max(initial=-1)) + 1
    rules = Setting(**{"ties": ties} | setting)
    return judge(statement, columns_of(claims), votes_of(votes), count=count, setting=rules)


grades = st.sampled_from(("A1", "A2", "B2", "B3", "C3", "E5", "F6"))
claim_rows = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(sorted(ORIGINS)), grades, st.sampled_from(ORGANISATIONS)),
    min_size=1,
    max_size=6,
)


def _sets(names: tuple[str, ...]):
    return st.dictionaries(
        st.sampled_from(ORGANISATIONS), st.frozensets(st.sampled_from(names), max_size=2), max_size=4
    )


coalitions = st.builds(
    Coalition, parents=_sets(HOUSES), owns=_sets(tuple(ORIGINS.values())), feeds=_sets(WIRES)
)


@st.composite
def cases(draw):
    """Claims, votes on them, and who belongs to whom."""
    claims = draw(claim_rows)
    row = st.tuples(
        st.integers(0, len(claims) - 1), st.sampled_from(ORGANISATIONS), st.sampled_from((-1, 0, 1))
    )
    return claims, draw(st.lists(row, max_size=12)), draw(coalitions)
