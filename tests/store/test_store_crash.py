"""What was acknowledged survives kill -9, full disks and torn files, and what was not is never half there.

`CHOKEPOINT_KILLS=1000 pytest tests/store/test_store_crash.py` kills a thousand times.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from appender import EACH, VOTERS, person
from store_world import link, said_to, say

import chokepoint
from chokepoint.desk.keeping.erase import finish
from chokepoint.model.errors import LedgerError
from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.store.erasures import entity_digest, tombstones
from chokepoint.store.verifying import verify_ledger
from chokepoint.wiring import make_atlas

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas

KILLS = int(os.environ.get("CHOKEPOINT_KILLS", "5"))
HERE = Path(__file__).parent


def started(*words: object) -> subprocess.Popen[str]:
    source = Path(chokepoint.__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, str(HERE / "appender.py"), *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{HERE}"},
        text=True,
    )


def left(one: Atlas) -> Path:
    """The folder of an atlas that nobody in this process has open any more, as after a power cut."""
    one.engine.dispose()
    one.vault.engine.dispose()
    return one.folder


def whole_lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines(keepends=True) if line.endswith("\n")]


class Killer:
    """Lets processes append, and kills them."""

    def __init__(self) -> None:
        self.process = started()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin, self.process.stdout

    def __call__(
        self, folder: Path, name: str, when: tuple[int, float], works: tuple[str, ...] = (), word: str = ""
    ) -> list[list[str]]:
        """Start an appender, kill it so long after so many acknowledgements, and give back all of them.

        Where a word is given, those that begin with it are counted.
        """
        acknowledged, pause = when
        self.stdin.write(f"{' '.join((str(folder), name, *works))}\n")
        self.stdin.flush()
        number, lines = 0, []
        while not number or sum(line[0].startswith(word) for line in lines) < acknowledged:
            words = self.stdout.readline().split()
            if words[0] == "process":
                number = int(words[1])
            else:
                lines.append(words)
        time.sleep(pause)
        os.kill(number, signal.SIGKILL)
        while (words := self.stdout.readline().split()) != ["dead"]:
            lines.append(words)
        return lines


@pytest.fixture(scope="module")
def killed_while_appending():
    killer = Killer()
    yield killer
    killer.process.communicate()


def check(after, acknowledged: list[list[str]]) -> None:
    """All that was acknowledged is there, whole, in a log that verifies; nothing is half there."""
    verified = verify_ledger(after.engine, after.id)
    told = [tuple(line) for line in acknowledged if line[0] in {"claims", "vote"}]
    with after.engine.connect() as connection:
        assert not [line for line in told if len(line) != 3]
        assert all(holds(connection, *line) for line in told)
        signed = set(connection.exec_driver_sql("SELECT size FROM checkpoints").scalars())
        claims, captures, votes, rows = connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM claims c JOIN provenances p ON p.number = c.provenance"
            " JOIN captures k ON k.seq = p.capture WHERE k.path LIKE '%.txt'),"
            " (SELECT count(*) FROM captures WHERE path LIKE '%.txt'), (SELECT count(*) FROM"
            " others o JOIN names n ON n.number = o.kind WHERE n.name = 'vote/1'), (SELECT count(*) FROM votes)"
        ).one()
    assert signed >= {int(line[1]) for line in acknowledged if line[0] == "signed"}
    assert verified.checkpoints == len(signed)
    assert claims == captures * EACH
    assert rows == votes >= sum(line[0] == "vote" for line in told)


def holds(connection, what: str, name: str, seq: str) -> bool:
    """Whether an acknowledged append is in the tables as it was made."""
    if what == "claims":
        sql = (
            "SELECT count(*) FROM claims c JOIN provenances p ON p.number = c.provenance"
            " JOIN captures k ON k.seq = p.capture WHERE k.path = ? AND c.seq >= ?"
        )
        return connection.exec_driver_sql(sql, (name, int(seq))).scalar_one() == EACH
    sql = (
        "SELECT count(*) FROM votes v JOIN records r ON r.seq = v.claim WHERE r.id = ? AND v.record = ?"
        " AND EXISTS (SELECT 1 FROM records w WHERE w.seq = v.record AND length(w.body) > 0)"
    )
    return connection.exec_driver_sql(sql, (bytes.fromhex(name), int(seq))).scalar_one() == 1


WORKS = (("empty",), ("sign",), ("empty", "sign", "forget"), (), ("forget",))
"""What is done beside taking in and voting, in turn."""
ROUND = 200
"""Kills of one atlas, so that all of its log can be verified after every one; several atlases at once."""


def bytes_left(folder: Path, numbers: set[str]) -> list[tuple[str, str]]:
    """Persons of whom a file of the atlas still holds the name, and the file."""
    held = [(file.name, file.read_bytes()) for file in folder.rglob("*") if file.is_file()]
    needles = {number: person(number).value.encode() for number in numbers}
    return [(number, name) for name, data in held for number, needle in needles.items() if needle in data]


def buried(after) -> set[str]:
    """Digests of the entities that have a tombstone."""
    with after.engine.connect() as connection:
        return {one.erasure.entity for one in tombstones(connection)}


class Lane:
    """One atlas whose appender is killed again and again, and what it acknowledged."""

    def __init__(self, killer: Killer, folder: Path, opened) -> None:
        self.killer, self.folder, self.opened = killer, folder, opened
        self.told, self.met, self.erased = Counter[str](), set[str](), set[str]()

    def run(self, kills: range) -> Counter[str]:
        """Kill, and look each time; at the end carry out what erasures were cut off."""
        chance = random.Random(20260203 + kills.start)  # noqa: S311 - moments to kill at
        for kill in kills:
            self.kill(kill, WORKS[kill % len(WORKS)], chance)
        after = self.opened(self.folder, "bank")
        finish(after)
        graves = buried(after)
        digests = {who: entity_digest(after.secret, person(who)) for who in self.met}
        assert not bytes_left(self.folder, {who for who in self.met if digests[who] in graves})
        assert {digests[who] for who in self.erased} <= graves
        verify_ledger(after.engine, after.id)
        left(after)
        return self.told

    def kill(self, number: int, works: tuple[str, ...], chance: random.Random) -> None:
        when, word = (chance.randint(1, 12), chance.random() * (0.25 if "forget" in works else 0.02)), ""
        if "forget" in works and chance.random() < 0.6:  # an erasure is slow: else most would be cut off
            when, word, works = (chance.randint(1, 2), chance.random() * 0.02), "erased", (*works, "calm")
        lines = self.killer(self.folder, str(number), when, works, word)
        self.told.update(line[0] for line in lines)
        self.met |= {line[1] for line in lines if line[0] == "met"}
        self.erased |= {line[1] for line in lines if line[0] == "erased"}
        after = self.opened(self.folder, "bank")
        check(after, lines)
        if "forget" in works:
            assert not bytes_left(self.folder, self.erased)
        left(after)


def test_no_acknowledged_record_is_lost_to_a_kill_and_the_ledger_verifies(
    atlas, opened, killed_while_appending, record_testsuite_property
):
    """While claims are taken in and voted on, checkpoints signed, persons erased, and the log is emptied."""
    rounds = [range(start, min(start + ROUND, KILLS)) for start in range(0, KILLS, ROUND)]
    killers = [killed_while_appending, *(Killer() for _ in rounds[1:])]
    folders = [left(atlas("bank", "police", name=f"atlas{number}")) for number in range(len(rounds))]
    lanes = [Lane(killer, folder, opened) for killer, folder in zip(killers, folders, strict=True)]
    with ThreadPoolExecutor(len(lanes)) as pool:
        told = sum(pool.map(Lane.run, lanes, rounds), Counter())
    for one in killers[1:]:
        one.process.communicate()
    said = {**told, "claims": told["claims"] * EACH}
    record_testsuite_property("acknowledged", f"{said} in {KILLS} kills")
    assert told["claims"] + told["vote"] >= KILLS
    assert told["erased"] >= KILLS // 5, "four kills in ten come while persons are erased"


def test_a_killed_writer_leaves_the_next_one_a_working_atlas(atlas, opened, killed_while_appending):
    folder = atlas("bank", "police").folder
    told = killed_while_appending(folder, "killed", (20, 0.005))
    after = opened(folder, "bank")
    check(after, told)
    before = len(said_to(after))
    assert say(after, [link("next.example", "10.0.0.1")]).fresh == (True,)
    assert len(said_to(after)) == before + 1
    verify_ledger(after.engine, after.id)


def test_two_writers_at_once_lose_nothing(atlas, opened):
    folder = atlas("bank", "police").folder
    both = [started(folder, name) for name in ("one", "two")]
    told = []
    for process in both:
        assert process.stdout is not None
        told.append("".join(process.stdout.readline() for _ in range(3)))
    for process in both:
        process.kill()
    rest = []
    for process in both:
        with process:  # not by `communicate`, which loses what a line's reader has read ahead
            assert process.stdout is not None
            rest.append(process.stdout.read())
    check(
        opened(folder, "bank"),
        [line for text in map("".join, zip(told, rest, strict=True)) for line in whole_lines(text)],
    )


@pytest.mark.parametrize("more", [60_000, 400_000, 1_500_000])
def test_on_a_full_disk_an_append_is_refused_and_what_was_told_is_kept(atlas, opened, more):
    one = atlas("bank", "police")
    folder = one.folder
    one.engine.dispose()
    limit = max(file.stat().st_size for file in folder.glob("*.sqlite*")) + more
    said, _ = started(folder, "full", str(limit)).communicate(timeout=120)
    told = whole_lines(said)
    refused = [line for line in told if line[0] == "refused:"]
    assert len(refused) == 1 + VOTERS
    assert all({"full", "I/O"} & set(line) for line in refused)
    after = opened(folder, "bank")
    check(after, told)
    say(after, [link("room.example", "10.0.0.1")])
    verify_ledger(after.engine, after.id)


@pytest.mark.parametrize("tail", [1, 100, 5_000, 20_000])
def test_a_torn_write_ahead_log_leaves_the_ledger_as_it_was_after_some_commit(
    atlas, opened, killed_while_appending, tail
):
    folder = left(atlas("bank", "police"))
    killed_while_appending(folder, "torn", (20, 0.001))
    log = folder / "ledger.sqlite-wal"
    size = log.stat().st_size
    os.truncate(log, max(0, size - tail))
    (folder / "ledger.sqlite-shm").unlink(missing_ok=True)
    after = opened(folder, "bank")
    verify_ledger(after.engine, after.id)
    assert len(said_to(after)) % EACH == 0


def test_flipped_bytes_in_the_write_ahead_log_do_not_pass(atlas, opened, killed_while_appending):
    folder = left(atlas("bank", "police"))
    killed_while_appending(folder, "flipped", (20, 0.001))
    log = folder / "ledger.sqlite-wal"
    raw = bytearray(log.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    log.write_bytes(raw)
    (folder / "ledger.sqlite-shm").unlink(missing_ok=True)
    after = opened(folder, "bank")
    verify_ledger(after.engine, after.id)
    assert len(said_to(after)) % EACH == 0


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_file_is_told_as_damage(tmp_path, opened, share):
    one = make_atlas(Settings(atlas=tmp_path / "atlas", viewer=Viewer(organisation="bank")))
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(3_000)])
    with one.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    one.engine.dispose()
    one.vault.engine.dispose()
    file = tmp_path / "atlas" / "ledger.sqlite"
    os.truncate(file, int(file.stat().st_size * share))
    with pytest.raises(LedgerError, match="damaged") as caught:
        verify_ledger(one.engine, one.id)
    assert "backup" in caught.value.mend
