"""Who may see what: TLP 2.0, PAP, audience and handling code, joined by a lattice.

Sources: FIRST Traffic Light Protocol 2.0 (https://www.first.org/tlp/), MISP PAP taxonomy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
        audience: recipients by name, organisations (`ORG`) or persons of them (`ORG/USER`). None named
            means the whole circle of the label: every member up to GREEN, nobody further above it.
        handling: Europol handling codes (H0–H3) and the like, all binding.
    """

    tlp: Tlp = Tlp.CLEAR
    pap: Pap = Pap.CLEAR
    audience: frozenset[str] = frozenset()
    handling: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether no recipients are named and the label asks for none."""
        return self.tlp <= Tlp.GREEN and not self.audience

    def join(self, other: Marking) -> Marking:
        """A marking at least as strict as both: whom it lets see, both let see.

        Labels by maximum, handling codes together, recipients by overlap. Recipients without a common one
        leave only the owner, which no label below AMBER can say.
        """
        tlp = max(self.tlp, other.tlp)
        if self.is_open or other.is_open:
            audience = self.audience | other.audience
        else:
            audience = self.audience & other.audience
            tlp = tlp if audience else max(tlp, Tlp.AMBER)
        return Marking(
            tlp=tlp,
            pap=max(self.pap, other.pap),
            audience=audience,
            handling=self.handling | other.handling,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: an organisation of the coalition and, optionally, a user of it; the public has neither."""

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


def parse_pap(text: str) -> Pap:
    """Read a PAP label as written (`PAP:AMBER`, `amber`, `white` of its first version).

    Raises:
        NotValidError: the label is not one; nothing is guessed.
    """
    name = text.strip().upper().removeprefix("PAP:").strip()
    try:
        return Pap["CLEAR" if name == "WHITE" else name]
    except KeyError:
        raise NotValidError(f"unknown PAP label {text!r}", mend="use CLEAR, GREEN, AMBER or RED") from None


def may_see(viewer: Viewer, marking: Marking, owner: str) -> bool:
    """Whether the viewer may see a record with this marking that `owner` recorded.

    CLEAR: all. GREEN: every member. AMBER and AMBER+STRICT: the owner and the recipients named; a client of
    theirs must be named too. RED: the recipients named and nobody else. Recipients named under a milder
    label narrow it in the same way. Whatever is not allowed is refused (DESIGN §9).
    """
    if not viewer.organisation:
        return marking.tlp is Tlp.CLEAR and marking.is_open
    if marking.is_open:
        return True
    if viewer.organisation in marking.audience:
        return True
    if viewer.user and f"{viewer.organisation}/{viewer.user}" in marking.audience:
        return True
    return viewer.organisation == owner and marking.tlp is not Tlp.RED


def kept_by(marking: Marking, organisation: str) -> Marking:
    """The marking under which an organisation records a thing; it is the recipient of RED for nobody."""
    if marking.tlp is Tlp.RED and not marking.audience:
        return replace(marking, audience=frozenset({organisation}))
    return marking
