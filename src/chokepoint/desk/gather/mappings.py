"""Mappings of table layouts: proposed, shown to a person, kept in the atlas for the next file of that layout.

Each lies in `mappings/<fingerprint>.json` of the atlas's folder, as JSON that a person may change.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document
from chokepoint.collect.mapping import from_json
from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.tabular import Tabular
from chokepoint.collect.walk import walk
from chokepoint.model.errors import ChokepointError, NotValidError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from chokepoint.collect.base import Collector

FOLDER = "mappings"
REFUSED = "mapping not confirmed"
UNCONFIRMED = "(taken unconfirmed: pass --yes or confirm on a terminal)"
LARGEST = 1_000_000
MOST = 10_000
_name = re.compile(r"[0-9a-f]{32}").fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a person said of the tables of unknown layout.

    Attributes:
        mappings: those confirmed, as JSON by fingerprint.
        refused: SHA-256 of the files to leave out.
    """

    mappings: dict[str, str] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()


def load(folder: Path) -> dict[str, str]:
    """The mappings kept in an atlas's folder, as JSON by fingerprint; spoilt ones are passed over."""
    found: dict[str, str] = {}
    place = folder / FOLDER
    for path in sorted(place.glob("*.json"))[:MOST] if place.is_dir() else ():
        if not _name(path.stem) or path.is_symlink() or path.stat().st_size > LARGEST:
            continue
        try:
            text = path.read_text("utf-8").strip()
            from_json(text)
            found[path.stem] = text
        except (OSError, UnicodeError, NotValidError):
            continue
    return found


def save(folder: Path, mappings: Mapping[str, str]) -> None:
    """Keep mappings in an atlas's folder; one that is there already stays as a person may have changed it."""
    place = folder / FOLDER
    there = load(folder)
    for name, text in sorted(mappings.items()):
        if name in there or not _name(name):
            continue
        place.mkdir(parents=True, exist_ok=True)
        fresh = place / f".{name}.{os.getpid()}"
        fresh.write_text(text + "\n", "utf-8")
        fresh.replace(place / f"{name}.json")


def decide(
    folder: Path, paths: Iterable[Path], confirm: Callable[[str, str], bool], *, form: str = ""
) -> Decided:
    """Ask a person about each new layout once, and keep what they confirm.

    Args:
        folder: of the atlas.
        paths: that are about to be collected.
        confirm: path and explanation → whether its mapping is right.
        form: name of the one format to read everything as, or empty.
    """
    saved = load(folder)
    said: dict[str, bool] = {}
    refused: set[str] = set()
    confirmed: dict[str, str] = {}
    for document, reader in _tables(paths, saved, form):
        layouts = set(reader.layouts.get(document.path, ()))
        new = (layouts & reader.proposed) - saved.keys() - confirmed.keys()
        if new - said.keys():
            answer = confirm(document.path, reader.explanations[document.path])
            said.update(dict.fromkeys(new - said.keys(), answer))
        if not all(said[name] for name in new):
            refused.add(document.sha256)
            continue
        confirmed.update({name: reader.used[name] for name in new})
    save(folder, confirmed)
    return Decided(mappings={**saved, **confirmed}, refused=frozenset(refused))


def _tables(paths: Iterable[Path], saved: Mapping[str, str], form: str) -> Iterator[tuple[Document, Tabular]]:
    """Documents that are read as tables, each with how its tables would be read."""
    chosen = collectors(saved)
    for thing in walk(paths):
        if not isinstance(thing, Document):
            continue
        reader = Tabular(saved)
        try:
            if not _is_table(thing, chosen, form):
                continue
            reader.propose(thing)
        except ChokepointError:
            continue  # the reading itself tells what is wrong with it
        if reader.layouts:
            yield thing, reader


def _is_table(document: Document, chosen: tuple[Collector, ...], form: str) -> bool:
    if form:
        return form == Tabular.name
    return Tabular().recognises(document) and recognise(document, chosen).name == Tabular.name
