"""Do choke points that are found today still hold tomorrow? Against what really happened next.

    python benchmarks/choke/backtest.py [--phases DIR] [--struck 3]

1. *Phases of real networks* (the networkdata collection: ties of five groups by period, from 1985 to after
   their attacks, `SERIES`; project Caviar is not among its files, see `caviar.py`). `struck` nodes are
   chosen on period t alone and taken out of period t + d. `left` is the largest component that remains
   there, as a share of the whole one; lower is better. `pairs` ranks by pairs parted
   (`choke.structural`); `adaptive` chooses anew after each removal; degree is the static baseline,
   random the mean of 100 draws.
2. *Half-life of ties*: share of phase t's ties, and nodes, that are seen again d phases later.
3. *Published takedowns*: what the vocabulary's replacement times predict beside what was measured.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from chokepoint.choke.holders import regrowth
from chokepoint.choke.structural import structural_ranking

PUBLISHED = (
    ("booter domains, December 2022", "domain-name", 1, "half of the seized sites back, median 1 day",
     "visits to those back 10-20 % of before", "Vu et al. 2025, arXiv:2502.04753"),
    ("booter attacks, December 2022", "domain-name", 42, "attack volume 20-40 % down for six weeks",
     "then as before", "Vu et al. 2025, arXiv:2502.04753"),
    ("booter domains, May 2023", "domain-name", 2, "all seized sites back, median 2 days",
     "no effect on attack volume", "Vu et al. 2025, arXiv:2502.04753"),
    ("booter operation, December 2018", "domain-name", 70, "attacks a third down for ten weeks at least",
     "with arrests; market changed for good", "Collier et al. 2019, IMC"),
)  # fmt: skip


SERIES = {4: 11, 6: 11, 11: 11, 20: 21, 37: 11}
"""Series of the collection that are periods in order, and how many of their files are."""
SMALLEST = 10
"""Nodes of a period from which it counts."""


def phases_of(folder: Path, series: int, count: int) -> list[set[tuple[str, str]]]:
    """Undirected ties of each period."""
    found = []
    for path in sorted(folder.glob(f"covert_{series}_*.csv*"))[:count]:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            rows = list(csv.reader(file))[1:]
        found.append({(min(a, b), max(a, b)) for a, b, *_ in rows if a != b})
    return [ties for ties in found if len(nodes_of(ties)) >= SMALLEST]


def nodes_of(ties: set[tuple[str, str]]) -> list[str]:
    return sorted({node for tie in ties for node in tie})


def largest(ties: set[tuple[str, str]], without: set[str]) -> int:
    left = [tie for tie in ties if not set(tie) & without]
    if not left:
        return 1
    index = {node: at for at, node in enumerate(nodes_of(set(left)))}
    table = csr_array(
        (np.ones(len(left)), ([index[a] for a, _ in left], [index[b] for _, b in left])),
        shape=(len(index), len(index)),
    )
    _, label = connected_components(table, directed=False)
    return int(np.bincount(label).max())


def by_pairs(ties: set[tuple[str, str]], struck: int) -> list[str]:
    names = nodes_of(ties)
    index = {name: at for at, name in enumerate(names)}
    near: list[list[int]] = [[] for _ in names]
    for a, b in ties:
        near[index[a]].append(index[b])
        near[index[b]].append(index[a])
    start = np.cumsum([0, *map(len, near)]).astype(np.int32)
    flat = np.array([v for row in near for v in sorted(row)], np.int32)
    size = len(names)
    ranking = structural_ranking(start, flat, np.ones(size, np.bool_), cost=np.ones(size), top=struck)
    return [names[point.node] for point in ranking.points]


def adaptive(ties: set[tuple[str, str]], struck: int) -> list[str]:
    taken: list[str] = []
    for _ in range(struck):
        left = {tie for tie in ties if not set(tie) & set(taken)}
        taken += by_pairs(left, 1) if left else []
    return taken


def by_degree(ties: set[tuple[str, str]], struck: int) -> list[str]:
    count: dict[str, int] = {}
    for tie in ties:
        for node in tie:
            count[node] = count.get(node, 0) + 1
    return sorted(count, key=lambda node: (-count[node], node))[:struck]


def at_random(ties: set[tuple[str, str]], struck: int) -> list[list[str]]:
    rng = np.random.default_rng(1)
    return [rng.choice(nodes_of(ties), struck, replace=False).tolist() for _ in range(100)]


def held(series: list[Any], struck: int, later: int) -> dict[str, float]:
    """Mean share of the later period's largest component that is left, by method."""
    left: dict[str, list[float]] = {"pairs": [], "adaptive": [], "degree": [], "random": []}
    for now, then in (pair for phases in series for pair in zip(phases, phases[later:], strict=False)):
        whole = largest(then, set())
        for name, choose in (("pairs", by_pairs), ("adaptive", adaptive), ("degree", by_degree)):
            left[name].append(largest(then, set(choose(now, struck))) / whole)
        draws = [largest(then, set(draw)) for draw in at_random(now, struck)]
        left["random"].append(float(np.mean(draws)) / whole)
    return {name: float(np.mean(values)) for name, values in left.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phases", default="../shared/data/corpus/covert-networks")
    parser.add_argument("--struck", default="1,3,5")
    asked = parser.parse_args()
    series = [phases_of(Path(asked.phases), number, count) for number, count in SERIES.items()]
    print("periods:", *(len(phases) for phases in series))
    print(f"{'struck':>6} {'later':>5} {'pairs':>7} {'adaptive':>8} {'degree':>7} {'random':>7}")
    for struck in map(int, asked.struck.split(",")):
        for later in (0, 1, 2, 4):
            left = held(series, struck, later)
            print(f"{struck:6} {later:5} " + " ".join(f"{left[name]:7.3f}" for name in left))
    for later in (1, 2, 3, 4):
        pairs = [pair for phases in series for pair in zip(phases, phases[later:], strict=False)]
        ties = np.mean([len(a & b) / len(a) for a, b in pairs])
        nodes = np.mean([len(set(nodes_of(a)) & set(nodes_of(b))) / len(nodes_of(a)) for a, b in pairs])
        print(f"{later} periods later {ties:.1%} of the ties and {nodes:.1%} of the nodes are seen again")
    for what, kind, day, measured, and_, source in PUBLISHED:
        back = regrowth(kind, ((day, 1.0),))[0][1]
        print(
            f"{what}: {back:.0%} of the function back by day {day} predicted; {measured}, {and_} ({source})"
        )


if __name__ == "__main__":
    main()
