"""What trust costs: votes from many threads, the log beside pymerkle, verification, and single proofs.

    python benchmarks/ledger.py [--records N] [--folder DIR] [--commit-ms MS ...]

*Votes*: 16 threads, each of which casts one vote after another and goes on when it is on the disk. Beside them,
on the same disk: plain commits of one row by one thread (SQLite, WAL, synchronous=FULL), and our own votes by
one thread, each in a transaction of its own, which is what they would cost without grouping; those of the desk
are held against the desk's own by one thread. Target: 10 times as many. 16 threads that wait for their votes share a commit among 16 at most, so that is within reach only where
a commit takes longer than making 16 votes costs: it is measured on the disk as it is, and on disks whose every
commit is made slower by a wait of 1, 4 and 10 ms (`--commit-ms`): a `time.sleep` before the commit in our own,
after it in the plain one, during which the processor is free as it is while a disk syncs.
*of one organisation*: all vetters are its people, so that a group has one signature; *of 16*: each has its own.
*desk*: by `review.vote`, with all that is looked up before a vote is cast. *20 a request*: one `review.vote` on 20
claims, as a vetter casts those of a capture together.
*pymerkle* (GPL, so it is installed by nothing of ours: `pip install pymerkle` in an environment of its own):
appending 32-byte leaves to its SQLite tree beside ours with its record and signature; left out, and said so, where
it is absent.
*Verification*: CPU seconds of all processes over the whole log; two processors give twice the rate of one:
target ≥ 150,000 records a second on two. Up to 400,000 records, a signature counted as 25, one process checks them:
starting two takes longer. Then the same with each record held against the tables. *Proofs*: inclusion and consistency in the same log.
Wall time of votes depends on the disk and on who else uses the machine: compare rates of one run.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sqlite3
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import event

from chokepoint.desk.vetting import review
from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.model.source import Capture, Grading
from chokepoint.settings import Settings
from chokepoint.store.base import CLAIM, RecordRow, claim_row
from chokepoint.store.canonical import canonical
from chokepoint.store.checkpoints import Notary, size_of
from chokepoint.store.tree import Log
from chokepoint.store.verifying import verify_ledger
from chokepoint.wiring import make_atlas

THREADS, EACH, COMMITS, BATCH, PROOFS, LEAVES = 16, 60, 200, 10_000, 200, 2_000
TOGETHER = 20
"""Claims of one capture that a vetter votes on in one request."""


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


class Rate(NamedTuple):
    """Votes a second, and microseconds of processor that each took."""

    rate: float
    cost: float


def timed(threads: int, each: int, cast) -> Rate:
    """So many threads, each of which casts so many votes, one after another."""

    def loop(number: int) -> None:
        for turn in range(each):
            cast(number, number * each + turn)

    running = [threading.Thread(target=loop, args=(number,)) for number in range(threads)]
    began, cpu = time.perf_counter(), time.process_time()
    for one in running:
        one.start()
    for one in running:
        one.join()
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Rate(threads * each / took, 1e6 * cpu / (threads * each))


def votes(atlas, vetters, wait: float) -> None:
    """Votes by one thread and by many, on a disk whose every commit takes the wait longer."""
    with atlas.engine.connect() as connection:
        names = (
            connection.exec_driver_sql(
                "SELECT r.id FROM records r JOIN claims c ON c.seq = r.seq LIMIT 20000"
            )
            .scalars()
            .all()
        )
    random.Random(7).shuffle(names)  # noqa: S311 - which claims, not a secret

    def bare(whose):
        def cast(number: int, turn: int) -> None:
            by = whose[number % len(whose)]
            said = {"claims": [names[turn % len(names)].hex()], "reason": "seen", "vote": "confirm"}
            by.ledger.append(by.speaker(), [RecordRow("vote/1", canonical(said), CLEAR)])

        return cast

    def desk(claims: int):
        def cast(number: int, turn: int) -> None:
            chosen = [names[(turn * claims + one) % len(names)].hex() for one in range(claims)]
            review.vote(vetters[number % len(vetters)], chosen, Vote.CONFIRM, "seen")

        return cast

    def slow(_connection) -> None:
        time.sleep(wait)

    alone = plain_commits(atlas.folder / "plain.sqlite", wait)
    event.listen(atlas.engine, "commit", slow)
    print(f"commits take {1e3 * wait:g} ms more" if wait else "the disk as it is")
    print(f"  plain commits, one row each            {alone:8,.0f} /s")
    single, by_desk = timed(1, COMMITS, bare(vetters[:1])), timed(1, COMMITS, desk(1))
    for name, one in (("each vote by itself", single), ("each by itself, desk", by_desk)):
        print(f"  one thread, {name:26} {one.rate:8,.0f} /s  {one.cost:5,.0f} us of CPU each")
    for label, count, cast, each in (
        ("16 threads of one organisation", 1, bare(vetters[:1]), EACH),
        ("16 threads of 16 organisations", 1, bare(vetters), EACH),
        ("16 threads, desk", 1, desk(1), EACH),
        (f"16 threads, desk, {TOGETHER} a request", TOGETHER, desk(TOGETHER), EACH // 4),
    ):
        single = by_desk if "desk" in label else single
        timed(THREADS, 3, cast)
        many = timed(THREADS, each, cast)
        rate, cost = many.rate * count, many.cost / count
        print(
            f"  {label:38} {rate:8,.0f} /s  {cost:5,.0f} us of CPU each,"
            f" {rate / single.rate:5.1f} x by itself, {rate / alone:5.1f} x plain commits"
        )
    event.remove(atlas.engine, "commit", slow)


def vetters_of(atlas) -> list:
    """The atlas as each of 16 other organisations sees it."""
    found = []
    for number in range(THREADS):
        who = Viewer(organisation=f"vetter {number}")
        joined = make_atlas(Settings(atlas=atlas.folder, viewer=who))
        joined.engine.dispose()
        joined.vault.engine.dispose()
        found.append(replace(atlas, viewer=who))
    return found


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
    for name, tables in (("verify, the log", False), ("verify, log and tables", True)):
        cpu, wall = cpu_of_all(), time.perf_counter()
        verified = verify_ledger(atlas.engine, atlas.id, tables=tables)
        cpu, wall = cpu_of_all() - cpu, time.perf_counter() - wall
        rate = verified.records / cpu
        print(
            f"{name:31} {rate:10,.0f} per CPU second, {2 * rate:,.0f} /s on two processors"
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
    parser.add_argument(
        "--commit-ms",
        type=float,
        nargs="*",
        default=[1.0, 4.0, 10.0],
        help="by which slower disks are slower",
    )
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to be measured")
    asked = parser.parse_args()
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        atlas = make_atlas(Settings(atlas=folder / "atlas", viewer=Viewer(organisation="bank")))
        spent = fill(atlas, asked.records)
        vetters = vetters_of(atlas)
        for wait in (0.0, *asked.commit_ms):
            votes(atlas, vetters, wait / 1e3)
        beside_pymerkle(folder, asked.records / spent)
        verification(atlas)
        proofs(atlas)
        atlas.engine.dispose()


if __name__ == "__main__":
    main()
