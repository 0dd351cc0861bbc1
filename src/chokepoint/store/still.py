"""What every page asks and what seldom changes: read once for each viewer and state of the ledger.

An answer is kept under all that it can depend on: who looks, which markings they see now, up to which
position and on which day, and how far the ledger has grown. So it is nobody else's, and is over with the next
record: what a tombstone erases is asked for by nobody any more, and gives way to what is asked.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

from chokepoint.store.postgres import Begin

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sqlalchemy import Connection, Engine

KEPT = 256
"""Answers of one function on one atlas that are kept, those asked for last: each is small."""


class Looking(Protocol):
    """Somebody's look at an atlas."""

    def state(self, connection: Connection) -> Hashable:
        """All that an answer to them can depend on."""


R = TypeVar("R", bound=Looking)
P = ParamSpec("P")
T = TypeVar("T")
_kept: WeakKeyDictionary[Engine, dict[Hashable, OrderedDict[Hashable, Any]]] = WeakKeyDictionary()
_lock = Lock()


def still(
    function: Callable[Concatenate[R, Connection, P], T],
) -> Callable[Concatenate[R, Connection, P], T]:
    """A function of one reading that is carried out once for each viewer and state of the ledger.

    Its further arguments must be hashable, and nobody may change what it gives: all its callers get the same
    object. Asked inside a transaction that appends, whose records another may yet replace, it keeps nothing.
    """

    @wraps(function)
    def answer(reader: R, connection: Connection, *given: P.args, **named: P.kwargs) -> T:
        if connection.get_execution_options().get("begin") is Begin.APPEND:
            return function(reader, connection, *given, **named)
        key = (reader.state(connection), given, tuple(sorted(named.items())))
        return once(
            function, connection.engine, key, make=lambda: function(reader, connection, *given, **named)
        )

    return cast("Callable[Concatenate[R, Connection, P], T]", answer)


def once(what: Hashable, engine: Engine, key: Hashable, *, make: Callable[[], T], most: int = KEPT) -> T:
    """What was made under this key before, else what is made now and kept.

    Args:
        what: of which answers so many are kept.
        engine: of the atlas.
        key: all that the answer depends on, the reader's `state` among it.
        make: the answer.
        most: how many are kept.
    """
    with _lock:
        kept = _kept.setdefault(engine, {}).setdefault(what, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            found: T = kept[key]
            return found
    made = make()
    with _lock:
        kept[key] = made
        while len(kept) > most:
            kept.popitem(last=False)
    return made
