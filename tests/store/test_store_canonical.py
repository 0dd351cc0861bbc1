"""Canonical bytes equal RFC 8785, and envelopes can be spliced from them."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError, NotValidError
from chokepoint.store.canonical import (
    MAX_INTEGER,
    VERSION,
    canonical,
    encode,
    frame,
    read_envelope,
    record_id,
    record_ids,
)

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
keys = st.text(alphabet=st.characters(max_codepoint=127), max_size=12)
numbers = st.integers(-MAX_INTEGER, MAX_INTEGER)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=25,
)
names = st.one_of(
    texts, st.sampled_from(['"payload":0', "\x00", '\\"payload":0', "payload", '{"payload":0}'])
)


def envelope(**changed: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "atlas": "a",
        "author": "",
        "kind": "claim/1",
        "marking": ["TLP:CLEAR", "PAP:CLEAR", [], []],
        "organisation": "bank",
        "recorded_at": "2026-02-03T04:05:06.000Z",
    }
    return {**plain, **changed}


@given(values)
def test_canonical_bytes_are_those_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "code", [*range(0x30), 0x5C, 0x7F, 0x80, 0x85, 0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFF, 0x1F600]
)
def test_each_awkward_character_is_escaped_as_rfc_8785_says(code):
    text = f"a{chr(code)}b"
    assert canonical({"k": text}) == rfc8785.dumps({"k": text})


@given(values)
def test_reading_canonical_bytes_and_writing_them_again_changes_nothing(value):
    once = canonical(value)
    assert canonical(json.loads(once)) == once


@given(st.dictionaries(keys, numbers, min_size=2))
def test_the_order_of_keys_does_not_matter(value):
    assert canonical(value) == canonical(dict(reversed(value.items())))


@pytest.mark.parametrize("number", [MAX_INTEGER, -MAX_INTEGER, 0, -1])
def test_integers_that_every_json_reader_keeps_are_taken(number):
    assert canonical(number) == rfc8785.dumps(number)


@pytest.mark.parametrize("value", [MAX_INTEGER + 1, -MAX_INTEGER - 1, [2**64], {"k": 10**30}])
def test_integers_that_json_readers_round_are_refused(value):
    with pytest.raises(NotValidError, match="integer"):
        canonical(value)


@pytest.mark.parametrize(
    "value", [0.5, float("nan"), float("inf"), b"bytes", object(), {1, 2}, [1.0], {"k": b""}]
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(NotValidError, match="canonical form"):
        canonical(value)


@pytest.mark.parametrize("value", [{"é": 1}, {1: 1}, {None: 1}, [{"ключ": 1}]])
def test_keys_beyond_ascii_are_refused_because_their_order_is_in_dispute(value):
    with pytest.raises(NotValidError, match="key"):
        canonical(value)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\udc00\ud800"])
@pytest.mark.parametrize("write", [canonical, encode])
def test_a_lone_surrogate_is_refused_with_a_mend(write, text):
    with pytest.raises(NotValidError, match="surrogate") as caught:
        write({"k": [text]})
    assert caught.value.mend


@given(values, names, names, names)
def test_splicing_a_payload_into_a_frame_is_encoding_the_whole_envelope(payload, author, organisation, atlas):
    around = envelope(author=author, organisation=organisation, atlas=atlas)
    before, after = frame(around)
    whole = rfc8785.dumps({**around, "payload": payload, "v": VERSION})
    assert before + canonical(payload) + after == whole


@given(values, names)
def test_an_envelope_is_read_back_as_it_was_written(payload, organisation):
    around = envelope(organisation=organisation, marking=["TLP:RED", "PAP:RED", ["bank"], ["H1"]])
    before, after = frame(around)
    read = read_envelope(before + canonical(payload) + after)
    assert read.organisation == organisation
    assert read.marking == ("TLP:RED", "PAP:RED", ("bank",), ("H1",))
    assert bytes(read.payload) == canonical(payload)
    assert read.v == VERSION


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b'{"v":1}',
        canonical({**envelope(), "payload": {}}),
        canonical({**envelope(), "payload": {}, "v": 1, "more": 1}),
        canonical({**envelope(), "payload": {}, "v": "1"}),
        canonical({**envelope(organisation=7), "payload": {}, "v": 1}),
        canonical({**envelope(marking=["TLP:CLEAR"]), "payload": {}, "v": 1}),
        canonical({**envelope(), "payload": {}, "v": 1})[:-1],
    ],
)
def test_what_is_no_envelope_is_refused(body):
    with pytest.raises(LedgerError, match="not a record"):
        read_envelope(body)


@pytest.mark.parametrize("version", [0, 2, 99])
def test_an_envelope_of_a_version_unknown_here_is_refused_with_a_mend(version):
    with pytest.raises(LedgerError, match="unknown") as caught:
        read_envelope(canonical({**envelope(), "payload": {}, "v": version}))
    assert caught.value.mend


@given(st.binary(max_size=64), st.binary(max_size=300))
def test_an_id_is_hmac_sha_256_by_its_definition(salt, body):
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in salt.ljust(64, b"\0")) + body).digest()
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in salt.ljust(64, b"\0")) + inner).digest()
    assert record_id(salt, body) == outer == hmac.new(salt, body, "sha256").digest()


@given(st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.binary(max_size=300)), max_size=5))
def test_many_ids_are_those_of_each_record(records):
    salts, bodies = [salt for salt, _ in records], [body for _, body in records]
    assert record_ids(salts, bodies) == [record_id(salt, body) for salt, body in records]


@pytest.mark.parametrize("lengths", [(0,), (32, 0, 32), (31, 33), (64, 32), (1, 32)])
def test_many_ids_under_salts_of_odd_length_are_not_shifted(lengths):
    """Salts that are joined may together be as long as they should be, each being wrong."""
    salts = [bytes(range(length)) for length in lengths]
    bodies = [b"%d" % number for number in range(len(lengths))]
    assert record_ids(salts, bodies) == [
        hmac.new(salt, body, "sha256").digest() for salt, body in zip(salts, bodies, strict=True)
    ]


def test_ids_of_more_salts_than_bodies_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        record_ids([bytes(32)] * 2, [b"x"])


def test_the_same_record_under_another_salt_has_another_id():
    assert record_id(bytes(32), b"x") != record_id(b"\x01" + bytes(31), b"x")


def test_the_first_version_of_the_envelope_is_frozen():
    before, after = frame(envelope(author="ann"))
    assert before + b"{}" + after == (
        b'{"atlas":"a","author":"ann","kind":"claim/1","marking":["TLP:CLEAR","PAP:CLEAR",[],[]],'
        b'"organisation":"bank","payload":{},"recorded_at":"2026-02-03T04:05:06.000Z","v":1}'
    )
