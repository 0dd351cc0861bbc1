"""The weekly meeting of a case: what is new, what waits for whom, what changed in belief."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chokepoint.desk.looking.look import gather_evidence
from chokepoint.desk.personal.cover import covered, over
from chokepoint.desk.personal.struck import covered_operations
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.desk.watch.access import saw
from chokepoint.desk.work.operation import read_operations
from chokepoint.desk.work.subject import subjects
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.store import lookup
from chokepoint.store.base import day_number
from chokepoint.store.moments import position_at
from chokepoint.store.records import read_records
from chokepoint.store.reserving import RESERVATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.looking.dossier import Evidence
    from chokepoint.desk.work.act import Operation
    from chokepoint.desk.work.case import Case
    from chokepoint.store.reading import Reader

DAYS = 7
MOST = 2_000
MOVED = 0.1
"""Change of a probability that a meeting hears of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A statement on which the viewer's map changed its mind.

    Attributes:
        evidence: the claim, as it stands now.
        before: belief then; verdict: then.
    """

    evidence: Evidence
    before: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What a case's people talk about.

    Attributes:
        since: the day (ISO 8601) from which on things count as new.
        targets: what the case is about, has reserved or acts on.
        held: those of them that people put into it, in the order in which they came in.
        new: claims recorded since then, newest first.
        waiting: claims of which the viewer's organisation has said nothing yet and no policy has decided.
        moved: statements whose belief moved by a tenth or whose verdict changed.
        operations: that came from the case.
    """

    since: str
    targets: tuple[Entity, ...]
    held: tuple[Entity, ...]
    new: tuple[Evidence, ...]
    waiting: tuple[Evidence, ...]
    moved: tuple[Moved, ...]
    operations: tuple[Operation, ...]


def meeting(atlas: Atlas, case: Case, days: int = DAYS) -> Meeting:
    """The last days of a case, as its viewer may know them.

    A case's claims are those about its targets; what nobody put into it, reserved or acts on is none of it.

    Args:
        atlas: opened by the viewer.
        case: one that the viewer sees.
        days: how far back, at least 1.
    """
    since = (date.fromisoformat(atlas.clock()[:10]) - timedelta(days=days)).isoformat()
    led = tuple(one for one in read_operations(atlas) if one.basis == case.id)
    reader = atlas.reader
    with reader.connect() as connection:
        held = subjects(reader, connection, case)
        targets = {*held, *_reserved(reader, connection, case)}
        targets |= {act.entity for one in led for act in one.actions}
        known = lookup.known(reader, connection, sorted(targets))
        evidence = _evidence(reader, connection, known.values())
        moved = _moved(reader, connection, evidence, since)
    saw(atlas, "meeting", case.id, sorted(known))
    cover = over(atlas, evidence, targets)
    told = [covered(one, cover) for one in evidence]
    return Meeting(
        since=since,
        targets=tuple(map(cover.entity, sorted(targets))),
        held=tuple(map(cover.entity, held)),
        new=tuple(one for one in told if one.stored.recorded_at[:10] >= since),
        waiting=tuple(one for one in told if _waits(one)),
        moved=tuple(replace(one, evidence=covered(one.evidence, cover)) for one in moved),
        operations=tuple(covered_operations(atlas, led)),
    )


def _evidence(reader: Reader, connection: Connection, eids: Iterable[int]) -> list[Evidence]:
    """The newest claims about some things; what older ones say for the same statements counts too."""
    about = {eid: reader.about(connection, eid, limit=MOST) for eid in eids}
    seqs = sorted({seq for found in about.values() for seq in found})[-MOST:]
    newest = {eid: [seq for seq in found if seq >= seqs[0]] for eid, found in about.items() if found}
    cut = {eid: found for eid, found in newest.items() if found} if len(seqs) == MOST else {}
    return gather_evidence(reader, connection, seqs, cut=cut)


def _waits(one: Evidence) -> bool:
    return one.standing.verdict is Verdict.PROPOSED and not one.standing.spoken


def _reserved(reader: Reader, connection: Connection, case: Case) -> Iterable[Entity]:
    """Targets that the case holds, as far as the viewer sees the reservations."""
    held: dict[Entity, bool] = {}
    for record in read_records(reader, connection, RESERVATION):
        if record.said["case"] == case.id and record.organisation == case.organisation:
            still = bool(record.said["held"])
            held.update((Entity(*map(str, pair)), still) for pair in record.said["targets"])
    return [entity for entity, still in held.items() if still]


def _moved(
    reader: Reader, connection: Connection, evidence: Sequence[Evidence], since: str
) -> tuple[Moved, ...]:
    position = position_at(connection, f"{since}T00:00:00.000Z")
    old = [one for one in evidence if one.stored.seq <= position]
    then = reader.as_of(position, day_number(since) or 0)
    before = of_claims(then, connection, list(then.claims(connection, sorted(one.stored.seq for one in old))))
    moved = [
        Moved(evidence=one, before=was.belief, verdict=was.verdict)
        for one in old
        if (was := before.get(one.stored.seq)) is not None
        and (was.verdict is not one.standing.verdict or abs(was.belief - one.standing.belief) >= MOVED)
    ]
    return tuple(sorted(moved, key=lambda one: -abs(one.before - one.evidence.standing.belief)))
