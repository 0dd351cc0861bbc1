"""One listed party, whoever lists it, and the claims that its entry makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Rejected, Sentences, Skipped
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import day, named, other_coin, raw_of, span, take, take_any, until
from chokepoint.model.claim import Nature
from chokepoint.model.identity import Entity
from chokepoint.values import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.base import Document, Item

PEOPLE = frozenset({"person", "persona"})


class Mark(NamedTuple):
    """An identification: its type as the list words it, its text, who issued it; or plain words."""

    sort: str
    text: str
    country: str = ""
    plain: bool = False


def mark(sort: str, text: str, country: str = "") -> Mark:
    """An identification under the word that all lists share for its type."""
    return Mark(table("words").get(sort.casefold(), sort), text, country)


class Name(NamedTuple):
    """A name, and whether the authority is sure of it."""

    text: str
    sure: bool = True


class Tie(NamedTuple):
    """A tie to another party of the same list: its number there, and what the list calls the tie."""

    uid: str
    word: str


@dataclass(slots=True, kw_only=True)
class Party:
    """One entry of a list.

    Attributes:
        uid: under which the list keeps it.
        place: of the entry in the file.
        kind: of the vocabulary; empty where the list does not say.
        names: the first is the main one.
        written: what of the main name stands in the list in one piece (a surname); empty where it all does.
        primary: whether the list itself calls the first name the main one.
        published: the day of the list, in ISO 8601, or empty.
        listed: the day of listing, in ISO 8601, or empty.
        programmes: legal grounds.
        marks: identifications.
        countries: of addresses, as written.
        linked: names of parties that the entry ties it to.
        ties: parties that the entry is tied to by their numbers.
        remarks: texts.
        streets: addresses with a street; of people they are not taken.
        entity: who or what is listed, apart from namesakes; None where no name tells it.
    """

    uid: str
    place: str
    kind: str = ""
    names: list[Name] = field(default_factory=list)
    written: str = ""
    primary: bool = False
    published: str = ""
    listed: str = ""
    programmes: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)
    entity: Entity | None = None

    @property
    def raw(self) -> str:
        """The main name, or the part of it, as the list writes it."""
        return self.written or self.names[0].text


def table(name: str) -> dict[str, Any]:
    """A table of `words.toml`."""
    found: dict[str, Any] = tables.table("sanctions/words", "collect")[name]
    return found


def kind_of(word: str) -> str:
    """The kind that a list's word for a party means; an organisation where it says something else."""
    bare = word.strip().casefold()
    return next((kind for kind, words in table("kind").items() if bare in words), "organisation")


def treatment(sort: str) -> str:
    """How an identification is taken: as `wallet`, `contact`, `website`, `remark` or `identifier`."""
    bare = sort.strip().casefold()
    found = (
        (len(word), how)
        for how, words in table("identification").items()
        for word in words
        if bare.startswith(word)
    )
    return max(found, default=(0, "identifier"))[1]


class Teller:
    """Tells the claims of the parties of one list."""

    def __init__(self, document: Document, authority: str, published: str) -> None:
        self._source = provenance(document, origin=authority)
        self._authority = Entity("organisation", authority.lower())
        self._title = authority
        self._published = day(published) and published

    def told(self, party: Party, others: dict[str, Entity]) -> Iterator[Item]:
        """The claims of an entry.

        Args:
            party: the entry.
            others: the listed parties by their names in lower case, and by `#` and their numbers.
        """
        who = party.entity
        if who is None:
            yield Rejected(
                party.place, f"entry {party.uid[:40]!r} has no name. Mend: compare it with the source"
            )
            return
        say = Sentences(self._source, party.place, until(self._published or ""))
        listed = span(party.listed, self._published or "") if party.listed else say.observed
        raw = party.raw
        yield Sentences(self._source, party.place, listed).say(who, "sanctioned-by", self._authority, raw)
        yield say.say(who, "identifier", f"{self._title} {party.uid}", raw)
        yield from self._names(party, who, say)
        for text in dict.fromkeys(party.programmes):
            yield say.say(who, "category", text, raw)
        for mark in dict.fromkeys(party.marks):
            yield from self._marked(mark, (who, raw), say)
        yield from _placed(party, who, say)
        for text in dict.fromkeys(party.remarks):
            yield say.say(who, "description", text, raw)
        for name in dict.fromkeys(party.linked):
            other = others.get(name.casefold()) or named("organisation", name)
            if other and other != who:
                yield say.say(who, "related-to", other, raw)
        for tie in dict.fromkeys(party.ties):
            other = others.get(f"#{tie.uid}")
            if other is None:
                yield Skipped("tie to a party that the list does not hold")
            elif other != who:
                yield say.say(who, "related-to", other, tie.word)

    @staticmethod
    def _names(party: Party, who: Entity, say: Sentences) -> Iterator[Item]:
        main = party.names[0].text
        for name in dict.fromkeys(party.names[1:]):
            if name.text == main:
                continue
            nature = Nature.FACT if name.sure else Nature.ASSESSMENT
            yield Sentences(say.provenance, say.place, say.observed, nature).say(
                who, "alias", name.text, party.raw
            )

    def _marked(self, mark: Mark, of: tuple[Entity, str], say: Sentences) -> Iterator[Item]:
        who, raw = of
        how = "remark" if mark.plain else treatment(mark.sort)
        if how in {"wallet", "contact", "website"}:
            found = _identified(how, mark.text, say.place)
            if isinstance(found, Rejected):
                yield Rejected(found.place, f"{mark.sort}: {found.reason}")
            elif how == "wallet":
                yield say.say(found, "controlled-by", who, raw_of(found, mark.text))
                yield say.say(found, "sanctioned-by", self._authority, raw_of(found, mark.text))
                yield from other_coin(say, found, mark.sort.rpartition("-")[2])
            else:
                yield say.say(who, how, found, raw)
            return
        text = f"{mark.sort} {mark.text}" + f" ({mark.country})" * bool(mark.country)
        yield say.say(who, "attribute" if how == "remark" else "identifier", text.strip(), raw)


def _identified(how: str, text: str, place: str) -> Entity | Rejected:
    if how == "wallet":
        return take("crypto-address", text, place)
    if how == "contact":
        return take("email-addr" if "@" in text else "phone-number", text, place)
    return take_any(text.strip(), place)


def _placed(party: Party, who: Entity, say: Sentences) -> Iterator[Item]:
    """Countries of addresses; where a person lives is nobody's business but the list's."""
    for country in dict.fromkeys(party.countries):
        there = named("country", country)
        if there:
            yield say.say(who, "located-in", there, party.raw)
        else:
            yield say.say(who, "attribute", f"Country: {country}", party.raw)
    if who.kind in PEOPLE and party.streets:
        yield Skipped("address at which a person lives", len(dict.fromkeys(party.streets)))
        return
    for text in dict.fromkeys(party.streets):
        yield say.say(who, "attribute", f"Address: {text}", party.raw)
