"""Providers of mailboxes for everybody, at which an address says nothing of whose the domain is."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from chokepoint.values.host import parent
from chokepoint.values.suffix import rules


@cache
def providers() -> dict[str, str]:
    """The named provider, with its country, of each domain that it gives mailboxes at."""
    named: dict[str, list[str]] = _table()["provider"]
    return {host: name for name, hosts in named.items() for host in hosts}


def anybodys(host: str) -> bool:
    """Whether anybody can have a mailbox, or a site, at the host or the domain registered above it.

    >>> anybodys("gmail.com"), anybodys("evil-pay.com")
    (True, False)
    """
    return host in _domains() or parent(host) in _domains() or host in rules().private


@cache
def _domains() -> frozenset[str]:
    return frozenset({*providers(), *_table()["other"]["domains"]})


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("chokepoint.values").joinpath("mailboxes.toml").read_text("utf-8"))
