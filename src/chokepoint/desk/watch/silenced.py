"""Looks without the words that are being erased: that somebody looked, when and why, stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chokepoint.desk.watch.spool import Batch, Entry
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store.canonical import read_envelope
from chokepoint.store.erasing import bodies_of
from chokepoint.store.people import ACCESS
from chokepoint.store.spelling import hints_at, stands_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_batches = msgspec.json.Decoder(Batch)


def silenced(batch: Batch, words: Sequence[str]) -> Batch:
    """The looks of a batch without what holds one of the words, and without questions that hint at it."""
    entries = tuple(_without(entry, words) for entry in batch.entries)
    return batch if entries == batch.entries else msgspec.structs.replace(batch, entries=entries)


def _without(entry: Entry, words: Sequence[str]) -> Entry:
    kept = tuple(one for one in entry.entities if not any(_tells(one, word) for word in words))
    found = len(kept) < len(entry.entities)
    said = any(hints_at(entry.asked, word, found=found) for word in words)
    return msgspec.structs.replace(entry, asked="" if said else entry.asked, entities=kept)


def _tells(one: tuple[str, str], word: str) -> bool:
    """Whether an entity holds a word or, where it is no identifier, is named by a part of it."""
    kind, value = one
    if value == word or stands_in(value, word):
        return True
    known = vocabulary().kinds.get(kind)
    return known is not None and known.family != "identifier" and hints_at(value, word, found=False)


class Telling(NamedTuple):
    """Records of looks, anybody's, that tell of what is being erased.

    Attributes:
        records: their ids by position.
        anew: what is to be recorded in their place; an erasure that was cut off has recorded the rest.
    """

    records: dict[int, bytes]
    anew: list[Batch]


def telling(connection: Connection, words: Sequence[str]) -> Telling:
    """The recorded looks that tell of one of the words."""
    records, anew, kept = dict[int, bytes](), list[Batch](), set[str]()
    for seq, name, body in bodies_of(connection, ACCESS):
        batch = _batches.decode(read_envelope(body).payload)
        silent = silenced(batch, words)
        if silent is batch:
            kept.add(batch.name)
        else:
            records[seq] = name
            anew.append(silent)
    return Telling(records, [batch for batch in anew if batch.name not in kept])
