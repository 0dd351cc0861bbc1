"""Group commit: appends that come at once share one transaction, and thus one wait for the disk.

Whoever comes first leads: it does the work of all that wait and commits once; then the first of those who
came meanwhile leads. Work of one key is done at once; where any fails, each is done anew behind a savepoint.
Nobody is told of success before the commit; what one does wrong undoes nothing of others.
"""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    Begin = Callable[[], AbstractContextManager[Connection]]
    Do = Callable[[Connection, list[Any]], list["T | Exception"]]

T = TypeVar("T")
MOST = 256
PATIENCE = 4
"""Share of the time of the last group, as 1 in so many, for which the next waits for those who were in it."""


class Together(Generic[T]):
    """Work that may be done at once with other work of the same key.

    `do` is handed the items of all, in order, and answers with as many values; an error among them is
    raised to those whose item it is, of which it has written nothing.
    """

    __slots__ = ("do", "item", "key")

    def __init__(
        self, key: Hashable, item: Any, do: Callable[[Connection, list[Any]], list[T | Exception]]
    ) -> None:
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
        self._awaited, self._bell = 0, Lock()
        self._bell.acquire()

    def run(self, work: Together[T]) -> T:
        """Do work in a transaction; it is committed when this returns.

        Raises:
            BaseException: whatever the work raised, or the commit; then nothing of the work remains.
        """
        ticket = _Ticket(work)
        with self._mutex:
            self._waiting.append(ticket)
            ticket.leads, self._led = not self._led, True
            if len(self._waiting) == self._awaited:
                self._bell.release()
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
        with self._mutex:
            if len(self._waiting) >= self._last:
                return
            self._awaited = self._last
        try:
            self._bell.acquire(timeout=self._took / PATIENCE)
        finally:
            with self._mutex:
                self._awaited = 0
                self._bell.acquire(blocking=False)  # it may have been rung since

    def _together(self, tickets: list[_Ticket[Any]]) -> None:
        try:
            try:
                with self._begin() as connection:
                    _at_once(connection, tickets)
            except _ApartError:
                self._forget()
                with self._begin() as connection:
                    for ticket in tickets:
                        self._try(connection, ticket)
        except BaseException as error:  # noqa: BLE001 - everybody who waits is told why
            self._forget()
            for ticket in tickets:
                ticket.error = ticket.error or error

    def _try(self, connection: Connection, ticket: _Ticket[Any]) -> None:
        """Do it by itself, so that it undoes nothing but its own work."""
        ticket.error = None
        try:
            with connection.begin_nested():
                _do(connection, [ticket])
        except Exception as error:  # noqa: BLE001 - it is raised again where the work came from
            self._forget()
            ticket.error = error


class _ApartError(Exception):
    """Some of the work failed: each by itself will show whose fault it is."""


def _at_once(connection: Connection, tickets: list[_Ticket[Any]]) -> None:
    keyed: dict[Hashable, list[_Ticket[Any]]] = {}
    for ticket in tickets:
        keyed.setdefault(ticket.work.key, []).append(ticket)
    try:
        for group in keyed.values():
            _do(connection, group)
    except Exception as error:
        if len(tickets) == 1:
            raise
        raise _ApartError from error


def _do(connection: Connection, tickets: list[_Ticket[Any]]) -> None:
    values = tickets[0].work.do(connection, [ticket.work.item for ticket in tickets])
    for ticket, value in zip(tickets, values, strict=True):
        if isinstance(value, Exception):
            ticket.error = value
        else:
            ticket.value = value
