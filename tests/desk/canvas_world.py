"""A small map for the tests of the canvas: a family of malware, its domains, whoever is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_world import entity

from chokepoint.model.claim import Interval
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from desk_world import World

FAMILY, GANG, LAND = entity("malware:alphabot"), entity("group:zeta"), entity("country:ru")
SITES = tuple(entity(f"domain-name:{name}.com") for name in "abcdef")
HOST = entity("ipv4-addr:198.51.100.7")
HIDDEN = entity("person:ivan secret")
GREEN = Marking(tlp=Tlp.GREEN)
BANK_ONLY = Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))
SEEN = Interval("2026-01-10", "2026-01-12")


def tell(world: World) -> None:
    """What everybody may see: six domains of a family, two on one host, and a gang that uses it."""
    world.say("vendor", *[(site, "indicates", FAMILY) for site in SITES], origin="alpha", observed=SEEN)
    world.say("vendor", *[(site, "resolves-to", HOST) for site in SITES[:2]], origin="beta", marking=GREEN)
    world.say("vendor", (GANG, "uses", FAMILY), (GANG, "located-in", LAND), origin="alpha", path="gang")


def tell_secret(world: World) -> None:
    """What the bank alone may see: more of everything, and a person."""
    extra = [(entity(f"domain-name:x{at}.com"), "indicates", FAMILY) for at in range(9)]
    world.say("bank", *extra, (HIDDEN, "controlled-by", GANG), marking=BANK_ONLY, path="secret")
    world.say("bank", (SITES[0], "resolves-to", HOST), (GANG, "uses", FAMILY), marking=BANK_ONLY, path="own")


def names(*entities: object) -> list[str]:
    return [str(one) for one in entities]
