"""Personal payloads lie sealed in the ledger, open to readers, and closed for ever once a key is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from store_world import claims, link, said_to, same, say, seen_by, source, vote

from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp, Viewer, kept_by, may_see
from chokepoint.settings import Settings
from chokepoint.store.canonical import read_envelope
from chokepoint.store.judged import read_votes
from chokepoint.store.proving import prove
from chokepoint.store.subjects import opened, personal_in, personal_kinds
from chokepoint.store.verifying import verify_ledger
from chokepoint.wiring import make_atlas

NAME = "Somchai Testperson"
PERSON = Entity("person", NAME)
ACCOUNT = Entity("email-addr", "somchai@example.org")
DOMAIN = Entity("domain-name", "evil.example")


def about(subject: Entity, thing: Entity | str, marking=None) -> Claim:
    given = source(marking=marking) if marking else source()
    return Claim(subject, "alias" if isinstance(thing, str) else "uses", thing, "line 1", given)


def bodies(atlas) -> list[tuple[int, bytes]]:
    with atlas.engine.connect() as connection:
        rows = connection.execute(text("SELECT seq, body FROM records ORDER BY seq")).all()
    return [(row.seq, row.body) for row in rows]


def keys(atlas) -> int:
    with atlas.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM subject_keys")).scalar_one()


def test_no_word_of_a_personal_payload_lies_open_in_the_log(atlas):
    one = atlas()
    say(one, [about(PERSON, ACCOUNT), about(DOMAIN, PERSON), about(PERSON, "The Alias")])
    for _, body in bodies(one):
        for word in (NAME, ACCOUNT.value, "The Alias", DOMAIN.value):
            assert word.encode() not in body
    kinds = [read_envelope(body).kind for _, body in bodies(one)]
    assert kinds.count("sealed-claim/1") == 3
    verify_ledger(one.engine, one.id)


def test_readers_see_what_was_said(atlas):
    one = atlas()
    said = [about(PERSON, ACCOUNT), about(DOMAIN, Entity("ipv4-addr", "10.0.0.1")), about(PERSON, "Alias")]
    say(one, said)
    assert said_to(one) == said


@given(st.lists(claims, max_size=8))
def test_any_claims_are_read_as_they_were_said(sealed_atlas, said):
    appended = say(sealed_atlas, said)
    new = [claim for claim, fresh in zip(said, appended.fresh, strict=True) if fresh]
    reader = sealed_atlas.reader
    with reader.connect() as connection:
        found = [one.claim for one in reader.claims(connection, appended.seqs)]
    assert [(one.subject, one.object, one.raw) for one in found] == [
        (one.subject, one.object, one.raw)
        for one in new
        if may_see(sealed_atlas.viewer, kept_by(one.provenance.marking, "bank"), "bank")
    ]


@pytest.fixture(scope="module")
def sealed_atlas(tmp_path_factory):

    folder = tmp_path_factory.mktemp("sealed") / "atlas"
    one = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation="bank")))
    yield one
    one.engine.dispose()
    one.vault._engine.dispose()


def test_what_is_about_nobody_is_not_sealed(atlas):
    one = atlas()
    say(one, [link("evil.example", "10.0.0.1")])
    assert keys(one) == 0
    assert any(b"evil.example" in body for _, body in bodies(one))


def test_an_entity_keeps_its_key_whoever_speaks_of_it(atlas, opened):
    one = atlas()
    say(one, [about(PERSON, ACCOUNT)])
    police = opened(one.folder, "police")
    say(police, [about(PERSON, "Other")])
    assert keys(one) == 2
    assert len(said_to(one)) == 2


def test_with_one_key_destroyed_what_concerns_it_is_read_by_nobody(atlas):
    one = atlas()
    say(
        one,
        [
            about(PERSON, ACCOUNT),
            about(PERSON, "Alias"),
            about(ACCOUNT, "Handle"),
            link("a.example", "10.0.0.1"),
        ],
    )
    with one.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM subject_keys WHERE eid = (SELECT eid FROM entities WHERE value = :value)"),
            {"value": NAME},
        )
    assert [claim.subject for claim in said_to(one)] == [ACCOUNT, Entity("domain-name", "a.example")]
    with one.engine.connect() as connection:
        rows = connection.execute(text("SELECT salt, body FROM records")).all()
        found = opened_all(connection, rows)
        assert found.count(None) == 2
    verify_ledger(one.engine, one.id)


def opened_all(connection, rows):
    return opened(connection, [(row.salt, row.body) for row in rows])


def test_identity_judgements_about_people_are_sealed_and_read(atlas):
    one = atlas()
    other = Entity("person", "S. Testperson")
    say(one, [about(PERSON, ACCOUNT), about(other, ACCOUNT)])
    one.ledger.append(
        one.speaker(), [same(PERSON, other), same(Entity("malware", "a"), Entity("malware", "b"))]
    )
    kinds = [read_envelope(body).kind for _, body in bodies(one)]
    assert kinds.count("sealed-identity/1") == kinds.count("identity/1") == 1
    reader = one.reader
    with reader.connect() as connection:
        said = [read_envelope(body) for _, _, body in reader.records(connection, "identity/1")]
    assert [envelope.kind for envelope in said] == ["identity/1"] * 2
    assert NAME.encode() in bytes(said[0].payload)


def test_votes_on_sealed_claims_are_counted(atlas):
    one = atlas()
    say(one, [about(PERSON, ACCOUNT)])
    reader = one.reader
    with reader.connect() as connection:
        (stored,) = reader.claims(connection, range(1, 99))
    police = seen_by(one, "police")
    police.ledger.append(police.speaker(), [vote([stored.id])])
    with reader.connect() as connection:
        assert len(read_votes(reader, connection).vote) == 1


def test_a_marking_hides_sealed_claims_as_it_hides_others(atlas):
    one = atlas()
    say(one, [about(PERSON, ACCOUNT, Marking(tlp=Tlp.RED))])
    assert said_to(seen_by(one, "police")) == []
    assert len(said_to(one)) == 1


def test_the_same_sentence_is_known_again_although_it_is_sealed(atlas):
    one = atlas()
    assert say(one, [about(PERSON, ACCOUNT)]).fresh == (True,)
    assert say(one, [about(PERSON, ACCOUNT)]).fresh == (False,)


def test_a_proof_carries_the_key_of_its_own_record_alone(atlas):
    one = atlas()
    seqs = say(one, [about(PERSON, ACCOUNT), about(PERSON, "Alias"), link("a.example", "10.0.0.1")]).seqs
    with one.engine.connect() as connection:
        first, second, plain = prove(connection, seqs)
    assert len(first.key) == len(second.key) == 32
    assert first.key != second.key
    assert plain.key == b""


def test_a_refused_append_leaves_no_key_behind_and_no_confusion(atlas):
    one = atlas()
    with pytest.raises(LedgerError):
        say(one, [about(PERSON, ACCOUNT), Claim(PERSON, "uses", ACCOUNT, "line 1", source("missing.txt"))])
    assert keys(one) == 0
    say(one, [about(PERSON, ACCOUNT)])
    assert len(said_to(one)) == 1


def test_the_vocabulary_says_who_is_personal():
    assert {"person", "persona", "email-addr", "phone-number", "bank-account"} <= personal_kinds()
    assert not personal_kinds() & {"domain-name", "ipv4-addr", "malware", "file"}


@pytest.mark.parametrize("kind", ["vote/1", "case/1", "capture/1"])
def test_records_that_name_no_entity_are_not_sealed(kind):
    assert personal_in(kind, b'{"left":["person","x"]}') == []
