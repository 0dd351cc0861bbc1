"""Shared hands of the collector tests: documents from text, items sorted, lines accounted for."""

from __future__ import annotations

import re
from pathlib import Path

from chokepoint.collect.base import Document, Item, Rejected, Skipped
from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.claim import Claim

DATA = Path(__file__).parents[1] / "data" / "collect"
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "data" / "corpus"


def document(text: str | bytes, path: str = "folder/file.txt", **more: object) -> Document:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return Document(path=path, data=data, origin=str(more.pop("origin", "Test")), **more)


def excerpt(name: str, path: str = "") -> Document:
    return document((DATA / name).read_bytes(), path or f"folder/{name}")


def read_as(name: str, given: Document) -> list[Item]:
    """What the collector of that name says of a document, which is the one that recognises it."""
    collector = recognise(given, collectors())
    assert collector.name == name
    return list(collector.read(given))


def claims(items) -> list[Claim]:
    return [item for item in items if isinstance(item, Claim)]


def rejected(items) -> list[Rejected]:
    return [item for item in items if isinstance(item, Rejected)]


def skipped(items) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in items:
        if isinstance(item, Skipped):
            found[item.rule] = found.get(item.rule, 0) + item.count
    return found


def triples(items) -> set[tuple[str, str, str]]:
    return {(str(claim.subject), claim.property, str(claim.object)) for claim in claims(items)}


def told_at(items) -> set[tuple[str, str, str, str]]:
    """Place, subject, property and object of each claim, but for what a name's own parts say."""
    return {
        (one.place, one.subject.value, one.property, getattr(one.object, "value", one.object))
        for one in claims(items)
        if one.property != "subdomain-of"
    }


def lines_named(items) -> set[int]:
    found = set()
    for item in items:
        if isinstance(item, Claim | Rejected) and (line := re.match(r"line (\d+)", item.place)):
            found.add(int(line[1]))
    return found


def unaccounted(text: str, items) -> int:
    """Lines that ended in no claim, no rejection and no skip; a file's last newline opens no line."""
    items = list(items)
    total = text.count("\n") + 1
    return total - len(lines_named(items)) - sum(skipped(items).values())
