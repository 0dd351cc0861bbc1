"""How blocklists write a name for what blocks it: hosts files, dnsmasq, Unbound, RPZ, ad blockers.

Sources: hosts(5), dnsmasq(8) `--address`, unbound.conf(5) `local-zone`, draft-vixie-dnsop-dns-rpz,
https://help.adblockplus.org/hc/en-us/articles/360062733293.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SINKS = r"(?:0\.0\.0\.0|127\.0\.0\.1|::1?|0)"
_hosts = re.compile(rf"{_SINKS}[ \t]+([^\s.#]+\.[^\s#]+)\s*$").match
_machine = re.compile(
    r"(?:0\.0\.0\.0|127\.0\.0\.1|255\.255\.255\.255|(?:f[ef][0-9a-f]{2})?::[0-9a-f%a-z]*)[ \t]+"
    r"(?:[\w-]+|localhost\.\w+|0\.0\.0\.0)\s*(?:#.*)?$",
    re.IGNORECASE,
).match
_dnsmasq = re.compile(rf"(?:address|local|server)=/([^/\s]+)/(?:{_SINKS}|#)?\s*$").match
_forwarded = re.compile(r"(?:server|rev-server|address|local)=/?[^\s]*$").match
_unbound = re.compile(
    r'(?:local-zone:\s*"([^"\s]+)"\s*(?:always_)?(?:nxdomain|refuse|null|deny|static|redirect)'
    r'|zone\s+"([^"\s]+)"\s*\{[^}]*\}\s*;?)\s*$'
).match
_blocked = re.compile(
    r"\|\|?(?:https?://)?(?=[^\s^$|*/]+?\.[^\s^$|*/])([^\s^$|*/]++)(/[^\s^$|*]*+)?[\^|]?(?:\$[\w=~,.|-]++)?$"
).match
_policy = re.compile(
    r"(?:\*\.)?(\S+?)\.?\s+(?:\d+\s+)?(?:IN\s+)?CNAME\s+(\S+)\s*(?:;.*)?$", re.IGNORECASE
).match
_policy_address = re.compile(r"(\d{1,2})((?:\.\d{1,3}){4})\.rpz-(?:client-)?ip$", re.IGNORECASE).match
_zone = re.compile(
    r"(?:\$(?:TTL|ORIGIN|INCLUDE)\b|(?:\S++\s++)?(?:\d++\w?\s++)?(?:IN\s++)?(?:SOA|NS)\s"
    r"|[\d\s]*+[)(][\d\s)(]*+$|\[[\w .+-]++\]$)",
    re.IGNORECASE,
).match
_numbers = re.compile(r"\d[\d\s]*+$").match
EXCEPTION = "exception of the list"
COMMENT = "comment"
LONGEST = 1_000
"""Characters of a line of such a list."""
_hides = re.compile(r"#[@?$]?#").search
"""The sign of a rule that hides a part of a page, and blocks nothing."""
_DROPPED = frozenset({".", "*."})


class Listed(NamedTuple):
    """What a line of a list says: the name that it blocks, or, where it blocks none, why not."""

    value: str
    note: str = ""


def listed(line: str, *, of_zone: bool = False) -> Listed | None:
    """The name that a line blocks; None for a line of no such syntax.

    Args:
        line: without the comment behind it.
        of_zone: whether that comment began as those of zones do, with `;`: bare numbers are a zone's then.

    >>> listed("0.0.0.0 evil.com").value, listed("address=/evil.com/#").value, listed("||evil.com^").value
    ('evil.com', 'evil.com', 'evil.com')
    >>> listed("@@||good.com^").note, listed("evil.com CNAME .").value
    ('exception of the list', 'evil.com')
    >>> listed("32.7.90.231.42.rpz-ip CNAME .").value, listed("evil.com") is None
    ('42.231.90.7', True)
    """
    if len(line) > LONGEST or line.startswith("@@"):
        return Listed("", EXCEPTION) if line.startswith("@@") else None
    if line.startswith(("! ", "!#")) or line == "!" or _machine(line) or _hides(line):
        return Listed("", COMMENT)
    for match in (_hosts, _dnsmasq, _unbound):
        if found := match(line):
            return Listed(next(filter(None, found.groups())))
    if found := _blocked(line):
        return Listed(f"http://{found[1]}{found[2]}" if found[2] and found[2] != "/" else found[1])
    if found := _policy(line):
        return _by_policy(found[1], found[2])
    return Listed("", COMMENT) if _forwarded(line) or _zone(line) or (of_zone and _numbers(line)) else None


def _by_policy(name: str, target: str) -> Listed | None:
    """A rule of a response policy zone; None for a name that simply is another's."""
    if target.casefold().rstrip(".") in {"rpz-passthru", "rpz-tcp-only"}:
        return Listed("", EXCEPTION)
    if target not in _DROPPED and target.casefold().rstrip(".") != "rpz-drop":
        return None
    if found := _policy_address(name):
        address = ".".join(reversed(found[2].split(".")[1:]))
        return Listed(address if found[1] == "32" else f"{address}/{found[1]}")
    return Listed(name)
