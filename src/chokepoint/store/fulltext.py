"""Words that claims say, searched: a file of trigrams for each marking, beside the ledger, never in it.

Whoever looks something up opens the files of their own markings alone, so that how long it takes tells
nothing of others. A file holds positions of claims by three letters in a row, not the words themselves, and
what it finds is only a guess: whoever asks reads the claim as the viewer and looks whether it says so.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from fcntl import LOCK_EX, LOCK_NB
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

import msgspec

from chokepoint.store.subjects import SEALED_KIND
from chokepoint.store.turn import locked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection

FORM = 1
"""Of a file; one of another form is made anew."""
LONGEST = 300
"""Letters of a question."""
ASKED = 24
"""Trigrams of a question that a file is asked for; whoever reads what it finds looks at the rest."""
PATIENCE = 0.2
"""Seconds for which a file may be in use by another."""
PAIR = "\x02"
"""Stands before two letters in a row of scripts in which two are a word: trigrams would not find them."""
_SHORT = (("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"))
_LAID = (
    "CREATE TABLE stamp (of TEXT NOT NULL, until INTEGER NOT NULL)",
    (
        "CREATE VIRTUAL TABLE words USING fts5(said, content='', tokenize='trigram case_sensitive 1',"
        " detail='none', columnsize=0)"
    ),
    "INSERT INTO words (words, rank) VALUES ('automerge', 0)",
)


class Read(NamedTuple):
    """Words that a claim at a position of the ledger says."""

    seq: int
    text: str


class _Said(msgspec.Struct, frozen=True):
    object: str


class _Body(msgspec.Struct, frozen=True):
    payload: _Said


_bodies = msgspec.json.Decoder(_Body)


class Folded(NamedTuple):
    """A text as it is compared, and for each of its letters which one of the text that was."""

    text: str
    at: Sequence[int]


def fold(text: str) -> Folded:
    r"""A text without capitals, in compatible forms (NFKC), each blank a space.

    >>> fold("Ｂank\nﬁne").text
    'bank fine'
    """
    if text.isascii():
        return Folded(text.lower().translate(_BLANKS), range(len(text)))
    letters = [_folded(letter) for letter in text]
    at = [place for place, letter in enumerate(letters) for _ in letter]
    return Folded("".join(letters), at)


_BLANKS = dict.fromkeys((*range(32), 127), " ")


@lru_cache(maxsize=1 << 16)
def _folded(letter: str) -> str:
    if letter.isspace():
        return " "
    return normalize("NFKC", normalize("NFKC", letter).casefold()).translate(_BLANKS)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a question as they are compared; none where it is too long, or no word can be looked for.

    One that is too short for that is looked at in what the others find.
    """
    if len(text) > LONGEST:
        return ()
    words = tuple(dict.fromkeys(fold(normalize("NFC", text)).text.split()))
    return words if _grams(words) else ()


def _grams(words: Sequence[str]) -> list[str]:
    """What a file is asked for: all trigrams of words in turn, as far as there is room."""
    found = [
        gram
        for word in words
        for gram in ([word[at : at + 3] for at in range(len(word) - 2)] if len(word) > 2 else _pairs(word))
    ]
    return list(dict.fromkeys(found))[:: max(1, -(-len(found) // ASKED))]


def _pairs(text: str) -> list[str]:
    """Two letters in a row of scripts in which that is a word."""
    if text.isascii():
        return []
    short = [_is_short(letter) for letter in text]
    return [PAIR + text[at : at + 2] for at in range(len(text) - 1) if short[at] and short[at + 1]]


def _is_short(letter: str) -> bool:
    return any(first <= letter <= last for first, last in _SHORT)


def unread(connection: Connection, marking: int, after: int, most: int) -> list[tuple[int, str | None]]:
    """Positions behind one, of claims under a marking that say a text, in ledger order, each with the text.

    It is None where nobody may look for parts of it: what is sealed is about a person.
    """
    rows = connection.exec_driver_sql(
        "SELECT c.seq, r.body FROM claims c JOIN records r ON r.seq = c.seq"
        " WHERE c.marking = ? AND +c.object IS NULL AND c.seq > ? ORDER BY c.seq LIMIT ?",
        (marking, after, most),
    )
    return [(int(seq), _text(bytes(body))) for seq, body in rows]


def _text(body: bytes) -> str | None:
    if SEALED_KIND in body:
        return None
    try:
        return _bodies.decode(body).payload.object
    except msgspec.DecodeError:  # erased, or the object is a thing
        return None


def is_behind(connection: Connection, marking: int, after: int) -> bool:
    """Whether a claim under a marking says a text behind a position."""
    sql = "SELECT 1 FROM claims c WHERE c.marking = ? AND +c.object IS NULL AND c.seq > ? LIMIT 1"
    return connection.exec_driver_sql(sql, (marking, after)).first() is not None


def turn_to_read(cache: Path, *, how: int = LOCK_EX | LOCK_NB) -> AbstractContextManager[None]:
    """While nobody else reads texts into files of a cache, and none of these is cleared away.

    Raises:
        BlockingIOError: somebody does, and `how` says not to wait.
        OSError: nothing can be written.
    """
    return locked(os.open(cache / "making-texts.lock", os.O_RDWR | os.O_CREAT, 0o600), how)


class Stamp(NamedTuple):
    """Of what a file is: how often something was erased from its atlas, and when its marking was moved.

    What it holds of before either is to be nowhere any more.
    """

    atlas: str
    erased: int
    moved: int

    @property
    def name(self) -> str:
        """As the file says it."""
        return f"{FORM} {self.atlas} {self.erased} {self.moved}"


class Book(NamedTuple):
    """The file of one marking, as it is where it is of that stamp."""

    folder: Path
    marking: int
    stamp: Stamp

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.folder / f"{int(self.marking)}.sqlite"

    def until(self) -> int:
        """The ledger position up to which it was read; 0 where there is none, or one of something else."""
        try:
            with closing(self._open()) as opened:
                return self._until(opened)
        except sqlite3.Error:
            return 0

    def holding(self, words: Sequence[str], most: int) -> list[int]:
        """Positions of claims that may say all of these words, newest first; none where it is of others."""
        match = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in _grams(words))
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?"
        try:
            with closing(self._open()) as opened:
                opened.execute("BEGIN")
                if not match or not self._until(opened):
                    return []
                return [int(row[0]) for row in opened.execute(sql, (match, most))]
        except (sqlite3.Error, UnicodeEncodeError):  # broken or gone meanwhile, and no text holds a surrogate
            return []

    def add(self, texts: Sequence[Read], until: int) -> None:
        """Enter words, and that all up to a ledger position is read; one of something else is begun anew.

        Whoever calls has the turn for it.

        Raises:
            OSError: it cannot be written.
            sqlite3.Error: the same, as SQLite says it; a broken one is taken away.
        """
        try:
            if not self.until():
                self.discard()
                self._lay()
            with closing(self._open()) as opened:
                opened.execute("BEGIN IMMEDIATE")
                opened.executemany(
                    "INSERT INTO words (rowid, said) VALUES (?, ?)",
                    ((one.seq, _said(one.text)) for one in texts),
                )
                opened.execute("UPDATE stamp SET until = ?", (until,))
                opened.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                self.discard()
            raise

    def discard(self) -> None:
        """Take it away."""
        for end in ("", "-wal", "-shm", "-journal"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)

    def _lay(self) -> None:
        """A new one, for its owner alone; of which nothing is read yet."""
        os.close(os.open(self.file, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(self._open()) as opened:
            opened.execute("PRAGMA page_size=8192")
            opened.execute("PRAGMA journal_mode=WAL")
            opened.execute("BEGIN IMMEDIATE")
            for sql in _LAID:
                opened.execute(sql)
            opened.execute("INSERT INTO stamp (of, until) VALUES (?, 0)", (self.stamp.name,))
            opened.execute("COMMIT")

    def _until(self, opened: sqlite3.Connection) -> int:
        row: Any = opened.execute("SELECT until FROM stamp WHERE of = ?", (self.stamp.name,)).fetchone()
        return int(row[0]) if row else 0

    def _open(self) -> sqlite3.Connection:
        address = f"{self.file.absolute().as_uri()}?mode=rw"
        opened = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
        with suppress(sqlite3.Error):
            opened.execute("PRAGMA synchronous=NORMAL")
        return opened


def _said(text: str) -> str:
    folded = fold(normalize("NFC", text)).text
    return " ".join((folded, *_pairs(folded)))


def places(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each word stands first in a text, from and before which letter; nothing for one that does not."""
    folded = fold(text)
    for word in words:
        at = folded.text.find(word)
        if at >= 0:
            yield folded.at[at], folded.at[at + len(word) - 1] + 1
