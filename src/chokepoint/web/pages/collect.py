"""Collect: files in by the browser; what came in, what was refused and why, line by line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from litestar import Response
from litestar.datastructures import UploadFile

from chokepoint.collect.registry import collectors
from chokepoint.model.errors import NotValidError, RefusedError
from chokepoint.model.marking import Tlp, parse_tlp
from chokepoint.model.role import Right
from chokepoint.model.said import Said, advised, kept
from chokepoint.web.intake import options_of
from chokepoint.web.route import FromPath, Upload, read, write
from chokepoint.web.show.account import Gathering, Wishes, refused_whole
from chokepoint.web.show.ways import SPLIT
from chokepoint.web.viewer import Here, Seat

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 64 * 1024 * 1024
"""Bytes of one file; larger ones are for the command line."""
LARGEST_SENDING = 2 * LARGEST
"""Bytes of a request."""
MOST = 150
"""Files of one sending."""
PATIENCE = 5.0
"""Seconds for which the answer waits for the account; after that it says that reading goes on."""
LONGEST = 200
"""Characters of a publisher's name."""
LABELS = tuple(Tlp)


@dataclass(slots=True, kw_only=True)
class CollectForm:
    """Files, and how to take them.

    `file` is one upload, a list of some, or the empty text that a browser sends where none was chosen.
    """

    file: Any = None
    origin: str = ""
    grade: str = ""
    tlp: str = "amber"
    format: str = ""
    confirmed: str = ""
    csrf: str = ""

    @property
    def files(self) -> list[UploadFile]:
        """Those that were chosen."""
        some = self.file if isinstance(self.file, list) else [self.file]
        return [one for one in some if isinstance(one, UploadFile)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectPage:
    """Where files are dropped, and what became of those that were.

    Attributes:
        sent: the person's last sendings, the newest first.
        speaks: whether the person may put claims on record.
        formats: to choose from; labels: of TLP.
        largest: bytes of a file; most: files of a sending.
    """

    sent: tuple[Gathering, ...]
    speaks: bool
    formats: tuple[str, ...]
    labels: tuple[Tlp, ...] = LABELS
    largest: int = LARGEST
    most: int = MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """One sending with its account."""

    sending: Gathering


@read("/collect")
def collect(seat: Here) -> Response[str]:
    """Where to drop, and the last sendings."""
    page = CollectPage(
        sent=tuple(seat.front.office.intake.of(seat.session.viewer)),
        speaks=Right.SPEAK in seat.rights,
        formats=formats(),
    )
    return seat.page("collect.html", page)


@write("/collect", again=collect, request_max_body_size=LARGEST_SENDING)
def collecting(seat: Here, data: Upload[CollectForm]) -> Response[Any]:
    """Take the files in; reading goes on to its end whether or not anybody waits for the answer."""
    wishes = Wishes(
        origin=data.origin.strip(),
        grade=data.grade.strip(),
        tlp=data.tlp,
        format=data.format,
        confirmed=bool(data.confirmed),
    )
    name = _take(seat, data.files, wishes)
    seat.front.office.intake.settle(name, PATIENCE)
    return seat.go(f"/collect/{name}")


@read("/collect/{name:str}")
def sent(seat: Here, name: FromPath[str]) -> Response[str]:
    """What became of one sending.

    Raises:
        NotFoundError: there is none of that name, or it is somebody else's.
    """
    intake, viewer = seat.front.office.intake, seat.session.viewer
    label = parse_tlp(intake.wishes(viewer, name).tlp)
    return seat.page("sent.html", SentPage(sending=intake.find(viewer, name)), label=label)


@cache
def formats() -> tuple[str, ...]:
    """Names of the collectors, in the order of the alphabet."""
    return tuple(sorted(one.name for one in collectors()))


def _take(seat: Seat, files: Sequence[UploadFile], wishes: Wishes) -> str:
    """The name of the sending.

    Raises:
        RefusedError: the person may not, or there is nothing that can be taken.
        NotValidError: a wish that is none.
    """
    checked_wishes(seat, wishes)
    if not files:
        raise RefusedError("no file is chosen", mend="choose one or more files, or drop them on the page")
    if len(files) > MOST:
        raise RefusedError(
            Said("{files} files are too many at once", files=len(files)),
            mend=Said("send {most} at most", most=MOST),
        )
    fitting = [one for one in files if _bytes(one) <= LARGEST]
    reason = Said("more than {what} MB", what=LARGEST >> 20)
    told = kept(advised(reason, SPLIT))
    left = tuple(refused_whole(one.filename, told) for one in files if one not in fitting)
    if not fitting:
        raise RefusedError(Said("{name}: {what}", name=left[0].name, what=reason), mend=SPLIT)
    content = [(one.filename, cast("BinaryIO", one.file)) for one in fitting]
    return seat.front.office.intake.take(seat.session.viewer, content, replace(wishes, left=left))


def checked_wishes(seat: Seat, wishes: Wishes) -> Wishes:
    """The wishes, once it is sure that the person may have something taken in, and so.

    Raises:
        RefusedError: they may not put claims on record.
        NotValidError: a wish that is none.
    """
    if Right.SPEAK not in seat.rights:
        raise RefusedError(
            Said("{who} may not {right}", who=seat.who, right=Said(Right.SPEAK.value)),
            mend="an administrator gives roles that may",
        )
    options_of(wishes)
    if len(wishes.origin) > LONGEST or not wishes.origin.isprintable():
        raise NotValidError(
            "the publisher's name cannot be one",
            mend=Said("write up to {longest} plain characters", longest=LONGEST),
        )
    if wishes.format and wishes.format not in formats():
        raise NotValidError(
            Said("unknown format {format!r}", format=wishes.format[:60]), mend="choose a format of the list"
        )
    return wishes


def _bytes(file: UploadFile) -> int:
    end = file.file.seek(0, 2)
    file.file.seek(0)
    return end


ROUTES = (collect, collecting, sent)
