"""Group commit: one wait for the disk for all that wait, and nobody pays for another's mistake."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text
from store_world import AMBER, RED, ids_of, link, record, said_to, say, seen_by, source, vote

from chokepoint.model.errors import LedgerError, RefusedError
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.store.grouping import Group, Together, alone
from chokepoint.store.ledger import Ledger, Made
from chokepoint.store.verifying import verify_ledger


class Counting:
    """A group on a connection that counts transactions and remembers what was done in them."""

    def __init__(self) -> None:
        self.commits = 0
        self.forgotten = 0
        self.fails = False
        self.entered = threading.Event()
        self.go_on = threading.Event()
        self.group = Group(self.begin, self.forget)

    @contextmanager
    def begin(self):
        yield self
        if self.fails:
            raise OSError("disk full")
        self.commits += 1

    @contextmanager
    def begin_nested(self):
        yield

    def forget(self) -> None:
        self.forgotten += 1

    def slow(self, _) -> str:
        self.entered.set()
        assert self.go_on.wait(20)
        return "slow"

    def many(self, works):
        """Run works that all come while the first is being done, each by itself."""
        return self.many_of([alone(work) for work in works])

    def many_of(self, works):
        """Run works that all come while the first is being done."""
        with ThreadPoolExecutor(len(works) + 1) as pool:
            first = pool.submit(self.group.run, alone(self.slow))
            assert self.entered.wait(20)
            rest = [pool.submit(self.group.run, work) for work in works]
            while len(self.group._waiting) < len(works):
                pass
            self.go_on.set()
            return first, rest


MARKS = (CLEAR, AMBER, RED)


def boom(_):
    raise LedgerError("mine alone")


def test_what_comes_alone_is_a_transaction_of_its_own():
    counting = Counting()
    assert [counting.group.run(alone(lambda _: 1)), counting.group.run(alone(lambda _: 2))] == [1, 2]
    assert counting.commits == 2


def test_what_waits_is_committed_together_and_each_has_its_own_answer():
    counting = Counting()
    first, rest = counting.many([lambda _, n=n: n for n in range(12)])
    assert first.result() == "slow"
    assert [one.result() for one in rest] == list(range(12))
    assert counting.commits == 2


def test_one_that_fails_undoes_nothing_of_the_others():
    counting = Counting()
    _, rest = counting.many([lambda _: 1, boom, lambda _: 3])
    assert rest[0].result() == 1
    assert rest[2].result() == 3
    with pytest.raises(LedgerError, match="mine alone"):
        rest[1].result()
    assert counting.forgotten == 2, "what was tried at once, and what failed by itself"


def test_nobody_is_acknowledged_when_the_commit_fails():
    counting = Counting()
    counting.fails = True
    first, rest = counting.many([lambda _: 1, boom])
    for one in (first, rest[0]):
        with pytest.raises(OSError, match="disk full"):
            one.result()
    with pytest.raises(LedgerError, match="mine alone"):
        rest[1].result()
    assert counting.commits == 0


def test_after_a_failure_the_next_work_goes_on():
    counting = Counting()
    with pytest.raises(LedgerError):
        counting.group.run(alone(boom))
    assert counting.group.run(alone(lambda _: 5)) == 5
    assert counting.forgotten == 1


def test_votes_of_many_threads_all_count_and_every_one_is_signed(atlas):
    one = atlas()
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(40)])
    names = ids_of(one)
    police, vendor = seen_by(one, "police"), seen_by(one, "vendor")
    before = verify_ledger(one.engine, one.id)

    def cast(number: int) -> int:
        member = (police, vendor)[number % 2]
        (seq,) = member.ledger.append(member.speaker(), [vote([names[number // 2]])]).seqs
        return seq

    with ThreadPoolExecutor(16) as pool:
        seqs = list(pool.map(cast, range(80)))
    after = verify_ledger(one.engine, one.id)
    assert len(set(seqs)) == 80
    assert (after.records - before.records, after.batches - before.batches)[0] == 80
    with one.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM votes")).scalar_one() == 80


def test_an_acknowledged_position_is_the_records_own(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    (name,) = ids_of(one)

    def cast(number: int) -> tuple[int, int]:
        (seq,) = one.ledger.append(one.speaker(), [vote([name], marking=MARKS[number % 3])]).seqs
        return number, seq

    with ThreadPoolExecutor(8) as pool:
        told = dict(pool.map(cast, range(30)))
    with one.engine.connect() as connection:
        for number, seq in told.items():
            body = connection.execute(
                text("SELECT body FROM records WHERE seq = :seq"), {"seq": seq}
            ).scalar_one()
            assert MARKS[number % 3].tlp.label.encode() in body


def test_of_many_threads_only_the_one_that_errs_is_refused(atlas):
    one = atlas()
    stranger = seen_by(one, "stranger")

    def say_one(number: int) -> str:
        atlas_ = stranger if number % 5 == 0 else one
        path = f"{number}.txt"
        try:
            say(atlas_, [link(f"{number}.example", "10.0.0.1", source(path))], [path])
        except LedgerError as error:
            return error.reason
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(say_one, range(40)))
    assert told.count("kept") == 32
    assert all("no member" in word for word in told if word != "kept")
    assert len(said_to(one)) == 32
    verify_ledger(one.engine, one.id)


def test_an_atlas_joined_by_many_at_once_has_each_once(atlas):
    one = atlas("bank")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: one.ledger.join(seen_by(one, f"member {n % 3}").speaker()), range(12)))
    with one.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM organisations")).scalar_one() == 4
    verify_ledger(one.engine, one.id)


def doubled(_, items):
    if "bad" in items:
        raise LedgerError("one of these")
    return [item * 2 for item in items]


def test_what_has_one_key_is_done_at_once_and_each_has_its_own_answer():
    counting = Counting()
    calls = []

    def counted(connection, items):
        calls.append(len(items))
        return doubled(connection, items)

    _, rest = counting.many_of([Together(number % 2, number, counted) for number in range(10)])
    assert [one.result() for one in rest] == [number * 2 for number in range(10)]
    assert calls == [5, 5]


def test_where_doing_it_at_once_fails_only_the_faulty_one_is_refused():
    counting = Counting()
    _, rest = counting.many_of([Together("key", item, doubled) for item in ("a", "bad", "c")])
    assert (rest[0].result(), rest[2].result()) == ("aa", "cc")
    with pytest.raises(LedgerError, match="one of these"):
        rest[1].result()


def test_one_faulty_vote_does_not_undo_those_that_came_with_it(atlas):
    one = atlas()
    say(one, [link("a.example", "10.0.0.1")])
    (name,) = ids_of(one)
    good, bad = vote([name]), record("vote/1", {"claims": ["no id"], "reason": "r", "vote": "confirm"})

    def cast(number: int) -> str:
        try:
            one.ledger.append(one.speaker(), [bad if number % 4 == 0 else good])
        except ValueError:
            return "refused"
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(cast, range(24)))
    assert told.count("kept") == 18
    with one.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM votes")).scalar_one() == 18
    verify_ledger(one.engine, one.id)


def said_by(one, name, text):
    return Made(seen_by(one, name).speaker(), [record("note/1", {"text": text})])


def test_what_is_made_inside_is_appended_for_each_and_refused_to_its_own(atlas):
    """All that wait are handed over at once, in their order; an error is raised where its item came from."""
    one = atlas()
    handed = []

    def make(_connection, items, _memory):
        handed.append(list(items))
        return [
            LedgerError("not this one") if item == "b" else said_by(one, "police", item) for item in items
        ]

    assert len(one.ledger.append_made("a", make).seqs) == 1
    with pytest.raises(LedgerError, match="not this one"):
        one.ledger.append_made("b", make)
    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(one.ledger.append_made, item, make) for item in "cbdeab"]
    failed = [one.exception() is not None for one in done]
    assert failed == [False, True, False, False, False, True]
    assert sorted(item for items in handed for item in items) == sorted("ab" + "cbdeab")
    with one.reader.connect() as connection:
        assert len(list(one.reader.records(connection, "note/1"))) == 5
    assert verify_ledger(one.engine, one.id).records


def test_what_is_made_sees_what_was_appended_before_it(atlas):
    one = atlas()
    sizes = []

    def make(connection, items, _memory):
        sizes.append(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())
        return [said_by(one, "bank", item) for item in items]

    for item in "abc":
        one.ledger.append_made(item, make)
    assert sizes == [sizes[0], sizes[0] + 1, sizes[0] + 2]


@pytest.mark.parametrize("ruling", ["person", "elsewhere", "join", "marking", "new marking"])
def test_the_memory_of_a_maker_lasts_until_somebodys_rights_may_have_changed(atlas, ruling):
    one = atlas()
    kept = []

    def make(_connection, items, memory):
        kept.append(memory.get("visits", 0))
        memory["visits"] = kept[-1] + 1
        return [said_by(one, "bank", item) for item in items]

    one.ledger.append_made("a", make)
    one.ledger.append_made("b", make)
    if ruling == "person":
        said = {"person": "ann", "roles": ["analyst"], "state": "active"}
        one.ledger.append(one.speaker(), [record("person/1", said)])
    elif ruling == "join":
        one.ledger.join(replace(one.speaker(), organisation="newcomer"))
    elif ruling in ("marking", "new marking"):
        marking = Marking(tlp=Tlp.RED, audience=frozenset({"police"})) if "new" in ruling else CLEAR
        one.ledger.append(one.speaker(), [record("note/1", {"text": "x"}, marking)])
    else:
        other = Ledger(one.engine, one.keys, one.id)
        other.append(one.speaker(), [record("note/1", {"text": "x"})])
    one.ledger.append_made("c", make)
    assert kept == [0, 1, 2 if ruling == "marking" else 0], (
        "a marking that was there before tells nothing new"
    )


def test_a_right_that_is_missing_refuses_what_was_made_too(atlas):
    one = atlas()
    one.ledger.append(one.speaker(), [record("person/1", {"person": "ann", "roles": [], "state": "active"})])
    bob = replace(one.speaker(), user="bob")
    with pytest.raises(RefusedError, match="not registered"):
        one.ledger.append_made("a", lambda _c, items, _m: [Made(bob, [vote([], "confirm")]) for _ in items])
