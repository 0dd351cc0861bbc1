"""`connect`: propose which names are one, what descriptions say, and which identifiers lived twice.

Every proposal is a record of the viewer's organisation that another record can undo; nothing is merged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.desk.analyse.rows import PERIOD, read_names
from chokepoint.link.mentions import Description, Known, mentions
from chokepoint.link.names import Alias, Named, propose
from chokepoint.link.period import CRIMINAL, OWN, UNKNOWN, Sighting, periods
from chokepoint.model.claim import Claim, Nature
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.source import Capture
from chokepoint.store.base import CLAIM, IDENTITY, RecordRow, claim_row
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.analyse.rows import Names
    from chokepoint.desk.atlas import Atlas
    from chokepoint.link.period import Period
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

NAMED = frozenset({"group", "malware", "tool", "campaign", "organisation", "service"})
BELIEF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectReport:
    """What was proposed.

    Attributes:
        same: pairs proposed as one.
        unsure: pairs whose evidence is ambiguous; they join nothing.
        mentions: assessments found in descriptions.
        split: identifiers found to have lived twice.
        known: proposals that stood already.
        examples: a few of them in words.
    """

    same: int
    unsure: int
    mentions: int
    split: int
    known: int
    examples: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "same": self.same,
            "unsure": self.unsure,
            "mentions": self.mentions,
            "split": self.split,
            "known": self.known,
            "examples": list(self.examples),
        }
