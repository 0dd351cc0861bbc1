"""Ransom notes: how the gang wants to be reached and where to be paid; the folder names the family.

Source of the layout (a folder a family): https://github.com/ThreatLabz/ransomware_notes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Item, Sentences
from chokepoint.collect.decoding import decode, is_data, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.naming import everyday, told, without_counter
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import line_by_line
from chokepoint.collect.taking import named
from chokepoint.model.identity import Entity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.values.base import Indicator

PAID = frozenset({"crypto-address", "bank-account", "payment-handle"})
REACHED = frozenset(
    {"email-addr", "onion-service", "user-account", "url", "domain-name", "phone-number", "ipv4-addr"}
)
LONGEST = 200_000

_YOURS = re.compile(
    r"(?P<english>\b(?:your|all|the) (?:\w+ ){0,4}"
    r"(?:files?|data|network|documents|systems?|servers?|company|computers?|pc|photos|databases?|backups?)\b)"
    r"|\b(?:tus|sus|todos) (?:\w+ ){0,2}(?:archivos|datos)\b|\bvos (?:fichiers|données)\b"
    r"|\bihre (?:dateien|daten)\b|\b(?:hacked|attacked) you\b"
    r"|\byou(?:'ve|r|rs)? (?:\w+ ){0,3}(?:hacked|encrypted|locked|breached|infected|attacked|fucked)\b"
    r"|\bfiles\s+(?:are|were|have been)\s+(?:en)?crypt"
    r"|\bdear (?:user|management|managers?|representative|sir|client|customer)"
    r"|\bвас\w* файл|\bваши файлы|\bi tuoi file|\bseus arquivos|\bdosyalarınız"
    r"|ไฟล์ของคุณ|あなたのファイル|您的文件",
    re.IGNORECASE,
)
_speaks = re.compile(r"\b(?:you|your|yours|ur|we|us|our)\b", re.IGNORECASE).search
_SIGNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:en|de)?crypt(?:ed|ion|or|er|ing)?\b|\bcifrad|\bchiffr|\bverschlüssel|зашифров|\bcriptograf|şifrele|เข้ารหัส|暗号化|加密",
        r"\btor[ -]?browser\b|torproject|\.onion\b",
        r"\b(?:bitcoins?|btc|monero|xmr)\b",
        r"\b(?:ransom|recover|restore|unlock|decryptor|private key|personal id|your id)\b",
        r"\b(?:leak|publish|sell|stolen|steal|exfiltrat|downloaded|auction)\w*",
        r"\bdo(?:n't| not) (?:\w+ ){0,3}(?:rename|modify|delete|try|use|contact|move|shut|call|turn)",
        r"\b(?:contact us|write (?:to )?us|e-?mail us|to contact|tox|session|jabber|qtox|telegram)\b",
        r"\b(?:pay|payment|price|purchase|buy|negotiat)\w*",
    )
)
_ENOUGH = 2
_ABOUT_OTHERS = re.compile(
    r"\bindicators? of compromise|^=+ [^=\n]*[^=\n ]$|^\|===", re.IGNORECASE | re.MULTILINE
)
COLLECTIONS = frozenset({"Zscaler ThreatLabz"})
"""Origins that publish nothing but notes, in which even two lines are one."""


def is_note(text: str) -> bool:
    """Whether a text speaks to a victim of extortion."""
    if len(text) > LONGEST:
        return False
    signs = sum(1 for sign in _SIGNS if sign.search(text))
    if signs < _ENOUGH or not (yours := _YOURS.search(text)) or _ABOUT_OTHERS.search(text):
        return False
    return not yours["english"] or bool(_speaks(text))


class RansomNote:
    """Collector of notes in plain text."""

    name = "ransom-note"

    def recognises(self, document: Document) -> bool:
        """Text that speaks to a victim of extortion."""
        if is_data(document.head) or len(document.data) > LONGEST * 2 or not is_text(document):
            return False
        return document.origin in COLLECTIONS or is_note(decode(document)[0])

    def read(self, document: Document) -> Iterator[Item]:
        """The family is reached at each contact and asks for payment to each wallet."""
        text, broken = decode(document)
        yield from broken
        yield from with_derived(told_by(document, text, lambda number, _raw: f"line {number}"))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def family(document: Document) -> Entity:
    """The malware that a note belongs to: by folder, then file name, then the capture itself."""
    *folders, name = document.parts
    for part in reversed(folders[-2:]):
        entity = None if everyday(part) else named("malware", without_counter(part))
        if entity:
            return entity
    own = told(name)
    entity = named("malware", own) if own and not _instruction(own) else None
    return entity or Entity("malware", f"ransom note {document.sha256[:12]}")


_instruction = re.compile(
    r"\b(?:read|recover|restore|decrypt|how|help|files|note|instructions?|warning|attention|unlock)",
    re.IGNORECASE,
).search


def told_by(document: Document, text: str, place: Callable[[int, str], str]) -> Iterator[Item]:
    """The claims of a note's text."""
    about, source = family(document), provenance(document)
    yield from line_by_line(
        text,
        lambda number, raw: Sentences(source, place(number, raw)),
        lambda indicator, entity, say: _claim(indicator, entity, say, about),
    )


def _claim(indicator: Indicator, entity: Entity, say: Sentences, about: Entity) -> Item:
    raw = indicator.raw if indicator.raw != entity.value else ""
    if indicator.role != "indicator":
        return say.say(
            entity,
            "mentioned-in",
            f"ransom note of {about.value} ({indicator.role}: {indicator.reason})",
            raw,
        )
    if entity.kind in PAID:
        return say.say(about, "requests-payment-to", entity, raw)
    if entity.kind in REACHED:
        return say.say(about, "contact", entity, raw)
    return say.say(entity, "indicates", about, raw)
