"""Record kinds and their versions: what was said in an older shape, read in the newest.

Old bytes are never rewritten. A kind is `family/version`; each upcaster lifts a payload by one version and
is pure. A version newer than this code is refused, never guessed at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from chokepoint.model.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable

    Payload = dict[str, Any]

MOST_DIGITS = 6
"""Of a version: nothing reads a number of thousands of digits, which costs time by their square."""


def _organisation_ties(said: Payload) -> Payload:
    """Version 1 knew name, key, sector and country only."""
    return {"capabilities": [], "feeds": [], "origins": [], "parents": [], **said}


def _vote_questions(said: Payload) -> Payload:
    """Version 1 asked only whether it is true."""
    return {"crime": "", "disclose": "", "until": "", **said}


def _calibration_rings(said: Payload) -> Payload:
    """Version 1 knew pairs that favour each other only."""
    return {"apart": [], "close": [], "rings": said["favours"], "organisations": said["organisations"]}


def _calibration_usual(said: Payload) -> Payload:
    """Version 2 held whoever was not measured to be right four times of five, and set no bar."""
    return {"bar": 0, "usual": [800, 800], **said}


def _policy_tree(said: Payload) -> Payload:
    """Version 1 chose by name."""
    return {"rule": {"policy": said["name"]}, **said}


_UPCASTERS: dict[str, tuple[Callable[[Payload], Payload], ...]] = {
    "calibration": (_calibration_rings, _calibration_usual),
    "organisation": (_organisation_ties,),
    "policy": (_policy_tree,),
    "vote": (_vote_questions,),
}


def versions(kind: str) -> tuple[str, ...]:
    """The kind and its older versions, oldest first.

    >>> versions("organisation/2"), versions("claim/1")
    (('organisation/1', 'organisation/2'), ('claim/1',))
    """
    family, number = _split(kind)
    return tuple(f"{family}/{version}" for version in range(1, number + 1))


def newest(kind: str, payload: bytes | msgspec.Raw) -> Payload:
    """The payload of a record of this kind, in the shape of the family's newest version.

    Raises:
        LedgerError: a version newer than this code, or a payload that is no object.
    """
    family, number = _split(kind)
    steps = _UPCASTERS.get(family, ())
    if not 1 <= number <= len(steps) + 1:
        raise LedgerError(f"record kind {kind!r} is unknown", mend="read this atlas with a newer chokepoint")
    try:
        said = msgspec.json.decode(payload, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise LedgerError(f"a {family} record cannot be read: {error}") from error
    for step in steps[number - 1 :]:
        said = step(said)
    return said


def _split(kind: str) -> tuple[str, int]:
    family, _, version = kind.rpartition("/")
    if not family or not version.isdecimal() or not version.isascii() or len(version) > MOST_DIGITS:
        raise LedgerError(f"{kind[:80]!r} is no record kind")
    return family, int(version)
