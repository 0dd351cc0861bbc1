"""Providers of mailboxes for everybody, at which an address says nothing of whose the domain is."""

from __future__ import annotations

from functools import cache

from chokepoint.values.host import parent
from chokepoint.values.suffix import rules
from chokepoint.values.tables import table


@cache
def providers() -> dict[str, str]:
    """The named provider, with its country, of each domain that it gives mailboxes at."""
    named: dict[str, list[str]] = table("mailboxes")["provider"]
    return {host: name for name, hosts in named.items() for host in hosts}


def anybodys(host: str) -> bool:
    """Whether anybody can have a mailbox, or a site, at the host or the domain registered above it.

    >>> anybodys("gmail.com"), anybodys("evil-pay.com")
    (True, False)
    """
    return host in _domains() or parent(host) in _domains() or host in rules().private


@cache
def _domains() -> frozenset[str]:
    return frozenset({*providers(), *table("mailboxes")["other"]["domains"]})
