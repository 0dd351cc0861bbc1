"""The Merkle tree is that of RFC 9162, by published vectors and by the RFC's own recursion."""

from __future__ import annotations

import base64
import json
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError
from chokepoint.proof import merkle
from chokepoint.proof.merkle import Leaf, Span

leaves = st.lists(st.binary(max_size=40), min_size=1, max_size=40)
SETS = {"inclusion": 98, "consistency": 98, "subtreeinclusion": 204, "subtreeconsistency": 118}
PLACEHOLDER = 12


def half(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def by_the_rfc(inputs: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, word for word."""
    if not inputs:
        return sha256(b"").digest()
    if len(inputs) == 1:
        return sha256(b"\x00" + inputs[0]).digest()
    k = half(len(inputs))
    return sha256(b"\x01" + by_the_rfc(inputs[:k]) + by_the_rfc(inputs[k:])).digest()


def subproof(old: int, inputs: list[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162 §2.1.4.1, word for word."""
    if old == len(inputs):
        return [] if whole else [by_the_rfc(inputs)]
    k = half(len(inputs))
    if old <= k:
        return [*subproof(old, inputs[:k], whole=whole), by_the_rfc(inputs[k:])]
    return [*subproof(old - k, inputs[k:], whole=False), by_the_rfc(inputs[:k])]


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def check(kind: str, case: dict) -> None:
    proof = [raw(step) for step in case["proof"] or []]
    if kind.endswith("consistency"):
        start, end, size = (case.get(name, other) for name, other in OTHER_NAMES.items())
        span = Span(start, case["size1"] if end is None else end, case["size2"] if size is None else size)
        merkle.check_consistency(span, (raw(case["root1"]), raw(case["root2"])), proof)
        return
    start, end = case.get("start", 0), case.get("end", case.get("treeSize"))
    if not merkle.is_subtree(start, end):
        raise LedgerError("no subtree")
    place = Leaf(case["leafIdx"] - start, end - start)
    merkle.check_inclusion(raw(case["leafHash"]), place, (proof, raw(case["root"])))


OTHER_NAMES = {"start": 0, "end": None, "size": None}


def holds(kind: str, case: dict) -> bool:
    try:
        check(kind, case)
    except LedgerError:
        return False
    return True


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_root_is_the_one_that_the_rfc_defines(inputs):
    assert merkle.root(inputs) == by_the_rfc(inputs)


def test_the_roots_of_the_customary_leaves_are_the_published_ones(vectors):
    table = json.loads((vectors / "tlog" / "rfc6962_roots.json").read_text("utf-8"))
    inputs = [bytes.fromhex(leaf) for leaf in table["leaves_hex"]]
    assert len(table["root_after_n_leaves"]) == 9
    for count, expected in enumerate(table["root_after_n_leaves"]):
        assert merkle.root(inputs[:count]).hex() == expected


@pytest.mark.parametrize("kind", SETS)
def test_every_published_proof_is_judged_as_it_should_be(vectors, kind):
    files = sorted((vectors / "tlog" / "transparency-dev-merkle" / "testdata" / kind).rglob("*.json"))
    cases = {file.as_posix(): json.loads(file.read_text("utf-8")) for file in files}
    assert len(cases) == SETS[kind]
    placeholders = {name for name, case in cases.items() if len(raw(case.get("root2"))) == PLACEHOLDER}
    wrong = {name for name, case in cases.items() if holds(kind, case) == case["wantErr"]}
    assert wrong == {name for name in placeholders if not cases[name]["wantErr"]}
    assert {case["wantErr"] for case in cases.values()} == {True, False}


def test_the_published_roots_of_twelve_bytes_are_refused_for_their_length(vectors):
    folder = vectors / "tlog" / "transparency-dev-merkle" / "testdata" / "consistency" / "additional"
    case = json.loads((folder / "sizes-are-equal-one-and-proof-is-empty.json").read_text("utf-8"))
    assert len(raw(case["root1"])) == PLACEHOLDER
    assert not case["wantErr"]
    with pytest.raises(LedgerError, match="not 32 bytes"):
        check("consistency", case)


@given(leaves, st.data())
def test_a_proof_leads_from_its_leaf_to_the_root(inputs, data):
    number = data.draw(st.integers(0, len(inputs) - 1))
    proof = merkle.Tree(inputs).proof(number)
    assert merkle.root_of(inputs[number], Leaf(number, len(inputs)), proof) == merkle.root(inputs)
    assert len(proof) <= max(len(inputs) - 1, 0).bit_length()


@given(leaves, st.data())
def test_no_other_leaf_number_passes_with_the_same_proof(inputs, data):
    inputs = list(dict.fromkeys(inputs))
    assume(len(inputs) > 1)
    number = data.draw(st.integers(0, len(inputs) - 1))
    proof = merkle.Tree(inputs).proof(number)
    for wrong in set(range(len(inputs))) - {number}:
        try:
            found = merkle.root_of(inputs[number], Leaf(wrong, len(inputs)), proof)
        except LedgerError:
            continue
        assert found != merkle.root(inputs)


@given(leaves, st.data())
def test_a_proof_for_another_leaf_leads_elsewhere(inputs, data):
    number = data.draw(st.integers(0, len(inputs) - 1))
    other = data.draw(st.binary(max_size=40).filter(lambda leaf: leaf != inputs[number]))
    proof, place = merkle.Tree(inputs).proof(number), Leaf(number, len(inputs))
    with pytest.raises(LedgerError, match="another tree head"):
        merkle.check_inclusion(merkle.leaf_hash(other), place, (proof, merkle.root(inputs)))


@given(leaves, st.data())
def test_one_flipped_bit_in_a_proof_leads_elsewhere(inputs, data):
    number = data.draw(st.integers(0, len(inputs) - 1))
    proof = merkle.Tree(inputs).proof(number)
    assume(proof)
    step = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = bytearray(proof[step])
    flipped[bit // 8] ^= 1 << bit % 8
    altered = [*proof[:step], bytes(flipped), *proof[step + 1 :]]
    assert merkle.root_of(inputs[number], Leaf(number, len(inputs)), altered) != merkle.root(inputs)


@given(leaves, st.data())
def test_a_proof_that_is_too_long_or_too_short_is_refused(inputs, data):
    number = data.draw(st.integers(0, len(inputs) - 1))
    place, proof = Leaf(number, len(inputs)), merkle.Tree(inputs).proof(number)
    with pytest.raises(LedgerError, match="longer"):
        merkle.root_of(inputs[number], place, [*proof, bytes(32)])
    if proof:
        with pytest.raises(LedgerError, match="shorter"):
            merkle.root_of(inputs[number], place, proof[:-1])


@pytest.mark.parametrize(("number", "size"), [(-1, 4), (4, 4), (0, 0), (1, 1)])
def test_a_leaf_that_is_not_in_the_tree_has_no_proof(number, size):
    with pytest.raises(LedgerError, match="no leaf"):
        merkle.Tree([b"x"] * size).proof(number)
    with pytest.raises(LedgerError, match="no leaf"):
        merkle.root_of(b"x", Leaf(number, size), [])


@pytest.mark.parametrize("length", [0, 5, 31, 33, 64])
def test_what_is_no_hash_is_refused_wherever_it_stands(length):
    odd, good = bytes(length), merkle.leaf_hash(b"x")
    with pytest.raises(LedgerError, match="32 bytes"):
        merkle.root_from(odd, Leaf(0, 1), [])
    with pytest.raises(LedgerError, match="32 bytes"):
        merkle.root_from(good, Leaf(0, 2), [odd])
    with pytest.raises(LedgerError, match="32 bytes"):
        merkle.check_inclusion(good, Leaf(0, 1), ([], odd))
    for heads in ((odd, odd), (odd, good), (good, odd)):
        with pytest.raises(LedgerError, match="32 bytes"):
            merkle.check_consistency(Span(0, 1, 1), heads, [])
    with pytest.raises(LedgerError, match="32 bytes"):
        merkle.check_consistency(Span(0, 1, 2), (good, good), [odd])


def test_the_only_leaf_is_proved_by_nothing_and_by_nothing_else():
    good = merkle.leaf_hash(b"x")
    merkle.check_inclusion(good, Leaf(0, 1), ([], good))
    with pytest.raises(LedgerError, match="longer"):
        merkle.check_inclusion(good, Leaf(0, 1), ([good], good))


def test_a_leaf_cannot_pass_for_a_node():
    pair = [b"a", b"b"]
    node = merkle.leaf_hash(b"a") + merkle.leaf_hash(b"b")
    assert merkle.root([node]) != merkle.root(pair)


@given(leaves, st.data())
def test_a_log_that_was_only_appended_to_proves_it(inputs, data):
    old = data.draw(st.integers(1, len(inputs)))
    heads = merkle.root(inputs[:old]), merkle.root(inputs)
    merkle.check_consistency(Span(0, old, len(inputs)), heads, subproof(old, inputs))


@given(leaves, st.data())
def test_a_log_whose_past_was_changed_cannot_prove_otherwise(inputs, data):
    old = data.draw(st.integers(1, len(inputs)))
    changed = data.draw(st.integers(0, old - 1))
    forged = [*inputs[:changed], inputs[changed] + b"!", *inputs[changed + 1 :]]
    heads = merkle.root(inputs[:old]), merkle.root(forged)
    for proof in (subproof(old, inputs), subproof(old, forged)):
        with pytest.raises(LedgerError):
            merkle.check_consistency(Span(0, old, len(inputs)), heads, proof)


@given(leaves, st.data())
def test_any_subtree_that_can_be_proved_is_and_with_another_head_is_not(inputs, data):
    size = len(inputs)
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(start + 1, size))
    assume(merkle.is_subtree(start, end))
    inner, outer = merkle.root(inputs[start:end]), merkle.root(inputs)
    if start == 0:
        proof = subproof(end, inputs)
    else:
        assume(end - start == 1 << (end - start).bit_length() - 1)  # a whole one: siblings as for a leaf
        height = (end - start).bit_length() - 1
        proof = merkle.Tree(inputs).proof(start)[height:]
    merkle.check_consistency(Span(start, end, size), (inner, outer), proof)
    with pytest.raises(LedgerError):
        merkle.check_consistency(Span(start, end, size), (merkle.leaf_hash(b"other"), outer), proof)


@pytest.mark.parametrize("span", [(1, 3, 8), (2, 5, 8), (2, 6, 8), (0, 9, 8), (5, 4, 8), (-1, 1, 8)])
def test_leaves_that_are_no_subtree_are_refused(span):
    good = merkle.leaf_hash(b"x")
    with pytest.raises(LedgerError, match="no part"):
        merkle.check_consistency(Span(*span), (good, good), [])


def test_of_no_leaves_there_is_one_head_and_no_proof():
    good = merkle.leaf_hash(b"x")
    merkle.check_consistency(Span(0, 0, 0), (merkle.EMPTY, merkle.EMPTY), [])
    for size, heads, proof in (
        (0, (good, merkle.EMPTY), []),
        (0, (merkle.EMPTY, good), []),
        (0, (merkle.EMPTY, merkle.EMPTY), [good]),
        (4, (merkle.EMPTY, good), [good]),
    ):
        with pytest.raises(LedgerError, match="no leaves"):
            merkle.check_consistency(Span(0, 0, size), heads, proof)
