"""What the tables beside the log say of each record is held against the log: nobody is shown a bent row.

The log is whole in every case here; whoever has the file open wrote one row of a table another way.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from agreement_world import ANN, fill
from store_world import ids_of, link, record, say, seen_by, source, vote

from chokepoint.desk.handing.remark import remark
from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.settings import Settings
from chokepoint.store.agreement import check
from chokepoint.store.erasing import blank
from chokepoint.store.verifying import verify_ledger
from chokepoint.wiring import make_atlas, open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an atlas with such records, which nobody has open."""
    folder = tmp_path_factory.mktemp("whole") / "atlas"
    for name in ("bank", "police", "vendor"):
        one = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=name)))
        one.engine.dispose()
        one.vault.engine.dispose()
    one = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation="bank")))
    fill(one)
    one.engine.dispose()
    one.vault.engine.dispose()
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def bend(whole: Path, tmp_path: Path) -> Iterator[Callable[[str], Atlas]]:
    """Writes to a copy of it past all code of ours, and opens that."""
    opened: list[Atlas] = []

    def by(sql: str) -> Atlas:
        shutil.copytree(whole, tmp_path / "bent")
        with closing(sqlite3.connect(tmp_path / "bent" / "ledger.sqlite")) as file:
            assert file.execute(sql).rowcount > 0, "this bends nothing"
            file.commit()
        opened.append(open_atlas(Settings(atlas=tmp_path / "bent", viewer=Viewer(organisation="bank"))))
        return opened[-1]

    yield by
    for one in opened:
        one.engine.dispose()
        one.vault.engine.dispose()


FIRST = "(SELECT min(seq) FROM claims)"
DATED = "(SELECT min(seq) FROM claims WHERE assessment = 1)"
BENT = [
    pytest.param(f"UPDATE claims SET object = NULL WHERE seq = {FIRST}", id="a link without its end"),
    pytest.param("UPDATE claims SET object = subject WHERE object IS NOT NULL", id="a link to itself"),
    pytest.param(f"UPDATE claims SET subject = 2 WHERE seq = {FIRST}", id="said of another"),
    pytest.param(
        f"UPDATE claims SET property = (SELECT number FROM names WHERE name = 'alias') WHERE seq = {FIRST}",
        id="another property",
    ),
    pytest.param(f'UPDATE claims SET start = "end" WHERE seq = {DATED}', id="seen later"),
    pytest.param(f'UPDATE claims SET "end" = NULL WHERE seq = {DATED}', id="seen without an end"),
    pytest.param(f"UPDATE claims SET start = 20000 WHERE seq = {FIRST}", id="a day that nobody said"),
    pytest.param(f"UPDATE claims SET assessment = 0 WHERE seq = {DATED}", id="a guess for a fact"),
    pytest.param(f"UPDATE claims SET fingerprint = 1 WHERE seq = {FIRST}", id="said before or not"),
    pytest.param("UPDATE provenances SET reliability = 0", id="the grade of a source"),
    pytest.param("UPDATE provenances SET credibility = 6", id="the grade of what it says"),
    pytest.param("UPDATE names SET name = 'a paper' WHERE name = 'origin'", id="another publisher"),
    pytest.param("UPDATE provenances SET capture = capture + 1", id="another capture"),
    pytest.param("UPDATE names SET space = 4 WHERE name = 'resolves-to'", id="a name in another space"),
    pytest.param("UPDATE entities SET value = 'b.example' WHERE value = 'a.example'", id="another value"),
    pytest.param(
        "UPDATE entities SET kind = (SELECT kind FROM entities WHERE value = '10.0.0.1')"
        " WHERE value = 'a.example'",
        id="another kind of thing",
    ),
    pytest.param(f"DELETE FROM claims WHERE seq = {FIRST}", id="a claim that is gone"),
    pytest.param(
        'INSERT INTO claims SELECT 1, subject, property, object, provenance, start, "end", assessment,'
        f" fingerprint, marking FROM claims WHERE seq = {FIRST}",
        id="a claim that nobody made",
    ),
    pytest.param(
        "UPDATE claims SET marking = 1, provenance = (SELECT min(number) FROM provenances)"
        " WHERE marking = (SELECT number FROM markings WHERE form LIKE '%RED%')",
        id="a closed claim under an open source",
    ),
    pytest.param("UPDATE markings SET owner = owner + 1 WHERE form LIKE '%RED%'", id="whose marking it is"),
    pytest.param("UPDATE captures SET path = 'other.txt'", id="a capture's name"),
    pytest.param("UPDATE captures SET owner = 2", id="whose capture it is"),
    pytest.param("UPDATE captures SET seq = seq + 1 WHERE path = 's.txt'", id="a capture's place"),
    pytest.param("DELETE FROM captures WHERE path = 's.txt'", id="a capture that is gone"),
    pytest.param("UPDATE others SET kind = (SELECT min(kind) FROM others)", id="a record's kind"),
    pytest.param("UPDATE others SET marking = 2 WHERE seq = (SELECT max(seq) FROM others)", id="who sees it"),
    pytest.param("DELETE FROM others WHERE seq = (SELECT max(seq) FROM others)", id="a record that is gone"),
    pytest.param("INSERT INTO others SELECT kind, 5, seq FROM others WHERE seq = 2", id="a record twice"),
    pytest.param("UPDATE votes SET vote = -1 WHERE seq = 1", id="yes for no"),
    pytest.param("UPDATE votes SET organisation = 3", id="another's vote"),
    pytest.param("UPDATE votes SET claim = claim + 1 WHERE seq = 2", id="a vote on another claim"),
    pytest.param("UPDATE votes SET crime = -1 WHERE seq = 1", id="whether it is about crime"),
    pytest.param("UPDATE votes SET disclose = 1 WHERE seq = 1", id="whether it may be disclosed"),
    pytest.param("UPDATE votes SET until = 1 WHERE seq = 1", id="until when a vote holds"),
    pytest.param("UPDATE votes SET simulated = 1 WHERE seq = 1", id="by a rule or a human"),
    pytest.param("UPDATE votes SET despite = 1 WHERE seq = 1", id="in spite of disputes"),
    pytest.param("UPDATE votes SET marking = 5 WHERE seq = 1", id="who sees a vote"),
    pytest.param("DELETE FROM votes WHERE seq = 1", id="a vote on one of two claims"),
    pytest.param("DELETE FROM votes", id="no votes at all"),
    pytest.param(
        "INSERT INTO votes (claim, organisation, vote, simulated, marking, crime, disclose, until, record,"
        " despite) SELECT claim, 3, vote, 0, marking, crime, disclose, until, 2, 0 FROM votes",
        id="a vote that nobody cast",
    ),
    pytest.param("DELETE FROM recalls", id="a recall that is gone"),
    pytest.param("UPDATE recalls SET claim = claim + 1", id="a recall of another claim"),
    pytest.param("UPDATE sames SET sameness = -1", id="same for different"),
    pytest.param('UPDATE sames SET "left" = 2', id="who is the same"),
    pytest.param("UPDATE sames SET permille = 1", id="how sure that is"),
    pytest.param("UPDATE sames SET reason = 'told so'", id="why that is"),
    pytest.param("UPDATE sames SET organisation = 3", id="who says so"),
    pytest.param("DELETE FROM sames", id="a judgement that is gone"),
    pytest.param(
        "UPDATE subject_keys SET eid = (SELECT max(eid) FROM entities WHERE eid NOT IN"
        " (SELECT eid FROM subject_keys)) WHERE eid = (SELECT min(eid) FROM subject_keys)",
        id="whose key it is",
    ),
    pytest.param("DELETE FROM memberships WHERE scope = 'group:ring'", id="nobody in a circle"),
    pytest.param("INSERT INTO memberships VALUES ('group:ring', 'vendor')", id="one more in a circle"),
    pytest.param("UPDATE circles SET owner = 3", id="whose circle it is"),
    pytest.param("INSERT INTO memberships VALUES ('left', 'police')", id="one who never left"),
    pytest.param("DELETE FROM memberships WHERE scope = 'staff:bank'", id="who has a register"),
]


def test_all_of_it_agrees_before_anything_is_bent(bend: Callable[[str], Atlas]) -> None:
    one = bend("UPDATE facts SET value = value")
    assert verify_ledger(one.engine, one.id, tables=True) == verify_ledger(one.engine, one.id)


@pytest.mark.parametrize("sql", BENT)
def test_a_row_that_does_not_say_what_the_log_says_is_found(bend: Callable[[str], Atlas], sql: str) -> None:
    one = bend(sql)
    verify_ledger(one.engine, one.id)
    with pytest.raises(LedgerError, match=r"the tables (beside the log say|let in others)") as caught:
        verify_ledger(one.engine, one.id, tables=True)
    assert caught.value.place.startswith(("record ", "circle "))
    assert "backup" in caught.value.mend


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        pytest.param("DELETE FROM subject_keys", "sealed under a key that is gone", id="gone"),
        pytest.param("UPDATE subject_keys SET id = randomblob(16)", "sealed under a key", id="another id"),
        pytest.param(
            "UPDATE subject_keys SET key = randomblob(32)",
            "not the one that the record commits to",
            id="another key",
        ),
    ],
)
def test_a_record_that_nobody_can_read_any_more_is_named(
    bend: Callable[[str], Atlas], sql: str, wrong: str
) -> None:
    one = bend(sql)
    verify_ledger(one.engine, one.id)
    with pytest.raises(LedgerError, match=wrong) as caught:
        verify_ledger(one.engine, one.id, tables=True)
    assert caught.value.place.startswith("record ")


def test_what_was_sealed_before_a_kind_became_personal_still_agrees(
    bend: Callable[[str], Atlas], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log outlives the vocabulary by which it was written, and nothing in it is sealed anew."""
    one = bend("UPDATE facts SET value = value")
    say(one, [Claim(ANN, "controls", Entity("domain-name", "ann.example"), "line 4", source())])
    stricter = check.personal_kinds() | {"domain-name"}
    monkeypatch.setattr(check, "personal_kinds", lambda: stricter)
    assert verify_ledger(one.engine, one.id, tables=True) == verify_ledger(one.engine, one.id)


def test_the_tables_agree_on_every_engine_after_all_that_changes_rows(anywhere: Callable[..., Atlas]) -> None:
    """Marked anew, erased, recalled, cast on what is not there, judged by another, left and come back."""
    one = anywhere()
    fill(one)
    bank, police = one, seen_by(one, "police")
    remark(bank, ids_of(bank)[:2], Marking(tlp=Tlp.AMBER), reason="closed now")
    unknown = vote(["00" * 32, *ids_of(police)[-1:]], "unsure")
    police.ledger.append(
        police.speaker(), [unknown, record("recall/1", {"claims": ids_of(bank), "reason": "r"})]
    )
    departed = {"organisation": "vendor", "left": True, "reason": "closed"}
    bank.ledger.append(bank.speaker(), [record("departure/1", departed, CLEAR)])
    assert verify_ledger(one.engine, one.id, tables=True).records == verify_ledger(one.engine, one.id).records


def test_what_was_erased_has_no_rows_and_else_is_named(anywhere: Callable[..., Atlas]) -> None:
    one = anywhere()
    seqs = say(one, [link("a.example", "10.0.0.1"), link("b.example", "10.0.0.2")]).seqs
    names = ids_of(one)
    erasure = {"basis": "b", "captures": [], "entity": "00", "reason": "r", "records": names[:1]}
    row = record("erasure/1", erasure)
    one.ledger.append(one.speaker(), [row], lambda connection: blank(connection, seqs[:1]))
    assert verify_ledger(one.engine, one.id, tables=True).erased == 1
    with one.engine.execution_options(begin="IMMEDIATE").begin() as connection:
        connection.exec_driver_sql("UPDATE claims SET seq = ? WHERE seq = ?", (seqs[0], seqs[1]))
    with pytest.raises(LedgerError, match="say what it does not") as caught:
        verify_ledger(one.engine, one.id, tables=True)
    assert caught.value.place == f"record {seqs[0]}"
