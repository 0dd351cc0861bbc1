"""What the coalition has accepted, as STIX objects that a program fetches bit by bit, for one viewer.

An object counts as added at the newest moment at which a claim of its statement or one against it, a vote on
it or a new marking was recorded, a vote lapsed, or the policy, the weights of voters or a member's ties were
said anew: whoever asks for all that was added after the last answer misses nothing. What is accepted no
longer comes once more, as revoked; where it is merely open again, with no reason and since when it is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from chokepoint.desk.handing.dissemination import Copy
from chokepoint.desk.handing.fallen import fallen
from chokepoint.desk.handing.publish import material
from chokepoint.desk.handing.release import released
from chokepoint.desk.mark import Mark, mark
from chokepoint.desk.personal.edition import edition
from chokepoint.desk.personal.role import overdue
from chokepoint.desk.vetting.rules import AGAINST
from chokepoint.desk.vetting.standing import WITHHELD, of_claims
from chokepoint.desk.watch.access import disclosed
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.model.marking import Tlp
from chokepoint.package.choose import Audience, choose
from chokepoint.package.stix.bundle import PROJECT_CREATED, Cover, bundle, timestamp
from chokepoint.store import judged
from chokepoint.store.base import CALIBRATION, EPOCH_ORDINAL, POLICY, RECALL, REMARKING
from chokepoint.store.canonical import read_envelope
from chokepoint.store.membership import MEMBER
from chokepoint.store.people import withheld
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.vetting.standing import Standing
    from chokepoint.package.parts import PackageClaim
    from chokepoint.package.privacy import Discretion
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

AT_MOST = Tlp.AMBER_STRICT
"""RED is for the eyes of people who are named, and no program has any."""
OVER = frozenset({Verdict.DISPUTED, Verdict.REJECTED, Verdict.EXPIRED, Verdict.RECALLED})
SAID = frozenset({"relationship", "note", "indicator"})
"""Types of the objects that state something; the others are what is spoken of, and markings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One STIX object of a feed.

    Attributes:
        id: STIX identifier.
        type: of the object.
        added: moment from which on this viewer's feed has it as it is, UTC, ISO 8601 with microseconds.
        version: its `modified`; where it has none, `added`.
        data: the object as JSON.
        claim: for which it is there, so that handing it on can be logged.
    """

    id: str
    type: str
    added: str
    version: str
    data: bytes = field(repr=False)
    claim: PackageClaim = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Told:
    """A claim with the moments at which it was recorded and its statement last changed."""

    claim: PackageClaim
    made: str
    touched: str


def feed_mark(atlas: Atlas) -> Mark:
    """Differs whenever the viewer's feed may differ."""
    return mark(atlas.shared_with([], AT_MOST))


def feed(atlas: Atlas) -> tuple[Piece, ...]:
    """All objects for a viewer, by the moment from which on they are there, then by id.

    Claims leave as in an export for the viewer's own organisation: up to AMBER+STRICT, by their handling
    codes, with persons under pseudonyms. One that nobody may vote into the map is none of them.
    """
    own = atlas.shared_with([], AT_MOST)
    reader = own.reader
    with reader.connect() as connection:
        stored, standing = _voted_on(reader, connection)
        late = set(overdue(reader, connection, today=atlas.clock()[:10]))
        proposed = [one for one in stored if standing[one.seq].verdict is Verdict.PROPOSED]
        ended = fallen(reader, connection, proposed)
        wanted = {
            one.seq: standing[one.seq]
            for one in stored
            if one.seq not in late
            and (standing[one.seq].verdict in OVER | {Verdict.ACCEPTED} or one.seq in ended)
        }
        moments = _moments(reader, connection, [one for one in stored if one.seq in wanted.keys() - ended])
        moments |= _endings(connection, [one for one in stored if one.seq in wanted.keys() & ended], ended)
    claims = material(own, wanted, evidence=False).claims
    spoken = {end for one in claims for end in (one.subject, one.object) if isinstance(end, Entity)}
    audience = _audience(own, spoken)
    chosen, _ = choose(claims, audience)
    told = [_Told(one, *moments[one.record]) for one in chosen]
    return _pieces(told, audience.discreet(chosen))


def fetched(atlas: Atlas, pieces: Sequence[Piece], asked: str) -> None:
    """Log which claims a program is given; to be called before they are.

    Args:
        atlas: opened by whom the program serves.
        pieces: that it is given.
        asked: in words.

    Raises:
        RefusedError: the viewer may not look.
        OSError: it cannot be logged, and nothing may be given.
    """
    claims = list({one.claim.record: one.claim for one in pieces}.values())
    copy = Copy(frozenset({atlas.viewer.organisation}))
    disclosed(atlas, "taxii", asked, claims=claims, copy=copy, counted=False)


def _voted_on(reader: Reader, connection: Connection) -> tuple[list[StoredClaim], dict[int, Standing]]:
    """All claims of the statements on which anybody has voted, and how these stand.

    No policy accepts what nobody has voted on.
    """
    votes = judged.read_votes(reader, connection)
    mates = judged.mates(reader, connection, votes.claim.tolist())
    stored = list(reader.claims(connection, mates))
    return stored, of_claims(reader, connection, stored)


def _moments(
    reader: Reader, connection: Connection, stored: Sequence[StoredClaim]
) -> dict[str, tuple[str, str]]:
    """When each claim was recorded, and when its statement last changed, by record id."""
    floor = max(_chosen(reader, connection), default="")
    changed = _words(reader, connection, (REMARKING, RECALL))
    voted = _voted(reader, connection, [one.seq for one in stored])
    newest_of: dict[object, str] = defaultdict(str)
    for one in stored:
        statement = (one.claim.subject, one.claim.property, one.claim.object)
        heard = [one.recorded_at, floor, *voted.get(one.seq, ()), *changed.get(one.id, ())]
        newest_of[statement] = max(newest_of[statement], *heard)
    return {
        one.id: (one.recorded_at, newest_of[one.claim.subject, one.claim.property, one.claim.object])
        for one in stored
    }


def _endings(
    connection: Connection, stored: Sequence[StoredClaim], ended: Mapping[int, int]
) -> dict[str, tuple[str, str]]:
    """When each claim was recorded and was accepted no longer; what came after is not told."""
    sql = "SELECT body FROM records WHERE seq = ?"
    at: dict[int, str] = {}
    for seq in {ended[one.seq] for one in stored}:
        body = connection.exec_driver_sql(sql, (seq,)).scalar()
        at[seq] = read_envelope(body).recorded_at if body else ""
    return {one.id: (one.recorded_at, max(one.recorded_at, at[ended[one.seq]])) for one in stored}


def _voted(reader: Reader, connection: Connection, seqs: Sequence[int]) -> dict[int, list[str]]:
    """When votes on claims were cast or lapsed, and when another source contradicted them, by position."""
    votes = judged.read_votes(reader, connection, seqs)
    against = judged.contradicted(reader, connection, AGAINST, seqs)
    told = judged.bodies(connection, [*votes.position.tolist(), *against.values()])
    at = {seq: said.recorded_at for seq, said, _ in told}
    found: dict[int, list[str]] = defaultdict(list)
    for seq, position in (*zip(votes.claim.tolist(), votes.position.tolist(), strict=True), *against.items()):
        found[seq].append(at.get(position, ""))
    lapsed = votes.until <= reader.today
    for seq, day in zip(votes.claim[lapsed].tolist(), votes.until[lapsed].tolist(), strict=True):
        found[seq].append(f"{date.fromordinal(day + EPOCH_ORDINAL).isoformat()}T00:00:00.000Z")
    return found


def _chosen(reader: Reader, connection: Connection) -> list[str]:
    """When policies and weights of voters were chosen, and when a member said to whom it is tied."""
    return [record.at for record in read_records(reader, connection, POLICY, CALIBRATION, MEMBER)]


def _words(reader: Reader, connection: Connection, kinds: Iterable[str]) -> dict[str, list[str]]:
    """When records of these kinds were made, by the claims that they name."""
    found: dict[str, list[str]] = defaultdict(list)
    for kind in kinds:
        for record in read_records(reader, connection, kind):
            for name in record.said["records" if kind == REMARKING else "claims"]:
                found[name].append(record.at)
    return found


def _audience(own: Atlas, spoken: set[Entity]) -> Audience:
    organisation = own.viewer.organisation
    with own.engine.connect() as connection:
        kept = withheld(connection, own.secret)
        whole = own.reader.resolved(connection)
    return Audience(
        organisations=frozenset({organisation}),
        readers=frozenset({whole}),
        sender=organisation,
        withheld=kept,
        minimised=edition(own, own, spoken),
        released=frozenset(released(own)),
        at_most=AT_MOST,
        verdicts=frozenset(one.value for one in OVER | {Verdict.ACCEPTED, Verdict.PROPOSED}),
    )


def _pieces(told: Sequence[_Told], discreet: Discretion) -> tuple[Piece, ...]:
    """Every object once: what many claims speak of is there since the first, under the loosest label."""
    found: dict[str, Piece] = {}
    for one in sorted(told, key=lambda each: (each.touched, each.claim.record)):
        for thing in _objects(one, discreet):
            name = str(thing["id"])
            known = found.get(name)
            if known is None or one.claim.marking.tlp < known.claim.marking.tlp:
                added = known.added if known else moment(one.touched)
                found[name] = _piece(thing, one, added)
    return tuple(sorted(found.values(), key=lambda each: (each.added, each.id)))


def _objects(one: _Told, discreet: Discretion) -> list[dict[str, Any]]:
    """The objects of one claim, stamped with its own moments, without a report over it."""
    cover = Cover(
        title="",
        created=one.made,
        organisation=one.claim.contributor or WITHHELD,
        marking=one.claim.marking,
        discretion=discreet,
    )
    said = bundle([discreet.shown(one.claim)], cover)["objects"]
    objects = [thing for thing in said if thing["type"] != "report"]
    for thing in objects:
        if thing["type"] in SAID:
            thing["modified"] = timestamp(one.touched)
            if one.claim.verdict != Verdict.ACCEPTED.value:
                thing["revoked"] = True
        elif thing.get("created") == timestamp(one.made):
            thing["created"] = thing["modified"] = PROJECT_CREATED
    return objects


def _piece(thing: Mapping[str, Any], one: _Told, added: str) -> Piece:
    version = str(thing.get("modified", thing.get("created", "")))
    return Piece(
        id=str(thing["id"]),
        type=str(thing["type"]),
        added=added,
        version=moment(version) if version else added,
        data=json.dumps(thing, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace"),
        claim=one.claim,
    )


def moment(text: str) -> str:
    """A moment as TAXII writes it: UTC to the microsecond.

    Raises:
        NotValidError: it is none.
    """
    return timestamp(text)[:-1] + "000Z"
