"""What each MISP attribute type holds.

Source: MISP core format (https://www.misp-standard.org/rfc/misp-standard-core.html), describeTypes.json.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.collect.formats import meanings, words
from chokepoint.collect.taking import take

if TYPE_CHECKING:
    from chokepoint.collect.base import Rejected
    from chokepoint.model.identity import Entity

IP_TYPES = frozenset({"ip-src", "ip-dst", "ip", "ip-any"})
KINDS = meanings("misp-types")
ACCOUNTS = meanings("misp-accounts")
DIGESTS = frozenset(words("misp-digests"))
NOTES = meanings("misp-notes")
CONTEXT_ONLY = frozenset(
    {"target-email", "target-user", "target-machine", "target-org", "target-location", "target-external"}
)


_WHOLE = {"malware-sample": "filename|md5"}


def whole_type(sort: str) -> str:
    """A type under the name that tells its parts: a malware sample is a file's name and its MD5."""
    return _WHOLE.get(sort, sort)


def identifier(sort: str, value: str, place: str) -> Entity | Rejected | None:
    """The identifier in a value of a simple type; None for types that hold none of the vocabulary."""
    if sort in IP_TYPES:
        return take("ipv6-addr" if value.count(":") > 1 else "ipv4-addr", value, place)
    if sort in DIGESTS:
        return take("file", f"{sort}:{value}", place)
    platform = ACCOUNTS.get(sort) or (sort.removesuffix("-username") if sort.endswith("-username") else "")
    if platform:
        return take("user-account", f"{platform}:{value}", place)
    kind = KINDS.get(sort)
    if kind is None:
        return None
    if kind == "domain-name" and value.lower().rstrip(".").endswith(".onion"):
        kind = "onion-service"
    return take(kind, value, place)


def parts(sort: str, value: str) -> list[tuple[str, str]]:
    """A value with its type; composite types such as `filename|sha256` or `ip-dst|port` as their parts."""
    if "|" not in sort:
        return [(sort, value)]
    sorts = sort.split("|")
    if sorts[0] == "filename":
        name, _, digest = value.rpartition("|")
        return [(sorts[0], name), (sorts[1], digest)]
    return list(zip(sorts, value.split("|"), strict=False))
