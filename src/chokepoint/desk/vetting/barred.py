"""Confirmations that would be of one's own by claims that their voter does not see.

To refuse them would tell of the claims, and to count them would let a house vet its own through whoever lacks
the need-to-know. So they are taken, and shown to the voter's house alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.vetting.rules import ties_now
from chokepoint.desk.vetting.standing import Columns
from chokepoint.model.member import name_key
from chokepoint.store import ballots, judged
from chokepoint.vet.ballots import barred_from

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.store.ballots import About, Said, Voted
    from chokepoint.store.reading import Reader

_NUMBER = re.compile(r"\d+")
Same = tuple[int, "Said"]
"""The number of a statement, and a claim of it."""


def barred(
    reader: Reader, connection: Connection, found: Mapping[str, Voted], said: Mapping[About, Sequence[Said]]
) -> set[str]:
    """Those of some claims whose statement the viewer's organisation may not confirm.

    Args:
        reader: of the viewer.
        connection: inside the transaction.
        found: the claims, by id.
        said: claims about what each is about, whoever may see them; all of these count.
    """
    names = list(found)
    rows = _of_same_words(connection, [(found[name], [*said.get(found[name].about, ())]) for name in names])
    numbers = {name: number for number, name in reader.organisations(connection).items()}
    if reader.viewer.organisation not in numbers:
        return set()
    origins = {name: number for number, name in enumerate(dict.fromkeys(one.origin for _, one in rows))}
    ties = ties_now(reader, connection, {number: name for name, number in origins.items()})
    who = np.full(len(names), numbers[reader.viewer.organisation], np.int64)
    columns = _columns([one for _, one in rows], origins, numbers)
    of_claim = np.array([statement for statement, _ in rows], np.int64)
    flags = barred_from(np.arange(len(names)), who, columns, (of_claim, ties))
    return {name for name, flag in zip(names, flags, strict=True) if flag}


def _columns(claims: Sequence[Said], origins: Mapping[str, int], numbers: Mapping[str, int]) -> Columns:
    grade = np.zeros(len(claims), np.int8)
    return Columns(
        seq=np.array([one.seq for one in claims], np.int64),
        origin=np.array([origins[one.origin] for one in claims], np.int32),
        reliability=grade,
        credibility=grade,
        owner=np.array([numbers[one.contributor] for one in claims], np.int32),
    )


def same_words(text: object) -> Hashable:
    """What spellings of one text have in common, so that respelling one's own words makes no others' of them.

    As of names (`name_key`), but each number stays apart, and where there are signs alone they are compared.
    """
    spelt = text if isinstance(text, str) else ""
    return name_key(spelt) or spelt, tuple(_NUMBER.findall(spelt))


def _of_same_words(connection: Connection, asked: Sequence[tuple[Voted, Sequence[Said]]]) -> list[Same]:
    """Every claim of each statement with its number; of texts, those of the same words."""
    texts = {
        seq
        for claim, said in asked
        if claim.about.thing == ballots.TEXT
        for seq in (claim.seq, *(one.seq for one in said))
    }
    words = {seq: same_words(body.get("object")) for seq, _, body in judged.bodies(connection, texts)}
    return [
        (number, one)
        for number, (claim, said) in enumerate(asked)
        for one in said
        if words.get(one.seq) == words.get(claim.seq)
    ]
