"""How statements stand for one viewer: belief and verdict, under the atlas's rules, ties and records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.collect.origins import origin_of
from chokepoint.desk.draw import drawn_at
from chokepoint.model.claim import Nature
from chokepoint.store import judged
from chokepoint.store.base import CALIBRATION, POLICY, grade_codes
from chokepoint.store.membership import members
from chokepoint.store.records import read_records
from chokepoint.store.still import still
from chokepoint.vet.belief import Record
from chokepoint.vet.policy import DEFAULT, NAMED, VERDICTS
from chokepoint.vet.setting import Answers, Setting, Traits
from chokepoint.vet.standing import judge
from chokepoint.vet.ties import measured, ties_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.model.identity import Entity
    from chokepoint.model.judgement import Verdict
    from chokepoint.model.member import Member
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.judged import Votes
    from chokepoint.store.reading import Reader
    from chokepoint.store.siblings import Sibling
    from chokepoint.vet.policy import Policy
    from chokepoint.vet.standing import Standings
    from chokepoint.vet.ties import Ties

AGAINST = judged.Contradiction(
    against=frozenset({"legitimate"}),
    of_subject=frozenset({"indicates", "attributed-to", "controlled-by"}),
    of_object=frozenset({"requests-payment-to", "contact"}),
)
Sentence = tuple["Entity", str, "Entity | str"]
WITHHELD = "(a member)"
"""Stands for the name of a contributor that a viewer who is still to vote must not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a statement is worth.

    Attributes:
        belief: probability that it is true.
        verdict: what the policy makes of the votes.
        simulated: whether simulated votes decided the verdict.
        confirmations: organisations other than the contributors that confirm.
        disputes: organisations that dispute.
        withheld: whether an organisation says that it must not be disclosed.
        blind: whether votes and contributor are kept from the viewer, who is still to vote.
        spoken: whether the viewer's organisation contributed to it or voted on it.
    """

    belief: float
    verdict: Verdict
    simulated: bool = False
    confirmations: int = 0
    disputes: int = 0
    withheld: bool = False
    blind: bool = False
    spoken: bool = False


class Columns(NamedTuple):
    """The columns of claims that vetting needs; see `chokepoint.vet.ballots.ClaimColumns`."""

    seq: NDArray[np.int64]
    origin: NDArray[np.int32]
    reliability: NDArray[np.int8]
    credibility: NDArray[np.int8]
    owner: NDArray[np.int32]


class _Numbers(dict["Hashable", int]):
    """Small numbers in the order of first asking."""

    def __missing__(self, key: Hashable) -> int:
        self[key] = len(self)
        return self[key]


def standings(
    reader: Reader,
    connection: Connection,
    claims: Sequence[StoredClaim],
    *,
    beside: Sequence[Sibling] = (),
    policy: Policy | None = None,
) -> dict[int, Standing]:
    """The standing of each claim's statement, by ledger position.

    Args:
        reader: of the viewer.
        connection: of the same reading as the claims.
        claims: claims of the statements asked about.
        beside: all other visible claims of the same statements; a missing one would weaken its statement.
        policy: when a statement is accepted; else as the atlas has chosen.
    """
    if not claims:
        return {}
    ordered = sorted(claims, key=lambda claim: claim.seq)
    statements, origins = _Numbers(), _Numbers()
    numbers = {name: number for number, name in reader.organisations(connection).items()}
    shown = [statements[one.claim.subject, one.claim.property, one.claim.object] for one in ordered]
    of_seq = dict(zip((one.seq for one in ordered), shown, strict=True))
    rows = sorted([*map(_row, ordered), *((one.seq, *one[2:]) for one in beside)])
    of_seq.update((one.seq, of_seq[one.twin]) for one in beside)
    columns = _columns(rows, origins, numbers)
    votes = judged.read_votes(reader, connection, of_seq)
    named = {number: str(origin) for origin, number in origins.items()}
    rules = setting_of(reader, connection, votes, origins=named, claims=of_seq)
    rules = replace(rules, traits=_traits(ordered, rows), policy=policy or rules.policy)
    statement = np.array([of_seq[row[0]] for row in rows], np.int64)
    found = judge(statement, columns, votes, count=len(statements), setting=rules)
    each = [_standing(found, row) for row in range(len(statements))]
    return {one.seq: each[number] for one, number in zip(ordered, shown, strict=True)}


def _standing(found: Standings, row: int) -> Standing:
    return Standing(
        belief=float(found.belief[row]),
        verdict=VERDICTS[int(found.verdict[row])],
        simulated=bool(found.simulated[row]),
        confirmations=int(found.confirmations[row]),
        disputes=int(found.disputes[row]),
        withheld=bool(found.withheld[row]),
        blind=bool(found.blind[row]),
        spoken=bool(found.spoken[row]),
    )


_Row = tuple[int, str, int, int, str]


def _row(one: StoredClaim) -> _Row:
    source = one.claim.provenance
    return (one.seq, source.origin, *grade_codes(source.grading), one.contributor)


def _columns(rows: Sequence[_Row], origins: _Numbers, numbers: Mapping[str, int]) -> Columns:
    return Columns(
        np.array([row[0] for row in rows], np.int64),
        np.array([origins[row[1]] for row in rows], np.int32),
        np.array([row[2] for row in rows], np.int8),
        np.array([row[3] for row in rows], np.int8),
        np.array([numbers[row[4]] for row in rows], np.int32),
    )


def _traits(claims: Sequence[StoredClaim], rows: Sequence[_Row]) -> Traits:
    """Traits of the claims at hand; those beside them count as assessments, which assert nothing."""
    at = {one.seq: one.claim for one in claims}
    names = sorted({claim.property for claim in at.values()})
    known = [at.get(row[0]) for row in rows]
    return Traits(
        assessment=np.array([not claim or claim.nature is Nature.ASSESSMENT for claim in known], np.bool_),
        property=np.array([names.index(claim.property) if claim else -1 for claim in known], np.int16),
        properties=tuple(names),
    )


def setting_of(
    reader: Reader,
    connection: Connection,
    votes: Votes,
    *,
    origins: Mapping[int, str],
    claims: Iterable[int] | None = None,
) -> Setting:
    """Under which rules, ties and records this viewer's statements are judged today.

    Args:
        reader: of the viewer.
        connection: of the same reading.
        votes: that will be judged, in their order.
        origins: names of the claims' origins by number.
        claims: positions of the claims that will be judged; None for all.
    """
    organisations = reader.organisations(connection)
    numbers = {name: number for number, name in organisations.items()}
    against = judged.contradicted(reader, connection, AGAINST, claims)
    spoken = sorted(against)
    published = calibration(reader, connection)
    ties = declared_ties(reader, connection, origins)
    return Setting(
        policy=chosen_policy(reader, connection)[1],
        calibration={numbers[name]: one for name, one in published.records.items() if name in numbers},
        ties=published.bind(ties, numbers),
        answers=Answers(
            crime=votes.crime,
            disclose=votes.disclose,
            until=votes.until,
            position=votes.position,
            despite=votes.despite,
        ),
        recalled=judged.recalled(reader, connection),
        contradicted=np.array(spoken, np.int64),
        contradicted_at=np.array([against[seq] for seq in spoken], np.int64),
        drawn=drawn_at(reader, connection),
        today=reader.today,
        viewer=numbers.get(reader.viewer.organisation, -1),
    )


def declared_ties(reader: Reader, connection: Connection, origins: Mapping[int, str]) -> Ties:
    """The ties that members' profiles declare, without those that were measured."""
    numbers = {name: number for number, name in reader.organisations(connection).items()}
    known = members(reader, connection)
    return ties_of({numbers[name]: _widened(member) for name, member in known.items()}, origins)


def ties_now(reader: Reader, connection: Connection, origins: Mapping[int, str]) -> Ties:
    """The ties that profiles declare, and those that were measured and published."""
    numbers = {name: number for number, name in reader.organisations(connection).items()}
    return calibration(reader, connection).bind(declared_ties(reader, connection, origins), numbers)


def _widened(member: Member) -> Member:
    """The member with its origins and feeds under the names that collectors give them too."""
    return replace(
        member,
        origins=member.origins | {origin_of(name) for name in member.origins},
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
    """The policy that the founder chose last, by name; the default where none was chosen.

    A name that this version does not know accepts nothing.
    """
    said = _newest_by_founder(reader, connection, POLICY)
    name = str(said["name"]) if said else "default"
    return name, NAMED.get(name, NAMED["frozen"]) if said else DEFAULT


class Published(NamedTuple):
    """What the founder published last of voters, by name.

    Attributes:
        records: of what they were right and wrong on.
        rings: organisations that count as one.
        close: (voter, contributor) pairs, one voice together on what the contributor says.
        apart: organisations that a human holds to be independent, and why.
    """

    records: Mapping[str, Record]
    rings: tuple[tuple[str, ...], ...] = ()
    close: tuple[tuple[str, ...], ...] = ()
    apart: Mapping[str, str] = MappingProxyType({})

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
    return Published(
        {str(name): Record(*map(float, counts)) for name, *counts in said["organisations"]},
        tuple(tuple(map(str, ring)) for ring in said["rings"]),
        tuple(tuple(map(str, pair)) for pair in said["close"]),
        {str(name): str(reason) for name, reason in said["apart"]},
    )


def of_claims(reader: Reader, connection: Connection, claims: Sequence[StoredClaim]) -> dict[int, Standing]:
    """The standing of the statements of these claims, with all their other visible claims considered."""
    mates = judged.mates(reader, connection, [one.seq for one in claims])
    found = standings(reader, connection, list(reader.claims(connection, mates)))
    return {one.seq: found[one.seq] for one in claims}


def sentence(stored: StoredClaim) -> Sentence:
    """What a claim states, whoever says it."""
    return stored.claim.subject, stored.claim.property, stored.claim.object


@still
def restrained(reader: Reader, connection: Connection) -> tuple[StoredClaim, ...]:
    """Claims of what an organisation says must not be disclosed, though the viewer be still to vote on it."""
    votes = judged.read_votes(reader, connection)
    denied = np.unique(votes.claim[votes.disclose < 0]).tolist()
    claims = list(reader.claims(connection, denied))
    standing = of_claims(reader, connection, claims)
    return tuple(one for one in claims if standing[one.seq].withheld)


def veiled(stored: StoredClaim, standing: Standing) -> StoredClaim:
    """The claim without its contributor, where the viewer is still to vote on it."""
    if not standing.blind:
        return stored
    claim = stored.claim
    if claim.provenance.origin == stored.contributor:
        claim = replace(claim, provenance=replace(claim.provenance, origin=WITHHELD))
    return stored._replace(contributor="", claim=claim)
