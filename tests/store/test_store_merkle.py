"""The Merkle tree is that of RFC 9162, by published vectors and by the RFC's own recursion."""

from __future__ import annotations

import base64
import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError
from chokepoint.store import merkle

leaves = st.lists(st.binary(max_size=40), min_size=1, max_size=40)


def by_the_rfc(inputs: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, word for word."""
    if not inputs:
        return sha256(b"").digest()
    if len(inputs) == 1:
        return sha256(b"\x00" + inputs[0]).digest()
    k = 1
    while k * 2 < len(inputs):
        k *= 2
    return sha256(b"\x01" + by_the_rfc(inputs[:k]) + by_the_rfc(inputs[k:])).digest()


def holds(vector: dict) -> bool:
    def raw(text: str | None) -> bytes:
        return base64.b64decode(text or "")

    proof = [raw(step) for step in vector["proof"] or []]
    try:
        found = merkle.root_from_hash(raw(vector["leafHash"]), vector["leafIdx"], vector["treeSize"], proof)
    except LedgerError:
        return False
    return found == raw(vector["root"])


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_root_is_the_one_that_the_rfc_defines(inputs):
    assert merkle.root(inputs) == by_the_rfc(inputs)


def test_the_roots_of_the_customary_leaves_are_the_published_ones(vectors):
    table = json.loads((vectors / "tlog" / "rfc6962_roots.json").read_text("utf-8"))
    inputs = [bytes.fromhex(leaf) for leaf in table["leaves_hex"]]
    assert len(table["root_after_n_leaves"]) == 9
    for count, expected in enumerate(table["root_after_n_leaves"]):
        assert merkle.root(inputs[:count]).hex() == expected


def test_every_published_inclusion_proof_is_judged_as_it_should_be(vectors):
    files = sorted((vectors / "tlog" / "transparency-dev-merkle" / "testdata" / "inclusion").rglob("*.json"))
    cases = [json.loads(file.read_text("utf-8")) for file in files]
    assert len(cases) == 98
    wrong = [
        f"{file.parent.name}/{file.name}"
        for file, case in zip(files, cases, strict=True)
        if holds(case) == case["wantErr"]
    ]
    assert wrong == []
    assert {case["wantErr"] for case in cases} == {True, False}


@given(leaves, st.data())
def test_a_proof_leads_from_its_leaf_to_the_root(inputs, data):
    index = data.draw(st.integers(0, len(inputs) - 1))
    proof = merkle.inclusion_proof(inputs, index)
    assert merkle.root_from_proof(inputs[index], index, len(inputs), proof) == merkle.root(inputs)
    assert len(proof) <= max(len(inputs) - 1, 0).bit_length()


@given(leaves, st.data())
def test_a_tree_made_once_gives_the_same_proofs_as_one_made_for_each(inputs, data):
    index = data.draw(st.integers(0, len(inputs) - 1))
    assert merkle.Tree(inputs).proof(index) == merkle.inclusion_proof(inputs, index)


@given(leaves, st.data())
def test_a_proof_for_another_leaf_leads_elsewhere_or_nowhere(inputs, data):
    index = data.draw(st.integers(0, len(inputs) - 1))
    other = data.draw(st.binary(max_size=40).filter(lambda leaf: leaf != inputs[index]))
    proof = merkle.inclusion_proof(inputs, index)
    assert merkle.root_from_proof(other, index, len(inputs), proof) != merkle.root(inputs)


@given(leaves, st.data())
def test_one_flipped_bit_in_a_proof_leads_elsewhere(inputs, data):
    index = data.draw(st.integers(0, len(inputs) - 1))
    proof = merkle.inclusion_proof(inputs, index)
    if not proof:
        return
    step = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = bytearray(proof[step])
    flipped[bit // 8] ^= 1 << bit % 8
    altered = [*proof[:step], bytes(flipped), *proof[step + 1 :]]
    assert merkle.root_from_proof(inputs[index], index, len(inputs), altered) != merkle.root(inputs)


@given(leaves, st.data())
def test_a_proof_that_is_too_long_or_too_short_is_refused(inputs, data):
    index = data.draw(st.integers(0, len(inputs) - 1))
    proof = merkle.inclusion_proof(inputs, index)
    with pytest.raises(LedgerError, match="longer"):
        merkle.root_from_proof(inputs[index], index, len(inputs), [*proof, bytes(32)])
    if proof:
        with pytest.raises(LedgerError, match="shorter"):
            merkle.root_from_proof(inputs[index], index, len(inputs), proof[:-1])


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0), (1, 1)])
def test_a_leaf_that_is_not_in_the_tree_has_no_proof(index, size):
    with pytest.raises(LedgerError, match="no leaf"):
        merkle.inclusion_proof([b"x"] * size, index)
    with pytest.raises(LedgerError, match="no leaf"):
        merkle.root_from_proof(b"x", index, size, [])


def test_a_step_that_is_no_hash_is_refused():
    with pytest.raises(LedgerError, match="32 bytes"):
        merkle.root_from_proof(b"x", 0, 2, [b"short"])


def test_a_leaf_cannot_pass_for_a_node():
    pair = [b"a", b"b"]
    node = merkle.leaf_hash(b"a") + merkle.leaf_hash(b"b")
    assert merkle.root([node]) != merkle.root(pair)
