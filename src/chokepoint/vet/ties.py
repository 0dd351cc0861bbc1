"""Ties between organisations: who is one with whom, who owns what was published, who draws on what.

Three ties bear on vetting. A *family* (parents, siblings, subsidiaries, other spellings) is one
organisation. An *owner* of an origin, with its family, vets nothing that the origin published. Members that
rely on one upstream *feed* count as one with each other and with the feed, and so do their families; who
relies on a member relies on what that one's family publishes and relies on itself. To these, which profiles
declare, come those that are measured: a *ring* is held to be a family, and *close* pairs to be one voice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.model.member import Sector
from chokepoint.values.company import company_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from chokepoint.model.member import Member

SECTORS = tuple(Sector)
EXACT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Ties among organisations numbered 0 to N − 1 and origins.

    Attributes:
        family: int64 (N,), equal for organisations that are one.
        sector: int8 (N,), index into `SECTORS`, -1 unknown.
        feed: bool (N, N), whether two rely on a common feed or one on the other; 0 × 0 where none do.
        owners: families that own an origin, by the origin's number.
        relying: organisations that rely on an origin, straight or through members, by its number.
        close: (voter, contributor) pairs that meet too often for lottery: together one voice on what that
            contributor says.
    """

    family: NDArray[np.int64]
    sector: NDArray[np.int8]
    feed: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    owners: Mapping[int, frozenset[int]] = field(default_factory=dict)
    relying: Mapping[int, frozenset[int]] = field(default_factory=dict)
    close: frozenset[tuple[int, int]] = frozenset()

    def tied(self, one: int, other: int) -> bool:
        """Whether two organisations count as one."""
        if self.family[one] == self.family[other]:
            return True
        return bool(self.feed.size) and bool(self.feed[one, other])


def untied(size: int) -> Ties:
    """Every organisation on its own, numbered below `size`."""
    return Ties(family=np.arange(size, dtype=np.int64), sector=np.full(size, -1, np.int8))


def measured(ties: Ties, rings: Iterable[Sequence[int]], close: Iterable[tuple[int, int]]) -> Ties:
    """These ties and those that votes tell of: each ring a family, each close pair one voice."""
    family = ties.family.copy()
    for ring in rings:
        joined = np.isin(family, family[list(ring)])
        family[joined] = family[joined].min()
    owners = {origin: frozenset(int(family[one]) for one in group) for origin, group in ties.owners.items()}
    return replace(ties, family=family, owners=owners, close=ties.close | frozenset(close))


def ties_of(members: Mapping[int, Member], origins: Mapping[int, str]) -> Ties:
    """The ties that profiles declare.

    Args:
        members: by organisation number.
        origins: names of origins by number.
    """
    size = max(members, default=-1) + 1
    family = _families(members, size)
    owners: dict[str, set[int]] = {}
    for number, member in members.items():
        for name in (member.name, *member.origins, *member.parents):
            owners.setdefault(company_key(name), set()).add(int(family[number]))
    relying, groups = _relying(members, family, owners)
    keys = {number: company_key(name) for number, name in origins.items()}
    return Ties(
        family=family,
        sector=_sectors(members, size),
        feed=_common(groups, size),
        owners={number: frozenset(owners[key]) for number, key in keys.items() if key in owners},
        relying={number: frozenset(relying[key]) for number, key in keys.items() if key in relying},
    )


def _relying(
    members: Mapping[int, Member], family: NDArray[np.int64], owners: Mapping[str, set[int]]
) -> tuple[dict[str, set[int]], list[tuple[set[int], set[int]]]]:
    """Who relies on each feed, itself or through a member that it relies on; of each, they and its owners."""
    feeds, houses = dict[int, set[str]](), dict[int, set[int]]()
    for number, member in members.items():
        house = int(family[number])
        houses.setdefault(house, set()).add(number)
        if member.feeds:
            feeds.setdefault(house, set()).update(map(company_key, member.feeds))
    published: dict[int, set[str]] = {}
    for name in owners if feeds else ():
        for house in owners[name]:
            published.setdefault(house, set()).add(name)
    relying: dict[str, set[int]] = {}
    for house in feeds:
        for name in _upstream(house, feeds, owners, published):
            relying.setdefault(name, set()).update(houses[house])
    own = {name: set[int]().union(*(houses[one] for one in owners.get(name, ()))) for name in relying}
    return relying, [(relying[name], own[name]) for name in relying]


def _upstream(
    house: int,
    feeds: Mapping[int, set[str]],
    owners: Mapping[str, set[int]],
    published: Mapping[int, set[str]],
) -> set[str]:
    """All that a family relies on, directly or through members, but for what it publishes itself."""
    found, ahead, met = set[str](), list(feeds[house]), {house}
    while ahead:
        name = ahead.pop()
        if name in found:
            continue
        found.add(name)
        for other in owners.get(name, set()) - met:
            met.add(other)
            ahead += [*published[other], *feeds.get(other, ())]
    return found - published.get(house, set())


def _families(members: Mapping[int, Member], size: int) -> NDArray[np.int64]:
    head: dict[str, str] = {}

    def find(key: str) -> str:
        while head.setdefault(key, key) != key:
            key = head[key]
        return key

    for member in members.values():
        for parent in member.parents:
            head[find(company_key(parent))] = find(company_key(member.name))
    labels: dict[str, int] = {}
    family = np.arange(size, dtype=np.int64)
    for number in sorted(members):
        family[number] = labels.setdefault(find(company_key(members[number].name)), number)
    return family


def _sectors(members: Mapping[int, Member], size: int) -> NDArray[np.int8]:
    sector = np.full(size, -1, np.int8)
    for number, member in members.items():
        if member.sector is not None:
            sector[number] = SECTORS.index(member.sector)
    return sector


def _common(groups: Iterable[tuple[set[int], set[int]]], size: int) -> NDArray[np.bool_]:
    """Which two rely on one feed, or one on the other, by who relies on each feed and who owns it."""
    shared = [(sorted(group), sorted(own)) for group, own in groups if len(group | own) > 1]
    if not shared:
        return np.zeros((0, 0), np.bool_)
    feed = np.zeros((size, size), np.bool_)
    for group, own in shared:
        for one, other in ((group, group), (group, own), (own, group)):
            feed[np.ix_(one, other)] = True
    return feed


def independent(voters: tuple[int, ...], ties: Ties) -> frozenset[int]:
    """The most voters of whom no two are tied.

    Adding a voter never makes the number smaller. Exact up to `EXACT` voters that are tied; beyond that
    greedy, which counts too few rather than too many.
    """
    near = {one: frozenset(o for o in voters if o != one and ties.tied(one, o)) for one in voters}
    loose = frozenset(one for one in voters if not near[one])
    bound = tuple(sorted(set(voters) - loose, key=lambda one: (len(near[one]), one)))
    if len(bound) > EXACT:
        return loose | _greedy(bound, near)
    return loose | _exact(bound, near)


def _greedy(bound: tuple[int, ...], near: Mapping[int, frozenset[int]]) -> frozenset[int]:
    chosen: set[int] = set()
    for one in bound:
        if not near[one] & chosen:
            chosen.add(one)
    return frozenset(chosen)


def _exact(bound: tuple[int, ...], near: Mapping[int, frozenset[int]]) -> frozenset[int]:
    if not bound:
        return frozenset()
    first, rest = bound[0], bound[1:]
    with_first = frozenset([first]) | _exact(tuple(one for one in rest if one not in near[first]), near)
    without = _exact(rest, near)
    return with_first if len(with_first) >= len(without) else without
