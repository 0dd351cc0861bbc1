"""Manifests are sealed as DSSE says, and no byte of a seal can change."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import key, public

from chokepoint.model.errors import LedgerError
from chokepoint.package import sign
from chokepoint.proof.signature import signature_holds
from chokepoint.store import canonical as store_canonical

ALICE, MALLORY = "Example Police", "Mallory"
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="ascii"), max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


def test_the_worked_example_of_the_dsse_specification():
    encoded = sign.pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_the_example_in_the_published_reference_implementation(vectors):
    published = (vectors / "dsse" / "signing_spec.txt").read_text("utf-8")
    encoded = sign.pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    assert repr(encoded) in published


@given(st.text(max_size=30), st.binary(max_size=60), st.text(max_size=30), st.binary(max_size=60))
def test_two_messages_never_share_an_encoding(type_a, body_a, type_b, body_b):
    try:
        a, b = (sign.pre_authentication_encoding(*pair) for pair in ((type_a, body_a), (type_b, body_b)))
    except UnicodeEncodeError:
        return
    assert (a == b) == ((type_a, body_a) == (type_b, body_b))


@given(VALUES)
def test_canonical_bytes_are_those_of_the_ledger(value):
    assert sign.canonical_json(value) == store_canonical.canonical(value)


@given(st.binary(max_size=200))
def test_what_is_sealed_comes_out_again(payload):
    sealed = sign.seal(payload, public(ALICE), key(ALICE).sign)
    assert sign.open_seal(sealed, public(ALICE)) == payload


def test_a_seal_is_a_dsse_envelope_that_others_can_read():
    sealed = json.loads(sign.seal(b"{}", public(ALICE), key(ALICE).sign))
    assert set(sealed) == {"payload", "payloadType", "signatures"}
    assert base64.b64decode(sealed["payload"]) == b"{}"
    message = sign.pre_authentication_encoding(sealed["payloadType"], b"{}")
    key(ALICE).public_key().verify(base64.b64decode(sealed["signatures"][0]["sig"]), message)


def test_every_single_byte_of_a_seal_matters():
    sealed = sign.seal(b'{"a":1}', public(ALICE), key(ALICE).sign)
    for position in range(len(sealed)):
        for change in (1, 0x20, 0x80):
            altered = bytearray(sealed)
            altered[position] ^= change
            with pytest.raises(LedgerError):
                sign.open_seal(bytes(altered), public(ALICE))


@pytest.mark.parametrize("extra", [b" ", b"\n", b"\x00", b"}"])
def test_nothing_may_stand_before_or_after_a_seal(extra):
    sealed = sign.seal(b"{}", public(ALICE), key(ALICE).sign)
    for altered in (sealed + extra, extra + sealed):
        with pytest.raises(LedgerError):
            sign.open_seal(altered, public(ALICE))


def test_another_key_does_not_open_a_seal():
    sealed = sign.seal(b"{}", public(ALICE), key(MALLORY).sign)
    with pytest.raises(LedgerError, match="does not hold"):
        sign.open_seal(sealed, public(ALICE))


def test_a_seal_of_another_type_is_refused():
    body = b"{}"
    signature = key(ALICE).sign(sign.pre_authentication_encoding("text/plain", body))
    envelope = sign.canonical_json(
        {
            "payload": base64.b64encode(body).decode(),
            "payloadType": "text/plain",
            "signatures": [{"keyid": "", "sig": base64.b64encode(signature).decode()}],
        }
    )
    with pytest.raises(LedgerError, match="other than a package manifest"):
        sign.open_seal(envelope, public(ALICE))


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"signatures":[]}',
        b"\xff",
        b"[" * 100_000,
        b'{"signatures":1}',
        b"1e999",
    ],
)
def test_malformed_envelopes_are_told_not_thrown(envelope):
    with pytest.raises(LedgerError):
        sign.open_seal(envelope, public(ALICE))


@given(st.binary(max_size=80), st.binary(max_size=80), st.binary(max_size=20))
def test_malformed_keys_and_signatures_do_not_hold(public_key, signature, message):
    assert not signature_holds(public_key, signature, message)


def test_a_signature_with_its_scalar_raised_by_the_group_order_is_refused():
    order = 2**252 + 27742317777372353535851937790883648493
    signature = key(ALICE).sign(b"x")
    scalar = int.from_bytes(signature[32:], "little") + order
    assert not signature_holds(public(ALICE), signature[:32] + scalar.to_bytes(32, "little"), b"x")
