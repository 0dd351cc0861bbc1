"""Digests, wallets, transactions, Tox, Session and tracking identifiers: by form, checksum and words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.model.identity import Entity
from chokepoint.values import wallet
from chokepoint.values.digest import parse_file
from chokepoint.values.text.candidate import Candidate, Taken, attempt
from chokepoint.values.text.words import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.values.text.view import View

_hex = re.compile(r"(?<![0-9A-Za-z])(?:0[xX])?[0-9a-fA-F]{32,}+(?![0-9A-Za-z])")
_base58 = re.compile(r"(?<![0-9A-Za-z])[1-9A-HJ-NP-Za-km-z]{25,112}+(?![0-9A-Za-z])")
_bech32 = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:bc|ltc|addr|bnb|cosmos|terra|zil|zs|vtc|btg|BC|LTC)1[a-zA-Z0-9]{20,110}+"
    r"|(?:bitcoincash:)?[qp][a-z0-9]{41}|G[A-Z2-7]{55})(?![0-9A-Za-z])"
)
_ton = re.compile(r"(?<![0-9A-Za-z_+/-])[EUk0][Qf][0-9A-Za-z_+/-]{46}(?![0-9A-Za-z_+/-])")
_iban = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![0-9A-Za-z])"
)
_tracking = re.compile(
    r"(?<![0-9A-Za-z-])(?:UA-[0-9]{4,10}-[0-9]{1,4}|G-(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[0-9A-Z]{10}"
    r"|GTM-[0-9A-Z]{5,9}|AW-[0-9]{9,12}|(?:ca-)?pub-[0-9]{16})(?![0-9A-Za-z-])"
)
_DIGESTS = {32, 40, 64, 128}


def find(view: View, taken: Taken) -> Iterator[Candidate]:
    """Every code of a text; its spans are marked as taken."""
    for finder in (_wrapped, _hexadecimal, _lettered, _accounts, _trackers):
        for candidate in finder(view, taken):
            taken.add(candidate.start, candidate.end)
            yield candidate


_halves = re.compile(
    r"(?<![0-9A-Za-z])(?:(?P<hex>[0-9a-fA-F]{20,64})(?: |[ \t]*\n[ \t|>]*)(?P<hexrest>[0-9a-fA-F]{20,64})"
    r"|(?P<letters>[0-9A-Za-z]{20,100})[ \t]*\n[ \t|>]*(?P<lettersrest>[0-9A-Za-z]{6,80}))(?![0-9A-Za-z])"
)


_algorithm = re.compile(r"(sha-?256|sha-?1|sha-?512|md-?5)[^a-z0-9]{0,12}$").search


def _wrapped(view: View, taken: Taken) -> Iterator[Candidate]:
    """Codes that a line break cuts in two: digests with their algorithm before them, wallets by checksum."""
    for found in _halves.finditer(view.text):
        start, end = found.span()
        entity = None
        if found["hex"]:
            named = _algorithm(view.before(start, 24))
            entity = attempt("file", f"{named[1]}:{found['hex']}{found['hexrest']}") if named else None
        elif found["letters"] and not wallet.detect_address(found["letters"]):
            value = wallet.detect_address(found["letters"] + found["lettersrest"])
            entity = Entity("crypto-address", value) if value else None
        if entity and taken.free(start, end):
            yield Candidate(entity, start, end)


def _hexadecimal(view: View, taken: Taken) -> Iterator[Candidate]:
    last: Candidate | None = None
    for found in _hex.finditer(view.text):
        start, end = found.span()
        if end - start > 130 or not taken.free(start, end):
            continue
        entity = _named(view, start, found[0])
        if entity and last and _goes_on(view, last, entity, start):
            entity = attempt("crypto-transaction", found[0])
        if entity:
            last = Candidate(entity, start, end)
            yield last


def _goes_on(view: View, last: Candidate, entity: Entity, start: int) -> bool:
    """Whether a digest is one more of a list of transactions."""
    between = view.low[last.end : start]
    return (
        last.entity.kind == "crypto-transaction"
        and entity.value.startswith("sha256:")
        and len(between) <= 12
        and _last(between, "digest") < 0
    )


def _named(view: View, start: int, text: str) -> Entity | None:
    if text[:2] in {"0x", "0X"}:
        kinds = {42: "crypto-address", 66: "crypto-transaction"}
        return attempt(kinds[len(text)], text) if len(text) in kinds else None
    before = view.before(start, 60)
    if len(text) in {66, 76}:
        platform = "tox" if len(text) == 76 else "session"
        return attempt("user-account", f"{platform}:{text}")
    if len(text) not in _DIGESTS or len(set(text)) < 6 or text.isdigit():
        return None
    if len(text) == 64 and _nearer(before, "transaction", "digest"):
        return attempt("crypto-transaction", text)
    return None if _nearer(before[-30:], "identity", "digest") else Entity("file", parse_file(text))


def _nearer(before: str, first: str, second: str) -> bool:
    """Whether the last word of the first list stands at least as near to the end as any of the second."""
    return _last(before, first) >= max(1, _last(before, second))


def _last(before: str, name: str) -> int:
    at = -1
    for found in pattern("hint", name).finditer(before):
        at = found.end()
    return at


def _lettered(view: View, taken: Taken) -> Iterator[Candidate]:
    for shape in (_ton, _bech32, _base58):
        for found in shape.finditer(view.text):
            start, end = found.span()
            if not taken.free(start, end):
                continue
            text = found[0].removeprefix("bitcoincash:")
            value = wallet.detect_address(text)
            if not value and shape is _base58 and 32 <= len(text) <= 44 and _mixed(text):
                value = _solana(view, start, text)
            if value:
                yield Candidate(Entity("crypto-address", value), start, end)


def _accounts(view: View, taken: Taken) -> Iterator[Candidate]:
    for found in _iban.finditer(view.text):
        entity = attempt("bank-account", found[0]) if taken.free(*found.span()) else None
        if entity and entity.value.startswith("iban:"):
            yield Candidate(entity, *found.span())


def _trackers(view: View, taken: Taken) -> Iterator[Candidate]:
    """Identifiers by which sites count visitors: who runs one site often counts the others by the same."""
    for found in _tracking.finditer(view.text):
        entity = attempt("tracking-id", found[0]) if taken.free(*found.span()) else None
        if entity:
            yield Candidate(entity, *found.span())


def _mixed(text: str) -> bool:
    return (
        any(c.isdigit() for c in text) and any(c.islower() for c in text) and any(c.isupper() for c in text)
    )


def _solana(view: View, start: int, text: str) -> str:
    """A Solana address has no checksum: only where the words beside it say what it is."""
    behind = view.after(start + len(text), 10)
    if not pattern("hint", "solana").search(f"{view.introduction(start, 40)} {behind}"):
        return ""
    entity = attempt("crypto-address", text)
    return entity.value if entity else ""
