"""Erasure reaches every byte of the atlas, and what remains still verifies."""

from __future__ import annotations

import json
import zipfile

import pytest
from erase_world import MAIL, OTHER, PERSON, WHY, bytes_of, ids_of, misp, places_of, said_to, seen_by, stored
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chokepoint.desk.gather import gather
from chokepoint.desk.keeping import erase as desk
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.vetting.review import vote
from chokepoint.model.errors import LedgerError, NotFoundError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR
from chokepoint.store import shown, subjects
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.erasures import Erasure, entity_digest
from searching import those_with


def test_before_an_erasure_the_value_lies_in_many_files(named):
    assert len(places_of(named, MAIL)) >= 2


def test_after_an_erasure_no_byte_of_it_lies_anywhere(named):
    done = desk.erase(named, PERSON, **WHY)
    assert done.records >= 1
    assert (done.redacted, done.removed) == (1, 0)
    assert places_of(named, MAIL) == []
    assert not any(MAIL in str(claim) for claim in said_to(named))


def test_what_remains_verifies_and_says_how_much_was_erased(named):
    before = verify(named)
    done = desk.erase(named, PERSON, **WHY)
    after = verify(named)
    assert after.erased == done.records
    assert after.records == before.records + 1
    assert after.head != before.head


def test_the_others_keep_what_is_said_of_them_and_their_evidence(named):
    kept = [claim for claim in said_to(named) if PERSON not in (claim.subject, claim.object)]
    desk.erase(named, PERSON, **WHY)
    assert said_to(named) == kept
    assert places_of(named, OTHER)


def test_a_redacted_capture_keeps_every_other_byte_where_it_was(named):
    ((_, before),) = [one for one in bytes_of(named) if len(one[0]) == 64]
    desk.erase(named, PERSON, **WHY)
    ((_, after),) = [one for one in bytes_of(named) if len(one[0]) == 64]
    assert after == before.replace(MAIL.encode(), b"*" * len(MAIL))


def test_the_tombstone_says_who_and_why_and_not_what(named):
    desk.erase(named, PERSON, **WHY)
    ((tombstone,), held) = desk.told(named)
    assert (tombstone.organisation, tombstone.erasure.reason, tombstone.erasure.basis) == (
        "bank",
        *WHY.values(),
    )
    assert tombstone.erasure.entity == entity_digest(named.secret, PERSON)
    assert held == []


def test_votes_and_free_texts_that_name_it_go_too(named):
    police = seen_by(named, "police")
    vote(police, [ids_of(named)[-1]], Vote.CONFIRM, f"I asked {MAIL} myself")
    desk.erase(named, PERSON, **WHY)
    assert places_of(named, MAIL) == []
    with named.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM votes")).scalar_one() == 0
    verify(named)


def test_a_word_that_only_contains_it_is_another_word(named, tmp_path):
    file = tmp_path / "second.json"
    file.write_text(misp([f"x{MAIL}"]), "utf-8")
    gather(named, [file])
    desk.erase(named, PERSON, **WHY)
    assert any(str(claim.subject.value) == f"x{MAIL}" for claim in said_to(named)) == bool(
        [claim for claim in said_to(named) if claim.subject.value.startswith("x")]
    )
    verify(named)


def test_the_search_forgets_it(named, monkeypatch):
    monkeypatch.setattr(shown, "FEW", 0)
    with named.engine.execution_options(begin="IMMEDIATE").begin() as connection:
        shown.rebuild(connection)
        assert those_with(connection, "per")
    desk.erase(named, PERSON, **WHY)
    with named.engine.connect() as connection:
        assert not those_with(connection, "per")
        assert len(those_with(connection, "nno")) == 1


def test_a_preview_changes_nothing_and_tells_the_same(named):
    head = verify(named).head
    seen = desk.preview(named, PERSON)
    assert verify(named).head == head
    assert seen == desk.erase(named, PERSON, **WHY)


def test_only_the_keeper_of_the_log_erases_or_looks(named):
    police = seen_by(named, "police")
    for act in (lambda: desk.erase(police, PERSON, **WHY), lambda: desk.preview(police, PERSON)):
        with pytest.raises(RefusedError, match="only bank"):
            act()


@pytest.mark.parametrize(
    "said", [{"reason": "", "basis": "law"}, {"reason": "why", "basis": " "}], ids=["reason", "basis"]
)
def test_an_erasure_without_reason_or_basis_is_refused(named, said):
    with pytest.raises(RefusedError, match="reason and a legal basis"):
        desk.erase(named, PERSON, **said)


def test_what_is_not_held_cannot_be_erased(named):
    with pytest.raises(NotFoundError, match="nothing is held"):
        desk.erase(named, Entity("email-addr", "nobody@example.org"), **WHY)
    desk.erase(named, PERSON, **WHY)
    with pytest.raises(NotFoundError, match="nothing is held"):
        desk.erase(named, PERSON, **WHY)


def test_a_legal_hold_suspends_it_visibly_until_it_is_lifted(named):
    police = seen_by(named, "police")
    desk.hold(police, PERSON, reason="case 7")
    with pytest.raises(RefusedError, match="police holds it since 2026-02-03: case 7"):
        desk.erase(named, PERSON, **WHY)
    assert places_of(named, MAIL)
    assert [one.reason for one in desk.told(named)[1]] == ["case 7"]
    desk.hold(seen_by(named, "vendor"), PERSON, reason="mine", holds_it=False)
    with pytest.raises(RefusedError, match="police holds"):
        desk.erase(named, PERSON, **WHY)
    desk.hold(police, PERSON, reason="closed", holds_it=False)
    assert desk.erase(named, PERSON, **WHY).records


def test_a_hold_of_another_outlasts_the_one_that_is_lifted(named):
    """The first to hold it would else answer for all who do."""
    for name, reason in (("police", "case 7"), ("vendor", "a law suit")):
        desk.hold(seen_by(named, name), PERSON, reason=reason)
    assert [one.organisation for one in desk.told(named)[1]] == ["police", "vendor"]
    desk.hold(seen_by(named, "police"), PERSON, reason="closed", holds_it=False)
    with pytest.raises(RefusedError, match="vendor holds it since 2026-02-03: a law suit"):
        desk.erase(named, PERSON, **WHY)
    assert places_of(named, MAIL)


def test_a_hold_that_comes_while_captures_are_redacted_stops_the_erasure_whole(named, monkeypatch):
    before = ids_of(named)

    def looks(atlas, *, without):
        desk.hold(seen_by(named, "police"), PERSON, reason="case 7")
        return 0

    monkeypatch.setattr(desk, "record_looks", looks)
    with pytest.raises(RefusedError, match="police holds it"):
        desk.erase(named, PERSON, **WHY)
    assert ids_of(named)[: len(before)] == before
    assert places_of(named, MAIL)
    assert desk.told(named)[0] == []
    verify(named)


def test_an_erasure_that_was_cut_off_is_finished_later(named, monkeypatch):
    monkeypatch.setattr(desk, "finish", lambda _: None)
    desk.erase(named, PERSON, **WHY)
    assert places_of(named, MAIL)
    monkeypatch.undo()
    desk.finish(named)
    assert places_of(named, MAIL) == []
    verify(named)


def test_finishing_twice_does_no_harm(named):
    desk.erase(named, PERSON, **WHY)
    desk.finish(named)
    head = verify(named).head
    desk.finish(named)
    assert verify(named).head == head


def test_an_emptied_record_of_another_that_a_member_claims_to_have_erased_is_found(named):
    """A member's tombstone covers its own records only; the keeper's covers all."""

    police = seen_by(named, "police")
    erasure = Erasure(basis="b", captures=(), entity="00", reason="r", records=(ids_of(named)[0],))
    desk.entomb(police, erasure)
    with pytest.raises(LedgerError, match="not those of its id"):
        verify(named)


def test_a_file_that_is_taken_in_again_after_an_erasure_is_taken_in_again(named, tmp_path):
    desk.erase(named, PERSON, **WHY)
    report = gather(named, [tmp_path / "event.json"])
    assert sum(part.new for part in report.files) >= 1
    desk.erase(named, PERSON, **WHY)
    assert places_of(named, MAIL) == []
    verify(named)


@pytest.mark.parametrize(
    ("words", "kind"),
    [(MAIL, "email-addr"), (f"email-addr:{MAIL}", "email-addr"), ("person:Nobody Known", "person")],
    ids=range(3),
)
def test_what_is_typed_names_an_entity(named, words, kind):
    assert desk.named_by(named, words).kind == kind


def test_an_archive_in_which_it_came_is_removed_whole(named, tmp_path):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.json", misp([MAIL]))
    gather(named, [packed])
    sizes = {name for name, data in bytes_of(named) if data[:2] == b"PK"}
    done = desk.erase(named, PERSON, **WHY)
    assert done.removed == len(sizes)
    assert places_of(named, MAIL) == []
    assert not [name for name, data in bytes_of(named) if data[:2] == b"PK"]
    verify(named)


def test_the_places_of_other_people_in_a_shared_capture_can_still_be_read(named):
    erased_from = {one.claim.place: one.claim for one in stored(named)}
    desk.erase(named, PERSON, **WHY)
    ((_, after),) = [one for one in bytes_of(named) if len(one[0]) == 64]
    kept = json.loads(after)["Event"]["Attribute"]
    assert [one["value"] for one in kept] == ["*" * len(MAIL), OTHER, "evil.example"]
    assert any(claim.subject.value == OTHER for claim in erased_from.values())


def test_two_spellings_of_one_address_are_erased_together(named, tmp_path):
    file = tmp_path / "loud.json"
    file.write_text(misp([MAIL.upper()]), "utf-8")
    gather(named, [file])
    desk.erase(named, PERSON, **WHY)
    assert places_of(named, MAIL) == []


@pytest.mark.parametrize("who", ["bank", "police"])
def test_looks_that_wait_in_files_are_erased_with_the_rest(named, who):
    looker = seen_by(named, who)
    show(looker, MAIL)
    search(looker, MAIL)
    desk.erase(named, desk.named_by(named, MAIL), reason="asked", basis="GDPR 17")
    files = [one for one in named.folder.rglob("*") if one.is_file()]
    assert not [one.name for one in files if MAIL.encode() in one.read_bytes()]


def _arrested(atlas):
    said = {"entity": list(PERSON), "what": "arrested"}
    return atlas.ledger.append(atlas.speaker(), [RecordRow("outcome/1", canonical(said), CLEAR)]).seqs[0]


def _read(atlas, seq):
    with atlas.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT salt, body FROM records WHERE seq = ?", (seq,)).one()
        return subjects.opened(connection, [tuple(row)])[0]


def test_what_is_recorded_of_somebody_after_their_erasure_outlives_the_next_finish(named):
    """No claim speaks of them any more; the key under which the new record is sealed must stay."""
    desk.erase(named, PERSON, **WHY)
    seq = _arrested(named)
    desk.finish(named)
    assert b"arrested" in _read(named, seq)


def test_what_another_process_records_while_an_erasure_is_finished_can_be_read(named, opened, monkeypatch):
    """It is recorded after what came back was looked for, and before that is taken out."""
    desk.erase(named, PERSON, **WHY)
    elsewhere, real, recorded = opened(named.folder, "bank"), desk._came_back, []

    def came_back(atlas):
        recorded.append(_arrested(elsewhere))
        return real(atlas)

    monkeypatch.setattr(desk, "_came_back", came_back)
    desk.finish(named)
    recorded.append(_arrested(elsewhere))
    assert all(b"arrested" in _read(named, seq) for seq in recorded)
    verify(named)


@pytest.mark.parametrize("moment", ["tombstones", "conceal"])
def test_nobody_else_writes_between_what_a_finish_reads_and_what_it_does(named, opened, monkeypatch, moment):
    desk.erase(named, PERSON, **WHY)
    elsewhere, real, refused = opened(named.folder, "bank"), getattr(desk, moment), []

    def while_writing(connection, *rest):
        if connection.get_execution_options().get("begin") == "IMMEDIATE":
            with elsewhere.engine.connect() as other:
                other.exec_driver_sql("PRAGMA busy_timeout=1")
                with pytest.raises(OperationalError, match="locked"):
                    other.exec_driver_sql("INSERT INTO facts VALUES ('mine', '1')")
                other.exec_driver_sql("PRAGMA busy_timeout=60000")
                refused.append(moment)
        return real(connection, *rest)

    monkeypatch.setattr(desk, moment, while_writing)
    desk.finish(named)
    assert refused == [moment]


def test_a_preview_promises_no_erasure_that_a_legal_hold_suspends(named):
    desk.hold(seen_by(named, "police"), PERSON, reason="case 7")
    with pytest.raises(RefusedError, match="police holds it since"):
        desk.preview(named, PERSON)
    desk.hold(seen_by(named, "police"), PERSON, reason="closed", holds_it=False)
    assert desk.preview(named, PERSON) == desk.erase(named, PERSON, **WHY)
