"""A small map written as sentences, for tests of the pure stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from chokepoint.graph.columns import (
    UNKNOWN,
    LinkRows,
    Listing,
    NodeRows,
    PeriodRows,
    Rows,
    SameRows,
    VoteRows,
)
from chokepoint.graph.path import paths
from chokepoint.graph.snapshot import Snapshot, build
from chokepoint.link.known import Listed, categories, match_known
from chokepoint.link.period import periods, sightings
from chokepoint.model.vocabulary import vocabulary
from chokepoint.vet.standing import judge

KINDS = tuple(vocabulary().kinds)
PROPERTIES = tuple(vocabulary().properties)
JOINING = {name: one.joins for name, one in vocabulary().properties.items()}
LOOSE = {name for name, one in vocabulary().properties.items() if one.loose}
REASSIGNED = {name for name, one in vocabulary().kinds.items() if one.reassigned}


def days(iso: str) -> int:
    return (date.fromisoformat(iso) - date(1970, 1, 1)).days


@dataclass
class World:
    """Entities are written `kind:value`; numbers are given in the order of first use."""

    links: list[tuple] = field(default_factory=list)
    votes: list[tuple] = field(default_factory=list)
    sames: list[tuple] = field(default_factory=list)
    lists: list[Listed] = field(default_factory=list)
    eids: dict[str, int] = field(default_factory=dict)
    origins: dict[str, int] = field(default_factory=dict)
    criminal: set[int] = field(default_factory=set)
    abusers: set[int] = field(default_factory=set)

    def eid(self, name: str) -> int:
        return self.eids.setdefault(name, len(self.eids) + 1)

    def say(self, subject, name, thing, *, origin="one", grade="B2", day="", until="", owner=1) -> int:
        """One claim; `day` is a day of observation, `until` alone an open beginning."""
        seq = 10 * len(self.links) + 10
        start = days(day) if day else UNKNOWN
        end = days(until) + 1 if until else (days(day) + 1 if day else UNKNOWN)
        number = self.origins.setdefault(origin, len(self.origins))
        self.links.append(
            (
                seq, self.eid(subject), self.eid(thing), PROPERTIES.index(name), number,
                "ABCDEF".index(grade[0]), int(grade[1]), owner, start, end,
            )
        )  # fmt: skip
        return seq

    def vote(self, claim, organisation, word=1, *, simulated=False) -> None:
        self.votes.append((claim, organisation, word, simulated))

    def same(self, one, two, *, belief=0.95, word=1, organisation=1, reason="one name") -> None:
        self.sames.append((self.eid(one), self.eid(two), word, organisation, belief, reason))

    def rows(self) -> Rows:
        links = link_rows(self.links)
        nodes = node_rows(self.eids)
        flags = match_known(nodes, self.lists)
        kinds = {eid: name.partition(":")[0] for name, eid in self.eids.items()}
        evidence = sightings(
            links,
            reassigned={eid for eid, kind in kinds.items() if kind in REASSIGNED},
            organisations={eid for eid, kind in kinds.items() if kind == "organisation"},
            criminal=self.criminal,
        )
        return Rows(
            links=links,
            votes=vote_rows(self.votes),
            nodes=nodes,
            same=same_rows(self.sames),
            listing=Listing(flags=flags, categories=categories()),
            periods=PeriodRows.of(periods(evidence, abusers=self.abusers)),
        )

    def snapshot(self) -> Snapshot:
        return build(self.rows(), judge=judge, joining=JOINING, loose=LOOSE)

    def paths(self, start, goal, **limits):
        """Paths between two named nodes, with the snapshot they are of."""
        snapshot = self.snapshot()
        ends = [snapshot.index(np.array([self.eids[name]])).tolist() for name in (start, goal)]
        return paths(snapshot, ends[0], ends[1], **limits)

    def named(self, snapshot: Snapshot, nodes) -> list[str]:
        names = {eid: name for name, eid in self.eids.items()}
        return [names[int(snapshot.eid[node])] for node in nodes]


def link_rows(links) -> LinkRows:
    table = np.array(links, np.int64).reshape(-1, 10)
    return LinkRows(
        seq=table[:, 0], subject=table[:, 1], object=table[:, 2], property=table[:, 3].astype(np.int16),
        origin=table[:, 4].astype(np.int32), reliability=table[:, 5].astype(np.int8),
        credibility=table[:, 6].astype(np.int8), owner=table[:, 7].astype(np.int32),
        start=table[:, 8].astype(np.int32), end=table[:, 9].astype(np.int32),
        assessment=np.zeros(len(table), np.bool_), property_names=PROPERTIES,
    )  # fmt: skip


def node_rows(eids) -> NodeRows:
    ordered = sorted((eid, name) for name, eid in eids.items())
    parts = [name.partition(":") for _, name in ordered]
    return NodeRows(
        eid=np.array([eid for eid, _ in ordered], np.int64),
        kind=np.array([KINDS.index(kind) for kind, _, _ in parts], np.int16),
        value=[value for _, _, value in parts],
        kind_names=KINDS,
    )


def vote_rows(votes) -> VoteRows:
    return VoteRows(
        claim=np.array([v[0] for v in votes], np.int64),
        organisation=np.array([v[1] for v in votes], np.int32),
        vote=np.array([v[2] for v in votes], np.int8),
        simulated=np.array([v[3] for v in votes], np.bool_),
    )


def same_rows(sames) -> SameRows:
    return SameRows(
        left=np.array([s[0] for s in sames], np.int64),
        right=np.array([s[1] for s in sames], np.int64),
        sameness=np.array([s[2] for s in sames], np.int8),
        organisation=np.array([s[3] for s in sames], np.int32),
        belief=np.array([s[4] for s in sames], np.float32),
        reason=[s[5] for s in sames],
    )
