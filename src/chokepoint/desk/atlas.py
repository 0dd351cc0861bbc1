"""An open atlas: what every verb of the desk is handed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chokepoint.desk.sight import CommonReader, LookingReader
from chokepoint.model.marking import Tlp
from chokepoint.model.moment import stamp
from chokepoint.store.base import day_number, fingerprint_key
from chokepoint.store.ledger import Ledger, Speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sqlalchemy import Engine

    from chokepoint.model.marking import Viewer
    from chokepoint.store.keys import KeyRing
    from chokepoint.store.reading import Reader
    from chokepoint.store.vault import Vault


def utc_now() -> str:
    """The present moment in UTC, ISO 8601 with milliseconds and `Z`."""
    return stamp(datetime.now(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """One atlas opened by one viewer.

    Attributes:
        folder: where it lies.
        id: random, made by `init`; part of every signed record.
        secret: key of the fingerprints by which a repeated import is recognised.
        engine: of the ledger and its projections.
        ledger: to append.
        vault: of captures.
        keys: of the organisations that may speak from this machine.
        viewer: who looks and speaks.
        purpose: id of the case for which is looked, as every look is logged; empty outside any case.
        unfold: why natural persons are shown in full; empty where they are minimised.
        clock: gives the moment that records are stamped with.
        beside: who must be allowed to see all that is read, beside the viewer.
        at_most: the strictest label that is read.
        late: seconds for which the map may lack votes and claims that came last, for whoever rather has it at
            once; nothing else is ever late.
    """

    folder: Path
    id: str
    secret: bytes
    engine: Engine
    ledger: Ledger
    vault: Vault
    keys: KeyRing
    viewer: Viewer
    purpose: str = ""
    unfold: str = ""
    clock: Callable[[], str] = utc_now
    beside: tuple[Viewer, ...] = ()
    at_most: Tlp = Tlp.RED
    late: float = 0.0

    @property
    def reader(self) -> Reader:
        """The atlas as the viewer, and everybody beside, sees it; for whoever has the right to look."""
        return LookingReader(self.engine, (self.viewer, *self.beside), self.at_most, today=self._today)

    @property
    def books(self) -> Reader:
        """The same without that right: for the registers that administrators keep, and one's own looks."""
        return CommonReader(self.engine, (self.viewer, *self.beside), self.at_most, today=self._today)

    @property
    def _today(self) -> int:
        return day_number(self.clock()) or 0

    def shared_with(self, viewers: Iterable[Viewer], at_most: Tlp = Tlp.RED) -> Atlas:
        """The same atlas, read only as far as all of these may see it too and up to a label."""
        return replace(self, beside=tuple(viewers), at_most=at_most, late=0.0)

    @property
    def cache(self) -> Path:
        """Folder of what can be computed again."""
        return self.folder / "cache"

    def speaker(self) -> Speaker:
        """The viewer as author of records made now."""
        return Speaker(organisation=self.viewer.organisation, at=self.clock(), user=self.viewer.user)

    @property
    def pseudonym_key(self) -> bytes:
        """Key of the pseudonyms that the viewer's organisation gives, on its pages and in what it sends."""
        return self.fingerprint_key("pseudonyms")

    def fingerprint_key(self, kind: str) -> bytes:
        """Key of fingerprints for one organisation and record kind."""
        return fingerprint_key(self.secret, self.viewer.organisation, kind)
