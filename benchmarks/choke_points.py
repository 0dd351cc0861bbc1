"""All measurements of choke points, one after the other: CPU seconds on one core and peak RSS.

    python benchmarks/choke_points.py [--full] [--only PART,PART] [--networks FOLDER] [--periods FOLDER] [--caviar FOLDER]

Small sizes by default, a few minutes; `--full` takes the sizes that `docs/choke-points.md` quotes, an hour
or two. What needs data that is not there is left out, and the output says so. Each part is a program of its
own in `benchmarks/choke/`, whose head says what its columns mean.

At the end one table has a line for each part. A part that went through is kept with its table under the hash of its code, its data and its arguments
(`choke/kept.py`), and the reference networks one by one: a run that was broken off goes on where it stopped,
and a change measures anew only what it can change.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent / "choke"
DATA = HERE.parents[2] / "shared" / "data"

sys.path.insert(0, str(HERE))
from kept import code, digest, kept  # noqa: E402 - the parts import it from beside them

CODE = digest(
    files=[*sorted(HERE.glob("*.py")), *code("choke", "graph", "model")],
    packages=("numba", "numpy", "pymetis", "scipy"),
)
PEERS = "peers.py"
"""What it prints depends on what is installed elsewhere."""


def run(script: str, *arguments: str) -> dict[str, Any]:
    """Show the table of one part, kept or run now: what it printed and the seconds it took; empty if it failed."""
    print(f"\n== {script} {' '.join(arguments)}", flush=True)
    data = [path for word in arguments for path in sorted(Path(word).rglob("*")) if path.is_file()]
    fresh: list[dict[str, Any]] = []

    def now() -> dict[str, Any]:
        fresh.append(stream(script, *arguments))
        return fresh[0]

    try:
        if script == PEERS:
            found = now()
        else:
            found = kept(f"part-{Path(script).stem}", digest(CODE, script, *arguments, files=data), now)
    except subprocess.CalledProcessError:
        return {}
    if not fresh:
        print(f"{found['printed']}kept from a run of {found['seconds']:.0f} s")
    return found


def conclude(told: list[tuple[str, dict[str, Any]]]) -> None:
    """One line a part: what it took and what it ended with."""
    print(f"\n{'part':14} {'seconds':>8}  last line")
    for script, found in told:
        lines = found.get("printed", "").strip().splitlines()
        took = f"{found['seconds']:8.0f}" if found else f"{'failed':>8}"
        print(f"{Path(script).stem:14} {took}  {lines[-1].strip() if lines else ''}")


def stream(script: str, *arguments: str) -> dict[str, Any]:
    """Run one part and show its lines as they come.

    Raises:
        CalledProcessError: it failed.
    """
    began, lines = time.monotonic(), []
    command = [sys.executable, str(HERE / script), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as part:
        for line in part.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    if part.returncode:
        raise subprocess.CalledProcessError(part.returncode, command)
    return {"printed": "".join(lines), "seconds": time.monotonic() - began}


def parts(asked: argparse.Namespace) -> list[tuple[str, ...]]:
    """Script and arguments of each part whose data is there."""
    full, networks = asked.full, str(asked.networks)
    wanted: list[tuple[Path | None, tuple[str, ...]]] = [
        (asked.networks, ("dismantling.py", networks, "--nodes", "500000" if full else "1000")),
        (
            asked.networks,
            (
                "dismantling.py",
                networks,
                "--reinsertion",
                "--names",
                "com-dblp" if full else "internet-topology",
            ),
        ),
        (None, ("dismantling.py", "--scale", "1e5,1e6,1e7" if full else "1e5,1e6")),
        (asked.networks, ("peers.py", networks, *(("--random", "1000000") if full else ()))),
        (None, ("long_term.py", *(() if full else ("--nodes", "120", "--budgets", "0.1")))),
        (None, ("scale.py", *(() if full else ("--nodes", "10000", "--kinds", "plain")))),
        (None, ("calibration.py", *(() if full else ("--instances", "20")))),
        (asked.periods, ("backtest.py", "--phases", str(asked.periods))),
        (asked.caviar, ("caviar.py", str(asked.caviar))),
    ]
    found = []
    for folder, part in wanted:
        if folder is not None and not folder.is_dir():
            print(f"left out: {part[0]} needs the folder {folder}", file=sys.stderr)
        else:
            found.append(part)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--networks", type=Path, default=DATA / "networks")
    parser.add_argument("--periods", type=Path, default=DATA / "corpus" / "covert-networks")
    parser.add_argument("--caviar", type=Path, default=DATA / "caviar")
    parser.add_argument("--only", help="these parts alone, as in backtest,calibration")
    parser.add_argument("--dry-run", action="store_true", help="only show what would run")
    asked = parser.parse_args()
    todo = [part for part in parts(asked) if not asked.only or Path(part[0]).stem in asked.only.split(",")]
    if asked.dry_run:
        print(*(" ".join(part) for part in todo), sep="\n")
        return 0
    told = [(part[0], run(*part)) for part in todo]
    conclude(told)
    failed = [script for script, found in told if not found]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
