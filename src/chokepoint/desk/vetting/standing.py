"""How statements stand for one viewer: belief and verdict, under the atlas's rules, ties and records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.desk.vetting.rules import setting_of
from chokepoint.model.claim import Nature
from chokepoint.store import judged
from chokepoint.store.base import grade_codes
from chokepoint.store.spelt import origin_key
from chokepoint.store.still import still
from chokepoint.vet.policy import VERDICTS
from chokepoint.vet.setting import Setting, Traits
from chokepoint.vet.standing import judge

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.model.identity import Entity
    from chokepoint.model.judgement import Verdict
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.judged import Votes
    from chokepoint.store.reading import Reader
    from chokepoint.store.siblings import Sibling
    from chokepoint.vet.policy import Policy
    from chokepoint.vet.standing import Standings

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
    case = bench(reader, connection, claims, beside=beside)
    rules = replace(case.rules, policy=policy or case.rules.policy)
    found = judge(case.statement, case.columns, case.votes, count=case.size, setting=rules)
    each = [_standing(found, row) for row in range(case.size)]
    return {seq: each[number] for seq, number in case.shown.items()}


class Bench(NamedTuple):
    """What statements are judged by.

    Attributes:
        shown: the statement of each claim asked about, by its ledger position; size: how many there are.
        statement: int64, of each row of the columns.
        columns: of all claims; votes: on them.
        origins: names of theirs by number.
        rules: under which they are judged.
    """

    shown: Mapping[int, int]
    size: int
    statement: NDArray[np.int64]
    columns: Columns
    votes: Votes
    origins: Mapping[int, str]
    rules: Setting


def bench(
    reader: Reader,
    connection: Connection,
    claims: Sequence[StoredClaim],
    *,
    beside: Sequence[Sibling] = (),
) -> Bench:
    """All that bears on the statements of some claims; see `standings`."""
    ordered = sorted(claims, key=lambda claim: claim.seq)
    statements, origins = _Numbers(), _Numbers()
    numbers = {name: number for number, name in reader.organisations(connection).items()}
    shown = {one.seq: statements[one.claim.subject, one.claim.property, one.claim.object] for one in ordered}
    rows = _one_spelling(sorted([*map(_row, ordered), *((one.seq, *one[2:]) for one in beside)]))
    of_seq = shown | {one.seq: shown[one.twin] for one in beside}
    columns = _columns(rows, origins, numbers)
    votes = judged.read_votes(reader, connection, of_seq)
    named = {number: str(origin) for origin, number in origins.items()}
    rules = setting_of(reader, connection, votes, origins=named, claims=of_seq)
    return Bench(
        shown=shown,
        size=len(statements),
        statement=np.array([of_seq[row[0]] for row in rows], np.int64),
        columns=columns,
        votes=votes,
        origins=named,
        rules=replace(rules, traits=_traits(ordered, rows)),
    )


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


def _one_spelling(rows: Sequence[_Row]) -> list[_Row]:
    """The rows with each origin as it was first spelt: as on the map, one publisher counts once."""
    first: dict[str, str] = {}
    return [(row[0], first.setdefault(origin_key(row[1]), row[1]), *row[2:]) for row in rows]


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
    if origin_key(claim.provenance.origin) == origin_key(stored.contributor):
        claim = replace(claim, provenance=replace(claim.provenance, origin=WITHHELD))
    return stored._replace(contributor="", claim=claim)
