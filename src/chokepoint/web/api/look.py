"""Looking at the map from a program: search, show, path, check; the shapes are those of the command line."""

from __future__ import annotations

from typing import Any

import litestar
from litestar.params import JSONBody

from chokepoint.collect.base import Document
from chokepoint.desk.looking.check import check as look_up
from chokepoint.desk.looking.freetext import is_unread
from chokepoint.desk.looking.look import search as find
from chokepoint.desk.looking.look import show
from chokepoint.desk.looking.route import path as connect
from chokepoint.model.errors import NotFoundError
from chokepoint.web.route import UNKEPT, FromQuery, answer, threaded
from chokepoint.web.viewer import Here

LONGEST, MOST = 4_000, 200


@answer("/api/v1/search")
def search(seat: Here, q: FromQuery[str], limit: FromQuery[int] = 50) -> dict[str, Any]:
    """Entities whose value or name holds the words, then those of which a text does: at most 200.

    `said` is the passage of that text; with `unread` some texts are not read yet, and not found.
    """
    words = q.strip()[:LONGEST]
    hits = find(seat.atlas, words, limit=max(1, min(limit, MOST))) if words else []
    return {"query": words, "hits": [hit.to_json() for hit in hits], "unread": is_unread(seat.atlas)}


@answer("/api/v1/entity")
def entity(seat: Here, of: FromQuery[str], accepted: FromQuery[bool] = False) -> dict[str, Any]:
    """All that the viewer may know of an entity; 404 where that is nothing."""
    dossier = show(seat.atlas, of[:LONGEST], accepted=accepted)
    if dossier.entity is None:
        raise NotFoundError("nothing that you may see is known of it")
    return dossier.to_json()


@answer("/api/v1/path")
def path(seat: Here, start: FromQuery[str], goal: FromQuery[str]) -> dict[str, Any]:
    """Connections between two things, the best first."""
    return connect(seat.atlas, start[:LONGEST], goal[:LONGEST]).to_json()


@litestar.post("/api/v1/check", status_code=200, cache_control=UNKEPT, scopes=frozenset({"check"}))
@threaded
def check(seat: Here, data: JSONBody[dict[str, str]]) -> dict[str, Any]:
    """What is known of each line of `{"text": …}`; nothing of it is kept."""
    document = Document(path="pasted text", data=data.get("text", "").encode("utf-8", "replace"))
    return {"lines": [line.to_json() for line in look_up(seat.atlas, document)]}


ROUTES = (search, entity, path, check)
