"""Cyber-observable objects and pattern paths → identifiers of the vocabulary.

Source: STIX 2.1 §6 (cyber-observable objects); `cryptocurrency-wallet`, `phone-number` and `bank-account`
as in the OASIS common object repository and in MISP's and OpenCTI's exports.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Rejected, Sentences
from chokepoint.collect.formats import meanings
from chokepoint.collect.taking import records, take, take_any, text_of, texts
from chokepoint.values.platforms import by_name
from chokepoint.values.registry import detect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chokepoint.collect.stix2.patterns import Comparison
    from chokepoint.model.claim import Claim
    from chokepoint.model.identity import Entity

VALUES = meanings("stix-values")
"""Object types and the kinds of their values; the last six are what other atlases publish."""
_VALUE_KEYS = ("value", "address", "iban", "number", "account_number", "card_number", "wallet_address")
DIGESTS = meanings("stix-digests")
_schemed = re.compile(
    r"(?:tcp|udp|file|ws|wss|ssh|smb|rtmp|ldap|sftp|stratum\+tcp)://([^/@:\\?#\s]{3,253})"
).match
SORTS = frozenset(VALUES) | {
    "file",
    "artifact",
    "x509-certificate",
    "user-account",
    "autonomous-system",
    "network-traffic",
    "email-message",
    "directory",
    "mutex",
    "process",
    "software",
    "windows-registry-key",
}


def bare_sort(sort: str) -> str:
    """An object type without the prefixes that custom types carry (`x-`, `x-opencti-`, `x-misp-`)."""
    for prefix in ("x-opencti-", "x-misp-", "x-"):
        if sort.startswith(prefix):
            return sort[len(prefix) :]
    return sort


def is_observable(thing: dict[str, Any]) -> bool:
    """Whether an object is observable: by its type, or as a custom one whose value is an identifier."""
    sort = text_of(thing.get("type"))
    return bare_sort(sort) in SORTS or (
        sort.startswith("x-") and detect(text_of(thing.get("value"))) is not None
    )


_LOGINS = frozenset({"account_login", "user_id", "display_name"})


def accounts(tests: Sequence[Comparison]) -> tuple[Sequence[Comparison], str]:
    """A pattern's comparisons without the one that names the platform of its accounts, and that platform.

    Only where a pattern names one platform, and an account: of several it does not say whose is whose.
    """
    ours = [test for test in tests if bare_sort(test.sort) == "user-account" and test.positive]
    platforms = {value for test in ours if test.path == "account_type" for value in test.values}
    if len(platforms) != 1 or not any(test.path in _LOGINS for test in ours):
        return tests, ""
    kept = [test for test in tests if test not in ours or test.path != "account_type"]
    return kept, platforms.pop()


def from_pattern(sort: str, path: str, value: str, *, platform: str = "") -> Entity | Rejected | None:
    """The identifier that a comparison of a pattern names; None where the vocabulary has no kind for it.

    Args:
        sort: type of the object.
        path: to the property.
        value: that it is compared with.
        platform: on which the pattern's accounts are.
    """
    bare, last = bare_sort(sort), path.rsplit(".", 1)[-1]
    if "hashes." in f"{path}.":
        return _digest(last, value, bare)
    if bare == "user-account" and last in _LOGINS:
        named_by = value if _platform_of(value) else f"{platform}:{value}"
        return take("user-account", named_by, "") if platform or _platform_of(value) else None
    if bare in {"network-traffic", "email-message", "domain-name"} and "." in path and last == "value":
        return take_any(value, "")
    if bare == "autonomous-system" and last == "number":
        return take("autonomous-system", value, "")
    if bare in VALUES and last in _VALUE_KEYS:
        found = _valued(bare, value, "")
        return (_host_of(value) or found) if bare == "url" and isinstance(found, Rejected) else found
    return take_any(value, "") if sort.startswith("x-") and last == "value" else None


def _host_of(value: str) -> Entity | None:
    """The host in an address of a scheme that the vocabulary's URLs do not have (`tcp://1.2.3.4:443`)."""
    found = _schemed(value)
    return detect(found[1]) if found else None


def _digest(name: str, value: str, sort: str) -> Entity | Rejected:
    algorithm = DIGESTS.get(name.strip("'\"").upper(), name.strip("'\"").lower())
    if sort == "x509-certificate":
        return take("x509-certificate", value, "")
    return take("file", f"{algorithm}:{value}", "")


def _valued(sort: str, value: str, place: str) -> Entity | Rejected:
    kind = VALUES[sort]
    if kind == "domain-name" and value.lower().rstrip(".").endswith(".onion"):
        kind = "onion-service"
    return take(kind, value, place)


def identifiers(thing: dict[str, Any], place: str) -> list[Entity | Rejected]:
    """The identifiers that an observable object stands for, the strongest digest of a file last to first."""
    sort = bare_sort(text_of(thing.get("type")))
    if sort in {"file", "artifact", "x509-certificate"}:
        hashes = thing.get("hashes")
        pairs = hashes.items() if isinstance(hashes, dict) else ()
        return [
            _placed(_digest(name, text_of(value), sort), f"{place}/hashes/{name}") for name, value in pairs
        ]
    if sort == "user-account":
        return _account(thing, place)
    if sort == "autonomous-system":
        return [take("autonomous-system", text_of(thing.get("number")), f"{place}/number")]
    if sort in VALUES:
        for key in _VALUE_KEYS:
            if text_of(thing.get(key)):
                return [_placed(_valued(sort, text_of(thing[key]), ""), f"{place}/{key}")]
    custom = None if sort in SORTS else detect(text_of(thing.get("value")))
    return [custom] if custom else []


def _account(thing: dict[str, Any], place: str) -> list[Entity | Rejected]:
    platform = text_of(thing.get("account_type"))
    handle = (
        text_of(thing.get("account_login"))
        or text_of(thing.get("user_id"))
        or text_of(thing.get("display_name"))
    )
    if not platform:
        platform = _platform_of(text_of(thing.get("user_id")))
        handle = handle.removeprefix(f"{platform}:")
    if not platform or not handle:
        return []
    return [take("user-account", f"{platform}:{handle}", f"{place}/account_login")]


def _platform_of(user_id: str) -> str:
    """The platform that a `user_id` as atlases publish it begins with (`telegram:evil_bot`), or empty."""
    head = user_id.partition(":")[0]
    return head if head in by_name() else ""


def _placed(found: Entity | Rejected, place: str) -> Entity | Rejected:
    return Rejected(place, found.reason) if isinstance(found, Rejected) else found


_TOWARDS = {"resolves_to_refs": "resolves-to", "belongs_to_refs": "part-of", "belongs_to_ref": "related-to"}
_ADDRESSES = frozenset({"ipv4-addr", "ipv6-addr"})


def facts(say: Sentences, thing: dict[str, Any], known: dict[str, list[Entity]]) -> Iterator[Claim]:
    """What an observable says of itself: digests of one file, its name, and where its references lead."""
    mine = known.get(text_of(thing.get("id")), [])
    for other in mine[1:]:
        if mine[0].kind == other.kind == "file":
            yield say.say(mine[0], "same-file", other)
    name = text_of(thing.get("name")) or text_of(thing.get("display_name"))
    if mine and name:
        yield say.say(mine[0], "name", name)
    for one, link, other in _led(mine, thing, known):
        if one != other:
            yield say.say(one, link, other)


def _led(
    mine: list[Entity], thing: dict[str, Any], known: dict[str, list[Entity]]
) -> Iterator[tuple[Entity, str, Entity]]:
    """Where the references of an observable lead from it, or from the one to the other."""
    for key, link in _TOWARDS.items():
        for other in _named(thing, key, known):
            right = link != "resolves-to" or other.kind in _ADDRESSES
            for one in mine:
                yield one, link if right else "related-to", other
    for source in _named(thing, "src_ref", known):
        for target in _named(thing, "dst_ref", known):
            yield source, "communicates-with", target


def _named(thing: dict[str, Any], key: str, known: dict[str, list[Entity]]) -> list[Entity]:
    return [one for name in texts(thing.get(key)) for one in known.get(name, [])] if key in thing else []


def old_style(observed: dict[str, Any], place: str) -> list[tuple[str, dict[str, Any]]]:
    """The observables inside a STIX 2.0 observed-data object with their places and ids of their own."""
    inside = observed.get("objects")
    if not isinstance(inside, dict):
        return []
    owner = text_of(observed.get("id"))
    found = []
    for key, thing in inside.items():
        for content in records(thing):
            references = {
                name: [f"{owner}#{number}" for number in texts(value)]
                for name, value in content.items()
                if name.endswith("_refs")
            }
            single = {
                name: f"{owner}#{text_of(value)}" for name, value in content.items() if name.endswith("_ref")
            }
            whole = {**content, **references, **single, "id": f"{owner}#{key}"}
            found.append((f"{place}/objects/{key}", whole))
    return found
