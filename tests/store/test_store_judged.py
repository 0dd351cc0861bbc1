"""Votes, recalls and contradictions as a viewer may read them, against what a plain list of them says."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from store_world import RED, ids_of, link, record, say, seen_by, source

from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.store import judged
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.columns import Span

GREEN = Marking(tlp=Tlp.GREEN)
MARKS = {"open": CLEAR, "members": GREEN, "bank": RED}
SEES = {"bank": ("open", "members", "bank"), "police": ("open", "members"), "stranger": ("open",)}
"""Which of the markings each viewer may see; RED is the bank's own."""
WORDS = {"confirm": 1, "dispute": -1, "unsure": 0}
viewers = pytest.mark.parametrize("viewer", SEES)


class Ballot(NamedTuple):
    """A vote by the police as a person would write it down."""

    claims: tuple[int, ...]
    word: str
    mark: str = "open"
    crime: str = ""
    disclose: str = ""
    until: str = ""
    more: tuple[tuple[str, object], ...] = ()


BALLOTS = (
    Ballot((0,), "confirm"),
    Ballot((0, 1, 2), "dispute", crime="yes"),
    Ballot((1,), "unsure", "members", disclose="no"),
    Ballot((3,), "confirm", "members", until="2026-08-01"),
    Ballot((4, 5), "confirm", crime="no", disclose="unsure"),
    Ballot((2,), "confirm", more=(("simulated", True),)),
    Ballot((0,), "confirm", more=(("despite", True),)),
)
CLAIMS = ("open", "open", "members", "members", "bank", "open")
"""The marking of each claim."""
COLUMNS = ("claim", "vote", "simulated", "crime", "disclose", "until", "position", "despite")
ANSWERS = {"yes": 1, "no": -1, "unsure": 0, "": 2}
DAY = {"": 2**31 - 1, "2026-08-01": 20_666}


class Cast(NamedTuple):
    """An atlas with claims and votes, and where they stand."""

    atlas: object
    claims: tuple[int, ...]
    ids: tuple[str, ...]
    votes: tuple[int, ...]


@pytest.fixture(scope="module")
def cast(lasting):
    claims = []
    for number, mark in enumerate(CLAIMS):
        path = f"{mark}.txt"
        made = say(lasting, [link(f"{number}.example", "10.0.0.1", source(path, MARKS[mark]))], [path])
        claims += made.seqs
    ids, police = ids_of(lasting), seen_by(lasting, "police")
    rows = [row_of(ballot, ids) for ballot in BALLOTS]
    votes = police.ledger.append(police.speaker(), rows).seqs
    return Cast(lasting, tuple(claims), tuple(ids), votes)


def row_of(ballot, ids):
    said = {
        "claims": [ids[number] for number in ballot.claims],
        "crime": ballot.crime,
        "disclose": ballot.disclose,
        "reason": "r",
        "until": ballot.until,
        "vote": ballot.word,
        **dict(ballot.more),
    }
    return RecordRow("vote/2", canonical(said), MARKS[ballot.mark])


def expected(cast, viewer, wanted=lambda *_: True):
    """What the list of ballots says to a viewer, a row a vote and claim."""
    rows = []
    for position, ballot in zip(cast.votes, BALLOTS, strict=True):
        for number in ballot.claims:
            open_to = ballot.mark in SEES[viewer] and CLAIMS[number] in SEES[viewer]
            claim, more = cast.claims[number], dict(ballot.more)
            if open_to and wanted(claim, position):
                answers = (ANSWERS[ballot.crime], ANSWERS[ballot.disclose], DAY[ballot.until])
                flags = bool(more.get("simulated")), bool(more.get("despite"))
                rows.append((claim, WORDS[ballot.word], flags[0], *answers, position, flags[1]))
    return rows


def read(cast, viewer, *given, **more):
    atlas = seen_by(cast.atlas, viewer)
    with atlas.reader.connect() as connection:
        votes = judged.read_votes(atlas.reader, connection, *given, **more)
        names = atlas.reader.organisations(connection)
    assert {names[number] for number in votes.organisation.tolist()} <= {"police"}
    return list(zip(*(getattr(votes, name).tolist() for name in COLUMNS), strict=True))


@viewers
def test_a_viewer_reads_every_open_vote_on_an_open_claim_and_no_other(cast, viewer):
    assert read(cast, viewer) == expected(cast, viewer)


@viewers
@pytest.mark.parametrize("chosen", [(0,), (1, 2), (4,), (5, 0, 5), ()], ids=str)
def test_votes_on_some_claims_are_those_of_all_that_are_on_them(cast, viewer, chosen):
    wanted = [cast.claims[number] for number in chosen]
    assert read(cast, viewer, wanted) == expected(cast, viewer, lambda claim, _: claim in wanted)


@viewers
def test_the_spans_of_a_ledger_hold_all_votes_once(cast, viewer):
    """As a map that grows reads them: what came after what it has."""
    for cut in range(cast.votes[0] - 1, cast.votes[-1] + 2):
        before = read(cast, viewer, span=Span(0, cut))
        after = read(cast, viewer, span=Span(after=cut))
        assert before + after == expected(cast, viewer)
        assert all(row[6] <= cut for row in before)


@viewers
def test_a_span_and_claims_hold_together(cast, viewer):
    for cut, number in product(cast.votes[::3], (0, 2, 3)):
        seq = cast.claims[number]
        given = read(cast, viewer, [seq], span=Span(0, cut))
        assert given == expected(cast, viewer, lambda claim, at, s=seq, c=cut: claim == s and at <= c)


def test_a_claim_that_is_not_there_has_no_votes(cast):
    assert read(cast, "bank", [10**9]) == []


@viewers
def test_the_columns_have_the_types_that_the_analyses_take(cast, viewer):
    atlas = seen_by(cast.atlas, viewer)
    with atlas.reader.connect() as connection:
        votes = judged.read_votes(atlas.reader, connection)
    types = [column.dtype for column in votes]
    assert types == [
        np.int64, np.int32, np.int8, np.bool_, np.int8, np.int8, np.int32, np.int64, np.bool_,
    ]  # fmt: skip


def test_an_id_that_names_nothing_is_passed_over_and_the_vote_is_kept(cast):
    police = seen_by(cast.atlas, "police")
    before = len(read(cast, "bank"))
    given = Ballot((0,), "confirm")
    said = row_of(given, ["ab" * 32])
    police.ledger.append(police.speaker(), [said])
    assert len(read(cast, "bank")) == before


@viewers
def test_the_reasons_of_visible_votes_are_read_in_order(cast, viewer):
    atlas = seen_by(cast.atlas, viewer)
    with atlas.reader.connect() as connection:
        found = list(judged.bodies(connection, reversed([row[6] for row in expected(cast, viewer)])))
    assert [seq for seq, _, _ in found] == sorted({row[6] for row in expected(cast, viewer)})
    assert all(envelope.organisation == "police" and said["reason"] == "r" for _, envelope, said in found)


def test_bodies_of_nothing_are_none(cast):
    with cast.atlas.engine.connect() as connection:
        assert list(judged.bodies(connection, [])) == []


class TestRecalls:
    """A contributor withdraws its own claims, and nobody else's."""

    @pytest.fixture(scope="class")
    @classmethod
    def recalled(cls, lasting):
        made = [
            say(seen_by(lasting, name), [link(f"{name}-r.example", "10.0.0.2", source(f"{name}-r.txt"))], [f"{name}-r.txt"])
            for name in ("bank", "police")
        ]  # fmt: skip
        seqs = [one.seqs[0] for one in made]
        with lasting.reader.connect() as connection:
            names = [one.id for one in lasting.reader.claims(connection, seqs)]
        bank = lasting.ledger
        bank.append(lasting.speaker(), [record("recall/1", {"claims": names, "reason": "wrong"})])
        return lasting, seqs, names

    def read(self, atlas):
        with atlas.reader.connect() as connection:
            return judged.recalled(atlas.reader, connection).tolist()

    def test_only_the_own_one_is_withdrawn(self, recalled):
        atlas, (mine, theirs), _ = recalled
        assert mine in self.read(atlas)
        assert theirs not in self.read(atlas)

    def test_everybody_who_may_see_the_recall_knows(self, recalled):
        atlas, (mine, _), _ = recalled
        assert mine in self.read(seen_by(atlas, "stranger"))

    def test_a_hidden_recall_withdraws_for_those_who_see_it(self, recalled):
        atlas, (_, theirs), names = recalled
        police = seen_by(atlas, "police")
        police.ledger.append(police.speaker(), [record("recall/1", {"claims": names, "reason": "r"}, RED)])
        assert theirs in self.read(police)
        assert theirs not in self.read(atlas)

    def test_twice_is_once(self, recalled):
        atlas, (mine, _), names = recalled
        atlas.ledger.append(atlas.speaker(), [record("recall/1", {"claims": names, "reason": "again"})])
        assert self.read(atlas).count(mine) == 1
        assert self.read(atlas) == sorted(self.read(atlas))


class TestContradictions:
    """`sinkholed-by` and the like speak against what accuses the same thing."""

    RULES = judged.Contradiction(
        against=frozenset({"exonerated-by"}),
        of_subject=frozenset({"indicates"}),
        of_object=frozenset({"uses"}),
    )
    SITE, GANG = Entity("domain-name", "accused.example"), Entity("malware", "worm")

    @pytest.fixture(scope="class")
    @classmethod
    def said(cls, lasting):
        gang, site = cls.GANG, cls.SITE
        where, hidden = source("c.txt"), source("h.txt", RED)
        claims = [
            Claim(site, "indicates", gang, "1", where),
            Claim(gang, "uses", site, "2", where),
            Claim(site, "resolves-to", Entity("ipv4-addr", "10.0.0.3"), "3", where),
            Claim(gang, "indicates", site, "4", where),
            Claim(site, "exonerated-by", "a court", "5", where),
            Claim(site, "exonerated-by", "a secret court", "6", hidden),
        ]
        return lasting, [
            say(lasting, [one], ["c.txt", "h.txt"][n == 5 :][:1]).seqs[0] for n, one in enumerate(claims)
        ]

    def read(self, atlas, claims=None):
        with atlas.reader.connect() as connection:
            return judged.contradicted(atlas.reader, connection, self.RULES, claims)

    def test_claims_that_accuse_the_thing_are_contradicted_by_the_newest_word(self, said):
        atlas, seqs = said
        assert self.read(atlas) == {seqs[0]: seqs[5], seqs[1]: seqs[5]}

    def test_a_hidden_word_contradicts_nothing_for_others(self, said):
        atlas, seqs = said
        assert self.read(seen_by(atlas, "police")) == {seqs[0]: seqs[4], seqs[1]: seqs[4]}

    @pytest.mark.parametrize("chosen", [(), (0,), (1, 2), (2, 3), (0, 1, 4)], ids=str)
    def test_asked_of_some_it_answers_for_those(self, said, chosen):
        atlas, seqs = said
        wanted = [seqs[number] for number in chosen]
        whole = self.read(atlas)
        assert self.read(atlas, wanted) == {seq: whole[seq] for seq in wanted if seq in whole}

    def test_a_link_that_leads_to_a_text_accuses_nothing_and_hinders_nobody(self, said):
        atlas, seqs = said
        whole = self.read(atlas)
        crooked = Claim(self.GANG, "uses", "no thing but a text", "1", source("crooked.txt"))
        seq = say(atlas, [crooked], ["crooked.txt"]).seqs[0]
        assert self.read(atlas) == self.read(atlas, [*seqs, seq]) == whole

    def test_unknown_words_contradict_nothing(self, said):
        atlas, _ = said
        rules = judged.Contradiction(frozenset({"never-said"}), frozenset({"indicates"}), frozenset())
        with atlas.reader.connect() as connection:
            assert judged.contradicted(atlas.reader, connection, rules) == {}


class TestMates:
    """Claims of one statement, whoever made them."""

    @pytest.fixture(scope="class")
    @classmethod
    def said(cls, lasting):
        police = seen_by(lasting, "police")
        one, other = link("mate.example", "10.0.0.4"), link("mate.example", "10.0.0.5")
        text = Claim(one.subject, "alias", "m", "1", source())
        again = Claim(one.subject, "alias", "n", "2", source())
        hidden = link("mate.example", "10.0.0.4", source("hm.txt", RED))
        mine = say(lasting, [one, other, text, again]).seqs
        theirs = say(police, [one]).seqs
        secret = say(police, [hidden], ["hm.txt"]).seqs
        return lasting, (*mine, *theirs, *secret)

    def read(self, atlas, seqs):
        with atlas.reader.connect() as connection:
            return judged.mates(atlas.reader, connection, seqs)

    def test_a_link_has_those_with_the_same_ends(self, said):
        atlas, seqs = said
        assert self.read(atlas, [seqs[0]]) == [seqs[0], seqs[4]]

    def test_a_text_has_all_texts_under_its_property(self, said):
        atlas, seqs = said
        assert self.read(atlas, [seqs[2]]) == [seqs[2], seqs[3]]

    def test_the_hidden_one_counts_for_whom_it_is_open_to(self, said):
        atlas, seqs = said
        assert self.read(seen_by(atlas, "police"), [seqs[0]]) == [seqs[0], seqs[4], seqs[5]]

    def test_none_of_none(self, said):
        assert self.read(said[0], []) == []


@pytest.mark.parametrize("size", [6, 7, 63, 64])
def test_claims_of_a_capture_are_found_by_the_beginning_of_its_hash(cast, size):
    atlas = cast.atlas
    with atlas.reader.connect() as connection:
        [one] = atlas.reader.claims(connection, [cast.claims[4]])
        whole = one.claim.provenance.capture
        assert cast.claims[4] in judged.in_capture(atlas.reader, connection, whole[:size])
    stranger = seen_by(atlas, "stranger")
    with stranger.reader.connect() as connection:
        assert judged.in_capture(stranger.reader, connection, whole[:size]) == []


@pytest.mark.parametrize(
    "beginning", ["", "abcde", "a" * 65, "ABCDEF", "abcdeg", "%%%%%%", "abc de"], ids=repr
)
def test_what_is_no_beginning_of_a_hash_finds_nothing(cast, beginning):
    with cast.atlas.reader.connect() as connection:
        assert judged.in_capture(cast.atlas.reader, connection, beginning) == []


def test_a_vote_newer_than_this_program_is_refused_and_leaves_nothing(cast):
    police = seen_by(cast.atlas, "police")
    with cast.atlas.engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one()
    with pytest.raises(LedgerError, match="unknown"):
        police.ledger.append(police.speaker(), [record("vote/99", {"claims": []})])
    with cast.atlas.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one() == before
