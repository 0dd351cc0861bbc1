"""`review draw`: a secret share of claims gets further votes by members whom the tree head has drawn.

Each member is told its own share alone, under RED; the founder keeps the whole. A drawn claim is open and
blind to its juror until it has voted, whatever its verdict, so that its list shows no difference. Their votes
are the sample of truth on which reliability and rings are measured. Which claims are drawn hangs on the tree
head, and so on records that not everybody may see; like the head itself it tells nothing of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.desk.member import present
from chokepoint.desk.undisturbed import undisturbed_rows
from chokepoint.model.errors import LedgerError, RefusedError
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.store import ids
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.checkpoints import size_of
from chokepoint.store.records import read_records
from chokepoint.store.still import still
from chokepoint.store.tree import Log
from chokepoint.vet.draw import chosen, jury, seed_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.undisturbed import Then
    from chokepoint.store.reading import Reader

DRAW = "draw/1"
SHARE = 0.05
JURORS = 4
"""Members who look at a drawn claim, besides its contributor where that is drawn too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A draw over `size` records: so many claims were chosen of so many, and so many jurors told."""

    size: int
    claims: int
    of: int
    jurors: int


def draw(atlas: Atlas, *, share: float = SHARE) -> Drawn:
    """Draw among the claims recorded since the last draw that the founder sees.

    Of two at once one is drawn anew, after the other, so that no claim is drawn from twice.

    Raises:
        RefusedError: by another member than the founder, or a share beyond 0 to 1.
    """
    return undisturbed_rows(atlas, DRAW, partial(_draw, atlas, share))


def _draw(atlas: Atlas, share: float, then: Callable[[int], Then]) -> Drawn:
    reader = atlas.reader
    with reader.connect() as connection:
        organisations = reader.organisations(connection)
        members = list(present(atlas))
        _must_found(atlas, organisations[min(organisations)])
        if not 0.0 < share <= 1.0:
            raise RefusedError(f"a share of {share:g} cannot be drawn", mend="use more than 0 and at most 1")
        size = size_of(connection)
        root = Log(connection, size).root()
        before = max(
            (said["size"] for said in _told(reader, connection, atlas.viewer.organisation)), default=0
        )
        fresh = [seq for seq in reader.links(connection).seq.tolist() if before < seq <= size]
        names = [claim.id for claim in reader.claims(connection, fresh)]
    seed = seed_of(root, size)
    picked = sorted(name for name in names if chosen(seed, name, share))
    about = {"members": sorted(members), "root": root.hex(), "share": repr(share), "size": size}
    told = _jurors(atlas, seed, picked, members)
    rows = [_row(atlas, {**about, "claims": picked}, atlas.viewer.organisation)]
    rows += [_row(atlas, {**about, "claims": told[name]}, name) for name in sorted(told) if told[name]]
    atlas.ledger.append(atlas.speaker(), rows, then(len(rows)))
    return Drawn(size=size, claims=len(picked), of=len(names), jurors=len(rows) - 1)


def _must_found(atlas: Atlas, founder: str) -> None:
    if atlas.viewer.organisation != founder:
        raise RefusedError("only the founder of the atlas draws", mend="ask its first member")


def _jurors(atlas: Atlas, seed: bytes, picked: list[str], members: list[str]) -> dict[str, list[str]]:
    """What each member is to look at, of what it may see."""
    asked: dict[str, list[str]] = defaultdict(list)
    for claim in picked:
        for name in jury(seed, claim, members, JURORS + 1):
            asked[name].append(claim)
    told = {}
    for name, claims in asked.items():
        reader = replace(atlas, viewer=Viewer(organisation=name)).reader
        with reader.connect() as connection:
            seen = {one.id for one in reader.claims_by_id(connection, claims) if one.contributor != name}
        told[name] = [claim for claim in claims if claim in seen]
    return told


def _row(atlas: Atlas, said: dict[str, Any], juror: str) -> RecordRow:
    marking = Marking(tlp=Tlp.RED, audience=frozenset({juror, atlas.viewer.organisation}))
    return RecordRow(DRAW, canonical({**said, "juror": juror}), marking)


def _told(reader: Reader, connection: Connection, juror: str) -> Iterator[dict[str, Any]]:
    """What the founder told one member of draws."""
    organisations = reader.organisations(connection)
    for record in read_records(reader, connection, DRAW):
        if record.organisation == organisations[min(organisations)] and record.said["juror"] == juror:
            yield record.said


@still
def drawn_at(reader: Reader, connection: Connection) -> NDArray[np.int64]:
    """Ascending positions of the claims at which the viewer's organisation was drawn to look.

    The founder, who keeps the whole draw, is asked for its own share alone.
    """
    mine = reader.viewer.organisation
    names = {
        bytes.fromhex(claim)
        for said in _told(reader, connection, mine)
        for claim in said["claims"]
        if mine
        in jury(seed_of(bytes.fromhex(said["root"]), said["size"]), claim, said["members"], JURORS + 1)
    }
    found = ids.positions(connection, sorted(names)).values() if names else ()
    drawn = np.array(sorted(found), np.int64)
    drawn.setflags(write=False)
    return drawn


def check(atlas: Atlas) -> int:
    """Check what the viewer was told of draws against the log; returns how many claims were checked.

    Raises:
        LedgerError: a root that the log never had, or a claim that its seed does not choose.
    """
    reader, checked = atlas.reader, 0
    with reader.connect() as connection:
        log = Log(connection, size_of(connection))
        for said in _told(reader, connection, atlas.viewer.organisation):
            root, size = bytes.fromhex(said["root"]), int(said["size"])
            if size > log.size or log.root(size) != root:
                raise LedgerError("a draw rests on a head that the log never had", place=f"size {size}")
            seed = seed_of(root, size)
            for claim in said["claims"]:
                if not chosen(seed, claim, float(said["share"])):
                    raise LedgerError("a claim was put into a draw by hand", place=claim)
                checked += 1
    return checked
