"""Members: the organisations of the coalition, what they can do, and what ties them to others.

Ties (parents, origins, feeds) decide who may vet what. Declaring one only ever restrains, so a member may add
its own at any time, and the founder of the atlas anybody's. A tie ends only when both have lifted it: neither
rids a conflict of interest alone, the founder none that a friend declared and a member none of its own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_TIES = 200
LONGEST_TIE = 200
TIES = ("parents", "origins", "feeds")


class Sector(Enum):
    """What kind of organisation a member is; the words that the vocabulary's levers use."""

    BANK = "bank"
    EXCHANGE = "exchange"
    VENDOR = "vendor"
    TELECOM = "telecom"
    NGO = "ngo"
    ACADEMIC = "academic"
    LAW_ENFORCEMENT = "law enforcement"
    COORDINATOR = "coordinator"


class Mode(Enum):
    """How one can act on a thing."""

    TAKEDOWN = "takedown"
    SEIZURE = "seizure"
    FREEZE = "freeze"
    ARREST = "arrest"
    SANCTION = "sanction"
    NOTIFICATION = "notification"
    COOPERATION = "cooperation"


class Capability(NamedTuple):
    """A lever that a member can pull: a mode, on one kind of entity or, where that is empty, on any."""

    mode: Mode
    kind: str = ""

    def __str__(self) -> str:
        """As it is written: `freeze:crypto-address`, `takedown`."""
        return f"{self.mode.value}:{self.kind}" if self.kind else self.mode.value


class Waiver(NamedTuple):
    """Half of the word that ends a tie: which sort (`parents`, `origins`, `feeds`), of what name, by whom."""

    sort: str
    tie: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An organisation of the coalition as its records describe it.

    Attributes:
        name: under which it signs.
        sector: what it is; None where nobody said or the word is unknown.
        country: ISO 3166 alpha-2 code in lower case, or empty.
        capabilities: levers it can pull.
        parents: names of companies or authorities that own or direct it, members or not.
        origins: publishers that it owns, as claims name them.
        feeds: upstream sources that it relies on for its judgement.
        waived: ties that the member or the founder no longer states and the other still does.
    """

    name: str
    sector: Sector | None = None
    country: str = ""
    capabilities: frozenset[Capability] = frozenset()
    parents: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    feeds: frozenset[str] = frozenset()
    waived: frozenset[Waiver] = frozenset()

    def pulls(self, mode: Mode, kind: str) -> bool:
        """Whether it can act in this way on an entity of that kind."""
        return Capability(mode) in self.capabilities or Capability(mode, kind) in self.capabilities


def retold(known: Member, said: Member, *, by: str, founder: str) -> Member:
    """The member after one more record about it; a record that its author had no right to changes nothing.

    Both add ties with their word alone. A tie is lifted once the member and the founder have each told the
    profile without it since it stood; until then it binds as before. Nobody lifts a tie of the founder, nor
    one to the founder, which would vet its own through a subsidiary. The founder's word on sector, country
    and levers of another member stands as it is; a member's own fills in sector and country where they are
    empty: neither can be changed to slip past a policy.

    Args:
        known: as the records so far have it.
        said: the new record.
        by: who recorded it.
        founder: the first member of the atlas.
    """
    if by not in {known.name, founder}:
        return known
    now = replace(said, name=known.name, waived=known.waived)
    if by == known.name:
        now = replace(now, sector=known.sector or said.sector, country=known.country or said.country)
    for sort in TIES:
        now = _agreed(known, now, sort, by=by, founder=founder)
    return now


def _agreed(known: Member, said: Member, sort: str, *, by: str, founder: str) -> Member:
    """What is said, with the ties of one sort that stand after it and the halves of those to end."""
    before, told = getattr(known, sort), getattr(said, sort)
    halves = said.waived - {Waiver(sort, tie, by) for tie in told}
    if known.name != founder:
        missing = {tie for tie in before - told if name_key(tie) != name_key(founder)}
        halves |= {Waiver(sort, tie, by) for tie in missing}
    both = {
        tie for tie in before - told if {Waiver(sort, tie, known.name), Waiver(sort, tie, founder)} <= halves
    }
    halves = frozenset(half for half in halves if half.sort != sort or half.tie not in both)
    return replace(said, waived=halves, **{sort: (before | told) - both})


_SECTOR_WORDS = {
    "police": Sector.LAW_ENFORCEMENT,
    "financial institution": Sector.BANK,
    "university": Sector.ACADEMIC,
    "charity": Sector.NGO,
    "cert": Sector.COORDINATOR,
    "isac": Sector.COORDINATOR,
    "isp": Sector.TELECOM,
}


def parse_sector(text: str) -> Sector:
    """Read a sector as people write it (`law-enforcement`, `police`, `Bank`).

    Raises:
        NotValidError: no such sector.
    """
    word = " ".join(text.replace("-", " ").replace("_", " ").casefold().split())
    try:
        return _SECTOR_WORDS.get(word) or Sector(word)
    except ValueError:
        known = ", ".join(sector.value for sector in Sector)
        raise NotValidError(
            Said("unknown sector {text!r}", text=text[:60]), mend=Said("use one of: {known}", known=known)
        ) from None


def parse_capability(text: str) -> Capability:
    """Read a capability: `MODE` or `MODE:KIND`.

    >>> str(parse_capability("Freeze:crypto-address"))
    'freeze:crypto-address'

    Raises:
        NotValidError: no such mode or kind.
    """
    word, _, kind = text.strip().casefold().partition(":")
    try:
        mode = Mode(word.strip())
    except ValueError:
        known = ", ".join(mode.value for mode in Mode)
        raise NotValidError(
            Said("unknown way to act {word!r}", word=word[:60]), mend=Said("use one of: {known}", known=known)
        ) from None
    kind = kind.strip()
    if kind and kind not in vocabulary().kinds:
        raise NotValidError(
            Said("unknown kind of entity {kind!r}", kind=kind[:60]), mend="use a kind such as domain-name"
        )
    return Capability(mode, kind)


def parse_ties(texts: Iterable[str]) -> frozenset[str]:
    """Names of parents, origins or feeds, their spaces tidied.

    Raises:
        NotValidError: too many, or one that is too long or not printable.
    """
    found = frozenset(filter(None, (" ".join(text.split()) for text in texts)))
    if len(found) > MOST_TIES:
        raise NotValidError(
            Said("{found} names are too many", found=len(found)),
            mend=Said("give at most {most_ties}", most_ties=MOST_TIES),
        )
    for name in found:
        if len(name) > LONGEST_TIE or not name.isprintable():
            raise NotValidError(
                Said("{name!r} names nothing", name=name[:60]),
                mend=Said("use 1 to {longest_tie} printable characters", longest_tie=LONGEST_TIE),
            )
    return found


_LOOKALIKES = str.maketrans(
    {
        **dict(zip("аеорсухіјѕһӏкмтвнԁ", "aeopcyxijshlkmtbhd", strict=True)),
        **dict(zip("αβερτυικνχοη", "abeptuikvxon", strict=True)),
        **dict(zip("ıłøđ0135", "ilodoles", strict=True)),
        **dict(zip("ىیېکڪەةہھٱ", "يييككهههها", strict=True)),
    }
)
_STRETCH = "\u0640"
"""Draws an Arabic word longer and says nothing."""
_UNSAID = ("COMBINING", "ARABIC", "HEBREW")
"""Beginnings of the names of marks that whoever writes quickly leaves out."""


@lru_cache(maxsize=8_192)
def name_key(name: str) -> str:
    """What two spellings of one name have in common: case, accents, punctuation and lookalikes left out.

    After the idea of Unicode's UTS 39 skeletons, with the Cyrillic and Greek letters and the digits that
    pass for Latin ones, Arabic letters as Persian and Urdu write them, and every script's own digits. Vowel
    signs of Asian scripts stay: they tell names apart; Arabic and Hebrew ones are seldom written.

    >>> name_key("Bank-of Siam") == name_key("BАNK OF SIÁM"), name_key("bank") == name_key("police")
    (True, False)
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    plain = "".join(_digit(one) for one in folded if _tells_apart(one))
    return plain.translate(_LOOKALIKES).replace("rn", "m").replace("vv", "w")


def _tells_apart(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] == "M":
        return not unicodedata.name(character, "COMBINING").startswith(_UNSAID)
    return category[0] in "LN" and character != _STRETCH


def _digit(character: str) -> str:
    """A digit of any script as it stands in Latin; any other character itself."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
