"""How two entities that stand in one row belong together: one table, by their kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.collect.formats import words

if TYPE_CHECKING:
    from chokepoint.model.identity import Entity

IDENTIFIERS = words("identifiers")
PAYMENTS = frozenset({"crypto-address", "bank-account", "payment-handle", "payment-card"})
NAMES = ("malware", "campaign", "group", "organisation", "persona", "country")

_LINKS: tuple[tuple[frozenset[str], frozenset[str], str], ...] = (
    (frozenset({"domain-name"}), frozenset({"ipv4-addr", "ipv6-addr"}), "resolves-to"),
    (frozenset({"url"}), frozenset({"ipv4-addr", "ipv6-addr"}), "hosted-at"),
    (
        frozenset(
            {
                "domain-name",
                "url",
                "onion-service",
                "file",
                "email-addr",
                "user-account",
                "phone-number",
                *NAMES[:-1],
            }
        ),
        frozenset({"crypto-address", "bank-account", "payment-handle"}),
        "requests-payment-to",
    ),
    (frozenset({"file"}), frozenset({"url", "onion-service"}), "related-to"),
    (frozenset({"file"}), frozenset({"domain-name", "ipv4-addr", "ipv6-addr"}), "communicates-with"),
    (frozenset(IDENTIFIERS), frozenset({"malware", "campaign", "group"}), "indicates"),
    (frozenset({"malware", "campaign"}), frozenset({"group"}), "attributed-to"),
    (frozenset({*IDENTIFIERS, *NAMES[:-1]}), frozenset({"country"}), "located-in"),
    (frozenset({"persona", "organisation", "group"}), frozenset({"user-account"}), "account"),
    (
        frozenset({"persona", "organisation", "group", "malware"}),
        frozenset({"email-addr", "phone-number"}),
        "contact",
    ),
    (frozenset({"persona", "organisation"}), frozenset({"domain-name", "url"}), "website"),
    (
        frozenset({"bank-account", "phone-number", "crypto-address"}),
        frozenset({"persona", "organisation"}),
        "controlled-by",
    ),
    (frozenset({"ipv4-addr", "ipv6-addr"}), frozenset({"autonomous-system"}), "part-of"),
)


def link_between(left: Entity, right: Entity) -> tuple[str, bool]:
    """The property that joins two entities of a row, and whether it runs from right to left."""
    if left.kind == right.kind == "file" and left.value.partition(":")[0] != right.value.partition(":")[0]:
        return "same-file", False
    for subjects, objects, name in _LINKS:
        if left.kind in subjects and right.kind in objects:
            return name, False
        if right.kind in subjects and left.kind in objects:
            return name, True
    return "mentioned-with", False
