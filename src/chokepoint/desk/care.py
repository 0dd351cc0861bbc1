"""`verify`: the care of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        head: hash over all batch roots; two equal ledgers have equal heads.
    """

    records: int
    batches: int
    organisations: int
    captures: int
    head: str

    def counts(self) -> dict[str, int]:
        """Figures by name."""
        return {
            "records": self.records,
            "batches": self.batches,
            "organisations": self.organisations,
            "captures": self.captures,
        }


def verify(atlas: Atlas, *, captures: bool = True) -> Proven:
    """Check the whole ledger and, unless told otherwise, the bytes of every capture.

    Raises:
        LedgerError: the first thing that does not hold, with its place.
    """
    verified = verify_ledger(atlas.engine, atlas.id)
    count = 0
    if captures:
        with atlas.engine.connect() as connection:
            names = [
                row[0]
                for row in connection.exec_driver_sql("SELECT DISTINCT sha256 FROM captures ORDER BY sha256")
            ]
        for name in names:
            atlas.vault.get(name)
        count = len(names)
    return Proven(
        records=verified.records,
        batches=verified.batches,
        organisations=verified.organisations,
        captures=count,
        head=verified.head,
    )
