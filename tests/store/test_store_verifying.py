"""Verification: whatever is changed in the ledger is found, and said where."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from store_world import AMBER, AT, ids_of, link, record, same, say, seen_by, source, vote

from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.proof import merkle
from chokepoint.proof.signature import batch_message
from chokepoint.settings import Settings
from chokepoint.store import verifying
from chokepoint.store.canonical import canonical, frame, record_id
from chokepoint.store.checking import SealedBatch
from chokepoint.store.ledger import GENESIS, Speaker
from chokepoint.store.verifying import _runs, verify_ledger
from chokepoint.wiring import make_atlas

BLOBS = [
    ("records", "id"),
    ("records", "salt"),
    ("records", "body"),
    ("batches", "root"),
    ("batches", "previous"),
    ("batches", "signature"),
    ("organisations", "public_key"),
]
NUMBERS = [
    ("records", "seq"),
    ("records", "kind"),
    ("batches", "number"),
    ("batches", "organisation"),
    ("batches", "first"),
    ("batches", "count"),
]


class Small:
    """A ledger of every kind of record by two members, in a file of its own that can be tampered with."""

    def __init__(self, folder):
        for name in ("bank", "police"):
            self.atlas = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=name)))
            if name == "bank":
                self.close()
        bank, police = seen_by(self.atlas, "bank"), self.atlas
        say(bank, [link(f"{n}.example", "10.0.0.1") for n in range(4)])
        say(police, [link("hidden.example", "10.0.0.2", source(marking=AMBER))])
        police.ledger.append(police.speaker(), [vote(ids_of(bank)[:2])])
        bank.ledger.append(bank.speaker(), [same(Entity("malware", "a"), Entity("malware", "b"))])
        self.file = folder / "ledger.sqlite"

    def verify(self):
        return verify_ledger(self.atlas.engine, self.atlas.id)

    def run(self, sql, *values):
        connection = sqlite3.connect(self.file)
        with connection:
            *first, last = sql.split("; ")
            for one in first:
                connection.execute(one)
            rows = connection.execute(last, values).fetchall()
        connection.close()
        return rows

    def rowids(self, table):
        return [found[0] for found in self.run(f"SELECT rowid FROM {table} ORDER BY rowid")]

    def cell(self, where, rowid):
        [(value,)] = self.run(f"SELECT {where[1]} FROM {where[0]} WHERE rowid = ?", rowid)
        return value

    def put(self, where, rowid, value):
        self.run(f"UPDATE {where[0]} SET {where[1]} = ? WHERE rowid = ?", value, rowid)

    def close(self):
        self.atlas.engine.dispose()
        self.atlas.vault._engine.dispose()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A ledger in which every test puts back what it changed."""
    small = Small(tmp_path_factory.mktemp("kept") / "atlas")
    yield small
    small.verify()
    small.close()


@pytest.fixture
def spare(tmp_path):
    """A ledger that a test may ruin."""
    small = Small(tmp_path / "atlas")
    yield small
    small.close()


def test_an_untouched_ledger_verifies_and_says_how_much_was_checked(kept):
    verified = kept.verify()
    assert verified.records == kept.run("SELECT count(*) FROM records")[0][0] == 11
    assert verified.batches == kept.run("SELECT count(*) FROM batches")[0][0] == 6
    assert verified.organisations == 2
    ids = [row[0] for row in kept.run("SELECT id FROM records ORDER BY seq")]
    assert verified.head == merkle.root(ids).hex()


@given(st.sampled_from(BLOBS), st.data())
def test_any_flipped_bit_is_found(kept, where, data):
    rowid = data.draw(st.sampled_from(kept.rowids(where[0])))
    before = kept.cell(where, rowid)
    after = bytearray(before)
    bit = data.draw(st.integers(0, len(before) * 8 - 1))
    after[bit // 8] ^= 1 << bit % 8
    kept.put(where, rowid, bytes(after))
    try:
        with pytest.raises(LedgerError) as caught:
            kept.verify()
        assert caught.value.place
    finally:
        kept.put(where, rowid, before)


@given(st.sampled_from(NUMBERS), st.integers(-3, 1000), st.data())
def test_any_changed_number_is_found(kept, where, value, data):
    rowids = kept.rowids(where[0])
    rowid = data.draw(st.sampled_from(rowids))
    before = kept.cell(where, rowid)
    moved = value if where[1] in {"seq", "number"} else rowid
    assume(value != before)
    assume(moved == rowid or moved not in rowids)
    kept.put(where, rowid, value)
    try:
        with pytest.raises(LedgerError):
            kept.verify()
    finally:
        kept.put(where, moved, before)


@given(
    st.sampled_from([*BLOBS, *[where for where in NUMBERS if where[1] not in {"seq", "number"}]]),
    st.one_of(st.text(max_size=5), st.floats(allow_nan=False), st.binary(max_size=40)),
)
def test_a_value_of_another_type_is_found(kept, where, value):
    rowid = kept.rowids(where[0])[-1]
    before = kept.cell(where, rowid)
    kept.put(where, rowid, value)
    try:
        if kept.cell(where, rowid) != before:
            with pytest.raises(LedgerError):
                kept.verify()
    finally:
        kept.put(where, rowid, before)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM records WHERE seq = 1",
        "DELETE FROM records WHERE seq = 5",
        "DELETE FROM records WHERE seq = (SELECT max(seq) FROM records)",
        "DELETE FROM batches WHERE number = 1",
        "DELETE FROM batches WHERE number = 3",
        "DELETE FROM batches WHERE number = (SELECT max(number) FROM batches)",
        "DELETE FROM batches",
        "DELETE FROM organisations WHERE name = 'police'",
        "UPDATE organisations SET name = 'mallory' WHERE name = 'police'",
        "UPDATE organisations SET public_key = (SELECT public_key FROM organisations WHERE name = 'bank')",
        (
            "UPDATE organisations SET number = 9 - number; UPDATE batches SET organisation = 9 - organisation;"
            " UPDATE markings SET owner = 9 - owner"
        ),
        "UPDATE names SET name = 'claim/9' WHERE name = 'claim/1'",
        "INSERT INTO records SELECT seq + 100, id, kind, salt, body FROM records WHERE seq = 5",
        "INSERT INTO records SELECT 12, id, kind, salt, body FROM records WHERE seq = 5",
        "UPDATE records SET body = (SELECT body FROM records WHERE seq = 4) WHERE seq = 5",
        "REPLACE INTO records SELECT 5, id, kind, salt, body FROM records WHERE seq = 4",
        "UPDATE batches SET (root, signature) = (SELECT root, signature FROM batches WHERE number = 1)",
    ],
)
def test_whatever_is_taken_out_put_in_or_exchanged_is_found(spare, sql):
    spare.run(sql)
    with pytest.raises(LedgerError):
        spare.verify()


def test_two_records_that_change_places_are_found(spare):
    rows = spare.run("SELECT seq, id, kind, salt, body FROM records WHERE seq IN (4, 5)")
    for (seq, *_), (_, *other) in zip(rows, reversed(rows), strict=True):
        spare.run("UPDATE records SET id = ?, kind = ?, salt = ?, body = ? WHERE seq = ?", *other, seq)
    with pytest.raises(LedgerError, match="signed"):
        spare.verify()


def test_a_history_that_was_cut_short_has_another_head(spare):
    whole = spare.verify()
    [(first,)] = spare.run("SELECT max(first) FROM batches")
    spare.run("DELETE FROM records WHERE seq >= ?", first)
    spare.run("DELETE FROM batches WHERE first = ?", first)
    assert spare.verify().head != whole.head


def forge(spare, signer, speaker, body_by):
    """Append a batch past the ledger's own code: signed by one, entered for another, spoken by a third."""
    before, after = frame(
        {
            "atlas": spare.atlas.id,
            "author": "",
            "kind": "claim/1",
            "marking": ("TLP:CLEAR", "PAP:CLEAR", (), ()),
            "organisation": body_by,
            "recorded_at": AT,
        }
    )
    body, salt = before + canonical({"a": 1}) + after, bytes(32)
    name = record_id(salt, body)
    [(seq,)] = spare.run("SELECT max(seq) + 1 FROM records")
    [(owner,)] = spare.run("SELECT number FROM organisations WHERE name = ?", speaker)
    [(kind,)] = spare.run("SELECT number FROM names WHERE name = 'claim/1'")
    chained = spare.run("SELECT root FROM batches WHERE organisation = ? ORDER BY number DESC LIMIT 1", owner)
    previous = chained[0][0] if chained else GENESIS
    root = merkle.root([name])
    signature = spare.atlas.ledger._keys.sign(
        signer, batch_message(spare.atlas.id, speaker, (root, previous))
    )
    spare.run("INSERT INTO records VALUES (?, ?, ?, ?, ?)", seq, name, kind, salt, body)
    spare.run(
        "INSERT INTO batches (organisation, first, count, root, previous, signature)"
        " VALUES (?, ?, 1, ?, ?, ?)",
        *(owner, seq, root, previous, signature),
    )


def test_a_batch_made_elsewhere_with_the_right_key_holds(spare):
    forge(spare, "police", "police", "police")
    assert spare.verify().records == 12


def test_nobody_speaks_for_another_with_a_key_of_their_own(spare):
    forge(spare, "bank", "police", "police")
    with pytest.raises(LedgerError, match="signature is not that of police"):
        spare.verify()


def test_nobody_puts_words_of_another_into_a_batch_of_their_own(spare):
    forge(spare, "bank", "bank", "police")
    with pytest.raises(LedgerError, match="does not belong"):
        spare.verify()


def test_the_records_of_one_atlas_do_not_hold_in_another(spare):
    with pytest.raises(LedgerError, match="does not belong"):
        verify_ledger(spare.atlas.engine, "another")


def test_a_damaged_file_is_said_to_be_damaged(spare):
    spare.run("PRAGMA wal_checkpoint(TRUNCATE)")
    spare.close()
    raw = bytearray(spare.file.read_bytes())
    raw[8192:] = b"\xa5" * (len(raw) - 8192)
    spare.file.write_bytes(raw)
    for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        (spare.file.parent / name).unlink(missing_ok=True)
    with pytest.raises(LedgerError, match="damaged") as caught:
        spare.verify()
    assert caught.value.mend


def test_a_copy_of_a_ledger_verifies_with_the_same_head(spare, tmp_path, opened):
    head = spare.verify().head
    spare.run("PRAGMA wal_checkpoint(TRUNCATE)")
    copied = opened(shutil.copytree(spare.file.parent, tmp_path / "copy"), "bank")
    assert verify_ledger(copied.engine, copied.id).head == head


def test_an_empty_ledger_verifies(atlas):
    verified = verify_ledger(atlas("bank").engine, atlas("bank").id)
    assert (verified.records, verified.batches, verified.organisations) == (1, 1, 1)


def test_a_record_without_an_envelope_is_found_even_when_its_id_fits(spare):
    salt, body = bytes(32), b"{}"
    spare.run(
        "UPDATE records SET id = ?, salt = ?, body = ? WHERE seq = 5", record_id(salt, body), salt, body
    )
    with pytest.raises(LedgerError, match="not a record"):
        spare.verify()


def test_later_appends_keep_the_ledger_verified(spare):
    one = seen_by(spare.atlas, "bank")
    for number in range(3):
        one.ledger.append(Speaker(organisation="bank", at=AT), [record("test/1", {"n": number}, CLEAR)])
        assert spare.verify().records == 12 + number


@pytest.fixture
def split(monkeypatch):
    """Verification in two processes, three records at a time."""
    monkeypatch.setattr(verifying, "RUN", 3)
    monkeypatch.setattr(verifying, "MANY", 1)
    monkeypatch.setattr(verifying.os, "sched_getaffinity", lambda _: {0, 1})


def test_several_processes_find_what_one_finds(spare, split):
    assert spare.verify().records == 11
    spare.run("UPDATE records SET salt = zeroblob(32) WHERE seq = 9")
    with pytest.raises(LedgerError, match="not those of its id") as caught:
        spare.verify()
    assert caught.value.place == "record 9"


UNGUARDED = """
import os, sys
from chokepoint.model.errors import LedgerError
from chokepoint.store import verifying
from chokepoint.store.schema import open_engine
verifying.RUN, verifying.MANY, verifying.os.sched_getaffinity = 3, 1, lambda _: {0, 1}
try:
    verifying.verify_ledger(open_engine(sys.argv[1]), sys.argv[2])
except LedgerError as error:
    print(error.mend)
"""


def test_a_script_that_begins_itself_again_is_told_so_and_ends(spare, tmp_path):
    """A pool that replaces whoever dies would begin the script again and again, without end."""
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED)
    place = spare.atlas.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, str(script), place, spare.atlas.id]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == verifying.UNGUARDED


def sizes(batches: list[int]) -> list[list[int]]:
    """How many records of each batch are checked together."""
    made = [SealedBatch(number, 1, 1, size, b"", b"", b"") for number, size in enumerate(batches, 1)]
    return [[batch.size for batch in run] for run in _runs(made)]


@pytest.mark.parametrize(
    ("batches", "runs"),
    [
        pytest.param([], [], id="an empty ledger"),
        pytest.param([10_000] * 5, [[10_000] * 3, [10_000] * 2], id="large batches"),
        pytest.param([100_000, 1], [[100_000], [1]], id="one larger than a run"),
        pytest.param([1] * 2_000, [[1] * 962, [1] * 962, [1] * 76], id="votes cost their signatures"),
    ],
)
def test_batches_are_checked_in_runs_of_about_as_much_work(batches: list[int], runs: list[list[int]]) -> None:
    assert sizes(batches) == runs


def test_a_log_that_is_checked_sooner_than_a_process_begins_starts_none(spare, monkeypatch):
    monkeypatch.setattr(verifying.os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(
        verifying.multiprocessing, "get_context", lambda _: pytest.fail("a process was begun")
    )
    assert spare.verify().records == 11


def test_several_processes_and_one_see_the_same_tree(atlas, monkeypatch):
    one = atlas("bank")
    for part in range(4):
        path = f"{part}.txt"
        say(one, [link(f"{part}-{n}.example", "10.0.0.1", source(path)) for n in range(290)], [path])
    alone = verify_ledger(one.engine, one.id)
    monkeypatch.setattr(verifying, "RUN", 300)
    monkeypatch.setattr(verifying, "MANY", 1)
    monkeypatch.setattr(verifying.os, "sched_getaffinity", lambda _: {0, 1})
    assert verify_ledger(one.engine, one.id) == alone
    assert alone.records == 1 + 4 * 291


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM tree",
        "UPDATE tree SET hash = zeroblob(32) WHERE number = 1",
        "INSERT INTO tree VALUES (2, 0, zeroblob(32))",
        "UPDATE tree SET number = 9 WHERE number = 1",
    ],
)
def test_a_bent_tree_is_found(atlas, sql):
    one = atlas("bank")
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(600)])
    verify_ledger(one.engine, one.id)
    with one.engine.begin() as connection:
        connection.exec_driver_sql(sql)
    with pytest.raises(LedgerError, match="tree over the records"):
        verify_ledger(one.engine, one.id)


def test_an_emptied_record_that_no_erasure_names_is_found(spare):
    spare.run("UPDATE records SET salt = x'', body = x'' WHERE seq = 5")
    with pytest.raises(LedgerError, match="not those of its id"):
        spare.verify()
