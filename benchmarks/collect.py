"""Whole corpus into a fresh SQLite atlas, ledger and all; then `path`, `show`, the snapshot, `--help`.

    python benchmarks/collect.py [CORPUS] [--keep DIR]

Prints one table: claims, seconds from start to end, claims per second, peak resident memory (the
appender's and the largest reading process's), the snapshot cold and warm, and p95 of `show` and `path`
in a running process and from the command line.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.gather import GatherReport, gather
from chokepoint.desk.looking.look import show
from chokepoint.desk.looking.route import path
from chokepoint.settings import settings
from chokepoint.wiring import make_atlas, open_atlas

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "data" / "corpus"
ASKED = 60


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def timed(call, *arguments) -> float:
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start


def peak_mb(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def collect(folder: Path, corpus: Path) -> tuple[GatherReport, float]:
    atlas = make_atlas(settings(str(folder), "benchmark"))
    start = time.perf_counter()
    report = gather(atlas, [corpus])
    return report, time.perf_counter() - start


def from_command_line(folder: Path, *words: str) -> float:
    command = [sys.executable, "-m", "chokepoint.cli.main", "--atlas", str(folder), *words]
    return timed(lambda: subprocess.run(command, check=False, capture_output=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="chokepoint-benchmark-"))
    report, seconds = collect(folder / "atlas", options.corpus)
    rows = [
        ("claims", f"{report.new:,}"),
        ("files", f"{len(report.files):,}"),
        ("parts rejected", f"{report.rejected:,}"),
        ("seconds", f"{seconds:.1f}"),
        ("claims/s end to end", f"{report.new / seconds:,.0f}"),
        ("peak RSS appender, MB", f"{peak_mb(resource.RUSAGE_SELF):.0f}"),
        ("peak RSS reader, MB", f"{peak_mb(resource.RUSAGE_CHILDREN):.0f}"),
    ]
    atlas = open_atlas(settings(str(folder / "atlas"), "benchmark"))
    rows.append(("snapshot cold, s", f"{timed(load_snapshot, atlas):.2f}"))
    rows.append(("snapshot warm, s", f"{timed(load_snapshot, atlas):.2f}"))
    with atlas.reader.connect() as connection:
        links = atlas.reader.links(connection)
        chosen = random.Random(7).sample(range(len(links.seq)), ASKED)  # noqa: S311 - a benchmark's sample
        pairs = [
            (int(links.subject[i]), int(links.object[j]))
            for i, j in zip(chosen, reversed(chosen), strict=True)
        ]
        names = atlas.reader.entities(connection, {eid for pair in pairs for eid in pair})
    shows = [timed(show, atlas, str(names[a])) for a, _ in pairs]
    routes = [timed(path, atlas, str(names[a]), str(names[b])) for a, b in pairs]
    rows.append(("show p95, ms", f"{1000 * percentile(shows, 0.95):.0f}"))
    rows.append(("path p95, ms", f"{1000 * percentile(routes, 0.95):.0f}"))
    few = pairs[:12]
    rows.append(
        (
            "show p95 from the command line, s",
            f"{percentile([from_command_line(folder / 'atlas', 'show', str(names[a])) for a, _ in few], 0.95):.2f}",
        )
    )
    rows.append(
        (
            "path p95 from the command line, s",
            f"{percentile([from_command_line(folder / 'atlas', 'path', str(names[a]), str(names[b])) for a, b in few], 0.95):.2f}",
        )
    )
    rows.append(("--help, s", f"{from_command_line(folder / 'atlas', '--help'):.2f}"))
    for name, value in rows:
        print(f"{name:36} {value:>14}")
    if not options.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
