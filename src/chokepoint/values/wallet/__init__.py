"""Crypto addresses and transactions: every form that carries a checksum, checked by it."""

from chokepoint.values.wallet.address import assets, detect_address, parse_address
from chokepoint.values.wallet.transaction import parse_transaction

__all__ = ["assets", "detect_address", "parse_address", "parse_transaction"]
