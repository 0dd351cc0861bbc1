"""Claims by the handful for the tests of the store, and what the generators of those tests draw from."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from chokepoint.model.claim import Claim, Interval, Nature, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.source import Capture, Grading
from chokepoint.store.base import CLAIM, Appended, ClaimRow, RecordRow, claim_row
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.desk.atlas import Atlas

AT = "2026-02-03T04:05:06.000Z"
RED = Marking(tlp=Tlp.RED)
AMBER = Marking(tlp=Tlp.AMBER)

# Texts that are hard on SQL, JSON and terminals; lone surrogates, which have no canonical bytes, and NUL,
# which names nothing, stand apart.
texts = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30
)
days = st.dates().map(lambda day: day.isoformat())
kinds = st.sampled_from(["domain-name", "ipv4-addr", "person", "malware"])
entities = st.builds(Entity, kinds, texts)
markings = st.builds(
    Marking,
    tlp=st.sampled_from(list(Tlp)),
    audience=st.sets(st.sampled_from(["bank", "police", "vendor", "bank/ann"]), max_size=3).map(frozenset),
)


def capture(path: str, organisation: str = "bank") -> Capture:
    """A capture of which only the name matters here."""
    return Capture(
        sha256=hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest(),
        media_type="text/plain",
        path=path,
        size=len(path),
        captured_at=AT,
        captured_by=organisation,
    )


def source(path: str = "list.txt", marking: Marking = CLEAR, origin: str = "origin") -> Provenance:
    """The provenance of claims read from that capture."""
    return Provenance(
        capture=capture(path).sha256, origin=origin, grading=Grading("B", "2", "said so"), marking=marking
    )


def link(subject: str, thing: str, provenance: Provenance | None = None, place: str = "line 1") -> Claim:
    """A domain resolves to an address."""
    return Claim(
        Entity("domain-name", subject),
        "resolves-to",
        Entity("ipv4-addr", thing),
        place,
        provenance or source(),
    )


claims = st.builds(
    Claim,
    entities,
    st.sampled_from(["resolves-to", "alias", "indicates"]),
    st.one_of(entities, texts),
    texts,
    st.builds(source, marking=markings, origin=texts),
    st.one_of(st.none(), st.builds(Interval, days, days, st.sampled_from(["day", "month", "year"]))),
    st.sampled_from(list(Nature)),
    st.one_of(st.just(""), texts),
)


def seen_by(atlas: Atlas, organisation: str, user: str = "") -> Atlas:
    """The same atlas, looked at and spoken to by another member."""
    return replace(atlas, viewer=Viewer(organisation=organisation, user=user))


def rows_of(atlas: Atlas, said: Iterable[Claim]) -> list[ClaimRow]:
    """The claims as rows of the viewer's organisation."""
    key = atlas.fingerprint_key(CLAIM)
    return [claim_row(claim, key) for claim in said]


def say(atlas: Atlas, said: Sequence[Claim], paths: Sequence[str] = ("list.txt",)) -> Appended:
    """Append claims as the viewer, with the captures of those names under each claim's own marking."""
    marked = {claim.provenance.capture: claim.provenance.marking for claim in said}
    taken = [capture(path, atlas.viewer.organisation) for path in paths]
    captures = [(one, marked.get(one.sha256, CLEAR)) for one in taken]
    return atlas.ledger.append_claims(atlas.speaker(), captures, rows_of(atlas, said))


def record(kind: str, payload: dict[str, object], marking: Marking = CLEAR) -> RecordRow:
    """Any other record."""
    return RecordRow(kind, canonical(payload), marking)


def vote(ids: Sequence[str], word: str = "confirm", marking: Marking = CLEAR) -> RecordRow:
    """A vote on claims by id."""
    return record("vote/1", {"claims": list(ids), "reason": "looked", "vote": word}, marking)


def same(left: Entity, right: Entity, marking: Marking = CLEAR) -> RecordRow:
    """A judgement that two entities are one."""
    payload: dict[str, object] = {"left": list(left), "right": list(right), "reason": "r", "sameness": "same"}
    return record("identity/1", payload, marking)


def said_to(atlas: Atlas) -> list[Claim]:
    """All claims that the viewer sees, in ledger order."""
    reader = atlas.reader
    with reader.connect() as connection:
        last = reader.position(connection)
        return [stored.claim for stored in reader.claims(connection, range(1, last + 1))]


def ids_of(atlas: Atlas) -> list[str]:
    """Record ids of all claims that the viewer sees, in ledger order."""
    reader = atlas.reader
    with reader.connect() as connection:
        last = reader.position(connection)
        return [stored.id for stored in reader.claims(connection, range(1, last + 1))]
