"""`package build`: what is accepted about a target, bound for its recipients with all that proves it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.hand.about import VETTED, about, fit
from chokepoint.desk.hand.copies import cleared, copies
from chokepoint.desk.hand.finding import Subject, finding_about
from chokepoint.desk.hand.selected import selection
from chokepoint.desk.hand.weighed import weighed
from chokepoint.desk.handing.dissemination import Copy
from chokepoint.desk.handing.publish import Content, bind, material, write
from chokepoint.desk.handing.release import must_release, released
from chokepoint.desk.looking.tell import drawn, picture, standings
from chokepoint.desk.personal.edition import edition
from chokepoint.desk.personal.role import overdue
from chokepoint.desk.vetting.approving import approvable
from chokepoint.desk.vetting.standing import restrained, sentence
from chokepoint.desk.watch.access import disclosed
from chokepoint.desk.watch.flagged import flagged
from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.model.marking import Viewer
from chokepoint.model.said import Said
from chokepoint.package.choose import CASE, Audience
from chokepoint.package.findings import Finding, Line
from chokepoint.package.provisional import UNVETTED, approved
from chokepoint.store.people import withheld
from chokepoint.store.visible import resolved
from chokepoint.values.registry import show
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from chokepoint.desk.analyse import View
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.handing.publish import Material
    from chokepoint.desk.vetting.standing import Sentence
    from chokepoint.package.parts import Package, Provisional
    from chokepoint.package.privacy import Discretion, Minimised

CANARY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A package as written.

    Attributes:
        folder: of the package, or of the copies where there are several.
        title: of it.
        claims: in each copy.
        refused: claims that stayed behind.
        simulated: whether a vote in it is.
        copies: folder of each copy by its recipient, where several recipients were named; else none.
    """

    folder: Path
    title: str
    claims: int
    refused: int
    simulated: bool
    copies: Mapping[str, Path] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        return {
            "path": str(self.folder),
            "title": self.title,
            "claims": self.claims,
            "refused": self.refused,
            "simulated": self.simulated,
            "copies": {name: str(folder) for name, folder in self.copies.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """To whom and for what a package goes.

    Attributes:
        recipients: organisations that will get it; the viewer's own always may.
        judicial: whether it is for use in judicial proceedings, which H1 forbids without permission.
        acknowledged: whether the sender has read and accepts the providers' own restrictions (H3).
        provisional: why what is not vetted yet goes too, for 72 hours under the viewer's own name; else None.
        inquiry: of which the matrix goes too, or empty.
    """

    recipients: frozenset[str] = frozenset()
    judicial: bool = False
    acknowledged: bool = False
    provisional: str | None = None
    inquiry: str = ""

    @property
    def verdicts(self) -> frozenset[str]:
        """Of which statements may go."""
        return VETTED if self.provisional is None else UNVETTED


ALONE = Dispatch()


def build(atlas: Atlas, target: str, out: Path, to: Dispatch = ALONE) -> Built:
    """Bind what is accepted about a target, or the best finding where none is named.

    Everything in it, the drawings and beliefs too, is computed from what all recipients may see. Where there
    are several, each gets a copy that names whose it is, so that a leak names one.

    Args:
        atlas: opened by the organisation that signs.
        target: as a person writes it, or empty.
        out: a new or empty folder, or an older package; for several recipients also one with older copies.
        to: whom, and for what.

    Raises:
        NotFoundError: the viewer's map does not hold the target.
        RefusedError: nothing about it is accepted, or something else lies in the folder.
    """
    places = copies(out, to.recipients)
    approval = _approval(atlas, to)
    audience = _audience(atlas, to)
    view, kept = _view(atlas, to)
    found, centres = about(view, target)
    shown = _shown(view, centres, audience)
    rows = _to_go(view, found, target, to)
    matter = material(view.atlas, standings(view, rows), kept=kept)
    audience = replace(audience, minimised=_edition(atlas, view, shown | _named(view, rows), matter))
    discreet = audience.discreet(matter.claims)
    title = _title(view, target, centres, discreet)
    finding = finding_about(view, Subject(title, rows, centres), discreet, withheld=audience.withheld)
    lines = [*_releases(atlas, shown, audience), *weighed(view.atlas, to.inquiry, audience, discreet)]
    content = Content(
        title=title,
        finding=_saying(finding, lines),
        picture=picture(_only(view, rows), centres),
        audience=audience,
        provisional=approval,
        selection=selection(view, found, matter, (title, audience)),
    )
    names = {whose: _canary(atlas, target or title, whose) for whose in places}
    bound = {whose: bind(view.atlas, matter, _copy(content, name)) for whose, name in names.items()}
    for number, (whose, name) in enumerate(names.items()):
        copy, sent = Copy(whose, name, title, approval), bound[whose].claims
        disclosed(atlas, "package", target or title, claims=sent, copy=copy, counted=not number)
    cleared(out, places)
    return _written(bound, places, title=title, out=out, own=_own(atlas, target, to))


def _written(
    bound: Mapping[frozenset[str], Package],
    places: Mapping[frozenset[str], Path],
    *,
    title: str,
    out: Path,
    own: int,
) -> Built:
    """Write the copies; `own` is how many claims the sender could hand on to itself."""
    for whose, package in bound.items():
        write(package, places[whose])
    one = next(iter(bound.values()))
    return Built(
        folder=out,
        title=title,
        claims=len(one.claims),
        refused=max(len(one.refusals), own - len(one.claims)),
        simulated=any(claim.simulated for claim in one.claims),
        copies={} if out in places.values() else _by_name(places),
    )


def _by_name(places: Mapping[frozenset[str], Path]) -> dict[str, Path]:
    return {name: folder for whose, folder in places.items() for name in whose}


def _copy(content: Content, name: str) -> Content:
    """The copy of that name, which stands in its report too."""
    parameters = (*content.finding.parameters, Line("Copy", name))
    return replace(content, finding=replace(content.finding, parameters=parameters), copy=name)


def _to_go(view: View, found: Sequence[int], target: str, to: Dispatch) -> list[int]:
    """Those of some statements that may go, of which there must be one."""
    fitting = fit(view, found, to.verdicts)
    rows = fitting if to.provisional is None else approvable(view, fitting)
    if not rows:
        raise _not_yours(target) if fitting else _nothing(target, to)
    return rows


def _saying(finding: Finding, lines: Iterable[Line]) -> Finding:
    """The finding that says besides by whose word it names somebody."""
    return replace(finding, parameters=(*finding.parameters, *lines))


def _nothing(target: str, to: Dispatch) -> RefusedError:
    about = target or Said("any finding")
    told = (
        Said("nothing about {target} is accepted among what all may see", target=about)
        if to.recipients
        else Said("nothing about {target} is accepted", target=about)
    )
    return RefusedError(told, mend="let two other members confirm it: chokepoint review list")


def _not_yours(target: str) -> RefusedError:
    return RefusedError(
        "your organisation may not approve what it may not vet, or what is disputed",
        place=target,
        mend="let a coordinator of a member that did not say it and is not tied to who did build the package",
    )


def _own(atlas: Atlas, target: str, to: Dispatch) -> int:
    """How many claims about a target the sender could hand on to itself."""
    own = load_snapshot(atlas)
    return len(standings(own, fit(own, about(own, target)[0], to.verdicts))) if target else 0


def _approval(atlas: Atlas, to: Dispatch) -> Provisional | None:
    if to.provisional is None:
        return None
    return approved(must_release(atlas), to.provisional, atlas.clock())


def _edition(atlas: Atlas, view: View, shown: Iterable[Entity], matter: Material) -> Minimised:
    beside = {person for one in matter.captures.values() for person in one.people}
    return edition(atlas, view.atlas, beside.union(shown))


def _view(atlas: Atlas, to: Dispatch) -> tuple[View, frozenset[Sentence]]:
    """What all recipients may see, without what must not be disclosed or should have been reviewed.

    No drawing and no path shows that either. Beside it, what an organisation says must not be disclosed.
    """
    view = load_snapshot(atlas.shared_with(Viewer(organisation=name) for name in sorted(to.recipients)))
    reader, snapshot = view.atlas.reader, view.snapshot
    with reader.connect() as connection:
        held = restrained(reader, connection)
        late = overdue(reader, connection, today=atlas.clock()[:10])
    kept = [*(one.seq for one in (*held, *flagged(view.atlas))), *late]
    statement = np.repeat(np.arange(len(snapshot.subject)), np.diff(snapshot.claim_pointer))
    verdict = snapshot.verdict.copy()
    verdict[statement[np.isin(snapshot.claim_seq, kept)]] = VERDICTS.index(Verdict.REJECTED)
    shown = replace(view, snapshot=replace(snapshot, verdict=verdict))
    return shown, frozenset(map(sentence, held))


def _only(view: View, rows: Sequence[int]) -> View:
    """The map of some statements alone: a package draws what it proves."""
    verdict = np.full_like(view.snapshot.verdict, VERDICTS.index(Verdict.REJECTED))
    verdict[rows] = view.snapshot.verdict[rows]
    return replace(view, snapshot=replace(view.snapshot, verdict=verdict))


def _releases(atlas: Atlas, shown: Iterable[Entity], audience: Audience) -> list[Line]:
    """Who answers for the names of natural persons that stand in the package."""
    told = released(atlas)
    named = sorted(set(shown) & audience.released)
    return [Line("Named on release", f"{show(one)}, by {told[one].by}: {told[one].basis}") for one in named]


def _title(view: View, target: str, centres: Sequence[int], discreet: Discretion) -> str:
    """The target as it was named, unless that names somebody whom the package may not name."""
    entities = view.entities(centres)
    if not target:
        return " and ".join(discreet.label(entities[node], entities[node].value) for node in centres)
    hidden = next((one for one in entities.values() if not discreet.may_name(one)), None)
    return target if hidden is None else discreet.label(hidden, show(hidden))


def _audience(atlas: Atlas, to: Dispatch) -> Audience:
    """The recipients with the circles that they are in now.

    Raises:
        RefusedError: the case that it is for is withheld.
    """
    names = to.recipients | {atlas.viewer.organisation}
    with atlas.engine.connect() as connection:  # recipients' circles are not the sender's to read
        readers = frozenset(resolved(connection, Viewer(organisation=name)) for name in names)
        readers |= {atlas.reader.resolved(connection)}
        kept = withheld(connection, atlas.secret)
    if Entity(CASE, atlas.purpose) in kept:
        raise RefusedError(
            "the case is withheld, for somebody's safety or by an overseer's veto",
            place=atlas.purpose,
            mend="ask an overseer: nothing leaves for this case until it is lifted",
        )
    return Audience(
        organisations=names,
        readers=readers,
        sender=atlas.viewer.organisation,
        judicial=to.judicial,
        acknowledged=to.acknowledged,
        withheld=kept,
        released=frozenset(released(atlas)),
        verdicts=to.verdicts,
    )


def _shown(view: View, centres: Sequence[int], audience: Audience) -> set[Entity]:
    """What lies about the centres, drawn or told of.

    Raises:
        RefusedError: something in it is withheld; leaving it out would show its shape.
    """
    nodes = {int(node) for edge in drawn(view, centres) for node in _ends(view, edge)} | set(centres)
    shown = set(view.entities(nodes).values())
    if not audience.withheld.isdisjoint(shown):
        raise RefusedError(
            "something in it is withheld, for somebody's safety or by an overseer's veto",
            mend="ask an overseer, or name another target",
        )
    return shown


def _named(view: View, rows: Sequence[int]) -> set[Entity]:
    return set(view.entities({node for row in rows for node in _ends(view, row)}).values())


def _ends(view: View, statement: int) -> tuple[int, int]:
    return int(view.snapshot.subject[statement]), int(view.snapshot.object[statement])


def _canary(atlas: Atlas, title: str, whose: Iterable[str]) -> str:
    """The name of somebody's copy; only the atlas's secret makes another's."""
    named = "\x1f".join((title, atlas.viewer.organisation, *sorted(whose)))
    return blake2b(named.encode(), key=atlas.secret, digest_size=CANARY).hexdigest()
