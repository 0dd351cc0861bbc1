"""From claims to statements: distinct (subject, property, object), each with its claims and interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chokepoint.graph.columns import UNKNOWN, Bools, Ints, LinkRows, Longs, NodeRows, Shorts


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """S statements over N nodes and their C claims, ordered by (subject, object, property).

    Attributes:
        subject, object: int32 (S,), node indices.
        property: int16 (S,).
        pointer: int64 (S + 1,); the claims of statement s are `order[pointer[s]:pointer[s + 1]]`.
        order: int64 (C,), rows of `LinkRows` by statement, ascending inside one.
        of_claim: int64 (C,), the statement of each entry of `order`.
        origins: int32 (S,), number of distinct root publishers.
        first, last: int32 (S,), hull of the known days, half-open, `UNKNOWN` where none is known.
        assessment: bool (S,), whether no claim states it as a fact.
    """

    subject: Ints
    object: Ints
    property: Shorts
    pointer: Longs
    order: Longs
    of_claim: Longs
    origins: Ints
    first: Ints
    last: Ints
    assessment: Bools


def places(eid: Longs, wanted: Longs) -> Longs:
    """Index of each wanted entity number among the ascending `eid`, int64, -1 where it is absent."""
    if not len(eid):
        return np.full(len(wanted), -1, np.int64)
    if int(eid[-1]) <= 8 * len(eid) + 1024 and int(eid[0]) >= 0:
        table = np.full(int(eid[-1]) + 2, -1, np.int64)
        table[eid] = np.arange(len(eid))
        return table[np.where((wanted < 0) | (wanted > eid[-1]), len(table) - 1, wanted)]
    at = np.minimum(np.searchsorted(eid, wanted), len(eid) - 1)
    return np.where(eid[at] == wanted, at, -1)


def group(links: LinkRows, nodes: NodeRows) -> Statements:
    """Group claims by what they say; links with an end outside `nodes` are left out."""
    size, names = max(len(nodes.eid), 1), len(links.property_names) or 1
    subject, thing = places(nodes.eid, links.subject), places(nodes.eid, links.object)
    rows = np.flatnonzero((subject >= 0) & (thing >= 0))
    key = (subject[rows] * size + thing[rows]) * names + links.property[rows]
    order = np.argsort(key, kind="stable")
    key = key[order]
    fresh = np.ones(len(key), np.bool_)
    fresh[1:] = key[1:] != key[:-1]
    start = np.flatnonzero(fresh)
    of_claim = np.cumsum(fresh) - 1
    order = rows[order]
    pair = key[start] // names
    return Statements(
        subject=(pair // size).astype(np.int32),
        object=(pair % size).astype(np.int32),
        property=(key[start] % names).astype(np.int16),
        pointer=np.append(start, len(key)).astype(np.int64),
        order=order,
        of_claim=of_claim,
        origins=publishers(of_claim, links.origin[order], len(start)),
        first=hull(links.start[order], start, latest=False),
        last=hull(links.end[order], start, latest=True),
        assessment=np.logical_and.reduceat(links.assessment[order], start) if len(start) else fresh,
    )


def publishers(of_claim: Longs, origin: Ints, count: int) -> Ints:
    """How many distinct root publishers each of `count` statements has, int32."""
    if not count:
        return np.zeros(0, np.int32)
    span = int(origin.max()) + 1
    pairs = np.sort(of_claim * span + origin)
    fresh = np.ones(len(pairs), np.bool_)
    fresh[1:] = pairs[1:] != pairs[:-1]
    return np.bincount(pairs[fresh] // span, minlength=count).astype(np.int32)


def hull(days: Ints, start: Longs, *, latest: bool) -> Ints:
    """Latest or earliest known day of each group, which begin at `start`; UNKNOWN is the least number."""
    if not len(start):
        return np.zeros(0, np.int32)
    if latest:
        return np.maximum.reduceat(days, start).astype(np.int32)
    far = np.iinfo(np.int32).max
    earliest = np.minimum.reduceat(np.where(days == UNKNOWN, far, days), start)
    return np.where(earliest == far, UNKNOWN, earliest).astype(np.int32)
