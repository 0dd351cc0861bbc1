"""The law of the ledger: what was acknowledged can be proved or has a tombstone, whatever is done in any order.

After any interleaving of appends, votes, erasures, backups, restores and new openings, every acknowledged id is
proved by inclusion in the newest checkpoint, its record whole or named by a tombstone; and any two kept
checkpoints are consistent. A restore of an older backup goes back behind what came since: then the law holds for
what had been acknowledged when it was made, what was erased since stays erased, and a later checkpoint tells.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from store_world import capture, link, rows_of, say, seen_by, source, vote

from chokepoint.desk.keeping.backup import backup, restore
from chokepoint.desk.keeping.checkpoint import compare, issue, notary
from chokepoint.desk.keeping.erase import erase
from chokepoint.model.claim import Claim
from chokepoint.model.errors import LedgerError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.proof.checkpoint import read_checkpoint
from chokepoint.proof.merkle import Leaf, Span, check_consistency, check_inclusion, leaf_hash
from chokepoint.proof.note import read_note
from chokepoint.settings import Settings
from chokepoint.store.canonical import record_id
from chokepoint.store.erasures import tombstones
from chokepoint.store.tree import Log
from chokepoint.store.verifying import verify_ledger
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

PEOPLE = ("Ann Nobody", "Bob Nobody")
CLOCK = "2026-02-03T04:05:06.000Z"


@dataclass
class Told:
    """What the ledger has told those who asked: acknowledged ids by position, and checkpoints handed out."""

    ids: dict[int, bytes] = field(default_factory=dict)
    checkpoints: list[bytes] = field(default_factory=list)

    def copy(self) -> Told:
        return Told(dict(self.ids), list(self.checkpoints))


def opened(folder: Path, organisation: str) -> Atlas:
    """As `restore` opens what it has copied."""
    one = open_atlas(Settings(atlas=folder, viewer=Viewer(organisation=organisation)))
    return replace(one, clock=lambda: CLOCK)


FEW = 6
LIVES = int(os.environ.get("CHOKEPOINT_LIVES", str(FEW)))


class Law(RuleBasedStateMachine):
    """Everything that may be done to an atlas, in any order."""

    def __init__(self, atlas: Atlas, folder: Path) -> None:
        super().__init__()
        self.atlas, self.folder, self.number = atlas, folder, 0
        self.told = Told()
        self.backups: list[tuple[Path, Told]] = []
        self.erased: set[str] = set()

    def next(self) -> int:
        self.number += 1
        return self.number

    def acknowledged(self, seqs) -> None:
        """Remember by id what was acknowledged by position."""
        with self.atlas.engine.connect() as connection:
            for seq in seqs:
                sql = "SELECT id FROM records WHERE seq = ?"
                self.told.ids[seq] = connection.exec_driver_sql(sql, (seq,)).scalar_one()

    @rule(many=st.integers(1, 300))
    def say(self, many):
        place = source(f"{self.next()}.txt")
        self.atlas.vault.put([f"{self.number}.txt".encode()])
        said = [link(f"{self.number}-{n}.example", "10.0.0.1", place) for n in range(many)]
        self.acknowledged(say(self.atlas, said, [f"{self.number}.txt"]).seqs)

    @rule(who=st.sampled_from(PEOPLE))
    def meet(self, who):
        data = f"{who} was seen {self.next()} times".encode()
        taken = replace(capture(f"{self.number}.person"), sha256=self.atlas.vault.put([data])[0])
        told = replace(source(), capture=taken.sha256)
        said = [Claim(Entity("person", who), "alias", f"alias {self.number}", "line 1", told)]
        done = self.atlas.ledger.append_claims(
            self.atlas.speaker(), [(taken, CLEAR)], rows_of(self.atlas, said)
        )
        self.acknowledged(done.seqs)
        self.erased.discard(who)

    @precondition(lambda self: self.told.ids)
    @rule(by=st.sampled_from(["police", "vendor"]), which=st.integers(0, 10**6))
    def vote(self, by, which):
        names = sorted(self.told.ids.values())
        member = seen_by(self.atlas, by)
        done = member.ledger.append(member.speaker(), [vote([names[which % len(names)].hex()])])
        self.acknowledged(done.seqs)

    @rule()
    def sign(self):
        self.told.checkpoints.append(issue(self.atlas)[0].encode())

    @rule(who=st.sampled_from(PEOPLE))
    def forget(self, who):
        with self.atlas.engine.connect() as connection:
            sql = "SELECT count(*) FROM entities WHERE value = ?"
            held = connection.exec_driver_sql(sql, (who,)).scalar_one()
        if held:
            erase(self.atlas, Entity("person", who), reason="asked", basis="Art. 17")
            self.erased.add(who)

    @precondition(lambda self: len(self.backups) < 2)
    @rule()
    def back_up(self):
        folder = self.folder / f"backup{self.next()}"
        backup(self.atlas, folder)
        self.backups.append((folder, self.told.copy()))

    @rule()
    def open_again(self):
        self.leave()
        self.atlas = opened(self.atlas.folder, "bank")

    def leave(self):
        self.atlas.engine.dispose()
        self.atlas.vault.engine.dispose()

    @precondition(lambda self: self.backups)
    @rule(which=st.integers(0, 1))
    def go_back(self, which):
        """To a backup, with what this atlas knows was erased since."""
        place, told = self.backups[which % len(self.backups)]
        since = [one for one in self.told.checkpoints if one not in told.checkpoints]
        self.leave()
        folder = self.folder / f"restored{self.next()}"
        restore(place, folder, opened, [self.atlas.folder])
        self.atlas, self.told = opened(folder, "bank"), told.copy()
        with self.atlas.engine.connect() as connection:
            size = connection.exec_driver_sql("SELECT max(seq) FROM records").scalar_one()
        for one in since:
            if read_checkpoint(read_note(one).text).size > size:
                with pytest.raises(LedgerError):
                    compare(self.atlas, one)

    @invariant()
    def what_was_acknowledged_is_proved_or_has_a_tombstone(self):
        seqs = sorted(self.told.ids)
        chosen = sorted({*seqs[:3], *seqs[-3:], *seqs[:: max(1, len(seqs) // 8)]})
        proofs = notary(self.atlas).prove(chosen)
        with self.atlas.engine.connect() as connection:
            buried = {name for one in tombstones(connection) for name in one.erasure.records}
            rows = connection.exec_driver_sql("SELECT seq, id, salt, body FROM records").all()
        whole = {seq: (name, record_id(salt, body) == name) for seq, name, salt, body in rows}
        for seq, name in self.told.ids.items():
            assert whole[seq][0] == name
            assert whole[seq][1] != (name.hex() in buried)
        for seq in chosen:
            now = read_checkpoint(proofs[seq].note.text)
            place = Leaf(proofs[seq].number, now.size)
            check_inclusion(leaf_hash(self.told.ids[seq]), place, (proofs[seq].hashes, now.root))

    @invariant()
    def any_two_checkpoints_are_consistent(self):
        kept = [read_checkpoint(read_note(one).text) for one in self.told.checkpoints[-4:]]
        with self.atlas.engine.connect() as connection:
            size = connection.exec_driver_sql("SELECT max(seq) FROM records").scalar_one()
            log = Log(connection, size)
            for old, new in combinations(kept, 2):
                steps = log.consistency(old.size, new.size)
                check_consistency(Span(0, old.size, new.size), (old.root, new.root), steps)

    @invariant()
    def what_was_erased_stays_erased(self):
        with self.atlas.engine.connect() as connection:
            values = set(connection.exec_driver_sql("SELECT value FROM entities").scalars())
        assert self.erased.isdisjoint(values)

    def teardown(self):
        for one in self.told.checkpoints:
            compare(self.atlas, one)
        verify_ledger(self.atlas.engine, self.atlas.id)
        self.leave()


def test_what_was_acknowledged_can_be_proved_or_has_a_tombstone_whatever_is_done(
    fresh_atlas: Callable[[], Atlas], tmp_path_factory: pytest.TempPathFactory
):
    run_state_machine_as_test(
        lambda: Law(fresh_atlas(), tmp_path_factory.mktemp("law")),
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=10 if LIVES <= FEW else 40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
