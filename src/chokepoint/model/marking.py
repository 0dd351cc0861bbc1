"""Who may see what: TLP 2.0, PAP, audience and handling code, joined by a lattice.

Sources: FIRST Traffic Light Protocol 2.0 (https://www.first.org/tlp/), MISP PAP taxonomy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from chokepoint.model.errors import NotValidError


class Tlp(IntEnum):
    """TLP 2.0 labels, the larger the stricter."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        """The label as TLP 2.0 writes it, `TLP:AMBER+STRICT`; never translated."""
        return "TLP:" + self.name.replace("_", "+")


class Pap(IntEnum):
    """Permissible Actions Protocol, the larger the stricter."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    RED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """The conditions under which a record may be seen and used.

    Attributes:
        tlp: sharing label.
        pap: permissible actions; RED blocks every automatic look-up.
        audience: organisations named as recipients; empty means none named.
        handling: Europol handling codes (H0–H3) and the like, all binding.
    """

    tlp: Tlp = Tlp.CLEAR
    pap: Pap = Pap.CLEAR
    audience: frozenset[str] = frozenset()
    handling: frozenset[str] = frozenset()

    def join(self, other: Marking) -> Marking:
        """The least marking at least as strict as both: labels by maximum, audiences by overlap."""
        if self.audience and other.audience:
            audience = self.audience & other.audience
        else:
            audience = self.audience | other.audience
        return Marking(
            tlp=max(self.tlp, other.tlp),
            pap=max(self.pap, other.pap),
            audience=audience,
            handling=self.handling | other.handling,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: an organisation of the coalition and, optionally, a user of it."""

    organisation: str
    user: str = ""


CLEAR = Marking()

_TLP_NAMES = {
    "clear": Tlp.CLEAR,
    "white": Tlp.CLEAR,
    "green": Tlp.GREEN,
    "amber": Tlp.AMBER,
    "amber+strict": Tlp.AMBER_STRICT,
    "red": Tlp.RED,
}


def parse_tlp(text: str) -> Tlp:
    """Read a TLP label as written (`TLP:AMBER`, `amber+strict`, TLP 1 `white`).

    Raises:
        NotValidError: the label is not one of TLP 1 or 2; nothing is guessed.
    """
    name = text.strip().lower().removeprefix("tlp:").replace("_", "+").strip()
    try:
        return _TLP_NAMES[name]
    except KeyError:
        raise NotValidError(
            f"unknown TLP label {text!r}", mend="use CLEAR, GREEN, AMBER, AMBER+STRICT or RED"
        ) from None


def may_see(viewer: Viewer, marking: Marking, owner: str) -> bool:
    """Whether the viewer may see a record with this marking that `owner` recorded.

    CLEAR and GREEN: every member. AMBER, AMBER+STRICT and RED: the owner and the organisations
    that the marking names. Whatever is not allowed is refused (DESIGN §9).
    """
    if marking.tlp <= Tlp.GREEN:
        return True
    return viewer.organisation == owner or viewer.organisation in marking.audience
