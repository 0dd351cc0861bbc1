"""Entities as STIX objects: cyber observables, domain objects, and observables of our own extension.

Kinds that STIX lacks (wallets, phone numbers, bank accounts ...) are new observables through an
extension-definition of type `new-sco`: the one form that stix2-validator accepts without error in strict
mode and that keeps the value machine-readable. An `x_` type is deprecated by STIX 2.1, and an indicator
would say that the value is malicious, which only some claims do. Type names are those that OpenCTI
uses, where it has one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chokepoint.package.stix.ids import object_id, observable_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.model.identity import Entity

IDENTIFIER_EXTENSION = object_id("extension-definition", "identifiers", "1.0.0")
NEW_OBSERVABLES = {
    "crypto-address": "cryptocurrency-wallet",
    "crypto-transaction": "cryptocurrency-transaction",
    "phone-number": "phone-number",
    "bank-account": "bank-account",
    "payment-card": "payment-card",
    "payment-handle": "payment-handle",
    "device": "device",
    "document": "identity-document",
    "tracking-id": "tracking-id",
    "asset": "asset",
}
ACCOUNT_TYPES = frozenset({"facebook", "ldap", "openid", "skype", "twitter", "unix"})
_HASHES = {32: "MD5", 40: "SHA-1", 64: "SHA-256", 128: "SHA-512"}
_OTHER_DIGESTS = frozenset({"imphash", "authentihash", "pehash", "vhash", "telfhash", "tlsh", "ssdeep"})
"""Digests of parts of a file, or of what files have in common, which are as long as a digest of the whole."""
_HEX = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-f])", re.IGNORECASE
)

Properties = dict[str, Any]


def entity_object(entity: Entity, name: str, created: str) -> Properties | None:
    """The STIX object of an entity, without markings; None where STIX has no place for the kind.

    Args:
        entity: kind and normal value.
        name: what a person may read for it: the value, or a pseudonym.
        created: STIX timestamp for domain objects.
    """
    if entity.kind in _OBSERVABLES:
        return _OBSERVABLES[entity.kind](entity.value)
    if entity.kind in NEW_OBSERVABLES:
        kind = NEW_OBSERVABLES[entity.kind]
        return {
            "type": kind,
            "spec_version": "2.1",
            "id": object_id(kind, entity.value),
            "value": entity.value,
            "extensions": {IDENTIFIER_EXTENSION: {"extension_type": "new-sco"}},
        }
    if entity.kind in _DOMAIN_OBJECTS:
        kind, more = _DOMAIN_OBJECTS[entity.kind]
        head = {"type": kind, "spec_version": "2.1", "id": object_id(kind, entity.kind, entity.value)}
        return {**head, "created": created, "modified": created, "name": name, **more}
    if entity.kind == "country" and re.fullmatch(r"[A-Za-z]{2}", entity.value):
        head = {"type": "location", "spec_version": "2.1", "id": object_id("location", entity.value.upper())}
        return {**head, "created": created, "modified": created, "country": entity.value.upper()}
    return None


def pattern(entity: Entity) -> str | None:
    """A STIX pattern that matches the identifier; None for what is not observable."""
    if entity.kind in NEW_OBSERVABLES:
        return f"[{NEW_OBSERVABLES[entity.kind]}:value = {_quoted(entity.value)}]"
    if entity.kind not in _OBSERVABLES:
        return None
    built = _OBSERVABLES[entity.kind](entity.value)
    kind = built["type"]
    if "hashes" in built:
        ((algorithm, value),) = built["hashes"].items()
        path = f"hashes.'{algorithm}'" if "-" in algorithm else f"hashes.{algorithm}"
        return f"[{kind}:{path} = {_quoted(value)}]"
    if kind == "autonomous-system":
        return f"[{kind}:number = {built['number']}]"
    key = next(key for key in ("value", "user_id", "serial_number", "name") if key in built)
    return f"[{kind}:{key} = {_quoted(built[key])}]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _observable(kind: str, contributing: Properties) -> Properties:
    return {"type": kind, "spec_version": "2.1", "id": observable_id(kind, contributing), **contributing}


def _value(kind: str) -> Callable[[str], Properties]:
    return lambda value: _observable(kind, {"value": value})


def _hashed(kind: str, otherwise: str) -> Callable[[str], Properties]:
    def build(value: str) -> Properties:
        found = _HEX.search(value)
        if found and value.partition(":")[0] not in _OTHER_DIGESTS:
            return _observable(kind, {"hashes": {_HASHES[len(found[0])]: found[0].lower()}})
        return _observable(kind, {otherwise: value})

    return build


def _system(value: str) -> Properties:
    digits = re.sub(r"\D", "", value)[:10]
    return _observable("autonomous-system", {"number": int(digits or "0")})


def _account(value: str) -> Properties:
    platform, mark, handle = value.partition(":")
    properties: Properties = {"user_id": value}
    if mark and handle:
        properties["account_login"] = handle
        if platform.lower() in ACCOUNT_TYPES:
            properties["account_type"] = platform.lower()
    return _observable("user-account", properties)


_OBSERVABLES: dict[str, Callable[[str], Properties]] = {
    "domain-name": _value("domain-name"),
    "onion-service": _value("domain-name"),
    "url": _value("url"),
    "ipv4-addr": _value("ipv4-addr"),
    "ipv6-addr": _value("ipv6-addr"),
    "email-addr": _value("email-addr"),
    "autonomous-system": _system,
    "user-account": _account,
    "file": _hashed("file", "name"),
    "x509-certificate": _hashed("x509-certificate", "serial_number"),
}

# A place needs coordinates or a country to be a STIX location; without them it is infrastructure.
_DOMAIN_OBJECTS: dict[str, tuple[str, Properties]] = {
    "person": ("identity", {"identity_class": "individual"}),
    "persona": ("identity", {"identity_class": "individual"}),
    "organisation": ("identity", {"identity_class": "organization"}),
    "group": ("intrusion-set", {}),
    "campaign": ("campaign", {}),
    "malware": ("malware", {"is_family": True}),
    "tool": ("tool", {}),
    "service": ("infrastructure", {}),
    "site": ("infrastructure", {}),
    "event": ("incident", {}),
}
