"""The finding that a package about a target carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chokepoint import __version__
from chokepoint.desk.analyse import ChokeOptions, choke_view
from chokepoint.desk.analyse.chain.telling import chain_parts
from chokepoint.desk.hand.about import VETTED, fit
from chokepoint.desk.looking.tell import acceptance, iso, markings, routes, telling
from chokepoint.graph.crossing import crossings
from chokepoint.model.marking import Marking, Tlp
from chokepoint.package.choose import strictest
from chokepoint.package.findings import Finding, FindingKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chokepoint.desk.analyse import View
    from chokepoint.graph.crossing import Crossing
    from chokepoint.model.identity import Entity
    from chokepoint.package.privacy import Discretion

SHOWN = 6


class Subject(NamedTuple):
    """What a package is about: its title, its statements, and the nodes at their centre."""

    title: str
    rows: Sequence[int]
    centres: Sequence[int]


def finding_about(
    view: View, subject: Subject, discreet: Discretion, *, withheld: Collection[Entity] = ()
) -> Finding:
    """What a package about a target says: how much is accepted, what crosses sources, and what a plan does.

    Nothing is said of a chain that does not touch the target or that holds something withheld.

    Args:
        view: what all recipients may see.
        subject: of the package.
        discreet: who may be named.
        withheld: what may stand in no package.
    """
    title, rows, centres = subject
    found = telling(view, crossings(view.snapshot, limit=100, accepted_only=True))
    mine = [one for one in found if {one.left, one.right} & set(centres)][:SHOWN]
    answer = choke_view(view, ChokeOptions())
    about = {
        *centres,
        *(int(end[row]) for row in rows for end in (view.snapshot.subject, view.snapshot.object)),
    }
    told, ground = chain_parts(view, answer.chain, about=about, withheld=withheld)
    said = (
        _counted(view, rows, title),
        *_seen(view, rows),
        *told.pop("explanation", ()),
    )
    return Finding(
        title=title,
        kind=FindingKind.CHOKE_POINT if told else FindingKind.STRUCTURAL,
        as_of=answer.as_of.isoformat(),
        position=f"all claims recorded by {view.atlas.clock()[:10]}",
        code_version=__version__,
        parameters=(acceptance(view),),
        explanation=said,
        routes=routes(view, mine, discreet),
        marking=strictest([Marking(tlp=Tlp.GREEN), *markings(view, [*rows, *_stepped(mine), *ground])]),
        **told,
    )


def _counted(view: View, rows: Sequence[int], title: str) -> str:
    """How many statements are accepted, and how many are not vetted yet."""
    vetted = len(fit(view, rows, VETTED))
    if vetted == len(rows):
        return f"{vetted:,} accepted statements about {title}."
    return f"{vetted:,} accepted and {len(rows) - vetted:,} proposed statements about {title}."


def _seen(view: View, rows: Sequence[int]) -> tuple[str, ...]:
    days = [int(view.snapshot.last[row]) for row in rows]
    newest = max(days)
    return (f"Last evidence of life: {iso(newest - 1)}.",) if newest > 0 else ("No evidence is dated.",)


def _stepped(found: Sequence[Crossing]) -> list[int]:
    """The statements that crossings are told with."""
    return [hop.statement for one in found for hop in one.hops if hop.statement >= 0]
