"""Reading: a viewer's map is made of what they may see, and would be the same if the rest did not exist.

The differential test makes two atlases of random records: in one everything, in the other only what the
viewer may see. Every reading method has to give the same answer on both.
"""

from __future__ import annotations

import itertools
import shutil
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event
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

from chokepoint.model.claim import Claim, Nature, Provenance, on_day
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer, kept_by, may_see
from chokepoint.model.source import Grading
from chokepoint.settings import Settings
from chokepoint.store import judged, lookup
from chokepoint.store.base import CAPTURE, CLAIM, UNKNOWN_DAY
from chokepoint.store.canonical import read_envelope
from chokepoint.store.interning import Space
from chokepoint.store.membership import ORGANISATION
from chokepoint.wiring import make_atlas, open_atlas

MEMBERS = ("bank", "police", "vendor")
WORLD = [Entity("domain-name", f"{name}.example") for name in ("aaa", "aab", "bbb", "ค้าขาย")]
WORLD += [Entity("ipv4-addr", "10.0.0.1"), Entity("malware", "aaa")]
ORIGINS = ["first origin", "second origin", "third origin"]

members = st.sampled_from(MEMBERS)
markings = st.builds(
    Marking,
    tlp=st.sampled_from(list(Tlp)),
    audience=st.one_of(st.just(frozenset()), st.sets(members, min_size=1, max_size=2).map(frozenset)),
)


@dataclass(frozen=True)
class Said:
    """A claim, as one action of a random history."""

    by: str
    subject: Entity
    property: str
    object: Entity | str
    origin: str
    marking: Marking
    path: str
    assessment: bool

    def claim(self, number: int) -> Claim:
        provenance = Provenance(
            capture=capture(self.path).sha256,
            origin=self.origin,
            grading=Grading("C", "3"),
            marking=self.marking,
        )
        nature = Nature.ASSESSMENT if self.assessment else Nature.FACT
        observed = on_day("2023-01-08") if number % 2 else None
        return Claim(self.subject, self.property, self.object, f"line {number}", provenance, observed, nature)


@dataclass(frozen=True)
class Voted:
    """A vote on the claim at an index of the history."""

    by: str
    on: int
    word: str
    marking: Marking


@dataclass(frozen=True)
class Judged:
    """A judgement that two entities are one."""

    by: str
    left: Entity
    right: Entity
    marking: Marking


@dataclass(frozen=True)
class Found:
    """A record that no projection knows."""

    by: str
    marking: Marking


paths = st.sampled_from(["a.txt", "b.txt", "c/d.txt"])
saids = st.one_of(
    st.builds(
        Said,
        members,
        st.sampled_from(WORLD),
        st.sampled_from(["resolves-to", "indicates"]),
        st.sampled_from(WORLD),
        st.sampled_from(ORIGINS),
        markings,
        paths,
        st.booleans(),
    ),
    st.builds(
        Said,
        members,
        st.sampled_from(WORLD),
        st.just("alias"),
        st.sampled_from(["known as", "ค้า"]),
        st.sampled_from(ORIGINS),
        markings,
        paths,
        st.booleans(),
    ),
)
others = st.one_of(
    st.builds(
        Voted, members, st.integers(0, 30), st.sampled_from(["confirm", "dispute", "unsure"]), markings
    ),
    st.builds(Judged, members, st.sampled_from(WORLD), st.sampled_from(WORLD), markings),
    st.builds(Found, members, markings),
)
histories = st.tuples(st.lists(saids, min_size=1, max_size=10), st.lists(others, max_size=8))
viewers = st.sampled_from([*[Viewer(organisation=name) for name in MEMBERS], Viewer(organisation="stranger")])


def visible_part(history, viewer):
    """The history without what the viewer may not see; votes still point at the claims they were cast on."""

    who = viewer if viewer.organisation in MEMBERS else Viewer(organisation="")

    def seen(action):
        return may_see(who, kept_by(action.marking, action.by), action.by)

    saids, others = history
    claims = [(number, said) for number, said in enumerate(saids) if seen(said)]
    spoken = {end for _, said in claims for end in (said.subject, said.object)}
    kept = []
    for action in others:
        if not seen(action):
            continue
        if isinstance(action, Voted) and action.on % len(saids) not in dict(claims):
            continue
        if isinstance(action, Judged) and not {action.left, action.right} <= spoken:
            continue
        kept.append(action)
    return claims, kept


def build(atlas, saids, others, total):
    """Append a history; claims keep their number, so that both atlases hold the same sentences."""
    names = {}
    for number, said in saids:
        one = seen_by(atlas, said.by)
        rows = rows_of(one, [said.claim(number)])
        [seq] = one.ledger.append_claims(one.speaker(), [(capture(said.path), said.marking)], rows).seqs
        with atlas.engine.connect() as connection:
            sql = "SELECT id FROM records WHERE seq = ?"
            names[number] = connection.exec_driver_sql(sql, (seq,)).scalar_one().hex()
    for action in others:
        one = seen_by(atlas, action.by)
        if isinstance(action, Voted):
            row = vote([names[action.on % total]], action.word, action.marking)
        elif isinstance(action, Judged):
            row = same(action.left, action.right, action.marking)
        else:
            row = record("finding/1", {"by": action.by}, action.marking)
        one.ledger.append(one.speaker(), [row])


class Seen:
    """All that one viewer gets out of an atlas, with nothing that depends on numbers or salts."""

    def __init__(self, atlas, viewer):
        self.reader = seen_by(atlas, viewer.organisation, viewer.user).reader
        with self.reader.connect() as self.connection:
            self.everything = self._every_claim()
            self.by_seq = {stored.seq: self.plain(stored) for stored in self.everything}
            self.eids = {
                entity: number
                for entity in WORLD
                if (number := self.reader.eid(self.connection, entity)) is not None
            }
            self.kinds = self.reader.names(self.connection, Space.KIND)
            self.properties = self.reader.names(self.connection, Space.PROPERTY)
            self.origins = self.reader.names(self.connection, Space.ORIGIN)
            self.organisations = self.reader.organisations(self.connection)
            self.answers = {**self._read(), **self._looked_up()}

    def _every_claim(self):
        last = self.reader.position(self.connection)
        return list(self.reader.claims(self.connection, range(1, last + 1)))

    @staticmethod
    def plain(stored):
        return (stored.contributor, stored.recorded_at, stored.claim)

    def entity(self, eid):
        return self.reader.entities(self.connection, [int(eid)])[int(eid)]

    def claims(self, seqs):
        return [self.by_seq[int(seq)] for seq in seqs]

    def _read(self):
        reader, connection = self.reader, self.connection
        ids = [stored.id for stored in self.everything]
        with_property = reader.with_property(connection, ["alias", "resolves-to"])
        return {
            "claims": [self.plain(stored) for stored in self.everything],
            "entities": set(self.eids),
            "origins": set(self.origins.values()),
            "members": set(self.organisations.values()),
            "links": self._links(),
            "votes": self._votes(),
            "sames": self._sames(),
            "about": {
                entity: self.claims(reader.about(connection, eid)) for entity, eid in self.eids.items()
            },
            "with property": self.claims(with_property),
            "by id": [self.plain(stored) for stored in reader.claims_by_id(connection, ids)],
            "captures": reader.captures(connection, [capture(path).sha256 for path in PATHS]),
            "records": {kind: self._records(kind) for kind in (CLAIM, CAPTURE, ORGANISATION, "finding/1")},
        }

    def _records(self, kind):
        envelopes = [read_envelope(body) for _, _, body in self.reader.records(self.connection, kind)]
        return [
            (envelope.organisation, envelope.marking, bytes(envelope.payload))
            for envelope in envelopes
            if kind != ORGANISATION
        ]

    def _links(self):
        columns = self.reader.links(self.connection)
        nodes = self.reader.nodes(self.connection, columns.subject)
        return [
            sorted(
                (self.kinds[kind], value)
                for kind, value in zip(nodes.kind.tolist(), nodes.value, strict=True)
            ),
            [
                (
                    self.by_seq[int(columns.seq[at])],
                    self.entity(columns.subject[at]),
                    self.properties[int(columns.property[at])],
                    self.entity(columns.object[at]),
                    self.origins[int(columns.origin[at])],
                    self.organisations[int(columns.owner[at])],
                    (int(columns.reliability[at]), int(columns.credibility[at])),
                    (int(columns.start[at]), int(columns.end[at]), bool(columns.assessment[at])),
                )
                for at in range(len(columns.seq))
            ],
        ]

    def _votes(self):
        votes = judged.read_votes(self.reader, self.connection)
        return [
            (self.by_seq[int(claim)], self.organisations[int(organisation)], *map(int, rest))
            for claim, organisation, *rest, _ in zip(*votes[:7], votes.position, strict=True)
        ]

    def _sames(self):
        sames = self.reader.sames(self.connection)
        return [
            (self.entity(left), self.entity(right), int(word), self.organisations[int(organisation)])
            for left, right, word, organisation in zip(*sames[:4], strict=True)
        ]

    def _looked_up(self):
        reader, connection = self.reader, self.connection
        eids, seqs = list(self.eids.values()), list(self.by_seq)
        listings = lookup.links_of(reader, connection, eids, ["resolves-to", "indicates"])
        return {
            "known": set(lookup.known(reader, connection, WORLD)),
            "holding": [
                [self.entity(eid) for eid in lookup.holding(reader, connection, words, 50)]
                for words in ("a", "aaa", "example", "ค้า", "%", "_")
            ],
            "starting": [
                [self.entity(eid) for eid in lookup.starting(reader, connection, words, 50)]
                for words in ("aa", "10.", "ค", "")
            ],
            "counts": {
                entity: lookup.claim_counts(reader, connection, [eid])[eid]
                for entity, eid in self.eids.items()
            },
            "paths": [path for _, path in sorted(lookup.paths_of(reader, connection, seqs).items())],
            "votes on": [
                (self.by_seq[claim], self.organisations[who], word)
                for claim, who, word in zip(
                    *(column.tolist() for column in judged.read_votes(reader, connection, seqs)[:3]),
                    strict=True,
                )
            ],
            "recalled": [self.by_seq[seq] for seq in judged.recalled(reader, connection).tolist()],
            "mates": [self.by_seq[seq] for seq in judged.mates(reader, connection, seqs)],
            "sames of": {
                entity: [
                    (one.left, one.right, one.organisation)
                    for one in lookup.sames_of(reader, connection, eid)
                ]
                for entity, eid in self.eids.items()
            },
            "sames": [
                (one.left, one.right, one.organisation) for one in lookup.sames(reader, connection, 100)
            ],
            "listings": [
                (self.entity(one.subject), one.property, self.entity(one.object), one.origin, one.contributor)
                for one in listings
            ],
            "ids": [len(lookup.claim_ids(reader, connection, stored.id[:12])) for stored in self.everything],
        }


PATHS = ("a.txt", "b.txt", "c/d.txt")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """An atlas with three members and nothing in it, to be copied."""
    folder = tmp_path_factory.mktemp("template") / "atlas"
    for organisation in MEMBERS:
        made = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=organisation)))
        made.engine.dispose()
        made.vault._engine.dispose()
    return folder


@pytest.fixture
def copy(template, tmp_path):
    """Copies of the template, opened; closed when the test ends."""
    numbers, made = itertools.count(), []

    def fresh():
        folder = shutil.copytree(template, tmp_path / str(next(numbers)))
        atlas = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation="bank")))
        event.listen(atlas.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        made.append(atlas)
        return replace(atlas, clock=lambda: AT)

    yield fresh
    for atlas in made:
        atlas.engine.dispose()
        atlas.vault._engine.dispose()


@settings(max_examples=80)
@given(history=histories, viewer=viewers)
def test_every_answer_is_the_same_as_if_what_is_hidden_did_not_exist(copy, history, viewer):
    saids, others = history
    whole, part = copy(), copy()
    build(whole, list(enumerate(saids)), others, len(saids))
    build(part, *visible_part(history, viewer), len(saids))
    expected, answered = Seen(part, viewer).answers, Seen(whole, viewer).answers
    for method, answer in expected.items():
        assert answered[method] == answer, method
    for atlas in (whole, part):
        atlas.engine.dispose()


def test_ids_of_hidden_claims_find_nothing(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1", source(marking=AMBER))])
    [hidden] = ids_of(one)
    police = seen_by(one, "police").reader
    with police.connect() as connection:
        assert list(police.claims_by_id(connection, [hidden])) == []
        assert lookup.claim_ids(police, connection, hidden) == []


@pytest.mark.parametrize("name", ["", "zz" * 32, "ab" * 31, "ab" * 33, "' OR 1=1 --", "AB" * 32, "é" * 64])
def test_an_id_that_is_none_finds_nothing(atlas, name):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    with one.reader.connect() as connection:
        assert list(one.reader.claims_by_id(connection, [name])) == []


def test_claims_by_id_are_found_among_many(atlas):
    one = atlas()
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(900)])
    names = ids_of(one)
    with one.reader.connect() as connection:
        found = [stored.id for stored in one.reader.claims_by_id(connection, reversed(names[::2]))]
    assert found == names[::2]


def test_a_vote_for_all_on_a_claim_for_few_shows_nothing_of_the_claim(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1", source(marking=AMBER))])
    one.ledger.append(one.speaker(), [vote(ids_of(one), marking=CLEAR)])
    for name, expected in (("bank", 1), ("police", 0)):
        reader = seen_by(one, name).reader
        with reader.connect() as connection:
            assert len(judged.read_votes(reader, connection).claim) == expected


def test_a_judgement_for_all_on_what_few_may_see_shows_nothing_of_it(atlas):
    one = atlas()
    hidden, shown = WORLD[0], WORLD[1]
    say(
        one,
        [link(hidden.value, "10.0.0.1", source(marking=AMBER)), link(shown.value, "10.0.0.2", source("b"))],
        ["list.txt", "b"],
    )
    one.ledger.append(one.speaker(), [same(hidden, shown, CLEAR)])
    for name, expected in (("bank", 1), ("police", 0)):
        reader = seen_by(one, name).reader
        with reader.connect() as connection:
            assert len(reader.sames(connection).left) == expected


def test_a_hub_is_read_to_its_oldest_claim_unless_fewer_are_asked_for(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1", source())])
    with one.engine.begin() as connection:
        [oldest, hub] = connection.exec_driver_sql("SELECT seq, subject FROM claims").one()
        connection.exec_driver_sql(
            "WITH RECURSIVE more(seq) AS (SELECT 1000 UNION ALL SELECT seq + 1 FROM more WHERE seq < 11000)"
            " INSERT INTO claims (seq, subject, property, provenance, assessment, fingerprint, marking)"
            " SELECT more.seq, subject, property, provenance, assessment, more.seq, marking FROM claims, more"
        )
    with one.reader.connect() as connection:
        found = one.reader.about(connection, hub)
        assert (len(found), found[0], found[-1]) == (10_002, 11_000, oldest)
        assert one.reader.about(connection, hub, limit=2) == [11_000, 10_999]


def test_the_same_bytes_taken_in_by_two_members_have_the_name_that_the_viewer_may_see(atlas):
    one = atlas()
    for name, marking in (("bank", AMBER), ("police", CLEAR)):
        member = seen_by(one, name)
        taken = capture("same bytes")
        taken = type(taken)(
            **{field: getattr(taken, field) for field in taken.__slots__} | {"path": f"{name}.txt"}
        )
        member.ledger.append_claims(member.speaker(), [(taken, marking)], [])
    sha256 = capture("same bytes").sha256
    for name, expected in (("bank", "bank.txt"), ("police", "police.txt"), ("vendor", "police.txt")):
        reader = seen_by(one, name).reader
        with reader.connect() as connection:
            assert reader.captures(connection, [sha256, "ab" * 32]) == {sha256: expected}


def test_what_is_marked_is_seen_by_whom_it_names_and_their_persons(atlas):
    one = atlas()
    ann = Marking(tlp=Tlp.RED, audience=frozenset({"police/ann"}))
    say(one, [link("a.example", "10.0.0.1", source(marking=ann))])
    assert len(said_to(seen_by(one, "police", "ann"))) == 1
    assert said_to(seen_by(one, "police", "bob")) == []
    assert said_to(seen_by(one, "police")) == []
    assert said_to(one) == []


def test_many_markings_are_all_judged(atlas):
    one = atlas()
    said = [
        link(f"{n}.example", "10.0.0.1", source(f"{n}", Marking(tlp=tlp, audience=frozenset(who))))
        for n, (tlp, who) in enumerate(itertools.product(Tlp, [(), ("police",), ("vendor", "police")]))
    ]
    say(one, said, [str(n) for n in range(len(said))])
    for name in (*MEMBERS, "stranger"):
        viewer = Viewer(organisation=name if name in MEMBERS else "")
        allowed = [c for c in said if may_see(viewer, kept_by(c.provenance.marking, "bank"), "bank")]
        assert [c.subject for c in said_to(seen_by(one, name))] == [c.subject for c in allowed]


def test_an_empty_atlas_has_empty_answers(atlas):
    one = atlas()
    seen = Seen(one, Viewer(organisation="police")).answers
    assert seen["claims"] == seen["votes"] == seen["sames"] == []
    assert seen["links"] == [[], []]
    assert seen["captures"] == {}


def test_open_ends_of_intervals_are_marked_as_unknown(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    with one.reader.connect() as connection:
        columns = one.reader.links(connection)
    assert (columns.start.tolist(), columns.end.tolist()) == ([UNKNOWN_DAY], [UNKNOWN_DAY])


def test_claims_with_a_text_as_object_are_no_links(atlas):
    one = atlas()
    say(one, [Claim(WORLD[0], "alias", "known as", "line 1", source())])
    with one.reader.connect() as connection:
        assert len(one.reader.links(connection).seq) == 0
        assert len(one.reader.with_property(connection, ["alias"])) == 1
        assert one.reader.with_property(connection, ["no-such-property"]) == []


def test_a_reading_is_not_disturbed_by_what_is_appended_meanwhile(atlas, opened):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    other = opened(one.folder, "police")
    with one.reader.connect() as connection:
        before = one.reader.position(connection)
        say(other, [link("b.example", "10.0.0.1")])
        assert one.reader.position(connection) == before
        assert len(one.reader.links(connection).seq) == 1
    with one.reader.connect() as connection:
        assert len(one.reader.links(connection).seq) == 2


def test_red_is_shown_to_the_member_that_recorded_it(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1", source(marking=RED))])
    assert Seen(one, Viewer(organisation="bank")).answers["entities"] == {
        Entity("domain-name", "a.example"),
        Entity("ipv4-addr", "10.0.0.1"),
    } & set(WORLD)
    assert Seen(one, Viewer(organisation="police")).answers["known"] == set()
