"""Ed25519 keys of organisations, as files of the atlas that only its owner may read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chokepoint.model.errors import LedgerError
from chokepoint.store.whole import write_whole

if TYPE_CHECKING:
    from pathlib import Path


class KeyRing:
    """The private keys that lie on this machine, one file an organisation.

    On one machine all keys lie here; on a server a user never holds another organisation's key.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, tuple[tuple[int, int, int], Ed25519PrivateKey, bytes]] = {}
        self._names: dict[str, str] = {}

    def _path(self, organisation: str) -> Path:
        return self._folder / f"{organisation.encode().hex()}.ed25519"

    def make(self, organisation: str) -> bytes:
        """A new key pair; returns the public key (32 bytes). An existing key is kept."""
        path = self._path(organisation)
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, Ed25519PrivateKey.generate().private_bytes_raw(), mode=0o600, once=True)
        return self.public(organisation)

    def _pair(self, organisation: str) -> tuple[Ed25519PrivateKey, bytes]:
        """Both keys, read again only when the file is another: that costs twice what a signature does."""
        name = self._names.get(organisation) or str(self._path(organisation))
        try:
            found = os.stat(name)  # noqa: PTH116 - a Path takes longer to make than its file to look at
            state = (found.st_ino, found.st_mtime_ns, found.st_size)
            kept = self._read.get(organisation)
            if kept is None or kept[0] != state:
                read = self._path(organisation).read_bytes()
                key = _unpacked(organisation, read)
                public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
                kept = self._read[organisation] = (state, key, public)
                self._names[organisation] = name
        except FileNotFoundError:
            raise LedgerError(
                f"this machine holds no key of {organisation!r}",
                mend="bring its key file back from where it joined or from a copy; nobody can make it anew",
            ) from None
        return kept[1:]

    def holds(self, organisation: str) -> bool:
        """Whether a key file of the organisation lies here; whether it is whole, only its use shows."""
        return self._path(organisation).is_file()

    def public(self, organisation: str) -> bytes:
        """The organisation's public key, 32 bytes.

        Raises:
            LedgerError: this machine holds no key of it.
        """
        return self._pair(organisation)[1]

    def sign(self, organisation: str, message: bytes, *, joined: bytes = b"") -> bytes:
        """Ed25519 signature, 64 bytes.

        Args:
            organisation: that signs.
            message: what is signed.
            joined: the public key that others know it by; with another, nobody could ever prove the log.

        Raises:
            LedgerError: this machine holds no key of it, or another than that.
        """
        key, public = self._pair(organisation)
        if joined and public != joined:
            raise LedgerError(
                f"the key of {organisation!r} on this machine is not the one with which it joined",
                mend="bring back the key file from where it joined or from a copy",
            )
        return key.sign(message)


def _unpacked(organisation: str, raw: bytes) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(raw)
    except ValueError:
        raise LedgerError(
            f"the key file of {organisation!r} is damaged",
            mend="restore the atlas's key folder from a backup",
        ) from None
