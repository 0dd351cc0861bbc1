"""Bech32, Bech32m and CashAddr: addresses with a BCH code as checksum.

Sources: BIP-173, BIP-350; Bitcoin Cash specification "CashAddr".
"""

from __future__ import annotations

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32 = 1
BECH32M = 0x2BC830A3

_VALUES = {character: number for number, character in enumerate(CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CASH_GENERATOR = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


def decode(text: str) -> tuple[str, list[int], int] | None:
    """Human-readable part, five-bit data without checksum, and which constant held; None where none holds.

    The limit of 90 characters is left to the caller: Cardano addresses pass it.
    """
    if text.lower() != text and text.upper() != text:
        return None
    lowered = text.lower()
    prefix, mark, body = lowered.rpartition("1")
    if not mark or not prefix or len(body) < 6 or any(c not in _VALUES for c in body):
        return None
    data = [_VALUES[c] for c in body]
    constant = _polymod([ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + data)
    if constant not in (BECH32, BECH32M):
        return None
    return prefix, data[:-6], constant


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit in range(5):
            if top >> bit & 1:
                checksum ^= _GENERATOR[bit]
    return checksum


def to_bytes(data: list[int]) -> bytes | None:
    """Five-bit groups as bytes; None where the padding is too long or not zero."""
    number = 0
    for value in data:
        number = number << 5 | value
    spare = len(data) * 5 % 8
    if spare > 4 or number & ((1 << spare) - 1):
        return None
    return (number >> spare).to_bytes(len(data) * 5 // 8, "big")


def is_segwit(data: list[int], constant: int) -> bool:
    """Whether the data is a witness program under the rules of BIP-141 and BIP-350."""
    if not data or data[0] > 16:
        return False
    program = to_bytes(data[1:])
    if program is None or not 2 <= len(program) <= 40:
        return False
    if data[0] == 0:
        return constant == BECH32 and len(program) in (20, 32)
    return constant == BECH32M


def is_cashaddr(text: str, prefix: str = "bitcoincash") -> bool:
    """Whether the text, without its prefix, is a CashAddr of 20 bytes with a checksum that holds."""
    lowered = text.lower()
    if lowered != text and text.upper() != text:
        return False
    if len(lowered) != 42 or any(c not in _VALUES for c in lowered):
        return False
    values = [ord(c) & 31 for c in prefix] + [0] + [_VALUES[c] for c in lowered]
    checksum = 1
    for value in values:
        top = checksum >> 35
        checksum = (checksum & 0x07FFFFFFFF) << 5 ^ value
        for bit in range(5):
            if top >> bit & 1:
                checksum ^= _CASH_GENERATOR[bit]
    return checksum ^ 1 == 0
