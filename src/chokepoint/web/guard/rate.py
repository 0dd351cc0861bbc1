"""How often somebody may fail to prove who they are before they have to wait."""

from __future__ import annotations

import sqlite3
import unicodedata
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chokepoint.web.guard.register import Register

WINDOW = 15 * 60
"""Seconds after which a failure is forgotten."""
MOST_A_PERSON, MOST_AN_ADDRESS = 10, 100


def _person(who: str) -> str:
    """The key of a person, whatever the spelling: no case, width, blank or hidden sign makes another."""
    folded = unicodedata.normalize("NFKC", who).casefold()
    return "who " + "".join(one for one in folded if one.isalnum() or one in "/._-@")


def _place(address: str) -> str:
    return f"at {neighbourhood(address)}"


def neighbourhood(address: str) -> str:
    """Whom an address counts for: an IPv6 one for its network of 64 bits, all of which one line has.

    >>> neighbourhood("2001:db8::17"), neighbourhood("::ffff:192.0.2.1"), neighbourhood("192.0.2.1")
    ('2001:db8::', '192.0.2.1', '192.0.2.1')
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or IPv6Address(int(found) >> 64 << 64))


class Rate:
    """Failures of persons, known here or not, and of addresses."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def exceeded(self, who: str, address: str) -> bool:
        """Whether the person or the address has to wait."""
        there = self._count(_place(address))
        return self._count(_person(who)) >= MOST_A_PERSON or there >= MOST_AN_ADDRESS

    def counted(self, who: str, address: str) -> bool:
        """Count a try as a failure before it is looked at; False, and nothing is counted, where they wait.

        Looking takes time, in which as many others as one likes could else be under way.
        """
        now = self._register.now()
        with self._register.together():
            if self.exceeded(who, address):
                return False
            self._register.change("DELETE FROM failures WHERE at <= :before", before=now - WINDOW)
            for whose in (_person(who), _place(address)):
                self._register.change(
                    "INSERT INTO failures (whose, at) VALUES (:whose, :at)", whose=whose[:300], at=now
                )
        return True

    def spared(self, who: str, address: str) -> None:
        """Take back one try that was counted and did not fail."""
        with self._register.together():
            for whose in (_person(who), _place(address)):
                self._take_back(whose)

    def succeeded(self, who: str, address: str) -> None:
        """Take the try of a person back who has come in, and forget that person's failures."""
        with self._register.together():
            self._take_back(_place(address))
            self._register.change("DELETE FROM failures WHERE whose = :whose", whose=_person(who)[:300])

    def _take_back(self, whose: str) -> None:
        self._register.change(
            "DELETE FROM failures WHERE rowid = (SELECT max(rowid) FROM failures WHERE whose = :whose)",
            whose=whose[:300],
        )

    def _count(self, whose: str) -> int:
        now = self._register.now()
        row = self._register.row(
            "SELECT COUNT(*) AS count, MAX(at) AS newest FROM failures WHERE whose = :whose AND at > :after",
            whose=whose[:300],
            after=now - WINDOW,
        )
        if row is None or not row["count"]:
            return 0
        if row["newest"] > now:  # the clock was ahead: they wait from now on
            with suppress(sqlite3.OperationalError):  # a full disk keeps nobody from coming in
                self._register.change("UPDATE failures SET at = :now WHERE at > :now", now=now)
        return int(row["count"])
