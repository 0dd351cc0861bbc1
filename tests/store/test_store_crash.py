"""What was acknowledged survives kill -9, wherever it falls."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from appender import EACH
from store_world import link, said_to, say

import chokepoint
from chokepoint.store.verifying import verify_ledger

KILLS = 8
HERE = Path(__file__).parent


def killed_while_appending(folder: Path, name: str, acknowledged: int, pause: float) -> list[tuple[str, int]]:
    """Start an appender, kill it after so many acknowledgements, and give back all that it acknowledged."""
    source = Path(chokepoint.__file__).parents[1]
    process = subprocess.Popen(
        [sys.executable, str(HERE / "appender.py"), str(folder), name],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{HERE}"},
        text=True,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(acknowledged)]
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL
    whole = [line for line in ("".join(lines) + rest).splitlines(keepends=True) if line.endswith("\n")]
    return [(path, int(seq)) for path, seq in (line.split() for line in whole)]


def test_no_acknowledged_record_is_lost_to_a_kill_and_the_ledger_verifies(atlas, opened):
    folder = atlas("bank").folder
    chance = random.Random(20260203)  # noqa: S311 - when to kill, not a secret  # noqa: S311 - moments to kill at
    for kill in range(KILLS):
        pause = chance.random() * 0.02
        acknowledged = killed_while_appending(folder, str(kill), chance.randint(1, 6), pause)
        after = opened(folder, "bank")
        verified = verify_ledger(after.engine, after.id)
        values = [claim.subject.value for claim in said_to(after)]
        there = set(values)
        for path, _ in acknowledged:
            assert {f"{path}.{n}.example" for n in range(EACH)} <= there
        assert len(values) == len(there)
        assert len(values) % EACH == 0
        assert verified.records == 1 + len(values) + len(values) // EACH


def test_a_killed_writer_leaves_the_next_one_a_working_atlas(atlas, opened):
    folder = atlas("bank").folder
    killed_while_appending(folder, "killed", 2, 0.005)
    after = opened(folder, "bank")
    before = len(said_to(after))
    assert say(after, [link("next.example", "10.0.0.1")]).fresh == (True,)
    assert len(said_to(after)) == before + 1
    verify_ledger(after.engine, after.id)
