"""Which votes count towards a quorum and which do not, and why, told beside each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chokepoint.desk.rules import declared_ties
from chokepoint.desk.standing import Columns, bench
from chokepoint.model.judgement import Vote
from chokepoint.model.said import Said
from chokepoint.store import judged
from chokepoint.store.judged import Votes
from chokepoint.vet.setting import Answers
from chokepoint.vet.voices import Weight, weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.standing import Bench
    from chokepoint.store.reading import Reader
    from chokepoint.vet.ties import Ties

WHY = {
    Weight.COUNTS: Said("counts towards the quorum"),
    Weight.UNSURE: Said("says neither that it is true nor that it is wrong"),
    Weight.SIMULATED: Said("cast by a rule, for demonstration"),
    Weight.OWN: Said("nobody vets what they contributed themselves"),
    Weight.TIED: Said("tied to whoever contributed it, or owns its origin"),
    Weight.FEED: Said("relies on the feed from which all of it comes"),
    Weight.MUTE: Said("its confirmations tell nothing by its record"),
    Weight.ONE: Said("one voice with another member, whose word counts"),
    Weight.RING: Said("measured to be one voice with others; overseers see why"),
    Weight.LAPSED: Said("to be cast anew: its day has passed, or evidence came since"),
}
"""What a reader is told; it names no other organisation."""
ANOTHER = Said("another word of this member on the same counts instead")
BOUND = {Weight.TIED, Weight.ONE}


class Word(NamedTuple):
    """An organisation's word on a statement: what it weighs, and whether it disputes."""

    weight: Weight
    disputes: bool


def weighed(atlas: Atlas, found: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The votes on some claims, each with whether it `counts` and `why`.

    Args:
        atlas: opened by the viewer, who may see these votes.
        found: votes by the id of their claim, each organisation's in the order in which it cast them.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        numbers = {name: number for number, name in reader.organisations(connection).items()}
        seqs = {one.id: one.seq for one in reader.claims_by_id(connection, found)}
        by_claim = _weights(reader, connection, seqs.values())
    return {
        name: [
            _told(one, by_claim[seqs[name]].get(numbers[one["organisation"]]), votes[at + 1 :])
            for at, one in enumerate(votes)
        ]
        for name, votes in found.items()
    }


def _told(one: dict[str, Any], word: Word | None, later: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One vote with what it weighs, given the votes after it."""
    replaced = any(o["organisation"] == one["organisation"] and not o["simulated"] for o in later)
    if one["simulated"] or word is None:
        return one | {"counts": False, "why": WHY[Weight.SIMULATED]}
    if replaced or (one["vote"] == Vote.CONFIRM.value and word.disputes):
        return one | {"counts": False, "why": ANOTHER}
    return one | {"counts": word.weight is Weight.COUNTS, "why": WHY[word.weight]}


def _weights(reader: Reader, connection: Connection, seqs: Iterable[int]) -> dict[int, dict[int, Word]]:
    """What each organisation's word on the statement of each claim is, by the claim's position."""
    wanted = list(seqs)
    claims = list(reader.claims(connection, judged.mates(reader, connection, wanted)))
    case = bench(reader, connection, claims)
    declared = declared_ties(reader, connection, case.origins)
    each = {number: _of_one(case, number, declared) for number in {case.shown[seq] for seq in wanted}}
    return {seq: each[case.shown[seq]] for seq in wanted}


def _of_one(case: Bench, number: int, declared: Ties) -> dict[int, Word]:
    """The real words on one statement; where only measured ties are against one, that alone is said."""
    rows = case.statement == number
    columns = Columns(*(column[rows] for column in case.columns))
    mine = np.isin(case.votes.claim, columns.seq) & ~case.votes.simulated
    votes, answers = Votes._make(column[mine] for column in case.votes), case.rules.answers
    if answers is not None:
        answers = Answers(**{name: getattr(answers, name)[mine] for name in Answers.__slots__})
    rules = replace(case.rules, answers=answers)
    plain = weights(columns, votes, replace(rules, ties=declared))
    last = dict(
        zip(
            zip(votes.claim.tolist(), votes.organisation.tolist(), strict=True),
            votes.vote.tolist(),
            strict=True,
        )
    )
    against = {who for (_, who), vote in last.items() if vote < 0}
    return {
        who: Word(
            weight=Weight.RING if weight in BOUND and plain[who] not in BOUND | {Weight.OWN} else weight,
            disputes=who in against,
        )
        for who, weight in weights(columns, votes, rules).items()
    }
