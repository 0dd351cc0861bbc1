"""Claims that our own exports carry whole: read back as they were, everything checked that the sender wrote.

Belief, verdict, votes and contributor are the sender's word on its claims and no claims: they are skipped by
a named rule.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from chokepoint.collect.base import Document, Item, Rejected, Skipped
from chokepoint.model.claim import Claim, Interval, Nature, Provenance, parse_day
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Marking
from chokepoint.model.source import Grading, parse_grading
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

LONGEST_TEXT = 100_000
LONGEST_NAME = 400
PRECISIONS = frozenset({"second", "day", "month", "year"})
_capture = re.compile(r"[0-9a-f]{64}").fullmatch
_SENDER = Skipped("belief and verdict of the sender")
UNNAMED = Skipped("claim on somebody or something that the export does not name")
_SIMULATED = Skipped("simulated verdict of the sender")


class _Said(msgspec.Struct, frozen=True):
    """A claim as an export holds it; what else stands there is the sender's view of it."""

    subject: tuple[str, str]
    property: str
    object: tuple[str, str] | str
    capture: str
    place: str
    origin: str
    grading: str
    nature: str
    marking: tuple[str, str, tuple[str, ...], tuple[str, ...]]
    observed: tuple[str, str, str] | None = None
    raw: str = ""
    graded: str = ""
    simulated: bool = False


_decoder = msgspec.json.Decoder(_Said)


def claim_said(document: Document, place: str, text: bytes) -> Iterator[Item]:
    """The claim that an export holds as JSON, or why it cannot be taken; then what of it is not taken."""
    try:
        said = _decoder.decode(text)
        if any(is_withheld(*end) for end in (said.subject, said.object) if not isinstance(end, str)):
            yield UNNAMED
            return
        yield _claim(document, said)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        yield Rejected(place, f"a claim that is not readable ({str(error)[:200]}). Mend: export it again")
        return
    except NotValidError as error:
        mend = error.mend or "export it again"
        yield Rejected(place, f"a claim that cannot be taken: {error.reason}. Mend: {mend}")
        return
    yield _SIMULATED if said.simulated else _SENDER


def is_withheld(kind: str, value: str) -> bool:
    """Whether an end is masked, or a pseudonym: these are written for people, with a capital letter."""
    return "•••" in value or (kind in {"person", "persona"} and value != value.lower())


def _claim(document: Document, said: _Said) -> Claim:
    """The claim with everything checked that the sender wrote.

    Raises:
        NotValidError: a part of it is none that an atlas could have exported.
    """
    word = vocabulary().property(said.property)
    thing = said.object if isinstance(said.object, str) else exact(*said.object)
    if word.is_link is isinstance(thing, str):
        raise NotValidError(f"{said.property} is a {word.kind}, and its object is none")
    if not _capture(said.capture):
        raise NotValidError(f"{said.capture[:80]!r} is no SHA-256 of a capture")
    if not 0 < len(said.place) <= LONGEST_NAME or not 0 < len(said.origin) <= LONGEST_NAME:
        raise NotValidError("its place or origin is empty or overlong")
    if max(len(said.raw), len(said.graded), len(thing) if isinstance(thing, str) else 0) > LONGEST_TEXT:
        raise NotValidError(f"a text of more than {LONGEST_TEXT:,} characters")
    grade = parse_grading(said.grading)
    marking = Marking.from_form(said.marking)
    source = Provenance(
        capture=said.capture,
        origin=document.origin if document.origin_given else said.origin,
        grading=Grading(grade.reliability, grade.credibility, said.graded),
        marking=document.marking.join(marking),
    )
    nature = next((one for one in Nature if one.value == said.nature), None)
    if nature is None:
        raise NotValidError(f"{said.nature[:80]!r} is neither fact nor assessment")
    subject = exact(*said.subject)
    return Claim(
        subject, said.property, thing, said.place, source, _observed(said.observed), nature, said.raw
    )


def exact(kind: str, value: str) -> Entity:
    """The entity of that normal form.

    Raises:
        NotValidError: the value is no normal form of the kind.
    """
    found = registry.parse(kind, value)
    if found.value != value:
        raise NotValidError(
            f"{value[:80]!r} is not the normal form of a {kind}, which is {found.value[:80]!r}"
        )
    return found


def _observed(said: tuple[str, str, str] | None) -> Interval | None:
    if said is None:
        return None
    start, end, precision = said
    days = [parse_day(day).isoformat() if day else "" for day in (start, end)]
    if days != [start, end] or precision not in PRECISIONS or (start and end and end <= start):
        raise NotValidError(f"{start[:20]!r} to {end[:20]!r} is no interval of days")
    return Interval(start, end, precision)
