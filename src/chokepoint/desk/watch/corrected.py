"""What was corrected after somebody saw it or took it away, and whether they know.

A correction is a record like any other: its contributor recalls the claim, says why, and may say something
else instead. Whoever was handed a package with it is told there (`desk/handing/dissemination`). Here
everybody else is: who looked at one of its ends, or exported it, between the claim and its recall. Their own
log says so, and asking for it is a look too, by which an overseer sees who was told and who is still to be.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.desk.handing.dissemination import instead_of
from chokepoint.desk.personal.words import cover_of, told
from chokepoint.desk.vetting.standing import WITHHELD, of_claims
from chokepoint.desk.watch.access import looks, saw
from chokepoint.model.identity import Entity
from chokepoint.store.base import RECALL
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.personal.veil import Veil
    from chokepoint.desk.watch.spool import Seen
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

VERB = "corrections"


class Recipient(NamedTuple):
    """Somebody who had it: by which verb and when last, and since when they know; empty while they do not."""

    who: str
    verb: str
    at: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A claim that was recalled, and who had it before.

    Attributes:
        record: its id.
        subject, property, object: what it said, natural persons minimised.
        at: moment of the recall (ISO 8601, UTC).
        by: the contributor, but for whoever is still to vote on the statement.
        reason: why, as far as it names nobody who is minimised.
        instead: ids of what the contributor says instead.
        had: the viewer, or for an overseer everybody, who had it.
    """

    record: str
    subject: Entity
    property: str
    object: Entity | str
    at: str
    by: str
    reason: str
    instead: tuple[str, ...]
    had: tuple[Recipient, ...]

    def to_json(self) -> dict[str, Any]:
        """The shape of a correction in `log --corrected --json`."""
        thing = self.object
        return {
            "record": self.record,
            "subject": {"kind": self.subject.kind, "value": self.subject.value},
            "property": self.property,
            "object": thing if isinstance(thing, str) else {"kind": thing.kind, "value": thing.value},
            "at": self.at,
            "by": self.by,
            "reason": self.reason,
            "instead": list(self.instead),
            "had": [one._asdict() for one in self.had],
        }


def corrections(atlas: Atlas) -> list[Correction]:
    """What the viewer saw or took away and was corrected since, newest first; of everybody for an overseer.

    Only of what the viewer may still see: nobody learns by a correction what a claim said that is hidden now.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        words = list(_recalled(reader, connection))
    seen = _sorted_out(looks(atlas, since=min(one.recorded_at for one, _ in words)) if words else ())
    saw(atlas, VERB, "")
    with reader.connect() as connection:
        recalled = [(one, said, _had(one, said.at, seen)) for one, said in words]
        found = [
            (one, said._replace(instead=instead_of(reader, connection, one)), had)
            for one, said, had in recalled
            if had
        ]
    named = {end for one, _, _ in found for end in _ends(one)}
    cover = cover_of(atlas, named, (said.reason for _, said, _ in found))
    made = [_told(one, said, cover, had) for one, said, had in found]
    return sorted(made, key=lambda one: (one.at, one.record), reverse=True)


class _Recall(NamedTuple):
    """A contributor's word that a claim of theirs is withdrawn."""

    by: str
    at: str
    reason: str
    instead: tuple[str, ...] = ()


def _recalled(reader: Reader, connection: Connection) -> Iterator[tuple[StoredClaim, _Recall]]:
    """Claims that their contributor recalled, with when and why."""
    said: dict[tuple[str, str], _Recall] = {}
    for record in read_records(reader, connection, RECALL):
        for name in record.said["claims"]:
            word = _Recall(record.organisation, record.at, str(record.said["reason"]))
            said[str(name), record.organisation] = word
    stored = list(reader.claims_by_id(connection, sorted({name for name, _ in said})))
    standing = of_claims(reader, connection, stored) if stored else {}
    for one in stored:
        word_of_its_own = said.get((one.id, one.contributor))
        if word_of_its_own is not None:
            blind = standing[one.seq].blind
            yield one, word_of_its_own._replace(by=WITHHELD if blind else one.contributor)


class _Looks(NamedTuple):
    """Looks in the order in which they were recorded: for corrections, and by what they were at."""

    asking: list[Seen]
    at: Mapping[object, Mapping[int, Seen]]


def _sorted_out(seen: Iterable[Seen]) -> _Looks:
    """Every look under each claim that it handed on, or else under each entity that it showed."""
    asking: list[Seen] = []
    at: dict[object, dict[int, Seen]] = defaultdict(dict)
    for number, look in enumerate(seen):
        if look.entry.verb == VERB:
            asking.append(look)
        for what in look.entry.claims or look.entry.entities:
            at[what][number] = look
    return _Looks(asking, at)


def _had(one: StoredClaim, recalled: str, seen: _Looks) -> tuple[Recipient, ...]:
    """Who had a claim before its recall, each once and by their last look."""
    known: dict[str, str] = {}
    for look in seen.asking:
        if look.entry.at > recalled:
            known.setdefault(look.who, look.entry.at)
    near: dict[int, Seen] = {}
    for what in (one.id, *map(tuple, _ends(one))):
        near |= seen.at.get(what, {})
    last = {
        look.who: look for _, look in sorted(near.items()) if one.recorded_at <= look.entry.at <= recalled
    }
    return tuple(
        Recipient(who, look.entry.verb, look.entry.at, known.get(who, ""))
        for who, look in sorted(last.items())
    )


def _ends(one: StoredClaim) -> tuple[Entity, ...]:
    claim = one.claim
    return (claim.subject, claim.object) if isinstance(claim.object, Entity) else (claim.subject,)


def _told(one: StoredClaim, said: _Recall, cover: Veil, had: tuple[Recipient, ...]) -> Correction:
    claim = cover.claim(one.claim)
    return Correction(
        record=one.id,
        subject=claim.subject,
        property=claim.property,
        object=claim.object,
        at=said.at,
        by=said.by,
        reason=told(said.reason, cover),
        instead=said.instead,
        had=had,
    )
