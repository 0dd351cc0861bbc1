"""Checkpoints, proofs of records and requests to witnesses: C2SP's forms, and one history for everybody."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_proof_merkle import subproof
from test_proof_note import KEY, OTHER, SECRET, WITNESS, blocks, public

from chokepoint.model.errors import LedgerError
from chokepoint.proof import note as notes
from chokepoint.proof.checkpoint import (
    Checkpoint,
    Proof,
    Request,
    log_key,
    open_checkpoint,
    read_checkpoint,
    read_proof,
    read_request,
    witness_key,
)
from chokepoint.proof.merkle import EMPTY, Tree, root
from chokepoint.proof.note import Key, Note, read_note, read_vkey

LEAVES = [bytes([number]) * 32 for number in range(40)]
hashes = st.binary(min_size=32, max_size=32)


def checkpoint_of(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint(KEY.name, size, root(leaves[:size]))


def signed(checkpoint: Checkpoint, *more: notes.Signature) -> Note:
    return Note(text=checkpoint.text, signatures=(notes.sign(checkpoint.text, KEY, SECRET.sign), *more))


def test_the_published_checkpoint_is_read(vectors):
    spec = (vectors / "tlog" / "tlog-checkpoint.md").read_text("utf-8")
    note = read_note(blocks(spec)[0].encode() + b"\n")
    checkpoint = read_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == note.text


def test_the_published_request_to_a_witness_is_read_and_written_back_alike(vectors):
    spec = (vectors / "tlog" / "tlog-witness.md").read_text("utf-8")
    (example,) = re.findall(r"^    old 20852014\n(?:(?:    .*)?\n)*?(?=\n[A-Z])", spec, re.MULTILINE)
    data = re.sub(r"^    ", "", example, flags=re.MULTILINE).encode()
    request = read_request(data)
    assert (request.old, len(request.hashes), len(request.note.signatures)) == (20852014, 4, 2)
    assert request.encode() == data


@given(st.integers(0, 2**60), hashes)
def test_a_checkpoint_comes_back_as_it_was(size, head):
    checkpoint = Checkpoint(KEY.name, size, head if size else EMPTY)
    assert read_checkpoint(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n1\n",
        "\n1\n" + "A" * 43 + "=\n",
        "log\n01\n" + "A" * 43 + "=\n",
        "log\n-1\n" + "A" * 43 + "=\n",
        "log\n+1\n" + "A" * 43 + "=\n",
        "log\n1 \n" + "A" * 43 + "=\n",
        "log\n١\n" + "A" * 43 + "=\n",
        "log\n1\nAAAA\n",
        "log\n1\n\n",
        "log\n1\n" + "A" * 43 + "=",
        "log\n1\n" + "A" * 43 + "=\nextension\n",
        "log\n0\n" + "A" * 43 + "=\n",
        "log\n99999999999999999999\n" + "A" * 43 + "=\n",
    ],
    ids=range(14),
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(LedgerError):
        read_checkpoint(text)


def test_a_checkpoint_opens_with_the_logs_key_and_names_its_witnesses():
    checkpoint = checkpoint_of(7)
    note = signed(checkpoint, notes.cosign(checkpoint.text, WITNESS, OTHER.sign, moment=9))
    assert open_checkpoint(note, KEY, [WITNESS]) == (checkpoint, {WITNESS: 9})
    assert open_checkpoint(note, KEY) == (checkpoint, {})


def test_a_checkpoint_that_the_log_has_not_signed_does_not_open():
    checkpoint = checkpoint_of(7)
    cosigned = Note(
        text=checkpoint.text, signatures=(notes.cosign(checkpoint.text, WITNESS, OTHER.sign, moment=9),)
    )
    with pytest.raises(LedgerError, match="has not signed"):
        open_checkpoint(cosigned, KEY, [WITNESS])


def test_a_checkpoint_of_another_log_does_not_open_under_this_ones_key():
    other = checkpoint_of(7)._replace(origin="example.org/other")
    with pytest.raises(LedgerError, match=r"of example\.org/other"):
        open_checkpoint(signed(other), KEY)


@given(st.integers(1, 40), st.data())
def test_a_record_is_proved_by_a_file_that_says_nothing_of_the_others(size, data):
    number = data.draw(st.integers(0, size - 1))
    proof = Proof(number, tuple(Tree(LEAVES[:size]).proof(number)), signed(checkpoint_of(size)), b"extra")
    again = read_proof(proof.encode())
    assert again == proof
    checkpoint, _ = open_checkpoint(again.note, KEY)
    again.check(LEAVES[number], checkpoint)
    with pytest.raises(LedgerError, match="another tree head"):
        again.check(b"another record", checkpoint)


def test_a_proof_without_extra_bytes_has_no_line_for_them():
    proof = Proof(0, (), signed(checkpoint_of(1)))
    assert b"extra" not in proof.encode()
    assert read_proof(proof.encode()) == proof


WHOLE = Proof(1, tuple(Tree(LEAVES[:3]).proof(1)), signed(checkpoint_of(3)), b"e").encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        WHOLE.replace(b"@v1", b"@v2"),
        WHOLE.replace(b"index 1", b"index 01"),
        WHOLE.replace(b"index 1", b"index -1"),
        WHOLE.replace(b"index 1\n", b""),
        WHOLE.replace(b"extra ", b"extra  "),
        WHOLE.replace(b"index 1\n", b"index 1\n" + b"AAAA\n"),
        WHOLE.replace(b"index 1\n", b"index 1\n" + (b"A" * 43 + b"=\n") * 64),
        WHOLE.replace(b"\n\n", b"\n"),
        WHOLE.partition(b"\n\n")[0] + b"\n\n",
        "é\n\n".encode(),
    ],
    ids=range(11),
)
def test_what_is_no_proof_is_refused(data):
    with pytest.raises(LedgerError):
        read_proof(data)


@given(st.binary(max_size=60))
def test_no_bytes_break_the_readers(data):
    for reader in (read_proof, read_request):
        with pytest.raises(LedgerError):
            reader(data)


@given(st.integers(0, 40), st.data())
def test_a_witness_sees_that_the_log_was_only_appended_to(size, data):
    old = data.draw(st.integers(0, size))
    steps = tuple(subproof(old, LEAVES[:size])) if old > 0 else ()
    request = read_request(Request(old, steps, signed(checkpoint_of(size))).encode())
    request.check(checkpoint_of(old) if old else None, checkpoint_of(size))


def test_two_histories_cannot_both_be_shown_to_one_witness():
    forged = [*LEAVES[:3], b"forged" * 5, *LEAVES[4:]]
    request = Request(5, tuple(subproof(5, forged[:9])), signed(checkpoint_of(9, forged)))
    with pytest.raises(LedgerError, match="not the beginning"):
        request.check(checkpoint_of(5), checkpoint_of(9, forged))
    same_size = Request(5, (), signed(checkpoint_of(5, forged)))
    with pytest.raises(LedgerError, match="not the beginning"):
        same_size.check(checkpoint_of(5), checkpoint_of(5, forged))


def test_a_log_that_went_back_is_refused():
    request = Request(9, (), signed(checkpoint_of(5)))
    with pytest.raises(LedgerError, match="no part"):
        request.check(checkpoint_of(9), checkpoint_of(5))


@pytest.mark.parametrize(("seen", "old"), [(5, 4), (5, 0), (0, 5)])
def test_a_request_must_begin_where_the_witness_stopped(seen, old):
    request = Request(old, (), signed(checkpoint_of(9)))
    with pytest.raises(LedgerError, match="was cosigned last"):
        request.check(checkpoint_of(seen) if seen else None, checkpoint_of(9))


def test_a_first_request_proves_nothing():
    with pytest.raises(LedgerError, match="nothing to prove"):
        Request(0, (bytes(32),), signed(checkpoint_of(9))).check(None, checkpoint_of(9))


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30))
def test_every_organisation_has_a_key_name_that_a_note_can_carry(organisation):
    key = witness_key("0f", organisation, public(OTHER))
    assert read_vkey(key.vkey) == key
    assert key != log_key("0f", public(OTHER))


@given(
    st.sets(
        st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=9), min_size=2, max_size=2
    )
)
def test_two_organisations_never_share_a_key_name(pair):
    one, two = (witness_key("0f", organisation, bytes(32)) for organisation in pair)
    assert one.name != two.name
    assert isinstance(one, Key)
