"""Addresses of TON in the form for people. Source: TON docs, "User-friendly address"; CRC-16/XMODEM."""

from __future__ import annotations

import base64
import binascii
import re

_shape = re.compile(r"[EUk0][Qf][A-Za-z0-9_-]{46}|[EUk0][Qf][A-Za-z0-9+/]{46}").fullmatch
_TAGS = frozenset({0x11, 0x51, 0x91, 0xD1})
_CHAINS = frozenset({0x00, 0xFF})
"""Bytes of the base chain and of the master chain."""
_STAYS = 0x40
"""The bit of a tag that says that a refused transfer does not bounce."""


def is_ton(text: str) -> bool:
    """Whether 48 characters of Base64 hold a tag, a chain, a key and the checksum over them."""
    if not _shape(text):
        return False
    raw = base64.b64decode(text.replace("-", "+").replace("_", "/"))
    known = raw[0] in _TAGS and raw[1] in _CHAINS
    return known and binascii.crc_hqx(raw[:34], 0).to_bytes(2, "big") == raw[34:]


def normal(text: str) -> str:
    """The one spelling of an account: its URL-safe letters, and the tag for which transfers bounce.

    `EQ…` and `UQ…` name one account and differ in what becomes of a transfer that it refuses; explorers write
    the one, wallets since 2024 the other.
    """
    raw = base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_"))
    return _written(bytes([raw[0] & ~_STAYS]) + raw[1:34])


def spellings(text: str) -> tuple[str, ...]:
    """Both spellings of an account that a text names; none of anything else."""
    if not is_ton(text):
        return ()
    value = normal(text)
    raw = base64.urlsafe_b64decode(value)
    return value, _written(bytes([raw[0] | _STAYS]) + raw[1:34])


def _written(named: bytes) -> str:
    return base64.urlsafe_b64encode(named + binascii.crc_hqx(named, 0).to_bytes(2, "big")).decode()
