"""One shape and one colour class for each family of kinds, so that neither alone carries the meaning."""

from __future__ import annotations

from math import cos, pi, sin

from chokepoint.package.drawing.svg import number

FAMILIES = {
    "web": ("Web presence", ("domain-name", "url", "onion-service", "tracking-id", "x509-certificate")),
    "host": ("Network and host", ("ipv4-addr", "ipv6-addr", "autonomous-system", "device", "service")),
    "contact": ("Contact", ("email-addr", "phone-number", "user-account", "persona")),
    "money": (
        "Money",
        ("crypto-address", "crypto-transaction", "bank-account", "payment-card", "payment-handle", "asset"),
    ),
    "actor": ("Actor", ("person", "organisation", "group")),
    "other": ("Tool, campaign, other", ()),
}
_FAMILY = {kind: family for family, (_, kinds) in FAMILIES.items() for kind in kinds}


def family(kind: str) -> str:
    """The family of a kind: its colour class and its shape."""
    return _FAMILY.get(kind, "other")


def symbol(name: str, centre: tuple[float, float], radius: float) -> str:
    """The outline of a family's symbol around a centre.

    Circle for web, square for host, triangle for contact, diamond for money, hexagon for actor,
    pentagon for the rest.
    """
    x, y = centre
    if name == "web":
        return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
    if name == "host":
        side = radius * 1.72
        return (
            f'<rect x="{number(x - side / 2)}" y="{number(y - side / 2)}" '
            f'width="{number(side)}" height="{number(side)}" rx="2.5"/>'
        )
    corners, turn, scale = {
        "contact": (3, -0.5, 1.25),
        "money": (4, -0.5, 1.2),
        "actor": (6, 0.0, 1.12),
        "other": (5, -0.5, 1.12),
    }[name]
    points = (
        (
            x + scale * radius * cos(pi * (turn + 2 * corner / corners)),
            y + scale * radius * sin(pi * (turn + 2 * corner / corners)),
        )
        for corner in range(corners)
    )
    listed = " ".join(f"{number(px)},{number(py)}" for px, py in points)
    return f'<polygon points="{listed}" stroke-linejoin="round"/>'
