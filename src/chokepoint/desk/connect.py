"""`connect`: propose which names are one, and which identifiers have lived twice.

Every proposal is a record of the viewer's organisation that another record can undo; nothing is merged.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.desk.analyse.rows import PERIOD, link_rows, node_rows, read_names
from chokepoint.desk.sight import steps
from chokepoint.link.names import FAMILIES, Alias, Name, is_proposed, propose
from chokepoint.link.period import UNKNOWN, periods, sightings
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store.base import IDENTITY, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.columns import LinkRows, NodeRows
    from chokepoint.link.names import Proposal
    from chokepoint.link.period import Period
    from chokepoint.model.marking import Marking
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

WORDS = {1: "same", 0: "unsure", -1: "different"}
LAPSED = ("squirrel", "sitting duck", "drop catch", "lapsed", "expired domain")
BATCH = 5_000
SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectReport:
    """What was proposed.

    Attributes:
        same: pairs newly proposed as one.
        unsure: pairs newly found ambiguous; they join nothing.
        split: identifiers newly found to have lived twice.
        known: proposals that this organisation had made before.
        examples: a few of the new ones in words.
    """

    same: int
    unsure: int
    split: int
    known: int
    examples: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "same": self.same,
            "unsure": self.unsure,
            "split": self.split,
            "known": self.known,
            "examples": list(self.examples),
        }


def connect(atlas: Atlas) -> ConnectReport:
    """Propose identities among named things and periods of identifiers, from what the viewer may see.

    Where a person of the organisation has judged a pair, that stands: nothing is proposed of it.
    What follows from open claims alone is as open as they are; what needs closed ones stays within the
    organisation, or with the user who alone may see them, and under all their conditions.
    """
    said, decided = _said(atlas)
    before, made = frozenset(said), list[tuple[str, RecordRow]]()
    known: set[bytes] = set()
    looked: frozenset[tuple[int, Marking]] = frozenset()
    for step in steps(atlas.viewer, atlas.engine):
        with step.reader.connect() as connection:
            conditions = step.reader.conditions(connection)
            if conditions == looked:
                continue
            looked = conditions
            proposed = _proposed(step.reader, connection, _under(step.marking, conditions))
        proposed = {key: row for key, row in proposed.items() if key not in decided}
        known |= {row.payload for row in proposed.values()} & before
        fresh = {key: row for key, row in proposed.items() if row.payload not in said}
        said |= {row.payload for row in fresh.values()}
        made += fresh.items()
    for start in range(0, len(made), BATCH):
        atlas.ledger.append(atlas.speaker(), [row for _, row in made[start : start + BATCH]])
    rows = dict(made)  # of one pair the word that rests on most is counted and told
    same = sum(b'"sameness":"same"' in row.payload for row in rows.values())
    split = sum(row.kind == PERIOD for row in rows.values())
    return ConnectReport(
        same=same, unsure=len(rows) - split - same, split=split, known=len(known), examples=_examples(rows)
    )


def _under(marking: Marking, conditions: Iterable[tuple[int, Marking]]) -> Marking:
    """A step's marking with all permissions and handling codes of what it looks at."""
    for _, one in conditions:
        marking = replace(marking, pap=max(marking.pap, one.pap), handling=marking.handling | one.handling)
    return marking


def _examples(rows: dict[str, RecordRow]) -> tuple[str, ...]:
    identities = [key for key, row in rows.items() if row.kind == IDENTITY]
    return (*identities[:SHOWN], *[key for key, row in rows.items() if row.kind == PERIOD][:SHOWN])


def _proposed(reader: Reader, connection: Connection, marking: Marking) -> dict[str, RecordRow]:
    """All proposals from what one reader gives, in words and as records with this marking."""
    names = read_names(reader, connection)
    links = link_rows(reader.links(connection), names)
    nodes = node_rows(reader, connection, names, np.unique(np.concatenate([links.subject, links.object])))
    proposals = _identities(reader, connection, nodes)
    lives = _periods(links, nodes)
    entities = reader.entities(
        connection, {p.left for p in proposals} | {p.right for p in proposals} | {life.eid for life in lives}
    )
    claims = {c.seq: c for c in reader.claims(connection, [seq for life in lives for seq in life.claims])}
    rows = {}
    for proposal in proposals:
        left, right = sorted((entities[proposal.left], entities[proposal.right]))
        rows[_pair(left, right)] = _identity_row((left, right), proposal, marking)
    return rows | _period_rows(entities, lives, claims, marking)


def _identities(reader: Reader, connection: Connection, nodes: NodeRows) -> list[Proposal]:
    """Proposals by name among the named kinds."""
    wanted = {number for number, kind in enumerate(nodes.kind_names) if kind in FAMILIES}
    at = np.flatnonzero(np.isin(nodes.kind, sorted(wanted)))
    named = [
        Name(int(nodes.eid[row]), nodes.kind_names[nodes.kind[row]], nodes.value[row]) for row in at.tolist()
    ]
    number = {(name.kind, nodes.value[row]): name.eid for name, row in zip(named, at.tolist(), strict=True)}
    aliases = []
    for stored in reader.claims(connection, reader.with_property(connection, ("alias",))):
        claim = stored.claim
        eid = number.get((claim.subject.kind, claim.subject.value))
        if eid is not None and isinstance(claim.object, str):
            aliases.append(Alias(eid, claim.object, claim.provenance.origin))
    return propose(named, aliases)


def _periods(links: LinkRows, nodes: NodeRows) -> list[Period]:
    """Identifiers that changed hands."""
    kinds = vocabulary().kinds
    reassigned = _eids(nodes, {kind for kind in nodes.kind_names if kind in kinds and kinds[kind].reassigned})
    organisations = _eids(nodes, {"organisation", "service"})
    abusers = {
        int(eid)
        for eid, value in zip(nodes.eid.tolist(), nodes.value, strict=True)
        if any(word in value for word in LAPSED)
    } & _eids(nodes, {"campaign", "group"})
    return periods(sightings(links, reassigned=reassigned, organisations=organisations), abusers=abusers)


def _eids(nodes: NodeRows, kinds: set[str]) -> set[int]:
    wanted = [number for number, kind in enumerate(nodes.kind_names) if kind in kinds]
    return set(nodes.eid[np.isin(nodes.kind, wanted)].tolist())


def _pair(*pair: Entity) -> str:
    """How two things of which something is proposed are told, whichever comes first."""
    return " = ".join(map(str, sorted(pair)))


def _said(atlas: Atlas) -> tuple[set[bytes], set[str]]:
    """Payloads of this organisation's identity and period records, and pairs on which a person spoke last."""
    found, by_person = set(), dict[str, bool]()
    reader = atlas.reader
    with reader.connect() as connection:
        for kind in (IDENTITY, PERIOD):
            for record in read_records(reader, connection, kind):
                if record.organisation == atlas.viewer.organisation:
                    found.add(canonical(record.said))
                    if kind == IDENTITY:
                        pair = _pair(*(Entity(*record.said[side]) for side in ("left", "right")))
                        by_person[pair] = _is_person(record.said)
    return found, {pair for pair, spoke in by_person.items() if spoke}


def _is_person(said: Mapping[str, Any]) -> bool:
    return said["sameness"] == WORDS[-1] or not is_proposed(str(said.get("reason", "")))


def _identity_row(pair: tuple[Entity, Entity], proposal: Proposal, marking: Marking) -> RecordRow:
    payload = {
        "left": list(pair[0]),
        "permille": round(1000 * proposal.belief),
        "reason": proposal.reason[:2_000],
        "right": list(pair[1]),
        "sameness": WORDS[proposal.sameness],
    }
    return RecordRow(IDENTITY, canonical(payload), marking)


def _period_rows(
    entities: dict[int, Entity], lives: list[Period], claims: dict[int, StoredClaim], marking: Marking
) -> dict[str, RecordRow]:
    """One record an identifier with all its lives."""
    grouped: dict[int, list[Period]] = defaultdict(list)
    for life in lives:
        grouped[life.eid].append(life)
    rows = {}
    for eid, of_one in grouped.items():
        told = [
            {
                "claims": [claims[seq].id for seq in life.claims],
                "end": None if life.end == UNKNOWN else life.end,
                "number": life.number,
                "reason": life.reason,
                "start": None if life.start == UNKNOWN else life.start,
            }
            for life in of_one
        ]
        payload = {"entity": list(entities[eid]), "periods": told}
        rows[f"{entities[eid]} has lived twice"] = RecordRow(PERIOD, canonical(payload), marking)
    return rows
