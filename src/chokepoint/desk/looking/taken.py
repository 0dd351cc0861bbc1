"""What `collect` would take of a document, line by line, with the same kinds and roles; nothing is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import msgspec

from chokepoint.collect.base import Rejected, Skipped
from chokepoint.collect.decoding import decode
from chokepoint.collect.prose import account_or
from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.tree import read_json
from chokepoint.desk.looking.tabulate import passages
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.registry import derived
from chokepoint.values.text import scan
from chokepoint.values.workbook import unquoted

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from chokepoint.collect.base import Collector, Document, Item
    from chokepoint.model.claim import Claim
    from chokepoint.values.base import Indicator

RUNNING = frozenset({"text", "report", "html", "pdf", "office"})
"""Formats that are running text, in which an indicator's role is what the words beside it say."""
LINED = frozenset({"table", "plain-list", "chat", "maltrail", "ofac", "ransom-note"})
"""Formats whose lines may also name what the map knows."""
MOST = 240_000
"""Things of one document that are looked up: what its lines hold, and all that they may name."""
LONGEST = 300
"""Characters of a line, a record or an entry that are shown."""
_OF_LISTS = frozenset({"sanctioned-by", "listed-on", "located-in", "category"})
"""Properties whose object is the list's word, not a thing that the line brings."""
_OF_REGISTRIES = frozenset({"rdap", "dns-zone", "whois"})
"""Formats that tell how a name is run, by whomever: what it runs on is context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that a line names.

    Attributes:
        entity: what it is.
        role: `indicator`, `context`, `named` for actors and things; empty for what a line only may name.
        reason: why it has that role: what the words beside it say, or what `collect` would claim of it.
    """

    entity: Entity
    role: str
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class Taken:
    """A line, row, record or entry with what it names, each thing once."""

    place: str
    text: str = ""
    found: dict[Entity, Found] = field(default_factory=dict)

    def add(self, one: Found) -> None:
        """Take a thing; as an indicator if anything here calls it one."""
        before = self.found.get(one.entity)
        if before is None or (before.role == "context" and one.role != "context"):
            self.found[one.entity] = one


def taken(
    document: Document,
    mappings: Mapping[str, str],
    problems: list[Rejected],
    skipped: Counter[str],
    *,
    most: int = MOST,
) -> Iterator[Taken]:
    """Each line that holds something, and each other line of a text, in reading order.

    Args:
        document: after unpacking.
        mappings: of table layouts that a person confirmed, as JSON by fingerprint.
        problems: is told of what could not be read, with place and mend.
        skipped: is told of what is left out on purpose, by rule.
        most: things that are looked up at once.

    Raises:
        BadInputError: nothing of it can be read.
        TooLargeError: it names more things, of which no more are read then.
    """
    collector = recognise(document, collectors(mappings))
    if collector.name in RUNNING:
        yield from _running(document, problems)
        return
    lines: dict[str, Taken] = {}
    held = 0
    for count in _read(document, collector, lines, (problems, skipped)):
        held += count
        if held > most:
            raise too_many(document, most)
    if collector.name in LINED:
        for place, text in _texts(document):
            yield _written(_with(lines.pop(place, Taken(place=place)), text))
    show = _Shown(document)
    for line in lines.values():
        yield _with(line, show.at(line))


def _with(line: Taken, text: str) -> Taken:
    line.text = text
    return line


def _written(line: Taken) -> Taken:
    """The line without names that do not stand in it: what a file is about, it says by its own name."""
    named = [one for one in line.found.values() if one.role == "named"]
    bare = _words(line.text) if named else ""
    for one in named:
        if _words(one.entity.value) not in bare:
            del line.found[one.entity]
    return line


def _words(text: str) -> str:
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return f" {' '.join(_no_word.sub(' ', folded).split())} "


_no_word = re.compile(r"[\W_]+")


def _running(document: Document, problems: list[Rejected]) -> Iterator[Taken]:
    for passage in passages(document, problems):
        by_line: dict[int, list[Indicator]] = {}
        for one in scan(passage.text):
            by_line.setdefault(one.line, []).append(one)
        for number, text in enumerate(passage.text.split("\n"), 1):
            ones = by_line.get(number, [])
            line = Taken(place=passage.place_of(number, ones[0].raw if ones else ""), text=text.strip())
            for one in ones:
                line.add(Found(entity=account_or(one.entity), role=one.role, reason=one.reason))
            yield line


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    """Place and text of each line or row; of a workbook that cannot be read, nothing more than before."""
    try:
        for passage in passages(document):
            for number, text in enumerate(passage.text.split("\n"), 1):
                yield passage.place_of(number), text.strip()
    except BadInputError:
        return


def too_many(document: Document, most: int) -> TooLargeError:
    """That a document names more than a person looks up at once."""
    reason = Said("more than {most:,} things to look up", most=most)
    return TooLargeError(reason, place=document.path, mend="use collect, then show")


def _read(
    document: Document,
    collector: Collector,
    lines: dict[str, Taken],
    notes: tuple[list[Rejected], Counter[str]],
) -> Iterator[int]:
    """How many things each item of the collector adds to the lines by their places."""
    try:
        for item in chain(collector.read(document), (item for _, item in collector.finish())):
            yield _note(item, lines, *notes)
    except BadInputError as error:
        if not lines:
            place = document.path if not error.place else f"{document.path}, {error.place}"
            raise type(error)(error.reason, place=place, mend=error.mend) from error
        notes[0].append(Rejected(error.place or document.path, error.advice))
    if collector.name in _OF_REGISTRIES:
        for line in lines.values():
            line.found = {entity: replace(one, role="context") for entity, one in line.found.items()}


def _note(item: Item, lines: dict[str, Taken], problems: list[Rejected], skipped: Counter[str]) -> int:
    if isinstance(item, Skipped):
        skipped[item.rule] += item.count
        return 0
    if isinstance(item, Rejected):
        problems.append(item)
        return 0
    place = _as_people_write(item.place)
    line = lines.setdefault(place, Taken(place=place))
    before = len(line.found)
    for one in _ends(item):
        line.add(one)
    return len(line.found) - before


_sheet_row = re.compile(r"sheet ('.*'|\".*\"), row (\d+)").sub


def _as_people_write(place: str) -> str:
    return _sheet_row(lambda found: f"sheet {unquoted(found[1])} row {found[2]}", place)


def _ends(claim: Claim) -> Iterator[Found]:
    """What a claim brings; what only follows from a value, or is the list's own word, it does not bring."""
    thing = claim.object
    role, reason = _role(claim)
    named = vocabulary().properties.get(claim.property)
    label = named.label if named else claim.property
    if any(other == thing for _, other in derived(claim.subject)):
        return
    said = reason or f"{label}: {thing.value if isinstance(thing, Entity) else thing}"[:LONGEST]
    yield Found(entity=claim.subject, role=role or _kind_role(claim.subject), reason=said)
    if isinstance(thing, Entity) and claim.property not in _OF_LISTS:
        yield Found(entity=thing, role=role or _kind_role(thing), reason=said)


_told_role = re.compile(r" \((indicator|context)(?:: (.*))?\)$", re.DOTALL).search


def _role(claim: Claim) -> tuple[str, str]:
    """The role that a claim itself gives, with its reason; empty where its property says what it is."""
    if claim.property in {"listed-on", "legitimate"}:
        return "context", ""
    found = _told_role(claim.object) if isinstance(claim.object, str) else None
    return (found[1], found[2] or "") if found and claim.property == "mentioned-in" else ("", "")


def _kind_role(entity: Entity) -> str:
    return "indicator" if vocabulary().kind(entity.kind).family == "identifier" else "named"


class _Shown:
    """The words that stand at a place of a document, for people."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines: list[str] | None = None
        self._tree: Any = None

    def at(self, line: Taken) -> str:
        """The line, lines or record of a place; the things themselves where that has no words of its own."""
        if found := _lines_of(line.place):
            text = " ".join(self._all()[int(found[1]) - 1 : int(found[2] or found[1])])
        elif line.place.startswith("/"):
            text = self._record(line.place)
        else:
            text = ""
        shown = " ".join(_tag(" ", text).split())
        return shown[:LONGEST] or ", ".join(one.value for one in line.found)[:LONGEST]

    def _all(self) -> list[str]:
        if self._lines is None:
            self._lines = decode(self._document)[0].split("\n")
        return self._lines

    def _record(self, pointer: str) -> str:
        if self._tree is None:
            self._tree = _tree_of(self._document)
        here = self._tree
        for step in pointer.split("/")[1:]:
            here = _step(here, step.replace("~1", "/").replace("~0", "~"))
        if here is None or isinstance(here, str):
            return here or ""
        return msgspec.json.encode(here).decode("utf-8", "replace")


_lines_of = re.compile(r"lines? (\d+)(?:-(\d+))?$").match
_tag = re.compile(r"<[^<>]{0,2000}>").sub


def _tree_of(document: Document) -> Any:
    try:
        return read_json(document.data)[0]
    except BadInputError:
        return {}


def _step(here: Any, step: str) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    if isinstance(here, list) and step.isdigit() and int(step) < len(here):
        return here[int(step)]
    return None
