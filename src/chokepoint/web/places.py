"""The places of the desk in the order of the work; the first five make the bar at the foot of a phone."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A place of the navigation: its address, English label, and what it is drawn with."""

    address: str
    label: str
    icon: str


def N_(label: str) -> str:  # noqa: N802 - the name by which gettext finds messages that are translated later
    """Mark a message for the catalogues."""
    return label


PLACES = (
    Place("/", N_("Home"), "house"),
    Place("/check", N_("Check"), "scan-search"),
    Place("/search", N_("Search"), "search"),
    Place("/review", N_("Review"), "vote"),
    Place("/choke", N_("Choke points"), "target"),
    Place("/map", N_("Map"), "waypoints"),
    Place("/path", N_("Path"), "route"),
    Place("/collect", N_("Collect"), "upload"),
    Place("/case", N_("Cases"), "briefcase"),
    Place("/package", N_("Packages"), "package"),
    Place("/operation", N_("Operations"), "radar"),
    Place("/impact", N_("Impact"), "globe"),
    Place("/member", N_("Members"), "users"),
    Place("/access", N_("Access log"), "eye"),
    Place("/ledger", N_("Ledger"), "shield-check"),
)
