"""The places of the desk in the order of the work; the first five make the bar at the foot of a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.role import Right

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


class Place(NamedTuple):
    """A place of the navigation: its address, English label, what it is drawn with, and what is done there.

    Whoever has not the right to do it is not led there; None for a place that has something for everybody.
    """

    address: str
    label: str
    icon: str
    needs: Right | None = Right.LOOK


def N_(label: str) -> str:  # noqa: N802 - the name by which gettext finds messages that are translated later
    """Mark a message for the catalogues."""
    return label


PLACES = (
    Place("/", N_("Home"), "house", None),
    Place("/check", N_("Check"), "scan-search"),
    Place("/search", N_("Search"), "search"),
    Place("/review", N_("Review"), "vote", Right.VET),
    Place("/choke", N_("Choke points"), "target"),
    Place("/map", N_("Map"), "waypoints"),
    Place("/path", N_("Path"), "route"),
    Place("/collect", N_("Collect"), "upload", Right.SPEAK),
    Place("/case", N_("Cases"), "briefcase"),
    Place("/package", N_("Packages"), "package"),
    Place("/operation", N_("Operations"), "radar"),
    Place("/impact", N_("Impact"), "globe"),
    Place("/member", N_("Members"), "users", None),
    Place("/access", N_("Access log"), "eye", None),
    Place("/ledger", N_("Ledger"), "shield-check", None),
)


def open_to(rights: AbstractSet[Right]) -> tuple[Place, ...]:
    """The places that have something for somebody with these rights."""
    return tuple(place for place in PLACES if place.needs is None or place.needs in rights)
