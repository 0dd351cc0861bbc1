"""The map: a canvas where scripts run, a table where they do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from litestar import Response

from chokepoint.desk.canvas import Piece, begin
from chokepoint.model.errors import NotFoundError
from chokepoint.web.api.graph import piece_in_words
from chokepoint.web.route import FromQuery, read
from chokepoint.web.viewer import Here

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST, MOST = 4_000, 3_900
"""Characters of what a map begins with, and of what our pages ask it for: browsers lengthen line ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    """What the map begins with.

    Attributes:
        of: a thing as it was typed, or empty for the whole map.
        view: id of a kept view, or empty.
        piece: the surroundings of the thing; None without any.
        told: the same as JSON, from which the canvas begins; empty without any.
    """

    of: str
    view: str
    piece: Piece | None
    told: str = ""


def of_map(names: Iterable[str]) -> str:
    """As many of the names (`kind:value`), a line each, as the address of the map holds."""
    kept, room = [], MOST
    for name in names:
        room -= len(name) + 1
        if room < 0:
            break
        kept.append(name)
    return "\n".join(kept)


@read("/map")
def map_page(seat: Here, of: FromQuery[str] = "", view: FromQuery[str] = "") -> Response[str]:
    """The map around a thing, a kept view, or the whole of it."""
    asked = of.strip()[:LONGEST]
    try:
        piece = begin(seat.atlas, asked) if asked else None
    except NotFoundError:
        piece = None
    told = msgspec.json.encode(piece_in_words(seat, piece)).decode() if piece else ""
    return seat.page("map.html", MapPage(of=asked, view=view[:40], piece=piece, told=told), label=seat.label)


ROUTES = (map_page,)
