"""Verification of the whole ledger: every record, every batch, every signature, in order.

Steps: (1) batches follow each other without a gap, each by a member, and no record stands outside them;
(2) each batch names the organisation's previous root; (3) each record's id is the HMAC of its bytes under
its salt, unless an erasure by somebody who may names it; (4) each record is an envelope of this atlas by
the batch's organisation, of the kind that its row says, and a member's own record names the key that is
used for it; (5) the batch root is the Merkle root of the ids, and the signature is the organisation's;
(6) the tree over all records is that of their ids; (7) every checkpoint that was signed shows the
beginning of this very tree; (8) if asked, the tables say of each record what it says. Steps 3 to 5 and 8
run in several processes.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from chokepoint.model.errors import LedgerError
from chokepoint.store.agreement.circles import check_circles
from chokepoint.store.agreement.tables import read_tables
from chokepoint.store.batch import GENESIS
from chokepoint.store.checking import DAMAGED, Member, Rules, SealedBatch, check_run
from chokepoint.store.checkpoints import check_stored
from chokepoint.store.erasures import erased
from chokepoint.store.interning import Space
from chokepoint.store.schema import open_engine
from chokepoint.store.tree import Edge, Log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from chokepoint.store.agreement.tables import Tables
    from chokepoint.store.checking import Hashes

RUN = 25_000
"""Records that are checked at once, a signature counted as `SIGNATURE` of them."""
SIGNATURE = 25
MANY = 16 * RUN
"""From so many on it pays to start processes, each of which takes half a second to begin."""
MOST_PROCESSES = 8
UNGUARDED = (
    'do it again; a script of your own does so under `if __name__ == "__main__":`, since Python begins such a'
    " process by running the script once more"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was checked and holds.

    Attributes:
        records: number of records.
        batches: number of signed batches.
        organisations: number of members whose signatures were checked.
        erased: number of records of which only the id remains.
        checkpoints: number of signed checkpoints that show the beginning of this log.
        head: RFC 9162 tree head over all record ids, hexadecimal; two equal ledgers have equal heads.
    """

    records: int
    batches: int
    organisations: int
    erased: int
    checkpoints: int
    head: str


def verify_ledger(engine: Engine, atlas: str, *, tables: bool = False) -> Verified:
    """Check the whole ledger against its own signatures.

    Args:
        engine: of the ledger.
        atlas: its id.
        tables: whether the tables are held against it too (step 8), which takes twice as long.

    Raises:
        LedgerError: the first thing that does not hold, with its position.
    """
    try:
        with _settled(engine) as connection:
            return _verify(connection, engine, atlas, tables=tables)
    except (DatabaseError, TypeError) as error:
        raise LedgerError(f"the ledger's file is damaged: {error}", mend=DAMAGED) from error


def _settled(engine: Engine) -> Connection:
    """A connection whose readings are all of one moment, as SQLite's are."""
    how: dict[str, Any] = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    return engine.connect().execution_options(**how)


def _verify(connection: Connection, engine: Engine, atlas: str, *, tables: bool) -> Verified:
    rules = _rules(connection, atlas)
    batches = _batches(connection, rules)
    runs = list(_runs(batches))
    edge, rows = Edge(), []
    with _checker(engine, rules, len(runs), tables=tables) as check:
        for before, tiles, after in check(runs):
            rows += edge.extend(before) + edge.extend(tiles, level=1) + edge.extend(after)
    if tables:
        check_circles(connection, rules.erased)
    kept = connection.execute(text("SELECT level, number, hash FROM tree ORDER BY level, number")).all()
    if [tuple(row) for row in kept] != sorted(rows):
        raise LedgerError("the tree over the records is not that of their ids", mend=DAMAGED)
    return Verified(
        records=edge.size,
        batches=len(batches),
        organisations=len({batch.organisation for batch in batches}),
        erased=len(rules.erased),
        checkpoints=check_stored(connection, atlas, Log(connection, edge.size)),
        head=edge.root().hex(),
    )


def _rules(connection: Connection, atlas: str) -> Rules:
    members = connection.execute(text("SELECT number, name, public_key FROM organisations")).all()
    kinds = connection.execute(
        text("SELECT number, name FROM names WHERE space = :space"), {"space": int(Space.RECORD)}
    ).all()
    return Rules(
        atlas=atlas,
        members={number: Member(name, key) for number, name, key in members},
        kinds={int(number): str(name) for number, name in kinds},
        erased=erased(connection),
    )


def _batches(connection: Connection, rules: Rules) -> list[SealedBatch]:
    """Steps 1 and 2."""
    previous: dict[int, bytes] = {}
    batches: list[SealedBatch] = []
    position = 1
    sql = "SELECT number, organisation, first, count, root, previous, signature FROM batches ORDER BY number"
    for row in connection.execute(text(sql)).all():
        batch = SealedBatch(*row)
        known = batch.organisation in rules.members
        if (batch.number, batch.first) != (len(batches) + 1, position) or batch.size < 1 or not known:
            raise LedgerError("batches do not follow each other without a gap", place=batch.place)
        if batch.previous != previous.get(batch.organisation, GENESIS):
            name = rules.members[batch.organisation].name
            raise LedgerError(f"the chain of {name} is broken", place=batch.place)
        if position == 1 and batch.organisation != min(rules.members):
            raise LedgerError("the first record is not of the member that keeps the log", place=batch.place)
        previous[batch.organisation] = batch.root
        batches.append(batch)
        position += batch.size
    total = int(connection.execute(text("SELECT count(*) FROM records")).scalar_one())
    if total > position - 1:
        raise LedgerError("records stand outside every signed batch", place=f"record {position}")
    return batches


def _runs(batches: Sequence[SealedBatch]) -> Iterator[list[SealedBatch]]:
    """Neighbouring batches together, each run about as much work."""
    run: list[SealedBatch] = []
    count = 0
    for batch in batches:
        run.append(batch)
        count += batch.size + SIGNATURE
        if count >= RUN:
            yield run
            run, count = [], 0
    if run:
        yield run


@contextmanager
def _checker(engine: Engine, rules: Rules, runs: int, *, tables: bool) -> Iterator[_Check]:
    """A function that checks runs, here or in as many processes as there are processors."""
    processes = min(len(os.sched_getaffinity(0)), MOST_PROCESSES)
    place = engine.url.render_as_string(hide_password=False)
    if runs * RUN < MANY or processes < 2 or not engine.url.database:
        with _settled(engine) as connection:
            held = read_tables(connection) if tables else None
            yield lambda given: (check_run(connection, rules, run, held) for run in given)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (place, rules, tables)) as pool:
        try:
            yield lambda given: pool.map(_check, given)
        except BrokenProcessPool:
            raise LedgerError("a process that checks ended early", mend=UNGUARDED) from None


if TYPE_CHECKING:
    from collections.abc import Callable

    _Check = Callable[[Iterable[list[SealedBatch]]], Iterable[Hashes]]

_worker: list[tuple[Connection, Rules, Tables | None]] = []


def _begin(place: str, rules: Rules, tables: bool) -> None:
    """A checking process opens the ledger once."""
    connection = _settled(open_engine(place))
    _worker.append((connection, rules, read_tables(connection) if tables else None))


def _check(run: list[SealedBatch]) -> Hashes:
    connection, rules, tables = _worker[0]
    return check_run(connection, rules, run, tables)
