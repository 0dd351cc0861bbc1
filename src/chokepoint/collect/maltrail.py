"""Maltrail trail files: aliases and references in comments, then a domain, address, URL or path a line.

The file's name tells the malware (`emotet`), group (`apt_lazarus`), hacked product (`hacked_3cx`) or the
operator of a sinkhole (`sinkhole_microsoft`), whose addresses are known-good and never indicate anything.
Source: https://github.com/stamparm/maltrail (trails/static).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Item, Rejected, Skipped
from chokepoint.collect.decoding import decode
from chokepoint.collect.derive import with_derived
from chokepoint.collect.naming import stem, without_counter
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import named
from chokepoint.model.claim import Claim, Nature
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.values.registry import detect, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.claim import Provenance

ORIGIN = "maltrail (aggregator)"
NO_HOST = "request path without a host"

_platform = re.compile(r"(?:android|osx|ios|elf|win|python|powershell|js|vbs|php)_(?=.{2})").match
_reference = re.compile(r"#\s*Ref\w{2,10}\s*:\s*(\S+)", re.IGNORECASE).match
_aliases = re.compile(r"#\s*Alias(?:es)?\s*:\s*(.+)", re.IGNORECASE).match
_alias_end = re.compile(r"\s*[,;]\s*")
_marked = re.compile(rb"Maltrail developers|stamparm/maltrail", re.IGNORECASE).search
_block = re.compile(rb"^# (?:Reference|Aliases):", re.MULTILINE)
_trail_line = re.compile(
    rb"^(?:[\w.-]+(?::\d+)?(?:/\S*)?|\[[0-9a-fA-F:]+\](?::\d+)?|/\S+|https?://\S+)\s*(?:#.*)?$"
)
_bare_http = re.compile(r"https?://(?=[^/]+/?$)").match
_pattern = re.compile(r"[\\^$*+?\[\](){}|]").search


class Maltrail:
    """Collector of trail files."""

    name = "maltrail"

    def recognises(self, document: Document) -> bool:
        """The project's notice, or a reference block, and lines that are trails."""
        head = document.head
        marked = bool(_marked(head[:2048]))
        if not (marked or _block.search(head)):
            return False
        lines = [line.strip() for line in head.split(b"\n")[:-1][:400] or [head]]
        trails = [line for line in lines if line and not line.startswith(b"#")]
        good = sum(1 for line in trails if _trail_line.match(line))
        # The notice speaks for itself; a block of references stands in other lists too.
        return good * 10 >= len(trails) * (5 if marked else 8) if trails else marked

    def read(self, document: Document) -> Iterator[Item]:
        """Each trail indicates what the file is named after; its aliases and references are said of that."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        text, broken = decode(document)
        yield from broken
        about, link = subject(document)
        source = provenance(document, origin=ORIGIN)
        comments = _Comments(about, source)
        blank = paths = 0
        for number, written in enumerate(text.split("\n"), 1):
            line = written.strip()
            if not line:
                blank += 1
                continue
            if line[0] == "#":
                yield from comments.read(line, f"line {number}")
                continue
            if line[0] == "/":
                paths += 1
                continue
            if " " in line or "\t" in line:
                line = line.partition("#")[0].strip()
            entity = detect(line)
            if entity is None or entity[0] == "url":
                entity = _other(line) or entity
            if entity is None:
                yield Rejected(f"line {number}", _reason(line))
            else:
                raw = "" if entity[1] == line else line
                yield Claim(entity, link, about, f"line {number}", source, None, _FACT, raw)
        yield from comments.end()
        if blank:
            yield Skipped("blank line", blank)
        if paths:
            yield Skipped(NO_HOST, paths)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


_FACT = Nature.FACT


def subject(document: Document) -> tuple[Entity, str]:
    """What the trails of a file point at, and by which property."""
    name = without_counter(stem(document.name)).lower()
    kind, link = "malware", "indicates"
    if name.startswith("sinkhole"):
        kind, link = "known-list", "listed-on"
    elif name.startswith("hacked_"):
        kind = "campaign"
    elif name.startswith("apt_"):
        kind, name = "group", name.removeprefix("apt_")
        name = f"apt{name}" if name.isdigit() else name
    else:
        found = _platform(name)
        name = name[found.end() :] if found else name
    return named(kind, name) or Entity("malware", f"trail file {document.sha256[:12]}"), link


class _Comments:
    """Reads comment lines: aliases and references once each, the rest counted."""

    def __init__(self, about: Entity, source: Provenance) -> None:
        self._about = about
        self._source = source
        self._said: set[tuple[str, str]] = set()
        self._others = 0
        self._again = 0

    def read(self, line: str, place: str) -> Iterator[Item]:
        """What one comment line tells."""
        reference = _reference(line)
        if reference:
            yield from self._say("reference", reference[1], place)
            return
        aliases = _aliases(line)
        if aliases:
            for alias in _alias_end.split(aliases[1].strip()):
                if named(self._about.kind, alias) == self._about:
                    self._again += 1
                else:
                    yield from self._say("alias", alias, place)
            return
        self._others += 1

    def _say(self, name: str, text: str, place: str) -> Iterator[Item]:
        if not text or (name, text) in self._said:
            self._again += 1
            return
        self._said.add((name, text))
        yield Claim(self._about, name, text[:2000], place, self._source)

    def end(self) -> Iterator[Item]:
        """The count of comments that say nothing."""
        if self._others:
            yield Skipped("comment", self._others)
        if self._again:
            yield Skipped("reference or alias given before", self._again)


def _other(line: str) -> Entity | None:
    """A bare `http://host` means the host itself; what is left may still be a web address."""
    bare = _bare_http(line)
    if bare:
        return detect(line[bare.end() :].rstrip("/"))
    if line.startswith(("http://", "https://", "ftp://")) or "/" not in line:
        return None
    try:
        return parse("url", line)
    except NotValidError:
        return None


def _reason(line: str) -> str:
    if _pattern(line):
        return f"{line[:80]!r} is a pattern, not one address. Mend: write the addresses out"
    return f"{line[:80]!r} is no domain, address or URL that we know. Mend: compare it with the source"
