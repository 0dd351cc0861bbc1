"""The crypto-address kind: which form, whether its checksum holds, which assets it may hold."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said
from chokepoint.values.wallet import base58, bech32, ton
from chokepoint.values.wallet.evm import checksum_holds

EVM_ASSETS = ("ETH", "ETC", "BNB", "MATIC", "ARB", "AVAX", "USDT", "USDC")

_SEGWIT = {"bc": ("BTC", "USDT"), "ltc": ("LTC",), "vtc": ("VTC",), "dgb": ("DGB",), "btg": ("BTG",)}
_BECH32 = {
    "addr": ("ADA",),
    "stake": ("ADA",),
    "bnb": ("BNB",),
    "cosmos": ("ATOM",),
    "terra": ("LUNA",),
    "zil": ("ZIL",),
    "zs": ("ZEC",),
    "osmo": ("OSMO",),
    "kava": ("KAVA",),
    "thor": ("RUNE",),
    "erd": ("EGLD",),
    "iota": ("IOTA",),
    "smr": ("SMR",),
}
_evm = re.compile(r"0[xX]([0-9a-fA-F]{40})").fullmatch
_hrp = re.compile(
    r"([a-zA-Z]{2,6})1[qpzry9x8gf2tvdw0s3jn54khce6mua7lQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{20,110}"
).fullmatch
_cash = re.compile(r"[qpQP][a-zA-Z0-9]{41}").fullmatch
_base58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]{26,114}").fullmatch
_stellar = re.compile(r"G[A-Z2-7]{55}").fullmatch
_prefix = re.compile(
    r"(?:bitcoin|bitcoincash|litecoin|dogecoin|ethereum|monero|dash|zcash|ripple|tron|solana|cardano"
    r"|btc|xbt|bch|ltc|doge|eth|xmr|zec|xrp|trx|sol|ada|usdt|usdc|bnb|bsc|etc):",
    re.IGNORECASE,
).match
LONGEST = 120


def parse_address(text: str) -> str:
    """The plain address: EVM and Bech32 in lower case, CashAddr without its prefix, Base58 as it is.

    A 32-byte Base58 key (Solana) has no checksum and is taken on the caller's word that it is an address.

    Raises:
        NotValidError: no known form, or its checksum fails.
    """
    cleaned = text.strip().strip("\"'`<>")
    if found := _prefix(cleaned):
        cleaned = cleaned[found.end() :].partition("?")[0]
    if len(cleaned) > LONGEST:
        raise NotValidError(Said("no crypto address has {cleaned} characters", cleaned=len(cleaned)))
    value = detect_address(cleaned)
    if value:
        return value
    if base58.is_key(cleaned):
        return cleaned
    if _evm(cleaned):
        raise NotValidError(
            Said("the EIP-55 checksum of {cleaned} does not hold", cleaned=cleaned),
            mend="compare it with the source",
        )
    raise NotValidError(
        Said("{cleaned!r} is no crypto address whose checksum holds", cleaned=cleaned),
        mend="compare it with the source, letter by letter",
    )


@lru_cache(maxsize=8192)
def _recognise(text: str) -> tuple[str, tuple[str, ...]]:
    if found := _evm(text):
        return (text.lower(), EVM_ASSETS) if checksum_holds(found[1]) else ("", ())
    if found := _hrp(text):
        codes = _bech32_assets(text, found[1].lower())
        if codes:
            return text.lower(), codes
    if _cash(text) and bech32.is_cashaddr(text):
        return text.lower(), ("BCH",)
    if ton.is_ton(text):
        return ton.normal(text), ("TON", "USDT")
    return (text, _base58_assets(text)) if _base58(text) else (text, _stellar_assets(text))


def _bech32_assets(text: str, prefix: str) -> tuple[str, ...]:
    decoded = bech32.decode(text)
    if decoded is None:
        return ()
    _, data, constant = decoded
    if prefix in _SEGWIT:
        return _SEGWIT[prefix] if len(text) <= 90 and bech32.is_segwit(data, constant) else ()
    program = bech32.to_bytes(data) if constant == bech32.BECH32 else None
    return _BECH32.get(prefix, ()) if program is not None and len(program) >= 20 else ()


def _base58_assets(text: str) -> tuple[str, ...]:
    if len(text) in (95, 106):
        return base58.monero_assets(text)
    if len(text) <= 36:
        codes = base58.check_assets(text)
        if codes or text[0] != "r":
            return codes or base58.other_assets(text)
        return base58.ripple_assets(text)
    return base58.other_assets(text) or (_stellar_assets(text))


def _stellar_assets(text: str) -> tuple[str, ...]:
    return ("XLM",) if _stellar(text) and _stellar_holds(text) else ()


def _stellar_holds(text: str) -> bool:
    """Source: Stellar SEP-23; version byte, key, CRC-16/XMODEM in little-endian order."""
    raw = base64.b32decode(text)
    return binascii.crc_hqx(raw[:-2], 0).to_bytes(2, "little") == raw[-2:]


def detect_address(text: str) -> str:
    """The normal form where a checksum says that the text is an address, else empty."""
    value, codes = _recognise(text) if len(text) <= LONGEST else ("", ())
    return value if codes else ""


def assets(value: str) -> tuple[str, ...]:
    """Codes of the assets that the address may hold, the likeliest first; empty where it is no address.

    >>> assets("TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre")
    ('TRX', 'USDT', 'USDC')
    """
    codes = _recognise(value)[1] if len(value) <= LONGEST else ()
    return codes or (("SOL", "USDT", "USDC") if base58.is_key(value) else ())
