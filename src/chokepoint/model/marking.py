"""Who may see what: TLP 2.0, PAP, audience, need-to-know and handling code, joined by a lattice.

Sources: FIRST Traffic Light Protocol 2.0 (https://www.first.org/tlp/), MISP PAP taxonomy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said


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


GROUP = "group:"
"""How the name of a sharing group begins among recipients; its UUID follows."""
ROLE = "role:"
"""How the name of a role begins among recipients: whoever has the role of the coalition, of any member."""
CASE = "case:"
"""How an envelope writes, among the recipients, a case whose need-to-know is asked for; its id follows."""

Form = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""A marking as an envelope writes it: TLP label, PAP label, recipients and cases, handling codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """The conditions under which a record may be seen and used.

    Attributes:
        tlp: sharing label.
        pap: permissible actions; RED blocks every automatic look-up.
        audience: recipients by name: organisations (`ORG`), persons of them (`ORG/USER`), sharing groups
            (`group:UUID`) or roles (`role:overseer`). None named means the whole circle of the label: every
            member up to GREEN, nobody further above it.
        cases: ids of cases; only who has the need-to-know in every one of them sees the record. With a case
            and no recipient, AMBER is for all members who have it, as TLP means its clients.
        handling: Europol handling codes (H0-H3) and the like, all binding.
    """

    tlp: Tlp = Tlp.CLEAR
    pap: Pap = Pap.CLEAR
    audience: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()
    handling: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether no recipients are named and the label asks for none: need-to-know alone may narrow it."""
        return not self.audience and self.tlp <= (Tlp.AMBER if self.cases else Tlp.GREEN)

    def join(self, other: Marking) -> Marking:
        """A marking at least as strict as both: whom it lets see, both let see.

        Labels by maximum, handling codes and cases together, recipients by overlap. Recipients without a
        common one leave only the owner, which no label below AMBER can say, and with a case none below
        AMBER+STRICT.
        """
        tlp = max(self.tlp, other.tlp)
        cases = self.cases | other.cases
        if self.is_open or other.is_open:
            audience = self.audience | other.audience
        else:
            audience = _overlap(self.audience, other.audience)
        if not audience and not (self.is_open and other.is_open):
            tlp = max(tlp, Tlp.AMBER_STRICT if cases else Tlp.AMBER)
        return Marking(
            tlp=tlp,
            pap=max(self.pap, other.pap),
            audience=audience,
            cases=cases,
            handling=self.handling | other.handling,
        )

    def to_form(self) -> Form:
        """The marking as it stands in an envelope."""
        terms = {*self.audience, *(CASE + name for name in self.cases)}
        return (
            self.tlp.label,
            "PAP:" + self.pap.name,
            tuple(sorted(terms)),
            tuple(sorted(self.handling)),
        )

    @staticmethod
    def from_form(form: Form) -> Marking:
        """The marking of an envelope.

        Raises:
            NotValidError: a label that this version does not know.
        """
        tlp, pap, terms, handling = form
        return Marking(
            tlp=parse_tlp(tlp),
            pap=parse_pap(pap),
            audience=frozenset(term for term in terms if not term.startswith(CASE)),
            cases=frozenset(term.removeprefix(CASE) for term in terms if term.startswith(CASE)),
            handling=frozenset(handling),
        )


def _overlap(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Recipients that both sets name, a person also where one of them names the whole organisation."""
    return frozenset(
        name for name in one | other if all(name in names or _home(name) in names for names in (one, other))
    )


def _home(recipient: str) -> str:
    """The organisation of a person, or the recipient itself.

    >>> _home("bank/ann"), _home("bank"), _home("group:1")
    ('bank', 'bank', 'group:1')
    """
    return recipient if recipient.startswith(GROUP) else recipient.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: an organisation of the coalition and, optionally, a user of it; the public has neither.

    Attributes:
        organisation: a member's name.
        user: of that organisation.
        groups: sharing groups (`group:UUID`) and roles, as the ledger has it, never as they claim.
        cases: ids of the cases in which they have the need-to-know, from the ledger likewise.
    """

    organisation: str
    user: str = ""
    groups: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()

    @property
    def person(self) -> str:
        """`ORG/USER`, or empty for the organisation as a whole."""
        return f"{self.organisation}/{self.user}" if self.organisation and self.user else ""

    @property
    def names(self) -> frozenset[str]:
        """All names under which this viewer can be a recipient."""
        return self.groups | frozenset(filter(None, (self.organisation, self.person)))


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
            Said("unknown TLP label {text!r}", text=text[:60]),
            mend="use CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
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
        raise NotValidError(
            Said("unknown PAP label {text!r}", text=text[:60]), mend="use CLEAR, GREEN, AMBER or RED"
        ) from None


def may_see(viewer: Viewer, marking: Marking, owner: str) -> bool:
    """Whether the viewer may see a record with this marking that `owner` recorded.

    Cases named: only with the need-to-know in all of them, the owner's own people included. CLEAR: all.
    GREEN: every member. AMBER: the owner and the recipients named; with a case, all members who have the
    need-to-know in it. AMBER+STRICT: the owner and the recipients named. RED: the recipients named and
    nobody else. Recipients named under a milder label narrow it in the same way. Whatever is not allowed is
    refused (DESIGN §9). `chokepoint.store.visible` says the same in SQL.
    """
    if not viewer.organisation:
        return marking.tlp is Tlp.CLEAR and marking.is_open and not marking.cases
    if not marking.cases <= viewer.cases:
        return False
    if marking.is_open or not viewer.names.isdisjoint(marking.audience):
        return True
    return viewer.organisation == owner and marking.tlp is not Tlp.RED


def kept_by(marking: Marking, organisation: str) -> Marking:
    """The marking under which an organisation records a thing; it is the recipient of RED for nobody."""
    if marking.tlp is Tlp.RED and not marking.audience:
        return replace(marking, audience=frozenset({organisation}))
    return marking
