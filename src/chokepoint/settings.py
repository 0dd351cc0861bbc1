"""Settings: what can be set from outside, typed and frozen."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the atlas is and who looks.

    Attributes:
        atlas: folder of the atlas; of one in a database, that of its keys and of what is computed again.
        viewer: organisation and user; empty organisation means the atlas's first member.
        database: address of the PostgreSQL database that holds the ledger and the captures, or empty.
        reader: its address for a login that may only read, in which all reading happens, or empty.
        purpose: id of the case for which somebody looks, or empty.
        unfold: why natural persons are to be shown in full for that case, or empty.
    """

    atlas: Path
    viewer: Viewer
    database: str = ""
    reader: str = ""
    purpose: str = ""
    unfold: str = ""


def settings(
    atlas: str | None = None,
    viewer: str | None = None,
    purpose: str | None = None,
    *,
    unfold: str | None = None,
) -> Settings:
    """Settings from options, then the environment, then defaults.

    From the environment: `CHOKEPOINT_ATLAS`, `CHOKEPOINT_READER`, `CHOKEPOINT_AS` and `CHOKEPOINT_CASE`.

    Raises:
        NotValidError: the atlas is an address other than PostgreSQL's, or the viewer is not `ORG` or
            `ORG/USER`.
    """
    where = atlas or os.environ.get("CHOKEPOINT_ATLAS") or "./atlas"
    folder, database = _place(where)
    who = viewer or os.environ.get("CHOKEPOINT_AS") or ""
    organisation, _, user = who.partition("/")
    if viewer is not None and not organisation.strip():
        raise NotValidError(f"{viewer!r} names nobody", place="--as", mend="write ORG or ORG/USER")
    looking = Viewer(organisation=organisation.strip(), user=user.strip())
    case = (purpose or os.environ.get("CHOKEPOINT_CASE") or "").strip()
    reader = _place(os.environ.get("CHOKEPOINT_READER") or "")[1] if database else ""
    why = (unfold or "").strip()
    return Settings(atlas=folder, viewer=looking, database=database, reader=reader, purpose=case, unfold=why)


def _place(where: str) -> tuple[Path, str]:
    """The folder and, of an atlas in PostgreSQL, the address; its keys stay on this machine."""
    scheme, mark, rest = where.partition("://")
    if not mark:
        return Path(where), ""
    if scheme not in {"postgresql", "postgres"} or not rest:
        raise NotValidError(
            "an atlas is a folder or a PostgreSQL database",
            place="--atlas",
            mend="give a folder, postgresql://USER@HOST/DATABASE, or sign in on the server",
        )
    name = sha256(rest.rpartition("@")[2].partition("?")[0].encode()).hexdigest()[:16]
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "chokepoint" / name, f"postgresql+psycopg://{rest}"
