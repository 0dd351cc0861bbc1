"""Every kind of the vocabulary by name: parse, detect, show, and what a value says of itself."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values import (
    address,
    contact,
    digest,
    host,
    internet,
    mailboxes,
    money,
    names,
    platforms,
    things,
    wallet,
)
from chokepoint.values.base import ValueType
from chokepoint.values.defang import defang, refang
from chokepoint.values.showing import show_account, show_country, show_host, show_name, show_url
from chokepoint.values.tables import table
from chokepoint.values.unseen import visible

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 10_000
"""Characters of the longest text that may be one value."""

_VALUES: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "domain-name": (host.parse_domain, show_host),
    "onion-service": (host.parse_onion, show_host),
    "url": (internet.parse_url, show_url),
    "ipv4-addr": (address.parse_ipv4, defang),
    "ipv6-addr": (address.parse_ipv6, visible),
    "autonomous-system": (address.parse_autonomous_system, visible),
    "x509-certificate": (internet.parse_certificate, visible),
    "email-addr": (internet.parse_email, show_url),
    "tracking-id": (internet.parse_tracking_id, visible),
    "phone-number": (contact.parse_phone, visible),
    "user-account": (contact.parse_account, show_account),
    "crypto-address": (wallet.parse_address, visible),
    "crypto-transaction": (wallet.parse_transaction, visible),
    "bank-account": (money.parse_bank_account, visible),
    "payment-card": (money.parse_payment_card, visible),
    "payment-handle": (money.parse_payment_handle, show_account),
    "file": (digest.parse_file, visible),
    "device": (things.parse_device, visible),
    "document": (things.parse_document, visible),
    "country": (names.parse_country, show_country),
}


@cache
def value_type(kind: str) -> ValueType:
    """How a kind of the vocabulary is parsed and shown.

    Raises:
        NotValidError: the vocabulary has no such kind.
    """
    vocabulary().kind(kind)
    parse_value, show_value = _VALUES.get(kind, (names.parse_name, show_name))
    return ValueType(kind=kind, parse=parse_value, show=show_value)


def parse(kind: str, text: str) -> Entity:
    """The entity of a kind that the text names, defanged or not.

    Raises:
        NotValidError: unknown kind, or the text is no value of it; the reason says why.
    """
    if len(text) > LONGEST:
        raise NotValidError(
            Said("a {kind} of {length} characters", kind=kind, length=len(text)),
            mend="give one value, not a document",
        )
    return Entity(kind, value_type(kind).parse(text))


def show(entity: Entity) -> str:
    """The entity for people: defanged, with nothing hidden in it."""
    return value_type(entity.kind).show(entity.value)


_plain = re.compile(
    r"(?P<ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3})"
    r"|(?P<hash>[0-9a-fA-F]{128}|[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})"
    r"|(?P<host>(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.){1,20}[a-zA-Z][a-zA-Z0-9-]{1,24})"
).fullmatch
_around = " \t\r\n\"'`«»“”‘’„<>|*,;。、，；"
_last = ".,;:!?…"


def detect(text: str) -> Entity | None:
    """The identifier that the whole text is, if it is exactly one; None otherwise.

    Defanging, quotes, final punctuation and ports are looked through. Forms without a checksum
    of their own (phone numbers without `+`, Solana addresses, handles) are not guessed at.
    """
    if len(text) > LONGEST:
        return None
    if "[.]" in text and " " not in text:
        text = text.replace("[.]", ".")
    found = _plain(text)
    if found is None:
        cleaned = _cleaned(text)
        found = _plain(cleaned)
        if found is None:
            return _detect_other(cleaned)
        text = cleaned
    if found.lastgroup == "hash":
        return _detect_hash(text)
    return _attempt("ipv4-addr" if found.lastgroup == "ip" else _host_kind(text), text)


def _cleaned(text: str) -> str:
    bare = refang(text).strip(_around)
    while bare and bare[-1] in _last and not bare.endswith("::"):
        bare = bare[:-1].rstrip(_around)
    if bare and bare[0] in "([{" and bare[-1] in ")]}" and "]:" not in bare and not bare.startswith("[::"):
        bare = bare[1:-1].strip(_around)
    return bare


def _host_kind(text: str) -> str:
    return "onion-service" if text[-6:].lower() == ".onion" else "domain-name"


def _detect_hash(text: str) -> Entity | None:
    return Entity("file", digest.parse_file(text))


_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"0[xX][0-9a-fA-F]{64}"), "crypto-transaction"),
    (re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2}|:[0-9]{1,5})"), "ipv4-addr"),
    (
        re.compile(r"\[?[0-9a-fA-F]{0,4}(?::[0-9a-fA-F.]{0,15}){2,8}(?:/[0-9]{1,3})?(?:\](?::[0-9]{1,5})?)?"),
        "ipv6-addr",
    ),
    (re.compile(r"(?:[a-zA-Z]{3,5}://).*", re.DOTALL), "url"),
    (re.compile(r"(?:mailto:)?[^\s@/]{1,64}@[^\s@/]{3,253}", re.IGNORECASE), "email-addr"),
    (re.compile(r"AS[0-9]{1,10}", re.IGNORECASE), "autonomous-system"),
    (re.compile(r"\+[0-9][0-9 ().-]{6,22}"), "phone-number"),
    (re.compile(r"(?:UA-|G-|GTM-|AW-|pub-|ca-pub-)[A-Z0-9-]{6,24}", re.IGNORECASE), "tracking-id"),
    (re.compile(r"(?:md5|sha1|sha256|sha512|sha-1|sha-256):[0-9a-f]{32,128}", re.IGNORECASE), "file"),
    (re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,8}(?: ?[A-Z0-9]{1,4})?"), "bank-account"),
)
_hostlike = re.compile(r"[^\s/:@.]+(?:\.[^\s/:@.]+)+").fullmatch
_host_port = re.compile(r"([^\s/:@.]+(?:\.[^\s/:@.]+)+):[0-9]{1,5}").fullmatch
_with_path = re.compile(r"[^\s/@.]+\.[^\s/@]+/\S*").fullmatch
_tox = re.compile(r"[0-9a-fA-F]{76}").fullmatch
_session = re.compile(r"05[0-9a-fA-F]{64}").fullmatch


def _detect_other(text: str) -> Entity | None:
    if not text or "\n" in text:
        return None
    wallet_value = wallet.detect_address(text.removeprefix("bitcoincash:"))
    if wallet_value:
        return Entity("crypto-address", wallet_value)
    if _tox(text):
        return _attempt("user-account", f"tox:{text}")
    if _session(text):
        return _attempt("user-account", f"session:{text}")
    for shape, kind in _SHAPES:
        if shape.fullmatch(text):
            found = _attempt(kind, text)
            if found:
                return found
    return _detect_host(text)


def _detect_host(text: str) -> Entity | None:
    host = text.replace("。", ".")
    if _hostlike(host):
        return _attempt(_host_kind(host), host)
    with_port = _host_port(text)
    if with_port:
        return _attempt(_host_kind(with_port[1]), with_port[1])
    return _attempt("url", text) if _with_path(text) else None


def _attempt(kind: str, text: str) -> Entity | None:
    try:
        return Entity(kind, value_type(kind).parse(text))
    except NotValidError:
        return None


def derived(entity: Entity) -> tuple[tuple[str, Entity], ...]:
    """Links that follow from the value alone, as (property, object).

    A web address is hosted at its host, or speaks of the account whose profile it is;
    a host lies below the domain that somebody registered; a mailbox is at its domain,
    unless anybody can have one there.
    """
    if entity.kind == "url":
        parts = internet.split_url(entity.value)
        named = platforms.profile(parts.host.value, parts.rest)
        if named:
            return (("related-to", Entity("user-account", ":".join(named))),)
        return (("hosted-at", parts.host),)
    if entity.kind == "domain-name":
        above = host.parent(entity.value)
        return (("subdomain-of", Entity("domain-name", above)),) if above else ()
    if entity.kind == "email-addr":
        domain = entity.value.rpartition("@")[2]
        return () if mailboxes.anybodys(domain) else (("hosted-at", Entity(_host_kind(domain), domain)),)
    return ()


_handle = re.compile(r"@[\w.$+-]{2,60}").fullmatch


def query(text: str) -> list[Entity]:
    """Entities that a person may mean by a text on the command line, best first.

    `kind:value` (`Group:…` as well as `group:…`), `platform:handle`, a bare identifier, `@handle`, or a name,
    for which there is one candidate for each kind of actor and thing. Empty where nothing is left to look
    for.
    """
    cleaned = text.strip()
    if not cleaned or len(cleaned) > LONGEST:
        return []
    explicit = _explicit(cleaned)
    if explicit:
        return [explicit]
    found = detect(cleaned)
    if found:
        return [found]
    if _handle(unicodedata.normalize("NFKC", cleaned)):
        tries = (
            _attempt("user-account", f"{platform}:{cleaned}") for platform in table("platforms")["guessed"]
        )
        return [entity for entity in tries if entity]
    tries = (_attempt(kind, cleaned) for kind in table("names")["kinds"])
    return [entity for entity in tries if entity]


def _explicit(text: str) -> Entity | None:
    kind, mark, value = text.partition(":")
    if not mark or value.startswith("//"):
        return None
    named = kind.strip().lower()
    if named in vocabulary().kinds:
        return parse(named, value)
    if named in platforms.by_name():
        return _attempt("user-account", text)
    tries = (_attempt(name, text) for name in ("crypto-address", "payment-handle", "file"))
    return next((entity for entity in tries if entity), None)
