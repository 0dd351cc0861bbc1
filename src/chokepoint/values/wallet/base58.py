"""Addresses in Base58: Bitcoin's family, Ripple, Tron, Monero, Polkadot, Waves, Cardano's first kind.

Sources: Bitcoin's base58check, CryptoNote standard 007, Substrate SS58, Cardano CIP-19.
"""

from __future__ import annotations

import hashlib
import zlib

import base58

from chokepoint.values.wallet.evm import keccak

_VERSIONS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    (b"\x00", ("BTC", "BCH", "BSV", "USDT")),
    (b"\x05", ("BTC", "BCH", "LTC", "BSV", "USDT")),
    (b"\x30", ("LTC",)),
    (b"\x32", ("LTC",)),
    (b"\x1e", ("DOGE", "XVG", "DGB")),
    (b"\x16", ("DOGE",)),
    (b"\x4c", ("DASH",)),
    (b"\x10", ("DASH",)),
    (b"\x1c\xb8", ("ZEC",)),
    (b"\x1c\xbd", ("ZEC",)),
    (b"\x26", ("BTG",)),
    (b"\x17", ("BTG", "NEO")),
    (b"\x41", ("TRX", "USDT", "USDC")),
    (b"\x3f", ("DGB",)),
    (b"\x3c", ("RVN",)),
    (b"\x47", ("VTC",)),
    (b"\x06\xa1\x9f", ("XTZ",)),
    (b"\x06\xa1\xa1", ("XTZ",)),
    (b"\x06\xa1\xa4", ("XTZ",)),
)
_MONERO_VERSIONS = (18, 19, 42)
_FULL_BLOCK, _LAST_BLOCK = 11, 7
_SS58_ASSETS = {0: ("DOT",), 2: ("KSM",), 42: ("DOT", "KSM")}


def check_assets(text: str) -> tuple[str, ...]:
    """Assets whose version byte a base58check text carries; empty where the checksum fails."""
    try:
        raw = base58.b58decode_check(text)
    except ValueError:
        return ()
    for version, codes in _VERSIONS:
        if len(raw) == len(version) + 20 and raw.startswith(version):
            return codes
    return ()


def ripple_assets(text: str) -> tuple[str, ...]:
    """`XRP` where the text is a classic address in Ripple's own alphabet."""
    try:
        raw = base58.b58decode_check(text, alphabet=base58.RIPPLE_ALPHABET)
    except ValueError:
        return ()
    return ("XRP",) if len(raw) == 21 and raw[0] == 0 else ()


def monero_assets(text: str) -> tuple[str, ...]:
    """`XMR` where network byte and Keccak checksum of a 95 or 106 character address hold."""
    blocks = [text[at : at + _FULL_BLOCK] for at in range(0, len(text), _FULL_BLOCK)]
    sizes = {_FULL_BLOCK: 8, _LAST_BLOCK: 5}
    raw = b""
    for block in blocks:
        number = _number(block)
        if number is None or len(block) not in sizes or number >= 256 ** sizes[len(block)]:
            return ()
        raw += number.to_bytes(sizes[len(block)], "big")
    if not raw or raw[0] not in _MONERO_VERSIONS:
        return ()
    return ("XMR",) if keccak(raw[:-4])[:4] == raw[-4:] else ()


def _number(block: str) -> int | None:
    number = 0
    for character in block:
        digit = _DIGITS.get(character)
        if digit is None:
            return None
        number = number * 58 + digit
    return number


_DIGITS = {chr(code): number for number, code in enumerate(base58.BITCOIN_ALPHABET)}


def other_assets(text: str) -> tuple[str, ...]:
    """Polkadot, Kusama, Waves and Cardano's Byron addresses, each by its own checksum."""
    try:
        raw = base58.b58decode(text)
    except ValueError:
        return ()
    if len(raw) == 35 and _ss58_holds(raw):
        return _SS58_ASSETS.get(raw[0], ())
    if len(raw) == 26 and raw[:2] == b"\x01W" and _waves_holds(raw):
        return ("WAVES",)
    return ("ADA",) if _byron_holds(raw) else ()


def _ss58_holds(raw: bytes) -> bool:
    return hashlib.blake2b(b"SS58PRE" + raw[:-2]).digest()[:2] == raw[-2:]


def _waves_holds(raw: bytes) -> bool:
    return keccak(hashlib.blake2b(raw[:-4], digest_size=32).digest())[:4] == raw[-4:]


def _byron_holds(raw: bytes) -> bool:
    """CBOR: array of two, tag 24 over a byte string, and the CRC-32 of that string."""
    if raw[:4] != b"\x82\xd8\x18\x58" or len(raw) < 10:
        return False
    body, tail = raw[5 : 5 + raw[4]], raw[5 + raw[4] :]
    return len(body) == raw[4] and tail[:1] == b"\x1a" and tail[1:] == zlib.crc32(body).to_bytes(4, "big")


def is_key(text: str) -> bool:
    """Whether the text is 32 bytes in Base58, as Solana writes an address: a form without checksum."""
    if not 32 <= len(text) <= 44:
        return False
    try:
        return len(base58.b58decode(text)) == 32
    except ValueError:
        return False
