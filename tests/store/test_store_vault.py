"""The vault: bytes by their hash, written once, checked as they are read."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError
from chokepoint.store.schema import open_engine
from chokepoint.store.vault import Vault, pattern_of, starred


@pytest.fixture
def file(tmp_path):
    return tmp_path / "vault.sqlite"


@pytest.fixture
def vault(file):
    engine = open_engine(file)
    yield Vault(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    engine = open_engine(tmp_path_factory.mktemp("vault") / "vault.sqlite")
    yield Vault(engine)
    engine.dispose()


def change(file, sql, *values):
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(sql, values)
    connection.close()


@given(st.lists(st.binary(max_size=500), max_size=5))
def test_bytes_come_back_as_they_went_in(lasting, captures):
    names = lasting.put(captures)
    assert names == [hashlib.sha256(data).hexdigest() for data in captures]
    assert [lasting.get(name) for name in names] == captures
    assert all(lasting.has(name) for name in names)


def test_the_same_bytes_are_kept_once(vault, file):
    vault.put([b"x", b"x"])
    vault.put([b"x"])
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT count(*) FROM captures").fetchone() == (1,)
    connection.close()


def test_what_was_put_is_there_for_the_next_who_opens(vault, file):
    [name] = vault.put([b"evidence"])
    again = open_engine(file)
    assert Vault(again).get(name) == b"evidence"
    again.dispose()


def test_bytes_that_are_not_here_are_not_made_up(vault):
    with pytest.raises(LedgerError, match="not in the vault") as caught:
        vault.get("ab" * 32)
    assert caught.value.mend
    assert not vault.has("ab" * 32)


@pytest.mark.parametrize("name", ["", "zz", "../x", "ab" * 31 + "a", "' OR 1=1 --"])
def test_a_name_that_is_no_hash_finds_nothing(vault, name):
    assert not vault.has(name)
    with pytest.raises(LedgerError):
        vault.get(name)


@given(st.integers(0, 10**6), st.integers(0, 7))
def test_one_flipped_bit_of_the_stored_bytes_is_noticed_or_changes_nothing(vault, file, place, bit):
    [name] = vault.put([b"evidence " * 40])
    packed = bytearray(zlib.compress(b"evidence " * 40, 1))
    packed[place % len(packed)] ^= 1 << bit
    change(file, "UPDATE captures SET packed = ?", bytes(packed))
    try:
        assert vault.get(name) == b"evidence " * 40
    except LedgerError as noticed:
        assert "altered" in noticed.reason  # noqa: PT017 - a bit of the wrapping may carry nothing


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"not deflated",
        zlib.compress(b"other"),
        zlib.compress(b"evidence, longer than it was"),
        zlib.compress(b""),
    ],
)
def test_other_bytes_under_the_same_name_are_noticed(vault, file, packed):
    [name] = vault.put([b"evidence"])
    change(file, "UPDATE captures SET packed = ?", packed)
    with pytest.raises(LedgerError, match="altered"):
        vault.get(name)


def test_stored_bytes_that_inflate_without_end_are_not_inflated(vault, file):
    [name] = vault.put([b"evidence"])
    change(file, "UPDATE captures SET packed = ?", zlib.compress(bytes(50_000_000), 9))
    with pytest.raises(LedgerError, match="altered"):
        vault.get(name)


def test_putting_nothing_does_nothing(vault):
    assert vault.put([]) == []


def test_an_empty_capture_is_a_capture(vault):
    [name] = vault.put([b""])
    assert vault.get(name) == b""


NAME = {"utf-8": b"*", "utf-16-le": b"**", "utf-16-be": b"**"}
around = st.text("xä яก", max_size=4)


@given(
    st.sampled_from(sorted(NAME)),
    st.sampled_from(("ann", "АНЯ", "Änn", "สมชาย")),
    around,
    around,
    st.booleans(),
)
def test_a_word_is_starred_letter_for_letter_and_all_beside_it_is_left(code, word, before, after, is_marked):
    """Big-endian letters stand a byte before little-endian ones too, after a letter of their block."""
    mark = "\ufeff" if is_marked else ""
    data = f"{mark}{before}{word}{after}{word}".encode(code)
    found = pattern_of([word])
    clean, hits = starred(found, data)
    stars = NAME[code] * (len(word) if code != "utf-8" else len(word.encode()))
    assert clean == f"{mark}{before}".encode(code) + stars + after.encode(code) + stars
    assert hits == 2
    assert not found.search(clean)


@pytest.mark.parametrize(
    ("words", "data", "clean"),
    [
        pytest.param(["aaa"], b"aaaaaaa", b"******a", id="it follows itself"),
        pytest.param(
            ["ann", "ann lane"], b"Ann Lane, Ann", b"********, ***", id="the longer of two, in any case"
        ),
        pytest.param(["ann"], b"\0a\0n\0n\0", b"******\0", id="both forms: letters begin at even bytes"),
        pytest.param(["ann"], b"x\0a\0n\0n\0y\0", b"x\0******y\0", id="little-endian after a Latin letter"),
        pytest.param(["ann"], b"?\0a\0n\0n", b"?******", id="big-endian at an odd byte of other data"),
        pytest.param(["a.n"], b"axn a.n", b"axn ***", id="no sign of a pattern"),
    ],
)
def test_what_is_starred(words, data, clean):
    assert starred(pattern_of(words), data)[0] == clean


@pytest.mark.parametrize("words", [[], [""]], ids=["none", "empty"])
def test_without_a_word_there_is_nothing_to_look_for(vault, words):
    [name] = vault.put([b"evidence"])
    assert pattern_of(words) is None
    assert vault.redacted(name, words) == ""
    assert list(vault.holding(words)) == []


def test_a_redacted_copy_is_a_capture_beside_the_original(vault):
    data = "from Ann to Bob".encode("utf-16-le")
    [name] = vault.put([data])
    copy = vault.redacted(name, ["ann"])
    assert vault.get(copy).decode("utf-16-le") == "from \u2a2a\u2a2a\u2a2a to Bob"
    assert vault.get(name) == data
    assert vault.redacted(name, ["nobody"]) == ""
