"""Which files are left out, each by a rule with a name: one table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.collect.sources import match

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.collect.base import Document

INDEX_HEADER = (b"sha256,path", b"\xef\xbb\xbfsha256,path")

_licence_name = re.compile(
    r"(?:un)?licen[cs]e(?:[-_.][a-z0-9.+-]{1,20})?(?:\.(?:md|txt|rst|html))?|(?:copying|notice|copyright)(?:\.(?:md|txt|rst|html))?",
    re.IGNORECASE,
).fullmatch
_licence_text = re.compile(rb"licen[cs]e|copyright|permission|redistribut", re.IGNORECASE).search
_uuid = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_feed_manifest = re.compile(
    rb'\s*\{\s*"' + _uuid + rb'"\s*:\s*\{[^{]{0,400}"(?:Orgc|info|timestamp|date|Tag)"', re.IGNORECASE
).match
_feed_hashes = re.compile(rb"[0-9a-f]{32}," + _uuid + rb"\s", re.IGNORECASE).match
_of_package = {
    "manifest.json": re.compile(rb'\{"as_of":"[^"]{0,40}","atlas":"').match,
    "manifest.dsse.json": re.compile(rb'\{"payload":"eyJhc19vZiI6').match,
    "records.jsonl": re.compile(rb'\{"batch":\{"organisation":"').match,
    "report.html": re.compile(rb"[^\x00]{0,2000}\xc2\xb7 TLP:[A-Z+]{3,12}</title>").match,
}
_excerpt = re.compile(r"[0-9a-f]{64}\.excerpt\.json").fullmatch
_system_name = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*").fullmatch


def _licence(document: Document, _place: str, _indexed: bool) -> bool:
    return bool(_licence_name(document.name)) and bool(_licence_text(document.head))


def _index(document: Document, _place: str, indexed: bool) -> bool:
    return (document.name == "MANIFEST.csv" and document.data.startswith(INDEX_HEADER)) or (
        indexed and document.name == "README.md"
    )


def _readme(document: Document, place: str, _indexed: bool) -> bool:
    source = match(place)
    return source is not None and document.name in source.readmes


def _reference(_document: Document, place: str, _indexed: bool) -> bool:
    source = match(place)
    return source is not None and source.is_reference


def _feed_index(document: Document, _place: str, _indexed: bool) -> bool:
    return (document.name == "manifest.json" and bool(_feed_manifest(document.head))) or (
        document.name == "hashes.csv" and bool(_feed_hashes(document.head))
    )


def _package(document: Document, place: str, _indexed: bool) -> bool:
    """What says in a package without its label what its STIX says with it; evidence lies under its hash."""
    begins = _of_package.get(document.name)
    if begins:
        return bool(begins(document.head))
    evidence = document.name == document.sha256 or bool(_excerpt(document.name))
    return evidence and place.split("/")[-2:-1] == ["captures"]


def _system(document: Document, _place: str, _indexed: bool) -> bool:
    return bool(_system_name(document.name))


RULES: tuple[tuple[str, Callable[[Document, str, bool], bool]], ...] = (
    ("licence text", _licence),
    ("corpus index", _index),
    ("readme of a source", _readme),
    ("reference data", _reference),
    ("index of a MISP feed (its events are read)", _feed_index),
    ("part of a package (its STIX is read, under its labels)", _package),
    ("file of the operating system", _system),
)


def left_by(document: Document, place: str, *, indexed: bool) -> str:
    """The name of the rule that leaves the document out; empty when it is to be read.

    Args:
        document: as walked.
        place: its path with the folders above what was asked for.
        indexed: whether its folder holds a MANIFEST.csv of hashes and paths.
    """
    return next((name for name, holds in RULES if holds(document, place, indexed)), "")
