"""What a viewer could once see as accepted and sees as open now: their programs must be told that it is over.

The reason may be one that the viewer must not know yet, such as a dispute before their own vote. So nothing
is told but that it is over, and since when.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.desk.vetting.draw import DRAW
from chokepoint.desk.vetting.rules import AGAINST, answers_of
from chokepoint.desk.vetting.standing import bench, sentence
from chokepoint.model.judgement import Verdict
from chokepoint.store import judged
from chokepoint.store.base import CALIBRATION, POLICY
from chokepoint.store.judged import Votes
from chokepoint.store.membership import MEMBER
from chokepoint.store.records import read_records
from chokepoint.vet.policy import VERDICTS
from chokepoint.vet.standing import judge
from chokepoint.vet.tree import FEWEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.desk.vetting.standing import Bench, Sentence
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

ACCEPTED = VERDICTS.index(Verdict.ACCEPTED)
MOST_TIMES = 500
"""Changes of the rules that are looked at, the newest since anything could be accepted; each by itself."""


class _Time(NamedTuple):
    """Positions of the first and of the last record between two changes of the rules."""

    first: int
    last: int


def fallen(reader: Reader, connection: Connection, stored: Sequence[StoredClaim]) -> dict[int, int]:
    """Of open claims those that the viewer could see as accepted: claim → what ended it, by position.

    That is a vote, or a record by which others count. A vote that has lapsed since counts as it did when it
    was cast.

    Args:
        reader: of the viewer.
        connection: of the same reading.
        stored: all claims of statements that are open to the viewer now.
    """
    ended: dict[int, int] = {}
    since = _confirmed(reader, connection, stored)
    several = [one for one in stored if sentence(one) in since]
    times = _times(reader, connection, several, since) if several else {}
    for time in sorted(times):
        known = [one for one in several if sentence(one) in times[time] and one.seq <= time.last]
        case = bench(reader.as_of(time.last, 0), connection, known)
        ended |= dict(_accepted(case, time))
    return ended


def _confirmed(reader: Reader, connection: Connection, stored: Sequence[StoredClaim]) -> dict[Sentence, int]:
    """Since when as many members as any policy asks for have confirmed a statement, by position of the vote.

    Before that it was never accepted, however the rules changed.
    """
    votes = judged.read_votes(reader, connection, [one.seq for one in stored])
    by_seq = {one.seq: sentence(one) for one in stored}
    said: dict[Sentence, set[int]] = defaultdict(set)
    since: dict[Sentence, int] = {}
    yes = votes.vote > 0
    for seq, who, at in zip(
        votes.claim[yes].tolist(), votes.organisation[yes].tolist(), votes.position[yes].tolist(), strict=True
    ):
        said[by_seq[seq]].add(who)
        if len(said[by_seq[seq]]) >= FEWEST:
            since.setdefault(by_seq[seq], at)
    return since


def _times(
    reader: Reader, connection: Connection, stored: Sequence[StoredClaim], since: dict[Sentence, int]
) -> dict[_Time, set[Sentence]]:
    """Between the records by which others count, each time with the statements of which they are.

    Rules, ties and draws bear on every statement; what other sources said later on its own alone.
    """
    rules = {record.seq for record in read_records(reader, connection, POLICY, CALIBRATION, MEMBER, DRAW)}
    own: dict[Sentence, set[int]] = defaultdict(set)
    for one in stored:
        own[sentence(one)].add(one.seq)
    by_seq = {one.seq: sentence(one) for one in stored}
    for seq, at in judged.contradicted(reader, connection, AGAINST, by_seq).items():
        own[by_seq[seq]].add(at)
    newer = sorted(at for at in rules if at > min(since.values()))
    before_all = newer[-MOST_TIMES - 1] if len(newer) > MOST_TIMES else 0
    end = reader.position(connection) + 1
    found: dict[_Time, set[Sentence]] = defaultdict(set)
    for said, begin in since.items():
        edges = sorted({0, *newer, *own[said], end})
        for before, after in pairwise(edges):
            if after > begin and before >= before_all:
                found[_Time(before, after - 1)].add(said)
    return found


def _accepted(case: Bench, time: _Time) -> Iterator[tuple[int, int]]:
    """Claims that were accepted after any vote of that time or at its beginning, with what came next."""
    statement = np.array([case.shown[seq] for seq in case.votes.claim.tolist()], np.int64)
    place = _places(statement)
    for many in range(int(place.max(initial=-1)) + 2):
        following = np.full(case.size, time.last + 1, np.int64)
        following[statement[place == many]] = case.votes.position[place == many]
        verdict = _verdicts(case, place < many)
        for seq, number in case.shown.items():
            if verdict[number] == ACCEPTED and following[number] > time.first:
                yield seq, int(following[number])


def _places(statement: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each vote how many came before it on the same statement."""
    before: Counter[int] = Counter()
    places = []
    for number in statement.tolist():
        places.append(before[number])
        before[number] += 1
    return np.array(places, np.int64)


def _verdicts(case: Bench, kept: NDArray[np.bool_]) -> NDArray[np.int8]:
    """How statements stood for the viewer when only these votes had been cast."""
    votes = Votes(**{name: column[kept] for name, column in case.votes._asdict().items()})
    rules = replace(case.rules, answers=answers_of(votes))
    return judge(case.statement, case.columns, votes, count=case.size, setting=rules).verdict
