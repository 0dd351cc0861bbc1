"""`export`: what may be handed on up to a label, in a form that other tools read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.hand.about import among, same_rows, wanted
from chokepoint.desk.handing.dissemination import ANYBODY, Copy
from chokepoint.desk.handing.publish import material
from chokepoint.desk.handing.release import released
from chokepoint.desk.looking.tell import standings
from chokepoint.desk.looking.texts import attributes
from chokepoint.desk.member import present
from chokepoint.desk.personal.edition import edition
from chokepoint.desk.personal.role import overdue
from chokepoint.desk.watch.access import disclosed
from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Tlp, Viewer
from chokepoint.model.said import Said
from chokepoint.package.choose import Audience, choose, strictest
from chokepoint.package.ftm import export_ftm
from chokepoint.package.maltego import export_mtgx
from chokepoint.package.misp import misp_event
from chokepoint.package.stix.bundle import Cover, bundle_bytes
from chokepoint.package.tables import claims_csv, claims_graphml
from chokepoint.store.people import withheld
from chokepoint.store.visible import resolved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.vetting.standing import Standing
    from chokepoint.package.parts import PackageClaim
    from chokepoint.package.privacy import Discretion

PUBLIC = Viewer(organisation="")
MOST = 20_000
HANDED = frozenset({"accepted", "proposed", "disputed"})


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


def export(
    atlas: Atlas,
    form: str,
    out: Path | BinaryIO,
    *,
    target: str = "",
    names: Sequence[str] = (),
    at_most: Tlp = Tlp.CLEAR,
) -> Exported:
    """Write what the viewer may hand on up to a label, in a form that other tools read.

    Links leave with the attributes of the entities at their ends. The file carries the label of the
    strictest claim in it; persons are pseudonyms unless an authority named them, or, but never in a CLEAR
    one, a named human of the viewer's organisation released them; simulated votes stay marked.

    Args:
        atlas: opened by whoever hands on.
        form: csv, ftm, graphml, maltego, misp or stix.
        out: where it is written.
        target: what it is about; the whole map when neither this nor `names` is given.
        names: entities, `kind:value`, between which everything is wanted, as on a canvas.
        at_most: the strictest label in it: CLEAR is for everybody, GREEN for every member, the AMBERs for
            the viewer's own organisation.

    Raises:
        NotFoundError: the viewer's map does not hold the target.
        RefusedError: too much for one export, or RED, which is for people who are named.
    """
    view = load_snapshot(atlas)
    rows, subjects = among(view, names) if names else wanted(view, target)
    _check(len(rows))
    own = standings(view, rows) | attributes(atlas, subjects, limit=MOST)
    common = load_snapshot(atlas.shared_with(_readers(atlas, at_most), at_most))
    handed = standings(common, same_rows(view, rows, common))
    handed |= attributes(common.atlas, subjects, limit=MOST)
    claims = material(common.atlas, _reviewed(common.atlas, handed), evidence=False).claims
    audience = _audience(atlas, common.atlas, claims)
    chosen, _ = choose(claims, audience)
    data = _written(atlas, form, chosen, audience.discreet(chosen))
    to = ANYBODY if audience.public else atlas.viewer.organisation
    asked = f"{len(names)} entities" if names else target or "the whole map"
    disclosed(atlas, "export", asked, claims=chosen, copy=Copy(frozenset({to})))
    (out.write_bytes if isinstance(out, Path) else out.write)(data)
    marked = sum(claim.watermarked for claim in chosen)
    return Exported(form=form, claims=len(chosen), left_out=len(own) - len(chosen), simulated=marked)


def _check(count: int) -> None:
    if count > MOST:
        many = Said("{rows:,} statements are too many for one export", rows=count)
        raise RefusedError(many, mend="name a target, or several exports")


def _readers(atlas: Atlas, at_most: Tlp) -> list[Viewer]:
    """Who must be allowed to see all of an export under a label, beside the viewer.

    Raises:
        RefusedError: RED.
    """
    if at_most is Tlp.RED:
        raise RefusedError(
            "RED is for people who are named, and goes into no file", mend="choose AMBER+STRICT at most"
        )
    if at_most is Tlp.CLEAR:
        return [PUBLIC]
    if at_most is not Tlp.GREEN:
        return []
    return [Viewer(organisation=name) for name in sorted(present(atlas))]


def _audience(atlas: Atlas, common: Atlas, claims: Sequence[PackageClaim]) -> Audience:
    """For whom an export is that those of `common` may see."""
    own, everybody = atlas.viewer.organisation, PUBLIC in common.beside
    with atlas.engine.connect() as connection:
        kept = withheld(connection, atlas.secret)
        others = {one.organisation: one for one in (*common.beside, atlas.viewer) if one.organisation}
        readers = frozenset(resolved(connection, one) for one in others.values())
    return Audience(
        organisations=frozenset() if everybody else frozenset(others),
        readers=readers,
        sender=own,
        at_most=common.at_most,
        verdicts=HANDED,
        withheld=kept,
        released=frozenset() if everybody else frozenset(released(atlas)),
        minimised=edition(atlas, common, _spoken_of(claims)),
    )


def _spoken_of(claims: Sequence[PackageClaim]) -> set[Entity]:
    return {end for one in claims for end in (one.subject, one.object) if isinstance(end, Entity)}


def _reviewed(atlas: Atlas, handed: Mapping[int, Standing]) -> dict[int, Standing]:
    """Those claims whose contributor need not have reviewed by now whom they are about."""
    reader = atlas.reader
    with reader.connect() as connection:
        late = set(overdue(reader, connection, today=atlas.clock()[:10]))
    return {seq: standing for seq, standing in handed.items() if seq not in late}


def _written(atlas: Atlas, form: str, chosen: Sequence[PackageClaim], discreet: Discretion) -> bytes:
    claims = [discreet.shown(claim) for claim in chosen]
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
