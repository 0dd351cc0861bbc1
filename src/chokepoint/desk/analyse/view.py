"""The viewer's snapshot: built from the visible claims when they changed, else mapped from the cache."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from chokepoint import __version__
from chokepoint.desk.analyse.rows import Names, read_names, read_rows
from chokepoint.graph.snapshot import Snapshot, build
from chokepoint.model.errors import BadInputError
from chokepoint.model.vocabulary import vocabulary
from chokepoint.vet.standing import judge

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.columns import Longs
    from chokepoint.model.identity import Entity
    from chokepoint.store.base import StoredClaim

FORM = "3"
KEPT = 4


@dataclass(frozen=True, kw_only=True)
class View:
    """A snapshot with what is needed to say its numbers in words.

    Attributes:
        atlas: as the viewer.
        snapshot: the arrays.
        names: behind the numbers.
    """

    atlas: Atlas
    snapshot: Snapshot
    names: Names

    @property
    def eid_of_node(self) -> Longs:
        """Entity number of each node."""
        return self.snapshot.eid

    @property
    def origin_names(self) -> dict[int, str]:
        """Publishers by number."""
        return self.names.origins

    @cached_property
    def _known(self) -> dict[int, Entity]:
        return {}

    def node_of_eid(self, eid: int) -> int | None:
        """The node of an entity number; None where this viewer sees none."""
        found = self.snapshot.index(np.array([eid]))
        return int(found[0]) if len(found) else None

    def entities(self, nodes: Iterable[int]) -> dict[int, Entity]:
        """Entities by node."""
        wanted = {int(node): int(self.snapshot.eid[node]) for node in nodes}
        missing = [eid for eid in wanted.values() if eid not in self._known]
        if missing:
            reader = self.atlas.reader
            with reader.connect() as connection:
                self._known.update(reader.entities(connection, missing))
        return {node: self._known[eid] for node, eid in wanted.items()}

    def claims_at(self, seqs: list[int]) -> dict[int, StoredClaim]:
        """Visible claims by ledger position."""
        reader = self.atlas.reader
        with reader.connect() as connection:
            return {claim.seq: claim for claim in reader.claims(connection, seqs)}

    def claim_at(self, seq: int) -> StoredClaim:
        """The visible claim at a ledger position."""
        return self.claims_at([seq])[seq]


def load_snapshot(atlas: Atlas) -> View:
    """The viewer's map as of now: from the cache when nothing that it is made of has changed."""
    reader = atlas.reader
    with reader.connect() as connection:
        names = read_names(reader, connection)
        folder = atlas.cache / f"snapshot-{_key(atlas, connection)}"
        snapshot = _from_cache(folder)
        if snapshot is None:
            joining = {name: prop.joins for name, prop in vocabulary().properties.items()}
            rows, eids = read_rows(reader, connection, names)
            snapshot = replace(build(rows, judge=judge, joining=joining), eid=eids)
            _to_cache(snapshot, folder)
    return View(atlas=atlas, snapshot=snapshot, names=names)


def _key(atlas: Atlas, connection: Connection) -> str:
    position = atlas.reader.data_position(connection)
    visible = atlas.reader.visible(connection)
    return sha256(f"{__version__} {FORM} {position} {visible}".encode()).hexdigest()[:32]


def _from_cache(folder: Path) -> Snapshot | None:
    if not (folder / "whole").exists():
        return None
    try:
        arrays = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
        return Snapshot.from_arrays(arrays)
    except (BadInputError, OSError, ValueError):
        shutil.rmtree(folder, ignore_errors=True)
        return None


def _to_cache(snapshot: Snapshot, folder: Path) -> None:
    """Write the arrays; the mark `whole` comes last, so that a cache cut short is never read."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, array in snapshot.to_arrays().items():
        np.save(folder / f"{name}.npy", array)
    (folder / "whole").touch()
    others = sorted(folder.parent.glob("snapshot-*"), key=lambda other: other.stat().st_mtime)
    for old in others[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
