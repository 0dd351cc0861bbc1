"""Checkpoints: one history for everybody, and no forgetting of what was signed."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from store_world import link, say, seen_by, source

from chokepoint.model.errors import LedgerError, NotFoundError
from chokepoint.proof import note as notes
from chokepoint.proof.checkpoint import Request, open_checkpoint, read_checkpoint, read_request
from chokepoint.proof.note import Note
from chokepoint.store.checkpoints import Notary, Witness
from chokepoint.store.verifying import verify_ledger


def notary(atlas) -> Notary:
    return Notary(atlas.engine, atlas.keys, atlas.id)


def witness(atlas, name="police") -> Witness:
    return Witness(atlas.engine, atlas.keys, name)


def grow(atlas, path, count=3):
    return say(atlas, [link(f"{path}-{n}.example", "10.0.0.1", source(path)) for n in range(count)], [path])


def rows(atlas):
    with atlas.engine.connect() as connection:
        return connection.execute(text("SELECT size, note FROM checkpoints ORDER BY size")).all()


def test_a_checkpoint_shows_the_log_that_verification_sees(atlas):
    one = atlas()
    grow(one, "a.txt", 300)
    desk = notary(one)
    checkpoint, cosigned = open_checkpoint(desk.issue(), desk.key())
    verified = verify_ledger(one.engine, one.id)
    assert (checkpoint.size, checkpoint.root.hex()) == (verified.records, verified.head)
    assert checkpoint.origin == f"chokepoint/{one.id}"
    assert cosigned == {}
    assert verified.checkpoints == 1


def test_of_one_size_there_is_one_checkpoint(atlas):
    one = atlas()
    assert notary(one).issue() == notary(one).issue()
    grow(one, "a.txt")
    notary(one).issue()
    assert [size for size, _ in rows(one)] == [3, 7]


def test_every_record_is_proved_and_no_other(atlas):
    one = atlas()
    seqs = grow(one, "a.txt", 300).seqs
    desk = notary(one)
    proofs = desk.prove(seqs)
    checkpoint, _ = open_checkpoint(desk.issue(), desk.key())
    with one.engine.connect() as connection:
        found = connection.execute(text("SELECT seq, id FROM records")).all()
    ids = {row.seq: row.id for row in found}
    for seq in seqs:
        proofs[seq].check(ids[seq], checkpoint)
    with pytest.raises(LedgerError, match="another tree head"):
        proofs[seqs[0]].check(ids[seqs[1]], checkpoint)
    with pytest.raises(LedgerError, match="no leaf"):
        desk.prove([10_000])


def test_an_older_checkpoint_shows_the_beginning_of_the_log(atlas):
    one = atlas()
    old = notary(one).issue()
    grow(one, "a.txt", 300)
    checkpoint, names = notary(one).begins_with(old)
    assert (checkpoint.size, names) == (3, ())


def test_a_log_that_was_cut_short_is_told(atlas):
    one = atlas()
    grow(one, "a.txt")
    old = notary(one).issue()
    with one.engine.begin() as connection:
        connection.execute(text("DELETE FROM records WHERE seq > 5"))
    with pytest.raises(LedgerError, match="cut short"):
        notary(one).begins_with(old)


def test_a_log_with_another_history_is_told(atlas, tmp_path):
    one = atlas()
    other = atlas("bank", name="other")
    mine = notary(one).issue()
    with pytest.raises(LedgerError, match="no key"):
        notary(other).begins_with(mine)
    checkpoint = read_checkpoint(mine.text)._replace(root=bytes(32))
    keep = notary(one)
    forged = notes.sign(checkpoint.text, keep.key(), lambda message: one.keys.sign("bank", message))
    with pytest.raises(LedgerError, match="not the beginning"):
        keep.begins_with(Note(text=checkpoint.text, signatures=(forged,)))


def test_a_rewritten_log_is_found_by_the_checkpoints_it_signed_before(atlas):
    one = atlas()
    grow(one, "a.txt")
    notary(one).issue()
    with one.engine.begin() as connection:
        [(size, note)] = connection.execute(text("SELECT size, note FROM checkpoints")).all()
        checkpoint = read_checkpoint(note.decode().partition("\n\n")[0] + "\n")._replace(root=bytes(32))
        key = notary(one).key()
        forged = notes.sign(checkpoint.text, key, lambda message: one.keys.sign("bank", message))
        other = Note(text=checkpoint.text, signatures=(forged,)).encode()
        connection.execute(text("UPDATE checkpoints SET note = :note"), {"note": other})
    with pytest.raises(LedgerError, match="not the one that this checkpoint shows") as caught:
        verify_ledger(one.engine, one.id)
    assert caught.value.place == f"checkpoint {size}"


def test_a_checkpoint_whose_signature_was_bent_is_found(atlas):
    one = atlas()
    notary(one).issue()
    with one.engine.begin() as connection:
        [(note,)] = connection.execute(text("SELECT note FROM checkpoints")).all()
        bent = note.replace(b"\n3\n", b"\n2\n")
        connection.execute(text("UPDATE checkpoints SET note = :note"), {"note": bent})
    with pytest.raises(LedgerError, match="does not hold"):
        verify_ledger(one.engine, one.id)


def test_a_member_cosigns_and_verification_names_it(atlas):
    one = atlas()
    desk, police = notary(one), witness(one)
    line = police.cosign(desk.request(0).encode(), desk.key().vkey, moment=5)
    assert desk.add(line.line.encode()) == (police.key(one.id).name,)
    assert desk.begins_with(desk.issue())[1] == ("police",)
    assert desk.add(line.line.encode())
    assert len(desk.issue().signatures) == 2
    assert verify_ledger(one.engine, one.id).checkpoints == 1


def test_a_witness_follows_a_log_that_grows_and_no_other(atlas):
    one = atlas()
    desk, police = notary(one), witness(one)
    police.cosign(desk.request(0).encode(), desk.key().vkey, moment=5)
    grow(one, "a.txt", 300)
    police.cosign(desk.request(3).encode(), "", moment=6)
    with pytest.raises(LedgerError, match="was cosigned last"):
        police.cosign(desk.request(3).encode(), "", moment=7)
    police.cosign(desk.request(304).encode(), "", moment=8)


def test_a_keeper_cannot_show_a_witness_two_histories(atlas):
    one = atlas()
    desk, police = notary(one), witness(one)
    grow(one, "a.txt")
    police.cosign(desk.request(0).encode(), desk.key().vkey, moment=5)
    grow(one, "b.txt")
    honest = read_request(desk.request(7).encode())
    checkpoint = read_checkpoint(honest.note.text)._replace(root=bytes(32))
    signature = notes.sign(checkpoint.text, desk.key(), lambda message: one.keys.sign("bank", message))
    forged = Request(7, honest.hashes, Note(text=checkpoint.text, signatures=(signature,)))
    with pytest.raises(LedgerError, match="not the beginning"):
        police.cosign(forged.encode(), "", moment=6)
    assert police.cosign(honest.encode(), "", moment=7)


def test_a_log_never_seen_is_cosigned_only_under_a_key_that_was_given(atlas):
    one, other = atlas(), atlas("bank", name="other")
    desk, police = notary(one), witness(one)
    data = desk.request(0).encode()
    with pytest.raises(NotFoundError, match="never witnessed"):
        police.cosign(data, "", moment=5)
    with pytest.raises(LedgerError, match="no key"):
        police.cosign(data, notary(other).key().vkey, moment=5)
    police.cosign(data, desk.key().vkey, moment=5)
    with pytest.raises(LedgerError, match="under another key"):
        police.cosign(data, notary(other).key().vkey, moment=6)


def test_a_witness_in_another_atlas_cosigns_under_its_own_key(atlas):
    one, far = atlas("bank"), atlas("ngo", name="far")
    desk, ngo = notary(one), witness(far, "ngo")
    line = ngo.cosign(desk.request(0).encode(), desk.key().vkey, moment=5).line.encode()
    with pytest.raises(NotFoundError, match="no checkpoint"):
        desk.add(line)
    assert desk.add(line, [ngo.key(one.id)]) == (ngo.key(one.id).name,)
    assert open_checkpoint(desk.issue(), desk.key(), [ngo.key(one.id)])[1] == {ngo.key(one.id): 5}


def test_lines_that_are_no_signatures_are_refused(atlas):
    desk = notary(atlas())
    desk.issue()
    for line in (b"garbage", b"\xff\xfe", b""):
        with pytest.raises((LedgerError, NotFoundError)):
            desk.add(line)


def test_without_the_keepers_key_no_checkpoint_is_signed(atlas):
    one = atlas()
    for file in (one.folder / "keys").glob("*.ed25519"):
        if bytes.fromhex(file.stem) == b"bank":
            file.unlink()
    with pytest.raises(LedgerError, match="no key of 'bank'"):
        notary(seen_by(one, "police")).issue()


def test_a_request_cannot_begin_beyond_the_log(atlas):
    with pytest.raises(LedgerError, match="no proof leads"):
        notary(atlas()).request(99)


def test_before_the_first_checkpoint_there_is_none(atlas):
    one = atlas()
    assert notary(one).newest() is None
    assert notary(one).issue() == notary(one).newest()


def test_a_witness_who_cosigns_again_and_again_leaves_one_line_and_a_log_that_verifies(atlas):
    one = atlas()
    desk, police = notary(one), witness(one)
    request, key = desk.request(0).encode(), desk.key().vkey
    first = police.cosign(request, key, moment=1_000)
    text_of_it = desk.newest().text
    lines = [
        notes.cosign(
            text_of_it, police.key(one.id), lambda body: one.keys.sign("police", body), moment=1_001 + at
        ).line
        for at in range(80)
    ]
    desk.add(first.line.encode())
    desk.add("".join(lines).encode())
    desk.add(lines[7].encode())
    [_, kept] = notes.read_note(rows(one)[-1].note).signatures
    assert kept.line == lines[-1]
    assert verify_ledger(one.engine, one.id).checkpoints == 1
    assert desk.issue().text == text_of_it


def test_more_witnesses_than_a_note_may_bear_are_refused_and_change_nothing(atlas):
    one = atlas()
    desk = notary(one)
    body = desk.issue().text
    keys = [Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32) for at in range(1, 65)]
    known = [
        notes.Key(f"w{at}", key.public_key().public_bytes_raw(), notes.COSIGNATURE)
        for at, key in enumerate(keys)
    ]
    lines = [notes.cosign(body, name, key.sign, moment=5).line for name, key in zip(known, keys, strict=True)]
    assert len(desk.add("".join(lines[:63]).encode(), known)) == 63
    with pytest.raises(LedgerError, match="at most 64 signatures"):
        desk.add(lines[63].encode(), known)
    assert len(notes.read_note(rows(one)[-1].note).signatures) == 64
