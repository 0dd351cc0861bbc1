"""What is wrong in the tables beside the log is found, though the log itself is whole."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from store_world import RED, ids_of, link, same, say, source, vote

from chokepoint.desk.handing.remark import remark
from chokepoint.desk.keeping.care import verify
from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.store.consistency import QUESTIONS, check_tables
from chokepoint.store.erasing import blank
from chokepoint.store.verifying import verify_ledger

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas

SHE = Entity("person", "ann example")


def filled(atlas: Atlas) -> Atlas:
    """Claims open and closed, about somebody, a vote, a judgement and a note."""
    say(atlas, [link("evil.example", "10.0.0.1"), Claim(SHE, "alias", "A", "line 2", source())])
    say(atlas, [link("secret.example", "10.0.0.1", source("s.txt", RED))], ["s.txt"])
    judged = same(Entity("domain-name", "evil.example"), Entity("domain-name", "secret.example"))
    atlas.ledger.append(atlas.speaker(), [vote(ids_of(atlas)[:1]), judged])
    return atlas


def checked(atlas: Atlas) -> None:
    with atlas.engine.connect() as connection:
        check_tables(connection)


def test_the_tables_of_an_atlas_agree_on_every_engine(anywhere) -> None:
    atlas = anywhere()
    checked(atlas)
    checked(filled(atlas))


def test_they_agree_after_erasing_and_marking_anew(atlas) -> None:
    one = filled(atlas())
    with one.reader.connect() as connection:
        names = [claim.id for claim in one.reader.claims(connection, range(1, 40))]
    remark(one, names[:1], Marking(tlp=Tlp.AMBER), reason="closed now")
    checked(one)
    with one.engine.execution_options(begin="IMMEDIATE").begin() as connection:
        [seq] = connection.exec_driver_sql("SELECT seq FROM claims WHERE object IS NULL").scalars()
        blank(connection, [seq])
    checked(one)


SAID = "tables beside the log say"
BENT = [
    pytest.param("UPDATE claims SET marking = marking + 1", SAID, id="a claim's marking"),
    pytest.param("UPDATE claims SET provenance = 99", SAID, id="a claim's source"),
    pytest.param("UPDATE claims SET subject = 99", SAID, id="a claim's subject"),
    pytest.param(
        "UPDATE claims SET object = 99 WHERE object IS NOT NULL",
        SAID,
        id="a claim's object",
    ),
    pytest.param("DELETE FROM entities WHERE eid = 1", SAID, id="an entity"),
    pytest.param("DELETE FROM shown WHERE eid = 1", "shows less", id="what a marking shows"),
    pytest.param("UPDATE claims SET subject = object WHERE object IS NOT NULL", SAID, id="another subject"),
    pytest.param("INSERT INTO shown VALUES (1, 77)", "shows more", id="what a marking does not show"),
    pytest.param("DELETE FROM others WHERE seq = 1", SAID, id="a record that is no claim"),
    pytest.param("DELETE FROM claims", SAID, id="all claims"),
    pytest.param("UPDATE votes SET marking = 99", SAID, id="a vote's marking"),
    pytest.param("UPDATE sames SET marking = 99", SAID, id="a judgement's marking"),
    pytest.param("UPDATE others SET marking = 99", SAID, id="a note's marking"),
    pytest.param("UPDATE markings SET newest = 0", "changed later", id="when a marking changed"),
    pytest.param("DELETE FROM ids_fresh WHERE seq = 3", "not found by its id", id="the way from an id"),
    pytest.param(
        "UPDATE ids_fresh SET seq = seq + 1 WHERE seq = 3",
        "not found by its id",
        id="a way to another record",
    ),
    pytest.param("UPDATE markings SET tlp = 0", "lets in others", id="a label"),
    pytest.param("UPDATE markings SET circle = 0", "lets in others", id="whom a marking lets in"),
    pytest.param("DELETE FROM marking_terms", "lets in others", id="its recipients"),
    pytest.param(
        "INSERT INTO marking_terms SELECT number, 'police', 0 FROM markings",
        "lets in others",
        id="one recipient more",
    ),
    pytest.param(
        "UPDATE markings SET form = '[1]' WHERE number = 1",
        f"{SAID}|lets in",
        id="a form that says nothing",
    ),
    pytest.param("UPDATE markings SET form = 'x' WHERE number = 1", SAID, id="a form that is none"),
]


@pytest.mark.parametrize(("sql", "wrong"), BENT)
def test_a_table_that_says_something_else_is_found_though_the_log_holds(atlas, sql: str, wrong: str) -> None:
    one = filled(atlas())
    with one.engine.execution_options(begin="IMMEDIATE").begin() as connection:
        connection.exec_driver_sql(sql)
    verify_ledger(one.engine, one.id)
    with pytest.raises(LedgerError, match=wrong) as caught:
        verify(one)
    assert "backup" in caught.value.mend
    assert caught.value.place


def test_every_question_is_asked_of_some_bent_table() -> None:
    told = {part for case in BENT for part in str(case.values[1]).split("|")}
    assert [wrong for wrong in QUESTIONS if not any(part in wrong for part in told)] == []


@pytest.mark.parametrize(
    "index", ["claims_subject", "claims_marking", "entities_value", "others_seq", "shown"]
)
def test_a_flipped_byte_of_an_index_is_found(atlas, index: str) -> None:
    """An index that has lost an entry hides a record from everybody, whatever the log proves."""
    one = filled(atlas())
    one.engine.dispose()
    file = one.folder / "ledger.sqlite"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [root] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (index,)).fetchone()
    [size] = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    data = bytearray(file.read_bytes())
    data[root * size - 1] ^= 1  # the last byte of a page is of its first entry
    file.write_bytes(data)
    verify_ledger(one.engine, one.id)
    with pytest.raises(LedgerError):
        verify(one)
