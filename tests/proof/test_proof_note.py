"""Signed notes are those of C2SP: the published one holds, and whatever bends one is refused."""

from __future__ import annotations

import base64
import re
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import LedgerError
from chokepoint.proof import note as notes
from chokepoint.proof.note import COSIGNATURE, ED25519, Key, Note, read_note, read_vkey

SECRET = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30).map(lambda text: text + "\n")
names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=20
).filter(lambda name: "+" not in name)


def public(secret: Ed25519PrivateKey) -> bytes:
    return secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


KEY = Key("example.org/log", public(SECRET))
WITNESS = Key("example.org/witness", public(OTHER), COSIGNATURE)


def signed(text: str, *signatures: notes.Signature) -> Note:
    return Note(text=text, signatures=signatures or (notes.sign(text, KEY, SECRET.sign),))


def blocks(text: str) -> list[str]:
    """The fenced examples of a specification."""
    return re.findall(r"\n```\n(.*?)\n```(?=\n|$)", text, re.DOTALL)


def test_the_published_note_holds_under_the_published_key(vectors):
    spec = (vectors / "tlog" / "signed-note.md").read_text("utf-8")
    key = read_vkey(re.findall(r"^    (example\.com/foo\+\S+)$", spec, re.MULTILINE)[0])
    (example,) = [block for block in blocks(spec) if "example.com/foo" in block]
    note = read_note(example.encode() + b"\n")
    assert note.signed_by([key]) == {key: 0}
    assert note.text == "This is an example message.\n"
    assert note.encode() == example.encode() + b"\n"
    assert key.vkey in spec
    with pytest.raises(LedgerError, match="does not hold"):
        Note(text="This is an example massage.\n", signatures=note.signatures).signed_by([key])


def test_every_published_note_is_read_and_written_back_alike(vectors):
    found = 0
    for file in ("signed-note.md", "tlog-checkpoint.md", "tlog-cosignature.md"):
        for block in blocks((vectors / "tlog" / file).read_text("utf-8")):
            if "— " in block:
                found += 1
                assert read_note(block.encode() + b"\n").encode() == block.encode() + b"\n"
    assert found == 4


@given(texts)
def test_a_note_comes_back_as_it_was_signed(text):
    note = signed(text)
    again = read_note(note.encode())
    assert again == note
    assert again.signed_by([KEY]) == {KEY: 0}


@given(texts, st.integers(0, notes.LAST_MOMENT))
def test_a_cosignature_holds_with_its_moment(text, moment):
    made = notes.cosign(text, WITNESS, OTHER.sign, moment=moment)
    assert read_note(signed(text, made).encode()).signed_by([WITNESS]) == {WITNESS: moment}


def test_a_cosignature_signs_what_the_specification_shows(vectors):
    spec = (vectors / "tlog" / "tlog-cosignature.md").read_text("utf-8")
    text = read_note(blocks(spec)[0].encode() + b"\n").text
    shown = notes.cosigned(text, 1679315147).decode()
    assert "".join(f"    {line}\n" for line in shown.splitlines()) in spec


def test_a_cosignature_at_another_moment_does_not_hold():
    made = notes.cosign("x\n", WITNESS, OTHER.sign, moment=5)
    moved = notes.Signature(made.name, made.id, (6).to_bytes(8, "big") + made.made[8:])
    with pytest.raises(LedgerError, match="does not hold"):
        signed("x\n", moved).signed_by([WITNESS])


@pytest.mark.parametrize("made", [b"", bytes(71), bytes(73), b"\xff" * 72])
def test_a_cosignature_of_another_length_or_beyond_time_does_not_hold(made):
    with pytest.raises(LedgerError, match="does not hold"):
        signed("x\n", notes.Signature(WITNESS.name, WITNESS.id, made)).signed_by([WITNESS])


def test_a_signature_does_not_pass_for_a_cosignature_nor_the_other_way():
    log_as_witness = KEY._replace(kind=COSIGNATURE)
    plain = notes.sign("x\n", KEY, SECRET.sign)
    disguised = notes.Signature(log_as_witness.name, log_as_witness.id, bytes(8) + plain.made)
    with pytest.raises(LedgerError, match="does not hold"):
        signed("x\n", disguised).signed_by([log_as_witness])
    assert KEY.id != log_as_witness.id


def test_unknown_signatures_are_ignored_and_a_note_without_known_ones_is_refused():
    stranger = Key("example.org/stranger", public(OTHER))
    text = "x\n"
    both = (notes.sign(text, stranger, OTHER.sign), notes.sign(text, KEY, SECRET.sign))
    note = signed(text, *both)
    assert note.signed_by([KEY]) == {KEY: 0}
    assert set(note.signed_by([KEY, stranger])) == {KEY, stranger}
    for keys in ([], [Key("example.org/nobody", public(SECRET))], [Key(KEY.name, public(OTHER))]):
        with pytest.raises(LedgerError, match="no key"):
            note.signed_by(keys)


def test_one_false_signature_of_a_known_key_condemns_the_whole_note():
    text = "x\n"
    false = notes.Signature(WITNESS.name, WITNESS.id, bytes(72))
    note = signed(text, notes.sign(text, KEY, SECRET.sign), false)
    with pytest.raises(LedgerError, match="witness does not hold"):
        note.signed_by([KEY, WITNESS])
    assert note.signed_by([KEY]) == {KEY: 0}


@given(names, st.sampled_from([ED25519, COSIGNATURE]), st.binary(min_size=32, max_size=32))
def test_a_verifier_key_comes_back_as_it_was(name, kind, material):
    key = Key(name, material, kind)
    assert read_vkey(key.vkey) == key


GOOD = KEY.vkey


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "+" + GOOD.partition("+")[2],
        "a b+" + GOOD.partition("+")[2],
        "other+" + GOOD.partition("+")[2],
        GOOD[:-4],
        GOOD + "=",
        GOOD.replace("+", "+0", 1),
        "x+00000000+" + base64.b64encode(b"\x02" + bytes(32)).decode(),
        "x+00000000+!!!!",
    ],
    ids=range(11),
)
def test_what_is_no_verifier_key_is_refused(text):
    with pytest.raises(LedgerError):
        read_vkey(text)


LINE = notes.sign("x\n", KEY, SECRET.sign).line


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x\n",
        b"x\n\n",
        b"x\n" + LINE.encode(),
        b"x\n\n" + LINE.encode()[:-1],
        b"x\n\n" + LINE.encode() + b"\n",
        b"x\n\n" + LINE.encode() + b"rest\n",
        b"x\n\n" + LINE.replace("\N{EM DASH}", "-").encode(),
        b"x\n\n" + LINE.replace(" ", "  ").encode(),
        b"x\r\n\n" + LINE.encode(),
        b"x\x00\n\n" + LINE.encode(),
        b"\xff\n\n" + LINE.encode(),
        "x\n\n— name AAAA\n".encode(),
        "x\n\n— na+me AAAAAAAA\n".encode(),
        "x\n\n— name AAAAAAB=\n".encode(),
        "x\n\n— name AAAAAAA\n".encode(),
        b"x\n\n" + LINE.encode() * 65,
        b"x" * (1 << 20) + b"\n\n" + LINE.encode(),
    ],
    ids=range(18),
)
def test_what_is_no_note_is_refused(data):
    with pytest.raises(LedgerError):
        read_note(data)


@given(st.binary(max_size=80))
def test_no_bytes_break_the_reader(data):
    with suppress(LedgerError):
        assert read_note(data).encode() == data


def test_sixteen_signatures_and_more_are_taken():
    note = signed("x\n", *[notes.sign("x\n", Key(f"k{n}", public(SECRET)), SECRET.sign) for n in range(16)])
    assert len(read_note(note.encode()).signatures) == 16


def test_a_text_with_empty_lines_keeps_them():
    note = signed("a\n\nb\n\n\nc\n")
    assert read_note(note.encode()).text == "a\n\nb\n\n\nc\n"
