"""Platforms on which people have accounts: their names, their hosts, and how a profile's address looks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from chokepoint.values.tables import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform.

    Attributes:
        name: as it stands before the colon of a user-account.
        hosts: registered hosts of its profile pages.
        path: profile path → group `handle`; None where profiles have no address.
        handle: what the platform issues as a handle.
        words: other names by which people call it.
        deep: whether an address that goes on below a profile is no profile.
    """

    name: str
    hosts: tuple[str, ...] = ()
    path: re.Pattern[str] | None = None
    handle: re.Pattern[str]
    words: tuple[str, ...] = ()
    deep: bool = False


_USUAL = r"[\w.$+-]{1,80}"


@cache
def _all() -> tuple[Platform, ...]:
    return tuple(_platform(name, entry) for name, entry in table("platforms")["platform"].items())


def _platform(name: str, entry: dict[str, Any]) -> Platform:
    return Platform(
        name=name,
        hosts=tuple(entry.get("hosts", ())),
        path=re.compile(entry["path"]) if "path" in entry else None,
        handle=re.compile(entry.get("handle", _USUAL)),
        words=tuple(entry.get("words", ())),
        deep=entry.get("deep", False),
    )


@cache
def _reserved() -> frozenset[str]:
    return frozenset(table("platforms")["reserved"])


@cache
def by_name() -> dict[str, Platform]:
    """Platforms by name and by every word for them, in lower case."""
    table = {word: platform for platform in _all() for word in platform.words}
    return table | {platform.name: platform for platform in _all()}


@cache
def by_host() -> dict[str, Platform]:
    """Platforms by the host of their profiles, without `www.`."""
    return {host: platform for platform in _all() for host in platform.hosts}


def profile(host: str, rest: str) -> tuple[str, str] | None:
    """Platform and handle that a profile's address names; None where it is no profile.

    Args:
        host: normalised host of the address.
        rest: its path and query.
    """
    platform = by_host().get(host.removeprefix("www."))
    if platform is None or platform.path is None:
        return None
    found = platform.path.match(rest)
    if not found:
        return None
    handle = next((found[name] for name in ("id", "page", "handle") if found.groupdict().get(name)), "")
    handle = unquote(handle).strip("/").lstrip("@").rstrip(".").lower()
    if not handle or (handle in _reserved() and platform.name != "line"):
        return None
    if _goes_deeper(platform, rest[found.end() :]):
        return None
    return (platform.name, handle) if platform.handle.fullmatch(handle) else None


def _goes_deeper(platform: Platform, tail: str) -> bool:
    """Whether the address goes on to something that only lies under the profile, as a repository does."""
    below = re.split("[?&]", tail, maxsplit=1)[0].strip("/")
    if platform.deep:
        return bool(below)
    return bool(below) and not below.startswith(
        ("status", "posts", "about", "photos", "videos", "with_replies")
    )
