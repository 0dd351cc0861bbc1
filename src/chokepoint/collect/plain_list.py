"""One indicator a line, with comments; what it is about stands in the file's or folder's name.

A list of hacked sites (the path or a comment says so) tells of victims: `compromised-by`, never `indicates`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.decoding import decode, is_data, is_marked_up, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.list_syntax import COMMENT, EXCEPTION, listed
from chokepoint.collect.naming import subject, telling_part
from chokepoint.collect.origins import provenance
from chokepoint.model.errors import BadInputError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said, advised
from chokepoint.values.registry import detect
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

_comment = re.compile(r"(?:#|;|//)").match
_trailing = re.compile(r"(?<!\s)\s++(#|;|//)\s*(.*)$").search
_hacked = re.compile(
    r"(?<![a-z])(?:compromised|hacked|defaced|breached|hijacked|infected[-_ ](?:sites?|domains?|hosts?))"
    r"(?![a-z])",
    re.IGNORECASE,
)
_good = re.compile(
    r"(?<![a-z])(?:white[-_ ]?list|allow[-_ ]?list|known[-_ ]?good|legitimate|benign|safe[-_ ]?list)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_header = re.compile(r"[A-Za-z0-9 _/()-]{2,40}:?").fullmatch
_SAMPLE = 300
_SHARE = 0.9
_WORDS = 3
_COMMENT_LINES = 40


class Part(NamedTuple):
    """A line cut into its indicator and its comment."""

    value: str
    note: str


def _cut(line: str) -> Part:
    bare = line.strip().strip("\ufeff")
    if not bare or _comment(bare):
        return Part("", bare.lstrip("#;/ "))
    found = _trailing(bare)
    value, note = (bare[: found.start()], found[2]) if found else (bare, "")
    told = listed(value.strip(), of_zone=found is not None and found[1] == ";")
    if told and not (told.note == COMMENT and _one(value.strip())):
        return Part(told.value, told.note or note)
    return Part(
        value.strip().lstrip("-*• ").rstrip(",;") if value[:1] in "-*•" else value.strip().rstrip(",;"), note
    )


def _one(value: str) -> Entity | None:
    """The one indicator that a value is; words behind an address of the web are no part of it."""
    found = detect(value)
    return None if found is not None and found.kind == "url" and len(value.split()) > 1 else found


class PlainList:
    """Collector of plain lists."""

    name = "plain-list"

    def recognises(self, document: Document) -> bool:
        """Nine in ten of the first lines are one indicator each; in short lists, three of four words."""
        if is_data(document.head) or document.head[:1] in (b"<", b"%") or not is_text(document):
            return False
        text = decode(Document(path="", data=document.head))[0]
        if is_marked_up(text):
            return False
        lines = text.split("\n")[: _SAMPLE + _COMMENT_LINES]
        if len(document.data) > len(document.head) and len(lines) > 1:
            lines.pop()
        values = [part.value for part in map(_cut, lines) if part.value]
        if len(values) > 1 and _one(values[0]) is None and _header(values[0]):
            values.pop(0)
        strange = [value for value in values if _one(value) is None]
        known = len(values) - len(strange)
        words = all(len(value.split()) == 1 for value in strange)
        return bool(known) and (known >= _SHARE * len(values) or (words and known >= _WORDS * len(strange)))

    def read(self, document: Document) -> Iterator[Item]:
        """Each line indicates what the list is named after, or is mentioned where the name tells nothing."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        text, broken = decode(document)
        yield from broken
        lines = text.split("\n")
        link, about = _meaning(document, lines)
        source = provenance(document)
        left: Counter[str] = Counter()
        first = True
        for number, line in enumerate(lines, 1):
            value, note = _cut(line)
            if not value:
                left[note if note == EXCEPTION else "comment" if note else "blank line"] += 1
                continue
            say = Sentences(source, f"line {number}")
            entity = _one(value)
            if entity is None:
                yield from _several(value, say, (link, about), header=first and bool(_header(value)))
            else:
                yield say.say(entity, link, about, value if value != entity.value else "")
                if note:
                    yield say.say(entity, "description", note)
            first = False
        yield from (Skipped(rule, count) for rule, count in left.items())

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _several(value: str, say: Sentences, of: tuple[str, Entity | str], *, header: bool) -> Iterator[Item]:
    """A line that is no single indicator: those among its words, else a header, else a refusal."""
    link, about = of
    found = [one for one in scan(value) if one.role == "indicator"]
    for one in found:
        yield say.say(one.entity, link, about, one.raw if one.raw != one.entity.value else "")
    if not found and header:
        yield Skipped("header row")
    elif not found:
        reason = Said("{text!r} is no identifier that we know", text=value[:80])
        yield Rejected(say.place, advised(reason, "compare it with the source"))


def _meaning(document: Document, lines: list[str]) -> tuple[str, Entity | str]:
    """The property that the lines state, and of what."""
    notes = " ".join(line for line in lines[:_COMMENT_LINES] if _comment(line.strip()))
    near = "/".join(document.parts[-2:])
    values = [found for found in (_one(_cut(line).value) for line in lines[:_SAMPLE]) if found]
    if not values:
        raise BadInputError("no line is an indicator that we know", mend="compare the file with its source")
    hashes = sum(1 for value in values if value.kind == "file")
    hacked = bool(_hacked.search(near) or _hacked.search(notes))
    told = telling_part(document)
    if _good.search(near) or _good.search(notes):
        return "legitimate", subject(told or document.name, "known-list") or Entity(
            "known-list", document.sha256[:12]
        )
    about = subject(told, "malware" if hacked or hashes * 2 > len(values) else "campaign")
    if hacked:
        return "compromised-by", about or Entity("campaign", f"list {document.sha256[:12]}")
    return ("indicates", about) if about else ("mentioned-in", document.name)
