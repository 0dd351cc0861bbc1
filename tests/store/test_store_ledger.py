"""Appending: nothing twice, nothing lost, nothing half."""

from __future__ import annotations

import threading
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_world import (
    AMBER,
    AT,
    RED,
    capture,
    claims,
    ids_of,
    link,
    markings,
    record,
    rows_of,
    said_to,
    same,
    say,
    seen_by,
    source,
    vote,
)

from chokepoint.model.errors import LedgerError, NotValidError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer, kept_by
from chokepoint.model.member import Member, Sector
from chokepoint.settings import Settings
from chokepoint.store.base import read_claim
from chokepoint.store.canonical import read_envelope
from chokepoint.store.judged import read_votes
from chokepoint.store.keys import KeyRing
from chokepoint.store.ledger import Speaker
from chokepoint.store.subjects import opened
from chokepoint.store.verifying import verify_ledger
from chokepoint.wiring import make_atlas


def count(atlas, table):
    with atlas.engine.connect() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()


def dump(atlas):
    tables = (
        "records",
        "batches",
        "claims",
        "captures",
        "entities",
        "names",
        "provenances",
        "markings",
        "votes",
    )
    with atlas.engine.connect() as connection:
        return {name: connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables}


def bodies(atlas):
    with atlas.engine.connect() as connection:
        return [
            read_envelope(row[0])
            for row in connection.exec_driver_sql("SELECT body FROM records ORDER BY seq")
        ]


def test_what_is_appended_is_read_back_in_order(atlas):
    one = atlas()
    said = [link(f"{n}.example", "10.0.0.1", place=f"line {n}") for n in range(20)]
    appended = say(one, said)
    assert said_to(one) == said
    assert appended.fresh == (True,) * 20
    assert appended.seqs == tuple(range(appended.seqs[0], appended.seqs[0] + 20))


def test_appending_twice_adds_nothing(atlas):
    one = atlas()
    said = [link(f"{n}.example", "10.0.0.1") for n in range(5)]
    say(one, said)
    before = dump(one)
    again = say(one, said)
    assert again.fresh == (False,) * 5
    assert again.seqs == ()
    assert dump(one) == before


def test_appending_twice_adds_nothing_after_the_atlas_was_opened_anew(atlas, opened):
    one = atlas()
    said = [link(f"{n}.example", "10.0.0.1") for n in range(5)]
    say(one, said)
    before = dump(one)
    assert say(opened(one.folder, "bank"), said).fresh == (False,) * 5
    assert dump(one) == before


def test_the_same_sentence_twice_in_one_append_is_said_once(atlas):
    one = atlas()
    assert say(one, [link("a.example", "10.0.0.1")] * 3).fresh == (True, False, False)
    assert len(said_to(one)) == 1


def test_what_was_said_under_one_marking_is_not_said_again_under_another(atlas):
    one = atlas()
    assert say(one, [link("a.example", "10.0.0.1", source(marking=AMBER))]).fresh == (True,)
    assert say(one, [link("a.example", "10.0.0.1")]).fresh == (False,)
    assert [claim.provenance.marking for claim in said_to(one)] == [AMBER]


def test_a_capture_is_entered_once_under_each_marking(atlas):
    one = atlas()
    for marking in (AMBER, CLEAR, AMBER, CLEAR):
        one.ledger.append_claims(one.speaker(), [(capture("list.txt"), marking)], [])
    written = [body.marking[0] for body in bodies(one) if body.kind == "capture/1"]
    assert written == ["TLP:AMBER", "TLP:CLEAR"]


def test_the_same_sentence_at_two_places_is_said_twice(atlas):
    one = atlas()
    said = [link("a.example", "10.0.0.1", place="line 1"), link("a.example", "10.0.0.1", place="line 2")]
    assert say(one, said).fresh == (True, True)


def test_what_another_organisation_said_is_new_from_ones_own(atlas):
    one = atlas()
    said = [link("a.example", "10.0.0.1")]
    assert say(one, said).fresh == (True,)
    assert say(seen_by(one, "police"), said).fresh == (True,)
    assert said_to(one) == said * 2


@pytest.mark.parametrize("open_captures", [0, 1, 3])
def test_however_few_captures_are_remembered_nothing_is_said_twice(atlas, monkeypatch, open_captures):
    monkeypatch.setattr("chokepoint.store.saying.OPEN_CAPTURES", open_captures)
    one = atlas()
    paths = [f"{n}.txt" for n in range(6)]
    said = [link("a.example", "10.0.0.1", source(path)) for path in paths * 2]
    assert say(one, said, paths).fresh == (True,) * 6 + (False,) * 6
    assert say(one, said, paths).fresh == (False,) * 12
    assert len(said_to(one)) == 6


@pytest.fixture(scope="module")
def growing(tmp_path_factory):
    """An atlas to which one example after the other is added."""
    folder = tmp_path_factory.mktemp("growing") / "atlas"
    one = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation="bank")))
    yield one
    one.engine.dispose()
    one.vault._engine.dispose()


@settings(max_examples=40)
@given(st.lists(claims, max_size=12))
def test_any_claims_come_back_as_said(growing, said):
    appended = say(growing, said)
    new = [claim for claim, is_new in zip(said, appended.fresh, strict=True) if is_new]
    assert claims_at(growing, appended.seqs) == [
        replace(
            claim, provenance=replace(claim.provenance, marking=kept_by(claim.provenance.marking, "bank"))
        )
        for claim in new
    ]
    assert say(growing, said).seqs == ()
    assert verify_ledger(growing.engine, growing.id).records == count(growing, "records")


def claims_at(atlas, seqs):
    """The claims at these positions, whoever may see them."""
    found = []
    with atlas.engine.connect() as connection:
        for seq in seqs:
            sql = "SELECT salt, body FROM records WHERE seq = ?"
            [body] = opened(connection, connection.exec_driver_sql(sql, (seq,)).all())
            envelope = read_envelope(body)
            found.append(read_claim(envelope.payload, Marking.from_form(envelope.marking)))
    return found


AWKWARD = [
    'it\'s "quoted"',
    "'; DROP TABLE records; --",
    "tab\tnewline\nreturn\r",
    "\x01\x1f\x7f",
    "\u202eevil\u200b",
    "ธนาคารปลอม",
    "𝒻𝒶𝓃𝒸𝓎 😀",
    "%_\\",
    "a" * 5000,
    "null",
    "-1e400",
]


@pytest.mark.parametrize("value", AWKWARD)
def test_awkward_values_survive_wherever_they_stand(atlas, value):
    one = atlas()
    said = [
        replace(link(value, value, source(origin=value), place=value), raw=value),
        replace(link(value, "x"), property="alias", object=value),
    ]
    say(one, said)
    assert said_to(one) == said
    with one.reader.connect() as connection:
        number = one.reader.eid(connection, Entity("domain-name", value))
        assert one.reader.entities(connection, [number]) == {number: Entity("domain-name", value)}
    verify_ledger(one.engine, one.id)


@pytest.mark.parametrize("path", AWKWARD)
def test_awkward_names_of_files_survive(atlas, path):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1", source(path))], [path])
    sha256 = capture(path).sha256
    with one.reader.connect() as connection:
        assert one.reader.captures(connection, [sha256]) == {sha256: path}


@given(markings)
def test_a_record_carries_the_marking_it_was_given(growing, marking):
    growing.ledger.append(growing.speaker(), [record("test/1", {}, marking)])
    written = bodies(growing)[-1].marking
    assert written[0] == marking.tlp.label
    if marking.tlp is Tlp.RED and not marking.audience:
        assert written[2] == ("bank",)
    else:
        assert set(written[2]) == marking.audience


def test_a_red_claim_is_seen_by_whoever_recorded_it_and_by_nobody_else(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1", source(marking=RED))])
    assert len(said_to(one)) == 1
    assert said_to(seen_by(one, "police")) == []


def test_a_frame_is_that_of_the_claims_own_marking(atlas):
    one = atlas()
    red = Marking(tlp=Tlp.RED, audience=frozenset({"police"}))
    said = [link("a.example", "10.0.0.1", source("a")), link("b.example", "10.0.0.1", source("b", red))]
    say(one, said, ["a", "b"])
    assert [body.marking[0] for body in bodies(one) if body.kind == "claim/1"] == ["TLP:CLEAR", "TLP:RED"]


def test_a_record_says_who_when_and_where(atlas, opened):
    one = opened(atlas().folder, "bank", "ann")
    say(one, [link("a.example", "10.0.0.1")])
    body = bodies(one)[-1]
    assert (body.atlas, body.organisation, body.author, body.recorded_at) == (one.id, "bank", "ann", AT)


def test_two_handles_that_write_at_once_lose_nothing(atlas, opened):
    first = atlas()
    handles = [first, opened(first.folder, "bank"), opened(first.folder, "police")]
    failures = []

    def work(number):
        try:
            for batch in range(8):
                said = [link(f"{number}.{batch}.{n}.example", f"10.0.0.{n}") for n in range(5)]
                assert all(say(handles[number], said).fresh)
        except Exception as failure:  # noqa: BLE001 - reported below
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    values = [claim.subject.value for claim in said_to(first)]
    assert len(values) == len(set(values)) == 3 * 8 * 5
    assert verify_ledger(first.engine, first.id).batches == count(first, "batches")


def test_two_handles_taking_turns_number_names_and_entities_alike(atlas, opened):
    first = atlas()
    second = opened(first.folder, "police")
    for turn in range(6):
        handle = (first, second)[turn % 2]
        say(handle, [link("shared.example", f"10.0.0.{turn}"), link(f"{turn}.example", "10.9.9.9")])
    with first.engine.connect() as connection:
        pairs = connection.exec_driver_sql("SELECT kind, value FROM entities").all()
        names = connection.exec_driver_sql("SELECT space, name FROM names").all()
    assert len(pairs) == len(set(pairs))
    assert len(names) == len(set(names))
    assert sum(claim.subject.value == "shared.example" for claim in said_to(first)) == 6


def test_a_failed_append_leaves_nothing_behind_and_the_next_one_works(atlas, monkeypatch):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    before = dump(one)
    said = [link("new.example", "10.0.0.2", source("new.txt", origin="new"))]
    with monkeypatch.context() as broken:
        broken.setattr(one.ledger._keys, "sign", lambda *_, **__: (_ for _ in ()).throw(LedgerError("no")))
        with pytest.raises(LedgerError):
            say(one, said, ["new.txt"])
    assert dump(one) == before
    assert say(one, said, ["new.txt"]).fresh == (True,)
    verify_ledger(one.engine, one.id)


def test_a_claim_into_a_capture_that_is_not_given_is_refused(atlas):
    one = atlas()
    before = dump(one)
    with pytest.raises(LedgerError, match="capture"):
        say(one, [link("a.example", "10.0.0.1", source("other.txt"))])
    assert dump(one) == before


def test_appending_nothing_signs_nothing(atlas):
    one = atlas()
    before = dump(one)
    assert one.ledger.append(one.speaker(), []).seqs == ()
    assert one.ledger.append_claims(one.speaker(), [], []).seqs == ()
    assert dump(one) == before
    verify_ledger(one.engine, one.id)


def test_a_capture_without_claims_is_kept_too(atlas):
    one = atlas()
    one.ledger.append_claims(one.speaker(), [(capture("empty.txt"), CLEAR)], [])
    one.ledger.append_claims(one.speaker(), [(capture("empty.txt"), CLEAR)] * 2, [])
    assert [body.kind for body in bodies(one)].count("capture/1") == 1
    assert verify_ledger(one.engine, one.id).records == count(one, "records")


def test_a_stranger_cannot_speak(atlas):
    one = atlas()
    before = dump(one)
    with pytest.raises(LedgerError, match="no member") as caught:
        one.ledger.append(Speaker(organisation="stranger", at=AT), [record("test/1", {})])
    assert caught.value.mend
    with pytest.raises(LedgerError, match="no member"):
        say(seen_by(one, "stranger"), [link("a.example", "10.0.0.1")])
    assert dump(one) == before


def test_a_member_whose_key_is_elsewhere_cannot_be_spoken_for(atlas):
    one = atlas()
    (one.folder / "keys" / f"{b'police'.hex()}.ed25519").unlink()
    before = dump(one)
    with pytest.raises(LedgerError, match="no key"):
        say(seen_by(one, "police"), [link("a.example", "10.0.0.1")])
    assert dump(one) == before


def test_joining_again_changes_nothing(atlas):
    one = atlas()
    before = dump(one)
    one.ledger.join(one.speaker(), Member(name="bank", sector=Sector.BANK, country="th"))
    assert dump(one) == before


def test_a_member_enters_with_name_key_sector_and_country(atlas):
    one = atlas("bank")
    profile = Member(name="", sector=Sector.LAW_ENFORCEMENT, country="ch", parents=frozenset({"Kanton"}))
    one.ledger.join(Speaker(organisation="Polizei Zürich", at=AT), profile)
    entered = msgspec.json.decode(bodies(one)[-1].payload)
    assert (entered["name"], entered["sector"]) == ("Polizei Zürich", "law enforcement")
    assert (entered["country"], entered["parents"]) == ("ch", ["Kanton"])
    with one.engine.connect() as connection:
        keys = dict(connection.exec_driver_sql("SELECT name, public_key FROM organisations").all())
    assert keys["Polizei Zürich"].hex() == entered["public_key"]


@pytest.mark.parametrize("name", ["Bank", "b-a-n-k", "bаnk", "BÁNK", "ｂａｎｋ", " bank."])
def test_another_spelling_of_a_member_cannot_join_beside_it(atlas, name):
    one = atlas("bank")
    before = dump(one)
    with pytest.raises(RefusedError, match="another spelling") as caught:
        one.ledger.join(Speaker(organisation=name, at=AT))
    assert caught.value.mend
    assert dump(one) == before
    assert [file.name for file in (one.folder / "keys").iterdir()] == [f"{b'bank'.hex()}.ed25519"]


@pytest.mark.parametrize("name", ["", "  ", "---", "a\nb", "x" * 101, "ธ" * 40, "\u202eknab", "\x00"])
def test_an_organisation_without_a_printable_name_of_reasonable_length_cannot_join(atlas, name):
    one = atlas("bank")
    with pytest.raises(NotValidError) as caught:
        one.ledger.join(Speaker(organisation=name, at=AT))
    assert caught.value.mend
    assert count(one, "organisations") == 1


def test_a_vote_counts_for_each_claim_it_names(atlas):
    one = atlas()
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(4)])
    police = seen_by(one, "police")
    named = ids_of(one)[:3]
    police.ledger.append(police.speaker(), [vote(named, "dispute"), vote(named[:1], "unsure")])
    with one.reader.connect() as connection:
        votes = read_votes(one.reader, connection)
    assert votes.vote.tolist() == [-1, -1, -1, 0]
    assert votes.claim[3] == votes.claim[0]


def test_a_vote_on_a_claim_that_is_not_there_counts_for_nothing(atlas):
    one = atlas()
    one.ledger.append(one.speaker(), [vote(["ab" * 32])])
    assert count(one, "votes") == 0
    verify_ledger(one.engine, one.id)


def test_a_vote_can_name_ten_thousand_claims(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    named = ids_of(one) + [f"{n:064x}" for n in range(9_999)]
    police = seen_by(one, "police")
    police.ledger.append(police.speaker(), [vote(named)])
    assert count(one, "votes") == 1


def test_an_identity_judgement_enters_both_entities_into_the_search(atlas):
    one = atlas()
    one.ledger.append(one.speaker(), [same(Entity("malware", "ryuk"), Entity("malware", "hermes"))])
    assert count(one, "sames") == 1
    assert count(one, "entities") == 2


def test_records_of_kinds_unknown_to_the_projection_are_kept_and_found(atlas):
    one = atlas()
    [seq] = one.ledger.append(one.speaker(), [record("finding/1", {"n": 1}, AMBER)]).seqs
    with one.reader.connect() as connection:
        found = list(one.reader.records(connection, "finding/1"))
    assert [(number, msgspec.json.decode(read_envelope(body).payload)) for number, _, body in found] == [
        (seq, {"n": 1})
    ]


def test_records_of_one_append_keep_their_order_and_their_kinds(atlas):
    one = atlas()
    kinds = ["a/1", "b/1", "a/1", "c/1"]
    appended = one.ledger.append(one.speaker(), [record(kind, {"n": n}) for n, kind in enumerate(kinds)])
    assert [body.kind for body in bodies(one)[-4:]] == kinds
    assert len(appended.seqs) == 4
    assert count(one, "batches") == 4


def test_rows_made_for_one_member_are_known_only_to_it(atlas):
    one = atlas()
    claim = [link("a.example", "10.0.0.1")]
    assert rows_of(one, claim)[0].fingerprint != rows_of(seen_by(one, "police"), claim)[0].fingerprint


def test_another_key_than_that_with_which_a_member_joined_appends_nothing(atlas, opened, tmp_path):
    one = atlas()
    name = one.viewer.organisation
    say(one, [link("a.example", "10.0.0.1")])
    before = dump(one)
    KeyRing(tmp_path / "other").make(name)
    [wrong] = (tmp_path / "other").iterdir()
    (one.folder / "keys" / wrong.name).write_bytes(wrong.read_bytes())
    for each in (one, opened(one.folder, name)):
        with pytest.raises(LedgerError, match="not the one with which it joined"):
            say(each, [link("b.example", "10.0.0.1")])
    assert dump(one) == before
    verify_ledger(one.engine, one.id)
