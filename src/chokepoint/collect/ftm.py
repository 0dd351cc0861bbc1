"""FollowTheMoney entities that an atlas exported, a JSON object a line: they come back claim for claim.

A claim stands whole under the key `chokepoint` of its line; lines without it repeat the entities of these
claims. FtM data of other publishers are not read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chokepoint.collect.base import Document, Item, Rejected, Skipped
from chokepoint.collect.said import claim_said

if TYPE_CHECKING:
    from collections.abc import Iterator

DATASET = "chokepoint"
_REPEATED = Skipped("entity that the claims of the export name")
_MEND = "Mend: export it again; what you add, add with chokepoint note or in a table"


class _Line(msgspec.Struct, frozen=True):
    """What of an FtM entity tells whether an atlas exported it."""

    id: str
    schema: str
    properties: dict[str, list[str]]
    datasets: list[str] = msgspec.field(default_factory=list)
    chokepoint: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)


_decoder = msgspec.json.Decoder(_Line)


class Ftm:
    """Collector of our own FollowTheMoney exports."""

    name = "ftm"

    def recognises(self, document: Document) -> bool:
        """JSON lines of which the first is an FtM entity of the dataset that exports name."""
        line = document.data.lstrip()
        if not line.startswith(b"{"):
            return False
        try:
            return DATASET in _decoder.decode(line.partition(b"\n")[0]).datasets
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return False

    def read(self, document: Document) -> Iterator[Item]:
        """The claims of the export as they were, at `line N`."""
        for number, line in enumerate(document.data.split(b"\n"), 1):
            if line.strip():
                yield from _read(document, f"line {number}", line)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _read(document: Document, place: str, text: bytes) -> Iterator[Item]:
    try:
        line = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        yield Rejected(place, f"no FollowTheMoney entity ({str(error)[:200]}). {_MEND}")
        return
    if DATASET not in line.datasets:
        yield Rejected(place, f"{line.id[:80]!r} is an entity that no atlas exported. {_MEND}")
    elif bytes(line.chokepoint):
        yield from claim_said(document, place, bytes(line.chokepoint))
    else:
        yield _REPEATED
