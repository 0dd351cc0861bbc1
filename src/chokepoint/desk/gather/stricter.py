"""Labels in the ledger that are laxer than what is collected now: the strictest wins, by a re-marking.

Only towards the stricter, and only of the collecting organisation's own records, by whoever of it may share.
The capture of a file that is not wholly read is its organisation's alone: what stands further down may be
more closed than what was read so far.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from chokepoint.desk.handing.remark import MOST, remarking
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Right
from chokepoint.store import own as taken
from chokepoint.store import people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.base import ClaimRow

AGAIN = "collected again under a stricter label"
WHOLE = "wholly read: the most closed claim in it is known"

Change = tuple[Marking, Marking]


def own(marking: Marking, organisation: str) -> Marking:
    """For the organisation alone; where RED let in only some of its users, for these."""
    users = frozenset(name for name in marking.audience if name.startswith(f"{organisation}/"))
    if marking.tlp is Tlp.RED and users and organisation not in marking.audience:
        return replace(marking, audience=users)
    return replace(marking, tlp=Tlp.AMBER_STRICT, audience=frozenset())


def may_share(atlas: Atlas) -> bool:
    """Whether the viewer may re-mark what their organisation said."""
    with atlas.reader.connect() as connection:
        return Right.SHARE in people.rights_of(connection, atlas.viewer.organisation, atlas.viewer.user)


def held(atlas: Atlas, sha256s: Iterable[str]) -> dict[str, list[tuple[str, Marking]]]:
    """Record ids and markings of the captures of these files that the viewer's organisation has taken."""
    with atlas.reader.connect() as connection:
        return taken.captures_under(atlas.reader, connection, sha256s)


def laxer(atlas: Atlas, rows: Iterable[ClaimRow]) -> dict[str, Change]:
    """Of claims that their organisation said before: those under a laxer label, as it is and should be."""
    wanted: dict[tuple[str, int], Marking] = {}
    for row in rows:
        key, marking = (row.provenance.capture, row.fingerprint), row.provenance.marking
        wanted[key] = wanted[key].join(marking) if key in wanted else marking
    if not wanted:
        return {}
    captures = {capture for capture, _ in wanted}
    with atlas.reader.connect() as connection:
        said = taken.said_laxer(atlas.reader, connection, captures, frozenset(wanted.values()))
    changes = {
        name: (old, _both(old, wanted[key], atlas.viewer.organisation))
        for key, (name, old) in said.items()
        if key in wanted
    }
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1]}


def close(atlas: Atlas, captures: Mapping[str, Marking]) -> None:
    """Re-mark the own captures of files that are under a laxer label than the files are now."""
    organisation = atlas.viewer.organisation
    changes = {
        name: (old, _both(old, captures[sha256], organisation))
        for sha256, found in held(atlas, captures).items()
        for name, old in found
    }
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes and may_share(atlas):
        change(atlas, changes, AGAIN)


def change(atlas: Atlas, changes: Mapping[str, Change], reason: str) -> None:
    """Re-mark records, each from one marking to another, as those may read who see it under both."""
    by_change: dict[Change, list[str]] = defaultdict(list)
    for name, pair in changes.items():
        by_change[pair].append(name)
    rows = [remarking(part, pair, reason) for pair, names in by_change.items() for part in _parts(names)]
    if rows:
        atlas.ledger.append(atlas.speaker(), rows)


def _both(old: Marking, new: Marking, organisation: str) -> Marking:
    """The join of both; the old one where that would let nobody see the record, not even to re-mark it."""
    both = old.join(new)
    if both.tlp is not Tlp.RED or both.audience:
        return both
    if old.audience and new.audience:
        return old
    named = old.audience | new.audience
    mine = frozenset(name for name in named if name.partition("/")[0] == organisation)
    return replace(both, audience=mine or frozenset({organisation}))


def _parts(names: list[str]) -> list[list[str]]:
    return [names[start : start + MOST] for start in range(0, len(names), MOST)]
