"""At every limit: one less is taken, the limit is taken, one more is refused or goes on in the next part."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event
from store_world import AT, ids_of, link, record, rows_of, said_to, say, seen_by, source, vote

from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError, NotValidError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CASE, GROUP, ROLE
from chokepoint.store import canonical, ids, interning, judged, lookup, predicates
from chokepoint.store.canonical import MAX_INTEGER
from chokepoint.store.ledger import LONGEST_NAME, Speaker
from chokepoint.store.verifying import verify_ledger
from chokepoint.store.visible import STAFF

CHUNK = predicates.CHUNK
around = pytest.mark.parametrize("count", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 1])


@pytest.fixture(scope="module")
def many(fresh_atlas):
    """More claims than two parts of a query name, each with a vote."""
    one = fresh_atlas()
    said = [link(f"{n}.example", "10.0.0.1") for n in range(2 * CHUNK + 5)]
    seqs = say(one, [*said, *(Claim(claim.subject, "alias", "x", "t", source()) for claim in said)]).seqs
    police = seen_by(one, "police")
    police.ledger.append(police.speaker(), [vote(ids_of(one)[: len(said)])])
    return one, seqs[: len(said)]


@contextmanager
def told_plans(connection):
    """The steps by which SQLite goes about each question that is asked meanwhile, known when it is over."""
    plans, asked = [], []

    def note(_connection, _cursor, statement, given, _context, _many):
        asked.append((statement, given))

    event.listen(connection.engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        event.remove(connection.engine, "before_cursor_execute", note)
    for statement, given in asked:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        plans.append([row[3] for row in rows])


class TestQueriesInParts:
    """What a query names one by one is asked in parts, of which nobody may notice anything."""

    @around
    def test_claims_of_several_parts_come_in_order(self, many, count):
        one, seqs = many
        with one.reader.connect() as connection:
            found = [claim.seq for claim in one.reader.claims(connection, reversed(seqs[:count]))]
        assert found == list(seqs[:count])

    @around
    def test_entities_are_known_in_several_parts(self, many, count):
        one, _ = many
        wanted = [Entity("domain-name", f"{n}.example") for n in range(count)]
        with one.reader.connect() as connection:
            known = lookup.known(one.reader, connection, wanted)
            again = one.reader.entities(connection, known.values())
        assert {again[number] for number in known.values()} == set(wanted)

    @around
    def test_votes_on_claims_of_several_parts(self, many, count):
        one, seqs = many
        with one.reader.connect() as connection:
            votes = judged.read_votes(one.reader, connection, seqs[:count])
        assert sorted(votes.claim.tolist()) == list(seqs[:count])

    @around
    def test_mates_paths_and_captures_of_several_parts(self, many, count):
        one, seqs = many
        with one.reader.connect() as connection:
            assert judged.mates(one.reader, connection, seqs[:count]) == list(seqs[:count])
            assert set(lookup.paths_of(one.reader, connection, seqs[:count])) == set(seqs[:count])
            assert len(lookup.captures_of(one.reader, connection, seqs[:count])) == 1
            assert lookup.records_seen(one.reader, connection, seqs[:count]) == set(seqs[:count])

    def test_mates_are_found_by_their_subject_however_many_claims_there_are(self, many):
        """SQLite may not begin with all claims under a marking: on a real atlas that took nine seconds."""
        one, seqs = many
        with one.reader.connect() as connection, told_plans(connection) as plans:
            judged.mates(one.reader, connection, seqs[:400])
        [plan] = [steps for steps in plans if len(steps) > 1 and steps[1].startswith("SEARCH d ")]
        assert "INTEGER PRIMARY KEY" in plan[0]
        assert "claims_subject" in plan[1]

    @around
    def test_texts_and_links_of_several_parts(self, many, count):
        one, _ = many
        wanted = [Entity("domain-name", f"{n}.example") for n in range(count)]
        with one.reader.connect() as connection:
            eids = list(lookup.known(one.reader, connection, wanted).values())
            assert len(lookup.texts_of(one.reader, connection, eids, limit=10_000)) == count
            assert len(lookup.links_of(one.reader, connection, eids, ["resolves-to"])) == count

    @around
    def test_nodes_of_several_parts(self, many, count):
        one, _ = many
        with one.reader.connect() as connection:
            links = one.reader.links(connection)
            nodes = one.reader.nodes(connection, links.subject[:count])
        assert sorted(nodes.value) == sorted(f"{n}.example" for n in range(count))
        assert nodes.eid.tolist() == sorted(nodes.eid.tolist())

    @around
    def test_a_recall_of_several_parts(self, fresh_atlas, count):
        one = fresh_atlas()
        seqs = say(one, [link(f"{n}.example", "10.0.0.1") for n in range(count)]).seqs
        one.ledger.append(one.speaker(), [record("recall/1", {"claims": ids_of(one), "reason": "r"})])
        with one.reader.connect() as connection:
            assert judged.recalled(one.reader, connection).tolist() == list(seqs)


@pytest.mark.parametrize("part", [2, 3, 7])
def test_positions_are_found_whatever_the_part_is(many, monkeypatch, part):
    one, _ = many
    monkeypatch.setattr(ids, "PART", part)
    names = [bytes.fromhex(name) for name in ids_of(one)[: 3 * part + 1]]
    with one.engine.connect() as connection:
        found = ids.positions(connection, [*names, *names, bytes(32)])
    assert set(found) == set(names)


def test_ten_thousand_claims_are_voted_on_at_once(fresh_atlas):
    one = fresh_atlas()
    seqs = say(one, [link(f"{n}.example", "10.0.0.1") for n in range(10_000)]).seqs
    with one.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM records WHERE seq >= ?", (seqs[0],))
        names = [row[0].hex() for row in rows]
    police = seen_by(one, "police")
    police.ledger.append(police.speaker(), [vote(names)])
    with one.reader.connect() as connection:
        assert judged.read_votes(one.reader, connection).claim.tolist() == list(seqs)


class TestNamesOfOrganisations:
    """Up to a hundred bytes of printable text that cannot be taken for anything else."""

    def join(self, atlas, name):
        atlas.ledger.join(Speaker(organisation=name, at=AT))

    @pytest.mark.parametrize(
        "name", ["x" * LONGEST_NAME, "ä" * (LONGEST_NAME // 2), "ธ" * (LONGEST_NAME // 3), "B"]
    )
    def test_the_longest_and_the_shortest_join(self, fresh_atlas, name):
        one = fresh_atlas()
        self.join(one, name)
        assert say(seen_by(one, name), [link("a.example", "10.0.0.1")]).fresh == (True,)
        assert verify_ledger(one.engine, one.id).organisations == 4

    @pytest.mark.parametrize(
        "name",
        [
            pytest.param("", id="empty"),
            pytest.param("   ", id="blanks"),
            pytest.param("x" * (LONGEST_NAME + 1), id="one-byte-more"),
            pytest.param("ธ" * 34, id="102-bytes-in-34-letters"),
            pytest.param("bank/ann", id="a-person"),
            pytest.param("a\nb", id="newline"),
            pytest.param("a\x00b", id="nul"),
            pytest.param("a\u202eb", id="right-to-left-override"),
            pytest.param("a\u200bb", id="zero-width"),
            pytest.param(f"{GROUP}x", id="a-group"),
            pytest.param(f"{CASE}x", id="a-case"),
            pytest.param(f"{ROLE}x", id="a-role"),
            pytest.param(f"{STAFF}x", id="a-register"),
        ],
    )
    def test_others_are_refused_with_what_may_be(self, fresh_atlas, name):
        one = fresh_atlas()
        with pytest.raises(NotValidError, match="cannot name an organisation") as caught:
            self.join(one, name)
        assert str(LONGEST_NAME) in caught.value.mend
        assert len(caught.value.reason) < 200
        assert verify_ledger(one.engine, one.id).organisations == 3

    @pytest.mark.parametrize(
        "name", ["BANK", "Bank", "b\u0430nk", "ｂａｎｋ"], ids=["capitals", "one", "cyrillic", "wide"]
    )
    def test_another_spelling_of_a_member_is_refused(self, fresh_atlas, name):
        one = fresh_atlas()
        with pytest.raises(RefusedError, match="another spelling of the member 'bank'"):
            self.join(one, name)

    def test_joining_again_changes_nothing(self, fresh_atlas):
        one = fresh_atlas()
        before = verify_ledger(one.engine, one.id)
        self.join(one, "bank")
        assert verify_ledger(one.engine, one.id) == before


class TestPayloads:
    """Whatever a record says, within what canonical JSON can."""

    @pytest.mark.parametrize("size", [0, 1, 8_000, 8_192, 100_000, 5_000_000])
    def test_any_size_comes_back_and_verifies(self, fresh_atlas, size):
        one = fresh_atlas()
        one.ledger.append(one.speaker(), [record("note/1", {"text": "ü" * size})])
        with one.reader.connect() as connection:
            [(_, _, body)] = one.reader.records(connection, "note/1")
        assert len(body) >= 2 * size
        verify_ledger(one.engine, one.id)

    @pytest.mark.parametrize("number", [MAX_INTEGER, -MAX_INTEGER, 0])
    def test_the_largest_integers_are_taken(self, number):
        assert canonical.canonical({"n": number}) == b'{"n":%d}' % number

    @pytest.mark.parametrize("number", [MAX_INTEGER + 1, -MAX_INTEGER - 1, 2**64, 10**30])
    def test_larger_ones_are_refused(self, number):
        with pytest.raises(NotValidError, match="beyond"):
            canonical.canonical({"n": [number]})

    @pytest.mark.parametrize(
        "value",
        [
            1.5,
            float("nan"),
            float("inf"),
            b"x",
            {1: 2},
            {"ä": 1},
            {"a": object()},
            [{"a": [1.0]}],
            {"s": {1}},
        ],
        ids=["float", "nan", "infinite", "bytes", "number-key", "umlaut-key", "object", "deep-float", "set"],
    )
    def test_what_has_no_canonical_form_is_refused(self, value):
        with pytest.raises(NotValidError):
            canonical.canonical(value)

    @pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
    def test_a_lone_surrogate_is_refused_wherever_it_stands(self, fresh_atlas, text):
        one = fresh_atlas()
        for claim in (
            link(text, "10.0.0.1"),
            link("a.example", text),
            link("a.example", "10.0.0.1", source(origin=text)),
            link("a.example", "10.0.0.1", place=text),
        ):
            with pytest.raises(NotValidError, match="surrogate"):
                rows_of(one, [claim])

    def test_what_is_appended_in_nobodys_name_is_refused(self, fresh_atlas):
        one = fresh_atlas()
        with pytest.raises(LedgerError, match="no member"):
            one.ledger.append(Speaker(organisation="", at=AT), [record("note/1", {"n": 1})])

    def test_nothing_appended_is_nothing_signed(self, fresh_atlas):
        one = fresh_atlas()
        before = verify_ledger(one.engine, one.id)
        assert one.ledger.append(one.speaker(), []).seqs == ()
        assert one.ledger.append_claims(one.speaker(), [], []).seqs == ()
        assert verify_ledger(one.engine, one.id) == before


class TestCaches:
    """What the appender remembers is bounded, and forgetting changes nothing."""

    @pytest.mark.parametrize("kept", [1, 2, 5])
    def test_of_entities(self, fresh_atlas, monkeypatch, kept):
        monkeypatch.setattr(interning, "CACHE", kept)
        one = fresh_atlas()
        for start in range(4):
            say(one, [link(f"{n}.example", "10.0.0.1") for n in range(start, start + 4)], ["list.txt"])
        assert len(said_to(one)) == 7
        with one.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM entities").scalar_one() == 8

    @pytest.mark.parametrize("kept", [1, 2])
    def test_of_what_was_said_of_captures(self, fresh_atlas, monkeypatch, kept):
        monkeypatch.setattr("chokepoint.store.saying.OPEN_CAPTURES", kept)
        one = fresh_atlas()
        paths = [f"{n}.txt" for n in range(5)]
        said = [link("a.example", f"10.0.0.{n}", source(path)) for n, path in enumerate(paths)]
        assert say(one, said, paths).fresh == (True,) * 5
        assert say(one, said, paths).fresh == (False,) * 5

    @pytest.mark.parametrize("kept", [1, 3])
    def test_of_keys_of_persons(self, fresh_atlas, monkeypatch, kept):
        monkeypatch.setattr("chokepoint.store.subjects.CACHE", kept)
        one = fresh_atlas()
        people = [Claim(Entity("person", f"P {n % 4}"), "alias", str(n), "1", source()) for n in range(12)]
        for claim in people:
            say(one, [claim])
        assert said_to(one) == people
        with one.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM subject_keys").scalar_one() == 4

    @pytest.mark.parametrize("every", [1, 2, 3, 10])
    def test_of_fresh_ids(self, fresh_atlas, monkeypatch, every):
        monkeypatch.setattr(ids, "SORTED_BY", every)
        one = fresh_atlas()
        for number in range(9):
            say(one, [link(f"{number}.example", "10.0.0.1")])
        names = [bytes.fromhex(name) for name in ids_of(one)]
        with one.engine.connect() as connection:
            assert set(ids.positions(connection, names)) == set(names)


def test_two_programs_that_append_in_turn_see_each_others_rights(fresh_atlas, opened):
    """What one remembers of who may speak is void once the other has appended."""
    one = fresh_atlas()
    other = opened(one.folder, "bank")
    bob = seen_by(one, "bank", "bob")
    one.ledger.append(one.speaker(), [record("person/1", person("bob", "active"))])
    one.ledger.append(bob.speaker(), [record("note/1", {"n": 1})])
    other.ledger.append(other.speaker(), [record("person/1", person("bob", "left"))])
    with pytest.raises(RefusedError, match="left"):
        one.ledger.append(bob.speaker(), [record("note/1", {"n": 2})])
    verify_ledger(one.engine, one.id)


def test_rights_change_with_the_record_that_changes_them(fresh_atlas):
    one = fresh_atlas()
    bob = seen_by(one, "bank", "bob")
    one.ledger.append(one.speaker(), [record("person/1", person("ann", "active"))])
    with pytest.raises(RefusedError):
        one.ledger.append(bob.speaker(), [record("note/1", {"n": 1})])
    one.ledger.append(one.speaker(), [record("person/1", person("bob", "active"))])
    one.ledger.append(bob.speaker(), [record("note/1", {"n": 1})])
    one.ledger.append(one.speaker(), [record("person/1", person("bob", "left"))])
    with pytest.raises(RefusedError):
        one.ledger.append(bob.speaker(), [record("note/1", {"n": 1})])


def person(name, state):
    return {"person": name, "roles": ["investigator"], "state": state, "token": "", "until": ""}


def test_chains_of_batches_go_on_across_programs(fresh_atlas, opened):
    """Each organisation's newest root is remembered, and looked up where another program signed meanwhile."""
    one = fresh_atlas()
    other = opened(one.folder, "bank")
    for number in range(3):
        for atlas in (one, other, seen_by(one, "police"), seen_by(other, "police")):
            atlas.ledger.append(atlas.speaker(), [record("note/1", {"n": number})])
    assert verify_ledger(one.engine, one.id).records == 3 + 12
