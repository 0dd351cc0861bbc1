"""A verifier written from docs/ledger.md alone, with no code of ours, finds that the ledger holds."""

from __future__ import annotations

import base64
import hmac
import json
from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from store_world import RED, ids_of, link, record, say, seen_by, source, vote

from chokepoint.desk.keeping.checkpoint import issue, prove
from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity
from chokepoint.store.erasing import blank

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

ENVELOPE = {"atlas", "author", "kind", "marking", "organisation", "payload", "recorded_at", "v"}


def leaf(name: bytes) -> bytes:
    return sha256(b"\0" + name).digest()


def head(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, as it is written there."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + head(leaves[:half]) + head(leaves[half:])).digest()


class Book:
    """The tables as anybody reads them, and what the document says of them; an assertion where it is untrue."""

    def __init__(self, atlas: Atlas) -> None:
        with atlas.engine.connect() as connection:

            def rows(sql: str) -> list[Any]:
                return [tuple(row) for row in connection.exec_driver_sql(sql).all()]

            self.atlas = dict(rows("SELECT name, value FROM facts"))["atlas"]
            self.records = rows("SELECT seq, id, salt, body FROM records ORDER BY seq")
            self.batches = rows(
                "SELECT organisation, first, count, root, previous, signature FROM batches ORDER BY number"
            )
            self.members = dict(rows("SELECT number, name FROM organisations"))
            self.tree = rows("SELECT level, number, hash FROM tree")
            self.checkpoints = rows("SELECT size, note FROM checkpoints")
            self.subjects = {bytes(name).hex(): key for name, key in rows("SELECT id, key FROM subject_keys")}
        self.leaves = [leaf(row[1]) for row in self.records]
        self.said = {seq: json.loads(body) for seq, _, _, body in self.records if body}
        self.keys: dict[str, bytes] = {}

    def check(self) -> None:
        assert [row[0] for row in self.records] == list(range(1, 1 + len(self.records)))
        for row in self.records:
            self.check_record(*row)
        self.check_batches()
        for level, number, value in self.tree:
            width = 256**level
            assert head(self.leaves[number * width : (number + 1) * width]) == value
        for size, note in self.checkpoints:
            self.check_note(size, note)

    def check_record(self, seq: int, name: bytes, salt: bytes, body: bytes) -> None:
        if not body:
            assert not salt
            return
        assert hmac.digest(salt, body, "sha256") == name
        said = self.said[seq]
        assert rfc8785.dumps(said) == body
        assert (set(said), said["v"], said["atlas"]) == (ENVELOPE, 1, self.atlas)
        if said["kind"].startswith("sealed-"):
            self.unsealed(said["kind"].removeprefix("sealed-"), said["payload"], salt)

    def unsealed(self, kind: str, payload: dict[str, Any], salt: bytes) -> dict[str, Any]:
        assert payload["keys"] == sorted(payload["keys"])
        joined = b"".join(self.subjects[name] for name in payload["keys"])
        key = HKDF(SHA256(), 32, salt, f"chokepoint/{kind}".encode()).derive(joined)
        assert hmac.digest(key, b"chokepoint/commitment", "sha256").hex() == payload["commitment"]
        found: dict[str, Any] = json.loads(
            AESGCM(key).decrypt(bytes(12), base64.b64decode(payload["sealed"]), kind.encode())
        )
        return found

    def check_batches(self) -> None:
        erasers = defaultdict[str, set[str]](set)
        for said in self.said.values():
            if said["kind"] == "erasure/1":
                for name in said["payload"]["records"]:
                    erasers[name].add(said["organisation"])
        keeper, position, previous = self.said[1]["organisation"], 1, dict[str, bytes]()
        for number, first, count, root, before, signature in self.batches:
            name = self.members[number]
            assert first == position
            position += count
            for seq, id_, _, body in self.records[first - 1 : first - 1 + count]:
                said = self.said.get(seq)
                assert said is None or said["organisation"] == name
                assert body or erasers[id_.hex()] & {name, keeper}
                if said is not None and said["kind"].startswith("organisation/"):
                    self.keys[name] = bytes.fromhex(said["payload"]["public_key"])
            assert head(self.leaves[first - 1 : first - 1 + count]) == root
            assert before == previous.get(name, bytes(32))
            signed = {
                "atlas": self.atlas,
                "organisation": name,
                "previous": before.hex(),
                "root": root.hex(),
                "v": 1,
            }
            Ed25519PublicKey.from_public_bytes(self.keys[name]).verify(signature, rfc8785.dumps(signed))
            previous[name] = root
        assert position == len(self.records) + 1

    def check_note(self, size: int, note: bytes) -> bytes:
        """Of a checkpoint; the tree head that it shows."""
        text, _, lines = note.decode().partition("\n\n")
        origin, count, root = text.split("\n")
        assert (origin, int(count)) == (f"chokepoint/{self.atlas}", size)
        assert base64.b64decode(root) == head(self.leaves[:size])
        key = self.keys[self.said[1]["organisation"]]
        for line in lines.splitlines():
            _, who, encoded = line.split(" ")
            made = base64.b64decode(encoded)
            if who == origin:
                assert made[:4] == sha256(origin.encode() + b"\n\x01" + key).digest()[:4]
                Ed25519PublicKey.from_public_bytes(key).verify(made[4:], f"{text}\n".encode())
                return base64.b64decode(root)
        pytest.fail("its keeper has not signed it")

    def check_proof(self, proof: bytes) -> dict[str, Any]:
        """RFC 9162 §2.1.3.2, of a `.tlog-proof`; the record that it carries."""
        text, _, note = proof.decode().partition("\n\n")
        version, extra, index, *path = text.split("\n")
        assert version == "c2sp.org/tlog-proof@v1"
        carried = json.loads(base64.b64decode(extra.removeprefix("extra ")))
        body = carried["body"].encode()
        value = leaf(hmac.digest(bytes.fromhex(carried["salt"]), body, "sha256"))
        size = int(note.split("\n")[1])
        at, last = int(index.removeprefix("index ")), size - 1
        for sibling in map(base64.b64decode, path):
            assert last
            if at & 1 or at == last:
                value = sha256(b"\1" + sibling + value).digest()
                while not at & 1 and at:
                    at, last = at >> 1, last >> 1
            else:
                value = sha256(b"\1" + value + sibling).digest()
            at, last = at >> 1, last >> 1
        assert last == 0
        assert value == self.check_note(size, note.encode())
        found: dict[str, Any] = json.loads(body)
        return found


@pytest.fixture
def kept(anywhere: Callable[..., Atlas]) -> Atlas:
    """Open, closed, personal and erased records of two organisations, over more than one tile."""
    one = anywhere()
    seqs = say(one, [link(f"{n}.example", "10.0.0.1") for n in range(300)]).seqs
    say(one, [Claim(Entity("person", "Ann Nobody"), "alias", "Annie", "line 2", source())])
    say(one, [link("secret.example", "10.0.0.9", source("red.txt", RED))], ["red.txt"])
    issue(one)
    police = seen_by(one, "police")
    police.ledger.append(police.speaker(), [vote(ids_of(police)[:3])])
    said = {"basis": "b", "captures": [], "entity": "00", "reason": "r", "records": ids_of(one)[:1]}
    one.ledger.append(
        one.speaker(), [record("erasure/1", said)], lambda connection: blank(connection, seqs[:1])
    )
    return one


def test_a_verifier_by_the_book_finds_that_all_of_it_holds(kept: Atlas) -> None:
    issue(kept)
    book = Book(kept)
    book.check()
    assert len(book.checkpoints) == 2
    assert len(book.tree) == 1
    assert sorted(book.keys) == sorted(book.members.values())
    assert any(said["kind"].startswith("sealed-") for said in book.said.values())
    assert any(not body for *_, body in book.records)


def test_what_it_unseals_is_what_was_said(kept: Atlas) -> None:
    book = Book(kept)
    ((seq, said),) = [(seq, one) for seq, one in book.said.items() if one["kind"] == "sealed-claim/1"]
    payload = book.unsealed("claim/1", said["payload"], book.records[seq - 1][2])
    assert (payload["subject"], payload["object"]) == (["person", "Ann Nobody"], "Annie")
    book.subjects = {name: bytes(32) for name in book.subjects}
    with pytest.raises((AssertionError, InvalidTag)):
        book.unsealed("claim/1", said["payload"], book.records[seq - 1][2])


def test_a_proof_of_one_record_holds_by_the_book(kept: Atlas) -> None:
    book = Book(kept)
    book.check()
    for name in (ids_of(kept)[0], ids_of(kept)[257], ids_of(kept)[-1]):
        proof = prove(kept, name).encode()
        again = Book(kept)
        again.keys = book.keys
        assert again.check_proof(proof)["kind"].endswith("claim/1")


@pytest.mark.parametrize("what", ["a signature", "a root", "an id", "a body"])
def test_it_notices_what_is_bent(kept: Atlas, what: str) -> None:
    """Else it would have shown nothing."""
    book = Book(kept)
    *rest, root, before, signature = book.batches[-1]
    if what == "a signature":
        book.batches[-1] = (*rest, root, before, signature[:-1] + bytes([signature[-1] ^ 1]))
    elif what == "a root":
        book.batches[-1] = (*rest, bytes(32), before, signature)
    elif what == "an id":
        book.leaves[7] = bytes(32)
    else:
        seq, name, salt, body = book.records[-1]
        book.records[-1] = (seq, name, salt, body.replace(b'"r"', b'"s"'))
    with pytest.raises((AssertionError, InvalidSignature)):
        book.check()
