"""Settings: what can be set from outside, typed and frozen."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the atlas is and who looks.

    Attributes:
        atlas: folder of the atlas.
        viewer: organisation and user; empty organisation means the atlas's first member.
    """

    atlas: Path
    viewer: Viewer


def settings(atlas: str | None = None, viewer: str | None = None) -> Settings:
    """Settings from options, then the environment (`CHOKEPOINT_ATLAS`, `CHOKEPOINT_AS`), then defaults.

    Raises:
        NotValidError: the atlas is an address, or the viewer is not `ORG` or `ORG/USER`.
    """
    where = atlas or os.environ.get("CHOKEPOINT_ATLAS") or "./atlas"
    if "://" in where:
        raise NotValidError(
            "this version opens atlases in folders only",
            place="--atlas",
            mend="give a folder, or sign in on the server",
        )
    who = viewer or os.environ.get("CHOKEPOINT_AS") or ""
    organisation, _, user = who.partition("/")
    if viewer is not None and not organisation.strip():
        raise NotValidError(f"{viewer!r} names nobody", place="--as", mend="write ORG or ORG/USER")
    return Settings(atlas=Path(where), viewer=Viewer(organisation=organisation.strip(), user=user.strip()))
