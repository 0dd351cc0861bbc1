"""`note`: one human observation or assessment, with its source, as a capture and claims of its own.

What is stated beside the words (`--about`, `--link`) stands in the capture too, a line each after them, so
that a package proves it like all else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from chokepoint.collect.origins import origin_of
from chokepoint.desk.people.circle import allowed
from chokepoint.desk.personal.veil import all_unveiled, veil
from chokepoint.desk.resolve import entity_of
from chokepoint.desk.watch.protected import alarms_for
from chokepoint.model.claim import Claim, Interval, Nature, Provenance, between, parse_day
from chokepoint.model.errors import NotValidError, RefusedError
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.model.said import Said
from chokepoint.model.source import Capture, Grading
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store.base import CLAIM, claim_row
from chokepoint.values.defang import refang
from chokepoint.values.registry import derived
from chokepoint.values.sentence import companions
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity
    from chokepoint.store.reading import Reader
    from chokepoint.values.base import Indicator

    Stated = tuple[Entity, str, Entity | str]

UNGRADED = Grading()
LONGEST = 100_000
LONGEST_OBSERVATION = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person wants to put on record.

    Attributes:
        text: the observation in the person's words.
        about: entities that it is about, as written or under their pseudonyms; empty means those found in
            the text, or else the subjects of the links.
        links: sentences `subject, property, object` that it states, as written.
        source: who saw it or said it first; empty means the viewer's organisation.
        grading: of that source and of the information.
        marking: who may see it.
        when: a day, or `FIRST..LAST` with both included, or empty.
        assessment: whether it is a conclusion and not something seen.
    """

    text: str
    about: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    source: str = ""
    grading: Grading = UNGRADED
    marking: Marking = CLEAR
    when: str = ""
    assessment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What became of a note.

    Attributes:
        capture: SHA-256 of its text with what was stated beside.
        claims: what it says, in order; whom the writer named by a pseudonym stays under it.
        new: how many of them were not on record.
    """

    capture: str
    claims: tuple[Claim, ...]
    new: int

    def to_json(self) -> dict[str, Any]:
        """The shape of `note --json`."""
        return {
            "capture": self.capture,
            "claims": {"new": self.new, "known": len(self.claims) - self.new},
            "said": [
                {
                    "subject": str(claim.subject),
                    "property": claim.property,
                    "object": str(claim.object),
                    "place": claim.place,
                    "marking": claim.provenance.marking.tlp.label,
                }
                for claim in self.claims
            ],
        }


def note(atlas: Atlas, draft: Draft) -> Noted:
    """Put a note on record; the same note a second time adds nothing.

    Raises:
        RefusedError: it is empty, too long, or about nothing.
        NotValidError: an entity, property or day that is none.
    """
    allowed(atlas, draft.marking)
    text = draft.text.encode("utf-8", "replace").decode()
    draft = replace(draft, text=re.sub(r"\r(?!\n)", "\n", text))  # a line of its own to who proves the places
    if not draft.text.strip() or len(draft.text) > LONGEST:
        raise RefusedError(
            Said("a note has 1 to {longest:,} characters", longest=LONGEST), mend="for a document use collect"
        )
    observed = day_or_days(draft.when)
    about, links, behind = _meant(atlas, draft)
    found = [] if about else scan(draft.text)
    named = {one.entity: one.raw for one in reversed(found)}
    about = about or list(named.items())[::-1] or [(link[0], "") for link in links]
    if not about:
        raise RefusedError(
            "the note is about nothing that the atlas knows by form", mend="name it: --about KIND:VALUE"
        )
    origin = origin_of(refang(draft.source)) or atlas.viewer.organisation
    beside = draft.source if origin != draft.source else ""
    whole = _whole(draft.text, about, links, beside)
    [capture] = atlas.vault.put([whole.encode("utf-8", "replace")])
    sentences = _Sentences(draft, observed, (capture, whole), origin)
    claims = tuple(
        dict.fromkeys(
            [*sentences.observations(about, found), *sentences.mentions(found), *sentences.links(links)]
        )
    )
    key = atlas.fingerprint_key(CLAIM)
    rows = [claim_row(claim, key) for claim in claims]
    appended = atlas.ledger.append_claims(
        atlas.speaker(),
        [(_capture(atlas, whole, capture), draft.marking)],
        rows,
        along=partial(alarms_for, day=atlas.clock()[:10]),
    )
    cover = veil(atlas, behind)
    return Noted(capture=capture, claims=tuple(map(cover.claim, claims)), new=sum(appended.fresh))


def _meant(atlas: Atlas, draft: Draft) -> tuple[list[tuple[Entity, str]], list[Stated], set[Entity]]:
    """What a note is about as it is written, what it states, and who of these is named by a pseudonym."""
    ends = [end for subject, _, thing in draft.links for end in (subject, thing)]
    plain = dict(zip((*draft.about, *ends), all_unveiled(atlas, (*draft.about, *ends)), strict=True))
    reader = atlas.reader
    with reader.connect() as connection:
        named = {text: entity_of(reader, connection, plain[text]) for text in draft.about}
        links = [_link(reader, connection, link, plain) for link in draft.links]
        behind = {entity_of(reader, connection, told) for text, told in plain.items() if told != text}
    about = [(entity, text if plain[text] == text else "") for text, entity in named.items()]
    return about, links, behind


def day_or_days(text: str) -> Interval | None:
    """The interval of `DAY` or `FIRST..LAST`; None for an empty text.

    Raises:
        NotValidError: no ISO dates, or the last before the first.
    """
    if not text.strip():
        return None
    first, several, last = text.partition("..")
    start = parse_day(first)
    return between(start, parse_day(last) if several else start)


def _link(
    reader: Reader, connection: Connection, link: tuple[str, str, str], plain: Mapping[str, str]
) -> Stated:
    subject, name, thing = plain[link[0]], link[1], link[2]
    wanted = vocabulary().property(name)
    if not wanted.is_link:
        if not thing.strip():
            raise NotValidError(Said("{name} of nothing", name=name), mend="give its value")
        return entity_of(reader, connection, subject), name, thing
    return entity_of(reader, connection, subject), name, entity_of(reader, connection, plain[thing])


def _whole(text: str, about: list[tuple[Entity, str]], links: list[Stated], source: str) -> str:
    """The words, entities that they are about and do not hold, sentences stated beside, and the source."""
    named = [str(entity) for entity, raw in about if _at(text, raw) < 0]
    stated = [_stated(link) for link in links]
    more = [one for one in named if not any(f" {one} " in f" {line} " for line in stated)]
    return "\n".join([text, *more, *stated, *([source] if source and source not in text else [])])


def _at(text: str, word: str) -> int:
    """Where a word first stands by itself, not as a part of a longer host, name or number; else -1."""
    alone = re.search(rf"(?a)(?<![\w-])(?<!\w\.){re.escape(word)}(?![\w-]|\.\w)", text) if word else None
    return alone.start() if alone else -1


def _stated(link: Stated) -> str:
    subject, name, thing = link
    return " ".join(f"{subject} {name} {thing}".split())


def _capture(atlas: Atlas, text: str, sha256: str) -> Capture:
    moment = atlas.clock()
    return Capture(
        sha256=sha256,
        media_type="text/plain",
        path=f"note of {moment[:10]}",  # whose, a vetter must not read here
        size=len(text.encode("utf-8", "replace")),
        captured_at=moment,
        captured_by=atlas.viewer.organisation,
        method="note",
    )


class _Sentences:
    """Claims of one note."""

    def __init__(
        self, draft: Draft, observed: Interval | None, captured: tuple[str, str], origin: str
    ) -> None:
        capture, self._whole = captured
        self._text = draft.text
        self._observed = observed
        self._nature = Nature.ASSESSMENT if draft.assessment else Nature.FACT
        self._source = Provenance(
            capture=capture, origin=origin, grading=draft.grading, marking=draft.marking
        )

    def observations(self, about: list[tuple[Entity, str]], found: list[Indicator]) -> list[Claim]:
        words = " ".join(self._text.split())[:LONGEST_OBSERVATION]
        read = {one.entity: one.line for one in reversed(found)}
        lines = {entity: read.get(entity) or self._named(entity, raw) for entity, raw in about}
        said = [self._say((entity, "observation", words), lines[entity], raw) for entity, raw in about]
        return said + [
            replace(self._say((entity, name, other), lines[entity], raw), observed=None, nature=Nature.FACT)
            for entity, raw in about
            for name, other in derived(entity)
        ]

    def mentions(self, found: list[Indicator]) -> list[Claim]:
        lines = self._text.split("\n")
        accused = (one for one in found if one.role == "indicator")
        said: list[Claim] = []
        for line, group in groupby(accused, key=attrgetter("line")):
            named = [(one.entity, one.raw) for one in group]
            raws = dict(reversed(named))
            said += [
                self._say((one, "mentioned-with", other), line, raws[one])
                for one, other in companions(lines[line - 1], named)
            ]
        return said

    def links(self, links: list[Stated]) -> list[Claim]:
        lines = self._whole.split("\n")
        return [self._say(link, lines.index(_stated(link)) + 1) for link in links]

    def _named(self, entity: Entity, raw: str) -> int:
        """The line on which a thing stands that the writer named beside the text, as there or as its own."""
        at = _at(self._text, raw)
        at = at if at >= 0 else _at(self._whole, str(entity))
        return self._whole.count("\n", 0, max(0, at)) + 1

    def _say(self, stated: Stated, line: int, raw: str = "") -> Claim:
        kept = raw if raw != stated[0].value else ""
        return Claim(*stated, f"line {line}", self._source, self._observed, self._nature, kept)
