"""What one running desk holds: the atlas, opened once; the register; by which addresses people come."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chokepoint.model.errors import ChokepointError
from chokepoint.model.marking import Viewer
from chokepoint.web.guard.rate import Rate
from chokepoint.web.guard.register import FILE, Register
from chokepoint.web.guard.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One running desk; its threads share it.

    Attributes:
        atlas: opened by nobody in particular: a page opens it as its viewer.
        origins: addresses (`https://desk.example`) of which requests may say that they come from; the first
            is the one that people are told.
        register: what the desk itself remembers.
        secret: from which tokens against forgery are made.
        sessions: of whoever is signed in.
        rate: how often who may fail to sign in.
    """

    atlas: Atlas
    origins: tuple[str, ...]
    register: Register
    secret: bytes
    sessions: Sessions = field(init=False)
    rate: Rate = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sessions", Sessions(self.register))
        object.__setattr__(self, "rate", Rate(self.register))

    @property
    def secure(self) -> bool:
        """Whether people come by https."""
        return self.origins[0].startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """What a request may say that it is for: others would be tricks (DNS rebinding)."""
        return frozenset(origin.partition("://")[2] for origin in self.origins)

    def opened_by(self, viewer: Viewer, purpose: str = "") -> Atlas:
        """The atlas as somebody sees it, for a case or for none."""
        return replace(self.atlas, viewer=viewer, purpose=purpose)

    def serves(self, organisation: str) -> bool:
        """Whether the organisation's key lies here: for others nobody can sign in."""
        try:
            return bool(self.atlas.keys.public(organisation))
        except (ChokepointError, OSError, ValueError):
            return False


def open_office(atlas: Atlas, origins: tuple[str, ...], now: Callable[[], float] = time.time) -> Office:
    """The desk of an atlas; its register lies in the atlas's folder."""
    register = Register(atlas.folder / FILE, now)
    nobody = replace(atlas, viewer=Viewer(organisation=""), purpose="")
    return Office(atlas=nobody, origins=origins, register=register, secret=register.secret("forgery"))
