"""Addresses of Ethereum and the chains that copy it. Source: EIP-55."""

from __future__ import annotations

from Crypto.Hash import keccak as _keccak


def keccak(data: bytes) -> bytes:
    """Keccak-256 as Ethereum and Monero use it (not SHA3-256)."""
    return _keccak.new(digest_bits=256, data=data).digest()


def checksum_holds(digits: str) -> bool:
    """Whether 40 hexadecimal digits in mixed case carry the checksum of EIP-55; one case needs none."""
    lowered = digits.lower()
    if digits in (lowered, digits.upper()):
        return True
    mask = keccak(lowered.encode("ascii")).hex()
    return all(
        character.isdigit() or character.isupper() == (int(nibble, 16) >= 8)
        for character, nibble in zip(digits, mask, strict=False)
    )
