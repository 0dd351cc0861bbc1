"""Address ranges by category, matched in whole arrays."""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Numbers = NDArray[np.int64]
Masks = NDArray[np.uint32]

NO_ADDRESS = -1
CHUNK = 1_000


class Ranges:
    """CIDR ranges and single addresses, each with a bit; closed before it is asked."""

    def __init__(self) -> None:
        self._v4: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._v6: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._closed: list[tuple[int, Numbers, Numbers]] = []
        self._closed_v6: list[tuple[int, list[int], list[int]]] = []

    def add(self, entry: str, bit: int) -> bool:
        """Take an address or CIDR range; false where the text is neither."""
        if not entry[:1].isdigit() and ":" not in entry:
            return False
        address, slash, prefix = entry.partition("/")
        number = _ipv4(address)
        if number != NO_ADDRESS:
            length = 32 if not slash else int(prefix) if prefix.isdecimal() and len(prefix) <= 2 else 99
            if length > 32:
                return False
            size = 1 << (32 - length)
            start = number & ~(size - 1)
            self._v4[bit].append((start, start + size - 1))
            return True
        try:
            network = ipaddress.IPv6Network(entry, strict=False)
        except ValueError:
            return False
        self._v6[bit].append((int(network.network_address), int(network.broadcast_address)))
        return True

    def close(self) -> None:
        """Merge overlapping ranges of one bit, so that each can be found by bisection."""
        for bit, ranges in self._v4.items():
            table = np.array(sorted(ranges), np.int64)
            reach = np.maximum.accumulate(table[:, 1])
            fresh = np.ones(len(table), np.bool_)
            fresh[1:] = table[1:, 0] > reach[:-1] + 1
            start = np.flatnonzero(fresh)
            end = reach[np.append(start[1:], len(table)) - 1]
            self._closed.append((bit, table[start, 0], end))
        self._closed_v6 = [(bit, *_merged(ranges)) for bit, ranges in self._v6.items()]

    def match_v4(self, numbers: Numbers) -> Masks:
        """Bits of all ranges that hold each address, uint32; `NO_ADDRESS` is in none."""
        flags = np.zeros(len(numbers), np.uint32)
        for bit, start, end in self._closed:
            at = np.searchsorted(start, numbers, side="right") - 1
            inside = (at >= 0) & (numbers <= end[at]) & (numbers >= 0)
            flags[inside] |= np.uint32(bit)
        return flags

    def match_v6(self, value: str) -> int:
        """Bits of all ranges that hold the address; 0 for what is none."""
        try:
            address = ipaddress.IPv6Address(value)
        except ValueError:
            return 0
        number, found = int(address), 0
        for bit, start, end in self._closed_v6:
            at = bisect_right(start, number) - 1
            if at >= 0 and number <= end[at]:
                found |= bit
        return found


def _merged(ranges: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """First and last numbers of ranges without overlaps, ascending: 128 bits are too wide for an array."""
    start: list[int] = []
    end: list[int] = []
    for first, last in sorted(ranges):
        if end and first <= end[-1] + 1:
            end[-1] = max(end[-1], last)
        else:
            start.append(first)
            end.append(last)
    return start, end


def ipv4_numbers(values: Sequence[str]) -> Numbers:
    """Dotted addresses as integers, int64; `NO_ADDRESS` for anything else, networks included."""
    parts = [_chunk(values[at : at + CHUNK]) for at in range(0, len(values), CHUNK)]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _chunk(values: Sequence[str]) -> Numbers:
    """Numbers of some values: all at once where every one is plainly an address, else one by one."""
    joined = ".".join(values)
    texts = joined.split(".")
    digits = joined.replace(".", "")
    plain = digits.isascii() and digits.isdigit() and all(value.count(".") == 3 for value in values)
    if plain and all(texts) and max(map(len, texts)) <= 3:
        octets = np.fromiter(map(int, texts), np.int64, len(texts)).reshape(-1, 4)
        numbers = octets @ np.array([1 << 24, 1 << 16, 1 << 8, 1])
        return np.where((octets <= 255).all(axis=1), numbers, NO_ADDRESS)
    return np.fromiter((_ipv4(value) for value in values), np.int64, len(values))


def _ipv4(text: str) -> int:
    parts = text.split(".")
    if len(parts) != 4:
        return NO_ADDRESS
    number = 0
    for part in parts:
        if not (part.isascii() and part.isdigit()) or len(part) > 3:
            return NO_ADDRESS
        octet = int(part)
        if octet > 255:
            return NO_ADDRESS
        number = number << 8 | octet
    return number
