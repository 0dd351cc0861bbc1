"""Provisional disclosure: where hours count, a named person hands on what is not vetted yet, for 72 hours.

It is said on every page, in the bundle and in what is signed who answers for it, why, and until when.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chokepoint.model.errors import NotValidError, RefusedError
from chokepoint.model.moment import read_moment, stamp
from chokepoint.package.parts import Provisional

if TYPE_CHECKING:
    from chokepoint.package.manifest import Manifest

HOURS = 72
UNVETTED = frozenset({"accepted", "proposed"})
"""Verdicts of what may leave provisionally: what nobody disputes."""


def approved(approver: str, reason: str, created: str) -> Provisional:
    """What a named person approves at a moment, for 72 hours.

    Raises:
        RefusedError: nobody is named, or there is no reason.
        NotValidError: `created` is no moment.
    """
    organisation, _, user = approver.partition("/")
    if not organisation or not user:
        raise RefusedError(
            "one named person answers for what is not vetted",
            place=approver,
            mend="say who you are: --as ORG/USER",
        )
    if not reason.strip():
        raise RefusedError("handing on what is not vetted needs a reason", mend="--reason TEXT")
    return Provisional(approver, reason.strip(), stamp(read_moment(created) + timedelta(hours=HOURS)))


def unfit(manifest: Manifest) -> str:
    """What is wrong with a manifest's word on what is not vetted; empty where nothing is.

    Whatever was not accepted is in a provisional package alone, which one person approved for 72 hours.
    """
    unvetted = sorted({claim.verdict for claim in manifest.claims} - {"accepted"})
    if manifest.provisional is None:
        return f"it holds what is {unvetted[0]} and does not say that it is unvetted" if unvetted else ""
    if beyond := sorted(set(unvetted) - UNVETTED):
        return f"it holds what is {beyond[0]}, which nobody can approve"
    try:
        right = approved(manifest.provisional.approver, manifest.provisional.reason, manifest.created)
        until = read_moment(manifest.provisional.until)
    except (RefusedError, NotValidError, OverflowError):
        until = None
    if until is None or manifest.provisional.until != stamp(until):  # pages show its digits as they stand
        return "it does not say who approved it, why, and until when"
    return f"it is approved for more than {HOURS} hours" if until > read_moment(right.until) else ""
