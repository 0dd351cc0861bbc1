"""What programs read: discovery, the API root, collections, manifest, objects, versions [4, 5]."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from typing import Any

import msgspec
from litestar import Request, Response

from chokepoint.desk.handing.feed import fetched
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.role import Right
from chokepoint.web.route import FromPath
from chokepoint.web.taxii.asked import Page, filters_of, page
from chokepoint.web.taxii.wire import API_ROOT, CONTENT, MEDIA, Collection, Envelope, offer, told
from chokepoint.web.viewer import Here, Seat

LARGEST = 4 * 1024 * 1024
"""Bytes of what may be sent."""
ACCEPTED, CONTRIBUTIONS = "accepted", "contributions"


def _named(seat: Seat, alias: str) -> str:
    """The UUID of a collection, the same for everybody in this atlas."""
    seed = hashlib.sha256(f"taxii\x1f{seat.atlas.id}\x1f{alias}".encode()).digest()
    return str(uuid.UUID(bytes=seed[:16], version=4))


def collections_of(seat: Seat) -> list[Collection]:
    """The collections that somebody may use."""
    reads, writes = Right.LOOK in seat.rights, Right.SPEAK in seat.rights
    accepted = Collection(
        id=_named(seat, ACCEPTED),
        title="Accepted",
        description="What members have vetted and accepted, as far as you may see it; what is no longer "
        "accepted comes again as revoked. Of each object its newest version alone is kept. RED never leaves "
        "by a program.",
        alias=ACCEPTED,
        can_read=True,
        can_write=False,
        media_types=(CONTENT,),
    )
    contributions = Collection(
        id=_named(seat, CONTRIBUTIONS),
        title="Contributions",
        description="What you put here is proposed to the coalition under your organisation's name.",
        alias=CONTRIBUTIONS,
        can_read=False,
        can_write=True,
        media_types=(CONTENT,),
    )
    return [accepted] * reads + [contributions] * writes


def collection_of(seat: Seat, name: str) -> Collection:
    """The collection of that id or alias.

    Raises:
        NotFoundError: there is none that this viewer may use.
    """
    for one in collections_of(seat):
        if name.lower() in (one.id, one.alias):
            return one
    raise NotFoundError("no such collection")


@offer("/", "look", "add")
def discover(seat: Here) -> Response[bytes]:
    """Which API roots there are [4.1]."""
    root = f"{seat.front.office.origins[0]}{API_ROOT}/"
    said = {"title": "Chokepoint", "description": "The coalition's map", "default": root, "api_roots": [root]}
    return told(said)


@offer("/atlas", "look", "add")
def api_root(seat: Here) -> Response[bytes]:  # noqa: ARG001 - only whoever is signed in is answered
    """The one API root [4.2]."""
    return told({"title": "Atlas", "versions": [MEDIA], "max_content_length": LARGEST})


@offer("/atlas/collections", "look", "add")
def collections(seat: Here) -> Response[bytes]:
    """All collections that the viewer may use [5.1]."""
    found = collections_of(seat)
    return told({"collections": found} if found else {})


@offer("/atlas/collections/{name:str}", "look", "add")
def collection(seat: Here, name: FromPath[str]) -> Response[bytes]:
    """One collection [5.2]."""
    return told(collection_of(seat, name))


@offer("/atlas/collections/{name:str}/manifest", "look")
def manifest(seat: Here, request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """About the objects of a collection [5.3]."""
    found = _page(seat, request, name)
    about = [
        {"id": one.id, "date_added": one.added, "version": one.version, "media_type": CONTENT}
        for one in found.pieces
    ]
    return _listed(found, objects=about)


@offer("/atlas/collections/{name:str}/objects", "look")
def objects(seat: Here, request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """The objects of a collection [5.4]."""
    found = _page(seat, request, name)
    return _listed(found, objects=[msgspec.Raw(one.data) for one in found.pieces])


@offer("/atlas/collections/{name:str}/objects/{of:str}", "look")
def thing(
    seat: Here, request: Request[Any, Any, Any], name: FromPath[str], of: FromPath[str]
) -> Response[bytes]:
    """One object [5.6]."""
    found = _page(seat, request, name, of)
    return _listed(found, objects=[msgspec.Raw(one.data) for one in found.pieces])


@offer("/atlas/collections/{name:str}/objects/{of:str}/versions", "look")
def versions(
    seat: Here, request: Request[Any, Any, Any], name: FromPath[str], of: FromPath[str]
) -> Response[bytes]:
    """The versions of one object: here its newest alone [5.8], which no `match[version]` leaves out."""
    found = _page(seat, request, name, of, in_any_version=True)
    return _listed(found, versions=[one.version for one in found.pieces])


def _page(
    seat: Seat, request: Request[Any, Any, Any], name: str, of: str = "", *, in_any_version: bool = False
) -> Page:
    """What is asked of a collection, logged.

    Raises:
        HTTPException: 400, a filter that is none.
        NotFoundError: no such collection, or no such object in it.
        RefusedError: it is no collection to read.
    """
    asked = collection_of(seat, name)
    if not asked.can_read:
        raise RefusedError("this collection takes objects and gives none")
    filters = filters_of(request.query_params)
    if in_any_version:
        filters = replace(filters, versions=frozenset())
    pieces = seat.front.office.feeds.of(seat.atlas)
    if of:
        pieces = tuple(one for one in pieces if one.id == of)
        if not pieces:
            raise NotFoundError("no such object")
    found = page(pieces, filters)
    fetched(seat.atlas, found.pieces, f"collection {asked.alias}")
    return found


def _listed(found: Page, **what: list[Any]) -> Response[bytes]:
    """An envelope; an empty one where nothing fits."""
    envelope = Envelope(more=bool(found.next), next=found.next, **what)
    return told(envelope, headers=found.headers)


OFFER = (discover, api_root, collections, collection, manifest, objects, thing, versions)
