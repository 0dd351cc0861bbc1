"""The reading process stays a little ahead, keeps the order, and ends when nobody listens."""

from __future__ import annotations

import gc
import pickle
from multiprocessing import Pipe
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from desk_corpus import two_sources

from chokepoint.desk.gather import beside as reading
from chokepoint.desk.gather.beside import AHEAD, _Outbox, beside
from chokepoint.desk.gather.parse import Parser, Task
from chokepoint.model.marking import CLEAR

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World


class Slow:
    """A connection whose other end takes nothing until it is told to."""

    def __init__(self) -> None:
        self.open = Event()
        self.taken: list[Any] = []

    def send_bytes(self, data: bytes) -> None:
        self.open.wait(10)
        self.taken.append(pickle.loads(data))  # noqa: S301 - written by this test


def task(folder: Path) -> Task:
    return Task(paths=(folder,), key=b"k" * 32, organisation="bank", at="2026-01-01", marking=CLEAR)


def test_messages_arrive_in_order_and_none_is_lost() -> None:
    here, there = Pipe(duplex=False)
    outbox = _Outbox(there)
    for number in range(20):
        outbox.send(("x" * 100, number))
    outbox.send(None)
    outbox.settle()
    assert [here.recv() for _ in range(21)] == [*(("x" * 100, number) for number in range(20)), None]


def test_as_many_may_wait_as_are_read_ahead() -> None:
    slow = Slow()
    outbox = _Outbox(slow)  # type: ignore[arg-type] - all that it needs of a connection
    for number in range(AHEAD):
        outbox.send(number)
    assert slow.taken == []
    slow.open.set()
    outbox.send("one more")
    outbox.settle()
    assert slow.taken == [*range(AHEAD), "one more"]


def test_a_message_is_what_it_was_when_it_was_sent() -> None:
    slow = Slow()
    outbox = _Outbox(slow)  # type: ignore[arg-type] - as above
    said = [1]
    outbox.send(said)
    said.append(2)
    slow.open.set()
    outbox.settle()
    assert slow.taken == [[1]]


def test_it_is_told_when_nobody_takes_them_any_more() -> None:
    here, there = Pipe(duplex=False)
    here.close()
    outbox = _Outbox(there)
    outbox.send(1)
    with pytest.raises(BrokenPipeError):
        outbox.settle()


def test_the_batches_are_those_of_one_process(world: World, tmp_path: Path) -> None:
    atlas, wanted = world.open("bank"), task(two_sources(tmp_path / "in"))
    alone = list(Parser(wanted, lambda _: None).batches())
    assert list(beside(wanted, atlas.vault.place)) == alone


def test_one_who_stops_listening_leaves_no_process_behind(world: World, tmp_path: Path) -> None:
    batches = beside(task(two_sources(tmp_path / "in")), world.open("bank").vault.place)
    next(batches)
    assert not gc.isenabled()
    batches.close()
    assert gc.isenabled()
    assert reading.multiprocessing.active_children() == []


def test_the_parser_names_each_file_before_it_reads_it(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text("evil.com\n")
    named: list[str] = []
    wanted = Task(
        paths=(tmp_path,), key=b"k" * 32, organisation="bank", at="2026-01-01T00:00:00.000Z", marking=CLEAR
    )
    for parts in Parser(wanted, lambda _: None, named.append).batches():
        assert [part.report.path for part in parts if part.report] == named
    assert named == ["a.txt", "b.txt"]
