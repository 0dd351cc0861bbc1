"""Signed notes (C2SP signed-note v1.0.0) with Ed25519 signatures (0x01) and cosignatures (0x04).

A note is a text, an empty line, and a line for each signature. Unknown signatures are ignored; a known
key whose signature does not hold condemns the whole note, and so does the absence of any known key.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.errors import LedgerError
from chokepoint.proof.signature import signature_holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ED25519 = 0x01
COSIGNATURE = 0x04
LONGEST = 1 << 20
MOST_SIGNATURES = 64
LAST_MOMENT = 2**63 - 1
_DASH = "\N{EM DASH} "
_base64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def plain_base64(text: str) -> bytes:
    """The bytes of standard base64 with padding; no other spelling of the same bytes is taken.

    Raises:
        LedgerError: it is none.
    """
    data = base64.b64decode(text) if _base64.fullmatch(text) else b""
    if base64.b64encode(data).decode() != text:
        raise LedgerError(f"{text[:80]!r} is not base64")
    return data


class Key(NamedTuple):
    """A public key with the name it signs notes under; `kind` is the signature type's byte."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def id(self) -> bytes:
        """The four bytes that stand before its signatures."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as a verifier key, `name+id+key`."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


def read_vkey(text: str) -> Key:
    """The key of a verifier key.

    Raises:
        LedgerError: malformed, of another signature type, or its id is not its key's.
    """
    name, plus, rest = text.strip().partition("+")
    number, second, material = rest.partition("+")
    if not plus or not second or not _is_name(name):
        raise LedgerError("not a verifier key", mend="it looks like name+01234567+base64")
    raw = plain_base64(material)
    if len(raw) != 33 or raw[0] not in {ED25519, COSIGNATURE}:
        raise LedgerError("the verifier key is not one of Ed25519")
    key = Key(name, raw[1:], raw[0])
    if key.id.hex() != number:
        raise LedgerError("the verifier key's id is not that of its key", mend="copy it again, whole")
    return key


class Signature(NamedTuple):
    """A signature line: the key's name, its four bytes, and what the key made."""

    name: str
    id: bytes
    made: bytes

    @property
    def line(self) -> str:
        """As it stands in a note, with its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.id + self.made).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text that ends in a newline, and the signatures under it; of nothing in it is anything known yet."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def encode(self) -> bytes:
        """The note as it is kept and sent."""
        return (self.text + "\n" + "".join(each.line for each in self.signatures)).encode()

    def signed_by(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The known keys whose signatures hold, each with the moment of its cosignature or 0.

        Raises:
            LedgerError: a known key's signature does not hold, or none is from a known key.
        """
        known = {(key.name, key.id): key for key in keys}
        held: dict[Key, int] = {}
        for signature in self.signatures:
            key = known.get((signature.name, signature.id))
            if key is None:
                continue
            moment = _holds(key, signature.made, self.text)
            if moment is None:
                raise LedgerError(f"the signature of {key.name} does not hold")
            held[key] = max(moment, held.get(key, 0))
        if not held:
            raise LedgerError("no key that is known here has signed this note")
        return held


def _holds(key: Key, made: bytes, text: str) -> int | None:
    """The cosignature's moment, 0 for a plain signature, None when it does not hold."""
    if key.kind == ED25519:
        return 0 if signature_holds(key.public, made, text.encode()) else None
    moment = int.from_bytes(made[:8], "big")
    if len(made) != 72 or moment > LAST_MOMENT:
        return None
    return moment if signature_holds(key.public, made[8:], cosigned(text, moment)) else None


def cosigned(text: str, moment: int) -> bytes:
    """What a witness signs for a checkpoint's text at a moment, POSIX seconds (C2SP tlog-cosignature)."""
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def sign(text: str, key: Key, signer: Callable[[bytes], bytes]) -> Signature:
    """The key's signature on a text; `signer` is Ed25519 over the bytes it is given."""
    return Signature(key.name, key.id, signer(text.encode()))


def cosign(text: str, key: Key, signer: Callable[[bytes], bytes], *, moment: int) -> Signature:
    """The witness's cosignature on a checkpoint's text at a moment, POSIX seconds."""
    return Signature(key.name, key.id, moment.to_bytes(8, "big") + signer(cosigned(text, moment)))


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def read_note(data: bytes) -> Note:
    """A note, of which nothing is verified yet.

    Raises:
        LedgerError: too long, not UTF-8, with control characters, or not of a note's form.
    """
    if len(data) > LONGEST:
        raise LedgerError(f"a note is at most {LONGEST:,} bytes long")
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise LedgerError("the note is not UTF-8") from None
    if any(letter < " " and letter != "\n" for letter in whole):
        raise LedgerError("the note holds control characters")
    text, gap, below = whole.rpartition("\n\n")
    lines = below.split("\n")
    if not gap or lines.pop() or not lines or len(lines) > MOST_SIGNATURES:
        raise LedgerError("not a signed note", mend="it is a text, an empty line, and lines of signatures")
    return Note(text=text + "\n", signatures=tuple(read_signature(line) for line in lines))


def read_signature(line: str) -> Signature:
    """A signature of its line, without the newline.

    Raises:
        LedgerError: it is none.
    """
    name, space, made = line.removeprefix(_DASH).partition(" ")
    raw = plain_base64(made) if space else b""
    if not line.startswith(_DASH) or not _is_name(name) or len(raw) < 5:
        raise LedgerError("not a line of a signature", place=line[:80])
    return Signature(name, raw[:4], raw[4:])
