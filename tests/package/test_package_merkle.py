"""The package's own proof checker agrees with the tree that the store makes, and with nothing else."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError
from chokepoint.package.merkle import batch_message, root_from, root_of
from chokepoint.store import ledger, merkle

LEAVES = [bytes([number]) * 32 for number in range(40)]


def test_every_proof_of_every_small_tree_leads_to_its_root():
    for size in range(1, 41):
        leaves = LEAVES[:size]
        root = merkle.root(leaves)
        for index in range(size):
            assert root_of(leaves[index], (index, size), merkle.inclusion_proof(leaves, index)) == root


def _root_or_none(leaf, position, proof):
    try:
        return root_of(leaf, position, proof)
    except LedgerError:
        return None


def test_no_other_leaf_number_passes_with_the_same_proof():
    for size in range(2, 18):
        leaves = LEAVES[:size]
        root = merkle.root(leaves)
        for index in range(size):
            proof = merkle.inclusion_proof(leaves, index)
            for wrong in set(range(size)) - {index}:
                assert _root_or_none(leaves[index], (wrong, size), proof) != root


@given(st.data())
def test_an_altered_proof_or_leaf_leads_elsewhere(data):
    size = data.draw(st.integers(2, 40))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(LEAVES[:size], index)
    which = data.draw(st.integers(0, len(proof)))
    spot, change = data.draw(st.integers(0, 31)), data.draw(st.integers(1, 255))
    parts = [LEAVES[index], *proof]
    altered = bytearray(parts[which])
    altered[spot] ^= change
    parts[which] = bytes(altered)
    assert root_of(parts[0], (index, size), parts[1:]) != merkle.root(LEAVES[:size])


@pytest.mark.parametrize("position", [(0, 0), (-1, 3), (3, 3), (5, 4)])
def test_a_leaf_outside_its_tree_is_refused(position):
    with pytest.raises(LedgerError):
        root_of(LEAVES[0], position, [])


def test_proofs_too_short_too_long_or_of_odd_hashes_are_refused():
    proof = merkle.inclusion_proof(LEAVES[:8], 3)
    for bad in (proof[:-1], [*proof, proof[0]], [proof[0][:31], *proof[1:]], []):
        with pytest.raises(LedgerError):
            root_of(LEAVES[3], (3, 8), bad)


def test_the_published_inclusion_vectors(shared_data):
    folder = shared_data / "vectors" / "tlog" / "transparency-dev-merkle" / "testdata" / "inclusion"
    files = sorted(folder.rglob("*.json"))
    assert files
    for file in files:
        case = json.loads(file.read_text())
        proof = [base64.b64decode(part) for part in case["proof"] or []]
        expected = base64.b64decode(case["root"] or "")
        position = (case["leafIdx"], case["treeSize"])
        try:
            got = root_from(base64.b64decode(case["leafHash"] or ""), position, proof)
        except LedgerError:
            got = None
        assert (got == expected) == (not case["wantErr"]), file.name


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=20), st.binary(min_size=32, max_size=32))
def test_a_batch_is_signed_over_the_same_bytes_as_in_the_ledger(organisation, root):
    previous = bytes(32)
    ours = batch_message("0f" * 16, organisation, (root.hex(), previous.hex()))
    assert ours == ledger.batch_message("0f" * 16, organisation, root, previous)
