"""Protected professions: overseers learn at once when a journalist, a lawyer or the like comes on the map.

Nothing is decided by it: who plays the journalist to deceive is flagged as well. An overseer looks, and may
veto.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from chokepoint.desk.watch.access import OVERSEERS
from chokepoint.model.marking import Marking, Tlp
from chokepoint.package.redact import NATURAL_PERSONS
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import ALARM
from chokepoint.values.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.model.identity import Entity
    from chokepoint.store.base import ClaimRow

PERSONS = NATURAL_PERSONS | {"persona"}
READ = 20_000
_spaced = re.compile(r"[\u0000-\u05ff\u0e80-\u0eff\u1e00-\u1fff]*").fullmatch


@cache
def _professions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    told = table("professions", "desk.watch")
    return tuple((name, _pattern(one["words"])) for name, one in told.items())


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Whole words, with any ending where one is starred; anywhere in scripts without spaces."""
    spaced = [re.escape(word).replace(r"\*", r"\w*") for word in words if _spaced(word)]
    joined = [re.escape(word) for word in words if not _spaced(word)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)|{'|'.join(joined)}", re.IGNORECASE)


def professions(text: str) -> tuple[str, ...]:
    """The protected professions that a text names, by their names in the table.

    >>> professions("Jane Doe, Journalistin und Rechtsanwältin in Berlin")
    ('journalist', 'lawyer')
    """
    return tuple(name for name, pattern in _professions() if pattern.search(text[:READ]))


def alarms_for(rows: Iterable[ClaimRow], day: str) -> list[RecordRow]:
    """What the overseers are told of new claims by which somebody of a protected profession comes on the map.

    It is to be appended in one transaction with the claims: a second run finds nothing new in them.

    Args:
        rows: claims that were not on record.
        day: today, in ISO 8601.

    Returns:
        Alarms; one for each person and profession.
    """
    found: dict[tuple[Entity, str], None] = {}
    for row in rows:
        if row.subject.kind in PERSONS and row.object is None:
            said = msgspec.json.decode(row.payload)["object"]
            found.update(dict.fromkeys((row.subject, name) for name in professions(str(said))))
    marking = Marking(tlp=Tlp.RED, audience=frozenset({OVERSEERS}))
    return [
        RecordRow(ALARM, canonical({"day": day, "entity": list(entity), "profession": name}), marking)
        for entity, name in found
    ]
