"""Why the plan does not strike the best connected thing, which everybody sees first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.holders import holder_of
from chokepoint.graph.columns import distinct
from chokepoint.graph.traits import LISTED
from chokepoint.values.registry import show

if TYPE_CHECKING:
    from chokepoint.choke.holders import Concentration
    from chokepoint.desk.analyse.view import View
    from chokepoint.graph.columns import Bools

LOOKED_AT = 20
REASONS = {
    "planned": "it is in the plan",
    "listed": "it is parked, sinkholed, shared or known good, and so no target",
    "barred": "it belongs to a victim or a source calls it legitimate, and so it is no target",
    "dead": "there is no recent evidence that it is alive",
    "unheld": "nobody is known by name who could act on it",
    "unvetted": "what ties it to an actor is not vetted",
    "weaker": "other levers do more lasting damage for the budget",
}
"""Why the best connected thing is, or is not, in a plan; the first that holds is told."""


@dataclass(frozen=True, slots=True)
class Accused:
    """Masks over the statements, bool (S,), and over the nodes, bool (N,).

    Attributes:
        accusing: statements that tie an identifier to an actor.
        accepted: accepted statements.
        barred: nodes that are no targets whatever is said of them.
        alive: statements seen lately.
    """

    accusing: Bools
    accepted: Bools
    barred: Bools
    alive: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """The best connected accused identifier.

    Attributes:
        name: as people write it.
        links: statements about it.
        reason: why it is, or is not, in the plan.
    """

    name: str
    links: int
    reason: str


def biggest_hub(
    view: View, accused: Accused, plan: tuple[Concentration, ...], closed: frozenset[str]
) -> Hub | None:
    """The accused identifier with the most links, and what the plan makes of it.

    Args:
        view: the viewer's map.
        accused: what is accused, accepted, barred and alive.
        plan: the chosen levers.
        closed: names that are passed over without a word (excluded or reserved), case-folded.
    """
    snapshot = view.snapshot
    links = np.bincount(snapshot.subject, minlength=snapshot.size)
    links += np.bincount(snapshot.object, minlength=snapshot.size)
    subjects = distinct(snapshot.subject[accused.accusing])
    order = subjects[np.lexsort((subjects, -links[subjects]))][:LOOKED_AT]
    entities = view.entities(order)
    for node in order.tolist():
        entity = entities[node]
        if not closed & {show(entity).casefold(), entity.value.casefold(), str(entity).casefold()}:
            reason = _reason(view, accused, plan, node)
            return Hub(name=show(view.shown([node])[node]), links=int(links[node]), reason=reason)
    return None


def _reason(view: View, accused: Accused, plan: tuple[Concentration, ...], node: int) -> str:
    snapshot = view.snapshot
    mine = accused.accusing & (snapshot.subject == node)
    planned = {row for lever in plan for row in lever.handles}
    reasons = (
        (bool(planned & set(np.flatnonzero(mine).tolist())), "planned"),
        (bool(snapshot.flags[node] & LISTED), "listed"),
        (bool(accused.barred[node]), "barred"),
        (not (mine & accused.alive).any(), "dead"),
        (holder_of(view.entities([node])[node]) is None, "unheld"),
        (not (mine & accused.alive & accused.accepted).any(), "unvetted"),
    )
    return REASONS[next((reason for holds, reason in reasons if holds), "weaker")]
