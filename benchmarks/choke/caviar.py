"""Project Caviar: what happened after seizures without arrests, and who carried the traffic then.

    python benchmarks/choke/caviar.py FOLDER [--struck 3]

FOLDER holds `phase1.csv` … `phase11.csv`: `source,target,weight` for each pair of numbers that called
each other, or the square table that the data is published as (first row and column the numbers). The data
(Morselli 2009, Inside Criminal Networks, appendix; UCINET's covert networks) is not in this repository and
not in the collection that the other backtest uses: its licence is not stated. `docs/choke-points.md` says how
to get it; the digest of all calls, which is printed first, tells whether it is the same. Montreal, 1994 to
1996, eleven phases of about two months; consignments were seized at the end of seven of them, and nobody was
arrested before the end (`SEIZED`, dollars).

1. *Residual flow*: of the calls of phase t + d, the share that none of those takes part in who were chosen
   on phase t alone. Lower is better. `hindsight` chooses on phase t + d itself.
2. *Rank*: where those who carry most of a later phase stood in the phases before.
3. *Answer to seizures*: calls of the next phase over calls of this one.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from itertools import pairwise
from pathlib import Path

import numpy as np
from backtest import adaptive, at_random, by_degree, by_pairs, largest, nodes_of

SEIZED = {4: 2_500_000, 6: 1_300_000, 7: 3_500_000, 8: 360_000, 9: 4_300_000, 10: 18_700_000, 11: 1_300_000}
PHASES = 11

Calls = dict[tuple[str, str], int]


def read_phase(path: Path) -> Calls:
    """Calls by ordered pair."""
    with path.open(encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    if head[:2] == ["source", "target"]:
        return {(a, b): int(count) for a, b, count in rows}
    return {
        (row[0], b): int(count)
        for row in rows
        for b, count in zip(head[1:], row[1:], strict=True)
        if int(count)
    }


def ties_of(calls: Calls) -> set[tuple[str, str]]:
    return {(min(a, b), max(a, b)) for a, b in calls if a != b}


def carried(calls: Calls) -> dict[str, float]:
    """Share of the calls that each takes part in."""
    found: dict[str, float] = {}
    for (a, b), count in calls.items():
        for node in (a, b):
            found[node] = found.get(node, 0.0) + count / sum(calls.values())
    return found


def residual(calls: Calls, struck: set[str]) -> float:
    left = sum(count for pair, count in calls.items() if not set(pair) & struck)
    return left / sum(calls.values())


def hindsight(calls: Calls, struck: int) -> set[str]:
    """Those whose loss would leave least, one after the other."""
    taken: set[str] = set()
    for _ in range(struck):
        nodes = {node for pair in calls for node in pair} - taken
        taken.add(min(sorted(nodes), key=lambda node: residual(calls, taken | {node})))
    return taken


def flows(phases: list[Calls], struck: int, later: int) -> dict[str, float]:
    """Mean residual flow by method."""
    left: dict[str, list[float]] = {}
    for now, then in zip(phases, phases[later:], strict=False):
        for name, choose in (("pairs", by_pairs), ("adaptive", adaptive), ("degree", by_degree)):
            left.setdefault(name, []).append(residual(then, set(choose(ties_of(now), struck))))
        draws = [residual(then, set(draw)) for draw in at_random(ties_of(now), struck)]
        left.setdefault("random", []).append(float(np.mean(draws)))
        left.setdefault("hindsight", []).append(residual(then, hindsight(then, struck)))
    return {name: float(np.mean(values)) for name, values in left.items()}


def place(node: str, phase: Calls) -> str:
    """The rank of a node by pairs parted, and by degree, in a phase."""
    ties = ties_of(phase)
    names = nodes_of(ties)
    if node not in names:
        return "-"
    return f"{by_pairs(ties, len(names)).index(node) + 1}/{by_degree(ties, len(names)).index(node) + 1}"


def show_source(phases: list[Calls]) -> None:
    """What was read, so that it can be compared with what others read."""
    rows = sorted(f"{at},{a},{b},{n}\n" for at, calls in enumerate(phases, 1) for (a, b), n in calls.items())
    people = {node for calls in phases for pair in calls for node in pair}
    told = hashlib.sha256("".join(rows).encode()).hexdigest()
    calls = sum(sum(phase.values()) for phase in phases)
    print(
        f"{len(phases)} phases, {len(people)} people, {len(rows)} pairs, {calls} calls, SHA-256 {told[:16]}"
    )


def show_adaptation(phases: list[Calls]) -> None:
    print(f"{'phase':>5} {'calls':>6} {'people':>6} {'joined':>7} {'hub':>5} {'half':>4} {'seized $':>11}")
    for at, calls in enumerate(phases, 1):
        share = carried(calls)
        names = nodes_of(ties_of(calls))
        half = next(k for k in range(1, len(names)) if residual(calls, hindsight(calls, k)) <= 1 / 2)
        whole = largest(ties_of(calls), set()) / len(names)
        print(
            f"{at:5} {sum(calls.values()):6} {len(names):6} {whole:7.0%} {share.get('1', 0):5.0%} {half:4} "
            f"{SEIZED.get(at, 0):11,}"
        )


def show_replacement(phases: list[Calls]) -> None:
    leaders = sorted({max(carried(calls), key=lambda one: carried(calls)[one]) for calls in phases})
    leaders += [
        node for node, _ in sorted(carried(phases[-1]).items(), key=lambda pair: -pair[1])[:4]
        if node not in leaders
    ]  # fmt: skip
    print("rank by pairs parted / by degree, phase by phase")
    for node in leaders:
        print(f"{node:>5} " + " ".join(f"{place(node, calls):>6}" for calls in phases))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--struck", default="1,3,5")
    asked = parser.parse_args()
    phases = [read_phase(asked.folder / f"phase{at}.csv") for at in range(1, PHASES + 1)]
    show_source(phases)
    show_adaptation(phases)
    print(
        f"{'struck':>6} {'later':>5} {'pairs':>7} {'adaptive':>8} {'degree':>7} {'random':>7} {'hindsight':>9}"
    )
    for struck in map(int, asked.struck.split(",")):
        for later in (0, 1, 2, 4):
            left = flows(phases, struck, later)
            print(f"{struck:6} {later:5} " + " ".join(f"{value:7.3f}" for value in left.values()))
    show_replacement(phases)
    following = list(pairwise(phases))
    for name, after in (("seizure", True), ("none", False)):
        grown = [
            sum(then.values()) / sum(now.values())
            for at, (now, then) in enumerate(following, 1)
            if (at in SEIZED) == after
        ]
        mean = float(np.exp(np.mean(np.log(grown))))
        print(f"after {name}: calls times {mean:.2f} ({', '.join(f'{one:.2f}' for one in grown)})")
    for later in (1, 2, 4, 6):
        pairs = [(ties_of(a), ties_of(b)) for a, b in zip(phases, phases[later:], strict=False)]
        seen = np.mean([len(a & b) / len(a) for a, b in pairs])
        people = np.mean([len(set(nodes_of(a)) & set(nodes_of(b))) / len(nodes_of(a)) for a, b in pairs])
        print(f"{later} phases later {seen:.0%} of the ties and {people:.0%} of the people are seen again")


if __name__ == "__main__":
    main()
