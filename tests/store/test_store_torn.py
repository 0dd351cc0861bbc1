"""A file that was cut or changed anywhere: verify names it, or what the ledger says is untouched."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_world import RED, ids_of, link, record, same, say, seen_by, source, vote

from chokepoint.desk.keeping.checkpoint import issue
from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.store.schema import open_engine
from chokepoint.store.verifying import verify_ledger

PAGE = 8192
LEDGER = {
    "records": "seq, id, salt, body",
    "batches": "number, organisation, first, count, root, previous, signature",
    "organisations": "number, name, public_key",
    "tree": "level, number, hash",
    "checkpoints": "size, note",
}
"""What is signed, and what is made of it; all other tables are projections, which a rebuild makes anew."""


class Kept:
    """A closed atlas whose ledger lies in one file without a write-ahead log."""

    def __init__(self, atlas, folder):
        self.id, self.folder = atlas.id, folder
        file = atlas.folder / "ledger.sqlite"
        with atlas.engine.connect() as connection:
            raw = connection.connection.driver_connection
            connection.rollback()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        atlas.engine.dispose()
        self.bytes = file.read_bytes()
        self.said = said(file)

    def verify(self, changed: bytes):
        """Verify a file of these bytes."""
        file = self.folder / "changed.sqlite"
        for left in self.folder.glob("changed.sqlite*"):
            left.unlink()
        file.write_bytes(changed)
        engine = open_engine(file)
        try:
            return verify_ledger(engine, self.id)
        finally:
            engine.dispose()

    def says(self):
        """What the file that was verified last says, or None where it cannot be read."""
        try:
            return said(self.folder / "changed.sqlite")
        except sqlite3.DatabaseError:
            return None


def said(file):
    connection = sqlite3.connect(file)
    try:
        return {
            name: connection.execute(f"SELECT {columns} FROM {name} ORDER BY 1, 2").fetchall()
            for name, columns in LEDGER.items()
        }
    finally:
        connection.close()


@pytest.fixture(scope="module")
def kept(fresh_atlas, tmp_path_factory):
    one = fresh_atlas()
    police = seen_by(one, "police")
    say(one, [link(f"{n}.example", f"10.0.0.{n}") for n in range(300)])
    say(one, [Claim(Entity("person", "Ann Example"), "alias", "Annie", "2", source())])
    say(police, [link("hidden.example", "10.0.0.2", source("p.txt", RED))], ["p.txt"])
    police.ledger.append(police.speaker(), [vote(ids_of(one)[:9]), record("note/1", {"t": "x" * 20_000})])
    one.ledger.append(one.speaker(), [same(Entity("group", "a"), Entity("group", "b"))])
    issue(one)
    say(one, [link("last.example", "10.0.0.1")])
    return Kept(one, tmp_path_factory.mktemp("torn"))


def test_the_file_verifies_as_it_is(kept):
    verified = kept.verify(kept.bytes)
    assert verified.records == len(kept.said["records"])
    assert verified.checkpoints == 1
    assert len(kept.bytes) % PAGE == 0
    assert len(kept.bytes) > 30 * PAGE


@pytest.mark.parametrize("part", range(8))
def test_a_file_cut_at_any_page_is_told_as_damaged(kept, part):
    """At every page of it, in eight runs."""
    pages = len(kept.bytes) // PAGE
    for page in range(1 + part, pages, 8):
        with pytest.raises(LedgerError) as caught:
            kept.verify(kept.bytes[: page * PAGE])
        assert "damaged" in caught.value.reason or caught.value.place, page
        assert caught.value.mend, page


@pytest.mark.parametrize("more", [1, 100, PAGE - 1])
def test_a_file_cut_within_a_page_is_told_as_damaged(kept, more):
    with pytest.raises(LedgerError):
        kept.verify(kept.bytes[: 20 * PAGE + more])


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def test_one_flipped_bit_anywhere_is_named_or_the_ledger_says_what_it_said(kept, at, bit):
    changed = bytearray(kept.bytes)
    changed[int(at * len(changed))] ^= 1 << bit
    try:
        verified = kept.verify(bytes(changed))
    except LedgerError:
        return
    assert verified.records == len(kept.said["records"])
    assert kept.says() == kept.said


def places(kept, needle: bytes):
    """Every byte of the first place where something stands in the file."""
    start = kept.bytes.index(needle)
    return range(start, start + len(needle))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("records", 1),
        ("records", 2),
        ("batches", 4),
        ("batches", 5),
        ("batches", 6),
        ("organisations", 2),
        ("tree", 2),
    ],
    ids=str,
)
def test_every_byte_of_what_is_signed_matters(kept, table, column):
    """A byte of it in each row or so, each changed in three ways."""
    rows = kept.said[table]
    told = Counter()
    for number, row in enumerate(rows[:: max(1, len(rows) // 8)]):
        needle = bytes(row[column])
        if not any(needle):
            continue  # the first batch of an organisation has no previous one
        where = places(kept, needle)
        for flip in (1, 0x80, 0xFF):
            changed = bytearray(kept.bytes)
            changed[where[(number * 7) % len(where)]] ^= flip
            with pytest.raises(LedgerError) as caught:
                kept.verify(bytes(changed))
            told[caught.value.place or caught.value.reason] += 1
    assert told


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_every_byte_of_a_record_matters_even_in_one_that_fills_pages(kept, share):
    """The note of 20,000 letters lies on pages of its own."""
    start = kept.bytes.index(b"x" * 4000)
    changed = bytearray(kept.bytes)
    changed[start + int(share * 4000)] ^= 1
    with pytest.raises(LedgerError, match="not those of its id") as caught:
        kept.verify(bytes(changed))
    assert caught.value.place.startswith("record ")


def test_two_pages_that_changed_places_are_told(kept):
    changed = bytearray(kept.bytes)
    a, b = 10 * PAGE, 20 * PAGE
    changed[a : a + PAGE], changed[b : b + PAGE] = kept.bytes[b : b + PAGE], kept.bytes[a : a + PAGE]
    try:
        kept.verify(bytes(changed))
    except LedgerError:
        return
    assert kept.says() == kept.said


@pytest.mark.parametrize("filler", [b"\x00", b"\xff", b"\x0d"], ids=["zeros", "ones", "leaf"])
@pytest.mark.parametrize("part", range(4))
def test_a_page_that_was_lost_and_filled_is_told_or_held_no_record(kept, filler, part):
    pages = len(kept.bytes) // PAGE
    for page in range(1 + part, pages, 4):
        changed = bytearray(kept.bytes)
        changed[page * PAGE : (page + 1) * PAGE] = filler * PAGE
        try:
            kept.verify(bytes(changed))
        except LedgerError:
            continue
        assert kept.says() == kept.said, page


@pytest.mark.parametrize(
    "noise", [b"", b"x", b"SQLite format 3\x00", b"\x00" * PAGE, b"\xff" * PAGE], ids=len
)
def test_what_is_no_ledger_at_all_is_told(kept, noise):
    with pytest.raises(LedgerError):
        kept.verify(noise)


def test_a_ledger_of_another_atlas_is_not_this_one(kept, fresh_atlas):
    other = fresh_atlas()
    say(other, [link("other.example", "10.0.0.1")])
    with pytest.raises(LedgerError):
        verify_ledger(other.engine, "another atlas")


def test_an_older_state_of_the_file_verifies_and_a_checkpoint_of_the_newer_tells_that_it_was_cut(
    fresh_atlas, tmp_path
):
    """Rolled back whole, a ledger holds together; who kept a checkpoint notices."""
    from chokepoint.desk.keeping.checkpoint import compare  # noqa: PLC0415 - this test alone

    one = fresh_atlas()
    say(one, [link("first.example", "10.0.0.1")])
    with one.engine.connect() as connection:
        raw = connection.connection.driver_connection
        connection.rollback()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(one.folder / "ledger.sqlite", tmp_path / "earlier.sqlite")
    say(one, [link("second.example", "10.0.0.1")])
    note, _ = issue(one)
    one.engine.dispose()
    for left in one.folder.glob("ledger.sqlite*"):
        left.unlink()
    shutil.copyfile(tmp_path / "earlier.sqlite", one.folder / "ledger.sqlite")
    assert verify_ledger(one.engine, one.id).records > 0
    with pytest.raises(LedgerError, match="records and the log has"):
        compare(one, note.encode())
