"""Lines of two columns in a block of bytes, and names numbered as they first come.

A name is the bytes block[begin:end]; spans are int32 rows of such pairs. The table of names is
(arena uint8, begins int64, slots uint64 (s, 2)): name i is arena[begins[i]:begins[i+1]], and an
open-addressing slot holds its key and, above its number plus one, its length; (0, 0) is free. The key
of a short name is the name, so that nearly all look-ups cost one cache miss.
"""

# ruff: noqa: PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="assignment, no-any-return, return-value"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from chokepoint.choke.kernels.fetch import fetch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Ints

    Bytes = NDArray[np.uint8]
    Longs = NDArray[np.uint64]
    Slots = NDArray[np.uint64]
    Table = tuple[Bytes, NDArray[np.int64], Slots]

ODD, NONE = -1, -2
"""What the first place of a line's span says: read it with care; it is empty or a comment."""
TAB, NEWLINE, RETURN, BLANK, COMMA, SEMICOLON = 9, 10, 13, 32, 44, 59
HASH, PERCENT, SLASH, ZERO, NINE = 35, 37, 47, 48, 57
HAS_COMMA, HAS_SEMICOLON, HAS_TAB, HAS_RETURN, IS_ODD = 1, 2, 4, 8, 16
FAR, WORD, BATCH = 24, 8, 4096
LOW = np.uint64(2**32 - 1)
HALF, BYTE, TWO = np.uint64(32), np.uint64(8), np.uint64(2)


def _looks() -> Bytes:
    """What each byte means to a line: its bit is set when the line has it."""
    looks = np.zeros(256, np.uint8)
    looks[:BLANK] = looks[127:] = looks[ord('"')] = IS_ODD
    looks[NEWLINE] = 0
    looks[COMMA], looks[SEMICOLON], looks[TAB], looks[RETURN] = HAS_COMMA, HAS_SEMICOLON, HAS_TAB, HAS_RETURN
    return looks


LOOKS = _looks()


@njit(cache=True)
def split(block: Bytes, longest: int, spans: Ints) -> int:
    """Find the first two columns of each line of a block, which ends with a newline; how many lines.

    Args:
        block: uint8, whole lines.
        longest: bytes; a longer line is odd.
        spans: int32 (lines, 4), filled with the begin and end of both columns, or (ODD, begin, end, 0)
            for a line with quotes, control characters, bytes beyond ASCII or fewer than two columns, or
            (NONE, begin, end, 0).
    """
    at = line = 0
    while at < block.size:
        begin, seen = at, 0
        while block[at] != NEWLINE:
            seen |= LOOKS[block[at]]
            at += 1
        if seen & IS_ODD or at - begin > longest:
            spans[line, 0], spans[line, 1], spans[line, 2], spans[line, 3] = ODD, begin, at, 0
        else:
            a, b, c, d = _columns(block, begin, at, seen)
            spans[line, 0], spans[line, 1], spans[line, 2], spans[line, 3] = a, b, c, d
        at += 1
        line += 1
    return line


@njit(cache=True)
def _gap(byte: int) -> bool:
    return byte in (BLANK, TAB, RETURN)


@njit(cache=True)
def _strip(block: Bytes, begin: int, end: int) -> tuple[int, int]:
    """(begin, end) without the gaps at both ends."""
    while begin < end and _gap(block[end - 1]):
        end -= 1
    while begin < end and _gap(block[begin]):
        begin += 1
    return begin, end


@njit(cache=True)
def _columns(block: Bytes, first: int, last: int, seen: int) -> tuple[int, int, int, int]:
    """One span; `seen` tells which marks the line has."""
    begin, end = _strip(block, first, last)
    if begin == end or _is_comment(block, begin, end):
        return NONE, first, last, 0
    if seen & HAS_RETURN and _find(block, begin, end, RETURN) < end:
        return ODD, first, last, 0
    mark = _mark(block, begin, end, seen)
    middle = _find(block, begin, end, mark)
    after = min(middle + 1, end)
    while mark == BLANK and after < end and block[after] == BLANK:
        after += 1
    begin, middle = _strip(block, begin, middle)
    after, stop = _strip(block, after, _find(block, after, end, mark))
    if begin < middle and after < stop:
        return begin, middle, after, stop
    return ODD, first, last, 0


@njit(cache=True)
def _is_comment(block: Bytes, begin: int, end: int) -> bool:
    if block[begin] == SLASH:
        return begin + 1 < end and block[begin + 1] == SLASH
    return block[begin] in (HASH, PERCENT)


@njit(cache=True)
def _mark(block: Bytes, begin: int, end: int, seen: int) -> int:
    """What parts the columns; a tab does only inside of a line."""
    if seen & HAS_COMMA:
        return COMMA
    if seen & HAS_SEMICOLON:
        return SEMICOLON
    if seen & HAS_TAB and _find(block, begin, end, TAB) < end:
        return TAB
    return BLANK


@njit(cache=True)
def _find(block: Bytes, begin: int, end: int, mark: int) -> int:
    """The first place of the mark, or `end`."""
    while begin < end and block[begin] != mark:
        begin += 1
    return begin


@njit(cache=True)
def _mix(x: np.uint64) -> np.uint64:
    """Scatter 64 bits one to one (splitmix64)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True)
def _key(block: Bytes, begin: int, end: int, salt: np.uint64) -> np.uint64:
    """The bytes of a name of up to eight; of a longer one a hash that nobody foretells without the salt."""
    word = np.uint64(0)
    if end - begin <= WORD:
        for at in range(begin, end):
            word = (word << BYTE) | np.uint64(block[at])
        return word
    key = salt
    for at in range(begin, end):
        word = (word << BYTE) | np.uint64(block[at])
        if (at - begin) % WORD == WORD - 1 or at == end - 1:
            key, word = _mix(key ^ word), np.uint64(0)
    return key


@njit(cache=True)
def _keys(block: Bytes, spans: Any, salt: np.uint64, slots: Slots) -> tuple[Longs, Longs]:
    """(key, first slot) of each name."""
    keys, places = np.empty(spans.shape[0], np.uint64), np.empty(spans.shape[0], np.uint64)
    last = np.uint64(slots.shape[0] - 1)
    for i in range(keys.size):
        keys[i] = _key(block, spans[i, 0], spans[i, 1], salt)
        places[i] = _mix(keys[i] ^ salt) & last
    return keys, places


@njit(cache=True)
def number(
    block: Bytes, spans: Ints, table: Table, names: tuple[int, bool], salt: np.uint64, out: Ints
) -> int:
    """Fill `out` with the numbers of names; how many the table has now.

    It is one long loop because a call for each name would count references to the arrays each time,
    which takes longer than all the rest.

    Args:
        block: uint8.
        spans: int32 (k, 2).
        table: with room for all that is new and its bytes, and slots for half as many again.
        names: (how many the table has, whether new ones are numbered on from there or get -1).
        salt: of the table.
        out: int32 (k,).
    """
    arena, begins, slots = table
    count, learn = names
    line, last = slots.ravel(), slots.shape[0] - 1
    keys, places = _keys(block, spans, salt, slots)
    for i in range(keys.size):
        if i + FAR < keys.size:
            fetch(line, TWO * places[i + FAR])
        begin, end, place = spans[i, 0], spans[i, 1], np.int64(places[i])
        length = np.uint64(end - begin)
        while slots[place, 1] != 0:
            if slots[place, 0] == keys[i] and slots[place, 1] >> HALF == length:
                at, own = begin, begins[np.int64(slots[place, 1] & LOW) - 1] if length > WORD else 0
                while length > WORD and at < end and arena[own] == block[at]:
                    own += 1
                    at += 1
                if length <= WORD or at == end:
                    break
            place = (place + 1) & last
        if learn and slots[place, 1] == 0:
            own = begins[count]
            for at in range(begin, end):
                arena[own] = block[at]
                own += 1
            count += 1
            begins[count] = own
            slots[place, 0], slots[place, 1] = keys[i], length << HALF | np.uint64(count)
        out[i] = np.int64(slots[place, 1] & LOW) - 1
    return count


@njit(cache=True)
def place_all(table: Table, count: int, salt: np.uint64) -> None:
    """Fill empty slots with all names of the table."""
    arena, begins, slots = table
    line, spans = slots.ravel(), np.empty((BATCH, 2), np.int64)
    for first in range(0, count, BATCH):
        size = min(BATCH, count - first)
        for i in range(size):
            spans[i, 0], spans[i, 1] = begins[first + i], begins[first + i + 1]
        keys, places = _keys(arena, spans[:size], salt, slots)
        for i in range(size):
            if i + FAR < size:
                fetch(line, TWO * places[i + FAR])
            place = np.int64(places[i])
            while slots[place, 1] != 0:
                place = (place + 1) & (slots.shape[0] - 1)
            slots[place, 0] = keys[i]
            slots[place, 1] = np.uint64(spans[i, 1] - spans[i, 0]) << HALF | np.uint64(first + i + 1)


@njit(cache=True)
def are_numbers(arena: Bytes, begins: Any, count: int, most: int) -> bool:
    """Whether each name is a whole number as Python writes it, of at most so many digits."""
    for name in range(count):
        begin, end = begins[name], begins[name + 1]
        if end == begin or end - begin > most or (arena[begin] == ZERO and end - begin > 1):
            return False
        for at in range(begin, end):
            if not ZERO <= arena[at] <= NINE:
                return False
    return True
