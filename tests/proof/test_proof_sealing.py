"""Sealed payloads: HKDF and AES-GCM by published vectors, and a key that all must agree to."""

from __future__ import annotations

import base64
import json
from hmac import digest

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError
from chokepoint.proof import sealing
from chokepoint.proof.sealing import SubjectKey, open_with, read_sealed, record_key, seal, unseal

SALT = bytes(range(32))
subjects = st.builds(SubjectKey, st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32))
people = st.lists(subjects, min_size=1, max_size=3, unique_by=lambda one: one.id)
payloads = st.binary(max_size=200)


def test_hkdf_is_that_of_wycheproof(vectors):
    suite = json.loads((vectors / "wycheproof" / "hkdf_sha256_test.json").read_text("utf-8"))
    cases = [case for group in suite["testGroups"] for case in group["tests"]]
    assert len(cases) == suite["numberOfTests"]
    refused = 0
    for case in cases:
        material, salt, info = (bytes.fromhex(case[name]) for name in ("ikm", "salt", "info"))
        if case["result"] == "valid":
            assert sealing.hkdf(material, salt, info, case["size"]).hex() == case["okm"], case["tcId"]
        else:
            refused += 1
            with pytest.raises(ValueError, match="at most 8,160"):
                sealing.hkdf(material, salt, info, case["size"])
    assert refused == 3


@given(st.binary(max_size=70), st.binary(max_size=40), st.binary(max_size=40), st.integers(1, 200))
def test_hkdf_is_that_of_a_library(material, salt, info, length):
    theirs = HKDF(algorithm=SHA256(), length=length, salt=salt or None, info=info).derive(material)
    assert sealing.hkdf(material, salt, info, length) == theirs


def test_the_cipher_refuses_what_wycheproof_says_is_invalid(vectors):
    suite = json.loads((vectors / "wycheproof" / "aes_gcm_test.json").read_text("utf-8"))
    groups = [group for group in suite["testGroups"] if (group["keySize"], group["ivSize"]) == (256, 96)]
    seen = set()
    for case in (case for group in groups for case in group["tests"]):
        key, nonce, aad, text, closed, tag = (
            bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
        )
        seen.add(case["result"])
        try:
            found = AESGCM(key).decrypt(nonce, closed + tag, aad)
        except InvalidTag:
            found = None
        assert (found == text) == (case["result"] == "valid"), case["tcId"]
    assert seen == {"valid", "invalid"}


@given(payloads, people, st.data())
def test_what_was_sealed_opens_with_all_the_keys_in_any_order(payload, keys, data):
    sealed = read_sealed(seal(payload, keys, SALT, kind="claim/1"))
    shuffled = data.draw(st.permutations(keys))
    made = record_key(shuffled, SALT, "claim/1")
    assert unseal(sealed, made, kind="claim/1") == payload
    assert open_with(made.key, sealed, kind="claim/1") == payload
    assert sealed.keys == tuple(sorted(key.id.hex() for key in keys))


@given(payloads, st.lists(subjects, min_size=2, max_size=3, unique_by=lambda one: one.id), st.data())
def test_with_one_key_gone_it_stays_closed(payload, keys, data):
    sealed = read_sealed(seal(payload, keys, SALT, kind="claim/1"))
    gone = data.draw(st.sampled_from(keys))
    for others in (
        [key for key in keys if key != gone],
        [key if key != gone else gone._replace(key=bytes(32)) for key in keys],
    ):
        if others == keys:
            continue
        with pytest.raises(LedgerError, match="commits to"):
            unseal(sealed, record_key(others, SALT, "claim/1"), kind="claim/1")


@given(people)
def test_with_another_salt_or_kind_it_stays_closed(keys):
    sealed = read_sealed(seal(b"said", keys, SALT, kind="claim/1"))
    for salt, kind in ((bytes(32), "claim/1"), (SALT, "identity/1")):
        with pytest.raises(LedgerError, match="commits to"):
            unseal(sealed, record_key(keys, salt, kind), kind="claim/1")


@given(payloads, people, st.data())
def test_an_altered_payload_does_not_open(payload, keys, data):
    sealed = read_sealed(seal(payload, keys, SALT, kind="claim/1"))
    made = record_key(keys, SALT, "claim/1")
    raw = bytearray(base64.b64decode(sealed.sealed))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    bent = msgspec.structs.replace(sealed, sealed=base64.b64encode(bytes(raw)).decode())
    with pytest.raises(LedgerError, match="altered"):
        unseal(bent, made, kind="claim/1")
    with pytest.raises(LedgerError, match="altered"):
        unseal(sealed, made, kind="identity/1")


def test_a_payload_cannot_be_made_to_open_to_two_texts():
    """Without the commitment, a second key could open what it was never sealed under."""
    sealed = read_sealed(seal(b"said", [SubjectKey(bytes(16), bytes(32))], SALT, kind="claim/1"))
    other = b"k" * 32
    forged = AESGCM(other).encrypt(bytes(12), b"never said", b"claim/1")
    bent = msgspec.structs.replace(sealed, sealed=base64.b64encode(forged).decode())
    with pytest.raises(LedgerError, match="commits to"):
        open_with(other, bent, kind="claim/1")
    assert sealed.commitment != digest(other, b"chokepoint/commitment", "sha256").hex()


@given(payloads, people)
def test_a_sealed_payload_is_canonical_and_shows_nothing(payload, keys):
    data = seal(payload, keys, SALT, kind="claim/1")
    said = json.loads(data)
    assert json.dumps(said, sort_keys=True, separators=(",", ":")).encode() == data
    assert set(said) == {"commitment", "keys", "sealed"}
    if len(payload) > 3:
        assert payload not in data


@pytest.mark.parametrize(
    "payload",
    [b"", b"{}", b"[]", b'{"commitment":"","keys":[],"sealed":"","x":1}', b'{"keys":1}', b"\xff"],
    ids=range(6),
)
def test_what_was_never_sealed_is_told(payload):
    with pytest.raises(LedgerError, match="not a sealed payload"):
        read_sealed(payload)


def test_no_two_subjects_share_a_key():
    made = [sealing.new_key() for _ in range(100)]
    assert len({one.id for one in made}) == len({one.key for one in made}) == 100
