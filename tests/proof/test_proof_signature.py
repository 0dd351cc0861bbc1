"""Ed25519 as Wycheproof asks for it, and batches signed over canonical bytes."""

from __future__ import annotations

import json

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.proof.signature import PRIME, SMALL, batch_message, is_key, signature_holds

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


D = -121665 * pow(121666, -1, PRIME) % PRIME
"""Of the curve -x² + y² = 1 + D x² y² (RFC 8032 §5.1)."""
Point = tuple[int, int]


def plus(one: Point, other: Point) -> Point:
    """The sum of two points, by the formula of RFC 8032 §5.1.4 in plain coordinates."""
    (a, b), (c, d) = one, other
    same = D * a * b * c * d
    return (
        (a * d + b * c) * pow(1 + same, -1, PRIME) % PRIME,
        (b * d + a * c) * pow(1 - same, -1, PRIME) % PRIME,
    )


def with_y(y: int) -> Point | None:
    """A point of this y, if there is one (RFC 8032 §5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    for root in (x, x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME):
        if (root * root - square) % PRIME == 0:
            return root, y
    return None


def eight_times(point: Point) -> Point:
    for _ in range(3):
        point = plus(point, point)
    return point


def encodings() -> list[bytes]:
    """Every way to write a point of small order: both signs, and y above the field where it fits."""
    ys = [y + more for y in sorted(SMALL) for more in (0, PRIME) if y + more < 2**255]
    return [(y | sign << 255).to_bytes(32, "little") for y in ys for sign in (0, 1)]


def test_the_points_of_small_order_are_those_that_eight_times_are_nothing():
    for y in SMALL:
        point = with_y(y)
        assert point is not None
        assert eight_times(point) == (0, 1)
    others = [point for point in map(with_y, range(2, 60)) if point is not None]
    assert len(others) > 20
    assert all(eight_times(point) != (0, 1) for point in others)
    assert (
        len({(x, y) for y in SMALL for x in ((with_y(y) or (0, 0))[0], -(with_y(y) or (0, 0))[0] % PRIME)})
        == 8
    )


def test_a_key_of_small_order_signs_nothing_though_the_library_lets_it_sign_anything():
    """Its owner could otherwise show one signature for every batch, checkpoint and package there is."""
    fooled = set()
    for key in encodings():
        assert not is_key(key)
        for number in range(16):
            message = b"anything %d" % number
            for point in encodings():
                forged = point + bytes(32)
                assert not signature_holds(key, forged, message)
                try:
                    Ed25519PublicKey.from_public_bytes(key).verify(forged, message)
                except (InvalidSignature, ValueError):
                    continue
                fooled.add(key)
    assert len(fooled) >= 8, "or there is nothing to refuse"


@pytest.mark.parametrize("y", [PRIME + 3, PRIME + 18, 2**255 - 1], ids=["above", "at the end", "all ones"])
def test_a_key_that_is_written_beyond_the_field_is_none(y):
    assert not is_key(y.to_bytes(32, "little"))
    assert not is_key((y | 1 << 255).to_bytes(32, "little"))


@given(st.binary(min_size=32, max_size=32))
def test_whatever_key_is_made_it_is_one(seed):
    public = (
        Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    )
    assert is_key(public)
    assert not is_key(public[:31])
    assert not is_key(public + b"\0")


def test_the_order_cannot_be_added_to_a_signature():
    """S and S + L are the same number to the curve; only the smaller is a signature (RFC 8032 §5.1.7)."""
    order = 2**252 + 27742317777372353535851937790883648493
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signed = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), key.sign(b"one")
    more = int.from_bytes(signed[32:], "little") + order
    assert signature_holds(public, signed, b"one")
    assert more < 2**256
    assert not signature_holds(public, signed[:32] + more.to_bytes(32, "little"), b"one")
