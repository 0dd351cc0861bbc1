"""The spool of looks: every line once, in order, of its own looker, whatever crashes in between."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec
import pytest
from desk_world import World, entity
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.looking.look import show
from chokepoint.desk.watch import access
from chokepoint.desk.watch.access import LONGEST, log, record_looks, saw, spool
from chokepoint.desk.watch.spool import ABANDONED, Batch, Entry, Spool, as_said
from chokepoint.store.people import ACCESS

if TYPE_CHECKING:
    from pathlib import Path

ANN, BOB, WHOLE = ("bank", "ann"), ("bank", "bob"), ("bank", "")
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
viewers = st.tuples(names, st.one_of(st.just(""), names))


def entry(asked: str = "evil.com", **more: object) -> Entry:
    return Entry(at="2026-02-03T04:05:06.000Z", verb="show", asked=asked, **more)  # type: ignore[arg-type]


def taken(one: Spool, viewer: tuple[str, str] | None = None) -> list[tuple[tuple[str, str], list[str]]]:
    """What waits, taken and done with."""
    found = []
    for batch in one.take(viewer):
        found.append(((batch.organisation, batch.user), [each.asked for each in batch.entries]))
        one.done(batch)
    return found


# --- laws ---


@given(st.lists(st.tuples(st.sampled_from((ANN, BOB, WHOLE)), st.text(max_size=20)), max_size=12))
def test_every_line_comes_out_once_in_order_under_its_looker(tmp_path_factory, lines) -> None:
    one = Spool(tmp_path_factory.mktemp("spool"))
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for viewer, asked in lines:
        one.add(viewer, entry(asked))
        wanted[viewer].append(asked)
    assert dict(taken(one)) == wanted
    assert taken(one) == []


@given(st.lists(viewers, min_size=1, max_size=4, unique=True))
def test_any_two_names_have_lines_of_their_own(tmp_path_factory, who) -> None:
    one = Spool(tmp_path_factory.mktemp("spool"))
    for number, viewer in enumerate(who):
        one.add(viewer, entry(str(number)))
    assert sorted(taken(one)) == sorted((viewer, [str(number)]) for number, viewer in enumerate(who))


@given(
    st.builds(
        Entry,
        at=st.text(),
        verb=st.text(),
        asked=st.text(),
        purpose=st.text(),
        entities=st.lists(st.tuples(st.text(), st.text()), max_size=3).map(tuple),
        claims=st.lists(st.text(), max_size=2).map(tuple),
        to=st.lists(st.text(), max_size=2).map(tuple),
        canary=st.text(),
    )
)
def test_an_entry_comes_back_from_a_record_as_it_went_in(one: Entry) -> None:
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(as_said(one))), Entry) == one


def test_what_is_empty_is_not_written(tmp_path: Path) -> None:
    assert set(as_said(entry())) == {"at", "verb", "asked"}


# --- taking ---


def test_one_viewer_takes_their_own_lines_and_leaves_the_others(tmp_path: Path) -> None:
    one = Spool(tmp_path)
    for viewer in (ANN, BOB, WHOLE):
        one.add(viewer, entry(viewer[1]))
    assert taken(one, BOB) == [(BOB, ["bob"])]
    assert taken(one, WHOLE) == [(WHOLE, [""])]
    assert taken(one) == [(ANN, ["ann"])]


def test_a_name_that_begins_like_another_is_not_taken_for_it(tmp_path: Path) -> None:
    one = Spool(tmp_path)
    one.add(("bank", "an"), entry("an"))
    one.add(ANN, entry("ann"))
    assert taken(one, ("bank", "an")) == [(("bank", "an"), ["an"])]


def test_what_is_added_while_lines_are_taken_waits_for_the_next_time(tmp_path: Path) -> None:
    one = Spool(tmp_path)
    one.add(ANN, entry("first"))
    for batch in one.take():
        one.add(ANN, entry("second"))
        one.done(batch)
    assert taken(one) == [(ANN, ["second"])]


def test_lines_that_another_process_has_just_taken_are_its_own_to_record(tmp_path: Path) -> None:
    one = Spool(tmp_path)
    one.add(ANN, entry())
    [held] = list(one.take())
    assert held.entries
    assert taken(Spool(tmp_path)) == []


def test_lines_that_a_dead_process_took_are_recorded_after_a_while_under_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Spool(tmp_path)
    one.add(ANN, entry())
    [held] = list(one.take())
    now = time.time()
    monkeypatch.setattr("chokepoint.desk.watch.spool.time.time", lambda: now + ABANDONED + 1)
    [again] = list(one.take())
    assert again == held
    one.done(again)
    assert list(tmp_path.iterdir()) == []


def test_a_line_is_not_lost_in_a_file_that_is_taken_while_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, batches = Spool(tmp_path), list[Batch]()
    one.add(ANN, entry("first"))
    lock = fcntl.flock

    def late(handle: int, how: int) -> None:
        monkeypatch.setattr("chokepoint.store.turn.flock", lock)
        batches.extend(one.take())  # between opening and holding it
        lock(handle, how)

    monkeypatch.setattr("chokepoint.store.turn.flock", late)
    one.add(ANN, entry("second"))
    assert [each.asked for batch in batches for each in batch.entries] == ["first"]
    assert taken(one) == [(ANN, ["second"])]


def test_many_threads_that_add_and_take_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    one, found = Spool(tmp_path), list[str]()

    def look(number: int) -> None:
        for turn in range(20):
            one.add(ANN, entry(f"{number}.{turn}"))
            if turn % 3 == 0:
                found.extend(asked for _, lines in taken(one, ANN) for asked in lines)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, range(8)))
    found.extend(asked for _, lines in taken(one) for asked in lines)
    assert sorted(found) == sorted(f"{number}.{turn}" for number in range(8) for turn in range(20))


def test_lines_that_another_has_recorded_meanwhile_are_nobodys(tmp_path: Path) -> None:
    one = Spool(tmp_path)
    for who in (ANN, BOB):
        one.add(who, entry())
    told = one.take()
    first = next(told)
    for path in tmp_path.iterdir():
        path.unlink()
    assert first.entries
    assert [batch.entries for batch in told] == [()]


def test_a_spool_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    assert taken(Spool(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()


def test_done_twice_does_no_harm(tmp_path: Path) -> None:
    one = Spool(tmp_path)
    batch = Batch(name="0" * 16, organisation="bank", user="ann", entries=())
    one.done(batch)
    one.done(batch)


@pytest.mark.parametrize(
    "torn", [b'{"at": "2026"', b"\xff\xfe\n", b"[]\n", b"{}\n", b'{"at": 1, "verb": "x"}\n']
)
def test_a_line_that_cannot_be_read_costs_itself_alone(tmp_path: Path, torn: bytes) -> None:
    one = Spool(tmp_path)
    one.add(ANN, entry("before"))
    [path] = tmp_path.iterdir()
    path.write_bytes(path.read_bytes() + torn.rstrip(b"\n") + b"\n")
    one.add(ANN, entry("after"))
    assert taken(one) == [(ANN, ["before", "after"])]


# --- counting and care ---


def test_adding_tells_how_much_waits(tmp_path: Path) -> None:
    one = Spool(tmp_path)
    first = one.add(ANN, entry())
    assert one.add(ANN, entry()) == 2 * first
    assert one.add(BOB, entry()) == first


def test_looks_are_counted_by_person_and_day(tmp_path: Path) -> None:
    one = Spool(tmp_path)
    assert [one.count(ANN, "2026-02-03") for _ in range(3)] == [1, 2, 3]
    assert one.count(ANN, "2026-02-04") == 1
    assert one.count(BOB, "2026-02-03") == 1
    assert Spool(tmp_path).count(ANN, "2026-02-03") == 4


def test_counts_are_no_lines(tmp_path: Path) -> None:
    one = Spool(tmp_path)
    one.count(ANN, "2026-02-03")
    assert taken(one) == []


def test_nobody_but_the_owner_reads_the_folder_or_a_file_in_it(tmp_path: Path) -> None:
    one = Spool(tmp_path / "access")
    one.add(ANN, entry())
    one.count(ANN, "2026-02-03")
    assert stat.S_IMODE((tmp_path / "access").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "access").iterdir()} == {0o600}


def test_a_line_that_is_written_in_part_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.desk.watch.spool.os.write", lambda _, line: len(line) - 1)
    with pytest.raises(OSError, match="in part"):
        Spool(tmp_path).add(ANN, entry())


def test_a_full_disk_is_an_error_and_the_file_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int, line: bytes) -> int:
        raise OSError(28, "No space left on device")

    closed: list[int] = []
    close = os.close
    monkeypatch.setattr("chokepoint.desk.watch.spool.os.write", full)
    monkeypatch.setattr(
        "chokepoint.desk.watch.spool.os.close", lambda handle: [closed.append(handle), close(handle)]
    )
    with pytest.raises(OSError, match="No space"):
        Spool(tmp_path).add(ANN, entry())
    assert len(closed) == 1


# --- from lines to records ---


def bodies(world: World) -> int:
    atlas = world.open("bank")
    with atlas.engine.connect() as connection:
        return int(
            connection.exec_driver_sql(
                "SELECT count(*) FROM others o JOIN names n ON n.number = o.kind WHERE n.name = ?", (ACCESS,)
            ).scalar_one()
        )


def test_a_hundred_looks_become_one_record_and_are_each_told(world: World) -> None:
    world.say("bank", (entity("domain-name:evil.com"), "status", "live"))
    for _ in range(100):
        show(world.open("police"), "evil.com")
    assert bodies(world) == 0
    assert len(log(world.open("police"))) == 100
    assert bodies(world) == 1


def test_what_is_recorded_already_is_read_for_lines_alone_that_a_crash_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    atlas, asked = world.open("bank"), list[str]()
    monkeypatch.setattr(access, "_recorded", lambda _, batch: bool(asked.append(batch.name)))
    show(atlas, "evil.com")
    assert record_looks(atlas) == 1
    assert asked == []
    show(atlas, "evil.com")
    [left] = list(spool(atlas).take())
    now = time.time()
    monkeypatch.setattr("chokepoint.desk.watch.spool.time.time", lambda: now + ABANDONED + 1)
    assert record_looks(atlas) == 1
    assert asked == [left.name]


def test_recording_when_nothing_waits_records_nothing(world: World) -> None:
    assert record_looks(world.open("bank")) == 0
    assert bodies(world) == 0


def test_only_ones_own_lines_become_records_where_that_is_asked(world: World) -> None:
    for who in ("bank", "police"):
        show(world.open(who), "evil.com")
    assert record_looks(world.open("police"), own=True) == 1
    assert [one[0] for one in taken(spool(world.open("bank")))] == [("bank", "")]


def test_words_that_are_long_are_cut_and_things_that_are_many_take_several_lines(world: World) -> None:
    many = [entity(f"domain-name:n{number}.com") for number in range(LONGEST + 50)]
    saw(world.open("bank"), "check", "x" * 1_000, [*many, *many])
    told = [one.entry for one in log(world.open("bank"))]
    assert [(len(one.asked), len(one.entities)) for one in told] == [(LONGEST, LONGEST), (LONGEST, 50)]


def test_words_that_are_taken_out_leave_the_rest_of_the_look(world: World) -> None:
    saw(
        world.open("bank"),
        "check",
        "Paste of Jane Doe",
        [entity("person:jane doe"), entity("domain-name:evil.com")],
    )
    saw(world.open("bank"), "show", "evil.com", [entity("domain-name:evil.com")])
    record_looks(world.open("bank"), without=["jane doe"])
    told = [(one.entry.asked, one.entry.entities) for one in log(world.open("bank"))]
    assert told == [("", (("domain-name", "evil.com"),)), ("evil.com", (("domain-name", "evil.com"),))]


def test_a_part_of_a_name_by_which_somebody_was_found_is_taken_out_too(world: World) -> None:
    jane, site = entity("person:jane doe"), entity("domain-name:evil.com")
    for asked, found in (
        ("doe", [jane, site]),
        ("Doe, Jane", []),
        ("evil", [jane, site]),
        ("evil.com", [site]),
    ):
        saw(world.open("bank"), "search", asked, found)
    record_looks(world.open("bank"), without=["jane doe"])
    assert [one.entry.asked for one in log(world.open("bank"))] == ["", "", "evil", "evil.com"]
    assert all(jane not in one.entry.entities for one in log(world.open("bank")))


@pytest.mark.parametrize(
    "asked", ["\u202egnab", "a\x00b", "ไทย", "x\ny", '"}', "\ud800".encode("utf-8", "replace").decode()]
)
def test_whatever_is_asked_is_logged_as_it_was(world: World, asked: str) -> None:
    show(world.open("bank"), asked)
    assert [one.entry.asked for one in log(world.open("bank"))] == [asked]
