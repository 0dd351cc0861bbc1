"""Known-good and shared infrastructure: what a published list says of a thing, and what follows.

A category never joins two things to one operator. Whether it may be struck is another question:
an address of a hosting range may be a criminal's own machine, a public resolver never is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from chokepoint.link.ranges import Ranges, ipv4_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Masks = NDArray[np.uint32]

SHARED = "shared-infrastructure"
KNOWN_GOOD = "known-good"
ADDRESSES = frozenset({"ipv4-addr", "ipv6-addr"})
HOSTS = frozenset({"domain-name", "onion-service"})


class Category(NamedTuple):
    """A kind of known-good or shared thing.

    Attributes:
        name: of the category.
        code: of the warning on a path through it.
        warning: the sentence of that warning.
        words: parts of list names that tell the category; the first category with a match has the list.
        below: whether hosts below a listed host are meant as well. Not so where each host below
            belongs to another customer (`evil.blogspot.com` is not `blogspot.com`).
        may_be_target: whether a thing of the category may be acted on at all.
        joins: whether sharing it ties two things to one operator; always false.
    """

    name: str
    code: str
    warning: str
    words: tuple[str, ...]
    below: bool = False
    may_be_target: bool = False
    joins: bool = False


CATEGORIES = (
    Category(
        "parking-name-server", "parking",
        "a name server of a parking service for unused domains; what shares it has no common operator",
        ("parking domains name server", "parking domain ns", "parking name server"), below=True,
    ),
    Category(
        "parking", "parking",
        "parking for unused domains: what shares it has no common operator; it joins nothing",
        ("parking", "parked"), below=True,
    ),
    Category(
        "sinkhole", "sinkhole",
        "a sinkhole run by defenders: what points there was taken from its operators; it joins nothing",
        ("sinkhole",), below=True,
    ),
    Category(
        "disposable-email", SHARED,
        "a disposable mail service that anybody may use; it joins nothing",
        ("disposable", "temporary mail", "throwaway"), below=True,
    ),
    Category(
        "url-shortener", SHARED,
        "a URL shortener that anybody may use; it joins nothing",
        ("shortener",),
    ),
    Category(
        "dynamic-dns", SHARED,
        "a dynamic DNS service whose hosts belong to different customers; it joins nothing",
        ("dynamic dns", "dyndns", "ddns"),
    ),
    Category(
        "free-hosting", SHARED,
        "a hosting or file-sharing site that anybody may use; it joins nothing",
        ("trusted sites", "lots project", "free hosting", "living off"),
    ),
    Category(
        "link-in-bio", SHARED,
        "a link page service that anybody may use; it joins nothing",
        ("link in bio",),
    ),
    Category(
        "public-dns", SHARED,
        "a public DNS resolver; it joins nothing",
        ("public dns", "dns resolver", "open resolver"),
    ),
    Category(
        "lookup-service", SHARED,
        "a service that tells a computer its own address, used by friend and foe; it joins nothing",
        ("external ip", "whats my ip", "what s my ip"), below=True,
    ),
    Category(
        "vpn", SHARED,
        "a range of a VPN provider or data centre with many customers; it joins nothing",
        ("vpn", "tor exit", "tor node", "proxy"), may_be_target=True,
    ),
    Category(
        "reserved", KNOWN_GOOD,
        "a reserved or registry name or range that belongs to nobody in particular; it joins nothing",
        ("rfc", "reserved", "special use", "tlds", "top level domain", "bogon"),
    ),
    Category(
        "hash-false-positive", KNOWN_GOOD,
        "a hash of an empty or common harmless file; it joins nothing",
        ("hash", "empty file"),
    ),
    Category(
        "bank", KNOWN_GOOD,
        "a bank's own site, more likely imitated than guilty; it joins nothing",
        ("bank",), below=True,
    ),
    Category(
        "university", KNOWN_GOOD,
        "a university's own site; it joins nothing",
        ("universit", "academic"), below=True,
    ),
    Category(
        "security-vendor", KNOWN_GOOD,
        "a site of a security company, which reports on crime; it joins nothing",
        ("security provider", "security vendor", "malware analysis", "sandbox", "blog domain"), below=True,
    ),
    Category(
        "popular-site", SHARED,
        "one of the most visited sites, used by everybody; it joins nothing",
        ("alexa", "umbrella", "majestic", "tranco", "most used", "top 1", "popular", "websites"),
    ),
    Category(
        "cloud", SHARED,
        "of a cloud or delivery network with many customers; it joins nothing",
        (
            "amazon", "aws", "cloudflare", "akamai", "fastly", "azure", "microsoft", "google", "github",
            "telegram", "office 365", "cdn", "cloud", "ip address ranges",
        ), below=True,
    ),
    Category(
        "fictional", KNOWN_GOOD,
        "a number set aside for fiction; it belongs to nobody",
        ("phone number",),
    ),
    Category(
        "custodial", SHARED,
        "a wallet of an exchange or service with many customers; it joins nothing",
        (),
    ),
    Category(
        "listed", KNOWN_GOOD,
        "on a list of things known to be good; it joins nothing",
        ("",), below=True,
    ),
)  # fmt: skip
"""In the order in which list names are tried; bit i of a node's flags stands for `CATEGORIES[i]`."""

_BIT = {category.name: np.uint32(1 << number) for number, category in enumerate(CATEGORIES)}


CUSTODIAL = _BIT["custodial"]
"""Of wallets that an exchange or service holds for many customers: no list says so, claims do."""

_NAME_SERVER = int(_BIT["parking-name-server"])
_serves_names = re.compile(r"[a-z0-9-]{0,20}(?:ns|dns)[a-z]?\d{0,4}(?:-\d{1,4})?\.").match


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A known-good list as published.

    Attributes:
        name: of the list, in any case.
        entries: hosts (a leading dot is allowed), addresses, CIDR ranges, hashes; others match exactly.
        match: how the list says it matches (`hostname`, `cidr`, `string`, `substring`, `regex`), or
            empty. Regular expressions of strangers are not run.
    """

    name: str
    entries: Sequence[str]
    match: str = ""


class Nodes(Protocol):
    """Kinds and values of nodes."""

    @property
    def kind(self) -> NDArray[np.int16]:
        """Index into `kind_names`."""

    @property
    def value(self) -> list[str]:
        """Normal forms."""

    @property
    def kind_names(self) -> tuple[str, ...]:
        """Names of the vocabulary."""


def category(list_name: str) -> Category:
    """The category of a list, told from its name.

    >>> category("Parking domains").name, category("List of known Cloudflare IP ranges").name
    ('parking', 'cloud')
    """
    lowered = " ".join(list_name.lower().replace("-", " ").replace("_", " ").replace("'", " ").split())
    return next(one for one in CATEGORIES if any(word in lowered for word in one.words))


def speaks_of(one: Category, kind: str, value: str, listed: str) -> bool:
    """Whether a list of a category that holds `listed` speaks of a value that is it, or lies in or below it.

    >>> speaks_of(category("cdn"), "domain-name", "a.b.com", "b.com")
    True
    """
    if kind == "email-addr" and value != listed:
        return one.name == "disposable-email"
    if kind in HOSTS and one.name == "parking-name-server" and not _serves_names(value):
        return False
    return one.below or kind in ADDRESSES or value.removeprefix("www.") == listed or value == listed


def categories() -> tuple[tuple[str, str], ...]:
    """Warning code and sentence of each bit, as a snapshot takes them."""
    return tuple((one.code, one.warning) for one in CATEGORIES)


def names_of(flags: int) -> tuple[str, ...]:
    """Names of the categories in a node's flags."""
    return tuple(one.name for bit, one in enumerate(CATEGORIES) if flags & (1 << bit))


def match_known(nodes: Nodes, listed: Iterable[Listed], *, custodial: Sequence[int] = ()) -> Masks:
    """Which categories each node is of, uint32 (N,), bit i for `CATEGORIES[i]`.

    Hosts match exactly, with or without `www.`, and below a listed host where the category says so;
    addresses match exactly and by range; mail addresses by the host of a disposable service; all
    else exactly. Lists of parking name servers speak of name servers alone.

    Args:
        nodes: N nodes.
        listed: the lists.
        custodial: indices of wallets that an exchange or service holds for many customers.
    """
    flags = Known(listed).match(nodes)
    flags[list(custodial)] |= _BIT["custodial"]
    return flags


class Known:
    """Known-good lists, made ready to be asked about many things; see `match_known`."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self.exact: dict[str, int] = {}
        self.below: dict[str, int] = {}
        self.ranges = Ranges()
        for one in listed:
            if one.match != "regex":
                self._take(category(one.name), one.entries)
        self.ranges.close()

    def _take(self, kind: Category, entries: Sequence[str]) -> None:
        bit = int(_BIT[kind.name])
        for raw in entries:
            entry = raw.strip().lower()
            if self.ranges.add(entry, bit):
                continue
            host = entry.removeprefix(".").rstrip(".")
            if not host:
                continue
            self.exact[host] = self.exact.get(host, 0) | bit
            if kind.below:
                self.below[host] = self.below.get(host, 0) | bit

    def match(self, nodes: Nodes) -> Masks:
        """Which categories each node is of, uint32 (N,), bit i for `CATEGORIES[i]`."""
        flags = np.zeros(len(nodes.value), np.uint32)
        for number, kind in enumerate(nodes.kind_names):
            rows = np.flatnonzero(nodes.kind == number)
            values = [nodes.value[row] for row in rows.tolist()] if len(rows) else []
            if values:
                flags[rows] = self._flags(kind, values)
        return flags

    def _flags(self, kind: str, values: Sequence[str]) -> Masks:
        if kind in ADDRESSES:
            return self._addresses(kind, values)
        if kind in HOSTS:
            return np.fromiter(self._hosts(values), np.uint32, len(values))
        if kind == "email-addr":
            mail = int(_BIT["disposable-email"])
            hosts = self._hosts(value.rpartition("@")[2] for value in values)
            return np.fromiter((found & mail for found in hosts), np.uint32, len(values))
        return np.fromiter((self.exact.get(value.lower(), 0) for value in values), np.uint32, len(values))

    def _addresses(self, kind: str, values: Sequence[str]) -> Masks:
        if kind == "ipv4-addr":
            return self.ranges.match_v4(ipv4_numbers(values))
        return np.fromiter((self.ranges.match_v6(value) for value in values), np.uint32, len(values))

    def _hosts(self, hosts: Iterable[str]) -> Iterator[int]:
        """Flags of hosts: a million in half a second."""
        exact, below = self.exact.get, self.below.get
        for host in hosts:
            found = exact(host, 0)
            at = host.find(".")
            if at == 3 and host.startswith("www."):
                found |= exact(host[4:], 0)
            while (after := host.find(".", at + 1)) >= 0 <= at:
                found |= below(host[at + 1 :], 0)
                at = after
            if found & _NAME_SERVER and not _serves_names(host):
                found &= ~_NAME_SERVER
            yield found
