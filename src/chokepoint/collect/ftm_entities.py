"""FollowTheMoney entities of other publishers (Aleph, OpenSanctions): things, and what ties them.

Entities are lines of JSON, or one array of them. An id is kept as an identifier; ties are entities of their
own that may stand before what they tie. The days on which a data set first and last held an entity say
nothing of the fact, only that it was said by the last of them. Source: followthemoney.tech, model 4.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.ftm import DATASET
from chokepoint.collect.namesakes import Namesakes
from chokepoint.collect.origins import origin_of, provenance
from chokepoint.collect.taking import named, other_coin, raw_of, span, take, take_any, texts, until
from chokepoint.model.claim import Nature
from chokepoint.model.identity import Entity
from chokepoint.values.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.claim import Interval

MOST_PAIRS = 2_500
_OWNERS = ("holder", "owner")
_DATES = frozenset({"startDate", "endDate", "listingDate", "date"})
_OF_OFFICE = Skipped("person of whom only an office is told")
_PEOPLE = frozenset({"person"})
_MEND = "Mend: export it again as FtM entities, a JSON object a line"


class Record(msgspec.Struct, frozen=True):
    """One FtM entity as its publisher wrote it."""

    id: str
    schema: str
    properties: dict[str, Any]
    caption: str = ""
    datasets: list[str] = msgspec.field(default_factory=list)
    last_seen: str | None = None

    def values(self, name: str) -> list[str]:
        """The texts of a property."""
        return texts(self.properties.get(name))


_decoder = msgspec.json.Decoder(Record)
_any = json.JSONDecoder()
_array = msgspec.json.Decoder(list[msgspec.Raw])


def _words(name: str) -> dict[str, Any]:
    found: dict[str, Any] = table("ftm_words", "collect")[name]
    return found


@cache
def _meaning(sort: str, word: str) -> str:
    """The name of the list of a sort that holds a word, or empty."""
    return next((meaning for meaning, listed in _words(sort).items() if word in listed), "")


class Held(NamedTuple):
    """A record at its place, and the thing that it is, if it is one."""

    place: str
    record: Record
    thing: Entity | None


class FtmEntities:
    """Collector of FollowTheMoney entities that no atlas exported."""

    name = "ftm-entities"

    def recognises(self, document: Document) -> bool:
        """JSON whose first object is an FtM entity."""
        start = document.data[: 1 << 20].lstrip(b"\xef\xbb\xbf \t\r\n")
        if b'"schema"' not in start or b'"properties"' not in start:
            return False
        try:
            first = (
                _first_of_array(start) if start[:1] == b"[" else _decoder.decode(start.partition(b"\n")[0])
            )
        except (msgspec.DecodeError, ValueError, RecursionError):
            return False
        return DATASET not in first.datasets and first.schema[:1].isupper()

    def read(self, document: Document) -> Iterator[Item]:
        """What each entity says of itself, then what ties them."""
        return with_derived(told(document, _lines(document.data)))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _first_of_array(start: bytes) -> Record:
    """The first element of an array, over however many lines it goes and whatever follows it."""
    value, _ = _any.raw_decode(start[1:].decode("utf-8", "replace").lstrip())
    return msgspec.convert(value, Record)


def _lines(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
        for number, raw in enumerate(_array.decode(data.lstrip(b"\xef\xbb\xbf"))):
            yield f"/{number}", bytes(raw)
        return
    for number, line in enumerate(data.lstrip(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield f"line {number}", line


def told(document: Document, lines: Iterator[tuple[str, bytes]]) -> Iterator[Item]:
    """The claims of FtM entities in JSON, each with its place in the document."""
    held: list[Held] = []
    namesakes = Namesakes()
    try:
        for place, line in lines:
            found = _held(place, line, namesakes)
            if isinstance(found, Held):
                held.append(found)
            else:
                yield found
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        yield Rejected("/", f"no array of FollowTheMoney entities ({str(error)[:200]}). {_MEND}")
    things: dict[str, Entity | Skipped] = {one.record.id: one.thing for one in held if one.thing is not None}
    left = _office_holders(held)
    things |= dict.fromkeys(left, _OF_OFFICE)
    for one in held:
        if one.record.id in left:
            yield _OF_OFFICE
            continue
        teller = _Teller(document, one, things)
        yield from teller.tied() if one.thing is None else teller.itself(one.thing)


def _office_holders(held: list[Held]) -> set[str]:
    """Ids of people of whom their publisher only says what office they, or their relatives, hold."""
    sanctioned = {
        name for one in held if one.record.schema == "Sanction" for name in one.record.values("entity")
    }
    return {
        one.record.id
        for one in held
        if one.thing is not None
        and one.thing.kind in _PEOPLE
        and (topics := one.record.values("topics"))
        and all(topic.startswith("role.") for topic in topics)
        and one.record.id not in sanctioned
    }


def _held(place: str, line: bytes, namesakes: Namesakes) -> Held | Rejected | Skipped:
    try:
        record = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return Rejected(place, f"no FollowTheMoney entity ({str(error)[:200]}). {_MEND}")
    if rule := _meaning("left", record.schema):
        return Skipped(rule)
    if record.schema in _words("link") or record.schema == "Sanction":
        return Held(place, record, None)
    kind = _meaning("kind", record.schema)
    if not kind:
        return Skipped("FollowTheMoney schema that has no kind here")
    thing = _thing(kind, Held(place, record, None), namesakes)
    return thing if isinstance(thing, Rejected) else Held(place, record, thing)


def _thing(kind: str, held: Held, namesakes: Namesakes) -> Entity | Rejected:
    record = held.record
    if kind == "crypto-address":
        return take(kind, next(iter(record.values("publicKey") or record.values("name")), ""), held.place)
    if kind == "bank-account":
        return take(kind, next(iter(record.values("iban") or record.values("accountNumber")), ""), held.place)
    if kind == "user-account":
        service, user = (next(iter(record.values(name)), "") for name in ("service", "username"))
        return take(kind, f"{service}:{user}" if service and user else user, held.place)
    who = namesakes.entity(kind, _name(record), record.id)
    return who or Rejected(held.place, f"{record.id[:80]!r} has no name. Mend: compare it with the source")


def _name(record: Record) -> str:
    return next(iter(record.values("name")), record.caption)


class _Teller:
    """Tells the claims of one record."""

    def __init__(self, document: Document, held: Held, things: dict[str, Entity | Skipped]) -> None:
        self._record = held.record
        self._place = held.place
        self._things = things
        sets = held.record.datasets
        origin = _words("origin").get(sets[0], sets[0]) if len(sets) == 1 else ""
        self._source = provenance(document, origin=origin)
        self._raw = ""

    def _say(self, observed: Interval | None, nature: Nature = Nature.FACT) -> Sentences:
        return Sentences(self._source, self._place, observed, nature)

    def itself(self, thing: Entity) -> Iterator[Item]:
        """What an entity says of itself."""
        record = self._record
        written = (*record.values("publicKey"), *record.values("iban"), *record.values("accountNumber"))
        self._raw = raw_of(thing, next(iter(written), _name(record)))
        say = self._say(until(record.last_seen or ""))
        yield say.say(thing, "identifier", record.id, self._raw)
        for field in record.properties:
            values = record.values(field)
            if field in _OWNERS:
                yield from self._owned(thing, field, say)
            elif field == "name":
                yield from (say.say(thing, "alias", one, self._raw) for one in values[1:] if one != values[0])
            elif field == "currency" and thing.kind == "crypto-address":
                for coin in values:
                    yield from other_coin(say, thing, coin)
            elif field not in {"publicKey", "iban", "accountNumber", "username", "service"}:
                yield from self._field(thing, field, say)

    def _owned(self, thing: Entity, field: str, say: Sentences) -> Iterator[Item]:
        for one in self._ends(field):
            if not isinstance(one, Entity):
                yield one
            elif one != thing:
                yield say.say(thing, "controlled-by", one, self._raw)

    def _field(self, thing: Entity, field: str, say: Sentences) -> Iterator[Item]:
        """One property in words of the vocabulary."""
        meaning, values = _meaning("field", field), self._record.values(field)
        if self._record.properties[field] and not values:
            yield Rejected(
                self._place, f"{field[:80]} is no list of texts; nested entities are not read. {_MEND}"
            )
        if meaning == "address" and thing.kind in _PEOPLE:
            yield Skipped("address at which a person lives", len(values))
            return
        unsure = self._say(say.observed, Nature.ASSESSMENT)
        for value in values:
            if meaning in {"contact", "website", "located-in"}:
                yield self._linked(say, thing, (meaning, value))
            elif meaning in {"", "address"}:
                yield say.say(thing, "attribute", f"{field}: {value}", self._raw)
            elif meaning == "identifier":
                yield say.say(thing, meaning, f"{field} {value}", self._raw)
            else:
                yield (unsure if field == "weakAlias" else say).say(thing, meaning, value, self._raw)

    def _linked(self, say: Sentences, thing: Entity, said: tuple[str, str]) -> Item:
        meaning, value = said
        if meaning == "located-in":
            found = named("country", value) or Rejected(
                self._place, f"{value[:80]!r} is no country. Mend: write its ISO 3166 code"
            )
        elif meaning == "website":
            found = take_any(value, self._place)
        else:
            found = take("email-addr" if "@" in value else "phone-number", value, self._place)
        return found if isinstance(found, Rejected) else say.say(thing, meaning, found, self._raw)

    def tied(self) -> Iterator[Item]:
        """What a tie says of the two that it ties."""
        record = self._record
        first = (*record.values("startDate"), *record.values("listingDate"), *record.values("date"))
        last = (*record.values("endDate"), *record.values("date"))
        say = self._say(span(next(iter(first), ""), next(iter(last), "")))
        if record.schema == "Sanction":
            yield from self._sanctioned(say)
            return
        subject, link, thing = _words("link")[record.schema]
        lefts, rights = list(self._ends(subject)), list(self._ends(thing))
        yield from (one for one in (*lefts, *rights) if not isinstance(one, Entity))
        if len(lefts) * len(rights) > MOST_PAIRS:
            yield Rejected(self._place, f"ties more than {MOST_PAIRS:,} pairs. Mend: write a tie for each")
            return
        for left in lefts:
            for right in rights:
                if not isinstance(left, Entity) or not isinstance(right, Entity) or left == right:
                    continue
                self._raw = self._id_of(subject, left)
                yield say.say(left, link, right, self._raw)
                if link not in {"controlled-by", "pays"}:
                    yield say.say(left, "role", record.schema, self._raw)
                yield from self._rest(say, left, frozenset({subject, thing}))

    def _sanctioned(self, say: Sentences) -> Iterator[Item]:
        record = self._record
        for who in self._ends("entity"):
            if not isinstance(who, Entity):
                yield who
                continue
            self._raw = self._id_of("entity", who)
            for name in record.values("authority"):
                if authority := named("organisation", origin_of(name)):
                    yield say.say(who, "sanctioned-by", authority, self._raw)
            yield from self._rest(say, who, frozenset({"entity", "authority"}))

    def _rest(self, say: Sentences, who: Entity, told: frozenset[str]) -> Iterator[Item]:
        """The fields of a tie that are no end of it, as words on its subject."""
        for field in self._record.properties:
            meaning = _meaning("field", field)
            if field in told | _DATES:
                continue
            for value in self._record.values(field):
                if meaning in {"category", "description", "reference", "role"}:
                    yield say.say(who, meaning, value, self._raw)
                else:
                    yield say.say(who, "attribute", f"{self._record.schema} {field}: {value}", self._raw)

    def _id_of(self, field: str, who: Entity) -> str:
        """The id under which a field names somebody, which is all that a tie writes of them."""
        return next((name for name in self._record.values(field) if self._things.get(name) == who), "")

    def _ends(self, field: str) -> Iterator[Entity | Rejected | Skipped]:
        """The entities that a field refers to, or the reference that leads nowhere in this file."""
        ids = self._record.values(field)
        if not ids and self._record.schema in _words("link"):
            yield Rejected(self._place, f"a {self._record.schema[:40]} without {field}. {_MEND}")
        for name in ids:
            yield self._things.get(name) or Rejected(
                self._place,
                f"{field} refers to {name[:80]!r}, which is no party of this file. Mend: export both",
            )
