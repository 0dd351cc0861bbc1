"""Two minutes for whoever decides: what is known, what was done, what it changed; of the viewer's own map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.analyse.choke import ChokeOptions, choke_view
from chokepoint.desk.analyse.view import load_snapshot
from chokepoint.desk.looking.tell import countries
from chokepoint.desk.vetting.queue import OPEN as OPEN_TO_VOTES
from chokepoint.desk.work.act import STATES
from chokepoint.desk.work.impact import impact_unlogged
from chokepoint.desk.work.operation import operations
from chokepoint.model.judgement import Verdict
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from chokepoint.desk.analyse import ChokeAnswer
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.work.act import Operation
    from chokepoint.graph.snapshot import Snapshot
    from chokepoint.impact.measures import Total
    from chokepoint.model.identity import Entity
    from chokepoint.package.findings import CountryCount

ACTORS = ("group", "campaign", "person", "persona", "organisation")
TOLD, MOST_COUNTRIES = 6, 8
MOST_WAITING = 500
OPEN = STATES[:2]
LEVERS = 30
"""As many as the choke board asks for first: what it was answered then does for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a viewer's map comes to.

    Attributes:
        things: entities; actors: of them groups, campaigns, persons and organisations.
        statements: on links between things; accepted: of them.
        publishers: root publishers of all of it.
        countries: in which sources place most groups and campaigns, each with how many.
        strike: what `choke` answers: where a strike would last, or why nothing can be said.
        operations: those that are open first, then the newest.
        totals: sums over whole operations, those of the most operations first.
        events: the operations whose figures were read for that; a look at it is one at them.
    """

    things: int
    actors: int
    statements: int
    accepted: int
    publishers: int
    countries: tuple[CountryCount, ...]
    strike: ChokeAnswer
    operations: tuple[Operation, ...]
    totals: tuple[Total, ...]
    events: tuple[Entity, ...]


def summary(atlas: Atlas) -> Summary:
    """What the map of an atlas's viewer comes to; whoever shows it logs the look."""
    view = load_snapshot(atlas)
    snapshot = view.snapshot
    newest = operations(atlas)[::-1]
    led = sorted(newest, key=lambda one: one.state not in OPEN)
    measured = impact_unlogged(atlas)
    whole = [one for one in measured.totals if not one.where]
    return Summary(
        things=snapshot.size,
        actors=_of_kinds(snapshot),
        statements=len(snapshot.subject),
        accepted=int(np.count_nonzero(snapshot.verdict == VERDICTS.index(Verdict.ACCEPTED))),
        publishers=len(snapshot.origin_names),
        countries=countries(view)[:MOST_COUNTRIES],
        strike=choke_view(view, ChokeOptions(top=LEVERS)),
        operations=tuple(led[:TOLD]),
        totals=tuple(sorted(whole, key=lambda one: -len(one.added))[:TOLD]),
        events=measured.events,
    )


def unvoted(atlas: Atlas) -> int:
    """Open statements on which the viewer's organisation has not spoken, counted up to `MOST_WAITING`."""
    snapshot = load_snapshot(atlas).snapshot
    waiting = ~np.asarray(snapshot.spoken) & np.isin(snapshot.verdict, OPEN_TO_VOTES)
    return min(int(np.count_nonzero(waiting)), MOST_WAITING)


def _of_kinds(snapshot: Snapshot) -> int:
    numbers = [number for number, name in enumerate(snapshot.kind_names) if name in ACTORS]
    return int(np.count_nonzero(np.isin(snapshot.kind, numbers)))
