"""Rules that detect: YARA, Sigma, Snort and Suricata, OpenIOC. What they look for is an indicator.

All else is context: an author's account, a reference, a filter of false positives, a keyword of the rule's
language (`http.host`). Sources: https://yara.readthedocs.io, https://sigmahq.io/sigma-specification,
https://docs.suricata.io, http://schemas.mandiant.com/2010/ioc.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Document, Item, Sentences, Skipped
from chokepoint.collect.decoding import beginning, decode, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import About, claim_of, line_by_line
from chokepoint.model.claim import Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.model.identity import Entity
    from chokepoint.values.base import Indicator

WHY = "what a rule refers to or excepts, not what it looks for"

_snort = re.compile(
    r"^[ \t]*+#?[ \t]*+(?:alert|drop|reject|pass|block|log)[ \t]++"
    r"(?:tcp|udp|icmp|ip|http2?|dns|tls|ssh|smtp|ftp|smb|pkthdr|file)\b"
    r"[^\n(]{3,4000}\(\s*msg\s*:",
    re.MULTILINE,
).search
_yara = re.compile(
    r"^[ \t]*+(?:(?:private|global)[ \t]+)*+rule[ \t]+\w{1,200}[ \t]*+(?::[^{\n]{0,500})?\{?[ \t\r]*+$",
    re.MULTILINE,
).search
_condition = re.compile(r"^[ \t]*+condition[ \t]*+:", re.MULTILINE).search
_sigma = re.compile(r"^logsource:[ \t\r]*+$", re.MULTILINE).search
_detection = re.compile(r"^detection:[ \t\r]*+$", re.MULTILINE).search
_openioc = re.compile(r"<ioc\b[^>]{0,2000}(?:schemas\.mandiant\.com|openioc)", re.IGNORECASE).search

_content = re.compile(
    r'\bcontent\s*:\s*!?"((?:[^"\\]|\\.){1,2000})"|\breference\s*:\s*(?:md5|sha1|sha256)\s*,\s*([0-9a-f]+)',
    re.IGNORECASE,
)
_except = re.compile(r'\bcontent\s*:\s*!"')
_section = re.compile(r"^\s*+(meta|strings|variables|condition)\s*:").match
_meta = re.compile(r"^\s*+(\w++)\s*+=\s*+(.*)$").match
_hashes = re.compile(r"(?:hash|md5|sha|sample)", re.IGNORECASE).match
_block = re.compile(r"^(\s*+)(?:-\s++)?([\w|]++):").match
_filters = re.compile(r"(?:filter|exclu|except|false|white|allow|legit|known)", re.IGNORECASE).match
_item = re.compile(r'<IndicatorItem\b[^>]{0,500}\bcondition="(\w+)"', re.IGNORECASE).search


class Halves(NamedTuple):
    """What a line looks for, and what else it says."""

    sought: str
    beside: str = ""


class Rules:
    """Collector of detection rules."""

    name = "detection-rules"

    def recognises(self, document: Document) -> bool:
        """The grammar of one of the four."""
        return is_text(document) and _splitter(beginning(document)) is not None

    def read(self, document: Document) -> Iterator[Item]:
        """What the rules look for, and what they mention beside it."""
        text, broken = decode(document)
        yield from broken
        split = _splitter(text) or _as_it_is
        halves = list(split(text.split("\n")))
        about = About(subject=None, title=document.name, provenance=provenance(document))
        sought = _said("\n".join(one.sought for one in halves), about, beside=False)
        beside = _said("\n".join(one.beside for one in halves), about, beside=True)
        items = list(with_derived(iter([*sought, *beside])))
        yield from (item for item in items if not isinstance(item, Skipped))
        told = {item.place for item in items if isinstance(item, Claim)}
        lines = text.split("\n")
        blank = sum(1 for line in lines if not line.strip())
        if silent := sum(1 for at, line in enumerate(lines, 1) if line.strip() and f"line {at}" not in told):
            yield Skipped("text without an indicator", silent)
        if blank:
            yield Skipped("blank line", blank)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _said(text: str, about: About, *, beside: bool) -> Iterator[Item]:
    def tell(indicator: Indicator, entity: Entity, say: Sentences) -> Item:
        told = replace(indicator, role="context", reason=WHY) if beside else indicator
        return claim_of(told, entity, say, about)

    def at(number: int, _raw: str) -> Sentences:
        return Sentences(about.provenance, f"line {number}", about.observed)

    items = line_by_line(text, at, tell)
    return (
        one for one in items if not beside or not isinstance(one, Claim) or one.property == "mentioned-in"
    )


def _splitter(text: str) -> Callable[[list[str]], Iterator[Halves]] | None:
    """How the lines of a language fall into halves; None for no such language."""
    if _snort(text):
        return _of_snort
    if _yara(text) and _condition(text):
        return _of_yara
    if _sigma(text) and _detection(text):
        return _of_sigma
    return _of_openioc if _openioc(text[:4000]) else None


def _as_it_is(lines: list[str]) -> Iterator[Halves]:
    return (Halves(line) for line in lines)


def _of_snort(lines: list[str]) -> Iterator[Halves]:
    begun = False
    for line in lines:
        head, _, options = ("", "", line) if begun else line.partition("(")
        searching = begun or bool(_searching(head))
        begun = searching and line.rstrip().endswith("\\")
        if not searching or _except.search(options):
            yield Halves("", line)
            continue
        sought = [_negated.sub(" ", head), *(found[1] or found[2] for found in _content.finditer(options))]
        beside = [*_negated.findall(head), _keywords.sub(" ", _content.sub(" ", options))]
        yield Halves("  ".join(sought), "  ".join(beside))


_searching = re.compile(r"\s*+#?\s*+(?:alert|drop|reject\w*|block|sdrop|log)\s").match
"""How a rule begins that looks for something: `pass` lets it through, and a comment tells of the list."""
_negated = re.compile(r"!\s*+(?:\[[^\]]*+\]|[^\s,\]]++)")
_keywords = re.compile(r"\b(?:http|dns|tls|ssh|file|smtp|ip|tcp|udp)\.[\w.]+\s*(?=;)")


def _of_yara(lines: list[str]) -> Iterator[Halves]:
    section = ""
    for line in lines:
        if _yara(line):
            section = ""
        if found := _section(line):
            section = found[1]
        told = _meta(line) if section == "meta" else None
        if told and _hashes(told[1]):
            yield Halves(told[2])
        else:
            yield Halves(*_comment(line, 1)) if section == "strings" else Halves("", line)


_comment = re.compile(r"(?<!\S)//").split
"""A line before the sign of a comment and behind it; in an address that follows a colon."""


def _of_sigma(lines: list[str]) -> Iterator[Halves]:
    inside, excepted, depth = False, False, 0
    for line in lines:
        if found := _block(line):
            indent = len(found[1])
            if not indent:
                inside, excepted, depth = found[2] == "detection", False, 0
            elif inside and (not depth or indent <= depth):
                depth, excepted = indent, bool(_filters(found[2]))
        yield Halves(line) if inside and not excepted else Halves("", line)


def _of_openioc(lines: list[str]) -> Iterator[Halves]:
    condition = ""
    for line in lines:
        if found := _item(line):
            condition = found[1].casefold()
        if "<Content" in line:
            yield Halves("", line) if condition.endswith("not") else Halves(_tags.sub(" ", line))
        else:
            yield Halves("", _tags.sub(" ", line))


_tags = re.compile(r"<[^<>]{0,4000}>")
