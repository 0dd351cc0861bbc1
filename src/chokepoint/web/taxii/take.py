"""What programs add: objects go through the same intake as files; a status tells what became of each."""

from __future__ import annotations

import io
import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import litestar
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.role import Right
from chokepoint.model.said import unkept
from chokepoint.web.route import FromPath, threaded
from chokepoint.web.show.account import Wishes
from chokepoint.web.taxii.offer import LARGEST, collection_of
from chokepoint.web.taxii.wire import ROOT, acceptable, offer, sends, told
from chokepoint.web.viewer import Here, Seat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.web.show.account import Gathering

MOST = 20_000
"""Objects of one request."""
LONGEST = 200
_place = re.compile(r"/?objects/(\d{1,6})(?:/.*)?", re.DOTALL).fullmatch


class Sent(msgspec.Struct, frozen=True):
    """An envelope as it comes; each object as the bytes that it is."""

    objects: list[msgspec.Raw]


class Head(msgspec.Struct, frozen=True):
    """What names an object and its version."""

    id: str = ""
    modified: str = ""
    created: str = ""


@litestar.post(
    f"{ROOT}/atlas/collections/{{name:str}}/objects",
    guards=[acceptable],
    include_in_schema=False,
    status_code=202,
    scopes=frozenset({"add"}),
)
async def add(seat: Here, request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Take objects in [5.5]; reading goes on after the answer, which is a status."""
    sends(request)
    taken: Response[bytes] = await _add(seat=seat, name=name, body=await request.body())
    return taken


@threaded
def _add(*, seat: Seat, name: str, body: bytes) -> Response[bytes]:
    if not collection_of(seat, name).can_write:
        raise RefusedError("this collection gives objects and takes none")
    objects = _objects(body)
    wishes = Wishes(format="stix2", objects=tuple(_heads(objects)))
    bundle = {"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": objects}
    file = io.BytesIO(msgspec.json.encode(bundle))
    intake = seat.front.office.intake
    sending = intake.take(seat.session.viewer, [("taxii.json", file)], wishes)
    return told(status_of(intake.find(seat.session.viewer, sending), wishes.objects), 202)


@offer("/atlas/status/{name:str}", "add")
def status(seat: Here, name: FromPath[str]) -> Response[bytes]:
    """What became of a request to add [4.3]: only who made it may ask.

    Raises:
        NotFoundError: there is none of theirs.
    """
    intake, viewer = seat.front.office.intake, seat.session.viewer
    try:
        sending = uuid.UUID(name).hex
    except ValueError:
        raise NotFoundError("no such status") from None
    found = intake.find(viewer, sending)
    objects = intake.wishes(viewer, sending).objects
    if Right.SPEAK not in seat.rights or not objects:
        raise NotFoundError("no such status")
    return told(status_of(found, objects))


def status_of(sending: Gathering, objects: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The status of a sending, object by object."""
    asked = datetime.fromtimestamp(sending.made, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    about = [{"id": name, "version": version or asked} for name, version in objects]
    failed = _failed(sending, len(about))
    pending = [] if sending.over else about
    over = list(enumerate(about)) if sending.over else []
    successes = [one for number, one in over if number not in failed]
    failures = [one | {"message": failed[number]} for number, one in over if number in failed]
    lists = {"successes": successes, "failures": failures, "pendings": pending}
    return {
        "id": str(uuid.UUID(sending.id)),
        "status": "complete" if sending.over else "pending",
        "request_timestamp": asked,
        "total_count": len(about),
        "success_count": len(successes),
        "failure_count": len(failures),
        "pending_count": len(pending),
        **{name: some for name, some in lists.items() if some},
    }


def _failed(sending: Gathering, count: int) -> dict[int, str]:
    """Why objects were refused, by their place in the envelope."""
    if not sending.over:
        return {}
    if sending.state != "done":
        return dict.fromkeys(range(count), sending.account.problem or "it could not be read")
    found: dict[int, str] = {}
    for place, reason in (line for file in sending.account.files for line in file.rejected):
        at = _place(place)
        for number in [int(at[1])] if at else range(count):
            found.setdefault(number, str(unkept(reason)))
    return found


def _objects(body: bytes) -> list[msgspec.Raw]:
    """The objects of an envelope.

    Raises:
        HTTPException: 413, more than are taken; 400, no envelope, or one without objects.
    """
    if len(body) > LARGEST:
        raise HTTPException(status_code=413)
    try:
        objects = msgspec.json.decode(body.decode("utf-8"), type=Sent).objects
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise HTTPException(status_code=400) from None
    if len(objects) > MOST:
        raise HTTPException(status_code=413)
    if not objects:
        raise HTTPException(status_code=400)
    return objects


def _heads(objects: Iterable[msgspec.Raw]) -> Iterable[tuple[str, str]]:
    """Id and version of each; empty where it has none, which the intake refuses with its place."""
    for one in objects:
        try:
            head = msgspec.json.decode(one, type=Head)
        except msgspec.DecodeError:
            head = Head()
        yield head.id[:LONGEST], (head.modified or head.created)[:LONGEST]


TAKE = (add, status)
