"""Malware and tools named in the description of a group: proposed "uses" assessments with their span.

Only distinctive names are looked for: written as proper names (a capital or a figure inside), not
generic, not also the name of a group, and never seen as an ordinary lower-case word in any of the
descriptions. A name alone is weaker than one beside a telling word ("Samas ransomware").
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.link.names import key
from chokepoint.model.errors import NotValidError
from chokepoint.values.names import countries, generic, parse_name, squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOFTWARE = frozenset({"malware", "tool"})
LONGEST_TEXT = 20_000
LONGEST_NAME = 4
LEAST_LETTERS = 4
WITH_CUE, WITHOUT_CUE = 0.75, 0.6

_words = re.compile(r"[^\W_](?:[\w.+$-]{0,60}[\w+$])?")
_cue = re.compile(
    r"(?i)ransomware|malware|trojans?|backdoors?|rats?|stealers?|infostealers?|loaders?|downloaders?|droppers?"
    r"|botnets?|wipers?|worms?|implants?|payloads?|keyloggers?|rootkits?|bootkits?|webshells?|toolkits?|toolsets?"
    r"|frameworks?|variants?|famil(?:y|ies)|tools?|miners?|cryptors?|crypters?|spyware|bankers?|kits?|beacons?"
).fullmatch
_denial = re.compile(
    r"(?i)not|unlike|without|competitors?|rivals?|versus|against|similar(?:ity|ities)?|resembl(?:es?|ing|ance)|overlaps?"
).fullmatch
_EVERYDAY = frozenset(
    """january february march april june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday python java javascript golang rust perl ruby lua delphi
    powershell windows linux android macos unix ubuntu debian kali chrome firefox edge telegram discord
    slack signal whatsapp facebook instagram twitter youtube linkedin github gitlab google microsoft apple
    amazon azure oracle cisco fortinet citrix vmware adobe lambda docker kubernetes outlook exchange office
    word excel teams zoom dropbox onedrive bitcoin ethereum monero europe asia africa america american
    european asian african arabic english latin christian muslim islamic jewish university ministry
    government police army navy pentagon kremlin olympic olympics covid internet mcafee cylance symantec
    kaspersky defender sophos trend mandiant crowdstrike proofpoint sentinel avast eset""".split()  # noqa: SIM905 - a word list reads better as text
)
_nationality = re.compile(r"[a-z]{3,15}(?:ian|ese|ish|ean)").fullmatch
_WINDOW = 3


class Naming(NamedTuple):
    """An entity with a name as it is written, its own or an alias."""

    eid: int
    kind: str
    name: str


class Description(NamedTuple):
    """What some origin says of a group."""

    group: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """That a group uses a malware or tool, since its description names it.

    Attributes:
        group, software: entity numbers.
        start, end: offsets of the name in the description.
        text: the name as it stands there.
        belief: how far the name alone speaks for use.
        reason: with the words around it.
    """

    group: int
    software: int
    start: int
    end: int
    text: str
    belief: float
    reason: str


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    first: bool


def mentions(descriptions: Iterable[Description], namings: Iterable[Naming]) -> list[Mention]:
    """The first mention of each malware or tool in each group's descriptions.

    A name that several entities bear is a mention of each of them only if they bear it as software;
    names of groups, countries and ordinary words are passed over. At most 20,000 characters of each
    text are read.
    """
    texts = [(one.group, one.text[:LONGEST_TEXT]) for one in descriptions]
    index = _Index(namings, _ordinary(text for _, text in texts))
    found: dict[tuple[int, int], Mention] = {}
    for group, text in texts:
        for mention in index.read(group, text):
            held = found.get((group, mention.software))
            if held is None or mention.belief > held.belief:
                found[group, mention.software] = mention
    return [found[pair] for pair in sorted(found)]


def _ordinary(texts: Iterable[str]) -> frozenset[str]:
    """Words that some description writes in lower case."""
    return frozenset(word.text for text in texts for word in _split(text) if word.text.islower())


def _split(text: str) -> list[_Word]:
    found = []
    for match in _words.finditer(text):
        before = text[max(0, match.start() - 4) : match.start()].rstrip(" \"'(“‘[")[-1:]
        first = match.start() == 0 or before in {".", "!", "?", "\n", ":"}
        found.append(_Word(match.group(), match.start(), match.end(), first))
    return found


class _Index:
    """Software by the normal form of its names."""

    def __init__(self, namings: Iterable[Naming], ordinary: frozenset[str]) -> None:
        self.software: dict[str, set[int]] = defaultdict(set)
        others: set[str] = set()
        for eid, kind, name in namings:
            value = _plain(name)
            if kind not in SOFTWARE:
                others |= {value, key(name)}
            elif self._distinctive(value, ordinary):
                self.software[value].add(eid)
        self.doubtful = others
        self.ordinary = ordinary
        self.longest = max((value.count(" ") + 1 for value in self.software), default=0)

    @staticmethod
    def _distinctive(value: str, ordinary: frozenset[str]) -> bool:
        if len(squash(value)) < LEAST_LETTERS or generic(value) or value in countries():
            return False
        words = value.split()
        if len(words) == 1 and (value in _EVERYDAY or _nationality(value)):
            return False
        return len(words) <= LONGEST_NAME and not all(word in ordinary for word in words)

    def read(self, group: int, text: str) -> Iterator[Mention]:
        """Mentions in one text, longest names first at each place."""
        words = _split(text)
        at = 0
        while at < len(words):
            taken = 0
            for size in range(min(self.longest, LONGEST_NAME, len(words) - at), 0, -1):
                span = words[at : at + size]
                written = text[span[0].start : span[-1].end]
                software = self.software.get(_plain(written)) if _proper(span) else None
                if software:
                    yield from self._judge(group, text, (words, at, size))
                    taken = size
                    break
            at += taken or 1

    def _judge(self, group: int, text: str, place: tuple[list[_Word], int, int]) -> Iterator[Mention]:
        words, at, size = place
        span = words[at : at + size]
        start, end = span[0].start, span[-1].end
        near = words[max(0, at - 2) : at] + words[at + size : at + size + _WINDOW]
        cue = any(_cue(word.text) for word in near)
        denied = any(_denial(word.text) for word in words[max(0, at - _WINDOW) : at])
        value = _plain(text[start:end])
        plain_start = size == 1 and span[0].first and not _marked(span[0].text)
        of_longer = size == 1 and not _marked(span[0].text) and self._part_of_longer(text, words, at)
        if denied or (not cue and (value in self.doubtful or plain_start or of_longer)):
            return
        context = " ".join(text[max(0, start - 60) : end + 60].split())
        for software in sorted(self.software[value]):
            yield Mention(
                group=group, software=software, start=start, end=end, text=text[start:end],
                belief=WITH_CUE if cue else WITHOUT_CUE, reason=f"named in the description: “…{context}…”",
            )  # fmt: skip

    def _part_of_longer(self, text: str, words: list[_Word], at: int) -> bool:
        """Whether a capitalised word stands right beside it, as in a person's or a group's name."""
        before, after = words[max(0, at - 1)], words[min(at + 1, len(words) - 1)]
        return (
            text[before.end : words[at].start] == " "
            and before.text[0].isupper()
            and before.text.lower() not in self.ordinary
        ) or (text[words[at].end : after.start] == " " and after.text[0].isupper())


def _plain(text: str) -> str:
    try:
        return parse_name(text)
    except NotValidError:
        return ""


def _proper(span: list[_Word]) -> bool:
    """Whether a name begins with a capital, or a word of it has a capital or figure inside."""
    return span[0].text[0].isupper() or any(_marked(word.text) for word in span)


def _marked(text: str) -> bool:
    return any(c.isupper() or c.isdigit() for c in text[1:])
