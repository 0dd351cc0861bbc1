"""What trust costs: votes from many threads, the log beside pymerkle, verification, and single proofs.

    python benchmarks/ledger.py [--records N] [--folder DIR]

*Votes*: 16 threads, each vote an append of its own that returns when it is on the disk, beside one row a
commit by one thread on the same disk (SQLite, WAL, synchronous=FULL): target ≥ 10 times its rate. 16 threads
that each wait for their vote can share a commit among 16 at most, so the target is within reach only where a
commit takes longer than making 16 votes costs: it is measured on the disk as it is, and on one that is made
slower by a wait before every commit (`--commit-ms`) for both.
*pymerkle* (`pip install pymerkle`; GPL, so it is not installed with us): appending 32-byte leaves to its
SQLite tree beside ours with its record and signature; left out, and said so, where it is absent.
*Verification*: CPU seconds of all processes over the whole log; two processors give twice the rate of one:
target ≥ 150,000 records a second on two. *Proofs*: inclusion and consistency in the same log.
Wall time of votes depends on the disk; on a busy machine compare the two rates, not the figures.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sqlite3
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import event

from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.source import Capture, Grading
from chokepoint.settings import Settings
from chokepoint.store.base import CLAIM, RecordRow, claim_row
from chokepoint.store.canonical import canonical
from chokepoint.store.checkpoints import Notary, size_of
from chokepoint.store.tree import Log
from chokepoint.store.verifying import verify_ledger
from chokepoint.wiring import make_atlas

THREADS, VOTES, COMMITS, BATCH, PROOFS, LEAVES = 16, 3_200, 300, 10_000, 200, 2_000


def fill(atlas, records: int) -> float:
    """Append synthetic claims; CPU seconds of the appends alone."""
    key, spent = atlas.fingerprint_key(CLAIM), 0.0
    for start in range(0, records, BATCH):
        path = f"{start}.txt"
        capture = Capture(
            sha256=f"{start:064x}", media_type="text/plain", path=path, size=1, captured_at="", captured_by=""
        )
        source = Provenance(
            capture=capture.sha256, origin="bench", grading=Grading("B", "2", ""), marking=CLEAR
        )
        said = [
            Claim(
                Entity("domain-name", f"{number}.example.org"),
                "resolves-to",
                Entity("ipv4-addr", f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"),
                f"line {number}",
                source,
            )
            for number in range(start, min(start + BATCH, records))
        ]
        rows = [claim_row(claim, key) for claim in said]
        began = time.process_time()
        atlas.ledger.append_claims(atlas.speaker(), [(capture, CLEAR)], rows)
        spent += time.process_time() - began
    return spent


def plain_commits(file: Path, wait: float) -> float:
    """Commits of one row a second, by one thread, each followed by the wait."""
    plain = sqlite3.connect(file, isolation_level=None)
    plain.execute("PRAGMA journal_mode=WAL")
    plain.execute("PRAGMA synchronous=FULL")
    plain.execute("CREATE TABLE IF NOT EXISTS votes (seq INTEGER PRIMARY KEY, body BLOB)")
    began = time.perf_counter()
    for _ in range(COMMITS):
        plain.execute("INSERT INTO votes (body) VALUES (?)", (os.urandom(400),))
        time.sleep(wait)
    plain.close()
    return COMMITS / (time.perf_counter() - began)


def votes(atlas, wait: float) -> None:
    """Votes by one thread and by many, on a disk whose every commit takes the wait longer."""
    with atlas.engine.connect() as connection:
        names = (
            connection.exec_driver_sql("SELECT r.id FROM records r JOIN claims c ON c.seq = r.seq LIMIT 1000")
            .scalars()
            .all()
        )

    def cast(number: int) -> None:
        said = {"claims": [names[number % len(names)].hex()], "reason": "seen", "vote": "confirm"}
        atlas.ledger.append(atlas.speaker(), [RecordRow("vote/1", canonical(said), CLEAR)])

    def slow(_connection) -> None:
        time.sleep(wait)

    alone = plain_commits(atlas.folder / "plain.sqlite", wait)
    event.listen(atlas.engine, "commit", slow)
    began = time.perf_counter()
    for number in range(COMMITS // 3):
        cast(number)
    single = COMMITS // 3 / (time.perf_counter() - began)
    with ThreadPoolExecutor(THREADS) as pool:
        began, cpu = time.perf_counter(), time.process_time()
        list(pool.map(cast, range(VOTES)))
        together, cpu = VOTES / (time.perf_counter() - began), time.process_time() - cpu
    event.remove(atlas.engine, "commit", slow)
    print(f"commits take {1e3 * wait:g} ms more" if wait else "the disk as it is")
    print(f"  plain commits, one row each   {alone:10,.0f} /s")
    print(f"  our votes, one thread         {single:10,.0f} /s")
    print(
        f"  our votes, {THREADS} threads         {together:10,.0f} /s  ({together / alone:.1f} x plain commits,"
        f" {1e6 * cpu / VOTES:,.0f} us of CPU each)"
    )


def beside_pymerkle(folder: Path, ours: float) -> None:
    try:
        from pymerkle import SqliteTree  # noqa: PLC0415 - only where it is installed
    except ImportError:
        print("pymerkle is not installed: that comparison is left out (pip install pymerkle)")
        return
    tree = SqliteTree(str(folder / "pymerkle.sqlite"), algorithm="sha256")
    began = time.process_time()
    for _ in range(LEAVES):
        tree.append_entry(os.urandom(32))
    theirs = LEAVES / (time.process_time() - began)
    print(f"pymerkle, leaves alone          {theirs:10,.0f} per CPU second")
    print(f"ours, whole claims              {ours:10,.0f} per CPU second  ({ours / theirs:.0f} x)")


def cpu_of_all() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def verification(atlas) -> None:
    cpu, wall = cpu_of_all(), time.perf_counter()
    verified = verify_ledger(atlas.engine, atlas.id)
    cpu, wall = cpu_of_all() - cpu, time.perf_counter() - wall
    rate = verified.records / cpu
    print(
        f"verify                          {rate:10,.0f} per CPU second, {2 * rate:,.0f} /s on two processors"
        f" ({verified.records:,} records, {wall:.1f} s here)"
    )


def proofs(atlas) -> None:
    Notary(atlas.engine, atlas.keys, atlas.id).issue()
    with atlas.engine.connect() as connection:
        size = size_of(connection)
        chance = random.Random(7)  # noqa: S311 - which records, not a secret
        for name, prove in (("inclusion", Log.inclusion), ("consistency", Log.consistency)):
            began = time.process_time()
            lengths = [len(prove(Log(connection, size), chance.randrange(1, size))) for _ in range(PROOFS)]
            each = (time.process_time() - began) / PROOFS
            print(
                f"{name:31} {1e3 * each:10.2f} ms of CPU, at most {max(lengths)} hashes of {size:,} records"
            )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--commit-ms", type=float, default=5.0, help="by which a slower disk is slower")
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to be measured")
    asked = parser.parse_args()
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        atlas = make_atlas(Settings(atlas=folder / "atlas", viewer=Viewer(organisation="bank")))
        spent = fill(atlas, asked.records)
        for wait in (0.0, asked.commit_ms / 1e3):
            votes(atlas, wait)
        beside_pymerkle(folder, asked.records / spent)
        verification(atlas)
        proofs(atlas)
        atlas.engine.dispose()


if __name__ == "__main__":
    main()
