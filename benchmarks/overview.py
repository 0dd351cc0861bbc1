"""The whole map as bubbles: seconds of CPU and memory for maps of up to a million things and three million links.

Links are between communities of forty, each with a hub, a fifth of them to elsewhere.

    .venv/bin/python benchmarks/overview.py [--things 1000000]
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from types import SimpleNamespace
from typing import Any

import numpy as np

from chokepoint.graph.community import opened, split, ties


def made(things: int, seed: int = 7) -> Any:
    """As much of a snapshot as groups rest on."""
    dice = np.random.default_rng(seed)
    count = 3 * things
    left = dice.integers(0, things, count)
    near = left // 40 * 40 + dice.integers(0, 40, count)
    hub = left // 40 * 40
    far = dice.integers(0, things, count)
    pick = dice.random(count)
    right = np.minimum(np.where(pick < 0.4, hub, np.where(pick < 0.8, near, far)), things - 1)
    return SimpleNamespace(
        size=things, subject=left.astype(np.int32), object=right.astype(np.int32), verdict=np.zeros(count, np.int8),
        bond_left=np.zeros(0, np.int32), bond_right=np.zeros(0, np.int32), kind=(np.arange(things) % 7).astype(np.int16),
        degree=np.bincount(left, minlength=things) + np.bincount(right, minlength=things),
    )  # fmt: skip


def main() -> int:
    given = argparse.ArgumentParser()
    given.add_argument("--things", type=int, default=1_000_000)
    most = given.parse_args().things
    print(
        f"{'things':>12}{'links':>12}{'groups':>8}{'split s':>9}{'ties s':>8}{'open one s':>12}{'peak MB':>9}"
    )
    for things in sorted({most // 100, most // 10, most}):
        snapshot = made(things)
        begin = time.process_time()
        groups = split(snapshot)
        grouped = time.process_time()
        ties(snapshot, groups)
        tied = time.process_time()
        opened(snapshot, [0])
        done = time.process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{things:12,}{len(snapshot.subject):12,}{len(groups):8}{grouped - begin:9.2f}{tied - grouped:8.2f}{done - tied:12.2f}{peak:9,}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
