"""Under which rules statements are judged: the chosen policy, ties between members, and measured records."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.collect.origins import origin_of
from chokepoint.desk.vetting.draw import drawn_at
from chokepoint.model.errors import ChokepointError
from chokepoint.store import judged
from chokepoint.store.base import CALIBRATION, POLICY
from chokepoint.store.columns import ALL, Span
from chokepoint.store.membership import members
from chokepoint.store.records import read_records
from chokepoint.store.still import still
from chokepoint.vet.belief import USUAL, Record
from chokepoint.vet.policy import DEFAULT, NAMED, AllOf, MinBelief
from chokepoint.vet.setting import Answers, Setting
from chokepoint.vet.ties import measured, ties_of
from chokepoint.vet.tree import policy_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.model.member import Member
    from chokepoint.store.judged import Votes
    from chokepoint.store.reading import Reader
    from chokepoint.vet.policy import Policy
    from chokepoint.vet.ties import Ties

MILLE = 1_000
"""Shares are put on record as whole thousandths."""
AGAINST = judged.Contradiction(
    against=frozenset({"legitimate"}),
    of_subject=frozenset({"indicates", "attributed-to", "controlled-by"}),
    of_object=frozenset({"requests-payment-to", "contact"}),
)


def answers_of(votes: Votes) -> Answers:
    """What votes say besides whether it is true, in their order."""
    return Answers(
        crime=votes.crime,
        disclose=votes.disclose,
        until=votes.until,
        position=votes.position,
        despite=votes.despite,
    )


def setting_of(
    reader: Reader,
    connection: Connection,
    votes: Votes,
    *,
    origins: Mapping[int, str],
    claims: Iterable[int] | None = None,
    against: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
) -> Setting:
    """Under which rules, ties and records this viewer's statements are judged today.

    Args:
        reader: of the viewer.
        connection: of the same reading.
        votes: that will be judged, in their order.
        origins: names of the claims' origins by number.
        claims: positions of the claims that will be judged; None for all.
        against: what the setting is to hold of contradicted claims, where that is known already.
    """
    organisations = reader.organisations(connection)
    numbers = {name: number for number, name in organisations.items()}
    if against is None:
        against = spoken_against(reader, connection, claims)
    published = calibration(reader, connection)
    ties = declared_ties(reader, connection, origins)
    return Setting(
        policy=policy_now(reader, connection)[1],
        calibration={numbers[name]: published.of(name) for name in numbers} if published.records else {},
        ties=published.bind(ties, numbers),
        answers=answers_of(votes),
        recalled=judged.recalled(reader, connection),
        contradicted=against[0],
        contradicted_at=against[1],
        drawn=drawn_at(reader, connection),
        today=reader.today,
        viewer=numbers.get(reader.viewer.organisation, -1),
    )


def spoken_against(
    reader: Reader, connection: Connection, claims: Iterable[int] | None = None, *, span: Span = ALL
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of claims that later evidence speaks against, ascending, and of the newest such evidence.

    Args:
        reader: of the viewer.
        connection: of the same reading.
        claims: positions asked about; None for all.
        span: the ledger positions of the evidence.
    """
    found = judged.contradicted(reader, connection, AGAINST, claims, span=span)
    spoken = sorted(found)
    return np.array(spoken, np.int64), np.array([found[seq] for seq in spoken], np.int64)


def declared_ties(reader: Reader, connection: Connection, origins: Mapping[int, str]) -> Ties:
    """The ties that members' profiles declare, without those that were measured."""
    numbers = {name: number for number, name in reader.organisations(connection).items()}
    known = {numbers[name]: _widened(member) for name, member in members(reader, connection).items()}
    return ties_of(known, {number: origin_of(name) for number, name in origins.items()})


def ties_now(reader: Reader, connection: Connection, origins: Mapping[int, str]) -> Ties:
    """The ties that profiles declare, and those that were measured and published."""
    numbers = {name: number for number, name in reader.organisations(connection).items()}
    return calibration(reader, connection).bind(declared_ties(reader, connection, origins), numbers)


def _widened(member: Member) -> Member:
    """The member with its origins and feeds under the names that collectors give them too.

    So every page of a site, and every part of its domain, is of whoever owns the site.
    """
    own = (*member.origins, member.name, *member.parents)
    return replace(
        member,
        origins=member.origins | {origin_of(name) for name in own},
        feeds=member.feeds | {origin_of(name) for name in member.feeds},
    )


def _newest_by_founder(reader: Reader, connection: Connection, kind: str) -> dict[str, Any] | None:
    organisations = reader.organisations(connection)
    said = None
    for record in read_records(reader, connection, kind):
        if record.organisation == organisations[min(organisations)]:
            said = record.said
    return said


@still
def chosen_policy(reader: Reader, connection: Connection) -> tuple[str, Policy]:
    """The policy that the founder chose last, with its name; the default where none was chosen.

    A rule that this version cannot read accepts nothing.
    """
    said = _newest_by_founder(reader, connection, POLICY)
    if said is None:
        return "default", DEFAULT
    try:
        return str(said["name"]), policy_of(said["rule"])
    except (ChokepointError, KeyError):
        return str(said.get("name")), NAMED["frozen"]


def policy_now(reader: Reader, connection: Connection) -> tuple[str, Policy]:
    """The chosen policy by name, with the belief that measurement asks for besides, where it asks for one."""
    name, policy = chosen_policy(reader, connection)
    least = calibration(reader, connection).bar
    return name, AllOf((policy, MinBelief(least))) if least else policy


class Published(NamedTuple):
    """What the founder published last of voters, by name.

    Attributes:
        records: of what they were right and wrong on.
        rings: organisations that count as one.
        close: (voter, contributor) pairs, one voice together on what the contributor says.
        apart: organisations that a human holds to be independent, and why.
        usual: how right members are on the whole, as in `vet.belief.USUAL`.
        bar: belief from which what two confirm is accepted; 0: as the policy says.
    """

    records: Mapping[str, Record]
    rings: tuple[tuple[str, ...], ...] = ()
    close: tuple[tuple[str, ...], ...] = ()
    apart: Mapping[str, str] = MappingProxyType({})
    usual: tuple[float, float] = USUAL
    bar: float = 0.0

    def of(self, name: str) -> Record:
        """A member's record; of whom nothing is known yet, what is usual."""
        return self.records.get(name, Record(usual=self.usual))

    def bind(self, ties: Ties, numbers: Mapping[str, int]) -> Ties:
        """The ties with those that were measured; names of no member are passed over."""
        rings = [[numbers[name] for name in ring if name in numbers] for ring in self.rings]
        close = [(numbers[a], numbers[b]) for a, b in self.close if a in numbers and b in numbers]
        return measured(ties, [ring for ring in rings if ring], close)


@still
def calibration(reader: Reader, connection: Connection) -> Published:
    """Measured reliability of organisations, from the newest record that the founder published."""
    said = _newest_by_founder(reader, connection, CALIBRATION)
    if said is None:
        return Published(MappingProxyType({}))
    true, false = (min(max(float(one), 1.0), MILLE - 1.0) / MILLE for one in said["usual"])  # never certain
    return Published(
        {
            str(name): Record._make([*map(float, counts), (true, false)])
            for name, *counts in said["organisations"]
        },
        tuple(tuple(map(str, ring)) for ring in said["rings"]),
        tuple(tuple(map(str, pair)) for pair in said["close"]),
        {str(name): str(reason) for name, reason in said["apart"]},
        (true, false),
        float(said["bar"]) / MILLE,
    )
