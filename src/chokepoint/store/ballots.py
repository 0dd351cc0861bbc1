"""What is asked before votes are written, of many claims in a statement each, inside the append.

Nothing here is of one viewer's map: whoever asks holds the markings against what each voter may see.
"""
# ruff: noqa: S608 - only question marks and integers that we made ourselves stand in SQL as text

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.store import ids
from chokepoint.store.predicates import chunks, placeholders
from chokepoint.store.visible import marking

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from chokepoint.model.marking import Marking

_HEX = frozenset("0123456789abcdef")
MIRRORED = ("communicates-with", "mentioned-with", "related-to", "same-file", "similar-to")
"""Properties that say of two things what they say the other way round: who said the one said the other."""
TEXT = -1
"""Stands for the object of a statement group whose objects are texts."""


class About(NamedTuple):
    """Subject, property and object by their numbers; for a text, which is no number, `TEXT`.

    Claims of a link that are about the same make one statement; those of a text may give several.
    """

    subject: int
    property: int
    thing: int


class Voted(NamedTuple):
    """A claim on which somebody votes.

    Attributes:
        seq: its ledger position.
        about: what it is about.
        mirrored: whether its property holds the other way round too.
        marking: number of its marking today; closed: that marking.
        contributor: whose it is.
    """

    seq: int
    about: About
    mirrored: bool
    marking: int
    closed: Marking
    contributor: str


def places(connection: Connection, names: Iterable[str]) -> dict[bytes, int]:
    """Positions of the records with these ids; malformed and absent ones give nothing."""
    wanted = [bytes.fromhex(name) for name in names if len(name) == 64 and _HEX.issuperset(name)]
    return ids.positions(connection, wanted)


def voted(connection: Connection, found: Mapping[bytes, int], *, absent: int = 0) -> dict[str, Voted]:
    """The claims among the records at these places, by their ids, whoever may see them.

    Args:
        connection: inside a transaction.
        found: positions by id.
        absent: how many more were asked for; they are looked up too, so that it takes as long as if they
            were there.
    """
    seqs = {seq: name.hex() for name, seq in found.items()}
    answer: dict[str, Voted] = {}
    for part in chunks([*seqs, *[0] * absent]):
        # Marks, not numbers: the same text is prepared once. So in `contributions`.
        rows = connection.exec_driver_sql(
            "SELECT c.seq, c.subject, c.property, c.object, n.name, c.marking, m.form, o.name FROM claims c"
            " JOIN markings m ON m.number = c.marking"
            " JOIN organisations o ON o.number = m.owner JOIN names n ON n.number = c.property"
            f" WHERE c.seq IN ({placeholders(len(part))})",
            tuple(part),
        )
        for seq, subject, name, thing, word, number, form, owner in rows:
            about = About(subject, name, TEXT if thing is None else thing)
            mirrored = thing is not None and word in MIRRORED
            answer[seqs[seq]] = Voted(seq, about, mirrored, number, marking(form), owner)
    return answer


def cast_by(
    connection: Connection, claims: Iterable[int], organisations: Iterable[str]
) -> dict[int, set[int]]:
    """What some organisations said of claims, yes or no and by no rule: record → the claims that it names."""
    names = list(organisations)
    found = defaultdict[int, set[int]](set)
    for part in chunks(sorted(set(claims))):
        rows = connection.exec_driver_sql(
            "SELECT v.record, v.claim FROM votes v JOIN organisations o ON o.number = v.organisation"
            f" WHERE v.claim IN ({placeholders(len(part))}) AND o.name IN ({placeholders(len(names))})"
            " AND v.vote IN (1, -1) AND v.simulated = 0",
            (*part, *names),
        )
        for record, claim in rows:
            found[int(record)].add(int(claim))
    return found


class Said(NamedTuple):
    """A claim about the same: its position, whose it is, the number of its marking, and its origin."""

    seq: int
    contributor: str
    marking: int
    origin: str


def contributions(connection: Connection, claims: Iterable[Voted]) -> dict[About, list[Said]]:
    """All claims about what each of these is about, whoever may see them.

    Of those whose property holds both ways, the same said the other way round too.
    """
    ends = {one.about: one.mirrored for one in claims}
    wanted = [
        (number, *way)
        for number, (about, mirrored) in enumerate(ends.items())
        for way in ((about, About(about.thing, about.property, about.subject)) if mirrored else (about,))
    ]
    asked, said = list(ends), defaultdict[About, list[Said]](list)
    for part in chunks(wanted):
        rows = connection.exec_driver_sql(
            # Cross and plus: of each that is wanted by the index of the subject, however many are wanted.
            "WITH wanted(number, subject, property, thing) AS"
            f" (VALUES {', '.join(['(?, ?, ?, ?)'] * len(part))})"
            " SELECT w.number, d.seq, o.name, d.marking, n.name FROM wanted w CROSS JOIN claims d"
            " JOIN provenances p ON p.number = d.provenance JOIN markings m ON m.number = d.marking"
            " JOIN organisations o ON o.number = m.owner JOIN names n ON n.number = p.origin"
            " WHERE d.subject = w.subject AND +d.property = w.property"
            f" AND (+d.object = w.thing OR (w.thing = {TEXT} AND d.object IS NULL))",
            tuple(value for row in part for value in row),
        )
        for number, *row in rows:
            said[asked[number]].append(Said(*row))
    return said
