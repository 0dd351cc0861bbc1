"""What the ledger costs: appending claims with everything a record needs, beside plain inserts without a log.

    python benchmarks/append.py [CLAIMS]

Both sides run here and now on the same synthetic claims (three in four name a new entity, a capture every
500) in batches of 10,000, each batch one durable transaction. *Plain* is what a database without
provenance would do: interned entities with the same search index, and one row a claim with the same two
indices. *Ledger* adds the salted, canonical, signed record, the tree over all records, the way from a
record's id to it, and the recognition of repeats. CPU seconds are compared, since wall-clock time on a busy
machine says little; the rate is by the clock and so includes the waiting for the disk.
The making of canonical bytes (`claim_row`), which a reading process does beside the appender, stands apart.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from chokepoint.model.claim import Claim, Provenance, on_day
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.model.source import Capture, Grading
from chokepoint.settings import settings
from chokepoint.store.base import CLAIM, claim_row
from chokepoint.wiring import make_atlas

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 10_000
PER_CAPTURE = 500
PLAIN = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA cache_size=-131072;
CREATE TABLE entities (eid INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL);
CREATE UNIQUE INDEX entities_value ON entities (value, kind);
CREATE TABLE claims (
    seq INTEGER PRIMARY KEY, subject INT, property TEXT, object INT, text TEXT,
    place TEXT, capture TEXT, origin TEXT, start TEXT, end TEXT
);
CREATE INDEX claims_subject ON claims (subject);
CREATE INDEX claims_object ON claims (object);
CREATE VIRTUAL TABLE search USING
    fts5(value, content='entities', content_rowid='eid', tokenize='trigram', detail='none');
INSERT INTO search (search, rank) VALUES ('automerge', 0);
"""


def synthetic(total: int) -> Iterator[list[Claim]]:
    seen = on_day("2023-01-08")
    for start in range(0, total, BATCH):
        batch = []
        for number in range(start, min(start + BATCH, total)):
            if number % PER_CAPTURE == 0:
                source = Provenance(
                    capture=hashlib.sha256(str(number).encode()).hexdigest(),
                    origin=f"origin {number // PER_CAPTURE % 40}",
                    grading=Grading("B", "2"),
                )
            token = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
            subject = Entity("domain-name", f"{token[:12]}.example.com")
            thing: Entity | str = Entity(
                "ipv4-addr", f"10.{number // 4 % 200}.{number // 800 % 250}.{number % 4}"
            )
            if number % 4 == 0:
                subject, thing = Entity("domain-name", "shared.example.net"), "phishing"
            place = f"line {number % PER_CAPTURE}"
            batch.append(Claim(subject, "resolves-to" if number % 4 else "label", thing, place, source, seen))
        yield batch


def captures(batch: list[Claim]) -> list[tuple[Capture, object]]:
    return [
        (
            Capture(
                sha256=sha256,
                media_type="text/csv",
                path=f"feeds/{sha256[:8]}.csv",
                size=40_000,
                captured_at="2026-01-01T00:00:00.000Z",
                captured_by="benchmark",
            ),
            CLEAR,
        )
        for sha256 in dict.fromkeys(claim.provenance.capture for claim in batch)
    ]


def ledger(folder: Path, total: int) -> tuple[float, float, float]:
    """Microseconds a claim: making canonical bytes, and appending, in CPU time and by the clock."""
    atlas = make_atlas(settings(str(folder / "atlas"), "benchmark"))
    key = atlas.fingerprint_key(CLAIM)
    making = appending = waited = 0.0
    for batch in synthetic(total):
        start = time.process_time()
        rows = [claim_row(claim, key) for claim in batch]
        middle, by_clock = time.process_time(), time.perf_counter()
        atlas.ledger.append_claims(atlas.speaker(), captures(batch), rows)
        making += middle - start
        appending += time.process_time() - middle
        waited += time.perf_counter() - by_clock
    atlas.engine.dispose()
    return making / total * 1e6, appending / total * 1e6, waited / total * 1e6


def plain(folder: Path, total: int) -> float:
    """Microseconds a claim for the same sentences in two tables, with nothing to prove them."""
    connection = sqlite3.connect(folder / "plain.sqlite", isolation_level=None)
    connection.executescript(PLAIN)
    eids: dict[Entity, int] = {}
    spent = 0.0
    for batch in synthetic(total):
        start = time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        new, rows = [], []
        for claim in batch:
            for entity in (claim.subject, claim.object):
                if isinstance(entity, Entity) and entity not in eids:
                    eids[entity] = len(eids) + 1
                    new.append((eids[entity], *entity))
            linked = isinstance(claim.object, Entity)
            rows.append(
                (
                    eids[claim.subject],
                    claim.property,
                    eids[claim.object] if linked else None,
                    None if linked else claim.object,
                    claim.place,
                    claim.provenance.capture,
                    claim.provenance.origin,
                    *(claim.observed or ("", ""))[:2],
                )
            )
        connection.executemany("INSERT INTO entities VALUES (?, ?, ?)", new)
        connection.executemany("INSERT INTO search (rowid, value) VALUES (?, ?)", [row[::2] for row in new])
        connection.executemany(
            "INSERT INTO claims (subject, property, object, text, place, capture, origin, start, end)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        connection.execute("COMMIT")
        spent += time.process_time() - start
    connection.close()
    return spent / total * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("claims", nargs="?", type=int, default=300_000)
    total = parser.parse_args().claims
    with tempfile.TemporaryDirectory(prefix="chokepoint-append-") as name:
        bare = plain(Path(name), total)
        making, appending, waited = ledger(Path(name), total)
        size = (Path(name) / "atlas" / "ledger.sqlite").stat().st_size
    for label, value in (
        ("claims", f"{total:,}"),
        ("plain inserts, µs a claim", f"{bare:.1f}"),
        ("canonical bytes, µs a claim", f"{making:.1f}"),
        ("ledger append, µs a claim", f"{appending:.1f}"),
        ("ledger append, claims/s", f"{1e6 / waited:,.0f}"),
        ("ledger ÷ plain", f"{appending / bare:.2f}"),
        ("ledger, bytes a claim", f"{size / total:.0f}"),
    ):
        print(f"{label:32} {value:>12}")


if __name__ == "__main__":
    main()
