"""Known-good and shared infrastructure: what it means that a list holds a node.

A list says that a thing is shared, parked or legitimate; it never says that it is criminal, and nothing
that it holds ties two things to one operator (DESIGN §6).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Masks = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One meaning of known-good lists.

    Attributes:
        code: for programs; also the code of the warning on a path.
        words: a list whose name holds one of these is of the category, in lower case.
        sentence: what a path through such a node must say.
        target: whether such a node may be asked about at all; even then only by cooperation.
        below: whether a host below a listed one is meant too.
    """

    code: str
    words: tuple[str, ...]
    sentence: str
    target: bool = False
    below: bool = True


CATEGORIES: tuple[Category, ...] = (
    Category(
        code="parking",
        words=("parking",),
        sentence="a parking service: those parked together are unrelated, the link joins nothing",
    ),
    Category(code="sinkhole", words=("sinkhole",), sentence="a sinkhole run by defenders: the link joins nothing"),
    Category(
        code="reserved",
        words=("rfc 1918", "rfc 5735", "rfc 6598", "rfc 6761", "tlds as known"),
        sentence="a reserved or shared range: the link joins nothing",
        below=False,
    ),
    Category(
        code="cloud",
        words=("amazon", "cloudflare", "github", "google", "microsoft", "azure", "fastly", "akamai", "telegram ip"),
        sentence="a cloud or delivery network shared by many: the link joins nothing",
        target=True,
    ),
    Category(
        code="public-dns", words=("public dns",), sentence="a public resolver used by everybody: the link joins nothing"
    ),
    Category(
        code="dynamic-dns",
        words=("dynamic dns",),
        sentence="a dynamic DNS service: names below it belong to different people",
        target=True,
    ),
    Category(
        code="free-hosting",
        words=("lots", "link in bio", "free hosting"),
        sentence="a hosting service open to all: pages on it belong to different people",
        target=True,
    ),
    Category(
        code="url-shortener",
        words=("shortener",),
        sentence="a link shortener: links through it belong to different people",
        target=True,
        below=False,
    ),
    Category(
        code="disposable-email",
        words=("disposable",),
        sentence="a disposable mail service: boxes on it belong to different people",
        target=True,
    ),
    Category(code="vpn", words=("vpn",), sentence="a VPN or data-centre address shared by many: the link joins nothing"),
    Category(
        code="popular-site", words=("top ", "alexa", "tranco", "umbrella", "majestic"),
        sentence="among the most visited sites: being linked to it says nothing", below=False,
    ),  # fmt: skip
    Category(code="bank", words=("bank domain",), sentence="a bank's own site: impersonated, not criminal"),
    Category(code="university", words=("university",), sentence="a university's own site"),
    Category(
        code="security",
        words=("security", "malware analysis", "external ip"),
        sentence="a security or look-up service: being linked to it says nothing",
    ),
    Category(
        code="common-hash",
        words=("hashes", "empty file"),
        sentence="a file that everybody has: the link joins nothing",
        below=False,
    ),
    Category(
        code="known-good", words=(), sentence="on a known-good list: the link joins nothing", below=False
    ),
)

_PSL = ("second level tlds", "second-level-tlds", "tlds as known")


def category_of(list_name: str) -> int | None:
    """Number of the category that a list of this name belongs to; None for lists of mere suffixes."""
    name = list_name.lower()
    if any(word in name for word in _PSL):
        return None
    for number, category in enumerate(CATEGORIES[:-1]):
        if any(word in name for word in category.words):
            return number
    return len(CATEGORIES) - 1


def warnings() -> tuple[tuple[str, str], ...]:
    """Code and sentence of each category, in the order of the bits."""
    return tuple((category.code, category.sentence) for category in CATEGORIES)


def match_known(
    nodes: Sequence[tuple[str, str]], listed: Iterable[tuple[str, str, int]]
) -> Masks:
    """For each node the categories of the lists that hold it.

    Args:
        nodes: (kind, value), N of them.
        listed: (kind, value, category number); values of addresses may be networks.

    Returns:
        uint32 (N,), bit i set where a list of category i holds the node: exactly, as a host below a
        listed host where the category says so, or as an address within a listed network.
    """
    exact: dict[tuple[str, str], int] = {}
    below: dict[str, int] = {}
    networks: list[tuple[int, int, int, int]] = []
    for kind, value, category in listed:
        bit = 1 << category
        if kind in {"ipv4-addr", "ipv6-addr"} and "/" in value:
            network = ipaddress.ip_network(value, strict=False)
            networks.append((network.version, int(network[0]), int(network[-1]), bit))
        else:
            exact[kind, value] = exact.get((kind, value), 0) | bit
            if kind == "domain-name" and CATEGORIES[category].below:
                below[value] = below.get(value, 0) | bit
    flags = np.fromiter((exact.get((kind, value), 0) for kind, value in nodes), np.uint32, len(nodes))
    for at, (kind, value) in enumerate(nodes):
        if kind == "domain-name" and below:
            flags[at] |= _above(value, below)
    _within(nodes, networks, flags)
    return flags


def _above(host: str, below: dict[str, int]) -> int:
    bits = 0
    rest = host.partition(".")[2]
    while "." in rest:
        bits |= below.get(rest, 0)
        rest = rest.partition(".")[2]
    return bits


def _within(nodes: Sequence[tuple[str, str]], networks: list[tuple[int, int, int, int]], flags: Masks) -> None:
    for version, kind in ((4, "ipv4-addr"), (6, "ipv6-addr")):
        rows = [at for at, (name, value) in enumerate(nodes) if name == kind and "/" not in value]
        addresses = sorted((int(ipaddress.ip_address(nodes[at][1])), at) for at in rows)
        by_bit: dict[int, list[tuple[int, int]]] = {}
        for family, low, high, bit in networks:
            if family == version:
                by_bit.setdefault(bit, []).append((low, high))
        for bit, ranges in by_bit.items():
            for at in _covered(addresses, sorted(ranges)):
                flags[at] |= np.uint32(bit)


def _covered(addresses: list[tuple[int, int]], ranges: list[tuple[int, int]]) -> Iterable[int]:
    """Rows whose address lies in a range; both sorted ascending."""
    reach, following = -1, 0
    for address, at in addresses:
        while following < len(ranges) and ranges[following][0] <= address:
            reach = max(reach, ranges[following][1])
            following += 1
        if address <= reach:
            yield at
