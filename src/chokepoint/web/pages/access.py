"""The access log: who saw what, when, for which case and to whom it went; and what overseers do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from litestar import Response

from chokepoint.desk.personal.looks import log
from chokepoint.desk.resolve import candidates
from chokepoint.desk.watch.corrected import Correction, corrections
from chokepoint.desk.watch.flagged import meant
from chokepoint.desk.watch.oversight import (
    Held,
    Withheld,
    alarms,
    flag_safety,
    held_on,
    kept_out,
    named,
    veto,
)
from chokepoint.desk.watch.spool import Seen
from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.role import Right
from chokepoint.web.route import Form, FromQuery, read, write
from chokepoint.web.viewer import Here, Seat

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 100
"""Looks of a page."""
NONE = "none"
"""How an address asks for looks outside any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filters as the address has them; an empty one lets everything through.

    Attributes:
        about: an entity, as `kind:value` or as it is.
        who: `ORG` or `ORG/USER`.
        case: its id, or `none` for looks outside any.
        start: how many newer looks come before the page.
    """

    about: str = ""
    who: str = ""
    case: str = ""
    start: int = 0

    def address(self, start: int) -> str:
        """Of another page of the same looks."""
        fields = {"about": self.about, "who": self.who, "case": self.case, "start": str(start or "")}
        return "/access?" + urlencode({name: value for name, value in fields.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that an overseer should look at.

    Attributes:
        day: ISO 8601.
        person: who looked at much outside any case; empty for an alarm about an entity.
        looks: how much.
        entity: what came on the map; None for an alarm about a person.
        profession: the protected one that it seems to be of.
    """

    day: str
    person: str = ""
    looks: int = 0
    entity: Entity | None = None
    profession: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look or disclosure, and what it was about."""

    seen: Seen
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage:
    """The log as the viewer may read it.

    Attributes:
        asked: the filters.
        looks: of this page, newest first.
        more: whether older ones fit the filters too.
        watches: whether the viewer is an overseer, who reads everybody's looks.
        speaks: whether the viewer may flag that somebody is at risk.
        alarms: newest first; withheld: what may stand in no package. Empty unless the viewer watches.
        flagged: whether a safety flag was just set.
    """

    asked: Asked
    looks: tuple[Look, ...]
    more: bool
    watches: bool
    speaks: bool
    alarms: tuple[Alarm, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    flagged: bool = False

    @property
    def newer(self) -> str:
        """Address of the page before, or empty."""
        return self.asked.address(max(0, self.asked.start - SHOWN)) if self.asked.start else ""

    @property
    def older(self) -> str:
        """Address of the page after, or empty."""
        return self.asked.address(self.asked.start + SHOWN) if self.more else ""

    @property
    def span(self) -> tuple[int, int]:
        """Which looks the page has, counted from the newest."""
        return self.asked.start + 1, self.asked.start + len(self.looks)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPage:
    """What is held on one identifier, for an overseer who answers its subject.

    Attributes:
        held: claims, where more lies, and whether it is withheld.
        looks: the newest at it.
    """

    held: Held
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedPage:
    """What was recalled after somebody had it.

    Attributes:
        found: the newest recalls first, at most `SHOWN`.
        count: of all.
        watches: whether the viewer is an overseer, who reads who else had it.
    """

    found: tuple[Correction, ...]
    count: int
    watches: bool


@dataclass(slots=True, kw_only=True)
class WordForm:
    """A word on an entity: `safety`, `veto` or `lift`, and why."""

    entity: str = ""
    word: str = ""
    reason: str = ""


@read("/access")
def listing(
    seat: Here,
    *,
    about: FromQuery[str] = "",
    who: FromQuery[str] = "",
    case: FromQuery[str] = "",
    start: FromQuery[int] = 0,
    flagged: FromQuery[bool] = False,
) -> Response[str]:
    """Everybody's looks for an overseer, one's own for all others."""
    asked = Asked(about=about.strip(), who=who.strip(), case=case.strip(), start=max(0, start))
    return _page(seat, asked, flagged=flagged)


@write("/access", again=listing)
def deciding(seat: Here, data: Form[WordForm]) -> Response[Any]:
    """Flag that somebody is at risk; for an overseer, withhold an entity or lift that."""
    _say(seat, data)
    return seat.go("/access?flagged=true" if data.word == "safety" else "/access")


@read("/access/subject")
def subject(seat: Here, of: FromQuery[str]) -> Response[str]:
    """What is held on an identifier, why, and who saw it.

    Raises:
        RefusedError: the viewer is no overseer.
        NotFoundError: the text could name nothing.
    """
    held = held_on(seat.atlas, named(seat.atlas, of.strip()))
    return seat.page("subject.html", SubjectPage(held=held, looks=_shown(held.looks)), label=seat.label)


@read("/access/corrected")
def corrected(seat: Here) -> Response[str]:
    """What was recalled after somebody saw it, and who was told; asking is how the viewer is told."""
    found = corrections(seat.atlas)
    watches = Right.WATCH in seat.rights
    page = CorrectedPage(found=tuple(found[:SHOWN]), count=len(found), watches=watches)
    return seat.page("corrected.html", page, label=seat.label)


def _say(seat: Seat, data: WordForm) -> None:
    if data.word not in {"safety", "veto", "lift"}:
        raise RefusedError("what to do with the thing is missing", mend="choose: flag, veto or lift")
    reason = data.reason.strip()
    if data.word == "safety":
        flag_safety(seat.atlas, meant(seat.atlas, data.entity), reason)
    else:
        veto(seat.atlas, _meant(seat, data.entity), reason, lift=data.word == "lift")


def _meant(seat: Seat, text: str) -> Entity:
    """The withheld entity that is written so to the letter, however strange, or else what the text names."""
    exact = (one.entity for one in kept_out(seat.atlas) if f"{one.entity.kind}:{one.entity.value}" == text)
    return next(exact, None) or meant(seat.atlas, text)


def _page(seat: Seat, asked: Asked, *, flagged: bool = False) -> Response[str]:
    watches = Right.WATCH in seat.rights
    found = _looks(seat, asked)
    page = AccessPage(
        asked=asked,
        looks=_shown(found[asked.start :]),
        more=len(found) > asked.start + SHOWN,
        watches=watches,
        speaks=Right.SPEAK in seat.rights,
        alarms=tuple(map(_alarm, alarms(seat.atlas))) if watches else (),
        withheld=tuple(kept_out(seat.atlas)) if watches else (),
        flagged=flagged,
    )
    return seat.page("access.html", page, label=seat.label if seat.looks else None)


def _looks(seat: Seat, asked: Asked) -> list[Seen]:
    """Those that fit the filters; of a text that can name nothing, none."""
    about = next(iter(candidates(asked.about)), None) if asked.about else None
    if asked.about and about is None:
        return []
    case = {"": None, NONE: ""}.get(asked.case, asked.case)
    return log(seat.atlas, about=about, who=asked.who, case=case, most=asked.start + SHOWN + 1)


def _shown(found: Sequence[Seen]) -> tuple[Look, ...]:
    return tuple(
        Look(seen=one, entities=tuple(Entity(*each) for each in one.entry.entities)) for one in found[:SHOWN]
    )


def _alarm(said: dict[str, Any]) -> Alarm:
    if "entity" in said:
        entity = Entity(*map(str, said["entity"]))
        return Alarm(day=said["day"], entity=entity, profession=said["profession"])
    return Alarm(day=said["day"], person=said["person"], looks=said["looks"])


ROUTES = (listing, deciding, subject, corrected)
