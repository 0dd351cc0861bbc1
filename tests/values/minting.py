"""Addresses made by an encoder of our own, from the published specifications: the oracle of the parsers.

Nothing here imports the code under test.
"""

from __future__ import annotations

import base64
import hashlib

from Crypto.Hash import keccak

BITCOIN58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE58 = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
MONERO_SIZES = {8: 11, 5: 7}


def base58(data: bytes, alphabet: str = BITCOIN58) -> str:
    """Base58 of bytes, a first letter of the alphabet for each leading zero byte."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = alphabet[digit] + text
    return alphabet[0] * (len(data) - len(data.lstrip(b"\0"))) + text


def base58check(version: bytes, body: bytes, alphabet: str = BITCOIN58) -> str:
    """Version, body and four bytes of a double SHA-256. Source: Bitcoin developer guide."""
    whole = version + body
    return base58(whole + hashlib.sha256(hashlib.sha256(whole).digest()).digest()[:4], alphabet)


def fives(data: bytes) -> list[int]:
    """Bits in groups of five, the last filled with zeros."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]


def polymod(values: list[int]) -> int:
    """The checksum of BIP-173."""
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit, constant in enumerate(GENERATOR):
            state ^= constant if top >> bit & 1 else 0
    return state


def bech32(prefix: str, data: list[int], constant: int = 1) -> str:
    """Bech32 (constant 1) or Bech32m (0x2bc830a3). Source: BIP-173, BIP-350."""
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = polymod([*head, *data, 0, 0, 0, 0, 0, 0]) ^ constant
    digits = [*data, *(check >> 5 * (5 - at) & 31 for at in range(6))]
    return f"{prefix}1" + "".join(BECH32[digit] for digit in digits)


def segwit(prefix: str, version: int, program: bytes) -> str:
    """A witness program as an address."""
    return bech32(prefix, [version, *fives(program)], 1 if version == 0 else 0x2BC830A3)


def keccak256(data: bytes) -> bytes:
    """Keccak as Ethereum has it."""
    return keccak.new(digest_bits=256, data=data).digest()


def ethereum(body: bytes) -> str:
    """An address in the mixed case of EIP-55."""
    digits = body.hex()
    mask = keccak256(digits.encode()).hex()
    return "0x" + "".join(c.upper() if int(m, 16) >= 8 else c for c, m in zip(digits, mask, strict=False))


def monero(keys: bytes, network: int = 0x12) -> str:
    """A standard address. Source: Monero docs, "Standard address"."""
    whole = bytes([network]) + keys
    whole += keccak256(whole)[:4]
    text = ""
    for at in range(0, len(whole), 8):
        block = whole[at : at + 8]
        number, part = int.from_bytes(block, "big"), ""
        for _ in range(MONERO_SIZES[len(block)]):
            number, digit = divmod(number, 58)
            part = BITCOIN58[digit] + part
        text += part
    return text


def crc16(data: bytes) -> int:
    """CRC-16/XMODEM, a bit at a time."""
    state = 0
    for byte in data:
        state ^= byte << 8
        for _ in range(8):
            state = (state << 1 ^ 0x1021) & 0xFFFF if state & 0x8000 else state << 1
    return state


def ton(key: bytes, tag: int = 0x11) -> str:
    """A TON address in the form for people."""
    whole = bytes([tag, 0]) + key
    return base64.urlsafe_b64encode(whole + crc16(whole).to_bytes(2, "big")).decode()


def stellar(key: bytes) -> str:
    """A Stellar account. Source: SEP-23."""
    whole = bytes([6 << 3]) + key
    return base64.b32encode(whole + crc16(whole).to_bytes(2, "little")).decode().rstrip("=")


def onion(key: bytes) -> str:
    """An onion service of version 3. Source: Tor rend-spec-v3, "Encoding onion addresses"."""
    check = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return base64.b32encode(key + check + b"\x03").decode().lower() + ".onion"


def iban(country: str, account: str) -> str:
    """An IBAN by ISO 13616: letters as numbers, 98 minus the remainder by 97."""
    digits = "".join(str(int(c, 36)) for c in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def other_letter(text: str, at: int, alphabet: str, step: int) -> str:
    """The text with one letter of the alphabet changed for another; unchanged where it is none of it."""
    letter = text[at]
    if letter not in alphabet:
        return text
    changed = alphabet[(alphabet.index(letter) + 1 + step % (len(alphabet) - 1)) % len(alphabet)]
    return text[:at] + changed + text[at + 1 :]


CASH_GENERATOR = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


def cashaddr(body: bytes, kind: int = 0) -> str:
    """A CashAddr of 20 bytes without its prefix. Source: Bitcoin Cash specification "CashAddr"."""
    digits = fives(bytes([kind << 3]) + body)
    state = 1
    for value in [*(ord(c) & 31 for c in "bitcoincash"), 0, *digits, *[0] * 8]:
        top = state >> 35
        state = (state & 0x07FFFFFFFF) << 5 ^ value
        for bit, constant in enumerate(CASH_GENERATOR):
            state ^= constant if top >> bit & 1 else 0
    check = state ^ 1
    return "".join(BECH32[digit] for digit in [*digits, *(check >> 5 * (7 - at) & 31 for at in range(8))])


def ss58(key: bytes, network: int = 0) -> str:
    """An account of Polkadot (0), Kusama (2) or any Substrate chain (42). Source: Substrate SS58."""
    whole = bytes([network]) + key
    return base58(whole + hashlib.blake2b(b"SS58PRE" + whole).digest()[:2])


def waves(body: bytes) -> str:
    """A main-net address of Waves: version 1, chain W, 20 bytes, four of a Keccak of a BLAKE2b."""
    whole = b"\x01W" + body
    return base58(whole + keccak256(hashlib.blake2b(whole, digest_size=32).digest())[:4])


def imei(body: str) -> str:
    """Fourteen digits with the check digit of Luhn behind them. Source: 3GPP TS 23.003, annex B."""
    doubled = sum(sum(divmod(int(digit) * (1 + at % 2), 10)) for at, digit in enumerate(body))
    return body + str(-doubled % 10)


def tox(body: bytes) -> str:
    """36 bytes with the XOR of their words behind them. Source: The Tox Reference, "Tox ID"."""
    check = [0, 0]
    for at, byte in enumerate(body):
        check[at % 2] ^= byte
    return (body + bytes(check)).hex()
