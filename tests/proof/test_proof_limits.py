"""At every limit and one past it: what a verifier takes, and the reason that it gives where it does not."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chokepoint.model.errors import LedgerError
from chokepoint.proof.checkpoint import (
    LONGEST_PROOF,
    PROOF,
    Checkpoint,
    Proof,
    Request,
    log_key,
    open_checkpoint,
    origin_of,
    read_checkpoint,
    read_proof,
    read_request,
    witness_key,
)
from chokepoint.proof.merkle import (
    EMPTY,
    Leaf,
    Span,
    Tree,
    above,
    check_consistency,
    check_inclusion,
    head,
    is_subtree,
    leaf_hash,
    node_hash,
    root,
    root_from,
)
from chokepoint.proof.note import (
    LAST_MOMENT,
    LONGEST,
    MOST_SIGNATURES,
    Key,
    Note,
    Signature,
    cosign,
    plain_base64,
    read_note,
    read_signature,
    read_vkey,
    sign,
)

SECRET = Ed25519PrivateKey.from_private_bytes(sha256(b"a test's key").digest())
PUBLIC = SECRET.public_key().public_bytes_raw()
LOG = log_key("a1", PUBLIC)
HASH = b"\x11" * 32
LINE = base64.b64encode(HASH).decode()
LEAVES = [bytes([number]) * 32 for number in range(9)]


def signed(text, *more):
    return Note(text=text, signatures=(sign(text, LOG, SECRET.sign), *more))


CHECKPOINT = Checkpoint(origin_of("a1"), 9, root(LEAVES))


def reason(call, *given):
    with pytest.raises(LedgerError) as told:
        call(*given)
    return told.value.reason


@pytest.mark.parametrize(
    ("text", "data"),
    [("", b""), ("AA==", b"\0"), ("AAA=", b"\0\0"), ("AAAA", b"\0\0\0"), ("+/+/", b"\xfb\xff\xbf")],
)
def test_base64_is_read(text, data):
    assert plain_base64(text) == data


@pytest.mark.parametrize(
    "text",
    [
        "A",
        "AA",
        "AA=",
        "AA===",
        "AB==",
        "AAB=",
        "AAAA\n",
        " AAAA",
        "AA AA",
        "-_-_",
        "AAAA=",
        "====",
        "é",
        "AAAA\0",
    ],
    ids=range(14),
)
def test_no_second_spelling_of_the_same_bytes_is_base64(text):
    """A file whose bytes can change without changing what it says could be told apart from itself."""
    assert "is not base64" in reason(plain_base64, text)


@pytest.mark.parametrize("size", [LONGEST + 1, LONGEST * 2])
def test_a_note_beyond_its_limit_is_not_read(size):
    assert reason(read_note, b"x" * size) == f"a note is at most {LONGEST:,} bytes long"


def test_a_note_at_its_limit_is_read():
    tail = f"\n\n{sign('x', LOG, SECRET.sign).line.rstrip()}\n".encode()
    text = b"x" * (LONGEST - len(tail))
    assert len(read_note(text + tail).text) == len(text) + 1


@pytest.mark.parametrize("control", ["\0", "\t", "\r", "\x1b", "\x1f"])
def test_a_note_holds_no_control_character_but_its_line_ends(control):
    made = signed("text\n").encode()
    assert reason(read_note, control.encode() + made) == "the note holds control characters"


@pytest.mark.parametrize(
    ("count", "taken"), [(1, True), (MOST_SIGNATURES, True), (MOST_SIGNATURES + 1, False)]
)
def test_a_note_has_so_many_signatures_at_most(count, taken):
    one = sign("text\n", LOG, SECRET.sign)
    made = Note(text="text\n", signatures=(one,) * count).encode()
    if taken:
        assert len(read_note(made).signatures) == count
    else:
        assert reason(read_note, made) == "not a signed note"


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"\n\n", b"text\n\n", b"text\n\n\n", b"text\n", b"text", b"\xe2\x80\x94 log AAAAAAA=\n"],
    ids=range(8),
)
def test_what_lacks_text_gap_or_signature_is_no_note(data):
    with pytest.raises(LedgerError):
        read_note(data)


@pytest.mark.parametrize(
    "line",
    [
        "", "\N{EM DASH}", "\N{EM DASH} log", "\N{EM DASH} log ", "- log AAAAAAA=", "\N{EM DASH}log AAAAAAA=",
        "\N{EM DASH} a+b AAAAAAA=", "\N{EM DASH}  AAAAAAA=", "\N{EM DASH} log AAAA", "\N{EM DASH} log AAAAAA==",
        "\N{EM DASH} log AAAAAAA= x", "\N{EM DASH} a\u2003b AAAAAAA=",
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_signature_line_is_refused(line):
    with pytest.raises(LedgerError):
        read_signature(line)


def test_the_shortest_signature_line_has_a_key_id_and_one_byte():
    assert read_signature("\N{EM DASH} log AAAAAAE=") == Signature("log", b"\0\0\0\0", b"\x01")


@pytest.mark.parametrize("moment", [1, 1_700_000_000, LAST_MOMENT])
def test_a_cosignature_tells_its_moment(moment):
    witness = witness_key("a1", "police", PUBLIC)
    note = signed(CHECKPOINT.text, cosign(CHECKPOINT.text, witness, SECRET.sign, moment=moment))
    opened, seen = open_checkpoint(note, LOG, [witness])
    assert opened == CHECKPOINT
    assert seen == {witness: moment}


@pytest.mark.parametrize(
    ("organisation", "name"),
    [
        ("police", "chokepoint/a1/police"),
        ("My bank", "chokepoint/a1/My%20bank"),
        ("a/b+c", "chokepoint/a1/a%2Fb%2Bc"),
        ("ตำรวจ", "chokepoint/a1/%E0%B8%95%E0%B8%B3%E0%B8%A3%E0%B8%A7%E0%B8%88"),
    ],
)
def test_a_witness_signs_under_a_name_that_a_note_can_carry(organisation, name):
    key = witness_key("a1", organisation, PUBLIC)
    assert key.name == name
    assert read_vkey(key.vkey) == key


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("+", " ", 1),
        lambda text: text[:-4],
        lambda text: text + "=",
        lambda text: text.upper(),
        lambda text: "other" + text,
        lambda text: text.partition("+")[2],
    ],
    ids=["blank", "cut", "longer", "upper", "renamed", "nameless"],
)
def test_a_verifier_key_that_was_copied_badly_is_noticed(change):
    assert read_vkey(LOG.vkey) == LOG
    with pytest.raises(LedgerError):
        read_vkey(change(LOG.vkey))


def test_the_same_key_under_another_name_has_another_id():
    assert Key("a", PUBLIC).id != Key("b", PUBLIC).id
    assert Key("a", PUBLIC).id != Key("a", PUBLIC, 4).id
    assert len(Key("a", PUBLIC).id) == 4


@pytest.mark.parametrize(
    ("number", "taken"),
    [("0", True), ("9", True), ("10", True), ("00", False), ("01", False), ("-1", False), ("+1", False),
     ("1.0", False), ("", False), (" 1", False), ("1e3", False), ("٣", False), ("9" * 40, False)],
)  # fmt: skip
def test_a_number_of_leaves_has_one_spelling(number, taken):
    text = f"chokepoint/a1\n{number}\n{base64.b64encode(EMPTY if number == '0' else HASH).decode()}\n"
    if taken:
        assert read_checkpoint(text).size == int(number)
    else:
        assert "is not a number of leaves" in reason(read_checkpoint, text)


@pytest.mark.parametrize(("length", "taken"), [(0, False), (31, False), (32, True), (33, False)])
def test_a_head_has_32_bytes(length, taken):
    text = f"chokepoint/a1\n9\n{base64.b64encode(bytes(length)).decode()}\n"
    if taken:
        assert read_checkpoint(text).root == bytes(32)
    else:
        with pytest.raises(LedgerError):
            read_checkpoint(text)


@pytest.mark.parametrize("reader", [read_proof, read_request])
@pytest.mark.parametrize(("count", "taken"), [(0, True), (LONGEST_PROOF, True), (LONGEST_PROOF + 1, False)])
def test_a_proof_has_so_many_hashes_at_most(reader, count, taken):
    note = signed(CHECKPOINT.text)
    hashes = (HASH,) * count
    made = (Proof(3, hashes, note) if reader is read_proof else Request(3, hashes, note)).encode()
    if taken:
        assert reader(made).hashes == hashes
    else:
        assert reason(reader, made) == f"a proof has at most {LONGEST_PROOF} hashes"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([PROOF], "'index' is missing"),
        ([PROOF, "index"], "'index' is missing"),
        ([PROOF, "index x"], "is not a number"),
        ([PROOF, "extra !", "index 0"], "is not base64"),
        ([PROOF, "index 0", "AAAA"], "is not 32 bytes"),
        ([PROOF, "index 0", "extra AAAA"], "is not base64"),
        (["another format", "index 0"], "not a proof of a record"),
        ([PROOF + " ", "index 0"], "not a proof of a record"),
    ],
    ids=range(8),
)
def test_a_proof_is_told_what_it_lacks(lines, said):
    made = "\n".join([*lines, "", ""]).encode() + signed(CHECKPOINT.text).encode()
    assert said in reason(read_proof, made)


@pytest.mark.parametrize("extra", [b"", b"x", b"\0" * 1000, "ก".encode()])
def test_extra_bytes_of_a_proof_come_back(extra):
    made = Proof(0, (HASH,), signed(CHECKPOINT.text), extra)
    assert read_proof(made.encode()) == made


@pytest.mark.parametrize("number", range(9))
def test_every_leaf_of_nine_is_proved_in_its_place_and_no_other(number):
    siblings = tuple(Tree(LEAVES).proof(number))
    proof = Proof(number, siblings, signed(CHECKPOINT.text))
    proof.check(LEAVES[number], CHECKPOINT)
    for other in range(9):
        if other != number:
            assert reason(proof.check, LEAVES[other], CHECKPOINT) == "the proof leads to another tree head"


@pytest.mark.parametrize("place", [Leaf(-1, 9), Leaf(9, 9), Leaf(0, 0), Leaf(2**63, 9)])
def test_a_leaf_outside_its_tree_is_named(place):
    assert reason(root_from, HASH, place, []) == f"no leaf {place.number} in a tree of {place.size}"


@pytest.mark.parametrize("number", [-1, 9, 10**9])
def test_a_tree_has_no_proof_of_a_leaf_that_it_lacks(number):
    assert reason(Tree(LEAVES).proof, number) == f"no leaf {number} in a tree of 9"


@pytest.mark.parametrize(
    ("start", "end", "is_one"),
    [(0, 0, True), (0, 1, True), (0, 9, True), (1, 1, True), (1, 2, True), (1, 3, False), (2, 4, True), (3, 5, False),
     (4, 8, True), (4, 7, True), (6, 9, False), (8, 9, True), (-1, 1, False), (3, 2, False)],
)  # fmt: skip
def test_which_leaves_hang_together_in_a_tree(start, end, is_one):
    assert is_subtree(start, end) is is_one


@pytest.mark.parametrize("end", range(1, 10))
def test_a_beginning_proves_itself_with_nothing_only_where_it_is_all(end):
    span, heads = Span(0, end, 9), (root(LEAVES[:end]), root(LEAVES))
    if end == 9:
        check_consistency(span, heads, [])
    else:
        with pytest.raises(LedgerError):
            check_consistency(span, heads, [])


@pytest.mark.parametrize("span", [Span(0, 10, 9), Span(1, 3, 9), Span(-1, 0, 9), Span(5, 4, 9)])
def test_leaves_that_no_proof_can_be_of_are_named(span):
    told = reason(check_consistency, span, (HASH, HASH), [])
    assert (
        told == f"leaves {span.start} to {span.end} are no part of a tree of {span.size} that can be proved"
    )


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_head_of_another_length_is_refused_before_anything_is_computed(length):
    short = bytes(length)
    assert reason(check_inclusion, HASH, Leaf(0, 1), ((), short)) == "the tree head is not 32 bytes"
    assert "is not 32 bytes" in reason(check_consistency, Span(0, 1, 1), (short, short), [])


def test_the_smallest_trees_are_those_of_the_rfc():
    one, two = leaf_hash(b"a"), leaf_hash(b"b")
    assert root([]) == EMPTY == sha256().digest()
    assert root([b"a"]) == one == sha256(b"\0a").digest()
    assert root([b"a", b"b"]) == node_hash(one, two) == sha256(b"\x01" + one + two).digest()
    assert head([one, two, one]) == node_hash(node_hash(one, two), one)


@pytest.mark.parametrize("size", range(9))
def test_a_level_above_pairs_what_is_whole_and_leaves_the_odd_one(size):
    below = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    over = above(below)
    assert over[: size // 2] == [node_hash(*below[k : k + 2]) for k in range(0, size - size % 2, 2)]
    assert len(over) in {size // 2, size // 2 + size % 2}
    assert head(below) == root(LEAVES[:size])


@pytest.mark.parametrize(("old", "seen"), [(0, 3), (2, 3), (4, 3), (3, 0)])
def test_a_witness_is_asked_from_where_it_stopped(old, seen):
    before = Checkpoint(CHECKPOINT.origin, seen, root(LEAVES[:seen])) if seen else None
    told = reason(Request(old, (), signed(CHECKPOINT.text)).check, before, CHECKPOINT)
    assert told == f"the request begins at {old}, but {seen} was cosigned last"
