"""What stands on the command line beside the verb."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Asked:
    """What was asked on the command line before and beside the verb.

    Attributes:
        atlas: the folder as given, or None.
        viewer: `ORG` or `ORG/USER` as given, or None.
        purpose: the case for which is looked, as given, or None.
        unfold: why natural persons are to be shown in full, as given, or None.
        json: whether one JSON document is wanted on stdout.
    """

    atlas: str | None = None
    viewer: str | None = None
    purpose: str | None = None
    unfold: str | None = None
    json: bool = False
