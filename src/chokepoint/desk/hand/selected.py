"""What a package says of its own completeness: what was asked for, and how much was left out and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.desk.looking.tell import standings
from chokepoint.desk.personal.counts import offset_of, told
from chokepoint.package.choose import choose
from chokepoint.package.parts import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.analyse import View
    from chokepoint.desk.handing.publish import Material
    from chokepoint.package.choose import Audience

UNVETTED = "not accepted, or not to be handed on now"
"""Vetoes, safety flags and passed review dates are among these, and nowhere told apart."""
UNDISCLOSED = "under a restriction of its provider, or without its evidence"


def selection(view: View, found: Sequence[int], matter: Material, whom: tuple[str, Audience]) -> Selection:
    """What was left out of the statements about a target, by the map that all recipients share.

    The numbers are rounded by offsets that are the same whenever it is asked again (`personal/counts`), so
    that no two packages about a target differ by what one claim more or less would tell.

    Args:
        view: what all recipients may see.
        found: all statements about the target in it.
        matter: the claims of those that may go by their verdict.
        whom: title of the package, and its audience.
    """
    title, audience = whom
    matched, fit = len(standings(view, found)), len(matter.claims)
    chosen, _ = choose(matter.claims, audience)
    going = sum(one.record in matter.records and one.capture in matter.captures for one in chosen)
    left = {UNVETTED: matched - fit, UNDISCLOSED: fit - going}
    secret, names = view.atlas.secret, " ".join(sorted(audience.organisations))
    return Selection(
        about=title,
        verdicts=tuple(sorted(audience.verdicts)),
        included=going,
        left_out=tuple(
            (reason, told(count, offset_of(secret, f"package {reason}", f"{title} {names}")) or 0)
            for reason, count in left.items()
        ),
    )
