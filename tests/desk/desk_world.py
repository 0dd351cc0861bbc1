"""Small atlases for the tests of the desk: members, claims, votes, without any collector."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chokepoint.desk.atlas import Atlas
from chokepoint.desk.hand import export
from chokepoint.model.claim import Claim, Interval, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.source import Capture, parse_grading
from chokepoint.settings import Settings
from chokepoint.store.base import CLAIM, claim_row
from chokepoint.wiring import make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RED = Marking(tlp=Tlp.RED)
CLOCK = "2026-02-03T04:05:06.000Z"


@dataclass
class World:
    """An atlas in a folder, which any member may open and add to."""

    folder: Path
    opened: list[Atlas] = field(default_factory=list)
    clock: str = CLOCK

    def open(self, organisation: str, user: str = "") -> Atlas:
        """The atlas as a member, at a moment that stands still."""
        atlas = open_atlas(Settings(atlas=self.folder, viewer=Viewer(organisation=organisation, user=user)))
        atlas = Atlas(
            **{**{name: getattr(atlas, name) for name in atlas.__slots__}, "clock": lambda: self.clock}
        )
        self.opened.append(atlas)
        return atlas

    def join(self, organisation: str) -> None:
        """A further member."""
        viewer = Viewer(organisation=organisation)
        self.opened.append(make_atlas(Settings(atlas=self.folder, viewer=viewer)))

    def say(
        self, organisation: str, *sentences: tuple[Entity, str, Entity | str], **about: object
    ) -> list[int]:
        """Claims of a member; `origin`, `grade`, `marking`, `observed`, `place`, `path` and `text` as needed."""
        atlas = self.open(organisation)
        path = str(about.get("path", "list.txt"))
        text = str(about.get("text", f"{organisation} {path} {about.get('origin', organisation)}"))
        marking = about.get("marking", CLEAR)
        assert isinstance(marking, Marking)
        [sha256] = atlas.vault.put([text.encode()])
        capture = Capture(
            sha256=sha256,
            media_type="text/plain",
            path=path,
            size=len(text.encode()),
            captured_at=CLOCK,
            captured_by=organisation,
        )
        source = Provenance(
            capture=sha256,
            origin=str(about.get("origin", organisation)),
            grading=parse_grading(str(about.get("grade", "B2"))),
            marking=marking,
        )
        observed = about.get("observed")
        assert observed is None or isinstance(observed, Interval)
        claims = [
            Claim(subject, name, thing, str(about.get("place", f"line {number}")), source, observed)
            for number, (subject, name, thing) in enumerate(sentences, 1)
        ]
        key = atlas.fingerprint_key(CLAIM)
        rows = [claim_row(claim, key) for claim in claims]
        return list(atlas.ledger.append_claims(atlas.speaker(), [(capture, marking)], rows).seqs)

    def ids(self, organisation: str, seqs: list[int]) -> list[str]:
        """Record ids of claims that a member sees."""
        reader = self.open(organisation).reader
        with reader.connect() as connection:
            return [claim.id for claim in reader.claims(connection, seqs)]

    def close(self) -> None:
        """Let go of the files."""
        for atlas in self.opened:
            atlas.engine.dispose()
            atlas.vault._engine.dispose()


def entity(text: str) -> Entity:
    """`kind:value` as an entity, taken as it stands."""
    kind, _, value = text.partition(":")
    return Entity(kind, value)


def sha(text: str) -> str:
    """A digest that looks like a file's."""
    return hashlib.sha256(text.encode()).hexdigest()


def exported(form: str) -> Callable[[Atlas], str]:
    """A flow that gives the text of an export in a form."""

    def flow(atlas: Atlas) -> str:
        out = io.BytesIO()
        export(atlas, form, out)
        return out.getvalue().decode("utf-8", "replace")

    return flow
