"""`search` and `show`: find entities, and lay out all that is known of one."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from chokepoint.desk.looking.dossier import Dossier, Evidence, Hit
from chokepoint.desk.looking.freetext import passage, saying
from chokepoint.desk.looking.shared import shared
from chokepoint.desk.personal.about import notes_on
from chokepoint.desk.personal.cover import covered, minimised, over
from chokepoint.desk.personal.veil import unveiled, veil
from chokepoint.desk.resolve import Known, resolve
from chokepoint.desk.vetting.standing import Standing, standings, veiled
from chokepoint.desk.watch.access import saw
from chokepoint.model.judgement import Verdict
from chokepoint.store import lookup
from chokepoint.store.base import day_number
from chokepoint.store.fulltext import words_of
from chokepoint.store.moments import position_at
from chokepoint.store.siblings import siblings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity
    from chokepoint.store.reading import Reader

MOST_CLAIMS = 2_000
"""Claims of a dossier: a page of the busiest thing in a map of millions takes a seventh of a second."""
EVERYTHING = 100_000
MOST_FOUND = 50
MOST_WEIGHED = 5_000


def show(
    atlas: Atlas, text: str, *, accepted: bool = False, most: int = MOST_CLAIMS, as_of: str = ""
) -> Dossier:
    """The dossier of what a text names.

    Args:
        atlas: opened by the viewer.
        text: an entity as a person writes it.
        accepted: leave out statements that are not accepted.
        most: claims, the newest; that belief rests on all is not touched by it.
        as_of: a past moment or day, as in `load_snapshot`; empty for now.

    Raises:
        NotValidError: `as_of` is no moment.
    """
    now = atlas.reader
    with now.connect() as connection:
        reader = then(now, connection, as_of) if as_of else now
        found = resolve(now, connection, unveiled(atlas, text))
        saw(atlas, "show", text, [one.entity for one in found])
        if not found:
            return Dossier(query=text)
        first, *others = found
        shown, more = _newest(reader, connection, first.eid, most)
        cut = {first.eid: shown} if more else {}
        if as_of and not shown:  # nothing of it was known then
            return Dossier(query=text)
        evidence = gather_evidence(reader, connection, shown, cut=cut)
        identity = lookup.sames_of(reader, connection, first.eid)
        lists = shared(reader, connection, [first.entity])
        notes = notes_on(atlas, now, connection, known=first)
    if accepted:
        evidence = [one for one in evidence if one.standing.verdict is Verdict.ACCEPTED]
    dossier = Dossier(
        query=text,
        entity=first.entity,
        evidence=tuple(evidence),
        identity=tuple(identity),
        also=tuple(known.entity for known in others),
        shared=tuple(lists.get(first.entity, ())),
        more=more,
        notes=notes,
    )
    return minimised(atlas, dossier)


def _newest(reader: Reader, connection: Connection, eid: int, most: int) -> tuple[list[int], int]:
    """Positions of an entity's newest claims that the reader looks at, and how many are older."""
    seqs = reader.about(connection, eid, limit=most + 1)
    more = lookup.claim_counts(reader, connection, [eid])[eid] - most if len(seqs) > most else 0
    return seqs[:most], more


def then(reader: Reader, connection: Connection, as_of: str) -> Reader:
    """The same look at what had been recorded by a past moment or day."""
    from chokepoint.desk.analyse.view import moment_of  # noqa: PLC0415 - heavy, and for the past alone

    moment = moment_of(as_of)
    return reader.as_of(position_at(connection, moment), day_number(moment[:10]) or 0)


def gather_evidence(
    reader: Reader,
    connection: Connection,
    seqs: Sequence[int],
    *,
    cut: Mapping[int, Sequence[int]] = MappingProxyType({}),
) -> list[Evidence]:
    """The claims at these positions with their standing, newest first.

    Args:
        reader: of the viewer.
        connection: of one reading.
        seqs: positions of claims.
        cut: entities of which only the newest claims are among them, by number, each with those; what
            older claims say for the same statements counts all the same.
    """
    with no_collection():
        stored = list(reader.claims(connection, seqs))
        stored.reverse()
        older = (one for eid, newest in cut.items() for one in siblings(reader, connection, eid, newest))
        beside = {one.seq: one for one in older}  # two things of which much is known may share a statement
        standing = standings(reader, connection, stored, beside=list(beside.values()))
        paths = lookup.paths_of(reader, connection, (claim.seq for claim in stored))
        return [
            Evidence(
                stored=veiled(claim, standing[claim.seq]),
                path=paths.get(claim.seq, ""),
                standing=standing[claim.seq],
            )
            for claim in stored
        ]


@contextmanager
def no_collection() -> Iterator[None]:
    """Hold the garbage collector back while tens of thousands of objects that stay are made.

    It would go through all of them again and again, which takes as long as making them.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def search(
    atlas: Atlas, text: str, *, limit: int = MOST_FOUND, accepted: bool = False, aside: bool = False
) -> list[Hit]:
    """Entities whose value holds the text: what it names first, then the shortest first; then by their texts.

    Behind them, as far as the limit leaves room and up to half of it, come those of which a claim says all
    words of the text, the newest first, each with the passage; texts that nobody has read into the cache yet
    are not found (`freetext.read_texts`).
    Who is shown minimised is found by the whole name alone: parts would spell it.

    Args:
        atlas: opened by the viewer.
        text: a part of a value or name, defanged or not.
        limit: at most so many.
        accepted: leave out entities without an accepted statement; of those on which anybody voted, the
            first thousands are looked through.
        aside: whether somebody is still writing it.
    """
    reader, text = atlas.reader, text.encode(errors="replace").decode()  # no value holds a lone surrogate
    with reader.connect() as connection:
        exact = resolve(reader, connection, unveiled(atlas, text))
        words = _words(text, exact)
        most = MOST_WEIGHED if accepted else limit
        eids = lookup.holding(reader, connection, words, most, voted=accepted) if words else []
        entities = reader.entities(connection, eids)
        found = list(dict.fromkeys([*exact, *(Known(eid, entities[eid]) for eid in eids)]))
        hits = (_accepted if accepted else _hits)(reader, connection, found, limit)
        sought = words_of(text.replace("[.]", "."))  # not of what a pseudonym stands for
        said = saying(atlas, reader, connection, words=sought, most=limit)
        texts = gather_evidence(reader, connection, [one.seq for one in said])
        counts = _counts(reader, connection, {one.claim.subject for one in said})
    told = [_told(one, counts, sought) for one in _readable(atlas, texts, sought)]
    named = {hit.entity for hit in hits}
    by_text = [hit for hit in told if hit.entity not in named and (not accepted or _is_accepted(hit))]
    by_text = by_text[: min((limit + 1) // 2, limit - len(hits))]
    saw(atlas, "search", text, [hit.entity for hit in (*hits, *by_text)], aside=aside)
    cover = veil(atlas, [hit.entity for hit in hits])
    whole = {one.entity for one in exact}
    by_value = [
        replace(hit, entity=cover.entity(hit.entity))
        for hit in hits
        if hit.entity in whole or hit.entity not in cover.names
    ]
    return [*by_value, *by_text]


def _is_accepted(hit: Hit) -> bool:
    return hit.verdict is Verdict.ACCEPTED


def _counts(reader: Reader, connection: Connection, entities: set[Entity]) -> dict[Entity, int]:
    """How many visible claims name each entity."""
    numbers = lookup.known(reader, connection, entities)
    counts = lookup.claim_counts(reader, connection, list(numbers.values()))
    return {entity: counts[eid] for entity, eid in numbers.items()}


def _told(one: Evidence, counts: Mapping[Entity, int], words: Sequence[str]) -> Hit:
    """What a claim's text found."""
    claim = one.stored.claim
    return Hit(
        entity=claim.subject,
        claims=counts[claim.subject],
        belief=one.standing.belief,
        verdict=one.standing.verdict,
        said=passage(claim, words),
    )


def _readable(atlas: Atlas, texts: Sequence[Evidence], words: Sequence[str]) -> list[Evidence]:
    """Of claims that say the words those that still do as the viewer may see them, as they are seen.

    What was recalled nobody says any more. Whoever is minimised is not found by a text about them, nor by
    one that names them.
    """
    cover = over(atlas, texts)
    held = [one for one in texts if one.standing.verdict is not Verdict.RECALLED]
    seen = [covered(one, cover) for one in held if one.stored.claim.subject not in cover.names]
    return [one for one in seen if passage(one.stored.claim, words)]


def _words(text: str, exact: Sequence[Known]) -> str:
    """What to look for inside values: the normal form where the text names something, else the text."""
    if exact and exact[0].entity.value.lower() != text.strip().lower():
        return exact[0].entity.value
    return " ".join(text.replace("[.]", ".").split())


def _accepted(reader: Reader, connection: Connection, found: Sequence[Known], limit: int) -> list[Hit]:
    """The first things that have an accepted statement, however many stand before them that have none."""
    hits: list[Hit] = []
    for start in range(0, len(found), MOST_FOUND):
        part = _hits(reader, connection, found[start : start + MOST_FOUND], MOST_FOUND)
        hits += [hit for hit in part if _is_accepted(hit)]
        if len(hits) >= limit:
            break
    return hits[:limit]


def _hits(reader: Reader, connection: Connection, found: Sequence[Known], limit: int) -> list[Hit]:
    """Things with the strongest of their statements, all judged together: rules and votes are read once.

    Of whom nothing can be read any more, as after an erasure, is none of them.
    """
    seqs = {one.eid: sorted(reader.about(connection, one.eid, limit=SAMPLE)) for one in found[:limit]}
    stored = {
        one.seq: one for one in reader.claims(connection, sorted({*chain.from_iterable(seqs.values())}))
    }
    older = {
        one.seq: one
        for eid, some in seqs.items()
        if len(some) == SAMPLE
        for one in siblings(reader, connection, eid, some)
        if one.seq not in stored
    }
    standing = standings(reader, connection, list(stored.values()), beside=list(older.values()))
    counts = lookup.claim_counts(reader, connection, list(seqs))
    stands = {eid: [standing[at] for at in some if at in standing] for eid, some in seqs.items()}
    return [_hit(one, counts[one.eid], stands[one.eid]) for one in found[:limit] if stands[one.eid]]


def _hit(known: Known, claims: int, standing: Sequence[Standing]) -> Hit:
    accepted = [one for one in standing if one.verdict is Verdict.ACCEPTED]
    best = max(accepted or standing, key=lambda one: one.belief)
    return Hit(entity=known.entity, claims=claims, belief=best.belief, verdict=best.verdict)


SAMPLE = 200
