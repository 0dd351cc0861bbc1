"""Oversight: vetoes and safety flags, alarms, leaks, and what is held on somebody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chokepoint.desk.looking.look import gather_evidence
from chokepoint.desk.personal.cover import covered, ends
from chokepoint.desk.personal.veil import OWNED, Veil, unveiled, veil
from chokepoint.desk.resolve import candidates, resolve
from chokepoint.desk.watch.access import OVERSEERS, log, looks, must_watch, saw
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.said import Said
from chokepoint.package.redact import NATURAL_PERSONS
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import ALARM, OVERSIGHT, SAFETY, holders, withheld
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.looking.dossier import Evidence
    from chokepoint.desk.watch.spool import Seen

LONGEST = 2_000
COPY_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held on one identifier, for an overseer who answers its subject.

    Attributes:
        entity: the identifier.
        evidence: claims that the overseer may see, with their sources.
        elsewhere: how many more claims each organisation holds under markings that keep the overseer out:
            only they can answer for those.
        looks: who saw it, when and for which case, newest first.
        is_withheld: whether a veto or safety flag keeps it out of packages.
    """

    entity: Entity
    evidence: tuple[Evidence, ...]
    elsewhere: dict[str, int]
    looks: tuple[Seen, ...]
    is_withheld: bool

    def to_json(self) -> dict[str, Any]:
        """The shape of `oversee subject --json`."""
        return {
            "entity": {"kind": self.entity.kind, "value": self.entity.value},
            "claims": [one.to_json() for one in self.evidence],
            "elsewhere": self.elsewhere,
            "looks": [one.to_json() for one in self.looks],
            "withheld": self.is_withheld,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """An entity that may stand in no package and no export, and the newest word that keeps it out.

    Attributes:
        entity: the identifier.
        by: `ORG` or `ORG/USER` who said so.
        at: moment (ISO 8601, UTC).
        reason: why.
        safety: whether it is a safety flag, by which anybody says that somebody is at risk, or else a veto.
    """

    entity: Entity
    by: str
    at: str
    reason: str
    safety: bool


def kept_out(atlas: Atlas) -> list[Withheld]:
    """All that is withheld now and why, the newest first.

    Raises:
        RefusedError: the viewer is no overseer.
    """
    must_watch(atlas)
    found: dict[Entity, Withheld] = {}
    reader = atlas.reader
    with reader.connect() as connection:
        now = withheld(connection, atlas.secret)
        for record in sorted(read_records(reader, connection, SAFETY, OVERSIGHT)):
            entity = Entity(*map(str, record.said["entity"]))
            if entity in now and record.said.get("word") != "lift":
                found[entity] = Withheld(
                    entity=entity,
                    by=record.person,
                    at=record.at,
                    reason=str(record.said["reason"]),
                    safety="word" not in record.said,
                )
    return sorted(found.values(), key=lambda one: one.at, reverse=True)


def flag_safety(atlas: Atlas, entity: Entity, reason: str) -> None:
    """Keep an entity out of every package and export because somebody is at risk; anybody may, at once.

    Raises:
        RefusedError: no reason, or the viewer may not speak.
    """
    _say(atlas, SAFETY, {"entity": list(entity)}, reason)


def veto(atlas: Atlas, entity: Entity, reason: str, *, lift: bool = False) -> None:
    """An overseer withholds an entity from every package and export, or lifts a veto or safety flag.

    Raises:
        RefusedError: no reason, or the viewer is no overseer.
    """
    must_watch(atlas)
    _say(atlas, OVERSIGHT, {"entity": list(entity), "word": "lift" if lift else "veto"}, reason)


def _say(atlas: Atlas, kind: str, said: dict[str, Any], reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST:
        raise RefusedError(
            Said("this needs a reason of 1 to {longest:,} characters", longest=LONGEST),
            place="--reason",
            mend="say why",
        )
    own = atlas.viewer.person or atlas.viewer.organisation
    marking = Marking(tlp=Tlp.RED, audience=frozenset({OVERSEERS, own}))
    atlas.ledger.append(atlas.speaker(), [RecordRow(kind, canonical(said | {"reason": reason}), marking)])


def named(atlas: Atlas, text: str) -> Entity:
    """The entity that a text names to this viewer, else the first that it could be.

    Raises:
        NotFoundError: it could be nothing.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        known = resolve(reader, connection, unveiled(atlas, text))
    found = [one.entity for one in known] or candidates(text)
    if not found:
        raise NotFoundError("that names nothing", place=text, mend="write kind:value")
    return found[0]


def held_on(atlas: Atlas, entity: Entity) -> Held:
    """What is held on an identifier, why, and who saw it; other natural persons are minimised.

    The overseer's look is logged too.

    Raises:
        RefusedError: the viewer is no overseer, or has looked too often outside any case.
    """
    must_watch(atlas)
    seen = log(atlas, about=entity)
    saw(atlas, "held", str(entity), [entity])
    reader = atlas.reader
    with reader.connect() as connection:
        number = reader.eid(connection, entity)
        seqs = reader.about(connection, number) if number is not None else []
        evidence = gather_evidence(reader, connection, seqs)
        shown = Counter(one.contributor for one in reader.claims(connection, seqs))
        kept = entity in withheld(connection, atlas.secret)
    with atlas.engine.connect() as connection:  # a reader's connection counts only what the reader may see
        everywhere = holders(connection, entity)
    everywhere.subtract(shown)
    cover = _but(entity, evidence, veil(atlas, ends(evidence)))
    return Held(
        entity=entity,
        evidence=tuple(covered(one, cover) for one in evidence),
        elsewhere={name: count for name, count in sorted(everywhere.items()) if count > 0},
        looks=tuple(seen),
        is_withheld=kept,
    )


def _but(subject: Entity, evidence: Iterable[Evidence], cover: Veil) -> Veil:
    """The veil without the subject and what is the subject's own: that is what an overseer answers for."""
    own = {subject}
    for one in evidence if subject.kind in NATURAL_PERSONS else ():
        claim = one.stored.claim
        if claim.property in OWNED and isinstance(claim.object, Entity):
            own |= {end for end in (claim.subject, claim.object) if end.kind not in NATURAL_PERSONS}
    return Veil({one: name for one, name in cover.names.items() if one not in own})


def alarms(atlas: Atlas) -> list[dict[str, Any]]:
    """Alarms about looks outside any case, and about protected professions on the map, newest first.

    Raises:
        RefusedError: the viewer is no overseer.
    """
    must_watch(atlas)
    reader = atlas.reader
    with reader.connect() as connection:
        return [record.said for record in read_records(reader, connection, ALARM)][::-1]


def leaked(atlas: Atlas, text: str) -> list[Seen]:
    """The disclosures whose copy a text comes from, by the names of copies that stand in it.

    Raises:
        RefusedError: the viewer is no overseer.
    """
    must_watch(atlas)
    return [one for one in looks(atlas) if len(one.entry.canary) == COPY_LENGTH and one.entry.canary in text]
