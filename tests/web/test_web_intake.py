"""What was sent is read to its end: without a browser, after a crash, by one process alone."""

from __future__ import annotations

import fcntl
import io
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Rejected
from chokepoint.desk.gather import FileReport, GatherReport
from chokepoint.desk.people.staff import depart
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.web import intake
from chokepoint.web.intake import Intake
from chokepoint.web.show.account import FILES, LINES, LONGEST, Wishes, account_of, refused_whole, safe_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web_desk import Web

VENDOR = Viewer(organisation="vendor")


def one(name: str = "a.txt", data: bytes = b"evil-one.com") -> list[tuple[str, Any]]:
    return [(name, io.BytesIO(data))]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """While it is shut, reading waits at its beginning."""
    opened = threading.Event()
    real = intake.gather

    def late(*given: Any) -> GatherReport:
        assert opened.wait(30)
        return real(*given)

    monkeypatch.setattr(intake, "gather", late)
    yield opened
    opened.set()


@pytest.fixture
def after(fresh: Web) -> Iterator[Intake]:
    """The intake of a process that starts after the first one."""
    made = Intake(fresh.office.register, fresh.atlas.folder, fresh.office.opened_by)
    yield made
    made.close()


def test_it_waits_while_others_are_read_and_is_done_in_the_end(fresh: Web, gate: threading.Event):
    first = fresh.office.intake.take(VENDOR, one(), Wishes())
    second = fresh.office.intake.take(VENDOR, one(), Wishes())
    fresh.office.intake.settle(first, 0.2)
    assert fresh.office.intake.find(VENDOR, second).state == "waiting"
    assert not fresh.office.intake.find(VENDOR, first).over
    gate.set()
    fresh.office.intake.settle()
    states = [each.state for each in fresh.office.intake.of(VENDOR)]
    assert states == ["done", "done"]


def test_the_page_of_one_that_is_read_says_so_and_asks_again(fresh: Web, gate: threading.Event):
    name = fresh.office.intake.take(VENDOR, one("<b>.txt"), Wishes())
    vendor = fresh.signed_in("vendor")
    page = vendor.get(f"/collect/{name}").text
    assert f'hx-get="/collect/{name}"' in page
    assert "You can close this page" in page
    assert "<b>.txt" not in page
    gate.set()
    fresh.office.intake.settle()
    assert 'hx-get="/collect/' not in vendor.get(f"/collect/{name}").text


def test_what_a_crash_left_is_read_by_the_next_process(
    fresh: Web, after: Intake, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fresh.office.intake, "_begin", lambda _: None)
    name = fresh.office.intake.take(VENDOR, one(), Wishes())
    after.resume()
    after.settle()
    assert (after.find(VENDOR, name).state, after.find(VENDOR, name).account.new) == ("done", 1)


def test_what_was_cut_short_in_the_middle_is_read_again_and_said_once(
    fresh: Web, after: Intake, monkeypatch: pytest.MonkeyPatch
):
    fresh.office.intake.take(VENDOR, one(), Wishes())
    fresh.office.intake.settle()
    monkeypatch.setattr(fresh.office.intake, "_begin", lambda _: None)
    name = fresh.office.intake.take(VENDOR, one(), Wishes())
    fresh.office.register.change("UPDATE gatherings SET state = 'reading' WHERE id = :id", id=name)
    after.resume()
    after.settle()
    account = after.find(VENDOR, name).account
    assert (account.new, account.known) == (0, 1)


def test_what_another_process_reads_is_left_to_it(fresh: Web, after: Intake, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fresh.office.intake, "_begin", lambda _: None)
    name = fresh.office.intake.take(VENDOR, one(), Wishes())
    with (fresh.atlas.folder / intake.FOLDER / f"{name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        after.resume()
        after.settle()
        assert after.find(VENDOR, name).state == "waiting"


def test_one_that_is_done_is_not_read_again(fresh: Web, after: Intake, monkeypatch: pytest.MonkeyPatch):
    name = fresh.office.intake.take(VENDOR, one(), Wishes())
    fresh.office.intake.settle()
    monkeypatch.setattr(intake, "gather", lambda *_: pytest.fail("read twice"))
    after.resume()
    after.settle()
    assert after.find(VENDOR, name).account.new == 1


def test_one_person_cannot_fill_the_desk(fresh: Web, gate: threading.Event, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake, "MOST_WAITING", 2)
    for _ in range(2):
        fresh.office.intake.take(VENDOR, one(), Wishes())
    with pytest.raises(RefusedError) as caught:
        fresh.office.intake.take(VENDOR, one(), Wishes())
    assert caught.value.mend
    fresh.office.intake.take(Viewer(organisation="police"), one(), Wishes())
    gate.set()
    fresh.office.intake.settle()


def test_somebody_who_has_left_meanwhile_says_nothing(fresh: Web, gate: threading.Event):
    name = fresh.office.intake.take(VENDOR, one(), Wishes())
    depart(fresh.office.opened_by(Viewer(organisation="bank")), "vendor", "closed")
    gate.set()
    fresh.office.intake.settle()
    told = fresh.office.intake.find(VENDOR, name)
    assert told.state == "refused"
    assert told.account.new == 0


@pytest.mark.parametrize("who", [Viewer(organisation="bank"), Viewer(organisation="vendor", user="ann")])
def test_a_sending_is_its_persons_alone(fresh: Web, who: Viewer):
    name = fresh.office.intake.take(VENDOR, one(), Wishes())
    fresh.office.intake.settle()
    assert fresh.office.intake.of(who) == []
    with pytest.raises(NotFoundError):
        fresh.office.intake.find(who, name)


def test_where_files_wait_only_the_operator_reads(fresh: Web, gate: threading.Event):
    name = fresh.office.intake.take(VENDOR, one(), Wishes())
    folder = fresh.atlas.folder / intake.FOLDER
    assert [place.stat().st_mode & 0o077 for place in (folder, folder / name)] == [0, 0]
    gate.set()
    fresh.office.intake.settle()


def test_files_that_were_refused_before_stand_in_the_account_with_the_others(fresh: Web):
    left = (refused_whole("big.txt", "too large"),)
    name = fresh.office.intake.take(VENDOR, one(), Wishes(left=left))
    fresh.office.intake.settle()
    told = fresh.office.intake.find(VENDOR, name)
    assert told.names == ("a.txt", "big.txt")
    assert [(file.name, file.refused) for file in told.account.files] == [("a.txt", 0), ("big.txt", 1)]
    assert (told.account.count, told.account.refused) == (2, 1)


def test_what_waits_when_the_desk_closes_is_read_at_the_next_start(
    fresh: Web, after: Intake, gate: threading.Event
):
    first = fresh.office.intake.take(VENDOR, one(), Wishes())
    second = fresh.office.intake.take(VENDOR, one("b.txt"), Wishes())
    closing = threading.Thread(target=fresh.office.intake.close)
    closing.start()
    fresh.office.intake.settle(second, 10)
    gate.set()
    closing.join(30)
    assert after.find(VENDOR, first).state == "done"
    assert after.find(VENDOR, second).state == "waiting"
    after.resume()
    after.settle()
    assert after.find(VENDOR, second).state == "done"


def test_one_whose_files_are_gone_is_told_of_and_never_tried_again(
    fresh: Web, after: Intake, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fresh.office.intake, "_begin", lambda _: None)
    name = fresh.office.intake.take(VENDOR, one(), Wishes())
    shutil.rmtree(fresh.atlas.folder / intake.FOLDER / name)
    after.resume()
    after.settle()
    told = after.find(VENDOR, name)
    assert told.over
    assert told.account.new == 0
    assert str(fresh.atlas.folder) not in repr(told)


def test_what_still_waits_is_never_forgotten_however_old(
    fresh: Web, after: Intake, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fresh.office.intake, "_begin", lambda _: None)
    name = fresh.office.intake.take(VENDOR, one(), Wishes())
    fresh.clock.passes(2 * intake.KEPT)
    assert [each.id for each in fresh.office.intake.of(VENDOR)] == [name]
    after.resume()
    after.settle()
    assert after.of(VENDOR) == []


def test_no_more_are_listed_than_a_page_bears(fresh: Web, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake, "LISTED", 2)
    made = []
    for _ in range(3):
        made.append(fresh.office.intake.take(VENDOR, one(), Wishes()))
        fresh.office.intake.settle()
    assert [each.id for each in fresh.office.intake.of(VENDOR)] == made[:0:-1]


def test_a_name_of_a_sending_that_is_none_is_absent(fresh: Web):
    for name in ("", "x" * 5_000, "../web.sqlite", "' OR 1=1 --", "\x00"):
        with pytest.raises(NotFoundError):
            fresh.office.intake.find(VENDOR, name)


class TestAccounts:
    def test_no_more_lines_are_told_than_there_is_room_for_and_all_are_counted(self):
        def many(name: str, count: int) -> FileReport:
            return FileReport(path=name, rejected=[Rejected(f"line {n}", "no") for n in range(count)])

        told = account_of(GatherReport(files=(many("a", LINES - 1), many("b", 5), many("c", 5))), str)
        assert [len(file.rejected) for file in told.files] == [LINES - 1, 1, 0]
        assert [file.refused for file in told.files] == [LINES - 1, 5, 5]
        assert told.refused == LINES + 9

    def test_no_more_files_are_told_and_all_are_counted(self):
        told = account_of(
            GatherReport(files=tuple(FileReport(path=str(n), new=1) for n in range(FILES + 3))), str
        )
        assert (len(told.files), told.count, told.new) == (FILES, FILES + 3, FILES + 3)

    def test_every_text_of_it_is_cleaned(self):
        report = FileReport(
            path="/srv/a", origin="/srv/o", mapping="/srv/m", rejected=[Rejected("/srv/p", "/srv/r")]
        )
        told = account_of(GatherReport(files=(report,)), lambda text: text.replace("/srv/", "")).files[0]
        assert (told.name, told.origin, told.mapping, told.rejected) == ("a", "o", "m", (("p", "r"),))


class TestNames:
    @pytest.mark.parametrize(
        ("given_name", "expected"),
        [
            ("", "file"),
            ("...", "file"),
            ("/", "file"),
            ("a/b/", "b"),
            ("..\\x.csv", "x.csv"),
            ("a\x00b.csv", "a_b.csv"),
            ("a!b:c.csv", "a_b_c.csv"),
            ("a\u00a0b.csv", "a b.csv"),
            ("e\u0301.csv", "\u00e9.csv"),
            ("\ud800.csv", "_.csv"),
            ("lot.tar.gz", "lot.tar.gz"),
        ],
        ids=lambda text: text.encode("unicode_escape").decode().replace("\\", "-") or "empty",
    )
    def test_a_name_is_one_component_with_nothing_hidden(self, given_name: str, expected: str):
        assert safe_name(given_name, ()) == expected

    @given(st.lists(st.text(), max_size=6))
    def test_whatever_browsers_send_names_are_distinct_short_and_stay_in_the_folder(self, names: list[str]):
        made: list[str] = []
        for name in names:
            made.append(safe_name(name, made))
        assert len(set(made)) == len(names)
        for name in made:
            assert name
            assert not name.startswith(".")
            assert not set(name) & set("/\\\0!")
            assert len(name.encode()) <= LONGEST + 30

    @given(st.text())
    def test_a_safe_name_is_left_as_it_is(self, name: str):
        assert safe_name(safe_name(name, ()), ()) == safe_name(name, ())
