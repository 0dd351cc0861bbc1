"""Who may be named, and what is masked (DESIGN §9).

Five rules, in any report:

1. A natural person is named only if a claim cites a public authority that charged, convicted or
   sanctioned them, or, but never in a TLP:CLEAR edition, if a named human released the name on a legal
   basis; otherwise they are a pseudonym that is the same on every page ("Person k3f7q2ma (victim)"). It
   follows from a key that stays with the sender: who reads it cannot try names on it.
2. In a TLP:CLEAR edition an identifier that is data about a natural person (the vocabulary's
   `personal`: e-mail, phone, account, bank account and so on) is shown in full only when it was vetted
   as a criminal contact: an accepted statement ties it to a crime, and no simulated vote carries
   that acceptance. Otherwise its middle is masked. Identity documents and payment cards are always masked.
3. Words about somebody who may not be named are withheld, but for status, category, date and amount.
4. Victims and witnesses are never named, nor shown by an identifier; nor is anybody who may not be named
   shown by an identifier of theirs, unless that was vetted as a means of crime.
5. Where a person lives never enters a TLP:CLEAR edition, named or not.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.harmless import PIECES, READ
from chokepoint.package.redact import NATURAL_PERSONS, WITHHELD, Redactor
from chokepoint.values.name_words import plain
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chokepoint.package.parts import PackageClaim

LETTERS = 8
"""Of a pseudonym, five bits each: among 10,000 persons two share theirs once in 20,000 times."""
ALWAYS_MASKED = frozenset({"document", "payment-card"})
AUTHORITY_STATUS = frozenset({"charged", "indicted", "convicted", "sentenced", "sanctioned"})
CRIMINAL_TIES = frozenset(
    {
        "contact",
        "indicates",
        "requests-payment-to",
        "uses",
        "account",
        "attributed-to",
        "controlled-by",
        "pays",
    }
)
NAMELESS = frozenset({"status", "category", "date", "amount", "price"})
_UNREAD = frozenset({"attribute", "identifier", "observation"})
_worth_reading = re.compile(
    r"@|[0-9](?:[ ().-]{0,2}[0-9]){6}|t\.me/|line|telegram|facebook|instagram|whatsapp", re.IGNORECASE
).search
_personal_head = re.compile(
    r"victim|name\b|birth|address|street|home|phone|tel\b|mobile|mail|passport|ssn|age\b|complainant"
    r"|reporter|owner|ผู้เสียหาย|เหยื่อ|ชื่อ|ที่อยู่|เกิด|opfer|adresse|geburt|geschädigt|victime|prénom|\bnom\b"
    r"|naissance|víctima|nombre|domicilio|被害者|氏名|住所|mağdur|\bad\b|soyad|adres|doğum"
    r"|registrant|(?:\b|_)contact|holder\b|beneficiar|bénéficiaire|subscriber|customer|client|(?:\b|_)(?:persons?|paye[er])(?:\b|_)"
    r"|employee|witness|applicant|signator|titulaire|titular|inhaber|halter\b|ansprechpartner|kund(?:e|in)\b|telefon|teléfono"
    r"|celular|nome\b|endereço|vítima|nascimento|sahibi|müşteri|yetkili|iletişim|jina\b|anwani|simu\b|mwathiri"
    r"|kuzaliwa|mteja|mmiliki|ผู้จดทะเบียน|ผู้ติดต่อ|เจ้าของ|ลูกค้า|登録者|担当者|連絡先|名義人|顧客|اسم|عنوان|ضحية|هاتف|ميلاد"
    r"|صاحب|مسجل|عميل|مالك"
)
_ADDRESSES = frozenset({"site"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimised:
    """Who is minimised in one edition.

    Attributes:
        hidden: natural persons and identifiers that are not shown.
        names: pseudonyms of natural persons, each with the role that is stated.
        judged: of whom that was asked: any other personal identifier is not shown; None where nobody was.
        key: the sender's secret under which everybody else's pseudonym is made; it never leaves.
    """

    hidden: frozenset[Entity] = frozenset()
    names: Mapping[Entity, str] = field(default_factory=dict)
    judged: frozenset[Entity] | None = None
    key: bytes = field(default=b"", repr=False)

    def hides(self, entity: Entity) -> bool:
        """Whether the entity may not be shown for a natural person's sake."""
        if entity in self.hidden:
            return True
        return self.judged is not None and entity not in self.judged and is_personal(entity)


NOBODY = Minimised()
NO_WORDS = Redactor({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Discretion:
    """What may be shown in one edition.

    Attributes:
        public_persons: natural persons that a cited public authority charged, convicted or sanctioned, or
            whom a named human released for an edition that is not open.
        vetted_contacts: personal identifiers vetted as criminal contacts.
        open_edition: whether the edition is TLP:CLEAR.
        minimised: whom their role, or their owner's, keeps out of sight.
        redactor: keeps who may not be named out of words.
    """

    public_persons: frozenset[Entity] = frozenset()
    vetted_contacts: frozenset[Entity] = frozenset()
    open_edition: bool = False
    minimised: Minimised = NOBODY
    redactor: Redactor = field(default=NO_WORDS, compare=False, repr=False)

    def may_name(self, entity: Entity) -> bool:
        """Whether the entity may stand in this edition as it is."""
        if self.minimised.hides(entity):
            return False
        if entity.kind in NATURAL_PERSONS:
            return entity in self.public_persons
        if entity.kind in ALWAYS_MASKED:
            return False
        return not self.open_edition or not is_personal(entity) or entity in self.vetted_contacts

    def label(self, entity: Entity, shown: str) -> str:
        """How the entity is written: as shown, as a pseudonym, or masked.

        Raises:
            ValueError: it needs a pseudonym, and the edition has neither that nor a key.
        """
        if self.may_name(entity):
            return shown
        if entity.kind in NATURAL_PERSONS:
            return self.minimised.names.get(entity) or pseudonym(entity, self.minimised.key)
        return mask(shown)

    def apart(self, entity: Entity) -> str:
        """As `label` of its value, told apart from whatever else has the same mask.

        A tool would take two accounts for one, and join whose they are.
        """
        shown, key = self.label(entity, entity.value), self.minimised.key
        if self.may_name(entity) or entity.kind in NATURAL_PERSONS or not key:
            return shown
        return f"{shown} {pseudonym(entity, key)[-LETTERS:]}"

    def words(self, claim: PackageClaim) -> str:
        """The text of an attribute; of a person who may not be named, only what cannot name them."""
        text = claim.object if isinstance(claim.object, str) else ""
        unnamed = claim.subject.kind in NATURAL_PERSONS and not self.may_name(claim.subject)
        return WITHHELD if unnamed and claim.property not in NAMELESS else self.told(text)

    def shown(self, claim: PackageClaim) -> PackageClaim:
        """The claim in whose words nobody is named who may not be; its ends are labelled where they stand."""
        return replace(
            claim,
            object=self.words(claim) if isinstance(claim.object, str) else claim.object,
            place=self.told(claim.place),
            origin=self.told(claim.origin),
            graded=self.told(claim.graded),
            raw=self.told(claim.raw) if self.may_name(claim.subject) else "",
            votes=tuple(vote._replace(reason=self.told(vote.reason)) for vote in claim.votes),
        )

    def told(self, text: str) -> str:
        """Words as they may stand in this edition: nobody is named in them who may not be."""
        return self.redactor.told(text)


def discretion(
    claims: Iterable[PackageClaim],
    *,
    open_edition: bool,
    released: frozenset[Entity] = frozenset(),
    minimised: Minimised = NOBODY,
    withheld: frozenset[Entity] = frozenset(),
) -> Discretion:
    """What claims, and names that a human released, allow to show; simulated acceptance allows nothing.

    What is withheld, whatever it is, stands in no words either.
    """
    claims = list(claims)
    public = set() if open_edition else set(released)
    contacts: set[Entity] = set()
    for claim in claims:
        if claim.verdict != "accepted" or claim.watermarked:
            continue
        if _by_authority(claim):
            public.add(claim.subject)
        if claim.property in CRIMINAL_TIES and isinstance(claim.object, Entity):
            paid = (claim.object,) if claim.property == "pays" else (claim.subject, claim.object)
            contacts.update(entity for entity in paid if is_personal(entity))
    found = Discretion(
        public_persons=frozenset(public),
        vetted_contacts=frozenset(contacts),
        open_edition=open_edition,
        minimised=minimised,
    )
    return replace(
        found, redactor=Redactor(_unnamed(claims, found) | dict.fromkeys(sorted(withheld), "withheld"))
    )


def _unnamed(claims: Iterable[PackageClaim], found: Discretion) -> dict[Entity, str]:
    """Who may not be named, each with what is written instead.

    Words with an identifier of a natural person are in no open edition at all: `tells_of_a_person`.
    """
    ends = {end for one in claims for end in (one.subject, one.object) if isinstance(end, Entity)}
    kinds = NATURAL_PERSONS if found.open_edition else None
    asked = ends | (found.minimised.judged or frozenset()) | found.minimised.hidden
    return {
        one: found.label(one, one.value)
        for one in sorted(asked)
        if (one.kind in kinds if kinds else is_personal(one)) and not found.may_name(one)
    }


def _by_authority(claim: PackageClaim) -> bool:
    """Whether a claim says that an authority acted against its subject, with a graded source (A or B)."""
    if claim.grading[:1] not in ("A", "B"):
        return False
    if claim.property == "sanctioned-by":
        return True
    return (
        claim.property == "status"
        and isinstance(claim.object, str)
        and claim.object.strip().casefold() in AUTHORITY_STATUS
    )


def is_personal(entity: Entity) -> bool:
    """Whether the vocabulary calls values of that kind data about a natural person."""
    kind = vocabulary().kinds.get(entity.kind)
    return kind is None or kind.personal


def places_a_person(claim: PackageClaim) -> bool:
    """Whether a claim says where a person is or lives."""
    if not isinstance(claim.object, Entity):
        return False
    kinds = {claim.subject.kind, claim.object.kind}
    return bool(kinds & {"person", "persona"}) and bool(kinds & _ADDRESSES)


def tells_of_a_person(claim: PackageClaim, discreet: Discretion) -> bool:
    """Whether the text of an attribute holds, or by its head may hold, data of who may not be named.

    Columns that nobody understood are kept under their heads (`victim: …`): the head decides there.
    """
    text = claim.object if isinstance(claim.object, str) else ""
    head, mark, _ = text.partition(":")
    if claim.property in _UNREAD and mark and _personal_head.search(plain(head)):
        return True
    if not _worth_reading(text):
        return False
    pieces = PIECES.findall(text)
    if any(len(piece) > READ for piece in pieces):
        return True  # nothing reads so long a run
    found = (indicator.entity for piece in pieces for indicator in scan(piece))
    return any(is_personal(entity) and not discreet.may_name(entity) for entity in found)


def pseudonym(entity: Entity, key: bytes, *, letters: int = LETTERS) -> str:
    """A stable name for somebody who may not be named: kind and start of an HMAC-SHA-256 (RFC 2104).

    Args:
        entity: who is named so.
        key: secret of who gives the name; without it nobody can try candidates, with it anybody can.
        letters: how many of base32 (RFC 4648, lower case) it has, 52 at most.

    Raises:
        ValueError: the key is empty, so that everybody could make the name.
    """
    if not key:
        raise ValueError("a pseudonym without a key would tell whoever guesses the name")
    said = "\x1f".join(("pseudonym", *entity)).encode("utf-8", "surrogatepass")
    code = base64.b32encode(hmac.digest(key, said, "sha256")).decode().lower()[:letters]
    kinds = vocabulary().kinds
    return f"{kinds[entity.kind].label if entity.kind in kinds else entity.kind} {code}"


def pseudonyms(entities: Iterable[Entity], key: bytes, *, letters: int = LETTERS) -> dict[Entity, str]:
    """Pseudonyms of which no two are the same: whose first letters agree have twice as many.

    They depend on who is named beside only where two agree, and never on the order.

    Raises:
        ValueError: as `pseudonym`.
    """
    names = {one: pseudonym(one, key, letters=letters) for one in entities}
    held = Counter(names.values())
    alike = [one for one, name in names.items() if held[name] > 1]
    return names | (pseudonyms(alike, key, letters=2 * letters) if alike else {})


def mask(text: str) -> str:
    """First and last character of each part, the rest as dots: enough to recognise, too little to use.

    >>> mask("jane.doe@mail.example")
    'j•••e@m•••e'
    """
    return "@".join(_dots(part) for part in text.split("@"))


def _dots(part: str) -> str:
    return f"{part[0]}•••{part[-1]}" if len(part) > 4 else "•••"
