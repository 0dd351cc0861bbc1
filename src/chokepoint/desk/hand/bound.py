"""`package build`: what is accepted about a target, bound for its recipients with all that proves it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from chokepoint import __version__
from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot
from chokepoint.desk.hand.about import about, accepted
from chokepoint.desk.publish import Content, bind, material, write
from chokepoint.desk.tell import drawn, iso, markings, picture, routes, standings, telling
from chokepoint.desk.watch.access import Copy, disclosed
from chokepoint.graph.crossing import crossings
from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.package.choose import Audience, strictest
from chokepoint.package.findings import Finding, FindingKind, Line
from chokepoint.package.privacy import discretion
from chokepoint.store.people import withheld
from chokepoint.store.visible import resolved
from chokepoint.values.registry import show

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chokepoint.desk.analyse import View
    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.crossing import Crossing
    from chokepoint.package.privacy import Discretion

CANARY = 8
SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A package as written."""

    folder: Path
    title: str
    claims: int
    refused: int
    simulated: bool

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        return {
            "path": str(self.folder),
            "title": self.title,
            "claims": self.claims,
            "refused": self.refused,
            "simulated": self.simulated,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """To whom and for what a package goes.

    Attributes:
        recipients: organisations that will get it; the viewer's own always may.
        judicial: whether it is for use in judicial proceedings, which H1 forbids without permission.
        acknowledged: whether the sender has read and accepts the providers' own restrictions (H3).
    """

    recipients: frozenset[str] = frozenset()
    judicial: bool = False
    acknowledged: bool = False


ALONE = Dispatch()


def build(atlas: Atlas, target: str, out: Path, to: Dispatch = ALONE) -> Built:
    """Bind what is accepted about a target, or the best finding where none is named.

    Everything in it, the drawings and beliefs too, is computed from what all recipients may see.

    Args:
        atlas: opened by the organisation that signs.
        target: as a person writes it, or empty.
        out: a new or empty folder, or an older package.
        to: whom, and for what.

    Raises:
        NotFoundError: the viewer's map does not hold the target.
        RefusedError: nothing about it is accepted.
    """
    view = load_snapshot(atlas.shared_with(Viewer(organisation=name) for name in sorted(to.recipients)))
    rows, centres = about(view, target)
    rows = accepted(view, rows)
    audience = _audience(atlas, to)
    _shows_nothing_withheld(view, centres, audience)
    if not rows:
        raise _nothing(target, to)
    standing = standings(view, rows)
    discreet = discretion(material(view.atlas, standing, evidence=False).claims, open_edition=audience.public)
    title = _title(view, target, centres, discreet)
    canary = _canary(atlas, target or title, to)
    content = Content(
        title=title,
        finding=_of_copy(_finding(view, title, (rows, centres), discreet), canary),
        picture=picture(view, centres),
        audience=audience,
    )
    package = bind(view.atlas, standing, content)
    disclosed(atlas, "package", target or title, claims=package.claims, copy=Copy(to.recipients, canary))
    write(package, out)
    return Built(
        folder=out,
        title=title,
        claims=len(package.claims),
        refused=max(len(package.refusals), _accepted_about(atlas, target) - len(package.claims)),
        simulated=any(claim.simulated for claim in package.claims),
    )


def _nothing(target: str, to: Dispatch) -> RefusedError:
    return RefusedError(
        f"nothing about {target or 'any finding'} is accepted"
        + " among what all may see" * bool(to.recipients),
        mend="let two other members confirm it: chokepoint review list",
    )


def _accepted_about(atlas: Atlas, target: str) -> int:
    """How many accepted claims about a target the sender sees."""
    own = load_snapshot(atlas)
    return len(standings(own, accepted(own, about(own, target)[0]))) if target else 0


def _title(view: View, target: str, centres: Sequence[int], discreet: Discretion) -> str:
    """The target as it was named, unless that names somebody whom the package may not name."""
    entities = view.entities(centres)
    if not target:
        return " and ".join(discreet.label(entities[node], entities[node].value) for node in centres)
    hidden = next((one for one in entities.values() if not discreet.may_name(one)), None)
    return target if hidden is None else discreet.label(hidden, show(hidden))


def _audience(atlas: Atlas, to: Dispatch) -> Audience:
    """The recipients with the circles that they are in now."""
    names = to.recipients | {atlas.viewer.organisation}
    with atlas.engine.connect() as connection:  # recipients' circles are not the sender's to read
        readers = frozenset(resolved(connection, Viewer(organisation=name)) for name in names)
        readers |= {atlas.reader.resolved(connection)}
        kept = withheld(connection)
    return Audience(
        organisations=names,
        readers=readers,
        sender=atlas.viewer.organisation,
        judicial=to.judicial,
        acknowledged=to.acknowledged,
        withheld=kept,
    )


def _shows_nothing_withheld(view: View, centres: list[int], audience: Audience) -> None:
    """Refuse a package whose drawing would show what is withheld; leaving it out would show its shape."""
    shown = {int(node) for edge in drawn(view, centres) for node in _ends(view, edge)} | set(centres)
    if not audience.withheld.isdisjoint(view.entities(shown).values()):
        raise RefusedError(
            "something in it is withheld, for somebody's safety or by an overseer's veto",
            mend="ask an overseer, or name another target",
        )


def _ends(view: View, statement: int) -> tuple[int, int]:
    return int(view.snapshot.subject[statement]), int(view.snapshot.object[statement])


def _canary(atlas: Atlas, title: str, to: Dispatch) -> str:
    """The name of the copy that these recipients get; only the atlas's secret makes another's."""
    named = "\x1f".join((title, atlas.viewer.organisation, *sorted(to.recipients)))
    return blake2b(named.encode(), key=atlas.secret, digest_size=CANARY).hexdigest()


def _of_copy(finding: Finding, canary: str) -> Finding:
    """The finding with the name of this copy, by which a leak is traced to its recipients."""
    return replace(finding, parameters=(*finding.parameters, Line("Copy", canary)))


def _finding(
    view: View, title: str, subject: tuple[Sequence[int], Sequence[int]], discreet: Discretion
) -> Finding:
    """What a package about a target says: how much is accepted, and what crosses sources."""
    rows, centres = subject
    found = telling(view, crossings(view.snapshot, limit=100, accepted_only=True))
    mine = [one for one in found if {one.left, one.right} & set(centres)][:SHOWN]
    answer = choke_view(view, ChokeOptions())
    return Finding(
        title=title,
        kind=FindingKind.STRUCTURAL if answer.structural_only else FindingKind.CHOKE_POINT,
        as_of=answer.as_of.isoformat(),
        position=f"all claims recorded by {view.atlas.clock()[:10]}",
        code_version=__version__,
        parameters=(Line("Acceptance", "belief at least 0.8, two confirming members, no open dispute"),),
        explanation=(f"{len(rows):,} accepted statements about {title}.", *_seen(view, rows)),
        routes=routes(view, mine, discreet),
        marking=strictest(
            [Marking(tlp=Tlp.GREEN), *markings(view, [*drawn(view, centres), *_stepped(mine)])]
        ),
    )


def _stepped(found: Sequence[Crossing]) -> list[int]:
    """The statements that crossings are told with."""
    return [hop.statement for one in found for hop in one.hops if hop.statement >= 0]


def _seen(view: View, rows: Sequence[int]) -> tuple[str, ...]:
    days = [int(view.snapshot.last[row]) for row in rows]
    newest = max(days)
    return (f"Last evidence of life: {iso(newest - 1)}.",) if newest > 0 else ("No evidence is dated.",)
