"""Search, as one types where scripts run and with a button where they do not."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response

from chokepoint.desk.looking.dossier import Hit
from chokepoint.desk.looking.freetext import is_unread
from chokepoint.desk.looking.look import search as find
from chokepoint.web.route import FromQuery, read
from chokepoint.web.viewer import Here

MOST, SUGGESTED = 25, 8
LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """What a search found.

    Attributes:
        query: as it was typed.
        hits: what the words name first, then the shortest.
        texts: of which a claim says the words.
        limit: at most so many are shown, half of them by their texts at most.
        unread: whether texts that the viewer may see are still to be read.
    """

    query: str
    hits: tuple[Hit, ...]
    texts: tuple[Hit, ...]
    limit: int
    unread: bool


@read("/search")
def search(seat: Here, q: FromQuery[str] = "") -> Response[str]:
    """Entities whose value or name holds the words, then those of which a text does.

    A part of the page, where htmx asks for one.
    """
    words = q.strip()[:LONGEST]
    limit = SUGGESTED if seat.front.part else MOST
    found = find(seat.atlas, words, limit=limit, aside=seat.front.part) if words else []
    page = SearchPage(
        query=words,
        hits=tuple(hit for hit in found if not hit.said),
        texts=tuple(hit for hit in found if hit.said),
        limit=limit,
        unread=bool(words) and is_unread(seat.atlas),
    )
    return seat.page("_hits.html" if seat.front.part else "search.html", page, label=seat.label)


ROUTES = (search,)
