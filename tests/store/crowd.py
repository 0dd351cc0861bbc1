"""A crowd of claims, judgements and votes under many markings, and what one viewer sees of it as a plain list."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from store_world import capture, record, rows_of, same, seen_by

from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.source import Grading
from chokepoint.settings import Settings
from chokepoint.wiring import make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

MEMBERS = ("bank", "police", "vendor")
VALUES = ("aaa.example", "aab.example", "bbb.example", "AAA.example", "a%b.example", "a_b.example", "ค้าขาย")
KINDS = ("domain-name", "url", "malware")
ENTITIES = [Entity(kind, value) for kind in KINDS for value in VALUES]
TEXTS = ("Gold Lowell", "GOLD-LOWELL", "gold  lowell", "Lowell Gold", "samsam", "%", "ซัมซัม")
MARKINGS = (CLEAR, Marking(tlp=Tlp.GREEN), Marking(tlp=Tlp.AMBER_STRICT), Marking(tlp=Tlp.RED))
MARKINGS += (Marking(tlp=Tlp.RED, audience=frozenset({"police"})),)
VIEWERS = ("bank", "police", "vendor", "")


def invented(chance: random.Random, number: int) -> Claim:
    """One of many claims that share few entities, words, origins and captures."""
    path, marking = f"file{chance.randrange(6)}.txt", chance.choice(MARKINGS)
    source = Provenance(
        capture=capture(path).sha256,
        origin=f"origin {chance.randrange(3)}",
        grading=Grading("B", "2"),
        marking=marking,
    )
    if chance.random() < 0.4:
        name = chance.choice(("alias", "description"))
        return Claim(chance.choice(ENTITIES), name, chance.choice(TEXTS), f"line {number}", source)
    name = chance.choice(("resolves-to", "indicates"))
    return Claim(chance.choice(ENTITIES), name, chance.choice(ENTITIES), f"line {number}", source)


@dataclass(frozen=True)
class Told:
    """What one viewer sees, as a list, and how it asks."""

    atlas: Atlas
    reader: Reader
    connection: Connection
    claims: list[StoredClaim]

    def eid(self, entity: Entity) -> int:
        found = self.reader.eid(self.connection, entity)
        assert found is not None
        return found

    def named(self) -> set[Entity]:
        ends = (end for one in self.claims for end in (one.claim.subject, one.claim.object))
        return {end for end in ends if isinstance(end, Entity)}

    def entities(self, eids: list[int]) -> list[Entity]:
        found = self.reader.entities(self.connection, eids)
        return [found[eid] for eid in eids]


def make_crowd(folder: Path) -> None:
    """160 claims of three members under five markings, judgements between their subjects, votes on them."""
    chance = random.Random(20_240_203)  # noqa: S311 - not for secrets
    for name in MEMBERS:
        one = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=name)))
        one.engine.dispose()
        one.vault._engine.dispose()
    atlas = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation="bank")))
    for number in range(160):
        speaker, claim = seen_by(atlas, chance.choice(MEMBERS)), invented(chance, number)
        name = next(
            f"file{n}.txt" for n in range(6) if capture(f"file{n}.txt").sha256 == claim.provenance.capture
        )
        taken = replace(capture(name), path=f"{speaker.viewer.organisation} {name}")
        speaker.ledger.append_claims(
            speaker.speaker(), [(taken, claim.provenance.marking)], rows_of(speaker, [claim])
        )
        if number % 5 == 0:
            pair = chance.sample(ENTITIES, 2)
            speaker.ledger.append(speaker.speaker(), [same(*pair, marking=chance.choice(MARKINGS))])
    vote_at_random(atlas, chance, 90)
    atlas.engine.dispose()
    atlas.vault._engine.dispose()


def opened(folder: Path) -> Iterator[Atlas]:
    """The crowd of a folder as the bank sees it."""
    atlas = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation="bank")))
    yield atlas
    atlas.engine.dispose()
    atlas.vault._engine.dispose()


def vote_at_random(atlas: Atlas, chance: random.Random, count: int) -> None:
    """So many votes and some recalls, on own and others' claims, each on several at once."""
    names = [one.id for one in all_claims(atlas)]
    for number in range(count):
        speaker = seen_by(atlas, chance.choice(MEMBERS))
        chosen = chance.sample(names, chance.randint(1, 4)) + ["f" * 64] * (number % 3 == 0)
        marking = chance.choice(MARKINGS)
        if number % 6 == 0:
            row = record("recall/1", {"claims": chosen, "reason": "r"}, marking)
        elif number % 6 == 1:
            row = record("vote/1", {"claims": chosen, "reason": "r", "vote": "confirm"}, marking)
        else:
            said: dict[str, object] = {
                "claims": chosen,
                "crime": chance.choice(("yes", "no", "unsure", "")),
                "disclose": chance.choice(("yes", "no", "unsure", "")),
                "reason": "r",
                "until": chance.choice(("", "2026-05-01", "1970-01-02")),
                "vote": chance.choice(("confirm", "dispute", "unsure")),
            }
            marks = {"simulated": chance.random() < 0.3, "despite": chance.random() < 0.3}
            row = record("vote/2", said | {name: True for name, holds in marks.items() if holds}, marking)
        speaker.ledger.append(speaker.speaker(), [row])


def all_claims(atlas: Atlas) -> list[StoredClaim]:
    """Every claim, whoever may see it, in ledger order."""
    found: dict[int, StoredClaim] = {}
    for member in MEMBERS:
        reader = seen_by(atlas, member).reader
        with reader.connect() as connection:
            last = reader.position(connection)
            found.update({one.seq: one for one in reader.claims(connection, range(1, last + 1))})
    return [found[seq] for seq in sorted(found)]


def as_viewer(crowd: Atlas, name: str) -> Iterator[Told]:
    """What a member, or with an empty name the public, sees."""
    atlas = seen_by(crowd, name)
    reader = atlas.reader
    with reader.connect() as connection:
        claims = list(reader.claims(connection, range(1, reader.position(connection) + 1)))
        yield Told(atlas, reader, connection, claims)
