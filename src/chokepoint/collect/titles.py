"""What a report is about: from its title, its file and folder names, and the words it uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.collect.naming import subject, telling_part, told, untelling
from chokepoint.collect.taking import named
from chokepoint.values.names import parse_name, squash
from chokepoint.values.registry import detect
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from chokepoint.collect.base import Document
    from chokepoint.model.identity import Entity

LONGEST = 200
_SEARCHED = 40
_TITLE_BY = 4
_CODE = frozenset("$!;@%{}")
"""How lines for a program begin: a zone's, a filter's, a comment's."""

_marked = re.compile(r"^(?:=|#)\s+(.{2,300})$")
_underline = re.compile(r"^(?:={4,}|-{4,})\s*$")
_attribute = re.compile(
    r"^:[\w-]+:|^\[.*\]$|^//|^<!--|^---\s*$"
    r"|^(?!(?:alert|alerta|alerte|advisory|warning|warnung|achtung|attention|avviso|aviso|uyarı|dikkat)\b)"
    r"[\w-]{1,20}: ",
    re.IGNORECASE,
)
_noise = re.compile(
    r"\b(?:indicators? of compromises?|ioc'?s?|technical (?:details|appendix)|appendix"
    r"|malware analysis report|report on)\b|[:–—-]\s*(?:indicators?|ioc list|appendix)\s*$|\(\s*\)",
    re.IGNORECASE,
)
_sentence = re.compile(r".*[a-z0-9)\]][.!]$").match
_SENTENCE = 6
_record = re.compile(
    r"(?:[^,]*,(?! )){3}[^,]*,|(?:[^;]*;){3}|(?:[^\t]*\t){2}|[0-9.:a-f]{3,39}\s+\S+$"
    r"|\[?\d{1,4}([-/.])\d\d?\1\d{1,4}[T ,]{1,3}\d\d?:\d\d"
).match
_edges = " \t-–—:|•*#=_.,()"
_thai_head = re.compile(r"^รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-")
_group = re.compile(r"\b(?:apt|group|gang|threat actor|actor|team|crew|collective)\b", re.IGNORECASE).search
_campaign = re.compile(
    r"\b(?:operation|campaign|network|scam|fraud|phishing|smishing|scheme|wave)\b", re.IGNORECASE
).search
_malware = re.compile(
    r"\b(?:malware|trojan|ransomware|backdoor|botnet|stealer|spyware|rootkit|bootkit|loader|rat|worm|implant|toolkit|wiper"
    r"|keylogger|cryptominer|banker)\b|\b(?:win32|win64|msil|android|linux|osx|php|vbs|js|doc)/\w",
    re.IGNORECASE,
)


def title_of(text: str) -> str:
    """The title of a text: a marked heading, or its first line where that is short; empty if it has none.

    A line of prose is no title, nor is one that names an indicator among other words, nor a row of a table or
    of a hosts file. A site alone may be what a short title is about; a wallet, a telephone or an address of
    the network is what somebody sent.
    """
    lines = text[:20_000].split("\n")[:_SEARCHED]
    for at, line in enumerate(lines):
        found = _marked.match(line.strip())
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if found:
            return "" if _record(below.strip()) else found[1].strip()[:LONGEST]
        if at < _TITLE_BY and line.strip() and _underline.match(below) and len(line) <= LONGEST:
            return line.strip()
    first = next((line.strip() for line in lines if line.strip() and not _attribute.match(line.strip())), "")
    if len(first) > LONGEST * 2 or _record(first) or first[:1] in _CODE or detect(first.partition(": ")[2]):
        return ""
    kinds = {one.entity.kind for one in scan(first)}
    if kinds - {"domain-name"} or (len(first.split()) >= _SENTENCE and (_sentence(first) or kinds)):
        return ""
    return _thai_head.sub("", first)


def bare_title(title: str) -> str:
    """A title without words like “Indicators of Compromise” and without markup.

    >>> bare_title("Telekopye – Indicators of Compromise")
    'Telekopye'
    """
    plain = re.sub(r"https?://\S+|[`*_\[\]]", " ", title)
    return " ".join(_noise.sub(" ", plain).split()).strip(_edges)


def about(document: Document, text: str) -> Entity | None:
    """The campaign, malware or group that a report is about; None where nothing names one.

    The folder's name wins where the file's own tells nothing (`README`), a file's name where the title
    speaks of it too; else the title says it all.
    """
    head = title_of(text)
    title = "" if _is_indicator(head) else bare_title(head)
    *folders, name = document.parts
    own = told(name)
    parts = [part for part in map(told, (name, *reversed(folders[-2:]))) if part]
    if not own and parts:
        return _entity(parts[0], title, text)
    squeezed = _squeezed(title)
    for part in parts:
        if len(_squeezed(part)) > 3 and _squeezed(part) in squeezed:
            return _entity(part, title, text)
    if title and len(title) <= LONGEST and not untelling(title):
        return _entity(title, title, text)
    return _entity(parts[0], "", text) if parts else None


def _is_indicator(title: str) -> bool:
    """Whether a title is nothing but an indicator, as the first line of a bare list is."""
    return any(len(found.raw) >= len(title.strip("# =")) for found in scan(title))


def _squeezed(text: str) -> str:
    entity = named("campaign", text) if text else None
    return squash(entity.value) if entity else ""


def _entity(name: str, title: str, text: str) -> Entity | None:
    by_name = subject(name, kind_of(name, title, text))
    if by_name is None or len(by_name.value) <= 120 or not title:
        return by_name
    return named(by_name.kind, name[:120])


def kind_of(name: str, title: str, text: str) -> str:
    """Group, campaign or malware, by the words of the title and, failing that, of the text."""
    if _group(title) and not _malware.search(title):
        return "group"
    if _campaign(title) and not _malware.search(title):
        return "campaign"
    if _malware.search(title) or len(_malware.findall(text[:50_000])) >= 2:
        return "malware" if len(parse_name(name).split()) <= 4 else "campaign"
    return "campaign"


def fallback_name(document: Document) -> str:
    """The name that file or folder tells, or the file's own name."""
    return telling_part(document) or document.name
