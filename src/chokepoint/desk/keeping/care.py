"""`verify`: the care of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from chokepoint.model.source import CITED
from chokepoint.store.canonical import read_envelope
from chokepoint.store.consistency import check_tables
from chokepoint.store.erasures import tombstones
from chokepoint.store.verifying import verify_ledger

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What was checked and holds; the figures are the operator's and nobody else's.

    Attributes:
        records: in the ledger.
        batches: signed.
        organisations: whose signatures were checked.
        captures: whose bytes were checked.
        erased: records of which only the id remains.
        checkpoints: signed ones that show the beginning of this log.
        head: tree head over all record ids; two equal ledgers have equal heads.
    """

    records: int
    batches: int
    organisations: int
    captures: int
    erased: int
    checkpoints: int
    head: str

    def counts(self) -> dict[str, int]:
        """Figures by name."""
        return {
            "records": self.records,
            "batches": self.batches,
            "organisations": self.organisations,
            "captures": self.captures,
            "erased": self.erased,
            "checkpoints": self.checkpoints,
        }


def _is_held(atlas: Atlas, name: str, body: bytes) -> bool:
    """Whether a capture must be here; of one only named by claims of another atlas the bytes stayed there."""
    if not body or msgspec.json.decode(read_envelope(body).payload)["method"] == CITED:
        return atlas.vault.has(name)
    return True


def verify(atlas: Atlas, *, captures: bool = True) -> Proven:
    """Check the whole ledger and, unless told otherwise, the tables beside it and the bytes of every capture.

    Raises:
        LedgerError: the first thing that does not hold, with its place.
    """
    verified = verify_ledger(atlas.engine, atlas.id, tables=captures)
    count = 0
    if captures:
        with atlas.engine.connect() as connection:
            check_tables(connection)
            rows = connection.exec_driver_sql(
                "SELECT c.sha256, r.body FROM captures c JOIN records r ON r.seq = c.seq ORDER BY c.sha256"
            ).all()
            gone = {name for one in tombstones(connection) for name, _ in one.erasure.captures}
        held = sorted({name for name, body in rows if name not in gone and _is_held(atlas, name, body)})
        for name in held:
            atlas.vault.get(name)
        count = len(held)
    return Proven(
        records=verified.records,
        batches=verified.batches,
        organisations=verified.organisations,
        captures=count,
        erased=verified.erased,
        checkpoints=verified.checkpoints,
        head=verified.head,
    )
