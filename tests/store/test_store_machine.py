"""The ledger against a plain list: whatever is appended in whatever order, each viewer reads what may be seen.

The model is a list of what was said under which marking, who is in which circle, and `may_see`; it knows
nothing of tables. After every few steps the ledger must say the same, to everybody, and verify.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from store_world import link, record, said_to, say, seen_by, source, vote

from chokepoint.model.errors import LedgerError
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer, may_see
from chokepoint.store import judged
from chokepoint.store.base import REMARKING
from chokepoint.store.verifying import verify_ledger
from chokepoint.store.visible import resolved

MEMBERS = ("bank", "police", "vendor")
GROUPS = ("group:one", "group:two")
VIEWERS = (*((name, "") for name in MEMBERS), ("bank", "ann"), ("stranger", ""), ("", ""))
OWNER = dict(zip(GROUPS, MEMBERS, strict=False))
audiences = st.sets(st.sampled_from([*MEMBERS, "bank/ann", *GROUPS]), max_size=2).map(frozenset)
markings = st.builds(Marking, tlp=st.sampled_from(list(Tlp)), audience=audiences)
members = st.sampled_from(MEMBERS)


@dataclass
class Said:
    """A claim of the list: by whom, under which marking today, and who voted what on it."""

    by: str
    value: str
    marking: Marking
    id: str
    seq: int
    recalled: bool = False
    votes: list[tuple[str, str, Marking]] = field(default_factory=list)


class Everything(RuleBasedStateMachine):
    """Appends by three members, and the list of them."""

    claims = Bundle("claims")

    def __init__(self, atlas) -> None:
        super().__init__()
        self.atlas = atlas
        self.list: list[Said] = []
        self.circles: dict[str, frozenset[str]] = {}
        with atlas.engine.connect() as connection:
            self.start = connection.exec_driver_sql("SELECT max(seq) FROM records").scalar_one()
        self.records = self.start

    def by(self, organisation):
        return seen_by(self.atlas, organisation)

    @rule(target=claims, who=members, marking=markings, number=st.integers(0, 10**6))
    def say(self, who, marking, number):
        value = f"{number}-{self.records}.example"
        path = f"{who}-{value}.txt"
        before = self.records
        done = say(self.by(who), [link(value, "10.0.0.1", source(path, marking))], [path])
        assert done.fresh == (True,)
        self.records = done.seqs[0]
        assert self.records == before + 2  # the capture, then the claim
        with self.atlas.engine.connect() as connection:
            sql = "SELECT id FROM records WHERE seq = ?"
            name = connection.exec_driver_sql(sql, (done.seqs[0],)).scalar_one().hex()
        kept = marking
        if marking.tlp is Tlp.RED and not marking.audience:
            kept = replace(marking, audience=frozenset({who}))
        one = Said(who, value, kept, name, done.seqs[0])
        self.list.append(one)
        return one

    @rule(one=claims)
    def say_again(self, one):
        """Under whatever marking: it adds no claim."""
        path = f"{one.by}-{one.value}.txt"
        again = link(one.value, "10.0.0.1", source(path, CLEAR))
        assert say(self.by(one.by), [again], [path]).fresh == (False,)
        self.recount()

    def recount(self):
        with self.atlas.engine.connect() as connection:
            self.records = connection.exec_driver_sql("SELECT max(seq) FROM records").scalar_one()

    @rule(one=claims, who=members, word=st.sampled_from(["confirm", "dispute", "unsure"]), marking=markings)
    def vote(self, one, who, word, marking):
        by = self.by(who)
        [self.records] = by.ledger.append(by.speaker(), [vote([one.id], word, marking)]).seqs
        if marking.tlp is Tlp.RED and not marking.audience:
            marking = replace(marking, audience=frozenset({who}))
        one.votes.append((who, word, marking))

    @rule(one=claims, who=members)
    def recall(self, one, who):
        by = self.by(who)
        said = record("recall/1", {"claims": [one.id], "reason": "r"})
        [self.records] = by.ledger.append(by.speaker(), [said]).seqs
        one.recalled |= who == one.by

    @rule(one=claims, who=members, marking=markings)
    def remark(self, one, who, marking):
        """Only who said it gives it another marking."""
        by = self.by(who)
        said = {"marking": list(map(listed, marking.to_form())), "reason": "r", "records": [one.id]}
        [self.records] = by.ledger.append(by.speaker(), [record(REMARKING, said)]).seqs
        if who == one.by:
            one.marking = marking

    @rule(scope=st.sampled_from(GROUPS), who=st.sets(st.sampled_from([*MEMBERS, "bank/ann"])))
    def gather(self, scope, who):
        by = self.by(OWNER[scope])
        said = record("circle/1", {"scope": scope, "members": sorted(who)})
        [self.records] = by.ledger.append(by.speaker(), [said]).seqs
        self.circles[scope] = frozenset(who)

    @rule(one=claims)
    def be_refused(self, one):
        """A stranger's word leaves nothing."""
        stranger = self.by("stranger")
        with pytest.raises(LedgerError, match="no member"):
            stranger.ledger.append(stranger.speaker(), [vote([one.id])])

    def viewer(self, named):
        """A viewer as the model knows them, with the groups that they are in; only members' names count."""
        organisation, user = named
        if organisation not in MEMBERS:
            return Viewer(organisation="")
        names = {organisation, f"{organisation}/{user}"}
        groups = frozenset(scope for scope, inside in self.circles.items() if inside & names)
        return Viewer(organisation=organisation, user=user, groups=groups)

    def seen(self, named):
        viewer = self.viewer(named)
        return [one for one in self.list if may_see(viewer, one.marking, one.by)]

    @invariant()
    def everybody_reads_what_the_list_says(self):
        for named in VIEWERS:
            asked = seen_by(self.atlas, *named)
            values = [claim.subject.value for claim in said_to(asked) if claim.subject.value in self.values()]
            assert values == [one.value for one in self.seen(named)], named

    def values(self):
        return {one.value for one in self.list}

    @invariant()
    @precondition(lambda self: self.list)
    def everybody_reads_the_votes_and_recalls_of_the_list(self):
        for named in VIEWERS[::2]:
            viewer, asked = self.viewer(named), seen_by(self.atlas, *named)
            mine = [one.seq for one in self.list]
            with asked.reader.connect() as connection:
                votes = judged.read_votes(asked.reader, connection, mine)
            counted = sorted(zip(votes.claim.tolist(), votes.vote.tolist(), strict=True))
            assert counted == sorted(
                (one.seq, {"confirm": 1, "dispute": -1, "unsure": 0}[word])
                for one in self.seen(named)
                for who, word, marking in one.votes
                if may_see(viewer, marking, who)
            ), named
        with self.atlas.reader.connect() as connection:
            gone = set(judged.recalled(self.atlas.reader, connection).tolist())
        assert {one.seq for one in self.list if one.recalled} == gone & {one.seq for one in self.list}

    @invariant()
    def circles_are_those_of_the_list(self):
        with self.atlas.engine.connect() as connection:
            for name in MEMBERS:
                now = resolved(connection, Viewer(organisation=name))
                assert {one for one in now.groups if one in GROUPS} == {
                    scope for scope, inside in self.circles.items() if name in inside
                }

    def teardown(self):
        assert verify_ledger(self.atlas.engine, self.atlas.id).records == self.records


def listed(part):
    return list(part) if isinstance(part, tuple) else part


FEW = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def test_a_file_says_what_the_list_says(fresh_atlas):
    run_state_machine_as_test(
        lambda: Everything(fresh_atlas()), settings=settings(max_examples=12, stateful_step_count=12, **FEW)
    )


def test_postgresql_says_what_the_list_says(in_postgres):
    """One database serves all examples, which must not trouble each other."""
    atlas = in_postgres()

    def fresh():
        for scope, owner in OWNER.items():
            by = seen_by(atlas, owner)
            by.ledger.append(by.speaker(), [record("circle/1", {"scope": scope, "members": []})])
        return Everything(atlas)

    run_state_machine_as_test(fresh, settings=settings(max_examples=3, stateful_step_count=6, **FEW))
