"""Which statements of the viewer's map are about what a person names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.canvas.grow import drawn_between, nodes_of
from chokepoint.desk.looking.tell import between_nodes, telling
from chokepoint.desk.personal.veil import unveiled
from chokepoint.desk.resolve import resolve
from chokepoint.graph.crossing import crossings
from chokepoint.model.errors import NotFoundError
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.analyse import View


VETTED = frozenset({"accepted"})


def about(view: View, target: str) -> tuple[list[int], list[int]]:
    """Statements on a target and its identity cluster, and the nodes of that; the best finding's for none.

    The best finding is the strongest accepted crossing; without one, both are empty.

    Raises:
        NotFoundError: the viewer's map does not hold the target.
    """
    if not target:
        found = telling(view, crossings(view.snapshot, limit=100, accepted_only=True))[:1]
        return (between_nodes(view, found[0]), [found[0].left, found[0].right]) if found else ([], [])
    rows, members = _around(view, _known(view, target))
    if not members:
        raise _unknown(target)
    return rows, members


def wanted(view: View, target: str) -> tuple[list[int], list[int] | None]:
    """Statements about a target and numbers of the entities in them; all, and None, where none is named."""
    snapshot = view.snapshot
    if not target:
        return list(range(len(snapshot.subject))), None
    known = _known(view, target)
    rows = _around(view, known)[0]
    ends = np.concatenate([snapshot.subject[rows], snapshot.object[rows]]).astype(np.int64)
    return rows, sorted({*known, *snapshot.eid[ends].tolist()})


def among(view: View, names: Sequence[str]) -> tuple[list[int], list[int]]:
    """Statements that a canvas draws between entities, written `kind:value`, and the numbers of these."""
    nodes = nodes_of(view, names)
    return drawn_between(view, nodes), sorted(view.snapshot.eid[nodes].tolist())


def _known(view: View, target: str) -> list[int]:
    """Numbers of the entities that a person may mean."""
    reader = view.atlas.reader
    with reader.connect() as connection:
        found = [one.eid for one in resolve(reader, connection, unveiled(view.atlas, target))]
    if not found:
        raise _unknown(target)
    return found


def _unknown(target: str) -> NotFoundError:
    return NotFoundError("nothing known", place=target, mend="chokepoint search finds how it is written")


def _around(view: View, eids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Statements on the identity clusters of some entities, and the nodes of these."""
    snapshot = view.snapshot
    nodes = [node for eid in eids if (node := view.node_of_eid(eid)) is not None]
    members = np.flatnonzero(np.isin(snapshot.cluster, snapshot.cluster[nodes]))
    touching = np.isin(snapshot.subject, members) | np.isin(snapshot.object, members)
    return np.flatnonzero(touching).tolist(), members.tolist()


def fit(view: View, rows: Sequence[int], verdicts: frozenset[str]) -> list[int]:
    """Those of some statements of which the verdict, by name, is one of these."""
    numbers = {number for number, verdict in enumerate(VERDICTS) if verdict.value in verdicts}
    return [row for row in rows if int(view.snapshot.verdict[row]) in numbers]


def same_rows(view: View, rows: Sequence[int], other: View) -> list[int]:
    """The statements of another view that rest on any claim of these."""
    wanted = [view.snapshot.claim_seq[view.snapshot.claims(row)] for row in rows]
    seqs = np.concatenate(wanted) if wanted else np.zeros(0, np.int64)
    held = np.isin(other.snapshot.claim_seq, seqs)
    statement = np.repeat(np.arange(len(other.snapshot.subject)), np.diff(other.snapshot.claim_pointer))
    found: list[int] = np.unique(statement[held]).tolist()
    return found
