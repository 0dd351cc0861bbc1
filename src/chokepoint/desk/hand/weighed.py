"""The matrix of an inquiry in a package: who is behind it, as far as all in it may be disclosed.

A package tells what the ratings come to and which items turn it, never who rated what: recipients may still
be to rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.desk.handing.publish import material
from chokepoint.desk.hypothesis import matrix
from chokepoint.model.errors import RefusedError
from chokepoint.model.said import Said
from chokepoint.package.choose import choose
from chokepoint.package.findings import Line
from chokepoint.values.registry import show

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.hypothesis import Matrix
    from chokepoint.model.identity import Entity
    from chokepoint.package.choose import Audience
    from chokepoint.package.privacy import Discretion


def weighed(common: Atlas, inquiry: str, audience: Audience, discreet: Discretion) -> list[Line]:
    """What the evidence of an inquiry comes to, for a package; nothing where no inquiry is named.

    Args:
        common: the sender's atlas, read only as far as all recipients see it.
        inquiry: its id or the beginning of one, or empty.
        audience: of the package.
        discreet: who may be named in it.

    Raises:
        NotFoundError: no such inquiry that all recipients may see.
        RefusedError: something in it may not be disclosed, or the sender is still to rate it.
    """
    if not inquiry:
        return []
    found = matrix(common, inquiry)
    if found.to_rate:
        raise RefusedError(
            Said("your organisation has {to_rate} cells of it to rate", to_rate=found.to_rate),
            place=found.inquiry,
            mend="rate them first: what others say is kept back until then",
        )
    _must_be_fit(common, found, audience)
    names = {str(one): _label(one, at, discreet) for at, one in enumerate(found.hypotheses, 1)}
    first = [
        Line("Hypothesis", f"{names[name]}: weighted inconsistency {float(weight):.2f}")
        for name, weight in found.analysis.ranking
    ]
    return [*first, *_items(found)]


def _label(one: Entity, number: int, discreet: Discretion) -> str:
    return show(one) if discreet.may_name(one) else f"hypothesis {number}, not named here"


def _items(found: Matrix) -> list[Line]:
    told = (
        (found.analysis.turning, "each changes who is first if it is wrong"),
        (found.analysis.undiagnostic, "each decides nothing"),
    )
    return [Line("Evidence", ", ".join(name[:16] for name in names), words) for names, words in told if names]


def _must_be_fit(common: Atlas, found: Matrix, audience: Audience) -> None:
    """Refuse a matrix of which an item or a hypothesis may not go: without it, it would say another thing."""
    reader = common.reader
    with reader.connect() as connection:
        seqs = {one.seq: one.id for one in reader.claims_by_id(connection, [row.id for row in found.rows])}
    standing = {row.id: row.standing for row in found.rows}
    claims = material(common, {seq: standing[name] for seq, name in seqs.items()}, evidence=False).claims
    chosen, _ = choose(claims, audience)
    if len(chosen) != len(found.rows) or not audience.withheld.isdisjoint(found.hypotheses):
        raise RefusedError(
            "the matrix holds what may not be disclosed to all recipients, or is not accepted",
            place=found.inquiry,
            mend="leave --hypothesis out",
        )
