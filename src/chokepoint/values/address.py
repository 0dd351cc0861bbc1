"""Numbers of the internet: IPv4 and IPv6 addresses and networks, autonomous systems."""

from __future__ import annotations

import ipaddress
import re

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said
from chokepoint.values.defang import refang

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_v4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}").fullmatch
_v4_with_more = re.compile(
    r"(?:[a-z]+://)?([0-9.]+)(?:/([0-9]{1,2}))?(?::[0-9]{1,5})?/?", re.IGNORECASE
).fullmatch
_bracketed = re.compile(r"\[([0-9a-fA-F:.]+)\](?::[0-9]{1,5})?").fullmatch
_as_number = re.compile(r"(?:ASN?[ :#-]{0,2})?([0-9]{1,10})", re.IGNORECASE).fullmatch


def parse_ipv4(text: str) -> str:
    """An IPv4 address, or a network `a.b.c.d/nn` with its host bits cleared; a port is dropped.

    Raises:
        NotValidError: not four numbers of 0–255 (a leading zero is refused: some read it as octal).
    """
    if _v4(text):
        return text
    found = _v4_with_more(refang(text).strip())
    if not found or not _v4(found[1]):
        raise NotValidError(Said("{text!r} is no IPv4 address: four numbers from 0 to 255", text=text[:60]))
    if found[2] is None or found[2] == "32":
        return found[1]
    return _network(found[1], found[2])


def parse_ipv6(text: str) -> str:
    """An IPv6 address in the form of RFC 5952, or a network; brackets and a port are dropped.

    Raises:
        NotValidError: not an IPv6 address, or one with a zone, which means something on one machine only.
    """
    cleaned = re.sub(r"\[[:]\]", ":", text.strip())
    found = _bracketed(cleaned)
    address, _, length = (found[1] if found else cleaned).partition("/")
    if ":" not in address or len(address) > 45:
        raise NotValidError(Said("{text!r} is no IPv6 address", text=text[:60]))
    if length and length != "128":
        return _network(address, length)
    try:
        value = ipaddress.IPv6Address(address)
    except ValueError:
        raise NotValidError(Said("{text!r} is no IPv6 address", text=text[:60])) from None
    if value.scope_id:
        raise NotValidError(
            Said("{text!r} has a zone, which means something on one machine only", text=text[:60])
        )
    return f"::ffff:{value.ipv4_mapped}" if value.ipv4_mapped else value.compressed


def _network(address: str, length: str) -> str:
    try:
        return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        raise NotValidError(
            Said("'{address}/{length}' is no network", address=address, length=length[:10])
        ) from None


def parse_autonomous_system(text: str) -> str:
    """`AS` and the number, 1 to 4294967294.

    Raises:
        NotValidError: no number, or one out of range (RFC 6793, RFC 7300).
    """
    found = _as_number(text.strip())
    if not found or not 0 < int(found[1]) < 2**32 - 1:
        raise NotValidError(
            Said("{text!r} is no autonomous system number", text=text[:40]), mend="write it as AS13335"
        )
    return f"AS{int(found[1])}"
