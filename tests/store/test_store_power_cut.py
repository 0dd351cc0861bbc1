"""After a power cut the disk holds of what was not yet synced any part: nothing acknowledged is lost to that.

SQLite syncs its write-ahead log before a commit is acknowledged, and the file before the log is begun anew. So
the files are kept as they are after each of these, and what a cut leaves is each sector as it was before, as it
was to be, torn, or nought from where it was written (SQLite's "powersafe overwrite": what stood in a sector
before the first byte written stays). `CHOKEPOINT_KILLS=1000` cuts as often.
"""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_world import ids_of, link, record, say, seen_by, source, vote

from chokepoint.desk.keeping.checkpoint import issue
from chokepoint.store.schema import open_engine
from chokepoint.store.verifying import verify_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

SECTOR = 512
CUTS = max(12, int(os.environ.get("CHOKEPOINT_KILLS", "0")) // 6)
FILES = ("ledger.sqlite", "ledger.sqlite-wal")
OLD, NEW, TORN, ZEROS = range(4)


class State:
    """The bytes of the file and of its log when all of them were synced, and how many records it holds."""

    def __init__(self, files: list[bytes], records: int) -> None:
        self.files, self.records = files, records

    def __repr__(self) -> str:
        return f"{self.records} records"


class Kept:
    """States of an atlas one after another, and the id of each record."""

    def __init__(self, atlas: str, states: dict[str, State], ids: list[bytes]) -> None:
        self.atlas, self.states, self.ids = atlas, states, ids

    def __repr__(self) -> str:
        return ", ".join(self.states)


def state(atlas: Atlas) -> State:
    """As it is now."""
    with atlas.engine.connect() as connection:
        records = connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one()
    return State([(atlas.folder / name).read_bytes() for name in FILES], records)


def emptied(atlas: Atlas) -> None:
    """All of the log is moved into the file, which is synced; the next commit begins the log anew."""
    with atlas.engine.connect() as connection:
        connection.rollback()
        raw = connection.connection.driver_connection
        assert raw.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()[0] == 0


@pytest.fixture(scope="module")
def kept(fresh_atlas: Callable[[], Atlas]) -> Kept:
    one = fresh_atlas()
    police = seen_by(one, "police")
    emptied(one)
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(60)])
    states = {"claims": state(one)}
    police.ledger.append(police.speaker(), [vote(ids_of(one)[:9]), record("note/1", {"t": "x" * 9_000})])
    issue(one)
    states["votes"] = state(one)
    say(one, [link(f"{n}.example", "10.0.0.2", source("more.txt")) for n in range(80)], ["more.txt"])
    states["more"] = state(one)
    emptied(one)
    states["emptied"] = state(one)
    police.ledger.append(police.speaker(), [vote(ids_of(one)[30:50])])
    states["anew"] = state(one)
    with one.engine.connect() as connection:
        ids = list(connection.exec_driver_sql("SELECT id FROM records ORDER BY seq").scalars())
    return Kept(one.id, states, ids)


def sectors(before: bytes, after: bytes) -> list[int]:
    """Those that were written."""
    size = max(len(before), len(after))
    starts = range(0, size, SECTOR)
    return [at for at in starts if before[at : at + SECTOR] != after[at : at + SECTOR]]


def cut(before: bytes, after: bytes, fate: Callable[[int], int]) -> bytes:
    """What is left of a file when the power goes while it is changed: a fate for each sector written."""
    left = bytearray(after if len(after) >= len(before) else before)
    for number, at in enumerate(sectors(before, after)):
        was = before[at : at + SECTOR].ljust(SECTOR, b"\0")
        to_be = after[at : at + SECTOR].ljust(SECTOR, b"\0")
        kept = next((n for n in range(SECTOR) if was[n] != to_be[n]), SECTOR)
        found = {OLD: was, NEW: to_be, TORN: to_be[: kept + 50] + was[kept + 50 :]}
        found[ZEROS] = was[:kept] + bytes(SECTOR - kept)
        left[at : at + SECTOR] = found[fate(number)][: len(left) - at]
    return bytes(left)


def survived(kept: Kept, folder: Path, files: list[bytes]) -> list[bytes]:
    """The ids of the records that are there after the power is back; the log of them verifies."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in zip(FILES, files, strict=True):
        (folder / name).write_bytes(data)
    engine = open_engine(folder / FILES[0])
    try:
        verify_ledger(engine, kept.atlas)
        with engine.connect() as connection:
            found = list(connection.exec_driver_sql("SELECT id FROM records ORDER BY seq").scalars())
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
    finally:
        engine.dispose()
    return found


STEPS = {
    "a vote was being written": ("claims", "votes"),
    "claims were being written": ("votes", "more"),
    "the log was being moved into the file": ("more", "emptied"),
    "the log was begun anew": ("emptied", "anew"),
}


@pytest.fixture(params=STEPS, ids=list(STEPS))
def step(request: pytest.FixtureRequest, kept: Kept) -> tuple[State, State]:
    return kept.states[STEPS[request.param][0]], kept.states[STEPS[request.param][1]]


def test_each_step_writes_what_a_cut_can_spoil(step):
    before, after = step
    assert sum(len(sectors(*pair)) for pair in zip(before.files, after.files, strict=True)) > 10


@given(seed=st.integers(0, 2**32), weights=st.lists(st.integers(0, 9), min_size=4, max_size=4))
@settings(max_examples=CUTS, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_power_cut_leaves_nothing_acknowledged_is_lost(kept, step, tmp_path, seed, weights):
    before, after = step
    chance = random.Random(seed)  # noqa: S311 - a draw for every sector would be too many for Hypothesis
    weights = weights if any(weights) else [1, 1, 1, 1]
    files = [
        cut(*pair, lambda _: chance.choices((OLD, NEW, TORN, ZEROS), weights)[0])
        for pair in zip(before.files, after.files, strict=True)
    ]
    found = survived(kept, tmp_path / "cut", files)
    assert before.records <= len(found) <= after.records
    assert found == kept.ids[: len(found)]


@given(share=st.floats(0, 1))
@settings(max_examples=CUTS, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_log_cut_short_in_what_was_not_synced_loses_nothing_acknowledged(kept, tmp_path, share):
    before, after = kept.states["votes"], kept.states["more"]
    start, end = len(before.files[1]), len(after.files[1])
    assert end > start
    log = after.files[1][: start + int(share * (end - start))]
    found = survived(kept, tmp_path / "cut", [after.files[0], log])
    assert before.records <= len(found) <= after.records


def test_all_that_was_synced_is_there_when_nothing_of_the_rest_is(kept, step, tmp_path):
    before, after = step
    files = [cut(*pair, lambda _: OLD) for pair in zip(before.files, after.files, strict=True)]
    assert len(survived(kept, tmp_path / "cut", files)) == before.records


def test_all_is_there_when_all_was_synced(kept, step, tmp_path):
    _, after = step
    assert len(survived(kept, tmp_path / "cut", after.files)) == after.records
