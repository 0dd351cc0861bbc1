"""What is asked of a collection: filters and pages [3.4, 3.5], decided on the viewer's own feed alone."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litestar.exceptions import HTTPException

from chokepoint.model.errors import NotValidError
from chokepoint.model.moment import read_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.datastructures import MultiDict

    from chokepoint.desk.handing.feed import Piece

MOST = 1_000
"""Objects of one answer."""
SPEC = "2.1"
KEYWORDS = frozenset({"first", "last", "all"})
Cursor = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which objects are wanted, and from where on; an empty set wants all.

    Attributes:
        added_after: the moment after which they were added, or empty.
        limit: the most that are wanted.
        after: moment and id of the last object of the answer before, or None.
        ids, types, versions, specs: of which they may be.
    """

    added_after: str = ""
    limit: int = MOST
    after: Cursor | None = None
    ids: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset()
    specs: frozenset[str] = frozenset()

    def wants(self, one: Piece) -> bool:
        """Whether the object fits every filter."""
        return (
            one.added > self.added_after
            and (self.after is None or (one.added, one.id) > self.after)
            and (not self.ids or one.id in self.ids)
            and (not self.types or one.type in self.types)
            and (not self.specs or SPEC in self.specs)
            and (not self.versions or not KEYWORDS.isdisjoint(self.versions) or one.version in self.versions)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Objects in the order in which they were added, and where the next page begins, or empty."""

    pieces: tuple[Piece, ...]
    next: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """When the first and the last of them were added [3.4]."""
        if not self.pieces:
            return {}
        first, last = self.pieces[0].added, self.pieces[-1].added
        return {"x-taxii-date-added-first": first, "x-taxii-date-added-last": last}


def page(pieces: Sequence[Piece], filters: Filters) -> Page:
    """The page of a feed that is asked for.

    Every object has one version here, its newest: `first`, `last` and `all` are the same.
    """
    found = [one for one in pieces if filters.wants(one)]
    shown = tuple(found[: filters.limit])
    return Page(pieces=shown, next=_cursor(shown[-1]) if len(found) > len(shown) else "")


def filters_of(query: MultiDict[str]) -> Filters:
    """What a query asks for; fields that the standard does not know are ignored.

    Raises:
        HTTPException: 400, a field that holds what it may not.
    """
    return Filters(
        added_after=_moment(query.get("added_after", "")),
        limit=_limit(query.get("limit", "")),
        after=_read(query.get("next", "")),
        ids=_among(query, "id"),
        types=_among(query, "type"),
        versions=frozenset(one if one in KEYWORDS else _moment(one) for one in _among(query, "version")),
        specs=_among(query, "spec_version"),
    )


def _among(query: MultiDict[str], name: str) -> frozenset[str]:
    values = [one.strip() for text in query.getall(f"match[{name}]", []) for one in text.split(",")]
    return frozenset(filter(None, values))


def _moment(text: str) -> str:
    if not text:
        return ""
    try:
        found = read_moment(text)
    except NotValidError:
        raise HTTPException(status_code=400) from None
    return found.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _limit(text: str) -> int:
    if not text:
        return MOST
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise HTTPException(status_code=400)
    return min(int(text), MOST)


def _cursor(one: Piece) -> str:
    return base64.urlsafe_b64encode(f"{one.added} {one.id}".encode()).decode()


def _read(text: str) -> Cursor | None:
    if not text:
        return None
    try:
        added, space, name = base64.urlsafe_b64decode(text.encode()).decode().partition(" ")
    except (ValueError, binascii.Error):
        raise HTTPException(status_code=400) from None
    if not space or _moment(added) != added or not added:
        raise HTTPException(status_code=400)
    return added, name
