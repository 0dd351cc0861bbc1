"""What must be forgotten is found wherever it is said, and nothing else is touched; on every engine."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from store_world import RED, capture, ids_of, link, record, rows_of, said_to, same, say, seen_by, source, vote

from chokepoint.desk.keeping.incoming import REGISTER
from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.store import judged, turn
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.copying import copy_ledger, copy_vault
from chokepoint.store.erasing import blank, find, forget_accounts, holds_entity, scrub
from chokepoint.store.erasures import ERASURE, HOLD, entity_digest, erased, holds, tombstones
from chokepoint.store.ledger import Ledger
from chokepoint.store.people import SAFETY
from chokepoint.store.postgres import Begin
from chokepoint.store.schema import metadata, open_engine
from chokepoint.store.shown import holding
from chokepoint.store.verifying import verify_ledger

ANN = Entity("person", "Änn Exámple")
SECRET = b"s" * 32


def note(words, marking=CLEAR):
    return record("note/1", {"text": words}, marking)


def found_in(atlas, entity):
    with atlas.engine.connect() as connection:
        return find(connection, entity)


@pytest.fixture
def mentioned(anywhere):
    """An atlas that speaks of Ann in claims, in a judgement and in notes, and of others beside her."""
    atlas = anywhere()
    police = seen_by(atlas, "police")
    about = [
        Claim(ANN, "alias", "the boss", "1", source()),
        Claim(Entity("domain-name", "ann.example"), "controlled-by", ANN, "2", source()),
        Claim(Entity("domain-name", "other.example"), "alias", "not hers", "3", source()),
    ]
    say(atlas, about)
    police.ledger.append(
        police.speaker(),
        [
            note("we spoke with Änn Exámple today", RED),
            note("ÄNN EXÁMPLE, in capitals"),
            note("Jeänn Exámples is somebody else"),
            note("nothing of her"),
            same(ANN, Entity("person", "A. E.")),
        ],
    )
    return atlas


def test_everything_about_an_entity_is_found_whoever_may_see_it(mentioned):
    found = found_in(mentioned, ANN)
    assert len(found.records) == 2 + 2 + 1
    assert found.organisations == {"bank", "police"}
    assert found.captures == {capture("list.txt").sha256}
    assert found.words == [ANN.value]


def test_a_name_within_another_name_is_not_hers(mentioned):
    with mentioned.engine.connect() as connection:
        sql = (
            "SELECT seq FROM records r JOIN names n ON n.number = r.kind WHERE n.name = 'note/1' ORDER BY seq"
        )
        notes = [row[0] for row in connection.exec_driver_sql(sql)]
    found = found_in(mentioned, ANN)
    assert [seq in found.records for seq in notes] == [True, True, False, False]


def test_what_nobody_speaks_of_is_not_found(mentioned):
    nobody = Entity("person", "Nobody Atall")
    found = found_in(mentioned, nobody)
    assert (found.eid, found.records, found.captures) == (None, {}, set())
    with mentioned.engine.connect() as connection:
        assert not holds_entity(connection, nobody)
        assert holds_entity(connection, ANN)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("100% Änn_x", "she is 100% Änn_x here", id="wildcards"),
        pytest.param('Ann "the boss" B', 'Ann "the boss" B was', id="quotes"),
        pytest.param("back\\slash name", "a back\\slash name.", id="backslash"),
        pytest.param("สมชาย ใจดี", "พบ สมชาย ใจดี วันนี้", id="thai"),
        pytest.param("Иван Петров", "это ИВАН ПЕТРОВ сам", id="russian-capitals"),
        pytest.param("山田太郎さん", "昨日 山田太郎さん に", id="japanese"),
        pytest.param("tab\tname", "a tab\tname here", id="tab"),
        pytest.param("+44 20 7946 0000", "call +44 20 7946 0000 now", id="phone"),
    ],
)
def test_a_name_is_found_in_text_however_it_is_spelt(anywhere, value, text):
    atlas = anywhere()
    [seq] = atlas.ledger.append(atlas.speaker(), [note(text)]).seqs
    atlas.ledger.append(atlas.speaker(), [note("nothing of the kind")])
    assert set(found_in(atlas, Entity("person", value)).records) == {seq}


def test_short_names_are_looked_for_where_they_are_the_entity_alone(anywhere):
    atlas = anywhere()
    say(atlas, [Claim(Entity("person", "Bo"), "alias", "B", "1", source())])
    atlas.ledger.append(atlas.speaker(), [note("Bo was here")])
    assert len(found_in(atlas, Entity("person", "Bo")).records) == 1


@pytest.mark.parametrize(
    ("name", "text", "is_found"),
    [
        pytest.param("王芳", "受害人王芳女士说", True, id="Chinese, two letters"),
        pytest.param("王小明", "王小明报案", True, id="Chinese, three"),
        pytest.param("山田花子", "被害者の山田花子さん", True, id="Japanese, four"),
        pytest.param("김 민수", "피해자 김민수는", True, id="Korean, the blank left out"),
        pytest.param("김 민수", "피해자 김 민수는", True, id="Korean with its blank"),
        pytest.param("이민", "출이민자", False, id="within a Korean word"),
        pytest.param("王小明", "小明报案", False, id="the given name alone"),
        pytest.param("Bo", "Bo was here", False, id="two Latin letters in a sentence"),
        pytest.param("Bo", "about person:Bo, who fled", True, id="named with its kind"),
        pytest.param("Bo", "about person:Bob, who fled", False, id="somebody longer with the kind"),
        pytest.param("Bo", "about my-person:Bo", False, id="another kind that ends so"),
    ],
)
def test_a_short_name_is_found_where_nothing_else_can_be_meant(anywhere, name, text, is_found):
    atlas = anywhere()
    [seq] = atlas.ledger.append(atlas.speaker(), [note(text)]).seqs
    assert set(found_in(atlas, Entity("person", name)).records) == ({seq} if is_found else set())


def test_a_record_about_an_entity_with_a_short_name_is_found(anywhere):
    atlas = anywhere()
    rows = [record(SAFETY, {"entity": ["person", name], "reason": "r"}) for name in ("Bo", "Bob", "B")]
    rows.append(record(SAFETY, {"entity": ["group", "Bo"], "reason": "r"}))
    seqs = atlas.ledger.append(atlas.speaker(), rows).seqs
    assert set(found_in(atlas, Entity("person", "Bo")).records) == {seqs[0]}


@pytest.mark.parametrize("name", ["王芳", "김 민수"])
def test_a_short_group_name_is_no_word_that_is_looked_for(anywhere, name):
    assert found_in(anywhere(), Entity("group", name)).sought == []
    assert found_in(anywhere(), Entity("person", name)).sought[0] == name


def test_another_spelling_in_the_source_is_looked_for_too(anywhere):
    atlas = anywhere()
    raw = Claim(Entity("phone-number", "+442079460000"), "alias", "x", "1", source(), raw="(020) 7946-0000")
    say(atlas, [raw])
    [seq] = atlas.ledger.append(atlas.speaker(), [note("call (020) 7946-0000 at noon")]).seqs
    found = found_in(atlas, raw.subject)
    assert found.words == ["+442079460000", "(020) 7946-0000"]
    assert seq in found.records


def test_what_is_blanked_leaves_its_place_and_its_id_and_nothing_else(mentioned):
    found = found_in(mentioned, ANN)
    with mentioned.engine.begin() as connection:
        before = connection.exec_driver_sql("SELECT seq, id FROM records ORDER BY seq").all()
        blank(connection, found.records, [found.eid])
    with mentioned.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT seq, id FROM records ORDER BY seq").all() == before
        for seq in found.records:
            row = connection.exec_driver_sql("SELECT salt, body FROM records WHERE seq = ?", (seq,)).one()
            assert tuple(map(bytes, row)) == (b"", b"")
        assert not holds_entity(connection, ANN)
        assert holds_entity(connection, Entity("domain-name", "other.example"))
        assert not holds_entity(connection, Entity("domain-name", "ann.example"))
        assert connection.exec_driver_sql("SELECT count(*) FROM subject_keys").scalar_one() == 0
    assert [claim.subject.value for claim in said_to(mentioned)] == ["other.example"]


def test_a_blanked_vote_and_recall_count_no_more(anywhere):
    atlas = anywhere()
    say(atlas, [link("a.example", "10.0.0.1")])
    police = seen_by(atlas, "police")
    seqs = police.ledger.append(police.speaker(), [vote(ids_of(atlas)), vote(ids_of(atlas), "dispute")]).seqs
    gone = atlas.ledger.append(
        atlas.speaker(), [record("recall/1", {"claims": ids_of(atlas), "reason": "r"})]
    ).seqs
    with atlas.engine.begin() as connection:
        blank(connection, [seqs[0], *gone])
    with atlas.reader.connect() as connection:
        assert judged.read_votes(atlas.reader, connection).vote.tolist() == [-1]
        assert judged.recalled(atlas.reader, connection).tolist() == []


def test_blanking_nothing_changes_nothing(mentioned):
    before = said_to(mentioned)
    with mentioned.engine.begin() as connection:
        blank(connection, [])
    assert said_to(mentioned) == before
    verify_ledger(mentioned.engine, mentioned.id)


def apart(atlas):
    """The same atlas with an appender of its own, as another process has one."""
    return replace(atlas, ledger=Ledger(atlas.engine, atlas.keys, atlas.id))


def blanked(atlas, seqs):
    with atlas.engine.execution_options(begin=Begin.APPEND).begin() as connection:
        blank(connection, seqs)


def outcome(entity):
    return record("outcome/1", {"entity": list(entity), "what": "arrested"})


def keys_in(atlas):
    with atlas.engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM subject_keys").scalar_one()


def test_whoever_appended_before_another_process_blanked_goes_on_rightly(anywhere):
    """It remembers numbers of entities and publishers, fingerprints and keys; of these some are gone."""
    atlas = anywhere()
    said = [Claim(ANN, "alias", "the boss", "1", source(origin="a paper"))]
    (seq,) = say(atlas, said).seqs
    blanked(apart(atlas), [seq])
    assert said_to(atlas) == []
    assert say(atlas, said).fresh == (True,)
    assert said_to(atlas) == said
    assert found_in(atlas, ANN).records.keys() == {seq + 1}
    with pytest.raises(LedgerError, match="not those of its id"):  # no tombstone names what was blanked
        verify_ledger(atlas.engine, atlas.id)


def test_a_record_of_somebody_stays_readable_when_the_last_claim_of_them_goes(anywhere):
    """The claim was of somebody else, too; what is sealed under the key of the one who stays needs it."""
    atlas, other = anywhere(), Entity("person", "Bea Bystander")
    (seq,) = say(atlas, [Claim(ANN, "knows", other, "1", source())]).seqs
    (kept,) = atlas.ledger.append(atlas.speaker(), [outcome(other)]).seqs
    blanked(atlas, [seq])
    assert found_in(atlas, other).records.keys() == {kept}
    assert not found_in(atlas, ANN).records
    with atlas.engine.connect() as connection:
        assert holds_entity(connection, other)
        assert not holds_entity(connection, ANN)


def test_the_key_of_somebody_goes_with_the_last_record_under_it(anywhere):
    atlas = anywhere()
    seqs = atlas.ledger.append(atlas.speaker(), [outcome(ANN), outcome(ANN)]).seqs
    eid = found_in(atlas, ANN).eid
    for left, part in ((1, seqs[:1]), (0, seqs[1:])):
        with atlas.engine.execution_options(begin=Begin.APPEND).begin() as connection:
            blank(connection, part, [eid])
        assert keys_in(atlas) == left


def test_a_blanked_record_without_a_tombstone_is_told_by_verify(mentioned):
    found = found_in(mentioned, ANN)
    with mentioned.engine.begin() as connection:
        blank(connection, found.records)
    with pytest.raises(LedgerError, match="not those of its id") as caught:
        verify_ledger(mentioned.engine, mentioned.id)
    assert caught.value.place == f"record {min(found.records)}"


def entomb(atlas, by, names, marking=CLEAR):
    said = {"basis": "b", "captures": [], "entity": "e", "reason": "r", "records": names}
    who = seen_by(atlas, by)
    who.ledger.append(who.speaker(), [record(ERASURE, said, marking)])


@pytest.mark.parametrize(
    ("by", "whose", "holds_"),
    [
        ("bank", "police", True),
        ("police", "police", True),
        ("police", "bank", False),
        ("vendor", "police", False),
    ],
    ids=["keeper", "own", "the-keepers", "of-a-third"],
)
def test_a_tombstone_holds_for_ones_own_records_and_the_keepers_for_all(anywhere, by, whose, holds_):
    atlas = anywhere()
    speaker = seen_by(atlas, whose)
    [seq] = speaker.ledger.append(speaker.speaker(), [note("to be forgotten")]).seqs
    with atlas.engine.begin() as connection:
        name = connection.exec_driver_sql("SELECT id FROM records WHERE seq = ?", (seq,)).scalar_one().hex()
        blank(connection, [seq])
    entomb(atlas, by, [name])
    if holds_:
        assert verify_ledger(atlas.engine, atlas.id).erased == 1
    else:
        with pytest.raises(LedgerError, match="not those of its id"):
            verify_ledger(atlas.engine, atlas.id)


def test_tombstones_are_told_in_order_with_who_and_when(anywhere):
    atlas = anywhere()
    entomb(atlas, "bank", ["ab" * 32])
    entomb(atlas, "police", ["cd" * 32])
    with atlas.engine.connect() as connection:
        told = tombstones(connection)
        allowed = erased(connection)
    assert [(one.organisation, one.erasure.records) for one in told] == [
        ("bank", ("ab" * 32,)),
        ("police", ("cd" * 32,)),
    ]
    assert (len(allowed[bytes.fromhex("ab" * 32)]), len(allowed[bytes.fromhex("cd" * 32)])) == (3, 1)


def test_every_reader_knows_how_often_something_was_erased_and_at_its_own_moment(anywhere):
    """Numbers of what was erased are given to others, so nobody's map of before may be used."""
    atlas = anywhere()
    vendor = seen_by(atlas, "vendor")
    reader = vendor.reader
    with reader.connect() as connection:
        assert reader.erased(connection) == 0
        entomb(atlas, "bank", ["ab" * 32], marking=RED)
        assert reader.erased(connection) == 0
    with reader.connect() as connection:
        assert not list(reader.records(connection, ERASURE)), "it is hidden from them"
        assert reader.erased(connection) == 1


@pytest.mark.parametrize("kind", [ERASURE, HOLD])
@pytest.mark.parametrize("said", [{}, {"entity": 1}, {"records": "x"}], ids=str)
def test_a_record_that_is_none_is_refused_by_name(anywhere, kind, said):
    atlas = anywhere()
    atlas.ledger.append(atlas.speaker(), [RecordRow(kind, canonical(said), CLEAR)])
    read = tombstones if kind == ERASURE else holds
    with atlas.engine.connect() as connection, pytest.raises(LedgerError, match=kind):
        read(connection)


@pytest.mark.parametrize(
    ("words", "held_by"),
    [
        pytest.param([("police", True)], "police", id="placed"),
        pytest.param([("police", True), ("vendor", True)], "police", id="the-first-counts"),
        pytest.param([("police", True), ("vendor", False)], "police", id="not-lifted-by-a-third"),
        pytest.param([("police", True), ("police", False)], None, id="lifted-by-who-placed-it"),
        pytest.param([("police", True), ("bank", False)], None, id="lifted-by-the-keeper"),
        pytest.param([("police", False)], None, id="never-placed"),
        pytest.param([("police", True), ("police", False), ("vendor", True)], "vendor", id="placed-anew"),
        pytest.param(
            [("police", True), ("vendor", True), ("police", False)], "vendor", id="another-stands-after"
        ),
        pytest.param(
            [("police", True), ("vendor", True), ("bank", False)], "vendor", id="the-keeper-lifts-the-oldest"
        ),
        pytest.param(
            [("police", True), ("vendor", True), ("bank", False), ("bank", False)], None, id="one-by-one"
        ),
        pytest.param([("police", True), ("bank", True), ("bank", False)], "police", id="its-own-first"),
        pytest.param([("police", True), ("police", True), ("police", False)], None, id="placed-twice"),
    ],
)
def test_a_legal_hold_stands_until_who_placed_it_or_the_keeper_lifts_it(anywhere, words, held_by):
    atlas = anywhere()
    for name, standing in words:
        by = seen_by(atlas, name)
        said = {"entity": "digest", "holds": standing, "reason": f"by {name}"}
        by.ledger.append(by.speaker(), [record(HOLD, said)])
    with atlas.engine.connect() as connection:
        found = holds(connection).get("digest", [None])[0]
    assert (found and found.organisation) == held_by
    assert found is None or found.reason == f"by {held_by}"


@pytest.mark.parametrize(
    "other",
    [Entity("persona", ANN.value), Entity("person", "Änn Exámplé"), Entity("person", ANN.value + " ")],
    ids=str,
)
def test_a_tombstones_name_of_an_entity_is_its_own(other):
    assert entity_digest(SECRET, ANN) == entity_digest(SECRET, Entity(*ANN))
    assert entity_digest(SECRET, ANN) != entity_digest(SECRET, other)
    assert entity_digest(SECRET, ANN) != entity_digest(b"t" * 32, ANN)
    assert ANN.value not in entity_digest(SECRET, ANN)


def test_no_byte_of_what_was_blanked_stays_in_a_file(atlas):
    one = atlas()
    say(one, [link("forget-me.example", "10.0.0.1"), link("keep-me.example", "10.0.0.1")])
    found = found_in(one, Entity("domain-name", "forget-me.example"))
    with one.engine.begin() as connection:
        blank(connection, found.records)
    scrub(one.engine)
    left = b"".join(file.read_bytes() for file in one.folder.glob("ledger.sqlite*"))
    assert b"forget-me" not in left
    assert b"keep-me" in left


def test_accounts_that_somebody_reads_are_not_said_to_be_gone(tmp_path, monkeypatch):
    """Their bytes stay in the write-ahead log while a reader may yet ask for them: that is told, and mended."""
    monkeypatch.setattr(turn, "SLICES", (0.01, 0.01))
    file = tmp_path / REGISTER
    secret = "jane-roe-of-thonburi " * 40
    with closing(sqlite3.connect(file, isolation_level=None)) as desk:
        desk.execute("PRAGMA journal_mode=WAL")
        desk.execute("CREATE TABLE gatherings (state TEXT, account TEXT)")
        desk.executemany("INSERT INTO gatherings VALUES (?, ?)", [("done", secret), ("waiting", "later")])
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM gatherings").fetchone() == (2,)
            with pytest.raises(LedgerError, match="another program reads"):
                forget_accounts(file)
            assert reader.execute("SELECT account FROM gatherings WHERE state = 'done'").fetchall()
        forget_accounts(file)
        assert desk.execute("SELECT state FROM gatherings").fetchall() == [("waiting",)]
        for part in (file, file.with_name(f"{REGISTER}-wal")):
            assert b"jane-roe" not in part.read_bytes()


def test_what_is_rewritten_in_postgresql_holds_no_dead_rows(in_postgres):
    atlas = in_postgres()
    say(atlas, [link(f"{n}.example", "10.0.0.1") for n in range(200)])
    with atlas.engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT pg_relation_size('entities')").scalar_one()
    with atlas.engine.begin() as connection:
        seqs = [row[0] for row in connection.exec_driver_sql("SELECT seq FROM claims")]
        blank(connection, seqs)
    scrub(atlas.engine)
    with atlas.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_relation_size('entities')").scalar_one() < before
        assert connection.exec_driver_sql("SELECT count(*) FROM entities").scalar_one() == 0


def test_a_copy_has_every_row_and_can_be_searched(anywhere, tmp_path):
    atlas = anywhere()
    say(atlas, [link("อีวิล.example", "10.0.0.1"), Claim(ANN, "alias", "A", "1", source())])
    say(atlas, [link("secret.example", "10.0.0.1", source("s.txt", RED))], ["s.txt"])
    atlas.vault.put([b"one", b"two" * 1000])
    copy_ledger(atlas.engine, tmp_path / "ledger.sqlite")
    copy_vault(atlas.vault.engine, tmp_path / "vault.sqlite")
    copy = open_engine(tmp_path / "ledger.sqlite")
    for name, table in metadata.tables.items():
        with atlas.engine.connect() as connection:
            whole = sorted(map(repr, map(tuple, connection.execute(table.select()))))
        with copy.connect() as connection:
            assert sorted(map(repr, map(tuple, connection.execute(table.select())))) == whole, name
    with copy.connect() as connection:
        sql, given = holding(connection, range(9), "วิล")
        assert len(connection.exec_driver_sql(sql, given).all()) == 1
    assert verify_ledger(copy, atlas.id) == verify_ledger(atlas.engine, atlas.id)
    copy.dispose()
    kept = open_engine(tmp_path / "vault.sqlite")
    with kept.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM captures").scalar_one() == 2
    kept.dispose()


def test_a_copy_of_many_parts_is_of_one_moment(anywhere, tmp_path, monkeypatch):
    monkeypatch.setattr("chokepoint.store.copying.PART", 7)
    atlas = anywhere()
    rows = rows_of(atlas, [link(f"{n}.example", "10.0.0.1") for n in range(50)])
    atlas.ledger.append_claims(atlas.speaker(), [(capture("list.txt"), CLEAR)], rows)
    copy_ledger(atlas.engine, tmp_path / "ledger.sqlite")
    say(atlas, [link("later.example", "10.0.0.1")])
    copy = open_engine(tmp_path / "ledger.sqlite")
    assert verify_ledger(copy, atlas.id).records == 3 + 1 + 50
    copy.dispose()
