"""Projections are what the records say: rebuilt from the ledger alone, they are the ones that were kept."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_world import RED, ids_of, link, markings, record, rows_of, same, say, seen_by, source, vote
from store_world import claims as some_claims

from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.source import Capture
from chokepoint.proof.sealing import SEALED
from chokepoint.store.base import CAPTURE, CLAIM, RecordRow, read_claim
from chokepoint.store.canonical import read_envelope
from chokepoint.store.membership import ORGANISATION
from chokepoint.store.subjects import opened as unsealed
from searching import trigrams

TABLES = {
    "claims": (
        'SELECT c.seq, sk.name, s.value, pn.name, ok.name, o.value, c.start, c."end", c.assessment, ori.name,'
        " p.reliability, p.credibility, m.form, w.name, k.path FROM claims c JOIN entities s ON s.eid = c.subject"
        " JOIN names sk ON sk.number = s.kind JOIN names pn ON pn.number = c.property"
        " LEFT JOIN entities o ON o.eid = c.object LEFT JOIN names ok ON ok.number = o.kind"
        " JOIN provenances p ON p.number = c.provenance JOIN names ori ON ori.number = p.origin"
        " JOIN markings m ON m.number = p.marking JOIN organisations w ON w.number = m.owner"
        " JOIN captures k ON k.seq = p.capture ORDER BY c.seq"
    ),
    "votes": (
        "SELECT v.claim, w.name, v.vote, v.simulated, m.form, v.crime, v.disclose, v.until, v.record, v.despite"
        " FROM votes v JOIN organisations w ON w.number = v.organisation JOIN markings m ON m.number = v.marking"
        " ORDER BY v.record, v.claim"
    ),
    "recalls": (
        "SELECT r.claim, r.record, m.form FROM recalls r JOIN markings m ON m.number = r.marking"
        " ORDER BY r.record, r.claim"
    ),
    "sames": (
        "SELECT s.seq, a.value, b.value, w.name, s.sameness, s.permille, s.reason, m.form FROM sames s"
        ' JOIN entities a ON a.eid = s."left" JOIN entities b ON b.eid = s."right"'
        " JOIN organisations w ON w.number = s.organisation JOIN markings m ON m.number = s.marking ORDER BY s.seq"
    ),
    "others": (
        "SELECT o.seq, n.name, m.form, w.name FROM others o JOIN names n ON n.number = o.kind"
        " JOIN markings m ON m.number = o.marking JOIN organisations w ON w.number = m.owner ORDER BY o.seq"
    ),
    "captures": (
        "SELECT k.seq, k.sha256, k.path, w.name, m.form FROM captures k JOIN organisations w ON w.number = k.owner"
        " JOIN markings m ON m.number = k.marking ORDER BY k.seq"
    ),
    "entities": ("SELECT n.name, e.value FROM entities e JOIN names n ON n.number = e.kind ORDER BY 1, 2"),
    "circles": "SELECT c.scope, w.name FROM circles c JOIN organisations w ON w.number = c.owner ORDER BY 1",
    "memberships": "SELECT scope, member FROM memberships ORDER BY 1, 2",
    "tree": "SELECT level, number FROM tree ORDER BY 1, 2",
    "terms": (
        "SELECT m.form, w.name, t.term, t.needed FROM marking_terms t JOIN markings m ON m.number = t.marking"
        " JOIN organisations w ON w.number = m.owner ORDER BY 1, 2, 3"
    ),
    "markings": (
        "SELECT w.name, m.form, m.tlp, m.circle, m.moved FROM markings m"
        " JOIN organisations w ON w.number = m.owner ORDER BY 1, 2"
    ),
}
"""What each projection says, in words instead of the numbers that an atlas happens to give out."""


def projections(atlas):
    with atlas.engine.connect() as connection:
        said = {name: [tuple(row) for row in connection.exec_driver_sql(sql)] for name, sql in TABLES.items()}
        keyed = connection.exec_driver_sql(
            "SELECT count(*), count(DISTINCT id) FROM subject_keys k JOIN entities e ON e.eid = k.eid"
        ).one()
        prefixes = connection.exec_driver_sql(
            "SELECT count(*) FROM records r JOIN ids_fresh i ON i.seq = r.seq AND i.prefix = substr(r.id, 1, 8)"
        ).scalar_one()
        searched = sorted(map(len, trigrams(connection).values()))
    return {**said, "keys": tuple(keyed), "ids": prefixes, "searched": searched}


def bodies(atlas):
    """Every record in order, unsealed: its id and its envelope."""
    with atlas.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, salt, body FROM records ORDER BY seq").all()
        plain = unsealed(connection, [(row.salt, row.body) for row in rows])
    return [(row.id.hex(), read_envelope(body)) for row, body in zip(rows, plain, strict=True)]


def rebuilt(atlas, empty):
    """The records of an atlas appended one by one to an empty one with the same members.

    A record that names others names them by the ids that they have there.
    """
    names: dict[str, str] = {}
    captures: dict[str, tuple[Capture, Marking]] = {}
    for name, envelope in bodies(atlas):
        kind = envelope.kind.removeprefix(SEALED)
        marking = Marking.from_form(envelope.marking)
        by = seen_by(empty, envelope.organisation, envelope.author)
        if kind == CAPTURE:
            said = msgspec.json.decode(envelope.payload)
            captures[f"{envelope.organisation} {said['sha256']}"] = (Capture(**said), marking)
            seqs = by.ledger.append_claims(
                by.speaker(), [captures[f"{envelope.organisation} {said['sha256']}"]], []
            )
        elif kind == CLAIM:
            claim = read_claim(envelope.payload, marking)
            taken = captures[f"{envelope.organisation} {claim.provenance.capture}"]
            seqs = by.ledger.append_claims(by.speaker(), [taken], rows_of(by, [claim]))
        elif kind != ORGANISATION:
            payload = bytes(envelope.payload).decode()
            for old, new in names.items():
                payload = payload.replace(old, new)
            row = RecordRow(kind, payload.encode(), marking)
            seqs = by.ledger.append(by.speaker(), [row])
        else:
            continue
        del seqs
        names[name] = bodies_newest(empty)
    return empty


def bodies_newest(atlas):
    with atlas.engine.connect() as connection:
        sql = "SELECT id FROM records ORDER BY seq DESC LIMIT 1"
        return connection.exec_driver_sql(sql).scalar_one().hex()


GANG, BEAR = Entity("group", "worm"), Entity("group", "bear")
ANN = Entity("person", "Ann Example")


def test_all_kinds_of_records_give_the_same_projections_again(atlas):
    one = atlas("bank", "police")
    police = seen_by(one, "police")
    say(one, [link("a.example", "10.0.0.1"), Claim(ANN, "alias", "A", "2", source())])
    say(police, [link("b.example", "10.0.0.1", source("p.txt", RED))], ["p.txt"])
    ids = ids_of(one)
    police.ledger.append(police.speaker(), [vote(ids), vote(ids[:1], "dispute", RED), same(GANG, BEAR)])
    one.ledger.append(
        one.speaker(),
        [
            record("circle/1", {"scope": "group:x", "members": ["bank", "police/bob"]}),
            record("recall/1", {"claims": ids[:1], "reason": "r"}),
            same(ANN, Entity("person", "A. Example")),
            record("safety/1", {"entity": ["person", "Ann Example"]}),
            record(
                "person/1",
                {"person": "bob", "roles": ["vetter"], "state": "active", "token": "", "until": ""},
            ),
        ],
    )
    form = [list(part) if isinstance(part, tuple) else part for part in Marking(tlp=Tlp.GREEN).to_form()]
    one.ledger.append(
        one.speaker(), [record("remarking/1", {"marking": form, "reason": "r", "records": ids[1:]})]
    )
    again = rebuilt(one, atlas("bank", "police", name="again"))
    assert projections(again) == projections(one)


def test_a_hundred_votes_cast_at_once_are_projected_as_if_one_after_another(atlas):
    one = atlas()
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(10)])
    ids = ids_of(one)

    def cast(number: int) -> None:
        by = seen_by(one, ("police", "vendor")[number % 2])
        named = ids[number % 10 : number % 10 + 1 + number % 3]
        word = ("confirm", "dispute", "unsure")[number % 3]
        by.ledger.append(by.speaker(), [vote(named, word, (CLEAR, RED)[number % 5 == 0])])

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(cast, range(100)))
    again = rebuilt(one, atlas(name="again"))
    assert projections(again) == projections(one)
    assert len(projections(one)["votes"]) > 150


def test_what_many_append_at_once_is_projected_in_the_order_of_the_ledger(atlas):
    """Votes, judgements, circles and registers of one group, of which some change who may do what."""
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    ids = ids_of(one)

    def act(number: int) -> None:
        by = seen_by(one, ("police", "vendor")[number % 2])
        rows = [
            vote(ids),
            same(Entity("malware", f"m{number}"), Entity("malware", "m")),
            record("circle/1", {"scope": f"group:{number % 4}", "members": [f"bank/{number}"]}),
            record("test/1", {"n": number}),
        ]
        by.ledger.append(by.speaker(), rows[number % 4 :])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(40)))
    again = rebuilt(one, atlas(name="again"))
    assert projections(again) == projections(one)


@given(
    batches=st.lists(st.lists(some_claims, min_size=1, max_size=4), min_size=1, max_size=3), marks=markings
)
@settings(max_examples=8)
def test_any_claims_are_projected_in_batches_as_one_by_one(fresh_atlas, batches, marks):
    one = fresh_atlas()
    for number, batch in enumerate(batches):
        path = f"{number}.txt"
        where = source(path, marks)
        say(one, [replace(claim, provenance=where) for claim in batch], [path])
    again = rebuilt(one, fresh_atlas())
    assert projections(again) == projections(one)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("vote/1", {"bank"}),
        ("identity/1", {"bank"}),
        ("note/1", set()),
        ("access/1", set()),
        ("finding/1", set()),
        ("circle/1", set()),
    ],
    ids=str,
)
def test_only_what_a_map_is_made_of_makes_its_marking_newer(atlas, kind, changes):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    rows = {
        "vote/1": vote(ids_of(one)),
        "identity/1": same(GANG, BEAR),
        "circle/1": record("circle/1", {"scope": "group:x", "members": []}),
    }
    with one.reader.connect() as connection:
        before = one.reader.data_position(connection)
    [seq] = one.ledger.append(one.speaker(), [rows.get(kind, record(kind, {"n": 1}))]).seqs
    with one.reader.connect() as connection:
        after = one.reader.data_position(connection)
    assert after == ((seq, before[1]) if changes else before)


def test_a_claim_makes_its_marking_newer_up_to_the_last_of_its_batch(atlas):
    one = atlas()
    seqs = say(one, [link(f"{n}.example", "10.0.0.1") for n in range(5)]).seqs
    with one.reader.connect() as connection:
        assert one.reader.data_position(connection)[0] == seqs[-1]
    say(one, [link("hidden.example", "10.0.0.1", source("h.txt", RED))], ["h.txt"])
    stranger = seen_by(one, "stranger")
    with stranger.reader.connect() as connection:
        assert stranger.reader.data_position(connection)[0] == seqs[-1]


def test_json_of_a_payload_is_kept_byte_for_byte(atlas):
    one = atlas()
    payload = json.dumps({"z": 1, "a": ["ü", "\u2028", "</script>"]}, ensure_ascii=False).encode()
    one.ledger.append(one.speaker(), [RecordRow("test/1", payload, CLEAR)])
    assert bytes(bodies(one)[-1][1].payload) == payload
