"""What the atlas of the web's tests holds: plain claims, hostile ones, contradicting ones, hidden ones."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import vote
from chokepoint.model.claim import Claim, Interval, Provenance
from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.source import Capture, parse_grading
from chokepoint.settings import Settings
from chokepoint.store.base import CLAIM, claim_row
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from pathlib import Path

    from web_desk import Web

    from chokepoint.desk.atlas import Atlas

CLOCK = "2026-02-03T04:05:06.000Z"
EVIL = Entity("domain-name", "evil.com")
SHOP = Entity("domain-name", "shop-evil.com")
GANG = Entity("group", "copper lantern")
SECRET = Entity("group", "hidden hand")
WALLET = Entity("crypto-address", "btc:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
HOSTILE = Entity("group", "safe\u202egnp.exe <script>alert(1)</script>")
THAI = Entity("organisation", "บริษัท ใจดี")
RED = Marking(tlp=Tlp.RED)
OBSERVED = Interval(start="2025-03-01", end="2025-04-01", precision="month")

SAID: tuple[tuple[str, str, Marking, tuple[tuple[Entity, str, Entity | str], ...]], ...] = (
    (
        "bank",
        "A list",
        CLEAR,
        (
            (EVIL, "attributed-to", GANG),
            (SHOP, "attributed-to", GANG),
            (EVIL, "requests-payment-to", WALLET),
            (GANG, "alias", "Lanternists, see http://evil.com/a and bob@evil.com"),
            (GANG, "alias", "long " * 400),
            (HOSTILE, "alias", "a\u200bb javascript:alert(1)"),
            (GANG, "alias", "\u0430pple inc"),
            (THAI, "alias", "Somchai"),
        ),
    ),
    ("police", "A report", CLEAR, ((EVIL, "attributed-to", GANG), (GANG, "alias", "Copper Lamp"))),
    ("police", "An informant", RED, ((EVIL, "attributed-to", SECRET), (SECRET, "alias", "The Hand"))),
)


def fill(folder: Path) -> None:
    """Write it all into an atlas whose members are bank, police and vendor."""
    for organisation, origin, marking, sentences in SAID:
        atlas = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation=organisation)))
        say(atlas, origin, marking, sentences)
        atlas.engine.dispose()
        atlas.vault.engine.dispose()


def say(
    atlas: Atlas,
    origin: str,
    marking: Marking,
    sentences: tuple[tuple[Entity, str, Entity | str], ...],
    *,
    observed: Interval = OBSERVED,
    grade: str = "B2",
) -> None:
    """Claims of a member from one document, whose lines are the sentences."""
    text = "\n".join(
        f"{one.value} {name} {other.value if isinstance(other, Entity) else other}"
        for one, name, other in sentences
    )
    data = text.encode("utf-8", "replace")
    atlas.vault.put([data])
    capture = Capture(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="text/plain",
        path=f"{origin}.txt",
        size=len(data),
        captured_at=CLOCK,
        captured_by=atlas.viewer.organisation,
    )
    source = Provenance(capture=capture.sha256, origin=origin, grading=parse_grading(grade), marking=marking)
    claims = [
        Claim(subject, name, thing, f"line {number}", source, observed)
        for number, (subject, name, thing) in enumerate(sentences, 1)
    ]
    key = atlas.fingerprint_key(CLAIM)
    atlas.ledger.append_claims(
        atlas.speaker(), [(capture, marking)], [claim_row(claim, key) for claim in claims]
    )


def confirm_all(web: Web, entity: str) -> None:
    """Let everybody confirm all that is said of something and is not their own."""
    for who in ("bank", "police", "vendor"):
        atlas = web.office.opened_by(Viewer(organisation=who))
        for one in show(atlas, entity).evidence:
            with suppress(RefusedError):
                vote(atlas, [one.stored.id], Vote.CONFIRM, "seen")
