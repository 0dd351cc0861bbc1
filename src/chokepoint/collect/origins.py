"""Who published something first: addresses and names of publishers → one origin each, from `origins.toml`."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.source import Grading, parse_grading
from chokepoint.values.suffix import registered_domain
from chokepoint.values.tables import table

if TYPE_CHECKING:
    from chokepoint.collect.base import Document
    from chokepoint.model.claim import Provenance
    from chokepoint.model.marking import Marking

_address = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,15}://)?(?:www\.)?((?:[\w-]{1,63}\.){1,10}[a-z]{2,24})(?::\d+)?(/\S*)?",
    re.IGNORECASE,
)
_squeezed = re.compile(r"[\W_]+")
_path_only = re.compile(r"[?#]")
LONGEST_NAME = 120


class _Tables(NamedTuple):
    hosts: dict[str, str]
    names: dict[str, str]
    gradings: dict[str, Grading]


@cache
def _tables() -> _Tables:
    tables = table("origins", "collect")
    gradings = {origin: parse_grading(code) for origin, code in tables["gradings"].items()}
    return _Tables(
        {host.lower(): origin for host, origin in tables["hosts"].items()},
        {_key(name): origin for name, origin in tables["names"].items()},
        {
            origin: Grading(grade.reliability, grade.credibility, f"publisher:{grade.code}")
            for origin, grade in gradings.items()
        },
    )


def _key(name: str) -> str:
    return _squeezed.sub("", name).casefold()


@lru_cache(maxsize=8_192)
def origin_of(url_or_name: str) -> str:
    """The root publisher behind an address or a name; empty for an empty text.

    An unknown address gives its registered domain, an unknown name itself, so that two copies from
    one unknown publisher still count once.

    >>> origin_of("https://home.treasury.gov/news/press-releases/sm774"), origin_of("EtherScamDB")
    ('US Treasury OFAC', 'CryptoScamDB')
    """
    text = " ".join(url_or_name.split())
    found = _address.fullmatch(text)
    if found is None:
        return _tables().names.get(_key(text), text[:LONGEST_NAME])
    host, path = found[1].lower(), _path_only.split(found[2] or "", 1)[0].rstrip("/").lower()
    steps = path.split("/")
    hosts = _tables().hosts
    while host:
        for depth in range(len(steps), 0, -1):
            origin = hosts.get(host + "/".join(steps[:depth]))
            if origin:
                return origin
        host = host.partition(".")[2]
    return _tables().names.get(_key(text)) or registered_domain(found[1].lower()) or found[1].lower()


def provenance(
    document: Document, *, origin: str = "", grading: Grading | None = None, marking: Marking | None = None
) -> Provenance:
    """The provenance of claims whose content names its publisher.

    Grading, in this order: what the content gives, what the document came with, what `origins.toml` says
    of the publisher.

    Args:
        document: that the claims stand in.
        origin: a name or an address of the publisher, or empty where the content names none.
        grading: given by the content.
        marking: given by the content; can only make the document's stricter.
    """
    named = origin_of(origin) if origin else ""
    if grading is None and document.grading == Grading():
        given = document.origin if document.origin_given or not named else named
        grading = _tables().gradings.get(origin_of(given))
    return document.provenance_from(origin=named, grading=grading, marking=marking)
