"""Files that wait to be read: an erasure reaches them too, or says that it cannot."""

from __future__ import annotations

import gzip
import sqlite3
import stat
import zipfile
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from erase_world import MAIL, PERSON, WHY, bytes_of
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.gather import gather
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.erase import erase, hold
from chokepoint.desk.keeping.incoming import FOLDER, REGISTER, shared, strike
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.identity import Entity

if TYPE_CHECKING:
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas

WORD = "somchai"


def wait_in(folder: Path, **files: bytes) -> dict[str, Path]:
    """Files of one sending, by name."""
    sending = folder / FOLDER / "5e17d1"
    sending.mkdir(parents=True)
    for name, data in files.items():
        (sending / name).write_bytes(data)
    return {name: sending / name for name in files}


def held(atlas: Atlas) -> bytes:
    return b"".join(data for _, data in bytes_of(atlas))


def zipped(words: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.txt", words * 20)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "left"),
    [
        pytest.param(b"by Somchai, 3.4.5.6", b"by *******, 3.4.5.6", id="in any case"),
        pytest.param(b"somchaisomchai", b"**************", id="twice"),
        pytest.param(b"", b"", id="an empty file"),
        pytest.param(b"nobody", b"nobody", id="a file without it"),
        pytest.param("สมชาย somchai".encode(), "สมชาย *******".encode(), id="among other scripts"),
    ],
)
def test_every_other_byte_stays_where_it_was(tmp_path: Path, data: bytes, left: bytes) -> None:
    files = wait_in(tmp_path, one=data)
    assert strike(tmp_path, [WORD]) == (data != left)
    assert files["one"].read_bytes() == left


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60), st.integers(0, 60))
def test_whatever_stands_around_it_the_word_is_gone_and_the_length_the_same(
    tmp_path_factory: pytest.TempPathFactory, around: str, at: int
) -> None:
    folder = tmp_path_factory.mktemp("incoming")
    data = (around[:at] + WORD + around[at:]).encode()
    files = wait_in(folder, one=b"x" + data)
    assert strike(folder, [WORD]) == 1
    left = files["one"].read_bytes()
    assert len(left) == 1 + len(data)
    assert WORD.encode() not in left.lower()


def test_two_bytes_a_letter_are_searched_as_well(tmp_path: Path) -> None:
    files = wait_in(tmp_path, one="a somchai".encode("utf-16"))
    assert strike(tmp_path, [WORD]) == 1
    left = files["one"].read_bytes()
    assert WORD not in left.decode("utf-16", "replace")
    assert len(left) == 2 * len("a somchai") + 2


def test_a_name_that_holds_it_is_struck_on_the_disk_and_on_the_page(tmp_path: Path) -> None:
    wait_in(tmp_path, **{"Somchai.txt": b"nothing", "other.txt": b"nothing"})
    with closing(sqlite3.connect(tmp_path / REGISTER)) as register:
        register.execute("CREATE TABLE gatherings (names TEXT, options TEXT)")
        register.execute('INSERT INTO gatherings VALUES (\'["Somchai.txt"]\', \'{"origin":"somchai"}\')')
        register.commit()
    assert strike(tmp_path, [WORD]) == 1
    assert sorted(path.name for path in (tmp_path / FOLDER / "5e17d1").iterdir()) == [
        "*******.txt",
        "other.txt",
    ]
    with closing(sqlite3.connect(tmp_path / REGISTER)) as register:
        told = register.execute("SELECT names, options FROM gatherings").fetchall()
    assert told == [('["*******.txt"]', '{"origin":"*******"}')]


def test_files_whose_struck_names_are_alike_are_all_still_there(tmp_path: Path) -> None:
    wait_in(tmp_path, **{"somchai.txt": b"one", "SOMCHAI.txt": b"two", "Somchai.txt": b"three"})
    assert strike(tmp_path, [WORD]) == 3
    left = {path.name: path.read_bytes() for path in (tmp_path / FOLDER / "5e17d1").iterdir()}
    assert sorted(left) == ["*******.txt", "*******~2.txt", "*******~3.txt"]
    assert set(left.values()) == {b"one", b"two", b"three"}


def test_a_struck_name_is_written_over_no_file_that_has_it_already(tmp_path: Path) -> None:
    files = wait_in(tmp_path, **{"*******.txt": b"one", "somchai.txt": b"two"})
    strike(tmp_path, [WORD])
    assert files["*******.txt"].read_bytes() == b"one"


def test_a_register_of_an_older_desk_has_no_names_to_strike(tmp_path: Path) -> None:
    wait_in(tmp_path, one=b"somchai")
    with closing(sqlite3.connect(tmp_path / REGISTER)) as register:
        register.execute("CREATE TABLE sessions (id)")
    assert strike(tmp_path, [WORD]) == 1


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(zipped("somchai"), id="an archive"),
        pytest.param(gzip.compress(b"somchai"), id="a packed file"),
        pytest.param(b"%PDF-1.7\n1 0 obj", id="a document whose text may be packed"),
        pytest.param(b"  \n%PDF-1.7\n", id="the same behind blanks"),
        pytest.param(b"somchai\0", id="a program"),
        pytest.param(b"From: a@b.c\nContent-Transfer-Encoding: base64\n\nYSBzb21j\naGFp", id="coded mail"),
        pytest.param(b"content-transfer-encoding:quoted-printable\r\n\r\nsom=\r\nchai", id="mail in parts"),
        pytest.param(b"Subject: =?utf-8?B?c29tY2hhaQ==?=\n\nhello", id="a coded subject"),
        pytest.param(b'<img src="data:text/plain;base64,c29t\nY2hhaQ==">', id="a file within a page"),
        pytest.param("Content-Transfer-Encoding: BASE64\n\nc29t".encode("utf-16"), id="wide coded mail"),
        pytest.param("Générale".encode("latin-1"), id="letters in a code that nobody names"),
    ],
)
def test_what_cannot_be_searched_stops_the_erasure_and_nothing_is_changed(
    tmp_path: Path, data: bytes
) -> None:
    files = wait_in(tmp_path, one=data, two=b"somchai")
    with pytest.raises(RefusedError, match="1 of the files") as refused:
        strike(tmp_path, [WORD])
    assert "chokepoint serve" in refused.value.mend
    assert files["one"].read_bytes() == data
    assert files["two"].read_bytes() == b"somchai"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"Content-Transfer-Encoding: 7bit\n\nsomchai", id="plain mail"),
        pytest.param(b"it was base64, said somchai", id="the word alone"),
    ],
)
def test_mail_that_stands_there_as_it_was_written_is_struck(tmp_path: Path, data: bytes) -> None:
    files = wait_in(tmp_path, one=data)
    assert strike(tmp_path, [WORD]) == 1
    assert files["one"].read_bytes() == data.replace(b"somchai", b"*******")


def test_while_files_are_read_it_is_refused_and_afterwards_not(tmp_path: Path) -> None:
    files = wait_in(tmp_path, one=b"somchai")
    with (
        shared(tmp_path / FOLDER),
        shared(tmp_path / FOLDER),
        pytest.raises(RefusedError, match="being read"),
    ):
        strike(tmp_path, [WORD])
    assert files["one"].read_bytes() == b"somchai"
    assert strike(tmp_path, [WORD]) == 1


@pytest.mark.parametrize("words", [[], [""]])
def test_no_word_strikes_nothing(tmp_path: Path, words: list[str]) -> None:
    wait_in(tmp_path, one=b"somchai")
    assert strike(tmp_path, words) == 0


def test_where_nobody_brought_anything_in_no_folder_is_made(tmp_path: Path) -> None:
    assert strike(tmp_path, [WORD]) == 0
    assert list(tmp_path.iterdir()) == []


def test_nobody_but_its_owner_holds_the_lock(tmp_path: Path) -> None:
    with shared(tmp_path / FOLDER):
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_the_files_of_locks_are_not_touched(tmp_path: Path) -> None:
    wait_in(tmp_path, one=b"somchai")
    lock = tmp_path / FOLDER / "somchai.lock"
    lock.write_bytes(b"\0")
    assert strike(tmp_path, [WORD]) == 1
    assert lock.read_bytes() == b"\0"


# --- within an erasure ---


def test_an_erasure_leaves_no_byte_of_it_in_what_waits_and_the_rest_is_read_as_ever(named) -> None:
    files = wait_in(named.folder, **{"list.txt": f"{MAIL}\nevil.example\n".encode()})
    erase(named, PERSON, **WHY)
    assert MAIL.encode() not in held(named)
    report = gather(named, [files["list.txt"]])
    assert sum(part.new + part.known for part in report.files) >= 1
    verify(named)


def test_who_is_named_in_what_waits_alone_is_erased_with_a_tombstone(named) -> None:
    stranger = Entity("email-addr", "nobody.here@example.org")
    wait_in(named.folder, one=b"nobody.here@example.org")
    done = erase(named, stranger, **WHY)
    assert (done.records, done.redacted, done.removed) == (0, 0, 0)
    assert stranger.value.encode() not in held(named)
    with pytest.raises(NotFoundError):
        erase(named, stranger, **WHY)


def test_a_legal_hold_keeps_what_waits_too(named) -> None:
    files = wait_in(named.folder, one=MAIL.encode())
    hold(named, PERSON, reason="a trial")
    with pytest.raises(RefusedError, match="a trial"):
        erase(named, PERSON, **WHY)
    assert files["one"].read_bytes() == MAIL.encode()


def test_what_is_refused_for_a_file_that_waits_is_erased_nowhere(named) -> None:
    wait_in(named.folder, one=zipped("anything"))
    with pytest.raises(RefusedError, match="cannot be searched"):
        erase(named, PERSON, **WHY)
    assert MAIL.encode() in held(named)
