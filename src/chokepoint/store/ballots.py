"""What is asked before votes are written, of many claims in a statement each, inside the append.

Nothing here is of one viewer's map: whoever asks holds the markings against what each voter may see.
"""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.store import ids
from chokepoint.store.interning import Space
from chokepoint.store.predicates import chunks, marks
from chokepoint.store.visible import marking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from chokepoint.model.marking import Marking

_HEX = frozenset("0123456789abcdef")
MIRRORED = ("communicates-with", "mentioned-with", "related-to", "same-file", "similar-to")
"""Properties that say of two things what they say the other way round: who said the one said the other."""
_MIRRORED = "c.property IN (SELECT number FROM names WHERE space = {} AND name IN ({}))".format(
    int(Space.PROPERTY), ", ".join(f"'{name}'" for name in MIRRORED)
)


class Voted(NamedTuple):
    """A claim on which somebody votes.

    Attributes:
        seq: its ledger position.
        marking: number of its marking today; closed: that marking.
        contributor: whose it is.
        thing: number of the entity that is its object; None where that is a text.
    """

    seq: int
    marking: int
    closed: Marking
    contributor: str
    thing: int | None


def voted(connection: Connection, names: Iterable[str]) -> dict[str, Voted]:
    """The claims with these record ids, whoever may see them; malformed and absent ids give nothing."""
    wanted = [bytes.fromhex(name) for name in names if len(name) == 64 and _HEX.issuperset(name)]
    seqs = {seq: name.hex() for name, seq in ids.positions(connection, wanted).items()}
    found: dict[str, Voted] = {}
    for part in chunks(list(seqs)):
        rows = connection.exec_driver_sql(
            "SELECT c.seq, p.marking, m.form, o.name, c.object FROM claims c"
            " JOIN provenances p ON p.number = c.provenance JOIN markings m ON m.number = p.marking"
            f" JOIN organisations o ON o.number = m.owner WHERE c.seq IN ({marks(part)})"
        )
        found.update(
            (seqs[int(seq)], Voted(int(seq), int(number), marking(form), str(owner), thing))
            for seq, number, form, owner, thing in rows
        )
    return found


class Said(NamedTuple):
    """A claim that says the same: its position, whose it is, and the number of its marking."""

    seq: int
    contributor: str
    marking: int


def contributions(connection: Connection, claims: Iterable[Voted]) -> dict[int, list[Said]]:
    """All claims of the statement of each claim, by its position, whoever may see them.

    Of claims whose object is a text, those that give the same thing a text under the same property. Of those
    whose property holds both ways, the same said the other way round too.
    """
    said: dict[int, list[Said]] = defaultdict(list)
    asked = list(claims)
    links = [one.seq for one in asked if one.thing is not None]
    for same, seqs in (  # plus: by the index of the subject, which fewer claims name
        ("d.subject = c.subject AND +d.object = c.object", links),
        (f"d.subject = c.object AND +d.object = c.subject AND {_MIRRORED}", links),
        ("d.subject = c.subject AND d.object IS NULL", [one.seq for one in asked if one.thing is None]),
    ):
        for part in chunks(seqs):
            rows = connection.exec_driver_sql(
                "SELECT c.seq, d.seq, o.name, p.marking FROM claims c"
                f" JOIN claims d ON d.property = c.property AND {same}"
                " JOIN provenances p ON p.number = d.provenance JOIN markings m ON m.number = p.marking"
                f" JOIN organisations o ON o.number = m.owner WHERE c.seq IN ({marks(part)})"
            )
            for seq, other, owner, number in rows:
                said[int(seq)].append(Said(int(other), str(owner), int(number)))
    return said


def newest_marking(connection: Connection) -> int:
    """The number of the newest marking of all; markings never change."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(number), 0) FROM markings").scalar_one())
