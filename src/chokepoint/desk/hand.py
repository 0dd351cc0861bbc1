"""`package build` and `export`: what the viewer may hand on about a target, bound or plain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from chokepoint import __version__
from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot
from chokepoint.desk.publish import Content, bind, material, write
from chokepoint.desk.resolve import resolve
from chokepoint.desk.tell import between_nodes, drawn, iso, markings, picture, routes, standings, telling
from chokepoint.desk.texts import attributes
from chokepoint.desk.watch.access import ANYBODY, Copy, disclosed
from chokepoint.graph.crossing import crossings
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Verdict
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.package.choose import Audience, choose, strictest
from chokepoint.package.findings import Finding, FindingKind, Line
from chokepoint.package.ftm import export_ftm
from chokepoint.package.maltego import export_mtgx
from chokepoint.package.misp import misp_event
from chokepoint.package.privacy import discretion
from chokepoint.package.stix.bundle import Cover, bundle_bytes
from chokepoint.package.tables import claims_csv, claims_graphml
from chokepoint.store.people import withheld
from chokepoint.store.visible import resolved
from chokepoint.vet.policy import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.analyse import View
    from chokepoint.desk.atlas import Atlas
    from chokepoint.graph.crossing import Crossing
    from chokepoint.package.parts import PackageClaim

PUBLIC = Viewer(organisation="")
MOST = 20_000
CANARY = 8
SHOWN = 6
HANDED = frozenset({"accepted", "proposed", "disputed"})


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
class Exported:
    """An export as written."""

    form: str
    claims: int
    left_out: int
    simulated: int

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        return {
            "form": self.form,
            "claims": self.claims,
            "left_out": self.left_out,
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
    rows, centres, title = _about(view, target) if target else _best(view)
    rows = _accepted(view, rows)
    audience, canary = _audience(atlas, to), _canary(atlas, title, to)
    _shows_nothing_withheld(view, centres, audience)
    if not rows:
        raise RefusedError(
            f"nothing about {target or 'any finding'} is accepted"
            + " among what all may see" * bool(to.recipients),
            mend="let two other members confirm it: chokepoint review list",
        )
    content = Content(
        title=title,
        finding=_of_copy(_finding(view, title, rows, centres), canary),
        picture=picture(view, centres),
        audience=audience,
    )
    package = bind(view.atlas, standings(view, rows), content)
    disclosed(atlas, "package", title, claims=package.claims, copy=Copy(to.recipients, canary))
    write(package, out)
    own = load_snapshot(atlas)
    mine = standings(own, _accepted(own, _about(own, target)[0])) if target else {}
    return Built(
        folder=out,
        title=title,
        claims=len(package.claims),
        refused=max(len(package.refusals), len(mine) - len(package.claims)),
        simulated=any(claim.simulated for claim in package.claims),
    )


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


def _finding(view: View, title: str, rows: list[int], centres: list[int]) -> Finding:
    """What a package about a target says: how much is accepted, and what crosses sources."""
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
        routes=routes(view, mine),
        marking=strictest(
            [Marking(tlp=Tlp.GREEN), *markings(view, [*drawn(view, centres), *_stepped(mine)])]
        ),
    )


def _stepped(found: Sequence[Crossing]) -> list[int]:
    """The statements that crossings are told with."""
    return [hop.statement for one in found for hop in one.hops if hop.statement >= 0]


def _about(view: View, target: str) -> tuple[list[int], list[int], str]:
    """Statements about a target and its identity cluster, the nodes, and the target in words."""
    rows, members = _around(view, _known(view, target))
    if not members:
        raise _unknown(target)
    return rows, members, target


def _known(view: View, target: str) -> list[int]:
    """Numbers of the entities that a person may mean."""
    reader = view.atlas.reader
    with reader.connect() as connection:
        found = [one.eid for one in resolve(reader, connection, target)]
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


def _accepted(view: View, rows: Sequence[int]) -> list[int]:
    number = VERDICTS.index(Verdict.ACCEPTED)
    return [row for row in rows if int(view.snapshot.verdict[row]) == number]


def _wanted(view: View, target: str) -> tuple[list[int], list[int] | None]:
    """Statements about a target and numbers of the entities in them; all, and None, where none is named."""
    snapshot = view.snapshot
    if not target:
        return list(range(len(snapshot.subject))), None
    known = _known(view, target)
    rows = _around(view, known)[0]
    ends = np.concatenate([snapshot.subject[rows], snapshot.object[rows]]).astype(np.int64)
    return rows, sorted({*known, *snapshot.eid[ends].tolist()})


def _same_rows(view: View, rows: Sequence[int], other: View) -> list[int]:
    """The statements of another view that rest on any claim of these."""
    wanted = [view.snapshot.claim_seq[view.snapshot.claims(row)] for row in rows]
    seqs = np.concatenate(wanted) if wanted else np.zeros(0, np.int64)
    held = np.isin(other.snapshot.claim_seq, seqs)
    statement = np.repeat(np.arange(len(other.snapshot.subject)), np.diff(other.snapshot.claim_pointer))
    found: list[int] = np.unique(statement[held]).tolist()
    return found


def _best(view: View) -> tuple[list[int], list[int], str]:
    """Statements behind the best accepted crossing."""
    found = telling(view, crossings(view.snapshot, limit=100, accepted_only=True))[:1]
    if not found:
        return [], [], "no finding"
    names = view.entities([found[0].left, found[0].right])
    title = " and ".join(entity.value for entity in names.values())
    return between_nodes(view, found[0]), [found[0].left, found[0].right], title


def _seen(view: View, rows: Sequence[int]) -> tuple[str, ...]:
    days = [int(view.snapshot.last[row]) for row in rows]
    newest = max(days)
    return (f"Last evidence of life: {iso(newest - 1)}.",) if newest > 0 else ("No evidence is dated.",)


def export(atlas: Atlas, form: str, out: Path | BinaryIO, *, target: str = "") -> Exported:
    """Write what the viewer may hand on to the public, in a form that other tools read.

    Links leave with the attributes of the entities at their ends. Only CLEAR claims leave; persons are
    pseudonyms unless an authority named them; simulated votes stay marked.

    Raises:
        NotFoundError: the viewer's map does not hold the target.
        RefusedError: too much for one export.
    """
    view = load_snapshot(atlas)
    rows, subjects = _wanted(view, target)
    if len(rows) > MOST:
        raise RefusedError(
            f"{len(rows):,} statements are too many for one export", mend="name a target, or several exports"
        )
    own = standings(view, rows) | attributes(atlas, subjects, limit=MOST)
    public = load_snapshot(atlas.shared_with([PUBLIC], Tlp.CLEAR))
    handed = standings(public, _same_rows(view, rows, public))
    handed |= attributes(public.atlas, subjects, limit=MOST)
    matter = material(public.atlas, handed, evidence=False)
    with atlas.engine.connect() as connection:
        audience = Audience(at_most=Tlp.CLEAR, verdicts=HANDED, withheld=withheld(connection))
    chosen, _ = choose(matter.claims, audience)
    data = _written(atlas, form, chosen)
    disclosed(atlas, "export", target or "the whole map", claims=chosen, copy=Copy(frozenset({ANYBODY})))
    if isinstance(out, Path):
        out.write_bytes(data)
    else:
        out.write(data)
    return Exported(
        form=form,
        claims=len(chosen),
        left_out=len(own) - len(chosen),
        simulated=sum(claim.watermarked for claim in chosen),
    )


def _written(atlas: Atlas, form: str, claims: Sequence[PackageClaim]) -> bytes:
    discreet = discretion(claims, open_edition=True)
    if form == "csv":
        return claims_csv(claims, discreet).encode()
    if form in ("ftm", "maltego"):
        return (export_ftm if form == "ftm" else export_mtgx)(claims, discreet)
    if form == "graphml":
        return claims_graphml(claims, discreet).encode()
    cover = Cover(
        title="Export",
        created=atlas.clock(),
        organisation=atlas.viewer.organisation,
        marking=strictest(claim.marking for claim in claims),
        discretion=discreet,
        simulated=any(claim.watermarked for claim in claims),
    )
    return misp_event(claims, cover) if form == "misp" else bundle_bytes(claims, cover)
