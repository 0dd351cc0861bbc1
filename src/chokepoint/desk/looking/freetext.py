"""Words in what claims say, searched: read ahead into files in the cache, and found as the viewer may see it.

What of a text nobody may look for by its parts is never found: texts about persons are sealed and not read
into any file, and a passage is shown, and counts as found, only as its dossier would show it.
"""

from __future__ import annotations

import logging
import sqlite3
from time import monotonic
from typing import TYPE_CHECKING
from unicodedata import normalize

from chokepoint.desk.looking.dossier import Said
from chokepoint.store.fulltext import Book, Read, Stamp, is_behind, places, turn_to_read, unread
from chokepoint.store.predicates import END, marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.claim import Claim
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

STEP = 20_000
"""Texts that are read before an erasure is let pass: a fifth of a second."""
FAR = 10_000
"""Records without texts after which it is noted that they were looked through."""
LOOKED_THROUGH, PART = 512, 64
"""Claims in which the words may stand that are read at most, and together."""
PASSAGE, BEFORE = 160, 50
"""Letters that are shown of a text, and how many of them stand before the first word."""
FOLDER = "texts"

log = logging.getLogger("chokepoint.desk")


def _books(atlas: Atlas, reader: Reader, connection: Connection) -> dict[int, Book]:
    """The files of the markings of claims that a viewer may see, at one moment of the ledger."""
    numbers = reader.visible(connection)
    erased = reader.erased(connection)
    rows = connection.exec_driver_sql(
        f"SELECT number, moved FROM markings m WHERE number IN ({marks(numbers)})"  # noqa: S608 - integers only
        " AND EXISTS (SELECT 1 FROM claims c WHERE c.marking = m.number)"
    )
    folder = atlas.cache / FOLDER
    return {
        int(number): Book(folder, int(number), Stamp(atlas.id, erased, int(moved))) for number, moved in rows
    }


def is_unread(atlas: Atlas) -> bool:
    """Whether texts that the viewer may see are not read yet, so that no search finds them."""
    return next(_unread(atlas), None) is not None


def _unread(atlas: Atlas, far: int = END) -> Iterator[int]:
    """Numbers of the visible markings under which texts are not read yet, or so many records ago."""
    reader = atlas.reader
    with reader.connect() as connection:
        position = reader.position(connection)
        for number, book in sorted(_books(atlas, reader, connection).items()):
            until = book.until()
            if is_behind(connection, number, until) or 0 < until < position - far:
                yield number


def read_texts(
    atlas: Atlas, *, seconds: float = float("inf"), over: Callable[[], bool] = lambda: False
) -> bool:
    """Read texts that the viewer may see and that came since, so that they are found.

    Where another process reads them, or nothing can be written, it is left at that.

    Args:
        atlas: as the viewer.
        seconds: after which no more are begun.
        over: whether it is to end.

    Returns:
        Whether all are read.
    """
    began = monotonic()
    for number in list(_unread(atlas, FAR)):
        more = True
        while more:
            if over() or monotonic() - began > seconds:
                return False
            try:
                more = _read_part(atlas, number)
            except (OSError, sqlite3.Error) as error:  # another reads them, or the disk is full
                log.info("texts of claims are not read: %s", error)
                return False
    return True


def _read_part(atlas: Atlas, number: int) -> bool:
    """Read the next texts under a marking; whether there may be more."""
    folder = atlas.cache / FOLDER
    atlas.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    with turn_to_read(atlas.cache):
        folder.mkdir(exist_ok=True, mode=0o700)
        reader = atlas.reader
        with reader.connect() as connection:  # after the turn: what an erasure takes away first is not read
            book = _books(atlas, reader, connection).get(number)
            if book is None:
                return False
            came = unread(connection, number, book.until(), STEP)
            position = reader.position(connection)
        more = len(came) == STEP
        texts = [Read(seq, text) for seq, text in came if text is not None]
        book.add(texts, came[-1][0] if more else position)
    return more


def saying(
    atlas: Atlas, reader: Reader, connection: Connection, *, words: Sequence[str], most: int
) -> list[StoredClaim]:
    """The newest claims that the viewer sees and that say all of the words, one of each thing.

    Args:
        atlas: as the viewer.
        reader: of the viewer.
        connection: of the reading in which they are judged.
        words: as `fulltext.words_of` gives them.
        most: claims.
    """
    books = _books(atlas, reader, connection).values() if words else ()
    found = (book.holding(words, LOOKED_THROUGH) for book in books)
    seqs = sorted({seq for some in found for seq in some}, reverse=True)[:LOOKED_THROUGH]
    first = dict[object, "StoredClaim"]()
    for start in range(0, len(seqs), PART):
        for one in sorted(reader.claims(connection, seqs[start : start + PART]), key=lambda one: -one.seq):
            if passage(one.claim, words):
                first.setdefault(one.claim.subject, one)
        if len(first) >= most:
            break
    return list(first.values())[:most]


def passage(claim: Claim, words: Sequence[str]) -> Said | None:
    """The part of a claim's text in which the words stand; None where one of them does not."""
    if not isinstance(claim.object, str):
        return None
    text = normalize("NFC", claim.object)
    found = sorted(places(text, words))
    if len(found) < len(words):
        return None
    start = 0 if len(text) <= PASSAGE else min(max(0, found[0][0] - BEFORE), len(text) - PASSAGE)
    end = start + PASSAGE
    inside = [(at - start, min(to, end) - start) for at, to in found if start <= at < end]
    return Said(property=claim.property, passage=text[start:end], marks=tuple(_apart(inside)))


def _apart(found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ascending places without what an earlier one covers."""
    last = 0
    for at, to in found:
        if to > last:
            yield max(at, last), to
            last = to
