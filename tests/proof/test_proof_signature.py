"""Ed25519 as Wycheproof asks for it, and batches signed over canonical bytes."""

from __future__ import annotations

import json

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.proof.signature import batch_message, signature_holds

names = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
roots = st.binary(min_size=32, max_size=32)


def test_every_signature_of_wycheproof_is_judged_as_it_should_be(vectors):
    suite = json.loads((vectors / "wycheproof" / "ed25519_test.json").read_text("utf-8"))
    cases = [
        (bytes.fromhex(group["publicKey"]["pk"]), case)
        for group in suite["testGroups"]
        for case in group["tests"]
    ]
    assert len(cases) == suite["numberOfTests"] == 151
    wrong = [
        case["tcId"]
        for key, case in cases
        if signature_holds(key, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
        != (case["result"] == "valid")
    ]
    assert wrong == []
    assert {case["result"] for _, case in cases} == {"valid", "invalid"}


@given(names, names, roots, roots)
def test_a_batch_is_signed_over_canonical_bytes(atlas, organisation, root, previous):
    said = batch_message(atlas, organisation, (root, previous))
    assert said == rfc8785.dumps(json.loads(said))
    assert json.loads(said) == {
        "atlas": atlas,
        "organisation": organisation,
        "previous": previous.hex(),
        "root": root.hex(),
        "v": 1,
    }


@given(names, names, roots, roots, st.data())
def test_batches_that_differ_in_anything_are_signed_over_other_bytes(
    atlas, organisation, root, previous, data
):
    other = data.draw(st.tuples(names, names, roots, roots))
    same = other == (atlas, organisation, root, previous)
    ours = batch_message(atlas, organisation, (root, previous))
    theirs = batch_message(other[0], other[1], (other[2], other[3]))
    assert (ours == theirs) == same


@given(st.binary(max_size=50), st.data())
def test_a_signature_holds_for_its_bytes_and_key_alone(message, data):
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = key.sign(message)
    assert signature_holds(public, signature, message)
    bit = data.draw(st.integers(0, 511))
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not signature_holds(public, bytes(flipped), message)
    assert not signature_holds(public, signature, message + b"\x00")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_what_is_no_key_signs_nothing(length):
    assert not signature_holds(bytes(length), bytes(64), b"")
