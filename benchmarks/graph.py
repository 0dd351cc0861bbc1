"""Snapshot and path on a synthetic atlas of 1.2 million claims with heavy hubs.

Run: python benchmarks/graph.py [claims]
Measured: seconds to build the snapshot cold, to load it from a cache folder, and milliseconds a path
query between random connected nodes (median, p95, worst).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from chokepoint.graph.columns import UNKNOWN, LinkRows, Listing, NodeRows, Rows, SameRows, VoteRows
from chokepoint.graph.path import search
from chokepoint.graph.snapshot import Snapshot, build
from chokepoint.vet.standing import judge

KINDS = ("domain-name", "ipv4-addr", "crypto-address", "email-addr", "campaign", "malware", "known-list")
PROPERTIES = ("indicates", "resolves-to", "requests-payment-to", "contact", "listed-on")


def rows(claims: int, seed: int = 1) -> Rows:
    """A heavy-tailed graph: things drawn by a Zipf law, so that the largest has about 50,000 links."""
    random = np.random.default_rng(seed)
    nodes = int(claims * 0.85)
    things = nodes // 100
    kind = random.choice(4, nodes, p=[0.6, 0.2, 0.15, 0.05]).astype(np.int16)
    kind[:things] = random.choice([4, 5], things)
    kind[:3] = 6
    weight = 1.0 / np.arange(1, things + 1) ** 0.75
    hubs = random.choice(things, claims, p=weight / weight.sum())
    local = random.integers(things, nodes, claims)
    subject = random.integers(things, nodes, claims)
    thing = np.where(random.random(claims) < 0.65, hubs, local)
    prop = np.where(thing < 3, 4, random.integers(0, 4, claims)).astype(np.int16)
    start = random.integers(15_000, 19_500, claims).astype(np.int32)
    links = LinkRows(
        seq=np.arange(1, claims + 1), subject=subject + 1, object=thing + 1, property=prop,
        origin=random.integers(0, 200, claims).astype(np.int32),
        reliability=random.integers(0, 6, claims).astype(np.int8),
        credibility=random.integers(1, 7, claims).astype(np.int8),
        owner=np.zeros(claims, np.int32), start=np.where(random.random(claims) < 0.4, UNKNOWN, start),
        end=np.where(random.random(claims) < 0.4, UNKNOWN, start + 1),
        assessment=np.zeros(claims, np.bool_), property_names=PROPERTIES,
    )  # fmt: skip
    voted = random.integers(1, claims, 20_000)
    pairs = random.integers(4, things, (2, 2_000)) + 1
    return Rows(
        links=links,
        votes=VoteRows(
            claim=voted, organisation=random.integers(1, 6, len(voted)).astype(np.int32),
            vote=random.choice([1, 1, 1, 0, -1], len(voted)).astype(np.int8),
            simulated=random.random(len(voted)) < 0.5,
        ),
        nodes=NodeRows(eid=np.arange(1, nodes + 1), kind=kind, value=[], kind_names=KINDS),
        same=SameRows(
            left=pairs[0], right=pairs[1], sameness=np.ones(2_000, np.int8),
            organisation=np.zeros(2_000, np.int32), belief=np.full(2_000, 0.9, np.float32),
            reason=["alias"] * 2_000,
        ),
        listing=Listing(
            flags=(random.random(nodes) < 0.01).astype(np.uint32), categories=(("parking", "parked"),)
        ),
    )  # fmt: skip


def reload(snapshot: Snapshot) -> tuple[Snapshot, float]:
    """The snapshot memory-mapped from a folder, and the seconds that took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key, array in snapshot.to_arrays().items():
            np.save(folder / f"{key}.npy", array)
        begin = time.perf_counter()
        loaded = Snapshot.from_arrays({p.stem: np.load(p, mmap_mode="r") for p in folder.glob("*.npy")})
        return loaded, time.perf_counter() - begin


def main() -> None:
    """Print the table."""
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 1_200_000
    given = rows(claims)
    begin = time.perf_counter()
    snapshot = build(given, judge=judge, joining={"listed-on": False})
    print(f"build cold         {time.perf_counter() - begin:8.2f} s")
    snapshot, seconds = reload(snapshot)
    print(f"load               {seconds * 1000:8.1f} ms")
    print(
        f"nodes {snapshot.size}, statements {len(snapshot.subject)}, largest degree {snapshot.degree.max()}"
    )
    random = np.random.default_rng(2)
    live = np.flatnonzero(snapshot.degree)
    took, found, cut, hops = [], 0, 0, []
    for _ in range(300):
        one, two = random.choice(live, 2, replace=False)
        begin = time.perf_counter()
        answer = search(snapshot, [int(one)], [int(two)])
        took.append((time.perf_counter() - begin) * 1000)
        found += bool(answer.paths)
        cut += not answer.complete
        hops += [len(path.hops) for path in answer.paths[:1]]
    p50, p95 = np.percentile(took, [50, 95])
    print(f"path               {p50:8.1f} ms median, {p95:.1f} ms p95, {max(took):.1f} ms worst")
    print(f"{found} of 300 pairs connected, {np.mean(hops):.1f} hops on average, {cut} cut by the budget")


if __name__ == "__main__":
    main()
