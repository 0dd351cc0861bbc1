"""`review calibration`: how often members' votes and sources' gradings turned out right, from open claims."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chokepoint.desk.member import one
from chokepoint.desk.reason import readable
from chokepoint.desk.sight import StepReader
from chokepoint.desk.undisturbed import undisturbed
from chokepoint.desk.vetting.rules import MILLE, declared_ties, setting_of
from chokepoint.desk.vetting.rules import calibration as published
from chokepoint.desk.watch.access import may_watch
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Verdict
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.store.base import CALIBRATION, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.interning import Space
from chokepoint.store.judged import read_votes, recalled
from chokepoint.vet.ballots import newest, words
from chokepoint.vet.belief import Ballots, Evidence, Record, beliefs, evidence_logits, telling
from chokepoint.vet.calibration import KNOWN, learn, report, wilson
from chokepoint.vet.policy import VERDICTS
from chokepoint.vet.standing import judge

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.undisturbed import Then
    from chokepoint.desk.vetting.rules import Published
    from chokepoint.store.base import LinkColumns
    from chokepoint.store.judged import Votes
    from chokepoint.vet.calibration import Report, Share
    from chokepoint.vet.rings import Ring
    from chokepoint.vet.setting import Setting
    from chokepoint.vet.standing import Standings
    from chokepoint.vet.ties import Ties

GREEN = Marking(tlp=Tlp.GREEN)
COINS = ("true_confirmed", "false_disputed")
THREE = 3
"""Votes from which they alone can tell the truth against which gradings are held."""


class Ringed(NamedTuple):
    """Members that count as one voice, and why in words. No accusation: a human may hold them apart."""

    members: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What is known by now of voters and gradings.

    Attributes:
        members: records by name.
        rings: organisations that count as one voice, and why; overseers and the founder alone see them.
        close: (voter, contributor) pairs, one voice together on what the contributor says; the same.
        apart: organisations that a human holds to be independent, and why; the same.
        gradings: how well beliefs from gradings alone met what the voters found.
        errors: share of once accepted statements that were rejected or withdrawn since.
        usual: chances of members on the whole to confirm what is true and to dispute what is false.
        bar: belief from which what two confirm is accepted, that one in a hundred at most be false; 0 where
            the policy alone suffices, or too little was voted on to tell.
        watched: whether the viewer may see who counts as one.
    """

    members: Mapping[str, Record]
    rings: tuple[Ringed, ...]
    close: tuple[tuple[str, str], ...]
    apart: Mapping[str, str]
    gradings: Report
    errors: Share
    usual: tuple[float, float]
    bar: float
    watched: bool = False

    def to_json(self) -> dict[str, Any]:
        """As `review calibration --json` gives it."""
        return {
            "brier": round(self.gradings.brier, 4),
            "brier_interval": [round(self.gradings.low, 4), round(self.gradings.high, 4)],
            "known": self.gradings.count,
            "reliability": [
                {"count": one.size, "predicted": round(one.mean, 4), "true": one.true}
                for one in self.gradings.bins
            ],
            "error_rate": round(self.errors.mean, 4),
            "error_interval": [round(self.errors.low, 4), round(self.errors.high, 4)],
            "accepted": self.errors.size,
            "usual": {name: round(one, 3) for name, one in zip(COINS, self.usual, strict=True)},
            "bar": self.bar,
            "members": {name: share_json(record) for name, record in self.members.items()},
            **(self._oversight() if self.watched else {}),
        }

    def _oversight(self) -> dict[str, Any]:
        return {
            "rings": [{"members": list(one.members), "reason": one.reason} for one in self.rings],
            "close": [list(pair) for pair in self.close],
            "apart": dict(self.apart),
        }


def shares(record: Record) -> tuple[Share, Share]:
    """What a member found of what is true, and caught of what is false, with intervals."""
    found = wilson(round(record.found), round(record.found + record.denied))
    return found, wilson(round(record.caught), round(record.caught + record.passed))


def share_json(record: Record) -> dict[str, Any]:
    """A member's record in figures, and whether its confirmations count towards a quorum."""
    found, caught = shares(record)
    return {"counts": telling(record)} | {
        name: {
            "share": round(one.mean, 4),
            "of": one.size,
            "interval": [round(one.low, 4), round(one.high, 4)],
        }
        for name, one in zip(COINS, (found, caught), strict=True)
    }


class _Map(NamedTuple):
    """Open claims that were voted on or withdrawn, all else that states the same, and how that stands."""

    links: LinkColumns
    votes: Votes
    names: Mapping[int, str]
    rules: Setting
    ties: Ties
    apart: Mapping[str, str]
    statement: NDArray[np.int64]
    first: NDArray[np.int64]
    standing: Standings


def _read(atlas: Atlas) -> _Map:
    reader = StepReader(atlas.engine, Viewer(organisation=atlas.viewer.organisation), Tlp.GREEN)
    with reader.connect() as connection:
        votes = read_votes(reader, connection)
        touched = np.union1d(votes.claim, recalled(reader, connection))
        links = reader.links_like(connection, touched)
        origins = reader.names(connection, Space.ORIGIN)
        rules = setting_of(reader, connection, votes, origins=origins, claims=links.seq.tolist())
        ties = declared_ties(reader, connection, origins)
        apart = published(reader, connection).apart
        names = reader.organisations(connection)
    sentence = np.stack([links.subject, links.property.astype(np.int64), links.object])
    _, first, statement = np.unique(sentence, axis=1, return_index=True, return_inverse=True)
    statement = statement.ravel().astype(np.int64)
    standing = judge(statement, links, votes, count=len(first), setting=rules)
    return _Map(links, votes, names, rules, ties, apart, statement, first, standing)


def _ballots(seen: _Map) -> Ballots:
    """Real votes that count, without those whose outcome the viewer must not know yet."""
    hidden = np.isin(seen.links.seq, seen.rules.recalled) | seen.standing.blind[seen.statement]
    live = np.where(hidden, -1, seen.statement)
    cast = newest(live, seen.links.seq, seen.votes, seen.votes.vote)
    said = words(cast.where(~cast.simulated), seen.links, live, seen.ties)
    return Ballots(
        statement=said.statement[said.counted],
        organisation=said.organisation[said.counted],
        vote=said.vote[said.counted],
    )


def _errors(verdict: NDArray[np.int8], ballots: Ballots) -> Share:
    """Of statements that were or are accepted, those rejected or withdrawn since."""
    confirmed = np.bincount(ballots.statement[ballots.vote > 0], minlength=len(verdict)) >= 2
    gone = verdict == VERDICTS.index(Verdict.RECALLED)
    gone |= (verdict == VERDICTS.index(Verdict.REJECTED)) & confirmed
    stands = verdict == VERDICTS.index(Verdict.ACCEPTED)
    return wilson(int(gone.sum()), int((gone | stands).sum()))


def calibrate(atlas: Atlas, *, apart: Mapping[str, str] | None = None) -> Calibration:
    """Measure voters and gradings on what every member may see.

    Votes on statements that are open and on which the viewer is still to vote are left out: their outcome
    would show through.

    Args:
        atlas: of the viewer.
        apart: organisations held to be independent, and why; else as published last.
    """
    seen = _read(atlas)
    held = seen.apart if apart is None else apart
    ballots = _ballots(seen)
    links, count = seen.links, len(seen.first)
    evidence = Evidence(
        statement=seen.statement,
        origin=links.origin,
        reliability=links.reliability,
        credibility=links.credibility,
        count=count,
    )
    base = evidence_logits(evidence)
    free = frozenset(number for number, name in seen.names.items() if name in held)
    learnt = learn(base, ballots, links.owner[seen.first], apart=free)
    by_votes = learnt.logit - base
    heard = np.bincount(ballots.statement[ballots.vote != 0], minlength=count) >= THREE
    known = heard & (np.abs(by_votes) >= KNOWN)
    return Calibration(
        members={seen.names[number]: record for number, record in sorted(learnt.records.items())},
        rings=tuple(_ringed(ring, seen.names) for ring in learnt.rings),
        close=tuple(sorted((seen.names[one], seen.names[other]) for one, other in learnt.close)),
        apart=held,
        gradings=report(beliefs(evidence)[known], by_votes[known] > 0),
        errors=_errors(seen.standing.verdict, ballots),
        usual=learnt.usual,
        bar=ceil(learnt.bar * MILLE) / MILLE,
        watched=may_watch(atlas) or _founded(atlas),
    )


def _ringed(ring: Ring, names: Mapping[int, str]) -> Ringed:
    """A ring in words, without a word of guilt."""
    parts = []
    if ring.within:
        parts.append(
            f"of {ring.within} false claims of each other they confirmed {ring.passed},"
            f" of {ring.beyond} of others {ring.outside}"
        )
    if ring.together:
        parts.append(f"erred alike {ring.together} times")
    return Ringed(tuple(sorted(names[one] for one in ring.members)), "; ".join(parts))


def _founded(atlas: Atlas) -> bool:
    reader = atlas.reader
    with reader.connect() as connection:
        organisations = reader.organisations(connection)
    return atlas.viewer.organisation == organisations[min(organisations)]


def _with_founder(atlas: Atlas, before: Published) -> frozenset[str]:
    """The founder and those who were published or would be measured as one with it."""
    mine = atlas.viewer.organisation
    measured = calibrate(atlas, apart=before.apart)
    rings = [*before.rings, *(ring.members for ring in measured.rings)]
    return frozenset({mine}.union(*(ring for ring in rings if mine in ring)))


def publish(
    atlas: Atlas, *, apart: Mapping[str, str] | None = None, rejoin: Collection[str] = ()
) -> Calibration:
    """Measure, and put the records where every member's beliefs take them from.

    Args:
        atlas: of the founder.
        apart: organisations that the founder holds to be independent from now on, and why.
        rejoin: organisations of which only measurement tells from now on.

    Raises:
        RefusedError: by another member than the founder, without a reason, or the founder's own ring.
        NotFoundError: a name of no member.
    """
    if not _founded(atlas):
        raise RefusedError("only the founder of the atlas publishes calibration", mend="ask its first member")
    named = apart or {}
    if not all(reason.strip() for reason in named.values()):
        raise RefusedError("holding members apart needs a reason", mend="say what was looked into: --reason")
    readable(*named.values())
    for name in (*named, *rejoin):
        one(atlas, name)
    return undisturbed(atlas, CALIBRATION, partial(_published, atlas, named, rejoin))


def _published(atlas: Atlas, named: Mapping[str, str], rejoin: Collection[str], then: Then) -> Calibration:
    reader = atlas.reader
    with reader.connect() as connection:
        before = published(reader, connection)
    if freed := sorted(named.keys() & _with_founder(atlas, before)) if named else []:
        raise RefusedError(
            "nobody holds themselves apart from their own ring",
            place=", ".join(freed),
            mend="let members outside vote on the same claims; only what is measured then frees it",
        )
    held = {**before.apart, **named}
    measured = calibrate(atlas, apart={name: why for name, why in held.items() if name not in rejoin})
    said = {
        "apart": [list(pair) for pair in sorted(measured.apart.items())],
        "close": [list(pair) for pair in measured.close],
        "rings": [list(ring.members) for ring in measured.rings],
        "organisations": [[name, *map(round, record[:4])] for name, record in measured.members.items()],
        "usual": [round(one * MILLE) for one in measured.usual],
        "bar": round(measured.bar * MILLE),
    }
    atlas.ledger.append(atlas.speaker(), [RecordRow(CALIBRATION, canonical(said), GREEN)], then)
    return measured
