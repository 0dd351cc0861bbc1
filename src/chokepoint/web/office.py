"""What one running desk holds: the atlas, opened once; the register; by which addresses people come."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from chokepoint.desk.analyse.score import Scores, scores
from chokepoint.desk.handing.feed import Piece, feed, feed_mark
from chokepoint.desk.looking.summary import Summary, summary, unvoted
from chokepoint.desk.mark import mark
from chokepoint.desk.vetting.queue import SPARE, order_of
from chokepoint.model.errors import ChokepointError
from chokepoint.model.marking import Viewer
from chokepoint.web.boards import Board, Question, board_mark, board_of
from chokepoint.web.guard.counters import Counters
from chokepoint.web.guard.rate import Rate
from chokepoint.web.guard.register import FILE, Register
from chokepoint.web.guard.sessions import Sessions
from chokepoint.web.intake import Intake
from chokepoint.web.kept import Kept
from chokepoint.web.signin.oidc.fetch import Fetcher
from chokepoint.web.signin.oidc.party import RelyingParty
from chokepoint.web.signin.oidc.provider import read_providers

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from chokepoint.desk.atlas import Atlas


BOARDS = 32
"""Questions to the choke board of which the answers are kept."""
SEATS = 1_000
"""People of whom small answers are kept."""
QUEUED = 500 + SPARE
"""Claims that are put in order for whoever votes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One running desk; its threads share it.

    Attributes:
        atlas: opened by nobody in particular: a page opens it as its viewer.
        origins: addresses (`https://desk.example`) of which requests may say that they come from; the first
            is the one that people are told.
        register: what the desk itself remembers.
        secret: from which tokens against forgery are made.
        party: the desk towards providers that say who people are.
        late: seconds for which pages may show a map without the votes and claims that came last.
        sessions: of whoever is signed in.
        rate: how often who may fail to sign in.
        intake: what people bring in.
        counters: how much this process has answered.
        feeds: what programs fetched last by TAXII.
        scores: what each thing of a map matters.
        boards: where a strike would last, by what was asked.
        summaries: what maps come to; waiting: on how many claims no vote was cast.
        orders: which claims are most worth a vote, by ledger position.
    """

    atlas: Atlas
    origins: tuple[str, ...]
    register: Register
    secret: bytes
    party: RelyingParty
    late: float = 0.0
    sessions: Sessions = field(init=False)
    rate: Rate = field(init=False)
    intake: Intake = field(init=False)
    counters: Counters = field(init=False, default_factory=Counters)
    feeds: Kept[Atlas, tuple[Piece, ...]] = field(init=False, default_factory=lambda: Kept(feed, feed_mark))
    scores: Kept[Atlas, Scores] = field(init=False, default_factory=lambda: Kept(scores, mark, lately=True))
    summaries: Kept[Atlas, Summary] = field(
        init=False, default_factory=lambda: Kept(summary, mark, lately=True)
    )
    boards: Kept[Question, Board] = field(
        init=False, default_factory=lambda: Kept(board_of, board_mark, BOARDS, lately=True)
    )
    waiting: Kept[Atlas, int] = field(
        init=False, default_factory=lambda: Kept(unvoted, mark, SEATS, lately=True)
    )
    orders: Kept[Atlas, tuple[int, ...]] = field(
        init=False, default_factory=lambda: Kept(partial(order_of, most=QUEUED), mark, SEATS, lately=True)
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "sessions", Sessions(self.register))
        object.__setattr__(self, "rate", Rate(self.register))
        object.__setattr__(self, "intake", Intake(self.register, self.atlas.folder, self.opened_by))

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


def open_office(
    atlas: Atlas,
    origins: tuple[str, ...],
    now: Callable[[], float] = time.time,
    *,
    transport: httpx.BaseTransport | None = None,
    late: float = 0.0,
) -> Office:
    """The desk of an atlas; its register and what it knows of providers lie in the atlas's folder.

    Args:
        atlas: opened by whomever.
        origins: see `Office`.
        now: the present moment in Unix seconds.
        transport: by which providers are asked; None for the network.
        late: see `Office`.

    Raises:
        NotValidError: what is written down of providers does not hold.
    """
    providers = read_providers(atlas.folder)
    register = Register(atlas.folder / FILE, now)
    nobody = replace(atlas, viewer=Viewer(organisation=""), purpose="")
    return Office(
        atlas=nobody,
        origins=origins,
        register=register,
        secret=register.secret("forgery"),
        late=late,
        party=RelyingParty(providers, origins[0], register=register, fetcher=Fetcher(transport)),
    )
