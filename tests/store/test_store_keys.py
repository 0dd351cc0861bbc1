"""Keys of organisations: made once, readable by their owner alone, never half written."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError
from chokepoint.proof.signature import signature_holds
from chokepoint.store.keys import KeyRing


@pytest.fixture
def ring(tmp_path):
    return KeyRing(tmp_path / "keys")


def test_a_key_is_made_once_and_then_kept(ring):
    first = ring.make("bank")
    assert ring.make("bank") == first == ring.public("bank")
    assert len(first) == 32


def test_each_organisation_has_a_key_of_its_own(ring):
    assert ring.make("bank") != ring.make("police")


def test_only_the_owner_of_the_folder_can_read_a_key(ring, tmp_path):
    ring.make("bank")
    folder = tmp_path / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]


def test_nothing_but_the_key_is_left_in_the_folder(ring, tmp_path):
    ring.make("bank")
    assert [file.name for file in (tmp_path / "keys").iterdir()] == [b"bank".hex() + ".ed25519"]


@pytest.mark.parametrize("name", ["../../etc/x", "a/b", ".", "ธนาคาร", "a b'\"$(id)", "\x00"])
def test_no_name_of_an_organisation_leads_out_of_the_folder(ring, tmp_path, name):
    ring.make(name)
    assert [file.parent for file in tmp_path.rglob("*.ed25519")] == [tmp_path / "keys"]


def test_two_who_make_the_same_key_at_once_get_the_same_one(ring):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ring.make, ["bank"] * 8))) == 1


def test_a_machine_without_the_key_cannot_speak_for_the_organisation(ring):
    with pytest.raises(LedgerError, match="no key") as caught:
        ring.sign("police", b"x")
    assert caught.value.mend
    with pytest.raises(LedgerError, match="no key"):
        ring.public("police")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_file_is_named_as_such(ring, tmp_path, content):
    ring.make("bank")
    [file] = (tmp_path / "keys").iterdir()
    file.write_bytes(content)
    with pytest.raises(LedgerError, match="damaged"):
        ring.sign("bank", b"x")


@given(st.binary(max_size=100), st.integers(0, 511))
def test_a_signature_holds_for_its_message_and_key_alone(tmp_path_factory, message, bit):
    ring = KeyRing(tmp_path_factory.getbasetemp() / "keys")
    key, other = ring.make("bank"), ring.make("police")
    signature = ring.sign("bank", message)
    assert signature_holds(key, signature, message)
    assert not signature_holds(other, signature, message)
    assert not signature_holds(key, signature, message + b"x")
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not signature_holds(key, bytes(flipped), message)


@pytest.mark.parametrize(
    ("key", "signature"), [(b"", b""), (b"x", bytes(64)), (bytes(32), b""), (bytes(31), bytes(64))]
)
def test_what_is_no_key_or_no_signature_holds_nothing(key, signature):
    assert not signature_holds(key, signature, b"x")


def test_a_key_signs_only_for_those_who_know_it(ring):
    known = ring.make("bank")
    assert signature_holds(known, ring.sign("bank", b"x", joined=known), b"x")
    with pytest.raises(LedgerError, match="not the one with which it joined"):
        ring.sign("bank", b"x", joined=KeyRing(ring._folder.parent / "else").make("bank"))


def test_a_public_key_follows_its_file(ring, tmp_path):
    first = ring.make("bank")
    other = KeyRing(tmp_path / "other")
    second = other.make("bank")
    [file], [there] = (tmp_path / "keys").iterdir(), (tmp_path / "other").iterdir()
    file.unlink()
    there.rename(file)
    assert ring.public("bank") == second != first
