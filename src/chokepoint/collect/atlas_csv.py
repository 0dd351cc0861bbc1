"""Tables of claims that an atlas exported, a claim a row: they come back claim for claim.

What an export of this form lacks is lost: how a subject was written, how exactly a day was known. A marking
given to `collect` is joined to the row's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Item, Rejected, Skipped
from chokepoint.collect.decoding import decode
from chokepoint.collect.rows import rows
from chokepoint.collect.said import claim_said
from chokepoint.values.cells import unguard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIRST = ["subject_kind", "subject", "property", "object_kind", "object"]
NEEDED = frozenset(
    {*FIRST, "origin", "grading", "observed_from", "observed_until", "nature", "marking", "capture", "place"}
)


class AtlasCsv:
    """Collector of our own CSV exports."""

    name = "atlas-csv"

    def recognises(self, document: Document) -> bool:
        """Whether the first line is the header of an export."""
        line = document.head.lstrip(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace").strip()
        return line.split(",")[: len(FIRST)] == FIRST and set(line.split(",")) >= NEEDED

    def read(self, document: Document) -> Iterator[Item]:
        """The claims of the export as they were, at `line N`."""
        text, broken = decode(document)
        yield from broken
        header: list[str] = []
        for row in rows(text):
            if isinstance(row, Rejected):
                yield row
            elif not header:
                header = row.cells
                yield Skipped("header row")
            elif not any(row.cells):
                yield Skipped("blank line")
            elif len(row.cells) != len(header):
                reason = f"{len(row.cells)} cells under {len(header)} headers. Mend: export it again"
                yield Rejected(f"line {row.line}", reason)
            else:
                cells = {name: unguard(cell) for name, cell in zip(header, row.cells, strict=True)}
                yield from claim_said(document, f"line {row.line}", _whole(cells))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _whole(cells: Mapping[str, str]) -> bytes:
    """The claim as exports of other forms hold it."""
    link, days = cells["object_kind"], (cells["observed_from"], cells["observed_until"])
    said = {
        **{key: cells[key] for key in ("property", "capture", "place", "origin", "grading", "nature")},
        "subject": [cells["subject_kind"], cells["subject"]],
        "object": [link, cells["object"]] if link else cells["object"],
        "marking": [
            cells["marking"],
            cells.get("pap") or "PAP:CLEAR",
            *map(_listed, (cells.get("recipients"), cells.get("codes"))),
        ],
        "observed": [*days, "day"] if any(days) else None,
        "simulated": bool(cells.get("simulated")),
    }
    return json.dumps(said).encode("utf-8", "replace")


def _listed(cell: str | None) -> object:
    """A JSON list; what is none stays as it is, and the claim is refused."""
    try:
        return json.loads(cell) if cell else []
    except (ValueError, RecursionError):
        return cell
