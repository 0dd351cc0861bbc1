"""Publishers under several spellings: one origin each, so that no source corroborates itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.store.predicates import chunks, marks
from chokepoint.values.company import company_key

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Connection

_address = re.compile(r"(?:[\w-]{1,63}\.){1,10}[a-z]{2,24}").fullmatch


@lru_cache(maxsize=8_192)
def origin_key(origin: str) -> str:
    """What the spellings of one publisher have in common, with or without its legal form.

    Of an address, case and a dot at its end alone.

    >>> origin_key("Some  Blog, Inc."), origin_key("a-b.com."), origin_key("ab.com")
    ('someblog', 'a-b.com', 'ab.com')
    """
    plain = " ".join(origin.split()).rstrip(" .").casefold()
    return plain if _address(plain) else company_key(plain) or plain


def one_origin_each(connection: Connection, origin: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of origins' numbers in the order in which they were used: for each the first of its spellings.

    Only the spellings given count, so that none is named that a viewer does not see.
    """
    numbers, at = np.unique(origin, return_index=True)
    names: dict[int, str] = {}
    for part in chunks(numbers.tolist()):
        asked = f"SELECT number, name FROM names WHERE number IN ({marks(part)})"  # noqa: S608 - integers only
        names.update((int(number), str(name)) for number, name in connection.exec_driver_sql(asked))
    first: dict[str, int] = {}
    told = {
        number: first.setdefault(origin_key(names.get(number, str(number))), number)
        for number in numbers[np.argsort(at)].tolist()
    }
    same = np.array([told[number] for number in numbers.tolist()], np.int64)
    return same[np.searchsorted(numbers, origin)]
