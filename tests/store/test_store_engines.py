"""One contract for every engine: what is appended is read back, by whom it may be, and holds together."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_world import (
    AMBER,
    AT,
    RED,
    capture,
    ids_of,
    link,
    record,
    rows_of,
    said_to,
    same,
    say,
    seen_by,
    source,
    vote,
)
from store_world import claims as some_claims

from chokepoint.desk.keeping.care import verify
from chokepoint.model.claim import Claim, Nature, on_day
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.store import ids, lookup
from chokepoint.store.interning import Space
from chokepoint.store.judged import read_votes
from chokepoint.store.ledger import Ledger, Speaker
from chokepoint.store.verifying import verify_ledger

EVIL, GOOD, AWAY = link("evil.com", "1.2.3.4"), link("good.com", "1.2.3.4"), link("evil.com", "5.6.7.8")


def values(atlas, eids):
    with atlas.reader.connect() as connection:
        found = atlas.reader.entities(connection, eids)
        return [found[eid].value for eid in eids]


def test_what_was_said_is_read_back_as_it_was_said(anywhere):
    atlas = anywhere()
    dated = replace(EVIL, observed=on_day("2023-01-08"), nature=Nature.ASSESSMENT, raw="EVIL.com")
    text = Claim(Entity("person", "ก ไก่"), "alias", "it's 100 % “ok”?", "line 2", source())
    assert say(atlas, [dated, text]).fresh == (True, True)
    assert said_to(atlas) == [dated, text]


def test_saying_it_again_adds_nothing_and_another_member_says_it_anew(anywhere):
    atlas = anywhere()
    say(atlas, [EVIL])
    assert say(atlas, [EVIL, GOOD, GOOD]).fresh == (False, True, False)
    assert say(seen_by(atlas, "police"), [EVIL]).fresh == (True,)
    assert said_to(atlas) == [EVIL, GOOD, EVIL]


@pytest.mark.parametrize("marking", [RED, AMBER], ids=["red", "amber"])
def test_what_is_hidden_is_in_no_answer(anywhere, marking):
    atlas = anywhere()
    hidden = link("secret.com", "9.9.9.9", source("secret.txt", marking, "a secret source"))
    say(atlas, [EVIL])
    say(atlas, [hidden], ["secret.txt"])
    other = seen_by(atlas, "stranger")
    assert said_to(other) == [EVIL]
    with other.reader.connect() as connection:
        reader = other.reader
        assert reader.eid(connection, hidden.subject) is None
        assert lookup.holding(reader, connection, "secret", 5) == []
        assert lookup.starting(reader, connection, "9.9", 5) == []
        assert set(reader.names(connection, Space.ORIGIN).values()) == {"origin"}
        assert reader.captures(connection, [capture("secret.txt").sha256]) == {}
        assert len(reader.links(connection).seq) == 1
    with atlas.reader.connect() as connection:
        assert atlas.reader.eid(connection, hidden.subject) is not None


def test_votes_and_judgements_come_back_with_who_made_them(anywhere):
    atlas = anywhere()
    say(atlas, [EVIL, GOOD])
    police = seen_by(atlas, "police")
    police.ledger.append(
        police.speaker(),
        [vote(ids_of(atlas)[:1]), vote(ids_of(atlas), "dispute"), same(EVIL.subject, GOOD.subject)],
    )
    with atlas.reader.connect() as connection:
        reader = atlas.reader
        seqs = [one.seq for one in reader.claims_by_id(connection, ids_of(atlas))]
        assert read_votes(reader, connection, seqs).vote.tolist() == [1, -1, -1]
        assert read_votes(reader, connection, seqs[1:]).vote.tolist() == [-1]
        [judged] = lookup.sames(reader, connection, 5)
        assert (judged.left, judged.right, judged.organisation) == (EVIL.subject, GOOD.subject, "police")
        assert reader.sames(connection).sameness.tolist() == [1]


def test_columns_hold_what_the_claims_say(anywhere):
    atlas = anywhere()
    dated = replace(AWAY, observed=on_day("2023-01-08"), nature=Nature.ASSESSMENT)
    say(atlas, [EVIL, dated, Claim(EVIL.subject, "alias", "only a text", "line 3", source())])
    with atlas.reader.connect() as connection:
        links = atlas.reader.links(connection)
        found = atlas.reader.entities(connection, {*links.subject.tolist(), *links.object.tolist()})
        assert [found[eid].value for eid in links.object.tolist()] == ["1.2.3.4", "5.6.7.8"]
        assert links.start.tolist()[1] == 19365
        assert links.end.tolist()[1] == 19366
        assert links.assessment.tolist() == [False, True]
        nodes = atlas.reader.nodes(connection, links.object)
        assert sorted(nodes.value) == ["1.2.3.4", "5.6.7.8"]


def test_a_text_is_found_by_its_beginning_and_by_what_it_holds(anywhere):
    atlas = anywhere()
    hosts = ["evil.com", "very-evil.com", "Evil.com", "50%evil.net", "under_score.net", "aอีวิล.com"]
    say(atlas, [link(host, "1.2.3.4") for host in hosts])
    with atlas.reader.connect() as connection:
        reader = atlas.reader
        holding = lambda words: lookup.holding(reader, connection, words, 9)  # noqa: E731 - said five times
        assert values(atlas, holding("evil")) == ["Evil.com", "evil.com", "50%evil.net", "very-evil.com"]
        assert values(atlas, holding("%evil")) == ["50%evil.net"]
        assert values(atlas, holding("r_s")) == ["under_score.net"]
        assert values(atlas, holding("อีวิ")) == ["aอีวิล.com"]
        assert values(atlas, holding("vi")) == ["Evil.com", "evil.com", "50%evil.net", "very-evil.com"]
        assert values(atlas, lookup.starting(reader, connection, "ev", 9)) == ["evil.com"]
        assert values(atlas, lookup.starting(reader, connection, "", 9)) == sorted([*hosts, "1.2.3.4"])
        assert holding("nothing") == []


def test_ids_lead_to_positions_and_beginnings_to_ids(anywhere, monkeypatch):
    monkeypatch.setattr(ids, "SORTED_BY", 7)
    atlas = anywhere()
    for number in range(12):
        say(atlas, [link(f"n{number}.com", "1.2.3.4")])
    names = ids_of(atlas)
    with atlas.reader.connect() as connection:
        found = ids.positions(connection, [bytes.fromhex(name) for name in names] + [bytes(32)])
        assert len(found) == 12
        assert lookup.claim_ids(atlas.reader, connection, names[3]) == [names[3]]
        assert lookup.claim_ids(atlas.reader, connection, names[3][:12]) == [names[3]]


def test_the_log_verifies_and_a_changed_byte_is_found(anywhere):
    atlas = anywhere()
    say(atlas, [link(f"n{number}.com", "1.2.3.4") for number in range(600)])
    assert verify(atlas, captures=False).records == 3 + 1 + 600
    with atlas.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE records SET salt = ? WHERE seq = ?", (bytes(32), 77))
    with pytest.raises(LedgerError, match="not those of its id") as caught:
        verify_ledger(atlas.engine, atlas.id)
    assert caught.value.place == "record 77"


def test_a_refused_append_leaves_nothing(anywhere):
    atlas = anywhere()
    before = verify(atlas, captures=False)
    with pytest.raises(LedgerError, match="not given"):
        say(atlas, [EVIL, link("b.com", "1.1.1.1", source("other.txt"))])
    assert verify(atlas, captures=False) == before
    say(atlas, [EVIL])
    assert said_to(atlas) == [EVIL]


def test_two_writers_at_once_lose_nothing_and_the_log_holds(anywhere):
    atlas = anywhere()
    faults = []

    def write(organisation):
        ledger = Ledger(atlas.engine, atlas.keys, atlas.id)
        who = Speaker(organisation=organisation, at=AT)
        mine = seen_by(atlas, organisation)
        try:
            for number in range(8):
                rows = rows_of(
                    mine, [link(f"{organisation}{number}-{part}.com", "1.2.3.4") for part in range(60)]
                )
                ledger.append_claims(who, [(capture("list.txt", organisation), CLEAR)], rows)
        except Exception as error:  # noqa: BLE001 - told below, by the test's own thread
            faults.append(error)

    writers = [threading.Thread(target=write, args=(name,)) for name in ("bank", "police")]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert faults == []
    assert len(said_to(atlas)) == 2 * 8 * 60
    assert verify(atlas, captures=False).records == 3 + 2 + 2 * 8 * 60


def test_captures_are_kept_once_and_given_back_whole(anywhere):
    vault = anywhere().vault
    [name, again, other] = vault.put([b"evidence", b"evidence", bytes(range(256)) * 40])
    assert name == again
    assert vault.get(name) == b"evidence"
    assert vault.get(other) == bytes(range(256)) * 40
    assert vault.has(name)
    assert not vault.has("0" * 64)


def test_records_of_other_kinds_are_given_to_whom_they_are_open(anywhere):
    atlas = anywhere()
    atlas.ledger.append(atlas.speaker(), [record("test/1", {"n": 1}), record("test/1", {"n": 2}, RED)])
    with atlas.reader.connect() as connection:
        assert len(list(atlas.reader.records(connection, "test/1"))) == 2
    stranger = seen_by(atlas, "stranger")
    with stranger.reader.connect() as connection:
        assert len(list(stranger.reader.records(connection, "test/1"))) == 1


@pytest.fixture
def both(atlas, in_postgres):
    """The same new atlas on each engine."""
    return atlas(), in_postgres()


@given(said=st.lists(some_claims, max_size=6))
@settings(max_examples=15)
def test_any_claims_are_read_alike_on_both_engines(both, said):
    fresh = [say(one, said).fresh for one in both]
    assert fresh[0] == fresh[1]
    assert said_to(both[0]) == said_to(both[1])
