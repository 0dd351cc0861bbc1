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
from chokepoint.store.vault import Vault


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
