"""Group commit: appends that come at once share one transaction, and thus one wait for the disk.

Whoever comes first leads: it does the work of all that wait, each behind a savepoint of its own or many at
once, and commits once; then the first of those who came meanwhile leads. Nobody is told of success before
that commit; what one does wrong undoes nothing of others.
"""

from __future__ import annotations

from threading import Lock
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    Begin = Callable[[], AbstractContextManager[Connection]]

T = TypeVar("T")
MOST = 256
PATIENCE = 4
"""Share of the time of the last group, as 1 in so many, for which the next waits for those who were in it."""
LOOK = 0.0001  # seconds


class Together(Generic[T]):
    """Work that may be done at once with other work of the same key.

    `do` is handed the items of all, in order, and answers with as many values.
    """

    __slots__ = ("do", "item", "key")

    def __init__(self, key: Hashable, item: Any, do: Callable[[Connection, list[Any]], list[T]]) -> None:
        self.key = key
        self.item = item
        self.do = do


def alone(work: Callable[[Connection], T]) -> Together[T]:
    """Work that is done by itself."""
    return Together(object(), None, lambda connection, _: [work(connection)])


class _Ticket(Generic[T]):
    """Work that waits, and what became of it."""

    __slots__ = ("called", "error", "leads", "value", "work")

    def __init__(self, work: Together[T]) -> None:
        self.work = work
        self.called = Lock()  # an Event costs three times as much to wait for
        self.called.acquire()
        self.leads = False
        self.error: BaseException | None = None
        self.value: T | None = None


class Group:
    """Runs work in transactions, as much of it in each as waits at the time."""

    def __init__(self, begin: Begin, forget: Callable[[], None]) -> None:
        """Begin a transaction with `begin`; after work that failed, `forget` drops what it left in memory."""
        self._begin = begin
        self._forget = forget
        self._waiting: list[_Ticket[Any]] = []
        self._mutex = Lock()
        self._led = False
        self._last, self._took = 1, 0.0

    def run(self, work: Together[T]) -> T:
        """Do work in a transaction; it is committed when this returns.

        Raises:
            BaseException: whatever the work raised, or the commit; then nothing of the work remains.
        """
        ticket = _Ticket(work)
        with self._mutex:
            self._waiting.append(ticket)
            ticket.leads, self._led = not self._led, True
        if not ticket.leads:
            ticket.called.acquire()
        if ticket.leads:
            self._lead()
        if ticket.error is not None:
            raise ticket.error
        return ticket.value  # type: ignore[return-value]

    def _lead(self) -> None:
        """Do what waits, then call whoever waited for it and the next leader."""
        try:
            self._gather()
        finally:
            self._do_group()

    def _do_group(self) -> None:
        with self._mutex:
            tickets, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        began = monotonic()
        self._together(tickets)
        with self._mutex:
            self._last, self._took = len(tickets), monotonic() - began
            self._led = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].called.release()
        for ticket in tickets:
            ticket.called.release()

    def _gather(self) -> None:
        """After a group, give those who were in it a moment to come again, so that they share a wait."""
        end = monotonic() + self._took / PATIENCE
        while len(self._waiting) < self._last and monotonic() < end:
            sleep(LOOK)

    def _together(self, tickets: list[_Ticket[Any]]) -> None:
        try:
            with self._begin() as connection:
                if len(tickets) == 1:
                    _do(connection, tickets)
                else:
                    self._by_key(connection, tickets)
        except BaseException as error:  # noqa: BLE001 - everybody who waits is told why
            self._forget()
            for ticket in tickets:
                ticket.error = ticket.error or error

    def _by_key(self, connection: Connection, tickets: list[_Ticket[Any]]) -> None:
        """What can be done at once is; where that fails, each by itself, to find whose fault it is."""
        keyed: dict[Hashable, list[_Ticket[Any]]] = {}
        for ticket in tickets:
            keyed.setdefault(ticket.work.key, []).append(ticket)
        for group in keyed.values():
            error = self._tried(connection, group)
            if error is None:
                continue
            for ticket in group:
                ticket.error = error if len(group) == 1 else self._tried(connection, [ticket])

    def _tried(self, connection: Connection, tickets: list[_Ticket[Any]]) -> Exception | None:
        try:
            with connection.begin_nested():
                _do(connection, tickets)
        except Exception as error:  # noqa: BLE001 - it is raised again where the work came from
            self._forget()
            return error
        return None


def _do(connection: Connection, tickets: list[_Ticket[Any]]) -> None:
    values = tickets[0].work.do(connection, [ticket.work.item for ticket in tickets])
    for ticket, value in zip(tickets, values, strict=True):
        ticket.value = value
