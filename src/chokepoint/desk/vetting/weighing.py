"""Which votes count towards a quorum and which do not, and why, told beside each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chokepoint.desk.vetting.rules import declared_ties
from chokepoint.desk.vetting.standing import bench
from chokepoint.model.judgement import Vote
from chokepoint.model.said import Said
from chokepoint.store import judged
from chokepoint.vet.voices import Weight, voices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.reading import Reader
    from chokepoint.vet.voices import Word

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
    plain = voices(case.statement, case.columns, case.votes, replace(case.rules, ties=declared))
    found: dict[int, dict[int, Word]] = defaultdict(dict)
    for pair, word in voices(case.statement, case.columns, case.votes, case.rules).items():
        ring = word.weight in BOUND and plain[pair].weight not in BOUND | {Weight.OWN}
        found[pair[0]][pair[1]] = word._replace(weight=Weight.RING) if ring else word
    return {seq: found[case.shown[seq]] for seq in wanted}
